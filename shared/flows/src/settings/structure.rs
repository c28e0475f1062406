//! The second look at a settings document: its structure, checked against the generated schema. The validator's findings are put into
//! words for a person; "is not valid under any of the given schemas" helps nobody.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError, Validator};
use serde_json::Value;

use super::parse::{Problem, escape};
use super::schema::schema;

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema())
        .expect("invariant: the generated schema is a schema, and a test reads it")
});

/// Everything in which the document differs from the schema.
pub(super) fn check(document: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    for error in VALIDATOR.iter_errors(document) {
        phrase(&error, &mut problems);
    }
    problems
}

fn phrase(error: &ValidationError<'_>, problems: &mut Vec<Problem>) {
    let path = error.instance_path().as_str();
    let message = match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            for name in unexpected {
                problems.push(Problem::new(format!("{path}/{}", escape(name)), "there is no such setting"));
            }
            return;
        }
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            problems.push(Problem::new(format!("{path}/{}", escape(name)), "is missing"));
            return;
        }
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            alternatives(path, context, problems);
            return;
        }
        ValidationErrorKind::Type { kind } => format!("must be {}", kind_name(kind)),
        ValidationErrorKind::Constant { expected_value } => format!("must be {expected_value}"),
        ValidationErrorKind::Enum { options } => one_of(options.as_array().into_iter().flatten()),
        ValidationErrorKind::Minimum { limit } => format!("must be at least {limit}"),
        ValidationErrorKind::Maximum { limit } => format!("must be at most {limit}"),
        ValidationErrorKind::Format { format } if format == "date" => "must be a day like \"2026-01-31\"".to_owned(),
        ValidationErrorKind::Format { format } if format == "date-time" => {
            "must be an instant like \"2026-01-31T00:00:00Z\"".to_owned()
        }
        // Only decimals have a pattern.
        ValidationErrorKind::Pattern { .. } => "must be a number in quotation marks like \"12\" or \"0.5\"".to_owned(),
        // The schema uses no other keyword; should it ever, the validator's words are better than none.
        _ => error.to_string(),
    };
    problems.push(Problem::new(path, message));
}

/// None of several forms fits. Forms of another type than the value are not meant (an absent value may be null); if all of the rest
/// want a fixed text at one place, the texts are listed; else the form that comes closest tells what it misses.
fn alternatives(path: &str, forms: &[Vec<ValidationError<'static>>], problems: &mut Vec<Problem>) {
    let of_right_type: Vec<&Vec<ValidationError<'static>>> =
        forms.iter().filter(|errors| wrong_type(path, errors).is_none()).collect();
    let meant = if of_right_type.is_empty() { forms.iter().collect() } else { of_right_type };
    let constants: Vec<(&str, &Value)> = meant.iter().filter_map(|errors| constant(errors)).collect();
    if constants.len() == meant.len() {
        let places: BTreeSet<&str> = constants.iter().map(|(place, _)| *place).collect();
        for place in places {
            let values = constants.iter().filter(|(at, _)| *at == place).map(|(_, value)| *value);
            problems.push(Problem::new(place, one_of(values)));
        }
        return;
    }
    let closest = meant.into_iter().min_by_key(|errors| {
        let null = wrong_type(path, errors).is_some_and(|kind| matches!(kind, TypeKind::Single(JsonType::Null)));
        (null, constant(errors).is_some(), errors.len())
    });
    for error in closest.into_iter().flatten() {
        phrase(error, problems);
    }
}

/// What the form wants the value at `path` to be, if that is not what it is.
fn wrong_type<'e>(path: &str, errors: &'e [ValidationError<'static>]) -> Option<&'e TypeKind> {
    errors.iter().find_map(|error| match error.kind() {
        ValidationErrorKind::Type { kind } if error.instance_path().as_str() == path => Some(kind),
        _ => None,
    })
}

/// The fixed value that the form wants, and where.
fn constant<'e>(errors: &'e [ValidationError<'static>]) -> Option<(&'e str, &'e Value)> {
    errors.iter().find_map(|error| match error.kind() {
        ValidationErrorKind::Constant { expected_value } => Some((error.instance_path().as_str(), &**expected_value)),
        _ => None,
    })
}

fn one_of<'v>(values: impl Iterator<Item = &'v Value>) -> String {
    let listed: Vec<String> = values.map(Value::to_string).collect();
    match listed.as_slice() {
        [only] => format!("must be {only}"),
        _ => format!("must be one of {}", listed.join(", ")),
    }
}

fn kind_name(kind: &TypeKind) -> String {
    let name = |kind: JsonType| match kind {
        JsonType::Null => "null",
        JsonType::Boolean => "true or false",
        JsonType::Integer => "a whole number",
        JsonType::Number => "a number",
        JsonType::String => "a text",
        JsonType::Array => "a list",
        JsonType::Object => "an object",
    };
    match kind {
        TypeKind::Single(kind) => name(*kind).to_owned(),
        // Null beside a type only says that the value may be absent.
        TypeKind::Multiple(kinds) => {
            let names: Vec<&str> = kinds.iter().filter(|kind| *kind != JsonType::Null).map(name).collect();
            names.join(" or ")
        }
    }
}
