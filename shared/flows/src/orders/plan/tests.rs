//! Receipts judged: hand-made answers of the ERP, in the shape of endpoint Default/24.200.001.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::check::{Checked, check};

/// What was sent: 24.00 of lines, 5.00 of freight, 1.44 of tax.
fn sent() -> Value {
    json!({
        "OrderType": {"value": "SO"}, "ExternalRef": {"value": "shop0001-000000001"}, "CurrencyID": {"value": "USD"},
        "Hold": {"value": false}, "ShipVia": {"value": "FLATRATE"}, "IsTaxValid": {"value": true},
        "ShipToAddress": {"AddressLine1": {"value": "1 A St"}, "AddressLine2": {"value": "Suite 2"}, "State": {"value": null}},
        "BillToContact": {"Email": {"value": "Ann@Example.com "}},
        "ShippingSettings": {"PremiumFreight": {"value": 5.00}, "ShippingTerms": {"value": "ECOMMERCE"}},
        "TaxDetails": [{"TaxID": {"value": "MISALES"}, "TaxAmount": {"value": 1.44}}],
        "Payments": [{"ExternalRef": {"value": "shop0001-000000001"}, "CashAccount": {"value": "10200"},
            "AppliedToOrder": {"value": 30.44}, "ApplicationDate": {"value": "2026-03-02"}, "Hold": {"value": false}}],
    })
}

/// What an ERP answers that has taken all of it.
fn receipt() -> Value {
    json!({
        "id": "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "rowNumber": 1, "note": {"value": ""},
        "OrderType": {"value": "SO"}, "OrderNbr": {"value": "000123 "}, "Status": {"value": "Open"},
        "Hold": {"value": false}, "OrderTotal": {"value": 30.440000}, "TaxTotal": {"value": 1.4400},
        "ExternalRef": {"value": "shop0001-000000001"}, "CurrencyID": {"value": "USD"}, "ShipVia": {"value": "flatrate"},
        "CustomerOrder": {},
        "ShipToAddress": {"AddressLine1": {"value": "1 A St"}, "AddressLine2": {"value": "Suite 2"}, "State": {}},
        "BillToContact": {"Email": {"value": "ann@example.com"}},
        "ShippingSettings": {"PremiumFreight": {"value": 5.0000}, "ShippingTerms": {"value": "ECOMMERCE"}},
        "Payments": [{"ExternalRef": {"value": "SHOP0001-000000001"}, "CashAccount": {"value": "10200"},
            "AppliedToOrder": {"value": 30.4400}, "ApplicationDate": {"value": "2026-03-02T00:00:00+00:00"}, "Hold": {"value": false}}],
        "Totals": {"Freight": {"value": 0.0}, "PremiumFreight": {"value": 5.0}},
    })
}

fn total() -> Option<Decimal> {
    Some(Decimal::new(3044, 2))
}

fn with(document: &Value, edits: &[(&str, Value)]) -> Value {
    let mut document = document.clone();
    for (pointer, value) in edits {
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        document.pointer_mut(parent).expect(pointer)[name] = value.clone();
    }
    document
}

fn judged(edits: &[(&str, Value)]) -> Checked {
    check("000000001", total(), Some(&sent()), &with(&receipt(), edits)).expect("a sales order")
}

#[test]
fn an_answer_that_says_the_same_has_no_finding() {
    let checked = judged(&[]);
    assert_eq!(
        checked,
        Checked { target: "SO/000123".into(), total: Decimal::new(3044, 2), finding: None, must_hold: false }
    );
    // Nothing was sent that could be compared: only the sum and the status are judged.
    let alone = check("000000001", total(), None, &receipt()).expect("a sales order");
    assert_eq!(alone, checked);
    // A change of the header has no sum of its own.
    assert_eq!(check("000000001", None, Some(&json!({})), &receipt()).expect("a sales order").finding, None);
}

