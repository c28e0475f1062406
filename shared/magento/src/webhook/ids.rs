//! Finding the id in a body, whatever else is in it, without keeping any of the rest.
//!
//! The id stands in the innermost member that leads to the record: `{"data": {"entity_id": 12}, "entity_id": 7}` is about 12. Ids come
//! as numbers and as digits in a string.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::BadBody;
use super::event::{Event, Shape};

/// The ids in a body.
pub(super) fn in_text(raw: &[u8], event: Event) -> Result<Vec<u64>, BadBody> {
    let (found, read) = search_text(raw, event);
    read.map_err(|_syntax| BadBody::NotJson)?;
    chosen(&found)
}

/// The ids in a part of a body that is read already.
pub(super) fn in_value(value: &Value, event: Event) -> Result<Vec<u64>, BadBody> {
    let mut found = Found::default();
    let search = Search { shape: event.shape(), depth: 0, found: &mut found };
    search.deserialize(value).map_err(|_impossible| BadBody::NoId)?;
    chosen(&found)
}

/// What was found up to the end of the text, or up to where it stops being JSON.
pub(super) fn search_text(raw: &[u8], event: Event) -> (Found, serde_json::Result<()>) {
    let mut found = Found::default();
    let mut json = serde_json::Deserializer::from_slice(raw);
    let search = Search { shape: event.shape(), depth: 0, found: &mut found };
    let read = search.deserialize(&mut json).and_then(|()| json.end());
    (found, read)
}

/// The ids of the innermost objects that have any, each once. One that is no id spoils them all.
pub(super) fn chosen(found: &Found) -> Result<Vec<u64>, BadBody> {
    let innermost = found.candidates.iter().map(|candidate| candidate.depth).max().ok_or(BadBody::NoId)?;
    let mut best: BTreeMap<usize, &Candidate> = BTreeMap::new();
    for candidate in found.candidates.iter().filter(|candidate| candidate.depth == innermost) {
        let best = best.entry(candidate.object).or_insert(candidate);
        if candidate.rank < best.rank {
            *best = candidate;
        }
    }
    let mut ids = Vec::new();
    for candidate in best.into_values() {
        let id = candidate.id.ok_or(BadBody::NoId)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// Everything under a key that may name the record.
#[derive(Debug, Default)]
pub(super) struct Found {
    candidates: Vec<Candidate>,
    objects: usize,
}

#[derive(Debug)]
struct Candidate {
    depth: usize,
    /// Which object it stands in, in the order of the text.
    object: usize,
    /// The place of its key among the shape's keys.
    rank: usize,
    id: Option<u64>,
}

/// A positive whole number, or one in digits.
fn id_of(value: &Value) -> Option<u64> {
    let number = match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => digits(text.as_bytes()),
        _ => None,
    };
    number.filter(|number| *number > 0)
}

/// Digits and nothing else, of which a `u64` is made; `+12`, which Rust would parse, is none.
pub(super) fn digits(text: &[u8]) -> Option<u64> {
    let all = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(text).ok().filter(|_| all)?.parse().ok()
}

/// Looks through one value, and through what it holds under the shape's wrappers.
struct Search<'f> {
    shape: Shape,
    depth: usize,
    found: &'f mut Found,
}

impl<'de> DeserializeSeed<'de> for Search<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Search<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let object = self.found.objects;
        self.found.objects += 1;
        while let Some(name) = members.next_key::<String>()? {
            if self.shape.wrappers.contains(&name.as_str()) {
                members.next_value_seed(Search { shape: self.shape, depth: self.depth + 1, found: self.found })?;
            } else if let Some(rank) = self.shape.keys.iter().position(|key| *key == name) {
                let value: Value = members.next_value()?;
                if !value.is_null() {
                    self.found.candidates.push(Candidate { depth: self.depth, object, rank, id: id_of(&value) });
                }
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Search { shape: self.shape, depth: self.depth, found: self.found })?.is_some() {}
        Ok(())
    }

    // Scalars lead nowhere.
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    #[expect(clippy::disallowed_types, reason = "the trait's own signature; the number is not looked at")]
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
#[path = "ids_tests.rs"]
mod tests;
