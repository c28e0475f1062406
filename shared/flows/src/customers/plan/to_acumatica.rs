//! Magento's account → Acumatica's customer: a new one, or the fields that changed.

use std::collections::BTreeSet;

use acumatica::Put;
use acumatica::model::customer::{Contact, Customer};
use acumatica::model::limits;
use acumatica::model::sales_order::Address;
use acumatica::model::value::set;
use magento::model::customer::Customer as Account;
use serde_json::{Map, Value as Json, json};

use super::super::facts::Facts;
use super::{attributes, cells, groups, main, shown};
use crate::address;
use crate::merge::{Cells, Field, Merged};
use crate::plan::Finding;
use crate::settings::{AttributeTarget, CustomerField};

/// Somebody whom Acumatica does not know yet: an account, or an order's shopper.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// The address for mail, by which the customer is found from then on.
    pub email: String,
    /// Who it is.
    pub person: String,
    /// The company, which then is the customer, and the person its contact.
    pub company: Option<String>,
    /// VAT number.
    pub vat_number: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// The main address.
    pub address: Option<Address>,
    /// The customer class; the ERP's own default where none is mapped. Currency, terms and whatever else a customer has are its class's.
    pub class: Option<String>,
    /// The price class.
    pub price_class: Option<String>,
    /// Whether the person has bought without an account: nobody makes one of a guest.
    pub is_guest: bool,
}

/// The customer to be made.
#[must_use]
pub fn newcomer(from: Newcomer) -> Customer {
    let Newcomer { email, person, company, vat_number, phone, address, class, price_class, is_guest } = from;
    Customer {
        customer_name: set(company.clone().unwrap_or_else(|| person.clone())),
        customer_class: class.and_then(set),
        price_class_id: price_class.and_then(set),
        is_guest_customer: if is_guest { set(true) } else { None },
        tax_registration_id: vat_number.and_then(set),
        main_contact: Some(Contact {
            company_name: company.and_then(set),
            attention: set(person),
            email: set(email),
            phone1: phone.and_then(set),
            address,
            ..Contact::default()
        }),
        ..Customer::default()
    }
}

/// The request that makes the account's customer.
///
/// # Errors
/// What the account lacks, what the settings do not map, or what is too long.
pub(super) fn create(facts: &Facts<'_>, account: &Account, here: &Cells) -> Result<Put, Finding> {
    let wanted =
        |name: &str| here.get(&Field::new(name)).map(|cell| cell.means.clone()).transpose().map(Option::flatten);
    let billing = cells::billing(account).filter(|_| here.contains_key(&Field::new(cells::BILLING)));
    let group = wanted(cells::GROUP)?;
    let (class, price_class) = group.as_deref().map(class_and_price).unwrap_or_default();
    let order_class =
        || facts.store().and_then(|store| facts.settings.orders_of(store).first(|scope| scope.customer_class.clone()));
    let new = newcomer(Newcomer {
        email: address::text(account.email.as_deref()).unwrap_or_default(),
        person: wanted(cells::NAME)?.ok_or_else(|| no_name(facts))?,
        company: wanted(cells::COMPANY)?,
        vat_number: wanted(cells::VAT)?,
        phone: wanted(cells::PHONE)?,
        address: billing.map(|billing| cells::to_erp(facts, billing)),
        class: class.or_else(order_class),
        price_class,
        is_guest: false,
    });
    let mut put = Put::new_customer(&new);
    let of_new = [cells::EMAIL, cells::NAME, cells::COMPANY, cells::VAT, cells::PHONE, cells::GROUP, cells::BILLING];
    // A parcel goes to the main address unless another one is named.
    let same_place = wanted(cells::SHIPPING)? == wanted(cells::BILLING)?;
    let skipped = |name: &str| of_new.contains(&name) || (same_place && name == cells::SHIPPING);
    let rest = here.iter().filter(|(field, cell)| !skipped(field.name()) && cell.is.is_some());
    let rest: BTreeSet<Field> = rest.map(|(field, _)| field.clone()).filter(|field| !is_mains(field, here)).collect();
    write(facts, account, here, &rest, &mut put.body)?;
    within_limits(&shown(facts), "Customer", &put.body)?;
    Ok(put)
}

/// Receiver and telephone of parcels, where they are the main contact's.
fn is_mains(field: &Field, here: &Cells) -> bool {
    let means = |name: &str| here.get(&Field::new(name)).and_then(|cell| cell.means.as_ref().ok()).cloned().flatten();
    match field.name() {
        cells::SHIPPING_NAME => means(cells::SHIPPING_NAME) == means(cells::NAME),
        cells::SHIPPING_PHONE => means(cells::SHIPPING_PHONE) == means(cells::PHONE),
        _ => false,
    }
}

