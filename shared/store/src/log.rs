//! The sync log: every attempt of every record, in a table of its own, with a TTL.
//!
//! Key: partition `<link>/<entity>/<day>`, sort `<time>-<id>`, the id made of the record's key and revision, so that an attempt written twice is one
//! entry. [`Index::ByRecord`] has every entry of a record; [`Index::ByCode`] those of level warning and above, by `<link>/<code>`.

mod query;
mod redact;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::table::{Index, IndexEntry, Item, Key, Table, TableError};

pub use query::{Filter, Found, READS, Within, query};
pub use redact::redact;

/// How much a person must care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing to do.
    Info,
    /// Worth a look.
    Warning,
    /// A person must act.
    Error,
}

/// One attempt. Holds ids, codes and sentences; never a person's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it ended.
    pub time: Timestamp,
    /// The link.
    pub link: String,
    /// The entity.
    pub entity: String,
    /// The record's key.
    pub record: String,
    /// The record's revision at the end of the attempt.
    pub rev: u64,
    /// What people call it.
    pub shown: Option<String>,
    /// The other side's document.
    pub target: Option<String>,
    /// `magento_to_acumatica`, …
    pub direction: String,
    /// What caused the attempt: `webhook`, `operator`, …
    pub trigger: String,
    /// The step that was tried, or `look`.
    pub action: String,
    /// How much a person must care.
    pub level: Level,
    /// What became of it.
    pub outcome: String,
    /// The code of what stood in the way.
    pub code: Option<String>,
    /// That in words.
    pub message: Option<String>,
    /// How long it took.
    pub duration_ms: u64,
    /// Which try it was.
    pub attempt: u32,
    /// Requests to Magento.
    pub magento_calls: u32,
    /// Requests to Acumatica.
    pub acumatica_calls: u32,
    /// The settings it was tried under.
    pub settings_version: u64,
    /// The event's id.
    pub event: String,
}

/// Writes one entry, which disappears after `retention_days`. Writing it again is harmless.
///
/// # Errors
/// [`TableError`]; the attempt is then not recorded, and must not be called finished.
pub async fn write(table: &dyn Table, entry: &Entry, retention_days: u32) -> Result<(), TableError> {
    let body = serde_json::to_value(entry).map_err(|error| TableError::Bug(format!("log entry: {error}")))?;
    let id = hex::encode(&Sha256::digest(format!("{}#{}", entry.record, entry.rev))[..8]);
    let sort = format!("{:.3}-{id}", entry.time);
    let mut indexes = vec![IndexEntry { index: Index::ByRecord, partition: entry.record.clone(), sort: sort.clone() }];
    if let (true, Some(code)) = (entry.level >= Level::Warning, &entry.code) {
        indexes.push(IndexEntry {
            index: Index::ByCode,
            partition: format!("{}/{code}", entry.link),
            sort: sort.clone(),
        });
    }
    let day = day_of(entry.time);
    let item = Item {
        key: Key::new(format!("{}/{}/{day}", entry.link, entry.entity), sort),
        rev: 1,
        write_id: id,
        body,
        indexes,
        expires: Some(entry.time + SignedDuration::from_hours(24 * i64::from(retention_days))),
    };
    // A conflict is the same attempt, written by a try whose answer was lost.
    table.insert_if_absent(item).await.map(|_| ())
}

/// The day whose partition an instant belongs to, UTC.
fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}
