//! What becomes of an order's addresses: people, streets, countries and regions, and what an address cannot be without.

use flows::orders::plan::check::check;
use flows::plan::{Plan, StepKey};
use serde_json::{Value, json};
use simulators::magento::{Address, OrderDraft};

use super::{at, body, created, document, edited, erp, finding, mugs, planned, planned_by, put, settings};

/// `line 1 | line 2 | city | state | postal code | country` of a party.
pub(super) fn lines(body: &Value, party: &str) -> String {
    let fields = ["AddressLine1", "AddressLine2", "City", "State", "PostalCode", "Country"];
    fields.map(|field| at(body, &format!("/{party}/{field}"))).join(" | ")
}

const SHIPPING: &str = "/extension_attributes/shipping_assignments/0/shipping";

#[test]
fn addresses_belong_to_the_order() {
    for (street, expected) in [
        (vec!["100 Sample Street"], "100 Sample Street |  | Calder | MI | 49628 | US"),
        (vec!["1 A St", "Suite 2"], "1 A St | Suite 2 | Calder | MI | 49628 | US"),
        (vec!["1 A St", "Suite 2", "Dock 3"], "1 A St | Suite 2, Dock 3 | Calder | MI | 49628 | US"),
        (vec!["1 A St", "Suite 2", "Dock 3", "Gate 4"], "1 A St | Suite 2, Dock 3, Gate 4 | Calder | MI | 49628 | US"),
        (vec![" 1 A St ", "", "Dock 3"], "1 A St | Dock 3 | Calder | MI | 49628 | US"),
        (vec!["", "Dock 3"], "Dock 3 |  | Calder | MI | 49628 | US"),
    ] {
        let draft =
            mugs().billing(Address::us("Jordan", "Sample").street(&street)).ship_to(Address::fr("Zoé", "Exemple"));
        let plan = planned(&document(&draft));
        let body = created(&plan);
        assert_eq!(lines(body, "BillToAddress"), expected);
        assert_eq!(lines(body, "ShipToAddress"), "1 Rue Exemple |  | Lyon |  | 69002 | FR");
        assert_eq!(at(body, "/ShipToContact/Attention"), "Zoé Exemple");
        assert_eq!(at(body, "/ShipToContact/BusinessName"), "Zoé Exemple");
        assert_eq!(at(body, "/ShipToContact/Phone1"), "0102030405");
        let overrides = ["BillToAddress", "BillToContact", "ShipToAddress", "ShipToContact"];
        assert_eq!(overrides.map(|party| at(body, &format!("/{party}Override"))), ["true"; 4]);
        // Else the suite or the state of the customer's own address would stay.
        assert_eq!(body["ShipToAddress"]["AddressLine2"], json!({"value": null}));
        assert_eq!(body["ShipToAddress"]["State"], json!({"value": null}));
    }
}

#[test]
fn a_person_has_a_whole_name() {
    for (parts, expected) in [
        (json!({"prefix": "Dr.", "middlename": "M.", "suffix": "Jr."}), "Dr. Jordan M. Sample Jr."),
        (json!({"prefix": " ", "middlename": null, "suffix": ""}), "Jordan Sample"),
        (json!({"firstname": " Mary Ann ", "lastname": "de la Cruz"}), "Mary Ann de la Cruz"),
        (json!({"firstname": "", "lastname": "O&#039;Brien &amp; Co"}), "O&#039;Brien &amp; Co"),
        (json!({"firstname": "", "lastname": null}), ""),
    ] {
        let mut order = document(&mugs());
        for (field, value) in parts.as_object().expect("fields") {
            put(&mut order, &format!("/billing_address/{field}"), value.clone());
        }
        let plan = planned(&order);
        let sent = created(&plan);
        assert_eq!(at(sent, "/BillToContact/Attention"), expected);
        assert_eq!(at(sent, "/BillToContact/BusinessName"), expected);
        assert_eq!(at(sent, "/ShipToContact/Attention"), "Jordan Sample", "another address, another person");
    }
    let company = edited(
        &mugs(),
        &[("/billing_address/company", json!("Other & Sons")), ("/billing_address/prefix", json!("Ms"))],
    );
    let plan = planned(&company);
    assert_eq!(at(created(&plan), "/BillToContact/BusinessName"), "Other & Sons");
    assert_eq!(at(created(&plan), "/BillToContact/Attention"), "Ms Jordan Sample");
}

