//! Events that no turn was begun for: their link cannot be used, or too little of the invocation is left.
//!
//! SQS counts every receive, whoever is to blame for it, and moves the message to the dead-letter queue at the tenth. So the record keeps
//! what the message asks for, and the sweep brings it back; the message goes. Claim and release are one write here, because nothing is
//! done in between.

use jiff::{SignedDuration, Timestamp};
use queue::{Cause, Name};
use store::log::{Entry as LogEntry, Level};
use store::record::{Entry, Impossible, Park, State, Visit};
use store::records::WriteError;
use store::{Record, Records};

use crate::delivery::{Delivery, Outcome, Report, Verdict};
use crate::link::World;
use crate::plan::Finding;
use crate::turn::{away, look_again, silent, until_then};

/// No settings of such a link will ever come: a person must look where the message is from.
const UNKNOWN_LINK: &str = "flows.rejected.unknown_link";
/// How long the sync log keeps entries of a link whose settings, which would say so, are out of reach: the settings' own default.
const RETENTION_DAYS: u32 = 90;
/// In how many seconds a record is due that there was no time for, or its message is visible again.
const PUT_OFF_SECONDS: u32 = 30;
/// How soon to come back when the table did not answer, or another worker was first.
const SOON_SECONDS: u32 = 15;
/// The shortest and the longest time after which a returned message is visible again.
const RETURN_SECONDS: (u32, u32) = (5, 300);

/// Keeps an event whose link cannot be used because of `finding`: the record waits for the link, and is looked at ever less often. A link
/// that does not exist parks it instead, and what is parked already stays so.
pub async fn keep(world: &World, queue: Name, delivery: &Delivery<'_>, finding: Finding) -> Report {
    let visit = match Visited::of(world, delivery).await {
        Ok(visit) => visit,
        Err(report) => return *report,
    };
    let (outcome, finding, next) = visit.kept(delivery, finding);
    let report = visit.report(verdict_of(outcome), outcome, &finding);
    let entry = visit.entry(queue, delivery, &report);
    if let Err(error) = store::log::write(&*world.log, &entry, RETENTION_DAYS).await {
        return *away(&visit.record.key, &error);
    }
    match next {
        Some(next) => visit.written(next, report).await,
        None => report,
    }
}

/// Puts off an event that too little time is left for: the record becomes due soon. The message of a parked record is its ticket and comes
/// back itself, and so does one whose record somebody works on, because they may have read the source before the event.
pub async fn put_off(world: &World, delivery: &Delivery<'_>) -> Report {
    let visit = match Visited::of(world, delivery).await {
        Ok(visit) => visit,
        Err(report) => return *report,
    };
    let message = "The invocation is about to end; the record is worked on in a later one.";
    let finding = Finding::new("flows.not_ready.no_time", message);
    if visit.is_parked() || (visit.record.park.is_some() && !visit.look) {
        return visit.report(Verdict::Return { after: PUT_OFF_SECONDS }, Outcome::Returned, &finding);
    }
    let report = visit.report(Verdict::Acknowledge, Outcome::Waiting, &finding);
    let soon = visit.now + SignedDuration::from_secs(i64::from(PUT_OFF_SECONDS));
    match (visit.record.due, visit.fresh) {
        (Some(due), false) if due <= soon => report,
        (Some(_), false) => visit.written(visit.record.clone().postpone(soon), report).await,
        (None, _) | (Some(_), true) => {
            let next = visit.claimed(delivery).and_then(|record| visit.given_back(record, soon));
            visit.written(next, report).await
        }
    }
}

fn verdict_of(outcome: Outcome) -> Verdict {
    match outcome {
        // The next receive fails fast, until the dead-letter queue has the ticket.
        Outcome::Parked => Verdict::Return { after: 0 },
        // A record that stays parked keeps no event but its ticket's, so the message asks again.
        Outcome::Returned => Verdict::Return { after: RETURN_SECONDS.1 },
        _ => Verdict::Acknowledge,
    }
}

/// A record at whose door an event stands that may come in.
struct Visited {
    records: Records,
    record: Record,
    /// The event starts the attempts anew.
    fresh: bool,
    /// The park holds unless the source has changed.
    look: bool,
    owner: String,
    now: Timestamp,
}

impl Visited {
    /// `after` says in how many seconds the message comes back when the table does not answer.
    async fn of(world: &World, delivery: &Delivery<'_>) -> Result<Self, Box<Report>> {
        let event = delivery.event;
        let records = Records::new(world.state.clone(), world.clock.clone());
        let (key, owner, now) = (event.record_key(), world.clock.id(), world.clock.now());
        let loaded = records.load(&key).await;
        let record = loaded.map_err(|error| away(&key, &error))?;
        let insists = matches!(event.cause, Cause::Operator | Cause::Settings);
        let visit = Visit { message_id: delivery.message_id, event_id: &event.event_id, insists };
        let (fresh, look) = match record.entry(visit, now) {
            Entry::Busy { until } => return Err(silent(&record, Verdict::Return { after: until_then(now, until) })),
            Entry::FailFast => return Err(silent(&record, Verdict::Return { after: 0 })),
            Entry::Claim { fresh } => (fresh, false),
            Entry::ClaimToLook => (false, true),
        };
        Ok(Self { records, record, fresh, look, owner, now })
    }

