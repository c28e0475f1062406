//! A person who is erased is nowhere any more, and everything that was counted is counted as before. Canaries are planted wherever a text of a person
//! could have slipped through, and then everything is looked through.

mod gone;

use std::collections::{BTreeMap, BTreeSet};

use flows::delivery::Outcome;
use flows::link::{EmailKey, World};
use flows::operations::{Answer, Desk, Refusal, customers, matching};
use jiff::SignedDuration;
use queue::{Cause, Name};
use seams::Secret;
use serde_json::{Value, json};
use simulators::magento::{Address, CustomerDraft, OrderDraft};
use store::memory::mortal::{Life, outcome};
use store::table::Item;
use store::{Record, Table};

use super::matching::Clients;
use super::world::{People, text};
use crate::flow::canaries::Captured;
use crate::flow::seams::Gate;
use crate::flow::world::{EMAIL_KEY, LINK, ready};

/// The e-mail with which she began, and the one that she has now.
const EMAILS: [&str; 2] = ["zelda@old.canary.example", "zelda@new.canary.example"];
/// What is looked for, without regard to case.
const CANARIES: [&str; 4] = ["zelda", "quillfeather", "canary.example", "marmalade"];

/// A shop in which two people have bought, one of whom is to be erased.
struct Scene {
    people: People,
    account: u64,
    number: String,
    note: String,
    /// Her orders: two that were written, one as a guest under her old e-mail; one that is parked.
    orders: [u64; 3],
}

fn draft(shipping: &str, draft: OrderDraft) -> OrderDraft {
    let address = Address::us("Zelda", "Quillfeather").street(&["77 Marmalade Lane"]);
    draft.simple("SHIRT", 2, 50).shipping(shipping, 5).billing(address.clone()).ship_to(address)
}

impl Scene {
    fn new() -> Self {
        let people = People::new();
        people.store_settings();
        people.register(&CustomerDraft::new("bob@example.com", "Bob", "Tailor").address(Address::us("Bob", "Tailor")));
        let address = Address::us("Zelda", "Quillfeather").street(&["77 Marmalade Lane"]);
        let account = people.register(&CustomerDraft::new(EMAILS[0], "Zelda", "Quillfeather").address(address));
        let reports = people.settle();
        assert!(reports.iter().all(|report| report.outcome != Outcome::Parked), "{reports:?}");
        let shop = &people.shop;
        let guest = shop.order(&draft("flatrate_flatrate", OrderDraft::guest(EMAILS[0])));
        shop.drain();
        people.edit(account, "email", EMAILS[1]);
        people.settle();
        let own = shop.order(&draft("flatrate_flatrate", OrderDraft::registered(account, EMAILS[1])));
        let parked = shop.order(&draft("courier_evening", OrderDraft::registered(account, EMAILS[1])));
        shop.order(&draft("courier_evening", OrderDraft::guest("bob@example.com")));
        shop.drain();
        let states: Vec<bool> = [guest, own, parked].map(|order| shop.record(order).park.is_some()).to_vec();
        assert_eq!(states, [false, false, true]);
        people.settle();
        let number = shop.entries().into_iter().find(|entry| entry.record == format!("{LINK}/customer/{account}"));
        let number = number.and_then(|entry| entry.target).expect("a pair");
        let note = text(&people.customer(&number), "/NoteID/value").to_lowercase();
        let scene = Self { people, account, number, note, orders: [guest, own, parked] };
        scene.plant();
        scene
    }

    /// Somebody who has bought nothing, so that the ERP lets her be deleted.
    fn without_orders() -> Self {
        let people = People::new();
        people.store_settings();
        let account = people.register(&CustomerDraft::new(EMAILS[1], "Zelda", "Quillfeather"));
        let number = people.settle()[0].target.clone().expect("a customer");
        let note = text(&people.customer(&number), "/NoteID/value").to_lowercase();
        let scene = Self { people, account, number, note, orders: [0; 3] };
        scene.plant();
        scene
    }

    /// The same, after the ERP has erased her, as it should have.
    fn erased_in_erp() -> Self {
        let scene = Self::without_orders();
        let now = scene.people.shop.now();
        scene.people.shop.erp.with(|erp| erp.delete_customer(&scene.number, now)).expect("nothing refers to her");
        scene
    }

