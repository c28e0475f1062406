//! Every outside call of a sync that saves locations fails in every way, or its worker dies there: no location and no address is lost or doubled.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use flows::delivery::{Delivery, Outcome, Verdict};
use jiff::SignedDuration;
use queue::{Cause, Envelope, Name, Queue};
use serde_json::json;
use simulators::acumatica::Change;
use store::record::State;

use super::locations::{ada_of_three, addresses, in_city, locations, people};
use super::world::People;
use crate::flow::driver::INVOCATION;
use crate::flow::seams::{Fate, Gate, Kind};
use crate::flow::world::ready;

/// What happens before the sync, and the cities that both sides have at the end.
struct Way {
    name: &'static str,
    arrange: fn(&People),
    cities: &'static [&'static str],
}

const WAYS: [Way; 4] = [
    Way { name: "a new account", arrange: register, cities: &["Calder", "Greenville", "Springfield"] },
    Way {
        name: "new and changed addresses",
        arrange: shop_edits,
        cities: &["Calder", "Ogdenville", "Shelbyville", "Springfield"],
    },
    Way {
        name: "new and changed locations",
        arrange: erp_edits,
        cities: &["Arlington", "Calder", "Greenville", "Ogdenville"],
    },
    Way { name: "another default address", arrange: trade, cities: &["Calder", "Greenville", "Springfield"] },
];

fn register(people: &People) {
    people.register(&ada_of_three());
}

fn pair(people: &People) -> u64 {
    let account = people.register(&ada_of_three());
    people.settle();
    account
}

fn shop_edits(people: &People) {
    let account = pair(people);
    let now = people.shop.now();
    people.shop.magento.with(|shop| {
        shop.edit_customer_address(now, 3, "city", json!("Shelbyville"));
        shop.add_address(now, account, &in_city("Ogdenville"));
    });
    people.send(&account.to_string(), Cause::Webhook);
}

fn erp_edits(people: &People) {
    pair(people);
    let number = people.numbers().remove(0);
    let now = people.shop.now();
    let city = |city: &str| Change::to("LocationContact/Address/City", city);
    let own = [Change::to("ContactOverride", true), Change::to("AddressOverride", true), city("Arlington")];
    people.shop.erp.with(|erp| {
        erp.edit_location(&number, "2", now, &[city("Ogdenville")]).expect("saved");
        erp.create_location(&number, "DOCK", now, &own).expect("saved");
    });
    people.push(&number);
}

fn trade(people: &People) {
    let account = pair(people);
    let now = people.shop.now();
    people.shop.magento.with(|shop| shop.set_defaults(now, account, Some(2), Some(2)));
}

/// Works on the first message with a fate for one of its calls. The kinds of all calls that were made.
pub(super) fn work(people: &People, at: usize, fate: Fate) -> Vec<Kind> {
    people.hear();
    let delivery = people.shop.queue.take(Name::Customers).expect("a message");
    let event = Envelope::decode(&delivery.body).expect("an envelope");
    let gate = Gate::closed();
    let (world, link) = people.shop.worker(&gate, &event.source_id);
    let deadline = people.shop.now() + INVOCATION;
    let given = Delivery { message_id: &delivery.message_id, event: &event, deadline };
    let mut worker = pin!(flows::customers::sync(&world, &link, &given));
    let mut kinds = Vec::new();
    loop {
        match worker.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(report) => {
                match report.verdict {
                    Verdict::Acknowledge => drop(people.shop.queue.delete(Name::Customers, &delivery.receipt_handle)),
                    Verdict::Return { after } => {
                        ready(people.shop.queue.set_visibility(Name::Customers, &delivery.receipt_handle, after))
                            .expect("the queue in memory answers");
                    }
                }
                return kinds;
            }
            Poll::Pending if gate.is_dead() => return kinds,
            Poll::Pending => {
                let call = gate.pending().expect("it waits at the gate");
                let own = if kinds.len() == at { fate } else { Fate::Done };
                kinds.push(call.kind);
                gate.decide(own);
                if matches!(own, Fate::CrashBefore) {
                    return kinds;
                }
            }
        }
    }
}

