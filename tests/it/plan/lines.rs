//! Items and discounts, with sums that were made by hand.

use serde_json::{Value, json};
use simulators::magento::{OrderDraft, RowTotal};

use super::{PLACED, amounts, at, column, created, document, edited, mugs, number, placed, planned};

fn web() -> OrderDraft {
    OrderDraft::guest("jordan@example.com").shipping("flatrate_flatrate", "5.00")
}

#[test]
fn an_item_becomes_a_line() {
    let draft = web()
        .simple(" MUG ", 2, "12.00")
        .named("  Mug, blue ")
        .configurable("Shirt", "SHIRT-S-RED", 1, "30.00")
        .virtual_item("WARRANTY", 1, "9.90")
        .grouped("CUP", "1.5", "4.00");
    let plan = planned(&document(&draft));
    let body = created(&plan);
    // The configurable stands once: the child's SKU with the parent's name and amount. Children carry item ids, so 3 is left out.
    for (field, values) in [
        ("InventoryID", ["MUG", "SHIRT-S-RED", "WARRANTY", "CUP"]),
        ("LineDescription", ["Mug, blue", "Shirt", "WARRANTY", "CUP"]),
        ("OrderQty", ["2", "1", "1", "1.5"]),
        ("UnitPrice", ["12.00", "30.00", "9.90", "4.00"]),
        ("ExtendedPrice", ["24.00", "30.00", "9.90", "6.00"]),
        ("DiscountAmount", ["0.00"; 4]),
        ("ManualPrice", ["true"; 4]),
        ("ManualDiscount", ["true"; 4]),
        ("ExternalRef", ["1", "2", "4", "5"]),
        ("WarehouseID", ["WHOLESALE"; 4]),
        ("Branch", ["MAIN"; 4]),
        ("UOM", [""; 4]),
        ("FreeItem", [""; 4]),
    ] {
        assert_eq!(column(body, "Details", field), values, "{field}");
    }
    assert_eq!(amounts(&plan), "69.90 0.00 5.00 0.00 0.00 = 74.90");
    assert_eq!(at(body, "/DisableAutomaticDiscountUpdate"), "true");
}

/// Nothing that was ordered disappears, not even what costs nothing.
#[test]
fn a_child_without_its_parent_is_a_line() {
    let draft = web().simple("MUG", 1, "12.00").simple("STICKER", 1, "0.00");
    let body = edited(&draft, &[("/items/1/parent_item_id", json!(99))]);
    assert_eq!(column(created(&planned(&body)), "Details", "InventoryID"), ["MUG", "STICKER"]);
}

#[test]
fn what_the_shopper_chose_is_the_lines_note() {
    let chosen = json!({"extension_attributes": {"custom_options":
        [{"option_id": "4", "option_value": "For Ann"}, {"option_id": "7", "option_value": "12"}]}});
    let plan = planned(&edited(&mugs(), &[("/items/0/product_option", chosen)]));
    assert_eq!(column(created(&plan), "Details", "note"), ["Option 4: For Ann\nOption 7: 12"]);
}

#[test]
fn the_unit_price_is_rounded_and_the_extended_price_is_exact() {
    // Two pieces for 19.95 by a third-party price rule: 9.975 each, kept to four decimals.
    let edits = [
        ("/items/0/base_row_total", number("19.95")),
        ("/items/0/base_price", number("9.98")),
        ("/base_subtotal", number("19.95")),
        ("/base_grand_total", number("24.95")),
    ];
    let plan = planned(&edited(&mugs(), &edits));
    assert_eq!(column(created(&plan), "Details", "UnitPrice"), ["9.975"]);
    assert_eq!(column(created(&plan), "Details", "ExtendedPrice"), ["19.95"]);
    // Seven for 10.00: 1.428571… is 1.4286.
    let draft = web().simple("PEN", 7, 0);
    let edits = [
        ("/items/0/base_row_total", number("10")),
        ("/base_subtotal", number("10")),
        ("/base_grand_total", number("15")),
    ];
    let plan = planned(&edited(&draft, &edits));
    assert_eq!(column(created(&plan), "Details", "UnitPrice"), ["1.4286"]);
    assert_eq!(amounts(&plan), "10.00 0.00 5.00 0.00 0.00 = 15.00");
}

#[test]
fn a_line_without_a_quantity_keeps_its_amount() {
    // Nothing can be divided by; the ERP's sum decides then whether the order is held.
    let plan = planned(&edited(&mugs(), &[("/items/0/qty_ordered", number("0"))]));
    assert_eq!(column(created(&plan), "Details", "UnitPrice"), ["0.00"]);
    assert_eq!(column(created(&plan), "Details", "ExtendedPrice"), ["24.00"]);
}

