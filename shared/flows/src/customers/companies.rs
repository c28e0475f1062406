//! A person of a company, from the event to its record: an account of Adobe Commerce's B2B module ↔ a contact of the company's customer.
//!
//! - **Company**: `<link>/company/<id>` is bound to the company's customer in Acumatica, which is found or made under the guard of the company's e-mail.
//!   The customer's `NoteID` is an alias of that record, so that its pushes make no account of it.
//! - **Person**: the record of the account, as any other's, but bound to `<CustomerID>/contact/<ContactID>`; the contact's `NoteID` is its alias.
//! - **Guard** of the person's e-mail: it leads to the company's customer, which is where orders look.
//! - An account that has a customer of its own already, by its record or by the guard of its e-mail, keeps it.

mod document;
mod gather;
mod orders;
mod owner;

use std::collections::BTreeSet;

use magento::model::customer::Customer as Account;
use store::Record;
use store::records::entity_of;

pub(super) use document::Member;
pub(crate) use orders::person_first;
pub(super) use owner::is_no_company;

use self::gather::Seen;
use super::gather::Gathered;
use super::guard::Guard;
use super::plan::companies;
use super::plan::{self, Decided, check};
use super::sync::{broken, read_account, skipped, unchanged_since_parked};
use super::{ENTITY, keys};
use crate::delivery::Outcome;
use crate::merge::{Field, Side};
use crate::plan::{Finding, Plan, Step, StepKey, Work};
use crate::settings::{AccountDeleted, CustomerInactive};
use crate::step::{Planned, Ran};
use crate::turn::{End, Finished, Turn};

/// The entity of a company's record.
const COMPANY: &str = "company";

/// The record of a company.
fn key_of(link: &str, company: magento::model::wire::Id) -> String {
    format!("{link}/{COMPANY}/{}", company.0)
}

/// Ends the events of a company's own customer: what they tell of is Acumatica's alone.
///
/// # Errors
/// The event is of such a one.
pub(super) fn is_none(turn: &Turn<'_>) -> Result<(), End> {
    if entity_of(&turn.record.key) == ENTITY { Ok(()) } else { Err(is_a_company("The customer of the event")) }
}

fn is_a_company(whose: &str) -> End {
    let message = format!("{whose} is a company's, and its data are Acumatica's alone.");
    End::finished(Outcome::Skipped, Some(Finding::new("customers.skipped.company", message)))
}

/// Whether a record is that of a person of a company: bound to a contact, or about to be.
pub(super) fn is_known(record: &Record) -> bool {
    let bound = record.bound.as_ref().is_some_and(|bound| companies::parts_of(&bound.target).is_some());
    bound || record.intent.as_ref().is_some_and(|intent| intent.step == StepKey::ContactSave.as_str())
}

/// Whether an account that was read is to be a contact of its company's customer. No call.
///
/// # Errors
/// The table's.
pub(super) async fn is_its_person(turn: &Turn<'_>, gathered: &Gathered) -> Result<bool, End> {
    let is_on = turn.link.settings.customers.companies.enabled && turn.record.bound.is_none();
    let facts = gathered.facts(turn);
    let company = gathered.account.as_ref().and_then(companies::membership).filter(|_| is_on);
    let Some((company, email)) = company.zip(plan::email(&facts)) else { return Ok(false) };
    let key = key_of(&turn.link.id, company.0);
    let guard = turn.records.load(Guard::new(turn, email, "").key()).await?;
    let Some(own) = guard.bound.filter(|_| guard.pair.as_ref() != Some(&key)) else { return Ok(true) };
    let company = turn.records.load(&key).await?;
    Ok(company.bound.is_some_and(|bound| bound.target == own.target))
}

