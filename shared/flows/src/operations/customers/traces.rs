//! What leads to a person's record: guards by e-mail, aliases by id.

use store::Record;
use store::records::GUARD_OF_CUSTOMERS;

use super::Named;
use super::person::Person;
use crate::customers::identity::Id;
use crate::link::EmailKey;

/// One of them.
pub(super) enum Trace {
    /// By e-mail.
    Guard(Box<Record>),
    /// By an id of either side.
    Alias {
        id: String,
        /// The record it leads to.
        record: String,
    },
}

/// All that lead to the person.
pub(super) fn of(person: &Person) -> Vec<Trace> {
    let guards = person.guards.values().map(|guard| Trace::Guard(Box::new(guard.clone())));
    let alias = |id: &String, record: &String| Trace::Alias { id: id.clone(), record: record.clone() };
    let aliases = person.ids.iter().flat_map(|id| person.records.keys().map(move |record| alias(id, record)));
    guards.chain(aliases).collect()
}

impl Trace {
    /// Whether it is by this that the person was asked for.
    pub(super) fn is_of(&self, named: &Named, link: &str, emails: &EmailKey) -> bool {
        match (self, named) {
            (Trace::Guard(guard), Named::Email(email)) => {
                guard.key == format!("{link}/{GUARD_OF_CUSTOMERS}/{}", emails.hash(email))
            }
            (Trace::Alias { id, .. }, Named::Account(account)) => *id == account.to_string(),
            (Trace::Alias { id, .. }, Named::Customer(key)) => {
                // A number leads to its `NoteID`, by way of the ERP.
                matches!(Id::parse(id), Some(Id::Customer(note)) if note == key.to_lowercase() || named.number().is_some())
            }
            _ => false,
        }
    }
}
