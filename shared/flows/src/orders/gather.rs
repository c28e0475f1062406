//! Gathering what `plan` may know: the order, and whose it is.

use jiff::SignedDuration;
use magento::model::order::{Order, OrderId};
use store::Record;
use store::record::Revision;

use super::document::{Documents, HowFar};
use super::facts::{Customer, Facts, Items, Written};
use super::fingerprint;
use super::plan::{self, parties::Party};
use crate::customers::companies;
use crate::customers::guard::{Guard, Person};
use crate::customers::shopper;
use crate::failure;
use crate::link::Link;
use crate::plan::{Finding, Plan, Work};
use crate::step::Planned;
use crate::turn::{End, Turn};

/// The source as it was read, and what is known of its customer.
pub struct Gathered {
    /// The order.
    pub order: Order,
    /// Its revision and fingerprint.
    pub planned: Planned,
    /// Whose it is.
    pub customer: Customer,
    /// What Magento's products say of their items, where they were asked.
    pub items: Option<Items>,
    /// The guard as it was read, where the customer is to be made.
    pub guard: Option<Box<Record>>,
    /// What of an unfinished document is there.
    pub written: Option<Written>,
    /// The unfinished document is there no more: a person deleted it, and the order is begun anew.
    pub gone: bool,
}

/// How long an order that Magento does not have is believed to be on its way: events may be sent before the order is committed.
const ON_ITS_WAY: SignedDuration = SignedDuration::from_mins(10);
/// The code under which it waits.
const NOT_THERE_YET: &str = "magento.not_ready.order_not_found";

/// Reads the order: one call.
///
/// # Errors
/// How the turn ends instead.
pub async fn read(turn: &Turn<'_>) -> Result<(Order, Planned), End> {
    let id = OrderId::parse(&turn.delivery.event.source_id).ok_or_else(|| {
        let message = format!("`{}` is not an order id of Magento.", turn.delivery.event.source_id);
        End::parked(Finding::new("flows.rejected.undecodable_event", message))
    })?;
    let order = turn.link.magento.order(id).await.map_err(|error| {
        if error.is_not_found() {
            return not_there(turn, id);
        }
        failure::of_magento(&error, turn.now(), turn.record.waited_since(error.code))
    })?;
    let revision = Revision(order.updated_at.clone());
    let fingerprint = fingerprint::of(&order, &turn.link.emails);
    Ok((order, Planned { revision, fingerprint }))
}

fn not_there(turn: &Turn<'_>, id: OrderId) -> End {
    let now = turn.now();
    let since = turn.record.waited_since(NOT_THERE_YET).unwrap_or(now);
    if now.duration_since(since) >= ON_ITS_WAY {
        let message = format!("Magento has no order with the id {id}.");
        return End::parked(Finding::new("magento.rejected.order_not_found", message));
    }
    let finding = Finding::new(NOT_THERE_YET, format!("Magento has no order with the id {id} yet."));
    End::waiting(finding, now + SignedDuration::from_mins(1))
}

/// Finds out how far an unfinished document is, and whose order a new one is: no call where the guard knows it, one to Acumatica otherwise. Not
/// asked for an order that will not be written.
///
/// # Errors
/// How the turn ends instead.
pub async fn gather(turn: &Turn<'_>, order: Order, planned: Planned) -> Result<Gathered, End> {
    let mut gathered =
        Gathered { order, planned, customer: Customer::Missing, items: None, guard: None, written: None, gone: false };
    let mut writes = is_written(&gathered.facts(turn));
    if writes {
        gathered.items = items(turn, &gathered).await?;
    }
    how_far(turn, &mut gathered).await?;
    let facts = gathered.facts(turn);
    if gathered.items.is_some() || gathered.gone {
        writes = is_written(&facts);
    }
    if facts.bound.is_some() || !writes {
        return Ok(gathered);
    }
    let Some(Party::ByEmail(email)) = plan::party(&facts) else { return Ok(gathered) };
    let guard = Guard::new(turn, email, format!("order {}", gathered.order.increment_id));
    companies::person_first(turn, &gathered.order, &guard).await?;
    match guard.find(turn).await? {
        Person::Known(id) => gathered.customer = Customer::Known(id),
        Person::Missing(guard) => {
            gathered.customer = of_account(turn, &gathered.order, email).await?;
            gathered.guard = Some(guard);
        }
    }
    Ok(gathered)
}