/// Lets everything come to its end: late writes, the window, and a person who retries what is parked.
pub(super) fn settle(people: &People) {
    for _ in 0..3 {
        people.settle();
        while people.shop.late_until().is_some() {
            people.shop.time.advance(SignedDuration::from_mins(1));
        }
        people.settle();
        for record in people.records().into_iter().filter(|record| record.state == State::Parked) {
            people.send(record.key.rsplit('/').next().unwrap_or_default(), Cause::Operator);
        }
        people.settle();
    }
}

/// What is not as it must be.
fn broken(people: &People, way: &Way) -> Vec<String> {
    if people.numbers().len() != 1 {
        return vec![format!("customers {:?}", people.numbers())];
    }
    let number = people.numbers().remove(0);
    let account = people.shop.magento.with(|shop| shop.customer_ids())[0];
    let sorted = |mut cities: Vec<String>| {
        cities.sort();
        cities
    };
    let there = sorted(locations(people, &number).into_iter().map(|location| location.2).collect());
    let here = sorted(addresses(people, account).into_iter().map(|address| address.1).collect());
    let mut broken: Vec<String> = [("addresses", here), ("locations", there)]
        .into_iter()
        .filter(|(_, cities)| cities != way.cities)
        .map(|(what, cities)| format!("{what} {cities:?}"))
        .collect();
    people.push(&number);
    people.send(&account.to_string(), Cause::Operator);
    let reports = people.settle().into_iter().filter(|report| report.outcome != Outcome::Unchanged);
    broken.extend(reports.map(|report| format!("not quiet: {report:?}")));
    broken
}

#[test]
fn every_call_may_fail_and_nothing_is_lost_or_doubled() {
    let mut wrong = Vec::new();
    for way in &WAYS {
        let begun = || {
            let people = people();
            (way.arrange)(&people);
            people
        };
        let plain = begun();
        let kinds = work(&plain, usize::MAX, Fate::Done);
        settle(&plain);
        assert_eq!(broken(&plain, way), Vec::<String>::new(), "{}", way.name);
        let fates = kinds
            .iter()
            .enumerate()
            .flat_map(|(at, kind)| Fate::faults(*kind).iter().map(move |fate| (at, kind, fate)));
        let fates: Vec<_> = fates.collect();
        assert!(fates.len() > 50, "{}: {} runs", way.name, fates.len());
        for (at, kind, fate) in fates {
            let people = begun();
            work(&people, at, *fate);
            settle(&people);
            let broken = broken(&people, way);
            if !broken.is_empty() {
                wrong.push(format!("{}, call {at} ({kind:?}), {fate:?}: {}", way.name, broken.join("; ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} runs are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Somebody makes a location of the id that a save has chosen: the next turn chooses another.
#[test]
fn an_id_that_is_taken_meanwhile_is_left_to_whoever_has_it() {
    let people = people();
    let account = pair(&people);
    let (number, now) = (people.numbers().remove(0), people.shop.now());
    people.shop.magento.with(|shop| shop.add_address(now, account, &in_city("Ogdenville")));
    people.send(&account.to_string(), Cause::Webhook);
    let delivery = people.shop.queue.take(Name::Customers).expect("a message");
    let gate = Gate::closed();
    let report = {
        let mut worker = pin!(people.work(&gate, Name::Customers, &delivery));
        loop {
            match worker.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(report) => break report,
                Poll::Pending => {
                    if gate.pending().expect("it waits at the gate").kind == Kind::PlatformWrite {
                        people.shop.erp.with(|erp| erp.create_location(&number, "4", now, &[])).expect("a free id");
                    }
                    gate.decide(Fate::Done);
                }
            }
        }
    };
    assert_eq!((report.outcome, report.code.as_deref()), (Outcome::Returned, Some("acumatica.rejected.precondition")));
    people.settle();
    let there: Vec<(String, String)> =
        locations(&people, &number).into_iter().map(|location| (location.0, location.2)).collect();
    for expected in [("4", "Calder"), ("4-2", "Ogdenville")] {
        assert!(there.contains(&(expected.0.to_owned(), expected.1.to_owned())), "{expected:?} in {there:?}");
    }
    assert!(people.records().iter().all(|record| record.park.is_none()), "{:?}", people.records());
}
