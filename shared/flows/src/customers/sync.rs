//! One customer event, from the claim to its record. Whichever side it comes from, both sides end in step.

use std::collections::BTreeSet;

use acumatica::model::customer::Customer;
use magento::error::table::EMAIL_TAKEN;
use magento::model::customer::Customer as Account;
use serde_json::Value;
use store::record::{Fingerprint, Revision};
use store::{Record, Records};

use super::companies;
use super::document::Pair;
use super::gather::{self, Gathered};
use super::guard::Guard;
use super::identity::{self, Id};
use super::keys;
use super::plan::{self, Both, Decided, check, locations};
use crate::delivery::{Delivery, Outcome, Report};
use crate::link::{Link, World};
use crate::merge::{Field, Side};
use crate::plan::{Finding, Plan, Step, StepKey, Work};
use crate::step::{Planned, Ran, Settled, TAKEN};
use crate::turn::{End, Finished, Turn, away};

/// Claim → settle → gather → plan → apply → record.
pub async fn sync(world: &World, link: &Link, delivery: &Delivery<'_>) -> Report {
    let records = Records::new(world.state.clone(), world.clock.clone());
    let key = match identity::record_of(&records, &link.id, &delivery.event.source_id).await {
        Ok(key) => key,
        Err(error) => return *away(&delivery.event.record_key(), &error),
    };
    let mut turn = match Turn::claim_record(world, link, delivery, key).await {
        Ok(turn) => turn,
        Err(report) => return *report,
    };
    if let Err(error) = identity::close_stray(&turn).await {
        return *away(&turn.record.key, &error);
    }
    let end = match work(&mut turn).await {
        Ok(finished) => End::Finished(Box::new(finished)),
        Err(end) => end,
    };
    turn.end(end).await
}

async fn work(turn: &mut Turn<'_>) -> Result<Finished, End> {
    companies::is_none(turn)?;
    turn.link_is_active()?;
    settle(turn).await?;
    if !turn.link.settings.customers.enabled {
        return Ok(skipped(plan::disabled()));
    }
    if companies::is_known(&turn.record) {
        return companies::sync(turn, None).await;
    }
    let mut gathered = gather::gather(turn).await?;
    if gathered.of_company {
        return companies::sync(turn, gathered.account).await;
    }
    unchanged_since_parked(turn, &gathered.revision(turn))?;
    note(turn, &mut gathered);
    let facts = gathered.facts(turn);
    let decided = plan::plan(&facts);
    match &decided.plan {
        Plan::Create(work) => create(turn, &gathered, &decided, work).await,
        Plan::Update(work) => {
            met(turn, &gathered).await?;
            know_each_other(turn, &gathered).await?;
            apply(turn, &gathered, &decided, work).await
        }
        Plan::Unchanged => {
            met(turn, &gathered).await?;
            keys::move_to(turn, &gathered).await?;
            Ok(in_step(turn, &gathered, &decided))
        }
        Plan::Skipped(finding) => {
            keys::loosen(turn, &gathered).await?;
            Ok(skipped(finding.clone()))
        }
        Plan::Hold(_, finding) | Plan::Rejected(finding) => Err(End::parked(finding.clone())),
        Plan::NotReady(finding) => Err(End::waiting(finding.clone(), turn.now() + store::record::LONGEST_WAIT)),
    }
}

/// An earlier write whose end is unknown is resolved before anything is read.
async fn settle(turn: &mut Turn<'_>) -> Result<(), End> {
    let before = turn.record.clone();
    let mut record = before.clone();
    let settled = if companies::is_known(&before) {
        turn.settle(&mut record, &companies::Member::of(turn.link, &before)).await
    } else {
        turn.settle(&mut record, &Pair::of(turn.link, &before)).await
    };
    turn.record = record;
    match settled? {
        Settled::Clear | Settled::Bound { .. } => Ok(()),
    }
}

/// A look at a parked record ends here when neither side has changed.
pub(super) fn unchanged_since_parked(turn: &mut Turn<'_>, revision: &Revision) -> Result<(), End> {
    if !turn.look {
        return Ok(());
    }
    let parked = turn.record.park.as_ref().and_then(|park| park.revision.as_ref());
    if parked == Some(revision) {
        return Err(End::StillParked);
    }
    turn.record = turn.record.clone().lift_park();
    Ok(())
}