/// The request that brings the customer's fields into step.
///
/// # Errors
/// As [`create`].
pub(super) fn update(
    facts: &Facts<'_>,
    account: &Account,
    customer: &Customer,
    here: &Cells,
    merged: &Merged,
) -> Result<Put, Finding> {
    let key = Customer { customer_id: customer.customer_id.clone(), ..Customer::default() };
    let mut put = Put::customer(&key);
    if is(customer.is_guest_customer.as_ref()) {
        at_bool(&mut put.body, "IsGuestCustomer", false);
    }
    write(facts, account, here, &merged.to_acumatica, &mut put.body)?;
    for field in main::kept(facts, merged) {
        keep(facts, customer, &field, &mut put.body);
    }
    within_limits(&shown(facts), "Customer", &put.body)?;
    Ok(put)
}

/// Writes a part of the shipping contact as it is.
fn keep(facts: &Facts<'_>, customer: &Customer, field: &Field, body: &mut Json) {
    let main = customer.main_contact.as_ref();
    let value = match field.name() {
        cells::SHIPPING => {
            at_bool(body, "ShippingAddressOverride", true);
            return address_at(body, "ShippingContact/Address", cells::shipping_address(customer).cloned());
        }
        cells::SHIPPING_NAME => main.and_then(|main| cells::plain(main.attention.as_ref())),
        _ => main.and_then(|main| cells::plain(main.phone1.as_ref())),
    };
    own_contact(facts, body);
    let name = if field.name() == cells::SHIPPING_NAME { "Attention" } else { "Phone1" };
    at(body, &format!("ShippingContact/{name}"), value.as_deref());
}

/// Writes `fields` of the account into a customer's body.
fn write(
    facts: &Facts<'_>,
    account: &Account,
    here: &Cells,
    fields: &BTreeSet<Field>,
    body: &mut Json,
) -> Result<(), Finding> {
    for field in fields.iter().filter(|field| !main::comes_along(facts, here, fields, field)) {
        let Some(cell) = here.get(field) else { continue };
        let value = cell.means.clone()?;
        let value = value.as_deref();
        match field.name() {
            cells::EMAIL => at(body, "MainContact/Email", address::text(account.email.as_deref()).as_deref()),
            cells::NAME | cells::COMPANY => names(facts, here, fields, body)?,
            cells::VAT => at(body, "TaxRegistrationID", value),
            cells::PHONE => at(body, "MainContact/Phone1", value),
            cells::GROUP => {
                let (class, price) = value.map(class_and_price).unwrap_or_default();
                at(body, "CustomerClass", class.as_deref());
                if groups::has_price_classes(facts) {
                    at(body, "PriceClassID", price.as_deref());
                }
            }
            cells::BILLING => {
                let own = facts.customer.is_some_and(|customer| is(customer.billing_address_override.as_ref()));
                let place = if own { "BillingContact/Address" } else { "MainContact/Address" };
                address_at(body, place, cells::billing(account).map(|from| cells::to_erp(facts, from)));
            }
            cells::SHIPPING => {
                at_bool(body, "ShippingAddressOverride", true);
                address_at(
                    body,
                    "ShippingContact/Address",
                    cells::shipping(account).map(|from| cells::to_erp(facts, from)),
                );
            }
            cells::SHIPPING_NAME => {
                own_contact(facts, body);
                at(body, "ShippingContact/Attention", value);
            }
            cells::SHIPPING_PHONE => {
                own_contact(facts, body);
                at(body, "ShippingContact/Phone1", value);
            }
            attributes::NEWSLETTER => {
                if let Some(target) = attributes::newsletter(facts) {
                    attribute(body, target, value);
                }
            }
            name => {
                if let Some(row) = attributes::row_of(facts, name) {
                    attribute(body, &row.acumatica, value);
                }
            }
        }
    }
    Ok(())
}

/// The name shown is the company's, else the person's: it follows both. What is not among `fields` stays as Acumatica has it.
fn names(facts: &Facts<'_>, here: &Cells, fields: &BTreeSet<Field>, body: &mut Json) -> Result<(), Finding> {
    let has = |name: &str| fields.contains(&Field::new(name));
    let means = |name: &str| here.get(&Field::new(name)).and_then(|cell| cell.means.clone().ok()).flatten();
    let own = facts.customer.filter(|_| !has(cells::NAME)).and_then(cells::person);
    let person = own.or_else(|| means(cells::NAME)).ok_or_else(|| no_name(facts))?;
    let company = if has(cells::COMPANY) {
        let company = means(cells::COMPANY);
        at(body, "MainContact/CompanyName", company.as_deref());
        company
    } else {
        facts.customer.and_then(cells::company)
    };
    // A person who was called by the name shown alone would be lost with it.
    let addressed = facts.customer.and_then(|customer| customer.main_contact.as_ref()?.attention.as_ref());
    if has(cells::NAME) || cells::plain(addressed).is_none() {
        at(body, "MainContact/Attention", Some(&person));
    }
    at(body, "CustomerName", Some(company.as_deref().unwrap_or(&person)));
    Ok(())
}