#[test]
fn row_totals_are_read_before_or_after_discount() {
    // 20 % off 69.00 and 2 × 112.00: 13.80 and 44.80.
    let draft = web().simple("BAG", 1, "69.00").simple("BOX", 2, "112.00").discount_percent(20);
    for row_total in [RowTotal::Gross, RowTotal::NetOfDiscount] {
        let plan = planned(&placed(&draft, PLACED, row_total));
        let body = created(&plan);
        assert_eq!(column(body, "Details", "ExtendedPrice"), ["69.00", "224.00"], "{row_total:?}");
        assert_eq!(column(body, "Details", "DiscountAmount"), ["13.80", "44.80"], "{row_total:?}");
        assert_eq!(amounts(&plan), "293.00 58.60 5.00 0.00 0.00 = 239.40", "{row_total:?}");
    }
    // Neither reading fits, price times quantity does: a module has left the row totals empty.
    let mut empty = placed(&draft, PLACED, RowTotal::Gross);
    for n in 0..2 {
        empty["items"][n]["base_row_total"] = Value::Null;
    }
    assert_eq!(amounts(&planned(&empty)), "293.00 58.60 5.00 0.00 0.00 = 239.40");
}

#[test]
fn tax_hidden_in_a_discount_is_no_discount() {
    // 120.00 with 20 % in it is 100.00. 10 % off is 12.00 of the price with tax: 10.00 off the price, 2.00 less tax. 100 − 10 + 18 = 108.
    let draft = OrderDraft::guest("jordan@example.com")
        .simple("LAMP", 1, "120.00")
        .tax("FR-VAT-20", 20)
        .tax_inclusive()
        .discount_percent(10)
        .shipping("flatrate_flatrate", 0);
    let plan = planned(&document(&draft));
    let body = created(&plan);
    assert_eq!(column(body, "Details", "ExtendedPrice"), ["100.00"]);
    assert_eq!(column(body, "Details", "DiscountAmount"), ["10.00"]);
    assert_eq!(column(body, "TaxDetails", "TaxAmount"), ["18.00"]);
    assert_eq!(column(body, "TaxDetails", "TaxableAmount"), ["90.00"]);
    assert_eq!(amounts(&plan), "100.00 10.00 0.00 18.00 0.00 = 108.00");
}

#[test]
fn shippings_discount_reduces_freight_without_its_hidden_tax() {
    // 12.00 of shipping with 20 % in it is 10.00; 6.00 off is 5.00 off freight and 1.00 less tax: 100 + 5 + 20 + 1 = 126.
    let inclusive = OrderDraft::guest("jordan@example.com")
        .simple("LAMP", 1, "120.00")
        .tax("FR-VAT-20", 20)
        .shipping_tax("FR-VAT-20", 20)
        .tax_inclusive()
        .shipping("flatrate_flatrate", "12.00")
        .shipping_discount("6.00");
    // 99 % off 80 + 20 follows Magento, line by line: 0.80 of goods and 0.20 of freight.
    let nearly_free = OrderDraft::guest("jordan@example.com")
        .simple("LAMP", 1, "80.00")
        .shipping("flatrate_flatrate", "20.00")
        .discount_percent_with_shipping(99);
    for (draft, discount, freight, expected) in [
        (inclusive, "0.00", "5.00", "100.00 0.00 5.00 21.00 0.00 = 126.00"),
        (nearly_free, "79.20", "0.20", "80.00 79.20 0.20 0.00 0.00 = 1.00"),
        (
            web().simple("LAMP", 1, "80.00").shipping_discount("5.00"),
            "0.00",
            "0.00",
            "80.00 0.00 0.00 0.00 0.00 = 80.00",
        ),
    ] {
        let plan = planned(&document(&draft));
        assert_eq!(column(created(&plan), "Details", "DiscountAmount"), [discount]);
        assert_eq!(at(created(&plan), "/ShippingSettings/PremiumFreight"), freight);
        assert_eq!(amounts(&plan), expected);
    }
}

#[test]
fn tax_hidden_beyond_the_discount_is_part_of_the_price() {
    // Two cents with tax, all of which rounding has made tax; a cent off takes both: 0.00 − (0.01 − 0.02) is 0.01.
    let line = [
        ("/items/0/base_row_total", number("0")),
        ("/items/0/base_discount_amount", number("0.01")),
        ("/items/0/base_discount_tax_compensation_amount", number("0.02")),
        ("/base_subtotal", number("0")),
        ("/base_discount_amount", number("-0.01")),
        ("/base_discount_tax_compensation_amount", number("0.02")),
        ("/base_grand_total", number("5.01")),
    ];
    // Magento carries the differences of tax before and after discount on by themselves, so that a cent can be hidden in no discount.
    let shipping =
        [("/base_shipping_discount_tax_compensation_amnt", number("0.01")), ("/base_grand_total", number("29.01"))];
    for (edits, price, freight, expected) in [
        (line.as_slice(), "0.01", "5.00", "0.01 0.00 5.00 0.00 0.00 = 5.01"),
        (shipping.as_slice(), "24.00", "5.01", "24.00 0.00 5.01 0.00 0.00 = 29.01"),
    ] {
        let plan = planned(&edited(&mugs(), edits));
        assert_eq!(column(created(&plan), "Details", "ExtendedPrice"), [price]);
        assert_eq!(at(created(&plan), "/ShippingSettings/PremiumFreight"), freight);
        assert_eq!(amounts(&plan), expected);
    }
}

