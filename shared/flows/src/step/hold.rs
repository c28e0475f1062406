//! Holds: a document that is open although it must not be is bound and put on hold, and the hold is owed until it is taken.

use rust_decimal::Decimal;
use serde_json::Value;
use store::Record;
use store::record::{Bound, Intent};

use super::{Asked, Judged, Kind, Planned, Ran, unreadable};
use crate::plan::{Finding, Step};
use crate::turn::{End, Turn};

impl Turn<'_> {
    /// Binds, says in the same write that the document is to be put on hold, and does it.
    pub(super) async fn correct(
        &self,
        record: &mut Record,
        ran: Ran,
        total: Option<Decimal>,
        kind: &dyn Kind,
    ) -> Result<Ran, End> {
        let Ran { bind: (attempt, bound), finding, .. } = ran;
        let (step, intent) = self.hold_of(&bound, total, kind)?;
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
        let (step, intent) = self.hold_of(&bound, total, kind)?;
        let adopt = |record: Record| {
            let record = record.adopt(&self.owner, bound.clone())?.intend(&self.owner, intent.clone())?;
            Ok(record.untold(finding.map(Finding::untold)))
        };
        self.write(record, adopt).await?;
        self.put_on_hold(&step, kind).await?;
        Ok((intent.attempt, bound))
    }

    /// The hold of a bound document, and its intent: after it the document is as finished as before.
    fn hold_of(&self, bound: &Bound, total: Option<Decimal>, kind: &dyn Kind) -> Result<(Step, Intent), End> {
        let step = kind.hold(&bound.target, total).ok_or_else(|| not_held(&bound.target))?;
        let step = Step { unfinished: bound.unfinished, ..step };
        let planned = Planned { revision: bound.revision.clone(), fingerprint: bound.fingerprint.clone() };
        let intent = self.intent(&step, &planned);
        Ok((step, intent))
    }

    /// Sends a hold and believes it only when the answer shows it. Even a refusal that proves that nothing was written leaves the hold owed: no
    /// plan asks for it again, only its intent does.
    pub(super) async fn put_on_hold(&self, step: &Step, kind: &dyn Kind) -> Result<(Judged, Value), End> {
        let receipt = self.send(step).await.map_err(|refusal| self.not_now(&refusal))?;
        let asked = Asked { step: step.key, total: step.total, target: None, sent: Some(step.body()) };
        let judged = kind.judge(&asked, &receipt).map_err(unreadable)?;
        if judged.must_hold { Err(not_held(&judged.target)) } else { Ok((judged, receipt)) }
    }
}

pub(super) fn not_held(target: &str) -> End {
    let message = format!("Acumatica did not put {target} on hold although it was asked to.");
    End::parked(Finding::new("orders.rejected.not_held", message))
}
