//! Further addresses ↔ locations: each address of an account that is no default one is a location of the customer, and back.
//!
//! - **Field**: one for each pair, `location.<address id>.<LocationID>`; so the base, which knows fields by name, is what binds the two. An end
//!   that is not there yet is left out: `location.7.` is an address without a location.
//! - **Gone** on one side: never made there again, never deleted on the other. A location is set inactive where the settings say so.
//! - **Whole**: name, company, telephone and address are one value, because the street of one and the city of another are no address.

mod content;
mod pairs;
mod rule;
mod to_acumatica;
mod to_magento;

use std::collections::BTreeSet;

use acumatica::model::customer::Customer;
use acumatica::model::location::{CustomerLocation, MAIN};
use magento::model::customer::{Address, AddressId, Customer as Account};
use magento::model::wire::Id;

use super::super::facts::Facts;
use super::Both;
use super::cells::{self, plain};
use crate::merge::{Base, Cell, Cells, Field};
use crate::settings::FurtherAddresses;

pub use content::of_location as content;
pub(super) use pairs::of as pairs;
pub(super) use rule::of as rule;
pub(super) use to_acumatica::steps;
pub use to_acumatica::{is_deactivation, reference};
pub(super) use to_magento::{add, countries, standing};

/// The name under which the settings give all these fields an owner.
pub const LOCATION: &str = "location";

/// The two ends of a field; at least one is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ends {
    /// Magento's address.
    pub address: Option<AddressId>,
    /// Acumatica's `LocationID`.
    pub location: Option<String>,
}

impl Ends {
    /// The ends that a field names; none where it is another field.
    #[must_use]
    pub fn of(field: &Field) -> Option<Self> {
        let mut parts = field.name().splitn(3, '.');
        let (LOCATION, Some(address), Some(location)) = (parts.next()?, parts.next(), parts.next()) else {
            return None;
        };
        let address = address.parse().ok().map(|id| AddressId(Id(id)));
        Some(Self { address, location: Some(location.to_owned()).filter(|id| !id.is_empty()) })
    }

    /// The field of the two ends.
    #[must_use]
    pub fn field(&self) -> Field {
        let address = self.address.map(|id| id.to_string()).unwrap_or_default();
        Field::new(format!("{LOCATION}.{address}.{}", self.location.as_deref().unwrap_or_default()))
    }

    /// Whether the pair has both.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.address.is_some() && self.location.is_some()
    }
}

/// Whether a field is that of a further address.
#[must_use]
pub fn concerns(field: &Field) -> bool {
    Ends::of(field).is_some()
}

/// Whether the settings sync further addresses.
#[must_use]
pub fn are_synced(facts: &Facts<'_>) -> bool {
    facts.settings.customers.further_addresses == FurtherAddresses::Locations
}

/// The addresses of the account that are no default ones, in the order of their ids.
#[must_use]
pub fn further(account: &Account) -> Vec<(AddressId, &Address)> {
    let defaults = [cells::billing(account), cells::shipping(account)].map(|address| address.and_then(|own| own.id));
    let addresses = account.addresses.iter().filter_map(|address| Some((address.id?, address)));
    let mut further: Vec<_> = addresses.filter(|(id, _)| !defaults.contains(&Some(*id))).collect();
    further.sort_by_key(|(id, _)| *id);
    further
}

/// The locations that are not where the customer's own parcels go, in the order of their ids.
#[must_use]
pub fn candidates(locations: &[CustomerLocation]) -> Vec<(String, &CustomerLocation)> {
    let own = |location: &&CustomerLocation, id: &str| match &location.is_default {
        Some(is_default) => !is_default.0,
        None => id != MAIN,
    };
    let named = locations.iter().filter_map(|location| Some((plain(location.location_id.as_ref())?, location)));
    let mut candidates: Vec<_> = named.filter(|(id, location)| own(location, id)).collect();
    candidates.sort_by(|one, other| one.0.cmp(&other.0));
    candidates
}

/// The account's fields.
pub(super) fn of_account(facts: &Facts<'_>) -> Vec<(Field, Cell)> {
    let rows = pairs(facts).into_iter();
    rows.map(|row| {
        let cell = row.address.map_or_else(|| Cell::same(None), |address| content::of_address(facts, address));
        (row.ends.field(), cell)
    })
    .collect()
}

