//! What becomes of an order that has its document, and what its fingerprint holds.

use flows::orders::fingerprint::{Changed, changed};
use flows::plan::StepKey;
use serde_json::{Value, json};
use simulators::magento::{Address, OrderDraft};

use super::{at, body, document, edited, finding, number, planned_after, print_of, put};

/// The codes that only an order with a document has.
pub(super) const CODES: [&str; 2] = ["orders.held.canceled_in_magento", "orders.rejected.changed_after_sync"];

fn taxed() -> OrderDraft {
    OrderDraft::registered(7, "ann@example.com")
        .simple("MUG", 2, "12.00")
        .shipping("flatrate_flatrate", "5.00")
        .tax("US-MI-*-Rate 1", 6)
        .coupon("TEN")
        .billing(Address::us("Ann", "Other").street(&["1 A St", "Suite 2"]))
}

#[test]
fn nothing_new_is_unchanged() {
    let before = document(&taxed());
    let mut same = before.clone();
    // Other spellings of the same values, and fields that no plan reads.
    for (pointer, value) in [
        ("/updated_at", json!("2027-01-01 00:00:00")),
        ("/status", json!("picking")),
        ("/base_grand_total", number("30.4400")),
        ("/items/0/qty_ordered", number("2.0000")),
        ("/items/0/qty_shipped", json!(2)),
        ("/store_id", json!("1")),
        ("/remote_ip", json!("192.0.2.99")),
    ] {
        put(&mut same, pointer, value);
    }
    assert_eq!(planned_after(&before, &same).word(), "unchanged");
    // Progress alone changes nothing in the ERP.
    let paid = edited(&taxed(), &[("/state", json!("processing")), ("/base_total_paid", number("30.44"))]);
    assert_eq!(planned_after(&before, &paid).word(), "unchanged");
}

#[test]
fn a_new_address_is_written_by_the_keys_alone() {
    let before = document(&taxed());
    let moved = document(&taxed().billing(Address::fr("Zoé", "Exemple")).shipping("ups_03", "5.00"));
    let plan = planned_after(&before, &moved);
    assert_eq!(plan.word(), "update");
    let sent = body(&plan, StepKey::OrderUpdate);
    let names: Vec<&str> = sent.as_object().expect("a body").keys().map(String::as_str).collect();
    let expected = [
        "BillToAddress",
        "BillToAddressOverride",
        "BillToContact",
        "BillToContactOverride",
        "OrderNbr",
        "OrderType",
        "ShipToAddress",
        "ShipToAddressOverride",
        "ShipToContact",
        "ShipToContactOverride",
        "ShipVia",
    ];
    assert_eq!(names.iter().filter(|name| !expected.contains(name)).count(), 0, "{names:?}");
    assert_eq!(names.len(), expected.len());
    assert_eq!((at(sent, "/OrderType"), at(sent, "/OrderNbr")), ("SO".into(), "000042".into()));
    assert_eq!((at(sent, "/ShipVia"), at(sent, "/BillToAddress/City")), ("UPSGROUND".into(), "Lyon".into()));
    // The suite of the old address does not stay.
    assert_eq!(sent["BillToAddress"]["AddressLine2"], json!({"value": null}));
    assert_eq!(plan.work().expect("work").steps.len(), 1);
    assert_eq!(plan.work().expect("work").amounts, None);
}

#[test]
fn a_cancelled_order_is_put_on_hold_whatever_else_has_changed() {
    let before = document(&taxed());
    let state = ("/state", json!("canceled"));
    for edits in [
        vec![state.clone()],
        vec![state.clone(), ("/base_total_canceled", number("30.44"))],
        vec![state, ("/billing_address/city", json!("Lyon")), ("/base_grand_total", number("1"))],
    ] {
        let plan = planned_after(&before, &edited(&taxed(), &edits));
        let sentence = "Order 000000001 was cancelled in Magento after it was written to Acumatica as SO/000042; it was put on hold there.";
        assert_eq!((plan.word(), finding(&plan)), ("hold", (CODES[0], sentence)));
        let sent = json!({"OrderType": {"value": "SO"}, "OrderNbr": {"value": "000042"}, "Hold": {"value": true}});
        assert_eq!(body(&plan, StepKey::OrderHold), &sent);
    }
}

#[test]
fn money_that_has_changed_is_a_persons_business() {
    let before = document(&taxed());
    for (pointer, value) in [
        ("/items/0/qty_ordered", number("3")),
        ("/base_grand_total", number("30.45")),
        ("/payment/method", json!("banktransfer")),
        // A part of it was cancelled: the ERP would still ship it.
        ("/base_total_canceled", number("12.72")),
    ] {
        let plan = planned_after(&before, &edited(&taxed(), &[(pointer, value)]));
        let sentence = "Lines or amounts of order 000000001 were changed in Magento after it was written to Acumatica as SO/000042.";
        assert_eq!((plan.word(), finding(&plan)), ("rejected", (CODES[1], sentence)), "{pointer}");
    }
}