/// The shipping contact is its own from now on. Whether it then starts as a copy of the main one is documented nowhere, so it is sent as one.
fn own_contact(facts: &Facts<'_>, body: &mut Json) {
    let already = facts.customer.is_some_and(|customer| is(customer.shipping_contact_override.as_ref()));
    if already || body.get("ShippingContactOverride").is_some() {
        return;
    }
    at_bool(body, "ShippingContactOverride", true);
    let main = facts.customer.and_then(|customer| customer.main_contact.as_ref());
    for (name, now) in [
        ("Attention", main.and_then(|main| cells::plain(main.attention.as_ref()))),
        ("Phone1", main.and_then(|main| cells::plain(main.phone1.as_ref()))),
        ("Email", main.and_then(|main| cells::plain(main.email.as_ref()))),
    ] {
        // What the main one is about to be.
        let next = body.pointer(&format!("/MainContact/{name}/value")).cloned();
        let value = next.unwrap_or_else(|| json!(now));
        put_at(body, &format!("ShippingContact/{name}"), json!({ "value": value }));
    }
}

fn attribute(body: &mut Json, target: &AttributeTarget, value: Option<&str>) {
    match target {
        AttributeTarget::Attribute(id) => {
            let rows = member(body, "Attributes").or_insert_with(|| json!([]));
            if let Some(rows) = rows.as_array_mut() {
                rows.push(json!({ "AttributeID": { "value": id }, "Value": { "value": value } }));
            }
        }
        AttributeTarget::Field(field) => {
            let name = match field {
                CustomerField::Terms => "Terms",
                CustomerField::TaxZone => "TaxZone",
                CustomerField::TaxExemptionNumber => "TaxExemptionNumber",
                CustomerField::AccountRef => "AccountRef",
            };
            at(body, name, value);
        }
    }
}

/// All fields of an address: what is empty on one side is emptied on the other.
pub(super) fn address_at(body: &mut Json, place: &str, address: Option<Address>) {
    let address = address.unwrap_or_default();
    for (name, value) in [
        ("AddressLine1", address.address_line1),
        ("AddressLine2", address.address_line2),
        ("City", address.city),
        ("State", address.state),
        ("PostalCode", address.postal_code),
        ("Country", address.country),
    ] {
        at(body, &format!("{place}/{name}"), value.as_ref().map(|value| value.0.as_str()));
    }
}

/// Sets the field at a path such as `MainContact/Email`; without a value it is emptied.
pub(super) fn at(body: &mut Json, path: &str, value: Option<&str>) {
    put_at(body, path, json!({ "value": value }));
}

pub(super) fn at_bool(body: &mut Json, path: &str, value: bool) {
    put_at(body, path, json!({ "value": value }));
}

fn put_at(body: &mut Json, path: &str, value: Json) {
    let (first, rest) = path.split_once('/').map_or((path, None), |(first, rest)| (first, Some(rest)));
    match rest {
        Some(rest) => put_at(member(body, first).or_insert_with(|| Json::Object(Map::new())), rest, value),
        None => *member(body, first).or_insert(Json::Null) = value,
    }
}

fn member<'b>(body: &'b mut Json, name: &str) -> serde_json::map::Entry<'b> {
    body.as_object_mut().expect("invariant: a body is an object of objects").entry(name)
}

fn class_and_price(pair: &str) -> (Option<String>, Option<String>) {
    let mut parts = pair.split('\u{1f}');
    let (class, price) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    (address::text(Some(class)), address::text(Some(price)))
}

fn is(flag: Option<&acumatica::model::value::Value<bool>>) -> bool {
    flag.is_some_and(|flag| flag.0)
}

fn no_name(facts: &Facts<'_>) -> Finding {
    Finding::new("customers.rejected.name_missing", format!("{} has no name.", shown(facts)))
}

/// Whether Acumatica's fields hold everything in a body of `entity`, which is that of `whom`.
pub(super) fn within_limits(whom: &str, entity: &'static str, body: &Json) -> Result<(), Finding> {
    limits::too_long(entity, body).map_or(Ok(()), |long| {
        let message = format!(
            "`{}` of {whom} has {} characters; Acumatica's field {entity}.{} holds {}.",
            long.path, long.length, long.path, long.limit
        );
        Err(Finding::new("customers.rejected.value_too_long", message))
    })
}
