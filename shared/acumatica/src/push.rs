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
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
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
    /// The body ends too early, or stops being JSON: `records` are those of the rows that are whole before that place. Nobody knows what
    /// came behind it, and `company` may be missing.
    pub is_cut: bool,
}

/// Why a body is not a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadPush {
    /// It is not JSON, and no row that names a record is whole before it stops being JSON.
    #[error("the body is not JSON")]
    NotJson,
    /// It has neither `Inserted` nor `Deleted`, or they are not lists of rows.
    #[error("the body is no push notification: expected lists of rows in Inserted and Deleted")]
    NotAPush,
}

/// Reads a push. Of each row only the column with the `NoteID` is kept. Acumatica truncates what is too large for it and cannot send it again
/// (Acumatica, Process Push Notifications, SM502000): the rows that are whole before the cut are read.
///
/// # Errors
/// [`BadPush`].
pub fn decode(raw: &[u8]) -> Result<Push, BadPush> {
    let mut found = Found::default();
    let mut json = serde_json::Deserializer::from_slice(raw);
    let read = Body(&mut found).deserialize(&mut json).and_then(|()| json.end());
    let is_cut = match read {
        Ok(()) if !found.has_lists => return Err(BadPush::NotAPush),
        Ok(()) => false,
        Err(error) if error.is_data() => return Err(BadPush::NotAPush),
        Err(_broken) if found.records.is_empty() => return Err(BadPush::NotJson),
        Err(_broken) => true,
    };
    let company = match found.company {
        Some(Value::String(company)) => Some(company),
        // The last number before a cut may be half of one.
        Some(Value::Number(number)) if !is_cut => Some(number.to_string()),
        _ => None,
    };
    Ok(Push { company, records: found.records, nameless: found.nameless, is_cut })
}

/// What has been read so far, so that it outlives an error behind it.
#[derive(Default)]
struct Found {
    has_lists: bool,
    company: Option<Value>,
    records: BTreeSet<String>,
    nameless: Option<(&'static str, usize)>,
}

struct Body<'f>(&'f mut Found);

impl<'de> DeserializeSeed<'de> for Body<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Body<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a push notification: an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            match name.as_str() {
                "Inserted" => members.next_value_seed(Rows { list: "Inserted", found: &mut *self.0 })?,
                "Deleted" => members.next_value_seed(Rows { list: "Deleted", found: &mut *self.0 })?,
                "CompanyId" => self.0.company = Some(members.next_value()?),
                _ => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// A list of rows; null is none.
struct Rows<'f> {
    list: &'static str,
    found: &'f mut Found,
}

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of rows")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        self.found.has_lists = true;
        let mut at = 0;
        while let Some(Row(id)) = rows.next_element()? {
            match id {
                Some(id) => drop(self.found.records.insert(id)),
                // One of `Inserted` before one of `Deleted`, whichever list comes first.
                None if self.found.nameless.is_none_or(|(list, _)| list < self.list) => {
                    self.found.nameless = Some((self.list, at));
                }
                None => {}
            }
            at += 1;
        }
        Ok(())
    }
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
