//! One order event, from the claim to its record.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use store::record::Revision;

use super::document::SalesOrder;
use super::facts::Facts;
use super::gather::{self, Gathered};
use super::plan;
use crate::customers::guard::Guard;
use crate::delivery::{Delivery, Outcome, Report};
use crate::failure;
use crate::link::{Link, World};
use crate::plan::{Finding, Plan, StepKey, Work};
use crate::step::{Found, Kind, Planned, Ran, Settled, Sought, filled};
use crate::turn::{End, Finished, Turn};

/// Claim → settle → gather → plan → apply → record.
pub async fn sync(world: &World, link: &Link, delivery: &Delivery<'_>) -> Report {
    let mut turn = match Turn::claim(world, link, delivery).await {
        Ok(turn) => turn,
        Err(report) => return *report,
    };
    let end = match work(&mut turn).await {
        Ok(finished) => End::Finished(Box::new(finished)),
        Err(end) => end,
    };
    turn.end(end).await
}

async fn work(turn: &mut Turn<'_>) -> Result<Finished, End> {
    turn.link_is_active()?;
    let settled = settle(turn).await?;
    let (order, planned) = gather::read(turn).await?;
    unchanged_since_parked(turn, &planned.revision, settled.is_some())?;
    note(turn, &planned, &order.increment_id);
    not_stale(turn, &planned.revision)?;
    let gathered = gather::gather(turn, order, planned).await?;
    match plan::plan(&gathered.facts(turn)) {
        Plan::Create(work) => apply(turn, &gathered, &work, None).await,
        Plan::Update(work) => apply(turn, &gathered, &work, None).await,
        Plan::Hold(work, finding) => apply(turn, &gathered, &work, Some(finding)).await,
        Plan::Unchanged => match not_taken(turn, &gathered, settled.as_ref()) {
            Some(finding) => apply(turn, &gathered, &hold(turn), Some(finding)).await,
            None => Ok(unchanged(turn, &gathered, settled.map(|settled| settled.finished))),
        },
        Plan::Skipped(finding) => Ok(skipped(finding)),
        Plan::Rejected(finding) => Err(End::parked(finding)),
        Plan::NotReady(finding) => Err(End::waiting(finding, turn.now() + store::record::LONGEST_WAIT)),
    }
}

/// What was settled on the way: how the turn ends if nothing else is to be done, and the document where it was looked up.
struct OnTheWay {
    finished: Finished,
    document: Option<Value>,
}

/// An earlier write whose end is unknown is resolved before anything is read.
async fn settle(turn: &mut Turn<'_>) -> Result<Option<OnTheWay>, End> {
    let shown = turn.record.shown.clone().unwrap_or_else(|| turn.delivery.event.source_id.clone());
    let mut record = turn.record.clone();
    let settled = turn.settle(&mut record, &SalesOrder { shown: &shown }).await;
    turn.record = record;
    let untold = || turn.record.untold.as_ref().and_then(Finding::kept);
    let (finding, document) = match settled? {
        Settled::Bound { finding, receipt } => {
            if let Some(bound) = &turn.record.bound {
                own(turn, &bound.target).await?;
            }
            (finding.or_else(untold), Some(receipt))
        }
        // Bound by a turn that died before the log had its finding.
        Settled::Clear => match untold() {
            Some(finding) => (Some(finding), None),
            None => return Ok(None),
        },
    };
    let outcome = if finding.is_some() { Outcome::Held } else { Outcome::Adopted };
    Ok(Some(OnTheWay { finished: Finished { outcome, finding, bind: None, rebind: None }, document }))
}

/// An adopted document is compared with what is planned of its source, as the answer of its own write would have been.
fn not_taken(turn: &Turn<'_>, gathered: &Gathered, settled: Option<&OnTheWay>) -> Option<Finding> {
    let document = settled?.document.as_ref()?;
    let fresh = plan::plan(&Facts { bound: None, ..gathered.facts(turn) });
    let step = fresh.work()?.steps.iter().find(|step| step.key == StepKey::OrderCreate)?;
    let kind = SalesOrder { shown: &gathered.order.increment_id };
    let judged = kind.judge(step.total, Some(&step.put.body), document).ok()?;
    judged.finding.filter(|_| judged.must_hold)
}

/// The bound document, to be put on hold.
fn hold(turn: &Turn<'_>) -> Work {
    let bound = turn.record.bound.iter();
    Work { steps: bound.map(|bound| plan::document::hold(&bound.target, None)).collect(), amounts: None }
}

/// A look at a parked record ends here when its source is as it was.
fn unchanged_since_parked(turn: &mut Turn<'_>, revision: &Revision, settled: bool) -> Result<(), End> {
    if !turn.look {
        return Ok(());
    }
    let parked = turn.record.park.as_ref().and_then(|park| park.revision.as_ref());
    if !settled && parked.is_some_and(|parked| parked >= revision) {
        return Err(End::StillParked);
    }
    turn.record = turn.record.clone().lift_park();
    Ok(())
}

fn note(turn: &mut Turn<'_>, planned: &Planned, shown: &str) {
    let seen = turn.seen(planned.revision.clone());
    turn.record = turn.record.clone().note(seen, Some(shown));
}

