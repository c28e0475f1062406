//! What an operator can do about one customer: sync it now, see what would be written, have it erased. A customer is named by e-mail, by Magento's id or
//! by Acumatica's; an e-mail is answered only to who sent it, and logged nowhere.

mod erase;
mod person;
mod plan;
mod sync;
mod traces;

use acumatica::client::Query;
use acumatica::filter::Filter;
use acumatica::model::customer::Customer;
use magento::model::customer::CustomerId;

use super::dry_run::unanswered;
use super::{Answer, Desk, Refusal, body, stored};
use crate::customers::identity::Id;
use crate::customers::plan::cells::plain;

pub use erase::erase;
pub use plan::plan;
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

impl Named {
    /// Acumatica's `CustomerID`, where it is that; a `NoteID` is none.
    fn number(&self) -> Option<&str> {
        match self {
            Named::Customer(key) if !matches!(Id::parse(key), Some(Id::Customer(_))) => Some(key),
            _ => None,
        }
    }
}

/// Whether a text can be a key of one record in Acumatica: one with a slash is never found by it.
fn is_key(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(['/', '|'])
}

/// Most customers of one e-mail that are asked for.
const MOST_OF_ONE_EMAIL: u32 = 100;

/// Acumatica's customers with that e-mail; its filter takes spellings for one, and so do we.
async fn customers_of(erp: &acumatica::Client, email: &str) -> Result<Vec<Customer>, Refusal> {
    let select = ["CustomerID", "NoteID", "MainContact/Email"].map(str::to_owned).to_vec();
    let filter = Filter::eq("MainContact/Email", email.trim());
    let query = Query { select, expand: vec!["MainContact".to_owned()], ..Query::filtered(filter, MOST_OF_ONE_EMAIL) };
    let found = erp.list("Customer", &query).await.map_err(|error| unanswered(&error.attempted, error.code))?;
    let customers = found.into_iter().filter_map(|found| serde_json::from_value::<Customer>(found).ok());
    let is_same = |own: String| own.trim().to_lowercase() == email.trim().to_lowercase();
    Ok(customers.filter(|customer| email_of(customer).is_some_and(is_same)).collect())
}

fn email_of(customer: &Customer) -> Option<String> {
    customer.main_contact.as_ref().and_then(|contact| plain(contact.email.as_ref()))
}

/// The `NoteID`, as it stands in keys.
fn note_of(customer: &Customer) -> Option<String> {
    let note = plain(customer.note_id.as_ref()).or_else(|| customer.id.clone());
    note.map(|note| note.to_lowercase())
}
