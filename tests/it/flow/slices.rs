//! Orders of many lines: written in slices of 500, each line once, whatever happens between them.

use flows::delivery::{Calls, Outcome};
use queue::Cause;
use simulators::fault::{Fault, Planned};
use simulators::magento::OrderDraft;
use store::record::State;

use super::outcomes::{only, said};
use super::world::{RATE, Shop};

const ADA: &str = "ada@example.com";

/// An order of so many lines at 1.00, with shipping and tax.
pub(super) fn of_lines(count: usize) -> OrderDraft {
    let draft = OrderDraft::guest(ADA).shipping("flatrate_flatrate", 5).tax(RATE, 6);
    (0..count).fold(draft, |draft, _| draft.simple("SHIRT", 1, 1))
}

/// A known customer's order of 1,001 lines: three slices.
pub(super) fn thousand(shop: &mut Shop) {
    shop.customer(ADA);
    shop.order(&of_lines(1_001));
}

/// The same way with few lines: five in slices of two.
pub(super) fn five(shop: &mut Shop) {
    shop.customer(ADA);
    shop.settings.orders.lines_per_request = Some(2);
    shop.order(&of_lines(5));
}

/// The next PUT of a sales order fails so.
fn fails(shop: &Shop, fault: Fault) {
    shop.erp.plan(Planned { method: "PUT".to_owned(), path_part: "/SalesOrder".to_owned(), fault });
}

/// The references of the ERP's only order, which must be those of the shopper's lines.
fn whole(shop: &Shop, order: u64) {
    let document = shop.only_order();
    let asked = shop.document(order)["items"].as_array().map_or(0, Vec::len);
    assert_eq!(super::invariants::references(shop, &document.nbr).len(), asked, "every line once");
    assert_eq!(document.lines.len(), asked);
    assert_eq!((document.total, document.status.as_str()), (shop.value(order), "Open"));
    let record = shop.record(order);
    assert_eq!((record.state, record.bound.map(|bound| bound.unfinished)), (State::Done, Some(false)));
}

#[test]
fn a_save_for_every_five_hundred_lines() {
    for (lines, saves, most_units) in [(500, 1, 8), (501, 2, 9), (1_000, 2, 9), (1_001, 3, 10)] {
        let shop = Shop::new();
        shop.customer(ADA);
        // The second order of a shopper, so that nobody is looked for.
        shop.order(&of_lines(1));
        shop.drain();
        let before = shop.saves();
        let units = || shop.state.write_units() + shop.log.write_units();
        let units_before = units();
        let order = shop.order(&of_lines(lines));
        let report = only(shop.drain());
        assert_eq!(report.outcome, Outcome::Applied, "{lines}: {report:?}");
        assert_eq!(
            (shop.saves() - before, report.calls),
            (saves, Calls { magento: 1, acumatica: u32::try_from(saves).expect("a few") }),
            "{lines}"
        );
        let spent = units() - units_before;
        assert!(spent <= most_units, "{lines} lines: {spent} write units");
        let own = shop.orders().pop().expect("an order");
        assert_eq!((own.total, own.lines.len(), own.hold), (shop.value(order), lines, false), "{lines}");
    }
}

#[test]
fn a_slice_whose_answer_is_lost_is_looked_for_and_not_sent_again() {
    for (what, faults) in [
        ("the first", vec![Fault::LostAnswer]),
        ("the second", vec![Fault::Pass, Fault::LostAnswer]),
        ("the last", vec![Fault::Pass, Fault::Pass, Fault::LostAnswer]),
        ("a second that never came", vec![Fault::Pass, Fault::LostRequest]),
        ("a second that comes late", vec![Fault::Pass, Fault::Late { after: std::time::Duration::from_secs(1_200) }]),
        ("a second that is refused for now", vec![Fault::Pass, Fault::Refused]),
    ] {
        let mut shop = Shop::new();
        thousand(&mut shop);
        for fault in faults {
            fails(&shop, fault);
        }
        shop.settle();
        assert_eq!(shop.saves(), 3, "{what}");
        whole(&shop, 1);
    }
}

#[test]
fn an_order_that_was_begun_is_on_hold_and_goes_on_where_it_was() {
    let mut shop = Shop::new();
    thousand(&mut shop);
    fails(&shop, Fault::Pass);
    fails(&shop, Fault::Refused);
    let report = only(shop.drain());
    assert_eq!((report.outcome, report.code.as_deref()), (Outcome::Waiting, Some("acumatica.not_ready.unreachable")));
    let begun = shop.only_order();
    assert_eq!((begun.lines.len(), begun.hold, begun.payments.len()), (500, true, 0));
    let record = shop.record(1);
    assert_eq!(record.bound.map(|bound| (bound.target, bound.unfinished)), Some((format!("SO/{}", begun.nbr), true)));
    assert!(serde_json::to_string(&record.intent).expect("json").len() < 1_000, "intents stay small");
    let report = shop.settle().pop().expect("a report");
    // The order is read, and the two slices that are missing are sent.
    assert_eq!((report.outcome, report.calls), (Outcome::Applied, Calls { magento: 1, acumatica: 3 }));
    whole(&shop, 1);
}

