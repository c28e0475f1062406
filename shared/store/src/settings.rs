//! What is kept of a link: its settings and every earlier version of them, its activation, and its place in the list of links.
//!
//! Keys: partition `<link>`, sort `settings`, the body being the document itself and the item's revision its version; sort
//! `settings#<version>`, ten digits, each version with who wrote it and when; sort `activation`. Partition `links`, sort `<link>`.
//!
//! Documents are opaque here: whoever puts one has checked it.

use jiff::Timestamp;
use seams::clock::Clock;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::table::{Item, Key, Limit, Partition, Range, Table, TableError, Written};

/// The sort key of a link's settings.
pub const SETTINGS: &str = "settings";
/// The sort key of a link's activation.
pub const ACTIVATION: &str = "activation";
/// The partition that lists the links.
pub const LINKS: &str = "links";

/// Tries to find an id that no link has. There are 2⁴⁰ of them, so the second try is already unheard of.
const ID_TRIES: u32 = 5;

/// A version of a link's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Counts from 1.
    pub version: u64,
    /// The settings.
    pub document: Value,
    /// Who wrote them and when; unknown when the writer died between the settings and their history.
    pub written: Option<Author>,
}

/// Who wrote something, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The caller's identity as AWS gives it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// The body of a history item.
#[derive(Serialize, Deserialize)]
struct Past {
    document: Value,
    written: Option<Author>,
}

/// What became of settings that were put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put {
    /// They are stored as this version.
    Stored(u64),
    /// The version they were meant to replace is not the current one; nothing was stored.
    Conflict {
        /// The current one; 0 when there are none.
        now: u64,
    },
}

/// A link's activation. The state is the flows' word for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activated<S> {
    /// Whether the link syncs.
    #[serde(rename = "activation")]
    pub state: S,
    /// The settings under which both connections were tested last, if they were.
    #[serde(default)]
    pub initialised_settings_version: Option<u64>,
    /// Who set it last.
    #[serde(default)]
    pub written: Option<Author>,
}

/// The settings and their version, read strongly consistent; nothing when the link does not exist.
///
/// # Errors
/// [`TableError`].
pub async fn current(table: &dyn Table, link: &str) -> Result<Option<(u64, Value)>, TableError> {
    Ok(table.get(&Key::new(link, SETTINGS)).await?.map(|item| (item.rev, item.body)))
}

/// Stores `document` as version `expected + 1` if the current version is `expected`, 0 meaning that there are none yet. Putting the
/// same document again after a lost answer is the same write.
///
/// # Errors
/// [`TableError`]; the settings may have been stored, and putting them again tells.
pub async fn put(
    table: &dyn Table,
    clock: &dyn Clock,
    link: &str,
    expected: u64,
    document: Value,
    by: &str,
) -> Result<Put, TableError> {
    let before = current(table, link).await?;
    let now = before.as_ref().map_or(0, |(version, _)| *version);
    let is_repeated = before.as_ref().is_some_and(|(version, stored)| *version == expected + 1 && *stored == document);
    if now != expected && !is_repeated {
        return Ok(Put::Conflict { now });
    }
    let written = Author { by: by.to_owned(), at: clock.now() };
    if !is_repeated {
        if let Some((version, document)) = before {
            // There already, unless the one who wrote it died before its history.
            remember(table, clock, link, version, Past { document, written: None }).await?;
        }
        let item = item(Key::new(link, SETTINGS), expected + 1, clock, document.clone());
        if write(table, item).await? == Written::Conflict {
            let now = current(table, link).await?.map_or(0, |(version, _)| version);
            return Ok(Put::Conflict { now });
        }
    }
    remember(table, clock, link, expected + 1, Past { document, written: Some(written) }).await?;
    Ok(Put::Stored(expected + 1))
}

/// An earlier version, or the current one.
///
/// # Errors
/// [`TableError`].
pub async fn version(table: &dyn Table, link: &str, version: u64) -> Result<Option<Version>, TableError> {
    table.get(&Key::new(link, past(version))).await?.map(from_past).transpose()
}

/// Versions, newest first, and the cursor of the next page.
///
/// # Errors
/// [`TableError`].
pub async fn history(
    table: &dyn Table,
    link: &str,
    limit: &Limit,
) -> Result<(Vec<Version>, Option<String>), TableError> {
    let range = Range { from: Some(past(0)), to: Some(past(u64::MAX)), descending: true };
    let page = table.query(&Partition::Table(link.to_owned()), &range, limit).await?;
    Ok((page.items.into_iter().map(from_past).collect::<Result<_, _>>()?, page.next))
}

