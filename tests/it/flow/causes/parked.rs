//! Causes that park an order until a person mends them.

mod before;
mod refused;
mod rules;

use flows::codes;
use flows::delivery::{Calls, Outcome};
use flows::settings::{ItemIdentity, Scope, Settings, ShippingRow, TaxRow};
use queue::{Cause, Name, Queue};
use store::log::Level;
use store::record::State;

use super::super::invariants::check;
use super::super::outcomes::{only, outcomes, said};
use super::super::world::{RATE, Shop, ready};
use super::{ADA, Promised, dead_letters, documents};

/// A cause, how it is told, and how it is mended.
pub(super) struct Case {
    pub(super) promised: Promised,
    /// Puts the cause in place; the customer is there, the order is not.
    plant: fn(&mut Shop),
    /// Places the order.
    order: fn(&Shop) -> u64,
    pub(super) code: &'static str,
    sentence: &'static str,
    /// Calls to the ERP until the order is parked: none for what can be seen before, one finds the customer, one more is refused.
    erp_calls: u32,
    /// Removes the cause.
    mend: fn(&mut Shop),
    /// The cause is removed by a change of the settings, so that the order is tried again by itself.
    pub(super) by_settings: bool,
}

/// All of them.
pub(super) fn cases() -> impl Iterator<Item = &'static Case> {
    before::CASES.iter().chain(refused::CASES).chain(rules::CASES)
}

fn nothing(_: &mut Shop) {}

fn carrier(method: &str, ship_via: &str) -> ShippingRow {
    ShippingRow { method: method.to_owned(), ship_via: ship_via.to_owned(), terms: Some("WEB".to_owned()) }
}

fn tax_id(tax_id: &str) -> TaxRow {
    TaxRow { code: RATE.to_owned(), tax_id: tax_id.to_owned() }
}

/// What holds for every store.
fn default(settings: &mut Settings) -> &mut Scope {
    &mut settings.orders.default
}

/// A way out of the park.
#[derive(Clone, Copy, Debug)]
enum WayOut {
    Sweep,
    Redrive,
    Operator,
}

/// Plants the cause and plays the order until it is parked.
fn park(case: &Case, what: &str) -> (Shop, u64) {
    let mut shop = Shop::new();
    shop.customer(ADA);
    (case.plant)(&mut shop);
    let order = (case.order)(&shop);
    shop.send(order, Cause::Webhook);
    let report = only(shop.drain());
    assert_eq!(said(&report), (Outcome::Parked, case.code, case.sentence), "{what}");
    // Magento is asked for the products, too, where an attribute of theirs names the item.
    let asks_products = matches!(shop.settings.orders.default.items, Some(ItemIdentity::Attribute { .. }));
    let calls = Calls { magento: 1 + u32::from(asks_products), acumatica: case.erp_calls };
    assert_eq!(report.calls, calls, "{what}");
    (shop, order)
}

#[test]
fn a_parked_order_says_why_and_stays_out_of_the_erp() {
    for case in cases() {
        let what = format!("{:?}: {}", case.promised, case.code);
        let (shop, order) = park(case, &what);
        let record = shop.record(order);
        assert_eq!((record.state, record.intent, record.bound), (State::Parked, None, None), "{what}");
        let kept = record.park.expect("a park");
        assert_eq!((kept.code.as_str(), kept.message.as_str()), (case.code, case.sentence), "{what}");
        let entry = shop.entries().pop().expect("an entry");
        let told = (entry.outcome.as_str(), entry.level, entry.code.as_deref(), entry.message.as_deref());
        assert_eq!(told, ("parked", Level::Error, Some(case.code), Some(case.sentence)), "{what}");
        assert_eq!((documents(&shop).len(), dead_letters(&shop)), (0, 1), "{what}");
        assert_eq!((outcomes(&shop.pass(5)), shop.sweep().parked), (Vec::new(), 1), "{what}: nothing by itself");
    }
}

#[test]
fn newer_settings_are_tried_once_for_what_they_may_mend_and_never_for_the_rest() {
    for case in cases() {
        let what = format!("{:?}: {}", case.promised, case.code);
        let (mut shop, _) = park(case, &what);
        for _ in 0..2 {
            shop.change_settings(|_| {});
            let again = if codes::may_be_mended_by_settings(case.code) { vec![Outcome::Parked] } else { Vec::new() };
            assert_eq!(outcomes(&shop.pass(5)), again, "{what}");
        }
        assert!(codes::may_be_mended_by_settings(case.code) || !case.by_settings, "{what}");
    }
}

#[test]
fn a_mended_order_is_written_once_whoever_tries_it_again() {
    for case in cases() {
        for way_out in [WayOut::Sweep, WayOut::Redrive, WayOut::Operator] {
            let what = format!("{:?}: {}, {way_out:?}", case.promised, case.code);
            if matches!(way_out, WayOut::Sweep) && !case.by_settings {
                continue;
            }
            let (mut shop, order) = park(case, &what);
            (case.mend)(&mut shop);
            let reports = match way_out {
                WayOut::Sweep => shop.pass(1),
                WayOut::Redrive => {
                    ready(shop.queue.start_redrive(Name::Orders)).expect("the queue in memory answers");
                    shop.drain()
                }
                WayOut::Operator => vec![shop.deliver(order, Cause::Operator)],
            };
            assert_eq!(outcomes(&reports), [Outcome::Applied], "{what}: {reports:?}");
            let (record, documents) = (shop.record(order), documents(&shop));
            assert_eq!((record.state, record.park, record.attempts), (State::Done, None, 0), "{what}");
            assert_eq!(documents.len(), 1, "{what}");
            assert_eq!((documents[0].total, documents[0].hold), (shop.value(order), false), "{what}");
            assert_eq!((check(&shop, &[]), shop.sweep().parked), (Vec::new(), 0), "{what}");
        }
    }
}
