//! Push notifications: proving that one comes from the ERP, and reading from it which records it is about. Nothing else is believed.
//!
//! Acumatica posts what a transaction changed in the results of a generic inquiry (Acumatica, Push Notifications, SM302000):
//! `{"Inserted": [{column: value}], "Deleted": […], "Query", "CompanyId", "Id", "TimeStamp", "AdditionalInfo"}`, a changed row being in both
//! lists. There is no signature: the one header that can be configured holds a secret. A notification that is refused comes again, at most
//! five times in all, and is then kept for two days on Process Push Notifications (SM502000).

use std::collections::BTreeSet;
use std::fmt;

use seams::Secret;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};
use thiserror::Error;

/// The column that names the record: a generic inquiry calls it so, or `<table>_NoteID` where several tables have one.
const NOTE_ID: &str = "noteid";

/// Why a push is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unverified {
    /// No secret is configured, or an empty one, which anybody could send: our fault, not the sender's.
    #[error("no secret, or an empty one, is configured for pushes")]
    NoSecret,
    /// The header is missing or empty.
    #[error("the push carries no secret")]
    Missing,
    /// The header is none of the live secrets.
    #[error("the secret does not fit")]
    Mismatch,
}

/// Checks a header against the live secrets: two while one is being replaced by another, else one. Every secret is tried, and hashing
/// first makes both sides equally long, so that neither the length of a secret nor which one fitted shows.
///
/// # Errors
/// [`Unverified`].
pub fn verify(given: Option<&[u8]>, secrets: &[Secret]) -> Result<(), Unverified> {
    if secrets.is_empty() || secrets.iter().any(Secret::is_empty) {
        return Err(Unverified::NoSecret);
    }
    let given = Sha256::digest(given.filter(|value| !value.is_empty()).ok_or(Unverified::Missing)?);
    let mut fits = Choice::from(0);
    for secret in secrets {
        fits |= Sha256::digest(secret.expose().as_bytes()).ct_eq(&given);
    }
    if bool::from(fits) { Ok(()) } else { Err(Unverified::Mismatch) }
}

/// What a push is about.
#[derive(Debug, PartialEq, Eq)]
pub struct Push {
    /// `CompanyId`: the tenant that it comes from.
    pub company: Option<String>,
    /// `NoteID`s of the rows, in lower case, each once.
    pub records: BTreeSet<String>,
    /// The first row that names no record: its list and its place there, counted from 0.
    pub nameless: Option<(&'static str, usize)>,
}

/// Why a body is not a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadPush {
    /// It is not JSON; a truncated one is not either.
    #[error("the body is not JSON")]
    NotJson,
    /// It has neither `Inserted` nor `Deleted`, or they are not lists of rows.
    #[error("the body is no push notification: expected lists of rows in Inserted and Deleted")]
    NotAPush,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    inserted: Option<Vec<Row>>,
    deleted: Option<Vec<Row>>,
    company_id: Option<Value>,
}

/// Reads a push. Of each row only the column with the `NoteID` is kept.
///
/// # Errors
/// [`BadPush`].
pub fn decode(raw: &[u8]) -> Result<Push, BadPush> {
    let body: Body = serde_json::from_slice(raw)
        .map_err(|error| if error.is_data() { BadPush::NotAPush } else { BadPush::NotJson })?;
    if body.inserted.is_none() && body.deleted.is_none() {
        return Err(BadPush::NotAPush);
    }
    let company = match body.company_id {
        Some(Value::String(company)) => Some(company),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let mut push = Push { company, records: BTreeSet::new(), nameless: None };
    for (list, rows) in [("Inserted", body.inserted), ("Deleted", body.deleted)] {
        for (at, row) in rows.into_iter().flatten().enumerate() {
            match row.0 {
                Some(id) => drop(push.records.insert(id)),
                None => push.nameless = push.nameless.or(Some((list, at))),
            }
        }
    }
    Ok(push)
}

/// The `NoteID` of a row, if it has exactly one.
struct Row(Option<String>);

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Columns).map(Row)
    }
}

struct Columns;

impl<'de> Visitor<'de> for Columns {
    type Value = Option<String>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a row: an object of columns")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut columns: A) -> Result<Self::Value, A::Error> {
        let (mut plain, mut of_tables) = (None, Vec::new());
        while let Some(name) = columns.next_key::<String>()? {
            let name = name.to_ascii_lowercase();
            if name == NOTE_ID {
                plain = guid(&columns.next_value()?);
            } else if name.strip_suffix(NOTE_ID).is_some_and(|table| table.ends_with('_')) {
                of_tables.push(guid(&columns.next_value()?));
            } else {
                columns.next_value::<IgnoredAny>()?;
            }
        }
        // Of several tables' ids nobody knows which one is the record's.
        let only = (of_tables.len() == 1).then(|| of_tables.pop().flatten()).flatten();
        Ok(plain.or(only))
    }
}

/// A GUID as the REST API writes it: lower case with hyphens. The one of only zeros stands for none.
fn guid(value: &Value) -> Option<String> {
    let text = value.as_str()?.to_ascii_lowercase();
    let hyphen = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let fits = |(at, byte): (usize, u8)| if hyphen(at) { byte == b'-' } else { byte.is_ascii_hexdigit() };
    let is_guid = text.len() == 36 && text.bytes().enumerate().all(fits);
    let says_something = text.bytes().any(|byte| !matches!(byte, b'0' | b'-'));
    Some(text).filter(|_| is_guid && says_something)
}

#[cfg(test)]
#[path = "push_tests.rs"]
mod tests;
