//! What becomes of an order that cannot be written as it is: parked, held, waiting or skipped, and how it comes right.

use flows::delivery::{Calls, Outcome, Report};
use flows::link::Activation;
use flows::settings::{ControlTotal, Numbering, ShippingRow};
use queue::{Cause, Name, Queue};
use simulators::acumatica::{Item, Scalar};
use simulators::fault::{Fault, Planned};
use simulators::magento::{AddressKind, Payment};
use store::record::State;

use super::plants::Plant;
use super::world::{LINK, Shop, ready, shirts};

const ADA: &str = "ada@example.com";

/// Outcome, code and sentence of a report.
pub(super) fn said(report: &Report) -> (Outcome, &str, &str) {
    (report.outcome, report.code.as_deref().unwrap_or_default(), report.message.as_deref().unwrap_or_default())
}

pub(super) fn only(mut reports: Vec<Report>) -> Report {
    assert_eq!(reports.len(), 1, "{reports:?}");
    reports.remove(0)
}

pub(super) fn outcomes(reports: &[Report]) -> Vec<Outcome> {
    reports.iter().map(|report| report.outcome).collect()
}

/// The messages of the queue and of its dead-letter queue.
fn messages(shop: &Shop) -> (usize, u64) {
    (shop.queue.len(Name::Orders), ready(shop.queue.dead_letters(Name::Orders)).expect("a number"))
}

#[test]
fn an_unmapped_shipping_method_is_parked_and_synced_when_it_is_mapped() {
    let mut shop = Shop::new();
    let order = shop.order(&shirts(ADA).shipping("ups_03", 5));
    let report = only(shop.drain());
    assert_eq!(
        said(&report),
        (
            Outcome::Parked,
            "orders.rejected.shipping_method_not_mapped",
            "Shipping method `ups_03` of order 000000001 is not mapped."
        )
    );
    assert_eq!(report.calls, Calls { magento: 1, acumatica: 0 });
    assert_eq!(messages(&shop), (0, 1), "the message fails fast until SQS moves it to the dead-letter queue");
    assert_eq!(outcomes(&shop.pass(5)), [], "nothing happens by itself under the same settings");

    let row = ShippingRow { method: "ups_03".to_owned(), ship_via: "LOCAL".to_owned(), terms: None };
    shop.change_settings(|settings| settings.orders.default.shipping_methods.push(row));
    assert_eq!(outcomes(&shop.pass(1)), [Outcome::Applied]);
    assert_eq!(shop.only_order().total, shop.value(order));

    // The ticket in the dead-letter queue is redriven although the record is no longer parked.
    ready(shop.queue.start_redrive(Name::Orders)).expect("the queue in memory answers");
    let report = only(shop.drain());
    assert_eq!((report.outcome, report.calls.acumatica), (Outcome::Unchanged, 0));
    assert_eq!(messages(&shop), (0, 0));
}

#[test]
fn newer_settings_that_mend_nothing_are_tried_once() {
    let mut shop = Shop::new();
    shop.order(&shirts(ADA).shipping("ups_03", 5));
    shop.drain();
    shop.change_settings(|_| {});
    assert_eq!(outcomes(&shop.pass(5)), [Outcome::Parked]);
    shop.change_settings(|_| {});
    assert_eq!(outcomes(&shop.pass(5)), [Outcome::Parked]);
}

#[test]
fn a_missing_item_is_parked_and_synced_by_a_redrive_when_it_is_there() {
    let shop = Shop::new();
    let order =
        shop.order(&simulators::magento::OrderDraft::guest(ADA).simple("MUG", 1, 10).shipping("flatrate_flatrate", 5));
    let report = only(shop.drain());
    assert_eq!((report.outcome, report.code.as_deref()), (Outcome::Parked, Some("acumatica.rejected.item_not_found")));
    assert!(said(&report).2.contains("`MUG`"), "{report:?}");
    assert_eq!(shop.record(order).intent, None, "the refusal proves that nothing was written");
    assert_eq!((messages(&shop), shop.orders().len()), ((0, 1), 0));

    shop.erp.with(|erp| erp.add_item("MUG", Item::default()));
    ready(shop.queue.start_redrive(Name::Orders)).expect("the queue in memory answers");
    assert_eq!(outcomes(&shop.drain()), [Outcome::Applied]);
    assert_eq!((messages(&shop), shop.only_order().total), ((0, 0), shop.value(order)));
}

