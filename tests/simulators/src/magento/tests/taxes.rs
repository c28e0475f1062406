//! Tax settings of a shop, each sum done by hand after the class that is named in `order/tax.rs` and `order/rates.rs`.

use super::money::totals;
use super::*;

fn guest() -> OrderDraft {
    OrderDraft::guest("a@example.com")
}

#[test]
fn every_tax_setting_has_its_totals() {
    let pennies = || guest().simple("A", 1, "0.10").simple("B", 1, "0.10").tax("T", 5);
    let three = || guest().simple("A", 3, "9.99").tax("T", "8.25");
    let inclusive = || guest().simple("A", 3, 10).tax("T", 20).tax_inclusive();
    let table = [
        (
            "per piece: 0.824 is 0.82, three times",
            three().tax_algorithm(TaxAlgorithm::UnitBase),
            ["29.97", "32.43", "0", "0", "2.46", "32.43"],
        ),
        (
            "per row: 29.97 × 8.25 % is 2.4725",
            three().tax_algorithm(TaxAlgorithm::RowBase),
            ["29.97", "32.44", "0", "0", "2.47", "32.44"],
        ),
        (
            "per piece less 3.00: 8.99 × 8.25 % is 0.7417, three times 0.74",
            three().discount_percent(10).tax_algorithm(TaxAlgorithm::UnitBase),
            ["29.97", "32.43", "-3", "0", "2.22", "29.19"],
        ),
        (
            "per row less 3.00: 26.97 × 8.25 % is 2.225",
            three().discount_percent(10).tax_algorithm(TaxAlgorithm::RowBase),
            ["29.97", "32.44", "-3", "0", "2.23", "29.2"],
        ),
        (
            "per row, half a cent goes up in each",
            pennies().tax_algorithm(TaxAlgorithm::RowBase),
            ["0.2", "0.22", "0", "0", "0.02", "0.22"],
        ),
        ("of the total, half a cent goes up once", pennies(), ["0.2", "0.21", "0", "0", "0.01", "0.21"]),
        (
            "out of each piece: 1.67 of 10.00",
            inclusive().tax_algorithm(TaxAlgorithm::UnitBase),
            ["24.99", "30", "0", "0", "5.01", "30"],
        ),
        (
            "out of the row: 5.00 of 30.00",
            inclusive().tax_algorithm(TaxAlgorithm::RowBase),
            ["25", "30", "0", "0", "5", "30"],
        ),
        (
            "out of each piece of 9.00 after discount: 1.50; 0.17 is hidden in each discount of 1.00",
            inclusive().discount_percent(10).tax_algorithm(TaxAlgorithm::UnitBase),
            ["24.99", "30", "-3", "0", "4.5", "27"],
        ),
        (
            "tax on the price before discount",
            guest().simple("A", 1, 100).tax("T", 20).discount_percent(10).tax_before_discount(),
            ["100", "120", "-10", "0", "20", "110"],
        ),
        (
            "tax inside the price before discount: nothing is hidden in it",
            guest().simple("A", 1, 120).tax("T", 20).tax_inclusive().discount_percent(10).tax_before_discount(),
            ["100", "120", "-12", "0", "20", "108"],
        ),
        (
            "prices without tax, cart rules on prices with it: 12 off, tax on 88",
            guest().simple("A", 1, 100).tax("T", 20).discount_including_tax().discount_percent(10),
            ["100", "120", "-12", "0", "17.6", "105.6"],
        ),
        (
            "goods with tax, shipping without",
            guest()
                .simple("A", 1, 120)
                .tax("T", 20)
                .shipping_tax("T", 20)
                .shipping("flatrate_flatrate", 10)
                .tax_inclusive()
                .shipping_includes_tax(false),
            ["100", "120", "0", "10", "22", "132"],
        ),
        (
            "goods without tax, shipping with it",
            guest()
                .simple("A", 1, 100)
                .tax("T", 20)
                .shipping_tax("T", 20)
                .shipping("flatrate_flatrate", 12)
                .shipping_includes_tax(true),
            ["100", "120", "0", "10", "22", "132"],
        ),
        (
            "10 % on top of 5 %: 5.00 and 10.50",
            guest().simple("A", 1, 100).tax("GST", 5).compound_tax(1, "PST", 10),
            ["100", "115.5", "0", "0", "15.5", "115.5"],
        ),
        (
            "10 % beside 5 %, by themselves",
            guest().simple("A", 1, 100).tax("GST", 5).separate_tax(1, "PST", 10),
            ["100", "115", "0", "0", "15", "115"],
        ),
        (
            "6 % and 2.5 % of one priority are 8.5 %: 0.0765",
            guest().simple("A", 1, "0.90").tax("STATE", 6).tax("CITY", "2.5"),
            ["0.9", "0.98", "0", "0", "0.08", "0.98"],
        ),
        (
            "of two priorities each is rounded: 0.054 and 0.0225",
            guest().simple("A", 1, "0.90").tax("STATE", 6).separate_tax(1, "CITY", "2.5"),
            ["0.9", "0.97", "0", "0", "0.07", "0.97"],
        ),
        (
            "a row of a fractional quantity is not rounded",
            guest().simple("A", "0.333", "12.34"),
            ["4.1092", "4.1092", "0", "0", "0", "4.1092"],
        ),
    ];
    let mut shop = shop();
    for (case, draft, expected) in table {
        assert_eq!(totals(&placed(&mut shop, &draft)), expected, "{case}");
    }
}

