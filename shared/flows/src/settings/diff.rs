//! What changed between two versions of the settings: the entries of the settings log.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Settings;
use super::parse::escape;

/// One value that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// JSON Pointer of the value.
    pub path: String,
    /// What it was; absent if it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Value>,
    /// What it is; absent if it was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Value>,
}

/// Every value that differs, in order of the paths of the objects. Rows of mapping tables are compared in their order, because it decides
/// which one matches; a row put in or taken out is one change, wherever it stands. Without `old` the whole document is new.
#[must_use]
pub fn diff(old: Option<&Settings>, new: &Settings) -> Vec<Change> {
    let mut changes = Vec::new();
    let old = old.map(to_value);
    compare("", old.as_ref(), Some(&to_value(new)), &mut changes);
    changes
}

fn to_value(settings: &Settings) -> Value {
    serde_json::to_value(settings).expect("invariant: settings are texts, whole numbers and lists, which JSON has")
}

fn compare(path: &str, from: Option<&Value>, to: Option<&Value>, changes: &mut Vec<Change>) {
    match (from, to) {
        (from, to) if from == to => {}
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for name in names {
                compare(&format!("{path}/{}", escape(name)), before.get(name), after.get(name), changes);
            }
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) => rows(path, before, after, changes),
        (from, to) => changes.push(Change { path: path.to_owned(), from: from.cloned(), to: to.cloned() }),
    }
}

/// Rows that are equal at the end have only moved. What is left between them and the equal ones at the beginning is compared place by
/// place; a row that was taken out has the place it had, one that was put in the place it has.
fn rows(path: &str, before: &[Value], after: &[Value], changes: &mut Vec<Change>) {
    let shorter = before.len().min(after.len());
    let head = before.iter().zip(after).take_while(|(before, after)| before == after).count();
    let tail = before.iter().rev().zip(after.iter().rev()).take_while(|(before, after)| before == after).count();
    let tail = tail.min(shorter - head);
    for at in head..before.len().max(after.len()) - tail {
        let row = |rows: &'_ [Value]| (at < rows.len() - tail).then(|| rows[at].clone());
        compare(&format!("{path}/{at}"), row(before).as_ref(), row(after).as_ref(), changes);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{compare, diff};
    use crate::settings::{SAMPLE, parse};

    #[test]
    fn each_difference_is_named_once_with_both_values() {
        for (from, to, expected) in [
            (json!({"a": 1}), json!({"a": 1}), json!([])),
            (json!({"a": 1}), json!({"a": 2}), json!([{"path": "/a", "from": 1, "to": 2}])),
            (json!({"a": 1}), json!({}), json!([{"path": "/a", "from": 1}])),
            (json!({}), json!({"a/b": {"c": 1}}), json!([{"path": "/a~1b", "to": {"c": 1}}])),
            (
                json!({"rows": [{"x": "1"}, {"x": "2"}]}),
                json!({"rows": [{"x": "1"}, {"x": "3"}, {"x": "4"}]}),
                json!([{"path": "/rows/1/x", "from": "2", "to": "3"}, {"path": "/rows/2", "to": {"x": "4"}}]),
            ),
            (
                json!({"rows": [{"x": "1"}, {"x": "2"}]}),
                json!({"rows": [{"x": "0"}, {"x": "1"}, {"x": "2"}]}),
                json!([{"path": "/rows/0", "to": {"x": "0"}}]),
            ),
            (
                json!({"rows": [{"x": "1"}, {"x": "2"}, {"x": "3"}]}),
                json!({"rows": [{"x": "1"}, {"x": "3"}]}),
                json!([{"path": "/rows/1", "from": {"x": "2"}}]),
            ),
            (
                json!({"rows": [{"x": "1"}, {"x": "1"}]}),
                json!({"rows": [{"x": "1"}]}),
                json!([{"path": "/rows/1", "from": {"x": "1"}}]),
            ),
            (
                json!({"rows": [{"x": "1"}, {"x": "2"}]}),
                json!({"rows": [{"x": "2"}, {"x": "1"}]}),
                json!([{"path": "/rows/0/x", "from": "1", "to": "2"}, {"path": "/rows/1/x", "from": "2", "to": "1"}]),
            ),
            (json!({"rows": []}), json!({"rows": []}), json!([])),
            (json!({"a": [1]}), json!({"a": "1"}), json!([{"path": "/a", "from": [1], "to": "1"}])),
        ] {
            let mut changes = Vec::new();
            compare("", Some(&from), Some(&to), &mut changes);
            assert_eq!(serde_json::to_value(&changes).unwrap(), expected, "{from} {to}");
        }
    }

    #[test]
    fn new_settings_are_one_change() {
        let settings = parse(SAMPLE, true).unwrap();
        let changes = diff(None, &settings);
        assert_eq!((changes.len(), changes[0].path.as_str(), &changes[0].from), (1, "", &None));
        let mut other = settings.clone();
        other.orders.max_attempts = 3;
        let changes = serde_json::to_value(diff(Some(&settings), &other)).unwrap();
        assert_eq!(changes, json!([{"path": "/orders/max_attempts", "from": Value::from(5), "to": 3}]));
    }
}