    /// Her names for an operator.
    fn names(&self) -> [Value; 4] {
        [
            json!({ "email": format!(" {} ", EMAILS[1].to_uppercase()) }),
            json!({ "magento_id": self.account }),
            json!({ "customer_id": self.number }),
            json!({ "customer_id": self.note }),
        ]
    }

    /// Keys of the records that are hers.
    fn keys(&self) -> BTreeSet<String> {
        let orders = self.orders.iter().map(|order| format!("{LINK}/order/{order}"));
        orders.chain([format!("{LINK}/customer/{}", self.account)]).collect()
    }

    /// Something of her in every sentence about her.
    fn plant(&self) {
        let canary = json!("Zelda Quillfeather, 77 Marmalade Lane");
        let keys = self.keys();
        for item in self.people.shop.state.items() {
            if keys.contains(&item.key.partition) && item.body["park"].is_object() {
                let mut body = item.body.clone();
                body["park"]["message"] = canary.clone();
                replace(&*self.people.shop.state, Item { body, ..item });
            }
        }
        for item in self.people.shop.log.items() {
            if item.body["record"].as_str().is_some_and(|record| keys.contains(record)) {
                let mut body = item.body.clone();
                body["message"] = canary.clone();
                replace(&*self.people.shop.log, Item { body, ..item });
            }
        }
    }

    /// Asks; nothing comes back of an invocation that has died after so many writes to either table.
    fn erase_mortal(&self, name: &Value, writes: u64) -> Option<Result<Answer, Refusal>> {
        let (world, _) = self.people.shop.worker(&Gate::default(), "");
        let life = Life::of(writes);
        let world = World { state: life.table(world.state.clone()), log: life.table(world.log.clone()), ..world };
        let clients = Clients(&self.people.shop);
        let desk = Desk { world: &world, platforms: &clients, allow_loopback: false };
        outcome(customers::erase(&desk, LINK, name))
    }

    fn erase(&self, name: &Value) -> Value {
        let answer = self.erase_mortal(name, u64::MAX).expect("nobody dies");
        answer.unwrap_or_else(|refusal| panic!("{name}: {refusal:?}")).body["erased"].clone()
    }

    /// Everything that is kept anywhere, dead letters included.
    fn kept(&self) -> String {
        let shop = &self.people.shop;
        let items = shop.state.items().into_iter().chain(shop.log.items());
        let mut kept: String = items.map(|item| format!("{item:?}\n")).collect();
        for name in [Name::Orders, Name::Customers] {
            ready(queue::Queue::start_redrive(&*shop.queue, name)).expect("the queue in memory answers");
            while let Some(message) = shop.queue.take(name) {
                kept.push_str(&message.body);
            }
        }
        kept.to_lowercase()
    }

    /// Texts that must be nowhere: canaries, hashes of her e-mails, of her fields and of her part of her orders.
    fn traces(&self) -> Vec<String> {
        let key = EmailKey::new(Secret::new(EMAIL_KEY));
        let mut traces: Vec<String> = CANARIES.iter().map(|canary| (*canary).to_owned()).collect();
        traces.extend(EMAILS.iter().map(|email| key.hash(email)));
        for record in self.people.shop.records().into_iter().filter(|record| self.keys().contains(&record.key)) {
            let Some(bound) = record.bound else { continue };
            if record.key.contains("/order/") {
                traces.push(bound.fingerprint.0.split('.').nth(1).expect("three parts").to_owned());
            } else {
                let base: BTreeMap<String, (String, String)> =
                    serde_json::from_str(&bound.fingerprint.0).expect("a base");
                assert!(base.len() > 5, "{base:?}");
                traces.extend(base.into_values().flat_map(|(magento, acumatica)| [magento, acumatica]));
            }
        }
        traces
    }

    /// What is counted: records by entity and whether a person must act; entries by entity, outcome, code and calls; which order is which document.
    fn counts(&self) -> Vec<String> {
        let shop = &self.people.shop;
        let records = shop.records().into_iter().filter(|record| !record.key.contains("/customer-email/"));
        let entity = |key: &str| key.split('/').nth(1).unwrap_or_default().to_owned();
        let mut lines: Vec<String> = records
            .map(|record| match entity(&record.key).as_str() {
                "order" => format!("{} {:?} {:?}", record.key, record.state, record.bound.map(|bound| bound.target)),
                entity => entity.to_owned(),
            })
            .collect();
        lines.extend(shop.entries().into_iter().map(|entry| {
            let target = entry.target.filter(|_| entry.entity == "order");
            let shown = entry.shown.filter(|_| entry.entity == "order");
            let calls = (entry.magento_calls, entry.acumatica_calls);
            format!(
                "{} {} {:?} {:?} {target:?} {shown:?} {calls:?}",
                entry.time, entry.outcome, entry.code, entry.level
            )
        }));
        lines.sort();
        lines
    }

