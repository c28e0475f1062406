//! Tax as Magento charged it.

use flows::plan::StepKey;
use serde_json::{Value, json};
use simulators::magento::{Address, OrderDraft, Payment, TaxAlgorithm};

use super::{
    amounts, at, body, column, created, decimal, document, edited, finding, mugs, number, planned, planned_by, settings,
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

/// Magento calculates rates of one priority as one and tells them apart to four decimals.
#[test]
fn rows_are_in_coins_of_the_currency() {
    let two = |price: &str, first: &str, second: &str| {
        let draft = OrderDraft::guest("jordan@example.com").simple("LAMP", 1, price).shipping("flatrate_flatrate", 5);
        draft.tax("US-NY-*-Rate 1", first).tax("US-CA-*-Rate 1", second)
    };
    for (draft, forced, expected) in [
        // 8.5 % of 0.90 is 0.08: 0.0565 and 0.0235.
        (two("0.90", "6", "2.5"), "0.00", ["0.02", "0.06"]),
        // 8 % of 3.12 is 0.25: 0.125 each, a cent too much together.
        (two("3.12", "4", "4"), "-0.01", ["0.13", "0.12"]),
    ] {
        let plan = planned(&document(&draft));
        assert_eq!(column(created(&plan), "TaxDetails", "TaxAmount"), expected);
        assert_eq!(
            plan.work().and_then(|work| work.amounts.as_ref()).expect("amounts").parts.tax_forced,
            decimal(forced)
        );
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

/// The same order as newer versions list its taxes: `amount` repeats the tax of all rates, `base_real_amount` is the rate's own.
#[test]
fn newer_lists_of_taxes_are_read_where_the_older_are_missing() {
    let draft = lamp().tax("US-NY-*-Rate 1", "4").tax("US-CA-*-Rate 1", "2.5").shipping_tax("US-NY-*-Rate 1", "4");
    let older = document(&draft);
    // 4.00 and 2.50 on the lamp, 0.40 on its shipping.
    let row = |code: &str, percent: &str, own: &str| json!({"code": code, "percent": number(percent), "amount": 6.5, "base_amount": 6.5, "base_real_amount": number(own)});
    let on = |code: &str, kind: &str| json!({"tax_code": code, "taxable_item_type": kind, "amount": 6.5});
    let newer = edited(
        &draft,
        &[
            ("/extension_attributes/applied_taxes", json!([])),
            ("/extension_attributes/item_applied_taxes", json!([])),
            (
                "/extension_attributes/taxes",
                json!([row("US-NY-*-Rate 1", "4", "4.40"), row("US-CA-*-Rate 1", "2.5", "2.50")]),
            ),
            ("/extension_attributes/additional_itemized_taxes", json!([on("US-NY-*-Rate 1", "shipping")])),
            (
                "/items/0/extension_attributes",
                json!({"itemized_taxes": [on("US-NY-*-Rate 1", "product"), on("US-CA-*-Rate 1", "product")]}),
            ),
        ],
    );
    let expected = ["CASALES 2.5 100.00 2.50", "NYSALES 4 110.00 4.40"];
    for order in [&older, &newer] {
        let plan = planned(order);
        assert_eq!(rows(created(&plan)), expected);
        let amounts = plan.work().and_then(|work| work.amounts.as_ref()).expect("amounts");
        assert_eq!((amounts.parts.tax, amounts.parts.tax_forced), (decimal("6.90"), decimal("0")));
    }
}

#[test]
fn tax_may_be_left_to_acumatica() {
    let recalculated = settings(|document| {
        document["orders"]["default"]["taxes"]["mode"] = json!("recalculated");
        document["orders"]["default"]["control_total"] = json!("required");
    });
    // The rate needs no mapping, and neither do orders on which Magento does not say by which rate it came to its tax.
    let unknown = edited(&lamp().tax("ELSEWHERE", "6"), &[("/extension_attributes/applied_taxes", json!([]))]);
    for order in [document(&lamp().tax("ELSEWHERE", "6")), unknown] {
        let plan = planned_by(&order, &recalculated);
        let body = created(&plan);
        for member in ["TaxDetails", "IsTaxValid", "DisableAutomaticTaxCalculation"] {
            assert_eq!(body.get(member), None, "{member}");
        }
        assert_eq!(at(body, "/FinancialSettings/OverrideTaxZone"), "true");
        assert_eq!(at(body, "/FinancialSettings/CustomerTaxZone"), "ECOMMERCE");
        // What is expected is Magento's value, tax included.
        assert_eq!(at(body, "/ControlTotal"), "116.00");
        assert_eq!(amounts(&plan), "100.00 0.00 10.00 6.00 0.00 = 116.00");
    }
    // A difference that tax does not explain still holds the order.
    let surcharge = edited(&lamp().tax("ELSEWHERE", "6"), &[("/base_grand_total", number("118"))]);
    assert_eq!(finding(&planned_by(&surcharge, &recalculated)).0, "orders.held.total_differs");
}

#[test]
fn automatic_calculation_stays_on_where_the_settings_say_so() {
    for (disable, sent) in [(json!(true), "true"), (json!(false), "false")] {
        let settings = settings(|document| document["orders"]["default"]["taxes"]["disable_calculation"] = disable);
        let plan = planned_by(&document(&lamp().tax("US-MI-*-Rate 1", "6")), &settings);
        let body = created(&plan);
        assert_eq!(at(body, "/DisableAutomaticTaxCalculation"), sent);
        assert_eq!(at(body, "/IsTaxValid"), "true");
        assert_eq!(rows(body), ["MISALES 6 100.00 6.00"]);
    }
}

#[test]
fn the_first_zone_that_fits_is_the_orders() {
    let zones = settings(|document| {
        document["orders"]["default"]["tax_zones"] = json!([
            {"country": "FR", "vat_number": true, "zone": "REVERSE"},
            {"country": "FR", "zone": "FRANCE"},
            {"country": "US", "region": "mi", "customer_group": 4, "zone": "MIEXEMPT"},
            {"country": "US", "region": "MI", "zone": "MICHIGAN"},
            {"customer_group": 3, "zone": "RETAILER"}
        ]);
        document["orders"]["websites"]["eu"]["tax_zones"] = json!([{"country": "FR", "zone": "EUFRANCE"}]);
    });
    let ann = || lamp().billing(Address::us("Ann", "Other"));
    let abroad = || ann().ship_to(Address::fr("Zoé", "Exemple"));
    let shipping = "/extension_attributes/shipping_assignments/0/shipping/address";
    let vat = |pointer: String| vec![(pointer, json!("FR123"))];
    let state = |code: &str| vec![(format!("{shipping}/region_code"), json!(code))];
    let group = |id: u64| ("/customer_group_id".to_owned(), json!(id));
    let ebook = || OrderDraft::guest("jordan@example.com").virtual_item("EBOOK", 1, "9.00");
    for (draft, edits, zone) in [
        (ann(), state("MI"), "MICHIGAN"),
        (ann(), [state("MI"), vec![group(4)]].concat(), "MIEXEMPT"),
        (ann(), [state("OH"), vec![group(4)]].concat(), "ECOMMERCE"),
        (ann(), [state("OH"), vec![group(3)]].concat(), "RETAILER"),
        // The address it is shipped to, not the bill's.
        (abroad(), vec![], "FRANCE"),
        (abroad(), vat(format!("{shipping}/vat_id")), "REVERSE"),
        (abroad(), vat("/billing_address/vat_id".into()), "REVERSE"),
        (abroad(), vat("/customer_taxvat".into()), "REVERSE"),
        (abroad(), vec![("/customer_taxvat".into(), json!("  "))], "FRANCE"),
        // Of what is not shipped the bill's.
        (ebook().billing(Address::fr("Zoé", "Exemple")), vec![], "FRANCE"),
        (
            ebook(),
            vec![(shipping.trim_end_matches("/address").into(), json!({"address": {"country_id": "FR"}}))],
            "MICHIGAN",
        ),
        // A narrower scope's row comes first; the setting's own zone comes last.
        (abroad().store(2), vat("/customer_taxvat".into()), "EUFRANCE"),
        (ann().store(2), state("OH"), "EU"),
    ] {
        let edits: Vec<(&str, Value)> =
            edits.iter().map(|(pointer, value)| (pointer.as_str(), value.clone())).collect();
        let plan = planned_by(&edited(&draft, &edits), &zones);
        assert_eq!(at(created(&plan), "/FinancialSettings/CustomerTaxZone"), zone, "{edits:?}");
    }
}

/// Shapes of tax and discount, each worked out by hand: lines, discount, freight, tax = total.
#[test]
fn shapes_of_tax_and_discount_come_to_magentos_total() {
    let goods = |price: &str| OrderDraft::guest("jordan@example.com").simple("LAMP", 1, price);
    let free = |draft: OrderDraft| draft.shipping("freeshipping_freeshipping", 0);
    let vat = |draft: OrderDraft| draft.tax("FR-VAT-20", 20);
    for (draft, expected) in [
        // 120 with 20 % in it is 100; 12 off takes 2 of tax along: 100 − (12 − 2) + 18.
        (vat(free(goods("120.00"))).tax_inclusive().discount_percent(10), "100.00 10.00 0.00 18.00 0.00 = 108.00"),
        // Tax on what is left: 100 − 10 = 90, and 20 % of 90.
        (vat(free(goods("100.00"))).discount_percent(10), "100.00 10.00 0.00 18.00 0.00 = 108.00"),
        // 10 % of the 100 without tax, taken off the 120 with it: 110 are left, of which 18.33 is tax, 1.67 less than the 20 before.
        (
            vat(free(goods("120.00"))).tax_inclusive().discount_excluding_tax().discount_percent(10),
            "100.00 8.33 0.00 18.33 0.00 = 110.00",
        ),
        // 99 % off 80 + 20: 0.80 of goods and 0.20 of freight are left.
        (
            goods("80.00").shipping("flatrate_flatrate", "20.00").discount_percent_with_shipping(99),
            "80.00 79.20 0.20 0.00 0.00 = 1.00",
        ),
        // Freight with tax in it: 12 of which 2; goods 120 of which 20.
        (
            vat(goods("120.00").shipping("flatrate_flatrate", "12.00")).shipping_tax("FR-VAT-20", 20).tax_inclusive(),
            "100.00 0.00 10.00 22.00 0.00 = 132.00",
        ),
        // All off, shipping too.
        (
            vat(goods("100.00").shipping("flatrate_flatrate", "5.00"))
                .discount_percent_with_shipping(100)
                .payment(Payment::Free),
            "100.00 100.00 0.00 0.00 0.00 = 0.00",
        ),
        // Tax on the price before discount: 100 − 10 + 20.
        (
            vat(free(goods("100.00"))).tax_before_discount().discount_percent(10),
            "100.00 10.00 0.00 20.00 0.00 = 110.00",
        ),
        // A tax on the other: 5 % of 100, 10 % of 105.
        (
            free(goods("100.00")).tax("US-NY-*-Rate 1", 5).compound_tax(1, "US-CA-*-Rate 1", 10),
            "100.00 0.00 0.00 15.50 0.00 = 115.50",
        ),
        // Two jurisdictions: 6.25 % of 19.99 is 1.249375 and 1 % is 0.1999, each rounded by itself.
        (
            free(goods("19.99")).tax("US-NY-*-Rate 1", "6.25").tax("US-CA-*-Rate 1", 1),
            "19.99 0.00 0.00 1.45 0.00 = 21.44",
        ),
    ] {
        let plan = planned(&document(&draft));
        assert_eq!(amounts(&plan), expected);
        created(&plan);
    }
}

/// 3 × 9.99 and 1 × 9.99 at 8.25 %. Each piece by itself: 0.82 × 3 + 0.82; each row: 2.47 + 0.82; the total: what 2.472525 leaves is carried on,
/// so that the second row's 0.824175 becomes 0.83.
#[test]
fn magentos_rounding_is_magentos() {
    let draft = || {
        OrderDraft::guest("jordan@example.com")
            .simple("LAMP", 3, "9.99")
            .simple("BOOK", 1, "9.99")
            .shipping("freeshipping_freeshipping", 0)
            .tax("US-MI-*-Rate 1", "8.25")
    };
    for (algorithm, expected) in [
        (TaxAlgorithm::UnitBase, "39.96 0.00 0.00 3.28 0.00 = 43.24"),
        (TaxAlgorithm::RowBase, "39.96 0.00 0.00 3.29 0.00 = 43.25"),
        (TaxAlgorithm::TotalBase, "39.96 0.00 0.00 3.30 0.00 = 43.26"),
    ] {
        let plan = planned(&document(&draft().tax_algorithm(algorithm)));
        assert_eq!(amounts(&plan), expected, "{algorithm:?}");
        created(&plan);
    }
}

/// Base currencies with none, three and two decimals, and a shopper who saw another currency.
#[test]
fn amounts_are_the_base_currencys_and_have_its_decimals() {
    let traded_in = |code: &str| {
        settings(|document| [0, 2].iter().for_each(|store| document["stores"][*store]["currency"] = json!(code)))
    };
    let order = |code: &str, price: &str, tax: &str, total: &str| {
        let edits = [
            ("/base_currency_code", json!(code)),
            ("/items/0/base_price", number(price)),
            ("/items/0/base_row_total", number(price)),
            ("/base_subtotal", number(price)),
            ("/base_shipping_amount", number("0")),
            ("/base_tax_amount", number(tax)),
            (
                "/extension_attributes/applied_taxes",
                json!([{"code": "FR-VAT-20", "percent": 20, "base_amount": number(tax)}]),
            ),
            ("/base_grand_total", number(total)),
        ];
        edited(&lamp(), &edits)
    };
    for (code, price, tax, total, word, sent) in [
        ("KWD", "1.255", "0.251", "1.506", "create", ["1.255", "0.251"]),
        ("KWD", "1.2555", "0.251", "1.5065", "hold", ["1.2555", "0.251"]),
        ("JPY", "1985", "397", "2382", "create", ["1985", "397"]),
        // Magento rounds to two decimals whatever the currency is.
        ("JPY", "1985", "198.50", "2183.50", "hold", ["1985", "198.5"]),
        ("USD", "19.85", "3.97", "23.82", "create", ["19.85", "3.97"]),
    ] {
        let plan = planned_by(&order(code, price, tax, total), &traded_in(code));
        assert_eq!(plan.word(), word, "{code} {price} {:?}", plan.finding());
        let body = body(&plan, StepKey::OrderCreate);
        assert_eq!(["/Details/0/ExtendedPrice", "/TaxDetails/0/TaxAmount"].map(|pointer| at(body, pointer)), sent);
        assert_eq!(at(body, "/CurrencyID"), code);
        if word == "hold" {
            assert_eq!(finding(&plan).0, "orders.held.finer_than_currency");
        }
        let amounts = plan.work().and_then(|work| work.amounts.as_ref()).expect("amounts");
        assert_eq!((amounts.magento, amounts.acumatica), (decimal(total), decimal(total)));
    }
    // 12.00 EUR, which the shopper saw as 13.20 USD.
    let seen = document(&mugs().store(2).order_currency("USD", "1.1"));
    assert_eq!(seen["order_currency_code"], json!("USD"));
    let plan = planned(&seen);
    assert_eq!(at(created(&plan), "/CurrencyID"), "EUR");
    assert_eq!(amounts(&plan), "24.00 0.00 5.00 0.00 0.00 = 29.00");
}
