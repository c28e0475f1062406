//! Looks at a parked record that fail: the park stays as it was, and every way out of it stays open.

use flows::delivery::{Outcome, Verdict};
use flows::settings::ShippingRow;
use queue::{Cause, Name, Queue};
use simulators::fault::{Fault, Planned};
use simulators::magento::faults::maintenance;
use store::Records;
use store::record::{Record, State};
use store::table::Limit;

use super::invariants::check;
use super::outcomes::{only, outcomes, said};
use super::plants::Plant;
use super::world::{LINK, Shop, ready, shirts};

const ADA: &str = "ada@example.com";

/// What can stand between us and Magento.
fn magento_is_down() -> [(&'static str, Fault, &'static str); 4] {
    let expired = r#"{"message":"The consumer isn't authorized to access %resources."}"#.to_owned();
    let expired = Fault::Answer { status: 401, content_type: "application/json", body: expired };
    [
        ("maintenance", maintenance(), "magento.not_ready.maintenance"),
        ("refused", Fault::Refused, "magento.not_ready.unreachable"),
        ("no answer", Fault::LostAnswer, "magento.not_ready.interrupted"),
        ("not let in", expired, "magento.rejected.permission"),
    ]
}

/// Messages overtake each other here: one that was given back does not keep the next one waiting.
fn shop() -> Shop {
    Shop::with(Plant::Nothing, queue::memory::Memory::unordered)
}

fn plan(shop: &Shop, fault: &Fault) {
    let (method, path_part) = ("GET".to_owned(), "/V1/orders/".to_owned());
    shop.magento.plan(Planned { method, path_part, fault: fault.clone() });
}

/// What the operators' list shows.
fn listed(shop: &Shop) -> Vec<Record> {
    let records = Records::new(shop.state.clone(), shop.time.clone());
    let listed = ready(records.parked(LINK, "order", Limit { items: 10, after: None }));
    listed.expect("the table in memory answers").0
}

/// The record but for how often it was written.
fn bare(record: Record) -> Record {
    Record { rev: 0, write_id: String::new(), ..record }
}

fn map_carrier(shop: &mut Shop) {
    let row = ShippingRow { method: "ups_03".to_owned(), ship_via: "LOCAL".to_owned(), terms: None };
    shop.change_settings(|settings| settings.orders.default.shipping_methods.push(row));
}

fn redrive(shop: &Shop) {
    ready(shop.queue.start_redrive(Name::Orders)).expect("the queue in memory answers");
}

/// A way out of the park.
#[derive(Clone, Copy, Debug)]
enum WayOut {
    Settings,
    Redrive,
    Operator,
}

#[test]
fn a_look_that_cannot_read_leaves_the_park_as_it_was() {
    for (what, fault, code) in magento_is_down() {
        for way_out in [WayOut::Settings, WayOut::Redrive, WayOut::Operator] {
            let what = format!("{what}, then {way_out:?}");
            let mut shop = shop();
            let order = shop.order(&shirts(ADA).shipping("ups_03", 5));
            assert_eq!(outcomes(&shop.drain()), [Outcome::Parked], "{what}");
            let before = shop.record(order);
            let first = before.park.clone().expect("a park");
            assert_eq!(first.code, "orders.rejected.shipping_method_not_mapped", "{what}");

            plan(&shop, &fault);
            let report = shop.deliver(order, Cause::Webhook);
            assert_eq!((report.outcome, said(&report).1), (Outcome::Returned, code), "{what}: {report:?}");
            assert_eq!(report.verdict, Verdict::Return { after: 300 }, "{what}: the message asks again");
            assert_eq!(bare(shop.record(order)), bare(before.clone()), "{what}");
            assert_eq!(listed(&shop).into_iter().map(bare).collect::<Vec<_>>(), [bare(before)], "{what}");

            match way_out {
                WayOut::Settings => {
                    map_carrier(&mut shop);
                    assert_eq!(shop.sweep().woken, 1, "{what}");
                    assert_eq!(outcomes(&shop.drain()), [Outcome::Applied], "{what}");
                }
                WayOut::Redrive => {
                    map_carrier(&mut shop);
                    redrive(&shop);
                    assert_eq!(outcomes(&shop.drain()), [Outcome::Applied], "{what}");
                }
                WayOut::Operator => {
                    map_carrier(&mut shop);
                    assert_eq!(shop.deliver(order, Cause::Operator).outcome, Outcome::Applied, "{what}");
                }
            }
            assert_eq!((listed(&shop).len(), shop.record(order).park), (0, None), "{what}");
            shop.settle();
            redrive(&shop);
            let last = shop.settle();
            assert!(last.iter().all(|report| report.outcome == Outcome::Unchanged), "{what}: {last:?}");
            assert_eq!(check(&shop, &[]), [], "{what}");
        }
    }
}

