//! Payments: money that Magento has received is booked, and nothing else.

use serde_json::{Value, json};
use simulators::magento::{OrderDraft, Payment};

use super::{amounts, at, column, created, document, edited, mugs, number, planned, planned_by, settings};

fn card(method: &str, captured: bool) -> Payment {
    let (method, transaction) = (method.to_owned(), "ch_3Nxy".to_owned());
    if captured { Payment::Captured { method, transaction } } else { Payment::Authorised { method, transaction } }
}

#[test]
fn money_received_becomes_one_prepayment() {
    let plan = planned(&document(&mugs().payment(card("braintree", true))));
    let body = created(&plan);
    for (field, value) in [
        ("DocType", "Prepayment"),
        ("PaymentMethod", "WEBCARD"),
        ("CashAccount", "10300"),
        ("PaymentAmount", "29.00"),
        ("AppliedToOrder", "29.00"),
        ("PaymentRef", "ch_3Nxy"),
        ("ExternalRef", "shop0001-000000001"),
        ("ApplicationDate", "2026-03-02"),
        ("Hold", "false"),
        // Commands that would charge the card in Acumatica.
        ("Authorize", ""),
        ("Capture", ""),
    ] {
        assert_eq!(column(body, "Payments", field), [value], "{field}");
    }
    assert_eq!(amounts(&plan), "24.00 0.00 5.00 0.00 29.00 = 29.00");
}

#[test]
fn the_first_row_that_fits_decides_where_money_is_booked() {
    let american = edited(&mugs().payment(card("braintree", true)), &[("/payment/cc_type", json!("AE"))]);
    for (document, method, account) in [
        (american, "AMEX", "10300"),
        (document(&mugs().payment(card("braintree", true))), "WEBCARD", "10300"),
        (document(&mugs().payment(card("paypal_express", true))), "PAYPAL", "10400"),
    ] {
        let body = planned(&document);
        assert_eq!(column(created(&body), "Payments", "PaymentMethod"), [method]);
        assert_eq!(column(created(&body), "Payments", "CashAccount"), [account]);
    }
}

#[test]
fn what_was_not_received_is_not_booked() {
    for document in [
        document(&mugs()),
        document(&mugs().payment(card("braintree", false))),
        document(&mugs().payment(Payment::PurchaseOrder("PO-7".into()))),
        // Received, but the settings say nowhere where.
        edited(&mugs().payment(Payment::PurchaseOrder("PO-7".into())), &[("/base_total_paid", number("29"))]),
    ] {
        let plan = planned(&document);
        assert_eq!(created(&plan).get("Payments"), None);
        assert_eq!(amounts(&plan), "24.00 0.00 5.00 0.00 0.00 = 29.00");
    }
}

#[test]
fn a_part_received_is_booked_and_named_by_the_order_where_there_is_no_transaction() {
    for (transaction, reference) in [(Value::Null, "000000001"), (json!("  "), "000000001"), (json!(" t1 "), "t1")] {
        let edits = [("/base_total_paid", number("20.5")), ("/payment/last_trans_id", transaction)];
        let plan = planned(&edited(&mugs(), &edits));
        assert_eq!(column(created(&plan), "Payments", "AppliedToOrder"), ["20.50"]);
        assert_eq!(column(created(&plan), "Payments", "PaymentRef"), [reference]);
    }
}

#[test]
fn an_order_that_costs_nothing_has_no_payment() {
    let draft = OrderDraft::guest("jordan@example.com")
        .simple("MUG", 1, "12.00")
        .shipping("freeshipping_freeshipping", 0)
        .discount_percent(100)
        .payment(Payment::Free);
    let plan = planned(&document(&draft));
    assert_eq!(created(&plan).get("Payments"), None);
    assert_eq!(amounts(&plan), "12.00 12.00 0.00 0.00 0.00 = 0.00");
    // Magento's own method for orders that cost nothing needs no mapping.
    let unmapped = settings(|document| document["orders"]["default"]["payment_methods"] = json!([]));
    assert_eq!(planned_by(&document(&draft), &unmapped).word(), "create");
}

#[test]
fn terms_go_with_the_payment_method() {
    let plan = planned(&document(&mugs().payment(Payment::PurchaseOrder("PO-7".into()))));
    assert_eq!(at(created(&plan), "/FinancialSettings/Terms"), "30D");
    assert_eq!(at(created(&plan), "/CustomerOrder"), "PO-7");
    assert_eq!(at(created(&planned(&document(&mugs()))), "/FinancialSettings/Terms"), "");
}

#[test]
fn an_order_waits_for_its_rule_and_comes_when_it_is_met() {
    let authorised = Payment::Authorised { method: "braintree".into(), transaction: "a1".into() };
    let captured = Payment::Captured { method: "braintree".into(), transaction: "c1".into() };
    for (payment, rule, word) in [
        (Payment::Check, "always", "create"),
        (Payment::Check, "when_paid", "not_ready"),
        (Payment::Check, "when_authorised", "not_ready"),
        (authorised.clone(), "when_authorised", "create"),
        (authorised, "when_paid", "not_ready"),
        (captured.clone(), "when_authorised", "create"),
        (captured.clone(), "when_paid", "create"),
        (captured, "never", "skipped"),
    ] {
        let settings = settings(|document| {
            let rows = json!([{"method": "checkmo", "import": rule}, {"method": "braintree", "import": rule}]);
            document["orders"]["default"]["payment_methods"] = rows;
        });
        let plan = planned_by(&edited(&mugs().payment(payment.clone()), &[]), &settings);
        assert_eq!(plan.word(), word, "{payment:?} {rule}");
    }
}
