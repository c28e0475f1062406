//! The executor: every step of every entity is run here. Intent → call → check → bind → next.
//!
//! The intent is written before the call and says everything that a later worker needs to find the document. The receipt is judged
//! before anything is bound; a correction (an order that must be put on hold) is an intent that is written together with the bind.
//! Nothing here decides: what a document must look like is the entity's [`Kind`].

mod settle;

use std::collections::BTreeMap;

use acumatica::Put;
use async_trait::async_trait;
use rust_decimal::Decimal;
use serde_json::Value;
use store::Record;
use store::record::{Bound, Fingerprint, Intent, Revision};
use store::records::WriteError;

pub use settle::Settled;

use crate::failure;
use crate::plan::{Finding, Step, StepKey};
use crate::turn::{End, Turn};

/// What an entity knows of its documents in the ERP.
#[async_trait]
pub trait Kind: Send + Sync {
    /// Judges a document: pure. `sent` is the body of the write, where it is at hand.
    ///
    /// # Errors
    /// The name of a field without which it cannot be judged.
    fn judge(&self, total: Option<Decimal>, sent: Option<&Value>, receipt: &Value) -> Result<Judged, &'static str>;

    /// Another request for the same document after a refusal that proves that nothing was written; none in most cases.
    fn amend(&self, _step: &Step, _refusal: &acumatica::Error) -> Option<Step> {
        None
    }

    /// The request that puts a bound document on hold, where the entity has such a thing.
    fn hold(&self, _target: &str, _total: Option<Decimal>) -> Option<Step> {
        None
    }

    /// Looks for the document of an intent.
    ///
    /// # Errors
    /// The client's.
    async fn look_up(&self, client: &acumatica::Client, intent: &Sought<'_>) -> Result<Found, acumatica::Error>;
}

/// Which document is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    /// Our reference on it.
    pub reference: Option<&'a str>,
    /// Its key, where it is known: bound already, or numbered by us.
    pub target: Option<&'a str>,
}

/// What a look-up found.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// The document, ours.
    Ours(Box<Value>),
    /// A document that is not ours stands in its place.
    Foreign(Finding),
    /// Several that say they are ours.
    Several(Finding),
    /// None.
    Missing,
}

/// A judged document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Its key.
    pub target: String,
    /// What a person should know.
    pub finding: Option<Finding>,
    /// It is open although it must not be.
    pub must_hold: bool,
}

/// The source state that is written.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The source's revision.
    pub revision: Revision,
    /// The source's fingerprint.
    pub fingerprint: Fingerprint,
}

/// A step that is done, its intent still open: to be bound with the record's next transition.
#[derive(Debug)]
pub struct Ran {
    /// What is to be bound, and by which attempt.
    pub bind: (String, Bound),
    /// What a person should know.
    pub finding: Option<Finding>,
    /// The ERP's answer.
    pub receipt: Value,
}