fn note(turn: &mut Turn<'_>, gathered: &mut Gathered) {
    let seen = turn.seen(gathered.revision(turn));
    if turn.record.bound.is_some() {
        gathered.formerly = turn.record.shown.clone();
    }
    let number = gathered.customer.as_ref().and_then(|customer| plan::cells::plain(customer.customer_id.as_ref()));
    let account = gathered.account.as_ref().map(|account| account.id.to_string());
    // A pair is called by Acumatica's number, also when that customer is there no more; by a new one once its e-mail leads to that.
    let known = turn.record.shown.is_some() && turn.record.bound.is_some();
    let shown = if known { None } else { number.or_else(|| account.filter(|_| turn.record.shown.is_none())) };
    turn.record = turn.record.clone().note(seen, shown.as_deref());
}

/// Two that were found to be one are made one record before anything is written to either.
async fn met(turn: &mut Turn<'_>, gathered: &Gathered) -> Result<(), End> {
    let (Some(account), Some(customer)) = (&gathered.account, &gathered.customer) else { return Ok(()) };
    if turn.record.bound.is_some() && gathered.base.is_some() {
        return Ok(());
    }
    identity::pair(turn, account, note_of(customer)?).await
}

/// Binds two that have just met, before anything is written: whoever settles a write that had no answer must know the other side. Nothing is known
/// yet of the two having been in step.
async fn know_each_other(turn: &mut Turn<'_>, gathered: &Gathered) -> Result<(), End> {
    let Some(target) = target(turn, gathered).filter(|_| turn.record.bound.is_none()) else { return Ok(()) };
    let unknown = Planned { revision: gathered.revision(turn), fingerprint: Fingerprint(String::new()) };
    let mut record = turn.record.clone();
    let adopted = |record: Record| record.adopt(&turn.owner, unknown.bound(target.clone()));
    turn.write(&mut record, adopted).await?;
    turn.record = record;
    Ok(())
}

pub(super) fn note_of(customer: &Customer) -> Result<&str, End> {
    let note = customer.note_id.as_ref().map(|note| note.0.as_str()).or(customer.id.as_deref());
    note.ok_or_else(|| {
        let message = "Acumatica's answer to a customer has no readable `NoteID`.";
        End::parked(Finding::new("acumatica.bug.undecodable", message))
    })
}

/// Makes the side that is missing.
async fn create(turn: &mut Turn<'_>, gathered: &Gathered, decided: &Decided, work: &Work) -> Result<Finished, End> {
    let step = work.steps.first().ok_or_else(|| broken("a plan to create without a step"))?;
    match step.key {
        StepKey::CustomerCreate => create_customer(turn, gathered, step).await,
        _ => create_account(turn, gathered, decided, step).await,
    }
}

/// Acumatica's customer, made once whoever asks: an order of the same person may be at it.
async fn create_customer(turn: &mut Turn<'_>, gathered: &Gathered, step: &Step) -> Result<Finished, End> {
    let guard =
        gathered.guard.as_deref().cloned().ok_or_else(|| broken("a customer is to be made without its guard"))?;
    let facts = gathered.facts(turn);
    let email = plan::email(&facts).unwrap_or_default();
    let guard_of_email = Guard::new(turn, email, plan::shown(&facts));
    let key = guard_of_email.key().to_owned();
    let made = guard_of_email.create(turn, guard, step).await?;
    let customer = match made.receipt {
        Some(receipt) => gather::decode(receipt)?,
        // Another worker made it: what it made is not what we would have, so the next turn merges.
        None => return Err(again("The customer was made by another event of the same person; it is compared next.")),
    };
    let mut after = Gathered { customer: Some(customer), account: gathered.account.clone(), ..Gathered::default() };
    met(turn, &after).await?;
    keys::known_by(turn, key, &made.customer_id);
    if let Some(decided) = further_addresses(turn, &mut after) {
        match &decided.plan {
            Plan::Update(work) => {
                know_each_other(turn, &after).await?;
                return apply(turn, &after, &decided, work).await;
            }
            Plan::Rejected(finding) => return Err(End::parked(finding.clone())),
            _ => {}
        }
    }
    finish(turn, &after, Outcome::Applied, None)
}

/// What is still to be written of a customer that has just been made: its further addresses. It has no location but its own yet.
fn further_addresses(turn: &Turn<'_>, after: &mut Gathered) -> Option<Decided> {
    if !locations::are_synced(&after.facts(turn)) {
        return None;
    }
    let base = super::locations::base_of_new(&after.facts(turn));
    (after.base, after.locations) = (Some(base), Some(Vec::new()));
    Some(plan::plan(&after.facts(turn)))
}

