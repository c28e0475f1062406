//! Orders that are written in slices: on hold until complete.

use super::{Config, OrderType, Shop, decimal, number};

fn lines(numbers: std::ops::Range<u32>) -> String {
    let line = |at| {
        format!(
            r#"{{"InventoryID":{{"value":"MUG"}},"OrderQty":{{"value":1}},"UnitPrice":{{"value":1.25}},"ManualPrice":{{"value":true}},
                "ExternalRef":{{"value":"{at}"}}}}"#
        )
    };
    numbers.map(line).collect::<Vec<_>>().join(",")
}

fn strict() -> Config {
    let order_type = OrderType { require_control_total: true, ..OrderType::default() };
    Config { order_types: [("SO".to_owned(), order_type)].into(), ..Config::default() }
}

#[test]
fn a_thousand_lines_arrive_in_two_slices_and_the_last_one_releases() {
    let mut shop = Shop::with(strict());
    let head = r#""CustomerID":{"value":"C000001"},"ControlTotal":{"value":1250},"DisableAutomaticTaxCalculation":{"value":true}"#;
    let first = format!(r#"{{{head},"Hold":{{"value":true}},"Details":[{}]}}"#, lines(0..500));
    let (status, answer) = shop.put("SalesOrder?$expand=Details", &first);
    assert_eq!((status, answer["Status"]["value"].as_str()), (200, Some("On Hold")));
    // What is there can be read back by each line's reference.
    let (_, seen) =
        shop.get("SalesOrder/SO/000001?$expand=Details&$select=OrderNbr,Details/ExternalRef,Details/LineNbr");
    let last = &seen["Details"][499];
    assert_eq!(
        (&last["ExternalRef"]["value"], last["LineNbr"]["value"].to_string()),
        (&"499".into(), "500".to_owned())
    );
    assert!(last.get("InventoryID").is_none());
    // The last slice brings the payment and takes the order off hold; the control total is checked then.
    let payment = r#""Payments":[{"DocType":{"value":"Prepayment"},"PaymentMethod":{"value":"WEBCARD"},"PaymentRef":{"value":"T"},
        "PaymentAmount":{"value":1250},"AppliedToOrder":{"value":1250}}]"#;
    let rest = |lines: String| {
        format!(
            r#"{{"OrderType":{{"value":"SO"}},"OrderNbr":{{"value":"000001"}},"Hold":{{"value":false}},"Details":[{lines}],{payment}}}"#
        )
    };
    let (status, refused) = shop.put("SalesOrder", &rest(lines(500..999)));
    assert_eq!(status, 422, "{refused}");
    assert_eq!((shop.erp.orders()[0].lines.len(), shop.erp.payments().len()), (500, 0));
    let (status, answer) = shop.put("SalesOrder", &rest(lines(500..1000)));
    assert_eq!((status, answer["Status"]["value"].as_str()), (200, Some("Open")));
    let order = &shop.erp.orders()[0];
    assert_eq!((order.lines.len(), order.total, order.unpaid), (1000, decimal("1250"), decimal("0")));
    assert!(order.lines.iter().enumerate().all(|(at, line)| line.external_ref == at.to_string()));
    assert_eq!(shop.erp.saves(), 2);
}

#[test]
fn leaving_hold_is_checked_as_a_new_order_is() {
    let release = r#"{"OrderNbr":{"value":"000001"},"Hold":{"value":false},"ControlTotal":{"value":24}}"#;
    let held = r#"{"CustomerID":{"value":"C000001"},"Hold":{"value":true},"DisableAutomaticTaxCalculation":{"value":true},
        "Details":[{"InventoryID":{"value":"MUG"},"OrderQty":{"value":2}}]}"#;
    for (approval, limit, status) in
        [(false, "100", "Open"), (false, "23", "Credit Hold"), (true, "100", "Pending Approval")]
    {
        let mut config = strict();
        config
            .order_types
            .insert("SO".into(), OrderType { approval, require_control_total: true, ..OrderType::default() });
        let mut shop = Shop::with(config);
        let customer = shop.customer.clone();
        shop.erp.set_credit_limit(&customer, decimal(limit)).unwrap();
        assert_eq!(shop.put("SalesOrder", held).1["Status"]["value"], "On Hold");
        assert_eq!(shop.put("SalesOrder", release).1["Status"]["value"], status);
    }
}

#[test]
fn lines_are_added_to_an_open_order_as_well() {
    let mut shop = Shop::new();
    let sent =
        format!(r#"{{"CustomerID":{{"value":"C000001"}},"Hold":{{"value":false}},"Details":[{}]}}"#, lines(0..1));
    shop.put("SalesOrder", &sent);
    let more = format!(r#"{{"OrderNbr":{{"value":"000001"}},"Details":[{}]}}"#, lines(1..2));
    let (status, answer) = shop.put("SalesOrder?$expand=Totals", &more);
    assert_eq!((status, answer["Status"]["value"].as_str()), (200, Some("Open")));
    assert_eq!(number(&answer["Totals"]["LineTotalAmount"]), decimal("2.50"));
}

#[test]
fn a_rejected_order_takes_no_payment_and_comes_back_only_by_way_of_hold() {
    let mut config = Config::default();
    config.order_types.insert("SO".into(), OrderType { approval: true, ..OrderType::default() });
    let mut shop = Shop::with(config);
    let sent =
        format!(r#"{{"CustomerID":{{"value":"C000001"}},"Hold":{{"value":false}},"Details":[{}]}}"#, lines(0..1));
    assert_eq!(shop.put("SalesOrder", &sent).1["Status"]["value"], "Pending Approval");
    let pay = r#"{"OrderNbr":{"value":"000001"},"Payments":[{"PaymentMethod":{"value":"WEBCARD"},"PaymentRef":{"value":"T"},
        "PaymentAmount":{"value":1}}]}"#;
    assert_eq!(shop.put("SalesOrder", pay).0, 422);
    shop.erp.reject_order("SO", "000001", shop.now).unwrap();
    assert_eq!(shop.put("SalesOrder", pay).0, 422);
    let put = |shop: &mut Shop, members: &str| {
        shop.put("SalesOrder", &format!(r#"{{"OrderNbr":{{"value":"000001"}},{members}}}"#)).1["Status"]["value"]
            .clone()
    };
    assert_eq!(put(&mut shop, r#""Description":{"value":"late"}"#), "Rejected");
    assert_eq!(put(&mut shop, r#""Hold":{"value":true}"#), "On Hold");
    assert_eq!(shop.put("SalesOrder", pay).0, 200);
    assert_eq!(put(&mut shop, r#""Hold":{"value":false}"#), "Pending Approval");
}
