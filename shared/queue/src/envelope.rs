//! The envelope: "something changed", as it travels in a queue. Ids only, never a person's data, and versioned: whatever was ever
//! released can be decoded for ever.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The version written today.
pub const VERSION: u8 = 1;

/// Why an event exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Magento told us.
    Webhook,
    /// Acumatica told us.
    Push,
    /// A poll found a change.
    Poll,
    /// A person asked.
    Operator,
    /// The settings changed since a record was parked.
    Settings,
    /// A record was due: a wait ended, or its message had died.
    Due,
}

impl Cause {
    /// The cause as it stands in envelopes and logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Cause::Webhook => "webhook",
            Cause::Push => "push",
            Cause::Poll => "poll",
            Cause::Operator => "operator",
            Cause::Settings => "settings",
            Cause::Due => "due",
        }
    }
}

/// An event: which record of which link may have changed. Never what changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// The link's id, 8 characters.
    pub link: String,
    /// The entity: `order`, …
    pub entity: String,
    /// The id in the source system: Magento's `entity_id` or Acumatica's `NoteID`.
    pub source_id: String,
    /// Why.
    pub cause: Cause,
    /// When we learned of it.
    pub occurred_at: Timestamp,
    /// Random, new for every enqueue; survives a redrive.
    pub event_id: String,
}

/// The wire form of version 1.
#[derive(Serialize, Deserialize)]
struct V1 {
    v: u8,
    event: Envelope,
}

/// Only the version, read first.
#[derive(Deserialize)]
struct Version {
    v: u64,
}

/// Why a body is not an envelope.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Undecodable {
    /// Not JSON, or fields are missing, wrong or unknown.
    #[error("not an event envelope: {0}")]
    Malformed(String),
    /// A version that this release does not know.
    #[error("an event envelope of unknown version {0}")]
    UnknownVersion(u64),
}

impl Envelope {
    /// The queue's body for this event.
    #[must_use]
    pub fn encode(&self) -> String {
        serde_json::to_string(&V1 { v: VERSION, event: self.clone() }).expect("an envelope holds only strings")
    }

    /// Reads a queue's body of any released version.
    ///
    /// # Errors
    /// [`Undecodable`], which never repeats the body.
    pub fn decode(body: &str) -> Result<Self, Undecodable> {
        let malformed = |error: serde_json::Error| {
            Undecodable::Malformed(format!("{:?} error at column {}", error.classify(), error.column()))
        };
        match serde_json::from_str::<Version>(body).map_err(malformed)?.v {
            1 => Ok(serde_json::from_str::<V1>(body).map_err(malformed)?.event),
            other => Err(Undecodable::UnknownVersion(other)),
        }
    }

    /// The record's key, which is also its FIFO group: `<link>/<entity>/<source id>`.
    #[must_use]
    pub fn record_key(&self) -> String {
        format!("{}/{}/{}", self.link, self.entity, self.source_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RELEASED_V1: &str = r#"{"v":1,"event":{"link":"abcd2345","entity":"order","source_id":"12","cause":"webhook","occurred_at":"2026-11-23T04:00:00Z","event_id":"01HX"}}"#;

    #[test]
    fn every_released_version_decodes() {
        let event = Envelope::decode(RELEASED_V1).expect("version 1");
        assert_eq!(event.record_key(), "abcd2345/order/12");
        assert_eq!(event.encode(), RELEASED_V1);
    }

    #[test]
    fn what_is_not_an_envelope_is_named_without_its_content() {
        for (body, expected) in [
            ("secret@example.com", "not an event envelope: Syntax error at column 1"),
            (r#"{"v":2,"event":{}}"#, "an event envelope of unknown version 2"),
            (r#"{"event":{}}"#, "not an event envelope: Data error at column 12"),
            (r#"{"v":1,"event":{"link":"a"}}"#, "not an event envelope: Data error at column 27"),
            ("", "not an event envelope: Eof error at column 0"),
        ] {
            assert_eq!(Envelope::decode(body).expect_err(body).to_string(), expected, "{body}");
        }
    }
}
