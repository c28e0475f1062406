//! Settle: an open intent is resolved before anything is read or decided. A hit that is ours is judged and bound with *the intent's* revision and
//! fingerprint; a miss younger than the duplicate window waits; an older one is proof that nothing was written.

use rust_decimal::Decimal;
use serde_json::Value;
use store::Record;
use store::record::{Bound, Intent};

use super::{Asked, Found, Kind, Ran, Sought, bound_by, not_held, unreadable};
use crate::plan::{Finding, StepKey};
use crate::turn::{End, Turn};

/// What an open intent turned out to be.
#[derive(Debug)]
pub enum Settled {
    /// There was none, or it changed nothing.
    Clear,
    /// The write had happened; it is bound.
    Bound {
        /// The step that had written it.
        step: StepKey,
        /// What a person should know.
        finding: Option<Finding>,
        /// The document as the ERP has it.
        receipt: Value,
    },
}

impl Turn<'_> {
    /// Settles `record`, whose claim this turn holds.
    ///
    /// # Errors
    /// How the turn ends instead.
    pub async fn settle(&self, record: &mut Record, kind: &dyn Kind) -> Result<Settled, End> {
        let Some(intent) = record.intent.clone() else { return Ok(Settled::Clear) };
        let bound = record.bound.clone();
        match (StepKey::parse(&intent.step), bound) {
            (Some(StepKey::OrderUpdate), _) => self.after_the_window(record, &intent).await,
            (Some(StepKey::OrderHold), Some(bound)) => self.hold_again(record, &intent, bound, kind).await,
            _ => self.look_for(record, &intent, kind).await,
        }
    }

    /// A new document may be there, or a new part of the bound one.
    async fn look_for(&self, record: &mut Record, intent: &Intent, kind: &dyn Kind) -> Result<Settled, End> {
        let step = step_of(intent);
        let target = record.bound.as_ref().filter(|_| step.goes_on()).map(|bound| bound.target.clone());
        let (target, part) = (target.as_deref(), intent.part.as_deref());
        let sought = Sought { target, part, ..Sought::new(step, intent.reference.as_deref()) };
        let found = kind.look_up(self.link.platforms(), &sought).await;
        match found.map_err(|error| self.not_now(&error))? {
            Found::Ours(receipt) => {
                let total = total_of(intent);
                let asked = Asked { step, total, target, sent: None };
                let judged = kind.judge(&asked, &receipt).map_err(unreadable)?;
                let bound = bound_by(intent, judged.target);
                let ran = Ran { bind: (intent.attempt.clone(), bound), finding: judged.finding, receipt: *receipt };
                let total = total.filter(|_| step != StepKey::PaymentCreate);
                let ran = if judged.must_hold { self.correct(record, ran, total, kind).await? } else { ran };
                self.settled(record, step, ran).await
            }
            // Of a document that was ours nothing is proven when it is ours no more.
            Found::Foreign(finding) => {
                let disprove = (!step.goes_on()).then(|| intent.attempt.clone());
                Err(End::Parked { finding, disprove })
            }
            Found::Several(finding) => Err(End::parked(finding)),
            Found::Missing => self.after_the_window(record, intent).await,
        }
    }

    /// A document is bound and was to be put on hold: holding twice is holding once.
    async fn hold_again(
        &self,
        record: &mut Record,
        intent: &Intent,
        bound: Bound,
        kind: &dyn Kind,
    ) -> Result<Settled, End> {
        self.time_for_a_step()?;
        let step = kind.hold(&bound.target, total_of(intent)).ok_or_else(|| not_held(&bound.target))?;
        let (judged, receipt) = self.put_on_hold(&step, kind).await?;
        let bound = bound_by(intent, bound.target);
        let ran = Ran { bind: (intent.attempt.clone(), bound), finding: judged.finding, receipt };
        self.settled(record, step.key, ran).await
    }

    async fn settled(&self, record: &mut Record, step: StepKey, ran: Ran) -> Result<Settled, End> {
        let Ran { bind: (attempt, bound), finding, receipt } = ran;
        self.bind(record, &attempt, &bound, None, finding.as_ref()).await?;
        Ok(Settled::Bound { step, finding, receipt })
    }

    /// Nothing is there: too early to believe it, or proof.
    async fn after_the_window(&self, record: &mut Record, intent: &Intent) -> Result<Settled, End> {
        let closes = intent.started + self.window();
        if self.now() < closes {
            let message = "An earlier write had no answer and is not visible; Acumatica may still carry it out.";
            return Err(End::waiting(Finding::new("flows.not_ready.window", message), closes));
        }
        self.write(record, |record| record.disprove(&intent.attempt)).await?;
        Ok(Settled::Clear)
    }
}

/// The step of an intent. One that this release does not know is looked for as a new document, by its reference.
fn step_of(intent: &Intent) -> StepKey {
    StepKey::parse(&intent.step).unwrap_or(StepKey::OrderCreate)
}

fn total_of(intent: &Intent) -> Option<Decimal> {
    intent.total.as_deref().and_then(|total| total.parse().ok())
}
