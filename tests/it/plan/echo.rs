//! Lines as the ERP took them: other items, dropped fields, and lines of earlier requests.

use flows::orders::plan::check::check;
use flows::orders::plan::lines::echo::difference;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulators::acumatica::{Config, Item};

use super::erp::external_with;
use super::{document, mugs, planned_by, put, settings};

fn sent() -> Value {
    json!({"Details": [
        {"ExternalRef": {"value": "1"}, "InventoryID": {"value": "MUG"}, "OrderQty": {"value": 2}, "UOM": {"value": "EA"},
         "ExtendedPrice": {"value": 24.00}, "DiscountAmount": {"value": 2.40}, "MarkForPO": {"value": true},
         "GiftMessage": {"value": "Enjoy!\nAnn"}},
        {"ExternalRef": {"value": "2"}, "InventoryID": {"value": "PEN"}, "OrderQty": {"value": 1},
         "ExtendedPrice": {"value": 1.00}, "DiscountAmount": {"value": 0.00}},
    ]})
}

/// In the ERP's spelling, in another order, beside a line of an earlier request.
fn receipt() -> Value {
    json!({"Details": [
        {"ExternalRef": {"value": "0"}, "InventoryID": {"value": "CAP"}, "OrderQty": {"value": 9.0}},
        {"ExternalRef": {"value": "2"}, "InventoryID": {"value": "PEN"}, "OrderQty": {"value": 1.0}, "UOM": {"value": "EA"},
         "ExtendedPrice": {"value": 1.0000}, "DiscountAmount": {"value": 0.0}},
        {"ExternalRef": {"value": "1 "}, "InventoryID": {"value": "mug       "}, "OrderQty": {"value": 2.0000},
         "UOM": {"value": "ea"}, "ExtendedPrice": {"value": 24.0000}, "DiscountAmount": {"value": 2.4000},
         "MarkForPO": {"value": true}, "GiftMessage": {"value": "Enjoy!\r\nAnn"}},
    ]})
}

fn told(sent: &Value, receipt: &Value) -> Option<(&'static str, String)> {
    difference("000000001", "SO/000123", sent, receipt).map(|finding| (finding.code, finding.message))
}

#[test]
fn lines_that_came_back_as_they_were_sent_have_no_finding() {
    assert_eq!(told(&sent(), &receipt()), None);
    // A hold or a change of the header sends none.
    assert_eq!(told(&json!({}), &json!({})), None);
}

#[test]
fn a_field_that_did_not_come_back_is_named_with_its_line() {
    for (field, value) in [
        ("OrderQty", json!({"value": 3})),
        ("UOM", json!({"value": "BOX"})),
        ("ExtendedPrice", json!({"value": 24.01})),
        ("DiscountAmount", json!({})),
        ("MarkForPO", json!({"value": false})),
        ("GiftMessage", json!({"value": "Enjoy!"})),
        ("ExternalRef", json!({})),
    ] {
        let mut receipt = receipt();
        put(&mut receipt, &format!("/Details/2/{field}"), value);
        let sentence = format!(
            "Acumatica did not take over `{field}` of line `1` (item `MUG`) of order 000000001 (SO/000123); the order is on hold."
        );
        assert_eq!(told(&sent(), &receipt), Some(("orders.held.value_not_taken", sentence)), "{field}");
    }
}

#[test]
fn another_item_is_named_unless_it_was_to_be_found() {
    let mut other = receipt();
    put(&mut other, "/Details/1/InventoryID", json!({"value": "BALLPOINT"}));
    let sentence = "Line `2` of order 000000001 was sent for item `PEN`, and Acumatica took it for item `BALLPOINT` (SO/000123); the order is on hold.";
    assert_eq!(told(&sent(), &other), Some(("orders.held.item_differs", sentence.to_owned())));
    let mut by_alternate = sent();
    put(&mut by_alternate, "/Details/1/AlternateID", json!({"value": "PEN"}));
    put(&mut other, "/Details/1/AlternateID", json!({"value": "pen"}));
    assert_eq!(told(&by_alternate, &other), None);
    put(&mut other, "/Details/1/AlternateID", json!({"value": "4006381333931"}));
    assert_eq!(told(&by_alternate, &other).map(|(code, _)| code), Some("orders.held.value_not_taken"));
}

/// The SKU is nobody's inventory ID, but an alternate ID of the cup.
#[test]
fn a_tenant_that_takes_the_sku_for_another_item_is_found_out() {
    let mut tenant = external_with(Config::default());
    tenant.erp.master.items.remove("MUG");
    let cup =
        Item { alternate_ids: ["MUG".to_owned()].into(), tax_category: Some("TAXABLE".into()), ..Item::default() };
    tenant.erp.add_item("CUP", cup);
    let alternate = settings(|document| document["orders"]["default"]["items"] = json!({"by": "alternate_id"}));
    for (settings, code) in [(settings(|_| {}), Some("orders.held.item_differs")), (alternate, None)] {
        let plan = planned_by(&document(&mugs()), &settings);
        let (sent, receipt) = tenant.clone().run(&plan);
        assert_eq!(super::column(&receipt, "Details", "InventoryID"), ["CUP"]);
        let checked = check("000000001", Some(Decimal::from(29)), Some(&sent), &receipt).expect("a receipt");
        assert_eq!(checked.finding.map(|finding| finding.code), code);
        assert_eq!(checked.must_hold, code.is_some());
    }
}
