//! Holds: of what was there before, and of an ERP that does not take them.

use flows::delivery::Outcome;
use queue::{Cause, Name, Queue};
use rust_decimal::Decimal;
use simulators::acumatica::{Order, OrderType};
use simulators::fault::{Fault, Planned};
use store::record::State;

use super::invariants::check;
use super::outcomes::{only, outcomes, said};
use super::plants::Plant;
use super::world::{LINK, Shop, ready, shirts};

const ADA: &str = "ada@example.com";

/// A document of ours that an earlier installation left in the ERP.
fn left_behind(shop: &Shop, total: &str, hold: bool) {
    let customer = shop.customer(ADA);
    let (total, now): (Decimal, _) = (total.parse().expect("a decimal"), shop.now());
    shop.erp.with(|erp| {
        erp.add_order("SO", "SO000077", &customer, &format!("{LINK}-000000001"));
        let edited = erp.edit_order("SO", "SO000077", now, |order| {
            order.set("OrderTotal", total);
            order.set("Hold", hold);
            order.set("Status", if hold { "On Hold" } else { "Open" });
        });
        edited.expect("the order");
    });
}

/// Everything that is placed is from before the cut-over.
fn cut_over(shop: &mut Shop) {
    shop.settings.orders.look_up_before = Some(shop.now() + jiff::SignedDuration::from_hours(1));
}

fn is_on_hold(order: &Order) -> bool {
    order.hold && order.status == "On Hold"
}

#[test]
fn what_was_there_before_is_adopted_or_held() {
    // 111.00 is what the order is worth. An order is planned as a hold where Magento's own sum does not add up: then it is worth 112.00.
    for (planned_hold, total, on_hold, code, saves) in [
        (false, "111.00", false, "", 0),
        (false, "111.00", true, "orders.held.on_hold_in_acumatica", 0),
        (false, "110.00", false, "orders.held.total_differs", 1),
        (false, "110.00", true, "orders.held.total_differs", 0),
        (true, "112.00", false, "", 0),
        (true, "111.00", false, "orders.held.total_differs", 1),
        (true, "111.00", true, "orders.held.total_differs", 0),
    ] {
        let what = format!("planned as a hold: {planned_hold}, there: {total}, on hold there: {on_hold}");
        let mut shop = Shop::new();
        let order = shop.place(&shirts(ADA));
        cut_over(&mut shop);
        if planned_hold {
            let worth = serde_json::json!(112);
            let raise = |order: &mut serde_json::Value| {
                (order["base_grand_total"], order["grand_total"]) = (worth.clone(), worth.clone());
            };
            shop.magento.with(|magento| magento.edit(shop.now(), order, raise));
        }
        left_behind(&shop, total, on_hold);
        let report = shop.deliver(order, Cause::Webhook);
        let outcome = if code.is_empty() { Outcome::Adopted } else { Outcome::Held };
        assert_eq!((report.outcome, said(&report).1), (outcome, code), "{what}: {report:?}");
        assert_eq!((report.target.as_deref(), shop.saves()), (Some("SO/SO000077"), saves), "{what}");
        assert_eq!(shop.only_order().hold, on_hold || saves == 1, "{what}");
        let record = shop.record(order);
        assert_eq!((record.state, record.intent, record.untold), (State::Done, None, None), "{what}");
        assert_eq!(record.bound.map(|bound| bound.target).as_deref(), Some("SO/SO000077"), "{what}");
        let entry = shop.entries().pop().expect("an entry");
        assert_eq!(entry.code.as_deref().unwrap_or_default(), code, "{what}");
        assert_eq!(shop.deliver(order, Cause::Webhook).outcome, Outcome::Unchanged, "{what}");
        assert_eq!((shop.saves(), check(&shop, &[])), (saves, Vec::new()), "{what}");
    }
}

#[test]
fn a_wrong_total_from_before_is_told_in_numbers() {
    let mut shop = Shop::new();
    let order = shop.place(&shirts(ADA));
    cut_over(&mut shop);
    left_behind(&shop, "110.00", false);
    assert_eq!(
        said(&shop.deliver(order, Cause::Webhook)).2,
        "Order 000000001 is worth 111.00 in Magento and 110.00 in Acumatica (SO/SO000077), a difference of 1.00; the order is on hold."
    );
    assert!(is_on_hold(&shop.only_order()));
}

/// The ERP calculates freight of its own, so that the total differs and the order must be put on hold.
fn differs(shop: &mut Shop) -> u64 {
    shop.customer(ADA);
    shop.order_type(|kind: &mut OrderType| kind.calculate_freight = true);
    shop.order(&shirts(ADA))
}

fn from_before(shop: &mut Shop) -> u64 {
    cut_over(shop);
    left_behind(shop, "110.00", false);
    shop.order(&shirts(ADA))
}

/// In the ERP already, and cancelled since.
fn cancelled(shop: &mut Shop) -> u64 {
    let order = shop.order(&shirts(ADA));
    assert_eq!(outcomes(&shop.drain()), [Outcome::Applied]);
    let now = shop.now();
    shop.magento.with(|magento| magento.set_state(now, order, "canceled"));
    shop.send(order, Cause::Webhook);
    order
}

/// The sum of the document is not the order's, so that it is written on hold.
fn written_on_hold(shop: &mut Shop) -> u64 {
    shop.customer(ADA);
    let (order, now) = (shop.place(&shirts(ADA)), shop.now());
    shop.magento.with(|magento| {
        magento.edit(now, order, |order| {
            (order["base_grand_total"], order["grand_total"]) = (serde_json::json!(112), serde_json::json!(112));
        });
    });
    shop.send(order, Cause::Webhook);
    order
}

