//! Further addresses → locations: one save for each that is new or has changed.

use std::collections::BTreeSet;

use acumatica::Put;
use acumatica::model::limits;
use acumatica::model::location::CustomerLocation;
use acumatica::model::value::{Value, set};
use magento::model::customer::{Address, AddressId};
use serde_json::json;

use super::super::super::facts::Facts;
use super::super::cells::{self, plain};
use super::super::{names, shown, to_acumatica};
use super::{Ends, candidates, concerns, pairs};
use crate::address::text;
use crate::merge::Field;
use crate::plan::{Finding, Step, StepKey};

/// Our reference on the location of an address.
#[must_use]
pub fn reference(link: &str, address: AddressId) -> String {
    format!("{link}-{address}")
}

/// Whether the open save of a location was to set it inactive: such a save carries no reference.
#[must_use]
pub fn is_deactivation(reference: Option<&str>) -> bool {
    reference.is_none()
}

/// The saves that bring `fields` into step.
///
/// # Errors
/// What the settings do not map, or what is too long.
pub(in super::super) fn steps(facts: &Facts<'_>, fields: &BTreeSet<Field>) -> Result<Vec<Step>, Finding> {
    let mut taken: BTreeSet<String> =
        facts.further.map(|further| candidates(further.locations)).into_iter().flatten().map(|(id, _)| id).collect();
    let rows = pairs(facts);
    let asked = fields.iter().filter(|field| concerns(field)).filter_map(Ends::of);
    asked
        .filter_map(|ends| rows.iter().find(|row| row.ends == ends))
        .map(|row| {
            let put = match (row.address, row.location, row.ends.address) {
                (Some(address), Some(location), Some(id)) => changed(facts, id, address, location),
                (Some(address), None, Some(id)) => new(facts, id, address, &mut taken),
                (_, location, _) => inactive(facts, location),
            };
            within_limits(facts, &put)?;
            let reference = row.ends.address.filter(|_| row.address.is_some()).map(|id| reference(facts.link, id));
            Ok(Step {
                part: Some(row.ends.field().name().to_owned()),
                reference,
                ..Step::new(StepKey::LocationSave, put)
            })
        })
        .collect()
}

/// A location of its own for an address. Its id is the address' unless the customer has a location of that id; a tenant that numbers locations
/// gives it another one.
fn new(facts: &Facts<'_>, id: AddressId, from: &Address, taken: &mut BTreeSet<String>) -> Put {
    let mut ids = (1..).map(|n| if n == 1 { id.to_string() } else { format!("{id}-{n}") });
    let free = ids.find(|id| !taken.contains(id)).expect("invariant: there is always another number");
    taken.insert(free.clone());
    let location = CustomerLocation {
        customer: customer(facts),
        location_id: set(free),
        location_name: name(from).and_then(set),
        ext_ref_nbr: set(reference(facts.link, id)),
        ..CustomerLocation::default()
    };
    let mut put = Put::new_location(&location);
    // A location of that id that somebody has just made is not to be overwritten.
    put.headers.push(("If-None-Match".to_owned(), "*".to_owned()));
    write(facts, from, &mut put);
    put
}

fn changed(facts: &Facts<'_>, id: AddressId, from: &Address, location: &CustomerLocation) -> Put {
    let mut put = Put::location(&key(facts, location));
    let own = |known: &str| known.starts_with(&format!("{}-", facts.link));
    let known = plain(location.ext_ref_nbr.as_ref());
    let reference = reference(facts.link, id);
    if known.as_deref().is_some_and(own) && known.as_deref() != Some(reference.as_str()) {
        to_acumatica::at(&mut put.body, "ExtRefNbr", Some(&reference));
    }
    write(facts, from, &mut put);
    put
}

fn inactive(facts: &Facts<'_>, location: Option<&CustomerLocation>) -> Put {
    let mut put = Put::location(&location.map(|location| key(facts, location)).unwrap_or_default());
    put.body["Active"] = json!({ "value": false });
    put
}

fn key(facts: &Facts<'_>, location: &CustomerLocation) -> CustomerLocation {
    let location_id = plain(location.location_id.as_ref()).and_then(set);
    CustomerLocation { customer: customer(facts), location_id, ..CustomerLocation::default() }
}

fn customer(facts: &Facts<'_>) -> Option<Value<String>> {
    facts.customer.and_then(|customer| plain(customer.customer_id.as_ref())).and_then(set)
}

/// Contact and address, both the location's own. What is empty on one side is emptied on the other.
fn write(facts: &Facts<'_>, from: &Address, put: &mut Put) {
    let body = &mut put.body;
    to_acumatica::at_bool(body, "ContactOverride", true);
    to_acumatica::at_bool(body, "AddressOverride", true);
    let receiver = crate::address::name(&names::of_address(from).each_ref());
    to_acumatica::at(body, "LocationContact/Attention", receiver.as_deref());
    to_acumatica::at(body, "LocationContact/CompanyName", text(from.company.as_deref()).as_deref());
    to_acumatica::at(body, "LocationContact/Phone1", text(from.telephone.as_deref()).as_deref());
    to_acumatica::address_at(body, "LocationContact/Address", Some(cells::to_erp(facts, from)));
}

/// What the location is called in the ERP's lists: a label given once, shortened to what it holds; the whole name stands in the contact.
fn name(from: &Address) -> Option<String> {
    let company = text(from.company.as_deref());
    let receiver = || crate::address::name(&names::of_address(from).each_ref());
    let most = limits::limit("CustomerLocation", "LocationName").unwrap_or(usize::MAX);
    text(company.or_else(receiver).map(|name| name.chars().take(most).collect::<String>()).as_deref())
}

fn within_limits(facts: &Facts<'_>, put: &Put) -> Result<(), Finding> {
    limits::too_long("CustomerLocation", &put.body).map_or(Ok(()), |long| {
        let message = format!(
            "`{}` of a further address of {} has {} characters; Acumatica's field CustomerLocation.{} holds {}.",
            long.path,
            shown(facts),
            long.length,
            long.path,
            long.limit
        );
        Err(Finding::new("customers.rejected.value_too_long", message))
    })
}
