//! Amounts beside the goods, one line each, with sums that were made by hand.

use flows::plan::Plan;
use flows::settings::Settings;
use serde_json::{Value, json};
use simulators::magento::RowTotal;

use super::{PLACED, amounts, column, created, edited, finding, mugs, number, placed, planned_by, put, settings};

/// Everything is mapped; the website has a fee of its own beside the wider levels' two.
fn mapped() -> Settings {
    settings(|document| {
        let orders = &mut document["orders"];
        orders["default"]["extra_items"] = json!({
            "gift_wrap": {"inventory_id": "WRAP", "tax_category": "TAXABLE"},
            "printed_card": {"inventory_id": "CARD"},
            "fixed_product_tax": {"inventory_id": "FPT"},
        });
        orders["default"]["extra_amounts"] = json!([
            {"field": "/extension_attributes/base_fee", "inventory_id": "FEE", "tax_category": "EXEMPT"},
            {"field": "/base_surcharge", "inventory_id": "SURCHARGE"},
        ]);
        orders["websites"]["base"]["extra_amounts"] =
            json!([{"field": "/base_surcharge", "inventory_id": "SURCHARGE-BASE"}]);
    })
}

/// Σ extra amounts of a plan.
fn extra(plan: &Plan) -> String {
    plan.work().and_then(|work| work.amounts.as_ref()).expect("amounts").parts.extra.normalize().to_string()
}

const WRAP: &str = "/extension_attributes/gw_base_price";
const WRAP_OF_ITEMS: &str = "/extension_attributes/gw_items_base_price";
const CARD: &str = "/extension_attributes/gw_card_base_price";
const FPT: &str = "/items/0/base_weee_tax_applied_row_amnt";
const FPT_SHOWN: &str = "/items/0/weee_tax_applied_row_amount";
const FEE: &str = "/extension_attributes/base_fee";
const TOTAL: &str = "/base_grand_total";

#[test]
fn every_amount_beside_the_goods_is_a_line() {
    // Two mugs for 24.00, 5.00 of shipping; beside them 3.00 + 2.50 + 1.00 + 1.50 + 2.00 + 0.40 = 10.40.
    let document = edited(
        &mugs(),
        &[
            (WRAP, json!("3.0000")),
            (WRAP_OF_ITEMS, json!("2.5000")),
            (CARD, number("1")),
            (FPT, number("1.5")),
            (FEE, json!("2.0000")),
            ("/base_surcharge", number("0.40")),
            (TOTAL, number("39.40")),
        ],
    );
    let plan = planned_by(&document, &mapped());
    let body = created(&plan);
    for (field, values) in [
        ("InventoryID", ["MUG", "FPT", "WRAP", "WRAP", "CARD", "SURCHARGE-BASE", "FEE"]),
        ("OrderQty", ["2", "1", "1", "1", "1", "1", "1"]),
        ("UnitPrice", ["12.00", "1.50", "3.00", "2.50", "1.00", "0.40", "2.00"]),
        ("ExtendedPrice", ["24.00", "1.50", "3.00", "2.50", "1.00", "0.40", "2.00"]),
        ("DiscountAmount", ["0.00"; 7]),
        ("ManualPrice", ["true"; 7]),
        ("TaxCategory", ["", "", "TAXABLE", "TAXABLE", "", "", "EXEMPT"]),
        ("Branch", ["MAIN"; 7]),
        ("WarehouseID", ["WHOLESALE", "", "", "", "", "", ""]),
        (
            "LineDescription",
            [
                "MUG",
                "Fixed product tax of `MUG`",
                "Gift wrapping",
                "Gift wrapping of items",
                "A printed card",
                "Base_surcharge",
                "Base_fee",
            ],
        ),
        (
            "ExternalRef",
            ["1", "1/fpt", "gift_wrap", "gift_wrap/items", "printed_card", "extra/base_surcharge", "extra/base_fee"],
        ),
    ] {
        assert_eq!(column(body, "Details", field), values, "{field}");
    }
    assert_eq!((amounts(&plan).as_str(), extra(&plan).as_str()), ("24.00 0.00 5.00 0.00 0.00 = 39.40", "10.4"));
}

#[test]
fn fixed_product_tax_may_be_a_part_of_the_subtotal() {
    // 24.00 less 10 % is 21.60; 1.50 of tax per product, 5.00 of shipping: 28.10.
    for row_total in [RowTotal::Gross, RowTotal::NetOfDiscount] {
        for subtotal in ["24", "25.50"] {
            let mut document = placed(&mugs().discount_percent(10), PLACED, row_total);
            for (pointer, value) in [(FPT, "1.5"), ("/base_subtotal", subtotal), (TOTAL, "28.10")] {
                put(&mut document, pointer, number(value));
            }
            let plan = planned_by(&document, &mapped());
            assert_eq!(
                column(created(&plan), "Details", "ExtendedPrice"),
                ["24.00", "1.50"],
                "{subtotal} {row_total:?}"
            );
            assert_eq!(amounts(&plan), "24.00 2.40 5.00 0.00 0.00 = 28.10", "{subtotal} {row_total:?}");
        }
    }
    // Neither fits.
    let wrong = edited(&mugs(), &[(FPT, number("1.5")), ("/base_subtotal", number("25")), (TOTAL, number("30.5"))]);
    let plan = planned_by(&wrong, &mapped());
    assert_eq!(finding(&plan).0, "orders.held.lines_differ_from_subtotal");
}

