//! Values as the service methods cast them (Magento 2.4.6, framework Webapi/ServiceInputProcessor and Reflection/TypeProcessor).

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::super::error::ApiError;
use super::super::query::snake;

/// The declared type of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Int,
    Text,
    Flag,
    /// A list of texts.
    Texts,
    /// An object or list that is read by rules of its own.
    Nested,
}

/// The members of an interface, by their names in small letters.
pub(super) type Interface = &'static [(&'static str, Type)];

/// Reads an object as the interface declares it: a member that it has no setter for is a `LogicException`, which is masked; a wrong type
/// names the service method's parameter; null is the same as absent. Names may be in camel case.
pub(super) fn read(
    sent: &Map<String, Value>,
    interface: Interface,
    parameter: &str,
    now: Timestamp,
) -> Result<Map<String, Value>, ApiError> {
    let mut fields = Map::new();
    for (name, value) in sent {
        let name = snake(name);
        let declared = interface.iter().find(|(member, _)| *member == name);
        let (name, kind) = declared.ok_or_else(|| ApiError::masked(now))?;
        if !value.is_null() {
            fields.insert((*name).to_owned(), cast(value, *kind).map_err(|error| inside(&error, parameter))?);
        }
    }
    Ok(fields)
}

/// A type error names the parameter in which it was found.
fn inside(error: &ApiError, parameter: &str) -> ApiError {
    ApiError::new(400, format!("Error occurred during \"{parameter}\" processing. {}", error.message))
}

fn cast(value: &Value, kind: Type) -> Result<Value, ApiError> {
    let wrong = |wanted: &str| ApiError::wrong_type(&shown(value), wanted);
    match kind {
        Type::Int => whole(value).map(|number| json!(number)).ok_or_else(|| wrong("int")),
        Type::Text => text(value).map(Value::from).ok_or_else(|| wrong("string")),
        Type::Flag => flag(value).map(Value::from).ok_or_else(|| wrong("bool")),
        Type::Texts => {
            let list = value.as_array().ok_or_else(|| wrong("string[]"))?;
            list.iter().map(|entry| text(entry).map(Value::from).ok_or_else(|| wrong("string"))).collect()
        }
        Type::Nested => Ok(value.clone()),
    }
}

/// PHP casts texts of digits, and flags, to whole numbers.
pub(super) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        Value::Bool(yes) => Some(i64::from(*yes)),
        _ => None,
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(String::from(if *yes { "1" } else { "" })),
        _ => None,
    }
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(yes) => Some(*yes),
        Value::Number(number) => number.as_i64().map(|number| number != 0),
        Value::String(text) if text == "1" || text == "true" => Some(true),
        Value::String(text) if text.is_empty() || text == "0" || text == "false" => Some(false),
        _ => None,
    }
}

fn shown(value: &Value) -> String {
    text(value).unwrap_or_else(|| String::from("array"))
}

/// The object under a service method's parameter name; an absent one and null are the same.
pub(super) fn parameter(body: &Value, name: &str, now: Timestamp) -> Result<Map<String, Value>, ApiError> {
    let sent =
        body.as_object().and_then(|body| body.iter().find(|(key, _)| key.as_str() == name || snake(name) == **key));
    match sent {
        None | Some((_, Value::Null)) => Err(ApiError::required(name)),
        Some((_, Value::Object(fields))) => Ok(fields.clone()),
        Some(_) => Err(ApiError::masked(now)),
    }
}

/// The body of a request.
pub(super) fn body(body: &[u8]) -> Result<Value, ApiError> {
    serde_json::from_slice(body).map_err(|_| ApiError::new(400, "Decoding error."))
}

/// Errors of one save: a single one speaks for itself, several are listed (framework Exception/InputException).
pub(super) fn refused(mut errors: Vec<ApiError>) -> Result<(), ApiError> {
    if errors.len() < 2 {
        return errors.pop().map_or(Ok(()), Err);
    }
    let mut all = ApiError::new(400, "One or more input exceptions have occurred.");
    all.errors = errors
        .into_iter()
        .map(|error| match error.parameters {
            Some(parameters) => json!({"message": error.message, "parameters": parameters}),
            None => json!({"message": error.message}),
        })
        .collect();
    Err(all)
}
