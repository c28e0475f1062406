//! The pure parts of a person of a company, as tables.

use serde_json::{Value, json};

use super::*;
use crate::customers::facts::Regions;
use crate::link::EmailKey;
use crate::merge::{Base, Hashes, Owner};
use crate::settings::{Settings, parse};

const RECORD: &str = "abcd2345/customer/7";

fn settings(change: impl FnOnce(&mut Settings)) -> Settings {
    let text = include_bytes!("../../../../../../infra/local/sample/settings.json");
    let mut settings = parse(text, true).expect("the sample's settings");
    settings.customers.enabled = true;
    settings.customers.companies.enabled = true;
    change(&mut settings);
    settings
}

fn account(member: &Value, changes: &[(&str, &str)]) -> Account {
    let mut document = json!({
        "id": 7, "group_id": 1, "website_id": 1, "store_id": 1, "updated_at": "2026-11-23 10:00:00",
        "email": "Ada@example.com", "firstname": "Ada", "lastname": "Byron", "addresses": [],
        "extension_attributes": {"is_subscribed": false, "company_attributes": member},
    });
    for (name, value) in changes {
        document[*name] = json!(value);
    }
    Account::read(document).expect("an account")
}

fn member() -> Value {
    json!({"customer_id": 7, "company_id": 3, "status": 1, "job_title": "Engineer", "telephone": "555-0100"})
}

fn contact(changes: &[(&str, Option<&str>)]) -> Contact {
    let mut document = json!({
        "ContactID": {"value": 100_001}, "BusinessAccount": {"value": "C000001"}, "FirstName": {"value": "Ada"},
        "LastName": {"value": "Byron"}, "Email": {"value": "ada@example.com"}, "Phone1": {"value": "555-0100"},
        "JobTitle": {"value": "Engineer"},
    });
    for (name, value) in changes {
        document[*name] = json!({ "value": value });
    }
    acumatica::error::decode(document).expect("a contact")
}

/// The plan for a person as both sides were (in step), and as they are now.
fn planned(
    settings: &Settings,
    account: &Account,
    contact: Option<&Contact>,
    was: Option<(&Account, &Contact)>,
) -> Decided {
    let key = EmailKey::new(seams::Secret::new("key"));
    let (hashes, regions) = (Hashes::new(&key, RECORD), Regions::new());
    let base = was.map(|(account, contact)| {
        let both = both(account, Some(contact));
        Base::of(&both.account, &both.customer, &hashes)
    });
    let facts = Facts {
        link: "abcd2345",
        settings,
        account: Some(account),
        customer: None,
        paired: base.is_some(),
        base: base.as_ref(),
        newer: Side::Acumatica,
        hashes,
        regions: &regions,
        further: None,
    };
    plan(&Person { facts, account, contact, customer_id: "C000001", newer: Side::Acumatica })
}

/// Where each step goes and what it says.
fn sent(decided: &Decided) -> Vec<(String, Value)> {
    let steps = decided.plan.work().map(|work| work.steps.clone()).unwrap_or_default();
    steps.iter().map(|step| (step.entity().to_owned(), step.body().clone())).collect()
}

#[test]
fn what_a_record_is_bound_to_names_customer_and_contact() {
    assert_eq!(target("C000001", 100_001), "C000001/contact/100001");
    for (target, expected) in [
        ("C000001/contact/100001", Some(("C000001", "100001"))),
        ("A/contact/B/contact/7", Some(("A/contact/B", "7"))),
        ("C000001", None),
        ("12", None),
    ] {
        assert_eq!(parts_of(target), expected, "{target}");
    }
}

#[test]
fn whoever_has_a_company_is_one_of_its_people() {
    for (attributes, expected) in [
        (json!({"company_id": 3}), Some(3)),
        (json!({"company_id": "3"}), Some(3)),
        (json!({"company_id": 0}), None),
        (json!({"company_id": null}), None),
        (Value::Null, None),
    ] {
        let account = account(&attributes, &[]);
        assert_eq!(membership(&account).map(|(id, _)| id.0), expected, "{attributes}");
    }
}

#[test]
fn a_company_that_is_not_approved_stands_still() {
    let (settings, account) = (settings(|_| ()), account(&member(), &[]));
    let key = EmailKey::new(seams::Secret::new("key"));
    let regions = Regions::new();
    let facts = Facts {
        link: "abcd2345",
        settings: &settings,
        account: Some(&account),
        customer: None,
        paired: false,
        base: None,
        newer: Side::Magento,
        hashes: Hashes::new(&key, RECORD),
        regions: &regions,
        further: None,
    };
    for (status, expected) in [
        (json!(0), Some(("not_ready", "customers.not_ready.company_pending"))),
        (json!(1), None),
        (json!("2"), Some(("skipped", "customers.skipped.company_blocked"))),
        (json!(3), Some(("skipped", "customers.skipped.company_blocked"))),
        (Value::Null, None),
    ] {
        let company: Company = serde_json::from_value(json!({"id": 3, "status": status})).expect("a company");
        let plan = stands_still(&facts, &company);
        let said = plan.as_ref().map(|plan| (plan.word(), plan.finding().map_or("", |finding| finding.code)));
        assert_eq!(said, expected, "{status}");
    }
}

