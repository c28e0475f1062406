//! Both sides of a pair as [`super::gather`] reads them, without a claim: nothing is adopted, and nothing is written.

use acumatica::model::customer::Customer;
use acumatica::model::location::CustomerLocation;
use magento::model::customer::{Customer as Account, CustomerId};
use serde_json::Value;
use store::{Record, Records, TableError};

use super::ENTITY;
use super::document::{self, Pair};
use super::facts::{Facts, Further, Regions};
use super::gather::{newer, one_of, readable};
use super::guard::{self, Guard};
use super::identity::{self, Id};
use super::locations;
use super::plan::{self, cells};
use crate::failure::Refusal;
use crate::link::Link;
use crate::merge::{Base, Hashes};
use crate::orders::facts::Customer as Known;
use crate::plan::Finding;

/// What is there of a pair.
pub struct Peeked {
    /// The record of the pair; a new one where there is none.
    pub record: Record,
    /// Magento's account.
    pub account: Option<Account>,
    /// Acumatica's customer.
    pub customer: Option<Customer>,
    base: Option<Base>,
    locations: Option<Vec<CustomerLocation>>,
    regions: Regions,
}

/// Why a pair could not be seen.
pub enum Unseen {
    /// The table did not answer.
    Table(TableError),
    /// A platform did not.
    Platform(Refusal),
    /// It stands in the way of a sync, too.
    Found(Finding),
}

impl From<TableError> for Unseen {
    fn from(error: TableError) -> Self {
        Unseen::Table(error)
    }
}

impl From<Refusal> for Unseen {
    fn from(error: Refusal) -> Self {
        Unseen::Platform(error)
    }
}

impl From<magento::Error> for Unseen {
    fn from(error: magento::Error) -> Self {
        Unseen::Platform(error.into())
    }
}

impl From<guard::Unseen> for Unseen {
    fn from(error: guard::Unseen) -> Self {
        match error {
            guard::Unseen::Table(error) => Unseen::Table(error),
            guard::Unseen::Erp(error) => Unseen::Platform(error.into()),
        }
    }
}

impl From<Finding> for Unseen {
    fn from(finding: Finding) -> Self {
        Unseen::Found(finding)
    }
}

/// Reads the pair that an id leads to.
///
/// # Errors
/// [`Unseen`].
pub async fn peek(link: &Link, records: &Records, id: &Id) -> Result<Peeked, Unseen> {
    let record = records.load(&identity::record_of(records, &link.id, &id.text()).await?).await?;
    let mut peeked = Peeked {
        account: account(link, id, &record).await?,
        customer: customer(link, id, &record).await?,
        base: base_of(&record),
        record,
        locations: None,
        regions: Regions::new(),
    };
    if peeked.record.bound.is_none() {
        match (&peeked.account, &peeked.customer) {
            (Some(_), None) => peeked.customer = customer_by_email(link, records, &peeked).await?,
            (None, Some(_)) => peeked.account = account_by_email(link, records, &peeked).await?,
            _ => {}
        }
        met(link, records, &mut peeked).await?;
    }
    let facts = peeked.facts(link);
    let number = facts.customer.and_then(|customer| cells::plain(customer.customer_id.as_ref()));
    if let Some(number) = number.filter(|_| locations::are_wanted(&facts)) {
        let read = locations::of(link.platforms(), &number).await?;
        peeked.locations = Some(read.into_iter().map(|one| readable(one, "a location")).collect::<Result<_, _>>()?);
    }
    for country in plan::countries(&peeked.facts(link)) {
        let regions = link.magento.regions(&country).await?;
        peeked.regions.insert(country, regions);
    }
    Ok(peeked)
}

impl Peeked {
    /// What `plan` may know.
    #[must_use]
    pub fn facts<'a>(&'a self, link: &'a Link) -> Facts<'a> {
        Facts {
            link: &link.id,
            settings: &link.settings,
            account: self.account.as_ref(),
            customer: self.customer.as_ref(),
            paired: self.record.bound.is_some(),
            base: self.base.as_ref(),
            newer: newer(self.account.as_ref(), self.customer.as_ref()),
            hashes: Hashes::new(&link.emails, &self.record.key),
            regions: &self.regions,
            further: self.locations.as_deref().map(|locations| Further { locations, made: &[] }),
        }
    }
}

