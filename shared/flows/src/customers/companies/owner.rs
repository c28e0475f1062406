//! The company's customer in Acumatica: found or made once, under the guard of the company's e-mail.

use acumatica::model::customer::Customer;
use magento::model::customer::Company;
use store::record::{Fingerprint, Revision};
use store::records::{WriteError, entity_of};

use super::super::ENTITY;
use super::super::gather::{decode, read_customer};
use super::super::guard::{Guard, Person};
use super::super::plan::companies;
use super::super::sync::{again, note_of};
use super::gather::Seen;
use super::{COMPANY, is_a_company, key_of};
use crate::address::{same, text};
use crate::failure;
use crate::plan::Finding;
use crate::step::Planned;
use crate::turn::{End, Turn};

/// The `CustomerID` of the company's customer: no call where the company is known.
///
/// # Errors
/// How the turn ends instead; within, why the customer is not made.
pub(super) async fn of(turn: &Turn<'_>, seen: &mut Seen, company: &Company) -> Result<Result<String, Finding>, End> {
    let key = key_of(&turn.link.id, company.id);
    let record = turn.records.load(&key).await?;
    let number = match &record.bound {
        Some(bound) => bound.target.clone(),
        None => match found_or_made(turn, seen, company, &key).await? {
            Ok(customer) => bind(turn, &key, &customer).await?,
            Err(finding) => return Ok(Err(finding)),
        },
    };
    let own = seen.contact.as_ref().map(|contact| super::super::plan::cells::plain(contact.business_account.as_ref()));
    if own.is_some_and(|own| own.is_none_or(|own| !same(&own, &number))) {
        let message = format!(
            "{} belongs to company {}, which is customer {number} in Acumatica; its contact belongs to another one.",
            seen.shown(),
            company.id.0
        );
        return Ok(Err(Finding::new("customers.rejected.company_changed", message)));
    }
    Ok(Ok(number))
}

async fn found_or_made(
    turn: &Turn<'_>,
    seen: &mut Seen,
    company: &Company,
    key: &str,
) -> Result<Result<Customer, Finding>, End> {
    let shown = format!("company {} of Magento", company.id.0);
    let Some(email) = text(company.company_email.as_deref()) else {
        let message = format!("The {shown} has no e-mail, by which customers are found.");
        return Ok(Err(Finding::new("customers.rejected.email_missing", message)));
    };
    let guard = Guard::new(turn, &email, shown).of_company(key);
    let number = match guard.find(turn).await? {
        Person::Known(number) => number,
        Person::Missing(read) => {
            if let Some(country) = companies::country(company) {
                let regions = turn.link.magento.regions(&country).await;
                let regions = regions
                    .map_err(|error| failure::of_magento(&error, turn.now(), turn.record.waited_since(error.code)))?;
                seen.gathered.regions.insert(country, regions);
            }
            let step = match companies::customer(&seen.facts(turn), company) {
                Ok(step) => step,
                Err(finding) => return Ok(Err(finding)),
            };
            let made = guard.create(turn, *read, &step).await?;
            match made.receipt {
                Some(receipt) => return decode(receipt).map(Ok),
                None => made.customer_id,
            }
        }
    };
    match read_customer(turn, &number).await? {
        Some(customer) => Ok(Ok(customer)),
        None => {
            let message =
                format!("Company {} of Magento was customer {number}, which Acumatica does not have.", company.id.0);
            Ok(Err(Finding::new("acumatica.rejected.customer_not_found", message)))
        }
    }
}

/// Binds the company to its customer, whose pushes are the company's from then on, unless the customer is an account's as well.
async fn bind(turn: &Turn<'_>, key: &str, customer: &Customer) -> Result<String, End> {
    let number = super::super::plan::cells::plain(customer.customer_id.as_ref());
    let number = number.ok_or_else(|| {
        let message = "Acumatica's answer to a customer has no readable `CustomerID`.";
        End::parked(Finding::new("acumatica.bug.undecodable", message))
    })?;
    let note = note_of(customer)?.to_lowercase();
    let taken = turn.records.claim_target(&turn.link.id, ENTITY, &note, key).await?;
    let own = if taken.is_none() { vec![note.as_str()] } else { Vec::new() };
    let planned = Planned { revision: Revision(String::new()), fingerprint: Fingerprint(String::new()) };
    let owner = turn.owner.as_str();
    let record = turn.records.load(key).await?;
    let bound = record
        .claim(owner, turn.now(), turn.delivery.deadline, None)
        .and_then(|record| record.adopt(owner, planned.bound(number.clone())))
        .and_then(|record| record.known_by(&own).finish(owner, None));
    let written = match bound {
        Ok(bound) => turn.records.write(bound).await,
        Err(impossible) => Err(impossible.into()),
    };
    match written {
        Ok(_) => Ok(number),
        Err(WriteError::Table(error)) => Err(error.into()),
        // Another of its people was first, or an event of its customer is just being dealt with.
        Err(WriteError::Lost(_) | WriteError::Impossible(_)) => {
            Err(again("The company is being bound by an event of another of its people; it is read again."))
        }
    }
}

/// Ends the event of a customer that was made for a company, and is not bound to it yet: no account is made of it. No call.
///
/// # Errors
/// It is such a one.
pub(in super::super) async fn is_no_company(turn: &Turn<'_>, email: &str, shown: &str) -> Result<(), End> {
    if !turn.link.settings.customers.companies.enabled {
        return Ok(());
    }
    let guard = turn.records.load(Guard::new(turn, email, shown).key()).await?;
    match guard.pair {
        Some(pair) if entity_of(&pair) == COMPANY => Err(is_a_company(shown)),
        _ => Ok(()),
    }
}
