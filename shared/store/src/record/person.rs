//! What a record knows of a person, and how it forgets that. Rows of the transition table in ARCHITECTURE.md, "The record".

use jiff::{SignedDuration, Timestamp};

use super::{Fingerprint, Impossible, Record, State};

impl Record {
    /// The record of the pair whose e-mail this guard is of, written with the next transition.
    #[must_use]
    pub fn of_pair(mut self, record_key: &str) -> Self {
        self.pair = Some(record_key.to_owned());
        self
    }

    /// Ids of either side that lead to this record, written with the next transition.
    #[must_use]
    pub fn known_by(mut self, ids: &[&str]) -> Self {
        for id in ids {
            if !self.aliases.iter().any(|known| known == id) {
                self.aliases.push((*id).to_owned());
            }
        }
        self
    }

    /// The guard under which the record's person is known, and none that is to be given up, written with the next transition.
    #[must_use]
    pub fn guarded_by(mut self, guard: Option<String>) -> Self {
        (self.guard, self.guard_left) = (guard, None);
        self
    }

    /// The guard under which the record's person is to be known, in place of the one before, which is kept until it is given up; written with the
    /// next transition.
    #[must_use]
    pub fn moving_to(mut self, guard: String) -> Self {
        self.guard_left = self.guard.replace(guard);
        self
    }

    /// The person was erased: what is left is a record that was done, of nobody. A write that began more than `window` ago has ended by now,
    /// and whatever came of it is the platforms' to erase.
    ///
    /// # Errors
    /// [`Impossible`] while an owner is live at `now`, or while a write younger than the window is open.
    pub fn erase(self, now: Timestamp, window: SignedDuration) -> Result<Self, Impossible> {
        let is_open = self.intent.as_ref().is_some_and(|intent| now.duration_since(intent.started) < window);
        if self.has_live_owner(now) || is_open {
            return Err(self.impossible("erase"));
        }
        let Self { key, rev, write_id, .. } = self;
        Ok(Self { rev, write_id, state: State::Done, ..Self::new(key) })
    }

    /// The person whose document this is was erased: sentences are replaced by `sentence`, and `nameless` takes their part out of fingerprints.
    /// The document stays bound, an open write open, and the state as it is.
    ///
    /// # Errors
    /// [`Impossible`] while an owner is live at `now`.
    pub fn redact(
        mut self,
        now: Timestamp,
        sentence: &str,
        nameless: impl Fn(&Fingerprint) -> Fingerprint,
    ) -> Result<Self, Impossible> {
        if self.has_live_owner(now) {
            return Err(self.impossible("redact"));
        }
        let in_bound = self.bound.iter_mut().map(|bound| &mut bound.fingerprint);
        let in_intent = self.intent.iter_mut().map(|intent| &mut intent.fingerprint);
        for fingerprint in in_bound.chain(in_intent) {
            *fingerprint = nameless(fingerprint);
        }
        let parked = self.park.iter_mut().map(|park| &mut park.message);
        let untold = self.untold.iter_mut().map(|untold| &mut untold.message);
        for message in parked.chain(untold) {
            sentence.clone_into(message);
        }
        if let Some(told) = &mut self.told {
            told.echo = None;
        }
        Ok(self)
    }

    fn has_live_owner(&self, now: Timestamp) -> bool {
        matches!(&self.state, State::Working { until, .. } if *until > now)
    }
}
