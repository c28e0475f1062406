//! Sales orders: defaults, selectors, lines, parties.

use super::{Config, INSERTING, OrderType, Shop, decimal, errors, number};
use crate::acumatica::Duplicate;

#[test]
fn a_new_order_has_the_recorded_defaults_and_computed_totals() {
    let mut shop = Shop::new();
    let (status, order) = shop.put(
        "SalesOrder?$expand=Details,Totals",
        r#"{"CustomerID":{"value":"c000001 "},"OrderNbr":{"value":"WEB-1"},"OrderTotal":{"value":999},
            "Details":[{"InventoryID":{"value":"shirt-s"},"OrderQty":{"value":2},"UnitPrice":{"value":50},"Quantity":{"value":7}}]}"#,
    );
    assert_eq!(status, 200, "{order}");
    for (field, value) in [
        ("OrderType", "SO"),
        ("OrderNbr", "000001"),
        ("CustomerID", "C000001"),
        ("LocationID", "MAIN"),
        ("Project", "X"),
        ("Status", "On Hold"),
        ("CurrencyID", "USD"),
        ("Date", "2026-03-02T00:00:00+00:00"),
    ] {
        assert_eq!(order[field]["value"], value, "{field}");
    }
    assert_eq!(order["Hold"]["value"], true);
    // 2 × 50 = 100; taxes of zone CA: 7.25 % and 1 % of 100.
    assert_eq!(number(&order["TaxTotal"]), decimal("8.25"));
    assert_eq!(number(&order["OrderTotal"]), decimal("108.25"));
    assert_eq!(number(&order["Totals"]["LineTotalAmount"]), decimal("100"));
    assert_eq!(order["Details"][0]["InventoryID"]["value"], "SHIRT-S");
    assert_eq!(order["Details"][0]["WarehouseID"]["value"], "MAIN");
}

