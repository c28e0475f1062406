//! Filtering, sorting and paging of documents as the database does it.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::DateTime;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::columns::Kind;
use super::criteria::{Criteria, Filter};
use super::error::ApiError;
use super::json::decimal_of;

/// What can be searched: where a field stands in a document and how its column compares; `None` for a field that does not exist.
pub(crate) type Columns = fn(&str) -> Option<(&'static str, Kind)>;

/// Answers a list route over `documents`, which come in the order of their ids.
pub(crate) fn run(
    criteria: &Criteria,
    documents: &[&Value],
    columns: Columns,
    unknown_field: impl Fn(&str) -> ApiError,
    past_end_repeats_last: bool,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let known = |field: &str| columns(field).ok_or_else(|| unknown_field(field));
    let mut hits = Vec::new();
    for document in documents {
        let mut hit = true;
        for group in criteria.groups.iter().filter(|group| !group.is_empty()) {
            let mut any = false;
            for filter in group {
                let (key, kind) = known(&filter.field)?;
                any |= matches(document.get(key).unwrap_or(&Value::Null), kind, filter, now)?;
            }
            hit &= any;
        }
        if hit {
            hits.push(*document);
        }
    }
    // A wrong field is an error of the statement, even when there is nothing to search.
    for filter in criteria.groups.iter().flatten() {
        let (_, kind) = known(&filter.field)?;
        matches(&Value::Null, kind, filter, now)?;
    }
    for sort in criteria.sort.iter().rev() {
        let (key, kind) = known(&sort.field)?;
        hits.sort_by(|left, right| {
            let [left, right] = [left, right].map(|document| document.get(key).unwrap_or(&Value::Null));
            let order = compare_values(left, right, kind);
            if sort.ascending { order } else { order.reverse() }
        });
    }
    let items = page(&hits, criteria, past_end_repeats_last);
    Ok(json!({"items": items, "search_criteria": criteria.echo(), "total_count": hits.len()}))
}

/// Pages start at 1; a page size of 0 or none is everything (framework Data/Collection).
fn page<'a>(hits: &[&'a Value], criteria: &Criteria, past_end_repeats_last: bool) -> Vec<&'a Value> {
    let Some(size) = criteria.page_size.filter(|size| *size > 0) else { return hits.to_vec() };
    let wanted = criteria.current_page.unwrap_or(1).max(1);
    let last = hits.len().div_ceil(size).max(1);
    let number = if past_end_repeats_last { wanted.min(last) } else { wanted };
    hits.iter().skip((number - 1).saturating_mul(size)).take(size).copied().collect()
}

/// One condition (framework DB/Adapter/Pdo/Mysql, `prepareSqlCondition`). NULL matches nothing but `null`.
fn matches(value: &Value, kind: Kind, filter: &Filter, now: Timestamp) -> Result<bool, ApiError> {
    let compare = |text: &str| -> Result<Option<Ordering>, ApiError> {
        let constant = Constant::read(text, kind).ok_or_else(|| ApiError::masked(now))?;
        Ok(if value.is_null() { None } else { Some(constant.compared_with(value)) })
    };
    let order = |fits: fn(Ordering) -> bool| Ok(compare(&filter.value)?.is_some_and(fits));
    let any_of = |list: &str| -> Result<bool, ApiError> {
        let mut any = false;
        for text in list.split(',') {
            any |= compare(text.trim())? == Some(Ordering::Equal);
        }
        Ok(any)
    };
    let text = || plain(value).to_lowercase();
    match filter.condition.as_str() {
        "eq" => order(Ordering::is_eq),
        "neq" => order(Ordering::is_ne),
        "gt" => order(Ordering::is_gt),
        "lt" => order(Ordering::is_lt),
        "gteq" | "from" | "moreq" => order(Ordering::is_ge),
        "lteq" | "to" => order(Ordering::is_le),
        "in" => any_of(&filter.value),
        "nin" => Ok(!any_of(&filter.value)? && !value.is_null()),
        "like" => Ok(!value.is_null() && like(&text(), &filter.value.to_lowercase())),
        "nlike" => Ok(!value.is_null() && !like(&text(), &filter.value.to_lowercase())),
        "null" => Ok(value.is_null()),
        "notnull" => Ok(!value.is_null()),
        "finset" => Ok(text().split(',').any(|entry| entry == filter.value.to_lowercase())),
        other => Err(ApiError::not_simulated(&format!("condition type {other}"))),
    }
}

/// A constant of a condition, read as its column's type.
enum Constant {
    Number(Decimal),
    Time(DateTime),
    Text(String),
}

impl Constant {
    /// `None` for a time that is none: MySQL 8 refuses the statement. A text against a number column counts as zero there.
    fn read(text: &str, kind: Kind) -> Option<Self> {
        Some(match kind {
            Kind::Number => Self::Number(text.parse().unwrap_or_default()),
            Kind::Time => Self::Time(time(text)?),
            Kind::Text => Self::Text(folded(text)),
        })
    }

    /// How the stored value stands to this constant.
    fn compared_with(&self, value: &Value) -> Ordering {
        match self {
            Self::Number(number) => decimal_of(value).unwrap_or_default().cmp(number),
            Self::Time(at) => time(&plain(value)).unwrap_or(DateTime::MIN).cmp(at),
            Self::Text(text) => folded(&plain(value)).cmp(text),
        }
    }
}

/// NULL sorts first, as in MySQL.
fn compare_values(left: &Value, right: &Value, kind: Kind) -> Ordering {
    let nulls = right.is_null().cmp(&left.is_null());
    nulls.then_with(|| match kind {
        Kind::Number => decimal_of(left).cmp(&decimal_of(right)),
        Kind::Time => time(&plain(left)).cmp(&time(&plain(right))),
        Kind::Text => folded(&plain(left)).cmp(&folded(&plain(right))),
    })
}

/// `2024-03-01 00:00:00`, `2024-03-01T00:00:00` or a date alone, which is its midnight. All UTC: the session runs at +00:00.
fn time(text: &str) -> Option<DateTime> {
    let text = text.trim();
    text.parse::<DateTime>().or_else(|_| format!("{text} 00:00:00").parse()).ok().filter(|_| !text.ends_with('Z'))
}

/// Texts compare without case and without blanks at the end (collation utf8_general_ci).
fn folded(text: &str) -> String {
    text.trim_end().to_lowercase()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// SQL's LIKE: `%` any run, `_` any one character.
fn like(text: &str, pattern: &str) -> bool {
    let mut rest = pattern.chars();
    match rest.next() {
        None => text.is_empty(),
        Some('%') => {
            let after = rest.as_str();
            (0..=text.len()).filter(|at| text.is_char_boundary(*at)).any(|at| like(&text[at..], after))
        }
        Some(wanted) => {
            let mut characters = text.chars();
            characters
                .next()
                .is_some_and(|first| (wanted == '_' || wanted == first) && like(characters.as_str(), rest.as_str()))
        }
    }
}
