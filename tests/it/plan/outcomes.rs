//! Every outcome, and every code that the plan raises, with its exact sentence.

mod states;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use states::states;

use super::{edited, finding, later, mugs, number, planned_by, settings};

/// Outcome, code, sentence, what of the mugs' order (29.00) is edited, what of the sample settings.
type Raised = (&'static str, &'static str, &'static str, Vec<(&'static str, Value)>, Vec<(&'static str, Value)>);

fn mappings() -> Vec<Raised> {
    let row = "/orders/default/payment_methods/0";
    vec![
        (
            "skipped",
            "orders.skipped.payment_method_excluded",
            "Orders paid by `checkmo` are not imported, by the settings.",
            vec![],
            vec![(row, json!({"method": "checkmo", "import": "never"}))],
        ),
        (
            "not_ready",
            "orders.not_ready.payment_not_received",
            "The payment of order 000000001 is not received yet.",
            vec![],
            vec![(row, json!({"method": "checkmo", "import": "when_paid"}))],
        ),
        (
            "not_ready",
            "orders.not_ready.payment_not_authorised",
            "The payment of order 000000001 is not authorised yet.",
            vec![("/payment/base_amount_authorized", number("28.99"))],
            vec![(row, json!({"method": "checkmo", "import": "when_authorised"}))],
        ),
        (
            "rejected",
            "orders.rejected.payment_method_not_mapped",
            "Payment method `klarna` of order 000000001 is not mapped.",
            vec![("/payment/method", json!("klarna"))],
            vec![],
        ),
        (
            "rejected",
            "orders.rejected.payment_method_not_mapped",
            "Payment method `newpay` with card type `VI` of order 000000001 is not mapped.",
            vec![("/payment/method", json!("newpay")), ("/payment/cc_type", json!("VI"))],
            vec![],
        ),
        (
            "rejected",
            "orders.rejected.payment_missing",
            "Order 000000001 has no payment in Magento.",
            vec![("/payment", Value::Null)],
            vec![],
        ),
        (
            "rejected",
            "orders.rejected.overpaid",
            "Order 000000001 is worth 29.00, but 29.01 was paid.",
            vec![("/base_total_paid", number("29.01"))],
            vec![],
        ),
        (
            "rejected",
            "orders.rejected.transaction_missing",
            "Order 000000001 is authorised by `checkmo`, but Magento names no transaction that Acumatica could capture.",
            vec![("/payment/base_amount_authorized", number("29"))],
            vec![(
                row,
                json!({"method": "checkmo", "import": "always",
                    "authorised": {"payment_method": "CARD", "cash_account": "10300", "processing_center": "GATE"}}),
            )],
        ),
        (
            "rejected",
            "orders.rejected.shipping_method_not_mapped",
            "Shipping method `drone_air` of order 000000001 is not mapped.",
            vec![("/extension_attributes/shipping_assignments/0/shipping/method", json!("drone_air"))],
            vec![],
        ),
        (
            "rejected",
            "orders.rejected.shipping_method_missing",
            "Order 000000001 is to be shipped, but Magento names no shipping method.",
            vec![("/extension_attributes/shipping_assignments", json!([]))],
            vec![],
        ),
        (
            "rejected",
            "orders.rejected.store_not_mapped",
            "Store view 9 of order 000000001 is not in the settings: run the connection test.",
            vec![("/store_id", json!(9))],
            vec![],
        ),
        (
            "rejected",
            "orders.rejected.currency_differs",
            "Order 000000001 is in CAD, but website `base` trades in USD.",
            vec![("/base_currency_code", json!("CAD"))],
            vec![],
        ),
        (
            "rejected",
            "orders.rejected.setting_missing",
            "The setting `order_type` is needed for order 000000001 of store view `default` and is not set.",
            vec![],
            vec![("/orders/default/order_type", Value::Null)],
        ),
        (
            "rejected",
            "orders.rejected.email_missing",
            "Order 000000001 has no e-mail, so its customer cannot be found.",
            vec![("/customer_email", json!("  ")), ("/billing_address/email", Value::Null)],
            vec![],
        ),
        (
            "rejected",
            "orders.rejected.address_incomplete",
            "The billing address of order 000000001 has no city.",
            vec![("/billing_address/city", Value::Null)],
            vec![],
        ),
        (
            "rejected",
            "orders.rejected.number_too_long",
            "Order number WEB-000000000001 is longer than the 15 characters of `OrderNbr`.",
            vec![("/increment_id", json!("WEB-000000000001"))],
            vec![("/orders/default/numbering", json!("manual"))],
        ),
        (
            "rejected",
            "orders.rejected.reference_too_long",
            "Our reference `shop0001-WEB-0000000000000000000000000001` is longer than the 40 characters of `ExternalRef`.",
            vec![("/increment_id", json!("WEB-0000000000000000000000000001"))],
            vec![],
        ),
        (
            "rejected",
            "orders.rejected.value_too_long",
            "`Details[0]/InventoryID` of order 000000001 has 31 characters; Acumatica's field SalesOrder.Details[0]/InventoryID holds 30.",
            vec![("/items/0/sku", json!("X".repeat(31)))],
            vec![],
        ),
        (
            "rejected",
            "orders.rejected.unreadable_date",
            "The date `created_at` of order 000000001 cannot be read.",
            vec![("/created_at", json!("02.03.2026"))],
            vec![],
        ),
    ]
}

fn money() -> Vec<Raised> {
    let unsupported = |code, sentence, pointer, amount: &str| {
        ("rejected", code, sentence, vec![(pointer, number(amount))], Vec::new())
    };
    let mut raised = vec![
        unsupported(
            "orders.rejected.tender_not_mapped",
            "Order 000000001 is paid in part by store credit (10.00), which is not mapped to a payment method of Acumatica.",
            "/extension_attributes/base_customer_balance_amount",
            "10",
        ),
        unsupported(
            "orders.rejected.tender_not_mapped",
            "Order 000000001 is paid in part by a gift card (7.50), which is not mapped to a payment method of Acumatica.",
            "/extension_attributes/base_gift_cards_amount",
            "7.5",
        ),
        unsupported(
            "orders.rejected.tender_not_mapped",
            "Order 000000001 is paid in part by reward points (1.00), which is not mapped to a payment method of Acumatica.",
            "/extension_attributes/base_reward_currency_amount",
            "1",
        ),
        unsupported(
            "orders.rejected.extra_item_not_mapped",
            "Order 000000001 has 3.00 for gift wrapping of items, and `extra_items.gift_wrap` names no item for it.",
            "/extension_attributes/gw_items_base_price",
            "3",
        ),
        unsupported(
            "orders.rejected.extra_amount_unusable",
            "Order 000000001 has -3.00 for a printed card; a line cannot have a negative amount.",
            "/extension_attributes/gw_card_base_price",
            "-3",
        ),
        unsupported(
            "orders.rejected.discount_exceeds_line",
            "The discount 24.01 of line `MUG` of order 000000001 does not fit its price 24.00.",
            "/items/0/base_discount_amount",
            "24.01",
        ),
        unsupported(
            "orders.rejected.discount_exceeds_line",
            "The discount -0.01 of line `MUG` of order 000000001 does not fit its price 24.00.",
            "/items/0/base_discount_amount",
            "-0.01",
        ),
        unsupported(
            "orders.rejected.discount_exceeds_line",
            "The shipping discount 5.01 of order 000000001 does not fit its shipping amount 5.00.",
            "/base_shipping_discount_amount",
            "5.01",
        ),
        unsupported(
            "orders.rejected.discount_exceeds_lines",
            "The discount 24.01 of order 000000001 is more than its lines are worth.",
            "/base_discount_amount",
            "-24.01",
        ),
        unsupported(
            "orders.rejected.tax_not_itemised",
            "Order 000000001 has 1.98 of tax but Magento does not say by which rate (`applied_taxes` is missing).",
            "/base_tax_amount",
            "1.98",
        ),
    ];
    raised.push((
        "rejected",
        "orders.rejected.tax_not_mapped",
        "Tax rate `US-OR-*-Rate 1` of order 000000001 is not mapped to a tax ID of Acumatica.",
        vec![(
            "/extension_attributes/applied_taxes",
            json!([{"code": "US-OR-*-Rate 1", "percent": 5, "base_amount": 1.20}]),
        )],
        vec![],
    ));
    raised.push((
        "rejected",
        "orders.rejected.fixed_product_tax_unknown",
        "Line `MUG` of order 000000001 has a fixed product tax of 0.5 EUR, but Magento does not say how much that is in USD.",
        vec![("/items/0/weee_tax_applied_row_amount", number("0.50")), ("/order_currency_code", json!("EUR"))],
        vec![],
    ));
    raised.push((
        "rejected",
        "orders.rejected.unsupported_product_type",
        "Line `MUG` of order 000000001 is of product type `subscription`, which is not supported.",
        vec![("/items/0/product_type", json!("subscription"))],
        vec![],
    ));
    raised.push((
        "hold",
        "orders.held.lines_differ_from_subtotal",
        "The lines of order 000000001 add up to 24.00, but Magento's subtotal is 25.00; the order is on hold.",
        vec![("/base_subtotal", number("25"))],
        vec![],
    ));
    for (code, sentence, pointer, amount) in [
        (
            "orders.held.partly_canceled",
            "12.00 of order 000000001 was cancelled in Magento before it was written to Acumatica; all of it was written, on hold.",
            "/base_total_canceled",
            "12",
        ),
        (
            "orders.held.partly_refunded",
            "7.50 of order 000000001 was refunded in Magento before it was written to Acumatica; all of it was written, on hold.",
            "/base_total_refunded",
            "7.5",
        ),
    ] {
        raised.push(("hold", code, sentence, vec![(pointer, number(amount))], vec![]));
    }
    raised.push((
        "hold",
        "orders.held.finer_than_currency",
        "`PremiumFreight` of order 000000001 is 5.005, but USD has 2 decimals and Acumatica rounds to them; the order is on hold.",
        vec![("/base_shipping_amount", number("5.005")), ("/base_grand_total", number("29.005"))],
        vec![],
    ));
    raised.push((
        "hold",
        "orders.held.tax_differs",
        "Order 000000001 has 3.00 of tax but the rates that Magento names (`applied_taxes`) add up to 1.00; the order is on hold.",
        vec![
            ("/base_tax_amount", number("3")),
            ("/base_grand_total", number("32")),
            ("/extension_attributes/applied_taxes", json!([{"code": "US-MI-*-Rate 1", "percent": 6, "base_amount": 1}])),
        ],
        vec![],
    ));
    // An amount that nothing here knows of, such as a surcharge of a module.
    raised.push((
        "hold",
        "orders.held.total_differs",
        "Order 000000001 is worth 31.00 in Magento and adds up to 29.00 in Acumatica, a difference of 2.00; the order is on hold.",
        vec![("/base_grand_total", number("31"))],
        vec![],
    ));
    raised
}

#[test]
fn every_code_has_its_sentence() {
    for (word, code, sentence, edits, changes) in [states(), mappings(), money()].concat() {
        let settings = settings(|document| {
            for (pointer, value) in changes {
                match value {
                    Value::Null => {
                        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
                        document.pointer_mut(parent).and_then(Value::as_object_mut).expect(pointer).remove(name);
                    }
                    value => super::put(document, pointer, value),
                }
            }
        });
        let plan = planned_by(&edited(&mugs(), &edits), &settings);
        assert_eq!((plan.word(), finding(&plan)), (word, (code, sentence)), "{edits:?}");
        assert_eq!(plan.work().is_some(), word == "hold", "{code}");
    }
}

/// The codes of the receipts' judge are tested beside it, in `shared/flows/src/orders/plan/tests.rs`.
const OF_RECEIPTS: [&str; 7] = [
    "orders.held.credit_hold",
    "orders.held.item_differs",
    "orders.held.on_hold_in_acumatica",
    "orders.held.payment_differs",
    "orders.held.pending_approval",
    "orders.held.risk_hold",
    "orders.held.value_not_taken",
];

#[test]
fn no_code_of_the_plan_is_left_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/flows/src/orders/plan");
    let mut raised = BTreeSet::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for file in fs::read_dir(&folder).expect("a folder of the plan") {
            let path = file.expect("a file of the plan").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
                let text = fs::read_to_string(&path).expect("source text");
                raised.extend(text.split('"').filter(|text| text.starts_with("orders.")).map(str::to_owned));
            }
        }
    }
    let tested: BTreeSet<String> = [states(), mappings(), money()]
        .concat()
        .iter()
        .map(|(_, code, ..)| *code)
        .chain(["orders.rejected.item_not_mapped"])
        .chain(later::CODES)
        .chain(OF_RECEIPTS)
        .map(str::to_owned)
        .collect();
    assert_eq!(raised, tested);
    for code in raised {
        assert!(flows::codes::advice(&code).is_some(), "{code} has no advice");
    }
}
