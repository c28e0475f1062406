//! Whose order it is, and where it goes.

use flows::orders::facts::Customer;
use flows::plan::{Plan, StepKey};
use serde_json::{Value, json};
use simulators::magento::{Address, OrderDraft};

use super::{at, body, created, document, edited, mugs, planned, planned_by, planned_for, settings};

fn steps(plan: &Plan) -> Vec<&'static str> {
    plan.work().map(|work| work.steps.iter().map(|step| step.key.as_str()).collect()).unwrap_or_default()
}

fn known() -> Customer {
    Customer::Known("C000042".into())
}

#[test]
fn a_shopper_who_is_not_known_is_made_first() {
    let registered = OrderDraft::registered(7, "ann@example.com")
        .simple("MUG", 1, "12.00")
        .shipping("flatrate_flatrate", 0)
        .billing(Address::us("Ann", "Other").company("Other & Sons"));
    for (draft, name, attention, email) in [
        (mugs(), "Jordan Sample", "Jordan Sample", "jordan@example.com"),
        (registered, "Other & Sons", "Ann Other", "ann@example.com"),
    ] {
        let plan = planned(&document(&draft));
        assert_eq!(steps(&plan), ["customer.create", "order.create"]);
        let customer = body(&plan, StepKey::CustomerCreate);
        assert_eq!(at(customer, "/CustomerName"), name);
        assert_eq!(at(customer, "/CustomerClass"), "WEB");
        assert_eq!(at(customer, "/MainContact/Attention"), attention);
        assert_eq!(at(customer, "/MainContact/Email"), email);
        assert_eq!(at(customer, "/MainContact/Phone1"), "555-0100");
        assert_eq!(at(customer, "/MainContact/Address/State"), "MI");
        assert_eq!(customer.get("CustomerID"), None, "the ERP numbers customers");
        let work = plan.work().expect("work");
        let fill = work.steps[1].fill.as_ref().expect("the order takes the customer's number");
        assert_eq!((fill.pointer, fill.from, fill.field), ("/CustomerID/value", StepKey::CustomerCreate, "CustomerID"));
    }
}

#[test]
fn a_shopper_who_is_known_is_not_changed() {
    for draft in [mugs(), OrderDraft::registered(7, "ann@example.com").simple("MUG", 1, 1).shipping("ups_03", 0)] {
        let plan = planned_for(&document(&draft), &settings(|_| {}), &known());
        assert_eq!(steps(&plan), ["order.create"]);
        assert_eq!(at(created(&plan), "/CustomerID"), "C000042");
        assert!(plan.work().expect("work").steps[0].fill.is_none());
    }
}

#[test]
fn guests_may_share_one_customer_and_shoppers_never_do() {
    let generic = settings(|document| {
        document["orders"]["default"]["guests"] = json!({"policy": "generic", "customer_id": "WEBGUEST"});
    });
    let registered = OrderDraft::registered(7, "ann@example.com").simple("MUG", 1, 1).shipping("ups_03", 0);
    let no_email = edited(&mugs(), &[("/customer_email", Value::Null), ("/billing_address/email", Value::Null)]);
    for (document, keys, id) in [
        (document(&mugs()), vec!["order.create"], "WEBGUEST"),
        (no_email, vec!["order.create"], "WEBGUEST"),
        (document(&registered), vec!["customer.create", "order.create"], ""),
        // Without an account there is nobody but a guest, whatever the flag says.
        (edited(&mugs(), &[("/customer_is_guest", json!(0))]), vec!["order.create"], "WEBGUEST"),
    ] {
        let plan = planned_by(&document, &generic);
        assert_eq!(steps(&plan), keys);
        assert_eq!(at(created(&plan), "/CustomerID"), id);
    }
}

#[test]
fn names_and_addresses_for_mail_have_their_fallbacks() {
    let guest = |edits: &[(&str, Value)]| {
        let plan = planned(&edited(&mugs(), edits));
        let customer = body(&plan, StepKey::CustomerCreate);
        [at(customer, "/CustomerName"), at(customer, "/MainContact/Email"), at(created(&plan), "/BillToContact/Email")]
    };
    let expected = |name: &str, email: &str, mail: &str| [name, email, mail].map(str::to_owned);
    assert_eq!(
        guest(&[("/customer_email", json!(" Jordan@Example.com ")), ("/billing_address/email", json!(""))]),
        expected("Jordan Sample", "Jordan@Example.com", "Jordan@Example.com")
    );
    assert_eq!(
        guest(&[("/customer_email", json!("")), ("/billing_address/email", json!("j@example.com"))]),
        expected("Jordan Sample", "j@example.com", "j@example.com")
    );
    assert_eq!(
        guest(&[("/customer_firstname", json!(" Jo ")), ("/customer_lastname", json!("  "))]),
        expected("Jo", "jordan@example.com", "jordan@example.com")
    );
    assert_eq!(
        guest(&[("/billing_address/firstname", json!("")), ("/billing_address/lastname", Value::Null)]),
        expected("jordan@example.com", "jordan@example.com", "jordan@example.com")
    );
}

/// `line 1 | line 2 | city | state | postal code | country` of a party.
fn lines(body: &Value, party: &str) -> String {
    let fields = ["AddressLine1", "AddressLine2", "City", "State", "PostalCode", "Country"];
    fields.map(|field| at(body, &format!("/{party}/{field}"))).join(" | ")
}

#[test]
fn addresses_belong_to_the_order() {
    for (street, expected) in [
        (vec!["100 Sample Street"], "100 Sample Street |  | Calder | MI | 49628 | US"),
        (vec!["1 A St", "Suite 2"], "1 A St | Suite 2 | Calder | MI | 49628 | US"),
        (vec!["1 A St", "Suite 2", "Dock 3"], "1 A St | Suite 2, Dock 3 | Calder | MI | 49628 | US"),
        (vec!["1 A St", "Suite 2", "Dock 3", "Gate 4"], "1 A St | Suite 2, Dock 3, Gate 4 | Calder | MI | 49628 | US"),
        (vec![" 1 A St ", "", "Dock 3"], "1 A St | Dock 3 | Calder | MI | 49628 | US"),
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
fn a_region_without_a_code_is_named() {
    let region = |code: Value, name: Value| {
        let edits = [("/billing_address/region_code", code), ("/billing_address/region", name)];
        at(created(&planned(&edited(&mugs(), &edits))), "/BillToAddress/State")
    };
    assert_eq!(region(json!("MI"), json!("Michigan")), "MI");
    assert_eq!(region(Value::Null, json!("Lombardia")), "Lombardia");
    assert_eq!(region(json!(""), json!("")), "");
}

#[test]
fn a_virtual_order_is_not_shipped() {
    let draft = OrderDraft::guest("jordan@example.com").virtual_item("WARRANTY", 1, "9.90").downloadable("EBOOK", 1, 5);
    let plan = planned(&document(&draft));
    let body = created(&plan);
    for field in ["ShipVia", "ShipToAddress", "ShipToAddressOverride", "ShipToContact", "ShippingSettings"] {
        assert_eq!(body.get(field), None, "{field}");
    }
    assert_eq!(lines(body, "BillToAddress"), "100 Sample Street |  | Calder | MI | 49628 | US");
}
