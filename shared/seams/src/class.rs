//! The classes of failure: every error of the product has exactly one.

use serde::{Deserialize, Serialize};

/// What a failure means for the record at hand. Decided once, in the error table of the platform that raised it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Try again soon, counted: locks, deadlocks, an unknown 5xx on a read.
    Transient,
    /// The other side asks for fewer requests: try again later, uncounted.
    Throttled,
    /// A dependency comes later: the platform is away, another record is not there yet.
    NotReady,
    /// A person must change data or settings; trying again changes nothing.
    Rejected,
    /// Nobody knows whether the write happened: look before doing anything else.
    Ambiguous,
    /// Our fault: an answer or a state that the code holds to be impossible.
    Bug,
}

impl Class {
    /// The class as it stands in error codes, logs and metrics: `transient`, `not_ready`, …
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Transient => "transient",
            Class::Throttled => "throttled",
            Class::NotReady => "not_ready",
            Class::Rejected => "rejected",
            Class::Ambiguous => "ambiguous",
            Class::Bug => "bug",
        }
    }
}
