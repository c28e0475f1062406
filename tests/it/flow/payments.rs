//! Payments as documents of their own: after the order, each once.

use flows::delivery::{Calls, Outcome};
use flows::settings::{PaymentDocuments, Receive, Tenders};
use queue::Cause;
use simulators::fault::{Fault, Planned};
use simulators::magento::Payment;
use store::record::State;

use super::outcomes::{only, said};
use super::world::{LINK, Shop, shirts};

const ADA: &str = "ada@example.com";

fn dec(text: &str) -> rust_decimal::Decimal {
    text.parse().expect("a decimal")
}

/// A known customer's order of 111.00, of which 30.00 are paid by store credit and the rest by card; two payments of their own.
pub(super) fn two(shop: &mut Shop) {
    shop.customer(ADA);
    shop.settings.orders.default.payments = Some(PaymentDocuments::Separate);
    let receive = Receive { payment_method: "WEBCARD".to_owned(), cash_account: "10200".to_owned() };
    shop.settings.orders.default.tenders = Some(Tenders { store_credit: Some(receive), ..Tenders::default() });
    let card = Payment::Captured { method: "braintree".to_owned(), transaction: "txn-1".to_owned() };
    shop.order(&shirts(ADA).store_credit(30).payment(card));
}

/// The same order with store credit alone: the ERP would take another payment of it.
pub(super) fn partly(shop: &mut Shop) {
    shop.customer(ADA);
    shop.settings.orders.default.payments = Some(PaymentDocuments::Separate);
    let receive = Receive { payment_method: "WEBCARD".to_owned(), cash_account: "10200".to_owned() };
    shop.settings.orders.default.tenders = Some(Tenders { store_credit: Some(receive), ..Tenders::default() });
    shop.order(&shirts(ADA).store_credit(30));
}

/// The next PUT of a payment fails so.
fn fails(shop: &Shop, fault: Fault) {
    shop.erp.plan(Planned { method: "PUT".to_owned(), path_part: "/Payment".to_owned(), fault });
}

/// The order is open, paid wholly, by two payments.
fn whole(shop: &Shop, what: &str) {
    let order = shop.only_order();
    assert_eq!((order.total, order.unpaid, order.status.as_str()), (dec("111"), dec("0"), "Open"), "{what}");
    let mut payments = shop.erp.with(|erp| erp.payments());
    payments.sort_by_key(|payment| payment.amount);
    let applied: Vec<_> = payments.iter().map(|payment| (payment.amount, payment.applied.clone())).collect();
    let to = |amount: &str| (dec(amount), vec![("SO".to_owned(), order.nbr.clone(), dec(amount))]);
    assert_eq!(applied, [to("30"), to("81")], "{what}");
    assert!(payments.iter().all(|payment| payment.doc_type == "Prepayment"), "{what}: {payments:?}");
    let record = shop.record(1);
    assert_eq!((record.state, record.bound.map(|bound| bound.unfinished)), (State::Done, Some(false)), "{what}");
}

#[test]
fn one_save_for_the_order_and_one_for_each_payment() {
    let mut shop = Shop::new();
    two(&mut shop);
    let report = only(shop.drain());
    // The customer is looked for, once.
    assert_eq!((report.outcome, report.calls), (Outcome::Applied, Calls { magento: 1, acumatica: 4 }), "{report:?}");
    assert_eq!(shop.saves(), 3);
    whole(&shop, "nothing fails");
    assert_eq!(shop.deliver(1, Cause::Webhook).outcome, Outcome::Unchanged);
}

#[test]
fn a_payment_whose_answer_is_lost_is_looked_for_and_not_made_again() {
    let late = Fault::Late { after: std::time::Duration::from_secs(1_200) };
    for (what, faults) in [
        ("the first", vec![Fault::LostAnswer]),
        ("the last", vec![Fault::Pass, Fault::LostAnswer]),
        ("a first that never came", vec![Fault::LostRequest]),
        ("a last that comes late", vec![Fault::Pass, late]),
        ("a last that is refused for now", vec![Fault::Pass, Fault::Refused]),
    ] {
        let mut shop = Shop::new();
        two(&mut shop);
        for fault in faults {
            fails(&shop, fault);
        }
        shop.settle();
        assert_eq!(shop.saves(), 3, "{what}");
        whole(&shop, what);
    }
}

#[test]
fn a_payment_that_is_refused_parks_the_order_and_a_retry_makes_the_payment_alone() {
    let mut shop = Shop::new();
    two(&mut shop);
    fails(&shop, Fault::Pass);
    let body = r#"{"PaymentMethod":{"value":"WEBCARD","error":"'Payment Method' cannot be found in the system."}}"#;
    fails(&shop, Fault::Answer { status: 422, content_type: "application/json", body: body.to_owned() });
    let report = only(shop.drain());
    assert_eq!(report.outcome, Outcome::Parked, "{report:?}");
    let (_, _, sentence) = said(&report);
    assert!(sentence.contains("PaymentMethod `WEBCARD`"), "{sentence}");
    let order = shop.only_order();
    assert_eq!((order.status.as_str(), shop.erp.with(|erp| erp.payments().len())), ("Open", 1));
    assert_eq!(shop.record(1).bound.map(|bound| bound.unfinished), Some(true));
    let report = shop.deliver(1, Cause::Operator);
    // The order and its payments are read, and the missing one is made.
    assert_eq!((report.outcome, report.calls), (Outcome::Applied, Calls { magento: 1, acumatica: 3 }), "{report:?}");
    whole(&shop, "retried");
}

#[test]
fn a_payment_that_is_there_is_not_made_whoever_made_it() {
    let mut shop = Shop::new();
    two(&mut shop);
    fails(&shop, Fault::Refused);
    shop.drain();
    // The settings are changed back meanwhile: the order is there, so its payments can only follow.
    shop.settings.orders.default.payments = Some(PaymentDocuments::Nested);
    shop.settle();
    assert_eq!(shop.saves(), 3);
    whole(&shop, "settings changed");
}

#[test]
fn an_order_whose_total_differs_is_held_and_paid_all_the_same() {
    let mut shop = Shop::new();
    shop.order_type(|kind| kind.calculate_freight = true);
    two(&mut shop);
    let report = only(shop.drain());
    assert_eq!((report.outcome, report.code.as_deref()), (Outcome::Held, Some("orders.held.total_differs")));
    let order = shop.only_order();
    assert!(order.hold && order.payments.len() == 2, "{order:?}");
    assert_eq!(shop.record(1).state, State::Done);
}

#[test]
fn an_order_from_before_the_cut_over_is_held_where_a_payment_is_missing() {
    let mut shop = Shop::new();
    two(&mut shop);
    shop.erp.with(|erp| {
        erp.add_order("SO", "SO000077", "C000001", &format!("{LINK}-000000001"));
        let now = "2026-11-23T09:00:00Z".parse().expect("an instant");
        erp.edit_order("SO", "SO000077", now, |order| order.set("OrderTotal", dec("111"))).expect("the order");
    });
    shop.settings.orders.look_up_before = Some(shop.now() + jiff::SignedDuration::from_hours(1));
    let report = only(shop.drain());
    let sentence = "Order 000000001 was in Acumatica already as SO/SO000077, without its payment `abcd2345-000000001`; the order is on hold.";
    assert_eq!(said(&report), (Outcome::Held, "orders.held.payment_missing", sentence));
    assert_eq!((shop.saves(), shop.only_order().hold, shop.erp.with(|erp| erp.payments()).len()), (1, true, 0));
    assert_eq!(shop.deliver(1, Cause::Webhook).outcome, Outcome::Unchanged);
}