#[test]
fn an_order_that_is_not_committed_yet_is_waited_for_ten_minutes() {
    for (there_after, expected) in [(3, Outcome::Applied), (60, Outcome::Parked)] {
        let shop = Shop::new();
        let order = shop.place(&shirts(ADA));
        let document = shop.magento.with(|magento| magento.delete_order(order)).expect("the order");
        shop.send(order, Cause::Webhook);
        let report = only(shop.drain());
        assert_eq!(said(&report).1, "magento.not_ready.order_not_found");
        assert!(shop.queue.is_empty(Name::Orders), "a wait acknowledges the message");
        let mut reports = shop.pass(there_after);
        if expected == Outcome::Applied {
            shop.magento.with(|magento| magento.insert_document(document));
            reports.extend(shop.pass(2));
        }
        assert_eq!(reports.last().map(|report| report.outcome), Some(expected), "{reports:?}");
        assert!(outcomes(&reports[..reports.len() - 1]).iter().all(|outcome| *outcome == Outcome::Waiting));
        if expected == Outcome::Parked {
            assert_eq!(reports.last().map(said).map(|said| said.1), Some("magento.rejected.order_not_found"));
            assert!((9..=11).contains(&reports.len()), "looked at every minute for ten minutes: {}", reports.len());
        }
    }
}

#[test]
fn an_order_waits_while_it_is_not_firm() {
    for (state, code) in [
        ("pending_payment", "orders.not_ready.pending_payment"),
        ("payment_review", "orders.not_ready.payment_review"),
        ("holded", "orders.not_ready.on_hold_in_magento"),
    ] {
        let shop = Shop::new();
        let order = shop.place(&shirts(ADA));
        shop.magento.with(|magento| magento.set_state(shop.now(), order, state));
        let report = shop.deliver(order, Cause::Webhook);
        assert_eq!((report.outcome, report.code.as_deref()), (Outcome::Waiting, Some(code)));
        assert_eq!(outcomes(&shop.pass(14)), [], "{state}: looked at again after fifteen minutes");
        assert_eq!(outcomes(&shop.pass(2)), [Outcome::Waiting], "{state}");
        assert_eq!(shop.record(order).attempts, 0, "{state}: a wait uses no attempt");
        shop.magento.with(|magento| magento.set_state(shop.now(), order, "processing"));
        assert_eq!(shop.deliver(order, Cause::Webhook).outcome, Outcome::Applied, "{state}");
    }
}

#[test]
fn a_cancelled_order_is_skipped_before_and_held_after_it_was_written() {
    let shop = Shop::new();
    let order = shop.place(&shirts(ADA));
    shop.magento.with(|magento| magento.set_state(shop.now(), order, "canceled"));
    let report = shop.deliver(order, Cause::Webhook);
    assert_eq!((report.outcome, said(&report).1), (Outcome::Skipped, "orders.skipped.canceled_before_sync"));
    assert_eq!((shop.orders().len(), report.calls.acumatica), (0, 0));

    let order = shop.order(&shirts(ADA));
    shop.drain();
    shop.time.advance(jiff::SignedDuration::from_mins(1));
    shop.magento.with(|magento| magento.set_state(shop.now(), order, "canceled"));
    let report = shop.deliver(order, Cause::Webhook);
    assert_eq!(
        said(&report),
        (
            Outcome::Held,
            "orders.held.canceled_in_magento",
            "Order 000000002 was cancelled in Magento after it was written to Acumatica as SO/000001; it was put on hold there."
        )
    );
    let document = shop.only_order();
    assert_eq!((document.hold, document.status.as_str()), (true, "On Hold"));
    let entry = shop.entries().pop().expect("an entry");
    assert_eq!((entry.outcome.as_str(), entry.code.as_deref()), ("held", Some("orders.held.canceled_in_magento")));
}

#[test]
fn an_order_that_the_erp_holds_is_saved_and_named() {
    // Credit hold is the ERP's own decision.
    let shop = Shop::new();
    let customer = shop.customer(ADA);
    shop.erp.with(|erp| erp.set_customer_status(&customer, "Credit Hold")).expect("the customer");
    let order = shop.order(&shirts(ADA));
    let report = only(shop.drain());
    assert_eq!(
        said(&report),
        (
            Outcome::Held,
            "orders.held.credit_hold",
            "Order 000000001 is in Acumatica as SO/000001 with status `Credit Hold`: a person decides there."
        )
    );
    assert_eq!((shop.record(order).state, shop.saves()), (State::Done, 1));
}