/// Gather → plan → apply → record, for a person of a company; `account` where it was read already.
///
/// # Errors
/// How the turn ends instead.
pub(super) async fn sync(turn: &mut Turn<'_>, account: Option<Account>) -> Result<Finished, End> {
    if !turn.link.settings.customers.companies.enabled {
        let message = "Companies are switched off in the settings; a contact of a company's customer stays as it is.";
        return Ok(left(turn, Finding::new("customers.skipped.companies_off", message)));
    }
    let mut seen = gather::read(turn, account).await?;
    let revision = seen.revision(turn);
    unchanged_since_parked(turn, &revision)?;
    let own = seen.account().map(|account| account.id.to_string()).filter(|_| turn.record.shown.is_none());
    turn.record = turn.record.clone().note(turn.seen(revision), own.as_deref());
    if let Some(finding) = gone(turn, &seen).or_else(|| plan::no_key(&seen.facts(turn))) {
        return end(turn, plan::not_written(finding));
    }
    let company = match gather::company(turn, &seen).await? {
        Ok(company) => company,
        Err(plan) => return end(turn, *plan),
    };
    let number = match owner::of(turn, &mut seen, &company).await? {
        Ok(number) => number,
        Err(finding) => return end(turn, plan::not_written(finding)),
    };
    if seen.contact.is_none() {
        Guard::new(turn, seen.email(), seen.shown()).is_free_for(turn, &number).await?;
        gather::contact_by_email(turn, &mut seen, &number).await?;
    }
    let decided = seen.decide(turn, &number).ok_or_else(|| broken("a person of a company without an account"))?;
    match &decided.plan {
        Plan::Create(work) => apply(turn, &mut seen, &number, &decided, work).await,
        Plan::Update(work) => {
            meet(turn, &seen).await?;
            know_each_other(turn, &seen, &number).await?;
            apply(turn, &mut seen, &number, &decided, work).await
        }
        Plan::Unchanged => {
            meet(turn, &seen).await?;
            lead(turn, &seen, &number).await?;
            let finding = plan::told(&seen.facts(turn), &decided);
            let outcome = if seen.base().is_none() { Outcome::Adopted } else { Outcome::Unchanged };
            let rebind = seen.target(&number).map(|target| seen.planned(turn, &BTreeSet::new()).bound(target));
            Ok(Finished { outcome, finding, bind: None, rebind })
        }
        plan => end(turn, plan.clone()),
    }
}

/// A plan by which nothing is written.
fn end(turn: &Turn<'_>, plan: Plan) -> Result<Finished, End> {
    match plan {
        Plan::Skipped(finding) => Ok(left(turn, finding)),
        Plan::NotReady(finding) => Err(End::waiting(finding, turn.now() + store::record::LONGEST_WAIT)),
        Plan::Rejected(finding) | Plan::Hold(_, finding) => Err(End::parked(finding)),
        Plan::Create(_) | Plan::Update(_) | Plan::Unchanged => Err(broken("a plan that writes has no reason")),
    }
}

/// The person is left as it is. What is owed of an earlier turn is then owed no more; the next change, or an operator, compares both sides.
fn left(turn: &Turn<'_>, finding: Finding) -> Finished {
    let owes = turn.record.bound.as_ref().filter(|bound| bound.unfinished);
    let rebind = owes.map(|bound| store::record::Bound { unfinished: false, ..bound.clone() });
    Finished { rebind, ..skipped(finding) }
}

/// What was there is there no more. A contact is never deleted, and never set inactive: its company decides on that.
fn gone(turn: &Turn<'_>, seen: &Seen) -> Option<Finding> {
    let policy = &turn.link.settings.customers.gone;
    let whose = turn.record.shown.clone().unwrap_or_else(|| seen.shown());
    turn.record.bound.as_ref()?;
    match (seen.account(), &seen.contact) {
        (Some(account), Some(_)) => companies::membership(account).is_none().then(|| {
            let message = format!("{} belongs to no company any more; its contact stays as it is.", seen.shown());
            Finding::new("customers.skipped.left_company", message)
        }),
        (Some(_), None) => {
            let code = match policy.from_acumatica {
                CustomerInactive::Nothing => "customers.skipped.customer_deleted",
                CustomerInactive::Log | CustomerInactive::Group { .. } => "customers.resolved.customer_deleted",
            };
            Some(Finding::new(code, format!("The contact {whose} was deleted in Acumatica.")))
        }
        (None, Some(_)) => {
            let code = match policy.from_magento {
                AccountDeleted::Nothing => "customers.skipped.account_deleted",
                AccountDeleted::Log | AccountDeleted::Deactivate => "customers.resolved.account_deleted",
            };
            Some(Finding::new(code, format!("The account of the contact {whose} was deleted in Magento.")))
        }
        (None, None) => {
            Some(Finding::new("customers.skipped.gone", format!("The person {whose} is on neither side any more.")))
        }
    }
}

/// The alias of the contact, which is the lock of the two, then the account's. Nothing is asked where both are known.
async fn meet(turn: &mut Turn<'_>, seen: &Seen) -> Result<(), End> {
    let (Some(account), Some(note)) = (seen.account().map(|account| account.id.to_string()), seen.note()) else {
        return Ok(());
    };
    for id in [&note, &account] {
        let owner = turn.records.claim_target(&turn.link.id, ENTITY, id, &turn.record.key).await?;
        if let Some(owner) = owner {
            let other = owner.rsplit('/').next().unwrap_or_default();
            let message = format!("{} has the contact with which customer {other} is synced already.", seen.shown());
            return Err(End::parked(Finding::new("customers.rejected.shared_email", message)));
        }
    }
    turn.record = turn.record.clone().known_by(&[&note, &account]);
    Ok(())
}

