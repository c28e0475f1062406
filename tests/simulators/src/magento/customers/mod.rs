//! Customers: people with an account, their addresses, groups, attributes and companies.
//!
//! An account is kept as the document that `GET /V1/customers/:id` answers. Which address is a default is told twice, by the
//! account and by a flag on the address; the account's member is the column, the flags follow it (recorded responses of a 2.3 shop;
//! Magento 2.4.6, module-customer). Each save stores the account first and its addresses one after the other, without a
//! transaction around them, so a refused address leaves everything before it saved (`ResourceModel/CustomerRepository::save`).

mod account;
mod address;
mod calls;
mod companies;
mod draft;
mod fields;
mod groups;
mod save;
mod shopper;
mod values;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

pub(crate) use calls::Call;
pub use companies::CompanyDraft;
pub use draft::CustomerDraft;
pub use groups::{CustomerAttribute, CustomerGroup};

use super::error::ApiError;
use super::state::stamp;

/// Something that happened to a customer or an address, about which the shop's modules send an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// One of [`super::CUSTOMER_EVENTS`].
    pub name: &'static str,
    /// Id of the customer, or of the address for `customer.address.…`.
    pub id: u64,
}

/// The tables of customers.
#[derive(Debug, Default)]
pub(crate) struct Book {
    accounts: BTreeMap<u64, Value>,
    /// Whose each address is; of a deleted account's addresses, whose it was.
    owners: BTreeMap<u64, u64>,
    companies: BTreeMap<u64, Value>,
    last_account: u64,
    last_address: u64,
    occurrences: Vec<Occurrence>,
}

impl Book {
    fn next_account(&mut self) -> u64 {
        self.last_account += 1;
        self.last_account
    }

    fn next_address(&mut self) -> u64 {
        self.last_address += 1;
        self.last_address
    }

    /// Notes what happened, for the modules that tell of it.
    fn tell(&mut self, name: &'static str, id: u64) {
        self.occurrences.push(Occurrence { name, id });
    }

    /// The account's document.
    pub(super) fn account(&self, id: u64) -> Option<&Value> {
        self.accounts.get(&id)
    }

    /// The address's document, as part of its account's.
    pub(super) fn address(&self, id: u64) -> Option<&Value> {
        let account = self.accounts.get(self.owners.get(&id)?)?;
        account["addresses"].as_array()?.iter().find(|address| address["id"] == id)
    }

    /// All accounts in the order of their ids.
    pub(super) fn documents(&self) -> impl Iterator<Item = &Value> {
        self.accounts.values()
    }

    /// What happened and nobody has asked for, by name and id.
    pub(super) fn told(&self) -> Value {
        self.occurrences.iter().map(|told| json!({"name": told.name, "id": told.id})).collect()
    }

    /// Saves the row of an account, which moves its `updated_at`.
    ///
    /// # Panics
    /// For an account that is not there: the callers have looked.
    fn change(&mut self, id: u64, now: Timestamp, change: impl FnOnce(&mut Value)) {
        let account = self.accounts.get_mut(&id).expect("the account to be changed exists");
        change(account);
        account["updated_at"] = json!(stamp(now));
        account::flag_defaults(account);
    }

    /// Takes an account out, and with it its addresses.
    fn remove(&mut self, id: u64) -> Option<Value> {
        self.accounts.remove(&id)
    }
}

/// `NoSuchEntityException::singleField` (Magento 2.4.6, framework Exception).
fn no_such(field: &str, id: impl Into<Value>) -> ApiError {
    let named = json!({"fieldName": field, "fieldValue": id.into()});
    ApiError::new(404, "No such entity with %fieldName = %fieldValue").with(named)
}
