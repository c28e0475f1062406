//! Payments with the order, credit, statuses.

use super::{Config, INSERTING, OrderType, Shop, decimal, errors};
use crate::acumatica::facts::{Facts, Kind};
use crate::acumatica::{Record, Scalar};

/// An open order of 24, untaxed, with these payments.
fn order(payments: &[&str]) -> String {
    let payments: Vec<_> = payments
        .iter()
        .map(|members| format!(r#"{{"DocType":{{"value":"Prepayment"}},"PaymentRef":{{"value":"T-1"}},{members}}}"#))
        .collect();
    format!(
        r#"{{"CustomerID":{{"value":"C000001"}},"Hold":{{"value":false}},"DisableAutomaticTaxCalculation":{{"value":true}},
            "Details":[{{"InventoryID":{{"value":"MUG"}},"OrderQty":{{"value":2}}}}],"Payments":[{}]}}"#,
        payments.join(",")
    )
}

fn paid(method: &str, account: &str, amount: &str) -> String {
    format!(
        r#""PaymentMethod":{{"value":"{method}"}},"CashAccount":{{"value":"{account}"}},"PaymentAmount":{{"value":{amount}}},"AppliedToOrder":{{"value":{amount}}}"#
    )
}

#[test]
fn payments_are_created_with_the_order() {
    let mut shop = Shop::new();
    let (status, answer) = shop.put(
        "SalesOrder?$expand=Payments,Totals",
        &order(&[&paid("WEBCARD", "10200", "20"), &paid("GIFTCARD", "24100", "4")]),
    );
    assert_eq!(status, 200, "{answer}");
    let order = &shop.erp.orders()[0];
    assert_eq!((order.unpaid, order.total, order.payments.len()), (decimal("0"), decimal("24"), 2));
    let payment = &order.payments[0];
    assert_eq!(
        (payment.nbr.as_str(), payment.doc_type.as_str(), payment.amount),
        ("000001", "Prepayment", decimal("20"))
    );
    assert_eq!(order.payments[1].nbr, "000002");
    assert!(order.payments.iter().all(|payment| !payment.charges_card));
    assert_eq!(shop.erp.saves(), 1);
    // The same payment named by its key is that payment, without it a second one.
    let again = r#"{"OrderNbr":{"value":"000001"},"Payments":[{"DocType":{"value":"Prepayment"},"ReferenceNbr":{"value":"000001"}}]}"#;
    assert_eq!(shop.put("SalesOrder", again).0, 200);
    assert_eq!(shop.erp.orders()[0].payments.len(), 2);
}

