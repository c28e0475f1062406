//! Locations and contacts, as users change them.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::super::Acumatica;
use super::super::customer::reflect;
use super::super::push::Transaction;
use super::super::record::{Record, Scalar};
use super::super::seed::NoSuchRecord;
use super::{Change, Unsaved};

impl Acumatica {
    /// Enters a new location of a customer; returns its `LocationID`.
    ///
    /// # Errors
    /// When the form refuses it.
    pub fn create_location(
        &mut self,
        customer_id: &str,
        location_id: &str,
        now: Timestamp,
        changes: &[Change],
    ) -> Result<String, Unsaved> {
        let keys = [Change::to("Customer", customer_id), Change::to("LocationID", location_id)];
        let record = self.enter(now, "CustomerLocation", &keys, changes)?;
        Ok(record.key("LocationID").unwrap_or_default())
    }

    /// Changes fields of a location.
    ///
    /// # Errors
    /// When there is no such location, or the form refuses it.
    pub fn edit_location(
        &mut self,
        customer_id: &str,
        location_id: &str,
        now: Timestamp,
        changes: &[Change],
    ) -> Result<(), Unsaved> {
        let at = self.location_at(customer_id, location_id)?;
        self.edit(now, "CustomerLocation", at, changes)
    }

    /// Makes another location the customer's default one: its shipping settings are the customer's from now on.
    ///
    /// # Errors
    /// When there is no such location.
    pub fn set_default_location(
        &mut self,
        customer_id: &str,
        location_id: &str,
        now: Timestamp,
    ) -> Result<(), Unsaved> {
        let at = self.location_at(customer_id, location_id)?;
        let mut transaction = Transaction::of(&self.config.push);
        let stamp = now - self.config.customers.stamp_lag;
        for (index, location) in self.locations.iter_mut().enumerate() {
            if location.text("Customer") == Some(customer_id) && location.flag("Default") != (index == at) {
                let before = location.clone();
                location.set("Default", index == at);
                location.set("LastModifiedDateTime", stamp);
                transaction.note(Some(before), Some(location.clone()));
            }
        }
        let location = self.locations[at].clone();
        self.customer_of_location(&location, stamp, &mut transaction);
        self.commit(now, &transaction);
        Ok(())
    }

    /// Enters a new contact, of a customer or of nobody; returns its `ContactID`. `LastName` is required.
    ///
    /// # Errors
    /// When the form refuses it.
    pub fn create_contact(
        &mut self,
        customer_id: Option<&str>,
        now: Timestamp,
        changes: &[Change],
    ) -> Result<Decimal, Unsaved> {
        let account: Vec<_> = customer_id.map(|id| Change::to("BusinessAccount", id)).into_iter().collect();
        let record = self.enter(now, "Contact", &account, changes)?;
        Ok(record.number("ContactID"))
    }

    /// Changes fields of a contact.
    ///
    /// # Errors
    /// When there is no such contact, or the form refuses it.
    pub fn edit_contact(&mut self, contact_id: Decimal, now: Timestamp, changes: &[Change]) -> Result<(), Unsaved> {
        let at = self.contact_at(contact_id)?;
        self.edit(now, "Contact", at, changes)
    }

    /// Deletes a contact. What becomes of a customer whose primary contact it is, is not established: its row there goes with it.
    ///
    /// # Errors
    /// When there is no such contact.
    pub fn delete_contact(&mut self, contact_id: Decimal, now: Timestamp) -> Result<(), NoSuchRecord> {
        let at = self.contact_at(contact_id)?;
        let contact = self.contacts.remove(at);
        let mut transaction = Transaction::of(&self.config.push);
        transaction.note(Some(contact), None);
        self.commit(now, &transaction);
        Ok(())
    }

    /// Makes a contact the primary one of its customer.
    ///
    /// # Errors
    /// When there is no such contact, or it belongs to no customer.
    pub fn set_primary_contact(&mut self, contact_id: Decimal, now: Timestamp) -> Result<(), Unsaved> {
        let contact = self.contacts[self.contact_at(contact_id)?].clone();
        let at = self.customer_at(contact.text("BusinessAccount").unwrap_or_default())?;
        let mut transaction = Transaction::of(&self.config.push);
        let before = self.customers[at].clone();
        let customer = &mut self.customers[at];
        customer.set("PrimaryContactID", contact_id);
        customer.linked.insert("PrimaryContact".to_owned(), contact);
        if reflect::moves_stamp(self.config.customers.stamp, &before, customer) {
            customer.set("LastModifiedDateTime", now - self.config.customers.stamp_lag);
        }
        transaction.note(Some(before), Some(customer.clone()));
        self.commit(now, &transaction);
        Ok(())
    }

    fn location_at(&self, customer_id: &str, location_id: &str) -> Result<usize, NoSuchRecord> {
        let same = |location: &Record| {
            location.text("Customer") == Some(customer_id) && location.text("LocationID") == Some(location_id)
        };
        let found = self.locations.iter().position(same);
        found.ok_or_else(|| NoSuchRecord(format!("location {location_id} of customer {customer_id}")))
    }

    fn contact_at(&self, id: Decimal) -> Result<usize, NoSuchRecord> {
        let number = Scalar::Number(id);
        let found = self.contacts.iter().position(|contact| contact.fields.get("ContactID") == Some(&number));
        found.ok_or_else(|| NoSuchRecord(format!("contact {id}")))
    }
}
