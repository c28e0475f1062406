//! Shopper and addresses → `Customer`, `BillTo…`, `ShipTo…`. Addresses belong to the order alone: overrides, never saved to the
//! customer. An existing customer is never changed.

mod address;
mod customer;

use acumatica::model::sales_order::SalesOrder;
use acumatica::model::value::set;
use magento::model::order::{Address, Order, Shipping};
use serde_json::{Value as Json, json};

use super::Shop;
use crate::plan::Plan;
use crate::settings::Guests;

pub(super) use customer::new_customer;

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
    if is_guest(order) {
        let guests = shop.required("guests", shop.scope.first(|scope| scope.guests.as_ref()))?;
        if let Guests::Generic { customer_id } = guests {
            return Ok(Party::Generic(customer_id));
        }
    }
    email(shop).map(Party::ByEmail)
}

/// Whether the shopper has bought without an account.
fn is_guest(order: &Order) -> bool {
    order.customer_is_guest.0 || order.customer_id.is_none()
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

/// Sets the order's own addresses. An order without anything to ship has no shipping address, whatever its assignment holds; the shop's
/// address of a pickup is a shipping address as any other.
pub(super) fn set_addresses(shop: &Shop<'_>, document: &mut SalesOrder) -> Result<(), Plan> {
    let billing = billing(shop)?;
    document.bill_to_address_override = set(true);
    document.bill_to_address = Some(address::address(shop, "billing", billing)?);
    document.bill_to_contact_override = set(true);
    document.bill_to_contact = Some(address::contact(shop, billing));
    if let Some(shipping) = shipping_address(shop)? {
        document.ship_to_address_override = set(true);
        document.ship_to_address = Some(address::address(shop, "shipping", shipping)?);
        document.ship_to_contact_override = set(true);
        document.ship_to_contact = Some(address::contact(shop, shipping));
    }
    Ok(())
}

fn billing<'a>(shop: &Shop<'a>) -> Result<&'a Address, Plan> {
    shop.order.billing_address.as_ref().ok_or_else(|| {
        let message = format!("Order {} has no billing address.", shop.order.increment_id);
        shop.reject("orders.rejected.address_incomplete", message)
    })
}

/// Where the order is shipped to. Without an address of its own it would go to the customer's, silently.
fn shipping_address<'a>(shop: &Shop<'a>) -> Result<Option<&'a Address>, Plan> {
    let order = shop.order;
    let Some(shipping) = shipping(shop).filter(|_| !order.is_virtual.0) else { return Ok(None) };
    if shipping.address.is_none() && shipping.method.as_deref().is_some_and(|method| !method.is_empty()) {
        let message = format!("Order {} is to be shipped, but it has no shipping address.", order.increment_id);
        return Err(shop.reject("orders.rejected.address_incomplete", message));
    }
    Ok(shipping.address.as_ref())
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
