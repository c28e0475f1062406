//! What the executor must know of the two sides of a pair: how a saved one is judged, and how one is found after a write without an answer.

use acumatica::model::customer::{Customer, EXPAND};
use async_trait::async_trait;
use magento::model::customer::{Customer as Account, CustomerId};
use serde_json::Value;
use store::Record;

use super::facts::{Facts, Regions};
use super::identity::Id;
use super::plan::{Both, cells, locations};
use crate::failure::Refusal;
use crate::link::{Link, Platforms};
use crate::merge::{Base, Hashes, Side};
use crate::plan::{Finding, Step, StepKey};
use crate::step::{Asked, Found, Judged, Kind, Sought};

/// The pair of a record.
pub struct Pair<'a> {
    /// The link.
    pub link: &'a Link,
    /// The record's key.
    pub key: &'a str,
    /// The other side's key, where the record is bound.
    pub target: Option<&'a str>,
    /// The state in which both sides were last in step.
    pub base: Option<Base>,
    /// What the open write was to lead to.
    pub planned: Option<Base>,
    /// The account as it was read, from which it is sent.
    pub account: Option<&'a Account>,
    /// Whether other calls were made since it was read.
    pub is_old: bool,
}

impl<'a> Pair<'a> {
    /// The pair of a record as it was read.
    #[must_use]
    pub fn of(link: &'a Link, record: &'a Record) -> Self {
        let target = record.bound.as_ref().map(|bound| bound.target.as_str());
        let base = record.bound.as_ref().and_then(|bound| Base::parse(&bound.fingerprint));
        let planned = record.intent.as_ref().and_then(|intent| Base::parse(&intent.fingerprint));
        Self { link, key: &record.key, target, base, planned, account: None, is_old: false }
    }

    /// Magento's id of the pair.
    #[must_use]
    pub fn account_id(&self) -> Option<CustomerId> {
        match Id::of_record(self.key)? {
            Id::Account(id) => Some(id),
            Id::Customer(_) => self.target.and_then(CustomerId::parse),
        }
    }

    /// The key by which Acumatica's customer is read: its `NoteID` where that is known, else its `CustomerID`.
    #[must_use]
    pub fn customer_key(&self) -> Option<String> {
        match Id::of_record(self.key)? {
            Id::Account(_) => self.target.map(str::to_owned),
            Id::Customer(note) => Some(note),
        }
    }

    /// The other side's key, as the record keeps it.
    fn target_in(&self, receipt: &Value) -> Result<String, &'static str> {
        match Id::of_record(self.key).map(|id| id.side()) {
            Some(Side::Acumatica) => match receipt.get("id").filter(|_| receipt.get("email").is_some()) {
                Some(id) => id.as_u64().map(|id| id.to_string()).or_else(|| id.as_str().map(str::to_owned)).ok_or("id"),
                None => self.target.map(str::to_owned).ok_or("id"),
            },
            _ => {
                // A location names its customer.
                let id = receipt.pointer("/CustomerID/value").or_else(|| receipt.pointer("/Customer/value"));
                let id = id.and_then(Value::as_str).map(str::trim);
                id.or(self.target).filter(|id| !id.is_empty()).map(str::to_owned).ok_or("CustomerID")
            }
        }
    }

    /// Whether a side has what the open write was to change: people may have changed other fields since.
    fn is_as_planned(&self, side: Side, account: Option<&Account>, customer: Option<&Customer>) -> bool {
        let Some(planned) = &self.planned else { return false };
        let regions = Regions::new();
        let facts = Facts { base: Some(planned), ..self.facts(account, customer, &regions) };
        let Both { account, customer } = Both::of(&facts);
        let base = self.base.as_ref();
        if side == Side::Acumatica {
            // Locations are records of their own, which this save does not change.
            let planned = planned.clone().without(&locations::fields_of(planned), None);
            return planned.has_come(base, side, &customer, &facts.hashes);
        }
        planned.has_come(base, side, &account, &facts.hashes)
    }

    /// What is known of the pair while a write of it is looked for.
    pub(super) fn facts<'b>(
        &'b self,
        account: Option<&'b Account>,
        customer: Option<&'b Customer>,
        regions: &'b Regions,
    ) -> Facts<'b> {
        Facts {
            link: &self.link.id,
            settings: &self.link.settings,
            account,
            customer,
            paired: false,
            base: None,
            newer: Side::Acumatica,
            hashes: Hashes::new(&self.link.emails, self.key),
            regions,
            further: None,
        }
    }
}

