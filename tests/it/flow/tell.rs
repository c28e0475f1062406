//! What Magento is told, what it costs, and that it is told once.

use flows::delivery::{Calls, Outcome, Report};
use flows::settings::WriteBack;
use queue::Cause;
use serde_json::{Value, json};
use simulators::fault::{Fault, Planned};
use store::record::State;

use super::crash::{ADA, cancelled, differs, known, moved, one};
use super::invariants::comments;
use super::outcomes::{only, outcomes, said};
use super::plants::Plant;
use super::scenario::{Scenario, explore};
use super::schedule::Faults;
use super::seams::Fate;
use super::world::{Shop, shirts};

const BOTH: WriteBack = WriteBack { number: true, comment: true };

fn telling(shop: &mut Shop) {
    shop.settings.orders.default.write_back = Some(BOTH);
}

/// A shop that tells, with one customer, and a clock that has moved since the order was placed.
fn told_shop() -> (Shop, u64) {
    let mut shop = Shop::new();
    telling(&mut shop);
    shop.customer(ADA);
    let order = shop.place(&shirts(ADA));
    shop.time.advance(jiff::SignedDuration::from_secs(5));
    (shop, order)
}

/// Number, comments and status as the shop has them.
fn shown(shop: &Shop, order: u64) -> (Value, Vec<String>, Value) {
    let document = shop.document(order);
    let comments = comments(&document).into_iter().map(str::to_owned).collect();
    (document["ext_order_id"].clone(), comments, document["status"].clone())
}

fn fails(shop: &Shop, path: &str, fault: Fault) {
    shop.magento.plan(Planned { method: "POST".to_owned(), path_part: path.to_owned(), fault });
}

fn costs(report: &Report) -> (Outcome, Calls) {
    (report.outcome, report.calls)
}

const fn calls(magento: u32, acumatica: u32) -> Calls {
    Calls { magento, acumatica }
}

#[test]
fn an_order_is_told_with_two_writes_and_its_echo_is_one_read() {
    let written = "Acumatica: written as SO/000001.";
    for (setting, first, echo, number, text) in [
        (BOTH, calls(3, 2), Some(calls(1, 0)), json!("SO/000001"), vec![written.to_owned()]),
        (WriteBack { number: true, comment: false }, calls(2, 2), Some(calls(1, 0)), json!("SO/000001"), vec![]),
        (
            WriteBack { number: false, comment: true },
            calls(2, 2),
            Some(calls(1, 0)),
            Value::Null,
            vec![written.to_owned()],
        ),
        (WriteBack::default(), calls(1, 2), None, Value::Null, vec![]),
    ] {
        let (mut shop, order) = told_shop();
        shop.settings.orders.default.write_back = Some(setting);
        shop.send(order, Cause::Webhook);
        let mut reports = shop.drain();
        assert_eq!(costs(&reports.remove(0)), (Outcome::Applied, first), "{setting:?}");
        for report in &reports {
            assert_eq!(costs(report), (Outcome::Unchanged, echo.expect("an echo")), "{setting:?}");
        }
        assert_eq!(reports.is_empty(), echo.is_none(), "{setting:?}");
        let nbr = shop.only_order().nbr;
        assert_eq!(nbr, "000001", "the number that the expectations name");
        assert_eq!(shown(&shop, order), (number, text, json!("pending")), "{setting:?}");
        assert_eq!(shop.saves(), 1, "nothing is saved in the ERP for it");
    }
}

#[test]
fn a_known_customers_order_is_one_erp_call_one_read_and_two_writes() {
    let (shop, order) = told_shop();
    shop.deliver(order, Cause::Webhook);
    let second = shop.place(&shirts(ADA));
    shop.send(second, Cause::Webhook);
    assert_eq!(costs(&shop.drain()[0]), (Outcome::Applied, calls(3, 1)));
}

#[test]
fn a_held_order_is_told_why() {
    let mut shop = Shop::new();
    telling(&mut shop);
    differs(&mut shop);
    let report = shop.drain().remove(0);
    assert_eq!(report.outcome, Outcome::Held);
    let (_, comments, _) = shown(&shop, 1);
    let finding = report.message.expect("a sentence");
    assert_eq!(
        comments,
        [format!("Acumatica: written as {}, on hold there. {finding}", report.target.expect("a target"))]
    );
}

