//! Crash points: every outside call of every way fails in every way, or its worker dies there, and everything comes right by itself.

use queue::Cause;

use super::plants::Plant;
use super::scenario::{Explored, Scenario, explore};
use super::schedule::Faults;
use super::seams::{Fate, Kind};
use super::world::{LINK, Shop, shirts};
use super::{payments, slices};

pub(super) const ADA: &str = "ada@example.com";

pub(super) fn known(shop: &mut Shop) {
    shop.customer(ADA);
    shop.order(&shirts(ADA));
}

fn new(shop: &mut Shop) {
    shop.order(&shirts(ADA));
}

/// An order that is in the ERP and has another address since.
pub(super) fn moved(shop: &mut Shop) {
    new(shop);
    shop.drain();
    let city = serde_json::json!("Elsewhere");
    shop.magento.with(|magento| magento.edit_address(1, simulators::magento::AddressKind::Shipping, "city", city));
    shop.send(1, Cause::Webhook);
}

/// An order that is in the ERP and was cancelled since.
pub(super) fn cancelled(shop: &mut Shop) {
    new(shop);
    shop.drain();
    let now = shop.now();
    shop.magento.with(|magento| magento.set_state(now, 1, "canceled"));
    shop.send(1, Cause::Webhook);
}

/// The ERP numbers nothing and refuses a number twice.
fn manual(shop: &mut Shop) {
    shop.order_type(|kind| kind.manual_numbering = true);
    shop.settings.orders.default.numbering = Some(flows::settings::Numbering::Manual);
    known(shop);
}

/// The ERP refuses an open order whose control total differs.
fn control_total(shop: &mut Shop) {
    shop.order_type(|kind| kind.require_control_total = true);
    shop.settings.orders.default.control_total = Some(flows::settings::ControlTotal::Required);
    differs(shop);
}

/// The ERP adds freight of its own: the total differs, and the order must be put on hold.
pub(super) fn differs(shop: &mut Shop) {
    shop.customer(ADA);
    shop.order_type(|kind| kind.calculate_freight = true);
    shop.order(&shirts(ADA));
}

/// An order from before the cut-over is in the ERP with another total, open: it is bound and must be put on hold.
fn there_before(shop: &mut Shop) {
    shop.settings.orders.look_up_before = Some(shop.now() + jiff::SignedDuration::from_hours(1));
    let (customer, now) = (shop.customer(ADA), shop.now());
    shop.order(&shirts(ADA));
    shop.erp.with(|erp| {
        erp.add_order("SO", "SO000077", &customer, &format!("{LINK}-000000001"));
        let total = rust_decimal::Decimal::from(110);
        erp.edit_order("SO", "SO000077", now, |order| order.set("OrderTotal", total)).expect("the order");
    });
}

pub(super) const fn one(name: &'static str, arrange: fn(&mut Shop)) -> Scenario {
    Scenario { name, arrange, workers: 1, cancels: false, sweeps: false, stalls: None }
}

pub(super) const ONE_FAULT: Faults = Faults { most: 1, of: Fate::faults };

fn all_hold(scenario: &Scenario, faults: Faults) -> Explored {
    let explored = explore(scenario, faults, Plant::Nothing);
    println!("{}: {} runs, {} the same as another", scenario.name, explored.runs, explored.same);
    assert_eq!(explored.broken, None, "{}", scenario.name);
    explored
}

/// Everything one worker can be at.
pub(super) const ALONE: [Scenario; 8] = [
    one("known customer", known),
    one("new customer", new),
    one("total differs", differs),
    one("address changed", moved),
    one("cancelled afterwards", cancelled),
    one("manual numbering", manual),
    one("control total", control_total),
    one("there before the cut-over", there_before),
];

/// Documents that take more than one write.
pub(super) const PARTS: [Scenario; 3] =
    [one("three slices", slices::five), one("two payments", payments::two), one("partly paid", payments::partly)];

#[test]
fn an_order_in_slices_and_one_fault() {
    all_hold(&PARTS[0], ONE_FAULT);
}

#[test]
fn an_order_in_slices_and_two_faults() {
    all_hold(&PARTS[0], TWO_FAULTS);
}

/// What becomes of a save that was carried out, or will be, whatever the worker knows.
fn of_saves(kind: Kind) -> &'static [Fate] {
    match kind {
        Kind::PlatformWrite => &[Fate::CrashAfter, Fate::CrashLate(20)],
        _ => &[],
    }
}

#[test]
fn a_thousand_lines_and_a_death_over_each_save() {
    all_hold(&one("1,001 lines", slices::thousand), Faults { most: 1, of: of_saves });
}

#[test]
fn separate_payments_and_one_fault() {
    all_hold(&PARTS[1], ONE_FAULT);
    all_hold(&PARTS[2], ONE_FAULT);
}

#[test]
fn separate_payments_and_two_faults() {
    all_hold(&PARTS[1], TWO_FAULTS);
}

fn parts_twice(shop: &mut Shop) {
    payments::two(shop);
    shop.send(1, Cause::Webhook);
}

fn slices_twice(shop: &mut Shop) {
    slices::five(shop);
    shop.send(1, Cause::Webhook);
}

#[test]
fn two_workers_over_an_order_in_parts_and_one_crash() {
    for (name, arrange) in
        [("two payments, twice", parts_twice as fn(&mut Shop)), ("three slices, twice", slices_twice)]
    {
        let scenario = Scenario { name, arrange, workers: 2, cancels: false, sweeps: false, stalls: None };
        all_hold(&scenario, ONE_CRASH);
        // The first worker is believed to be dead and is not.
        all_hold(&Scenario { stalls: Some(20), ..scenario }, Faults { most: 0, of: Fate::faults });
    }
}

