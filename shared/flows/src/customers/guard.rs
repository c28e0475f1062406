//! One e-mail, one customer: the guard record `<link>/customer-email/<hmac>`.
//!
//! The guard is read first; its binding is the customer. Otherwise the ERP is asked by e-mail, and what it answers holds as long as the guard has not
//! been written since: whoever creates the customer claims the guard at the revision it was read at, so two first orders of one
//! shopper make one customer, and the one that loses uses what the other made.

mod hold;
mod rival;
mod search;

use serde_json::Value;
use store::record::{Fingerprint, Revision, State};
use store::records::{GUARD_OF_CUSTOMERS, WriteError};
use store::{Record, Records, TableError};
use thiserror::Error;

pub(super) use search::query;

use crate::failure;
use crate::link::EmailKey;
use crate::orders::facts::Customer;
use crate::plan::{Finding, Step, StepKey};
use crate::settings::AmbiguousEmail;
use crate::step::{Asked, Found, Kind, Planned, Settled};
use crate::turn::{End, Turn, look_again};

pub use hold::let_loose;

/// Why a customer could not be looked for.
#[derive(Debug, Error)]
pub enum Unseen {
    /// The guard could not be read.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The ERP could not be asked.
    #[error(transparent)]
    Erp(#[from] acumatica::Error),
}

/// A person, by e-mail.
pub struct Guard<'a> {
    email: &'a str,
    /// Whatever needs the customer, as people call it: `order 000000123`.
    shown: String,
    /// What becomes of several customers with the e-mail.
    ambiguous: AmbiguousEmail,
    key: String,
    /// The record of the company whose e-mail it is.
    company: Option<&'a str>,
}

/// What is known of a person.
#[derive(Debug)]
pub enum Person {
    /// The ERP's customer.
    Known(String),
    /// None; the guard as it was when the ERP was asked.
    Missing(Box<Record>),
}

/// A customer who is there now.
#[derive(Debug)]
pub struct Made {
    /// The ERP's customer.
    pub customer_id: String,
    /// What the ERP answered; none where another worker made it.
    pub receipt: Option<Value>,
}

impl<'a> Guard<'a> {
    /// The guard's key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The guard of an e-mail for whatever needs the customer, as people call it: `order 000000123`.
    #[must_use]
    pub fn new(turn: &Turn<'_>, email: &'a str, shown: impl Into<String>) -> Self {
        let ambiguous = turn.link.settings.customers.ambiguous_email;
        Self::of(&turn.link.id, &turn.link.emails, ambiguous, email, shown)
    }

    /// The same of a link.
    #[must_use]
    pub fn of(
        link: &str,
        emails: &EmailKey,
        ambiguous: AmbiguousEmail,
        email: &'a str,
        shown: impl Into<String>,
    ) -> Self {
        Self {
            email,
            shown: shown.into(),
            ambiguous,
            key: format!("{link}/{GUARD_OF_CUSTOMERS}/{}", emails.hash(email)),
            company: None,
        }
    }

    /// The same of a company, which has the record of that key.
    #[must_use]
    pub fn of_company(self, key: &'a str) -> Self {
        Self { company: Some(key), ..self }
    }

    /// The customer as far as reading tells: neither claims the guard nor adopts anything. At most one call.
    ///
    /// # Errors
    /// The table's or the ERP's; several customers with that e-mail are a finding.
    pub async fn peek(&self, records: &Records, erp: &acumatica::Client) -> Result<Result<Customer, Finding>, Unseen> {
        let guard = records.load(&self.key).await?;
        if let (Some(bound), None) = (guard.bound, guard.intent) {
            return Ok(Ok(Customer::Known(bound.target)));
        }
        let asked = Asked { step: StepKey::CustomerCreate, total: None, target: None, sent: None };
        Ok(match self.search(erp).await? {
            Found::Missing => Ok(Customer::Missing),
            Found::Several(finding) | Found::Foreign(finding) => Err(finding),
            Found::Ours(customer) => match self.judge(&asked, &customer) {
                Ok(judged) => Ok(Customer::Known(judged.target)),
                Err(field) => Err(no_readable(field)),
            },
        })
    }

