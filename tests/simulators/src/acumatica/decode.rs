//! Reads a request body against the contract: value wrappers, linked entities, detail lists.

use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::civil;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::answer::Refusal;
use super::facts::{Entity, Facts, Kind};
use super::record::Scalar;

/// What a request wants to change on one record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patch {
    pub(crate) id: Option<String>,
    pub(crate) delete: bool,
    pub(crate) note: Option<String>,
    /// `None` sets a field to null.
    pub(crate) fields: BTreeMap<String, Option<Scalar>>,
    pub(crate) linked: BTreeMap<String, Patch>,
    pub(crate) details: BTreeMap<String, Vec<Patch>>,
    pub(crate) custom: BTreeMap<(String, String), Option<Scalar>>,
    /// Values that could not be converted, by field.
    pub(crate) errors: BTreeMap<String, String>,
}

impl Patch {
    /// A key field as an URL spells it.
    pub(crate) fn key(&self, field: &str) -> Option<String> {
        match self.fields.get(field) {
            Some(Some(Scalar::Number(number))) => Some(number.normalize().to_string()),
            _ => self.text(field).map(str::to_owned),
        }
    }

    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        match self.fields.get(field) {
            Some(Some(Scalar::Text(text))) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }
}

/// Reads the body of a PUT.
///
/// # Errors
/// 400 when the body is empty (recorded 2023, endpoint 20.200.001) or not of the contract's structure.
pub(crate) fn decode(facts: &Facts, entity: &Entity, body: &[u8]) -> Result<Patch, Refusal> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Refusal::malformed("", "The request body should not be empty."));
    }
    let value: Value = serde_json::from_slice(body).map_err(|error| Refusal::malformed("", &error.to_string()))?;
    let Value::Object(members) = value else {
        return Err(Refusal::malformed("", "The request body should be an object."));
    };
    object(facts, entity, &members, "entity")
}

fn object(facts: &Facts, entity: &Entity, members: &Map<String, Value>, path: &str) -> Result<Patch, Refusal> {
    let mut patch = Patch::default();
    for (name, value) in members {
        let here = format!("{path}.{name}");
        match name.as_str() {
            "id" => patch.id = Some(bare_text(value, &here)?),
            "delete" => patch.delete = value.as_bool().ok_or_else(|| Refusal::malformed(&here, "Not a boolean."))?,
            "note" => patch.note = wrapped(value, &here)?.and_then(|note| note.as_str().map(str::to_owned)),
            "custom" => custom(value, &here, &mut patch)?,
            _ => member(facts, entity, name, value, &here, &mut patch)?,
        }
    }
    Ok(patch)
}

fn member(
    facts: &Facts,
    entity: &Entity,
    name: &str,
    value: &Value,
    here: &str,
    patch: &mut Patch,
) -> Result<(), Refusal> {
    match entity.member(name) {
        // Unknown members are dropped silently with 200 (recorded 2023: a line's `Quantity`, a header's `Total`).
        None => {}
        Some(Kind::Linked(linked)) => {
            let members = value.as_object().ok_or_else(|| Refusal::malformed(here, "Not a linked entity."))?;
            let decoded = object(facts, facts.entity(linked), members, here)?;
            patch.linked.insert(name.to_owned(), decoded);
        }
        Some(Kind::Details(row)) => {
            let rows = value.as_array().ok_or_else(|| Refusal::malformed(here, "Not a detail list."))?;
            let mut decoded = Vec::with_capacity(rows.len());
            for (index, value) in rows.iter().enumerate() {
                let here = format!("{here}[{index}]");
                let members = value.as_object().ok_or_else(|| Refusal::malformed(&here, "Not a detail."))?;
                decoded.push(object(facts, facts.entity(row), members, &here)?);
            }
            patch.details.insert(name.to_owned(), decoded);
        }
        Some(kind) => match wrapped(value, here)? {
            None => {
                patch.fields.insert(name.to_owned(), None);
            }
            Some(value) => scalar_member(entity, name, kind, value, patch),
        },
    }
    Ok(())
}

