//! The state in which both sides were last in step, as keyed hashes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use store::record::Fingerprint;

use super::{Cell, Cells, Field, Side};
use crate::link::EmailKey;

/// How much of an HMAC is kept, in hex digits: 64 bits, so that two values of one field are taken for equal once in 10¹⁹ times.
const DIGITS: usize = 16;

/// Makes the hashes of one record: the same value in another record has another hash.
#[derive(Clone, Copy)]
pub struct Hashes<'a> {
    key: &'a EmailKey,
    record: &'a str,
}

impl<'a> Hashes<'a> {
    /// The hashes of the record `<link>/<entity>/<id>`, under the deployment's key.
    #[must_use]
    pub fn new(key: &'a EmailKey, record: &'a str) -> Self {
        Self { key, record }
    }

    pub(super) fn of(&self, side: Side, field: &Field, value: Option<&str>) -> String {
        let side = match side {
            Side::Magento => "m",
            Side::Acumatica => "a",
        };
        // An empty value and none are the same; a length in front keeps a value from imitating another field's.
        let value = value.unwrap_or_default();
        let text = format!("{}\n{side}\n{}\n{}\n{value}", self.record, field.name(), value.len());
        self.key.digest(&text)[..DIGITS].to_owned()
    }
}

/// Instead of the hashes of a field that neither side has had yet.
const AWAITED: (String, String) = (String::new(), String::new());

/// One keyed hash for each field and side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Base(pub(super) BTreeMap<Field, (String, String)>);

impl Base {
    /// Both sides as they are.
    #[must_use]
    pub fn of(magento: &Cells, acumatica: &Cells, hashes: &Hashes<'_>) -> Self {
        let both = magento.iter().filter_map(|(field, here)| Some((field, here, acumatica.get(field)?)));
        let hash = |side, field, cell: &Cell| hashes.of(side, field, cell.is.as_deref());
        Self(
            both.map(|(field, here, there)| {
                (field.clone(), (hash(Side::Magento, field, here), hash(Side::Acumatica, field, there)))
            })
            .collect(),
        )
    }

    /// The base that a record keeps; none where it keeps another thing, or nothing is known of any field.
    #[must_use]
    pub fn parse(kept: &Fingerprint) -> Option<Self> {
        serde_json::from_str(&kept.0).ok().filter(|base: &Self| !base.0.is_empty())
    }

    /// As a record keeps it.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint(serde_json::to_string(self).expect("invariant: a map of texts is JSON"))
    }

    /// The fields that were in step before, or are awaited.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.0.keys()
    }

    /// Whether the field was in step before.
    #[must_use]
    pub fn knows(&self, field: &Field) -> bool {
        self.0.get(field).is_some_and(|hashes| *hashes != AWAITED)
    }

    /// Whether a side's field is not what it was; one that was not known is.
    #[must_use]
    pub fn has_changed(&self, side: Side, field: &Field, cell: &Cell, hashes: &Hashes<'_>) -> bool {
        self.0.get(field).is_none_or(|(magento, acumatica)| {
            let was = match side {
                Side::Magento => magento,
                Side::Acumatica => acumatica,
            };
            *was != hashes.of(side, field, cell.is.as_deref())
        })
    }

    /// This state, and fields that are still to come: nothing is known of them but that either side differs until then.
    #[must_use]
    pub fn awaiting<'f>(mut self, fields: impl IntoIterator<Item = &'f Field>) -> Self {
        for field in fields {
            self.0.entry(field.clone()).or_insert(AWAITED);
        }
        self
    }

    /// Whether any field of a side is not what it was, or one that is known is there no more.
    #[must_use]
    pub fn differs(&self, side: Side, cells: &Cells, hashes: &Hashes<'_>) -> bool {
        cells.iter().any(|(field, cell)| self.has_changed(side, field, cell, hashes))
            || self.0.keys().any(|field| !cells.contains_key(field))
    }

    /// Whether what a write was to change on a side is there, `self` being what it was to lead to and `before` what had been.
    #[must_use]
    pub fn has_come(&self, before: Option<&Base>, side: Side, cells: &Cells, hashes: &Hashes<'_>) -> bool {
        let of = |pair: &(String, String)| if side == Side::Magento { pair.0.clone() } else { pair.1.clone() };
        self.0.iter().all(|(field, planned)| {
            let was = before.and_then(|before| before.0.get(field)).map(of);
            let is = || cells.get(field).map(|cell| hashes.of(side, field, cell.is.as_deref()));
            was == Some(of(planned)) || is() == Some(of(planned))
        })
    }

    /// This state, but for the fields that are still on their way: they stay as they were, so that they are found changed again.
    #[must_use]
    pub fn without<'f>(mut self, pending: impl IntoIterator<Item = &'f Field>, before: Option<&Base>) -> Self {
        for field in pending {
            match before.and_then(|before| before.0.get(field)) {
                Some(was) => self.0.insert(field.clone(), was.clone()),
                None => self.0.remove(field),
            };
        }
        self
    }
}
