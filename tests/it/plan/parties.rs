//! Whose order it is, and where it goes.

use flows::orders::facts::Customer;
use flows::plan::{Plan, StepKey};
use serde_json::{Value, json};
use simulators::magento::{Address, OrderDraft};

use super::{at, body, created, document, edited, mugs, planned, planned_after, planned_by, planned_for, settings};

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
        let fill = work.steps[1].fills.first().expect("the order takes the customer's number");
        assert_eq!((fill.pointer, fill.from, fill.field), ("/CustomerID/value", StepKey::CustomerCreate, "CustomerID"));
    }
}

#[test]
fn a_shopper_who_is_known_is_not_changed() {
    for draft in [mugs(), OrderDraft::registered(7, "ann@example.com").simple("MUG", 1, 1).shipping("ups_03", 0)] {
        let plan = planned_for(&document(&draft), &settings(|_| {}), &known());
        assert_eq!(steps(&plan), ["order.create"]);
        assert_eq!(at(created(&plan), "/CustomerID"), "C000042");
        assert!(plan.work().expect("work").steps[0].fills.is_empty());
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

#[test]
fn a_new_customer_has_the_orders_vat_number_and_its_classs_currency() {
    for (edits, expected) in [
        (vec![("/billing_address/vat_id", json!("DE123456789"))], "DE123456789"),
        (vec![("/billing_address/vat_id", json!(" ")), ("/customer_taxvat", json!(" FR12 "))], "FR12"),
        (vec![("/billing_address/vat_id", json!("DE1")), ("/customer_taxvat", json!("FR12"))], "DE1"),
        (vec![("/billing_address/vat_id", Value::Null), ("/customer_taxvat", Value::Null)], ""),
    ] {
        let plan = planned(&edited(&mugs(), &edits));
        let customer = body(&plan, StepKey::CustomerCreate);
        assert_eq!(at(customer, "/TaxRegistrationID"), expected, "{edits:?}");
        assert_eq!(customer.get("CurrencyID"), None);
    }
}

#[test]
fn the_account_names_the_customer_and_the_address_the_contact() {
    let draft = OrderDraft::registered(7, "ann@example.com").simple("MUG", 1, 1).shipping("ups_03", 0);
    let order = edited(
        &draft,
        &[
            ("/customer_firstname", json!("Ann")),
            ("/customer_lastname", json!("Account")),
            ("/billing_address/firstname", json!("Bill")),
            ("/billing_address/lastname", json!("Payer")),
        ],
    );
    let plan = planned(&order);
    let customer = body(&plan, StepKey::CustomerCreate);
    assert_eq!(
        (at(customer, "/CustomerName"), at(customer, "/MainContact/Attention")),
        ("Ann Account".into(), "Ann Account".into())
    );
    assert_eq!(at(created(&plan), "/BillToContact/Attention"), "Bill Payer");
    let plan = planned(&edited(&draft, &[("/billing_address/company", json!("Other & Sons"))]));
    let customer = body(&plan, StepKey::CustomerCreate);
    assert_eq!(at(customer, "/MainContact/CompanyName"), "Other & Sons");
}

#[test]
fn nothing_that_happens_to_an_order_changes_a_customer_that_is_known() {
    let registered =
        || OrderDraft::registered(7, "ann@example.com").simple("MUG", 2, "12.00").shipping("ups_03", "5.00");
    let before = document(&registered());
    let plans = [
        planned_for(&document(&mugs()), &settings(|_| {}), &known()),
        planned_for(&before, &settings(|_| {}), &known()),
        planned_for(
            &document(&registered().billing(Address::fr("Zoé", "Exemple").company("Neuf"))),
            &settings(|_| {}),
            &known(),
        ),
        planned_for(&edited(&registered(), &[("/base_subtotal", json!(1))]), &settings(|_| {}), &known()),
        planned_for(&edited(&registered(), &[("/billing_address/vat_id", json!("DE1"))]), &settings(|_| {}), &known()),
        planned_for(&edited(&registered(), &[("/customer_firstname", json!("New"))]), &settings(|_| {}), &known()),
        planned_after(&before, &document(&registered().billing(Address::fr("Zoé", "Exemple")))),
        planned_after(&before, &edited(&registered(), &[("/customer_email", json!("new@example.com"))])),
        planned_after(&before, &edited(&registered(), &[("/state", json!("canceled"))])),
    ];
    for plan in plans {
        let steps = &plan.work().unwrap_or_else(|| panic!("{:?}", plan.finding())).steps;
        assert!(!steps.is_empty());
        assert!(steps.iter().all(|step| step.entity() == "SalesOrder"), "{:?}", steps);
    }
}

#[test]
fn a_channel_may_have_its_own_customer_for_guests() {
    let by = settings(|document| {
        document["orders"]["channels"] = json!([
            {
                "name": "Marketplace",
                "when": {"payment_method": "market*"},
                "settings": {
                    "guests": {"policy": "generic", "customer_id": "MARKET"},
                    "payment_methods": [{"method": "marketpay", "import": "always"}],
                },
            },
        ]);
    });
    let plan = planned_by(&edited(&mugs(), &[("/payment/method", json!("marketpay"))]), &by);
    assert_eq!((steps(&plan), at(created(&plan), "/CustomerID")), (vec!["order.create"], "MARKET".to_owned()));
    // Its addresses are the order's all the same.
    assert_eq!(at(created(&plan), "/BillToContact/Attention"), "Jordan Sample");
    assert_eq!(at(created(&plan), "/ShipToAddressOverride"), "true");
    let plan = planned_by(&document(&mugs()), &by);
    assert_eq!(steps(&plan), ["customer.create", "order.create"]);
    let registered = OrderDraft::registered(7, "ann@example.com").simple("MUG", 1, 1).shipping("ups_03", 0);
    let plan = planned_by(&edited(&registered, &[("/payment/method", json!("marketpay"))]), &by);
    assert_eq!(steps(&plan), ["customer.create", "order.create"]);
}
