//! An address of the order as Acumatica's: street, country and state, and who is there.

use acumatica::model::sales_order::{Address, DocContact};
use acumatica::model::value::{Value, set};
use magento::model::order::Address as From;

use super::super::Shop;
use crate::plan::Plan;
use crate::settings::StateForm;

/// The address, or a rejection that names the fields without which nothing can be delivered or taxed; never what stands in the others.
/// A postal code, a region and a telephone may be missing: there are countries and checkouts without them.
pub(super) fn address(shop: &Shop<'_>, which: &str, from: &From) -> Result<Address, Plan> {
    let (line1, line2) = street(from);
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
    let row = shop.scope.row(|scope| &scope.countries, |row| row.country == country);
    Ok(Address {
        address_line1: line1.and_then(set),
        address_line2: line2.and_then(set),
        city: wrapped(from.city.as_deref()),
        state: state(shop, from, &country, row.map(|row| row.state).unwrap_or_default()).and_then(set),
        postal_code: wrapped(from.postcode.as_deref()),
        country: set(row.and_then(|row| row.acumatica.clone()).unwrap_or(country)),
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

/// One to four lines become two: the first, and the others in one. How long a line may be is stated nowhere, so nothing is cut here and
/// the ERP's echo decides.
fn street(from: &From) -> (Option<String>, Option<String>) {
    let mut lines = from.street.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    let first = lines.next().map(str::to_owned);
    let rest: Vec<&str> = lines.collect();
    (first, (!rest.is_empty()).then(|| rest.join(", ")))
}

/// The region as Acumatica knows it: an exception of the settings, else in the form that the country has there. Magento has codes for some
/// countries only, and puts the name in their place or nothing.
fn state(shop: &Shop<'_>, from: &From, country: &str, form: StateForm) -> Option<String> {
    let (code, name) = (text(from.region_code.as_deref()), text(from.region.as_deref()));
    let called = |region: &str| {
        [&code, &name].into_iter().flatten().any(|known| known.to_lowercase() == region.trim().to_lowercase())
    };
    let exception = shop.scope.row(|scope| &scope.regions, |row| row.country == country && called(&row.region));
    match (exception, form) {
        (Some(row), _) => Some(row.state.clone()),
        (None, StateForm::Code) => code.or(name),
        (None, StateForm::Name) => name.or(code),
        (None, StateForm::None) => None,
    }
}

/// A person's whole name.
pub(super) fn person(from: &From) -> Option<String> {
    name(&[&from.prefix, &from.firstname, &from.middlename, &from.lastname, &from.suffix])
}

/// The parts of a name that there are, with one blank between them.
pub(super) fn name(parts: &[&Option<String>]) -> Option<String> {
    let parts: Vec<String> = parts.iter().filter_map(|part| text(part.as_deref())).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// What was entered, without the blanks around it; none where that is nothing.
pub(super) fn text(value: Option<&str>) -> Option<String> {
    value.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// [`text`] as it is sent.
pub(super) fn wrapped(value: Option<&str>) -> Option<Value<String>> {
    text(value).and_then(set)
}