#[test]
fn a_cancellation_between_the_parts() {
    let scenario = Scenario { name: "cancelled between its payments", cancels: true, ..PARTS[1] };
    all_hold(&scenario, Faults { most: 0, of: Fate::faults });
}

#[test]
fn one_worker_and_one_fault() {
    for scenario in &ALONE {
        all_hold(scenario, ONE_FAULT);
    }
}

pub(super) const ONE_CRASH: Faults = Faults { most: 1, of: Fate::crashes };
pub(super) const TWO_FAULTS: Faults = Faults { most: 2, of: Fate::different };

#[test]
fn known_customer_two_faults() {
    all_hold(&ALONE[0], TWO_FAULTS);
}

#[test]
fn new_customer_two_faults() {
    all_hold(&ALONE[1], TWO_FAULTS);
}

#[test]
fn total_differs_two_faults() {
    all_hold(&ALONE[2], TWO_FAULTS);
}

#[test]
fn changed_afterwards_two_faults() {
    all_hold(&ALONE[3], TWO_FAULTS);
    all_hold(&ALONE[4], TWO_FAULTS);
}

/// The same order twice, each message in a worker of its own.
fn twice(shop: &mut Shop) {
    known(shop);
    shop.send(1, Cause::Webhook);
}

fn new_twice(shop: &mut Shop) {
    new(shop);
    shop.send(1, Cause::Webhook);
}

fn differs_twice(shop: &mut Shop) {
    differs(shop);
    shop.send(1, Cause::Webhook);
}

/// Two first orders of one new shopper.
fn two_orders(shop: &mut Shop) {
    new(shop);
    shop.order(&shirts(" Ada@Example.com"));
}

/// An order that was given up, so that the sweep finds it due.
fn given_up(shop: &mut Shop) {
    known(shop);
    shop.magento.plan(simulators::fault::Planned {
        method: "GET".to_owned(),
        path_part: "/V1/orders/".to_owned(),
        fault: simulators::fault::Fault::Refused,
    });
    shop.drain();
    shop.time.advance(jiff::SignedDuration::from_mins(2));
    shop.send(1, Cause::Webhook);
}

pub(super) const TOGETHER: [Scenario; 5] = [
    Scenario { name: "the same order twice", arrange: twice, workers: 2, cancels: false, sweeps: false, stalls: None },
    Scenario {
        name: "two first orders of one e-mail",
        arrange: two_orders,
        workers: 2,
        cancels: false,
        sweeps: false,
        stalls: None,
    },
    Scenario { name: "cancelled meanwhile", arrange: known, workers: 1, cancels: true, sweeps: false, stalls: None },
    Scenario {
        name: "cancelled meanwhile, new customer",
        arrange: new,
        workers: 1,
        cancels: true,
        sweeps: false,
        stalls: None,
    },
    Scenario { name: "swept meanwhile", arrange: given_up, workers: 1, cancels: false, sweeps: true, stalls: None },
];

#[test]
fn two_workers_and_no_fault() {
    for scenario in &TOGETHER {
        all_hold(scenario, Faults { most: 0, of: Fate::faults });
    }
}

#[test]
fn two_workers_and_one_crash() {
    for scenario in TOGETHER.iter().filter(|scenario| !scenario.cancels) {
        all_hold(scenario, ONE_CRASH);
    }
}

/// What the worker lives to see; its deaths are tried above.
fn survived(kind: Kind) -> &'static [Fate] {
    match kind {
        Kind::PlatformWrite => &[Fate::Unanswered, Fate::Late(20)],
        Kind::PlatformRead => &[Fate::Lost],
        Kind::TableWrite => &[Fate::Unanswered],
        Kind::TableRead | Kind::Send | Kind::Answer | Kind::Shop => &[],
    }
}

#[test]
fn the_same_order_twice_and_one_error() {
    all_hold(&TOGETHER[0], Faults { most: 1, of: survived });
}

#[test]
fn a_cancellation_meanwhile_and_one_fault() {
    for scenario in TOGETHER.iter().filter(|scenario| scenario.cancels) {
        all_hold(scenario, Faults { most: 1, of: Fate::different });
    }
}

/// The first worker is believed to be dead and is not: what it does late is merged.
fn stalled(faults: Faults) {
    for minutes in [4, 20] {
        for (name, arrange) in [
            ("stalled over a known customer", twice as fn(&mut Shop)),
            ("stalled over a new customer", new_twice),
            ("stalled over a total that differs", differs_twice),
            ("stalled over a new customer of two orders", two_orders),
        ] {
            let stalls = Some(minutes);
            let scenario = Scenario { name, arrange, workers: 2, cancels: false, sweeps: false, stalls };
            all_hold(&scenario, faults);
        }
    }
}

#[test]
fn a_stalled_worker_and_its_successor() {
    stalled(Faults { most: 0, of: Fate::faults });
}

#[test]
#[ignore = "takes many minutes: every second fault of what the others try once"]
fn everything_once_deeper() {
    stalled(Faults { most: 1, of: Fate::different });
    for scenario in &ALONE[5..] {
        all_hold(scenario, TWO_FAULTS);
    }
    for scenario in &TOGETHER {
        all_hold(scenario, ONE_FAULT);
    }
}
