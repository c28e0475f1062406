//! A person of a company → Acumatica's contact: a new one, or the fields that changed.

use std::collections::BTreeSet;

use acumatica::Put;
use acumatica::model::contact::Contact;
use acumatica::model::value::set;
use magento::model::customer::CustomerId;
use serde_json::Value as Json;

use super::super::cells::{EMAIL, NAME, PHONE};
use super::super::{shown, to_acumatica};
use super::{JOB_TITLE, Person};
use crate::address::text;
use crate::merge::Field;
use crate::plan::{Finding, Step, StepKey};

/// Our reference on the contact of an account, by which it is found after a save without an answer.
#[must_use]
pub fn reference(link: &str, account: CustomerId) -> String {
    format!("{link}-{account}")
}

/// The request that makes the person's contact.
///
/// # Errors
/// What is too long, or a name that is missing.
pub(super) fn create(person: &Person<'_>, fields: &BTreeSet<Field>) -> Result<Step, Finding> {
    let reference = reference(person.facts.link, person.account.id);
    let new = Contact {
        business_account: set(person.customer_id.to_owned()),
        ext_ref_nbr: set(reference.clone()),
        ..Contact::default()
    };
    let mut put = Put::new_contact(&new);
    write(person, fields, &mut put.body)?;
    if text(person.account.lastname.as_deref()).is_none() {
        return Err(no_name(person));
    }
    Ok(Step { reference: Some(reference), ..Step::new(StepKey::ContactSave, put) })
}

/// The request that brings `fields` of the contact into step.
///
/// # Errors
/// As [`create`].
pub(super) fn update(person: &Person<'_>, contact: &Contact, fields: &BTreeSet<Field>) -> Result<Step, Finding> {
    let mut put = Put::contact(&Contact { contact_id: contact.contact_id.clone(), ..Contact::default() });
    write(person, fields, &mut put.body)?;
    Ok(Step::new(StepKey::ContactSave, put))
}

/// Writes `fields` of the account into a contact's body. What is empty on one side is emptied on the other.
fn write(person: &Person<'_>, fields: &BTreeSet<Field>, body: &mut Json) -> Result<(), Finding> {
    let account = person.account;
    let member = super::membership(account).map(|(_, member)| member);
    for field in fields {
        let (name, value) = match field.name() {
            EMAIL => ("Email", account.email.as_deref()),
            PHONE => ("Phone1", member.and_then(|member| member.telephone.as_deref())),
            JOB_TITLE => ("JobTitle", member.and_then(|member| member.job_title.as_deref())),
            NAME => {
                let last = text(account.lastname.as_deref()).ok_or_else(|| no_name(person))?;
                to_acumatica::at(body, "LastName", Some(&last));
                ("FirstName", account.firstname.as_deref())
            }
            _ => continue,
        };
        to_acumatica::at(body, name, text(value).as_deref());
    }
    to_acumatica::within_limits(&shown(&person.facts), "Contact", body)
}

fn no_name(person: &Person<'_>) -> Finding {
    let message = format!("{} has no last name, and Acumatica's contacts need one.", shown(&person.facts));
    Finding::new("customers.rejected.name_missing", message)
}