fn base_of(record: &Record) -> Option<Base> {
    record.bound.as_ref().and_then(|bound| Base::parse(&bound.fingerprint))
}

async fn account(link: &Link, id: &Id, record: &Record) -> Result<Option<Account>, Unseen> {
    let of_event = if let Id::Account(id) = id { Some(*id) } else { None };
    let Some(id) = of_event.or_else(|| Pair::of(link, record).account_id()) else { return Ok(None) };
    match link.magento.customer(id).await {
        Ok(account) => Ok(Some(account)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Acumatica's customer, by its `NoteID` where that is known: its number may be another one by now.
async fn customer(link: &Link, id: &Id, record: &Record) -> Result<Option<Customer>, Unseen> {
    let aliases = record.aliases.iter().filter_map(|alias| Id::parse(alias));
    let note = [id.clone()].into_iter().chain(aliases).find(|id| matches!(id, Id::Customer(_))).map(|id| id.text());
    match note.or_else(|| Pair::of(link, record).customer_key()) {
        Some(key) => by_key(link, &key).await,
        None => Ok(None),
    }
}

async fn by_key(link: &Link, key: &str) -> Result<Option<Customer>, Unseen> {
    let read: Option<Value> = document::customer(link.platforms(), key).await?;
    Ok(read.map(|document| readable(document, "a customer")).transpose()?)
}

async fn customer_by_email(link: &Link, records: &Records, peeked: &Peeked) -> Result<Option<Customer>, Unseen> {
    let facts = peeked.facts(link);
    let Some(email) = plan::email(&facts).filter(|_| !plan::is_skipped(&facts)) else { return Ok(None) };
    let ambiguous = link.settings.customers.ambiguous_email;
    let guard = Guard::of(&link.id, &link.emails, ambiguous, email, plan::shown(&facts));
    match guard.peek(records, &link.acumatica).await {
        Ok(Ok(Known::Known(number))) => by_key(link, &number).await,
        Ok(Ok(_)) => Ok(None),
        Ok(Err(finding)) => Err(finding.into()),
        Err(error) => Err(error.into()),
    }
}

async fn account_by_email(link: &Link, records: &Records, peeked: &Peeked) -> Result<Option<Account>, Unseen> {
    let facts = peeked.facts(link);
    let (Some(email), Some(accounts)) = (plan::email(&facts), facts.accounts()) else { return Ok(None) };
    if plan::is_skipped(&facts) {
        return Ok(None);
    }
    let ambiguous = link.settings.customers.ambiguous_email;
    let guard = Guard::of(&link.id, &link.emails, ambiguous, email, plan::shown(&facts));
    if !guard.would_be_for(records, &link.acumatica, &facts).await?? {
        return Ok(None);
    }
    let found = link.magento.customers_by_email(email, None).await?;
    Ok(one_of(&facts, accounts, found)?)
}

/// Two that have just met may belong to a record each: a sync goes on with the customer's where the account may join it.
async fn met(link: &Link, records: &Records, peeked: &mut Peeked) -> Result<(), Unseen> {
    let (Some(account), Some(customer)) = (&peeked.account, &peeked.customer) else { return Ok(()) };
    let note = cells::plain(customer.note_id.as_ref()).or_else(|| customer.id.clone()).unwrap_or_default();
    let own = peeked.record.key.clone();
    let elsewhere = |owner: Option<String>| owner.filter(|owner| *owner != own);
    let of_customer = elsewhere(records.owner_of(&link.id, ENTITY, &note.to_lowercase()).await?);
    if let Some(owner) = of_customer {
        let other = records.load(&owner).await?;
        let is_accounts = Id::of_record(&owner) == Some(Id::Account(account.id));
        if !is_accounts && !identity::joins(&other, account) {
            return Err(identity::shared(&link.settings, account, &owner).into());
        }
        (peeked.base, peeked.record) = (base_of(&other), other);
        return Ok(());
    }
    let id: CustomerId = account.id;
    match elsewhere(records.owner_of(&link.id, ENTITY, &id.to_string()).await?) {
        Some(owner) => Err(identity::taken(account, &owner).into()),
        None => Ok(()),
    }
}
