//! The dry run of documents that an operator has: what they are, and what they do not say.

use std::collections::BTreeSet;

use acumatica::model::customer::Customer;
use acumatica::model::location::CustomerLocation;
use magento::model::customer::Customer as Account;
use magento::model::directory::Region;
use magento::model::wire::Id;
use seams::secret::Secret;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thiserror::Error;

use super::super::ENTITY;
use super::super::facts::{Facts, Further, Regions};
use super::super::gather::newer;
use super::super::plan::{self, Both, cells, locations};
use super::{DryRun, planned};
use crate::address::same;
use crate::link::EmailKey;
use crate::merge::{Base, Hashes, Side};
use crate::settings::Settings;

/// The documents of a pair, as bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Documents<'a> {
    /// Magento's account, as `GET /V1/customers/:id` returns it.
    pub account: Option<&'a [u8]>,
    /// Acumatica's customer.
    pub customer: Option<&'a [u8]>,
    /// An earlier pair of the two, `{"account": …, "customer": …}`, in which both were in step; with `"locations"` where these are synced.
    pub base: Option<&'a [u8]>,
    /// The customer's locations: a list.
    pub locations: Option<&'a [u8]>,
}

/// One of the documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// Magento's account.
    Account,
    /// Acumatica's customer.
    Customer,
    /// The earlier pair.
    Base,
    /// The customer's locations.
    Locations,
}

/// Why a document cannot be used.
#[derive(Debug, Error)]
#[error("{why}")]
pub struct Unusable {
    /// Which.
    pub document: Document,
    /// What is wrong, and where.
    pub why: String,
}

impl Document {
    fn what(self) -> &'static str {
        match self {
            Document::Account => "an account as `GET /V1/customers/:id` returns it",
            Document::Customer => "a customer as Acumatica returns it",
            Document::Base => "an earlier pair `{\"account\": …, \"customer\": …}`",
            Document::Locations => "a list of locations as Acumatica returns it",
        }
    }

    fn wrong(self, path: &str, what: &str) -> Unusable {
        Unusable { document: self, why: format!("this is not {}: at `{path}`: {what}", self.what()) }
    }

    fn json(self, bytes: &[u8]) -> Result<Value, Unusable> {
        serde_json::from_slice(bytes)
            .map_err(|error| Unusable { document: self, why: format!("this is not JSON: {error}") })
    }

    fn account(self, under: &str, document: Value) -> Result<Account, Unusable> {
        if !document.is_object() {
            return Err(self.wrong(under_or_dot(under), "it is not a JSON object"));
        }
        Account::read(document).map_err(|error| {
            let path = error.path().to_string();
            self.wrong(&format!("{under}{path}"), &without_the_value(error.inner()))
        })
    }

    fn customer(self, under: &str, document: &Value) -> Result<Customer, Unusable> {
        let customer: Customer = self.of_acumatica(under, document)?;
        let has_number = cells::plain(customer.customer_id.as_ref()).is_some();
        if has_number { Ok(customer) } else { Err(self.wrong(&format!("{under}CustomerID"), "it is missing")) }
    }

    fn locations(self, under: &str, document: &Value) -> Result<Vec<CustomerLocation>, Unusable> {
        let rows =
            document.as_array().ok_or_else(|| self.wrong(under_or_dot(under), "it is not a list"))?.iter().enumerate();
        rows.map(|(at, row)| {
            let under = format!("{under}[{at}].");
            let location: CustomerLocation = self.of_acumatica(&under, row)?;
            let has_number = cells::plain(location.location_id.as_ref()).is_some();
            if has_number { Ok(location) } else { Err(self.wrong(&format!("{under}LocationID"), "it is missing")) }
        })
        .collect()
    }

    fn of_acumatica<T: DeserializeOwned>(self, under: &str, document: &Value) -> Result<T, Unusable> {
        if !document.is_object() {
            return Err(self.wrong(under_or_dot(under), "it is not a JSON object"));
        }
        serde_path_to_error::deserialize(document).map_err(|error| {
            let path = error.path().to_string();
            self.wrong(&format!("{under}{path}"), &without_the_value(error.inner()))
        })
    }
}