/// Versions never go back.
fn not_stale(turn: &Turn<'_>, revision: &Revision) -> Result<(), End> {
    match &turn.record.bound {
        Some(bound) if *revision < bound.revision => {
            let finding = Finding::new("flows.skipped.stale", "A newer state of this order was already written.");
            Err(End::finished(Outcome::Skipped, Some(finding)))
        }
        _ => Ok(()),
    }
}

/// Runs the steps in order; the last one's binding is written with the final transition.
async fn apply(
    turn: &mut Turn<'_>,
    gathered: &Gathered,
    work: &Work,
    finding: Option<Finding>,
) -> Result<Finished, End> {
    let kind = SalesOrder { shown: &gathered.order.increment_id };
    if let Some(adopted) = already_there(turn, gathered, work, &kind).await? {
        return Ok(adopted);
    }
    let mut receipts = BTreeMap::new();
    let mut last: Option<Ran> = None;
    for step in &work.steps {
        let step = filled(step, &receipts).ok_or_else(|| broken("a step refers to a receipt that is not there"))?;
        if step.key == StepKey::CustomerCreate {
            let customer = make_customer(turn, gathered, &step).await?;
            receipts.insert(step.key, json!({ "CustomerID": { "value": customer } }));
            continue;
        }
        let mut record = turn.record.clone();
        let ran = turn.run(&mut record, &step, &gathered.planned, &kind).await;
        turn.record = record;
        let ran = ran?;
        receipts.insert(step.key, ran.receipt.clone());
        last = Some(ran);
    }
    let ran = last.ok_or_else(|| broken("a plan without a step for its own record"))?;
    let finding = finding.or(ran.finding);
    let outcome = if finding.is_some() { Outcome::Held } else { Outcome::Applied };
    own(turn, &ran.bind.1.target).await?;
    Ok(Finished { outcome, finding, bind: Some(ran.bind), rebind: None })
}

/// The customer, made once whoever asks.
async fn make_customer(turn: &Turn<'_>, gathered: &Gathered, step: &crate::plan::Step) -> Result<String, End> {
    let guard =
        gathered.guard.as_deref().cloned().ok_or_else(|| broken("a customer is to be made without its guard"))?;
    let email = step.put.body.pointer("/MainContact/Email/value").and_then(Value::as_str).unwrap_or_default();
    Guard::new(turn, email, &gathered.order.increment_id).create(turn, guard, step).await
}

/// Orders from before a cut-over or a restore are looked up before their first write.
async fn already_there(
    turn: &Turn<'_>,
    gathered: &Gathered,
    work: &Work,
    kind: &SalesOrder<'_>,
) -> Result<Option<Finished>, End> {
    let Some(before) = turn.link.settings.orders.look_up_before else { return Ok(None) };
    let created = gathered.order.created_at.replacen(' ', "T", 1) + "Z";
    let step = work.steps.iter().find(|step| step.key == StepKey::OrderCreate);
    let (Some(step), true) = (step, created.parse::<jiff::Timestamp>().is_ok_and(|created| created < before)) else {
        return Ok(None);
    };
    let sought = Sought { reference: step.reference.as_deref(), target: None };
    let found = kind.look_up(&turn.link.acumatica, &sought).await;
    match found.map_err(|error| failure::of_read(&error, turn.now(), turn.record.waited_since(error.code)))? {
        Found::Missing => Ok(None),
        Found::Several(finding) | Found::Foreign(finding) => Err(End::parked(finding)),
        Found::Ours(document) => {
            let judged = kind.judge(step.total, None, &document).map_err(broken)?;
            own(turn, &judged.target).await?;
            let rebind = Some(gathered.planned.bound(judged.target));
            let outcome = if judged.finding.is_some() { Outcome::Held } else { Outcome::Adopted };
            Ok(Some(Finished { outcome, finding: judged.finding, bind: None, rebind }))
        }
    }
}

/// The reverse binding, inserted before the record is done.
async fn own(turn: &Turn<'_>, target: &str) -> Result<(), End> {
    let owner = turn.records.claim_target(&turn.link.id, super::ENTITY, target, &turn.record.key).await?;
    owner.map_or(Ok(()), |owner| {
        let message = format!("Sales order {target} in Acumatica already belongs to {owner}.");
        Err(End::parked(Finding::new("flows.rejected.reference_taken", message)))
    })
}

/// Nothing to write; what was settled on the way is the outcome, and the binding is brought up to date.
fn unchanged(turn: &Turn<'_>, gathered: &Gathered, settled: Option<Finished>) -> Finished {
    let rebind = turn.record.bound.as_ref().map(|bound| gathered.planned.bound(bound.target.clone()));
    let end = settled.unwrap_or(Finished { outcome: Outcome::Unchanged, finding: None, bind: None, rebind: None });
    // Whoever put a cancelled order on hold may have died before the log said so: it is said again.
    let canceled = rebind.as_ref().and_then(|bound| plan::canceled(&gathered.order, &bound.target));
    Finished { rebind, finding: canceled.or(end.finding), ..end }
}

fn skipped(finding: Finding) -> Finished {
    Finished { outcome: Outcome::Skipped, finding: Some(finding), bind: None, rebind: None }
}

fn broken(what: &str) -> End {
    End::parked(Finding::new("flows.bug.impossible", format!("A rule of the plan was broken: {what}.")))
}
