//! Gathering what `plan` may know: the side that the event is about, then the other one, which is asked for only where something has changed.

use acumatica::model::customer::Customer;
use acumatica::model::location::CustomerLocation;
use jiff::{SignedDuration, Timestamp};
use magento::model::customer::{AddressId, Customer as Account, CustomerId};
use queue::Cause;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::Record;
use store::record::Revision;

use super::companies;
use super::document::{self, Pair};
use super::facts::{Facts, Further, Regions, changed_at};
use super::guard::{Guard, Person};
use super::identity::Id;
use super::keys;
use super::locations;
use super::plan::{self, Both, cells};
use crate::delivery::Outcome;
use crate::failure;
use crate::merge::{Base, Hashes, Side};
use crate::plan::Finding;
use crate::settings::Accounts;
use crate::turn::{End, Turn};

/// Both sides as they were read.
#[derive(Default)]
pub struct Gathered {
    /// Magento's account.
    pub account: Option<Account>,
    /// Acumatica's customer.
    pub customer: Option<Customer>,
    /// The state in which both were last in step.
    pub base: Option<Base>,
    /// Magento's regions of the countries that an address is written in.
    pub regions: Regions,
    /// The guard as it was read, where Acumatica's customer is to be made.
    pub guard: Option<Box<Record>>,
    /// The number that Acumatica's customer had, where its key was changed.
    pub formerly: Option<String>,
    /// The customer's locations, where they are synced.
    pub locations: Option<Vec<CustomerLocation>>,
    /// Addresses that this turn has made of locations.
    pub made: Vec<(AddressId, String)>,
    /// The account is to be a contact of its company's customer: no more was read.
    pub of_company: bool,
}

/// How long an account that Magento does not have is believed to be on its way: events may be sent before it is committed.
const ON_ITS_WAY: SignedDuration = SignedDuration::from_mins(10);
/// The code under which it waits.
const NOT_THERE_YET: &str = "magento.not_ready.customer_not_found";

/// Reads both sides: one call where nothing has changed on the side of the event, one to each side otherwise; a look-up by e-mail for two that
/// have not met yet.
///
/// # Errors
/// How the turn ends instead.
pub async fn gather(turn: &mut Turn<'_>) -> Result<Gathered, End> {
    let event = &turn.delivery.event;
    let id = Id::parse(&event.source_id).ok_or_else(|| {
        let message = format!("`{}` is neither a customer id of Magento nor a NoteID of Acumatica.", event.source_id);
        End::parked(Finding::new("flows.rejected.undecodable_event", message))
    })?;
    let base = turn.record.bound.as_ref().and_then(|bound| Base::parse(&bound.fingerprint));
    let mut gathered = Gathered { base, ..Gathered::default() };
    match id.side() {
        Side::Magento => {
            gathered.account = account(turn, &id).await?;
            gathered.of_company = companies::is_its_person(turn, &gathered).await?;
            if gathered.of_company {
                return Ok(gathered);
            }
            in_step(turn, &gathered, Side::Magento)?;
            gathered.customer = customer_of(turn, &mut gathered).await?;
        }
        Side::Acumatica => {
            gathered.customer = customer(turn, &id).await?;
            if gathered.base.is_some() {
                // A customer's stamp does not follow its locations': only they tell whether one has changed.
                locations::read(turn, &mut gathered).await?;
            }
            in_step(turn, &gathered, Side::Acumatica)?;
            gathered.account = account_of(turn, &gathered).await?;
        }
    }
    locations::read(turn, &mut gathered).await?;
    regions(turn, &mut gathered).await?;
    Ok(gathered)
}

/// The echo of our own write, or an event about what is not synced, ends here: the side is as it was when both were last in step.
fn in_step(turn: &Turn<'_>, gathered: &Gathered, side: Side) -> Result<(), End> {
    // Where something was begun or is waited for, the other side may have news, of which no further event tells.
    let asked =
        matches!(turn.delivery.event.cause, Cause::Operator | Cause::Settings | Cause::Due) || turn.record.is_resumed();
    let read = gathered.account.is_some() || gathered.customer.is_some();
    let Some(base) = gathered.base.as_ref().filter(|_| !asked && read && turn.record.park.is_none()) else {
        return Ok(());
    };
    let facts = gathered.facts(turn);
    let cells = Both::of(&facts);
    // Orders find the customer by its number: another one is no field, and news all the same.
    if keys::number(gathered).is_some_and(|number| turn.record.shown.as_deref() != Some(number.as_str())) {
        return Ok(());
    }
    let own = if side == Side::Magento { &cells.account } else { &cells.customer };
    if base.differs(side, own, &facts.hashes) { Ok(()) } else { Err(End::finished(Outcome::Unchanged, None)) }
}

