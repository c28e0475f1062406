//! Acumatica's customer → Magento's account: a new one, or the fields that changed.
//!
//! A save wants the whole person, and a list of addresses replaces all that are there. So what was read is sent back with what has changed, and
//! the addresses either all of them or none.

use std::collections::BTreeSet;

use acumatica::model::customer::Customer;
use magento::Write;
use magento::model::customer::Customer as Account;
use serde_json::{Map, Value as Json, json};

use super::super::facts::Facts;
use super::addresses::{self, Addresses};
use super::{attributes, cells, locations, names, shown};
use crate::address;
use crate::merge::{Cells, Field};
use crate::plan::Finding;

/// What Magento keeps by itself, or takes for a change where it is sent.
const NOT_SENT: [&str; 7] = [
    "addresses",
    "created_at",
    "created_in",
    "default_billing",
    "default_shipping",
    "extension_attributes",
    "updated_at",
];

/// The request that makes the customer's account.
///
/// # Errors
/// What the customer lacks for an account, or what the settings do not map.
pub(super) fn create(facts: &Facts<'_>, customer: &Customer, there: &Cells) -> Result<Write, Finding> {
    let accounts = facts.accounts().ok_or_else(|| not_an_account(facts))?;
    let store = facts.store_of_new().ok_or_else(|| no_store(&accounts.store_view))?;
    let email = customer.main_contact.as_ref().and_then(|contact| cells::plain(contact.email.as_ref()));
    let mut body = json!({ "email": email, "store_id": store.store_id, "website_id": accounts.website_id });
    let fields: BTreeSet<Field> =
        there.iter().filter(|(_, cell)| cell.is.is_some()).map(|(field, _)| field.clone()).collect();
    write(facts, customer, there, &fields, &mut body)?;
    if body.get("lastname").is_none_or(Json::is_null) {
        return Err(incomplete_name(facts));
    }
    let mut addresses = Addresses::of_new(facts, customer, there)?;
    locations::add(facts, customer, &fields, addresses.entries())?;
    if !addresses.is_empty() {
        body["addresses"] = addresses.list();
    }
    Ok(Write::create_customer(body))
}

/// The request that brings `fields` of the account into step.
///
/// # Errors
/// As [`create`].
pub(super) fn update(
    facts: &Facts<'_>,
    account: &Account,
    customer: &Customer,
    there: &Cells,
    fields: &BTreeSet<Field>,
) -> Result<Write, Finding> {
    let mut body = as_read(account);
    write(facts, customer, there, fields, &mut body)?;
    if fields.iter().any(|field| addresses::concerns(field) || locations::concerns(field)) {
        let mut addresses = Addresses::of_account(facts, account, customer, there, fields)?;
        locations::add(facts, customer, fields, addresses.entries())?;
        body["addresses"] = addresses.list();
    }
    Ok(Write::update_customer(account.id, body))
}

/// The account as it was read, but for what Magento keeps by itself: a save wants the whole person.
pub(super) fn as_read(account: &Account) -> Json {
    let mut body = account.document.clone();
    if let Some(members) = body.as_object_mut() {
        NOT_SENT.iter().for_each(|name| drop(members.remove(*name)));
    }
    body
}

/// Writes `fields` of the customer into an account's body, but for those of its addresses.
fn write(
    facts: &Facts<'_>,
    customer: &Customer,
    there: &Cells,
    fields: &BTreeSet<Field>,
    body: &mut Json,
) -> Result<(), Finding> {
    for field in fields {
        let Some(cell) = there.get(field) else { continue };
        let value = cell.means.clone()?;
        match field.name() {
            cells::EMAIL => {
                let email = customer.main_contact.as_ref().and_then(|contact| cells::plain(contact.email.as_ref()));
                body["email"] = json!(email.ok_or_else(|| no_email(facts))?);
            }
            cells::NAME => write_name(facts, value.as_deref(), body)?,
            cells::VAT => body["taxvat"] = json!(value.unwrap_or_default()),
            cells::GROUP => {
                let group = value.and_then(|group| group.parse::<u64>().ok());
                body["group_id"] = json!(group);
            }
            attributes::NEWSLETTER => {
                body["extension_attributes"] = json!({ "is_subscribed": value.as_deref() == Some("1") });
            }
            name if name.starts_with("attribute.") => custom(body, &name["attribute.".len()..], value.as_deref()),
            _ => {}
        }
    }
    Ok(())
}

/// Writes a name, as a cell has it, into an account or an address.
///
/// # Errors
/// It has no first or no last name.
pub(super) fn write_name(facts: &Facts<'_>, joined: Option<&str>, body: &mut Json) -> Result<(), Finding> {
    let [prefix, first, middle, last, suffix] = joined.map(names::unjoined).unwrap_or_default();
    let (Some(first), Some(last)) = (first, last) else { return Err(incomplete_name(facts)) };
    for (name, part) in [("prefix", prefix), ("middlename", middle), ("suffix", suffix)] {
        // Parts that were never there are not sent: a shop may not have them.
        if part.is_some() || body.get(name).is_some_and(|known| !known.is_null()) {
            body[name] = json!(part.unwrap_or_default());
        }
    }
    (body["firstname"], body["lastname"]) = (json!(first), json!(last));
    Ok(())
}

/// Sets an attribute, or clears it by an empty text: null counts as not sent. A member of the account where Magento has one of that name, one of its custom attributes otherwise.
fn custom(body: &mut Json, code: &str, value: Option<&str>) {
    let value = value.unwrap_or_default();
    const OWN: [&str; 7] = ["dob", "gender", "middlename", "prefix", "suffix", "taxvat", "disable_auto_group_change"];
    if OWN.contains(&code) {
        body[code] = json!(value);
        return;
    }
    let members = body.as_object_mut().expect("invariant: an account is an object");
    let rows = members.entry("custom_attributes").or_insert_with(|| json!([]));
    let Some(rows) = rows.as_array_mut() else { return };
    match rows.iter_mut().find(|row| row["attribute_code"] == code) {
        Some(row) => row["value"] = json!(value),
        None => rows.push(Json::Object(Map::from_iter([
            ("attribute_code".to_owned(), json!(code)),
            ("value".to_owned(), json!(value)),
        ]))),
    }
}

pub(super) fn incomplete_name(facts: &Facts<'_>) -> Finding {
    let message = format!("{} has no first and last name, and Magento's accounts need both.", shown(facts));
    Finding::new("customers.rejected.name_missing", message)
}

pub(super) fn no_email(facts: &Facts<'_>) -> Finding {
    Finding::new(
        "customers.rejected.email_missing",
        format!("{} has no e-mail, by which customers are found.", shown(facts)),
    )
}

fn no_store(code: &str) -> Finding {
    let message = format!("The settings make accounts in store view `{code}`, which is not among `stores`.");
    Finding::new("customers.rejected.store_view_unknown", message)
}

fn not_an_account(facts: &Facts<'_>) -> Finding {
    let message = format!("The class of {} is not one of those whose customers are made in Magento.", shown(facts));
    Finding::new("customers.skipped.class_not_synced", message)
}

/// Equal as people write it.
pub(super) fn same(one: &str, other: &str) -> bool {
    address::same(one, other)
}
