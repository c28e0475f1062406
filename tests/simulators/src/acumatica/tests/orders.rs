//! Sales orders: defaults, lines, totals.

use super::{Shop, decimal, number};

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
    assert_eq!(order["CustomerOrder"].to_string(), "{}");
    // 2 × 50 = 100; taxes of zone CA: 7.25 % and 1 % of 100.
    assert_eq!(number(&order["TaxTotal"]), decimal("8.25"));
    assert_eq!(number(&order["OrderTotal"]), decimal("108.25"));
    assert_eq!(number(&order["Totals"]["LineTotalAmount"]), decimal("100"));
    assert_eq!(order["Details"][0]["InventoryID"]["value"], "SHIRT-S");
    assert_eq!(order["Details"][0]["WarehouseID"]["value"], "MAIN");
}