    /// The only customer with the e-mail, whatever the guard says: one call.
    ///
    /// # Errors
    /// The ERP away; several hits.
    pub async fn ask(&self, turn: &Turn<'_>) -> Result<Option<String>, End> {
        let found = self.search(&turn.link.acumatica).await;
        match found.map_err(|error| failure::of_acumatica(&error, turn.now(), turn.record.waited_since(error.code)))? {
            Found::Missing => Ok(None),
            Found::Ours(customer) => {
                let asked = Asked { step: StepKey::CustomerCreate, total: None, target: None, sent: None };
                self.judge(&asked, &customer).map(|judged| Some(judged.target)).map_err(unreadable)
            }
            Found::Several(finding) | Found::Foreign(finding) => Err(End::parked(finding)),
        }
    }

    /// Finds the customer: in the guard, or in the ERP, whose single hit is adopted.
    ///
    /// # Errors
    /// Several hits; somebody else at work on it; a platform or the table away.
    pub async fn find(&self, turn: &Turn<'_>) -> Result<Person, End> {
        let guard = turn.records.load(&self.key).await?;
        if let (Some(bound), None) = (&guard.bound, &guard.intent) {
            return Ok(Person::Known(bound.target.clone()));
        }
        self.free(turn, &guard)?;
        if guard.intent.is_some() {
            return self.settle(turn, guard).await;
        }
        let found = self.search(&turn.link.acumatica).await;
        match found.map_err(|error| failure::of_acumatica(&error, turn.now(), turn.record.waited_since(error.code)))? {
            Found::Missing => Ok(Person::Missing(Box::new(guard))),
            Found::Ours(customer) => {
                let asked = Asked { step: StepKey::CustomerCreate, total: None, target: None, sent: None };
                let judged = self.judge(&asked, &customer).map_err(unreadable)?;
                self.adopt(turn, guard, judged.target).await
            }
            Found::Several(finding) | Found::Foreign(finding) => Err(End::parked(finding)),
        }
    }

    /// Makes the customer, or uses what another worker made meanwhile.
    ///
    /// # Errors
    /// How the turn ends instead.
    pub async fn create(&self, turn: &Turn<'_>, seen: Record, step: &Step) -> Result<Made, End> {
        turn.time_for_a_step()?;
        let (now, owner) = (turn.now(), turn.owner.as_str());
        let seen = self.marked(turn, seen);
        let mut guard = seen.claim(owner, now, turn.delivery.deadline, None).map_err(WriteError::from)?;
        let ran = match turn.run(&mut guard, None, step, &planned(), self).await {
            // Another worker was first: what it made, or is making, decides.
            Err(End::Lost) => {
                let customer_id = self.made_by_another(turn).await?;
                return Ok(Made { customer_id, receipt: None });
            }
            Err(end) => return Err(self.let_go(turn, end).await),
            Ok(ran) => ran,
        };
        let receipt = Some(ran.receipt);
        let (attempt, bound) = ran.bind;
        let finish = |record: Record| record.finish(owner, Some((attempt.clone(), bound.clone())));
        match turn.records.transition(guard, owner, finish).await {
            Err(WriteError::Lost(_)) => return Err(turn.merge(&self.key, &attempt, &bound, None).await),
            other => other?,
        };
        // A customer whose e-mail was not saved is bound all the same, so that none is made again, and a person is told.
        let customer_id = bound.target.clone();
        ran.finding.map_or(Ok(Made { customer_id, receipt }), |finding| Err(End::parked(finding)))
    }

    /// A worker died over it: settled as every record is, and used.
    async fn settle(&self, turn: &Turn<'_>, guard: Record) -> Result<Person, End> {
        let (now, owner) = (turn.now(), turn.owner.as_str());
        let claimed = guard.claim(owner, now, turn.delivery.deadline, None).map_err(WriteError::from)?;
        let mut guard = turn.records.write(claimed).await.map_err(|error| self.lost_to_another(turn, error))?;
        match turn.settle(&mut guard, self).await {
            Ok(Settled::Bound { .. }) => {
                turn.write(&mut guard, |guard| guard.finish(owner, None)).await?;
                Ok(Person::Known(guard.bound.map(|bound| bound.target).unwrap_or_default()))
            }
            Ok(Settled::Clear) => {
                turn.write(&mut guard, |guard| guard.release(owner, now, false)).await?;
                Ok(Person::Missing(Box::new(guard)))
            }
            Err(end) => Err(self.let_go(turn, end).await),
        }
    }