    /// Items by key, without what every write changes.
    fn items(&self) -> BTreeMap<String, Value> {
        let shop = &self.people.shop;
        let items = shop.state.items().into_iter().chain(shop.log.items());
        items.map(|item| (format!("{}/{}", item.key.partition, item.key.sort), item.body)).collect()
    }

    fn assert_gone(&self, traces: &[String], what: &str) {
        let kept = self.kept();
        let found: Vec<&String> = traces.iter().filter(|trace| kept.contains(&trace.to_lowercase())).collect();
        assert!(found.is_empty(), "{what}: {found:?} in\n{kept}");
    }
}

fn replace(table: &dyn Table, item: Item) {
    let item = Item { rev: item.rev + 1, ..item };
    assert_eq!(ready(table.replace_if_rev(item)), Ok(store::table::Written::Yes));
}

#[test]
fn whoever_is_erased_is_nowhere_and_all_counts_are_as_before() {
    for name in 0..4 {
        let scene = Scene::new();
        let name = &scene.names()[name];
        let (traces, counts, before) = (scene.traces(), scene.counts(), scene.items());
        let kept = scene.kept();
        // The hash of her old e-mail went when she changed it; everything else is there to be found.
        let there: Vec<&String> = traces.iter().filter(|trace| kept.contains(&trace.to_lowercase())).collect();
        assert!(there.len() > traces.len() / 2, "{name}: there is something to be found: {there:?} of {traces:?}");
        let log = Captured::default();
        let writer = log.clone();
        let subscriber = runtime::telemetry::subscriber("trace".parse().expect("a level"), move || writer.clone());
        let erased = tracing::subscriber::with_default(subscriber, || scene.erase(name));
        assert_eq!(
            (&erased["records"], &erased["guards"], &erased["aliases"], &erased["orders"]),
            (&json!(1), &json!(1), &json!(2), &json!(3)),
            "{name}: {erased}"
        );
        scene.assert_gone(&traces, &name.to_string());
        assert!(CANARIES.iter().all(|canary| !log.text().to_lowercase().contains(canary)), "{}", log.text());
        assert_eq!(scene.counts(), counts, "{name}");
        let after = scene.items();
        let keys = scene.keys();
        for (key, body) in before.iter().filter(|(key, body)| after.get(*key) != Some(*body)) {
            let is_hers = keys.iter().any(|own| key.starts_with(own) || body["record"] == own.as_str());
            assert!(is_hers || key.contains("/customer-email/"), "{name}: {key} is not hers");
        }
        let again = scene.erase(name);
        assert!(again.as_object().expect("counts").values().all(|count| *count == json!(0)), "{name}: {again}");
        assert_eq!(scene.items(), after, "{name}: twice is once");
    }
}

#[test]
fn a_run_that_matched_people_knows_the_person_no_more() {
    let scene = Scene::new();
    let (world, _) = scene.people.shop.worker(&Gate::default(), "");
    let clients = Clients(&scene.people.shop);
    let desk = Desk { world: &world, platforms: &clients, allow_loopback: false };
    let run = ready(matching::advance(&desk, LINK, &Value::Null)).expect("a run").body;
    assert_eq!(run["done"], true, "{run}");
    let of_run = || -> Vec<String> { scene.items().into_keys().filter(|key| key.contains("/matching/")).collect() };
    let (traces, before) = (scene.traces(), of_run());
    let place = before.iter().find_map(|key| key.strip_suffix(&format!("#a#{}", scene.note))).expect("a place of hers");
    let ends = [format!("/{}", scene.account), format!("/{}", scene.number)];
    let is_hers = |key: &&String| {
        key.starts_with(&format!("{place}#")) || !key.contains('#') && ends.iter().any(|end| key.ends_with(end))
    };
    let (hers, others): (Vec<String>, Vec<String>) = before.iter().cloned().partition(|key| is_hers(&key));
    assert_eq!(
        (hers.len(), others.len()),
        (4, 5),
        "two places, an account, a customer; Bob's, and the run itself: {before:?}"
    );
    let erased = scene.erase(&json!({ "magento_id": scene.account }));
    assert_eq!(erased["matching"], 2, "{erased}");
    assert_eq!(of_run(), others, "everybody else's stay");
    scene.assert_gone(&traces, "after a matching run");
}

