//! Acumatica's contact → the account of a person of a company: the fields that changed.

use std::collections::BTreeSet;

use acumatica::model::contact::Contact;
use magento::Write;
use serde_json::{Value as Json, json};

use super::super::cells::{EMAIL, NAME, PHONE, plain};
use super::super::to_magento;
use super::{JOB_TITLE, OF_MEMBER, Person};
use crate::merge::Field;
use crate::plan::Finding;

/// The request that brings `fields` of the account into step. What binds it to its company is sent whole, or not at all.
///
/// # Errors
/// What the contact lacks for an account.
pub(super) fn update(person: &Person<'_>, contact: &Contact, fields: &BTreeSet<Field>) -> Result<Write, Finding> {
    let mut body = to_magento::as_read(person.account);
    if fields.iter().any(|field| OF_MEMBER.contains(&field.name())) {
        let member = person.account.document.pointer("/extension_attributes/company_attributes");
        body["extension_attributes"] = json!({ "company_attributes": member });
    }
    for field in fields {
        match field.name() {
            EMAIL => {
                let email = plain(contact.email.as_ref()).ok_or_else(|| to_magento::no_email(&person.facts))?;
                body["email"] = json!(email);
            }
            NAME => {
                let parts = [&contact.first_name, &contact.last_name].map(|part| plain(part.as_ref()));
                let [Some(first), Some(last)] = parts else { return Err(to_magento::incomplete_name(&person.facts)) };
                (body["firstname"], body["lastname"]) = (json!(first), json!(last));
            }
            PHONE => member(&mut body)["telephone"] = json!(plain(contact.phone1.as_ref()).unwrap_or_default()),
            JOB_TITLE => member(&mut body)["job_title"] = json!(plain(contact.job_title.as_ref()).unwrap_or_default()),
            _ => {}
        }
    }
    Ok(Write::update_customer(person.account.id, body))
}

fn member(body: &mut Json) -> &mut Json {
    &mut body["extension_attributes"]["company_attributes"]
}
