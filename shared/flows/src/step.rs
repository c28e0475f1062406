//! The executor: every step of every entity is run here. Intent → call → check → bind → next.
//!
//! The intent is written before the call and says everything that a later worker needs to find the document. The receipt is judged
//! before anything is bound; a correction (an order that must be put on hold) is an intent that is written together with the bind.
//! Nothing here decides: what a document must look like is the entity's [`Kind`].

mod hold;
mod settle;

use std::collections::BTreeMap;

use async_trait::async_trait;
use rust_decimal::Decimal;
use serde_json::Value;
use store::Record;
use store::record::{Bound, Fingerprint, Intent, Revision};
use store::records::WriteError;

use hold::not_held;
pub use settle::Settled;

use crate::failure::{self, Refusal};
use crate::link::Platforms;
use crate::plan::{Finding, Step, StepKey, Write};
use crate::turn::{End, Turn};

/// What an entity knows of its documents in the ERP.
#[async_trait]
pub trait Kind: Send + Sync {
    /// Judges a document: pure.
    ///
    /// # Errors
    /// The name of a field without which it cannot be judged.
    fn judge(&self, asked: &Asked<'_>, receipt: &Value) -> Result<Judged, &'static str>;

    /// Another request for the same document after a refusal that proves that nothing was written; none in most cases.
    fn amend(&self, _step: &Step, _refusal: &Refusal) -> Option<Step> {
        None
    }

    /// The request that puts a bound document on hold, where the entity has such a thing.
    fn hold(&self, _target: &str, _total: Option<Decimal>) -> Option<Step> {
        None
    }

    /// Asked last, right before a step is sent: why what it was planned from holds no more. In most cases the platform takes fields one by one,
    /// and nothing is asked.
    ///
    /// # Errors
    /// The client's.
    async fn overtaken(&self, _platforms: Platforms<'_>, _step: &Step) -> Result<Option<Finding>, Refusal> {
        Ok(None)
    }

    /// Looks for the document of an intent.
    ///
    /// # Errors
    /// The client's.
    async fn look_up(&self, platforms: Platforms<'_>, sought: &Sought<'_>) -> Result<Found, Refusal>;
}

/// By what a document is judged.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The step that wrote it.
    pub step: StepKey,
    /// What it must add up to.
    pub total: Option<Decimal>,
    /// The key of the record's document, where it was there before the step.
    pub target: Option<&'a str>,
    /// The body of the write, where it is at hand: what it says and the answer does not is a difference.
    pub sent: Option<&'a Value>,
}

/// Which document is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    /// The step that writes it.
    pub step: StepKey,
    /// Our reference on it.
    pub reference: Option<&'a str>,
    /// The key of the record's document, where it is known: bound already, or numbered by us.
    pub target: Option<&'a str>,
    /// What of the document must be there, see [`Step::part`].
    pub part: Option<&'a str>,
}

impl<'a> Sought<'a> {
    /// A document that carries our reference.
    #[must_use]
    pub fn new(step: StepKey, reference: Option<&'a str>) -> Self {
        Self { step, reference, target: None, part: None }
    }
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
    /// The key of the record's document.
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
    /// Runs one step on `record`, whose claim this turn holds. What the step before it led to is bound in the same write that says what is about
    /// to be done. Whatever the end, `record` is as it was last written.
    ///
    /// # Errors
    /// How the turn ends instead.
    pub async fn run(
        &self,
        record: &mut Record,
        before: Option<Ran>,
        step: &Step,
        planned: &Planned,
        kind: &dyn Kind,
    ) -> Result<Ran, End> {
        let time = self.time_for_a_step();
        let intent = self.intent(step, planned);
        match before {
            Some(Ran { bind: (attempt, bound), finding, .. }) => {
                // Without time for another step the one before is bound all the same; the next turn goes on.
                let next = time.is_ok().then_some(&intent);
                self.bind(record, &attempt, &bound, next, finding.as_ref()).await?;
                time?;
            }
            None => {
                time?;
                self.write(record, |record| record.intend(&self.owner, intent.clone())).await?;
            }
        }
        self.call(record, step, &intent, kind).await
    }

    /// Sends a step whose intent is written, and judges the answer.
    async fn call(&self, record: &mut Record, step: &Step, intent: &Intent, kind: &dyn Kind) -> Result<Ran, End> {
        match kind.overtaken(self.link.platforms(), step).await {
            Ok(None) => {}
            Ok(Some(finding)) => {
                let disprove = Some(intent.attempt.clone());
                return Err(End::Returned { finding, counted: false, after: Some(5), disprove });
            }
            Err(refusal) => return Err(self.not_now(&refusal).disproving(&intent.attempt)),
        }
        match self.send(step).await {
            Ok(receipt) => self.judged(record, step, intent, receipt, kind).await,
            Err(refusal) => match kind.amend(step, &refusal) {
                Some(amended) => self.call_amended(record, &amended, intent, kind).await,
                None if refusal.code() == TAKEN && step.key.begins() => self.taken(record, step, intent, kind).await,
                // A hold stays owed, see `put_on_hold`.
                None if step.key == StepKey::OrderHold => Err(self.not_now(&refusal)),
                None => Err(self.refused(&refusal, intent, step)),
            },
        }
    }