#[test]
fn a_new_contact_has_what_the_account_has() {
    let settings = settings(|_| ());
    let text = |value: &str| json!({ "value": value });
    let whole = planned(&settings, &account(&member(), &[]), None, None);
    assert_eq!(
        sent(&whole),
        [(
            "Contact".to_owned(),
            json!({
                "BusinessAccount": text("C000001"), "ExtRefNbr": text("abcd2345-7"), "Email": text("Ada@example.com"),
                "FirstName": text("Ada"), "LastName": text("Byron"), "Phone1": text("555-0100"), "JobTitle": text("Engineer"),
            })
        )]
    );
    let poor = planned(&settings, &account(&json!({"company_id": 3}), &[("firstname", " ")]), None, None);
    let expected = json!({
        "BusinessAccount": text("C000001"), "ExtRefNbr": text("abcd2345-7"), "Email": text("Ada@example.com"),
        "FirstName": {"value": null}, "LastName": text("Byron"),
    });
    assert_eq!(sent(&poor), [("Contact".to_owned(), expected)]);
    for (name, length, code) in [
        ("lastname", 0, Some("customers.rejected.name_missing")),
        ("firstname", 50, None),
        ("firstname", 51, Some("customers.rejected.value_too_long")),
        ("lastname", 100, None),
        ("lastname", 101, Some("customers.rejected.value_too_long")),
    ] {
        let account = account(&member(), &[(name, &"é".repeat(length))]);
        let decided = planned(&settings, &account, None, None);
        assert_eq!(decided.plan.finding().map(|finding| finding.code), code, "{name} of {length}");
    }
}

#[test]
fn what_one_side_has_changed_goes_to_the_other() {
    let settings = settings(|_| ());
    let (was, there) = (account(&member(), &[]), contact(&[]));
    let key = json!({"ContactID": {"value": 100_001}});
    let with = |name: &str, value: Value| {
        let mut body = key.clone();
        body[name] = json!({ "value": value });
        ("Contact".to_owned(), body)
    };
    let mut retired = member();
    retired["job_title"] = json!("");
    for (now, expected) in [
        (account(&member(), &[]), Vec::new()),
        (account(&member(), &[("email", "ADA@EXAMPLE.COM")]), Vec::new()),
        (account(&member(), &[("email", "ada@new.example")]), vec![with("Email", json!("ada@new.example"))]),
        (account(&retired, &[]), vec![with("JobTitle", Value::Null)]),
    ] {
        assert_eq!(sent(&planned(&settings, &now, Some(&there), Some((&was, &there)))), expected);
    }
    let other = |pointer: &str, value: &str| {
        let account = was.document.clone();
        let mut body = json!({});
        for name in ["id", "group_id", "website_id", "store_id", "email", "firstname", "lastname"] {
            body[name] = account[name].clone();
        }
        if pointer.starts_with("/extension_attributes") {
            body["extension_attributes"] = json!({"company_attributes": member()});
        }
        *body.pointer_mut(pointer).expect("a member") = json!(value);
        vec![("/V1/customers/7".to_owned(), json!({ "customer": body }))]
    };
    for (change, expected) in [
        (("LastName", Some("Lovelace")), other("/lastname", "Lovelace")),
        (("Email", Some("ada@new.example")), other("/email", "ada@new.example")),
        (("JobTitle", Some("Fellow")), other("/extension_attributes/company_attributes/job_title", "Fellow")),
        (("Phone1", None), other("/extension_attributes/company_attributes/telephone", "")),
    ] {
        let now = contact(&[change]);
        assert_eq!(sent(&planned(&settings, &was, Some(&now), Some((&was, &there)))), expected, "{change:?}");
    }
    for (change, code) in [
        (("FirstName", None), "customers.rejected.name_missing"),
        (("Email", None), "customers.rejected.email_missing"),
    ] {
        let now = contact(&[change]);
        let decided = planned(&settings, &was, Some(&now), Some((&was, &there)));
        assert_eq!(decided.plan.finding().map(|finding| finding.code), Some(code), "{change:?}");
    }
}

#[test]
fn what_both_have_changed_goes_by_its_owner() {
    let (was, there) = (account(&member(), &[]), contact(&[]));
    let (here, now) = (account(&member(), &[("lastname", "King")]), contact(&[("LastName", Some("Lovelace"))]));
    for (owner, expected) in [
        (Owner::Magento, vec!["Contact"]),
        (Owner::Acumatica, vec!["/V1/customers/7"]),
        (Owner::Newest, vec!["/V1/customers/7"]),
        (Owner::Never, vec![]),
    ] {
        let settings = settings(|settings| settings.customers.owners = [(Field::new("name"), owner)].into());
        let decided = planned(&settings, &here, Some(&now), Some((&was, &there)));
        let places: Vec<String> = sent(&decided).into_iter().map(|(place, _)| place).collect();
        assert_eq!(places, expected, "{owner:?}");
    }
}

#[test]
fn a_direction_that_is_closed_stays_closed() {
    let (was, there) = (account(&member(), &[]), contact(&[]));
    let (here, now) = (account(&member(), &[("lastname", "King")]), contact(&[("JobTitle", Some("Fellow"))]));
    for (direction, expected, made) in [
        (CustomerDirection::Both, vec!["Contact", "/V1/customers/7"], true),
        (CustomerDirection::MagentoToAcumatica, vec!["Contact"], true),
        (CustomerDirection::AcumaticaToMagento, vec!["/V1/customers/7"], false),
    ] {
        let settings = settings(|settings| settings.customers.direction = direction);
        let decided = planned(&settings, &here, Some(&now), Some((&was, &there)));
        let places: Vec<String> = sent(&decided).into_iter().map(|(place, _)| place).collect();
        assert_eq!(places, expected, "{direction:?}");
        let new = planned(&settings, &was, None, None);
        let code = new.plan.finding().map(|finding| finding.code);
        assert_eq!(code, (!made).then_some("customers.skipped.direction"), "{direction:?}");
    }
}
