//! What stands in the way of a write, and whether it uses an attempt.

use flows::delivery::Outcome;
use queue::{Cause, Name};
use simulators::fault::{Fault, Planned};

use super::outcomes::{only, outcomes, said};
use super::world::{Shop, shirts};

const ADA: &str = "ada@example.com";

/// A fault of the ERP that answers in its stead.
fn answer(status: u16, body: &str) -> Fault {
    Fault::Answer { status, content_type: "application/json", body: body.to_owned() }
}

fn plan(shop: &Shop, method: &str, fault: &Fault, times: usize) {
    for _ in 0..times {
        let path_part = "/entity/".to_owned();
        shop.erp.plan(Planned { method: method.to_owned(), path_part, fault: fault.clone() });
    }
}

#[test]
fn what_stands_in_the_way_of_a_write_is_waited_for_or_tried_again() {
    let busy = r#"{"message":"An error has occurred.","exceptionMessage":"Another process has updated the 'SOOrder' record.","exceptionType":"PX.Data.PXLockViolationException"}"#;
    let seats = r#"{"message":"API Login Limit"}"#;
    let html = Fault::Answer { status: 503, content_type: "text/html", body: "<html>maintenance</html>".to_owned() };
    for (what, fault, outcome, code, attempts, open) in [
        ("unreachable", Fault::Refused, Outcome::Waiting, "acumatica.not_ready.unreachable", 0, false),
        ("maintenance", html, Outcome::Waiting, "acumatica.not_ready.maintenance", 0, true),
        ("a reset", Fault::LostRequest, Outcome::Waiting, "acumatica.ambiguous.no_answer", 0, true),
        ("login limit", answer(500, seats), Outcome::Waiting, "acumatica.not_ready.login_limit", 0, false),
        ("too many requests", answer(429, ""), Outcome::Returned, "acumatica.throttled.licence", 0, false),
        ("another process", answer(500, busy), Outcome::Returned, "acumatica.transient.busy", 1, false),
    ] {
        let shop = Shop::new();
        shop.customer(ADA);
        let order = shop.order(&shirts(ADA));
        plan(&shop, "PUT", &fault, 1);
        let report = only(shop.drain());
        assert_eq!((report.outcome, report.code.as_deref()), (outcome, Some(code)), "{what}");
        let record = shop.record(order);
        assert_eq!((record.attempts, record.intent.is_some()), (attempts, open), "{what}");
        assert_eq!(shop.queue.is_empty(Name::Orders), outcome == Outcome::Waiting, "{what}");
        let reports = shop.settle();
        assert_eq!(reports.last().map(|report| report.outcome), Some(Outcome::Applied), "{what}: {reports:?}");
        assert_eq!((shop.only_order().total, shop.record(order).attempts), (shop.value(order), 0), "{what}");
    }
}

#[test]
fn a_third_throttle_waits() {
    let shop = Shop::new();
    shop.customer(ADA);
    let order = shop.order(&shirts(ADA));
    plan(&shop, "PUT", &answer(429, ""), 3);
    let reports = shop.settle();
    assert_eq!(outcomes(&reports), [Outcome::Returned, Outcome::Returned, Outcome::Waiting, Outcome::Applied]);
    assert_eq!(reports[2].code.as_deref(), Some("flows.not_ready.throttled"));
    assert_eq!(shop.record(order).attempts, 0);
}

#[test]
fn attempts_are_exhausted_and_an_operator_begins_anew() {
    let shop = Shop::new();
    shop.customer(ADA);
    let order = shop.order(&shirts(ADA));
    let most = shop.settings.orders.max_attempts as usize;
    plan(
        &shop,
        "PUT",
        &answer(500, r#"{"exceptionMessage":"This record is being used by another process."}"#),
        most + 1,
    );
    let reports = shop.settle();
    assert_eq!(reports.len(), most, "{reports:?}");
    let last = reports.last().expect("a report");
    assert_eq!((last.outcome, said(last).1), (Outcome::Parked, "flows.rejected.attempts_exhausted"));
    assert!(said(last).2.starts_with("Given up after 5 tries. The last one: "), "{last:?}");
    assert_eq!(shop.deliver(order, Cause::Operator).attempt, 1);
    assert_eq!(shop.settle().last().map(|report| report.outcome), Some(Outcome::Applied));
}