    /// Other requests for the same document, each after a refusal that proves that nothing was written, until one is taken or the entity knows
    /// no other.
    async fn call_amended(
        &self,
        record: &mut Record,
        step: &Step,
        refused: &Intent,
        kind: &dyn Kind,
    ) -> Result<Ran, End> {
        let (mut step, mut refused) = (step.clone(), refused.clone());
        loop {
            self.time_for_a_step()?;
            let intent = self.intent(&step, &Planned::of(&refused));
            self.write(record, |record| record.disprove(&refused.attempt)?.intend(&self.owner, intent.clone())).await?;
            let refusal = match self.send(&step).await {
                Ok(receipt) => return self.judged(record, &step, &intent, receipt, kind).await,
                Err(refusal) => refusal,
            };
            let Some(amended) = kind.amend(&step, &refusal) else {
                return match refusal.code() {
                    TAKEN => self.taken(record, &step, &intent, kind).await,
                    _ => Err(self.refused(&refusal, &intent, &step)),
                };
            };
            (step, refused) = (amended, intent);
        }
    }

    /// The one place where a planned request is sent.
    async fn send(&self, step: &Step) -> Result<Value, Refusal> {
        match &step.write {
            Write::Acumatica(put) => self.link.acumatica.put(put).await.map_err(Refusal::Acumatica),
            Write::Magento(write) => self.link.magento.write(write).await.map_err(Refusal::Magento),
        }
    }

    fn refused(&self, refusal: &Refusal, intent: &Intent, step: &Step) -> End {
        let since = self.record.waited_since(refusal.code());
        failure::of_write(refusal, &intent.attempt, &step.write, self.now(), since)
    }

    /// A refusal that leaves the intent open, whatever it proves.
    pub(crate) fn not_now(&self, refusal: &Refusal) -> End {
        failure::of_read(refusal, self.now(), self.record.waited_since(refusal.code()))
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
        let target = record.bound.as_ref().map(|bound| bound.target.clone());
        let asked = Asked { step: step.key, total: step.total, target: target.as_deref(), sent: Some(step.body()) };
        let judged = kind.judge(&asked, &receipt).map_err(unreadable)?;
        let bound = bound_by(intent, judged.target);
        let ran = Ran { bind: (intent.attempt.clone(), bound), finding: judged.finding, receipt };
        let total = step.total.filter(|_| step.key != StepKey::PaymentCreate);
        if judged.must_hold { self.correct(record, ran, total, kind).await } else { Ok(ran) }
    }

    /// Insert-only, and the key exists: the document decides whether it is ours.
    async fn taken(&self, record: &mut Record, step: &Step, intent: &Intent, kind: &dyn Kind) -> Result<Ran, End> {
        let target = number_in(step.body());
        let sought = Sought { target: target.as_deref(), ..Sought::new(step.key, intent.reference.as_deref()) };
        let found = kind.look_up(self.link.platforms(), &sought).await;
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
            part: step.part.clone(),
            unfinished: step.unfinished,
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
            Err(WriteError::Lost(_)) => {
                // Nobody sends the next step then: whoever has the record now plans it. Only a hold is owed.
                let owed = next.filter(|next| next.step == StepKey::OrderHold.as_str());
                Err(self.merge(&record.key, attempt, bound, owed).await)
            }
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
pub(crate) const TAKEN: &str = "acumatica.rejected.precondition";

/// The key that a body asks for: `SO/000123`.
fn number_in(body: &Value) -> Option<String> {
    let part = |field: &str| body.pointer(&format!("/{field}/value")).and_then(Value::as_str);
    Some(format!("{}/{}", part("OrderType")?, part("OrderNbr")?))
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
        let (revision, fingerprint) = (self.revision.clone(), self.fingerprint.clone());
        Bound { target, revision, fingerprint, unfinished: false }
    }
}

/// What an intent has led to.
fn bound_by(intent: &Intent, target: String) -> Bound {
    Bound { unfinished: intent.unfinished, ..Planned::of(intent).bound(target) }
}

/// A step with what earlier receipts supply filled in.
#[must_use]
pub fn filled(step: &Step, receipts: &BTreeMap<StepKey, Value>) -> Option<Step> {
    let mut step = step.clone();
    for fill in step.fills.clone() {
        let value = receipts.get(&fill.from)?.pointer(&format!("/{}/value", fill.field))?.clone();
        *step.body_mut().pointer_mut(fill.pointer)? = value;
    }
    Some(step)
}
