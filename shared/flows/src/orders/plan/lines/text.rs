//! Words on a line: its description, note and gift message. Nothing is cut without the whole standing elsewhere on the line.

use acumatica::model::value::{Value, set};

use super::MoneyLine;

/// Characters of `LineDescription` (endpoint Default/24.200.001).
const DESCRIPTION: usize = 256;

/// A name as `LineDescription` holds it.
pub(super) struct Described {
    /// What the field holds; none for a blank name.
    pub(super) short: Option<String>,
    /// The whole, where the field does not hold it.
    pub(super) full: Option<String>,
}

/// Cuts a name that is too long at a word, with `…` in place of the rest.
pub(super) fn described(name: &str) -> Described {
    let name = name.trim();
    if name.chars().count() <= DESCRIPTION {
        return Described { short: (!name.is_empty()).then(|| name.to_owned()), full: None };
    }
    let room: String = name.chars().take(DESCRIPTION - 1).collect();
    // The character behind the room tells whether the last word is whole.
    let ends_a_word = name.chars().nth(DESCRIPTION - 1).is_some_and(char::is_whitespace);
    let cut = if ends_a_word { room.len() } else { room.rfind(char::is_whitespace).unwrap_or(room.len()) };
    Described { short: Some(format!("{}…", room[..cut].trim_end())), full: Some(name.to_owned()) }
}

/// A line's note.
pub(super) fn note(full_name: Option<&str>, options: &[String]) -> Option<Value<String>> {
    let text: Vec<&str> = full_name.into_iter().chain(options.iter().map(String::as_str)).collect();
    (!text.is_empty()).then(|| set(text.join("\n"))).flatten()
}

/// What the shopper wrote for who receives the line: who it is from, who it is for, the text.
pub(super) fn gift_message(line: &MoneyLine<'_>) -> Option<Value<String>> {
    let message = line
        .item
        .extension_attributes
        .gift_message
        .as_ref()
        .or_else(|| line.whole.and_then(|whole| whole.extension_attributes.gift_message.as_ref()))?;
    let part = |name: &str, text: &Option<String>| {
        let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
        Some(if name.is_empty() { text.to_owned() } else { format!("{name}: {text}") })
    };
    let parts = [part("From", &message.sender), part("To", &message.recipient), part("", &message.message)];
    let text: Vec<String> = parts.into_iter().flatten().collect();
    (!text.is_empty()).then(|| set(text.join("\n"))).flatten()
}
