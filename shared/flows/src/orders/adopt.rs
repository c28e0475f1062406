//! Adopting a sales order that is there already: one that an earlier try wrote, or one from before a cut-over or a restore.

use serde_json::Value;

use super::document::{Documents, HowFar};
use super::facts::Facts;
use super::gather::Gathered;
use super::plan;
use crate::delivery::Outcome;
use crate::failure;
use crate::plan::{Finding, Step, StepKey, Work};
use crate::step::{Asked, Found, Judged, Kind, Sought};
use crate::turn::{End, Finished, Turn};

/// A document found before the first write, judged.
pub(super) struct There {
    judged: Judged,
    step: Step,
    document: Box<Value>,
}

/// Orders from before a cut-over or a restore are looked up before their first write. One that was begun is known: a look-up would find what
/// there is of it and take it for the whole.
pub(super) async fn already_there(turn: &Turn<'_>, gathered: &Gathered, work: &Work) -> Result<Option<There>, End> {
    let before = turn.link.settings.orders.look_up_before.filter(|_| gathered.facts(turn).bound.is_none());
    let Some(before) = before else { return Ok(None) };
    let created = gathered.order.created_at.replacen(' ', "T", 1) + "Z";
    let old = created.parse::<jiff::Timestamp>().is_ok_and(|created| created < before);
    let (Some(step), true) = (whole(work), old) else { return Ok(None) };
    let kind = Documents::of(&gathered.order.increment_id);
    let sought = Sought::new(step.key, step.reference.as_deref());
    let found = kind.look_up(turn.link.platforms(), &sought).await;
    match found.map_err(|error| turn.not_now(&error))? {
        Found::Missing => Ok(None),
        Found::Several(finding) | Found::Foreign(finding) => Err(End::parked(finding)),
        Found::Ours(document) => {
            let asked = Asked { step: step.key, total: step.total, target: None, sent: None };
            let mut judged = kind.judge(&asked, &document).map_err(unreadable)?;
            if let Some(finding) = unpaid(turn, &kind, step, work, &judged.target).await? {
                judged.must_hold = true;
                judged.finding = judged.finding.or(Some(finding));
            }
            Ok(Some(There { judged, step: step.clone(), document }))
        }
    }
}

/// The first payment of its own that is missing beside a document that is there already. It is told, not made: whoever entered the order may have
/// entered the payment under another name.
async fn unpaid(
    turn: &Turn<'_>,
    kind: &Documents<'_>,
    order: &Step,
    work: &Work,
    target: &str,
) -> Result<Option<Finding>, End> {
    let reference = order.reference.as_deref().unwrap_or_default();
    let mut payments = work.steps.iter().filter(|step| step.key == StepKey::PaymentCreate).peekable();
    if payments.peek().is_none() {
        return Ok(None);
    }
    let read = kind.written(&turn.link.acumatica, target, reference, work).await;
    match read.map_err(|error| failure::of_acumatica(&error, turn.now(), turn.record.waited_since(error.code)))? {
        HowFar::Written(written) => {
            let is_there = |step: &&Step| step.reference.as_ref().is_some_and(|own| written.payments.contains(own));
            let missing = payments.find(|step| !is_there(step)).and_then(|step| step.reference.as_deref());
            Ok(missing.map(|payment| {
                let message = format!(
                    "Order {} was in Acumatica already as {target}, without its payment `{payment}`; the order is on hold.",
                    kind.shown
                );
                Finding::new("orders.held.payment_missing", message)
            }))
        }
        HowFar::Foreign(finding) => Err(End::parked(finding)),
        // It was there a moment ago.
        HowFar::Gone => Err(End::Returned {
            finding: Finding::new("acumatica.transient.busy", format!("{target} was deleted while it was read.")),
            counted: true,
            after: None,
            disprove: None,
        }),
    }
}

/// Binds it; one that is open although it must not be is put on hold first.
pub(super) async fn bind(turn: &mut Turn<'_>, gathered: &Gathered, there: There) -> Result<Finished, End> {
    let There { judged, step, document } = there;
    adds_up(turn, &document);
    own(turn, &judged.target).await?;
    let bound = gathered.planned.bound(judged.target.clone());
    let outcome = if judged.finding.is_some() { Outcome::Held } else { Outcome::Adopted };
    if !judged.must_hold {
        return Ok(Finished { outcome, finding: judged.finding, bind: None, rebind: Some(bound) });
    }
    let kind = Documents::of(&gathered.order.increment_id);
    let mut record = turn.record.clone();
    let held = turn.adopt_on_hold(&mut record, bound, step.total, judged.finding.as_ref(), &kind).await;
    turn.record = record;
    Ok(Finished { outcome, finding: judged.finding, bind: Some(held?), rebind: None })
}

/// An adopted document compared with what is planned of its source, as the answer of its own write would have been: the hold that is to be
/// made, and why, where it differs.
pub(super) fn not_taken(turn: &Turn<'_>, gathered: &Gathered, document: &Value) -> Option<(Step, Finding)> {
    let bound = turn.record.bound.as_ref()?;
    let fresh = plan::plan(&Facts { bound: None, written: None, ..gathered.facts(turn) });
    let step = plan::period::as_written(whole(fresh.work()?)?, document);
    let kind = Documents::of(&gathered.order.increment_id);
    let asked = Asked { step: step.key, total: step.total, target: None, sent: Some(step.body()) };
    let judged = kind.judge(&asked, document).ok()?;
    let hold = plan::steps::hold(&bound.target, None);
    judged.finding.filter(|_| judged.must_hold).map(|finding| (hold, finding))
}

/// Keeps what the ERP's order adds up to: its released invoices are to come to that.
pub(super) fn adds_up(turn: &mut Turn<'_>, order: &Value) {
    if let Some(total) = order.pointer("/OrderTotal/value").filter(|total| total.is_number()) {
        turn.record = turn.record.clone().adds_up_to(total.to_string());
    }
}

/// The reverse binding, inserted before the record is done.
pub(super) async fn own(turn: &Turn<'_>, target: &str) -> Result<(), End> {
    let owner = turn.records.claim_target(&turn.link.id, super::ENTITY, target, &turn.record.key).await?;
    owner.map_or(Ok(()), |owner| {
        let message = format!("Sales order {target} in Acumatica already belongs to {owner}.");
        Err(End::parked(Finding::new("flows.rejected.reference_taken", message)))
    })
}

/// The step whose answer shows the whole order.
fn whole(work: &Work) -> Option<&Step> {
    work.steps.iter().find(|step| step.key.makes_whole())
}

fn unreadable(field: &'static str) -> End {
    End::parked(Finding::new("acumatica.bug.undecodable", format!("Acumatica's answer has no readable `{field}`.")))
}
