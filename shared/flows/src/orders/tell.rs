//! Telling Magento what became of an order, once that is decided and before it is recorded: the ERP's number and a comment, by setting.
//!
//! Whatever becomes of the telling, nothing is written to the ERP again: an end that cannot be told is bound first, and says so in the record;
//! the next turn then finds the order unchanged and only tells. What was told is written with the turn's last transition. A worker that dies
//! in between leaves it to the next one, which sees in the order as it is read what was told already.

use jiff::SignedDuration;
use magento::model::order::{Order, OrderId};
use seams::Class;
use store::Record;

use super::facts::Told;
use super::plan::tell::{self as plan, News, Shown, Telling};
use crate::delivery::Outcome;
use crate::failure;
use crate::plan::Finding;
use crate::settings::WriteBack;
use crate::step::Planned;
use crate::turn::{End, Finished, Turn};

/// Two writes of at most 30 s each, and the records of them, must fit into what is left of the invocation.
const RESERVE: SignedDuration = SignedDuration::from_secs(75);

/// What of the order as it was read a telling needs.
pub(super) struct Seen {
    id: OrderId,
    setting: WriteBack,
    shown: Shown,
    planned: Planned,
}

/// What is needed of an order as it was read; nothing where nothing is told.
pub(super) fn seen(turn: &Turn<'_>, order: &Order, planned: &Planned) -> Option<Seen> {
    let setting = plan::setting(&turn.link.settings, order);
    let seen = || Seen { id: order.entity_id, setting, shown: Shown::of(order), planned: planned.clone() };
    (setting != WriteBack::default()).then(seen)
}

/// Tells how a turn ends; the end is another one where that fails.
pub(super) async fn tell(turn: &mut Turn<'_>, seen: Option<&Seen>, end: End) -> End {
    let Some(seen) = seen else { return end };
    match turn.last_try(end) {
        End::Finished(finished) => match dealt_with(turn, seen, *finished).await {
            Ok(finished) => End::Finished(Box::new(finished)),
            Err(end) => end,
        },
        // A mere look restores the park, which was told when it was made.
        End::Parked { finding, disprove } if !(turn.look && turn.record.park.is_some()) => {
            parked(turn, seen, &finding).await;
            End::Parked { finding, disprove }
        }
        end => end,
    }
}

async fn dealt_with(turn: &mut Turn<'_>, seen: &Seen, mut finished: Finished) -> Result<Finished, End> {
    let (outcome, finding) = turn.told(finished.outcome, finished.finding.clone());
    let bound = finished.bind.as_ref().map(|(_, bound)| bound).or(finished.rebind.as_ref());
    let Some(target) = bound.or(turn.record.bound.as_ref()).map(|bound| bound.target.clone()) else {
        return Ok(finished);
    };
    let owed = turn.record.told.as_ref().is_some_and(|told| told.owed);
    let news = match outcome {
        Outcome::Held => News::Written(&target, finding.as_ref()),
        Outcome::Applied | Outcome::Adopted => News::Written(&target, None),
        Outcome::Unchanged if owed => News::Written(&target, None),
        Outcome::Unchanged => News::Nothing(&target),
        Outcome::Skipped | Outcome::Waiting | Outcome::Returned | Outcome::Parked => return Ok(finished),
    };
    let telling = plan::tell(&seen.shown, news, seen.setting, turn.record.told.as_ref());
    if let Err(end) = send(turn, seen, telling).await {
        owe(turn, &finished, outcome, finding.as_ref()).await?;
        return Err(with_number(end, &target));
    }
    if owed && finished.outcome == Outcome::Unchanged {
        // The turn that wrote it did not live to log it as written.
        finished.outcome = Outcome::Adopted;
    }
    note(turn, |told| (told.owed, told.failures, told.echo) = (false, 0, None));
    Ok(finished)
}

