//! One order event, from the claim to its record; before that, Magento is told.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use store::record::Revision;

use super::adopt;
use super::document::SalesOrder;
use super::gather::{self, Gathered};
use super::plan;
use super::tell::{self, Seen};
use crate::customers::guard::Guard;
use crate::delivery::{Delivery, Outcome, Report};
use crate::link::{Link, World};
use crate::plan::{Finding, Plan, StepKey, Work};
use crate::step::{Planned, Ran, Settled, filled};
use crate::turn::{End, Finished, Turn};

/// Claim → settle → gather → plan → apply → tell → record.
pub async fn sync(world: &World, link: &Link, delivery: &Delivery<'_>) -> Report {
    let mut turn = match Turn::claim(world, link, delivery).await {
        Ok(turn) => turn,
        Err(report) => return *report,
    };
    let mut seen = None;
    let end = match work(&mut turn, &mut seen).await {
        Ok(finished) => End::Finished(Box::new(finished)),
        Err(end) => end,
    };
    let end = tell::tell(&mut turn, seen.as_ref(), end).await;
    turn.end(end).await
}

async fn work(turn: &mut Turn<'_>, seen: &mut Option<Seen>) -> Result<Finished, End> {
    turn.link_is_active()?;
    let settled = settle(turn).await?;
    let (order, planned) = gather::read(turn).await?;
    unchanged_since_parked(turn, &planned, settled.is_some())?;
    *seen = tell::seen(turn, &order, &planned);
    note(turn, &planned, &order.increment_id);
    not_stale(turn, &planned.revision)?;
    let gathered = gather::gather(turn, order, planned).await?;
    match plan::plan(&gathered.facts(turn)) {
        Plan::Create(work) => create(turn, &gathered, &work, None).await,
        Plan::Update(work) => apply(turn, &gathered, &work, None).await,
        Plan::Hold(work, finding) => create(turn, &gathered, &work, Some(finding)).await,
        Plan::Unchanged => match settled.as_ref().and_then(|document| adopt::not_taken(turn, &gathered, document)) {
            Some((work, finding)) => apply(turn, &gathered, &work, Some(finding)).await,
            None => Ok(unchanged(turn, &gathered, settled.is_some())),
        },
        Plan::Skipped(finding) => Ok(skipped(finding)),
        Plan::Rejected(finding) => Err(End::parked(finding)),
        Plan::NotReady(finding) => Err(End::waiting(finding, turn.now() + store::record::LONGEST_WAIT)),
    }
}

/// An earlier write whose end is unknown is resolved before anything is read; the document, if it had happened.
async fn settle(turn: &mut Turn<'_>) -> Result<Option<Value>, End> {
    let shown = turn.record.shown.clone().unwrap_or_else(|| turn.delivery.event.source_id.clone());
    let mut record = turn.record.clone();
    let settled = turn.settle(&mut record, &SalesOrder { shown: &shown }).await;
    turn.record = record;
    let Settled::Bound { receipt, .. } = settled? else { return Ok(None) };
    if let Some(bound) = &turn.record.bound {
        adopt::own(turn, &bound.target).await?;
    }
    Ok(Some(receipt))
}

/// A look at a parked record ends here when its source is as it was, or was only told of the park.
fn unchanged_since_parked(turn: &mut Turn<'_>, planned: &Planned, settled: bool) -> Result<(), End> {
    if !turn.look {
        return Ok(());
    }
    let parked = turn.record.park.as_ref().and_then(|park| park.revision.as_ref());
    if !settled && parked.is_some_and(|parked| *parked >= planned.revision) {
        return Err(End::StillParked);
    }
    let echo = turn.record.told.as_ref().and_then(|told| told.echo.as_ref());
    if !settled && echo == Some(&planned.fingerprint) {
        turn.record = turn.record.clone().hear_echo(planned.revision.clone());
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

/// Writes what is not there yet; a document from before a cut-over is adopted instead.
async fn create(
    turn: &mut Turn<'_>,
    gathered: &Gathered,
    work: &Work,
    finding: Option<Finding>,
) -> Result<Finished, End> {
    match adopt::already_there(turn, gathered, work).await? {
        Some(there) => adopt::bind(turn, gathered, there).await,
        None => apply(turn, gathered, work, finding).await,
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
    if let Some(finding) = &finding {
        // Kept with the intent: whoever settles it must say why.
        turn.record = turn.record.clone().untold(Some(finding.untold()));
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
    adopt::own(turn, &ran.bind.1.target).await?;
    Ok(Finished { outcome, finding, bind: Some(ran.bind), rebind: None })
}

/// The customer, made once whoever asks.
async fn make_customer(turn: &Turn<'_>, gathered: &Gathered, step: &crate::plan::Step) -> Result<String, End> {
    let guard =
        gathered.guard.as_deref().cloned().ok_or_else(|| broken("a customer is to be made without its guard"))?;
    let email = step.put.body.pointer("/MainContact/Email/value").and_then(Value::as_str).unwrap_or_default();
    Guard::new(turn, email, &gathered.order.increment_id).create(turn, guard, step).await
}

/// Nothing to write: the binding is brought up to date.
fn unchanged(turn: &Turn<'_>, gathered: &Gathered, adopted: bool) -> Finished {
    let rebind = turn.record.bound.as_ref().map(|bound| gathered.planned.bound(bound.target.clone()));
    // Whoever put a cancelled order on hold may have died before the log said so: it is said again.
    let finding = rebind.as_ref().and_then(|bound| plan::canceled(&gathered.order, &bound.target));
    let outcome = if adopted { Outcome::Adopted } else { Outcome::Unchanged };
    Finished { outcome, finding, bind: None, rebind }
}

fn skipped(finding: Finding) -> Finished {
    Finished { outcome: Outcome::Skipped, finding: Some(finding), bind: None, rebind: None }
}

fn broken(what: &str) -> End {
    End::parked(Finding::new("flows.bug.impossible", format!("A rule of the plan was broken: {what}.")))
}
