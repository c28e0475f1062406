//! A record as the ERP holds it: typed scalars, linked entities, detail rows, and the errors of the save that is going on.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

/// One field's value; a null field is absent from its record.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// Strings, drop-down labels and GUIDs.
    Text(String),
    /// Amounts, prices, quantities and whole numbers.
    Number(Decimal),
    /// Check boxes.
    Flag(bool),
    /// Dates (midnight UTC) and moments.
    Moment(Timestamp),
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Scalar::Text(text.to_owned())
    }
}
impl From<String> for Scalar {
    fn from(text: String) -> Self {
        Scalar::Text(text)
    }
}
impl From<Decimal> for Scalar {
    fn from(number: Decimal) -> Self {
        Scalar::Number(number)
    }
}
impl From<bool> for Scalar {
    fn from(flag: bool) -> Self {
        Scalar::Flag(flag)
    }
}
impl From<Timestamp> for Scalar {
    fn from(moment: Timestamp) -> Self {
        Scalar::Moment(moment)
    }
}

/// One entity, linked entity or detail row.
#[derive(Clone, Debug, Default)]
pub struct Record {
    pub(crate) entity: String,
    /// Identity inside this simulator; the GUID a client sees is derived from it.
    pub(crate) serial: u64,
    pub(crate) fields: BTreeMap<String, Scalar>,
    pub(crate) linked: BTreeMap<String, Record>,
    pub(crate) details: BTreeMap<String, Vec<Record>>,
    /// Custom fields by view and field name.
    pub(crate) custom: BTreeMap<(String, String), Scalar>,
    pub(crate) note: Option<String>,
    /// The entity-level error of the save that is going on.
    pub(crate) error: Option<String>,
    /// The field-level errors of the save that is going on.
    pub(crate) errors: BTreeMap<String, String>,
    /// The fields this request changed.
    pub(crate) changed: BTreeSet<String>,
    /// Whether this request inserted the row.
    pub(crate) fresh: bool,
}

/// Equal in content: what a save would write. Errors and marks of the request going on do not count.
impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.fields == other.fields
            && self.linked == other.linked
            && self.details == other.details
            && self.custom == other.custom
            && self.note == other.note
    }
}

impl Record {
    pub(crate) fn new(entity: &str, serial: u64) -> Self {
        Self { entity: entity.to_owned(), serial, ..Self::default() }
    }

    /// The text of a string field; `None` when it is null or blank.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        match self.fields.get(field) {
            Some(Scalar::Text(text)) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }

    /// The value of a number field; zero when it is null.
    #[must_use]
    pub fn number(&self, field: &str) -> Decimal {
        match self.fields.get(field) {
            Some(Scalar::Number(number)) => *number,
            _ => Decimal::ZERO,
        }
    }

    /// The value of a check box; false when it is null.
    #[must_use]
    pub fn flag(&self, field: &str) -> bool {
        matches!(self.fields.get(field), Some(Scalar::Flag(true)))
    }

    /// A key field as an URL spells it: whole numbers have no fraction.
    pub(crate) fn key(&self, field: &str) -> Option<String> {
        match self.fields.get(field) {
            Some(Scalar::Number(number)) => Some(number.normalize().to_string()),
            _ => self.text(field).map(str::to_owned),
        }
    }

    /// The field at a path such as `ShippingSettings/PremiumFreight`.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Scalar> {
        match path.split_once('/') {
            Some((first, rest)) => self.linked.get(first)?.at(rest),
            None => self.fields.get(path),
        }
    }

    /// The rows of a detail list.
    #[must_use]
    pub fn rows(&self, list: &str) -> &[Record] {
        self.details.get(list).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn rows_mut(&mut self, list: &str) -> &mut Vec<Record> {
        self.details.entry(list.to_owned()).or_default()
    }

    /// Sets a field.
    pub fn set(&mut self, field: &str, value: impl Into<Scalar>) {
        self.fields.insert(field.to_owned(), value.into());
    }

    pub(crate) fn set_or_clear(&mut self, field: &str, value: Option<Scalar>) {
        match value {
            Some(value) => self.fields.insert(field.to_owned(), value),
            None => self.fields.remove(field),
        };
    }

    pub(crate) fn default_to(&mut self, field: &str, value: impl Into<Scalar>) {
        if !self.fields.contains_key(field) {
            self.set(field, value);
        }
    }

    /// The linked entity of this name, created when it is not there yet.
    pub(crate) fn link(&mut self, name: &str, entity: &str) -> &mut Record {
        let serial = self.serial;
        self.linked.entry(name.to_owned()).or_insert_with(|| Record::new(entity, serial))
    }

    /// Makes every empty string null, at any depth.
    pub(crate) fn empty_texts_to_null(&mut self) {
        self.fields.retain(|_, value| !matches!(value, Scalar::Text(text) if text.is_empty()));
        self.linked.values_mut().for_each(Record::empty_texts_to_null);
        self.details.values_mut().flatten().for_each(Record::empty_texts_to_null);
    }

    pub(crate) fn fail(&mut self, field: &str, message: impl Into<String>) {
        self.errors.entry(field.to_owned()).or_insert_with(|| message.into());
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.error.is_some()
            || !self.errors.is_empty()
            || self.linked.values().any(Record::has_errors)
            || self.details.values().flatten().any(Record::has_errors)
    }

    /// Every field error, as the field's name and the text, in the order in which an answer shows them.
    pub(crate) fn field_errors(&self) -> Vec<(&str, &str)> {
        let own = self.errors.iter().map(|(field, text)| (field.as_str(), text.as_str()));
        let linked = self.linked.values().flat_map(Record::field_errors);
        let rows = self.details.values().flatten().flat_map(Record::field_errors);
        own.chain(linked).chain(rows).collect()
    }

    pub(crate) fn was_changed(&self, field: &str) -> bool {
        self.changed.contains(field)
    }

    /// Forgets the marks of the request, before the record is stored.
    pub(crate) fn settle(&mut self) {
        self.error = None;
        self.errors.clear();
        self.changed.clear();
        self.fresh = false;
        self.linked.values_mut().for_each(Record::settle);
        self.details.values_mut().flatten().for_each(Record::settle);
    }

    /// The id of a top-level record: its note id, persistent (Integration Development Guide, "Retrieval of Records by ID").
    #[must_use]
    pub fn id(&self) -> String {
        guid(self.serial, 0)
    }

    /// The id of a detail row, new in every session (same topic: details without a note).
    pub(crate) fn session_id(&self, session: u64) -> String {
        guid(self.serial, session)
    }
}

/// A GUID in the form the API prints, drawn from a hash so that runs repeat exactly.
pub(crate) fn guid(serial: u64, session: u64) -> String {
    let digest = hex::encode(Sha256::digest(format!("{serial}/{session}")));
    [&digest[..8], &digest[8..12], &digest[12..16], &digest[16..20], &digest[20..32]].join("-")
}
