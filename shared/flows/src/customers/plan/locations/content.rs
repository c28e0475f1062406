//! What an address and a location say: name, company, telephone, street to country, in each side's form and in the other's.

use acumatica::model::customer::Customer;
use acumatica::model::location::CustomerLocation;
use magento::model::customer::Address;

use super::super::super::facts::Facts;
use super::super::cells::{self, plain};
use super::super::names;
use crate::address::text;
use crate::merge::Cell;
use crate::plan::Finding;

/// Between the parts, each of which may have parts of its own.
const BETWEEN: &str = "\u{1e}";

/// An address of the account, and the same as a location.
pub(super) fn of_address(facts: &Facts<'_>, from: &Address) -> Cell {
    let name = names::in_parts(&names::of_address(from));
    let place = cells::of_address(facts, Some(from));
    let (company, phone) = (text(from.company.as_deref()), text(from.telephone.as_deref()));
    let is = whole([&name.is, &company, &phone, &place.is]);
    let means = means(&name, [&company, &phone], &place);
    Cell::mapped(Some(is), means.map(Some))
}

/// A location, and the same as an address: as `like`, where that is known. What Magento asks for and the location lacks is the customer's.
#[must_use]
pub fn of_location(facts: &Facts<'_>, customer: &Customer, from: &CustomerLocation, like: Option<&Address>) -> Cell {
    let contact = from.location_contact.as_ref();
    let attention = contact.and_then(|contact| plain(contact.attention.as_ref()));
    let phone = contact.and_then(|contact| plain(contact.phone1.as_ref()));
    let company = company(customer, from);
    let place = place(facts, from, like);
    let is = whole([&attention, &company, &phone, &place.is]);
    let name = names::whole(receiver(customer, from).as_deref(), &like.map(names::of_address).unwrap_or_default());
    let means = means(&name, [&company, &telephone(customer, from)], &place);
    Cell::mapped(Some(is), means.map(Some))
}

/// Street to country of a location.
fn place(facts: &Facts<'_>, from: &CustomerLocation, like: Option<&Address>) -> Cell {
    let contact = from.location_contact.as_ref();
    cells::of_erp_address(facts, contact.and_then(|contact| contact.address.as_ref()), like)
}

/// Whether a location says what the customer itself says: the same person at the same address.
pub(super) fn is_the_customers(facts: &Facts<'_>, customer: &Customer, location: &CustomerLocation) -> bool {
    let main = customer.main_contact.as_ref().and_then(|contact| plain(contact.phone1.as_ref()));
    let own = [cells::billing_address(customer), cells::shipping_address(customer)];
    let is = place(facts, location, None).is;
    receiver(customer, location) == cells::person(customer)
        && telephone(customer, location) == main
        && own.into_iter().any(|own| cells::of_erp_address(facts, own, None).is == is)
}

/// The company at a location. A new contact bears the customer's name in its place: where that is the person, there is no company.
pub(super) fn company(customer: &Customer, from: &CustomerLocation) -> Option<String> {
    let shown = from.location_contact.as_ref().and_then(|contact| plain(contact.company_name.as_ref()))?;
    let people = [receiver(customer, from), cells::person(customer)];
    Some(shown).filter(|shown| people.iter().flatten().all(|person| !crate::address::same(person, shown)))
}

/// Who receives parcels at a location: the person addressed there, else the customer's.
pub(super) fn receiver(customer: &Customer, from: &CustomerLocation) -> Option<String> {
    let own = from.location_contact.as_ref().and_then(|contact| plain(contact.attention.as_ref()));
    own.or_else(|| cells::person(customer))
}

/// The telephone of a location, else the customer's.
pub(super) fn telephone(customer: &Customer, from: &CustomerLocation) -> Option<String> {
    let own = from.location_contact.as_ref().and_then(|contact| plain(contact.phone1.as_ref()));
    own.or_else(|| customer.main_contact.as_ref().and_then(|contact| plain(contact.phone1.as_ref())))
}

/// Whether an address and a location say the same.
pub(super) fn are_the_same(address: &Cell, location: &Cell) -> bool {
    address.means.as_ref() == Ok(&location.is) || location.means.as_ref() == Ok(&address.is)
}

fn means(name: &Cell, [company, phone]: [&Option<String>; 2], place: &Cell) -> Result<String, Finding> {
    let (name, place) = (name.means.clone()?, place.means.clone()?);
    Ok(whole([&name, company, phone, &place]))
}

fn whole(parts: [&Option<String>; 4]) -> String {
    parts.map(|part| part.as_deref().unwrap_or_default()).join(BETWEEN)
}