    fn is_parked(&self) -> bool {
        self.record.state == State::Parked
    }

    /// The claim ends where it begins: it is never written.
    fn claimed(&self, delivery: &Delivery<'_>) -> Result<Record, Impossible> {
        let (record, owner, now) = (self.record.clone(), self.owner.as_str(), self.now);
        if self.look {
            record.claim_to_look(owner, now, now)
        } else {
            record.claim(owner, now, now, self.fresh.then_some(delivery.event.event_id.as_str()))
        }
    }

    /// What becomes of the record when its link cannot be used; nothing where it is as it should be.
    fn kept(
        &self,
        delivery: &Delivery<'_>,
        finding: Finding,
    ) -> (Outcome, Finding, Option<Result<Record, Impossible>>) {
        let (owner, now) = (self.owner.as_str(), self.now);
        if self.look {
            // A mere look leaves the park as it was. A dead worker's claim on it is taken back.
            let restored = || self.claimed(delivery).and_then(|record| record.restore_park(owner));
            let next = (!self.is_parked()).then(restored);
            if finding.code != UNKNOWN_LINK {
                return (Outcome::Returned, finding, next);
            }
            let message = "The record is parked, and its link does not exist.";
            return (Outcome::Skipped, Finding::new("flows.skipped.still_parked", message), next);
        }
        if finding.code != UNKNOWN_LINK {
            let due = look_again(now, self.record.waited_since(finding.code));
            let next = self.claimed(delivery).and_then(|record| record.wait(owner, finding.code, now, due));
            return (Outcome::Waiting, finding, Some(next));
        }
        let park = Park {
            code: finding.code.to_owned(),
            message: finding.message.clone(),
            message_id: delivery.message_id.to_owned(),
            event_id: delivery.event.event_id.clone(),
            revision: None,
            settings: 0,
            at: now,
        };
        (Outcome::Parked, finding, Some(self.claimed(delivery).and_then(|record| record.park(owner, park))))
    }

    /// Gives the record back as it was, due at `due`: what it waits for, and since when, stays.
    fn given_back(&self, record: Record, due: Timestamp) -> Result<Record, Impossible> {
        let waited = match &record.state {
            State::Working { wait, .. } => wait.as_ref().map(|wait| wait.reason.clone()),
            _ => None,
        };
        match waited {
            Some(reason) => record.wait(&self.owner, &reason, self.now, due),
            None => record.release(&self.owner, due, false),
        }
    }

    /// Writes what becomes of the record; `after` is for a table that does not answer.
    async fn written(&self, next: Result<Record, Impossible>, report: Report) -> Report {
        let written = match next {
            Ok(next) => self.records.write(next).await,
            Err(impossible) => Err(impossible.into()),
        };
        match written {
            Ok(record) => Report { attempt: record.attempts, ..report },
            // Whoever was first may have read the source before this event.
            Err(WriteError::Lost(_)) => *silent(&self.record, Verdict::Return { after: SOON_SECONDS }),
            Err(WriteError::Table(error)) => *away(&self.record.key, &error),
            Err(WriteError::Impossible(impossible)) => {
                let message = format!("A rule of the record was broken: {impossible}.");
                let verdict = Verdict::Return { after: RETURN_SECONDS.1 };
                self.report(verdict, Outcome::Returned, &Finding::new("flows.bug.impossible", message))
            }
        }
    }

    fn report(&self, verdict: Verdict, outcome: Outcome, finding: &Finding) -> Report {
        Report {
            verdict,
            outcome,
            code: Some(finding.code.to_owned()),
            message: Some(finding.message.clone()),
            target: self.record.bound.as_ref().map(|bound| bound.target.clone()),
            silent: false,
            ..*silent(&self.record, Verdict::Return { after: 0 })
        }
    }

    fn entry(&self, queue: Name, delivery: &Delivery<'_>, report: &Report) -> LogEntry {
        LogEntry {
            time: self.now,
            link: delivery.event.link.clone(),
            entity: queue.entity().to_owned(),
            record: self.record.key.clone(),
            rev: self.record.rev,
            shown: report.shown.clone(),
            target: report.target.clone(),
            direction: "magento_to_acumatica".to_owned(),
            trigger: delivery.event.cause.as_str().to_owned(),
            action: "look".to_owned(),
            level: level_of(report.code.as_deref()),
            outcome: format!("{:?}", report.outcome).to_lowercase(),
            code: report.code.clone(),
            message: report.message.clone(),
            duration_ms: 0,
            attempt: report.attempt,
            magento_calls: 0,
            acumatica_calls: 0,
            settings_version: 0,
            event: delivery.event.event_id.clone(),
        }
    }
}

/// A link that a person must mend is found in the sync log by its code, although its records only wait.
fn level_of(code: Option<&str>) -> Level {
    match code.and_then(|code| code.split('.').nth(1)) {
        Some("rejected" | "bug") => Level::Error,
        Some("skipped") => Level::Info,
        _ => Level::Warning,
    }
}

#[cfg(test)]
#[path = "unreached_tests.rs"]
mod tests;
