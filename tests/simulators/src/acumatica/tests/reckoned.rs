//! What the tenant reckons itself: freight by cost and terms, taxes by zone and category, zones that move.

use super::{Config, INSERTING, Item, OrderType, Shop, decimal, errors, number};
use crate::acumatica::{FreightBasis, ShipVia, ShippingTerms, TaxRounding, TaxZone, Unusable};

/// Two lines of 33.30, shipped.
const LINES: &str = r#""CustomerID":{"value":"C000001"},"ShipVia":{"value":"UPSGROUND"},"Details":[
    {"InventoryID":{"value":"SHIRT-S"},"OrderQty":{"value":1},"UnitPrice":{"value":33.30},"ManualPrice":{"value":true}},
    {"InventoryID":{"value":"SHIRT-S"},"OrderQty":{"value":1},"UnitPrice":{"value":33.30},"ManualPrice":{"value":true}}]"#;

fn order(members: &str) -> String {
    let comma = if members.is_empty() { "" } else { "," };
    format!("{{{LINES}{comma}{members}}}")
}

#[test]
fn freight_is_cost_and_line_total_by_the_percents_of_the_terms_plus_handling() {
    let terms = |cost: &str, lines: &str, handling: &str| ShippingTerms {
        freight_cost_percent: decimal(cost),
        line_total_percent: decimal(lines),
        handling: decimal(handling),
        ..ShippingTerms::zero(FreightBasis::SalesOrder)
    };
    let premium = r#""ShippingSettings":{"ShippingTerms":{"value":"T"},"PremiumFreight":{"value":5}}"#;
    let overridden = r#""ShippingSettings":{"ShippingTerms":{"value":"T"},"OverrideFreightPrice":{"value":true},"FreightPrice":{"value":4}}"#;
    // Cost 7, lines 66.60: (calculates, terms alone, terms, members) → (cost, price, order total)
    let cases = [
        (true, false, terms("100", "0", "0"), premium, ("7", "7", "78.60")),
        (true, false, terms("50", "10", "1.10"), premium, ("7", "11.26", "82.86")),
        (true, false, terms("0", "0", "0"), premium, ("7", "0", "71.60")),
        (false, false, terms("50", "10", "1.10"), premium, ("0", "0", "71.60")),
        (false, true, terms("50", "10", "1.10"), premium, ("0", "7.76", "79.36")),
        (false, true, terms("0", "0", "0"), premium, ("0", "0", "71.60")),
        (true, true, terms("50", "10", "1.10"), overridden, ("7", "4", "70.60")),
    ];
    for (calculate_freight, terms_without_freight_calculation, terms, members, (cost, price, total)) in cases {
        let order_type = OrderType { calculate_freight, ..OrderType::default() };
        let order_types = [("SO".to_owned(), order_type)].into();
        let mut shop = Shop::with(Config { terms_without_freight_calculation, order_types, ..Config::default() });
        shop.erp.master.shipping_terms.insert("T".into(), terms.clone());
        let members = format!(r#"{members},"DisableAutomaticTaxCalculation":{{"value":true}}"#);
        let (status, answer) = shop.put("SalesOrder?$expand=ShippingSettings,Totals", &order(&members));
        assert_eq!(status, 200, "{answer}");
        let found = [
            &answer["ShippingSettings"]["FreightCost"],
            &answer["ShippingSettings"]["FreightPrice"],
            &answer["Totals"]["Freight"],
            &answer["OrderTotal"],
        ];
        assert_eq!(found.map(number), [cost, price, price, total].map(decimal), "{terms:?}");
        assert_eq!(number(&answer["Totals"]["FreightCost"]), decimal(cost));
    }
}

#[test]
fn taxes_follow_categories_and_rates_and_freight_has_its_own_category() {
    let freight = |category: &str| {
        format!(
            r#""ShippingSettings":{{"PremiumFreight":{{"value":10}},"FreightTaxCategory":{{"value":"{category}"}}}}"#
        )
    };
    // State 7.25 %, district 1 %. Lines: 66.60 → 4.8285, 0.666; each line alone: 2.41425, 0.333; freight 10 → 0.725, 0.1.
    let cases = [
        (TaxRounding::Document, String::new(), ["4.83", "0.67"]),
        (TaxRounding::Line, String::new(), ["4.82", "0.66"]),
        (TaxRounding::Document, freight("TAXABLE"), ["5.55", "0.77"]),
        (TaxRounding::Line, freight("TAXABLE"), ["5.55", "0.76"]),
        (TaxRounding::Document, freight("EXEMPT"), ["4.83", "0.67"]),
    ];
    for (tax_rounding, members, [state, district]) in cases {
        let mut shop = Shop::with(Config { tax_rounding, ..Config::default() });
        let (_, answer) = shop.put("SalesOrder?$expand=TaxDetails", &order(&members));
        let row = |id: &str| {
            let rows = answer["TaxDetails"].as_array().unwrap();
            number(&rows.iter().find(|row| row["TaxID"]["value"] == id).unwrap()["TaxAmount"])
        };
        assert_eq!([row("CASTATE"), row("CADIST")], [decimal(state), decimal(district)], "{tax_rounding:?} {members}");
        assert_eq!(number(&answer["TaxTotal"]), decimal(state) + decimal(district));
    }
}

#[test]
fn an_imported_tax_that_would_not_be_calculated_is_dropped_or_refused() {
    let rows = |id: &str| {
        format!(
            r#""IsTaxValid":{{"value":true}},"TaxDetails":[{{"TaxID":{{"value":"{id}"}},"TaxAmount":{{"value":5}}}}]"#
        )
    };
    let error = "TaxDetails[0]/TaxID: The tax is not applicable to the document.";
    // VAT exists, but neither the zone nor a category lists it.
    for (inapplicable_tax, id, expected) in [
        (Unusable::Ignored, "VAT", Ok("0")),
        (Unusable::Refused, "VAT", Err(error)),
        (Unusable::Refused, "CASTATE", Ok("5")),
    ] {
        let mut shop = Shop::with(Config { inapplicable_tax, ..Config::default() });
        shop.erp.master.taxes.insert("VAT".into(), decimal("20"));
        let (status, answer) = shop.put("SalesOrder", &order(&rows(id)));
        match expected {
            Ok(tax) => assert_eq!(number(&answer["TaxTotal"]), decimal(tax)),
            Err(error) => assert_eq!((status, errors(&answer)), (422, vec![INSERTING.to_owned(), error.to_owned()])),
        }
    }
}

#[test]
fn valid_taxes_without_rows_are_none_or_calculated() {
    for (tax_valid_without_details, tax) in [(true, "0"), (false, "5.50")] {
        let mut shop = Shop::with(Config { tax_valid_without_details, ..Config::default() });
        let (_, answer) = shop.put("SalesOrder", &order(r#""IsTaxValid":{"value":true}"#));
        assert_eq!(number(&answer["TaxTotal"]), decimal(tax));
    }
}

#[test]
fn ship_via_and_pickup_move_the_zone_unless_it_is_overridden() {
    let overridden = r#""FinancialSettings":{"OverrideTaxZone":{"value":true},"CustomerTaxZone":{"value":"WEBSHOP"}}"#;
    let via = |code: &str| format!(r#""ShipVia":{{"value":"{code}"}}"#);
    let cases = [
        (via("UPSGROUND"), "CA", false),
        (via("EXPORT"), "EXP", false),
        (via("COUNTER"), "STORE", true),
        (format!(r#"{},"WillCall":{{"value":false}}"#, via("COUNTER")), "CA", false),
        (r#""WillCall":{"value":true}"#.to_owned(), "STORE", true),
        (format!("{},{overridden}", via("EXPORT")), "WEBSHOP", false),
        (format!("{},{overridden}", via("COUNTER")), "WEBSHOP", true),
        (r#""ShippingSettings":{"ShipVia":{"value":"EXPORT"}}"#.to_owned(), "EXP", false),
    ];
    for (members, zone, will_call) in cases {
        let mut shop = Shop::new();
        let master = &mut shop.erp.master;
        for zone in ["EXP", "STORE"] {
            master.tax_zones.insert(zone.into(), TaxZone::Internal { taxes: ["CADIST".to_owned()].into() });
        }
        master.pickup_tax_zone = Some("STORE".into());
        master.ship_vias.insert("EXPORT".into(), ShipVia { tax_zone: Some("EXP".into()), ..ShipVia::default() });
        master.ship_vias.insert("COUNTER".into(), ShipVia { pickup: true, ..ShipVia::default() });
        let sent = format!(r#"{{"CustomerID":{{"value":"C000001"}},{members}}}"#);
        let (status, answer) = shop.put("SalesOrder?$expand=FinancialSettings", &sent);
        assert_eq!(status, 200, "{answer}");
        assert_eq!(answer["FinancialSettings"]["CustomerTaxZone"]["value"], zone, "{members}");
        assert_eq!(answer["WillCall"]["value"], will_call, "{members}");
        // Something else that changes moves nothing; another ship via does.
        let update = |members: &str| format!(r#"{{"OrderNbr":{{"value":"000001"}},{members}}}"#);
        let zone_after = |shop: &mut Shop, members: &str| {
            let (_, answer) = shop.put("SalesOrder?$expand=FinancialSettings", &update(members));
            answer["FinancialSettings"]["CustomerTaxZone"]["value"].clone()
        };
        assert_eq!(zone_after(&mut shop, r#""Description":{"value":"x"}"#), zone);
        let moved = zone_after(&mut shop, &format!(r#"{},"WillCall":{{"value":false}}"#, via("EXPORT")));
        assert_eq!(moved, if members.contains("OverrideTaxZone") { "WEBSHOP" } else { "EXP" }, "{members}");
    }
}

#[test]
fn miscellaneous_lines_count_and_are_taxed_by_their_category() {
    let mut shop = Shop::new();
    shop.erp.add_item("FEE", Item { stock: false, tax_category: Some("TAXABLE".into()), ..Item::default() });
    let line = |id: &str, price: &str| {
        format!(r#"{{"InventoryID":{{"value":"{id}"}},"OrderQty":{{"value":1}},"UnitPrice":{{"value":{price}}}}}"#)
    };
    let sent =
        format!(r#"{{"CustomerID":{{"value":"C000001"}},"Details":[{},{}]}}"#, line("FEE", "100"), line("WRAP", "5"));
    let (_, answer) = shop.put("SalesOrder?$expand=Totals", &sent);
    assert_eq!(number(&answer["Totals"]["MiscTotalAmount"]), decimal("105"));
    assert_eq!(number(&answer["TaxTotal"]), decimal("8.25"));
}
