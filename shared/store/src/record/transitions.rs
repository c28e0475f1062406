//! The transitions of a record: every method that returns a [`Record`] is one, and every transition is one conditional write (`records.rs`).
//! The rows are listed in ARCHITECTURE.md, "The record", and each has a test. No other claim on a record exists.
//!
//! What is absent: nothing here reads a clock, a table or a platform, and no transition but [`Record::bind`], [`Record::finish`] and
//! [`Record::disprove`] removes an intent: it outlives waiting, parking and crashes.

use jiff::Timestamp;

use super::{
    Bound, Entry, Impossible, Intent, LONGEST_WAIT, Park, Record, Revision, Seen, State, Told, Untold, Visit, Wait,
};

impl Record {
    /// A record that was never seen before.
    #[must_use]
    pub fn new(key: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            rev: 0,
            write_id: String::new(),
            state: State::Pending,
            due: None,
            intent: None,
            bound: None,
            attempts: 0,
            throttled: 0,
            seen: None,
            park: None,
            untold: None,
            told: None,
            woken: 0,
            insisted: None,
            total: None,
            guard: None,
            guard_left: None,
            pair: None,
            aliases: Vec::new(),
            shown: None,
        }
    }

    /// What an event at this record's door leads to.
    #[must_use]
    pub fn entry(&self, visit: Visit<'_>, now: Timestamp) -> Entry {
        if let State::Working { until, .. } = &self.state
            && *until > now
        {
            return Entry::Busy { until: *until };
        }
        match &self.park {
            // `park` beside a dead worker means that the worker died while it looked: the park still holds.
            Some(park) if park.message_id == visit.message_id => Entry::FailFast,
            Some(park) if park.event_id == visit.event_id => Entry::Claim { fresh: true },
            Some(_) if !visit.insists => Entry::ClaimToLook,
            _ => Entry::Claim { fresh: visit.insists && self.insisted.as_deref() != Some(visit.event_id) },
        }
    }

    /// Makes `owner` the only worker until `until`, to try. From any state but a live owner's; drops the park.
    ///
    /// # Errors
    /// [`Impossible`] while another owner is live at `now`.
    pub fn claim(
        mut self,
        owner: &str,
        now: Timestamp,
        until: Timestamp,
        fresh_for: Option<&str>,
    ) -> Result<Self, Impossible> {
        self = self.claim_to_look(owner, now, until)?;
        self.park = None;
        if let Some(event_id) = fresh_for {
            self.attempts = 1;
            self.insisted = Some(event_id.to_owned());
        }
        Ok(self)
    }

    /// Makes `owner` the only worker until `until`, to read the source's revision first. Keeps the park.
    ///
    /// # Errors
    /// [`Impossible`] while another owner is live at `now`.
    pub fn claim_to_look(mut self, owner: &str, now: Timestamp, until: Timestamp) -> Result<Self, Impossible> {
        let resumed = self.state != State::Done;
        let wait = match self.state {
            State::Working { until, .. } if until > now => return Err(self.impossible("claim")),
            State::Waiting { wait } | State::Working { wait: Some(wait), .. } => Some(wait),
            State::Pending | State::Parked | State::Done | State::Working { wait: None, .. } => None,
        };
        self.state = State::Working { owner: owner.to_owned(), until, wait, resumed };
        self.attempts += 1;
        self.due = Some(until);
        Ok(self)
    }

    /// The look has found something new: the park no longer holds, and the attempts start anew.
    #[must_use]
    pub fn lift_park(mut self) -> Self {
        self.park = None;
        self.attempts = 1;
        self
    }

    /// What the document adds up to, written with the next transition.
    #[must_use]
    pub fn adds_up_to(mut self, total: String) -> Self {
        self.total = Some(total);
        self
    }

    /// Notes what is being worked on. A new revision or new settings start the attempts anew. Written with the next transition.
    #[must_use]
    pub fn note(mut self, seen: Seen, shown: Option<&str>) -> Self {
        if self.seen.as_ref().is_some_and(|before| *before != seen) {
            self.attempts = 1;
        }
        self.seen = Some(seen);
        if let Some(shown) = shown {
            self.shown = Some(shown.to_owned());
        }
        self
    }

    /// Says what is about to be done, before it is done.
    ///
    /// # Errors
    /// [`Impossible`] unless `owner` works on it and no intent is open.
    pub fn intend(mut self, owner: &str, intent: Intent) -> Result<Self, Impossible> {
        if !self.is_worked_on_by(owner) || self.intent.is_some() {
            return Err(self.impossible("intend"));
        }
        self.intent = Some(intent);
        Ok(self)
    }

    /// The open intent has led to `bound`; `next` is the intent of the step that must follow, written together with the bind.
    ///
    /// # Errors
    /// [`Impossible`] unless the attempt is the open one.
    pub fn bind(mut self, attempt: &str, bound: Bound, next: Option<Intent>) -> Result<Self, Impossible> {
        if !self.has_attempt(attempt) {
            return Err(self.impossible("bind"));
        }
        self.bound = Some(bound);
        self.intent = next;
        self.throttled = 0;
        Ok(self)
    }

    /// Notes what a person must be told of the document just bound. Written with the bind; [`Record::finish`] drops it, because
    /// the log's entry is written before.
    #[must_use]
    pub fn untold(mut self, untold: Option<Untold>) -> Self {
        if untold.is_some() {
            self.untold = untold;
        }
        self
    }

    /// Notes what the source's own platform was told. Written with the next transition.
    #[must_use]
    pub fn told(mut self, told: Option<Told>) -> Self {
        self.told = told;
        self
    }

    /// The event of a parked record's own telling has come: from this revision on, a newer one is a change. Written with the park's
    /// restoration.
    #[must_use]
    pub fn hear_echo(mut self, revision: Revision) -> Self {
        if let Some(park) = &mut self.park {
            park.revision = Some(revision);
        }
        if let Some(told) = &mut self.told {
            told.echo = None;
        }
        self
    }

    /// The open intent is proven to have changed nothing: an error answer says so, or a look-up after the window found nothing. Without a
    /// bound document there is then nothing to tell of either.
    ///
    /// # Errors
    /// [`Impossible`] unless the attempt is the open one.
    pub fn disprove(mut self, attempt: &str) -> Result<Self, Impossible> {
        if !self.has_attempt(attempt) {
            return Err(self.impossible("disprove"));
        }
        self.intent = None;
        if self.bound.is_none() {
            self.untold = None;
        }
        Ok(self)
    }

    /// Binds what was found on the other side without a write of ours: an existing customer with that e-mail.
    ///
    /// # Errors
    /// [`Impossible`] unless `owner` works on it and no intent is open.
    pub fn adopt(mut self, owner: &str, bound: Bound) -> Result<Self, Impossible> {
        if !self.is_worked_on_by(owner) || self.intent.is_some() {
            return Err(self.impossible("adopt"));
        }
        self.bound = Some(bound);
        Ok(self)
    }

    /// Gives the record back, to be tried again at `due`. `counted` says whether this try used an attempt.
    ///
    /// # Errors
    /// [`Impossible`] unless `owner` works on it.
    pub fn release(mut self, owner: &str, due: Timestamp, counted: bool) -> Result<Self, Impossible> {
        if !self.is_worked_on_by(owner) {
            return Err(self.impossible("release"));
        }
        self.state = State::Pending;
        self.due = Some(due);
        if !counted {
            self.attempts = self.attempts.saturating_sub(1);
        }
        Ok(self)
    }

    /// Gives the record back because the other side asked for fewer requests: uncounted, and remembered.
    ///
    /// # Errors
    /// [`Impossible`] unless `owner` works on it.
    pub fn release_throttled(self, owner: &str, due: Timestamp) -> Result<Self, Impossible> {
        let mut next = self.release(owner, due, false)?;
        next.throttled += 1;
        Ok(next)
    }

    /// Waits for something that comes by itself; looked at again at `due`, at most [`LONGEST_WAIT`] from `now`. Uses no attempt, keeps
    /// the intent, and keeps `since` when it already waited for the same reason.
    ///
    /// # Errors
    /// [`Impossible`] unless `owner` works on it.
    pub fn wait(mut self, owner: &str, reason: &str, now: Timestamp, due: Timestamp) -> Result<Self, Impossible> {
        let State::Working { owner: working, wait: before, .. } = &self.state else {
            return Err(self.impossible("wait"));
        };
        if working != owner {
            return Err(self.impossible("wait"));
        }
        let since = before.as_ref().filter(|wait| wait.reason == reason).map_or(now, |wait| wait.since);
        self.state = State::Waiting { wait: Wait { reason: reason.to_owned(), since } };
        self.due = Some(due.min(now + LONGEST_WAIT));
        self.attempts = self.attempts.saturating_sub(1);
        self.throttled = 0;
        Ok(self)
    }

    /// A person must act. Keeps an open intent: whoever tries again settles it first.
    ///
    /// # Errors
    /// [`Impossible`] unless `owner` works on it.
    pub fn park(mut self, owner: &str, park: Park) -> Result<Self, Impossible> {
        if !self.is_worked_on_by(owner) {
            return Err(self.impossible("park"));
        }
        self.state = State::Parked;
        self.due = None;
        self.throttled = 0;
        self.park = Some(park);
        Ok(self)
    }

    /// A look at a parked record found nothing new: it is parked as before.
    ///
    /// # Errors
    /// [`Impossible`] unless `owner` works on it and it had been parked.
    pub fn restore_park(self, owner: &str) -> Result<Self, Impossible> {
        let Some(park) = self.park.clone() else { return Err(self.impossible("restore_park")) };
        let mut restored = self.park(owner, park)?;
        restored.attempts = restored.attempts.saturating_sub(1);
        Ok(restored)
    }

    /// The event is dealt with; `bound` replaces the binding where the last step wrote one.
    ///
    /// # Errors
    /// [`Impossible`] unless `owner` works on it, while an intent is open that `bound` does not answer, or while the document is unfinished.
    pub fn finish(mut self, owner: &str, bound: Option<(String, Bound)>) -> Result<Self, Impossible> {
        if !self.is_worked_on_by(owner) {
            return Err(self.impossible("finish"));
        }
        if let Some((attempt, bound)) = bound {
            self = self.bind(&attempt, bound, None)?;
        }
        if self.intent.is_some() || self.bound.as_ref().is_some_and(|bound| bound.unfinished) {
            return Err(self.impossible("finish"));
        }
        self.state = State::Done;
        self.due = None;
        self.attempts = 0;
        self.throttled = 0;
        self.park = None;
        self.untold = None;
        Ok(self)
    }

    /// The sweep has enqueued it and looks again at `due`. Changes nothing else: only a claim clears a wait.
    ///
    /// # Errors
    /// [`Impossible`] from a final state.
    pub fn postpone(mut self, due: Timestamp) -> Result<Self, Impossible> {
        if self.due.is_none() {
            return Err(self.impossible("postpone"));
        }
        self.due = Some(due);
        Ok(self)
    }

    /// The sweep has enqueued a parked record for this version of the settings.
    ///
    /// # Errors
    /// [`Impossible`] unless it is parked.
    pub fn mark_woken(mut self, settings: u64) -> Result<Self, Impossible> {
        if self.state != State::Parked {
            return Err(self.impossible("mark_woken"));
        }
        self.woken = settings;
        Ok(self)
    }

    /// Whether `owner` holds the claim.
    #[must_use]
    pub fn is_worked_on_by(&self, owner: &str) -> bool {
        matches!(&self.state, State::Working { owner: working, .. } if working == owner)
    }

    /// Whether the open intent is that attempt.
    #[must_use]
    pub fn has_attempt(&self, attempt: &str) -> bool {
        self.intent.as_ref().is_some_and(|intent| intent.attempt == attempt)
    }

    /// Since when the record has been waiting for `reason`, if that is what it waited for before it was claimed.
    #[must_use]
    pub fn waited_since(&self, reason: &str) -> Option<Timestamp> {
        match &self.state {
            State::Working { wait: Some(wait), .. } | State::Waiting { wait } if wait.reason == reason => {
                Some(wait.since)
            }
            _ => None,
        }
    }

    /// Whether it was not done before it was claimed: waiting, parked, given back or left by a worker who died.
    #[must_use]
    pub fn is_resumed(&self) -> bool {
        matches!(&self.state, State::Working { resumed: true, .. })
    }

    pub(super) fn impossible(&self, transition: &'static str) -> Impossible {
        let state = match self.state {
            State::Pending => "pending",
            State::Working { .. } => "working",
            State::Waiting { .. } => "waiting",
            State::Parked => "parked",
            State::Done => "done",
        };
        Impossible { key: self.key.clone(), transition, state }
    }
}
