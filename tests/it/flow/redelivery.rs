//! The same news again, late, out of order, at once: one document, and the newest state wins.

use flows::delivery::{Outcome, Verdict};
use queue::{Cause, Name, Queue};
use rust_decimal::Decimal;
use simulators::acumatica::Scalar;
use simulators::fault::{Fault, Planned};
use simulators::magento::AddressKind;
use store::record::State;

use super::invariants::check;
use super::outcomes::outcomes;
use super::world::{Shop, ready, shirts};

const ADA: &str = "ada@example.com";

fn unordered() -> Shop {
    Shop::with(super::plants::Plant::Nothing, queue::memory::Memory::unordered)
}

/// One document that adds up, and a record that is done.
fn is_synced(shop: &Shop, order: u64) {
    assert_eq!(check(shop, &[]), []);
    assert_eq!((shop.only_order().total, shop.record(order).state), (shop.value(order), State::Done));
}

fn city(shop: &Shop) -> String {
    match shop.erp.with(|erp| erp.order_records()[0].at("ShipToAddress/City").cloned()) {
        Some(Scalar::Text(city)) => city,
        other => panic!("no city: {other:?}"),
    }
}

fn move_to(shop: &Shop, order: u64, city: &str) {
    let now = shop.now();
    shop.magento.with(|magento| {
        magento.edit_address(order, AddressKind::Shipping, "city", serde_json::json!(city));
        magento.touch(now, order);
    });
}

#[test]
fn three_deliveries_of_one_order_make_one_document() {
    for shop in [Shop::new(), unordered()] {
        let order = shop.order(&shirts(ADA));
        shop.send(order, Cause::Webhook);
        shop.send(order, Cause::Poll);
        assert_eq!(outcomes(&shop.settle()), [Outcome::Applied, Outcome::Unchanged, Outcome::Unchanged]);
        assert_eq!(shop.saves(), 2, "the customer and the order, once each");
        is_synced(&shop, order);
    }
}

#[test]
fn a_message_that_is_received_again_after_its_answer_was_lost_changes_nothing() {
    let shop = Shop::new();
    let order = shop.order(&shirts(ADA));
    let delivery = shop.queue.take(Name::Orders).expect("a message");
    assert_eq!(shop.work_on(&delivery).outcome, Outcome::Applied);
    // SQS hands out the same receipt twice now and then, also after the message was deleted.
    let again = shop.work_on(&delivery);
    assert_eq!((again.outcome, again.calls.acumatica), (Outcome::Unchanged, 0));
    is_synced(&shop, order);
}

#[test]
fn a_live_owner_is_waited_for_until_its_time_is_over() {
    let shop = unordered();
    let order = shop.order(&shirts(ADA));
    shop.send(order, Cause::Webhook);
    let (first, second) = (shop.queue.take(Name::Orders).unwrap(), shop.queue.take(Name::Orders).unwrap());
    // The first worker claims, then dies in its first call to the shop.
    let event = queue::Envelope::decode(&first.body).expect("an envelope");
    let gate = super::seams::Gate::closed();
    let (world, link) = shop.worker(&gate, &event.source_id);
    let deadline = shop.now() + super::driver::INVOCATION;
    let given = flows::delivery::Delivery { message_id: &first.message_id, event: &event, deadline };
    let mut work = super::schedule::Worker::new("first".to_owned(), gate.clone(), async {
        let report = flows::orders::sync(&world, &link, &given).await;
        panic!("the worker is dropped before it ends: {report:?}");
    });
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    for _ in 0..3 {
        gate.decide(super::seams::Fate::Done);
        assert!(work.future.as_mut().expect("alive").as_mut().poll(&mut context).is_pending());
    }
    drop(work);
    let report = shop.work_on(&second);
    assert_eq!((report.verdict, report.silent), (Verdict::Return { after: 180 }, true));
    assert_eq!(shop.orders().len(), 0);
    assert_eq!(outcomes(&shop.settle()).first(), Some(&Outcome::Applied));
    is_synced(&shop, order);
}

#[test]
fn an_old_revision_after_a_newer_one_is_skipped() {
    let shop = Shop::new();
    let order = shop.order(&shirts(ADA));
    let old = shop.document(order);
    shop.time.advance(jiff::SignedDuration::from_mins(1));
    move_to(&shop, order, "Lyon");
    shop.drain();
    // A replica that lags behind answers the state from before.
    let new = shop.document(order);
    shop.magento.with(|magento| magento.insert_document(old));
    let report = shop.deliver(order, Cause::Webhook);
    assert_eq!((report.outcome, report.code.as_deref()), (Outcome::Skipped, Some("flows.skipped.stale")));
    assert_eq!((report.calls.acumatica, city(&shop).as_str()), (0, "Lyon"));
    shop.magento.with(|magento| magento.insert_document(new));
    assert_eq!(shop.deliver(order, Cause::Webhook).outcome, Outcome::Unchanged);
}

#[test]
fn an_equal_revision_is_decided_by_the_fingerprint() {
    let shop = Shop::new();
    let order = shop.order(&shirts(ADA));
    shop.drain();
    // Within the same second: `updated_at` does not move.
    move_to(&shop, order, "Lyon");
    assert_eq!(shop.deliver(order, Cause::Webhook).outcome, Outcome::Applied);
    assert_eq!(city(&shop), "Lyon");
    assert_eq!(shop.deliver(order, Cause::Webhook).outcome, Outcome::Unchanged);
}