#[test]
fn a_difference_of_the_sum_names_its_part() {
    let sum = |total: &str, difference: &str| {
        format!(
            "Order 000000001 is worth 30.44 in Magento and {total} in Acumatica (SO/000123), a difference of {difference}; the order is on hold."
        )
    };
    for (edits, sentence) in [
        (
            vec![("/OrderTotal", json!({"value": 30.45})), ("/TaxTotal", json!({"value": 1.45}))],
            sum("30.45", "-0.01") + " Tax was sent as 1.44 and is 1.45.",
        ),
        (
            vec![("/OrderTotal", json!({"value": 37.44})), ("/Totals/Freight", json!({"value": 7}))],
            sum("37.44", "-7.00") + " The ERP calculated freight of 7.00.",
        ),
        (
            vec![("/OrderTotal", json!({"value": 25.44})), ("/Totals/PremiumFreight", json!({"value": 0}))],
            sum("25.44", "5.00") + " Freight was sent as 5.00 and is 0.00.",
        ),
        (
            vec![("/OrderTotal", json!({"value": 30.43}))],
            sum("30.43", "0.01") + " Lines or discounts were changed by the ERP.",
        ),
    ] {
        let open = judged(&edits);
        let finding = open.finding.expect("a finding");
        assert_eq!((finding.code, finding.message.as_str()), ("orders.held.total_differs", sentence.as_str()));
        assert!(open.must_hold);
        // On hold already, by the order type or because it was asked for.
        let held = judged(&[edits.as_slice(), &[("/Hold", json!({"value": true}))]].concat());
        assert_eq!((held.finding, held.must_hold), (Some(finding), false));
    }
    // Without what was sent the part is not known.
    let late = with(&receipt(), &[("/OrderTotal", json!({"value": 30.45}))]);
    let finding = check("000000001", total(), None, &late).expect("a sales order").finding.expect("a finding");
    assert_eq!(finding.message, sum("30.45", "-0.01"));
    // Tax that nobody sent.
    let mut untaxed = sent();
    untaxed.as_object_mut().expect("a body").remove("TaxDetails");
    let finding = check("000000001", Some(Decimal::new(29, 0)), Some(&untaxed), &receipt()).expect("an order").finding;
    assert!(finding.expect("a finding").message.ends_with(" Tax was sent as 0.00 and is 1.44."));
    // The override is compared with the freight price.
    let overriding = with(&sent(), &[("/ShippingSettings", json!({"FreightPrice": {"value": 5}}))]);
    let ignored = [("/OrderTotal", json!({"value": 27.44})), ("/Totals", json!({"Freight": {"value": 2}}))];
    let finding = check("1", total(), Some(&overriding), &with(&receipt(), &ignored)).expect("an order").finding;
    assert!(finding.expect("a finding").message.ends_with(" Freight was sent as 5.00 and is 2.00."));
}

#[test]
fn a_value_that_is_not_echoed_is_named() {
    for (pointer, value, path) in [
        ("/ShipToAddress/AddressLine2", json!({}), "ShipToAddress/AddressLine2"),
        // What the shopper left empty is the customer's.
        ("/ShipToAddress/State", json!({"value": "CA"}), "ShipToAddress/State"),
        ("/ShipToAddress", json!(null), "ShipToAddress/AddressLine1"),
        ("/BillToContact/Email", json!({"value": "other@example.com"}), "BillToContact/Email"),
        ("/Payments/0/CashAccount", json!({"value": "10100"}), "Payments[0]/CashAccount"),
        ("/Payments", json!([]), "Payments[0]"),
        ("/ShippingSettings/ShippingTerms", json!({}), "ShippingSettings/ShippingTerms"),
        ("/CurrencyID", json!({"value": "EUR"}), "CurrencyID"),
        ("/ExternalRef", json!({}), "ExternalRef"),
        ("/ShipVia", json!({"value": "UPS"}), "ShipVia"),
    ] {
        let checked = if pointer == "/Payments/0/CashAccount" {
            let payment = with(&receipt()["Payments"][0], &[("/CashAccount", value)]);
            judged(&[("/Payments", json!([payment]))])
        } else {
            judged(&[(pointer, value)])
        };
        let sentence =
            format!("Acumatica did not take over `{path}` of order 000000001 (SO/000123); the order is on hold.");
        let finding = checked.finding.expect(pointer);
        assert_eq!((finding.code, finding.message), ("orders.held.value_not_taken", sentence));
        assert!(checked.must_hold, "{pointer}");
    }
}

#[test]
fn tax_that_the_erp_calculates_is_told_by_both_amounts() {
    // 24.00 of lines and 5.00 of freight were sent, and no tax: 1.44 of it is Magento's.
    let lines = json!([{"ExtendedPrice": {"value": 30}, "DiscountAmount": {"value": 6}}]);
    let mut sent = with(&sent(), &[("/Details", lines)]);
    for member in ["TaxDetails", "IsTaxValid"] {
        sent.as_object_mut().expect("a body").remove(member);
    }
    for (total_echoed, tax, sentence) in [
        (json!(30.44), json!(1.44), None),
        (json!(30.45), json!(1.45), Some("Magento charged tax of 1.44 and Acumatica calculated 1.45.")),
        (
            json!(30.43),
            json!(1.45),
            Some("Lines or discounts were changed by the ERP, or its tax of 1.45 is not Magento's."),
        ),
    ] {
        let edits = [("/OrderTotal", json!({"value": total_echoed})), ("/TaxTotal", json!({"value": tax}))];
        let finding = check("1", total(), Some(&sent), &with(&receipt(), &edits)).expect("an order").finding;
        let said = finding.map(|finding| finding.message);
        assert_eq!(said.as_deref().and_then(|said| said.split_once("on hold. ")).map(|(_, part)| part), sentence);
    }
}