/// Magento's account.
async fn create_account(
    turn: &mut Turn<'_>,
    gathered: &Gathered,
    decided: &Decided,
    step: &Step,
) -> Result<Finished, End> {
    let customer = gathered.customer.as_ref().ok_or_else(|| broken("an account is to be made of nobody"))?;
    // The e-mail is this customer's before anybody is made of it: an order of the same person may be at it.
    keys::move_to(turn, gathered).await?;
    let owner = turn.records.claim_target(&turn.link.id, super::ENTITY, note_of(customer)?, &turn.record.key).await?;
    if let Some(owner) = owner {
        return Err(again(&format!("The customer is another record's by now ({owner}).")));
    }
    let planned = planned(turn, gathered, &decided.cells, &BTreeSet::new());
    let mut ran = run(turn, gathered, None, step, &planned).await.map_err(found_next)?;
    let account = read_account(ran.receipt.clone())?;
    let (customer_read, locations_read) = (gathered.customer.clone(), gathered.locations.clone());
    let mut after =
        Gathered { account: Some(account), customer: customer_read, locations: locations_read, ..Gathered::default() };
    super::locations::bind(turn, &mut after, None, &decided.cells.customer.keys().cloned().collect());
    if let Some(account) = &after.account {
        identity::pair(turn, account, note_of(customer)?).await?;
    }
    keys::move_to(turn, &after).await?;
    let cells = Both::of(&after.facts(turn));
    ran.bind.1.fingerprint = plan::base(&after.facts(turn), &cells, &BTreeSet::new()).fingerprint();
    bound(turn, &after, ran, None)
}

/// Writes to either side what has changed on the other.
async fn apply(turn: &mut Turn<'_>, gathered: &Gathered, decided: &Decided, work: &Work) -> Result<Finished, End> {
    let told = plan::told(&gathered.facts(turn), decided);
    let mut pending: BTreeSet<Field> = decided.merged.to_acumatica.union(&decided.merged.to_magento).cloned().collect();
    let (account, customer) = (gathered.account.clone(), gathered.customer.clone());
    let (base, formerly, locations) = (gathered.base.clone(), gathered.formerly.clone(), gathered.locations.clone());
    let mut now = Gathered { account, customer, base, formerly, locations, ..Gathered::default() };
    let mut last: Option<Ran> = None;
    let mut lost: Option<Finding> = None;
    let mut known = decided.cells.clone();
    keys::free_for(turn, gathered, decided).await?;
    tell(turn, told.as_ref());
    for step in &work.steps {
        let (side, fields) = plan::fields_of(decided, step);
        let expected = plan::predicted(decided, &known, side, &fields);
        pending.retain(|field| !fields.contains(field));
        let planned = planned(turn, &now, &expected, &pending);
        let mut ran = run(turn, &now, last.take(), step, &planned).await.map_err(|end| next_id(end, step))?;
        match (side, step.key) {
            (_, StepKey::LocationSave) => {
                super::locations::keep(&mut now, super::locations::decode(ran.receipt.clone())?);
            }
            (Side::Acumatica, _) => now.customer = Some(gather::decode(ran.receipt.clone())?),
            (Side::Magento, _) => {
                let before = now.account.replace(read_account(ran.receipt.clone())?);
                super::locations::bind(turn, &mut now, before.as_ref(), &fields);
            }
        }
        let saved = Both::of(&now.facts(turn));
        let taken = locations::under_former_names(&saved, &fields);
        let asked = &fields - &locations::emptied(&fields, &decided.cells.account);
        lost = lost.or_else(|| check::not_taken(&gathered.facts(turn), side, &asked, &decided.cells, &taken));
        known = known.after(&saved, side, &fields);
        ran.bind.1.fingerprint = plan::base(&now.facts(turn), &known, &pending).fingerprint();
        last = Some(ran);
    }
    keys::move_to(turn, &now).await?;
    let ran = last.ok_or_else(|| broken("a plan to update without a step"))?;
    bound(turn, &now, ran, Finding::and(lost, told))
}

/// Noted with the first intent: whoever goes on after a death tells it.
pub(super) fn tell(turn: &mut Turn<'_>, told: Option<&Finding>) {
    turn.record = turn.record.clone().untold(told.map(Finding::untold));
}

