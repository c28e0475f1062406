//! An address of the order as Acumatica's: street, country and state, and who is there.

use acumatica::model::sales_order::{Address, DocContact};
use acumatica::model::value::{Value, set};
use magento::model::order::Address as From;

use super::super::Shop;
use crate::address::{self, Place, name, street, text};
use crate::plan::Plan;

/// The address, or a rejection that names the fields without which nothing can be delivered or taxed; never what stands in the others.
/// A postal code, a region and a telephone may be missing: there are countries and checkouts without them.
pub(super) fn address(shop: &Shop<'_>, which: &str, from: &From) -> Result<Address, Plan> {
    let (line1, line2) = street(&from.street);
    let country = text(from.country_id.as_deref());
    let missing: Vec<&str> = [
        ("no street", line1.is_some()),
        ("no city", text(from.city.as_deref()).is_some()),
        ("no country", country.is_some()),
    ]
    .into_iter()
    .filter_map(|(what, there)| (!there).then_some(what))
    .collect();
    if !missing.is_empty() {
        let message = format!("The {which} address of order {} has {}.", shop.order.increment_id, missing.join(", "));
        return Err(shop.reject("orders.rejected.address_incomplete", message));
    }
    let country = country.unwrap_or_default();
    let (region_code, region) = (from.region_code.as_deref(), from.region.as_deref());
    let state = address::state(&shop.scope, Place { country: &country, region_code, region });
    Ok(Address {
        address_line1: line1.and_then(set),
        address_line2: line2.and_then(set),
        city: wrapped(from.city.as_deref()),
        state: state.and_then(set),
        postal_code: wrapped(from.postcode.as_deref()),
        country: set(address::country(&shop.scope, &country)),
    })
}

/// Who is there, and how they are reached. An address without an e-mail of its own has the order's.
pub(super) fn contact(shop: &Shop<'_>, from: &From) -> DocContact {
    DocContact {
        attention: person(from).and_then(set),
        business_name: wrapped(from.company.as_deref()).or_else(|| person(from).and_then(set)),
        email: wrapped(from.email.as_deref()).or_else(|| wrapped(shop.order.customer_email.as_deref())),
        phone1: wrapped(from.telephone.as_deref()),
    }
}

/// A person's whole name.
pub(super) fn person(from: &From) -> Option<String> {
    name(&[&from.prefix, &from.firstname, &from.middlename, &from.lastname, &from.suffix])
}

/// [`text`] as it is sent.
pub(super) fn wrapped(value: Option<&str>) -> Option<Value<String>> {
    text(value).and_then(set)
}