#[test]
fn each_address_has_its_own_e_mail_or_the_orders() {
    let order = edited(&mugs(), &[(&format!("{SHIPPING}/address/email"), json!("dock@example.com"))]);
    let plan = planned(&order);
    assert_eq!(at(created(&plan), "/ShipToContact/Email"), "dock@example.com");
    assert_eq!(at(created(&plan), "/BillToContact/Email"), "jordan@example.com");
    let order = edited(&mugs(), &[(&format!("{SHIPPING}/address/email"), Value::Null)]);
    assert_eq!(at(created(&planned(&order)), "/ShipToContact/Email"), "jordan@example.com");
}

/// Combining marks, right to left, four bytes in UTF-8, a family of joined emoji, and an entity.
const SCRIPTS: [&str; 6] =
    ["Ze\u{301}lie Łoś", "محمد ‏الأمين", "東京 一番", "𠮷野 𝒳", "👩‍👩‍👧 Party 🎉", "O&#039;Brien &amp; Søn"];

#[test]
fn every_script_arrives_as_it_was_written() {
    for text in SCRIPTS {
        let mut order = document(&mugs());
        for field in ["firstname", "company", "city", "region_code", "postcode", "telephone"] {
            put(&mut order, &format!("/billing_address/{field}"), json!(text));
        }
        put(&mut order, "/billing_address/lastname", Value::Null);
        // A country whose states the tenant does not list takes any.
        put(&mut order, "/billing_address/country_id", json!("FR"));
        put(&mut order, "/billing_address/street", json!([text, text, text]));
        let plan = planned(&order);
        let sent = created(&plan);
        let expected = format!("{text} | {text}, {text} | {text} | {text} | {text} | FR");
        assert_eq!(lines(sent, "BillToAddress"), expected);
        for pointer in ["/BillToContact/Attention", "/BillToContact/BusinessName", "/BillToContact/Phone1"] {
            assert_eq!(at(sent, pointer), text);
        }
        assert_eq!(at(body(&plan, StepKey::CustomerCreate), "/CustomerName"), text);
        let (sent, receipt) = erp::external().run(&plan);
        let checked = check("000000001", None, Some(&sent), &receipt).expect("a receipt");
        assert_eq!(checked.finding, None);
        assert_eq!(lines(&receipt, "BillToAddress"), expected);
    }
}

#[test]
fn countries_say_which_form_of_a_region_the_erp_wants() {
    let by = settings(|document| {
        let default = &mut document["orders"]["default"];
        default["countries"] = json!([
            {"country": "GB", "state": "none"},
            {"country": "IT", "state": "name"},
            {"country": "XK", "acumatica": "KS"},
        ]);
        default["regions"] = json!([
            {"country": "CA", "region": "QC", "state": "PQ"},
            {"country": "DE", "region": "Bayern", "state": "BY"},
            {"country": "GB", "region": "Kent", "state": "KEN"},
        ]);
    });
    for (country, code, name, expected) in [
        ("US", json!("MI"), json!("Michigan"), "MI US"),
        // Magento has no code, or the name in its place.
        ("US", Value::Null, json!("Michigan"), "Michigan US"),
        ("CH", json!("Bern"), json!("Bern"), "Bern CH"),
        ("CH", json!(""), json!(" "), " CH"),
        ("IT", json!("MI"), json!("Milano"), "Milano IT"),
        ("IT", json!("MI"), Value::Null, "MI IT"),
        ("GB", json!("ESS"), json!("Essex"), " GB"),
        ("XK", json!("1"), json!("Pristina"), "1 KS"),
        // An exception, by code and by name, in any case; of its own country only, and before the country's form.
        ("CA", json!("QC"), json!("Québec"), "PQ CA"),
        ("DE", json!("BAY"), json!("bayern"), "BY DE"),
        ("DE", Value::Null, json!(" BAYERN "), "BY DE"),
        ("AT", Value::Null, json!("Bayern"), "Bayern AT"),
        ("GB", Value::Null, json!("Kent"), "KEN GB"),
    ] {
        let edits = [
            ("/billing_address/country_id", json!(country)),
            ("/billing_address/region_code", code),
            ("/billing_address/region", name),
        ];
        let plan = planned_by(&edited(&mugs(), &edits), &by);
        let state = |body: &Value, at_: &str| {
            format!("{} {}", at(body, &format!("{at_}/State")), at(body, &format!("{at_}/Country")))
        };
        assert_eq!(state(created(&plan), "/BillToAddress"), expected, "{edits:?}");
        assert_eq!(state(body(&plan, StepKey::CustomerCreate), "/MainContact/Address"), expected, "{edits:?}");
    }
}