async fn run(
    turn: &mut Turn<'_>,
    gathered: &Gathered,
    before: Option<Ran>,
    step: &Step,
    planned: &Planned,
) -> Result<Ran, End> {
    let as_read = turn.record.clone();
    let mut record = as_read.clone();
    let is_old = before.is_some() || is_magentos(&turn.delivery.event.source_id);
    let pair = Pair { account: gathered.account.as_ref(), is_old, ..Pair::of(turn.link, &as_read) };
    let ran = turn.run(&mut record, before, step, planned, &pair).await;
    turn.record = record;
    ran
}

/// Whether an event is the shop's: the ERP was asked after the account was read then.
fn is_magentos(source_id: &str) -> bool {
    Id::parse(source_id).is_some_and(|id| id.side() == Side::Magento)
}

fn planned(turn: &Turn<'_>, gathered: &Gathered, cells: &Both, pending: &BTreeSet<Field>) -> Planned {
    let facts = gathered.facts(turn);
    Planned { revision: gathered.revision(turn), fingerprint: plan::base(&facts, cells, pending).fingerprint() }
}

/// The pair is in step: nothing is written but what is known of it.
fn in_step(turn: &Turn<'_>, gathered: &Gathered, decided: &Decided) -> Finished {
    let planned = planned(turn, gathered, &decided.cells, &BTreeSet::new());
    let finding = plan::told(&gathered.facts(turn), decided);
    let is_new = gathered.base.is_none();
    let rebind = target(turn, gathered).map(|target| planned.bound(target));
    let outcome = if is_new { Outcome::Adopted } else { Outcome::Unchanged };
    Finished { outcome, finding, bind: None, rebind }
}

fn finish(turn: &Turn<'_>, after: &Gathered, outcome: Outcome, finding: Option<Finding>) -> Result<Finished, End> {
    let planned = planned(turn, after, &Both::of(&after.facts(turn)), &BTreeSet::new());
    let target = target(turn, after).ok_or_else(|| broken("a pair without its other side"))?;
    Ok(Finished { outcome, finding, bind: None, rebind: Some(planned.bound(target)) })
}

fn bound(turn: &Turn<'_>, after: &Gathered, mut ran: Ran, finding: Option<Finding>) -> Result<Finished, End> {
    ran.bind.1.revision = after.revision(turn);
    Ok(Finished { outcome: Outcome::Applied, finding, bind: Some(ran.bind), rebind: None })
}

/// The other side's key: Acumatica's number, or Magento's id.
fn target(turn: &Turn<'_>, gathered: &Gathered) -> Option<String> {
    match Id::of_record(&turn.record.key)? {
        Id::Account(_) => {
            gathered.customer.as_ref().and_then(|customer| plan::cells::plain(customer.customer_id.as_ref()))
        }
        Id::Customer(_) => gathered.account.as_ref().map(|account| account.id.to_string()),
    }
}

pub(super) fn read_account(receipt: Value) -> Result<Account, End> {
    Account::read(receipt).map_err(|error| {
        let message = format!("Magento's answer to a customer cannot be read at {}.", error.path());
        End::parked(Finding::new("magento.bug.undecodable", message))
    })
}

pub(super) fn skipped(finding: Finding) -> Finished {
    Finished { outcome: Outcome::Skipped, finding: Some(finding), bind: None, rebind: None }
}

/// The e-mail was taken between the look-up and the save: whose account that is, the next turn finds.
fn found_next(end: End) -> End {
    match end {
        End::Parked { finding, disprove } if finding.code == EMAIL_TAKEN => {
            End::Returned { finding, counted: true, after: None, disprove }
        }
        end => end,
    }
}

/// Somebody has made a location of the id that was chosen: the next turn reads it, and chooses another.
fn next_id(end: End, step: &Step) -> End {
    match end {
        End::Parked { finding, disprove } if step.key == StepKey::LocationSave && finding.code == TAKEN => {
            End::Returned { finding, counted: true, after: None, disprove }
        }
        end => end,
    }
}

pub(super) fn again(message: &str) -> End {
    let finding = Finding::new("customers.not_ready.changed_meanwhile", message);
    End::Returned { finding, counted: false, after: Some(5), disprove: None }
}

pub(super) fn broken(what: &str) -> End {
    End::parked(Finding::new("flows.bug.impossible", format!("A rule of the plan was broken: {what}.")))
}
