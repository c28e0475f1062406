//! What a flow is given by the queue, and what it gives back.

use jiff::Timestamp;
use queue::Envelope;
use serde::Serialize;

/// A received message.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// SQS's id of the message; a redrive gives a new one.
    pub message_id: &'a str,
    /// The event.
    pub event: &'a Envelope,
    /// When the invocation ends.
    pub deadline: Timestamp,
}

/// What becomes of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is deleted: what it asked for is done, or is kept by the record.
    Acknowledge,
    /// It is returned and visible again after so many seconds; 0 sends a parked record's message on its way to the DLQ.
    Return {
        /// 0, or 5 to 300.
        after: u32,
    },
}

/// What became of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Written to the other side.
    Applied,
    /// Found on the other side, written by an earlier try of ours, and bound.
    Adopted,
    /// Written, and on hold in the ERP: a person looks there.
    Held,
    /// Nothing had changed.
    Unchanged,
    /// Not synced, by rule.
    Skipped,
    /// Waits for what comes by itself.
    Waiting,
    /// Will be tried again.
    Returned,
    /// A person must act.
    Parked,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Outcome; 8] = [
        Outcome::Applied,
        Outcome::Adopted,
        Outcome::Held,
        Outcome::Unchanged,
        Outcome::Skipped,
        Outcome::Waiting,
        Outcome::Returned,
        Outcome::Parked,
    ];

    /// The outcome as it stands in logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Applied => "applied",
            Outcome::Adopted => "adopted",
            Outcome::Held => "held",
            Outcome::Unchanged => "unchanged",
            Outcome::Skipped => "skipped",
            Outcome::Waiting => "waiting",
            Outcome::Returned => "returned",
            Outcome::Parked => "parked",
        }
    }
}

/// The one outcome of one delivery: for the telemetry event, the log entry, and the batch answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// For SQS.
    pub verdict: Verdict,
    /// For people and metrics.
    pub outcome: Outcome,
    /// The stable code of what stands in the way.
    pub code: Option<String>,
    /// That in words.
    pub message: Option<String>,
    /// The record's key.
    pub record: String,
    /// What people call it.
    pub shown: Option<String>,
    /// The other side's document.
    pub target: Option<String>,
    /// Which try it was.
    pub attempt: u32,
    /// Requests made to Magento and to Acumatica.
    pub calls: Calls,
    /// Failing fast logs nothing and counts nowhere.
    pub silent: bool,
}

/// Requests made to the platforms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Calls {
    /// To Magento.
    pub magento: u32,
    /// To Acumatica, tokens excluded.
    pub acumatica: u32,
}