    async fn adopt(&self, turn: &Turn<'_>, guard: Record, target: String) -> Result<Person, End> {
        let (now, owner) = (turn.now(), turn.owner.as_str());
        let bound = planned().bound(target.clone());
        let adopted = self
            .marked(turn, guard)
            .claim(owner, now, turn.delivery.deadline, None)
            .and_then(|record| record.adopt(owner, bound))
            .and_then(|record| record.finish(owner, None))
            .map_err(WriteError::from)?;
        match turn.records.write(adopted).await {
            Ok(_) => Ok(Person::Known(target)),
            Err(error) => Err(self.lost_to_another(turn, error)),
        }
    }

    async fn made_by_another(&self, turn: &Turn<'_>) -> Result<String, End> {
        let guard = turn.records.load(&self.key).await?;
        match (&guard.bound, &guard.intent) {
            (Some(bound), None) => Ok(bound.target.clone()),
            _ => {
                self.free(turn, &guard)?;
                Err(self.busy(turn, turn.now()))
            }
        }
    }

    /// The order ends without the customer: the guard is given back, with its intent where that may still have an effect.
    async fn let_go(&self, turn: &Turn<'_>, end: End) -> End {
        let disprove = match &end {
            End::Waiting { disprove, .. }
            | End::Returned { disprove, .. }
            | End::Throttled { disprove, .. }
            | End::Parked { disprove, .. } => disprove.clone(),
            End::Finished(_) | End::StillParked | End::Lost | End::Unrecorded(_) => None,
        };
        let owner = turn.owner.as_str();
        let given_back = match turn.records.load(&self.key).await {
            Ok(guard) if guard.is_worked_on_by(owner) => {
                let release = |record: Record| match &disprove {
                    Some(attempt) if record.has_attempt(attempt) => {
                        record.disprove(attempt)?.release(owner, turn.now(), false)
                    }
                    _ => record.release(owner, turn.now(), false),
                };
                turn.records.transition(guard, owner, release).await.map(|_| ())
            }
            Ok(_) => Ok(()),
            Err(error) => Err(error.into()),
        };
        match given_back {
            Ok(()) | Err(WriteError::Lost(_)) => cleared(end),
            // The guard stays claimed until its time is over, and is settled then.
            Err(WriteError::Table(error)) => End::Unrecorded(error),
            Err(error @ WriteError::Impossible(_)) => error.into(),
        }
    }

    /// Somebody else is making the customer: come back when they must be done.
    fn free(&self, turn: &Turn<'_>, guard: &Record) -> Result<(), End> {
        match &guard.state {
            State::Working { until, .. } if *until > turn.now() => Err(self.busy(turn, *until)),
            _ => Ok(()),
        }
    }

    fn busy(&self, turn: &Turn<'_>, until: jiff::Timestamp) -> End {
        const CODE: &str = "customers.not_ready.being_made";
        let left = u32::try_from(until.duration_since(turn.now()).as_secs()).unwrap_or(SOON_SECONDS);
        let message = format!("The customer of {} is being made by another order of the same shopper.", self.shown);
        let finding = Finding::new(CODE, message);
        if left > SOON_SECONDS {
            // The maker may be dead: coming back all the time until that is certain would use up the message's receipts.
            return End::waiting(finding, look_again(turn.now(), turn.record.waited_since(CODE)));
        }
        End::Returned { finding, counted: false, after: Some(left.max(5)), disprove: None }
    }

    fn lost_to_another(&self, turn: &Turn<'_>, error: WriteError) -> End {
        match error {
            WriteError::Lost(_) => self.busy(turn, turn.now()),
            other => other.into(),
        }
    }
}

/// A maker that must be done by then is waited for with the message.
const SOON_SECONDS: u32 = 20;

/// Guards have no source revision: what they bind never changes.
fn planned() -> Planned {
    Planned { revision: Revision(String::new()), fingerprint: Fingerprint(String::new()) }
}

/// The same end for the order itself, whose own record has no such intent.
fn cleared(end: End) -> End {
    match end {
        End::Waiting { finding, due, .. } => End::Waiting { finding, due, disprove: None },
        End::Returned { finding, counted, after, .. } => End::Returned { finding, counted, after, disprove: None },
        End::Throttled { finding, after, .. } => End::Throttled { finding, after, disprove: None },
        End::Parked { finding, .. } => End::Parked { finding, disprove: None },
        end @ (End::Finished(_) | End::StillParked | End::Lost | End::Unrecorded(_)) => end,
    }
}

fn unreadable(field: &'static str) -> End {
    End::parked(no_readable(field))
}

fn no_readable(field: &'static str) -> Finding {
    let message = format!("Acumatica's answer to a customer has no readable `{field}`.");
    Finding::new("acumatica.bug.undecodable", message)
}