#[test]
fn fixed_product_tax_is_counted_where_the_money_is() {
    // On the configurable and again on its child: once.
    let shirt = mugs().configurable("Shirt", "SHIRT-S", 1, "30.00");
    let document = edited(
        &shirt,
        &[
            ("/items/1/base_weee_tax_applied_row_amnt", number("2")),
            ("/items/2/base_weee_tax_applied_row_amnt", number("2")),
            (TOTAL, number("61")),
        ],
    );
    let plan = planned_by(&document, &mapped());
    assert_eq!(column(created(&plan), "Details", "ExternalRef"), ["1", "2", "2/fpt"]);
    assert_eq!(amounts(&plan), "54.00 0.00 5.00 0.00 0.00 = 61.00");
}

/// The base amount's name differs between versions; in one currency the other one says the same.
#[test]
fn fixed_product_tax_in_the_shoppers_currency_alone() {
    for (edits, outcome) in [
        (vec![(FPT_SHOWN, number("1.5")), (TOTAL, number("30.5"))], "create"),
        (vec![(FPT_SHOWN, number("1.5")), (FPT, number("0")), (TOTAL, number("30.5"))], "create"),
        (
            vec![
                (FPT_SHOWN, number("1.4")),
                (FPT, number("1.5")),
                ("/order_currency_code", json!("EUR")),
                (TOTAL, number("30.5")),
            ],
            "create",
        ),
        (vec![(FPT_SHOWN, number("1.4")), ("/order_currency_code", json!("EUR")), (TOTAL, number("30.5"))], "rejected"),
        (vec![(FPT_SHOWN, number("0")), ("/order_currency_code", json!("EUR"))], "create"),
    ] {
        assert_eq!(planned_by(&edited(&mugs(), &edits), &mapped()).word(), outcome, "{edits:?}");
    }
}

#[test]
fn what_is_no_amount_is_named() {
    let no_amount = "`/extension_attributes/base_fee` of order 000000001 is no amount.";
    let negative =
        "Order 000000001 has -2.00 for `/extension_attributes/base_fee`; a line cannot have a negative amount.";
    for (value, expected) in [
        (json!("two"), Some(no_amount)),
        (json!(true), Some(no_amount)),
        (json!([2]), Some(no_amount)),
        (json!({"amount": 2}), Some(no_amount)),
        (json!("-2.0000"), Some(negative)),
        (number("-2"), Some(negative)),
        (json!("2e0"), None),
        (json!(" 2.00 "), None),
    ] {
        let plan = planned_by(&edited(&mugs(), &[(FEE, value.clone()), (TOTAL, number("31"))]), &mapped());
        let found = plan.finding().map(|finding| (finding.code, finding.message.as_str()));
        assert_eq!(found, expected.map(|sentence| ("orders.rejected.extra_amount_unusable", sentence)), "{value}");
        assert_eq!(plan.word(), if expected.is_some() { "rejected" } else { "create" }, "{value}");
    }
    // No amount at all is none.
    for value in [Value::Null, json!(""), json!("0.0000"), number("0")] {
        let plan = planned_by(&edited(&mugs(), &[(FEE, value.clone())]), &mapped());
        assert_eq!(column(created(&plan), "Details", "ExternalRef"), ["1"], "{value}");
    }
}

#[test]
fn what_is_not_mapped_is_named_or_holds_the_order() {
    for (pointer, sentence) in [
        (WRAP, "Order 000000001 has 2.00 for gift wrapping, and `extra_items.gift_wrap` names no item for it."),
        (CARD, "Order 000000001 has 2.00 for a printed card, and `extra_items.printed_card` names no item for it."),
        (
            FPT,
            "Order 000000001 has 2.00 for fixed product tax of `MUG`, and `extra_items.fixed_product_tax` names no item for it.",
        ),
    ] {
        let plan = planned_by(&edited(&mugs(), &[(pointer, number("2")), (TOTAL, number("31"))]), &settings(|_| {}));
        assert_eq!(finding(&plan), ("orders.rejected.extra_item_not_mapped", sentence));
    }
    // An amount that no setting names is only seen in the sum.
    let fee = edited(&mugs(), &[(FEE, number("2")), (TOTAL, number("31"))]);
    let plan = planned_by(&fee, &settings(|_| {}));
    let sentence = "Order 000000001 is worth 31.00 in Magento and adds up to 29.00 in Acumatica, a difference of 2.00; the order is on hold.";
    assert_eq!((plan.word(), finding(&plan)), ("hold", ("orders.held.total_differs", sentence)));
    assert_eq!(planned_by(&fee, &mapped()).word(), "create");
}

/// Magento has the row of a configurable's fixed product tax on the child; where a version repeats it on the parent, it counts once.
#[test]
fn a_configurables_fixed_product_tax_is_its_childs() {
    let draft = simulators::magento::OrderDraft::guest("jordan@example.com").shipping("flatrate_flatrate", 0);
    let draft = draft.configurable("Lamp", "LAMP-RED", 2, 50).fixed_product_tax("eco", "1.50");
    let once = edited(&draft, &[]);
    let twice = edited(&draft, &[(FPT, number("3")), (FPT_SHOWN, number("3"))]);
    for (document, reference) in [(once, "2/fpt"), (twice, "1/fpt")] {
        let plan = planned_by(&document, &mapped());
        assert_eq!(column(created(&plan), "Details", "ExternalRef"), ["1", reference]);
        assert_eq!(column(created(&plan), "Details", "ExtendedPrice"), ["100.00", "3.00"]);
    }
}