/// The customer to be made: of the shopper's account where that is synced, one call; else of what the order says.
async fn of_account(turn: &Turn<'_>, order: &Order, email: &str) -> Result<Customer, End> {
    let Link { id: link, settings, emails, magento, .. } = turn.link;
    let Some(id) = shopper::account_of(order, settings) else { return Ok(Customer::Missing) };
    match magento.customer(id).await {
        Ok(account) => {
            let put = shopper::customer_of(&account, email, link, settings, emails);
            Ok(put.map_or(Customer::Missing, Customer::OfAccount))
        }
        Err(error) if error.is_not_found() => Ok(Customer::Missing),
        Err(error) => Err(failure::of_magento(&error, turn.now(), turn.record.waited_since(error.code))),
    }
}

/// Asks Magento for the items of the order's products: one call where an attribute names them, none otherwise.
async fn items(turn: &Turn<'_>, gathered: &Gathered) -> Result<Option<Items>, End> {
    let facts = gathered.facts(turn);
    let Some(asked) = plan::asked(&facts) else { return Ok(None) };
    let skus: Vec<&str> = asked.skus.into_iter().collect();
    let known = turn
        .link
        .magento
        .products_attribute(&skus, asked.code)
        .await
        .map_err(|error| failure::of_magento(&error, turn.now(), turn.record.waited_since(error.code)))?;
    Ok(Some(known))
}

/// Whether a document is made, or an unfinished one gone on with.
#[must_use]
pub fn is_written(facts: &Facts<'_>) -> bool {
    match plan::plan(facts) {
        Plan::Create(_) | Plan::Hold(..) if facts.bound.is_none() => true,
        Plan::Update(work) | Plan::Hold(work, _) => work.steps.iter().any(|step| step.key.goes_on()),
        _ => false,
    }
}

/// Notes what of an unfinished document is there.
async fn how_far(turn: &Turn<'_>, gathered: &mut Gathered) -> Result<(), End> {
    let read = read_written(&turn.link.acumatica, &gathered.facts(turn)).await;
    match read.map_err(|error| failure::of_acumatica(&error, turn.now(), turn.record.waited_since(error.code)))? {
        None => {}
        Some(HowFar::Written(written)) => gathered.written = Some(written),
        Some(HowFar::Gone) => gathered.gone = true,
        Some(HowFar::Foreign(finding)) => return Err(End::parked(finding)),
    }
    Ok(())
}

/// Reads what of an unfinished document is there: one call for the order, and one for its payments where it has any of their own. None where
/// it is not unfinished, or nothing is to be written to it.
///
/// # Errors
/// The client's.
pub async fn read_written(erp: &acumatica::Client, facts: &Facts<'_>) -> Result<Option<HowFar>, acumatica::Error> {
    let Some(bound) = facts.bound.filter(|bound| bound.unfinished) else { return Ok(None) };
    let nothing = Work { steps: Vec::new(), amounts: None };
    let work = match plan::plan(facts) {
        Plan::Update(work) | Plan::Hold(work, _) if work.steps.iter().any(|step| step.key.goes_on()) => *work,
        // Whoever deletes what does not fit any more wants the order written anew.
        Plan::Rejected(finding) if finding.code == plan::CHANGED => nothing,
        _ => return Ok(None),
    };
    let number = &facts.order.increment_id;
    let reference = plan::header::reference(facts.link, number);
    Documents::of(number).written(erp, &bound.target, &reference, &work).await.map(Some)
}

impl Gathered {
    /// What `plan` may know.
    #[must_use]
    pub fn facts<'a>(&'a self, turn: &'a Turn<'_>) -> Facts<'a> {
        Facts {
            link: &turn.link.id,
            settings: &turn.link.settings,
            order: &self.order,
            customer: &self.customer,
            bound: turn.record.bound.as_ref().filter(|_| !self.gone),
            fingerprint: &self.planned.fingerprint,
            items: self.items.as_ref(),
            written: self.written.as_ref(),
        }
    }
}
