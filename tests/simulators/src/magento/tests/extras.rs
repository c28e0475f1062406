//! What an order has beside its products, against sums done by hand.

use super::money::totals;
use super::*;

fn guest() -> OrderDraft {
    OrderDraft::guest("a@example.com")
}

#[test]
fn what_is_beside_the_products_is_in_the_grand_total() {
    let eco = || guest().simple("A", 2, 50).fixed_product_tax("eco", "1.50").tax("T", 10);
    let wrapped = || guest().simple("A", 2, 50).wrapped(1).wrapping(5).printed_card(2);
    let table = [
        ("fixed product tax, untaxed", eco(), ["100", "113", "0", "0", "10", "113"]),
        ("fixed product tax in the subtotal", eco().fixed_tax_in_subtotal(), ["103", "113", "0", "0", "10", "113"]),
        ("fixed product tax, taxed", eco().fixed_tax_taxed(), ["100", "113.3", "0", "0", "10.3", "113.3"]),
        (
            "both: taxed and in the subtotal",
            eco().fixed_tax_taxed().fixed_tax_in_subtotal(),
            ["103", "113.3", "0", "0", "10.3", "113.3"],
        ),
        ("cart rules leave it alone", eco().discount_percent(10), ["100", "113", "-10", "0", "9", "102"]),
        ("wrappings and card: 2 × 1, 5 and 2", wrapped(), ["100", "100", "0", "0", "0", "109"]),
        ("taxed with 10 %: 0.90", wrapped().wrapping_tax("T", 10), ["100", "100", "0", "0", "0.9", "109.9"]),
        ("a fee", guest().simple("A", 1, 50).surcharge("1.20"), ["50", "50", "0", "0", "0", "51.2"]),
        ("a discount of the header", guest().simple("A", 1, 50).header_discount(5), ["50", "50", "-5", "0", "0", "45"]),
        (
            "no cart rule and no tax for gift cards",
            guest().gift_card_product("CARD", 1, 25, false).simple("A", 1, 100).tax("T", 10).discount_percent(10),
            ["125", "135", "-10", "0", "9", "124"],
        ),
        (
            "a card by mail is never charged shipping",
            guest().gift_card_product("CARD", 1, 25, false).shipping("flatrate_flatrate", 5),
            ["25", "25", "0", "0", "0", "25"],
        ),
        (
            "a card by post is",
            guest().gift_card_product("CARD", 1, 25, true).shipping("flatrate_flatrate", 5),
            ["25", "25", "0", "5", "0", "30"],
        ),
        (
            "tenders take no more than is left: 30, 20, and 50 of 80",
            guest().simple("A", 1, 100).store_credit(80).reward_points(200, 20).gift_card("CARD", 30),
            ["100", "100", "0", "0", "0", "0"],
        ),
        (
            "100 % off",
            guest().simple("A", 3, "19.99").discount_percent(100).tax("T", "8.25"),
            ["59.97", "64.92", "-59.97", "0", "0", "0"],
        ),
    ];
    let mut shop = shop();
    for (case, draft, expected) in table {
        assert_eq!(totals(&placed(&mut shop, &draft)), expected, "{case}");
    }
}

#[test]
fn what_costs_nothing_is_paid_by_no_method() {
    let mut shop = shop();
    let draft = guest().simple("A", 1, 100).store_credit(80).reward_points(200, 20);
    let document = placed(&mut shop, &draft.gift_card("ONE", 30));
    assert_eq!(values(&document, &["/payment/method", "/state"]), ["\"free\"", "\"new\""]);
    let used = ["base_gift_cards_amount", "base_reward_currency_amount", "base_customer_balance_amount"];
    let used = used.map(|name| document["extension_attributes"][name].to_string());
    assert_eq!(used, ["30", "20", "50"]);
}

#[test]
fn a_fixed_product_tax_stands_on_its_line_once() {
    let mut shop = shop();
    let draft = guest().simple("A", 2, 50).fixed_product_tax("eco", "1.50").tax("T", 10).fixed_tax_taxed();
    let document = placed(&mut shop, &draft);
    let fields = ["/weee_tax_applied_amount", "/base_weee_tax_applied_row_amnt", "/row_total", "/tax_amount"];
    assert_eq!(values(&document["items"][0], &fields), ["1.5", "3", "100", "10"]);
    let applied: Value = serde_json::from_str(document["items"][0]["weee_tax_applied"].as_str().unwrap()).unwrap();
    assert_eq!(values(&applied, &["/0/base_row_amount", "/0/base_row_amount_incl_tax"]), ["3", "3.3"]);
    let taxed = document.pointer("/extension_attributes/item_applied_taxes/1").unwrap();
    let item_id = document["items"][0]["item_id"].to_string();
    let fields = ["/type", "/associated_item_id", "/applied_taxes/0/base_amount"];
    assert_eq!(values(taxed, &fields), ["\"weee\"", &item_id, "0.3"]);

    // A configurable's child has the row, its parent only repeats the tax of a piece.
    let draft = guest().configurable("Lamp", "LAMP-RED", 2, 50).fixed_product_tax("eco", "1.50");
    let document = placed(&mut shop, &draft);
    let row = |at: usize| values(&document["items"][at], &["/weee_tax_applied_amount", "/weee_tax_applied_row_amount"]);
    assert_eq!((row(0), row(1)), (vec!["1.5".to_owned(), "0".to_owned()], vec!["1.5".to_owned(), "3".to_owned()]));
    assert_eq!(document["grand_total"].to_string(), "103");
}