#[test]
fn a_parked_order_is_told_with_its_fix_and_again_when_it_is_written() {
    let (mut shop, _) = told_shop();
    let order = shop.place(&shirts(ADA).shipping("ups_03", 5));
    shop.time.advance(jiff::SignedDuration::from_secs(5));
    shop.send(order, Cause::Webhook);
    let reports = shop.drain();
    assert_eq!(outcomes(&reports), [Outcome::Parked, Outcome::Skipped], "the echo finds nothing new: {reports:?}");
    assert_eq!((reports[0].calls, reports[1].calls), (calls(2, 0), calls(1, 0)));
    let parked = "Acumatica: not written. Shipping method `ups_03` of order 000000002 is not mapped. ";
    let (number, comments, status) = shown(&shop, order);
    assert!(comments.len() == 1 && comments[0].starts_with(parked) && comments[0].len() > parked.len(), "{comments:?}");
    assert_eq!((number, status), (Value::Null, json!("pending")));
    assert_eq!(shop.record(order).state, State::Parked);

    // A change that is none of ours is tried, and is parked and told no second time.
    shop.time.advance(jiff::SignedDuration::from_secs(5));
    shop.magento.with(|magento| magento.touch(shop.now(), order));
    shop.send(order, Cause::Webhook);
    let report = only(shop.drain());
    assert_eq!(costs(&report), (Outcome::Parked, calls(1, 0)), "{report:?}");

    let row = flows::settings::ShippingRow { method: "ups_03".to_owned(), ship_via: "LOCAL".to_owned(), terms: None };
    shop.change_settings(|settings| settings.orders.default.shipping_methods.push(row));
    shop.pass(2);
    let (_, comments, _) = shown(&shop, order);
    assert_eq!(comments.len(), 2, "{comments:?}");
    assert_eq!(comments[1], format!("Acumatica: written as SO/{}.", shop.only_order().nbr));
}

#[test]
fn a_failure_to_tell_repeats_the_telling_and_nothing_else() {
    let answer = |status: u16| Fault::Answer { status, content_type: "application/json", body: "{}".to_owned() };
    for (what, path, fault, outcome, code) in [
        ("throttled", "/comments", answer(429), Outcome::Returned, "magento.throttled.too_many_requests"),
        ("broken", "/comments", answer(500), Outcome::Returned, "magento.transient.server_error"),
        ("away", "/comments", answer(503), Outcome::Waiting, "magento.not_ready.maintenance"),
        ("unanswered, not done", "/comments", Fault::LostRequest, Outcome::Waiting, "magento.ambiguous.no_answer"),
        ("unanswered, done", "/comments", Fault::LostAnswer, Outcome::Waiting, "magento.ambiguous.no_answer"),
        ("number throttled", "/orders", answer(429), Outcome::Returned, "magento.throttled.too_many_requests"),
        ("number unanswered", "/orders", Fault::LostAnswer, Outcome::Waiting, "magento.ambiguous.no_answer"),
    ] {
        let (shop, order) = told_shop();
        fails(&shop, path, fault);
        shop.send(order, Cause::Webhook);
        let report = shop.step().expect("a delivery");
        assert_eq!((report.outcome, said(&report).1), (outcome, code), "{what}");
        let record = shop.record(order);
        assert!(record.bound.is_some() && record.intent.is_none(), "{what}: what is written is bound");
        let acumatica = shop.erp.calls().len();
        let reports = shop.settle();
        assert_eq!(shop.erp.calls().len(), acumatica, "{what}: the ERP is not called again");
        assert!(reports.iter().any(|report| report.outcome == Outcome::Adopted), "{what}: {reports:?}");
        let target = format!("SO/{}", shop.only_order().nbr);
        let text = format!("Acumatica: written as {target}.");
        assert_eq!(shown(&shop, order), (json!(target), vec![text], json!("pending")), "{what}");
    }
}

#[test]
fn a_missing_right_parks_an_order_that_is_written_and_a_retry_only_tells() {
    let (shop, order) = told_shop();
    shop.magento.with(|magento| magento.remove_resource("Magento_Sales::comment"));
    shop.send(order, Cause::Webhook);
    let report = shop.drain().remove(0);
    let target = format!("SO/{}", shop.only_order().nbr);
    assert_eq!((report.outcome, said(&report).1), (Outcome::Parked, "magento.rejected.permission"));
    assert!(
        said(&report).2.starts_with(&format!("The order is in Acumatica as {target}, but Magento was not told. ")),
        "{report:?}"
    );
    assert!(said(&report).2.contains("Magento_Sales::comment"), "{report:?}");
    assert_eq!(report.target, Some(target));
    let erp = shop.erp.calls().len();
    shop.magento.with(|magento| {
        for integration in &mut magento.config().integrations {
            integration.resources.insert("Magento_Sales::comment".to_owned());
        }
    });
    let reports = [shop.deliver(order, Cause::Operator)];
    assert!(
        reports.iter().all(|report| matches!(report.outcome, Outcome::Adopted | Outcome::Unchanged)),
        "{reports:?}"
    );
    assert_eq!((shop.erp.calls().len(), shown(&shop, order).1.len()), (erp, 1));
    assert_eq!(shop.record(order).state, State::Done);
}

