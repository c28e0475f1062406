//! Shopper and addresses → `Customer`, `BillTo…`, `ShipTo…`. Addresses belong to the order alone: overrides, never saved to the
//! customer. An existing customer is never changed.

use acumatica::model::customer::{Contact, Customer as NewCustomer};
use acumatica::model::sales_order::{Address, DocContact, SalesOrder};
use acumatica::model::value::{Value, set};
use magento::model::order::{Address as From, Order, Shipping};
use serde_json::{Value as Json, json};

use super::Shop;
use crate::plan::Plan;
use crate::settings::Guests;

/// Whose order it is in the ERP, as far as the settings and the order say.
pub enum Party<'a> {
    /// Found or made by this e-mail.
    ByEmail(&'a str),
    /// The settings' one customer for guests.
    Generic(&'a str),
}

/// How the order's customer is found.
pub(super) fn party<'a>(shop: &Shop<'a>) -> Result<Party<'a>, Plan> {
    let order = shop.order;
    if order.customer_is_guest.0 || order.customer_id.is_none() {
        let guests = shop.required("guests", shop.scope.first(|scope| scope.guests.as_ref()))?;
        if let Guests::Generic { customer_id } = guests {
            return Ok(Party::Generic(customer_id));
        }
    }
    email(shop).map(Party::ByEmail)
}

fn email<'a>(shop: &Shop<'a>) -> Result<&'a str, Plan> {
    let order = shop.order;
    let billing = order.billing_address.as_ref().and_then(|address| address.email.as_deref());
    let mut known = [order.customer_email.as_deref(), billing].into_iter().flatten().map(str::trim);
    known.find(|email| !email.is_empty()).ok_or_else(|| {
        let message = format!("Order {} has no e-mail, so its customer cannot be found.", order.increment_id);
        shop.reject("orders.rejected.email_missing", message)
    })
}

/// The customer to be made: name, e-mail and billing address of the order.
pub(super) fn new_customer(shop: &Shop<'_>, email: &str) -> NewCustomer {
    let order = shop.order;
    let billing = order.billing_address.as_ref();
    let account = name(order.customer_firstname.as_deref(), order.customer_lastname.as_deref());
    let person = account.or_else(|| billing.and_then(person)).unwrap_or_else(|| email.to_owned());
    let company = billing.and_then(|address| text(address.company.as_deref()));
    NewCustomer {
        customer_id: None,
        customer_name: set(company.clone().unwrap_or_else(|| person.clone())),
        customer_class: shop.scope.first(|scope| scope.customer_class.as_deref()).and_then(set),
        currency_id: None,
        status: None,
        tax_registration_id: None,
        main_contact: Some(Contact {
            company_name: company.and_then(set),
            attention: set(person),
            email: set(email),
            phone1: billing.and_then(|address| wrapped(address.telephone.as_deref())),
            address: billing.map(address),
        }),
    }
}

/// Sets the order's own addresses and contacts.
pub(super) fn set_addresses(shop: &Shop<'_>, document: &mut SalesOrder) {
    if let Some(billing) = &shop.order.billing_address {
        document.bill_to_address_override = set(true);
        document.bill_to_address = Some(address(billing));
        document.bill_to_contact_override = set(true);
        document.bill_to_contact = Some(contact(shop, billing));
    }
    if let Some(shipping) = shipping(shop).and_then(|shipping| shipping.address.as_ref()) {
        document.ship_to_address_override = set(true);
        document.ship_to_address = Some(address(shipping));
        document.ship_to_contact_override = set(true);
        document.ship_to_contact = Some(contact(shop, shipping));
    }
}

/// The addresses and contacts of a document, with all their fields.
const PARTIES: [(&str, &[&str]); 4] = [
    ("BillToAddress", &ADDRESS),
    ("BillToContact", &CONTACT),
    ("ShipToAddress", &ADDRESS),
    ("ShipToContact", &CONTACT),
];
const ADDRESS: [&str; 6] = ["AddressLine1", "AddressLine2", "City", "Country", "PostalCode", "State"];
const CONTACT: [&str; 4] = ["Attention", "BusinessName", "Email", "Phone1"];

/// Empties what the shopper left empty. An address of the order's own starts as a copy of the customer's (Integration Development Guide,
/// overriding addresses on orders), and a field that is not sent keeps its value: another address' suite, state or telephone would stay.
pub(super) fn empty_the_rest(body: &mut Json) {
    for (party, fields) in PARTIES {
        let Some(sent) = body.get_mut(party).and_then(Json::as_object_mut) else { continue };
        for field in fields {
            sent.entry(*field).or_insert_with(|| json!({ "value": null }));
        }
    }
}

/// Where and how the order is shipped; virtual orders have nothing of it.
pub(super) fn shipping<'a>(shop: &Shop<'a>) -> Option<&'a Shipping> {
    shipping_of(shop.order)
}

/// Where and how an order is shipped.
pub(super) fn shipping_of(order: &Order) -> Option<&Shipping> {
    order.extension_attributes.shipping_assignments.iter().find_map(|assignment| assignment.shipping.as_ref())
}

/// Three or four street lines become two: the first, and the others in one.
fn address(from: &From) -> Address {
    let street: Vec<&str> = from.street.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    let (first, rest) = street.split_first().map_or((None, &[][..]), |(first, rest)| (Some(*first), rest));
    Address {
        address_line1: first.and_then(set),
        address_line2: (!rest.is_empty()).then(|| set(rest.join(", "))).flatten(),
        city: wrapped(from.city.as_deref()),
        state: wrapped(from.region_code.as_deref()).or_else(|| wrapped(from.region.as_deref())),
        postal_code: wrapped(from.postcode.as_deref()),
        country: wrapped(from.country_id.as_deref()),
    }
}

fn contact(shop: &Shop<'_>, from: &From) -> DocContact {
    DocContact {
        attention: person(from).and_then(set),
        business_name: wrapped(from.company.as_deref()).or_else(|| person(from).and_then(set)),
        email: wrapped(from.email.as_deref()).or_else(|| wrapped(shop.order.customer_email.as_deref())),
        phone1: wrapped(from.telephone.as_deref()),
    }
}

fn person(from: &From) -> Option<String> {
    name(from.firstname.as_deref(), from.lastname.as_deref())
}

fn name(first: Option<&str>, last: Option<&str>) -> Option<String> {
    let name: Vec<&str> = [first, last].into_iter().flatten().map(str::trim).filter(|part| !part.is_empty()).collect();
    (!name.is_empty()).then(|| name.join(" "))
}

fn text(value: Option<&str>) -> Option<String> {
    value.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn wrapped(value: Option<&str>) -> Option<Value<String>> {
    text(value).and_then(set)
}
