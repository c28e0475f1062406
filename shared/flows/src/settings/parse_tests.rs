use serde_json::{Value, json};

use super::{Problem, parse};
use crate::settings::SAMPLE;

/// The sample's settings with some values replaced, or removed by the marker below.
fn changed(changes: &[(&str, Value)]) -> Vec<u8> {
    let mut document: Value = serde_json::from_slice(SAMPLE).unwrap();
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match document.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}: no such place")) {
            Value::Object(object) if *value == json!("(removed)") => drop(object.remove(name)),
            Value::Object(object) => drop(object.insert(name.replace("~1", "/"), value.clone())),
            Value::Array(list) if name == "-" => list.push(value.clone()),
            Value::Array(list) => list[name.parse::<usize>().unwrap()] = value.clone(),
            other => panic!("{pointer}: {other} has no members"),
        }
    }
    serde_json::to_vec(&document).unwrap()
}

fn problems(bytes: &[u8], allow_loopback: bool) -> Vec<(String, String)> {
    let found = parse(bytes, allow_loopback).err().unwrap_or_default();
    found.into_iter().map(|Problem { path, message }| (path, message)).collect()
}

/// Exactly these problems are found once the sample is changed like that.
pub(in crate::settings) fn check(changes: &[(&str, Value)], expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected.iter().map(|(path, message)| ((*path).to_owned(), (*message).to_owned())).collect();
    assert_eq!(problems(&changed(changes), true), expected, "{changes:?}");
}

#[test]
fn the_sample_is_good_and_survives_a_round_trip() {
    let settings = parse(SAMPLE, true).unwrap();
    let again = parse(&serde_json::to_vec(&settings).unwrap(), true).unwrap();
    assert_eq!(settings, again);
}

#[test]
fn plain_http_is_for_the_local_emulator_only() {
    let expected = ["/acumatica/base_url", "/magento/base_url"]
        .map(|path| (path.to_owned(), "must begin with https://".to_owned()));
    assert_eq!(problems(SAMPLE, false), expected);
}

#[test]
fn what_is_not_json_says_where() {
    for (text, message) in [
        ("", "is not JSON: EOF while parsing a value at line 1 column 0"),
        ("{\n\"version\": 1,\n}", "is not JSON: trailing comma at line 3 column 1"),
        ("{} {}", "is not JSON: trailing characters at line 1 column 4"),
    ] {
        assert_eq!(problems(text.as_bytes(), true), [(String::new(), message.to_owned())], "{text}");
    }
}

#[test]
fn structure_is_named_with_its_path_and_in_words() {
    let scope = "/orders/default";
    for (changes, expected) in [
        (vec![("/version", json!(2))], vec![("/version", "must be at most 1")]),
        (vec![("/orders", json!("(removed)"))], vec![("/orders", "is missing")]),
        (vec![("/orders", json!([]))], vec![("/orders", "must be an object")]),
        (
            vec![("/orders/default/order_typ", json!("SO"))],
            vec![("/orders/default/order_typ", "there is no such setting")],
        ),
        (vec![("/a~1b", json!(1))], vec![("/a~1b", "there is no such setting")]),
        (vec![("/magento/auth", json!("basic"))], vec![("/magento/auth", "must be one of \"oauth1\", \"bearer\"")]),
        (vec![("/orders/direction", json!("both"))], vec![("/orders/direction", "must be \"magento_to_acumatica\"")]),
        (vec![("/orders/enabled", json!("yes"))], vec![("/orders/enabled", "must be true or false")]),
        (vec![("/orders/max_attempts", json!(9))], vec![("/orders/max_attempts", "must be at most 8")]),
        (vec![("/orders/max_attempts", json!(0))], vec![("/orders/max_attempts", "must be at least 1")]),
        (vec![("/orders/max_attempts", json!(1.5))], vec![("/orders/max_attempts", "must be a whole number")]),
        (
            vec![("/orders/earliest_order", json!("31.1.2026"))],
            vec![("/orders/earliest_order", "must be a day like \"2026-01-31\"")],
        ),
        (
            vec![("/orders/look_up_before", json!("yesterday"))],
            vec![("/orders/look_up_before", "must be an instant like \"2026-01-31T00:00:00Z\"")],
        ),
        (
            vec![("/orders/default/numbering", json!("x"))],
            vec![("/orders/default/numbering", "must be one of \"auto\", \"manual\"")],
        ),
        (
            vec![("/orders/default/numbering", json!(5))],
            vec![("/orders/default/numbering", "must be one of \"auto\", \"manual\"")],
        ),
        (vec![("/orders/default/branch", json!(5))], vec![("/orders/default/branch", "must be a text")]),
        (
            vec![("/orders/default/unit_price_decimals", json!(7))],
            vec![("/orders/default/unit_price_decimals", "must be at most 6")],
        ),
        (vec![("/orders/default/freight", json!("premium"))], vec![("/orders/default/freight", "must be an object")]),
        (vec![("/orders/default/freight", json!({}))], vec![("/orders/default/freight/mode", "is missing")]),
        (
            vec![("/orders/default/guests", json!({"policy": "one"}))],
            vec![("/orders/default/guests/policy", "must be one of \"per_email\", \"generic\"")],
        ),
        (
            vec![("/orders/default/guests", json!({"policy": "generic"}))],
            vec![("/orders/default/guests/customer_id", "is missing")],
        ),
        (
            vec![("/orders/default/shipping_methods/3/ship_via", json!("(removed)"))],
            vec![("/orders/default/shipping_methods/3/ship_via", "is missing")],
        ),
        (
            vec![("/orders/default/payment_methods/0/receive/cash_account", json!(10200))],
            vec![("/orders/default/payment_methods/0/receive/cash_account", "must be a text")],
        ),
        (vec![("/log/retention_days", json!(0))], vec![("/log/retention_days", "must be at least 1")]),
        (vec![("/stores/0/store_id", json!(-1))], vec![("/stores/0/store_id", "must be at least 0")]),
        (vec![("/orders/websites/eu", json!(1))], vec![("/orders/websites/eu", "must be an object")]),
    ] {
        check(&changes, &expected);
    }
    // All of them at once.
    check(
        &[("/magento/auth", json!("basic")), ("/x", json!(1)), (&format!("{scope}/branch"), json!(1))],
        &[
            ("/magento/auth", "must be one of \"oauth1\", \"bearer\""),
            ("/orders/default/branch", "must be a text"),
            ("/x", "there is no such setting"),
        ],
    );
}

#[test]
fn what_the_schema_lets_pass_and_the_types_do_not_is_named_too() {
    let text = String::from_utf8(SAMPLE.to_vec()).unwrap();
    for (from, to, path, message) in [
        (
            "\"version\": 1,",
            "\"version\": 1, \"version\": 1,",
            "",
            "cannot be read: duplicate field `version` at line 2 column 25",
        ),
        (
            "\"max_attempts\": 5",
            "\"max_attempts\": 5.0",
            "/orders/max_attempts",
            "cannot be read: invalid type: floating point `5.0`, expected u32 at line 25 column 23",
        ),
    ] {
        let broken = text.replacen(from, to, 1);
        assert_eq!(problems(broken.as_bytes(), true), [(path.to_owned(), message.to_owned())], "{to}");
    }
}