#[test]
fn countries_of_a_narrower_scope_come_first() {
    let by = settings(|document| {
        let orders = &mut document["orders"];
        orders["default"]["countries"] = json!([{"country": "US", "state": "none"}]);
        orders["websites"]["base"] = json!({"countries": [{"country": "US", "state": "name"}]});
    });
    assert_eq!(at(created(&planned_by(&document(&mugs()), &by)), "/BillToAddress/State"), "Michigan");
}

#[test]
fn what_an_address_cannot_be_without_is_named_before_any_call() {
    let (billing, shipping) = ("/billing_address", format!("{SHIPPING}/address"));
    for (edits, sentence) in [
        (vec![(format!("{billing}/street"), json!([]))], "The billing address of order 000000001 has no street."),
        (
            vec![(format!("{billing}/street"), json!([" ", ""]))],
            "The billing address of order 000000001 has no street.",
        ),
        (vec![(format!("{billing}/city"), json!(" "))], "The billing address of order 000000001 has no city."),
        (
            vec![(format!("{billing}/country_id"), Value::Null)],
            "The billing address of order 000000001 has no country.",
        ),
        (vec![(format!("{shipping}/city"), Value::Null)], "The shipping address of order 000000001 has no city."),
        (
            vec![(format!("{shipping}/street"), json!([])), (format!("{shipping}/country_id"), json!(""))],
            "The shipping address of order 000000001 has no street, no country.",
        ),
        (vec![(billing.to_owned(), Value::Null)], "Order 000000001 has no billing address."),
        (vec![(shipping.clone(), Value::Null)], "Order 000000001 is to be shipped, but it has no shipping address."),
    ] {
        let edits: Vec<(&str, Value)> =
            edits.iter().map(|(pointer, value)| (pointer.as_str(), value.clone())).collect();
        let plan = planned(&edited(&mugs(), &edits));
        assert_eq!(finding(&plan), ("orders.rejected.address_incomplete", sentence));
        assert!(plan.work().is_none());
    }
}

#[test]
fn what_an_address_may_be_without_is_sent_empty() {
    let edits = ["postcode", "telephone", "region", "region_code", "company", "email"];
    let pointers: Vec<String> = edits.iter().map(|field| format!("/billing_address/{field}")).collect();
    let edits: Vec<(&str, Value)> = pointers.iter().map(|pointer| (pointer.as_str(), Value::Null)).collect();
    let plan = planned(&edited(&mugs(), &edits));
    let sent = created(&plan);
    assert_eq!(lines(sent, "BillToAddress"), "100 Sample Street |  | Calder |  |  | US");
    for pointer in ["/BillToAddress/PostalCode", "/BillToAddress/State", "/BillToContact/Phone1"] {
        assert_eq!(sent.pointer(pointer), Some(&json!({"value": null})), "{pointer}");
    }
}

