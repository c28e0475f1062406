//! A customer that an order makes.

use acumatica::model::customer::Customer;

use super::super::Shop;
use super::address::{address, person};
use super::{billing, is_guest};
use crate::address::{name, text};
use crate::customers::plan::to_acumatica::{Newcomer, newcomer};
use crate::plan::Plan;

/// The customer to be made: a shopper with an account has the account's name, a guest the order's, both with the order's billing address.
/// A company is the customer, and the person its contact. Currency, terms and whatever else a customer has are its class's.
pub(in super::super) fn new_customer(shop: &Shop<'_>, email: &str) -> Result<Customer, Plan> {
    let order = shop.order;
    let billing = billing(shop)?;
    let account = name(&[&order.customer_firstname, &order.customer_lastname]);
    let person = account.or_else(|| person(billing)).unwrap_or_else(|| email.to_owned());
    let company = text(billing.company.as_deref());
    Ok(newcomer(Newcomer {
        email: email.to_owned(),
        person,
        company,
        vat_number: text(billing.vat_id.as_deref()).or_else(|| text(order.customer_taxvat.as_deref())),
        phone: text(billing.telephone.as_deref()),
        address: Some(address(shop, "billing", billing)?),
        class: shop.scope.first(|scope| scope.customer_class.clone()),
        price_class: None,
        is_guest: is_guest(order),
    }))
}