#[test]
fn what_cannot_be_found_is_refused_at_its_field() {
    let not_found = |field: &str, display: &str| format!("{field}: '{display}' cannot be found in the system.");
    let unknown_item =
        "Details[0]/InventoryID: The specified inventory ID or alternate ID \"NONE\" cannot be found in the system.";
    let cases = [
        (r#""CustomerID":{"value":"NOBODY"}"#, not_found("CustomerID", "Customer")),
        (r#""CustomerID":{"value":""}"#, "CustomerID: 'Customer' cannot be empty.".into()),
        (r#""OrderType":{"value":"ZZ"}"#, not_found("OrderType", "Order Type")),
        (r#""OrderType":{"value":"QT"}"#, "OrderType: Order Type is inactive.".into()),
        (r#""ShipVia":{"value":"NONE"}"#, not_found("ShipVia", "Ship Via")),
        (r#""ShippingSettings":{"ShipVia":{"value":"NONE"}}"#, not_found("ShippingSettings/ShipVia", "Ship Via")),
        (
            r#""ShippingSettings":{"ShippingTerms":{"value":"NONE"}}"#,
            not_found("ShippingSettings/ShippingTerms", "Shipping Terms"),
        ),
        (r#""LocationID":{"value":"NORTH"}"#, not_found("LocationID", "Location")),
        (r#""Branch":{"value":"NONE"}"#, not_found("Branch", "Branch")),
        (r#""CurrencyID":{"value":"XXX"}"#, not_found("CurrencyID", "Currency")),
        (r#""PaymentMethod":{"value":"NONE"}"#, not_found("PaymentMethod", "Payment Method")),
        (r#""FinancialSettings":{"Terms":{"value":"NONE"}}"#, not_found("FinancialSettings/Terms", "Terms")),
        (
            r#""FinancialSettings":{"OverrideTaxZone":{"value":true},"CustomerTaxZone":{"value":"NONE"}}"#,
            not_found("FinancialSettings/CustomerTaxZone", "Customer Tax Zone"),
        ),
        (r#""Details":[{"InventoryID":{"value":"NONE"}}]"#, unknown_item.into()),
        (r#""Details":[{"OrderQty":{"value":1}}]"#, "Details[0]/InventoryID: 'Inventory ID' cannot be empty.".into()),
        (
            r#""Details":[{"InventoryID":{"value":"OLD"}}]"#,
            "Details[0]/InventoryID: The inventory item is Inactive.".into(),
        ),
        (
            r#""Details":[{"InventoryID":{"value":"MUG"},"WarehouseID":{"value":"NONE"}}]"#,
            not_found("Details[0]/WarehouseID", "Warehouse"),
        ),
        (
            r#""Details":[{"InventoryID":{"value":"MUG"},"TaxCategory":{"value":"NONE"}}]"#,
            not_found("Details[0]/TaxCategory", "Tax Category"),
        ),
        (
            r#""ShipToAddressOverride":{"value":true},"ShipToAddress":{"Country":{"value":"XX"}}"#,
            not_found("ShipToAddress/Country", "Country"),
        ),
    ];
    for (members, error) in cases {
        let mut config = Config::default();
        config.order_types.insert("QT".into(), OrderType { active: false, ..OrderType::default() });
        let mut shop = Shop::with(config);
        let customer = if members.contains("\"CustomerID\"") { "" } else { r#","CustomerID":{"value":"C000001"}"# };
        let (status, refused) = shop.put("SalesOrder", &format!("{{{members}{customer}}}"));
        assert_eq!(status, 422, "{members}");
        assert_eq!(errors(&refused), [INSERTING, &error], "{members}");
        assert_eq!(refused["OrderNbr"]["value"], "<NEW>");
        assert_eq!((shop.erp.saves(), shop.erp.orders().len()), (0, 0));
    }
}

#[test]
fn lines_are_merged_by_id_or_number_and_appended_without() {
    let mut shop = Shop::new();
    let line = r#"{"InventoryID":{"value":"MUG"},"OrderQty":{"value":1}}"#;
    let put = |shop: &mut Shop, lines: &str| {
        let sent =
            format!(r#"{{"OrderNbr":{{"value":"000001"}},"CustomerID":{{"value":"C000001"}},"Details":[{lines}]}}"#);
        shop.put("SalesOrder?$expand=Details", &sent)
    };
    let quantities = |shop: &Shop| {
        let lines = shop.erp.orders()[0].lines.clone();
        lines.iter().map(|line| line.quantity.normalize().to_string()).collect::<Vec<_>>().join(" ")
    };
    let (_, order) = put(&mut shop, line);
    assert_eq!(quantities(&shop), "1");
    // A blind repetition doubles the line.
    put(&mut shop, line);
    assert_eq!(quantities(&shop), "1 1");
    put(&mut shop, r#"{"LineNbr":{"value":2},"OrderQty":{"value":5}}"#);
    assert_eq!(quantities(&shop), "1 5");
    let first = order["Details"][0]["id"].clone();
    put(&mut shop, &format!(r#"{{"id":{first},"OrderQty":{{"value":3}}}}"#));
    assert_eq!(quantities(&shop), "3 5");
    // Lines that are not sent stay.
    put(&mut shop, "");
    assert_eq!(quantities(&shop), "3 5");
    put(&mut shop, &format!(r#"{{"id":{first},"delete":true}}"#));
    assert_eq!(quantities(&shop), "5");
    let (_, order) = put(&mut shop, line);
    assert_eq!(order["Details"][1]["LineNbr"]["value"].to_string(), "3");
    // Ids of lines are those of the session.
    let last = order["Details"][1]["id"].clone();
    shop.token = super::body(&shop.grant("api offline_access"))["access_token"].as_str().unwrap().to_owned();
    assert_eq!(put(&mut shop, &format!(r#"{{"id":{last},"OrderQty":{{"value":9}}}}"#)).0, 500);
    assert_eq!(quantities(&shop), "5 1");
}

#[test]
fn prices_follow_the_item_unless_they_are_manual() {
    // (item, members, wins) → (unit price, extended price, discount, amount)
    let cases = [
        ("MUG", r#""OrderQty":{"value":2},"UnitPrice":{"value":9}"#, true, ("12", "24", "0", "24")),
        ("SHIRT-S", r#""OrderQty":{"value":2},"UnitPrice":{"value":9}"#, true, ("9", "18", "0", "18")),
        (
            "MUG",
            r#""OrderQty":{"value":2},"UnitPrice":{"value":9},"ManualPrice":{"value":true}"#,
            true,
            ("9", "18", "0", "18"),
        ),
        (
            "MUG",
            r#""OrderQty":{"value":3},"UnitPrice":{"value":3.33333},"ExtendedPrice":{"value":10},"ManualPrice":{"value":true}"#,
            true,
            ("3.3333", "10", "0", "10"),
        ),
        (
            "MUG",
            r#""OrderQty":{"value":3},"UnitPrice":{"value":3.33333},"ExtendedPrice":{"value":10.05},"ManualPrice":{"value":true}"#,
            false,
            ("3.3333", "10", "0", "10"),
        ),
        (
            "MUG",
            r#""OrderQty":{"value":2},"UnitPrice":{"value":50},"ManualPrice":{"value":true},"DiscountAmount":{"value":10},"ManualDiscount":{"value":true}"#,
            true,
            ("50", "100", "10", "90"),
        ),
        // A discount that is not manual is recalculated away.
        (
            "MUG",
            r#""OrderQty":{"value":2},"UnitPrice":{"value":50},"ManualPrice":{"value":true},"DiscountAmount":{"value":10}"#,
            true,
            ("50", "100", "0", "100"),
        ),
        (
            "MUG",
            r#""OrderQty":{"value":1},"UnitPrice":{"value":50},"ManualPrice":{"value":true},"DiscountPercent":{"value":15},"ManualDiscount":{"value":true}"#,
            true,
            ("50", "50", "7.5", "42.5"),
        ),
        // A free item has no price, whatever is sent.
        (
            "MUG",
            r#""OrderQty":{"value":2},"UnitPrice":{"value":50},"ManualPrice":{"value":true},"FreeItem":{"value":true}"#,
            true,
            ("0", "0", "0", "0"),
        ),
    ];
    for (item, members, wins, (price, extended, discount, amount)) in cases {
        let mut shop = Shop::with(Config { extended_price_wins: wins, ..Config::default() });
        let sent = format!(
            r#"{{"CustomerID":{{"value":"C000001"}},"Details":[{{"InventoryID":{{"value":"{item}"}},{members}}}]}}"#
        );
        let (status, order) = shop.put("SalesOrder?$expand=Details", &sent);
        assert_eq!(status, 200, "{order}");
        let line = &order["Details"][0];
        let found = ["UnitPrice", "ExtendedPrice", "DiscountAmount", "Amount"].map(|field| number(&line[field]));
        assert_eq!(found, [price, extended, discount, amount].map(decimal), "{members}");
    }
}

#[test]
fn a_manual_price_survives_an_update_of_something_else() {
    let mut shop = Shop::new();
    let line = r#"{"InventoryID":{"value":"MUG"},"OrderQty":{"value":3},"UnitPrice":{"value":3.3333},"ExtendedPrice":{"value":10},"ManualPrice":{"value":true}}"#;
    shop.put("SalesOrder", &format!(r#"{{"CustomerID":{{"value":"C000001"}},"Details":[{line}]}}"#));
    let update = r#"{"OrderNbr":{"value":"000001"},"Details":[{"LineNbr":{"value":1},"ExtendedPrice":{"value":10},"LineDescription":{"value":"Mug, blue"}}]}"#;
    assert_eq!(shop.put("SalesOrder", update).0, 200);
    assert_eq!(shop.erp.orders()[0].lines[0].extended_price, decimal("10"));
}

#[test]
fn addresses_stick_only_with_their_override_flag() {
    let mut shop = Shop::new();
    shop.put(
        "Customer",
        r#"{"CustomerID":{"value":"C000001"},"MainContact":{"Address":{"AddressLine1":{"value":"Own 1"},"AddressLine2":{"value":"Rear"}}}}"#,
    );
    let cases = [
        ("", ["Own 1", "Rear"]),
        (r#""ShipToAddressOverride":{"value":false},"#, ["Own 1", "Rear"]),
        // The second line was not sent: it stays the customer's.
        (r#""ShipToAddressOverride":{"value":true},"#, ["Gift 2", "Rear"]),
    ];
    for (flag, lines) in cases {
        let sent = format!(
            r#"{{"CustomerID":{{"value":"C000001"}},{flag}"ShipToAddress":{{"AddressLine1":{{"value":"Gift 2"}}}},
                "ShipToContact":{{"Email":{{"value":"friend@example.com"}}}}}}"#
        );
        let (_, order) = shop.put("SalesOrder?$expand=ShipToAddress,ShipToContact,BillToAddress", &sent);
        let address = &order["ShipToAddress"];
        assert_eq!([&address["AddressLine1"]["value"], &address["AddressLine2"]["value"]], lines, "{flag}");
        assert_eq!(order["ShipToContact"]["Email"]["value"], "jane@example.com");
        assert_eq!(order["BillToAddress"]["AddressLine1"]["value"], "Own 1");
    }
    // The customer moves; stored orders keep their addresses when something else changes.
    shop.put(
        "Customer",
        r#"{"CustomerID":{"value":"C000001"},"MainContact":{"Address":{"AddressLine1":{"value":"New 9"}}}}"#,
    );
    for (nbr, line) in [("000001", "Own 1"), ("000003", "Gift 2")] {
        let sent = format!(r#"{{"OrderNbr":{{"value":"{nbr}"}},"Description":{{"value":"x"}}}}"#);
        let (_, order) = shop.put("SalesOrder?$expand=ShipToAddress", &sent);
        assert_eq!(order["ShipToAddress"]["AddressLine1"]["value"], line);
    }
}

#[test]
fn a_currency_other_than_the_customers_needs_its_consent() {
    for (consent, currency) in [(false, "USD"), (true, "EUR")] {
        let mut shop = Shop::new();
        shop.put(
            "Customer",
            &format!(r#"{{"CustomerID":{{"value":"C000001"}},"EnableCurrencyOverride":{{"value":{consent}}}}}"#),
        );
        let (_, order) = shop.put("SalesOrder", r#"{"CustomerID":{"value":"C000001"},"CurrencyID":{"value":"EUR"}}"#);
        assert_eq!(order["CurrencyID"]["value"], currency);
    }
}

#[test]
fn headers_give_business_date_and_branch() {
    let mut shop = Shop::new();
    let headers = [("PX-CbApiBusinessDate", "2026-02-27"), ("PX-CbApiBranch", "HQ")];
    let answer = shop.send("PUT", "SalesOrder", &headers, r#"{"CustomerID":{"value":"C000001"}}"#);
    let order = super::body(&answer);
    assert_eq!(order["Date"]["value"], "2026-02-27T00:00:00+00:00");
    let answer = shop.send("PUT", "SalesOrder", &[("PX-CbApiBranch", "NONE")], r#"{"CustomerID":{"value":"C000001"}}"#);
    assert_eq!(errors(&super::body(&answer))[1], "Branch: 'Branch' cannot be found in the system.");
}

#[test]
fn a_repeated_customer_order_number_is_handled_by_order_type() {
    let error = "CustomerOrder: The same customer order number is used in the 000001 sales order. Specify another customer order number.";
    let cases = [
        (Duplicate::Allow, "PO-1", None),
        (Duplicate::Warn, "PO-1", None),
        (Duplicate::Forbid, "po-1 ", Some(error)),
        (Duplicate::Forbid, "PO-2", None),
        (Duplicate::Forbid, "", Some("CustomerOrder: The customer order number cannot be empty.")),
    ];
    for (rule, second, expected) in cases {
        let mut config = Config::default();
        config.order_types.insert("SO".into(), OrderType { duplicate_customer_order: rule, ..OrderType::default() });
        let mut shop = Shop::with(config);
        let other = shop.erp.add_customer("Other", "other@example.com");
        let order = |customer: &str, number: &str| {
            format!(r#"{{"CustomerID":{{"value":"{customer}"}},"CustomerOrder":{{"value":"{number}"}}}}"#)
        };
        assert_eq!(shop.put("SalesOrder", &order("C000001", "PO-1")).0, 200);
        // A cancelled order still holds its number; another customer's does not.
        shop.erp.cancel_order("SO", "000001", shop.now).unwrap();
        assert_eq!(shop.put("SalesOrder", &order(&other, "PO-1")).0, 200);
        let (status, answer) = shop.put("SalesOrder", &order("C000001", second));
        match expected {
            None => assert_eq!(status, 200, "{rule:?} {second}"),
            Some(error) => assert_eq!((status, errors(&answer)[1].as_str()), (422, error), "{rule:?} {second}"),
        }
    }
}
