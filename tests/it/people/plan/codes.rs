//! Every code of customers: those that the plan raises with an example, the others by who raises them.

use std::collections::BTreeSet;

use flows::codes::ADVICE;
use serde_json::{Value, json};

use super::{Pair, account, bare, check, customer, edited, pair, settings, text};

/// Raised where pairs are found and made: events, guards, look-ups. Each is what a test of the flow asserts.
const OF_THE_FLOW: [(&str, &str); 18] = [
    ("customers.not_ready.being_made", include_str!("../together.rs")),
    ("customers.not_ready.changed_meanwhile", include_str!("../together.rs")),
    ("customers.not_ready.company_pending", include_str!("../companies.rs")),
    ("customers.rejected.ambiguous_contact", include_str!("../companies_whose.rs")),
    ("customers.rejected.ambiguous_email", include_str!("../emails.rs")),
    ("customers.rejected.company_changed", include_str!("../companies_whose.rs")),
    ("customers.rejected.company_module_missing", include_str!("../companies.rs")),
    ("customers.rejected.email_not_taken", include_str!("../emails.rs")),
    ("customers.rejected.email_taken", include_str!("../emails.rs")),
    ("customers.rejected.shared_email", include_str!("../emails.rs")),
    ("customers.resolved.not_taken", include_str!("taken.rs")),
    ("customers.skipped.ambiguous_email", include_str!("../emails.rs")),
    ("customers.skipped.companies_off", include_str!("../companies_whose.rs")),
    ("customers.skipped.company", include_str!("../companies.rs")),
    ("customers.skipped.company_blocked", include_str!("../companies.rs")),
    ("customers.skipped.joined", include_str!("../together.rs")),
    ("customers.skipped.left_company", include_str!("../companies_whose.rs")),
    ("customers.skipped.shared_email", include_str!("../emails.rs")),
];

