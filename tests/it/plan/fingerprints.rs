//! A change that the fingerprint does not see would never reach the ERP: whatever changes a plan changes the fingerprint.

use std::collections::BTreeSet;

use flows::orders::facts::Customer;
use flows::plan::Plan;
use flows::settings::Settings;
use magento::model::order::Order;
use serde_json::{Value, json};
use simulators::magento::{Address, OrderDraft, Payment};

use super::{decided, document, number, print_of, put, settings};

/// Settings under which as much of an order matters as can.
fn curious() -> Settings {
    settings(|document| {
        let default = &mut document["orders"]["default"];
        default["tax_zones"] = json!([
            {"vat_number": true, "customer_group": 1, "zone": "VAT"},
            {"region": "MI", "zone": "MICHIGAN"},
            {"country": "US", "zone": "STATES"}
        ]);
        let to = json!({"payment_method": "LIABILITY", "cash_account": "10600"});
        default["tenders"] = json!({"gift_card": to, "store_credit": to, "reward_points": to});
        default["payment_methods"][6]["authorised"] = json!({
            "payment_method": "CARD", "cash_account": "10310", "processing_center": "BRAINTREE",
            "code_key": "auth_code", "profile_key": "profile",
        });
        default["tax_ids"] = json!([
            {"code": "US-MI-*-Rate 1", "tax_id": "MISALES"}, {"code": "US-CA-*-Rate 1", "tax_id": "CASALES"}
        ]);
    })
}

/// An order that has as many of the fields as one can have.
fn whole(payment: Payment) -> Value {
    let draft = OrderDraft::registered(7, "ann@example.com")
        .simple("MUG", 2, "12.00")
        .configurable("Shirt", "SHIRT-S", 1, "30.00")
        .shipping("flatrate_flatrate", "5.00")
        .tax("US-MI-*-Rate 1", 6)
        .shipping_tax("US-MI-*-Rate 1", 6)
        .discount_percent(10)
        .coupon("TEN")
        .note("Ring twice")
        .store_credit("1.00")
        .gift_card("GC-SECRET", "2.00")
        .billing(Address::us("Ann", "Other").company("Other").street(&["1 A St", "Suite 2"]))
        .payment(payment);
    let mut order = document(&draft);
    for (pointer, value) in [
        ("/customer_taxvat", json!("")),
        ("/billing_address/vat_id", json!("US2")),
        ("/discount_description", json!("Ten off")),
        ("/payment/po_number", json!("PO-1")),
        ("/base_total_canceled", number("0")),
        ("/base_total_refunded", number("0")),
        ("/extension_attributes/base_reward_currency_amount", number("0")),
        ("/extension_attributes/gift_message", json!({"sender": "Ann", "recipient": "Bea", "message": "Hello"})),
        (
            "/extension_attributes/payment_additional_info",
            json!([{"key": "auth_code", "value": "A1"}, {"key": "profile", "value": "P1"}]),
        ),
    ] {
        put(&mut order, pointer, value);
    }
    order
}

/// The same with its taxes as newer versions list them, and the VAT number on the account.
fn newer(payment: Payment) -> Value {
    let mut order = whole(payment);
    put(&mut order, "/customer_taxvat", json!("US1"));
    put(&mut order, "/billing_address/vat_id", json!(""));
    let extension = &mut order["extension_attributes"];
    let applied = extension["applied_taxes"].take();
    extension["item_applied_taxes"] = json!([]);
    extension["taxes"] = json!([{
        "code": applied[0]["code"], "percent": applied[0]["percent"], "base_real_amount": applied[0]["base_amount"]
    }]);
    extension["applied_taxes"] = json!([]);
    let row = |kind: &str| json!([{"tax_code": "US-MI-*-Rate 1", "taxable_item_type": kind}]);
    extension["additional_itemized_taxes"] = row("shipping");
    order["items"][0]["extension_attributes"] = json!({"itemized_taxes": row("product")});
    order
}

/// Pointers to everything in a document that is a text, a number, a flag or nothing.
fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
    match value {
        // Copies of lines that are walked themselves, of which the model has nothing.
        Value::Object(_) if at.ends_with("/parent_item") || at.contains("/shipping_assignments/0/items") => {}
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| leaves(value, &format!("{at}/{}", escaped(name)), found));
        }
        Value::Array(rows) => rows.iter().enumerate().for_each(|(n, row)| leaves(row, &format!("{at}/{n}"), found)),
        _ => found.push(at.to_owned()),
    }
}

/// Other values of the kind that a field has.
fn others(value: &Value) -> Vec<Value> {
    match value {
        Value::Number(_) => vec![json!(0), json!(2.5)],
        Value::String(text) => vec![json!(format!("{text}1")), json!("")],
        Value::Bool(flag) => vec![json!(!flag)],
        _ => vec![json!("x"), json!(1)],
    }
}

fn plan_of(document: &Value, settings: &Settings) -> Option<Plan> {
    let order = Order::read(document.clone()).ok()?;
    Some(decided(&order, settings, &Customer::Missing))
}

#[test]
fn whatever_changes_a_plan_changes_the_fingerprint() {
    let settings = curious();
    let card = |captured: bool| {
        let (method, transaction) = ("braintree".to_owned(), "t-1".to_owned());
        if captured { Payment::Captured { method, transaction } } else { Payment::Authorised { method, transaction } }
    };
    let mut mattered = BTreeSet::new();
    let kinds =
        [whole(card(true)), whole(card(false)), whole(Payment::PurchaseOrder("PO-1".into())), newer(card(true))];
    for before in kinds {
        let (plan, print) = (plan_of(&before, &settings).expect("an order"), print_of(&before));
        assert_eq!(plan.word(), "create", "{:?}", plan.finding());
        let mut pointers = Vec::new();
        leaves(&before, "", &mut pointers);
        for pointer in pointers {
            for other in others(before.pointer(&pointer).expect("a leaf")) {
                let mut after = before.clone();
                *after.pointer_mut(&pointer).expect("a leaf") = other.clone();
                let Some(changed) = plan_of(&after, &settings).filter(|changed| *changed != plan) else { continue };
                assert_ne!(print_of(&after), print, "{pointer} = {other}: {:?}", changed.finding());
                mattered.insert(pointer.clone());
            }
        }
    }
    // The walk has met what it is about.
    for pointer in [
        "/customer_taxvat",
        "/customer_group_id",
        "/billing_address/vat_id",
        "/discount_description",
        "/base_total_refunded",
        "/extension_attributes/gift_message/message",
        "/extension_attributes/base_gift_cards_amount",
        "/extension_attributes/payment_additional_info/0/value",
        "/extension_attributes/taxes/0/base_real_amount",
        "/extension_attributes/additional_itemized_taxes/0/taxable_item_type",
        "/items/0/extension_attributes/itemized_taxes/0/tax_code",
        "/items/0/qty_ordered",
        "/payment/po_number",
        "/payment/last_trans_id",
    ] {
        assert!(mattered.contains(pointer), "{pointer} changes no plan");
    }
    assert!(!mattered.contains("/status") && !mattered.contains("/updated_at"));
}
