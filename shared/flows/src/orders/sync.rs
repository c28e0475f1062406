//! One order event, from the claim to its record; before that, Magento is told.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use store::record::Revision;

use super::adopt;
use super::document::Documents;
use super::gather::{self, Gathered};
use super::plan;
use super::tell::{self, Seen};
use crate::customers::guard::Guard;
use crate::delivery::{Delivery, Outcome, Report};
use crate::link::{Link, World};
use crate::plan::{Finding, Plan, Step, StepKey, Work};
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
    unchanged_since_parked(turn, &planned, settled.written)?;
    *seen = tell::seen(turn, &order, &planned);
    note(turn, &planned, &order.increment_id);
    not_stale(turn, &planned.revision)?;
    let gathered = gather::gather(turn, order, planned).await?;
    let plan = plan::plan(&gathered.facts(turn));
    let differs = || settled.whole.as_ref().and_then(|document| adopt::not_taken(turn, &gathered, document));
    match plan {
        Plan::Create(work) => create(turn, &gathered, &work, None).await,
        Plan::Update(work) => match differs() {
            Some((hold, finding)) => apply(turn, &gathered, &before(hold, *work), Some(finding)).await,
            None => apply(turn, &gathered, &work, None).await,
        },
        Plan::Hold(work, finding) => create(turn, &gathered, &work, Some(finding)).await,
        Plan::Unchanged => match differs() {
            Some((hold, finding)) => {
                apply(turn, &gathered, &Work { steps: vec![hold], amounts: None }, Some(finding)).await
            }
            None => Ok(unchanged(turn, &gathered, settled.written)),
        },
        Plan::Skipped(finding) => Ok(skipped(finding)),
        Plan::Rejected(finding) => Err(End::parked(finding)),
        Plan::NotReady(finding) => Err(End::waiting(finding, turn.now() + store::record::LONGEST_WAIT)),
    }
}

/// A hold, then what is still to be written.
fn before(hold: Step, work: Work) -> Work {
    let hold = Step { unfinished: !work.steps.is_empty(), ..hold };
    Work { steps: std::iter::once(hold).chain(work.steps).collect(), ..work }
}

/// What an earlier write turned out to be.
#[derive(Default)]
struct Earlier {
    /// It had happened.
    written: bool,
    /// The sales order, where the write had made it whole.
    whole: Option<Value>,
}

/// An earlier write whose end is unknown is resolved before anything is read.
async fn settle(turn: &mut Turn<'_>) -> Result<Earlier, End> {
    let shown = turn.record.shown.clone().unwrap_or_else(|| turn.delivery.event.source_id.clone());
    let mut record = turn.record.clone();
    let settled = turn.settle(&mut record, &Documents::of(&shown)).await;
    turn.record = record;
    let Settled::Bound { step, receipt, .. } = settled? else { return Ok(Earlier::default()) };
    adopt::adds_up(turn, &receipt);
    if let Some(bound) = &turn.record.bound {
        adopt::own(turn, &bound.target).await?;
    }
    let whole = (step.makes_whole() || step == StepKey::OrderHold).then_some(receipt);
    // A hold of an order that is not whole yet says nothing of it either.
    let whole = whole.filter(|_| step != StepKey::OrderHold || !is_unfinished(turn));
    Ok(Earlier { written: true, whole })
}

fn is_unfinished(turn: &Turn<'_>) -> bool {
    turn.record.bound.as_ref().is_some_and(|bound| bound.unfinished)
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
        Some(bound) if *revision < bound.revision && !bound.unfinished => {
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
    let moved_until = plan::moved_until(&gathered.facts(turn), turn.now());
    let kind = Documents { shown: &gathered.order.increment_id, moved_until };
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
        let told = turn.record.untold.is_some() || last.as_ref().is_some_and(|ran| ran.finding.is_some());
        let step = if told { plan::slices::on_hold(step) } else { step };
        let mut record = turn.record.clone();
        let ran = turn.run(&mut record, last.take(), &step, &gathered.planned, &kind).await;
        turn.record = record;
        let ran = ran?;
        adopt::adds_up(turn, &ran.receipt);
        receipts.insert(step.key, ran.receipt.clone());
        last = Some(ran);
    }
    let Some(ran) = last else { return nothing_missing(turn, gathered, finding).await };
    let finding = finding.or(ran.finding);
    let outcome = if finding.is_some() { Outcome::Held } else { Outcome::Applied };
    adopt::own(turn, &ran.bind.1.target).await?;
    Ok(Finished { outcome, finding, bind: Some(ran.bind), rebind: None })
}

/// An unfinished document of which everything is there.
async fn nothing_missing(turn: &Turn<'_>, gathered: &Gathered, finding: Option<Finding>) -> Result<Finished, End> {
    let bound = turn.record.bound.as_ref().ok_or_else(|| broken("a plan without a step for its own record"))?;
    adopt::own(turn, &bound.target).await?;
    let outcome = if finding.is_some() { Outcome::Held } else { Outcome::Adopted };
    let rebind = Some(gathered.planned.bound(bound.target.clone()));
    Ok(Finished { outcome, finding, bind: None, rebind })
}

/// The customer, made once whoever asks.
async fn make_customer(turn: &Turn<'_>, gathered: &Gathered, step: &Step) -> Result<String, End> {
    let guard =
        gathered.guard.as_deref().cloned().ok_or_else(|| broken("a customer is to be made without its guard"))?;
    let email = step.body().pointer("/MainContact/Email/value").and_then(Value::as_str).unwrap_or_default();
    Guard::new(turn, email, format!("order {}", gathered.order.increment_id))
        .create(turn, guard, step)
        .await
        .map(|made| made.customer_id)
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
