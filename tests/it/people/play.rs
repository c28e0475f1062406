//! How customers' workers are played one call at a time: what they begin with, who is at work at once, and how all is driven to its end.

use std::cell::RefCell;
use std::collections::BTreeSet;

use flows::delivery::Report;
use flows::link::Timing;
use flows::sweep::sweep;
use jiff::{SignedDuration, Timestamp};
use queue::{Cause, Envelope, Name};
use store::record::State;

use super::person::{differences, of_account, of_customer};
use super::world::{People, text};
use crate::flow::plants::Plant;
use crate::flow::schedule::{Explorer, Faults, Run, Worker};
use crate::flow::seams::{Call, Gate, Kind};

/// How much longer than the window a record may take.
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// How often a person retries what is parked.
const RETRIES: u32 = 3;

/// A beginning.
#[derive(Clone, Copy)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    /// Fills both sides and the queue.
    pub(crate) arrange: fn(&mut People),
    /// How many messages are worked on at once at the beginning.
    pub(crate) workers: usize,
    /// Somebody does this meanwhile, between any two calls that touch what both need.
    pub(crate) meanwhile: Option<fn(&People)>,
    /// What both sides have told by then is worked on at once.
    pub(crate) hears: bool,
    /// The first worker stalls at any call for so many minutes, longer than it is believed to live, while the others do their work.
    pub(crate) stalls: Option<i64>,
    /// What must be so at the end, besides both sides being in step.
    pub(crate) expect: fn(&People) -> Vec<String>,
}

/// What exploring a scenario came to.
#[derive(Debug, Default)]
pub(crate) struct Explored {
    pub(crate) runs: u32,
    /// The first run that broke something, and how.
    pub(crate) broken: Option<(Vec<String>, Vec<String>)>,
    /// The codes of what was reported on the way.
    pub(crate) codes: BTreeSet<String>,
}

/// Plays every run of a scenario until one breaks something.
pub(crate) fn explore(scenario: &Scenario, faults: Faults, plant: Plant) -> Explored {
    let mut explorer = Explorer::default();
    let mut explored = Explored::default();
    loop {
        let mut run = Run::new(&mut explorer, faults);
        if let Some((broken, codes)) = Play::new(scenario, plant).play(scenario, &mut run) {
            explored.runs += 1;
            explored.codes.extend(codes);
            if !broken.is_empty() {
                explored.broken = Some((broken, run.trace));
                return explored;
            }
        }
        if !explorer.advance() {
            return explored;
        }
    }
}

struct Play {
    people: People,
    reports: RefCell<Vec<(String, Report)>>,
    /// When the last fault was.
    since: Timestamp,
}

impl Play {
    fn new(scenario: &Scenario, plant: Plant) -> Self {
        let at_once = scenario.workers > 1 || scenario.meanwhile.is_some();
        let mut people = People::with(plant, if at_once { queue::memory::Memory::unordered } else { |queue| queue });
        (scenario.arrange)(&mut people);
        people.hear();
        Self { since: people.shop.now(), people, reports: RefCell::default() }
    }

    /// What is broken at the end, and the codes of what was reported; none when the run was left because another one is the same.
    fn play(mut self, scenario: &Scenario, run: &mut Run<'_>) -> Option<(Vec<String>, BTreeSet<String>)> {
        let taken: Vec<_> = (0..scenario.workers).filter_map(|_| self.take()).collect();
        let mut workers: Vec<Worker<'_>> = taken.into_iter().map(|(name, it)| self.worker(name, it)).collect();
        if let Some(minutes) = scenario.stalls {
            let mut first = workers.remove(0);
            if run.run_until_stalled(&mut first) {
                self.people.shop.time.advance(SignedDuration::from_mins(minutes));
                run.run(workers);
                first.resume();
            } else {
                run.run(workers);
            }
            workers = Vec::new();
        }
        workers.extend(scenario.meanwhile.map(|act| self.somebody(act, scenario.hears)));
        if !run.run(workers) {
            return None;
        }
        self.note(run);
        let mut broken = self.drive(run);
        broken.extend(check(&self.people));
        broken.extend((scenario.expect)(&self.people));
        let codes = self.reports.borrow().iter().filter_map(|(_, report)| report.code.clone()).collect();
        Some((broken, codes))
    }

