//! Convergence: whatever people edit on both sides, in whichever order it is told, lost, told twice and died over, both sides end in step, each
//! change of one side alone survives, conflicts go to their owner, and then there is silence.

use std::collections::BTreeMap;

use flows::merge::{Owner, Side};
use jiff::SignedDuration;
use queue::{Cause, Name};
use serde_json::json;
use simulators::magento::{Address, CustomerAttribute};

use super::crash::CUSTOMER;
use super::edits::{Chance, in_erp, in_shop};
use super::person::{FIELDS, Person};
use super::play::check;
use super::world::{People, ada, customers, text};
use crate::flow::schedule::Worker;
use crate::flow::seams::{Fate, Gate};

/// What was last made of a field on one side.
#[derive(Clone, Debug)]
struct Edit {
    value: Option<String>,
    /// The how manieth edit of the run it was.
    at: usize,
    /// How many turns there had been.
    turns: usize,
    /// The field is what it was when this round began.
    is_back: bool,
}

struct Story {
    people: People,
    chance: Chance,
    owner: Owner,
    account: u64,
    /// The last edits of this round.
    edits: BTreeMap<(&'static str, Side), Edit>,
    /// What both sides said when this round began.
    began: [Person; 2],
    count: usize,
    turns: usize,
    lost: bool,
    told: Vec<String>,
}

impl Story {
    fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let mut people = People::with(crate::flow::plants::Plant::Nothing, queue::memory::Memory::unordered);
        let (owner, word) =
            chance.of(&[(Owner::Acumatica, "acumatica"), (Owner::Magento, "magento"), (Owner::Newest, "newest")]);
        people.shop.magento.with(|magento| {
            magento.config().customer_attributes = vec![CustomerAttribute::text("account_ref")];
            magento.config().related_saves_move_customer = seed.is_multiple_of(2);
        });
        people.change(|settings| {
            *settings = customers(&json!({"system_of_record": word}));
            settings.default.attributes =
                serde_json::from_value(json!([{"code": "account_ref", "acumatica": {"field": "AccountRef"}}]))
                    .expect("a row");
        });
        let account = match chance.below(3) {
            0 => people.register(&ada()),
            1 => {
                let other = Address { city: "Dearborn".to_owned(), ..Address::us("Mary", "Byron") };
                people.register(&ada().address(other).address(Address::us("Ada", "Byron").company("Engines")))
            }
            _ => {
                super::crash::new_customer(&mut people);
                1
            }
        };
        people.settle();
        let told = vec![format!("owner {word}")];
        let edits = BTreeMap::new();
        let began = [Person::new(), Person::new()];
        Self { people, chance, owner, account, edits, began, count: 0, turns: 0, lost: false, told }
    }

    /// A new round, both sides being in step.
    fn begin(&mut self) {
        self.told.push("a round".to_owned());
        self.edits.clear();
        self.began = [Side::Magento, Side::Acumatica].map(|side| self.person(side));
    }

    /// One edit on either side; what of the person changed is noted.
    fn edit(&mut self) {
        let side = self.chance.of(&[Side::Magento, Side::Acumatica]);
        // The ERP's pushes go by its stamps, among others.
        self.people.shop.time.advance(SignedDuration::from_secs(1));
        let before = self.person(side);
        let what = match side {
            Side::Magento => in_shop(&self.people, &mut self.chance, self.account),
            Side::Acumatica => in_erp(&self.people, &mut self.chance, CUSTOMER),
        };
        self.told.push(what);
        let after = self.person(side);
        self.count += 1;
        for field in FIELDS {
            if before.get(field) != after.get(field) {
                let began = &self.began[if side == Side::Magento { 0 } else { 1 }];
                let (value, is_back) = (after.get(field).cloned(), after.get(field) == began.get(field));
                let edit = Edit { value, at: self.count, turns: self.turns, is_back };
                self.edits.insert((field, side), edit);
            }
        }
    }

    fn person(&self, side: Side) -> Person {
        match side {
            Side::Magento => self.people.person_in_shop(self.account),
            Side::Acumatica => self.people.person_in_erp(CUSTOMER),
        }
    }

    /// Something happens between the edits.
    fn happen(&mut self) {
        match self.chance.below(10) {
            0 => {
                let lost = self.people.told();
                self.lost |= !lost.is_empty();
                self.told.push(format!("{} events lost", lost.len()));
            }
            1 => {
                self.people.hear();
                let (account, note) = (self.account.to_string(), self.note());
                let again = self.chance.of(&[account.as_str(), note.as_str()]);
                self.people.send(again, Cause::Webhook);
                self.told.push("an event twice".to_owned());
            }
            2 => {
                let seconds = self.chance.of(&[1, 7, 40, 400]);
                self.people.shop.time.advance(SignedDuration::from_secs(seconds));
                self.told.push(format!("{seconds} s"));
            }
            3..=5 => self.people.hear(),
            _ => self.turn(),
        }
        self.people.shop.time.advance(SignedDuration::from_secs(1));
    }

    fn note(&self) -> String {
        text(&self.people.customer(CUSTOMER), "/NoteID/value").to_owned()
    }

