//! Writes records as the API does: value wrappers, `{}` for null, system members first, `custom` and `_links` last.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use super::answer::Refusal;
use super::facts::{Entity, Facts, Kind};
use super::record::{Record, Scalar};

/// Which members of a record an answer shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    /// Linked entities and detail lists to show, by exact name.
    pub(crate) expand: BTreeMap<String, Shape>,
    /// The scalars to show; empty shows all.
    pub(crate) select: Vec<String>,
    /// Custom fields to show, as `View.Field`.
    pub(crate) custom: Vec<String>,
    /// Whether `files` was asked for; it is always an empty list here.
    pub(crate) files: bool,
}

impl Shape {
    /// Builds a shape from `$expand`, `$select` and `$custom`.
    ///
    /// # Errors
    /// When a name is not of the entity. The real status is not established; a 500 keeps a client from relying on anything.
    pub(crate) fn parse(
        facts: &Facts,
        entity: &Entity,
        expand: &str,
        select: &str,
        custom: &str,
    ) -> Result<Self, Refusal> {
        let mut shape = Shape { custom: list(custom).map(str::to_owned).collect(), ..Shape::default() };
        list(expand).try_for_each(|path| shape.add_expand(facts, entity, path))?;
        list(select).try_for_each(|path| shape.add_select(entity, path))?;
        Ok(shape)
    }

    fn add_expand(&mut self, facts: &Facts, entity: &Entity, path: &str) -> Result<(), Refusal> {
        let (first, rest) = path.split_once('/').map_or((path, None), |(first, rest)| (first, Some(rest)));
        if first.eq_ignore_ascii_case("files") {
            self.files = true;
            return Ok(());
        }
        let Some(Kind::Linked(inner) | Kind::Details(inner)) = entity.member(first) else {
            return Err(unknown(entity, first, "$expand"));
        };
        let shape = self.expand.entry(first.to_owned()).or_default();
        rest.map_or(Ok(()), |rest| shape.add_expand(facts, facts.entity(inner), rest))
    }

    /// A nested name needs `$expand` too; without it, it selects nothing (Integration Development Guide, "$select").
    fn add_select(&mut self, entity: &Entity, path: &str) -> Result<(), Refusal> {
        if let Some((first, rest)) = path.split_once('/') {
            if first == "custom" || entity.member(first).is_none() {
                return Err(unknown(entity, path, "$select"));
            }
            if let Some(shape) = self.expand.get_mut(first) {
                shape.select.push(rest.to_owned());
            }
        } else if matches!(path, "id" | "rowNumber" | "note") || entity.member(path).is_some() {
            self.select.push(path.to_owned());
        } else {
            return Err(unknown(entity, path, "$select"));
        }
        Ok(())
    }

    /// Shows in addition everything that bears an error, so that a 422 loses none.
    pub(crate) fn widen_to_errors(&mut self, record: &Record) {
        self.select.clear();
        for (name, linked) in record.linked.iter().filter(|(_, linked)| linked.has_errors()) {
            self.expand.entry(name.clone()).or_default().widen_to_errors(linked);
        }
        for (name, rows) in record.details.iter().filter(|(_, rows)| rows.iter().any(Record::has_errors)) {
            let shape = self.expand.entry(name.clone()).or_default();
            rows.iter().for_each(|row| shape.widen_to_errors(row));
        }
    }
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty())
}

fn unknown(entity: &Entity, name: &str, option: &str) -> Refusal {
    Refusal::exception("PX.Data.PXException", format!("{option}: {} has no member {name}.", entity.name))
}

/// Writes records of one contract for one session.
pub(crate) struct Writer<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) session: u64,
    /// The path of the endpoint, for `_links`.
    pub(crate) endpoint: &'a str,
}

