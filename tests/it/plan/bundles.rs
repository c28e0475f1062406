//! Bundles and gift cards, with sums that were made by hand.

use flows::settings::Settings;
use serde_json::{Value, json};
use simulators::magento::{OrderDraft, RowTotal};

use super::{
    PLACED, amounts, at, column, created, document, edited, mugs, number, placed, planned, planned_by, put, settings,
};

fn web() -> OrderDraft {
    OrderDraft::guest("jordan@example.com").shipping("flatrate_flatrate", "5.00")
}

fn components() -> Settings {
    settings(|document| document["orders"]["default"]["bundles"] = json!("components"))
}

/// Two kits of one A at 10.00 and two B at 2.50: 30.00.
fn dynamic() -> OrderDraft {
    web().bundle_dynamic("KIT", 2, &[("A", 1, "10.00"), ("B", 2, "2.50")])
}

/// Two kits at 50.00, each of one A and three B.
fn fixed() -> OrderDraft {
    web().bundle_fixed("KIT", 2, "50.00", &[("A", 1), ("B", 3)])
}

#[test]
fn components_of_a_dynamic_bundle_are_the_lines() {
    for (draft, row_total, discounts, sum) in [
        (dynamic(), RowTotal::Gross, ["0.00", "0.00"], "30.00 0.00 5.00 0.00 0.00 = 35.00"),
        // 10 % off: 2.00 and 1.00, on the components alone.
        (dynamic().discount_percent(10), RowTotal::Gross, ["2.00", "1.00"], "30.00 3.00 5.00 0.00 0.00 = 32.00"),
        (
            dynamic().discount_percent(10),
            RowTotal::NetOfDiscount,
            ["2.00", "1.00"],
            "30.00 3.00 5.00 0.00 0.00 = 32.00",
        ),
        // All off, printed after discount: no row total is left to tell the kind by.
        (
            dynamic().discount_percent(100),
            RowTotal::NetOfDiscount,
            ["20.00", "10.00"],
            "30.00 30.00 5.00 0.00 0.00 = 5.00",
        ),
    ] {
        let document = placed(&draft, PLACED, row_total);
        // How fixed prices are written does not matter here.
        for settings in [settings(|_| {}), components()] {
            let plan = planned_by(&document, &settings);
            let body = created(&plan);
            for (field, values) in [
                ("InventoryID", ["A", "B"]),
                ("OrderQty", ["2", "4"]),
                ("UnitPrice", ["10.00", "2.50"]),
                ("ExtendedPrice", ["20.00", "10.00"]),
                ("DiscountAmount", discounts),
                // The parent is 1.
                ("ExternalRef", ["2", "3"]),
            ] {
                assert_eq!(column(body, "Details", field), values, "{field} {row_total:?}");
            }
            assert_eq!(amounts(&plan), sum, "{row_total:?}");
        }
    }
}

#[test]
fn a_component_that_was_left_out_is_no_line() {
    let mut document = document(&dynamic());
    for (field, value) in [("qty_ordered", "0"), ("base_row_total", "0"), ("base_price", "0")] {
        put(&mut document, &format!("/items/2/{field}"), number(value));
    }
    for pointer in ["/base_subtotal", "/items/0/base_row_total"] {
        put(&mut document, pointer, number("20"));
    }
    put(&mut document, "/base_grand_total", number("25"));
    let plan = planned(&document);
    assert_eq!(column(created(&plan), "Details", "InventoryID"), ["A"]);
    assert_eq!(amounts(&plan), "20.00 0.00 5.00 0.00 0.00 = 25.00");
}

#[test]
fn a_bundle_at_its_own_price_is_one_kit() {
    // The Michigan rate on 90.00 is 5.40.
    let plan = planned(&document(&fixed().discount_percent(10).tax("US-MI-*-Rate 1", 6)));
    let body = created(&plan);
    for (field, value) in [
        ("InventoryID", "KIT"),
        ("OrderQty", "2"),
        ("UnitPrice", "50.00"),
        ("ExtendedPrice", "100.00"),
        ("DiscountAmount", "10.00"),
        ("ExternalRef", "1"),
    ] {
        assert_eq!(column(body, "Details", field), [value], "{field}");
    }
    assert_eq!(column(body, "TaxDetails", "TaxableAmount"), ["90.00"]);
    assert_eq!(amounts(&plan), "100.00 10.00 5.00 5.40 0.00 = 100.40");
}

