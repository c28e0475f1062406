//! Tenders: each has its payment, and nothing that was not received has one.

use flows::plan::Plan;
use flows::settings::Settings;
use serde_json::{Value, json};
use simulators::magento::{OrderDraft, Payment};

use super::{
    amounts, at, body, column, created, decimal, document, edited, finding, mugs, number, planned, planned_by, settings,
};

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

/// The sample settings with a place for every tender, and the card's gateway in Acumatica.
fn with_tenders() -> Settings {
    settings(|document| {
        let default = &mut document["orders"]["default"];
        default["tenders"] = json!({
            "gift_card": {"payment_method": "GIFTCARD", "cash_account": "10600"},
            "store_credit": {"payment_method": "CREDIT", "cash_account": "10610"},
            "reward_points": {"payment_method": "POINTS", "cash_account": "10620"},
        });
        // The sixth row is the card of any other type.
        default["payment_methods"][6]["authorised"] = json!({
            "payment_method": "CARD", "cash_account": "10310", "processing_center": "BRAINTREE",
            "code_key": "auth_code", "profile_key": "profile",
        });
    })
}

/// Payments as `method account amount applied reference number`.
fn payments(plan: &Plan) -> Vec<String> {
    let fields = ["PaymentMethod", "CashAccount", "PaymentAmount", "AppliedToOrder", "ExternalRef", "PaymentRef"];
    let rows = created(plan)["Payments"].as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter().map(|row| fields.map(|field| at(row, &format!("/{field}"))).join(" ")).collect()
}

#[test]
fn every_tender_is_a_payment_of_its_own() {
    let gift_card = "GIFTCARD 10600 7.50 7.50 shop0001-000000001/gift_card 000000001";
    let credit = "CREDIT 10610 4.00 4.00 shop0001-000000001/store_credit 000000001";
    let points = "POINTS 10620 1.25 1.25 shop0001-000000001/reward_points 000000001";
    let in_points =
        [("/extension_attributes/base_reward_currency_amount", number("1.25")), ("/base_grand_total", number("27.75"))];
    // Two mugs and their shipping are worth 29.00, whatever pays them.
    for (order, expected, paid) in [
        (document(&mugs().gift_card("GC-SECRET", "7.50")), vec![gift_card], "7.50"),
        (document(&mugs().store_credit("4")), vec![credit], "4.00"),
        (edited(&mugs(), &in_points), vec![points], "1.25"),
        // The card takes what is left: 29.00 − 7.50 − 4.00 = 17.50.
        (
            document(&mugs().gift_card("GC-SECRET", "7.50").store_credit("4").payment(card("braintree", true))),
            vec!["WEBCARD 10300 17.50 17.50 shop0001-000000001 ch_3Nxy", gift_card, credit],
            "29.00",
        ),
        // Two gift cards are one tender, and no code of either is told.
        (document(&mugs().gift_card("GC-SECRET", "5").gift_card("GC-SECRET-2", "2.5")), vec![gift_card], "7.50"),
    ] {
        let plan = planned_by(&order, &with_tenders());
        assert_eq!(payments(&plan), expected);
        assert_eq!(amounts(&plan), format!("24.00 0.00 5.00 0.00 {paid} = 29.00"));
        for body in plan.work().expect("work").steps.iter().map(|step| step.body().to_string()) {
            assert!(!body.contains("GC-SECRET"), "{body}");
        }
    }
}

#[test]
fn what_tenders_pay_wholly_is_free_in_magento() {
    for draft in [
        mugs().store_credit("29").payment(Payment::Free),
        mugs().gift_card("GC-SECRET", "29").payment(Payment::Free),
        mugs().gift_card("GC-SECRET", "20").store_credit("9").payment(Payment::Free),
    ] {
        let order = document(&draft);
        assert_eq!(order["base_grand_total"], json!(0));
        let plan = planned_by(&order, &with_tenders());
        assert_eq!(amounts(&plan), "24.00 0.00 5.00 0.00 29.00 = 29.00");
        // Magento's own method for orders of which nothing is left to pay needs no mapping.
        let unmapped = settings(|document| {
            document["orders"]["default"]["payment_methods"] = json!([]);
            let receive = json!({"payment_method": "LIABILITY", "cash_account": "10600"});
            document["orders"]["default"]["tenders"] = json!({"gift_card": receive, "store_credit": receive});
        });
        assert_eq!(amounts(&planned_by(&order, &unmapped)), amounts(&plan));
    }
}

