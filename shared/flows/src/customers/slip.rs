//! A dry run as a slip of paper: what a person checks with a pencil. Of a saved account only what is not as it was read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use super::dry_run::DryRun;

/// The column in which values begin.
const WIDTH: usize = 44;

/// The slip of a dry run.
#[must_use]
pub fn slip(run: &DryRun) -> String {
    let mut slip = format!("{}\n", run.outcome);
    for finding in &run.findings {
        let _ = writeln!(slip, "{}\n{}", text(finding, "code"), text(finding, "message"));
    }
    for assumed in &run.assumed {
        let _ = writeln!(slip, "taken for granted: {assumed}");
    }
    let rows: Vec<String> = run.fields.iter().filter_map(field).collect();
    if !rows.is_empty() {
        let _ = writeln!(slip, "\nfields");
        rows.iter().for_each(|row| slip.push_str(row));
    }
    if !run.reads.is_empty() {
        let _ = writeln!(slip, "\nread before");
        run.reads.iter().for_each(|read| self::read(&mut slip, read));
    }
    run.calls.iter().for_each(|call| self::call(&mut slip, call, run.account.as_ref()));
    slip
}

/// A field of both sides that is not in step, or is brought into it.
fn field(field: &Value) -> Option<String> {
    let in_step = field["in_step"].as_bool()?;
    if in_step && field["to"].is_null() {
        return None;
    }
    let way = match field["to"].as_str() {
        Some(to) => format!("{} → {to}", text(field, "from")),
        None => "as it is".to_owned(),
    };
    let changed_by = match field["changed_by"].as_array().map(Vec::as_slice) {
        None => "just met".to_owned(),
        Some([]) => "not changed".to_owned(),
        Some([side]) => format!("changed by {}", plain(side)),
        Some(_) => "changed by both".to_owned(),
    };
    let conflict = if field["conflict"] == true { ", conflict" } else { "" };
    let what = format!("{way}, {changed_by}, owner {}{conflict}", text(field, "owner"));
    Some(row(text(field, "field"), &what))
}

/// Where it is asked, and for whom.
fn read(slip: &mut String, read: &Value) {
    let of_query = |name: &str| read["query"].as_object().into_iter().flatten().find(|(key, _)| key.ends_with(name));
    let shown = |name: &str| of_query(name).map(|(_, value)| plain(value));
    let by = shown("$filter").or_else(|| Some(format!("{} = {}", shown("[field]")?, shown("[value]")?)));
    let what = format!("{} {} {}", text(read, "system"), text(read, "method"), text(read, "path"));
    slip.push_str(&row(&what, &by.unwrap_or_default()));
}

fn call(slip: &mut String, call: &Value, account: Option<&Value>) {
    let _ = writeln!(slip, "\n{} {} {}", text(call, "system"), text(call, "method"), text(call, "path"));
    for (name, value) in call["headers"].as_object().into_iter().flatten() {
        let _ = writeln!(slip, "  {name}: {}", plain(value));
    }
    let mut sent = BTreeMap::new();
    let of_magento = call["system"] == "magento";
    flatten("", if of_magento { &call["body"]["customer"] } else { &call["body"] }, &mut sent);
    let whole = sent.len();
    if let Some(account) = account.filter(|_| of_magento) {
        let mut before = BTreeMap::new();
        flatten("", account, &mut before);
        sent.retain(|path, value| before.get(path) != Some(value));
    }
    sent.iter().for_each(|(path, value)| slip.push_str(&row(path, value)));
    if sent.len() < whole {
        let _ = writeln!(slip, "  and {} more as they were read", whole - sent.len());
    }
}

/// Every value by its path; a wrapper is its value.
fn flatten(path: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
    match value {
        Value::Object(members) if members.len() == 1 && members.contains_key("value") => {
            into.insert(path.to_owned(), plain(&members["value"]));
        }
        Value::Object(members) => members.iter().for_each(|(name, inner)| flatten(&below(name), inner, into)),
        Value::Array(rows) if !rows.is_empty() => {
            rows.iter().enumerate().for_each(|(at, row)| flatten(&below(&at.to_string()), row, into));
        }
        other => drop(into.insert(path.to_owned(), plain(other))),
    }
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A value in the characters in which it is sent.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "(empty)".to_owned(),
        Value::String(text) if text.is_empty() => "(empty)".to_owned(),
        Value::Array(_) => "(none)".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn row(name: &str, value: &str) -> String {
    format!("  {name:<WIDTH$} {value}").trim_end().to_owned() + "\n"
}
