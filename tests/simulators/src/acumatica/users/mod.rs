//! What users do to customers, locations and contacts in the ERP, for tests and the local run. It goes through the same forms as a
//! request, with the same checks, stamps and push notifications; `saves` and `calls` count requests only.

mod related;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Acumatica;
use super::decode::Patch;
use super::push::Transaction;
use super::record::{Record, Scalar};
use super::screen::{Actor, Screen, USER};
use super::seed::NoSuchRecord;

/// One field a user changes.
#[derive(Clone, Debug)]
pub struct Change {
    path: String,
    value: Option<Scalar>,
}

impl Change {
    /// Sets the field at a path such as `Terms`, `MainContact/Address/City` or, for an attribute, `Attributes/COLOR`.
    #[must_use]
    pub fn to(path: &str, value: impl Into<Scalar>) -> Self {
        Self { path: path.to_owned(), value: Some(value.into()) }
    }

    /// Empties the field.
    #[must_use]
    pub fn clear(path: &str) -> Self {
        Self { path: path.to_owned(), value: None }
    }

    fn apply(&self, patch: &mut Patch) {
        if let Some(attribute) = self.path.strip_prefix("Attributes/") {
            let mut row = Patch::default();
            row.fields.insert("AttributeID".to_owned(), Some(attribute.into()));
            row.fields.insert("Value".to_owned(), self.value.clone());
            patch.details.entry("Attributes".to_owned()).or_default().push(row);
            return;
        }
        let mut at = patch;
        let mut rest = self.path.as_str();
        while let Some((first, left)) = rest.split_once('/') {
            at = at.linked.entry(first.to_owned()).or_default();
            rest = left;
        }
        at.fields.insert(rest.to_owned(), self.value.clone());
    }
}

/// Why a user's change was not saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsaved {
    /// The record does not exist.
    NoSuchRecord(NoSuchRecord),
    /// The form refused it: the errors as `field: text`.
    Refused(Vec<String>),
}

impl std::fmt::Display for Unsaved {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unsaved::NoSuchRecord(missing) => missing.fmt(out),
            Unsaved::Refused(errors) => write!(out, "refused: {}", errors.join("; ")),
        }
    }
}

impl std::error::Error for Unsaved {}

impl From<NoSuchRecord> for Unsaved {
    fn from(missing: NoSuchRecord) -> Self {
        Self::NoSuchRecord(missing)
    }
}

impl Acumatica {
    /// Enters a new customer; returns its `CustomerID`. `CustomerName` is required, as is `CustomerID` where customers are numbered
    /// manually.
    ///
    /// # Errors
    /// When the form refuses it.
    pub fn create_customer(&mut self, now: Timestamp, changes: &[Change]) -> Result<String, Unsaved> {
        let record = self.enter(now, "Customer", &[], changes)?;
        Ok(record.key("CustomerID").unwrap_or_default())
    }

    /// Changes fields of a customer.
    ///
    /// # Errors
    /// When there is no such customer, or the form refuses it.
    pub fn edit_customer(&mut self, customer_id: &str, now: Timestamp, changes: &[Change]) -> Result<(), Unsaved> {
        self.edit_customers(&[customer_id], now, changes)
    }

    /// Changes fields of several customers in one transaction, as a mass update does: one notification with a row for each of them.
    ///
    /// # Errors
    /// When there is no such customer, or the form refuses one; those before it are changed.
    pub fn edit_customers(&mut self, ids: &[&str], now: Timestamp, changes: &[Change]) -> Result<(), Unsaved> {
        let mut transaction = Transaction::of(&self.config.push);
        let mut edited = Ok(());
        for id in ids {
            edited = self.customer_at(id).map_err(Unsaved::from).and_then(|at| {
                self.change(now, "Customer", Some(at), &[], changes, &mut transaction).map(|_record| ())
            });
            if edited.is_err() {
                break;
            }
        }
        self.commit(now, &transaction);
        edited
    }

    /// Makes a customer inactive.
    ///
    /// # Errors
    /// When there is no such customer.
    pub fn deactivate_customer(&mut self, customer_id: &str, now: Timestamp) -> Result<(), Unsaved> {
        self.edit_customer(customer_id, now, &[Change::to("Status", "Inactive")])
    }