/// A parked record's cause stands in the log and in the list of parked records whether Magento takes the comment or not.
async fn parked(turn: &mut Turn<'_>, seen: &Seen, finding: &Finding) {
    let bound = turn.record.bound.as_ref().map(|bound| bound.target.clone());
    let news = News::Parked(bound.as_deref(), finding);
    let telling = plan::tell(&seen.shown, news, seen.setting, turn.record.told.as_ref());
    let echoes = !telling.is_empty();
    match send(turn, seen, telling).await {
        Ok(()) => {
            let fingerprint = echoes.then(|| seen.planned.fingerprint.clone());
            note(turn, |told| told.echo = fingerprint);
        }
        Err(end) => {
            let code = end.finding().map_or("", |finding| finding.code);
            tracing::warn!(record = turn.record.key, code, "Could not comment on a parked order");
        }
    }
}

/// Writes what is to be told, and notes each part as it is written.
async fn send(turn: &mut Turn<'_>, seen: &Seen, telling: Telling) -> Result<(), End> {
    let nothing = telling.is_empty();
    let Telling { number, comment, told } = telling;
    turn.record = turn.record.clone().told((told != Told::default()).then_some(told));
    if nothing {
        return Ok(());
    }
    turn.time_for(RESERVE)?;
    if let Some(number) = number {
        let written = turn.link.magento.set_ext_order_id(seen.id, &number).await;
        written.map_err(|error| failed(turn, &error))?;
        note(turn, |told| told.number = Some(number));
    }
    if let Some(comment) = comment {
        let written = turn.link.magento.add_comment(seen.id, &comment).await;
        written.map_err(|error| failed(turn, &error))?;
        note(turn, |told| told.outcome = Some(plan::hash(&comment.text)));
    }
    Ok(())
}

/// A write that failed. Its event moves the order's revision, which starts the attempts anew where the shop carried it out and hides it:
/// so these failures are counted by themselves.
fn failed(turn: &mut Turn<'_>, error: &magento::Error) -> End {
    let end = failure::of_magento(error, turn.now(), turn.record.waited_since(error.code));
    if !matches!(error.class, Class::Transient | Class::Ambiguous) {
        return end;
    }
    note(turn, |told| told.failures += 1);
    let failures = turn.record.told.as_ref().map_or(0, |told| told.failures);
    match end.finding() {
        Some(finding) if failures >= turn.link.settings.orders.max_attempts => {
            let message = format!("Given up after {failures} tries. The last one: {}", finding.message);
            End::parked(Finding::new("flows.rejected.attempts_exhausted", message))
        }
        _ => end,
    }
}

/// Binds what was written and keeps what is still to be said, so that the next turn only tells.
async fn owe(turn: &mut Turn<'_>, finished: &Finished, outcome: Outcome, finding: Option<&Finding>) -> Result<(), End> {
    let news = outcome != Outcome::Unchanged;
    note(turn, |told| told.owed |= news);
    let owner = turn.owner.clone();
    let told = turn.record.told.clone();
    let keep = |record: Record| {
        let record = match &finished.bind {
            Some((attempt, bound)) => record.bind(attempt, bound.clone(), None)?,
            None => record,
        };
        let record = match &finished.rebind {
            Some(bound) => record.adopt(&owner, bound.clone())?,
            None => record,
        };
        let held = finding.filter(|_| outcome == Outcome::Held && record.untold.is_none());
        Ok(record.untold(held.map(Finding::untold)).told(told.clone()))
    };
    let mut record = turn.record.clone();
    let kept = turn.write(&mut record, keep).await;
    turn.record = record;
    kept
}

fn note(turn: &mut Turn<'_>, change: impl FnOnce(&mut Told)) {
    let mut told = turn.record.told.clone().unwrap_or_default();
    change(&mut told);
    turn.record = turn.record.clone().told((told != Told::default()).then_some(told));
}

/// A person who reads why telling failed must know that the order itself is written.
fn with_number(end: End, target: &str) -> End {
    match end {
        End::Parked { finding, disprove } => {
            let message =
                format!("The order is in Acumatica as {target}, but Magento was not told. {}", finding.message);
            End::Parked { finding: Finding::new(finding.code, message), disprove }
        }
        end => end,
    }
}
