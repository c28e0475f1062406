//! How a turn ends: the log's entry, then the final transition, then the report.

mod entry;

use jiff::{SignedDuration, Timestamp};
use store::TableError;
use store::record::{Bound, LONGEST_WAIT, Park};
use store::records::WriteError;

use super::{RETURN_SECONDS, SOON, Turn, away};
use crate::delivery::{Outcome, Report, Verdict};
use crate::plan::Finding;

/// How often a record is returned because the other side asks for fewer requests, before it waits.
const THROTTLES: u32 = 2;
/// A returned record is due this much after its message: by then the message has died.
const MESSAGE_DIED: SignedDuration = SignedDuration::from_secs(60);

/// Every way in which a turn ends.
#[derive(Clone, Debug)]
pub enum End {
    /// The event is dealt with.
    Finished(Box<Finished>),
    /// It waits for what comes by itself.
    Waiting {
        /// What for.
        finding: Finding,
        /// When to look again, at most 15 minutes from now.
        due: Timestamp,
        /// The attempt that is proven to have changed nothing.
        disprove: Option<String>,
    },
    /// It is tried again soon.
    Returned {
        /// Why.
        finding: Finding,
        /// Whether the try used an attempt.
        counted: bool,
        /// In how many seconds; by the back-off when absent.
        after: Option<u32>,
        /// The attempt that is proven to have changed nothing.
        disprove: Option<String>,
    },
    /// The other side asks for fewer requests, or the connection to it broke: back soon, twice and uncounted, before it waits.
    Throttled {
        /// What it said.
        finding: Finding,
        /// In how many seconds.
        after: u32,
        /// The attempt that is proven to have changed nothing.
        disprove: Option<String>,
    },
    /// A person must act.
    Parked {
        /// On what.
        finding: Finding,
        /// The attempt that is proven to have changed nothing.
        disprove: Option<String>,
    },
    /// A look at a parked record found nothing new.
    StillParked,
    /// Another worker has the record now; what we know is already in it.
    Lost,
    /// The table did not answer: nothing more can be recorded.
    Unrecorded(TableError),
}

/// A dealt-with event.
#[derive(Clone, Debug)]
pub struct Finished {
    /// Applied, adopted, held, unchanged or skipped.
    pub outcome: Outcome,
    /// What a person should know.
    pub finding: Option<Finding>,
    /// The attempt and what it led to.
    pub bind: Option<(String, Bound)>,
    /// The binding brought up to date without a write.
    pub rebind: Option<Bound>,
}

impl End {
    /// Dealt with, nothing to bind.
    #[must_use]
    pub fn finished(outcome: Outcome, finding: Option<Finding>) -> Self {
        End::Finished(Box::new(Finished { outcome, finding, bind: None, rebind: None }))
    }

    /// Waits until `due`.
    #[must_use]
    pub fn waiting(finding: Finding, due: Timestamp) -> Self {
        End::Waiting { finding, due, disprove: None }
    }

    /// The same, with proof that the attempt has changed nothing.
    #[must_use]
    pub fn disproving(mut self, attempt: &str) -> Self {
        match &mut self {
            End::Waiting { disprove, .. }
            | End::Returned { disprove, .. }
            | End::Throttled { disprove, .. }
            | End::Parked { disprove, .. } => *disprove = Some(attempt.to_owned()),
            End::Finished(_) | End::StillParked | End::Lost | End::Unrecorded(_) => {}
        }
        self
    }

    /// What stands in the way, where the end has one finding.
    #[must_use]
    pub fn finding(&self) -> Option<&Finding> {
        match self {
            End::Finished(finished) => finished.finding.as_ref(),
            End::Waiting { finding, .. }
            | End::Returned { finding, .. }
            | End::Throttled { finding, .. }
            | End::Parked { finding, .. } => Some(finding),
            End::StillParked | End::Lost | End::Unrecorded(_) => None,
        }
    }

    /// Parked.
    #[must_use]
    pub fn parked(finding: Finding) -> Self {
        End::Parked { finding, disprove: None }
    }
}

impl From<TableError> for End {
    fn from(error: TableError) -> Self {
        End::Unrecorded(error)
    }
}

impl From<WriteError> for End {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Lost(_) => End::Lost,
            WriteError::Table(error) => End::Unrecorded(error),
            WriteError::Impossible(impossible) => End::parked(Finding::new(
                "flows.bug.impossible",
                format!("A rule of the record was broken: {impossible}."),
            )),
        }
    }
}

/// An end, settled: what is logged, reported and written.
struct Settled {
    outcome: Outcome,
    finding: Option<Finding>,
    verdict: Verdict,
    write: Write,
}

enum Write {
    Finish { bind: Option<(String, Bound)>, rebind: Option<Bound> },
    Wait { due: Timestamp, disprove: Option<String> },
    Release { due: Timestamp, counted: bool, throttled: bool, disprove: Option<String> },
    Park { disprove: Option<String> },
    RestorePark,
}