#[test]
fn tenders_never_pay_more_than_the_order_is_worth() {
    let edits = |credit: &str, paid: &str| {
        let credit = ("/extension_attributes/base_customer_balance_amount", number(credit));
        // What is left to pay stays 25.00, so that the order is worth 25.00 and the credit.
        [credit, ("/base_grand_total", number("25")), ("/base_total_paid", number(paid))]
    };
    let exact = planned_by(&edited(&mugs(), &edits("4", "25")), &with_tenders());
    assert_eq!(amounts(&exact), "24.00 0.00 5.00 0.00 29.00 = 29.00");
    let more = planned_by(&edited(&mugs(), &edits("4", "25.01")), &with_tenders());
    let sentence = "Order 000000001 is worth 29.00, but 29.01 was paid.";
    assert_eq!(finding(&more), ("orders.rejected.overpaid", sentence));
}

#[test]
fn a_tender_is_mapped_by_the_narrowest_scope_that_names_it() {
    let narrower = settings(|document| {
        let to = |method: &str| json!({"payment_method": method, "cash_account": "10600"});
        document["orders"]["default"]["tenders"] = json!({"gift_card": to("CARDS"), "store_credit": to("CREDIT")});
        document["orders"]["websites"]["base"] = json!({"tenders": {"gift_card": to("WEBCARDS")}});
    });
    let plan = planned_by(&document(&mugs().gift_card("GC-SECRET", 7).store_credit(4)), &narrower);
    assert_eq!(column(created(&plan), "Payments", "PaymentMethod"), ["WEBCARDS", "CREDIT"]);
}

#[test]
fn an_authorisation_is_told_where_the_gateway_is_shared() {
    let info = json!([{"key": "method_title", "value": "Card"}, {"key": "auth_code", "value": "A1"}, {"key": "profile", "value": "P1"}]);
    let kept = ("/extension_attributes/payment_additional_info", info);
    let authorised = || mugs().payment(card("braintree", false));
    for (order, code, profile) in [(document(&authorised()), "", ""), (edited(&authorised(), &[kept]), "A1", "P1")] {
        let plan = planned_by(&order, &with_tenders());
        assert_eq!(payments(&plan), ["CARD 10310 29.00 29.00 shop0001-000000001 ch_3Nxy"]);
        let payment = &created(&plan)["Payments"][0];
        assert_eq!(at(payment, "/ProcessingCenterID"), "BRAINTREE");
        for (field, value) in [
            ("TranNbr", "ch_3Nxy"),
            ("TranType", "AUT"),
            ("TranDate", "2026-03-02"),
            ("AuthNbr", code),
            ("ExtProfileId", profile),
            ("NeedValidation", "true"),
        ] {
            assert_eq!(column(payment, "CreditCardTransactionInfo", field), [value], "{field}");
        }
        assert!(!payment.to_string().contains("Authorize") && !payment.to_string().contains("Capture"), "{payment}");
        // Elsewhere an authorisation stays Magento's.
        assert!(payments(&planned(&order)).is_empty());
    }
}

