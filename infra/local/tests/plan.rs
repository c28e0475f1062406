//! `plan order` and `plan settings`, as a person runs them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Exit code, standard output, standard error.
fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_local")).args(arguments).output().expect("the binary runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/orders")
}

/// A file of this test alone.
fn file(name: &str, text: &str) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).expect("the folder of tests can be written");
    path.display().to_string()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Every place where two documents differ: JSON pointer, expected, found.
fn differences(at: &str, expected: &Value, found: &Value, all: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for name in expected.keys().chain(found.keys().filter(|name| !expected.contains_key(*name))) {
                let of = |members: &serde_json::Map<String, Value>| members.get(name).cloned();
                let path = format!("{at}/{name}");
                match (of(expected), of(found)) {
                    (Some(expected), Some(found)) => differences(&path, &expected, &found, all),
                    (Some(expected), None) => all.push(format!("{path}: {expected} is missing")),
                    (None, Some(found)) => all.push(format!("{path}: {found} is too much")),
                    (None, None) => {}
                }
            }
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            for (n, (expected, found)) in expected.iter().zip(found).enumerate() {
                differences(&format!("{at}/{n}"), expected, found, all);
            }
        }
        _ if expected == found => {}
        _ => all.push(format!("{at}: {found} instead of {expected}")),
    }
}

/// A case is a folder with an order as Magento returns it, and the plan that was worked out for it by hand: a slip in all of them, which the
/// plan's own tests compare, and the whole JSON in two. Its `why` is not part of it: it says which facts the plan rests on.
#[test]
fn golden_cases_are_planned_as_worked_out() {
    let mut names: Vec<PathBuf> =
        fs::read_dir(cases()).expect("cases").map(|entry| entry.expect("a case").path()).collect();
    names.retain(|case| case.join("plan.json").exists());
    names.sort();
    assert_eq!(names.len(), 2, "{names:?}");
    for case in names {
        let mut expected = json(&read(&case.join("plan.json")));
        let why = expected.as_object_mut().and_then(|plan| plan.remove("why"));
        assert!(why.is_some_and(|why| why.as_str().is_some_and(|why| why.len() > 40)), "{}: no why", case.display());
        let order = case.join("order.json").display().to_string();
        let (code, stdout, stderr) = run(&["plan", "order", "--from", &order]);
        assert_eq!((code, stderr.as_str()), (Some(0), ""), "{order}");
        let mut all = Vec::new();
        differences("", &expected, &json(&stdout), &mut all);
        assert!(all.is_empty(), "{order}:\n  {}", all.join("\n  "));
    }
}

