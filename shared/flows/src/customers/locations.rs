//! A customer's locations: read once where they are synced, and looked for after a save without an answer.

use std::collections::BTreeSet;

use acumatica::client::Query;
use acumatica::filter::Filter;
use acumatica::model::customer::Customer;
use acumatica::model::location::{CustomerLocation, EXPAND};
use magento::model::customer::{AddressId, Customer as Account};
use serde_json::Value;

use super::document::{self, Pair};
use super::facts::{Facts, Regions};
use super::gather::{Gathered, readable};
use super::plan::locations::{self, Ends};
use super::plan::{self, cells};
use crate::failure::Refusal;
use crate::link::Platforms;
use crate::merge::{Base, Cell, Field, Hashes, Side};
use crate::step::{Found, Sought};
use crate::turn::{End, Turn};

/// The locations of a customer: one call, with all that is compared.
///
/// # Errors
/// The client's.
pub(super) async fn of(platforms: Platforms<'_>, customer_id: &str) -> Result<Vec<Value>, Refusal> {
    Ok(platforms.acumatica.list("CustomerLocation", &query(customer_id)).await?)
}

/// What asks for them. Without a number of records, which Acumatica then does not limit: one that is left out would be taken for deleted.
pub(super) fn query(customer_id: &str) -> Query {
    let expand = EXPAND.iter().map(|name| (*name).to_owned()).collect();
    Query { filter: Some(Filter::eq("Customer", customer_id)), expand, ..Query::default() }
}

/// The state in which a customer that has just been made is in step with its account: in all but the further addresses, which it has no locations
/// for yet.
pub(super) fn base_of_new(facts: &Facts<'_>) -> Base {
    let base = plan::base(facts, &plan::Both::of(facts), &BTreeSet::new());
    let further = locations::fields_of(&base);
    base.without(&further, None)
}

/// Reads the locations of the customer that was read, where they are synced and were not read yet.
///
/// # Errors
/// The ERP away.
pub(super) async fn read(turn: &Turn<'_>, gathered: &mut Gathered) -> Result<(), End> {
    let facts = gathered.facts(turn);
    let number = facts.customer.and_then(|customer| cells::plain(customer.customer_id.as_ref()));
    let Some(number) = number.filter(|_| gathered.locations.is_none() && are_wanted(&facts)) else { return Ok(()) };
    let read = of(turn.link.platforms(), &number).await.map_err(|error| turn.not_now(&error))?;
    gathered.locations = Some(read.into_iter().map(decode).collect::<Result<_, _>>()?);
    Ok(())
}

/// A location as the ERP wrote it.
///
/// # Errors
/// An answer that is none.
pub(super) fn decode(document: Value) -> Result<CustomerLocation, End> {
    readable(document, "a location").map_err(End::parked)
}

/// Whether locations are read.
pub(super) fn are_wanted(facts: &Facts<'_>) -> bool {
    let has_two_sides = facts.account.is_some() || facts.paired || facts.accounts().is_some();
    locations::are_synced(facts) && has_two_sides && !plan::is_skipped(facts)
}

/// A location that was saved takes the place of what was read of it.
pub(super) fn keep(gathered: &mut Gathered, saved: CustomerLocation) {
    let own = saved.location_id.clone();
    let locations = gathered.locations.get_or_insert_default();
    locations.retain(|location| location.location_id != own);
    locations.push(saved);
}

/// Binds the addresses that a save of the account has made of locations: those that say the same are known by that, the others by their order.
pub(super) fn bind(turn: &Turn<'_>, gathered: &mut Gathered, before: Option<&Account>, asked: &BTreeSet<Field>) {
    let facts = gathered.facts(turn);
    let had: BTreeSet<AddressId> =
        before.into_iter().flat_map(|account| &account.addresses).filter_map(|address| address.id).collect();
    let open = plan::Both::of(&facts).account.into_keys().filter_map(|field| Ends::of(&field)).collect::<Vec<_>>();
    let mut fresh: Vec<AddressId> = open
        .iter()
        .filter(|ends| ends.location.is_none())
        .filter_map(|ends| ends.address.filter(|id| !had.contains(id)))
        .collect();
    fresh.sort_unstable();
    let unmade: Vec<String> = open
        .into_iter()
        .filter(|ends| ends.address.is_none() && asked.contains(&ends.field()))
        .filter_map(|ends| ends.location)
        .collect();
    if fresh.len() == unmade.len() {
        gathered.made.extend(fresh.into_iter().zip(unmade));
    }
}

impl Pair<'_> {
    /// The location of an open save, where it is as it was to be.
    pub(super) async fn saved_location(&self, platforms: Platforms<'_>, sought: &Sought<'_>) -> Result<Found, Refusal> {
        let Some((field, ends)) =
            sought.part.map(Field::new).and_then(|field| Some((field.clone(), Ends::of(&field)?)))
        else {
            return Ok(Found::Missing);
        };
        let (documents, customer) = match (&ends.location, sought.reference) {
            // One that was to be made carries our reference, and nobody else's location does.
            (None, Some(reference)) => {
                let query = Query { filter: Some(Filter::eq("ExtRefNbr", reference)), ..Query::default() };
                let found = platforms.acumatica.list("CustomerLocation", &query).await?;
                return Ok(found.into_iter().next().map_or(Found::Missing, |document| Found::Ours(Box::new(document))));
            }
            _ => {
                let Some(key) = self.customer_key() else { return Ok(Found::Missing) };
                let Some(customer) = document::customer(platforms, &key).await? else { return Ok(Found::Missing) };
                let Ok(customer) = serde_json::from_value::<Customer>(customer) else { return Ok(Found::Missing) };
                let number = cells::plain(customer.customer_id.as_ref()).unwrap_or_default();
                (of(platforms, &number).await?, customer)
            }
        };
        let is_it = |document: &&Value| {
            let id = document.pointer("/LocationID/value").and_then(Value::as_str).map(str::trim);
            id == ends.location.as_deref()
        };
        let Some(document) = documents.iter().find(is_it) else { return Ok(Found::Missing) };
        let Ok(location) = serde_json::from_value::<CustomerLocation>(document.clone()) else {
            return Ok(Found::Missing);
        };
        let there = if locations::is_deactivation(sought.reference) {
            location.active.as_ref().is_some_and(|active| !active.0)
        } else {
            let cell = self.cell_of(&customer, &location);
            let hashes = Hashes::new(&self.link.emails, self.key);
            self.planned.as_ref().is_some_and(|planned| !planned.has_changed(Side::Acumatica, &field, &cell, &hashes))
        };
        Ok(if there { Found::Ours(Box::new(document.clone())) } else { Found::Missing })
    }

    fn cell_of(&self, customer: &Customer, location: &CustomerLocation) -> Cell {
        let regions = Regions::new();
        locations::content(&self.facts(None, Some(customer), &regions), customer, location, None)
    }
}
