//! An order of a person of a company waits for the person: only then the guard of the e-mail leads to the company's customer.

use magento::model::order::Order;
use queue::{Cause, Name};

use super::super::guard::Guard;
use super::super::identity;
use crate::plan::Finding;
use crate::turn::{End, Turn, look_again};

/// The code under which such an order waits.
const CODE: &str = "customers.not_ready.being_made";

/// Asks for the person of a company's order, unless the guard of its e-mail leads to a customer already. No call.
///
/// # Errors
/// The order waits.
pub(crate) async fn person_first(turn: &Turn<'_>, order: &Order, guard: &Guard<'_>) -> Result<(), End> {
    let customers = &turn.link.settings.customers;
    let is_on = customers.enabled && customers.companies.enabled && customers.direction.to_acumatica();
    let company = order.extension_attributes.company_order_attributes.as_ref().and_then(|company| company.company_id);
    let person = order.customer_id.filter(|_| is_on && company.is_some_and(|id| id.0 > 0));
    let Some(person) = person else { return Ok(()) };
    let known = turn.records.load(guard.key()).await?;
    if known.bound.is_some() || known.intent.is_some() {
        return Ok(());
    }
    let event = identity::hint(turn.world, &turn.link.id, &person.0.to_string(), Cause::Due);
    turn.world.queue.send(Name::Customers, &event).await.map_err(|error| End::Returned {
        finding: Finding::new("store.transient.unavailable", format!("The queue did not take an event: {error}.")),
        counted: false,
        after: None,
        disprove: None,
    })?;
    let message = format!(
        "The customer of order {} is a company's: customer {} of Magento is synced as its person first.",
        order.increment_id, person.0
    );
    Err(End::waiting(Finding::new(CODE, message), look_again(turn.now(), turn.record.waited_since(CODE))))
}