impl Turn<'_> {
    /// Runs one step on `record`, whose claim this turn holds. Whatever the end, `record` is as it was last written.
    ///
    /// # Errors
    /// How the turn ends instead.
    pub async fn run(&self, record: &mut Record, step: &Step, planned: &Planned, kind: &dyn Kind) -> Result<Ran, End> {
        self.time_for_a_step()?;
        let intent = self.intent(step, planned);
        self.write(record, |record| record.intend(&self.owner, intent.clone())).await?;
        self.call(record, step, &intent, kind).await
    }

    /// Sends a step whose intent is written, and judges the answer.
    async fn call(&self, record: &mut Record, step: &Step, intent: &Intent, kind: &dyn Kind) -> Result<Ran, End> {
        match self.link.acumatica.put(&step.put).await {
            Ok(receipt) => self.judged(record, step, intent, receipt, kind).await,
            Err(refusal) => match kind.amend(step, &refusal) {
                Some(amended) => self.call_amended(record, &amended, intent, kind).await,
                None if refusal.code == TAKEN => self.taken(record, step, intent, kind).await,
                // A hold stays owed, see `put_on_hold`.
                None if step.key == StepKey::OrderHold => Err(self.not_now(&refusal)),
                None => Err(self.refused(&refusal, intent, &step.put)),
            },
        }
    }

    /// Another request for the same document after a refusal that proves that nothing was written. A second refusal ends the turn.
    async fn call_amended(
        &self,
        record: &mut Record,
        step: &Step,
        refused: &Intent,
        kind: &dyn Kind,
    ) -> Result<Ran, End> {
        let intent = self.intent(step, &Planned::of(refused));
        self.write(record, |record| record.disprove(&refused.attempt)?.intend(&self.owner, intent.clone())).await?;
        match self.link.acumatica.put(&step.put).await {
            Ok(receipt) => self.judged(record, step, &intent, receipt, kind).await,
            Err(refusal) => Err(self.refused(&refusal, &intent, &step.put)),
        }
    }

    fn refused(&self, refusal: &acumatica::Error, intent: &Intent, put: &Put) -> End {
        failure::of_write(refusal, &intent.attempt, put, self.now(), self.record.waited_since(refusal.code))
    }

    /// A refusal that leaves the intent open, whatever it proves.
    fn not_now(&self, refusal: &acumatica::Error) -> End {
        failure::of_read(refusal, self.now(), self.record.waited_since(refusal.code))
    }

    /// The receipt judged before it is bound; an open document that must not be is bound and put on hold.
    async fn judged(
        &self,
        record: &mut Record,
        step: &Step,
        intent: &Intent,
        receipt: Value,
        kind: &dyn Kind,
    ) -> Result<Ran, End> {
        let judged = kind.judge(step.total, Some(&step.put.body), &receipt).map_err(unreadable)?;
        let bound = Planned::of(intent).bound(judged.target.clone());
        let ran = Ran { bind: (intent.attempt.clone(), bound), finding: judged.finding, receipt };
        if judged.must_hold { self.correct(record, ran, step.total, kind).await } else { Ok(ran) }
    }

    /// Binds, says in the same write that the document is to be put on hold, and does it.
    async fn correct(
        &self,
        record: &mut Record,
        ran: Ran,
        total: Option<Decimal>,
        kind: &dyn Kind,
    ) -> Result<Ran, End> {
        let Ran { bind: (attempt, bound), finding, .. } = ran;
        let step = kind.hold(&bound.target, total).ok_or_else(|| not_held(&bound.target))?;
        let planned = Planned { revision: bound.revision.clone(), fingerprint: bound.fingerprint.clone() };
        let intent = self.intent(&step, &planned);
        self.bind(record, &attempt, &bound, Some(&intent), finding.as_ref()).await?;
        let (_, receipt) = self.put_on_hold(&step, kind).await?;
        Ok(Ran { bind: (intent.attempt, bound), finding, receipt })
    }

    /// Binds a document that was there already and is open although it must not be, says in the same write that it is to be put on hold, and
    /// does it: a hold that fails is owed, as after a write of ours.
    ///
    /// # Errors
    /// How the turn ends instead.
    pub async fn adopt_on_hold(
        &self,
        record: &mut Record,
        bound: Bound,
        total: Option<Decimal>,
        finding: Option<&Finding>,
        kind: &dyn Kind,
    ) -> Result<(String, Bound), End> {
        self.time_for_a_step()?;
        let step = kind.hold(&bound.target, total).ok_or_else(|| not_held(&bound.target))?;
        let planned = Planned { revision: bound.revision.clone(), fingerprint: bound.fingerprint.clone() };
        let intent = self.intent(&step, &planned);
        let adopt = |record: Record| {
            let record = record.adopt(&self.owner, bound.clone())?.intend(&self.owner, intent.clone())?;
            Ok(record.untold(finding.map(Finding::untold)))
        };
        self.write(record, adopt).await?;
        self.put_on_hold(&step, kind).await?;
        Ok((intent.attempt, bound))
    }

    /// Sends a hold and believes it only when the answer shows it. Even a refusal that proves that nothing was written leaves the hold owed: no
    /// plan asks for it again, only its intent does.
    async fn put_on_hold(&self, step: &Step, kind: &dyn Kind) -> Result<(Judged, Value), End> {
        let receipt = self.link.acumatica.put(&step.put).await.map_err(|refusal| self.not_now(&refusal))?;
        let judged = kind.judge(step.total, Some(&step.put.body), &receipt).map_err(unreadable)?;
        if judged.must_hold { Err(not_held(&judged.target)) } else { Ok((judged, receipt)) }
    }

    /// Insert-only, and the key exists: the document decides whether it is ours.
    async fn taken(&self, record: &mut Record, step: &Step, intent: &Intent, kind: &dyn Kind) -> Result<Ran, End> {
        let target = number_in(&step.put);
        let sought = Sought { reference: intent.reference.as_deref(), target: target.as_deref() };
        let found = kind.look_up(&self.link.acumatica, &sought).await;
        match found.map_err(|error| failure::of_read(&error, self.now(), None))? {
            Found::Ours(receipt) => self.judged(record, step, intent, *receipt, kind).await,
            Found::Foreign(finding) | Found::Several(finding) => {
                Err(End::Parked { finding, disprove: Some(intent.attempt.clone()) })
            }
            Found::Missing => {
                let finding =
                    Finding::new(TAKEN, "Acumatica refused the order's number as taken, and has no such order.");
                Err(End::Returned { finding, counted: true, after: None, disprove: Some(intent.attempt.clone()) })
            }
        }
    }

    fn intent(&self, step: &Step, planned: &Planned) -> Intent {
        Intent {
            step: step.key.as_str().to_owned(),
            attempt: self.world.clock.id(),
            started: self.now(),
            until: self.delivery.deadline,
            reference: step.reference.clone(),
            total: step.total.map(|total| total.to_string()),
            revision: planned.revision.clone(),
            fingerprint: planned.fingerprint.clone(),
        }
    }

    /// A transition of a record that this turn has claimed.
    pub(crate) async fn write(
        &self,
        record: &mut Record,
        step: impl Fn(Record) -> Result<Record, store::record::Impossible> + Send,
    ) -> Result<(), End> {
        *record = self.records.transition(record.clone(), &self.owner, step).await?;
        Ok(())
    }

    /// Binds, and keeps what a person must be told until the log has it. A receipt that comes after the claim was lost is merged where the attempt is still ours; then the turn is over.
    pub(crate) async fn bind(
        &self,
        record: &mut Record,
        attempt: &str,
        bound: &Bound,
        next: Option<&Intent>,
        finding: Option<&Finding>,
    ) -> Result<(), End> {
        let bind = |record: Record| {
            // Why a hold was asked for comes before that it was not taken at once.
            let untold = finding.filter(|_| record.untold.is_none()).map(Finding::untold);
            Ok(record.bind(attempt, bound.clone(), next.cloned())?.untold(untold))
        };
        match self.records.transition(record.clone(), &self.owner, bind).await {
            Err(WriteError::Lost(_)) => Err(self.merge(&record.key, attempt, bound, next).await),
            other => {
                *record = other?;
                Ok(())
            }
        }
    }

    /// The claim is gone and the document is there.
    pub(crate) async fn merge(&self, key: &str, attempt: &str, bound: &Bound, next: Option<&Intent>) -> End {
        match self.records.merge(key, attempt, |record| record.bind(attempt, bound.clone(), next.cloned())).await {
            Ok(_) => End::Lost,
            Err(WriteError::Lost(now)) => {
                let known = now
                    .as_ref()
                    .as_ref()
                    .and_then(|now| now.bound.as_ref())
                    .is_some_and(|now| now.target == bound.target);
                if !known {
                    tracing::error!(
                        record = key,
                        target = bound.target,
                        "A document was written that no record is bound to"
                    );
                }
                End::Lost
            }
            Err(error) => error.into(),
        }
    }
}