/// The customer's fields; none where its locations were not read.
pub(super) fn of_customer(facts: &Facts<'_>, customer: &Customer) -> Vec<(Field, Cell)> {
    if facts.further.is_none() {
        return Vec::new();
    }
    let rows = pairs(facts).into_iter();
    rows.map(|row| {
        // A location that an address moves to is as good as empty: what it holds is a default address now.
        let shown = row.location.filter(|_| !row.moves);
        let cell = shown
            .map_or_else(|| Cell::same(None), |location| content::of_location(facts, customer, location, row.address));
        (row.ends.field(), cell)
    })
    .collect()
}

/// The fields of further addresses that a base knows.
#[must_use]
pub fn fields_of(base: &Base) -> Vec<Field> {
    base.fields().filter(|field| concerns(field)).cloned().collect()
}

/// What the base binds as yet to the locations that other addresses are about to take over.
#[must_use]
pub fn formerly(base: Option<&Base>, pending: &BTreeSet<Field>) -> Vec<Field> {
    let taken: Vec<Ends> = pending.iter().filter_map(Ends::of).filter(Ends::is_closed).collect();
    let moves = |ends: &Ends| taken.iter().any(|next| next.location == ends.location && next.address != ends.address);
    let known = base.into_iter().flat_map(|base| base.fields().filter(|field| base.knows(field)));
    known.filter(|field| Ends::of(field).is_some_and(|ends| ends.is_closed() && moves(&ends))).cloned().collect()
}

/// The cells under the names that `fields` had before an end of theirs was made.
#[must_use]
pub fn under_former_names(saved: &Both, fields: &BTreeSet<Field>) -> Both {
    let mut both = saved.clone();
    for field in fields {
        let Some(ends) = Ends::of(field).filter(|ends| !ends.is_closed()) else { continue };
        for cells in [&mut both.account, &mut both.customer] {
            if let Some(cell) = closed(cells, &ends) {
                cells.insert(field.clone(), cell);
            }
        }
    }
    both
}

fn closed(cells: &Cells, open: &Ends) -> Option<Cell> {
    let same = |ends: &Ends| {
        ends.is_closed()
            && (open.address.is_some() && open.address == ends.address
                || open.location.is_some() && open.location == ends.location)
    };
    cells.iter().find(|(field, _)| Ends::of(field).is_some_and(|ends| same(&ends))).map(|(_, cell)| cell.clone())
}

/// The fields whose addresses are gone in Magento: they ask for no content.
#[must_use]
pub fn emptied(fields: &BTreeSet<Field>, account: &Cells) -> BTreeSet<Field> {
    let is_empty = |field: &&Field| account.get(*field).is_some_and(|cell| cell.is.is_none());
    fields.iter().filter(|field| concerns(field)).filter(is_empty).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_names_its_ends() {
        let ends = |address: Option<u64>, location: Option<&str>| {
            Some(Ends { address: address.map(AddressId::new), location: location.map(str::to_owned) })
        };
        for (name, expected) in [
            ("location.7.000002", ends(Some(7), Some("000002"))),
            ("location.7.", ends(Some(7), None)),
            ("location..DOCK", ends(None, Some("DOCK"))),
            ("location.7.DOCK.2", ends(Some(7), Some("DOCK.2"))),
            ("location", None),
            ("shipping.address", None),
            ("attribute.location.7.2", None),
        ] {
            let field = Field::new(name);
            assert_eq!(Ends::of(&field), expected, "{name}");
            if let Some(ends) = expected {
                assert_eq!(ends.field(), field);
            }
        }
    }

    #[test]
    fn an_end_that_was_made_answers_to_the_name_it_had() {
        let cell = |text: &str| Cell::same(Some(text.to_owned()));
        let cells: Cells = [("location.7.000002", "a"), ("location.8.DOCK", "b")]
            .map(|(name, text)| (Field::new(name), cell(text)))
            .into();
        let saved = Both { account: cells.clone(), customer: cells };
        let asked = ["location.7.", "location..DOCK", "location.9.", "location.8.DOCK", "phone"].map(Field::new).into();
        let both = under_former_names(&saved, &asked);
        for (name, expected) in
            [("location.7.", Some("a")), ("location..DOCK", Some("b")), ("location.9.", None), ("phone", None)]
        {
            let found = both.customer.get(&Field::new(name)).and_then(|cell| cell.is.as_deref());
            assert_eq!(found, expected, "{name}");
        }
    }
}