#[test]
fn a_shop_that_hides_what_it_was_told_is_told_once() {
    for hidden in ["status_histories", "ext_order_id"] {
        let (shop, order) = told_shop();
        shop.magento.with(|magento| magento.config().hidden_from_answers.insert(hidden.to_owned()));
        shop.send(order, Cause::Webhook);
        let reports = shop.drain();
        assert!(reports.len() <= 3, "{hidden}: {reports:?}");
        assert_eq!(shown(&shop, order).1.len(), 1, "{hidden}");
        // Later events of the shop find it told, too.
        shop.time.advance(jiff::SignedDuration::from_secs(60));
        shop.magento.with(|magento| magento.touch(shop.now(), order));
        assert_eq!(costs(&shop.deliver(order, Cause::Webhook)), (Outcome::Unchanged, calls(1, 0)), "{hidden}");
    }
}

#[test]
fn a_shop_that_takes_each_comment_hides_it_and_answers_nothing_is_given_up() {
    let (shop, order) = told_shop();
    shop.magento.with(|magento| magento.config().hidden_from_answers.insert("status_histories".to_owned()));
    (0..20).for_each(|_| fails(&shop, "/comments", Fault::LostAnswer));
    shop.send(order, Cause::Webhook);
    let reports = shop.settle();
    let parked = reports.iter().find(|report| report.outcome == Outcome::Parked).expect("a park");
    assert_eq!(said(parked).1, "flows.rejected.attempts_exhausted");
    let most = usize::try_from(shop.settings.orders.max_attempts).expect("a small number");
    assert_eq!(shown(&shop, order).1.len(), most, "one for each try");
}

#[test]
fn an_order_from_before_gets_its_number_with_its_next_event_and_no_comment() {
    let (mut shop, order) = told_shop();
    shop.settings.orders.default.write_back = None;
    shop.deliver(order, Cause::Webhook);
    telling(&mut shop);
    shop.send(order, Cause::Webhook);
    let reports = shop.drain();
    assert_eq!(
        reports.iter().map(costs).collect::<Vec<_>>(),
        [(Outcome::Unchanged, calls(2, 0)), (Outcome::Unchanged, calls(1, 0))]
    );
    let (number, comments, _) = shown(&shop, order);
    assert_eq!((number, comments.len()), (json!(format!("SO/{}", shop.only_order().nbr)), 0));
}

#[test]
fn a_channel_may_be_told_nothing() {
    let (mut shop, order) = told_shop();
    let quiet = flows::settings::Scope { write_back: Some(WriteBack::default()), ..flows::settings::Scope::default() };
    let when = flows::settings::When { increment_id: Some("0000*".to_owned()), ..flows::settings::When::default() };
    shop.settings.orders.channels = vec![flows::settings::Channel { name: "market".to_owned(), when, settings: quiet }];
    assert_eq!(shop.deliver(order, Cause::Webhook).calls.magento, 1);
    assert_eq!(shown(&shop, order).0, Value::Null);
}

fn told_known(shop: &mut Shop) {
    telling(shop);
    known(shop);
}

fn told_differs(shop: &mut Shop) {
    telling(shop);
    differs(shop);
}

fn told_moved(shop: &mut Shop) {
    telling(shop);
    moved(shop);
}

fn told_cancelled(shop: &mut Shop) {
    telling(shop);
    cancelled(shop);
}

#[test]
fn each_outcome_stands_in_the_shop_once_wherever_a_worker_dies() {
    const TOLD: [Scenario; 4] = [
        one("told: known customer", told_known),
        one("told: total differs", told_differs),
        one("told: address changed", told_moved),
        one("told: cancelled afterwards", told_cancelled),
    ];
    for scenario in &TOLD {
        let explored = explore(scenario, Faults { most: 1, of: Fate::faults }, Plant::Nothing);
        assert!(explored.runs > 40, "{}: {}", scenario.name, explored.runs);
        assert_eq!(explored.broken, None, "{}", scenario.name);
    }
}
