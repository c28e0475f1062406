//! What the crash suite plays: how it begins, who is at work at once, and how it is driven to its end when the faults are over.

use std::cell::RefCell;
use std::collections::BTreeMap;

use flows::delivery::{Delivery, Report};
use flows::link::Timing;
use flows::sweep::sweep;
use jiff::{SignedDuration, Timestamp};
use queue::{Cause, Envelope, Name};
use store::Records;
use store::record::State;
use store::table::Limit;

use super::driver::INVOCATION;
use super::invariants::{Violation, check};
use super::plants::Plant;
use super::schedule::{Explorer, Faults, Run, Worker};
use super::seams::{Call, Gate, Kind};
use super::world::Shop;

/// How much longer than the window a record may take.
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// How many more deliveries a record may take.
const MORE_DELIVERIES: u32 = 5;
/// How often a person retries what is parked.
const RETRIES: u32 = 3;

/// A beginning.
#[derive(Clone, Copy)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    /// Fills the shop and the queue.
    pub(crate) arrange: fn(&mut Shop),
    /// How many messages are worked on at once at the beginning.
    pub(crate) workers: usize,
    /// The shopper cancels order 1 meanwhile, whose event is worked on at once.
    pub(crate) cancels: bool,
    /// A sweep runs meanwhile.
    pub(crate) sweeps: bool,
    /// The first worker stalls at any call for so many minutes, longer than it is believed to live, while the others do their work.
    pub(crate) stalls: Option<i64>,
}

/// What exploring a scenario came to.
#[derive(Debug, Default)]
pub(crate) struct Explored {
    pub(crate) runs: u32,
    /// Runs that were left because another one is the same.
    pub(crate) same: u32,
    /// The first run that broke something, and how.
    pub(crate) broken: Option<(Vec<Violation>, Vec<String>)>,
}

/// Plays every run of a scenario until one breaks something.
pub(crate) fn explore(scenario: &Scenario, faults: Faults, plant: Plant) -> Explored {
    let mut explorer = Explorer::default();
    let mut explored = Explored::default();
    loop {
        let mut run = Run::new(&mut explorer, faults);
        match Play::new(scenario, plant).play(scenario, &mut run) {
            None => explored.same += 1,
            Some(broken) => {
                explored.runs += 1;
                if !broken.is_empty() {
                    explored.broken = Some((broken, run.trace));
                    return explored;
                }
            }
        }
        if !explorer.advance() {
            return explored;
        }
    }
}

struct Play {
    shop: Shop,
    /// Reports by their events.
    reports: RefCell<Vec<(String, Report)>>,
    /// When the last fault was.
    since: Timestamp,
    /// How many deliveries a record may take then.
    most_deliveries: u32,
    /// Deliveries of records that are not final, since then.
    deliveries: BTreeMap<String, u32>,
}

impl Play {
    fn new(scenario: &Scenario, plant: Plant) -> Self {
        let at_once = scenario.workers > 1 || scenario.cancels;
        let mut shop = Shop::with(plant, if at_once { queue::memory::Memory::unordered } else { |queue| queue });
        (scenario.arrange)(&mut shop);
        // A stalled worker's message comes back besides that of its successor.
        let most_deliveries = MORE_DELIVERIES + u32::from(scenario.stalls.is_some());
        Self { since: shop.now(), most_deliveries, shop, reports: RefCell::default(), deliveries: BTreeMap::new() }
    }

    /// What is broken at the end; none when the run was left.
    fn play(mut self, scenario: &Scenario, run: &mut Run<'_>) -> Option<Vec<Violation>> {
        let taken: Vec<_> = (0..scenario.workers).filter_map(|_| self.shop.queue.take(Name::Orders)).collect();
        let mut workers: Vec<Worker<'_>> = taken.into_iter().map(|delivery| self.worker(delivery)).collect();
        if let Some(minutes) = scenario.stalls {
            let mut first = workers.remove(0);
            if run.run_until_stalled(&mut first) {
                self.shop.time.advance(SignedDuration::from_mins(minutes));
                run.run(workers);
                first.resume();
            } else {
                run.run(workers);
            }
            workers = Vec::new();
        }
        if scenario.cancels {
            workers.push(self.shopper());
        }
        if scenario.sweeps {
            workers.push(self.sweeper());
        }
        if !run.run(workers) {
            return None;
        }
        self.note(run);
        let mut broken = self.drive(run);
        broken.extend(check(&self.shop, &self.reports.borrow()));
        Some(broken)
    }