fn scalar_member(entity: &Entity, name: &str, kind: &Kind, value: &Value, patch: &mut Patch) {
    let Some(scalar) = scalar(name, kind, value) else {
        // The text is not established; that an unusable value is an error on its field is (C# client, 422 sample).
        patch.errors.insert(name.to_owned(), format!("The value {value} of the {name} field is not valid."));
        return;
    };
    if let (Scalar::Text(text), Some(max)) = (&scalar, entity.lengths.get(name))
        && text.chars().count() > *max
    {
        // The text is not established; the length is that of the database column.
        patch.errors.insert(name.to_owned(), format!("The string is longer than the {max} characters of {name}."));
    }
    patch.fields.insert(name.to_owned(), Some(scalar));
}

/// Every business field is `{"value": x}`; `{"value": null}` and `{}` are null (Postman collection, recorded answers).
fn wrapped<'a>(value: &'a Value, here: &str) -> Result<Option<&'a Value>, Refusal> {
    let members = value.as_object().ok_or_else(|| Refusal::malformed(here, "Not an object with a value member."))?;
    Ok(members.get("value").filter(|value| !value.is_null()))
}

fn bare_text(value: &Value, here: &str) -> Result<String, Refusal> {
    value.as_str().map(str::to_owned).ok_or_else(|| Refusal::malformed(here, "Not a bare string."))
}

/// `custom` → view → field → `{"value": x}`; `type` may be omitted on write (Integration Development Guide, "Custom Fields").
fn custom(value: &Value, here: &str, patch: &mut Patch) -> Result<(), Refusal> {
    let views = value.as_object().ok_or_else(|| Refusal::malformed(here, "Not an object of views."))?;
    for (view, fields) in views {
        let fields = fields.as_object().ok_or_else(|| Refusal::malformed(here, "Not an object of fields."))?;
        for (field, value) in fields {
            let scalar = wrapped(value, here)?.map(|value| match value {
                Value::Bool(flag) => Scalar::Flag(*flag),
                Value::Number(_) => number(value).map_or(Scalar::Text(value.to_string()), Scalar::Number),
                Value::String(text) => Scalar::Text(text.clone()),
                other => Scalar::Text(other.to_string()),
            });
            patch.custom.insert((view.clone(), field.clone()), scalar);
        }
    }
    Ok(())
}

fn scalar(name: &str, kind: &Kind, value: &Value) -> Option<Scalar> {
    match kind {
        // SQL Server compares without trailing blanks; that the ERP also trims them on input is inferred.
        Kind::Text | Kind::Guid => value.as_str().map(|text| Scalar::Text(text.trim_end().to_owned())),
        Kind::Bool => value.as_bool().map(Scalar::Flag),
        Kind::Decimal => number(value).map(Scalar::Number),
        Kind::Integer => number(value).filter(|number| number.is_integer()).map(Scalar::Number),
        Kind::Moment => value.as_str().and_then(|text| moment(text, is_date_only(name))).map(Scalar::Moment),
        Kind::Linked(_) | Kind::Details(_) => None,
    }
}

fn number(value: &Value) -> Option<Decimal> {
    let Value::Number(number) = value else { return None };
    let text = number.to_string();
    Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text)).ok()
}

/// Document dates carry no time of day.
fn is_date_only(name: &str) -> bool {
    (name.ends_with("Date") && name != "TranDate") || name.ends_with("On")
}

/// The forms seen on input: `2024-11-01`, `2024-05-10T00:00:00`, `6/7/2024` (Postman collection), and with an offset.
pub(crate) fn moment(text: &str, date_only: bool) -> Option<jiff::Timestamp> {
    let at_utc = |moment: civil::DateTime| moment.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    if text.contains('/') {
        let parts: Vec<i16> = text.split('/').map(i16::from_str).collect::<Result<_, _>>().ok()?;
        let [month, day, year] = parts[..] else { return None };
        let date = civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        return at_utc(date.at(0, 0, 0, 0));
    }
    // A civil parser ignores an offset, which is what a date without a time of day wants.
    let written = civil::DateTime::from_str(text.trim_end_matches('Z')).ok();
    let civil = written.or_else(|| civil::Date::from_str(text).ok().map(|date| date.at(0, 0, 0, 0)))?;
    if date_only {
        return at_utc(civil.date().at(0, 0, 0, 0));
    }
    jiff::Timestamp::from_str(text).ok().or_else(|| at_utc(civil))
}
