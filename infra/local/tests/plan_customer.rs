//! `plan customer`, as a person runs it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

/// Exit code, standard output, standard error.
fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_local")).args(arguments).output().expect("the binary runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn case(path: &str) -> String {
    let cases: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/customers");
    cases.join(path).display().to_string()
}

/// A file of this test alone.
fn file(name: &str, text: &str) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("customer-{name}"));
    fs::write(&path, text).expect("the folder of tests can be written");
    path.display().to_string()
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn document(path: &str) -> Value {
    serde_json::from_str(&read(&case(path))).expect("JSON")
}

/// The plan that is printed.
fn planned(arguments: &[&str]) -> Value {
    let (code, stdout, stderr) = run(&[&["plan", "customer"], arguments].concat());
    assert_eq!((code, stderr.as_str()), (Some(0), ""), "{arguments:?}");
    serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error}: {stdout}"))
}

#[test]
fn a_slip_is_printed_where_it_is_asked_for() {
    let of = |name: &str| case(&format!("both-sides-edited/{name}"));
    let golden = read(&of("plan.txt"));
    let slip: Vec<&str> = golden.lines().filter(|line| !line.starts_with('#')).collect();
    let (account, customer, base) = (of("account.json"), of("customer.json"), of("base.json"));
    let arguments = [
        ["--from", account.as_str(), "--other", customer.as_str(), "--direction", "to-acumatica"],
        // Which side is looked at first decides what is read before, and nothing of what is written.
        ["--from", customer.as_str(), "--other", account.as_str(), "--direction", "to-magento"],
    ];
    for (at, arguments) in arguments.into_iter().enumerate() {
        let whole = [&["plan", "customer"], &arguments[..], &["--base", &base, "--slip"]].concat();
        let (code, stdout, stderr) = run(&whole);
        assert_eq!((code, stderr.as_str()), (Some(0), ""));
        let printed = if at == 0 {
            stdout
        } else {
            stdout.replace("magento GET /V1/customers/42", "acumatica GET Customer/C000042")
        };
        assert_eq!(printed.trim(), slip.join("\n").trim());
    }
}

/// The whole JSON of one case: account and customer are of the same fields, and the one that the shopper changed goes where the settings let it.
#[test]
fn the_result_of_the_merge_is_printed_by_field() {
    let of = |name: &str| case(&format!("group-changed/{name}"));
    let (account, customer, base) = (of("account.json"), of("customer.json"), of("base.json"));
    let plan = planned(&["--from", &account, "--other", &customer, "--base", &base, "--direction", "to-acumatica"]);
    let members: Vec<&str> = plan.as_object().expect("a plan").keys().map(String::as_str).collect();
    let mut expected = ["outcome", "findings", "reads", "calls", "fields", "assumed"];
    expected.sort_unstable();
    assert_eq!(
        {
            let mut members = members;
            members.sort_unstable();
            members
        },
        expected
    );
    assert_eq!((&plan["outcome"], &plan["findings"], &plan["assumed"]), (&json!("update"), &json!([]), &json!([])));
    let body = json!({
        "CustomerID": {"value": "C000042"}, "CustomerClass": {"value": "WEB"}, "PriceClassID": {"value": "WHOLESALE"},
    });
    let call = json!({
        "number": 1, "system": "acumatica", "method": "PUT", "path": "Customer", "headers": {"If-Match": "*"}, "body": body,
    });
    let mut calls = plan["calls"].clone();
    // What an answer shows is no part of what is written.
    calls[0].as_object_mut().expect("a call").remove("query");
    assert_eq!(calls, json!([call]));
    let expand = "MainContact,MainContact/Address,BillingContact,BillingContact/Address,ShippingContact,ShippingContact/Address,Attributes";
    let read = json!({
        "system": "acumatica", "method": "GET", "path": "Customer/C000042", "query": {"$expand": expand},
    });
    assert_eq!(plan["reads"], json!([read]));
    let fields = plan["fields"].as_array().expect("fields");
    let of = |name: &str| fields.iter().find(|row| row["field"] == name).unwrap_or_else(|| panic!("{name}: {plan}"));
    assert_eq!(
        of("group"),
        &json!({
            "field": "group", "magento": "2", "acumatica": "WEB", "in_step": false, "from": "magento", "to": "acumatica",
            "owner": "acumatica", "changed_by": ["magento"], "conflict": false,
        })
    );
    assert_eq!(
        of("billing.address"),
        &json!({
            "field": "billing.address", "magento": "100 Sample Street | Calder | MI | 49628 | US",
            "acumatica": "100 Sample Street | Calder | MI | 49628 | US", "in_step": true, "from": null, "to": null,
            "owner": "acumatica", "changed_by": [], "conflict": false,
        })
    );
    assert!(fields.iter().all(|row| row["to"].is_null() == (row["field"] != "group")), "{plan}");
}

