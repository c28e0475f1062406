//! Reading the sync log: newest first, within one partition at a time, with a bounded number of reads a page and no scan.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Entry, Level, day_of};
use crate::table::{Index, Limit, Partition, Range, Table, TableError};

/// Requests to the table for one page. A filter that matches little then answers a short or empty page with a cursor, in a time
/// that does not depend on how much there is.
pub const READS: usize = 8;
/// Entries of one request. An entry has about 1 KB, and DynamoDB answers at most 1 MB.
const CHUNK: usize = 200;

/// Where to look. Each of them is one partition, or one a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Within {
    /// Everything of an entity.
    Entity {
        /// The link.
        link: String,
        /// The entity.
        entity: String,
    },
    /// Everything of a record.
    Record(String),
    /// What stood in the way by this code, level warning and above.
    Code {
        /// The link.
        link: String,
        /// The code.
        code: String,
    },
}

/// Which entries are wanted. Those of [`Within`] are found, the rest is left out of what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Where to look.
    pub within: Within,
    /// The earliest instant, in milliseconds.
    pub from: Timestamp,
    /// The latest instant, in milliseconds.
    pub to: Timestamp,
    /// Only of this entity.
    pub entity: Option<String>,
    /// Only with this outcome.
    pub outcome: Option<String>,
    /// Only of this level and above.
    pub level: Option<Level>,
    /// Each of them must occur, in any case of letters, in the record's key or shown number, the target, the action, the code or the
    /// message.
    pub words: Vec<String>,
}

/// A page of entries, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The entries; there may be none although more follows.
    pub entries: Vec<Entry>,
    /// The cursor of the next page, absent on the last.
    pub next: Option<String>,
}

/// One page of at most `items` entries after the page that ended with the cursor `after`.
///
/// # Errors
/// [`TableError::Bug`] for a cursor that no page of this filter had, or an entry of another form; [`TableError::NotApplied`].
pub async fn query(table: &dyn Table, filter: &Filter, items: usize, after: Option<&str>) -> Result<Found, TableError> {
    let mut entries = Vec::new();
    let mut position = match after {
        Some(cursor) => Some(decode(cursor)?),
        None => Some(Position { day: day_of(filter.to), below: None }),
    };
    for _ in 0..READS {
        let Some(here) = position.take() else { break };
        let chunk = read(table, filter, &here).await?;
        let mut last = None;
        for entry in chunk.entries {
            last = Some(entry.0);
            if filter.wants(&entry.1) {
                entries.push(entry.1);
                if entries.len() == items {
                    break;
                }
            }
        }
        let is_full = entries.len() == items;
        position = match last {
            Some(sort) if is_full || chunk.more => Some(Position { below: Some(sort), ..here }),
            _ => filter.day_before(here.day).map(|day| Position { day, below: None }),
        };
        if is_full {
            break;
        }
    }
    Ok(Found { entries, next: position.map(|position| position.encode()) })
}

/// Entries with their sort keys, and whether the partition has more.
struct Chunk {
    entries: Vec<(String, Entry)>,
    more: bool,
}

async fn read(table: &dyn Table, filter: &Filter, here: &Position) -> Result<Chunk, TableError> {
    let partition = match &filter.within {
        Within::Entity { link, entity } => Partition::Table(format!("{link}/{entity}/{}", here.day)),
        Within::Record(record) => Partition::Index(Index::ByRecord, record.clone()),
        Within::Code { link, code } => Partition::Index(Index::ByCode, format!("{link}/{code}")),
    };
    let latest = format!("{:.3}~", filter.to);
    let to = here.below.clone().filter(|below| *below < latest).unwrap_or(latest);
    let range = Range { from: Some(format!("{:.3}", filter.from)), to: Some(to), descending: true };
    let page = table.query(&partition, &range, &Limit { items: CHUNK, after: None }).await?;
    let read = page.items.into_iter().map(|item| {
        let entry = serde_json::from_value(item.body)
            .map_err(|error| TableError::Bug(format!("log entry {}: {error}", item.key.sort)))?;
        Ok((item.key.sort, entry))
    });
    let mut entries: Vec<(String, Entry)> = read.collect::<Result<_, _>>()?;
    // The range includes its end, which was on the page before.
    entries.retain(|(sort, _)| here.below.as_ref().is_none_or(|below| sort < below));
    Ok(Chunk { entries, more: page.next.is_some() })
}

impl Filter {
    fn wants(&self, entry: &Entry) -> bool {
        self.entity.as_ref().is_none_or(|entity| entry.entity == *entity)
            && self.outcome.as_ref().is_none_or(|outcome| entry.outcome == *outcome)
            && self.level.is_none_or(|level| entry.level >= level)
            && self.words.iter().all(|word| mentions(entry, &word.to_lowercase()))
    }

    /// Only an entity has a partition a day.
    fn day_before(&self, day: Date) -> Option<Date> {
        let before = day.yesterday().ok().filter(|before| *before >= day_of(self.from));
        before.filter(|_| matches!(self.within, Within::Entity { .. }))
    }
}

fn mentions(entry: &Entry, word: &str) -> bool {
    let optional = [&entry.shown, &entry.target, &entry.code, &entry.message].into_iter().flatten();
    optional.chain([&entry.record, &entry.action]).any(|text| text.to_lowercase().contains(word))
}

/// Where the next page begins: below a sort key, or at the end of a day.
struct Position {
    day: Date,
    below: Option<String>,
}

impl Position {
    fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.below.clone().unwrap_or_else(|| self.day.to_string()))
    }
}

fn decode(cursor: &str) -> Result<Position, TableError> {
    let refused = || TableError::Bug("the cursor is not one of this query".to_owned());
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_not_base64| refused())?;
    let text = String::from_utf8(bytes).map_err(|_not_text| refused())?;
    if let Ok(day) = text.parse::<Date>()
        && day.to_string() == text
    {
        return Ok(Position { day, below: None });
    }
    // A sort key is an instant of 24 characters, a hyphen and an id.
    let time = text.get(..24).and_then(|time| time.parse::<Timestamp>().ok()).ok_or_else(refused)?;
    if text.get(24..25) != Some("-") {
        return Err(refused());
    }
    Ok(Position { day: time.to_zoned(TimeZone::UTC).date(), below: Some(text) })
}

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