/// An order that is parked because its payment method is not mapped, and what mends it.
fn parked(shop: &Shop) -> (u64, impl Fn()) {
    let now = shop.now();
    let order = shop.place(&shirts(ADA));
    let payment = shop.document(order)["payment"]["method"].clone();
    shop.magento.with(|magento| magento.edit(now, order, |order| order["payment"]["method"] = "carrier-pigeon".into()));
    shop.send(order, Cause::Webhook);
    let magento = shop.magento.clone();
    (order, move || {
        magento.with(|magento| magento.edit(now, order, |order| order["payment"]["method"] = payment.clone()))
    })
}

#[test]
fn a_parked_record_is_tried_again_by_those_who_insist_and_by_news() {
    for (what, cause, touched, expected) in [
        ("an operator", Cause::Operator, false, Outcome::Applied),
        ("newer settings", Cause::Settings, false, Outcome::Applied),
        ("an event without news", Cause::Webhook, false, Outcome::Skipped),
        ("an event with a newer revision", Cause::Webhook, true, Outcome::Applied),
    ] {
        let shop = Shop::new();
        let (order, mend) = parked(&shop);
        assert_eq!(outcomes(&shop.drain()), [Outcome::Parked], "{what}");
        let park = shop.record(order).park;
        mend();
        if touched {
            shop.time.advance(jiff::SignedDuration::from_secs(1));
            shop.magento.with(|magento| magento.touch(shop.now(), order));
        }
        let report = shop.deliver(order, cause);
        assert_eq!(report.outcome, expected, "{what}: {report:?}");
        if expected == Outcome::Skipped {
            assert_eq!(report.code.as_deref(), Some("flows.skipped.still_parked"), "{what}");
            assert_eq!((shop.record(order).state, shop.record(order).park), (State::Parked, park), "{what}");
        } else {
            is_synced(&shop, order);
        }
    }
}

#[test]
fn a_redriven_message_has_a_new_id_and_is_tried() {
    let shop = Shop::new();
    let (order, mend) = parked(&shop);
    shop.drain();
    // Redriven too early: parked again, and again in the dead-letter queue.
    for expected in [Outcome::Parked, Outcome::Parked] {
        ready(shop.queue.start_redrive(Name::Orders)).expect("the queue in memory answers");
        assert_eq!(outcomes(&shop.drain()), [expected]);
        assert_eq!(ready(shop.queue.dead_letters(Name::Orders)), Ok(1));
    }
    mend();
    ready(shop.queue.start_redrive(Name::Orders)).expect("the queue in memory answers");
    assert_eq!(outcomes(&shop.drain()), [Outcome::Applied]);
    assert_eq!(ready(shop.queue.dead_letters(Name::Orders)), Ok(0));
    is_synced(&shop, order);
}

#[test]
fn a_ticket_whose_record_was_synced_meanwhile_ends_unchanged() {
    let shop = Shop::new();
    let (order, mend) = parked(&shop);
    shop.drain();
    mend();
    assert_eq!(shop.deliver(order, Cause::Operator).outcome, Outcome::Applied);
    ready(shop.queue.start_redrive(Name::Orders)).expect("the queue in memory answers");
    assert_eq!(outcomes(&shop.drain()), [Outcome::Unchanged]);
    is_synced(&shop, order);
}

#[test]
fn a_retry_of_a_write_without_an_answer_waits_for_the_window() {
    let shop = Shop::new();
    shop.customer(ADA);
    let order = shop.order(&shirts(ADA));
    let after = std::time::Duration::from_secs(20 * 60);
    shop.erp.plan(Planned { method: "PUT".to_owned(), path_part: String::new(), fault: Fault::Late { after } });
    assert_eq!(outcomes(&shop.drain()), [Outcome::Waiting]);
    // An operator who insists does not get a second document either.
    let report = shop.deliver(order, Cause::Operator);
    assert_eq!((report.outcome, report.code.as_deref()), (Outcome::Waiting, Some("flows.not_ready.window")));
    let reports = shop.pass(40);
    assert_eq!(reports.last().map(|report| report.outcome), Some(Outcome::Adopted), "{reports:?}");
    is_synced(&shop, order);
}

#[test]
fn a_record_whose_message_died_is_found_by_its_due() {
    let shop = Shop::new();
    let order = shop.place(&shirts(ADA));
    let refused = || Planned { method: "GET".to_owned(), path_part: "/V1/orders/".to_owned(), fault: Fault::Refused };
    shop.magento.plan(refused());
    assert_eq!(shop.deliver(order, Cause::Webhook).outcome, Outcome::Waiting);
    assert!(shop.queue.is_empty(Name::Orders));
    shop.time.advance(jiff::SignedDuration::from_mins(2));
    assert_eq!(shop.sweep().due, 1);
    // That message is lost as well.
    let lost = shop.queue.take(Name::Orders).expect("the sweep's message");
    assert!(shop.queue.delete(Name::Orders, &lost.receipt_handle));
    assert_eq!(shop.sweep().due, 0, "it is looked at again after fifteen minutes, not at once");
    assert_eq!(outcomes(&shop.pass(16)), [Outcome::Applied]);
    is_synced(&shop, order);
    assert_eq!(shop.value(order), Decimal::from(111));
}
