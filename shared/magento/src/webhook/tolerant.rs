//! Bodies that a merchant wrote as a template (Mageplaza Webhook): a quotation mark in a name or a street breaks the JSON.
//!
//! The id of such a body is still read where no other reading is possible, and never guessed:
//! 1. before the place where the text stops being JSON, everything means what it says;
//! 2. behind it, an id counts if every mention of it in the whole text says the same.
//!
//! A text that ends too early is no such case: its last number may be half of one.

use super::BadBody;
use super::event::Event;
use super::ids::{chosen, digits, search_text};

/// The ids in a body that a merchant wrote.
pub(super) fn ids(raw: &[u8], event: Event) -> Result<Vec<u64>, BadBody> {
    let (found, read) = search_text(raw, event);
    match read {
        Ok(()) => chosen(&found),
        Err(error) if error.is_eof() => Err(BadBody::NotJson),
        Err(_broken) => match chosen(&found) {
            Ok(ids) => Ok(ids),
            Err(_nothing_yet) => only_mention(raw, event.shape().keys).map(|id| vec![id]).ok_or(BadBody::NotJson),
        },
    }
}

/// The id on which every member agrees that has one of these names. None when one of them is no id, or there is none.
fn only_mention(raw: &[u8], keys: &[&str]) -> Option<u64> {
    let mut only = None;
    for key in keys {
        let name = format!("\"{key}\"");
        let places = raw.windows(name.len()).enumerate().filter(|(_, window)| *window == name.as_bytes());
        for (at, _) in places {
            let Some(value) = trimmed(&raw[at + name.len()..]).strip_prefix(b":") else { continue };
            let id = whole_number(trimmed(value))?;
            if only.is_some_and(|other| other != id) {
                return None;
            }
            only = Some(id);
        }
    }
    only
}

/// A positive number, bare or in quotation marks, that is a member's whole value.
fn whole_number(text: &[u8]) -> Option<u64> {
    let quoted = text.strip_prefix(b"\"");
    let text = quoted.unwrap_or(text);
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = text.split_at(length);
    let rest = if quoted.is_some() { rest.strip_prefix(b"\"")? } else { rest };
    let ends = matches!(trimmed(rest).first(), Some(b',' | b'}'));
    digits(number).filter(|number| ends && *number > 0)
}

fn trimmed(text: &[u8]) -> &[u8] {
    text.trim_ascii_start()
}

#[cfg(test)]
#[path = "tolerant_tests.rs"]
mod tests;
