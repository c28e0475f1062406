//! A customer that an order makes.

use acumatica::model::customer::{Contact, Customer};
use acumatica::model::value::set;

use super::super::Shop;
use super::address::{address, name, person, text, wrapped};
use super::billing;
use crate::plan::Plan;

/// The customer to be made: a shopper with an account has the account's name, a guest the order's, both with the order's billing address.
/// A company is the customer, and the person its contact. Currency, terms and whatever else a customer has are its class's.
pub(in super::super) fn new_customer(shop: &Shop<'_>, email: &str) -> Result<Customer, Plan> {
    let order = shop.order;
    let billing = billing(shop)?;
    let account = name(&[&order.customer_firstname, &order.customer_lastname]);
    let person = account.or_else(|| person(billing)).unwrap_or_else(|| email.to_owned());
    let company = text(billing.company.as_deref());
    let vat_number = wrapped(billing.vat_id.as_deref()).or_else(|| wrapped(order.customer_taxvat.as_deref()));
    Ok(Customer {
        customer_name: set(company.clone().unwrap_or_else(|| person.clone())),
        customer_class: shop.scope.first(|scope| scope.customer_class.as_deref()).and_then(set),
        tax_registration_id: vat_number,
        main_contact: Some(Contact {
            company_name: company.and_then(set),
            attention: set(person),
            email: set(email),
            phone1: wrapped(billing.telephone.as_deref()),
            address: Some(address(shop, "billing", billing)?),
            ..Contact::default()
        }),
        ..Customer::default()
    })
}
