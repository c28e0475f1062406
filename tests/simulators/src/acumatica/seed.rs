//! Changes that users make in the ERP, for tests and the local run.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::master::Item;
use super::record::Record;
use super::{Acumatica, customer};

/// The stamp of what was there before the beginning: 2020-01-01.
const LONG_AGO: Timestamp = Timestamp::constant(1_577_836_800, 0);

/// A record that does not exist was to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSuchRecord(pub String);

impl std::fmt::Display for NoSuchRecord {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "the simulated tenant has no {}", self.0)
    }
}

impl std::error::Error for NoSuchRecord {}

impl Acumatica {
    /// Adds an item, or replaces the one of this id.
    pub fn add_item(&mut self, inventory_id: &str, item: Item) {
        self.master.items.insert(inventory_id.to_owned(), item);
    }

    /// Adds an active customer of the first customer class with this e-mail, entered long ago, so nothing is told of it; returns its
    /// `CustomerID`.
    pub fn add_customer(&mut self, name: &str, email: &str) -> String {
        let mut record = customer::blank(self.numbers.serial());
        self.numbers.customer += 1;
        let id = format!("C{:06}", self.numbers.customer);
        record.set("CustomerID", id.clone());
        record.set("CustomerName", name);
        if let Some((class_id, class)) = self.master.customer_classes.iter().next() {
            record.set("CustomerClass", class_id.clone());
            customer::defaults(class, &mut record);
        }
        record.link("MainContact", "Contact").set("Email", email);
        for stamp in ["CreatedDateTime", "LastModifiedDateTime"] {
            record.set(stamp, LONG_AGO);
        }
        customer::complete(&self.master, &mut self.numbers, &mut record);
        self.locations.push(customer::reflect::default_location(self.numbers.serial(), &record));
        self.customers.push(record);
        id
    }

    /// Sets a customer's status, for example `Credit Hold`.
    ///
    /// # Errors
    /// When there is no such customer.
    pub fn set_customer_status(&mut self, customer_id: &str, status: &str) -> Result<(), NoSuchRecord> {
        self.customer_mut(customer_id)?.set("Status", status);
        Ok(())
    }

    /// Gives a customer a credit limit and switches its verification on.
    ///
    /// # Errors
    /// When there is no such customer.
    pub fn set_credit_limit(&mut self, customer_id: &str, limit: Decimal) -> Result<(), NoSuchRecord> {
        let customer = self.customer_mut(customer_id)?;
        customer.set("CreditLimit", limit);
        let rules = customer.link("CreditVerificationRules", "CreditVerificationRules");
        rules.set("CreditVerification", "Credit Limit");
        rules.set("CreditLimit", limit);
        Ok(())
    }

    /// Adds an empty open order that somebody else entered: a number or reference that is taken.
    pub fn add_order(&mut self, order_type: &str, nbr: &str, customer_id: &str, external_ref: &str) {
        let mut record = Record::new("SalesOrder", self.numbers.serial());
        record.note = Some(String::new());
        let fields = [
            ("OrderType", order_type),
            ("OrderNbr", nbr),
            ("CustomerID", customer_id),
            ("ExternalRef", external_ref),
            ("Status", "Open"),
            ("CurrencyID", "USD"),
        ];
        fields.iter().for_each(|(field, value)| record.set(field, *value));
        record.set("Hold", false);
        record.set("OrderTotal", Decimal::ZERO);
        record.set("NoteID", record.id());
        self.orders.push(record);
    }

    /// Cancels a sales order.
    ///
    /// # Errors
    /// When there is no such order.
    pub fn cancel_order(&mut self, order_type: &str, nbr: &str, now: Timestamp) -> Result<(), NoSuchRecord> {
        self.edit_order(order_type, nbr, now, |order| order.set("Status", "Canceled"))
    }

    /// Approves a sales order that is pending approval.
    ///
    /// # Errors
    /// When there is no such order.
    pub fn approve_order(&mut self, order_type: &str, nbr: &str, now: Timestamp) -> Result<(), NoSuchRecord> {
        self.edit_order(order_type, nbr, now, |order| {
            order.set("Approved", true);
            if order.text("Status") == Some("Pending Approval") {
                order.set("Status", "Open");
            }
        })
    }

    /// Rejects a sales order that is pending approval.
    ///
    /// # Errors
    /// When there is no such order.
    pub fn reject_order(&mut self, order_type: &str, nbr: &str, now: Timestamp) -> Result<(), NoSuchRecord> {
        self.edit_order(order_type, nbr, now, |order| order.set("Status", "Rejected"))
    }

    /// Changes a stored sales order as it pleases: hold, `ExternalRef`, a line. Nothing is recomputed.
    ///
    /// # Errors
    /// When there is no such order.
    pub fn edit_order(
        &mut self,
        order_type: &str,
        nbr: &str,
        now: Timestamp,
        edit: impl FnOnce(&mut Record),
    ) -> Result<(), NoSuchRecord> {
        let at = self.order_at(order_type, nbr)?;
        edit(&mut self.orders[at]);
        self.orders[at].set("LastModified", now);
        Ok(())
    }

    /// Deletes a sales order; its number is not given out again.
    ///
    /// # Errors
    /// When there is no such order.
    pub fn delete_order(&mut self, order_type: &str, nbr: &str) -> Result<(), NoSuchRecord> {
        let at = self.order_at(order_type, nbr)?;
        let mut order = self.orders.remove(at);
        // Its payments stay and pay nothing.
        order.details.remove("Payments");
        let now = order.fields.get("LastModified").cloned();
        if let Some(super::record::Scalar::Moment(now)) = now {
            self.payments_of_order(&order, now);
        }
        Ok(())
    }

    /// Makes every access token expire; refresh tokens stay good.
    pub fn expire_access_tokens(&mut self) {
        self.auth.expire_access_tokens();
    }

    /// Ends every grant, as revoking the connected application does.
    pub fn revoke_grants(&mut self) {
        self.auth.revoke_all();
    }

    fn order_at(&self, order_type: &str, nbr: &str) -> Result<usize, NoSuchRecord> {
        let same = |order: &Record| order.text("OrderType") == Some(order_type) && order.text("OrderNbr") == Some(nbr);
        self.orders.iter().position(same).ok_or_else(|| NoSuchRecord(format!("sales order {order_type} {nbr}")))
    }

    fn customer_mut(&mut self, id: &str) -> Result<&mut Record, NoSuchRecord> {
        let found = self.customers.iter_mut().find(|customer| customer.text("CustomerID") == Some(id));
        found.ok_or_else(|| NoSuchRecord(format!("customer {id}")))
    }
}