#[test]
fn an_order_that_was_begun_is_not_taken_for_one_from_before_the_cut_over() {
    let mut shop = Shop::new();
    five(&mut shop);
    // It is planned as a hold: Magento's own sum does not add up.
    let now = shop.now();
    shop.magento.with(|magento| magento.edit(now, 1, |order| order["base_grand_total"] = serde_json::json!(99)));
    fails(&shop, Fault::Pass);
    fails(&shop, Fault::Refused);
    shop.drain();
    shop.settings.orders.look_up_before = Some(shop.now() + jiff::SignedDuration::from_hours(1));
    let report = shop.settle().pop().expect("a report");
    assert_eq!((report.outcome, said(&report).1), (Outcome::Held, "orders.held.total_differs"), "{report:?}");
    let document = shop.only_order();
    assert_eq!((document.lines.len(), document.hold), (5, true));
}

#[test]
fn an_order_that_is_changed_between_its_slices_stays_on_hold() {
    let mut shop = Shop::new();
    thousand(&mut shop);
    fails(&shop, Fault::Pass);
    fails(&shop, Fault::Refused);
    shop.drain();
    let now = shop.now();
    shop.magento
        .with(|magento| magento.edit(now, 1, |order| order["items"][700]["qty_ordered"] = serde_json::json!(2)));
    let report = shop.settle().pop().expect("a report");
    let nbr = shop.only_order().nbr;
    let sentence = format!(
        "Lines or amounts of order 000000001 were changed in Magento while it was written to Acumatica as SO/{nbr}, which has only a part of it."
    );
    assert_eq!(said(&report), (Outcome::Parked, "orders.rejected.changed_after_sync", sentence.as_str()));
    let begun = shop.only_order();
    assert_eq!((begun.lines.len(), begun.hold), (500, true));
    // Deleted there and retried, it is written anew.
    shop.erp.with(|erp| erp.delete_order("SO", &nbr)).expect("the order");
    assert_eq!(shop.deliver(1, Cause::Operator).outcome, Outcome::Applied);
    assert_eq!(shop.only_order().lines.len(), 1_001);
}

#[test]
fn a_cancellation_between_the_slices_is_told_and_nothing_more_is_written() {
    let mut shop = Shop::new();
    thousand(&mut shop);
    fails(&shop, Fault::Pass);
    fails(&shop, Fault::Refused);
    shop.drain();
    let now = shop.now();
    shop.magento.with(|magento| magento.set_state(now, 1, "canceled"));
    let report = shop.settle().pop().expect("a report");
    assert_eq!((report.outcome, report.code.as_deref()), (Outcome::Held, Some("orders.held.canceled_in_magento")));
    let begun = shop.only_order();
    assert_eq!((begun.lines.len(), begun.hold), (500, true));
    assert_eq!(shop.deliver(1, Cause::Webhook).code.as_deref(), Some("orders.held.canceled_in_magento"));
}

#[test]
fn a_new_address_between_the_slices_is_in_the_last() {
    let mut shop = Shop::new();
    thousand(&mut shop);
    fails(&shop, Fault::Pass);
    fails(&shop, Fault::Refused);
    shop.drain();
    let city = serde_json::json!("Elsewhere");
    shop.magento.with(|magento| magento.edit_address(1, simulators::magento::AddressKind::Shipping, "city", city));
    shop.settle();
    whole(&shop, 1);
    let records = shop.erp.with(|erp| erp.order_records().to_vec());
    assert_eq!(records[0].at("ShipToAddress/City"), Some(&simulators::acumatica::Scalar::Text("Elsewhere".to_owned())));
}

#[test]
fn a_control_total_is_met_by_the_last_slice_alone() {
    let mut shop = Shop::new();
    shop.order_type(|kind| kind.require_control_total = true);
    shop.settings.orders.default.control_total = Some(flows::settings::ControlTotal::Required);
    thousand(&mut shop);
    assert_eq!(only(shop.drain()).outcome, Outcome::Applied);
    whole(&shop, 1);
}

#[test]
fn a_line_that_is_taken_for_another_item_keeps_the_order_on_hold_to_the_end() {
    let mut shop = Shop::new();
    shop.settings.orders.lines_per_request = Some(2);
    let other = simulators::acumatica::Item {
        warehouses: vec!["MAIN".to_owned()],
        alternate_ids: ["OLD-CAP".to_owned()].into(),
        ..simulators::acumatica::Item::default()
    };
    shop.erp.with(|erp| erp.add_item("CAP", other));
    shop.customer(ADA);
    let draft = OrderDraft::guest(ADA).shipping("flatrate_flatrate", 5).simple("OLD-CAP", 1, 1);
    // It is in the first of three slices.
    shop.order(&(0..4).fold(draft, |draft, _| draft.simple("SHIRT", 1, 1)));
    let report = only(shop.drain());
    assert_eq!(
        (report.outcome, report.code.as_deref()),
        (Outcome::Held, Some("orders.held.item_differs")),
        "{report:?}"
    );
    let own = shop.only_order();
    assert_eq!((own.lines.len(), own.hold, own.total), (5, true, shop.value(1)));
    assert_eq!(shop.record(1).state, State::Done);
}
