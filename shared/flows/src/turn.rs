//! A turn: one delivery's hold on one record, from the claim to the record of its end.
//!
//! `claim` gives a [`Turn`] or says why not; [`Turn::end`] writes the sync log's entry and then the final transition, so that no attempt is
//! missing from the log.

mod end;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use queue::Cause;
use store::record::{Entry, Seen, Visit};
use store::records::WriteError;
use store::{Record, Records, TableError};

pub use end::{End, Finished, look_again};

use crate::delivery::{Calls, Delivery, Outcome, Report, Verdict};
use crate::link::{Link, World};
use crate::plan::Finding;

/// The shortest and the longest time after which a returned message is visible again.
const RETURN_SECONDS: (u32, u32) = (5, 300);
/// How soon to come back when the table did not answer, or another worker was first.
const SOON: u32 = 15;

/// A claimed record.
pub struct Turn<'a> {
    /// The outside world.
    pub world: &'a World,
    /// The record's link.
    pub link: &'a Link,
    /// What brought us here.
    pub delivery: &'a Delivery<'a>,
    /// The records.
    pub records: Records,
    /// This turn's name as owner of the claim.
    pub owner: String,
    /// The record as it was last written.
    pub record: Record,
    /// The claim is only to look whether a parked record's source has changed.
    pub look: bool,
    began: Timestamp,
    calls_before: Calls,
}

impl<'a> Turn<'a> {
    /// Claims the record of the delivery's event.
    ///
    /// # Errors
    /// The report, when there is nothing to do: somebody works on it, or this message's failure is already recorded.
    pub async fn claim(world: &'a World, link: &'a Link, delivery: &'a Delivery<'a>) -> Result<Self, Box<Report>> {
        Self::claim_record(world, link, delivery, delivery.event.record_key()).await
    }

    /// Claims the record that the delivery's event is for, where that is not the one of its own id.
    ///
    /// # Errors
    /// As [`Turn::claim`].
    pub async fn claim_record(
        world: &'a World,
        link: &'a Link,
        delivery: &'a Delivery<'a>,
        key: String,
    ) -> Result<Self, Box<Report>> {
        let records = Records::new(world.state.clone(), world.clock.clone());
        let now = world.clock.now();
        let record = records.load(&key).await.map_err(|error| away(&key, &error))?;
        let insists = matches!(delivery.event.cause, Cause::Operator | Cause::Settings);
        let visit = Visit { message_id: delivery.message_id, event_id: &delivery.event.event_id, insists };
        let owner = world.clock.id();
        let (until, event) = (delivery.deadline, delivery.event.event_id.as_str());
        let (claimed, look) = match record.entry(visit, now) {
            Entry::Busy { until } => return Err(silent(&record, Verdict::Return { after: until_then(now, until) })),
            Entry::FailFast => return Err(silent(&record, Verdict::Return { after: 0 })),
            Entry::Claim { fresh } => (record.claim(&owner, now, until, fresh.then_some(event)), false),
            Entry::ClaimToLook => (record.claim_to_look(&owner, now, until), true),
        };
        let written = match claimed {
            Ok(claimed) => records.write(claimed).await,
            Err(impossible) => Err(impossible.into()),
        };
        let record = written.map_err(|error| match error {
            WriteError::Table(error) => away(&key, &error),
            WriteError::Lost(_) | WriteError::Impossible(_) => {
                silent(&Record::new(key.clone()), Verdict::Return { after: RETURN_SECONDS.0 })
            }
        })?;
        let calls_before = Calls { magento: link.magento.calls(), acumatica: link.acumatica.calls() };
        Ok(Self { world, link, delivery, records, owner, record, look, began: now, calls_before })
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.world.clock.now()
    }

    /// The duplicate window of this link.
    #[must_use]
    pub fn window(&self) -> SignedDuration {
        let of_link = self.link.settings.orders.window_seconds;
        of_link.map_or(self.world.timing.duplicate_window, |seconds| SignedDuration::from_secs(i64::from(seconds)))
    }

    /// Tries before a record of this entity is parked.
    #[must_use]
    pub fn max_attempts(&self) -> u32 {
        let settings = &self.link.settings;
        if self.delivery.event.entity == crate::customers::ENTITY {
            settings.customers.max_attempts
        } else {
            settings.orders.max_attempts
        }
    }

    /// What is being worked on, to be noted with the next transition.
    #[must_use]
    pub fn seen(&self, revision: store::record::Revision) -> Seen {
        Seen { revision, settings: self.link.settings_version }
    }

    /// Whether a step may begin: a write and its receipt must fit into what is left of the invocation.
    ///
    /// # Errors
    /// An end that gives the record back, uncounted.
    pub fn time_for_a_step(&self) -> Result<(), End> {
        self.time_for(self.world.timing.step_reserve)
    }

    /// Whether so much of the invocation is left.
    ///
    /// # Errors
    /// As [`Turn::time_for_a_step`].
    pub fn time_for(&self, reserve: SignedDuration) -> Result<(), End> {
        if self.delivery.deadline.duration_since(self.now()) >= reserve {
            return Ok(());
        }
        let finding = Finding::new(
            "flows.not_ready.no_time",
            "The invocation is about to end; the record is worked on in the next one.",
        );
        Err(End::Returned { finding, counted: false, after: Some(0), disprove: None })
    }

    /// Whether the link processes anything.
    ///
    /// # Errors
    /// An end that waits for the link's activation.
    pub fn link_is_active(&self) -> Result<(), End> {
        use crate::link::Activation::{Active, Inactive, Paused, Stopped};
        let what = match self.link.activation {
            Active => return Ok(()),
            Paused => "paused",
            Stopped => "stopped",
            Inactive => "not activated",
        };
        let message = format!("The link is {what}; the record waits.");
        Err(End::waiting(
            Finding::new("flows.not_ready.link_inactive", message),
            self.now() + store::record::LONGEST_WAIT,
        ))
    }

    fn calls(&self) -> Calls {
        Calls {
            magento: self.link.magento.calls() - self.calls_before.magento,
            acumatica: self.link.acumatica.calls() - self.calls_before.acumatica,
        }
    }
}

/// Visible again once a live owner's time is over.
pub(crate) fn until_then(now: Timestamp, until: Timestamp) -> u32 {
    let left = Duration::try_from(until.duration_since(now)).unwrap_or_default().as_secs();
    u32::try_from(left).unwrap_or(RETURN_SECONDS.1).clamp(RETURN_SECONDS.0, RETURN_SECONDS.1)
}

/// A report that is neither logged nor counted.
pub(crate) fn silent(record: &Record, verdict: Verdict) -> Box<Report> {
    Box::new(Report {
        verdict,
        outcome: Outcome::Returned,
        code: None,
        message: None,
        record: record.key.clone(),
        shown: record.shown.clone(),
        target: None,
        attempt: record.attempts,
        calls: Calls::default(),
        silent: true,
    })
}

/// The table did not answer: nothing can be recorded, so the message comes back, and the record's own `due` finds it otherwise.
pub(crate) fn away(key: &str, error: &TableError) -> Box<Report> {
    let (code, after) = match error {
        TableError::NotApplied(_) | TableError::Unknown(_) => ("store.transient.unavailable", SOON),
        TableError::Bug(_) => ("store.bug.unreadable", RETURN_SECONDS.1),
    };
    Box::new(Report {
        verdict: Verdict::Return { after },
        outcome: Outcome::Returned,
        code: Some(code.to_owned()),
        message: Some(error.to_string()),
        record: key.to_owned(),
        shown: None,
        target: None,
        attempt: 0,
        calls: Calls::default(),
        silent: false,
    })
}