#[async_trait]
impl Kind for Pair<'_> {
    fn judge(&self, _asked: &Asked<'_>, receipt: &Value) -> Result<Judged, &'static str> {
        Ok(Judged { target: self.target_in(receipt)?, finding: None, must_hold: false })
    }

    async fn overtaken(&self, platforms: Platforms<'_>, step: &Step) -> Result<Option<Finding>, Refusal> {
        match self.account {
            Some(account) => overtaken(platforms, step, account, self.is_old).await,
            None => Ok(None),
        }
    }

    async fn look_up(&self, platforms: Platforms<'_>, sought: &Sought<'_>) -> Result<Found, Refusal> {
        match sought.step {
            StepKey::CustomerUpdate => {
                let Some(key) = self.customer_key() else { return Ok(Found::Missing) };
                let Some(document) = customer(platforms, &key).await? else { return Ok(Found::Missing) };
                let read: Option<Customer> = serde_json::from_value(document.clone()).ok();
                let there = read.filter(|read| self.is_as_planned(Side::Acumatica, None, Some(read)));
                Ok(there.map_or(Found::Missing, |_| Found::Ours(Box::new(document))))
            }
            StepKey::AccountUpdate => {
                let Some(id) = self.account_id() else { return Ok(Found::Missing) };
                let account = match platforms.magento.customer(id).await {
                    Ok(account) => account,
                    Err(error) if error.is_not_found() => return Ok(Found::Missing),
                    Err(error) => return Err(error.into()),
                };
                let there = self.is_as_planned(Side::Magento, Some(&account), None);
                Ok(if there { Found::Ours(Box::new(account.document)) } else { Found::Missing })
            }
            StepKey::AccountCreate => self.created(platforms).await,
            StepKey::LocationSave => self.saved_location(platforms, sought).await,
            _ => Ok(Found::Missing),
        }
    }
}

impl Pair<'_> {
    /// The account that was to be made: the one with the customer's e-mail on the website.
    async fn created(&self, platforms: Platforms<'_>) -> Result<Found, Refusal> {
        let Some(key) = self.customer_key() else { return Ok(Found::Missing) };
        let Some(document) = customer(platforms, &key).await? else { return Ok(Found::Missing) };
        let Ok(read) = serde_json::from_value::<Customer>(document) else { return Ok(Found::Missing) };
        let regions = Regions::new();
        let facts = self.facts(None, Some(&read), &regions);
        let website = facts.accounts().map(|accounts| accounts.website_id);
        let email = read.main_contact.as_ref().and_then(|contact| cells::plain(contact.email.as_ref()));
        let Some(email) = email else { return Ok(Found::Missing) };
        let mut found = platforms.magento.customers_by_email(&email, website).await?;
        Ok(found.pop().map_or(Found::Missing, |account| Found::Ours(Box::new(account.document))))
    }
}

/// Magento saves an account as a whole: whatever was changed in it since it was read would be lost. So it is looked at again where other calls were
/// made since, and before its list of addresses is replaced: one call.
///
/// # Errors
/// The client's.
pub(super) async fn overtaken(
    platforms: Platforms<'_>,
    step: &Step,
    account: &Account,
    is_old: bool,
) -> Result<Option<Finding>, Refusal> {
    let replaces = step.body().pointer("/customer/addresses").is_some();
    if step.key != StepKey::AccountUpdate || !(is_old || replaces) {
        return Ok(None);
    }
    if platforms.magento.customer(account.id).await?.document == account.document {
        return Ok(None);
    }
    let message = "The account was changed while it was read; it is read again.";
    Ok(Some(Finding::new("customers.not_ready.changed_meanwhile", message)))
}

/// A customer of Acumatica with everything that is compared: one call.
///
/// # Errors
/// The client's.
pub async fn customer(platforms: Platforms<'_>, key: &str) -> Result<Option<Value>, Refusal> {
    Ok(platforms.acumatica.by_key("Customer", &[key], &EXPAND).await?)
}