#[test]
fn all_off_is_a_discount_and_no_free_item() {
    let plan = planned(&document(&web().simple("MUG", 2, "12.00").discount_percent_with_shipping(100)));
    assert_eq!(column(created(&plan), "Details", "DiscountAmount"), ["24.00"]);
    assert_eq!(amounts(&plan), "24.00 24.00 0.00 0.00 0.00 = 0.00");
}

#[test]
fn a_header_discount_that_no_line_has_is_spread() {
    let three = web().simple("A", 1, "10.00").simple("B", 1, "10.00").simple("C", 1, "10.00");
    // (discount of the header, discounts the lines have, hidden tax of the header) → discounts, lines less discount plus 5.00.
    for (header, own, hidden, expected, total) in [
        // 3.333… each: of equal remainders the first line takes the coin.
        ("-10", ["0", "0", "0"], "0", ["3.34", "3.33", "3.33"], "25.00"),
        // Only the rest is spread, by what is left of each line: 5, 10 and 10.
        ("-10", ["5", "0", "0"], "0", ["6.00", "2.00", "2.00"], "25.00"),
        // The third line is worth nothing any more.
        ("-14", ["0", "0", "10"], "0", ["2.00", "2.00", "10.00"], "21.00"),
        // Everything off.
        ("-30", ["0", "0", "0"], "0", ["10.00", "10.00", "10.00"], "5.00"),
        // 6.00 off prices with tax, of which 1.00 is tax: 5.00 off prices without.
        ("-6", ["0", "0", "0"], "1", ["1.67", "1.67", "1.66"], "30.00"),
    ] {
        let edits = [
            ("/base_discount_amount", number(header)),
            ("/items/0/base_discount_amount", number(own[0])),
            ("/items/1/base_discount_amount", number(own[1])),
            ("/items/2/base_discount_amount", number(own[2])),
            ("/base_discount_tax_compensation_amount", number(hidden)),
            ("/base_grand_total", number(total)),
        ];
        let plan = planned(&edited(&three, &edits));
        assert_eq!(column(created(&plan), "Details", "DiscountAmount"), expected, "{header} {own:?}");
    }
}

#[test]
fn five_hundred_lines_are_one_request_and_more_are_several() {
    let lines = |count: usize| {
        let draft = OrderDraft::guest("jordan@example.com").shipping("flatrate_flatrate", 5);
        (0..count).fold(draft, |draft, n| draft.configurable("Cup", &format!("CUP-{n}"), 1, "1.00"))
    };
    // A configurable line and its child are one line.
    for (count, expected) in [
        (500, vec![("order.create", 500)]),
        (501, vec![("order.begin", 500), ("order.complete", 1)]),
        (1_000, vec![("order.begin", 500), ("order.complete", 500)]),
        (1_001, vec![("order.begin", 500), ("order.lines", 500), ("order.complete", 1)]),
    ] {
        let plan = planned(&edited(&lines(count), &[]));
        let work = plan.work().expect("work");
        let slices = work.steps.iter().filter(|step| step.entity() == "SalesOrder");
        let sent = |step: &flows::plan::Step| step.body()["Details"].as_array().map_or(0, Vec::len);
        assert_eq!(slices.clone().map(|step| (step.key.as_str(), sent(step))).collect::<Vec<_>>(), expected);
        let mut references = std::collections::BTreeSet::new();
        let last = slices.clone().count() - 1;
        for (n, step) in slices.enumerate() {
            references.extend(column(step.body(), "Details", "ExternalRef"));
            let whole = step.body().get("TaxDetails").is_some() || step.body().get("IsTaxValid").is_some();
            assert_eq!((step.total.is_some(), step.unfinished), (n == last, n < last), "{count}: {n}");
            assert_eq!(step.body()["Hold"]["value"], Value::Bool(n < last), "{count}: {n}");
            assert!(n == last || !whole, "{count}: taxes in slice {n}");
            assert!(step.body().to_string().len() < 400_000, "{count}: slice {n} is too large for a request");
        }
        assert_eq!(references.len(), count, "every line once");
        let amounts = work.amounts.as_ref().expect("amounts");
        assert_eq!(amounts.magento, amounts.acumatica);
    }
}
