//! From bytes to [`Settings`], or to every reason why not.
//!
//! Settings are refused whole, and every problem is named with its path, so that a person mends all of them in one go. Three looks, each
//! only if the one before found nothing: JSON, structure (the generated schema), meaning (`rules.rs`).

use serde::Serialize;

use super::{Settings, rules, structure};

/// One thing that is wrong with a settings document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// JSON Pointer (RFC 6901) of the value: `/orders/default/shipping_methods/3/ship_via`; empty for the whole document.
    pub path: String,
    /// What is wrong and what would be right, in words.
    pub message: String,
}

impl Problem {
    pub(super) fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }
}

/// Reads a settings document. `allow_loopback` lets a platform be reached by plain http on this machine: only on the local emulator,
/// where both platforms are simulators.
///
/// # Errors
/// Every [`Problem`], in order of their paths; never empty.
pub fn parse(bytes: &[u8], allow_loopback: bool) -> Result<Settings, Vec<Problem>> {
    let document = serde_json::from_slice(bytes).map_err(|error| {
        // serde_json's text ends with the position; nothing of the document is in it.
        vec![Problem::new("", format!("is not JSON: {error}"))]
    })?;
    sorted(structure::check(&document))?;
    let settings = decode(bytes)?;
    sorted(rules::check(&settings, allow_loopback))?;
    Ok(settings)
}

fn sorted(mut problems: Vec<Problem>) -> Result<(), Vec<Problem>> {
    problems.sort();
    problems.dedup();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// The schema has accepted the document; what is left are names given twice and whole numbers written as `1.0`, which JSON Schema
/// lets pass.
fn decode(bytes: &[u8]) -> Result<Settings, Vec<Problem>> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let mut path = String::new();
        for segment in error.path() {
            match segment {
                serde_path_to_error::Segment::Seq { index } => path.push_str(&format!("/{index}")),
                serde_path_to_error::Segment::Map { key } => path.push_str(&format!("/{}", escape(key))),
                serde_path_to_error::Segment::Enum { .. } | serde_path_to_error::Segment::Unknown => {}
            }
        }
        vec![Problem::new(path, format!("cannot be read: {}", error.inner()))]
    })
}

/// A name as a segment of a JSON Pointer.
pub(super) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
#[path = "parse_tests.rs"]
pub(super) mod tests;