/// Makes a link: an id that no other has, listed from now on. Until it has settings it does not exist for anybody else.
///
/// # Errors
/// [`TableError`]; the id may be listed, which harms nobody.
pub async fn create_link(table: &dyn Table, clock: &dyn Clock) -> Result<String, TableError> {
    for _ in 0..ID_TRIES {
        // The last 8 characters of a ULID are random: 40 bits.
        let fresh = clock.id().to_lowercase();
        let id = fresh[fresh.len().saturating_sub(8)..].to_owned();
        let entry = item(Key::new(LINKS, id.clone()), 1, clock, serde_json::json!({ "created": clock.now() }));
        if write(table, entry).await? == Written::Yes {
            return Ok(id);
        }
    }
    Err(TableError::Bug(format!("{ID_TRIES} fresh ids were all taken")))
}

/// The ids of the links, in their order, and the cursor of the next page.
///
/// # Errors
/// [`TableError`].
pub async fn links(table: &dyn Table, limit: &Limit) -> Result<(Vec<String>, Option<String>), TableError> {
    let page = table.query(&Partition::Table(LINKS.to_owned()), &Range::default(), limit).await?;
    Ok((page.items.into_iter().map(|item| item.key.sort).collect(), page.next))
}

/// The activation and its revision; nothing when the link was never activated.
///
/// # Errors
/// [`TableError`].
pub async fn activation<S: DeserializeOwned>(
    table: &dyn Table,
    link: &str,
) -> Result<Option<(u64, Activated<S>)>, TableError> {
    let Some(item) = table.get(&Key::new(link, ACTIVATION)).await? else { return Ok(None) };
    let activated = serde_json::from_value(item.body)
        .map_err(|error| TableError::Bug(format!("the activation of {link} cannot be read: {error}")))?;
    Ok(Some((item.rev, activated)))
}

/// Stores the activation if its revision is still `expected`, 0 meaning that there is none yet.
///
/// # Errors
/// [`TableError`].
pub async fn activate<S: Serialize>(
    table: &dyn Table,
    clock: &dyn Clock,
    link: &str,
    expected: u64,
    activated: &Activated<S>,
) -> Result<Written, TableError> {
    let body = serde_json::to_value(activated).map_err(|error| TableError::Bug(format!("activation: {error}")))?;
    write(table, item(Key::new(link, ACTIVATION), expected + 1, clock, body)).await
}

/// Stores one version in the history; there already is as good.
async fn remember(
    table: &dyn Table,
    clock: &dyn Clock,
    link: &str,
    version: u64,
    past_one: Past,
) -> Result<(), TableError> {
    let body = serde_json::to_value(past_one).map_err(|error| TableError::Bug(format!("settings: {error}")))?;
    write(table, item(Key::new(link, past(version)), 1, clock, body)).await.map(|_| ())
}

/// The sort key of a version: as many digits as the largest number has would be 20, and nobody writes settings that often.
fn past(version: u64) -> String {
    format!("{SETTINGS}#{:010}", version.min(9_999_999_999))
}

fn from_past(item: Item) -> Result<Version, TableError> {
    let odd = || TableError::Bug(format!("{}/{} is no version of settings", item.key.partition, item.key.sort));
    let number = item.key.sort.rsplit('#').next().and_then(|digits| digits.parse().ok()).ok_or_else(odd)?;
    let past: Past = serde_json::from_value(item.body.clone()).map_err(|_other_form| odd())?;
    Ok(Version { version: number, document: past.document, written: past.written })
}

fn item(key: Key, rev: u64, clock: &dyn Clock, body: Value) -> Item {
    Item { key, rev, write_id: clock.id(), body, indexes: Vec::new(), expires: None }
}

/// Writes, and finds out what became of it: a conflict, or no answer, may be our own first try.
async fn write(table: &dyn Table, item: Item) -> Result<Written, TableError> {
    let (key, write_id) = (item.key.clone(), item.write_id.clone());
    let written = match item.rev {
        1 => table.insert_if_absent(item).await,
        _ => table.replace_if_rev(item).await,
    };
    match written {
        Ok(Written::Conflict) | Err(TableError::Unknown(_)) => {
            let is_ours = table.get(&key).await?.is_some_and(|stored| stored.write_id == write_id);
            Ok(if is_ours { Written::Yes } else { Written::Conflict })
        }
        other => other,
    }
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
