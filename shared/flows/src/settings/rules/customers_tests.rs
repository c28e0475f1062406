//! Customers: who becomes an account, whose values win, and which e-mails are nobody's.

use serde_json::{Value, json};

use crate::settings::parse::tests::check;
use crate::settings::{SAMPLE, parse};

const ACCOUNTS: &str = "/customers/default/accounts";

#[test]
fn websites_and_accounts_are_those_of_the_shop() {
    let accounts =
        |classes: &[&str], view: &str, id: u64| json!({"classes": classes, "store_view": view, "website_id": id});
    for (path, value, expected) in [
        (
            "/customers/websites/us",
            json!({}),
            vec![("/customers/websites/us", "no store view in /stores belongs to a website \"us\"")],
        ),
        (ACCOUNTS, accounts(&["WEB"], "fr", 1), vec![]),
        (
            ACCOUNTS,
            accounts(&["WEB"], "us", 1),
            vec![("/customers/default/accounts/store_view", "there is no store view \"us\" in /stores")],
        ),
        (ACCOUNTS, accounts(&["WEB"], "", 1), vec![("/customers/default/accounts/store_view", "must not be empty")]),
        (
            ACCOUNTS,
            accounts(&["WEB"], "default", 0),
            vec![("/customers/default/accounts/website_id", "website 0 is Magento's admin, which has no customers")],
        ),
        (
            ACCOUNTS,
            accounts(&[], "default", 1),
            vec![(
                "/customers/default/accounts/classes",
                "must name a customer class; leave `accounts` out where none is meant",
            )],
        ),
        (
            ACCOUNTS,
            accounts(&["WEB", "WEBCUSTOMER"], "default", 1),
            vec![
                (
                    "/customers/default/accounts/classes/1",
                    "\"WEBCUSTOMER\" has 11 characters; Acumatica's Customer.CustomerClass holds 10",
                ),
                (
                    "/customers/default/accounts/classes/1",
                    "class \"WEBCUSTOMER\" has no row in `groups`, so its customers can be made in no group",
                ),
            ],
        ),
        // Acumatica's keys are read in any case.
        (
            ACCOUNTS,
            accounts(&["WEB", "web"], "default", 1),
            vec![(
                "/customers/default/accounts/classes/1",
                "class \"web\" is already at /customers/default/accounts/classes/0, and a customer becomes one account",
            )],
        ),
        (
            "/customers/websites/eu/accounts",
            accounts(&["WEB"], "de", 2),
            vec![(
                "/customers/websites/eu/accounts/classes/0",
                "class \"WEB\" is already at /customers/default/accounts/classes/0, and a customer becomes one account",
            )],
        ),
        (
            "/customers/websites/eu/accounts",
            accounts(&["WEBEU"], "fr", 1),
            vec![
                // Group 4 is a row of the website alone, and this store view is one of another.
                (
                    "/customers/websites/eu/accounts/classes/0",
                    "class \"WEBEU\" has no row in `groups`, so its customers can be made in no group",
                ),
                ("/customers/websites/eu/accounts/store_view", "store view \"fr\" is one of website \"base\""),
            ],
        ),
        (
            "/customers/websites/base",
            json!({"accounts": {"classes": ["WEBEU"], "store_view": "fr", "website_id": 2}, "groups": [{"group_id": 4, "customer_class": "WEBEU"}]}),
            vec![
                (
                    "/customers/websites/base/accounts/website_id",
                    "website \"base\" has the id 1 at /customers/default/accounts/website_id",
                ),
                (
                    "/customers/websites/eu/accounts/classes/0",
                    "class \"WEBEU\" is already at /customers/websites/base/accounts/classes/0, and a customer becomes one account",
                ),
            ],
        ),
    ] {
        check(&[(path, value)], &expected);
    }
    // Before the connection test has filled in the stores, no code is known to be wrong.
    check(&[("/stores", json!([])), ("/orders/websites", json!({})), ("/customers/websites/us", json!({}))], &[]);
    // Groups that are not synced need no rows.
    check(
        &[
            ("/customers/default/groups", json!([])),
            ("/customers/websites/eu/groups", json!([])),
            (ACCOUNTS, accounts(&["OTHER"], "default", 1)),
        ],
        &[],
    );
}

#[test]
fn owners_are_of_fields_that_there_are() {
    const FIELDS: &str = "there is no such field; they are email, name, company, vat_number, group, phone, job_title, \
                          billing.address, shipping.address, shipping.name, shipping.phone, location, newsletter and attribute.<code>";
    let owner = |field: &str| format!("/customers/owners/{field}");
    for (field, problem) in [
        ("billing.address", None),
        ("attribute.dob", None),
        ("group", None),
        ("city", Some(FIELDS)),
        ("attribute.city", Some("no attribute of that code is mapped")),
    ] {
        let path = owner(field);
        let expected: Vec<(&str, &str)> = problem.into_iter().map(|problem| (path.as_str(), problem)).collect();
        check(&[(&path, json!("magento"))], &expected);
    }
    check(
        &[("/customers/owners/name", json!("nobody"))],
        &[("/customers/owners/name", "must be one of \"magento\", \"acumatica\", \"newest\", \"never\"")],
    );
}