/// The account of an event; none where a pair's account is gone.
pub(super) async fn account(turn: &Turn<'_>, id: &Id) -> Result<Option<Account>, End> {
    let of_event = if let Id::Account(id) = id { Some(*id) } else { None };
    let Some(id) = of_event.or_else(|| Pair::of(turn.link, &turn.record).account_id()) else { return Ok(None) };
    match turn.link.magento.customer(id).await {
        Ok(account) => Ok(Some(account)),
        Err(error) if error.is_not_found() && turn.record.bound.is_some() => Ok(None),
        Err(error) if error.is_not_found() => Err(not_there(turn, id)),
        Err(error) => Err(failure::of_magento(&error, turn.now(), turn.record.waited_since(error.code))),
    }
}

fn not_there(turn: &Turn<'_>, id: CustomerId) -> End {
    let now = turn.now();
    let since = turn.record.waited_since(NOT_THERE_YET).unwrap_or(now);
    if now.duration_since(since) >= ON_ITS_WAY {
        let message = format!("Magento has no customer with the id {id}.");
        return End::finished(Outcome::Skipped, Some(Finding::new("customers.skipped.gone", message)));
    }
    let finding = Finding::new(NOT_THERE_YET, format!("Magento has no customer with the id {id} yet."));
    End::waiting(finding, now + SignedDuration::from_mins(1))
}

/// The customer of an event, by its `NoteID`.
async fn customer(turn: &Turn<'_>, id: &Id) -> Result<Option<Customer>, End> {
    match id {
        Id::Customer(note) => read_customer(turn, note).await,
        Id::Account(_) => Ok(None),
    }
}

pub(super) async fn read_customer(turn: &Turn<'_>, key: &str) -> Result<Option<Customer>, End> {
    let read = document::customer(turn.link.platforms(), key).await.map_err(|error| turn.not_now(&error))?;
    read.map(decode).transpose()
}

/// A customer as the ERP wrote it.
///
/// # Errors
/// An answer that is none.
pub fn decode(document: Value) -> Result<Customer, End> {
    readable(document, "a customer").map_err(End::parked)
}

/// An answer of the ERP to what it was asked for.
///
/// # Errors
/// That it is none.
pub(super) fn readable<T: DeserializeOwned>(document: Value, what: &str) -> Result<T, Finding> {
    acumatica::error::decode(document).map_err(|undecodable| {
        let message = format!("Acumatica's answer to {what} cannot be read: {undecodable}.");
        Finding::new("acumatica.bug.undecodable", message)
    })
}

/// The account's customer: by the record, else by e-mail, as for orders.
async fn customer_of(turn: &Turn<'_>, gathered: &mut Gathered) -> Result<Option<Customer>, End> {
    if let Some(key) = Pair::of(turn.link, &turn.record).customer_key() {
        if let Some(customer) = read_customer(turn, &key).await? {
            return Ok(Some(customer));
        }
        return renamed(turn, gathered).await;
    }
    let facts = gathered.facts(turn);
    let (Some(email), false) = (plan::email(&facts), plan::is_skipped(&facts)) else { return Ok(None) };
    let shown = plan::shown(&facts);
    let guard = Guard::new(turn, email, shown);
    match guard.find(turn).await? {
        Person::Known(id) => read_customer(turn, &id).await,
        Person::Missing(guard) => {
            gathered.guard = Some(guard);
            Ok(None)
        }
    }
}

/// The pair's customer under the number it has now: one that is not there under its old one has been given another, or was deleted.
async fn renamed(turn: &Turn<'_>, gathered: &Gathered) -> Result<Option<Customer>, End> {
    let facts = gathered.facts(turn);
    let Some(email) = plan::email(&facts) else { return Ok(None) };
    let Some(number) = Guard::new(turn, email, plan::shown(&facts)).ask(turn).await? else { return Ok(None) };
    let Some(customer) = read_customer(turn, &number).await? else { return Ok(None) };
    let note = customer.note_id.as_ref().map(|note| note.0.to_lowercase()).unwrap_or_default();
    let owner = turn.records.owner_of(&turn.link.id, super::ENTITY, &note).await?;
    Ok(owner.filter(|owner| *owner == turn.record.key).map(|_| customer))
}