/// What is wrong, without what stands there: it may be a person's.
fn without_the_value(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.split_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None if message.starts_with("missing field") => message,
        None => "it cannot be read".to_owned(),
    }
}

fn under_or_dot(under: &str) -> &str {
    let place = under.trim_end_matches('.');
    if place.is_empty() { "." } else { place }
}

/// The documents as they were read.
struct Read {
    account: Option<Account>,
    customer: Option<Customer>,
    locations: Option<Vec<CustomerLocation>>,
}

impl Read {
    fn new(documents: &Documents<'_>) -> Result<Self, Unusable> {
        let read = |kind: Document, bytes: Option<&[u8]>| bytes.map(|bytes| kind.json(bytes)).transpose();
        let account = read(Document::Account, documents.account)?;
        let customer = read(Document::Customer, documents.customer)?;
        let locations = read(Document::Locations, documents.locations)?;
        Ok(Self {
            account: account.map(|document| Document::Account.account("", document)).transpose()?,
            customer: customer.map(|document| Document::Customer.customer("", &document)).transpose()?,
            locations: locations.map(|document| Document::Locations.locations("", &document)).transpose()?,
        })
    }

    /// The earlier pair.
    fn earlier(bytes: &[u8]) -> Result<Self, Unusable> {
        let base = Document::Base;
        let mut pair = base.json(bytes)?;
        let mut take = |name: &str| pair.get_mut(name).map(Value::take).filter(|document| !document.is_null());
        let missing = |name: &str| base.wrong(name, "it is missing");
        let account = take("account").ok_or_else(|| missing("account"))?;
        let customer = take("customer").ok_or_else(|| missing("customer"))?;
        Ok(Self {
            account: Some(base.account("account.", account)?),
            customer: Some(base.customer("customer.", &customer)?),
            locations: take("locations").map(|document| base.locations("locations", &document)).transpose()?,
        })
    }
}

/// Plans a pair of `link` by documents alone. With an earlier pair and one document, the other side is gone; with neither, it is yet to be made.
///
/// # Errors
/// [`Unusable`] for a document that is not what it should be.
pub fn dry_run(documents: &Documents<'_>, from: Side, settings: &Settings, link: &str) -> Result<DryRun, Unusable> {
    let now = Read::new(documents)?;
    let earlier = documents.base.map(Read::earlier).transpose()?;
    // The hashes of a base that is made here are compared with none that is kept, so any key will do.
    let (key, record) = (EmailKey::new(Secret::new("dry run")), format!("{link}/{ENTITY}/dry-run"));
    let none = Regions::new();
    let facts = Facts {
        link,
        settings,
        account: None,
        customer: None,
        paired: earlier.is_some(),
        base: None,
        newer: newer(now.account.as_ref(), now.customer.as_ref()),
        hashes: Hashes::new(&key, &record),
        regions: &none,
        further: None,
    };
    let base = earlier.as_ref().map(|earlier| base_of(&with(&facts, earlier)));
    let facts = Facts { base: base.as_ref(), ..with(&facts, &now) };
    let (regions, mut unknown) = regions(&facts);
    let mut run = planned(&Facts { regions: &regions, ..facts }, from);
    unknown.retain(|region| run.calls.iter_mut().map(|call| region.shown_in(call)).sum::<usize>() > 0);
    run.assumed = assumed(&facts, documents, &unknown);
    Ok(run)
}

fn with<'a>(facts: &Facts<'a>, read: &'a Read) -> Facts<'a> {
    let facts = Facts { account: read.account.as_ref(), customer: read.customer.as_ref(), ..*facts };
    let locations = read.locations.as_deref().unwrap_or_default();
    let is_read = read.customer.is_some() && locations::are_synced(&facts);
    Facts { further: is_read.then_some(Further { locations, made: &[] }), ..facts }
}

