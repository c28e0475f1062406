//! Lines whose amount must be the product of quantity and unit price, here and in the simulated ERP.

use std::sync::LazyLock;

use flows::money::Currency;
use flows::orders::plan::check::check;
use flows::orders::plan::lines::parts;
use flows::plan::Plan;
use flows::settings::Settings;
use proptest::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::json;
use simulators::acumatica::Config;

use super::erp::{Tenant, external_with};
use super::property::orders::any_order;
use super::property::seeded;
use super::{amounts, column, created, decimal, edited, mugs, number, planned_by, settings};

/// `quantity × unit price = amount` of each part.
fn printed(quantity: &str, gross: &str, decimals: u32, currency: &str) -> Vec<String> {
    let currency = Currency::parse(currency).expect("a currency");
    let text = |part: &flows::orders::plan::lines::Part| {
        format!("{} × {} = {}", part.quantity.normalize(), part.unit_price.normalize(), part.gross.normalize())
    };
    parts(decimal(quantity), decimal(gross), decimals, &currency).iter().map(text).collect()
}

#[test]
fn a_line_that_no_unit_price_gives_becomes_two() {
    for (quantity, gross, decimals, currency, expected) in [
        ("2", "24.00", 4, "USD", vec!["2 × 12 = 24"]),
        // 19.95 / 2 is 9.975, which four decimals hold.
        ("2", "19.95", 4, "USD", vec!["2 × 9.975 = 19.95"]),
        ("2", "19.95", 2, "USD", vec!["1 × 9.97 = 9.97", "1 × 9.98 = 9.98"]),
        // 1.4286 × 7 is 10.0002, which rounds to 10.00.
        ("7", "10.00", 4, "USD", vec!["7 × 1.4286 = 10"]),
        ("7", "10.00", 2, "USD", vec!["1 × 1.42 = 1.42", "6 × 1.43 = 8.58"]),
        // 1.3333 × 999 is 1331.9667, and 1332.00 is asked for.
        ("999", "1332.00", 4, "USD", vec!["666 × 1.33 = 885.78", "333 × 1.34 = 446.22"]),
        ("3", "0.01", 2, "USD", vec!["2 × 0 = 0", "1 × 0.01 = 0.01"]),
        ("3", "100", 0, "JPY", vec!["2 × 33 = 66", "1 × 34 = 34"]),
        ("3", "10.000", 3, "KWD", vec!["2 × 3.333 = 6.666", "1 × 3.334 = 3.334"]),
        // 10.00 / 2.5 is 4. 10.00 / 3.3 is 3.0303: × 3.3 is 9.99999, which rounds to 10.00.
        ("2.5", "10.00", 2, "USD", vec!["2.5 × 4 = 10"]),
        ("3.3", "10.00", 4, "USD", vec!["3.3 × 3.0303 = 10"]),
        // With two decimals: 3.03 × 2.3 is 6.969, 6.97; the last unit costs 3.03.
        ("3.3", "10.00", 2, "USD", vec!["3.3 × 3.03 = 10"]),
        ("7.7", "10.00", 2, "USD", vec!["6.7 × 1.29 = 8.64", "1 × 1.36 = 1.36"]),
        // The others may not take more than there is: 0.0007 × 100 is 0.07.
        ("101.5", "0.01", 4, "USD", vec!["101.5 × 0.0001 = 0.01"]),
        ("1000.5", "0.08", 4, "USD", vec!["999.5 × 0 = 0", "1 × 0.08 = 0.08"]),
        ("0.125", "0.33", 2, "USD", vec!["0.125 × 2.64 = 0.33"]),
        // What cannot be exact stays one line: prices without cents, amounts with a fraction of one, no quantity.
        ("3", "10.00", 0, "USD", vec!["3 × 3 = 10"]),
        ("3", "10.005", 2, "USD", vec!["3 × 3.34 = 10.005"]),
        ("0", "10.00", 4, "USD", vec!["0 × 0 = 10"]),
    ] {
        assert_eq!(printed(quantity, gross, decimals, currency), expected, "{quantity} for {gross}");
    }
}

proptest! {
    #[test]
    fn parts_are_exact(thousandths in 1i64..5_000_000, whole in any::<bool>(), cents in 0i64..100_000_000, decimals in 2u32..=6) {
        let quantity = if whole { Decimal::from(thousandths) } else { Decimal::new(thousandths, 3) };
        let (gross, currency) = (Decimal::new(cents, 2), Currency::parse("USD").expect("a currency"));
        let parts = parts(quantity, gross, decimals, &currency);
        prop_assert!(parts.len() <= 2);
        prop_assert_eq!(parts.iter().map(|part| part.quantity).sum::<Decimal>(), quantity);
        prop_assert_eq!(parts.iter().map(|part| part.gross).sum::<Decimal>(), gross);
        for part in &parts {
            let product = (part.quantity * part.unit_price).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
            prop_assert_eq!(product, part.gross, "{:?}", part);
            prop_assert!(part.quantity > Decimal::ZERO && part.unit_price >= Decimal::ZERO, "{:?}", part);
            prop_assert!(part.unit_price.normalize().scale() <= decimals, "{:?}", part);
        }
    }
}

