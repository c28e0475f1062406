//! Field errors: finding them in a refused record, at any depth. What they mean is decided in `meaning`.

use seams::quote::quote;
use serde_json::{Map, Value};

/// One refused field or record inside a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where in the document, such as `Details[0]/InventoryID`; empty for the document itself.
    pub path: String,
    /// Acumatica's sentence without its `Error: `, shortened, addresses hidden.
    pub message: String,
    /// The value at fault, where the answer repeats it.
    pub value: Option<String>,
    /// Whether a single field is at fault, and not a whole record.
    pub is_field: bool,
}

/// More errors than this do not help anybody; a broken import can mark every line of a long order.
const MOST: usize = 100;

/// Walks a refused record. The sentence that only says that there are errors is left out if there are others.
#[must_use]
pub fn walk(record: &Value) -> Vec<FieldError> {
    let mut found = Vec::new();
    visit(record, String::new(), &mut found);
    if found.iter().any(|error| !is_umbrella(&error.message)) {
        found.retain(|error| !is_umbrella(&error.message));
    }
    found.truncate(MOST);
    found
}

fn visit(value: &Value, path: String, found: &mut Vec<FieldError>) {
    match value {
        Value::Object(object) => {
            if let Some(message) = object.get("error").and_then(Value::as_str).filter(|text| !text.trim().is_empty()) {
                found.push(FieldError {
                    path: path.clone(),
                    message: sentence(message),
                    value: object.get("value").and_then(plain),
                    is_field: !path.is_empty() && is_wrapper(object),
                });
            }
            for (name, inner) in object {
                let inner_path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
                visit(inner, inner_path, found);
            }
        }
        Value::Array(list) => {
            for (at, inner) in list.iter().enumerate() {
                visit(inner, format!("{path}[{at}]"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The fields that an error object lists, one a line, as `ShipVia: 'Ship Via' cannot be found in the system.`: older contracts answer so.
#[must_use]
pub(super) fn listed(message: &str) -> Vec<FieldError> {
    let of_line = |line: &str| {
        let (name, text) = line.trim().split_once(": ")?;
        let is_name = name != "Error" && name.chars().all(char::is_alphanumeric);
        is_name.then(|| FieldError { path: name.to_owned(), message: sentence(text), value: None, is_field: true })
    };
    message.lines().filter_map(of_line).take(MOST).collect()
}

/// `{"value", "error"}` around a field, and not a record with fields of its own.
fn is_wrapper(object: &Map<String, Value>) -> bool {
    object.keys().all(|key| matches!(key.as_str(), "value" | "error" | "type" | "translations"))
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(quote(text)),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A message as it is shown: without the prefix that Acumatica puts before field errors.
pub(crate) fn sentence(message: &str) -> String {
    let trimmed = message.trim();
    quote(trimmed.strip_prefix("Error: ").unwrap_or(trimmed))
}

/// `{Inserting|Updating|Deleted}  '{record}' record raised at least one error. …` says nothing by itself.
pub(crate) fn is_umbrella(message: &str) -> bool {
    message.contains("record raised at least one error")
}
