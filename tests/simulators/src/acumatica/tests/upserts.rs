//! What a PUT does: insert, update, refuse; and how bodies are read and answers written.

use super::{Config, INSERTING, OrderType, Shop, body, errors};

const ORDER: &str = r#"{"CustomerID":{"value":"C000001"},"ExternalRef":{"value":"L-1"}}"#;

fn manual() -> Shop {
    let mut config = Config::default();
    config.order_types.insert("WB".into(), OrderType { manual_numbering: true, ..OrderType::default() });
    Shop::with(config)
}

fn numbered(order_type: &str, nbr: &str) -> String {
    format!(
        r#"{{"OrderType":{{"value":"{order_type}"}},"OrderNbr":{{"value":"{nbr}"}},"CustomerID":{{"value":"C000001"}}}}"#
    )
}

#[test]
fn automatic_numbering_replaces_a_supplied_number_and_an_existing_one_updates() {
    let mut shop = Shop::new();
    let cases =
        [("WEB-7", "000001", 1), ("WEB-7", "000002", 2), ("000001", "000001", 2), ("a-number-of-over-15", "000003", 3)];
    for (sent, got, count) in cases {
        let (status, order) = shop.put("SalesOrder", &numbered("SO", sent));
        assert_eq!(status, 200, "{order}");
        assert_eq!(order["OrderNbr"]["value"], got, "{sent}");
        assert_eq!(shop.erp.orders().len(), count, "{sent}");
    }
}