    fn take(&self) -> Option<(Name, queue::memory::Delivery)> {
        Name::ALL.into_iter().find_map(|name| Some((name, self.people.shop.queue.take(name)?)))
    }

    /// Messages as they become visible, a sweep in every minute in which something is due, until nothing is left to do.
    fn drive(&mut self, run: &mut Run<'_>) -> Vec<String> {
        let mut retries = 0;
        loop {
            self.people.hear();
            while let Some((name, delivery)) = self.take() {
                run.run(vec![self.worker(name, delivery)]);
                self.note(run);
                self.people.hear();
            }
            let now = self.people.shop.now();
            if now > self.since + Timing::default().duplicate_window + HOUR {
                return vec![format!("not final: {:?}", self.people.shop.records())];
            }
            let due = self.people.earliest_due();
            if due.is_some_and(|due| due <= now) {
                for name in Name::ALL {
                    run.run(vec![self.sweeper(name)]);
                    self.note(run);
                }
                self.people.shop.time.set(minute_of(now + SignedDuration::from_nanos(1)));
                continue;
            }
            let visible = Name::ALL.map(|name| self.people.shop.queue.next_visible(name));
            let next = [due.map(minute_of), self.people.shop.late_until()].into_iter().chain(visible);
            match next.flatten().filter(|next| *next > now).min() {
                Some(next) => self.people.shop.time.set(next),
                None if retries < RETRIES && self.retry() => retries += 1,
                None => return Vec::new(),
            }
        }
    }

    /// After a fault the time begins anew.
    fn note(&mut self, run: &mut Run<'_>) {
        if run.had_fault() {
            self.since = self.people.shop.now();
        }
    }

    /// A person retries what is parked.
    fn retry(&mut self) -> bool {
        self.since = self.people.shop.now();
        self.people.retry_parked() > 0
    }

    fn worker(&self, name: Name, delivery: queue::memory::Delivery) -> Worker<'_> {
        let gate = Gate::closed();
        let of = format!("message {}", delivery.message_id.trim_start_matches('0'));
        let at_gate = gate.clone();
        Worker::new(of, gate, async move {
            let event = Envelope::decode(&delivery.body).expect("an envelope").event_id;
            let report = self.people.work(&at_gate, name, &delivery).await;
            self.reports.borrow_mut().push((event, report));
        })
    }

    fn somebody(&self, act: fn(&People), hears: bool) -> Worker<'_> {
        let gate = Gate::closed();
        let at_gate = gate.clone();
        Worker::new("somebody".to_owned(), gate, async move {
            at_gate.reach(Call::new(Kind::Shop, "*")).await;
            act(&self.people);
            if hears {
                self.people.hear();
                if let Some((name, delivery)) = self.take() {
                    self.people.work(&at_gate, name, &delivery).await;
                }
            }
        })
    }

    fn sweeper(&self, name: Name) -> Worker<'_> {
        let gate = Gate::closed();
        let at_gate = gate.clone();
        Worker::new("sweep".to_owned(), gate, async move {
            let (world, _) = self.people.shop.worker(&at_gate, "");
            // What stopped it is one of the faults; the next sweep goes on.
            let _stopped = sweep(&world, name, &self.people.shop.swept()).await;
        })
    }
}

impl People {
    /// The earliest instant at which a record is due; guards have no queue.
    pub(crate) fn earliest_due(&self) -> Option<Timestamp> {
        let records = self.shop.records().into_iter().filter(|record| !record.key.contains("/customer-email/"));
        records.filter_map(|record| record.due).min()
    }

    /// Sends an operator's event for each parked record; says how many there are.
    pub(crate) fn retry_parked(&self) -> usize {
        let parked: Vec<String> = self
            .shop
            .records()
            .into_iter()
            .filter(|record| record.state == State::Parked)
            .map(|record| record.key)
            .collect();
        for key in &parked {
            let id = key.rsplit('/').next().unwrap_or_default();
            match id.parse() {
                Ok(order) if key.contains("/order/") => drop(self.shop.send(order, Cause::Operator)),
                _ => self.send(id, Cause::Operator),
            }
        }
        parked.len()
    }
}