#[test]
fn a_bundle_at_its_own_price_is_spread_over_its_components() {
    let mut priced = document(&fixed().discount_percent(10).tax("US-MI-*-Rate 1", 6));
    let by_quantity = priced.clone();
    // Alone, two A cost 60.00 and six B 12.00. 100 × 60/72 is 83.333…, 100 × 12/72 is 16.666…, which takes the coin.
    put(&mut priced, "/items/1/base_original_price", number("30.0000"));
    put(&mut priced, "/items/2/base_original_price", number("2.0000"));
    let mut one_missing = priced.clone();
    put(&mut one_missing, "/items/2/base_original_price", Value::Null);
    let mut without_a_price = priced.clone();
    for n in [1, 2] {
        put(&mut without_a_price, &format!("/items/{n}/base_original_price"), number("0"));
    }
    let mut without_b = priced.clone();
    put(&mut without_b, "/items/2/qty_ordered", number("0"));
    // Two of A to six of B: 25.00 and 75.00, 2.50 and 7.50 off.
    let even = (["25.00", "75.00"], ["2.50", "7.50"]);
    for (document, (gross, discounts)) in [
        (&by_quantity, even),
        (&one_missing, even),
        (&without_a_price, even),
        // 10 × 83.33/100 is 8.333, 10 × 16.67/100 is 1.667: the second takes the coin.
        (&priced, (["83.33", "16.67"], ["8.33", "1.67"])),
    ] {
        let plan = planned_by(document, &components());
        let body = created(&plan);
        for (field, values) in [
            ("InventoryID", ["A", "B"]),
            ("OrderQty", ["2", "6"]),
            ("ExtendedPrice", gross),
            ("DiscountAmount", discounts),
            ("ExternalRef", ["2", "3"]),
        ] {
            assert_eq!(column(body, "Details", field), values, "{field}");
        }
        // Magento lists the tax by the bundle.
        assert_eq!(column(body, "TaxDetails", "TaxableAmount"), ["90.00"]);
        assert_eq!(amounts(&plan), "100.00 10.00 5.00 5.40 0.00 = 100.40");
    }
    let plan = planned_by(&without_b, &components());
    assert_eq!(column(created(&plan), "Details", "InventoryID"), ["A"]);
    assert_eq!(column(created(&plan), "Details", "ExtendedPrice"), ["100.00"]);
    let mut empty = priced;
    for n in [1, 2] {
        put(&mut empty, &format!("/items/{n}/qty_ordered"), number("0"));
    }
    let plan = planned_by(&empty, &components());
    assert_eq!(column(created(&plan), "Details", "InventoryID"), ["KIT"], "nothing to spread over");
}

/// 10.00 over three pieces: 3.34, 3.33, 3.33; the discount never exceeds a component's part.
#[test]
fn a_spread_price_adds_up_and_caps_its_discount() {
    let draft = web().bundle_fixed("KIT", 1, "10.00", &[("A", 1), ("B", 1), ("C", 1)]);
    for (draft, discounts, sum) in [
        (draft.clone(), ["0.00"; 3], "10.00 0.00 5.00 0.00 0.00 = 15.00"),
        (draft.clone().discount_percent(100), ["3.34", "3.33", "3.33"], "10.00 10.00 5.00 0.00 0.00 = 5.00"),
        // 1.00 × 3.34/10 is 0.334, the others 0.333: the first takes the coin.
        (draft.discount_fixed(1), ["0.34", "0.33", "0.33"], "10.00 1.00 5.00 0.00 0.00 = 14.00"),
    ] {
        let plan = planned_by(&document(&draft), &components());
        assert_eq!(column(created(&plan), "Details", "ExtendedPrice"), ["3.34", "3.33", "3.33"]);
        assert_eq!(column(created(&plan), "Details", "DiscountAmount"), discounts);
        assert_eq!(amounts(&plan), sum);
    }
}

/// Neither parent nor components cost anything: goods are what is shipped.
#[test]
fn a_free_bundle_is_its_components() {
    let free = web().bundle_fixed("KIT", 1, 0, &[("A", 1), ("B", 3)]).simple("MUG", 1, "12.00");
    let plan = planned(&document(&free));
    assert_eq!(column(created(&plan), "Details", "InventoryID"), ["A", "B", "MUG"]);
    assert_eq!(column(created(&plan), "Details", "ExtendedPrice"), ["0.00", "0.00", "12.00"]);
    assert_eq!(amounts(&plan), "12.00 0.00 5.00 0.00 0.00 = 17.00");
}

/// What belongs to the whole bundle stands on its first component.
#[test]
fn the_first_component_carries_what_the_shopper_chose_for_the_bundle() {
    let mut document = document(&fixed());
    let option = json!({"custom_options": [{"option_id": "4", "option_value": "For Ann"}]});
    put(&mut document, "/items/0/product_option", json!({"extension_attributes": option}));
    let message = json!({"gift_message": {"sender": "Ann", "recipient": "Bo", "message": "Enjoy!"}});
    put(&mut document, "/items/0/extension_attributes", message);
    let plan = planned_by(&document, &components());
    assert_eq!(column(created(&plan), "Details", "note"), ["Option 4: For Ann", ""]);
    assert_eq!(column(created(&plan), "Details", "GiftMessage"), ["From: Ann\nTo: Bo\nEnjoy!", ""]);
}

#[test]
fn a_gift_card_sold_is_its_mapped_item() {
    let settings = settings(|document| {
        document["orders"]["default"]["extra_items"] =
            json!({"gift_card": {"inventory_id": "GIFTCARD", "tax_category": "EXEMPT"}});
    });
    let card = edited(&mugs().simple("PEN", 1, "1.00"), &[("/items/0/product_type", json!("giftcard"))]);
    let plan = planned_by(&card, &settings);
    let body = created(&plan);
    assert_eq!(column(body, "Details", "InventoryID"), ["GIFTCARD", "PEN"]);
    assert_eq!(column(body, "Details", "TaxCategory"), ["EXEMPT", ""]);
    assert_eq!(column(body, "Details", "OrderQty"), ["2", "1"]);
    assert_eq!(column(body, "Details", "LineDescription"), ["MUG", "PEN"]);
    assert_eq!(amounts(&plan), "25.00 0.00 5.00 0.00 0.00 = 30.00");
    assert_eq!(at(body, "/Hold"), "false");
    let sentence = "Order 000000001 has 24.00 for gift card `MUG`, and `extra_items.gift_card` names no item for it.";
    assert_eq!(super::finding(&planned(&card)), ("orders.rejected.extra_item_not_mapped", sentence));
}