#[test]
fn a_total_that_differs_is_held_with_the_difference() {
    for (required, calls, saves) in [(true, 2, 1), (false, 2, 2)] {
        let mut shop = Shop::new();
        shop.order_type(|kind| {
            kind.calculate_freight = true;
            kind.require_control_total = required;
        });
        if required {
            shop.settings.orders.default.control_total = Some(ControlTotal::Required);
        }
        shop.customer(ADA);
        shop.order(&shirts(ADA));
        let report = only(shop.drain());
        assert_eq!(
            said(&report),
            (
                Outcome::Held,
                "orders.held.total_differs",
                "Order 000000001 is worth 111.00 in Magento and 118.00 in Acumatica (SO/000001), a difference of -7.00; the order is on hold. The ERP calculated freight of 7.00."
            ),
            "control total required: {required}"
        );
        // One more read finds the customer.
        assert_eq!((report.calls.acumatica, shop.saves()), (calls + 1, saves), "control total required: {required}");
        let document = shop.only_order();
        assert_eq!((document.hold, document.status.as_str()), (true, "On Hold"));
    }
}

#[test]
fn a_value_that_the_erp_does_not_take_holds_the_order() {
    // Also where the answer of the write was lost and the document is found later.
    for lost in [false, true] {
        let shop = Shop::with(Plant::CityNotTaken, |queue| queue);
        shop.customer(ADA);
        if lost {
            let (method, path_part, fault) = ("PUT".to_owned(), "/SalesOrder".to_owned(), Fault::LostAnswer);
            shop.erp.plan(Planned { method, path_part, fault });
        }
        let order = shop.order(&shirts(ADA));
        let report = shop.settle().pop().expect("a report");
        assert_eq!(
            said(&report),
            (
                Outcome::Held,
                "orders.held.value_not_taken",
                "Acumatica did not take over `ShipToAddress/City` of order 000000001 (SO/000001); the order is on hold."
            ),
            "answer lost: {lost}"
        );
        assert_eq!((shop.only_order().hold, shop.record(order).state), (true, State::Done), "answer lost: {lost}");
    }
}

#[test]
fn a_new_address_changes_the_header_alone() {
    let shop = Shop::new();
    let order = shop.order(&shirts(ADA));
    shop.drain();
    let before = shop.only_order();
    shop.magento.with(|magento| magento.edit_address(order, AddressKind::Shipping, "city", serde_json::json!("Lyon")));
    let report = shop.deliver(order, Cause::Webhook);
    assert_eq!((report.outcome, report.calls.acumatica), (Outcome::Applied, 1), "{report:?}");
    let after = shop.erp.with(|erp| erp.order_records()[0].at("ShipToAddress/City").cloned());
    assert_eq!(after, Some(Scalar::Text("Lyon".to_owned())));
    assert_eq!(shop.only_order(), before, "lines, amounts and status are as they were");
}

#[test]
fn a_changed_header_that_the_control_total_forbids_is_named_and_puts_nothing_on_hold() {
    let shop = Shop::new();
    let order = shop.order(&shirts(ADA));
    shop.drain();
    let before = shop.only_order();
    shop.magento.with(|magento| magento.edit_address(order, AddressKind::Shipping, "city", serde_json::json!("Lyon")));
    let body = r#"{"ControlTotal":{"value":111.0,"error":"The control total must equal the order total."}}"#.to_owned();
    let fault = Fault::Answer { status: 422, content_type: "application/json", body };
    shop.erp.plan(Planned { method: "PUT".to_owned(), path_part: "/SalesOrder".to_owned(), fault });
    let report = shop.deliver(order, Cause::Webhook);
    assert_eq!((report.outcome, said(&report).1), (Outcome::Parked, "acumatica.rejected.control_total"), "{report:?}");
    assert_eq!(shop.only_order(), before);
}