    /// Messages as they become visible, a sweep in every minute in which something is due, until nothing is left to do.
    fn drive(&mut self, run: &mut Run<'_>) -> Vec<Violation> {
        let mut retries = 0;
        loop {
            self.shop.echo();
            while let Some(delivery) = self.shop.queue.take(Name::Orders) {
                let key = Envelope::decode(&delivery.body).expect("an envelope").record_key();
                if !self.is_final(&key) {
                    *self.deliveries.entry(key).or_default() += 1;
                }
                run.run(vec![self.worker(delivery)]);
                self.note(run);
                self.shop.echo();
            }
            if self.deliveries.values().any(|count| *count > self.most_deliveries) {
                return vec![Violation::TooManyDeliveries];
            }
            let now = self.shop.now();
            let window = Timing::default().duplicate_window;
            if now > self.since + window + HOUR && !self.all_final() {
                return vec![Violation::NotFinal];
            }
            let due = self.shop.earliest_due();
            if due.is_some_and(|due| due <= now) {
                run.run(vec![self.sweeper()]);
                self.note(run);
                self.shop.time.set(minute_after(now));
                continue;
            }
            let next = [self.shop.queue.next_visible(Name::Orders), due.map(minute_of), self.shop.late_until()];
            match next.into_iter().flatten().filter(|next| *next > now).min() {
                Some(next) => self.shop.time.set(next),
                None if retries < RETRIES && self.retry() => retries += 1,
                None if self.all_final() => return Vec::new(),
                None => return vec![Violation::NotFinal],
            }
        }
    }

    /// After a fault the count begins anew.
    fn note(&mut self, run: &mut Run<'_>) {
        if run.had_fault() {
            self.since = self.shop.now();
            self.deliveries.clear();
        }
    }

    /// A person retries what is parked.
    fn retry(&mut self) -> bool {
        let parked: Vec<u64> = self
            .shop
            .records()
            .iter()
            .filter(|record| record.state == State::Parked)
            .filter_map(|record| record.key.rsplit('/').next()?.parse().ok())
            .collect();
        for order in &parked {
            self.shop.send(*order, Cause::Operator);
        }
        self.since = self.shop.now();
        self.deliveries.clear();
        !parked.is_empty()
    }

    fn is_final(&self, key: &str) -> bool {
        let records = self.shop.records();
        records.iter().any(|record| record.key == key && matches!(record.state, State::Done | State::Parked))
    }

    fn all_final(&self) -> bool {
        let records = self.shop.records();
        let mut orders = records.iter().filter(|record| record.key.contains("/order/"));
        orders.all(|record| matches!(record.state, State::Done | State::Parked))
    }

    fn worker(&self, delivery: queue::memory::Delivery) -> Worker<'_> {
        let gate = Gate::closed();
        let name = format!("message {}", delivery.message_id.trim_start_matches('0'));
        Worker::new(name, gate.clone(), self.work(gate, delivery))
    }

    async fn work(&self, gate: Gate, delivery: queue::memory::Delivery) {
        let event = Envelope::decode(&delivery.body).expect("an envelope");
        let (world, link) = self.shop.worker(&gate, &event.source_id);
        let deadline = self.shop.now() + INVOCATION;
        let given = Delivery { message_id: &delivery.message_id, event: &event, deadline };
        let report = flows::orders::sync(&world, &link, &given).await;
        gate.reach(Call::new(Kind::Answer, delivery.message_id.clone())).await;
        self.shop.answer(&delivery, &report);
        self.reports.borrow_mut().push((event.event_id, report));
    }

    /// The shopper cancels order 1, and its event is worked on.
    fn shopper(&self) -> Worker<'_> {
        let gate = Gate::closed();
        let at_gate = gate.clone();
        Worker::new("shopper".to_owned(), gate, async move {
            at_gate.reach(Call::new(Kind::Shop, "shop/order/1")).await;
            let now = self.shop.now();
            self.shop.magento.with(|shop| shop.set_state(now, 1, "canceled"));
            self.shop.send(1, Cause::Webhook);
            if let Some(delivery) = self.shop.queue.take(Name::Orders) {
                self.work(at_gate, delivery).await;
            }
        })
    }

    fn sweeper(&self) -> Worker<'_> {
        let gate = Gate::closed();
        let at_gate = gate.clone();
        Worker::new("sweep".to_owned(), gate, async move {
            let (world, _) = self.shop.worker(&at_gate, "");
            if self.shop.plant == Plant::WakerClears {
                clearing_sweep(&world).await;
            } else {
                // What stopped it is one of the faults; the next sweep goes on.
                let _stopped = sweep(&world, Name::Orders, &self.shop.swept()).await;
            }
        })
    }
}

/// The planted sweep that ends the wait before it enqueues.
async fn clearing_sweep(world: &flows::link::World) {
    let records = Records::new(world.state.clone(), world.clock.clone());
    let now = world.clock.now();
    let Ok((due, _)) = records.due("order", now, Limit { items: 100, after: None }).await else { return };
    for mut record in due {
        let event = Envelope {
            link: super::world::LINK.to_owned(),
            entity: "order".to_owned(),
            source_id: record.key.rsplit('/').next().unwrap_or_default().to_owned(),
            cause: Cause::Due,
            occurred_at: now,
            event_id: world.clock.id(),
        };
        (record.state, record.due) = (State::Pending, None);
        if records.write(record).await.is_ok() && world.queue.send(Name::Orders, &event).await.is_err() {
            return;
        }
    }
}

/// The sweep's minute at or after an instant.
fn minute_of(at: Timestamp) -> Timestamp {
    let whole = Timestamp::from_second(at.as_second().div_euclid(60) * 60).expect("an instant of this century");
    if whole < at { whole + SignedDuration::from_mins(1) } else { whole }
}

fn minute_after(at: Timestamp) -> Timestamp {
    minute_of(at + SignedDuration::from_nanos(1))
}