/// Settings, what was in step, what is there now, and what is decided.
type Example = (Vec<(&'static str, Value)>, Option<Pair>, Pair, &'static str);

fn rejected() -> Vec<Example> {
    let here = |edits: &[(&str, Value)]| (Some(edited(account(), edits)), None);
    let there = |edits: &[(&str, Value)]| (None, Some(edited(customer(), edits)));
    vec![
        (
            vec![],
            None,
            there(&[("/MainContact/Address/AddressLine1", Value::Null)]),
            "rejected\ncustomers.rejected.address_incomplete: An address of Customer C1 of Acumatica has no street, which Magento asks for.",
        ),
        (
            vec![],
            None,
            here(&[("/custom_attributes", json!([{"attribute_code": "industry", "value": "99"}]))]),
            "rejected\ncustomers.rejected.attribute_value: A value of the customer attribute `industry` has no row in `values`.",
        ),
        (
            vec![(
                "/customers/default/groups",
                json!([{"group_id": 1, "customer_class": "WEB", "price_class": "GOLD"}]),
            )],
            None,
            there(&[]),
            "rejected\ncustomers.rejected.class_not_mapped: Acumatica's customer class `WEB` is mapped to no customer group of Magento.",
        ),
        (
            vec![],
            None,
            here(&[("/group_id", json!(9))]),
            "rejected\ncustomers.rejected.group_not_mapped: Magento's customer group 9 is mapped to no customer class of Acumatica.",
        ),
        (
            vec![],
            None,
            here(&[("/email", json!("ada"))]),
            "rejected\ncustomers.rejected.email_malformed: The e-mail of Customer 7 of Magento is no address for mail.",
        ),
        (
            vec![],
            None,
            there(&[("/MainContact/Email", json!({}))]),
            "rejected\ncustomers.rejected.email_missing: Customer C1 of Acumatica has no e-mail, by which customers are found.",
        ),
        (
            vec![("/customers/masked_emails", json!([{"email": "*@Example.com", "becomes": "park"}]))],
            None,
            here(&[]),
            "rejected\ncustomers.rejected.masked_email: Customer 7 of Magento has an e-mail that the settings say is no person's.",
        ),
        (
            vec![],
            None,
            here(&[("/firstname", json!(" ")), ("/lastname", json!(""))]),
            "rejected\ncustomers.rejected.name_missing: Customer 7 of Magento has no name.",
        ),
        (
            vec![],
            None,
            there(&[("/CustomerName", text("Ada")), ("/MainContact/Attention", json!({}))]),
            "rejected\ncustomers.rejected.name_missing: Customer C1 of Acumatica has no first and last name, and Magento's accounts need both.",
        ),
        (
            vec![],
            None,
            there(&[("/MainContact/Address/State", text("Nowhere"))]),
            "rejected\ncustomers.rejected.region_unknown: The state of an address of Customer C1 of Acumatica is no region of `US` in Magento.",
        ),
        (
            // As before the first connection test.
            vec![("/stores", json!([]))],
            None,
            there(&[]),
            "rejected\ncustomers.rejected.store_view_unknown: The settings make accounts in store view `default`, which is not among `stores`.",
        ),
        (
            vec![],
            None,
            here(&[("/taxvat", json!("X".repeat(51)))]),
            "rejected\ncustomers.rejected.value_too_long: `TaxRegistrationID` of Customer 7 of Magento has 51 characters; Acumatica's field \
             Customer.TaxRegistrationID holds 50.",
        ),
    ]
}

fn skipped() -> Vec<Example> {
    let both = || Some(pair(account(), bare(customer())));
    let gone = |value: Value| vec![("/customers/gone", value)];
    let (here, there) =
        (|| (Some(account()), None), |edits: &[(&str, Value)]| (None, Some(bare(edited(customer(), edits)))));
    vec![
        (
            gone(json!({})),
            both(),
            there(&[]),
            "skipped\ncustomers.skipped.account_deleted: The account of Customer C1 of Acumatica was deleted in Magento.",
        ),
        (
            gone(json!({"from_magento": "deactivate"})),
            both(),
            there(&[]),
            "update\nacumatica PUT Customer\n CustomerID = C1\n Status = Inactive",
        ),
        (
            gone(json!({})),
            both(),
            here(),
            "skipped\ncustomers.skipped.customer_deleted: The customer of Customer 7 of Magento was deleted in Acumatica.",
        ),
        (
            gone(json!({})),
            both(),
            (None, None),
            "skipped\ncustomers.skipped.gone: The customer is on neither side any more.",
        ),
        (
            vec![],
            None,
            there(&[("/CustomerClass", text("TRADE"))]),
            "skipped\ncustomers.skipped.class_not_synced: The class of Customer C1 of Acumatica is not one of those whose customers are made \
             in Magento.",
        ),
        (
            vec![("/customers/direction", json!("acumatica_to_magento")), ("/customers/owners", json!({}))],
            None,
            here(),
            "skipped\ncustomers.skipped.direction: Customer 7 of Magento is not made on the other side: the settings sync customers the other \
             way.",
        ),
        (
            vec![("/customers/enabled", json!(false))],
            None,
            here(),
            "skipped\ncustomers.skipped.disabled: Customers are switched off in the settings.",
        ),
        (
            vec![],
            None,
            there(&[("/IsGuestCustomer", json!({"value": true}))]),
            "skipped\ncustomers.skipped.guest: Customer C1 of Acumatica is a guest, who has no account.",
        ),
        (
            vec![],
            None,
            there(&[("/Status", text("Inactive"))]),
            "skipped\ncustomers.skipped.inactive: Customer C1 of Acumatica is inactive, so no account is made for it.",
        ),
        (
            vec![("/customers/masked_emails", json!([{"email": "*@example.com", "becomes": "skip"}]))],
            None,
            here(),
            "skipped\ncustomers.skipped.masked_email: Customer 7 of Magento has an e-mail that the settings skip.",
        ),
    ]
}

fn resolved() -> Vec<Example> {
    let both = || Some(pair(account(), bare(customer())));
    let log = || vec![("/customers/gone", json!({"from_magento": "log", "from_acumatica": {"do": "log"}}))];
    vec![
        (
            log(),
            both(),
            (None, Some(customer())),
            "skipped\ncustomers.resolved.account_deleted: The account of Customer C1 of Acumatica was deleted in Magento.",
        ),
        (
            log(),
            both(),
            (Some(account()), None),
            "skipped\ncustomers.resolved.customer_deleted: The customer of Customer 7 of Magento was deleted in Acumatica.",
        ),
        (
            log(),
            both(),
            pair(account(), bare(edited(customer(), &[("/Status", text("Inactive"))]))),
            "unchanged\ntold customers.resolved.inactive: Customer C1 of Acumatica is inactive in Acumatica; its account in Magento is not.",
        ),
        (
            vec![],
            both(),
            pair(
                edited(account(), &[("/email", json!("a@example.com"))]),
                bare(edited(customer(), &[("/MainContact/Email", text("b@example.com"))])),
            ),
            "update\ntold customers.resolved.conflict: Customer C1 of Acumatica was changed on both sides, and differently, in `email` \
             (Magento's stays).\nacumatica PUT Customer\n CustomerID = C1\n MainContact/Email = a@example.com",
        ),
    ]
}

/// Whether a test of that source asserts the text: in what it asserts, or in the table or value that it asserts under one of these names.
fn is_asserted(source: &str, text: &str) -> bool {
    let (quoted, names) = (format!("\"{text}\""), ["code", "codes", "expected"]);
    let code: String =
        source.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect();
    let names =
        |part: &str| part.split(|own: char| !own.is_alphanumeric() && own != '_').any(|word| names.contains(&word));
    // Functions end with a brace at the margin.
    code.split("\n}\n")
        .filter(|function| function.contains(&quoted))
        .any(|function| asserted(function).iter().any(|part| part.contains(&quoted) || names(part)))
}

/// What stands between the parentheses of each assertion.
fn asserted(function: &str) -> Vec<&str> {
    let begins = function.match_indices("assert").filter_map(|(at, _)| Some(at + function[at..].find('(')?));
    let part = |from: usize| {
        let (mut depth, mut in_text) = (0, false);
        for (at, own) in function[from..].char_indices() {
            match own {
                '"' => in_text = !in_text,
                '(' if !in_text => depth += 1,
                ')' if !in_text => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return &function[from..=from + at];
            }
        }
        &function[from..]
    };
    begins.map(part).collect()
}

#[test]
fn a_code_is_shown_where_it_is_asserted() {
    for (source, expected) in [
        ("fn a() {\n    assert_eq!(report.code, Some(\"a.b\"));\n}\n", true),
        ("fn a() {\n    for code in [\"a.b\"] {\n        assert!(told.contains(code), \"(\");\n    }\n}\n", true),
        ("fn a() {\n    let code = \"a.b\";\n    assert!(true);\n}\n", false),
        ("fn a() {\n    let code = \"a.b\";\n}\n\nfn b() {\n    assert_eq!(code, 1);\n}\n", false),
        ("fn a() {\n    // assert_eq!(code, \"a.b\");\n}\n", false),
        ("fn a() {\n    assert_eq!(report.code, Some(\"a.b.c\"));\n}\n", false),
    ] {
        assert_eq!(is_asserted(source, "a.b"), expected, "{source}");
    }
}

#[test]
fn every_code_has_an_example() {
    let mut shown = BTreeSet::new();
    for (code, tests) in OF_THE_FLOW {
        assert!(is_asserted(tests, code), "{code}");
        shown.insert(code.to_owned());
    }
    for (changes, before, now, expected) in rejected().into_iter().chain(skipped()).chain(resolved()) {
        check(&settings(&changes), before.as_ref(), &now, expected);
        let codes = expected.split([' ', '\n', ':']).filter(|word| word.starts_with("customers."));
        shown.extend(codes.map(str::to_owned));
    }
    let all = ADVICE.into_iter().flatten().map(|advice| advice.code).filter(|code| code.starts_with("customers."));
    assert_eq!(all.map(str::to_owned).collect::<BTreeSet<_>>(), shown);
}

#[test]
fn a_masked_email_may_be_synced_all_the_same() {
    let rows = json!([{"email": "ada@*", "becomes": "sync"}, {"email": "*@example.com", "becomes": "skip"}]);
    let settings = settings(&[("/customers/masked_emails", rows)]);
    let (decided, _) = super::decided(&settings, &(Some(account()), None), None, flows::merge::Side::Magento);
    assert_eq!(decided.plan.word(), "create", "the first row that fits holds");
}