#[test]
fn a_look_through_an_outage_is_repeated_until_it_can_see() {
    let shop = shop();
    let order = shop.order(&shirts(ADA).shipping("ups_03", 5));
    shop.drain();
    let park = shop.record(order).park;
    (0..3).for_each(|_| plan(&shop, &Fault::Refused));
    shop.send(order, Cause::Webhook);
    let reports = shop.pass(20);
    let expected = [Outcome::Returned, Outcome::Returned, Outcome::Returned, Outcome::Skipped];
    assert_eq!(outcomes(&reports), expected, "every five minutes");
    assert_eq!((shop.record(order).state, shop.record(order).park), (State::Parked, park));
    assert!(shop.queue.is_empty(Name::Orders), "only the ticket is left");
}

/// A write without an answer whose look-up is refused: parked, and nobody knows whether the document is there.
fn parked_over_an_open_write(shop: &Shop, fault: Fault) -> u64 {
    shop.customer(ADA);
    let order = shop.order(&shirts(ADA));
    let path_part = "/SalesOrder".to_owned();
    shop.erp.plan(Planned { method: "PUT".to_owned(), path_part: path_part.clone(), fault });
    assert_eq!(outcomes(&shop.drain()), [Outcome::Waiting]);
    let body = r#"{"message":"Access denied."}"#.to_owned();
    let fault = Fault::Answer { status: 403, content_type: "application/json", body };
    shop.erp.plan(Planned { method: "GET".to_owned(), path_part, fault });
    let report = only(shop.pass(2));
    assert_eq!((report.outcome, said(&report).1), (Outcome::Parked, "acumatica.rejected.permission"), "{report:?}");
    order
}

#[test]
fn an_open_write_under_a_park_is_settled_whoever_comes() {
    // The look settles first: it finds the document, or is too early to believe that there is none, or proves it.
    for (lost, minutes, code, bound, open) in [
        (Fault::LostAnswer, 0, None, true, false),
        (Fault::LostRequest, 0, Some("flows.not_ready.window"), false, true),
        (Fault::LostRequest, 60, None, false, false),
    ] {
        for (down, fault, unreadable) in magento_is_down() {
            let what = format!("{lost:?}, looked at after {minutes} minutes, {down}");
            let shop = shop();
            let order = parked_over_an_open_write(&shop, lost.clone());
            let before = shop.record(order);
            assert!(before.intent.is_some(), "{what}: the write is still open");
            shop.time.advance(jiff::SignedDuration::from_mins(minutes));
            if code.is_none() {
                plan(&shop, &fault);
            }
            let report = shop.deliver(order, Cause::Webhook);
            assert_eq!((report.outcome, said(&report).1), (Outcome::Returned, code.unwrap_or(unreadable)), "{what}");
            assert_eq!(report.verdict, Verdict::Return { after: 300 }, "{what}");
            let after = shop.record(order);
            assert_eq!((after.state, after.park), (State::Parked, before.park), "{what}");
            assert_eq!(listed(&shop).len(), 1, "{what}");
            assert_eq!((after.bound.is_some(), after.intent.is_some()), (bound, open), "{what}");

            redrive(&shop);
            let reports = shop.settle();
            assert_eq!((listed(&shop).len(), shop.record(order).state), (0, State::Done), "{what}: {reports:?}");
            assert_eq!(shop.only_order().total, shop.value(order), "{what}");
            assert_eq!(check(&shop, &[]), [], "{what}");
        }
    }
}