    /// A worker takes any of the messages that are visible; it may fail or die at any of its calls.
    fn turn(&mut self) {
        self.people.hear();
        let queue = &self.people.shop.queue;
        let visible = queue.visible(Name::Customers);
        if visible.is_empty() {
            return;
        }
        let message = visible[self.chance.below(visible.len())].clone();
        let Some(delivery) = queue.take_message(Name::Customers, &message) else { return };
        self.turns += 1;
        let gate = Gate::closed();
        let (people, at_gate) = (&self.people, gate.clone());
        let mut worker = Worker::new("worker".to_owned(), gate, async move {
            people.work(&at_gate, Name::Customers, &delivery).await;
        });
        worker.poll();
        while worker.future.is_some() {
            let call = worker.gate.pending().expect("a worker that is alive waits at its gate");
            let sound = |fate: &Fate| !matches!(fate, Fate::Late(_) | Fate::CrashLate(_));
            let faults: Vec<Fate> = Fate::faults(call.kind).iter().copied().filter(sound).collect();
            let fate = if !faults.is_empty() && self.chance.percent(4) { self.chance.of(&faults) } else { Fate::Done };
            if fate != Fate::Done {
                self.told.push(format!("{:?} {}: {fate:?}", call.kind, call.resource));
            }
            if fate == Fate::CrashBefore {
                worker.future = None;
            } else {
                worker.gate.decide(fate);
                worker.poll();
            }
        }
        self.told.push("a turn".to_owned());
    }

    /// Everybody rests, what was lost is asked for, and what is parked for lack of an answer is tried again.
    fn rest(&mut self) -> Vec<String> {
        self.people.settle();
        if std::mem::take(&mut self.lost) {
            self.people.send(&self.account.to_string(), Cause::Operator);
            self.people.settle();
        }
        if self.people.retry_parked() > 0 {
            self.people.settle();
        }
        let mut broken = check(&self.people);
        broken.extend(self.misjudged());
        broken.extend(self.noise());
        broken
    }

    /// Fields that are not what the owner table says.
    fn misjudged(&self) -> Vec<String> {
        let end = self.person(Side::Acumatica);
        let of = |field, side| self.edits.get(&(field, side));
        let mut broken = Vec::new();
        for field in FIELDS {
            let (magento, acumatica) = (of(field, Side::Magento), of(field, Side::Acumatica));
            let allowed: Vec<&Edit> = match (magento, acumatica) {
                (None, None) => continue,
                (Some(one), None) | (None, Some(one)) => vec![one],
                (Some(magento), Some(acumatica)) => self.winners(magento, acumatica),
            };
            if !allowed.iter().any(|edit| edit.value.as_ref() == end.get(field)) {
                broken.push(format!("{field} is {:?}, not any of {allowed:?}", end.get(field)));
            }
        }
        broken
    }

    /// Whose edit may stay where both sides made one. The owner's where it was the later one, or where nobody had carried anything over between
    /// the two; otherwise whichever came to be compared with what.
    fn winners<'e>(&self, magento: &'e Edit, acumatica: &'e Edit) -> Vec<&'e Edit> {
        let (owners, other) = match self.owner {
            Owner::Magento => (magento, acumatica),
            Owner::Acumatica => (acumatica, magento),
            Owner::Newest | Owner::Never => return vec![magento, acumatica],
        };
        let apart = owners.turns != other.turns || owners.is_back;
        if (!owners.is_back && owners.at > other.at) || !apart { vec![owners] } else { vec![owners, other] }
    }

    /// What is still said when all is done: an operator's look at either side reads both and writes nothing.
    fn noise(&self) -> Vec<String> {
        let (account, note) = (self.account.to_string(), self.note());
        let mut broken = Vec::new();
        for id in [account.as_str(), note.as_str()] {
            let before = self.writes();
            self.people.send(id, Cause::Webhook);
            let reports = self.people.drain();
            let calls: u32 = reports.iter().map(|report| report.calls.magento + report.calls.acumatica).sum();
            if calls != 1 || self.writes() != before || reports.len() != 1 {
                broken.push(format!("not silent: {reports:?}"));
            }
        }
        let before = self.writes();
        self.people.send(&account, Cause::Operator);
        let reports = self.people.drain();
        if self.writes() != before || reports.len() != 1 {
            broken.push(format!("an operator's look writes: {reports:?}"));
        }
        broken
    }

    /// How much was written to either side.
    fn writes(&self) -> usize {
        let of = |calls: Vec<simulators::fault::Call>| {
            calls.iter().filter(|call| call.method != "GET" && !call.target.contains("/connect/token")).count()
        };
        of(self.people.shop.magento.calls()) + of(self.people.shop.erp.calls())
    }
}

fn converges(seed: u64) {
    let mut story = Story::new(seed);
    let rounds = 1 + story.chance.below(3);
    for _ in 0..rounds {
        story.begin();
        for _ in 0..1 + story.chance.below(6) {
            story.edit();
            for _ in 0..story.chance.below(4) {
                story.happen();
            }
        }
        let broken = story.rest();
        assert!(broken.is_empty(), "seed {seed}: {broken:#?}\nafter {:#?}", story.told);
    }
}

// In two parts so that cores share them.

#[test]
fn both_sides_end_in_step_whatever_happens() {
    (1..=200).for_each(converges);
}

#[test]
fn both_sides_end_in_step_whatever_else_happens() {
    (201..=400).for_each(converges);
}