#[test]
fn a_number_that_is_taken_is_ours_or_named() {
    for (reference, expected) in
        [(format!("{LINK}-000000001"), Outcome::Applied), ("other".to_owned(), Outcome::Parked)]
    {
        let mut shop = Shop::new();
        shop.order_type(|kind| kind.manual_numbering = true);
        shop.settings.orders.default.numbering = Some(Numbering::Manual);
        let customer = shop.customer(ADA);
        shop.erp.with(|erp| erp.add_order("SO", "000000001", &customer, &reference));
        let order = shop.order(&shirts(ADA));
        let report = only(shop.drain());
        if expected == Outcome::Parked {
            assert_eq!(
                said(&report),
                (
                    Outcome::Parked,
                    "orders.rejected.number_taken",
                    "Number SO/000000001 of order 000000001 is taken in Acumatica by a document that has the reference `other`."
                )
            );
            assert_eq!((shop.record(order).intent, shop.record(order).bound), (None, None));
        } else {
            // It is ours and empty: adopted, and held because it does not add up.
            assert_eq!((report.outcome, said(&report).1), (Outcome::Held, "orders.held.total_differs"));
            assert_eq!(report.target.as_deref(), Some("SO/000000001"));
        }
        assert_eq!(shop.orders().len(), 1);
    }
}

#[test]
fn an_order_from_before_the_cut_over_is_looked_up_first() {
    for is_there in [true, false] {
        let mut shop = Shop::new();
        let customer = shop.customer(ADA);
        let order = shop.place(&shirts(ADA));
        shop.settings.orders.look_up_before = Some(shop.now() + jiff::SignedDuration::from_hours(1));
        if is_there {
            let reference = format!("{LINK}-000000001");
            shop.erp.with(|erp| {
                erp.add_order("SO", "SO000077", &customer, &reference);
                let now = "2026-11-23T09:00:00Z".parse().expect("an instant");
                let total: rust_decimal::Decimal = "111.00".parse().expect("a decimal");
                erp.edit_order("SO", "SO000077", now, |order| order.set("OrderTotal", total)).expect("the order");
            });
        }
        let report = shop.deliver(order, Cause::Webhook);
        let expected = if is_there { (Outcome::Adopted, 0) } else { (Outcome::Applied, 1) };
        assert_eq!((report.outcome, shop.saves()), expected, "{report:?}");
        assert_eq!(report.calls.acumatica, if is_there { 2 } else { 3 });
        assert_eq!((shop.orders().len(), shop.record(order).state), (1, State::Done));
        assert_eq!(shop.deliver(order, Cause::Webhook).outcome, Outcome::Unchanged);
    }
}

#[test]
fn a_link_that_is_not_active_processes_nothing() {
    for (activation, what) in
        [(Activation::Paused, "paused"), (Activation::Stopped, "stopped"), (Activation::Inactive, "not activated")]
    {
        let mut shop = Shop::new();
        shop.activation = activation;
        let order = shop.order(&shirts(ADA));
        let report = only(shop.drain());
        let message = format!("The link is {what}; the record waits.");
        assert_eq!(said(&report), (Outcome::Waiting, "flows.not_ready.link_inactive", message.as_str()));
        assert_eq!((report.calls, shop.record(order).attempts), (Calls::default(), 0));
        shop.activation = Activation::Active;
        assert_eq!(outcomes(&shop.pass(16)), [Outcome::Applied]);
    }
}

#[test]
fn two_customers_with_one_e_mail_are_named() {
    let shop = Shop::new();
    let (first, second) = (shop.customer(ADA), shop.customer("ADA@example.com"));
    shop.order(&shirts(ADA));
    let report = only(shop.drain());
    let message = format!("Customers {first} and {second} in Acumatica both have the e-mail of order 000000001.");
    assert_eq!(said(&report), (Outcome::Parked, "customers.rejected.ambiguous_email", message.as_str()));
    assert_eq!(shop.saves(), 0);
}

#[test]
fn a_payment_that_is_only_authorised_is_imported_without_money() {
    let shop = Shop::new();
    let card = Payment::Authorised { method: "braintree".to_owned(), transaction: "txn-1".to_owned() };
    shop.order(&shirts(ADA).payment(card));
    assert_eq!(outcomes(&shop.drain()), [Outcome::Applied]);
    let document = shop.only_order();
    assert_eq!((document.payments.len(), document.unpaid), (0, document.total));
}