#[test]
fn wrappings_are_texts_of_four_decimals() {
    let mut shop = shop();
    let draft = guest().simple("A", 2, 50).wrapped(1).wrapping(5).printed_card("2.50").wrapping_tax("T", 10);
    let document = placed(&mut shop, &draft);
    let of = |name: &str| document["extension_attributes"][name].to_string();
    assert_eq!(
        ["gw_base_price", "gw_items_base_price", "gw_card_base_price", "gw_base_tax_amount"].map(of),
        ["\"5.0000\"", "\"2.0000\"", "\"2.5000\"", "\"0.5000\""]
    );
    let line = &document["items"][0]["extension_attributes"];
    assert_eq!(values(line, &["/gw_base_price", "/gw_base_tax_amount"]), ["\"1.0000\"", "\"0.2000\""]);
    let taxed = document.pointer("/extension_attributes/item_applied_taxes").and_then(Value::as_array).unwrap();
    let kinds: Vec<String> = taxed.iter().map(|entry| entry["type"].to_string()).collect();
    assert_eq!(kinds, ["\"item_gw\"", "\"quote_gw\"", "\"printed_card_gw\""]);
}

#[test]
fn lines_tell_what_was_chosen() {
    let mut shop = shop();
    let draft = guest()
        .gift_card_product("CARD", 1, 25, true)
        .simple("MUG", 1, 10)
        .custom_option("4", "Ada")
        .line_message("Enjoy")
        .bundle_fixed_of("KIT", 1, 50, &[("BALL", 2, "27"), ("STRAP", 1, "5")])
        .message("Happy birthday")
        .surcharge("1.20");
    let document = placed(&mut shop, &draft);
    assert_eq!(
        values(
            &document,
            &[
                "/items/0/product_type",
                "/items/0/product_option/extension_attributes/giftcard_item_option/custom_giftcard_amount",
                "/items/1/product_option/extension_attributes/custom_options/0/option_id",
                "/items/1/product_option/extension_attributes/custom_options/0/option_value",
                "/items/1/extension_attributes/gift_message/message",
                "/extension_attributes/gift_message/message",
                "/items/3/base_original_price",
                "/items/3/base_row_total",
                "/extension_attributes/base_fee",
            ]
        ),
        ["\"giftcard\"", "25", "\"4\"", "\"Ada\"", "\"Enjoy\"", "\"Happy birthday\"", "27", "0", "1.2"]
    );
}

#[test]
fn parts_of_an_order_are_invoiced_cancelled_and_refunded() {
    let mut shop = shop();
    let (method, transaction) = ("braintree".to_owned(), "t-1".to_owned());
    let draft = guest()
        .simple("A", 1, 10)
        .simple("B", 2, 10)
        .shipping("flatrate_flatrate", 5)
        .tax("T", 10)
        .payment(Payment::Captured { method, transaction });
    // The first invoice takes all shipping: 10 + 1 + 5 of 38.
    let document = placed(&mut shop, &draft.clone().first_invoiced(1));
    let fields = [
        "/base_grand_total",
        "/base_total_paid",
        "/base_total_due",
        "/base_subtotal_invoiced",
        "/items/0/qty_invoiced",
        "/items/1/qty_invoiced",
        "/payment/base_amount_paid",
        "/payment/base_amount_authorized",
    ];
    assert_eq!(values(&document, &fields), ["38", "16", "22", "10", "1", "0", "16", "38"]);
    assert_eq!(document.get("base_total_canceled"), None);
    let document = placed(&mut shop, &draft.clone().first_invoiced(1).last_canceled(1));
    let fields = ["/base_total_canceled", "/base_tax_canceled", "/items/1/qty_canceled", "/items/0/qty_canceled"];
    assert_eq!(values(&document, &fields), ["22", "2", "2", "0"]);
    let document = placed(&mut shop, &draft.first_refunded(1));
    let fields = ["/base_total_refunded", "/base_total_paid", "/items/0/qty_refunded", "/items/1/qty_refunded"];
    assert_eq!(values(&document, &fields), ["11", "38", "1", "0"]);
}
