//! What the executor must know of a person of a company: how a saved contact is judged, and how one is found after a write without an answer.

use acumatica::client::Query;
use acumatica::filter::Filter;
use acumatica::model::contact::Contact;
use async_trait::async_trait;
use magento::model::customer::Customer as Account;
use serde_json::Value;
use store::Record;

use super::super::document::overtaken;
use super::super::identity::Id;
use super::super::plan::companies;
use crate::failure::Refusal;
use crate::link::{Link, Platforms};
use crate::merge::{Base, Cells, Hashes, Side};
use crate::plan::{Finding, Step, StepKey};
use crate::step::{Asked, Found, Judged, Kind, Sought};

/// The person of a record.
pub(in super::super) struct Member<'a> {
    link: &'a Link,
    key: &'a str,
    target: Option<&'a str>,
    /// The state in which both sides were last in step.
    base: Option<Base>,
    /// What the open write was to lead to.
    planned: Option<Base>,
    /// The account as it was read, from which it is sent.
    account: Option<&'a Account>,
}

impl<'a> Member<'a> {
    /// The person of a record as it was read.
    pub(in super::super) fn of(link: &'a Link, record: &'a Record) -> Self {
        Self {
            link,
            key: &record.key,
            target: record.bound.as_ref().map(|bound| bound.target.as_str()),
            base: record.bound.as_ref().and_then(|bound| Base::parse(&bound.fingerprint)),
            planned: record.intent.as_ref().and_then(|intent| Base::parse(&intent.fingerprint)),
            account: None,
        }
    }

    /// The account as it was read before it is saved.
    pub(in super::super) fn read_as(self, account: Option<&'a Account>) -> Self {
        Self { account, ..self }
    }

    /// Whether a side has what the open write was to change: people may have changed other fields since.
    fn is_as_planned(&self, side: Side, cells: &Cells) -> bool {
        let hashes = Hashes::new(&self.link.emails, self.key);
        self.planned.as_ref().is_some_and(|planned| planned.has_come(self.base.as_ref(), side, cells, &hashes))
    }

    async fn saved_contact(&self, platforms: Platforms<'_>, sought: &Sought<'_>) -> Result<Found, Refusal> {
        match (self.target.and_then(companies::parts_of), sought.reference) {
            (Some((_, id)), _) => {
                let Some(document) = contact(platforms, id).await? else { return Ok(Found::Missing) };
                let read: Option<Contact> = serde_json::from_value(document.clone()).ok();
                let there = read.is_some_and(|read| self.is_as_planned(Side::Acumatica, &companies::of_contact(&read)));
                Ok(if there { Found::Ours(Box::new(document)) } else { Found::Missing })
            }
            // One that was to be made carries our reference, and nobody else's contact does.
            (None, Some(reference)) => {
                let query = Query { filter: Some(Filter::eq("ExtRefNbr", reference)), ..Query::default() };
                let found = platforms.acumatica.list("Contact", &query).await?;
                Ok(found.into_iter().next().map_or(Found::Missing, |document| Found::Ours(Box::new(document))))
            }
            (None, None) => Ok(Found::Missing),
        }
    }
}

#[async_trait]
impl Kind for Member<'_> {
    /// The company, the contact or both were read since the account was.
    async fn overtaken(&self, platforms: Platforms<'_>, step: &Step) -> Result<Option<Finding>, Refusal> {
        match self.account {
            Some(account) => overtaken(platforms, step, account, true).await,
            None => Ok(None),
        }
    }

    fn judge(&self, asked: &Asked<'_>, receipt: &Value) -> Result<Judged, &'static str> {
        let target = if asked.step == StepKey::ContactSave {
            let id = receipt.pointer("/ContactID/value").and_then(Value::as_i64).ok_or("ContactID")?;
            let number = receipt.pointer("/BusinessAccount/value").and_then(Value::as_str).map(str::trim);
            companies::target(number.filter(|number| !number.is_empty()).ok_or("BusinessAccount")?, id)
        } else {
            self.target.map(str::to_owned).ok_or("id")?
        };
        Ok(Judged { target, finding: None, must_hold: false })
    }

    async fn look_up(&self, platforms: Platforms<'_>, sought: &Sought<'_>) -> Result<Found, Refusal> {
        if sought.step == StepKey::ContactSave {
            return self.saved_contact(platforms, sought).await;
        }
        let Some(Id::Account(id)) = Id::of_record(self.key) else { return Ok(Found::Missing) };
        let account = match platforms.magento.customer(id).await {
            Ok(account) => account,
            Err(error) if error.is_not_found() => return Ok(Found::Missing),
            Err(error) => return Err(error.into()),
        };
        let there = self.is_as_planned(Side::Magento, &companies::of_account(&account));
        Ok(if there { Found::Ours(Box::new(account.document)) } else { Found::Missing })
    }
}

/// A contact by its `ContactID` or its `NoteID`: one call.
///
/// # Errors
/// The client's.
pub(super) async fn contact(platforms: Platforms<'_>, key: &str) -> Result<Option<Value>, Refusal> {
    Ok(platforms.acumatica.by_key("Contact", &[key], &[]).await?)
}