/// Split lines with prices of `decimals` decimals.
fn split(decimals: u32) -> Settings {
    settings(|document| {
        let default = &mut document["orders"]["default"];
        default["line_amounts"] = json!("split");
        default["unit_price_decimals"] = json!(decimals);
    })
}

#[test]
fn both_halves_share_the_discount_and_the_words() {
    // 10.00 for three, 0.70 off.
    let draft = mugs().simple("PEN", 3, 0);
    let edits = [
        ("/items/1/base_row_total", number("10")),
        ("/items/1/base_discount_amount", number("0.70")),
        (
            "/items/1/product_option",
            json!({"extension_attributes": {"custom_options": [{"option_id": "1", "option_value": "a"}]}}),
        ),
        ("/base_discount_amount", number("-0.70")),
        ("/base_subtotal", number("34")),
        ("/base_grand_total", number("38.30")),
    ];
    let plan = planned_by(&edited(&draft, &edits), &split(2));
    let body = created(&plan);
    for (field, values) in [
        ("InventoryID", ["MUG", "PEN", "PEN"]),
        ("ExternalRef", ["1", "2", "2/2"]),
        ("OrderQty", ["2", "2", "1"]),
        ("UnitPrice", ["12.00", "3.33", "3.34"]),
        ("ExtendedPrice", ["24.00", "6.66", "3.34"]),
        // 0.70 × 6.66/10 is 0.4662, × 3.34/10 is 0.2338: the first takes the coin.
        ("DiscountAmount", ["0.00", "0.47", "0.23"]),
        ("LineDescription", ["MUG", "PEN", "PEN"]),
        ("WarehouseID", ["WHOLESALE"; 3]),
        ("note", ["", "Option 1: a", ""]),
    ] {
        assert_eq!(column(body, "Details", field), values, "{field}");
    }
    assert_eq!(amounts(&plan), "34.00 0.70 5.00 0.00 0.00 = 38.30");
}

/// A tenant that calculates extended prices again, with prices of `decimals` decimals.
fn calculating(decimals: u32) -> Tenant {
    external_with(Config { extended_price_wins: false, price_decimals: decimals, ..Config::default() })
}

static TENANTS: LazyLock<[(Tenant, Settings); 2]> =
    LazyLock::new(|| [(calculating(4), split(4)), (calculating(2), split(2))]);

proptest! {
    #![proptest_config(seeded(500, 4))]

    #[test]
    fn an_erp_that_multiplies_adds_up_what_magento_says(case in any_order()) {
        let document = case.document();
        for (tenant, settings) in TENANTS.iter() {
            let plan = planned_by(&document, settings);
            // What is refused, held or not mapped has its own tests.
            if !matches!(plan, Plan::Create(_)) {
                continue;
            }
            let total = plan.work().and_then(|work| work.amounts.as_ref()).map(|amounts| amounts.magento);
            let (sent, receipt) = tenant.clone().run(&plan);
            let checked = check("000000001", total, Some(&sent), &receipt).expect("a receipt");
            prop_assert_eq!(&checked.finding, &None);
            prop_assert_eq!(Some(checked.total), total);
        }
    }
}

/// The other position of the setting at such a tenant: seen at once, and held.
#[test]
fn an_erp_that_multiplies_needs_split_lines() {
    let draft = mugs().simple("SKU-1", 3, 0);
    let edits = [
        ("/items/1/base_row_total", number("10")),
        ("/base_subtotal", number("34")),
        ("/base_grand_total", number("39")),
    ];
    let document = edited(&draft, &edits);
    let whole = settings(|document| document["orders"]["default"]["unit_price_decimals"] = json!(2));
    let plan = planned_by(&document, &whole);
    let total = Some(Decimal::from(39));
    let (sent, receipt) = calculating(2).run(&plan);
    let checked = check("000000001", total, Some(&sent), &receipt).expect("a receipt");
    let finding = checked.finding.expect("a finding");
    assert_eq!((finding.code, checked.total), ("orders.held.total_differs", Decimal::new(3899, 2)));
    assert!(checked.must_hold);
    // One that takes extended prices takes both forms.
    let taking = || external_with(Config { price_decimals: 2, ..Config::default() });
    for settings in [&whole, &split(2)] {
        let plan = planned_by(&document, settings);
        let (sent, receipt) = taking().run(&plan);
        assert_eq!(check("000000001", total, Some(&sent), &receipt).expect("a receipt").finding, None);
    }
}