/// The code of "insert only, and it exists".
const TAKEN: &str = "acumatica.rejected.precondition";

/// The key that a body asks for: `SO/000123`.
fn number_in(put: &Put) -> Option<String> {
    let part = |field: &str| put.body.pointer(&format!("/{field}/value")).and_then(Value::as_str);
    Some(format!("{}/{}", part("OrderType")?, part("OrderNbr")?))
}

fn not_held(target: &str) -> End {
    let message = format!("Acumatica did not put {target} on hold although it was asked to.");
    End::parked(Finding::new("orders.rejected.not_held", message))
}

fn unreadable(field: &'static str) -> End {
    let message = format!("Acumatica's answer to a write has no readable `{field}`.");
    End::parked(Finding::new("acumatica.bug.undecodable", message))
}

impl Planned {
    fn of(intent: &Intent) -> Self {
        Self { revision: intent.revision.clone(), fingerprint: intent.fingerprint.clone() }
    }

    /// The binding of what was planned.
    #[must_use]
    pub fn bound(&self, target: String) -> Bound {
        Bound { target, revision: self.revision.clone(), fingerprint: self.fingerprint.clone() }
    }
}

/// A step with what earlier receipts supply filled in.
#[must_use]
pub fn filled(step: &Step, receipts: &BTreeMap<StepKey, Value>) -> Option<Step> {
    let mut step = step.clone();
    if let Some(fill) = &step.fill {
        let value = receipts.get(&fill.from)?.pointer(&format!("/{}/value", fill.field))?.clone();
        *step.put.body.pointer_mut(fill.pointer)? = value;
    }
    Some(step)
}