#[test]
fn a_slip_is_printed_where_it_is_asked_for() {
    let order = cases().join("guest-two-mugs/order.json").display().to_string();
    let (code, stdout, stderr) = run(&["plan", "order", "--from", &order, "--slip"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert!(stdout.starts_with("create\n"), "{stdout}");
    let golden = read(&cases().join("guest-two-mugs/plan.txt"));
    let slip: Vec<&str> = golden.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(stdout.trim(), slip.join("\n").trim());
}

#[test]
fn differences_are_named_by_their_place() {
    let (one, other) = (json(r#"{"a":[{"b":1.00}],"c":2}"#), json(r#"{"a":[{"b":1.0}],"d":3}"#));
    let mut all = Vec::new();
    differences("", &one, &other, &mut all);
    // Digits count: 1.00 is how an amount is sent.
    assert_eq!(all, ["/a/0/b: 1.0 instead of 1.00", "/c: 2 is missing", "/d: 3 is too much"]);
}

#[test]
fn a_plan_that_was_made_is_a_success_whatever_it_says() {
    let order = read(&cases().join("guest-two-mugs/order.json"));
    for (from, to, outcome, code) in [
        (r#""state": "new""#, r#""state": "canceled""#, "skipped", "orders.skipped.canceled_before_sync"),
        (r#""state": "new""#, r#""state": "holded""#, "not_ready", "orders.not_ready.on_hold_in_magento"),
        (r#""method": "checkmo""#, r#""method": "klarna""#, "rejected", "orders.rejected.payment_method_not_mapped"),
    ] {
        assert!(order.contains(from), "{from}");
        let path = file(&format!("{outcome}.json"), &order.replace(from, to));
        let (exit, stdout, stderr) = run(&["plan", "order", "--from", &path]);
        assert_eq!((exit, stderr.as_str()), (Some(0), ""));
        let plan = json(&stdout);
        assert_eq!((plan["outcome"].as_str(), plan["code"].as_str()), (Some(outcome), Some(code)));
        assert!(plan["message"].as_str().is_some_and(|message| message.contains("000000101")), "{plan}");
        assert_eq!(plan["calls"], json("[]"));
        assert_eq!(plan["totals"], json(r#"{"magento":"30.44","acumatica":null,"difference":null,"parts":null}"#));
    }
    let path = file("hold.json", &order.replace(r#""base_grand_total": 30.44"#, r#""base_grand_total": 32.44"#));
    let plan = json(&run(&["plan", "order", "--from", &path]).1);
    assert_eq!((plan["outcome"].as_str(), plan["code"].as_str()), (Some("hold"), Some("orders.held.total_differs")));
    assert_eq!(plan["calls"][1]["body"]["Hold"]["value"], Value::Bool(true));
    assert_eq!(plan["totals"]["difference"], Value::from("2.00"));
}

#[test]
fn what_is_no_order_is_refused_with_a_sentence() {
    let order = read(&cases().join("guest-two-mugs/order.json"));
    let missing = Path::new(env!("CARGO_TARGET_TMPDIR")).join("missing.json").display().to_string();
    let found = r#"{"items": [{"entity_id": 1}], "total_count": 1}"#;
    for (path, sentence) in [
        (missing.clone(), "No such file or directory"),
        (file("text.json", "no JSON"), "this is not JSON: "),
        (file("empty.json", ""), "this is not JSON: "),
        (
            file("list.json", "[]"),
            "this is not an order as `GET /V1/orders/:id` returns it: at `.`: it is not a JSON object",
        ),
        (file("found.json", found), "this is not an order as `GET /V1/orders/:id` returns it: at "),
        (
            file("amount.json", &order.replace(r#""base_grand_total": 30.44"#, r#""base_grand_total": "much""#)),
            "at `base_grand_total`: ",
        ),
        (file("no-items.json", &order.replace(r#""items""#, r#""goods""#)), "missing field `items`"),
    ] {
        let (code, stdout, stderr) = run(&["plan", "order", "--from", &path]);
        assert_eq!((code, stdout.as_str()), (Some(1), ""), "{path}");
        assert!(stderr.starts_with(&format!("error: {path}: ")) && stderr.contains(sentence), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
    }
}

#[test]
fn settings_are_taken_from_a_file_or_refused_with_every_problem() {
    let order = cases().join("guest-two-mugs/order.json").display().to_string();
    let (code, sample, stderr) = run(&["plan", "settings"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let path = file("sample.json", &sample);
    let plain = run(&["plan", "order", "--from", &order]);
    assert_eq!(run(&["plan", "order", "--from", &order, "--settings", &path]), plain);
    // Another setting is another plan.
    let other = sample.replace(r#""order_type": "SO""#, r#""order_type": "WO""#);
    let plan = json(&run(&["plan", "order", "--from", &order, "--settings", &file("other.json", &other)]).1);
    assert_eq!(plan["calls"][1]["body"]["OrderType"]["value"], Value::from("WO"));
    let wrong =
        sample.replace(r#""version": 1"#, r#""version": 2"#).replace(r#""enabled": true"#, r#""enabled": "yes""#);
    let path = file("wrong.json", &wrong);
    let (code, stdout, stderr) = run(&["plan", "order", "--from", &order, "--settings", &path]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert!(stderr.starts_with(&format!("error: {path} cannot be used:\n")), "{stderr}");
    for problem in ["\n  /version: ", "\n  /orders/enabled: "] {
        assert!(stderr.contains(problem), "{stderr}");
    }
    let path = file("no-settings.json", "{");
    let (code, _, stderr) = run(&["plan", "order", "--from", &order, "--settings", &path]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("is not JSON"), "{stderr}");
}

#[test]
fn arguments_that_are_not_understood_are_refused() {
    for arguments in [vec!["plan"], vec!["plan", "order"], vec!["plan", "orders"]] {
        let (code, stdout, stderr) = run(&arguments);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(stderr.contains("Usage"), "{stderr}");
    }
}