/// A plan that was made is a success, whatever it says.
#[test]
fn what_a_rule_refuses_is_a_plan_without_calls() {
    let account = document("person-without-addresses/account.json");
    for (name, value, outcome, code) in [
        ("email", json!("x@marketplace.example.com"), "skipped", "customers.skipped.masked_email"),
        ("email", json!("no address"), "rejected", "customers.rejected.email_malformed"),
        ("email", json!(null), "rejected", "customers.rejected.email_missing"),
        ("group_id", json!(77), "rejected", "customers.rejected.group_not_mapped"),
        ("lastname", json!("x".repeat(300)), "rejected", "customers.rejected.value_too_long"),
    ] {
        let mut edited = account.clone();
        edited[name] = value;
        let path = file(&format!("{code}.json"), &edited.to_string());
        let plan = planned(&["--from", &path, "--direction", "to-acumatica"]);
        assert_eq!((&plan["outcome"], &plan["findings"][0]["code"]), (&json!(outcome), &json!(code)));
        assert_eq!((&plan["calls"], plan["findings"].as_array().map(Vec::len)), (&json!([]), Some(1)), "{plan}");
        assert!(!plan["findings"][0]["message"].as_str().expect("a sentence").contains('@'));
    }
}

/// Magento saves a region by a number, which no document of Acumatica has: words stand in its place, and what is taken for granted is said.
#[test]
fn what_no_document_says_is_said() {
    let customer = case("company-of-the-erp-becomes-an-account/customer.json");
    let plan = planned(&["--from", &customer, "--direction", "to-magento"]);
    let granted = ["Magento's directory has a region MI of US.", "Magento's directory has a region NY of US."];
    assert_eq!(plan["assumed"], json!(granted));
    let address = &plan["calls"][0]["body"]["customer"]["addresses"][0];
    assert_eq!(address["region_id"], "<Magento's number of MI in US>");
    let (account, base) =
        (case("further-addresses-of-both-sides/account.json"), case("further-addresses-of-both-sides/base.json"));
    let other = case("further-addresses-of-both-sides/customer.json");
    let mut settings: Value = serde_json::from_str(&run(&["plan", "settings"]).1).expect("settings");
    settings["customers"]["further_addresses"] = json!("locations");
    let settings = file("settings.json", &settings.to_string());
    let arguments = [
        "--from",
        &account,
        "--other",
        &other,
        "--base",
        &base,
        "--settings",
        &settings,
        "--direction",
        "to-acumatica",
    ];
    assert_eq!(planned(&arguments)["assumed"], json!(["Acumatica's customer has no location but its own."]));
    let locations = case("further-addresses-of-both-sides/locations.json");
    let plan = planned(&[&arguments[..], &["--locations", &locations]].concat());
    assert_eq!((&plan["assumed"], plan["calls"].as_array().map(Vec::len)), (&json!([]), Some(2)));
    let customer = case("account-deleted/customer.json");
    let base = case("account-deleted/base.json");
    let plan = planned(&["--from", &customer, "--base", &base, "--direction", "to-magento"]);
    assert_eq!(plan["assumed"], json!(["The account is there no more."]));
    assert_eq!(plan["findings"][0]["code"], "customers.resolved.account_deleted");
}

