//! The record: one item, one state machine, for one synced document or person. What it says is here, how it changes in
//! `transitions`.

mod person;
mod transitions;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The longest time before a record that waits is looked at again.
pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(15);

/// What orders two states of one source record: Magento's `updated_at`, as it stands there (UTC, fixed width, so text order is time
/// order). One-second resolution: equal revisions may differ in content, which the fingerprint decides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub String);

/// A hash of the source fields that `plan` reads. Equal fingerprints: nothing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

/// Where a record is in its life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "name")]
pub enum State {
    /// Nobody works on it; it is to be worked on again.
    Pending,
    /// One worker works on it, and nobody else.
    Working {
        /// Random, one per delivery.
        owner: String,
        /// Until when the owner is believed to live.
        until: Timestamp,
        /// What it waited for before.
        wait: Option<Wait>,
        /// It was not done before this claim: something was begun, or is waited for, of which no further event need tell.
        #[serde(default)]
        resumed: bool,
    },
    /// It waits for something that comes by itself.
    Waiting {
        /// For what.
        wait: Wait,
    },
    /// A person must act; `Record::park` says on what.
    Parked,
    /// The last event is dealt with.
    Done,
}

/// What a record waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// A stable code: `window`, `magento.not_ready.unreachable`, `orders.not_ready.payment`, …
    pub reason: String,
    /// Since when it has been waiting for this, through all the looks in between.
    pub since: Timestamp,
}

/// "We are about to do this": written before a step's call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The step's idempotency key, `order.create`. Never a position.
    pub step: String,
    /// Random, names this try: a late receipt is merged by it.
    pub attempt: String,
    /// When the try began; the duplicate window is counted from here.
    pub started: Timestamp,
    /// Until when its worker may still be calling.
    pub until: Timestamp,
    /// Our reference on the document, by which it is looked up. Absent on guards, whose key is the person.
    pub reference: Option<String>,
    /// What the document must add up to, as a decimal; checked when it is found.
    pub total: Option<String>,
    /// What of the document the step writes, where it is there already: the reference of the last line of a slice. By it a later worker sees
    /// whether the slice was written; never the lines themselves, so that an intent stays small.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// More is to be written after this step before the document is what the source says.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unfinished: bool,
    /// The source revision that was planned.
    pub revision: Revision,
    /// The fingerprint that was planned: an adopted document is bound with it, never with a newer one.
    pub fingerprint: Fingerprint,
}

/// "This is that": the other side's document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// The other side's key, as its API takes it: `SO/000123`, `C000042`.
    pub target: String,
    /// The source revision it was written from.
    pub revision: Revision,
    /// The fingerprint it was written from.
    pub fingerprint: Fingerprint,
    /// More is to be written: further slices of lines, or the payments. Such a record is never done.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unfinished: bool,
}

/// What is not so is not stored.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// Why a record is parked, and by which event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Park {
    /// The stable error code.
    pub code: String,
    /// What happened, in a merchant's words, with the offending value.
    pub message: String,
    /// The SQS message that brought it; another id with the same event is a redrive.
    pub message_id: String,
    /// The event that brought it.
    pub event_id: String,
    /// The source revision that was refused; a newer one is tried.
    pub revision: Option<Revision>,
    /// The settings it was refused under; newer ones are tried once.
    pub settings: u64,
    /// When.
    pub at: Timestamp,
}

/// One synced record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// `<link>/<entity>/<source id>`.
    #[serde(skip)]
    pub key: String,
    /// Grows by one with every write. Kept by the table, not in the body.
    #[serde(skip)]
    pub rev: u64,
    /// New with every write. Kept by the table, not in the body.
    #[serde(skip)]
    pub write_id: String,
    /// Where it is in its life.
    pub state: State,
    /// When it is to be looked at if nobody does before. Every state that is not final has one.
    pub due: Option<Timestamp>,
    /// A write whose end is not known.
    pub intent: Option<Intent>,
    /// The other side's document.
    pub bound: Option<Bound>,
    /// Tries since the last success, redrive, operator, new revision or new settings.
    pub attempts: u32,
    /// How often in a row the other side has asked for fewer requests.
    pub throttled: u32,
    /// What was last worked on; another value starts the attempts anew.
    pub seen: Option<Seen>,
    /// Why it is parked. A mere look keeps it, so that a look which finds nothing new can restore it; a real try drops it.
    pub park: Option<Park>,
    /// What a person must still be told of the bound document: kept from the bind until the log has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub untold: Option<Untold>,
    /// What the source's own platform was last told of this record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Told>,
    /// The settings version that a parked record was last woken for.
    pub woken: u64,
    /// The insisting event that the attempts were last started anew for: its redeliveries count.
    pub insisted: Option<String>,
    /// What the other side's document adds up to, as it last said: what its released invoices are to come to. Absent where a document has no sum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<String>,
    /// The guard under which the record's person is known, where it has one: the key moves with the person's e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<String>,
    /// The guard that is to be given up for it: noted before the new one is held, so that a worker's death leaves none behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard_left: Option<String>,
    /// On a guard: the record of the pair whose e-mail it is, where a pair has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pair: Option<String>,
    /// Ids of either side that lead to this record, so that they can be found from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// What people call it: Magento's increment id. Shown and searched, never a key.
    pub shown: Option<String>,
}

/// A finding that no log entry has yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Untold {
    /// The stable code.
    pub code: String,
    /// In words.
    pub message: String,
}

/// What the source's own platform was told, so that it is told once even where it does not show what it was told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The other side's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// A hash of the last outcome in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// An outcome is bound and could not be told yet.
    #[serde(default)]
    pub owed: bool,
    /// How often in a row telling failed.
    #[serde(default)]
    pub failures: u32,
    /// The source as it was when a parked record's outcome was told: an event that finds it so is the echo of the telling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub echo: Option<Fingerprint>,
}

/// A source revision under a version of the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The source's revision.
    pub revision: Revision,
    /// The settings' version.
    pub settings: u64,
}

/// A transition was asked for from a state that does not have it: a bug.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("record {key}: no transition {transition} from {state}")]
pub struct Impossible {
    /// The record.
    pub key: String,
    /// The transition's name.
    pub transition: &'static str,
    /// The state it was in.
    pub state: &'static str,
}

/// The event at the door of a record.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a> {
    /// The SQS message's id: a redrive gives a new one.
    pub message_id: &'a str,
    /// The event's id: survives a redrive.
    pub event_id: &'a str,
    /// An operator asked, or the settings changed.
    pub insists: bool,
}

/// What to do with an event at the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Claim the record.
    Claim {
        /// Start the attempts anew.
        fresh: bool,
    },
    /// Claim it to look: restore the park unless the source's revision has changed.
    ClaimToLook,
    /// Somebody works on it: come back.
    Busy {
        /// Until when they are believed to live.
        until: Timestamp,
    },
    /// This message's failure is already recorded: fail it at once, so that SQS moves it to the DLQ.
    FailFast,
}

#[cfg(test)]
mod tests;
