//! `fields=items[entity_id,increment_id],total_count`: trims any answer (Adobe Commerce REST documentation, "Retrieve filtered responses").

use serde_json::{Map, Value};

/// Leaves only the fields named; names that the answer lacks are ignored, lists are trimmed entry by entry.
pub(crate) fn project(value: Value, fields: &str) -> Value {
    match value {
        Value::Array(list) => list.into_iter().map(|entry| project(entry, fields)).collect(),
        Value::Object(mut map) => {
            let mut kept = Map::new();
            for field in split(fields) {
                let (name, inner) = field
                    .split_once('[')
                    .map_or((field, None), |(name, rest)| (name, Some(rest.strip_suffix(']').unwrap_or(rest))));
                if let Some(value) = map.remove(name) {
                    kept.insert(name.to_owned(), inner.map_or(value.clone(), |inner| project(value, inner)));
                }
            }
            Value::Object(kept)
        }
        scalar => scalar,
    }
}

/// Splits at the commas that are not inside brackets.
fn split(fields: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_u32, 0);
    for (at, character) in fields.char_indices() {
        match character {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&fields[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&fields[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keeps_what_is_named() {
        let payment = json!({"method": "free", "po_number": "7"});
        let answer = json!({"items": [{"entity_id": 1, "state": "new", "payment": payment}], "total_count": 1});
        let table = [
            ("total_count", json!({"total_count": 1})),
            ("items[entity_id],total_count", json!({"items": [{"entity_id": 1}], "total_count": 1})),
            ("items[payment[method],nothing]", json!({"items": [{"payment": {"method": "free"}}]})),
        ];
        for (fields, expected) in table {
            assert_eq!(project(answer.clone(), fields), expected, "{fields}");
        }
    }
}