#[test]
fn freight_that_the_erp_calculated_is_told_even_where_the_total_agrees() {
    let finding = judged(&[("/Totals/Freight", json!({"value": 7}))]).finding.expect("a finding");
    let sentence =
        "Acumatica calculated freight of 7.00 for order 000000001 (SO/000123) beside Magento's; the order is on hold.";
    assert_eq!((finding.code, finding.message.as_str()), ("orders.held.value_not_taken", sentence));
    // An override is the freight price itself.
    let overriding = with(&sent(), &[("/ShippingSettings", json!({"FreightPrice": {"value": 5}}))]);
    let price =
        [("/Totals", json!({"Freight": {"value": 5}})), ("/ShippingSettings/FreightPrice", json!({"value": 5}))];
    let checked = check("1", total(), Some(&overriding), &with(&receipt(), &price)).expect("an order");
    assert_eq!(checked.finding, None);
}

#[test]
fn every_payment_is_found_by_its_tender() {
    let payment = |tender: &str, applied: Value| {
        let reference = format!("shop0001-000000001{tender}");
        json!({"ExternalRef": {"value": reference}, "AppliedToOrder": {"value": applied}})
    };
    let sent = with(&sent(), &[("/Payments", json!([payment("", json!(20.44)), payment("/gift_card", json!(10.0))]))]);
    for (payments, path) in [
        (json!([payment("", json!(20.44)), payment("/gift_card", json!(10.0))]), None),
        // In any order, beside any other.
        (json!([payment("/other", json!(1.0)), payment("/gift_card", json!(10.0)), payment("", json!(20.44))]), None),
        (json!([payment("", json!(20.44))]), Some("`Payments[1]`")),
        (json!([payment("", json!(20.44)), payment("/gift_card", json!(9.99))]), Some("`Payments[1]/AppliedToOrder`")),
        (json!([payment("", json!(0.0)), payment("/gift_card", json!(10.0))]), Some("`Payments[0]/AppliedToOrder`")),
    ] {
        let finding = check("1", total(), Some(&sent), &with(&receipt(), &[("/Payments", payments)]));
        let said = finding.expect("an order").finding.map(|finding| finding.message).unwrap_or_default();
        assert_eq!(path.is_some(), !said.is_empty(), "{said}");
        assert!(said.contains(path.unwrap_or_default()), "{said}");
    }
}

#[test]
fn a_status_that_waits_for_a_person_is_told() {
    for (status, code) in [
        ("Credit Hold", Some("orders.held.credit_hold")),
        ("Pending Approval", Some("orders.held.pending_approval")),
        ("Risk Hold", Some("orders.held.risk_hold")),
        ("On Hold", Some("orders.held.on_hold_in_acumatica")),
        ("Open", None),
        ("Awaiting Payment", None),
        ("Completed", None),
    ] {
        let checked = judged(&[("/Status", json!({"value": status}))]);
        let sentence =
            format!("Order 000000001 is in Acumatica as SO/000123 with status `{status}`: a person decides there.");
        let finding = checked.finding.map(|finding| (finding.code, finding.message));
        assert_eq!(finding, code.map(|code| (code, sentence)));
        assert!(!checked.must_hold, "{status}");
    }
    // Asked for: nothing new.
    let asked = with(&sent(), &[("/Hold", json!({"value": true}))]);
    let held = with(&receipt(), &[("/Hold", json!({"value": true})), ("/Status", json!({"value": "On Hold"}))]);
    assert_eq!(check("000000001", total(), Some(&asked), &held).expect("a sales order").finding, None);
}

#[test]
fn an_answer_that_is_no_order_cannot_be_judged() {
    for (pointer, value, field) in [
        ("/OrderType", json!({}), "OrderType"),
        ("/OrderNbr", json!(null), "OrderNbr"),
        ("/OrderTotal", json!({}), "OrderTotal"),
        ("/OrderTotal", json!({"value": "thirty"}), "SalesOrder"),
    ] {
        let error = check("1", total(), None, &with(&receipt(), &[(pointer, value)])).expect_err(field);
        assert_eq!(error.to_string(), format!("Acumatica's answer has no readable `{field}`"));
    }
    assert!(check("1", total(), None, &json!([])).is_err());
}