#[test]
fn what_does_not_fit_is_rejected_by_name_and_never_cut() {
    let phone = |length: usize| format!("+1 (555) 010-0100 ext. {}", "9".repeat(length - 23));
    let mail = |length: usize| format!("{}@example.com", "a".repeat(length - 12));
    let cut = |path: &str, entity: &str, length: usize, limit: usize| {
        format!("`{path}` of order 000000001 has {length} characters; Acumatica's field {entity}.{path} holds {limit}.")
    };
    let at_shipping = |field: &str| format!("{SHIPPING}/address/{field}");
    for (pointer, value, rejected) in [
        ("/billing_address/telephone".to_owned(), phone(50), None),
        ("/billing_address/telephone".to_owned(), phone(51), Some(cut("MainContact/Phone1", "Customer", 51, 50))),
        (at_shipping("telephone"), phone(50), None),
        (at_shipping("telephone"), phone(51), Some(cut("ShipToContact/Phone1", "SalesOrder", 51, 50))),
        (at_shipping("email"), mail(255), None),
        (at_shipping("email"), mail(256), Some(cut("ShipToContact/Email", "SalesOrder", 256, 255))),
        ("/customer_email".to_owned(), mail(256), Some(cut("MainContact/Email", "Customer", 256, 255))),
        ("/billing_address/vat_id".to_owned(), "1".repeat(50), None),
        ("/billing_address/vat_id".to_owned(), "1".repeat(51), Some(cut("TaxRegistrationID", "Customer", 51, 50))),
        // Four bytes each: characters are counted.
        ("/billing_address/company".to_owned(), "𠮷".repeat(255), None),
        ("/billing_address/company".to_owned(), "𠮷".repeat(256), Some(cut("CustomerName", "Customer", 256, 255))),
        // No length is stated for the lines of an address: they go as they are.
        (at_shipping("city"), "c".repeat(300), None),
    ] {
        let plan = planned(&edited(&mugs(), &[(&pointer, json!(value))]));
        match rejected {
            None => {
                let sent: Vec<String> =
                    plan.work().expect(&pointer).steps.iter().map(|step| step.body().to_string()).collect();
                assert!(sent.iter().any(|body| body.contains(&value)), "{pointer} is not sent whole");
            }
            Some(sentence) => assert_eq!(finding(&plan), ("orders.rejected.value_too_long", sentence.as_str())),
        }
    }
}

fn unshipped(plan: &Plan) {
    let body = created(plan);
    for field in ["ShipVia", "ShipToAddress", "ShipToAddressOverride", "ShipToContact", "ShippingSettings"] {
        assert_eq!(body.get(field), None, "{field}");
    }
    assert_eq!(lines(body, "BillToAddress"), "100 Sample Street |  | Calder | MI | 49628 | US");
}

#[test]
fn a_virtual_order_is_not_shipped() {
    let draft = OrderDraft::guest("jordan@example.com").virtual_item("WARRANTY", 1, "9.90").downloadable("EBOOK", 1, 5);
    unshipped(&planned(&document(&draft)));
    // Whatever its assignment holds.
    for shipping in [json!({"address": {"city": null}}), json!({"address": null, "method": null}), Value::Null] {
        unshipped(&planned(&edited(&draft, &[(SHIPPING, shipping)])));
    }
    unshipped(&planned(&edited(&draft, &[("/extension_attributes/shipping_assignments", json!([]))])));
}

#[test]
fn a_pickup_goes_to_the_address_of_the_shop() {
    let draft = OrderDraft::guest("jordan@example.com")
        .simple("MUG", 1, "12.00")
        .shipping("instore_pickup", 0)
        .ship_to(Address::us("Jordan", "Sample").company("Our Store").street(&["9 Store Lane"]));
    let plan = planned(&edited(&draft, &[("/extension_attributes/pickup_location_code", json!("store_9"))]));
    let sent = created(&plan);
    assert_eq!(at(sent, "/ShipVia"), "PICKUP");
    assert_eq!(lines(sent, "ShipToAddress"), "9 Store Lane |  | Calder | MI | 49628 | US");
    assert_eq!(at(sent, "/ShipToContact/BusinessName"), "Our Store");
    assert_eq!(lines(sent, "BillToAddress"), "100 Sample Street |  | Calder | MI | 49628 | US");
}
