//! A person of a company: an account of Adobe Commerce's B2B module ↔ a contact (CR302000) of the company's customer.
//!
//! Both ways, by the same three-way merge: name, e-mail, telephone at work and job title. The company's own data goes to Acumatica when its customer is
//! made, and never again: from then on they are Acumatica's. Addresses, group, attributes and newsletter of such an account are not synced,
//! because a contact of the ERP has the address, the class and the terms of its customer.

mod cells;
mod company;
mod to_acumatica;
mod to_magento;

use acumatica::model::contact::Contact;
use magento::model::customer::{Company, CompanyMember, Customer as Account};
use magento::model::wire::Id;

use super::super::facts::Facts;
use super::{Both, Decided, cells::PHONE, rules, shown};
use crate::merge::{Field, Merged, Side, merge};
use crate::plan::{Finding, Plan, Step, StepKey, Work};
use crate::settings::CustomerDirection;

pub use cells::{of_account, of_contact};
pub use company::{country, customer};
pub use to_acumatica::reference;

/// What the person does in the company.
pub const JOB_TITLE: &str = "job_title";
/// The fields that an account has for its company alone.
const OF_MEMBER: [&str; 2] = [PHONE, JOB_TITLE];

/// Between the customer and its contact in what a record is bound to: `C000001/contact/100001`.
const BETWEEN: &str = "/contact/";

/// A person as both sides have it.
#[derive(Clone, Copy)]
pub struct Person<'a> {
    /// What is known of the account, which is there; of no customer.
    pub facts: Facts<'a>,
    /// The account.
    pub account: &'a Account,
    /// Acumatica's contact; none that is yet to be made.
    pub contact: Option<&'a Contact>,
    /// The `CustomerID` of the company's customer.
    pub customer_id: &'a str,
    /// Which side was changed last.
    pub newer: Side,
}

/// What a record of such a person is bound to.
#[must_use]
pub fn target(customer_id: &str, contact_id: i64) -> String {
    format!("{customer_id}{BETWEEN}{contact_id}")
}

/// The `CustomerID` and the `ContactID` in what a record is bound to; none where that is a customer of its own.
#[must_use]
pub fn parts_of(target: &str) -> Option<(&str, &str)> {
    target.rsplit_once(BETWEEN)
}

/// What binds an account to its company; none of an account without one.
#[must_use]
pub fn membership(account: &Account) -> Option<(Id, &CompanyMember)> {
    let member = account.extension_attributes.company_attributes.as_ref()?;
    Some((member.company_id.filter(|id| id.0 > 0)?, member))
}

/// Why nothing is written of the people of a company; none of one that is approved, or whose answer leaves that out.
#[must_use]
pub fn stands_still(facts: &Facts<'_>, company: &Company) -> Option<Plan> {
    let said =
        |what: &str| format!("{} belongs to company {}, which is {what} in Magento.", shown(facts), company.id.0);
    match company.status.map(|status| status.0) {
        Some(PENDING) => {
            Some(Plan::NotReady(Finding::new("customers.not_ready.company_pending", said("pending approval"))))
        }
        Some(REJECTED) => Some(Plan::Skipped(Finding::new("customers.skipped.company_blocked", said("rejected")))),
        Some(BLOCKED) => Some(Plan::Skipped(Finding::new("customers.skipped.company_blocked", said("blocked")))),
        _ => None,
    }
}

const PENDING: u64 = 0;
const REJECTED: u64 = 2;
const BLOCKED: u64 = 3;

/// What shall be done about the person.
#[must_use]
pub fn plan(person: &Person<'_>) -> Decided {
    let cells = both(person.account, person.contact);
    let mut merged = Merged::default();
    let decided = match rules::skipped(&person.facts) {
        Some(finding) => Ok(Plan::Skipped(finding)),
        None => decide(person, &cells, &mut merged),
    };
    Decided { plan: decided.unwrap_or_else(super::not_written), merged, cells }
}

fn decide(person: &Person<'_>, cells: &Both, merged: &mut Merged) -> Result<Plan, Finding> {
    let facts = &person.facts;
    rules::usable_email(facts)?;
    let Some(contact) = person.contact else {
        super::one_way(facts, CustomerDirection::AcumaticaToMagento)?;
        let full = cells.account.iter().filter(|(_, cell)| cell.is.is_some());
        merged.to_acumatica = full.map(|(field, _)| field.clone()).collect();
        return Ok(super::create(to_acumatica::create(person, &merged.to_acumatica)?));
    };
    let rule = |field: &Field| rules::of(facts, field);
    *merged = merge(rule, facts.base, &cells.account, &cells.customer, person.newer, &facts.hashes);
    let mut steps = Vec::new();
    if !merged.to_acumatica.is_empty() {
        let step = to_acumatica::update(person, contact, &merged.to_acumatica)?;
        // Whatever becomes of the second save, and whichever event comes next: it is still owed.
        steps.push(Step { unfinished: !merged.to_magento.is_empty(), ..step });
    }
    if !merged.to_magento.is_empty() {
        let write = to_magento::update(person, contact, &merged.to_magento)?;
        steps.push(Step::new(StepKey::AccountUpdate, write));
    }
    if steps.is_empty() {
        return Ok(Plan::Unchanged);
    }
    Ok(Plan::Update(Box::new(Work { steps, amounts: None })))
}

/// Both sides' fields; the contact's stand where a customer's would, and are empty where there is none.
#[must_use]
pub fn both(account: &Account, contact: Option<&Contact>) -> Both {
    let nobody = Contact::default();
    Both { account: of_account(account), customer: of_contact(contact.unwrap_or(&nobody)) }
}

/// The e-mail that the contact has.
#[must_use]
pub fn email_of(contact: &Contact) -> Option<String> {
    super::cells::plain(contact.email.as_ref())
}

#[cfg(test)]
mod tests;