#[test]
fn manual_numbering_takes_the_number_and_needs_one() {
    let mut shop = manual();
    let (status, order) = shop.put("SalesOrder", &numbered("wb", "b-0001"));
    assert_eq!(
        (status, &order["OrderType"]["value"], &order["OrderNbr"]["value"]),
        (200, &"WB".into(), &"B-0001".into())
    );
    let (status, refused) = shop.put("SalesOrder", r#"{"OrderType":{"value":"WB"},"CustomerID":{"value":"C000001"}}"#);
    assert_eq!(status, 422);
    let expected = "OrderNbr: Cannot generate the next number. Manual Numbering is activated for 'WB'";
    assert_eq!(errors(&refused), [INSERTING, expected]);
    let (status, refused) = shop.put("SalesOrder", &numbered("WB", "0123456789012345"));
    assert_eq!(status, 422);
    assert_eq!(errors(&refused)[1], "OrderNbr: The string is longer than the 15 characters of OrderNbr.");
    assert_eq!(shop.erp.orders().len(), 1);
}

#[test]
fn preconditions_make_a_put_insert_only_or_update_only() {
    let mut shop = manual();
    shop.erp.add_order("WB", "B-1", "C000001", "somebody else's");
    let cases = [
        ("if-none-match", "B-1", 412),
        ("if-none-match", "b-1", 412),
        ("if-none-match", "B-2", 200),
        ("if-match", "B-1", 200),
        ("if-match", "B-3", 412),
    ];
    for (header, nbr, status) in cases {
        let answer = shop.send("PUT", "SalesOrder", &[(header, "*")], &numbered("WB", nbr));
        assert_eq!(answer.status(), status, "{header} {nbr}");
    }
    assert_eq!(shop.erp.orders().len(), 2);
}

#[test]
fn a_filter_or_an_id_names_the_record_too() {
    let mut shop = Shop::new();
    let (_, first) = shop.put("SalesOrder?$filter=ExternalRef+eq+'L-1'", ORDER);
    let (_, again) = shop.put("SalesOrder?$filter=ExternalRef+eq+'L-1'", ORDER);
    assert_eq!(first["id"], again["id"]);
    let by_id = format!(r#"{{"id":{},"Description":{{"value":"by id"}}}}"#, first["id"]);
    let (status, order) = shop.put("SalesOrder", &by_id);
    assert_eq!((status, &order["Description"]["value"]), (200, &"by id".into()));
    assert_eq!(shop.erp.orders().len(), 1);
    let (status, refused) = shop.put("SalesOrder", r#"{"id":"13582ef4-0000-0000-0000-000000000000"}"#);
    assert_eq!(status, 500);
    assert_eq!(refused["exceptionType"], "PX.Api.ContractBased.NoEntitySatisfiesTheConditionException");
    shop.put("SalesOrder", ORDER);
    assert_eq!(shop.put("SalesOrder?$filter=ExternalRef+eq+'L-1'", ORDER).0, 500, "two hits");
    let mut strict = Shop::with(Config { put_filter_inserts: false, ..Config::default() });
    assert_eq!(strict.put("SalesOrder?$filter=ExternalRef+eq+'L-1'", ORDER).0, 500);
}

#[test]
fn only_a_put_that_changes_something_saves() {
    let mut shop = Shop::new();
    shop.put("SalesOrder", ORDER);
    let update = numbered("SO", "000001");
    let before = shop.get("SalesOrder/SO/000001").1;
    shop.now += std::time::Duration::from_secs(60);
    assert_eq!(shop.put("SalesOrder", &update).0, 200);
    assert_eq!(shop.get("SalesOrder/SO/000001").1, before);
    assert_eq!(shop.erp.saves(), 1);
    let changed = r#"{"OrderNbr":{"value":"000001"},"Description":{"value":"new"}}"#;
    assert_eq!(shop.put("SalesOrder", changed).0, 200);
    assert_eq!(shop.erp.saves(), 2);
    assert_eq!(shop.get("SalesOrder/SO/000001").1["LastModified"]["value"], "2026-03-02T10:01:00+00:00");
    shop.put("SalesOrder", r#"{"CustomerID":{"value":"NOBODY"}}"#);
    assert_eq!(shop.erp.saves(), 2);
}

#[test]
fn a_record_is_read_by_key_and_by_id() {
    let mut shop = Shop::new();
    let (_, order) = shop.put("SalesOrder", ORDER);
    let id = order["id"].as_str().unwrap().to_owned();
    for path in ["SalesOrder/SO/000001", "SalesOrder/SO%7C000001", "salesorder/so/000001", &format!("SalesOrder/{id}")]
    {
        assert_eq!(shop.get(path).1["id"], order["id"], "{path}");
    }
    let (status, missing) = shop.get("SalesOrder/SO/000009");
    assert_eq!(status, 500);
    assert_eq!(missing["exceptionMessage"], "No entity satisfies the condition.");
    assert_eq!(missing["message"], "An error has occurred.");
}

#[test]
fn unusable_bodies_are_refused() {
    let empty = r#"{"message":"The request is invalid.","modelState":{"":["The request body should not be empty."]}}"#;
    let cases = [
        ("", 400, empty),
        ("[]", 400, ""),
        ("{", 400, ""),
        // A business field without its wrapper, a list that is none, a wrapped linked entity's list.
        (r#"{"CustomerID":"C000001"}"#, 400, ""),
        (r#"{"Details":{"InventoryID":{"value":"MUG"}}}"#, 400, ""),
        (r#"{"ShippingSettings":[]}"#, 400, ""),
        // Values of another type, or longer than their column.
        (r#"{"CustomerID":{"value":"C000001"},"Hold":{"value":"false"}}"#, 422, "Hold"),
        (r#"{"CustomerID":{"value":"C000001"},"ControlTotal":{"value":"12.00"}}"#, 422, "ControlTotal"),
        (r#"{"CustomerID":{"value":"C000001"},"Date":{"value":"yesterday"}}"#, 422, "Date"),
        (
            r#"{"CustomerID":{"value":"C000001"},"ExternalRef":{"value":"12345678901234567890123456789012345678901"}}"#,
            422,
            "ExternalRef",
        ),
        (
            r#"{"CustomerID":{"value":"C000001"},"Details":[{"InventoryID":{"value":"MUG"},"OrderQty":{"value":"2"}}]}"#,
            422,
            "Details[0]/OrderQty",
        ),
    ];
    for (sent, status, expected) in cases {
        let mut shop = Shop::new();
        let answer = shop.send("PUT", "SalesOrder", &[], sent);
        assert_eq!(answer.status(), status, "{sent}");
        match status {
            400 if !expected.is_empty() => assert_eq!(String::from_utf8_lossy(answer.body()), expected),
            422 => {
                let found = errors(&body(&answer));
                assert_eq!(found.len(), 2, "{found:?}");
                assert!(found[1].starts_with(&format!("{expected}: ")), "{found:?}");
            }
            _ => {}
        }
        assert!(shop.erp.orders().is_empty());
    }
}

#[test]
fn answers_are_written_as_recorded() {
    let mut shop = Shop::new();
    let sent = r#"{"CustomerID":{"value":"C000001"},"CustomerOrder":{"value":null},"Date":{"value":"6/7/2024"},
        "Details":[{"InventoryID":{"value":"SHIRT-S"},"OrderQty":{"value":1.50},"UnitPrice":{"value":1e1}}]}"#;
    let answer = shop.send("PUT", "SalesOrder?$expand=Details,Shipments", &[], sent);
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    assert!(text.starts_with(r#"{"id":""#), "{text}");
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} in {text}"));
    // System members, fields without regard to case (`OrderedQty` before `OrderNbr`), custom, links.
    let order = [
        r#""rowNumber":1"#,
        r#""note":{"value":""}"#,
        r#""Approved":{"value":false}"#,
        r#""CustomerOrder":{}"#,
        r#""Date":{"value":"2024-06-07T00:00:00+00:00"}"#,
        r#""Details":[{"id":""#,
        r#""OrderQty":{"value":1.500000}"#,
        r#""UnitPrice":{"value":10.000000}"#,
        r#""OrderedQty":{"value":1.500000}"#,
        r#""OrderNbr":{"value":"000001"}"#,
        r#""OrderTotal":{"value":16.2400}"#,
        r#""Shipments":[]"#,
        r#""custom":{},"_links":{"self":"/Causeway/entity/Default/24.200.001/SalesOrder/"#,
    ];
    let places: Vec<_> = order.iter().map(|part| at(part)).collect();
    assert!(places.is_sorted(), "{places:?}");
    // Not expanded, not shown.
    assert!(!text.contains(r#""Totals""#));
    assert!(!text.contains(r#""ShipToAddress":"#));
}

#[test]
fn custom_fields_exist_by_configuration_and_show_on_request() {
    let mut config = Config::default();
    config.custom_fields.insert("Document.AttributeCOUPON".into());
    let mut shop = Shop::with(config);
    let sent = r#"{"CustomerID":{"value":"C000001"},
        "custom":{"Document":{"AttributeCOUPON":{"type":"CustomStringField","value":"SPRING"},"AttributeNONE":{"value":"x"}}}}"#;
    assert_eq!(shop.put("SalesOrder", sent).1["custom"].to_string(), "{}");
    let (_, order) = shop.get("SalesOrder/SO/000001?$custom=Document.AttributeCOUPON,Document.AttributeNONE");
    let expected =
        serde_json::json!({"Document": {"AttributeCOUPON": {"type": "CustomStringField", "value": "SPRING"}}});
    assert_eq!(order["custom"], expected);
}