#[test]
fn rates_of_one_priority_are_told_apart_to_four_decimals() {
    let mut shop = shop();
    // 0.08 × 6 / 8.5 is 0.05647, 0.08 × 2.5 / 8.5 is 0.02353.
    let draft = guest().simple("A", 1, "0.90").tax("STATE", 6).tax("CITY", "2.5");
    let draft = draft.shipping("flatrate_flatrate", 10).shipping_tax("STATE", 6);
    let document = placed(&mut shop, &draft);
    let amounts = |document: &Value, list: &str, field: &str| -> Vec<String> {
        let rows = document.pointer(list).and_then(Value::as_array).cloned().unwrap_or_default();
        rows.iter().map(|row| format!("{} {}", row.get("code").unwrap_or(&row["tax_code"]), row[field])).collect()
    };
    assert_eq!(
        amounts(&document, "/extension_attributes/applied_taxes", "base_amount"),
        ["\"STATE\" 0.6565", "\"CITY\" 0.0235"]
    );
    assert_eq!(document["extension_attributes"].get("taxes"), None);

    shop.config().tax_detail = TaxDetail::Itemized;
    let newer = placed(&mut shop, &draft);
    assert_eq!(newer["extension_attributes"].get("applied_taxes"), None);
    // Both rates of the goods repeat their whole tax; shipping has a rate of its own.
    let taxes = "/extension_attributes/taxes";
    assert_eq!(amounts(&newer, taxes, "base_amount"), ["\"STATE\" 0.08", "\"CITY\" 0.08", "\"STATE\" 0.6"]);
    assert_eq!(amounts(&newer, taxes, "base_real_amount"), ["\"STATE\" 0.0565", "\"CITY\" 0.0235", "\"STATE\" 0.6"]);
    let itemized = "/items/0/extension_attributes/itemized_taxes";
    assert_eq!(amounts(&newer, itemized, "amount"), ["\"STATE\" 0.08", "\"CITY\" 0.08"]);
    assert_eq!(amounts(&newer, itemized, "real_amount"), ["\"STATE\" 0.0565", "\"CITY\" 0.0235"]);
    let additional = "/extension_attributes/additional_itemized_taxes";
    assert_eq!(amounts(&newer, additional, "real_base_amount"), ["\"STATE\" 0.6"]);
    assert_eq!(values(&newer, &[&format!("{additional}/0/taxable_item_type")]), ["\"shipping\""]);
}
