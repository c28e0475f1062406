//! Settle: an open intent is resolved before anything is read or decided. A hit that is ours is judged and bound with *the intent's* revision and
//! fingerprint; a miss younger than the duplicate window waits; an older one is proof that nothing was written.

use rust_decimal::Decimal;
use serde_json::Value;
use store::Record;
use store::record::{Bound, Intent};

use super::{Found, Kind, Planned, Ran, Sought, not_held, unreadable};
use crate::failure;
use crate::plan::{Finding, StepKey};
use crate::turn::{End, Turn};

/// What an open intent turned out to be.
#[derive(Debug)]
pub enum Settled {
    /// There was none, or it changed nothing.
    Clear,
    /// The write had happened; it is bound.
    Bound {
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

    /// A new document may be there.
    async fn look_for(&self, record: &mut Record, intent: &Intent, kind: &dyn Kind) -> Result<Settled, End> {
        let sought = Sought { reference: intent.reference.as_deref(), target: None };
        let found = kind.look_up(&self.link.acumatica, &sought).await;
        match found.map_err(|error| failure::of_read(&error, self.now(), self.record.waited_since(error.code)))? {
            Found::Ours(receipt) => {
                let judged = kind.judge(total_of(intent), None, &receipt).map_err(unreadable)?;
                let bound = Planned::of(intent).bound(judged.target.clone());
                let ran = Ran { bind: (intent.attempt.clone(), bound), finding: judged.finding, receipt: *receipt };
                let ran = if judged.must_hold { self.correct(record, ran, total_of(intent), kind).await? } else { ran };
                self.settled(record, ran).await
            }
            Found::Foreign(finding) => Err(End::Parked { finding, disprove: Some(intent.attempt.clone()) }),
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
        let bound = Planned::of(intent).bound(bound.target);
        let ran = Ran { bind: (intent.attempt.clone(), bound), finding: judged.finding, receipt };
        self.settled(record, ran).await
    }

    async fn settled(&self, record: &mut Record, ran: Ran) -> Result<Settled, End> {
        let Ran { bind: (attempt, bound), finding, receipt } = ran;
        self.bind(record, &attempt, &bound, None, finding.as_ref()).await?;
        Ok(Settled::Bound { finding, receipt })
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

fn total_of(intent: &Intent) -> Option<Decimal> {
    intent.total.as_deref().and_then(|total| total.parse().ok())
}