/// How an order comes to need a hold.
type Arrange = fn(&mut Shop) -> u64;

#[test]
fn a_hold_that_is_not_taken_is_not_reported_as_one() {
    let cases: [(&str, Arrange, &str); 4] = [
        ("total differs", differs, "orders.held.total_differs"),
        ("from before the cut-over", from_before, "orders.held.total_differs"),
        ("cancelled", cancelled, "orders.held.canceled_in_magento"),
        ("written on hold", written_on_hold, "orders.held.total_differs"),
    ];
    for plant in [Plant::HoldIgnored, Plant::HoldNotShown] {
        for (what, arrange, code) in cases {
            let what = format!("{what}, {plant:?}");
            // A message that is given back does not keep the next one of its record waiting here.
            let mut shop = Shop::with(plant, queue::memory::Memory::unordered);
            let order = arrange(&mut shop);
            let report = only(shop.drain());
            assert_eq!((report.outcome, said(&report).1), (Outcome::Parked, "orders.rejected.not_held"), "{what}");
            let target = report.target.clone().expect("the document is bound");
            let sentence = format!("Acumatica did not put {target} on hold although it was asked to.");
            assert_eq!(said(&report).2, sentence, "{what}");
            assert_eq!(shop.only_order().hold, plant == Plant::HoldNotShown, "{what}");
            assert!(shop.record(order).intent.is_some(), "{what}: the hold is still owed");
            // Neither time, nor another event, nor a person who tries too early makes a hold of it.
            shop.pass(20);
            shop.deliver(order, Cause::Webhook);
            assert_eq!(said(&shop.deliver(order, Cause::Operator)).1, "orders.rejected.not_held", "{what}");
            assert!(shop.entries().iter().all(|entry| entry.outcome != "held"), "{what}");
            assert_eq!(shop.record(order).state, State::Parked, "{what}");

            shop.planted.mend();
            let report = shop.deliver(order, Cause::Operator);
            assert_eq!((report.outcome, said(&report).1), (Outcome::Held, code), "{what}: {report:?}");
            assert!(is_on_hold(&shop.only_order()), "{what}");
            let record = shop.record(order);
            assert_eq!((record.state, record.intent, record.untold), (State::Done, None, None), "{what}");
            ready(shop.queue.start_redrive(Name::Orders)).expect("the queue in memory answers");
            assert_eq!(shop.settle().last().map(|report| report.outcome), Some(Outcome::Unchanged), "{what}");
            assert_eq!(check(&shop, &[]), [], "{what}");
        }
    }
}

#[test]
fn a_hold_that_is_refused_stays_owed() {
    // The document is found after its answer was lost, and lacks what was sent: only then is the hold asked for, and refused.
    let denied = || {
        let body = r#"{"message":"Access denied."}"#.to_owned();
        Fault::Answer { status: 403, content_type: "application/json", body }
    };
    for (what, fault, outcome) in
        [("unreachable", Fault::Refused, Outcome::Waiting), ("no rights", denied(), Outcome::Parked)]
    {
        let shop = Shop::with(Plant::CityNotTaken, |queue| queue);
        shop.customer(ADA);
        let order = shop.order(&shirts(ADA));
        for fault in [Fault::LostAnswer, fault] {
            shop.erp.plan(Planned { method: "PUT".to_owned(), path_part: "/SalesOrder".to_owned(), fault });
        }
        assert_eq!(only(shop.drain()).outcome, Outcome::Waiting, "{what}");
        let report = only(shop.pass(1));
        assert_eq!(report.outcome, outcome, "{what}: {report:?}");
        assert!(!shop.only_order().hold && shop.record(order).intent.is_some(), "{what}: the hold is owed");
        if outcome == Outcome::Parked {
            shop.send(order, Cause::Operator);
        }
        let report = shop.settle().pop().expect("a report");
        assert_eq!((report.outcome, said(&report).1), (Outcome::Held, "orders.held.value_not_taken"), "{what}");
        assert!(is_on_hold(&shop.only_order()), "{what}");
    }
}

#[test]
fn a_hold_that_was_never_written_is_not_told_of() {
    // Magento's sum does not add up and the item is missing: the planned hold is refused. Both are mended before it is tried again.
    let shop = Shop::new();
    let draft = simulators::magento::OrderDraft::guest(ADA).simple("MUG", 1, 10).shipping("flatrate_flatrate", 5);
    let order = shop.place(&draft);
    let worth = |amount: i32| {
        let now = shop.now() + jiff::SignedDuration::from_mins(1);
        shop.magento.with(|magento| magento.edit(now, order, |order| order["base_grand_total"] = amount.into()));
    };
    worth(16);
    shop.send(order, Cause::Webhook);
    assert_eq!(said(&only(shop.drain())).1, "acumatica.rejected.item_not_found");
    assert_eq!(shop.record(order).untold, None, "nothing was written, so nothing is on hold");

    worth(15);
    shop.erp.with(|erp| erp.add_item("MUG", simulators::acumatica::Item::default()));
    shop.send(order, Cause::Operator);
    let report = only(shop.drain());
    assert_eq!((report.outcome, report.code), (Outcome::Applied, None));
    assert_eq!((shop.only_order().total, shop.only_order().hold), (Decimal::from(15), false));
}