#[test]
fn what_was_captured_is_money_and_its_rest_stays_magentos() {
    let authorised = number("29");
    for (captured, open) in [("29", "0"), ("12.5", "16.5")] {
        let edits = [
            ("/payment/base_amount_authorized", authorised.clone()),
            ("/payment/base_amount_paid", number(captured)),
            ("/base_total_paid", number(captured)),
        ];
        let plan = planned_by(&edited(&mugs().payment(card("braintree", false)), &edits), &with_tenders());
        let captured = at(created(&plan), "/Payments/0/PaymentAmount");
        assert_eq!(payments(&plan), [format!("WEBCARD 10300 {captured} {captured} shop0001-000000001 ch_3Nxy")]);
        assert_eq!(created(&plan)["Payments"][0].get("CreditCardTransactionInfo"), None);
        let amounts = plan.work().and_then(|work| work.amounts.as_ref()).expect("amounts");
        assert_eq!(amounts.magento - amounts.parts.tenders, decimal(open));
    }
}

#[test]
fn a_transaction_that_is_too_long_is_kept_whole() {
    for (length, number, description) in
        [(40, "x".repeat(40), String::new()), (41, "000000001".to_owned(), format!("Transaction {}", "x".repeat(41)))]
    {
        let captured = Payment::Captured { method: "braintree".into(), transaction: "x".repeat(length) };
        let plan = planned(&document(&mugs().payment(captured)));
        assert_eq!(column(created(&plan), "Payments", "PaymentRef"), [number]);
        assert_eq!(column(created(&plan), "Payments", "Description"), [description]);
    }
    let captured = Payment::Captured { method: "braintree".into(), transaction: "x".repeat(245) };
    let plan = planned(&document(&mugs().payment(captured)));
    assert_eq!(finding(&plan).0, "orders.rejected.value_too_long");
}

#[test]
fn a_tenders_own_reference_has_a_limit_as_well() {
    // `shop0001-`, 18 characters and `/store_credit`: 9 + 18 + 13 = 40.
    let draft = |length: usize| mugs().numbered(&"7".repeat(length)).store_credit(4);
    let plan = planned_by(&document(&draft(18)), &with_tenders());
    assert_eq!(at(body(&plan, flows::plan::StepKey::OrderCreate), "/Payments/0/ExternalRef").len(), 40);
    let plan = planned_by(&document(&draft(19)), &with_tenders());
    assert_eq!(finding(&plan).0, "orders.rejected.reference_too_long");
}

/// What is left to pay decides, not what the order is worth.
#[test]
fn other_tenders_need_no_waiting() {
    let rule = |rule: &'static str| {
        settings(move |document| {
            let default = &mut document["orders"]["default"];
            default["tenders"] = json!({"store_credit": {"payment_method": "CREDIT", "cash_account": "10610"}});
            default["payment_methods"] =
                json!([{"method": "braintree", "import": rule}, {"method": "free", "import": rule}]);
        })
    };
    for (draft, import, word) in [
        (mugs().store_credit(4).payment(card("braintree", true)), "when_paid", "create"),
        (mugs().store_credit(4).payment(card("braintree", false)), "when_paid", "not_ready"),
        (mugs().store_credit(4).payment(card("braintree", false)), "when_authorised", "create"),
        (mugs().store_credit(29).payment(Payment::Free), "when_paid", "create"),
        (mugs().store_credit(29).payment(Payment::Free), "never", "skipped"),
    ] {
        assert_eq!(planned_by(&document(&draft), &rule(import)).word(), word, "{import}");
    }
}

/// Ways of paying of which nothing is there when the order is placed.
#[test]
fn an_order_that_is_to_be_paid_later_has_its_terms_and_an_open_balance() {
    let cash = edited(&mugs(), &[("/payment/method", json!("cashondelivery"))]);
    for (order, terms, po) in [
        (document(&mugs().payment(Payment::PurchaseOrder("PO-7".into()))), "30D", "PO-7"),
        (document(&mugs()), "", ""),
        (document(&mugs().payment(Payment::BankTransfer)), "", ""),
        (cash, "", ""),
    ] {
        let plan = planned_by(&order, &with_tenders());
        assert!(payments(&plan).is_empty());
        assert_eq!(amounts(&plan), "24.00 0.00 5.00 0.00 0.00 = 29.00");
        assert_eq!(at(created(&plan), "/FinancialSettings/Terms"), terms);
        assert_eq!(at(created(&plan), "/CustomerOrder"), po);
    }
}
