//! Tax as Magento charged it.

use serde_json::{Value, json};
use simulators::magento::OrderDraft;

use super::{
    amounts, at, column, created, decimal, document, edited, finding, mugs, number, planned, planned_by, settings,
};

fn lamp() -> OrderDraft {
    OrderDraft::guest("jordan@example.com").simple("LAMP", 1, "100.00").shipping("flatrate_flatrate", "10.00")
}

/// Rows as `id rate taxable amount`.
fn rows(body: &Value) -> Vec<String> {
    let fields = ["TaxID", "TaxRate", "TaxableAmount", "TaxAmount"];
    let rows = body["TaxDetails"].as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter().map(|row| fields.map(|field| at(row, &format!("/{field}"))).join(" ").trim_end().to_owned()).collect()
}

#[test]
fn a_tax_id_has_one_row_and_shipping_is_in_it() {
    for (draft, expected) in [
        (lamp().tax("US-MI-*-Rate 1", "8.25"), vec!["MISALES 8.25 100.00 8.25"]),
        (lamp().tax("US-MI-*-Rate 1", "6").shipping_tax("US-MI-*-Rate 1", "6"), vec!["MISALES 6 110.00 6.60"]),
        (
            lamp().tax("US-NY-*-Rate 1", "4").tax("US-CA-*-Rate 1", "2.5").simple("BOOK", 1, "50.00").untaxed(),
            vec!["CASALES 2.5 100.00 2.50", "NYSALES 4 100.00 4.00"],
        ),
        // A rate that charged nothing needs no mapping and has no row.
        (lamp().tax("US-OR-*-Rate 1", "0"), vec![]),
    ] {
        let plan = planned(&document(&draft));
        let body = created(&plan);
        assert_eq!(rows(body), expected);
        let flags = ["/IsTaxValid", "/DisableAutomaticTaxCalculation", "/FinancialSettings/OverrideTaxZone"];
        assert_eq!(flags.map(|flag| at(body, flag)), ["true"; 3]);
        assert_eq!(at(body, "/FinancialSettings/CustomerTaxZone"), "ECOMMERCE");
    }
}

#[test]
fn two_rates_of_one_tax_id_are_one_row() {
    let one_id = settings(|document| {
        document["orders"]["default"]["tax_ids"] =
            json!([{"code": "STATE", "tax_id": "SALES"}, {"code": "COUNTY", "tax_id": "SALES"}]);
    });
    let taxes = |goods: &str, shipping: &str, on_goods: &str, on_shipping: &str| {
        vec![
            (
                "/extension_attributes/applied_taxes",
                json!([{"code": on_goods, "percent": number(goods), "base_amount": number(goods)},
                    {"code": on_shipping, "percent": number(shipping), "base_amount": 1}]),
            ),
            (
                "/extension_attributes/item_applied_taxes",
                json!([{"type": "product", "item_id": 1, "applied_taxes": [{"code": on_goods}]},
                    {"type": "shipping", "applied_taxes": [{"code": on_shipping}]}]),
            ),
            ("/base_tax_amount", number(&(decimal(goods) + decimal("1")).to_string())),
            ("/base_grand_total", number(&(decimal("111") + decimal(goods)).to_string())),
        ]
    };
    let side_by_side = document(&lamp().tax("STATE", 6).tax("COUNTY", 2));
    for (document, expected) in [
        // Side by side on the same line: 6 + 2 on 100.00, which is taxed once.
        (side_by_side, "SALES 8 100.00 8.00"),
        // The same rate on different things: 10 on 100.00 and 10 on 10.00.
        (edited(&lamp(), &taxes("10", "10", "STATE", "COUNTY")), "SALES 10 110.00 11.00"),
        // Different rates on different things have no one rate.
        (edited(&lamp(), &taxes("6", "10", "STATE", "COUNTY")), "SALES  110.00 7.00"),
    ] {
        let plan = planned_by(&document, &one_id);
        assert_eq!(rows(created(&plan)), [expected]);
    }
}

#[test]
fn rows_are_forced_to_magentos_tax_and_the_difference_is_told() {
    let draft = lamp().tax("US-NY-*-Rate 1", "4").tax("US-CA-*-Rate 1", "2.5");
    for (tax, forced, expected) in [
        ("6.5", "0.00", ["2.50", "4.00"]),
        // A cent of rounding goes to the larger row.
        ("6.51", "0.01", ["2.50", "4.01"]),
        ("6.49", "-0.01", ["2.50", "3.99"]),
    ] {
        let total = decimal("110") + decimal(tax);
        let edits = [("/base_tax_amount", number(tax)), ("/base_grand_total", number(&total.to_string()))];
        let plan = planned(&edited(&draft, &edits));
        assert_eq!(column(created(&plan), "TaxDetails", "TaxAmount"), expected, "{tax}");
        let parts = &plan.work().and_then(|work| work.amounts.as_ref()).expect("amounts").parts;
        assert_eq!(parts.tax_forced, decimal(forced), "{tax}");
        assert_eq!(parts.tax, decimal(tax));
    }
}

#[test]
fn taxes_that_cannot_be_itemised_are_refused() {
    let code = "orders.rejected.tax_not_itemised";
    let row = |amount: &str| json!([{"code": "US-MI-*-Rate 1", "percent": 6, "base_amount": number(amount)}]);
    for (applied, sentence) in [
        (
            json!([]),
            "Order 000000001 has 1.44 of tax but Magento does not say by which rate (`applied_taxes` is missing).",
        ),
        (
            row("0"),
            "Order 000000001 has 1.44 of tax but the rates that Magento names (`applied_taxes`) add up to 0.00.",
        ),
        (
            json!([row("10")[0], {"code": "US-CA-*-Rate 1", "percent": 9, "base_amount": 9}]),
            "Order 000000001 has 1.44 of tax but the rates that Magento names (`applied_taxes`) add up to 19.00.",
        ),
    ] {
        let edits = [
            ("/extension_attributes/applied_taxes", applied.clone()),
            ("/base_tax_amount", number("1.44")),
            ("/base_grand_total", number("30.44")),
        ];
        assert_eq!(finding(&planned(&edited(&mugs(), &edits))), (code, sentence), "{applied}");
    }
    // One cent too few is rounding, and a rate without a line that it names is sent without a taxable amount.
    let edits = [
        ("/extension_attributes/applied_taxes", row("1.43")),
        ("/base_tax_amount", number("1.44")),
        ("/base_grand_total", number("30.44")),
    ];
    let plan = planned(&edited(&mugs(), &edits));
    assert_eq!(rows(created(&plan)), ["MISALES 6  1.44"]);
    assert_eq!(amounts(&plan), "24.00 0.00 5.00 1.44 0.00 = 30.44");
}