#[test]
fn what_is_no_such_document_is_refused_with_its_place() {
    let (account, customer) = (case("group-changed/account.json"), case("group-changed/customer.json"));
    let base = case("group-changed/base.json");
    let edited = |name: &str, path: &str, pointer: &str, value: Value| {
        let mut document: Value = serde_json::from_str(&read(path)).expect("JSON");
        *document.pointer_mut(pointer).expect(pointer) = value;
        file(name, &document.to_string())
    };
    let bad_account = edited("account.json", &account, "/addresses/0/id", json!("Jordan"));
    let bad_customer = edited("customer.json", &customer, "/MainContact/Email/value", json!(7));
    let nameless = edited("nameless.json", &customer, "/CustomerID", json!({}));
    let half = edited("half.json", &base, "/customer", json!(null));
    let bad_base = edited("base.json", &base, "/account/addresses/0/street", json!(7));
    let not_listed =
        file("locations.json", r#"[{"LocationID": {"value": "MAIN"}}, {"LocationName": {"value": "Dock"}}]"#);
    let (text, missing) = (file("text.json", "no JSON"), case("group-changed/missing.json"));
    let list = file("list.json", "[]");
    let an_account = "this is not an account as `GET /V1/customers/:id` returns it: at ";
    let a_customer = "this is not a customer as Acumatica returns it: at ";
    let a_pair = "this is not an earlier pair `{\"account\": …, \"customer\": …}`: at ";
    let (to_acumatica, to_magento) = ("to-acumatica", "to-magento");
    for (direction, from, more, wrong, sentence) in [
        (to_acumatica, &missing, vec![], &missing, "No such file or directory".to_owned()),
        (to_acumatica, &text, vec![], &text, "this is not JSON: ".to_owned()),
        (to_acumatica, &list, vec![], &list, format!("{an_account}`.`: it is not a JSON object")),
        (to_acumatica, &customer, vec![], &customer, format!("{an_account}`id`: ")),
        (to_acumatica, &bad_account, vec![], &bad_account, format!("{an_account}`addresses[0].id`: ")),
        (to_magento, &account, vec![], &account, format!("{a_customer}`id`: expected a string")),
        (to_magento, &nameless, vec![], &nameless, format!("{a_customer}`CustomerID`: it is missing")),
        (to_magento, &bad_customer, vec![], &bad_customer, format!("{a_customer}`MainContact.Email")),
        (
            to_acumatica,
            &account,
            vec!["--other", &bad_customer],
            &bad_customer,
            format!("{a_customer}`MainContact.Email"),
        ),
        (
            to_magento,
            &customer,
            vec!["--other", &bad_account],
            &bad_account,
            format!("{an_account}`addresses[0].id`: "),
        ),
        (to_acumatica, &account, vec!["--base", &half], &half, format!("{a_pair}`customer`: it is missing")),
        (to_acumatica, &account, vec!["--base", &bad_base], &bad_base, format!("{a_pair}`account.addresses[0].street")),
        (
            to_acumatica,
            &account,
            vec!["--other", &customer, "--locations", &not_listed],
            &not_listed,
            "this is not a list of locations as Acumatica returns it: at `[1].LocationID`: it is missing".to_owned(),
        ),
    ] {
        let arguments = [&["plan", "customer", "--from", from, "--direction", direction], more.as_slice()].concat();
        let (code, stdout, stderr) = run(&arguments);
        assert_eq!((code, stdout.as_str()), (Some(1), ""), "{arguments:?}");
        assert!(stderr.starts_with(&format!("error: {wrong}: ")) && stderr.contains(&sentence), "{sentence}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert!(!stderr.contains("Jordan"), "{stderr}");
    }
    for arguments in [
        vec!["--from", account.as_str()],
        vec!["--direction", "to-magento"],
        vec!["--from", &account, "--direction", "both"],
    ] {
        let (code, stdout, stderr) = run(&[&["plan", "customer"], arguments.as_slice()].concat());
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(stderr.contains("Usage") || stderr.contains("possible values"), "{stderr}");
    }
}