#[test]
fn whoever_wins_has_a_way_to_the_other_side() {
    let never = |whose: &str, direction: &str, other: &str| {
        format!("\"{whose}\" never wins: by direction \"{direction}\" nothing is written to {other}")
    };
    let to_acumatica = never("acumatica", "magento_to_acumatica", "Magento");
    let to_magento = never("magento", "acumatica_to_magento", "Acumatica");
    // The row of the credit terms is read from Acumatica alone.
    check(
        &[("/customers/owners/attribute.credit_terms", json!("magento"))],
        &[("/customers/owners/attribute.credit_terms", to_magento.as_str())],
    );
    check(
        &[
            ("/customers/direction", json!("acumatica_to_magento")),
            ("/customers/owners", json!({"email": "magento", "name": "newest", "group": "never"})),
        ],
        &[("/customers/owners/email", to_magento.as_str())],
    );
    check(
        &[
            ("/customers/direction", json!("magento_to_acumatica")),
            ("/customers/owners", json!({})),
            ("/customers/gone", json!({"from_acumatica": {"do": "group", "group_id": 5}})),
        ],
        &[
            (ACCOUNTS, "are never made: by direction \"magento_to_acumatica\" nothing is written to Magento"),
            (
                "/customers/default/attributes/3/direction",
                "is never used: all customers have direction \"magento_to_acumatica\"",
            ),
            (
                "/customers/gone/from_acumatica",
                "never happens: by direction \"magento_to_acumatica\" nothing is written to Magento",
            ),
            ("/customers/system_of_record", to_acumatica.as_str()),
            (
                "/customers/websites/eu/accounts",
                "are never made: by direction \"magento_to_acumatica\" nothing is written to Magento",
            ),
        ],
    );
    check(
        &[
            ("/customers/direction", json!("acumatica_to_magento")),
            ("/customers/owners", json!({})),
            (
                "/customers/gone",
                json!({"from_magento": "deactivate", "from_acumatica": {"do": "group", "group_id": 0}}),
            ),
        ],
        &[
            ("/customers/gone/from_acumatica/group_id", "group 0 is NOT LOGGED IN, which no account is in"),
            (
                "/customers/gone/from_magento",
                "never happens: by direction \"acumatica_to_magento\" nothing is written to Acumatica",
            ),
        ],
    );
}

#[test]
fn masked_emails_are_patterns_that_can_match() {
    let row = |email: &str| json!({"email": email, "becomes": "skip"});
    for (rows, expected) in [
        (vec![row("*@a.example.com"), row("*+shop@example.com")], vec![]),
        (vec![row("")], vec![("/customers/masked_emails/0/email", "must not be empty")]),
        (
            vec![row("marketplace")],
            vec![(
                "/customers/masked_emails/0/email",
                "\"marketplace\" is no e-mail; they look like \"*@marketplace.example.com\"",
            )],
        ),
        (
            vec![row("* @example.com")],
            vec![(
                "/customers/masked_emails/0/email",
                "\"* @example.com\" is no e-mail; they look like \"*@marketplace.example.com\"",
            )],
        ),
        (vec![row("*@*")], vec![("/customers/masked_emails/0/email", "\"*@*\" fits every e-mail")]),
        (
            vec![row("*@Example.com"), row("bot@example.COM")],
            vec![(
                "/customers/masked_emails/1",
                "can never match, because row 0 (\"*@Example.com\") comes first and matches all of it",
            )],
        ),
    ] {
        check(&[("/customers/masked_emails", json!(rows))], &expected);
    }
}

#[test]
fn attempts_are_counted_as_for_orders() {
    check(&[("/customers/max_attempts", json!(9))], &[("/customers/max_attempts", "must be at most 8")]);
    check(&[("/customers/max_attempts", json!(0))], &[("/customers/max_attempts", "must be at least 1")]);
}

#[test]
fn a_website_has_its_own_rows_before_those_of_all() {
    let settings = parse(SAMPLE, true).unwrap();
    let groups = |store: u64| -> Vec<u64> {
        let store = settings.store(store).unwrap();
        settings.customers.of(Some(store)).rows(|scope| &scope.groups).map(|row| row.group_id).collect()
    };
    assert_eq!(groups(1), [1, 2, 3]);
    assert_eq!(groups(2), [4, 1, 2, 3], "the website's own come first");
    let newsletter = |store| settings.customers.of(store).first(|scope| scope.newsletter.as_ref()).cloned();
    assert_eq!(newsletter(settings.store(2)), newsletter(None), "what a website leaves out, it inherits");
    assert!(newsletter(None).is_some());
}

#[test]
fn without_customers_nothing_is_synced() {
    let mut document: Value = serde_json::from_slice(SAMPLE).unwrap();
    document.as_object_mut().unwrap().remove("customers");
    let settings = parse(document.to_string().as_bytes(), true).unwrap();
    assert!(!settings.customers.enabled);
}