#[test]
fn a_fingerprint_tells_what_has_changed() {
    let money = Changed { money: true, ..Changed::default() };
    let parties = Changed { parties: true, ..Changed::default() };
    let progress = Changed { progress: true, ..Changed::default() };
    let extension = "/extension_attributes";
    let shipping = "/extension_attributes/shipping_assignments/0/shipping";
    let before = document(&taxed());
    let cases: Vec<(String, Value, Changed)> = [
        ("/increment_id", json!("000000001-1"), money),
        ("/store_id", json!(3), money),
        ("/created_at", json!("2026-03-02 17:30:01"), money),
        ("/base_currency_code", json!("EUR"), money),
        ("/base_subtotal", json!(25), money),
        ("/base_discount_amount", json!(-1), money),
        ("/base_discount_tax_compensation_amount", json!(1), money),
        ("/base_tax_amount", json!(1), money),
        ("/base_shipping_amount", json!(6), money),
        ("/base_shipping_discount_amount", json!(1), money),
        ("/base_shipping_discount_tax_compensation_amnt", json!(1), money),
        ("/coupon_code", json!("TWENTY"), money),
        ("/is_virtual", json!(1), money),
        ("/items/0/item_id", json!(99), money),
        ("/items/0/sku", json!("mug"), money),
        ("/items/0/name", json!("Cup"), money),
        ("/items/0/product_type", json!("bundle"), money),
        ("/items/0/parent_item_id", json!(4), money),
        ("/items/0/base_price", json!(13), money),
        ("/items/0/base_row_total", json!(25), money),
        ("/items/0/base_discount_amount", json!(1), money),
        ("/items/0/base_discount_tax_compensation_amount", json!(1), money),
        ("/items/0/weee_tax_applied_row_amount", json!(1), money),
        ("/items/0/base_original_price", json!(13), money),
        ("/discount_description", json!("Ten off"), money),
        ("/customer_group_id", json!(3), money),
        ("/base_total_canceled", json!(1), money),
        (
            "/items/0/product_option",
            json!({"extension_attributes": {"custom_options": [{"option_id": "1", "option_value": "a"}]}}),
            money,
        ),
        ("/payment/cc_type", json!("AE"), money),
        ("/payment/po_number", json!("PO-8"), money),
        ("/customer_is_guest", json!(1), parties),
        ("/customer_id", json!(8), parties),
        ("/customer_email", json!("other@example.com"), parties),
        ("/customer_firstname", json!("Bea"), parties),
        ("/customer_lastname", json!("Else"), parties),
        ("/customer_note", json!("Ring twice"), parties),
        ("/customer_taxvat", json!("US1"), parties),
        ("/billing_address/vat_id", json!("US2"), parties),
        ("/billing_address/street", json!(["1 A St"]), parties),
        ("/billing_address/city", json!("CALDER"), parties),
        ("/billing_address/region_code", json!("OH"), parties),
        ("/billing_address/region", json!("Ohio"), parties),
        ("/billing_address/postcode", json!("1"), parties),
        ("/billing_address/country_id", json!("CA"), parties),
        ("/billing_address/telephone", json!("1"), parties),
        ("/billing_address/company", json!("Else"), parties),
        ("/billing_address/firstname", json!("Bea"), parties),
        ("/billing_address/lastname", json!("Else"), parties),
        ("/billing_address/email", json!("b@example.com"), parties),
        ("/state", json!("complete"), Changed::default()),
        ("/state", json!("holded"), progress),
        ("/state", json!("canceled"), progress),
        ("/base_total_paid", json!(1), progress),
        ("/base_total_refunded", json!(1), progress),
        ("/payment/base_amount_authorized", json!(1), progress),
        ("/payment/base_amount_paid", json!(1), progress),
        ("/payment/last_trans_id", json!("t2"), progress),
    ]
    .map(|(pointer, value, expected)| (pointer.to_owned(), value, expected))
    .into_iter()
    .chain(
        ["base_customer_balance_amount", "base_gift_cards_amount", "base_reward_currency_amount", "gw_base_price"]
            .map(|name| (format!("{extension}/{name}"), json!(1), money)),
    )
    .chain([
        (format!("{extension}/applied_taxes/0/percent"), json!(7), money),
        (format!("{extension}/item_applied_taxes/0/item_id"), json!(7), money),
        (format!("{extension}/taxes"), json!([{"code": "A", "base_real_amount": 1}]), money),
        (
            format!("{extension}/additional_itemized_taxes"),
            json!([{"tax_code": "A", "taxable_item_type": "shipping"}]),
            money,
        ),
        ("/items/0/extension_attributes".into(), json!({"itemized_taxes": [{"tax_code": "A"}]}), money),
        ("/items/0/extension_attributes".into(), json!({"gift_message": {"message": "Hello"}}), parties),
        (format!("{extension}/gift_message"), json!({"message": "Hello"}), parties),
        (format!("{extension}/payment_additional_info"), json!([{"key": "a", "value": "b"}]), progress),
        (format!("{shipping}/method"), json!("ups_03"), parties),
        (format!("{shipping}/address/city"), json!("Lyon"), parties),
    ])
    .collect();
    for (pointer, value, expected) in cases {
        let after = edited(&taxed(), &[(&pointer, value)]);
        assert_eq!(changed(&print_of(&before), &print_of(&after)), expected, "{pointer}");
    }
}
