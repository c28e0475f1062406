//! Amounts, against recorded orders and against sums done by hand.

use super::*;

const RATE: &str = "US-MI-*-Rate 1";

/// The totals of a document in the order of the tables below.
pub(super) fn totals(document: &Value) -> Vec<String> {
    let names = ["subtotal", "subtotal_incl_tax", "discount_amount", "shipping_amount", "tax_amount", "grand_total"];
    values(document, &names.map(|name| format!("/{name}")).iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn totals_are_those_of_recorded_and_hand_computed_orders() {
    let guest = || OrderDraft::guest("a@example.com");
    let table = [
        (
            "recorded order 9: 2 × 69 and 224, 8.25 %, shipping 5 untaxed",
            guest()
                .configurable("Hoodie", "HOODIE-XS", 2, 69)
                .simple("DRESS", 1, 224)
                .tax(RATE, "8.25")
                .shipping("flatrate_flatrate", 5),
            ["362", "391.87", "0", "5", "29.87", "396.87"],
        ),
        (
            "recorded order 11: 69 and 224 less 20 %, 8.25 % on the rest",
            guest()
                .simple("A", 1, 69)
                .simple("B", 1, 224)
                .discount_percent(20)
                .tax(RATE, "8.25")
                .shipping("freeshipping_freeshipping", 0),
            ["293", "317.17", "-58.6", "0", "19.34", "253.74"],
        ),
        (
            "recorded order 16: 49 and shipping 5, no tax",
            guest().configurable("Bag", "BAG-1", 1, 49).shipping("flatrate_flatrate", 5),
            ["49", "49", "0", "5", "0", "54"],
        ),
        (
            "119 with 19 % inside, less 10 % of it: 107.10 of which 17.10 tax",
            guest().simple("A", 1, 119).tax("DE-19", 19).tax_inclusive().discount_percent(10),
            ["100", "119", "-11.9", "0", "17.1", "107.1"],
        ),
        (
            "119 with 19 % inside, less 10 % of the 100 without it: 109 of which 17.40 tax",
            guest().simple("A", 1, 119).tax("DE-19", 19).tax_inclusive().discount_excluding_tax().discount_percent(10),
            ["100", "119", "-10", "0", "17.4", "109"],
        ),
        (
            "taxed shipping: 100 and 10 at 20 %",
            guest().simple("A", 1, 100).tax("FR-20", 20).shipping_tax("FR-20", 20).shipping("flatrate_flatrate", 10),
            ["100", "120", "0", "10", "22", "132"],
        ),
        (
            "10 % off goods and shipping: 100 and 10 lose 11",
            guest().simple("A", 1, 100).shipping("flatrate_flatrate", 10).discount_percent_with_shipping(10),
            ["100", "100", "-11", "10", "0", "99"],
        ),
        (
            "10 off the cart over 3 × 10: 3.33, 3.33 and the rest",
            guest().simple("A", 1, 10).simple("B", 1, 10).simple("C", 1, 10).discount_fixed(10),
            ["30", "30", "-10", "0", "0", "20"],
        ),
        (
            "1.50 off each of 4 pieces",
            guest().simple("A", 4, 5).discount_per_item("1.50"),
            ["20", "20", "-6", "0", "0", "14"],
        ),
        (
            "virtual goods are never charged shipping",
            guest().virtual_item("V", 1, 30).shipping("flatrate_flatrate", 5),
            ["30", "30", "0", "0", "0", "30"],
        ),
        (
            "a dynamic bundle counts once: 2 kits of 27 and 2 × 5",
            guest().bundle_dynamic("KIT", 2, &[("BALL", 1, "27"), ("STRAP", 2, "5")]),
            ["74", "74", "0", "0", "0", "74"],
        ),
        (
            "store credit and gift card are deducted",
            guest().simple("A", 1, 49).shipping("flatrate_flatrate", 5).store_credit(10).gift_card("CARD", 25),
            ["49", "49", "0", "5", "0", "19"],
        ),
    ];
    let mut shop = shop();
    for (case, draft, expected) in table {
        assert_eq!(totals(&placed(&mut shop, &draft)), expected, "{case}");
    }
}

#[test]
fn lines_are_those_of_recorded_orders() {
    let mut shop = shop();
    let draft = OrderDraft::guest("a@example.com")
        .simple("A", 1, 69)
        .simple("B", 1, 224)
        .discount_percent(20)
        .tax(RATE, "8.25");
    let fields = [
        "price",
        "price_incl_tax",
        "discount_amount",
        "discount_percent",
        "tax_amount",
        "tax_percent",
        "row_total",
        "row_total_incl_tax",
    ];
    let line = |document: &Value, at: usize| {
        values(
            &document["items"][at],
            &fields.map(|name| format!("/{name}")).iter().map(String::as_str).collect::<Vec<_>>(),
        )
    };
    // 179.20 × 8.25 % is 14.784, yet the line has 14.79: the first line's rounding difference is carried on.
    let gross = placed(&mut shop, &draft);
    assert_eq!(line(&gross, 0), ["69", "74.69", "13.8", "20", "4.55", "8.25", "69", "74.69"]);
    assert_eq!(line(&gross, 1), ["224", "242.48", "44.8", "20", "14.79", "8.25", "224", "242.48"]);
    shop.config().row_total = RowTotal::NetOfDiscount;
    let net = placed(&mut shop, &draft);
    assert_eq!(line(&net, 0), ["69", "74.69", "13.8", "20", "4.55", "8.25", "55.2", "59.75"]);
    assert_eq!(line(&net, 1), ["224", "242.48", "44.8", "20", "14.79", "8.25", "179.2", "193.99"]);
}

#[test]
fn a_configurable_has_its_money_on_the_parent_and_its_parent_in_the_child() {
    let mut shop = shop();
    let draft = OrderDraft::guest("a@example.com").configurable("Hoodie", "HOODIE-XS", 2, 69).tax(RATE, "8.25");
    let document = placed(&mut shop, &draft);
    let (parent, child) = (&document["items"][0], &document["items"][1]);
    assert_eq!(
        values(parent, &["/product_type", "/sku", "/name", "/row_total", "/tax_amount"]),
        ["\"configurable\"", "\"HOODIE-XS\"", "\"Hoodie\"", "138", "11.39"]
    );
    assert_eq!(
        values(child, &["/product_type", "/sku", "/qty_ordered", "/row_total", "/price", "/tax_amount"]),
        ["\"simple\"", "\"HOODIE-XS\"", "2", "0", "0", "0"]
    );
    assert_eq!(child["parent_item_id"], parent["item_id"]);
    assert_eq!(child["parent_item"], *parent);
    assert_eq!(document["total_item_count"].to_string(), "1");
    assert_eq!(document.pointer("/extension_attributes/shipping_assignments/0/items").unwrap(), &document["items"]);
    shop.config().child_copies_price = true;
    let copied = placed(&mut shop, &draft);
    assert_eq!(values(&copied["items"][1], &["/price", "/base_price", "/row_total"]), ["69", "0", "0"]);
}

#[test]
fn a_bundle_has_its_money_where_its_price_is() {
    let mut shop = shop();
    let fixed = placed(
        &mut shop,
        &OrderDraft::guest("a@example.com").bundle_fixed("KIT", 2, 50, &[("BALL", 3)]).discount_percent(10),
    );
    let rows = |document: &Value, name: &str| -> Vec<String> {
        document["items"].as_array().unwrap().iter().map(|item| item[name].to_string()).collect()
    };
    assert_eq!(rows(&fixed, "row_total"), ["100", "0"]);
    assert_eq!(rows(&fixed, "qty_ordered"), ["2", "6"]);
    assert_eq!(rows(&fixed, "discount_amount"), ["10", "0"]);
    let draft = OrderDraft::guest("a@example.com").bundle_dynamic("KIT", 1, &[("BALL", 1, "27"), ("STRAP", 2, "5")]);
    let dynamic = placed(&mut shop, &draft.discount_percent(10).tax("T", 10));
    assert_eq!(rows(&dynamic, "sku"), ["\"KIT-BALL-STRAP\"", "\"BALL\"", "\"STRAP\""]);
    // The parent repeats the sums of its children, but not their discount.
    assert_eq!(rows(&dynamic, "row_total"), ["37", "27", "10"]);
    assert_eq!(rows(&dynamic, "discount_amount"), ["0", "2.7", "1"]);
    assert_eq!(rows(&dynamic, "tax_amount"), ["3.33", "2.43", "0.9"]);
    assert_eq!(totals(&dynamic), ["37", "40.7", "-3.7", "0", "3.33", "36.63"]);
}

#[test]
fn two_rates_are_told_apart_per_line_and_over_the_order() {
    let mut shop = shop();
    let draft = OrderDraft::guest("a@example.com")
        .simple("A", 1, 100)
        .simple("B", 1, 10)
        .untaxed()
        .tax("STATE", 6)
        .tax("CITY", "2.5");
    let draft = draft.shipping_tax("STATE", 6).shipping("flatrate_flatrate", 10);
    let document = placed(&mut shop, &draft);
    let extension = &document["extension_attributes"];
    let expected = serde_json::json!([
        {"code": "STATE", "title": "STATE", "percent": 6, "amount": 6.6, "base_amount": 6.6},
        {"code": "CITY", "title": "CITY", "percent": 2.5, "amount": 2.5, "base_amount": 2.5},
    ]);
    assert_eq!(extension["applied_taxes"].to_string(), expected.to_string());
    let kinds: Vec<String> =
        extension["item_applied_taxes"].as_array().unwrap().iter().map(|entry| entry["type"].to_string()).collect();
    assert_eq!(kinds, ["\"product\"", "\"shipping\""]);
    let at = values(
        extension,
        &[
            "/item_applied_taxes/0/applied_taxes/0/amount",
            "/item_applied_taxes/0/applied_taxes/1/amount",
            "/item_applied_taxes/1/applied_taxes/0/amount",
        ],
    );
    assert_eq!(at, ["6", "2.5", "0.6"]);
    assert_eq!(values(&document["items"][0], &["/tax_percent", "/tax_amount"]), ["8.5", "8.5"]);
    assert_eq!(document["tax_amount"].to_string(), "9.1");
}

#[test]
fn two_currencies_are_rounded_each_by_itself() {
    // 3 × 49.99 USD is 149.97; in EUR a piece is 45.99 (49.99 × 0.92 = 45.9908), so the row is 137.97 and not 137.9724.
    let mut shop = shop();
    let draft =
        OrderDraft::guest("a@example.com").simple("KETTLE", 3, "49.99").tax("FR-20", 20).shipping_tax("FR-20", 20);
    let document = placed(&mut shop, &draft.shipping("flatrate_flatrate", 10).order_currency("EUR", "0.92"));
    let both = |name: &str| values(&document, &[&format!("/{name}"), &format!("/base_{name}")]);
    assert_eq!(both("subtotal"), ["137.97", "149.97"]);
    assert_eq!(both("tax_amount"), ["29.43", "31.99"]);
    assert_eq!(both("grand_total"), ["176.6", "191.96"]);
    let codes = values(
        &document,
        &["/order_currency_code", "/base_currency_code", "/store_currency_code", "/base_to_order_rate"],
    );
    assert_eq!(codes, ["\"EUR\"", "\"USD\"", "\"USD\"", "0.92"]);
}

#[test]
fn a_unit_price_out_of_a_price_with_tax_is_rounded() {
    // 3 × 9.99 is 29.97 with 20 % inside: tax 5.00 (4.995), net 24.97, and a piece 8.32, though 3 × 8.32 is 24.96.
    let mut shop = shop();
    let document =
        placed(&mut shop, &OrderDraft::guest("a@example.com").simple("A", 3, "9.99").tax("FR-20", 20).tax_inclusive());
    assert_eq!(totals(&document), ["24.97", "29.97", "0", "0", "5", "29.97"]);
    assert_eq!(values(&document["items"][0], &["/price", "/price_incl_tax", "/row_total"]), ["8.32", "9.99", "24.97"]);
}
