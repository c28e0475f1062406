//! Locations → further addresses, within the one list of the account.

use std::collections::BTreeSet;

use acumatica::model::customer::Customer;
use acumatica::model::location::CustomerLocation;
use magento::model::customer::{Address, AddressId, Customer as Account};
use serde_json::{Value as Json, json};

use super::super::super::facts::Facts;
use super::super::cells::{self, plain};
use super::super::{addresses, names, shown, to_magento};
use super::pairs::Row;
use super::{Ends, are_synced, content, further, pairs};
use crate::address::text;
use crate::merge::{Cells, Field, Merged};
use crate::plan::Finding;

/// Brings the addresses of `fields` into step in the list; one that is not there is put behind the others.
///
/// # Errors
/// What an address lacks.
pub(in super::super) fn add(
    facts: &Facts<'_>,
    customer: &Customer,
    fields: &BTreeSet<Field>,
    list: &mut Vec<Json>,
) -> Result<(), Finding> {
    let rows = pairs(facts);
    for ends in fields.iter().filter_map(Ends::of) {
        let Some(row) = rows.iter().find(|row| row.ends == ends) else { continue };
        let Some(location) = row.location else { continue };
        let at = row.ends.address.and_then(|id| list.iter().position(|entry| addresses::is_of(entry, id)));
        let mut entry = at.map_or_else(|| json!({}), |at| list[at].clone());
        fill(facts, customer, location, &mut entry)?;
        match at {
            Some(at) => list[at] = entry,
            None if is_there(facts, customer, location, list) => {}
            None => list.push(entry),
        }
    }
    Ok(())
}

/// Writes a location into an address. Parts that say the same already stay as they are: their form in Magento is the richer one.
fn fill(facts: &Facts<'_>, customer: &Customer, from: &CustomerLocation, entry: &mut Json) -> Result<(), Finding> {
    let contact = from.location_contact.as_ref();
    let before = read(entry);
    let receiver = content::receiver(customer, from);
    let named = before.as_ref().and_then(|before| crate::address::name(&names::of_address(before).each_ref()));
    if named.is_none() || named != receiver {
        let like = before.as_ref().map(names::of_address).unwrap_or_default();
        let parts = names::whole(receiver.as_deref(), &like).means?;
        to_magento::write_name(facts, parts.as_deref(), entry)?;
    }
    entry["company"] = json!(content::company(customer, from));
    entry["telephone"] = json!(content::telephone(customer, from));
    let address = contact.and_then(|contact| contact.address.clone()).unwrap_or_default();
    let stands = before.as_ref().is_some_and(|before| {
        cells::of_address(facts, Some(before)).means == Ok(cells::of_erp_address(facts, Some(&address), None).is)
    });
    if !stands {
        addresses::place(facts, &cells::to_shop(facts, &address, before.as_ref()), entry)?;
    }
    let number = plain(from.location_id.as_ref()).unwrap_or_default();
    addresses::complete(entry, &format!("Location `{number}` of {}", shown(facts)))
}

/// Whether the list has the location's content already, in an address that was a default one until now.
fn is_there(facts: &Facts<'_>, customer: &Customer, location: &CustomerLocation, list: &[Json]) -> bool {
    let cell = content::of_location(facts, customer, location, None);
    let bound: Vec<AddressId> =
        pairs(facts).iter().filter(|row| row.location.is_some()).filter_map(|row| row.ends.address).collect();
    let is_default = |entry: &Json| {
        ["default_billing", "default_shipping"].iter().any(|flag| entry.get(*flag) == Some(&json!(true)))
    };
    list.iter().filter(|entry| !is_default(entry)).filter_map(read).any(|address| {
        address.id.is_some_and(|id| !bound.contains(&id))
            && content::are_the_same(&content::of_address(facts, &address), &cell)
    })
}

fn read(entry: &Json) -> Option<Address> {
    serde_json::from_value(entry.clone()).ok()
}

/// Countries in which an address is to be written.
pub(in super::super) fn countries(facts: &Facts<'_>, merged: &Merged) -> Vec<String> {
    let asked = |ends: &Ends| facts.account.is_none() || merged.to_magento.contains(&ends.field());
    let rows = pairs(facts).into_iter().filter(|row| asked(&row.ends));
    let shop = |row: Row<'_>| {
        let address = row.location?.location_contact.as_ref()?.address.clone()?;
        Some(cells::to_shop(facts, &address, row.address))
    };
    let shops = rows.filter_map(shop);
    shops.filter(|shop| shop.region.is_some()).filter_map(|shop| shop.country).collect()
}

/// The further address that says what the default one shall say: it becomes the default one, and the other stays as it is.
pub(in super::super) fn standing(
    facts: &Facts<'_>,
    account: &Account,
    there: &Cells,
    for_bills: bool,
) -> Option<AddressId> {
    if !are_synced(facts) {
        return None;
    }
    let means = |name: &str| there.get(&Field::new(name)).and_then(|cell| cell.means.clone().ok()).flatten();
    let (place, phone) =
        if for_bills { (cells::BILLING, cells::PHONE) } else { (cells::SHIPPING, cells::SHIPPING_PHONE) };
    let (place, phone) = (means(place)?, means(phone));
    let is_it = |address: &Address| {
        let same_person = if for_bills {
            text(address.company.as_deref()) == means(cells::COMPANY)
        } else {
            names::in_parts(&names::of_address(address)).is == means(cells::SHIPPING_NAME)
        };
        let cell = cells::of_address(facts, Some(address));
        same_person && text(address.telephone.as_deref()) == phone && cell.is.as_ref() == Some(&place)
    };
    further(account).into_iter().find(|(_, address)| is_it(address)).map(|(id, _)| id)
}