/// The customer's account: by the record, else by e-mail on the website where it would be made.
async fn account_of(turn: &Turn<'_>, gathered: &Gathered) -> Result<Option<Account>, End> {
    let known = Pair::of(turn.link, &turn.record).account_id();
    if let Some(id) = known {
        return account(turn, &Id::Account(id)).await;
    }
    let facts = gathered.facts(turn);
    let (Some(email), Some(accounts)) = (plan::email(&facts), facts.accounts()) else { return Ok(None) };
    if plan::is_skipped(&facts) {
        return Ok(None);
    }
    companies::is_no_company(turn, email, &plan::shown(&facts)).await?;
    if !Guard::new(turn, email, plan::shown(&facts)).is_for(turn, &facts).await? {
        return Ok(None);
    }
    let found = turn.link.magento.customers_by_email(email, None).await;
    let found = found.map_err(|error| failure::of_magento(&error, turn.now(), turn.record.waited_since(error.code)))?;
    one_of(&facts, accounts, found).map_err(End::parked)
}

/// The account of the website where one would be made, else the only one anywhere.
///
/// # Errors
/// There are several.
pub(super) fn one_of(
    facts: &Facts<'_>,
    accounts: &Accounts,
    mut found: Vec<Account>,
) -> Result<Option<Account>, Finding> {
    let of_website = |account: &Account| account.website_id.is_some_and(|id| id.0 == accounts.website_id);
    if found.iter().any(of_website) {
        found.retain(of_website);
    }
    if found.len() > 1 {
        let message = format!("Magento has several accounts with the e-mail of {}.", plan::shown(facts));
        return Err(Finding::new("customers.rejected.ambiguous_email", message));
    }
    Ok(found.pop())
}

/// Asks Magento for the regions of a country that an address is to be written in: Magento saves a region by its number.
async fn regions(turn: &Turn<'_>, gathered: &mut Gathered) -> Result<(), End> {
    for country in plan::countries(&gathered.facts(turn)) {
        let read = turn.link.magento.regions(&country).await;
        let read =
            read.map_err(|error| failure::of_magento(&error, turn.now(), turn.record.waited_since(error.code)))?;
        gathered.regions.insert(country, read);
    }
    Ok(())
}

impl Gathered {
    /// What `plan` may know.
    #[must_use]
    pub fn facts<'a>(&'a self, turn: &'a Turn<'_>) -> Facts<'a> {
        Facts {
            link: &turn.link.id,
            settings: &turn.link.settings,
            account: self.account.as_ref(),
            customer: self.customer.as_ref(),
            paired: turn.record.bound.is_some(),
            base: self.base.as_ref(),
            newer: newer(self.account.as_ref(), self.customer.as_ref()),
            hashes: Hashes::new(&turn.link.emails, &turn.record.key),
            regions: &self.regions,
            further: self.locations.as_deref().map(|locations| Further { locations, made: &self.made }),
        }
    }

    /// Both sides' revisions: another one of either is news. The stamps alone do not tell: Magento need not move an account's when one of its
    /// addresses is saved, nor Acumatica a customer's when one of its contacts is. So a keyed hash of what was read stands beside them.
    #[must_use]
    pub fn revision(&self, turn: &Turn<'_>) -> Revision {
        let account = self.account.as_ref().and_then(|account| account.updated_at.as_deref()).unwrap_or("-");
        let customer =
            self.customer.as_ref().and_then(|customer| cells::plain(customer.last_modified_date_time.as_ref()));
        let mut locations = self.locations.clone().unwrap_or_default();
        locations.sort_by_key(|location| cells::plain(location.location_id.as_ref()));
        let documents = (self.account.as_ref().map(|account| &account.document), &self.customer, locations);
        let text = serde_json::to_string(&documents).expect("invariant: what was read as JSON is JSON");
        let digest = turn.link.emails.digest(&format!("{}\n{text}", turn.record.key));
        Revision(format!("{account} {} {}", customer.as_deref().unwrap_or("-"), &digest[..16]))
    }
}

/// Which side was changed last, by both platforms' own clocks; Acumatica's where they do not say.
#[must_use]
pub fn newer(account: Option<&Account>, customer: Option<&Customer>) -> Side {
    let account = account.and_then(changed_at);
    let customer = customer.and_then(|customer| cells::plain(customer.last_modified_date_time.as_ref()));
    let customer = customer.and_then(|at| at.parse::<Timestamp>().ok());
    match (account, customer) {
        (Some(account), Some(customer)) if account > customer => Side::Magento,
        (Some(_), None) => Side::Magento,
        _ => Side::Acumatica,
    }
}