/// The guard of the person's e-mail leads to the company's customer.
async fn lead(turn: &mut Turn<'_>, seen: &Seen, number: &str) -> Result<(), End> {
    let guard = Guard::new(turn, seen.email(), seen.shown());
    let formerly = turn.record.bound.as_ref().and_then(|bound| companies::parts_of(&bound.target));
    let formerly = formerly.map(|(number, _)| number.to_owned());
    let led = keys::lead(turn, guard, number, formerly.as_deref()).await?;
    let shown = seen.target(number);
    let record = turn.record.clone();
    let record = if led.is_some() { record.guarded_by(led) } else { record };
    turn.record = match record.seen.clone() {
        Some(seen) => record.note(seen, shown.as_deref()),
        None => record,
    };
    Ok(())
}

/// Binds two that have just met, before anything is written: whoever settles a write that had no answer must know the contact.
async fn know_each_other(turn: &mut Turn<'_>, seen: &Seen, number: &str) -> Result<(), End> {
    let Some(target) = seen.target(number).filter(|_| turn.record.bound.is_none()) else { return Ok(()) };
    let unknown =
        Planned { revision: seen.revision(turn), fingerprint: store::record::Fingerprint(String::new()) }.bound(target);
    let mut record = turn.record.clone();
    turn.write(&mut record, |record| record.adopt(&turn.owner, unknown.clone())).await?;
    turn.record = record;
    Ok(())
}

/// Writes to either side what has changed on the other; at most one save each.
async fn apply(
    turn: &mut Turn<'_>,
    seen: &mut Seen,
    number: &str,
    decided: &Decided,
    work: &Work,
) -> Result<Finished, End> {
    let told = plan::told(&seen.facts(turn), decided);
    let mut pending: BTreeSet<Field> = decided.merged.to_acumatica.union(&decided.merged.to_magento).cloned().collect();
    let (mut last, mut lost): (Option<Ran>, Option<Finding>) = (None, None);
    let mut known = decided.cells.clone();
    free_for(turn, seen, number, decided).await?;
    super::sync::tell(turn, told.as_ref());
    for step in &work.steps {
        let (side, fields) = plan::fields_of(decided, step);
        let expected = plan::predicted(decided, &known, side, &fields);
        pending.retain(|field| !fields.contains(field));
        let fingerprint = plan::base(&seen.facts(turn), &expected, &pending).fingerprint();
        let planned = Planned { revision: seen.revision(turn), fingerprint };
        let mut ran = run(turn, seen.account(), last.take(), step, &planned).await?;
        match side {
            Side::Acumatica => seen.contact = Some(gather::decode(ran.receipt.clone())?),
            Side::Magento => seen.gathered.account = Some(read_account(ran.receipt.clone())?),
        }
        let saved = seen.both();
        lost = lost.or_else(|| check::not_taken(&seen.facts(turn), side, &fields, &decided.cells, &saved));
        known = known.after(&saved, side, &fields);
        ran.bind.1.fingerprint = plan::base(&seen.facts(turn), &known, &pending).fingerprint();
        last = Some(ran);
    }
    let mut ran = last.ok_or_else(|| broken("a plan to update without a step"))?;
    meet(turn, seen).await?;
    lead(turn, seen, number).await?;
    ran.bind.1.revision = seen.revision(turn);
    Ok(Finished { outcome: Outcome::Applied, finding: Finding::and(lost, told), bind: Some(ran.bind), rebind: None })
}

/// Before an e-mail is written to either side: no other customer may have it.
async fn free_for(turn: &Turn<'_>, seen: &Seen, number: &str, decided: &Decided) -> Result<(), End> {
    let email = Field::new(plan::cells::EMAIL);
    let next = if decided.merged.to_magento.contains(&email) {
        seen.contact.as_ref().and_then(companies::email_of)
    } else {
        Some(seen.email().to_owned()).filter(|_| decided.merged.to_acumatica.contains(&email))
    };
    let Some(next) = next else { return Ok(()) };
    Guard::new(turn, &next, seen.shown()).is_free_for(turn, number).await
}

async fn run(
    turn: &mut Turn<'_>,
    account: Option<&Account>,
    before: Option<Ran>,
    step: &Step,
    planned: &Planned,
) -> Result<Ran, End> {
    let as_read = turn.record.clone();
    let mut record = as_read.clone();
    let member = Member::of(turn.link, &as_read).read_as(account);
    let ran = turn.run(&mut record, before, step, planned, &member).await;
    turn.record = record;
    ran
}
