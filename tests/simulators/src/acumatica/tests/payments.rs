//! Payment documents: of their own, and those that orders create.

use super::{Config, OrderType, Shop, decimal, errors, number};

const INSERTING: &str = ": Inserting  'Payment' record raised at least one error. Please review the errors.";

/// An open order of 24, untaxed.
const ORDER: &str = r#"{"CustomerID":{"value":"C000001"},"Hold":{"value":false},"DisableAutomaticTaxCalculation":{"value":true},
    "Details":[{"InventoryID":{"value":"MUG"},"OrderQty":{"value":2}}]}"#;

/// A prepayment of `amount` with further members; those override the usual ones.
fn payment(amount: &str, members: &str) -> String {
    let usual = [
        ("Type", r#""Prepayment""#),
        ("CustomerID", r#""C000001""#),
        ("PaymentMethod", r#""WEBCARD""#),
        ("CashAccount", r#""10200""#),
        ("PaymentAmount", amount),
        ("PaymentRef", r#""T-1""#),
        ("ExternalRef", r#""000000123/card""#),
    ];
    let kept = usual.iter().filter(|(name, _)| !members.contains(&format!("\"{name}\"")));
    let kept: Vec<_> = kept.map(|(name, value)| format!(r#""{name}":{{"value":{value}}}"#)).collect();
    let comma = if members.is_empty() { "" } else { "," };
    format!("{{{}{comma}{members}}}", kept.join(","))
}

fn applied(nbr: &str, amount: &str) -> String {
    format!(
        r#""OrdersToApply":[{{"OrderType":{{"value":"SO"}},"OrderNbr":{{"value":"{nbr}"}},"AppliedToOrder":{{"value":{amount}}}}}]"#
    )
}

#[test]
fn a_payment_of_its_own_pays_an_order() {
    let mut shop = Shop::new();
    shop.put("SalesOrder", ORDER);
    let (status, answer) = shop.put("Payment?$expand=OrdersToApply", &payment("20", &applied("000001", "20")));
    assert_eq!(status, 200, "{answer}");
    for (field, value) in
        [("Type", "Prepayment"), ("ReferenceNbr", "000001"), ("CurrencyID", "USD"), ("Status", "Balanced")]
    {
        assert_eq!(answer[field]["value"], value, "{field}");
    }
    assert_eq!(number(&answer["AppliedToOrders"]), decimal("20"));
    assert_eq!(number(&answer["AvailableBalance"]), decimal("0"));
    let order = &shop.erp.orders()[0];
    assert_eq!((order.payments.len(), order.unpaid), (1, decimal("4")));
    assert_eq!(order.payments[0].external_ref, "000000123/card");
    // By key, by reference, and by its order.
    assert_eq!(shop.get("Payment/Prepayment/000001").1["id"], answer["id"]);
    let (_, found) = shop.get("Payment?$filter=ExternalRef%20eq%20'000000123/card'&$expand=OrdersToApply");
    assert_eq!(found[0]["OrdersToApply"][0]["OrderNbr"]["value"], "000001");
    assert_eq!(shop.get("Payment?$filter=ExternalRef%20eq%20'000000124/card'").1.as_array().map(Vec::len), Some(0));
    let (_, order) = shop.get("SalesOrder/SO/000001?$expand=Payments,Totals");
    assert_eq!(order["Payments"][0]["ReferenceNbr"]["value"], "000001");
    assert_eq!(number(&order["Totals"]["UnpaidBalance"]), decimal("4"));
    // The key updates it: more is applied, and then nothing any more.
    let more = payment("24", &format!(r#""ReferenceNbr":{{"value":"000001"}},{}"#, applied("000001", "24")));
    assert_eq!(shop.put("Payment", &more).0, 200);
    assert_eq!((shop.erp.payments().len(), shop.erp.orders()[0].unpaid), (1, decimal("0")));
    let (_, shown) = shop.get("Payment/Prepayment/000001?$expand=OrdersToApply");
    let row = shown["OrdersToApply"][0]["id"].clone();
    let less = payment(
        "24",
        &format!(r#""ReferenceNbr":{{"value":"000001"}},"OrdersToApply":[{{"id":{row},"delete":true}}]"#),
    );
    assert_eq!(shop.put("Payment", &less).0, 200);
    let order = &shop.erp.orders()[0];
    assert_eq!((order.payments.len(), order.unpaid), (0, decimal("24")));
    assert_eq!(shop.erp.payments()[0].applied, []);
}

#[test]
fn what_a_payment_cannot_be_is_refused_at_its_field() {
    let not_found = |field: &str, display: &str| format!("{field}: '{display}' cannot be found in the system.");
    let missing = |field: &str, display: &str| format!("{field}: '{display}' cannot be empty.");
    let order_row = |error: &str| format!("OrdersToApply[0]/AppliedToOrder: {error}");
    let field = |name: &str, value: &str| format!(r#""{name}":{{"value":{value}}}"#);
    let cases = [
        (field("CustomerID", "null"), missing("CustomerID", "Customer")),
        (field("CustomerID", r#""NOBODY""#), not_found("CustomerID", "Customer")),
        (field("PaymentMethod", "null"), missing("PaymentMethod", "Payment Method")),
        (field("PaymentMethod", r#""NONE""#), not_found("PaymentMethod", "Payment Method")),
        (field("PaymentMethod", r#""RETIRED""#), not_found("PaymentMethod", "Payment Method")),
        (field("CashAccount", r#""10100""#), not_found("CashAccount", "Cash Account")),
        (field("PaymentRef", "null"), missing("PaymentRef", "Payment Ref.")),
        (field("PaymentAmount", "-1"), "PaymentAmount: The payment amount cannot be negative.".into()),
        (
            field("CurrencyID", r#""EUR""#),
            "CurrencyID: The currency differs from the currency of the cash account.".into(),
        ),
        (field("Type", r#""Gift""#), "Type: The list value 'Gift' is not allowed for the field Type.".into()),
        (applied("000099", "1"), not_found("OrdersToApply[0]/OrderNbr", "Order Nbr.")),
        // Another customer's order, a cancelled one, one in another currency.
        (applied("000002", "1"), not_found("OrdersToApply[0]/OrderNbr", "Order Nbr.")),
        (applied("000003", "1"), not_found("OrdersToApply[0]/OrderNbr", "Order Nbr.")),
        (applied("000004", "1"), not_found("OrdersToApply[0]/OrderNbr", "Order Nbr.")),
        (applied("000001", "30"), order_row("The applied amount cannot exceed the unbilled balance.")),
        (
            applied("000001", "24"),
            order_row("The payment amount should be less than or equal to the order unpaid amount (20.00)."),
        ),
    ];
    for (members, error) in cases {
        let mut shop = Shop::new();
        let retired =
            crate::acumatica::PaymentMethod { active: false, ..shop.erp.master.payment_methods["WEBCARD"].clone() };
        shop.erp.master.payment_methods.insert("RETIRED".into(), retired);
        let other = shop.erp.add_customer("Other", "other@example.com");
        shop.put("SalesOrder", ORDER);
        shop.put("SalesOrder", &ORDER.replace("C000001", &other));
        shop.put("SalesOrder", ORDER);
        shop.put("SalesOrder", ORDER);
        shop.erp.cancel_order("SO", "000003", shop.now).unwrap();
        shop.erp.edit_order("SO", "000004", shop.now, |order| order.set("CurrencyID", "EUR")).unwrap();
        shop.put("Payment", &payment("4", &applied("000001", "4")));
        let saves = shop.erp.saves();
        let (status, refused) = shop.put("Payment", &payment("50", &members));
        assert_eq!((status, errors(&refused)), (422, vec![INSERTING.to_owned(), error]), "{members}");
        assert_eq!((shop.erp.payments().len(), shop.erp.saves()), (1, saves), "{members}");
    }
}

#[test]
fn no_more_is_applied_than_the_payment_is_worth() {
    let mut shop = Shop::new();
    shop.put("SalesOrder", ORDER);
    shop.put("SalesOrder", ORDER);
    let row = |nbr: &str| format!(r#"{{"OrderType":{{"value":"SO"}},"OrderNbr":{{"value":"{nbr}"}}}}"#);
    // Without an amount a row takes what the order leaves unpaid, as far as the payment reaches.
    let both = format!(r#""OrdersToApply":[{},{}]"#, row("000001"), row("000002"));
    let (status, answer) = shop.put("Payment?$expand=OrdersToApply", &payment("30", &both));
    assert_eq!(status, 200, "{answer}");
    assert_eq!([0, 1].map(|at| shop.erp.orders()[at].unpaid), [decimal("0"), decimal("18")]);
    let (status, refused) = shop.put("Payment", &payment("10", &applied("000002", "11")));
    assert_eq!(status, 422);
    assert_eq!(
        errors(&refused)[1],
        "OrdersToApply[0]/AppliedToOrder: The applied amount cannot exceed the payment amount."
    );
}

#[test]
fn an_order_and_its_payments_are_one_transaction_and_one_list() {
    let mut shop = Shop::new();
    let nested = |amount: &str| {
        let members = payment(amount, "").replace(r#""Type""#, r#""DocType""#);
        let members = members.replace(r#""CustomerID":{"value":"C000001"},"#, "");
        ORDER.replacen('{', &format!(r#"{{"Payments":[{members}],"#), 1)
    };
    assert_eq!(shop.put("SalesOrder", &nested("25")).0, 422);
    assert_eq!((shop.erp.orders().len(), shop.erp.payments().len()), (0, 0));
    assert_eq!(shop.put("SalesOrder", &nested("20")).0, 200);
    let documents = shop.erp.payments();
    assert_eq!(documents.len(), 1);
    assert_eq!(documents[0].applied, [("SO".to_owned(), "000001".to_owned(), decimal("20"))]);
    assert_eq!((documents[0].customer_id.as_str(), documents[0].currency.as_str()), ("C000001", "USD"));
    // The document has the row's note id, and is found by its reference.
    let (_, found) = shop.get("Payment?$filter=ExternalRef%20eq%20'000000123/card'");
    let (_, order) = shop.get("SalesOrder/SO/000001?$expand=Payments");
    assert_eq!(found[0]["id"], order["Payments"][0]["NoteID"]["value"]);
    // Numbers are drawn from one sequence; a payment that the order no longer lists pays nothing.
    assert_eq!(shop.put("Payment", &payment("4", &applied("000001", "4"))).1["ReferenceNbr"]["value"], "000002");
    let row = order["Payments"][0]["id"].clone();
    let gone = format!(r#"{{"OrderNbr":{{"value":"000001"}},"Payments":[{{"id":{row},"delete":true}}]}}"#);
    assert_eq!(shop.put("SalesOrder", &gone).0, 200);
    assert_eq!(shop.erp.payments().iter().map(|payment| payment.applied.len()).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(shop.erp.orders()[0].unpaid, decimal("20"));
    shop.erp.delete_order("SO", "000001").unwrap();
    assert_eq!(shop.erp.payments().iter().map(|payment| payment.applied.len()).collect::<Vec<_>>(), [0, 0]);
}

#[test]
fn a_list_of_payments_cannot_expand_its_history() {
    let mut shop = Shop::new();
    shop.put("Payment", &payment("4", ""));
    let (status, answer) = shop.get("Payment?$expand=ApplicationHistory");
    assert_eq!(status, 500);
    assert_eq!(answer["exceptionType"], "PX.Api.ContractBased.OptimizedExport.CannotOptimizeException");
    let text = answer["exceptionMessage"].as_str().unwrap();
    assert!(text.starts_with("Optimization cannot be performed.The following fields cause the error:\r\n"), "{text}");
    let (status, answer) = shop.get("Payment/Prepayment/000001?$expand=ApplicationHistory");
    assert_eq!((status, &answer["ApplicationHistory"]), (200, &serde_json::json!([])));
}

#[test]
fn a_waiting_order_is_paid_in_a_second_step() {
    let error = "OrdersToApply[0]/OrderNbr: A payment cannot be applied to the order in its present status.";
    for (pay_unapproved_orders, expected) in [(true, None), (false, Some(error))] {
        let mut config = Config { pay_unapproved_orders, ..Config::default() };
        config.order_types.insert("SO".into(), OrderType { approval: true, ..OrderType::default() });
        let mut shop = Shop::with(config);
        assert_eq!(shop.put("SalesOrder", ORDER).1["Status"]["value"], "Pending Approval");
        let (status, answer) = shop.put("Payment", &payment("24", &applied("000001", "24")));
        match expected {
            None => assert_eq!((status, shop.erp.orders()[0].unpaid), (200, decimal("0")), "{answer}"),
            Some(error) => assert_eq!((status, errors(&answer)[1].as_str()), (422, error)),
        }
        assert_eq!(shop.erp.orders()[0].status, "Pending Approval");
    }
}

#[test]
fn a_full_payment_lifts_credit_hold_but_not_the_customers_own() {
    // (customer, payment) → status of the order
    for (customer, amount, status) in
        [("Active", "24", "Open"), ("Active", "10", "Credit Hold"), ("Credit Hold", "24", "Credit Hold")]
    {
        let mut shop = Shop::new();
        let id = shop.customer.clone();
        shop.erp.set_credit_limit(&id, decimal("1")).unwrap();
        shop.erp.set_customer_status(&id, customer).unwrap();
        assert_eq!(shop.put("SalesOrder", ORDER).1["Status"]["value"], "Credit Hold");
        shop.put("Payment", &payment(amount, &applied("000001", amount)));
        assert_eq!(shop.erp.orders()[0].status, status, "{customer} {amount}");
    }
}

#[test]
fn the_orders_stamp_moves_with_its_payments_by_switch() {
    for payment_moves_order_stamp in [true, false] {
        let mut shop = Shop::with(Config { payment_moves_order_stamp, ..Config::default() });
        let (_, before) = shop.put("SalesOrder", ORDER);
        shop.now = "2026-03-02T10:30:00Z".parse().unwrap();
        shop.put("Payment", &payment("24", &applied("000001", "24")));
        let (_, after) = shop.get("SalesOrder/SO/000001");
        assert_eq!(after["LastModified"] != before["LastModified"], payment_moves_order_stamp);
    }
}

#[test]
fn card_transactions_need_a_processing_centre_and_integrated_processing() {
    let transaction = |number: &str, kind: &str| {
        format!(
            r#""CreditCardTransactionInfo":[{{"TranNbr":{{"value":"{number}"}},"TranType":{{"value":"{kind}"}},"NeedValidation":{{"value":true}}}}]"#
        )
    };
    let method = |id: &str| format!(r#""PaymentMethod":{{"value":"{id}"}}"#);
    let center = |id: &str| format!(r#""ProcessingCenterID":{{"value":"{id}"}}"#);
    let not_found = Some("ProcessingCenterID: 'Proc. Center ID' cannot be found in the system.");
    let cases = [
        (format!("{},{},{}", method("ONLINE"), center("STRIPE"), transaction("pi_1", "AUT")), None),
        (method("ONLINE"), None),
        (format!("{},{}", method("ONLINE"), center("BRAINTREE")), not_found),
        // A method without integrated processing has no centre.
        (center("STRIPE"), not_found),
        (
            format!("{},{}", method("ONLINE"), transaction("pi_1", "AUT")),
            Some("ProcessingCenterID: 'Proc. Center ID' cannot be empty."),
        ),
        (
            format!("{},{},{}", method("ONLINE"), center("STRIPE"), transaction("pi_1", "XYZ")),
            Some("CreditCardTransactionInfo[0]/TranType: The list value 'XYZ' is not allowed for the field TranType."),
        ),
        (
            format!("{},{},{}", method("ONLINE"), center("STRIPE"), transaction("", "AUT")),
            Some("CreditCardTransactionInfo[0]/TranNbr: 'Proc. Center Tran. Nbr.' cannot be empty."),
        ),
    ];
    for (members, error) in cases {
        let mut shop = Shop::new();
        let sent = payment("24", &members);
        let (status, answer) = shop.put("Payment", &sent);
        let nested = sent.replace(r#""Type""#, r#""DocType""#).replace(r#""CustomerID":{"value":"C000001"},"#, "");
        let (order_status, order) =
            shop.put("SalesOrder", &ORDER.replacen('{', &format!(r#"{{"Payments":[{nested}],"#), 1));
        match error {
            None => assert_eq!((status, order_status, shop.erp.payments().len()), (200, 200, 2), "{answer} {order}"),
            Some(error) => {
                assert_eq!((status, errors(&answer)[1].as_str()), (422, error), "{members}");
                assert_eq!((order_status, errors(&order)[1].as_str()), (422, format!("Payments[0]/{error}").as_str()));
            }
        }
        if members.contains("pi_1") && error.is_none() {
            let imported = [("AUT".to_owned(), "pi_1".to_owned())];
            assert!(shop.erp.payments().iter().all(|payment| payment.card_transactions == imported));
            assert!(!shop.erp.orders()[0].payments[0].charges_card);
        }
    }
}
