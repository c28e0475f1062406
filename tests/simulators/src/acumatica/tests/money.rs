//! Discounts, freight, taxes, control total: hand-checked sums.

use super::{Config, INSERTING, OrderType, Shop, decimal, errors, number};
use crate::acumatica::ShipVia;

/// A line of two shirts at 50, with 10 off: 90.
const LINES: &str = r#""CustomerID":{"value":"C000001"},"Details":[{"InventoryID":{"value":"SHIRT-S"},"OrderQty":{"value":2},"UnitPrice":{"value":50},
    "ExtendedPrice":{"value":100},"ManualPrice":{"value":true},"DiscountAmount":{"value":10},"ManualDiscount":{"value":true}}]"#;

const EXTERNAL: &str =
    r#""FinancialSettings":{"OverrideTaxZone":{"value":true},"CustomerTaxZone":{"value":"WEBSHOP"}}"#;

fn taxes(rows: &[(&str, &str)]) -> String {
    let rows: Vec<_> = rows
        .iter()
        .map(|(id, amount)| format!(r#"{{"TaxID":{{"value":"{id}"}},"TaxAmount":{{"value":{amount}}}}}"#))
        .collect();
    format!(r#""IsTaxValid":{{"value":true}},"TaxDetails":[{}]"#, rows.join(","))
}

#[test]
fn freight_is_calculated_overridden_or_premium() {
    // (calculate freight, members) → (freight price, total without tax)
    let via = r#""ShipVia":{"value":"UPSGROUND"}"#;
    let cases = [
        (false, "", "0", "90"),
        (true, "", "7", "97"),
        (false, r#""ShippingSettings":{"PremiumFreight":{"value":5}}"#, "0", "95"),
        // Premium freight comes on top of what is calculated.
        (true, r#""ShippingSettings":{"PremiumFreight":{"value":5}}"#, "7", "102"),
        (false, r#""Totals":{"PremiumFreight":{"value":5}}"#, "0", "95"),
        // A price without its override flag is ignored.
        (true, r#""ShippingSettings":{"FreightPrice":{"value":5}}"#, "7", "97"),
        (true, r#""ShippingSettings":{"FreightPrice":{"value":5},"OverrideFreightPrice":{"value":true}}"#, "5", "95"),
        (false, r#""Totals":{"Freight":{"value":5},"OverrideFreightAmount":{"value":true}}"#, "5", "95"),
        // Terms based on the sales order allow it, terms based on the shipment do not.
        (
            true,
            r#""ShippingSettings":{"FreightPrice":{"value":5},"OverrideFreightPrice":{"value":true},"ShippingTerms":{"value":"WEB"}}"#,
            "5",
            "95",
        ),
        (
            true,
            r#""ShippingSettings":{"FreightPrice":{"value":5},"OverrideFreightPrice":{"value":true},"ShippingTerms":{"value":"FREIGHT"}}"#,
            "7",
            "97",
        ),
    ];
    for (calculate_freight, members, freight, total) in cases {
        let mut config = Config::default();
        config.order_types.insert("SO".into(), OrderType { calculate_freight, ..OrderType::default() });
        let mut shop = Shop::with(config);
        let members = if members.is_empty() { String::new() } else { format!(",{members}") };
        let no_tax = r#""DisableAutomaticTaxCalculation":{"value":true}"#;
        let (status, order) =
            shop.put("SalesOrder?$expand=Totals,ShippingSettings", &format!("{{{LINES},{via},{no_tax}{members}}}"));
        assert_eq!(status, 200, "{order}");
        assert_eq!(number(&order["ShippingSettings"]["FreightPrice"]), decimal(freight), "{members}");
        assert_eq!(number(&order["Totals"]["Freight"]), decimal(freight), "{members}");
        assert_eq!(number(&order["OrderTotal"]), decimal(total), "{members}");
    }
}

#[test]
fn taxes_are_imported_or_calculated_by_zone() {
    let disabled = r#""DisableAutomaticTaxCalculation":{"value":true}"#;
    let both = taxes(&[("CASTATE", "6.50"), ("CADIST", "0.89")]);
    let one = taxes(&[("CASTATE", "6.50")]);
    let not_valid = both.replace(r#""IsTaxValid":{"value":true},"#, "");
    // (keep, members) → tax. Calculated: 7.25 % of 90 = 6.525 → 6.53, 1 % of 90 = 0.90.
    let cases = [
        (true, String::new(), "7.43"),
        (true, disabled.to_owned(), "0"),
        (true, not_valid, "7.43"),
        (true, both.clone(), "7.39"),
        (true, format!("{both},{disabled}"), "7.39"),
        (false, format!("{both},{disabled}"), "0"),
        (false, both.clone(), "7.39"),
        (true, one.clone(), "6.50"),
        (true, format!("{one},{disabled},{EXTERNAL}"), "6.50"),
        (false, format!("{both},{disabled},{EXTERNAL}"), "7.39"),
        // The provider, asked to calculate: 7.25 % on everything.
        (true, EXTERNAL.to_owned(), "6.53"),
        // Another zone without its override flag: the customer's stays.
        (true, r#""FinancialSettings":{"CustomerTaxZone":{"value":"WEBSHOP"}}"#.to_owned(), "7.43"),
    ];
    for (keep_tax_details, members, tax) in cases {
        let mut shop = Shop::with(Config { keep_tax_details, ..Config::default() });
        let comma = if members.is_empty() { "" } else { "," };
        let (status, order) = shop.put("SalesOrder?$expand=TaxDetails,Totals", &format!("{{{LINES}{comma}{members}}}"));
        assert_eq!(status, 200, "{order}");
        assert_eq!(number(&order["TaxTotal"]), decimal(tax), "{members}");
        assert_eq!(number(&order["Totals"]["TaxTotal"]), decimal(tax), "{members}");
        assert_eq!(number(&order["OrderTotal"]), decimal("90") + decimal(tax), "{members}");
    }
}

#[test]
fn an_internal_zone_keeps_only_the_taxes_it_would_calculate() {
    let wrap = r#""CustomerID":{"value":"C000001"},"Details":[{"InventoryID":{"value":"WRAP"},"OrderQty":{"value":1},"UnitPrice":{"value":5}}]"#;
    let imported = taxes(&[("CASTATE", "1.00")]);
    let put = |shop: &mut Shop, members: &str| {
        shop.put("SalesOrder?$expand=Totals", &format!("{{{wrap},{imported}{members}}}")).1
    };
    let mut shop = Shop::new();
    // An exempt line carries no tax, so the import is lost; taxed freight brings it back.
    let order = put(&mut shop, "");
    assert_eq!(number(&order["OrderTotal"]), decimal("5"));
    assert_eq!(number(&order["Totals"]["MiscTotalAmount"]), decimal("5"));
    assert_eq!(number(&order["Totals"]["LineTotalAmount"]), decimal("0"));
    let order = put(
        &mut shop,
        r#","ShippingSettings":{"PremiumFreight":{"value":2},"FreightTaxCategory":{"value":"TAXABLE"}}"#,
    );
    assert_eq!(number(&order["OrderTotal"]), decimal("8"));
    let (status, refused) = shop.put("SalesOrder", &format!("{{{LINES},{}}}", taxes(&[("NONE", "1")])));
    assert_eq!(status, 422);
    assert_eq!(errors(&refused), [INSERTING, "TaxDetails[0]/TaxID: 'Tax ID' cannot be found in the system."]);
}

#[test]
fn imported_taxes_stay_when_the_order_is_updated() {
    let mut shop = Shop::new();
    shop.put("SalesOrder", &format!("{{{LINES},{}}}", taxes(&[("CASTATE", "6.50")])));
    shop.put("SalesOrder", r#"{"OrderNbr":{"value":"000001"},"Hold":{"value":false}}"#);
    let order = &shop.erp.orders()[0];
    assert_eq!((order.tax, order.total, order.status.as_str()), (decimal("6.50"), decimal("96.50"), "Open"));
}

#[test]
fn a_required_control_total_must_match_unless_on_hold() {
    let error = "ControlTotal: The document is out of the balance.";
    // (required, hold, control total) → error
    let cases = [
        (true, false, "97.43", None),
        (true, false, "97.4300", None),
        (true, false, "97.44", Some(error)),
        (true, false, "0", Some(error)),
        (true, true, "12", None),
        (false, false, "12", None),
    ];
    for (require_control_total, hold, control, expected) in cases {
        let mut config = Config::default();
        config.order_types.insert("SO".into(), OrderType { require_control_total, ..OrderType::default() });
        let mut shop = Shop::with(config);
        let sent = format!(r#"{{{LINES},"Hold":{{"value":{hold}}},"ControlTotal":{{"value":{control}}}}}"#);
        let (status, answer) = shop.put("SalesOrder", &sent);
        match expected {
            None => {
                assert_eq!(status, 200, "{answer}");
                let stored = shop.erp.orders()[0].control_total;
                assert_eq!(stored, if require_control_total { decimal(control) } else { decimal("97.43") });
            }
            Some(error) => {
                assert_eq!((status, errors(&answer)), (422, vec![INSERTING.to_owned(), error.to_owned()]));
                assert!(shop.erp.orders().is_empty());
            }
        }
    }
}

#[test]
fn a_held_order_is_not_released_with_a_wrong_control_total() {
    let mut config = Config::default();
    config.order_types.insert("SO".into(), OrderType { require_control_total: true, ..OrderType::default() });
    let mut shop = Shop::with(config);
    shop.put("SalesOrder", &format!(r#"{{{LINES},"ControlTotal":{{"value":1}}}}"#));
    let (status, refused) = shop.put("SalesOrder", r#"{"OrderNbr":{"value":"000001"},"Hold":{"value":false}}"#);
    assert_eq!(status, 422);
    assert_eq!(refused["error"], "Updating  'Sales Order' record raised at least one error. Please review the errors.");
    assert_eq!(shop.erp.orders()[0].status, "On Hold");
    let release = r#"{"OrderNbr":{"value":"000001"},"Hold":{"value":false},"ControlTotal":{"value":97.43}}"#;
    assert_eq!(shop.put("SalesOrder", release).0, 200);
    assert_eq!(shop.erp.orders()[0].status, "Open");
}

#[test]
fn a_discount_cannot_exceed_its_line() {
    let mut shop = Shop::new();
    let sent =
        format!("{{{}}}", LINES.replace(r#""DiscountAmount":{"value":10}"#, r#""DiscountAmount":{"value":100.01}"#));
    let (status, refused) = shop.put("SalesOrder", &sent);
    assert_eq!(status, 422);
    assert!(errors(&refused)[1].starts_with("Details[0]/DiscountAmount: "));
}

#[test]
fn document_discounts_need_their_feature() {
    for (customer_discounts, total) in [(false, "90"), (true, "85")] {
        let mut shop = Shop::with(Config { customer_discounts, ..Config::default() });
        let sent = format!(
            r#"{{{LINES},"DisableAutomaticTaxCalculation":{{"value":true}},"DiscountDetails":[{{"DiscountAmount":{{"value":5}}}}]}}"#
        );
        assert_eq!(number(&shop.put("SalesOrder", &sent).1["OrderTotal"]), decimal(total));
    }
}

#[test]
fn amounts_are_rounded_at_the_currencys_precision() {
    let mut shop = Shop::new();
    shop.erp.master.ship_vias.insert("AIR".into(), ShipVia { freight: decimal("7.005"), ..ShipVia::default() });
    shop.erp.config.order_types.insert("SO".into(), OrderType { calculate_freight: true, ..OrderType::default() });
    let sent = r#"{"CustomerID":{"value":"C000001"},"ShipVia":{"value":"AIR"},"DisableAutomaticTaxCalculation":{"value":true},
        "Details":[{"InventoryID":{"value":"SHIRT-S"},"OrderQty":{"value":3},"UnitPrice":{"value":0.335}}]}"#;
    // 3 × 0.335 = 1.005 → 1.01; freight 7.005 → 7.01.
    assert_eq!(number(&shop.put("SalesOrder", sent).1["OrderTotal"]), decimal("8.02"));
}