/// What must hold whatever fails: one customer for each person, both sides of each pair in step, every record final.
pub(crate) fn check(people: &People) -> Vec<String> {
    let mut broken = Vec::new();
    let customers: Vec<_> = people.numbers().iter().map(|number| people.customer(number)).collect();
    let mut emails: Vec<_> = customers.iter().map(|own| text(own, "/MainContact/Email/value").to_lowercase()).collect();
    emails.sort();
    for pair in emails.windows(2).filter(|pair| pair[0] == pair[1]) {
        broken.push(format!("two customers have one e-mail, {}", pair[0]));
    }
    for record in people.shop.records().iter().filter(|record| !record.key.contains("/customer-email/")) {
        if record.state != State::Done || record.intent.is_some() {
            broken.push(format!("{} is {:?}, {:?}", record.key, record.state, record.park));
        }
    }
    // People of companies are contacts: their own tests look for those.
    let companies = people.shop.settings.customers.companies.enabled;
    let is_own =
        |account: &serde_json::Value| !companies || account["extension_attributes"]["company_attributes"].is_null();
    for account in people.accounts().into_iter().filter(is_own) {
        let email = text(&account, "/email").to_lowercase();
        let same = |own: &&serde_json::Value| text(own, "/MainContact/Email/value").to_lowercase() == email;
        let Some(customer) = customers.iter().find(same) else {
            broken.push(format!("nobody in the ERP has the e-mail of account {}", account["id"]));
            continue;
        };
        let differ = differences(&of_account(&account), &of_customer(customer));
        broken.extend(differ.into_iter().map(|differs| format!("account {}: {differs}", account["id"])));
        broken.extend(joined(people, &account["id"].to_string(), text(customer, "/NoteID/value")));
    }
    if !companies {
        broken.extend(astray(people, &customers));
    }
    let entries = people.shop.entries();
    let bugs = entries.iter().filter(|entry| entry.code.as_deref().is_some_and(|code| code.contains(".bug.")));
    broken.extend(bugs.map(|entry| format!("a bug: {entry:?}")));
    broken
}

/// Whichever of the two an event is about, it leads to the same record.
fn joined(people: &People, account: &str, note: &str) -> Option<String> {
    use crate::flow::seams::Gate;
    use crate::flow::world::{LINK, ready};
    let (world, _) = people.shop.worker(&Gate::default(), "");
    let records = store::Records::new(world.state.clone(), world.clock.clone());
    let of = |id: &str| {
        ready(flows::customers::identity::record_of(&records, LINK, id)).expect("the table in memory answers")
    };
    let (one, other) = (of(account), of(note));
    (one != other).then(|| format!("account {account} is {one}, its customer {other}"))
}

/// Guards that lead to a customer who has another e-mail: an order under the old one would be given to them.
fn astray(people: &People, customers: &[serde_json::Value]) -> Vec<String> {
    use crate::flow::world::{EMAIL_KEY, LINK};
    let emails = flows::link::EmailKey::new(seams::Secret::new(EMAIL_KEY));
    let key = |own: &serde_json::Value| {
        format!("{LINK}/customer-email/{}", emails.hash(text(own, "/MainContact/Email/value")))
    };
    let guards = people.shop.records().into_iter().filter(|record| record.key.contains("/customer-email/"));
    guards
        .filter_map(|guard| Some((guard.key, guard.bound?.target)))
        .filter(|(guard, of)| customers.iter().any(|own| text(own, "/CustomerID/value") == of && key(own) != *guard))
        .map(|(guard, of)| format!("{guard} leads to {of}, who has another e-mail"))
        .collect()
}

/// The sweep's minute at or after an instant.
fn minute_of(at: Timestamp) -> Timestamp {
    let whole = Timestamp::from_second(at.as_second().div_euclid(60) * 60).expect("an instant of this century");
    if whole < at { whole + SignedDuration::from_mins(1) } else { whole }
}
