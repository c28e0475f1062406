//! An order whose day lies in a closed financial period: parked, or moved to the next month that is open.

use flows::delivery::{Calls, Outcome};
use flows::settings::{ClosedPeriod, PaymentDocuments};
use jiff::SignedDuration;
use simulators::acumatica::{PeriodField, Record, Scalar};
use simulators::fault::{Fault, Planned};
use simulators::magento::{OrderDraft, Payment};

use super::outcomes::{only, outcomes, said};
use super::slices::of_lines;
use super::world::{Shop, shirts};

const ADA: &str = "ada@example.com";

/// A paid order of 23 November 2026 that comes on 20 January; `closed` are year and month of closed periods.
fn late(rule: Option<ClosedPeriod>, closed: &[(i16, i8)]) -> (Shop, u64) {
    late_of(&shirts(ADA), rule, closed)
}

fn late_of(draft: &OrderDraft, rule: Option<ClosedPeriod>, closed: &[(i16, i8)]) -> (Shop, u64) {
    let mut shop = Shop::new();
    shop.settings.orders.default.closed_period = rule;
    shop.customer(ADA);
    shop.erp.with(|erp| {
        erp.config.period_fields = [PeriodField::Date, PeriodField::ApplicationDate].into();
        erp.master.closed_periods = closed.iter().copied().collect();
    });
    let payment = Payment::Captured { method: "braintree".to_owned(), transaction: "t-1".to_owned() };
    let order = shop.order(&draft.clone().payment(payment));
    shop.time.advance(SignedDuration::from_hours(24 * 58));
    (shop, order)
}

const NOVEMBER: (i16, i8) = (2026, 11);
const DECEMBER: (i16, i8) = (2026, 12);
const JANUARY: (i16, i8) = (2027, 1);

/// Day, day of its payment, and description of the only order.
fn written(shop: &Shop) -> [String; 3] {
    shop.erp.with(|erp| {
        let [order] = erp.order_records() else { panic!("{} orders", erp.order_records().len()) };
        let day = |record: &Record, field: &str| match record.at(field) {
            Some(Scalar::Moment(moment)) => moment.strftime("%Y-%m-%d").to_string(),
            other => panic!("{field} is {other:?}"),
        };
        let payment = &order.rows("Payments")[0];
        [day(order, "Date"), day(payment, "ApplicationDate"), order.text("Description").unwrap_or_default().to_owned()]
    })
}

#[test]
fn a_closed_month_is_left_for_the_next_that_is_open() {
    for (closed, day, tries) in [
        (vec![], "2026-11-23", 1),
        (vec![NOVEMBER], "2026-12-01", 2),
        (vec![NOVEMBER, DECEMBER], "2027-01-01", 3),
        // The first that is open, whatever comes after it.
        (vec![NOVEMBER, JANUARY], "2026-12-01", 2),
    ] {
        let (shop, order) = late(Some(ClosedPeriod::NextOpen), &closed);
        let report = only(shop.drain());
        assert_eq!(report.outcome, Outcome::Applied, "{closed:?} {report:?}");
        let described = if tries == 1 { "Magento order 000000001" } else { "Magento order 000000001 of 2026-11-23" };
        assert_eq!(written(&shop), [day, day, described], "{closed:?}");
        assert_eq!((shop.only_order().total, shop.saves()), (shop.value(order), 1));
        assert_eq!(shop.record(order).intent, None);
    }
}

/// Each request moves by itself: the slices, and the payment of its own.
#[test]
fn an_order_in_parts_moves_whole() {
    let (mut shop, order) = late_of(&of_lines(3), Some(ClosedPeriod::NextOpen), &[NOVEMBER]);
    shop.settings.orders.lines_per_request = Some(1);
    shop.settings.orders.default.payments = Some(PaymentDocuments::Separate);
    let report = only(shop.drain());
    assert_eq!(report.outcome, Outcome::Applied, "{report:?}");
    assert_eq!(written(&shop), ["2026-12-01", "2026-12-01", "Magento order 000000001 of 2026-11-23"]);
    let written = shop.only_order();
    assert_eq!((written.total, shop.erp.with(|erp| erp.payments()).len()), (shop.value(order), 1));
    assert!(written.lines.len() > 2, "{:?}", written.lines);
}

#[test]
fn an_order_is_parked_where_no_month_is_open_or_it_may_not_move() {
    for (rule, closed, tries) in [
        (Some(ClosedPeriod::NextOpen), vec![NOVEMBER, DECEMBER, JANUARY], 3),
        (Some(ClosedPeriod::Park), vec![NOVEMBER], 1),
        (None, vec![NOVEMBER], 1),
    ] {
        let (shop, order) = late(rule, &closed);
        let report = only(shop.drain());
        assert_eq!((report.outcome, said(&report).1), (Outcome::Parked, "acumatica.rejected.period_closed"));
        // One call finds the customer.
        assert_eq!(report.calls, Calls { magento: 1, acumatica: tries + 1 }, "{closed:?}");
        assert_eq!((shop.orders().len(), shop.record(order).intent), (0, None), "{rule:?}");
        // The period is opened, and the order tried again: it has its own day.
        shop.erp.with(|erp| erp.master.closed_periods.clear());
        shop.send(order, queue::Cause::Operator);
        assert_eq!(outcomes(&shop.drain()), [Outcome::Applied]);
        assert_eq!(written(&shop)[0], "2026-11-23");
    }
}

/// The answer to the request that was taken is lost: the order is found, and its other day is no difference.
#[test]
fn a_moved_order_that_is_found_later_is_as_it_was_written() {
    let (shop, order) = late(Some(ClosedPeriod::NextOpen), &[NOVEMBER]);
    let (method, path_part, fault) = ("PUT".to_owned(), "/SalesOrder".to_owned(), Fault::LostAnswer);
    shop.erp.plan_nth(2, Planned { method, path_part, fault });
    shop.pass(40);
    assert_eq!(written(&shop)[0], "2026-12-01");
    let document = shop.only_order();
    assert_eq!((document.hold, shop.saves()), (false, 1));
    assert_eq!(shop.record(order).bound.expect("bound").target, format!("SO/{}", document.nbr));
}