    /// Gives a customer another `CustomerID`, as the action *Change ID* does: the record, its `NoteID` and its documents stay. Whether
    /// the stamp moves is not established: it does.
    ///
    /// # Errors
    /// When there is no such customer, or the new id is taken.
    pub fn change_customer_id(&mut self, from: &str, to: &str, now: Timestamp) -> Result<(), Unsaved> {
        let at = self.customer_at(from)?;
        if self.customer_at(to).is_ok() {
            return Err(Unsaved::Refused(vec![format!("CustomerID: {to} is taken.")]));
        }
        let mut transaction = Transaction::of(&self.config.push);
        let stamp = now - self.config.customers.stamp_lag;
        let before = self.customers[at].clone();
        self.customers[at].set("CustomerID", to);
        self.customers[at].set("LastModifiedDateTime", stamp);
        transaction.note(Some(before), Some(self.customers[at].clone()));
        // Elsewhere the customer stands as its surrogate key, so no other record is written.
        let tables = [
            (&mut self.locations, "Customer"),
            (&mut self.contacts, "BusinessAccount"),
            (&mut self.orders, "CustomerID"),
            (&mut self.payments, "CustomerID"),
        ];
        for (records, field) in tables {
            records
                .iter_mut()
                .filter(|record| record.text(field) == Some(from))
                .for_each(|record| record.set(field, to));
        }
        self.commit(now, &transaction);
        Ok(())
    }

    /// Deletes a customer with its locations. Its contacts stay without an account: not established. One with documents cannot be
    /// deleted (inferred; the text is not established).
    ///
    /// # Errors
    /// When there is no such customer, or it has orders or payments.
    pub fn delete_customer(&mut self, customer_id: &str, now: Timestamp) -> Result<(), Unsaved> {
        let at = self.customer_at(customer_id)?;
        let documents = self.orders.iter().chain(&self.payments);
        if documents.into_iter().any(|document| document.text("CustomerID") == Some(customer_id)) {
            return Err(Unsaved::Refused(vec!["The customer has documents and cannot be deleted.".to_owned()]));
        }
        let mut transaction = Transaction::of(&self.config.push);
        transaction.note(Some(self.customers.remove(at)), None);
        let of_customer = |location: &Record| location.text("Customer") == Some(customer_id);
        let (gone, kept) = std::mem::take(&mut self.locations).into_iter().partition(of_customer);
        self.locations = kept;
        let gone: Vec<Record> = gone;
        gone.into_iter().for_each(|location| transaction.note(Some(location), None));
        for contact in &mut self.contacts {
            if contact.text("BusinessAccount") == Some(customer_id) {
                let before = contact.clone();
                contact.fields.remove("BusinessAccount");
                transaction.note(Some(before), Some(contact.clone()));
            }
        }
        self.commit(now, &transaction);
        Ok(())
    }

    fn enter(&mut self, now: Timestamp, entity: &str, keys: &[Change], changes: &[Change]) -> Result<Record, Unsaved> {
        let mut transaction = Transaction::of(&self.config.push);
        let record = self.change(now, entity, None, keys, changes, &mut transaction)?;
        self.commit(now, &transaction);
        Ok(record)
    }

    fn edit(&mut self, now: Timestamp, entity: &str, at: usize, changes: &[Change]) -> Result<(), Unsaved> {
        let mut transaction = Transaction::of(&self.config.push);
        self.change(now, entity, Some(at), &[], changes, &mut transaction)?;
        self.commit(now, &transaction);
        Ok(())
    }

    fn change(
        &mut self,
        now: Timestamp,
        entity: &str,
        target: Option<usize>,
        keys: &[Change],
        changes: &[Change],
        transaction: &mut Transaction,
    ) -> Result<Record, Unsaved> {
        let screen = Screen::of(entity).expect("only forms that are written are named here");
        let mut patch = Patch::default();
        keys.iter().chain(changes).for_each(|change| change.apply(&mut patch));
        let today = now.to_zoned(TimeZone::UTC).start_of_day().map_or(now, |day| day.timestamp());
        let actor = Actor { session: USER, now, business_date: today, branch: None };
        let draft = self.draft(&actor, screen, target, &patch);
        let draft = draft.map_err(|refusal| Unsaved::Refused(vec![format!("{refusal:?}")]))?;
        if draft.has_errors() {
            let errors = draft.field_errors().iter().map(|(field, text)| format!("{field}: {text}")).collect();
            return Err(Unsaved::Refused(errors));
        }
        Ok(self.store(now, screen, target, draft, transaction).0)
    }

    fn customer_at(&self, id: &str) -> Result<usize, NoSuchRecord> {
        let found = self.customers.iter().position(|customer| customer.text("CustomerID") == Some(id));
        found.ok_or_else(|| NoSuchRecord(format!("customer {id}")))
    }
}
