//! The saves of customers, their locations and their contacts. Each asks for the record as saved with everything that is written, to be compared.
//!
//! `If-Match: *` makes a save an update only: with a key that is gone Acumatica answers 412 instead of making a second record. A new record is
//! sent without, because its key is given by the ERP's numbering.

use serde::Serialize;
use serde_json::Value;

use super::Put;
use crate::model::contact::Contact;
use crate::model::customer::{self, Customer};
use crate::model::location::{self, CustomerLocation};

/// What an answer must expand to show a contact whole.
const CONTACT: [&str; 2] = ["Address", "Attributes"];

impl Put {
    /// A new customer.
    #[must_use]
    pub fn new_customer(customer: &Customer) -> Self {
        insert("Customer", &customer::EXPAND, customer)
    }

    /// What is named of a customer that is there, by its `CustomerID` or `id`.
    #[must_use]
    pub fn customer(customer: &Customer) -> Self {
        update("Customer", &customer::EXPAND, customer)
    }

    /// A new location of a customer.
    #[must_use]
    pub fn new_location(location: &CustomerLocation) -> Self {
        insert("CustomerLocation", &location::EXPAND, location)
    }

    /// What is named of a location that is there, by `Customer` and `LocationID`, or by `id`.
    #[must_use]
    pub fn location(location: &CustomerLocation) -> Self {
        update("CustomerLocation", &location::EXPAND, location)
    }

    /// A new contact of a customer.
    #[must_use]
    pub fn new_contact(contact: &Contact) -> Self {
        insert("Contact", &CONTACT, contact)
    }

    /// What is named of a contact that is there, by its `ContactID` or `id`.
    #[must_use]
    pub fn contact(contact: &Contact) -> Self {
        update("Contact", &CONTACT, contact)
    }
}

fn insert(entity: &'static str, expand: &[&str], record: &impl Serialize) -> Put {
    let body: Value = serde_json::to_value(record).expect("invariant: a record has string keys and plain values");
    Put { entity, query: vec![("$expand".to_owned(), expand.join(","))], headers: Vec::new(), body }
}

fn update(entity: &'static str, expand: &[&str], record: &impl Serialize) -> Put {
    let headers = vec![("If-Match".to_owned(), "*".to_owned())];
    Put { headers, ..insert(entity, expand, record) }
}