#[test]
fn tables_alone_are_enough_where_no_platform_can_be_asked() {
    let scene = Scene::new();
    let traces = scene.traces();
    let calls = || (scene.people.shop.magento.calls().len(), scene.people.shop.erp.calls().len());
    let before = calls();
    let mut name = scene.names()[0].clone();
    name["only_tables"] = json!(true);
    let erased = scene.erase(&name);
    assert_eq!(calls(), before, "nobody was asked");
    assert_eq!(
        (&erased["records"], &erased["guards"], &erased["aliases"], &erased["orders"]),
        (&json!(1), &json!(1), &json!(2), &json!(0))
    );
    let hashes: Vec<String> = traces.iter().filter(|trace| trace.len() == 64).cloned().collect();
    scene.assert_gone(&hashes, "tables alone");
}

#[test]
fn a_later_event_of_the_person_starts_anew_and_doubles_nobody() {
    let scene = Scene::new();
    let people = &scene.people;
    let numbers = people.numbers();
    scene.erase(&scene.names()[0]);
    people.edit(scene.account, "taxvat", "DE1");
    let reports = people.settle();
    assert_eq!(reports[0].outcome, Outcome::Applied, "{reports:?}");
    assert!(reports[1..].iter().all(|report| report.outcome == Outcome::Unchanged), "{reports:?}");
    assert_eq!(people.numbers(), numbers, "she is the customer that she was");
    assert_eq!(text(&people.customer(&scene.number), "/TaxRegistrationID/value"), "DE1");
    // Her orders are bound as they were: an event of one writes nothing.
    let (documents, saves) = (people.shop.orders().len(), people.shop.saves());
    people.shop.send(scene.orders[1], Cause::Webhook);
    let reports = people.shop.drain();
    assert_eq!(reports[0].outcome, Outcome::Unchanged, "{reports:?}");
    assert_eq!((people.shop.orders().len(), people.shop.saves()), (documents, saves));
}

#[test]
fn an_erasure_that_dies_anywhere_is_finished_by_the_next_one() {
    // Of the state table: three orders, two aliases, a guard, a record; without orders four. Entries come on top.
    for (begun, least) in [(Scene::new as fn() -> Scene, 7), (Scene::erased_in_erp, 4)] {
        for name in 0..4 {
            let (whole, mut deaths) = (begun(), 0);
            let traces = whole.traces();
            whole.erase(&whole.names()[name]);
            loop {
                let scene = begun();
                let asked = &scene.names()[name];
                if scene.erase_mortal(asked, deaths + 1).is_some() {
                    break;
                }
                deaths += 1;
                scene.erase(asked);
                scene.assert_gone(&traces, &format!("{asked} after {deaths} writes"));
                assert_eq!(scene.items(), whole.items(), "{asked} after {deaths} writes");
            }
            assert!(deaths > least, "every write was somebody's last: {deaths}");
        }
    }
}

#[test]
fn nothing_is_erased_while_somebody_works_on_it() {
    let scene = Scene::new();
    let busy = [format!("{LINK}/customer/{}", scene.account), format!("{LINK}/order/{}", scene.orders[1])];
    for key in busy {
        let now = scene.people.shop.now();
        let (world, _) = scene.people.shop.worker(&Gate::default(), "");
        let records = store::Records::new(world.state.clone(), world.clock.clone());
        let record = ready(records.load(&key)).expect("the table answers");
        let until = now + SignedDuration::from_mins(3);
        let claim = |record: Record| record.claim("worker", now, until, None).expect("it is free");
        let claimed = ready(records.write(claim(record))).expect("the table answers");
        let before = scene.items();
        for name in &scene.names() {
            let refusal = scene.erase_mortal(name, u64::MAX).expect("nobody dies").expect_err("somebody works on it");
            assert_eq!((refusal.status, &refusal.more["record"]), (409, &json!(key)), "{name}");
        }
        assert_eq!(scene.items(), before, "nothing was erased");
        ready(records.write(claimed.finish("worker", None).expect("done"))).expect("the table answers");
    }
}