#[test]
fn a_payment_that_fails_keeps_the_order_from_being_saved() {
    let not_found =
        |field: &str, display: &str| format!("Payments[0]/{field}: '{display}' cannot be found in the system.");
    let too_much = |row: usize, open: &str| {
        format!(
            "Payments[{row}]/AppliedToOrder: The payment amount should be less than or equal to the order unpaid amount ({open})."
        )
    };
    let no_ref = format!(r#"{},"PaymentRef":{{"value":null}}"#, paid("WEBCARD", "10200", "24"));
    let cases: [(Vec<String>, String); 8] = [
        (vec![paid("NONE", "10200", "24")], not_found("PaymentMethod", "Payment Method")),
        (vec![paid("WEBCARD", "99999", "24")], not_found("CashAccount", "Cash Account")),
        // It exists, but is not allowed with the method.
        (vec![paid("WEBCARD", "10100", "24")], not_found("CashAccount", "Cash Account")),
        (vec![paid("WEBCARD", "10200", "24.01")], too_much(0, "24.00")),
        (vec![paid("WEBCARD", "10200", "20"), paid("GIFTCARD", "24100", "4.01")], too_much(1, "4.00")),
        (
            vec![r#""PaymentAmount":{"value":24}"#.into()],
            "Payments[0]/PaymentMethod: 'Payment Method' cannot be empty.".into(),
        ),
        (vec![no_ref], "Payments[0]/PaymentRef: 'Payment Ref.' cannot be empty.".into()),
        (
            vec![format!(r#"{},"ReferenceNbr":{{"value":"000099"}}"#, paid("WEBCARD", "10200", "24"))],
            not_found("ReferenceNbr", "Reference Nbr."),
        ),
    ];
    for (payments, error) in cases {
        let mut shop = Shop::new();
        let sent = order(&payments.iter().map(String::as_str).collect::<Vec<_>>());
        let (status, refused) = shop.put("SalesOrder", &sent);
        assert_eq!(status, 422, "{sent}");
        assert_eq!(errors(&refused), [INSERTING, &error], "{sent}");
        assert!(shop.erp.orders().is_empty());
        // No number was drawn.
        shop.put("SalesOrder", &order(&[]));
        assert_eq!(shop.erp.orders()[0].nbr, "000001");
    }
}

#[test]
fn commands_that_charge_a_card_are_seen() {
    for (command, charges) in [("Authorize", true), ("Capture", true), ("Hold", false)] {
        let mut shop = Shop::new();
        let payment = format!(r#"{},"{command}":{{"value":true}}"#, paid("WEBCARD", "10200", "24"));
        assert_eq!(shop.put("SalesOrder", &order(&[&payment])).0, 200);
        assert_eq!(shop.erp.orders()[0].payments[0].charges_card, charges, "{command}");
    }
}

#[test]
fn no_payment_is_nested_in_an_order_that_waits_or_is_paid_in_instalments() {
    let payment = paid("WEBCARD", "10200", "24");
    // (approval, hold, terms) → status
    for (approval, hold, terms, status) in [
        (true, false, "30D", 422),
        (true, true, "30D", 200),
        (false, false, "3MONTHS", 422),
        (false, false, "30D", 200),
    ] {
        let mut config = Config::default();
        config.order_types.insert("SO".into(), OrderType { approval, ..OrderType::default() });
        let mut shop = Shop::with(config);
        let sent =
            order(&[&payment]).replacen(r#""Hold":{"value":false}"#, &format!(r#""Hold":{{"value":{hold}}}"#), 1);
        let sent = sent.replacen('{', &format!(r#"{{"FinancialSettings":{{"Terms":{{"value":"{terms}"}}}},"#), 1);
        let (got, answer) = shop.put("SalesOrder", &sent);
        assert_eq!(got, status, "{approval} {hold} {terms}: {answer}");
    }
}

#[test]
fn the_status_follows_hold_approval_and_credit() {
    struct Case {
        customer: &'static str,
        limit: Option<&'static str>,
        order_type: OrderType,
        payments: &'static [(&'static str, &'static str, &'static str)],
        expected: Result<&'static str, &'static str>,
    }
    let plain = || Case {
        customer: "Active",
        limit: None,
        order_type: OrderType::default(),
        payments: &[],
        expected: Ok("Open"),
    };
    let cases = [
        plain(),
        Case {
            order_type: OrderType { approval: true, ..OrderType::default() },
            expected: Ok("Pending Approval"),
            ..plain()
        },
        Case { customer: "Credit Hold", expected: Ok("Credit Hold"), ..plain() },
        // A full payment does not lift the customer's own credit hold.
        Case {
            customer: "Credit Hold",
            payments: &[("WEBCARD", "10200", "24")],
            expected: Ok("Credit Hold"),
            ..plain()
        },
        Case { limit: Some("23.99"), expected: Ok("Credit Hold"), ..plain() },
        Case { limit: Some("24"), ..plain() },
        Case { limit: Some("10"), payments: &[("WEBCARD", "10200", "24")], ..plain() },
        Case { limit: Some("10"), payments: &[("WEBCARD", "10200", "10")], expected: Ok("Credit Hold"), ..plain() },
        Case {
            limit: Some("10"),
            order_type: OrderType { hold_on_failed_credit_check: false, ..OrderType::default() },
            ..plain()
        },
        Case { customer: "Inactive", expected: Err("CustomerID: The customer status is 'Inactive'."), ..plain() },
        Case { customer: "On Hold", expected: Err("CustomerID: The customer status is 'On Hold'."), ..plain() },
    ];
    for case in cases {
        let mut config = Config::default();
        config.order_types.insert("SO".into(), case.order_type);
        let mut shop = Shop::with(config);
        let customer = shop.customer.clone();
        shop.erp.set_customer_status(&customer, case.customer).unwrap();
        if let Some(limit) = case.limit {
            shop.erp.set_credit_limit(&customer, decimal(limit)).unwrap();
        }
        let payments: Vec<_> =
            case.payments.iter().map(|(method, account, amount)| paid(method, account, amount)).collect();
        let (status, answer) = shop.put("SalesOrder", &order(&payments.iter().map(String::as_str).collect::<Vec<_>>()));
        match case.expected {
            Ok(label) => {
                assert_eq!(status, 200, "{answer}");
                assert_eq!(answer["Status"]["value"], label);
                assert_eq!(answer["CreditHold"]["value"], label == "Credit Hold");
            }
            Err(error) => assert_eq!((status, errors(&answer)), (422, vec![INSERTING.to_owned(), error.to_owned()])),
        }
    }
}

#[test]
fn users_change_orders_behind_our_back() {
    let mut shop = Shop::new();
    shop.put("SalesOrder", &order(&[&paid("WEBCARD", "10200", "24")]));
    let other = shop.erp.add_customer("Other", "other@example.com");
    let sent = format!(r#"{{"OrderNbr":{{"value":"000001"}},"CustomerID":{{"value":"{other}"}}}}"#);
    let (status, refused) = shop.put("SalesOrder", &sent);
    assert_eq!(status, 422);
    assert_eq!(errors(&refused)[1], "CustomerID: Customer cannot be changed. Payment is applied to the order.");
    let now = shop.now;
    shop.erp.edit_order("SO", "000001", now, |order| order.set("ExternalRef", "taken")).unwrap();
    shop.erp.cancel_order("SO", "000001", now).unwrap();
    // A PUT does not open a cancelled order again.
    shop.put("SalesOrder", r#"{"OrderNbr":{"value":"000001"},"Description":{"value":"late"}}"#);
    let stored = &shop.erp.orders()[0];
    assert_eq!((stored.status.as_str(), stored.external_ref.as_str()), ("Canceled", "taken"));
    shop.erp.delete_order("SO", "000001").unwrap();
    assert!(shop.erp.orders().is_empty());
    assert!(shop.erp.delete_order("SO", "000001").is_err());
    shop.put("SalesOrder", &order(&[]));
    assert_eq!(shop.erp.orders()[0].nbr, "000002", "a number is not given out again");
}

#[test]
fn every_field_the_simulator_sets_is_in_the_contract() {
    fn walk(facts: &Facts, record: &Record, seen: &mut usize) {
        let entity = facts.entity(&record.entity);
        let names = record.fields.keys().chain(record.linked.keys()).chain(record.details.keys());
        for name in names {
            assert!(entity.member(name).is_some(), "{}.{name}", entity.name);
            *seen += 1;
        }
        for (name, value) in &record.fields {
            let kind = entity.member(name).unwrap();
            let fits = match value {
                Scalar::Text(_) => matches!(kind, Kind::Text | Kind::Guid),
                Scalar::Number(_) => matches!(kind, Kind::Integer | Kind::Decimal),
                Scalar::Flag(_) => *kind == Kind::Bool,
                Scalar::Moment(_) => *kind == Kind::Moment,
            };
            assert!(fits, "{}.{name}: {value:?} is no {kind:?}", entity.name);
        }
        record.linked.values().chain(record.details.values().flatten()).for_each(|inner| walk(facts, inner, seen));
    }
    let mut shop = Shop::new();
    shop.put("Customer", r#"{"CustomerName":{"value":"J"},"CreditLimit":{"value":5}}"#);
    shop.put("SalesOrder", &order(&[&paid("WEBCARD", "10200", "24")]));
    let facts = Facts::load("24.200.001");
    let mut seen = 0;
    let records = shop.erp.customers().iter().chain(shop.erp.order_records()).chain(shop.erp.payment_records());
    records.for_each(|record| walk(&facts, record, &mut seen));
    for entity in [
        "StockItem",
        "NonStockItem",
        "TaxCategory",
        "ShipVia",
        "PaymentMethod",
        "TaxZone",
        "Tax",
        "Warehouse",
        "CustomerClass",
    ] {
        let records = crate::acumatica::lists::records(&facts, &shop.erp.master, entity).unwrap();
        assert!(!records.is_empty(), "{entity}");
        records.iter().for_each(|record| walk(&facts, record, &mut seen));
    }
    assert!(seen > 200, "{seen} fields");
}