impl Turn<'_> {
    /// Records the end: the log's entry first, then the final transition.
    pub async fn end(self, end: End) -> Report {
        let settled = match self.settle_end(end) {
            Ok(settled) => settled,
            Err(report) => return *report,
        };
        let target = self.target(&settled);
        let entry = self.entry(&settled, target.as_deref());
        if let Err(error) = store::log::write(&*self.world.log, &entry, self.link.settings.log.retention_days).await {
            return *away(&self.record.key, &error);
        }
        match self.transition(&settled).await {
            Ok(()) => self.report(settled, target),
            Err(WriteError::Table(error)) => *away(&self.record.key, &error),
            Err(WriteError::Lost(_)) => self.lost(),
            Err(WriteError::Impossible(impossible)) => {
                let finding =
                    Finding::new("flows.bug.impossible", format!("A rule of the record was broken: {impossible}."));
                let verdict = Verdict::Return { after: RETURN_SECONDS.1 };
                let write = Write::RestorePark;
                self.report(Settled { outcome: Outcome::Returned, finding: Some(finding), verdict, write }, target)
            }
        }
    }

    /// Decides what an end means for this record, with its attempts, throttles and settings.
    fn settle_end(&self, end: End) -> Result<Settled, Box<Report>> {
        let now = self.now();
        Ok(match self.last_try(end) {
            // A mere look leaves the park as it was, whatever stood in its way; the message asks again.
            End::Waiting { finding, .. }
            | End::Returned { finding, .. }
            | End::Throttled { finding, .. }
            | End::Parked { finding, .. }
                if self.look && self.record.park.is_some() =>
            {
                let verdict = Verdict::Return { after: RETURN_SECONDS.1 };
                Settled { outcome: Outcome::Returned, finding: Some(finding), verdict, write: Write::RestorePark }
            }
            End::Finished(finished) => {
                let Finished { outcome, finding, bind, rebind } = *finished;
                let (outcome, finding) = self.told(outcome, finding);
                Settled { outcome, finding, verdict: Verdict::Acknowledge, write: Write::Finish { bind, rebind } }
            }
            End::Waiting { finding, due, disprove } => Settled {
                outcome: Outcome::Waiting,
                finding: Some(finding),
                verdict: Verdict::Acknowledge,
                write: Write::Wait { due, disprove },
            },
            End::Returned { finding, counted, after, disprove } => {
                self.give_back(finding, after.unwrap_or_else(|| self.back_off()), counted, false, disprove)
            }
            // What it has waited for already is no blip any more.
            End::Throttled { finding, after, disprove }
                if self.record.throttled < THROTTLES && self.record.waited_since(finding.code).is_none() =>
            {
                let after = after.clamp(RETURN_SECONDS.0, RETURN_SECONDS.1);
                self.give_back(finding, after, false, true, disprove)
            }
            End::Throttled { finding, after, disprove } if finding.code.contains(".throttled.") => Settled {
                outcome: Outcome::Waiting,
                finding: Some(Finding::new("flows.not_ready.throttled", finding.message)),
                verdict: Verdict::Acknowledge,
                write: Write::Wait { due: now + SignedDuration::from_secs(i64::from(after.max(120))), disprove },
            },
            End::Throttled { finding, disprove, .. } => {
                let due = look_again(now, self.record.waited_since(finding.code));
                self.settle_end(End::Waiting { finding, due, disprove })?
            }
            End::Parked { finding, disprove } => self.park(finding, disprove),
            End::StillParked => {
                let message = "The record is parked, and nothing about it has changed.";
                let finding = Some(Finding::new("flows.skipped.still_parked", message));
                Settled { outcome: Outcome::Skipped, finding, verdict: Verdict::Acknowledge, write: Write::RestorePark }
            }
            End::Lost => return Err(Box::new(self.lost())),
            End::Unrecorded(error) => return Err(away(&self.record.key, &error)),
        })
    }

    /// A counted return after the last try is a park.
    pub(crate) fn last_try(&self, end: End) -> End {
        match end {
            End::Returned { finding, counted: true, disprove, .. }
                if self.record.attempts >= self.max_attempts() && !(self.look && self.record.park.is_some()) =>
            {
                let message =
                    format!("Given up after {} tries. The last one: {}", self.record.attempts, finding.message);
                End::Parked { finding: Finding::new("flows.rejected.attempts_exhausted", message), disprove }
            }
            end => end,
        }
    }

    /// A finding that an earlier turn bound and no log entry has yet comes before anything but a hold of this turn's; what was decided by rule is told
    /// besides.
    pub(crate) fn told(&self, outcome: Outcome, finding: Option<Finding>) -> (Outcome, Option<Finding>) {
        match self.record.untold.as_ref().and_then(Finding::kept) {
            Some(untold) if untold.is_resolved() => (outcome, Finding::and(finding, Some(untold))),
            Some(untold) if outcome != Outcome::Held => (Outcome::Held, Some(untold)),
            _ => (outcome, finding),
        }
    }

    fn park(&self, finding: Finding, disprove: Option<String>) -> Settled {
        // Visible at once: the next receives fail fast without a call until SQS moves the message to the DLQ.
        let verdict = Verdict::Return { after: 0 };
        Settled { outcome: Outcome::Parked, finding: Some(finding), verdict, write: Write::Park { disprove } }
    }

    fn give_back(
        &self,
        finding: Finding,
        after: u32,
        counted: bool,
        throttled: bool,
        disprove: Option<String>,
    ) -> Settled {
        let due = self.now() + SignedDuration::from_secs(i64::from(after)) + MESSAGE_DIED;
        let write = Write::Release { due, counted, throttled, disprove };
        Settled { outcome: Outcome::Returned, finding: Some(finding), verdict: Verdict::Return { after }, write }
    }

    /// 5 s, doubled by each try, with up to half of it added by the owner's random name, at most five minutes.
    fn back_off(&self) -> u32 {
        let doubled = RETURN_SECONDS.0 << self.record.attempts.saturating_sub(1).min(6);
        let jitter = self.owner.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)))
            % (doubled / 2 + 1);
        (doubled + jitter).min(RETURN_SECONDS.1)
    }

    async fn transition(&self, settled: &Settled) -> Result<(), WriteError> {
        let (owner, now) = (self.owner.as_str(), self.now());
        let (finding, told) = (settled.finding.clone(), self.record.told.clone());
        let written = self.records.transition(self.record.clone(), owner, |record| {
            // What was told holds whoever wrote the record in between.
            let record = record.told(told.clone());
            match &settled.write {
                Write::Finish { bind, rebind } => {
                    let record = match rebind {
                        Some(bound) => record.adopt(owner, bound.clone())?,
                        None => record,
                    };
                    record.finish(owner, bind.clone())
                }
                Write::Wait { due, disprove } => {
                    let reason = finding.as_ref().map_or("unknown", |finding| finding.code);
                    cleared(record, disprove.as_deref())?.wait(owner, reason, now, *due)
                }
                Write::Release { due, counted, throttled, disprove } => {
                    let record = cleared(record, disprove.as_deref())?;
                    if *throttled {
                        record.release_throttled(owner, *due)
                    } else {
                        record.release(owner, *due, *counted)
                    }
                }
                Write::Park { disprove } => {
                    cleared(record, disprove.as_deref())?.park(owner, self.park_note(finding.as_ref(), now))
                }
                Write::RestorePark => record.restore_park(owner),
            }
        });
        written.await.map(|_| ())
    }

    fn park_note(&self, finding: Option<&Finding>, at: Timestamp) -> Park {
        Park {
            code: finding.map_or_else(String::new, |finding| finding.code.to_owned()),
            message: finding.map_or_else(String::new, |finding| finding.message.clone()),
            message_id: self.delivery.message_id.to_owned(),
            event_id: self.delivery.event.event_id.clone(),
            revision: self.record.seen.as_ref().map(|seen| seen.revision.clone()),
            settings: self.link.settings_version,
            at,
        }
    }

    fn target(&self, settled: &Settled) -> Option<String> {
        let now_bound = match &settled.write {
            Write::Finish { bind: Some((_, bound)), .. } | Write::Finish { rebind: Some(bound), .. } => Some(bound),
            _ => self.record.bound.as_ref(),
        };
        now_bound.map(|bound| bound.target.clone())
    }

    fn report(&self, settled: Settled, target: Option<String>) -> Report {
        Report {
            verdict: settled.verdict,
            outcome: settled.outcome,
            code: settled.finding.as_ref().map(|finding| finding.code.to_owned()),
            message: settled.finding.map(|finding| finding.message),
            record: self.record.key.clone(),
            shown: self.record.shown.clone(),
            target,
            attempt: self.record.attempts,
            calls: self.calls(),
            silent: false,
        }
    }

    fn lost(&self) -> Report {
        Report {
            verdict: Verdict::Return { after: SOON },
            outcome: Outcome::Returned,
            code: None,
            message: Some("Another worker has taken the record over.".to_owned()),
            record: self.record.key.clone(),
            shown: self.record.shown.clone(),
            target: None,
            attempt: self.record.attempts,
            calls: self.calls(),
            silent: false,
        }
    }
}

/// How soon to look again at something that has been in the way since `since`: a minute at first, then ever less often.
#[must_use]
pub fn look_again(now: Timestamp, since: Option<Timestamp>) -> Timestamp {
    let waited = since.map_or(SignedDuration::ZERO, |since| now.duration_since(since));
    let half = SignedDuration::from_secs(waited.as_secs() / 2);
    now + half.clamp(SignedDuration::from_mins(1), LONGEST_WAIT)
}

fn cleared(record: store::Record, disprove: Option<&str>) -> Result<store::Record, store::record::Impossible> {
    match disprove {
        Some(attempt) => record.disprove(attempt),
        None => Ok(record),
    }
}
