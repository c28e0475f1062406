//! What `plan` may know of an order, and how it is gathered.

use jiff::SignedDuration;
use magento::model::order::{Order, OrderId, State};
use store::Record;
use store::record::{Bound, Fingerprint, Revision};

use super::plan::{self, parties::Party};
use crate::customers::guard::{Guard, Person};
use crate::failure;
use crate::plan::{Finding, Plan};
use crate::settings::Settings;
use crate::step::Planned;
use crate::turn::{End, Turn};

/// Everything the decision needs, read before it.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The link's id.
    pub link: &'a str,
    /// The link's settings.
    pub settings: &'a Settings,
    /// The order as the shop has it now.
    pub order: &'a Order,
    /// Whose order it is in the ERP.
    pub customer: &'a Customer,
    /// The order's document in the ERP, if it has one.
    pub bound: Option<&'a Bound>,
    /// The fingerprint of `order`.
    pub fingerprint: &'a Fingerprint,
}

/// The ERP's customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Customer {
    /// There is one.
    Known(String),
    /// There is none with that e-mail: it is to be made.
    Missing,
}

/// What an order's state means here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// To be written.
    Firm,
    /// The shopper is still paying.
    PendingPayment,
    /// The payment is being checked.
    PaymentReview,
    /// On hold in Magento.
    OnHold,
    /// Cancelled.
    Canceled,
    /// Refunded wholly.
    Closed,
    /// A state that Magento 2.4 does not have.
    Unknown,
}

impl Standing {
    /// The standing of an order.
    #[must_use]
    pub fn of(order: &Order) -> Self {
        match &order.state {
            Some(State::New | State::Processing | State::Complete) => Standing::Firm,
            Some(State::PendingPayment) => Standing::PendingPayment,
            Some(State::PaymentReview) => Standing::PaymentReview,
            Some(State::Holded) => Standing::OnHold,
            Some(State::Canceled) => Standing::Canceled,
            Some(State::Closed) => Standing::Closed,
            Some(State::Unrecognized(_)) | None => Standing::Unknown,
        }
    }
}

/// The source as it was read, and what is known of its customer.
pub struct Gathered {
    /// The order.
    pub order: Order,
    /// Its revision and fingerprint.
    pub planned: Planned,
    /// Whose it is.
    pub customer: Customer,
    /// The guard as it was read, where the customer is to be made.
    pub guard: Option<Box<Record>>,
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
    let fingerprint = super::fingerprint::of(&order, &turn.link.emails);
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

/// Finds out whose order it is: no call where the guard knows it, one to Acumatica otherwise. Not asked for an order that will not be
/// written.
///
/// # Errors
/// How the turn ends instead.
pub async fn gather(turn: &Turn<'_>, order: Order, planned: Planned) -> Result<Gathered, End> {
    let mut gathered = Gathered { order, planned, customer: Customer::Missing, guard: None };
    if !matches!(plan::plan(&gathered.facts(turn)), Plan::Create(_) | Plan::Hold(..)) || turn.record.bound.is_some() {
        return Ok(gathered);
    }
    let facts = gathered.facts(turn);
    let person = match plan::party(&facts) {
        Some(Party::ByEmail(email)) => Guard::new(turn, email, &gathered.order.increment_id).find(turn).await?,
        Some(Party::Generic(_)) | None => return Ok(gathered),
    };
    match person {
        Person::Known(id) => gathered.customer = Customer::Known(id),
        Person::Missing(guard) => gathered.guard = Some(guard),
    }
    Ok(gathered)
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
            bound: turn.record.bound.as_ref(),
            fingerprint: &self.planned.fingerprint,
        }
    }
}
