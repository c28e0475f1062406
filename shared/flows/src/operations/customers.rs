//! What an operator can do about one customer: sync it now, see what would be written, have it erased. A customer is named by e-mail, by Magento's id or
//! by Acumatica's; an e-mail is answered only to who sent it, and logged nowhere.

mod erase;
mod person;
mod sync;
mod traces;

use magento::model::customer::CustomerId;

use super::{Answer, Desk, Refusal, body, stored};

pub use erase::erase;
pub use sync::sync_now;

/// How an operator names a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Named {
    /// By e-mail.
    Email(String),
    /// By Magento's id.
    Account(CustomerId),
    /// By Acumatica's `CustomerID`, or the `NoteID`.
    Customer(String),
}

impl Named {
    /// The one name that a request has.
    fn of(email: Option<String>, magento_id: Option<u64>, customer_id: Option<String>) -> Result<Self, Refusal> {
        let text = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        match (text(email), magento_id.filter(|id| *id > 0), text(customer_id)) {
            (Some(email), None, None) => Ok(Named::Email(email)),
            (None, Some(id), None) => Ok(Named::Account(CustomerId::new(id))),
            (None, None, Some(id)) if is_key(&id) => Ok(Named::Customer(id)),
            _ => Err(Refusal::new(400, "Name one customer: `email`, `magento_id` or `customer_id`; one of the three.")),
        }
    }
}

/// Whether a text can be a key of one record in Acumatica: one with a slash is never found by it.
fn is_key(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(['/', '|'])
}