impl Writer<'_> {
    pub(crate) fn list<'r>(&self, records: impl IntoIterator<Item = &'r Record>, shape: &Shape) -> String {
        let bodies: Vec<_> =
            records.into_iter().enumerate().map(|(at, record)| self.top(record, at + 1, shape)).collect();
        format!("[{}]", bodies.join(","))
    }

    pub(crate) fn top(&self, record: &Record, row: usize, shape: &Shape) -> String {
        let self_link = format!("{}/{}/{}", self.endpoint, record.entity, record.id());
        let links = format!(",\"_links\":{{\"self\":{}}}", Value::from(self_link));
        self.record(record, &record.id(), row, shape, &links)
    }

    fn record(&self, record: &Record, id: &str, row: usize, shape: &Shape, links: &str) -> String {
        let entity = self.facts.entity(&record.entity);
        let note = record
            .note
            .as_ref()
            .map_or_else(|| "null".to_owned(), |note| format!("{{\"value\":{}}}", Value::from(note.as_str())));
        let mut out = format!("{{\"id\":\"{id}\",\"rowNumber\":{row},\"note\":{note}");
        if let Some(error) = &record.error {
            out.push_str(&format!(",\"error\":{}", Value::from(error.as_str())));
        }
        for (name, kind) in &entity.members {
            if let Some(body) = self.member(record, name, kind, shape) {
                out.push_str(&format!(",\"{name}\":{body}"));
            }
        }
        out.push_str(",\"custom\":");
        out.push_str(&custom(record, shape));
        if shape.files {
            out.push_str(",\"files\":[]");
        }
        out.push_str(links);
        out.push('}');
        out
    }

    fn member(&self, record: &Record, name: &str, kind: &Kind, shape: &Shape) -> Option<String> {
        match kind {
            Kind::Linked(entity) => {
                let shape = shape.expand.get(name)?;
                let absent = Record::new(entity, record.serial);
                let linked = record.linked.get(name).unwrap_or(&absent);
                Some(self.record(linked, &super::record::guid(linked.serial, hash(name)), 1, shape, ""))
            }
            Kind::Details(_) => {
                let shape = shape.expand.get(name)?;
                let rows = record.rows(name).iter().enumerate();
                let bodies: Vec<_> =
                    rows.map(|(at, row)| self.record(row, &row.session_id(self.session), at + 1, shape, "")).collect();
                Some(format!("[{}]", bodies.join(",")))
            }
            kind => {
                let shown = shape.select.is_empty() || shape.select.iter().any(|selected| selected == name);
                shown.then(|| wrapper(name, kind, record.fields.get(name), record.errors.get(name)))
            }
        }
    }
}

/// Tells the linked entities of one record apart; they have no row of their own here.
fn hash(name: &str) -> u64 {
    name.bytes().fold(u64::from(u32::MAX), |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)))
}

/// `{"value": x}`; null is `{}` (recorded 2023); an error stands beside the value (official C# client, 422 sample).
fn wrapper(name: &str, kind: &Kind, value: Option<&Scalar>, error: Option<&String>) -> String {
    let value = value.map(|value| format!("\"value\":{}", scalar(name, kind, value)));
    let error = error.map(|error| format!("\"error\":{}", Value::from(error.as_str())));
    let members: Vec<_> = [value, error].into_iter().flatten().collect();
    format!("{{{}}}", members.join(","))
}

fn scalar(name: &str, kind: &Kind, value: &Scalar) -> String {
    match value {
        Scalar::Text(text) => Value::from(text.as_str()).to_string(),
        Scalar::Flag(flag) => flag.to_string(),
        Scalar::Number(number) if *kind == Kind::Integer => number.normalize().to_string(),
        Scalar::Number(number) => with_scale(*number, scale(name)).to_string(),
        Scalar::Moment(moment) => format!("\"{}\"", iso(*moment)),
    }
}

/// Numbers keep the scale of their column: six places for prices and quantities, four for amounts (recorded `280.000000`, `0.0000`).
fn scale(name: &str) -> u32 {
    let six = name.contains("Qty") || name.contains("Price") || name.contains("Rate") || name.contains("Percent");
    if six && name != "ExtendedPrice" && name != "FreightPrice" { 6 } else { 4 }
}

fn with_scale(number: Decimal, scale: u32) -> Decimal {
    let mut number = number;
    number.rescale(scale.max(number.normalize().scale()));
    number
}

/// ISO 8601 with offset, milliseconds where there are any (recorded `2020-02-06T18:03:19.213+00:00`).
pub(crate) fn iso(moment: Timestamp) -> String {
    let format =
        if moment.subsec_millisecond() == 0 { "%Y-%m-%dT%H:%M:%S+00:00" } else { "%Y-%m-%dT%H:%M:%S%.3f+00:00" };
    moment.strftime(format).to_string()
}

/// Custom fields appear only when `$custom` names them (Integration Development Guide, "$custom").
fn custom(record: &Record, shape: &Shape) -> String {
    let mut views: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for ((view, field), value) in &record.custom {
        if !shape.custom.iter().any(|wanted| *wanted == format!("{view}.{field}")) {
            continue;
        }
        let kind = match value {
            Scalar::Text(_) => "CustomStringField",
            Scalar::Number(_) => "CustomDecimalField",
            Scalar::Flag(_) => "CustomBooleanField",
            Scalar::Moment(_) => "CustomDateTimeField",
        };
        let body = scalar(field, &Kind::Text, value);
        let name = Value::from(field.as_str());
        views.entry(view).or_default().push(format!("{name}:{{\"type\":\"{kind}\",\"value\":{body}}}"));
    }
    let views: Vec<_> =
        views.iter().map(|(view, fields)| format!("{}:{{{}}}", Value::from(*view), fields.join(","))).collect();
    format!("{{{}}}", views.join(","))
}