fn base_of(facts: &Facts<'_>) -> Base {
    plan::base(facts, &Both::of(facts), &BTreeSet::new())
}

/// A region whose number only Magento's directory knows.
struct Unknown {
    country: String,
    region: String,
    /// What stands for its number until it is shown.
    id: u64,
}

impl Unknown {
    /// Puts words in the place of the number; how often it was there.
    fn shown_in(&self, value: &mut Value) -> usize {
        match value {
            Value::Object(members) => members.values_mut().map(|value| self.shown_in(value)).sum(),
            Value::Array(rows) => rows.iter_mut().map(|value| self.shown_in(value)).sum(),
            Value::Number(number) if number.as_u64() == Some(self.id) => {
                *value = json!(format!("<Magento's number of {} in {}>", self.region, self.country));
                1
            }
            _ => 0,
        }
    }
}

/// The regions that an address may be written in: as far as the account's own addresses name them with their numbers, and a stand-in for others.
fn regions(facts: &Facts<'_>) -> (Regions, Vec<Unknown>) {
    let (mut regions, mut unknown) = (Regions::new(), Vec::new());
    let wanted = wanted(facts);
    for country in plan::countries(facts) {
        let mut known: Vec<Region> = named_by_account(facts, &country);
        for region in wanted.iter().filter(|(own, _)| *own == country).map(|(_, region)| region) {
            if !known.iter().any(|own| same(&own.code, region) || same(&own.name, region)) {
                let id = u64::MAX - u64::try_from(unknown.len()).unwrap_or_default();
                known.push(Region { id: Id(id), code: region.clone(), name: region.clone() });
                unknown.push(Unknown { country: country.clone(), region: region.clone(), id });
            }
        }
        regions.insert(country, known);
    }
    (regions, unknown)
}

fn named_by_account(facts: &Facts<'_>, country: &str) -> Vec<Region> {
    let addresses = facts.account.into_iter().flat_map(|account| &account.addresses);
    let of_country = addresses.filter(|address| address.country_id.as_deref() == Some(country));
    let region = |region: &magento::model::customer::Region| {
        let id = region.region_id.filter(|id| id.0 > 0)?;
        Some(Region { id, code: region.region_code.clone()?, name: region.region.clone()? })
    };
    of_country.filter_map(|address| address.region.as_ref().and_then(region)).collect()
}

/// Country and region of every address of the customer, in Magento's words.
fn wanted(facts: &Facts<'_>) -> BTreeSet<(String, String)> {
    let Some(customer) = facts.customer else { return BTreeSet::new() };
    let own = [cells::billing_address(customer), cells::shipping_address(customer)].into_iter().flatten();
    let locations = facts.further.map(|further| further.locations).unwrap_or_default();
    let further = locations.iter().filter_map(|location| location.location_contact.as_ref()?.address.as_ref());
    // What Acumatica's form cannot say stays as an address of the account has it.
    let likes = || facts.account.into_iter().flat_map(|account| &account.addresses).map(Some).chain([None]);
    let shops = own.chain(further).flat_map(|address| likes().map(|like| cells::to_shop(facts, address, like)));
    shops.filter_map(|shop| Some((shop.country?, shop.region?))).collect()
}

fn assumed(facts: &Facts<'_>, documents: &Documents<'_>, unknown: &[Unknown]) -> Vec<String> {
    let mut assumed: Vec<String> = unknown
        .iter()
        .map(|Unknown { country, region, .. }| format!("Magento's directory has a region {region} of {country}."))
        .collect();
    if facts.further.is_some() && documents.locations.is_none() {
        assumed.push("Acumatica's customer has no location but its own.".to_owned());
    }
    if facts.paired && facts.account.is_none() {
        assumed.push("The account is there no more.".to_owned());
    }
    if facts.paired && facts.customer.is_none() {
        assumed.push("The customer is there no more.".to_owned());
    }
    assumed
}
