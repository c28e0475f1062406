//! A worker's links: read once per batch, told about once when they cannot be used, read again when credentials were replaced. What their
//! records keep meanwhile is tested where it is decided, in `flows::unreached`.

use std::sync::Mutex as Shared;

use flows::delivery::{Outcome, Verdict};
use flows::link::Activation;
use jiff::SignedDuration;
use lambda_runtime::Context;
use seams::clock::{Clock, Virtual};
use serde_json::{Value, json};
use store::memory::Memory;
use store::{Records, Table as _};
use tracing::level_filters::LevelFilter;

use super::*;
use crate::absent::Absent;
use crate::deployment::DeploymentKey;
use crate::links::Platforms;
use crate::secrets::Secrets;
use crate::secrets::tests::Fixed;
use crate::testing::{Captured, Nowhere, at, block_on, forward, seed_link};

const LINK: &str = "abcd2345";

struct Bench {
    worker: Worker,
    state: Arc<Memory>,
    sync_log: Arc<Memory>,
    clock: Arc<Virtual>,
    secrets: Arc<Fixed>,
    log: Captured,
    handled: Shared<Vec<(String, Cause, String, u64)>>,
}

fn bench(local_mode: bool) -> Bench {
    let clock = Arc::new(at("2026-11-23T04:00:00Z"));
    let (state, secrets, log) = (Arc::new(Memory::new()), Arc::new(Fixed::default()), Captured::default());
    secrets.set("stack/abcd2345/magento", r#"{"bearer":"canary-old","webhook_secrets":["canary"]}"#);
    let acumatica =
        r#"{"client_id":"canary@Company","client_secret":"canary","username":"canary","password":"canary"}"#;
    secrets.set("stack/abcd2345/acumatica", acumatica);
    secrets.set("key", "canary-key");
    let platforms = Platforms {
        transport: Arc::new(Nowhere),
        clock: clock.clone(),
        state: state.clone(),
        secrets: Arc::new(Secrets::new(secrets.clone(), clock.clone(), "stack")),
        directory: Arc::default(),
        local_mode,
        write_timeout: acumatica::client::WRITE_TIMEOUT,
    };
    let links = Links::new(platforms, DeploymentKey::new(secrets.clone(), "key", state.clone(), clock.clone()));
    let sync_log = Arc::new(Memory::new());
    let world = World {
        state: state.clone(),
        log: sync_log.clone(),
        queue: Arc::new(queue::memory::Memory::new(clock.clone())),
        clock: clock.clone(),
        timing: flows::link::Timing::default(),
    };
    let metrics = Metrics::to(log.clone(), clock.clone());
    let worker = Worker { name: Name::Orders, world, links, metrics };
    Bench { worker, state, sync_log, clock, secrets, log, handled: Shared::default() }
}

impl Bench {
    fn link(&self, base_url: &str) {
        let settings = json!({
            "version": 1,
            "magento": { "base_url": base_url, "auth": "bearer", "webhook": { "scheme": "hmac_sha256" } },
            "acumatica": { "base_url": "https://erp.example.com/Company" },
            "orders": { "enabled": true, "default": {} },
        });
        block_on(seed_link(&self.state, LINK, Activation::Active, settings));
    }

    /// Runs a batch of one event per pair of link and source id; `end` says what the flow answers to the n-th call.
    fn run(&self, events: &[(&str, &str)], end: impl Fn(usize) -> Option<&'static str>) -> Vec<Value> {
        let records: Vec<Value> = events
            .iter()
            .map(|(link, source_id)| {
                let body = Envelope {
                    link: (*link).to_owned(),
                    entity: "order".to_owned(),
                    source_id: (*source_id).to_owned(),
                    cause: Cause::Webhook,
                    occurred_at: self.clock.now(),
                    event_id: format!("E{source_id}"),
                };
                json!({ "messageId": format!("m{source_id}"), "receiptHandle": "rh", "body": body.encode() })
            })
            .collect();
        let event: SqsEvent = serde_json::from_value(json!({ "Records": records })).expect("an SQS event");
        let mut context = Context::default();
        context.deadline = u64::try_from(self.clock.now().as_millisecond()).unwrap() + 180_000;
        let sync = async |_: &World, link: &Link, delivery: &Delivery<'_>| {
            let call = {
                let mut handled = self.handled.lock().unwrap();
                let event = delivery.event;
                handled.push((
                    delivery.message_id.to_owned(),
                    event.cause,
                    event.event_id.clone(),
                    link.settings_version,
                ));
                handled.len()
            };
            let code = end(call).map(str::to_owned);
            let (verdict, outcome) = match &code {
                Some(_) => (Verdict::Return { after: 0 }, Outcome::Parked),
                None => (Verdict::Acknowledge, Outcome::Applied),
            };
            let calls = Calls { magento: 1, acumatica: 2 };
            Report {
                verdict,
                outcome,
                code,
                message: None,
                record: delivery.event.record_key(),
                shown: None,
                target: None,
                attempt: 1,
                calls,
                silent: false,
            }
        };
        let park = async |_: &World, _: Name, _: &str, _: &str, _: &str| panic!("every event decodes");
        let writer = self.log.clone();
        let subscriber = crate::telemetry::subscriber(LevelFilter::DEBUG, move || writer.clone());
        // A second one alive: with a single one, `tracing` lets the thread that meets a log line first decide for all.
        let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
        tracing::subscriber::with_default(subscriber, || {
            let answer = block_on(self.worker.run(LambdaEvent::new(event, context), sync, park));
            let ids = answer.batch_item_failures.into_iter().map(|failure| failure.item_identifier.into());
            ids.collect()
        })
    }

    fn outcomes(&self) -> Vec<Value> {
        self.log.lines().into_iter().filter(|line| line["outcome"].is_string()).collect()
    }

    fn errors(&self) -> Vec<Value> {
        let lines = self.log.lines().into_iter();
        lines.filter(|line| line["level"] == "ERROR" && line["outcome"].is_null()).collect()
    }
}

#[test]
fn a_link_is_read_once_per_batch_and_never_kept_longer() {
    let bench = bench(false);
    bench.link("https://shop.example.com");
    let before = bench.state.reads();
    assert_eq!(bench.run(&[(LINK, "1"), (LINK, "2"), (LINK, "3")], |_| None), Vec::<Value>::new());
    let first = bench.state.reads() - before;
    bench.run(&[(LINK, "4")], |_| None);
    let second = bench.state.reads() - before - first;
    // The first batch also reads the fingerprint of the deployment's key, before and after it is stored.
    assert_eq!(first, second + 2);
    assert_eq!(bench.handled.lock().unwrap().len(), 4);
    let log = bench.log.text();
    assert!(!log.contains("canary"), "{log}");
}

#[test]
fn records_of_a_link_that_does_not_exist_are_parked_and_the_log_says_why_once() {
    let bench = bench(false);
    bench.link("https://shop.example.com");
    assert_eq!(bench.run(&[("zzzz2345", "1"), (LINK, "2"), ("zzzz2345", "3")], |_| None), ["m1", "m3"]);
    assert_eq!(bench.handled.lock().unwrap().len(), 1);
    let codes: Vec<Value> = bench.outcomes().iter().map(|line| line["code"].clone()).collect();
    assert_eq!(codes, [json!("flows.rejected.unknown_link"), Value::Null, json!("flows.rejected.unknown_link")]);
    assert_eq!(bench.errors().len(), 1);
    assert_eq!(bench.run(&[("zzzz2345", "1")], |_| None), ["m1"], "the ticket, on its way to the dead-letter queue");
    assert_eq!(bench.outcomes().len(), 3, "which has all been said");
}

#[test]
fn what_is_wrong_with_a_link_has_a_code_and_names_no_value() {
    type Break = fn(&Bench);
    let cases: [(&str, Break, &str, &str); 5] = [
        (
            "no secret",
            |bench| drop(bench.secrets.texts.lock().unwrap().remove("stack/abcd2345/acumatica")),
            "flows.rejected.secret",
            "the secret stack/abcd2345/acumatica does not exist or may not be read",
        ),
        (
            "http to this machine outside local mode",
            |bench| bench.link("http://127.0.0.1:8080"),
            "flows.rejected.connection",
            "the connection to magento cannot be used: the base URL must start with https://",
        ),
        (
            "a token that fits into no header",
            |bench| bench.secrets.set("stack/abcd2345/magento", r#"{"bearer":"canary canary"}"#),
            "flows.rejected.connection",
            "the connection to magento cannot be used: a Magento credential is empty or holds characters that are not visible ASCII",
        ),
        (
            "another deployment key",
            |bench| {
                let item = store::Item {
                    key: store::Key::new("deployment", "email-key"),
                    rev: 1,
                    write_id: "w".to_owned(),
                    body: json!({ "fingerprint": "00000000" }),
                    indexes: Vec::new(),
                    expires: None,
                };
                block_on(bench.state.insert_if_absent(item)).unwrap();
            },
            "flows.rejected.deployment_key",
            "is not the one that this deployment's records were made with",
        ),
        (
            "what was never settings",
            |bench| {
                let settings = json!({ "version": "canary" });
                block_on(seed_link(&bench.state, LINK, Activation::Active, settings));
            },
            "flows.bug.settings",
            "the stored settings cannot be read: at version",
        ),
    ];
    for (name, break_it, code, sentence) in cases {
        let bench = bench(false);
        bench.link("https://shop.example.com");
        break_it(&bench);
        // Ten receives of it would be ten too many: the record keeps the event.
        for (source_id, outcomes) in [("1", 1), ("2", 2)] {
            assert_eq!(bench.run(&[(LINK, source_id)], |_| None), Vec::<Value>::new(), "{name}");
            let told = bench.outcomes();
            assert_eq!((told.len(), &told[outcomes - 1]["code"]), (outcomes, &json!(code)), "{name}");
            assert_eq!(told[outcomes - 1]["outcome"], "waiting", "{name}");
            let records = Records::new(bench.state.clone(), bench.clock.clone());
            let record = block_on(records.load(&format!("{LINK}/order/{source_id}"))).expect(name);
            assert_eq!(record.due, Some(bench.clock.now() + SignedDuration::from_mins(1)), "{name}");
        }
        let entries = bench.sync_log.items();
        assert_eq!(entries.len(), 2, "{name}");
        assert!(entries.iter().all(|entry| !entry.body.to_string().contains("canary")), "{name}");
        assert_eq!(
            bench.log.lines().iter().filter(|line| line["LinkUnusable"] == 1).count(),
            2,
            "{name}: once a batch"
        );
        let error = bench.errors().pop().expect(name);
        assert!(error["error"].as_str().expect(name).contains(sentence), "{name}: {error}");
        assert!(!bench.log.text().contains("canary"), "{name}: {}", bench.log.text());
    }
}

#[test]
fn this_machine_is_reached_by_http_in_local_mode_only() {
    let bench = bench(true);
    bench.link("http://127.0.0.1:8080");
    assert_eq!(bench.run(&[(LINK, "1")], |_| None), Vec::<Value>::new());
}

#[test]
fn refused_credentials_are_read_again_once_and_tried_again_only_if_they_changed() {
    let refused = magento::error::table::CREDENTIALS;
    for (name, rotated, second, returned, handled) in [
        ("not replaced", false, None, vec!["m1"], 1),
        ("replaced, and good", true, None, vec![], 2),
        ("replaced, and refused again", true, Some(refused), vec!["m1"], 2),
    ] {
        let bench = bench(false);
        bench.link("https://shop.example.com");
        let end = |call: usize| {
            if call > 1 {
                return second;
            }
            forward(&bench.clock, 10);
            if rotated {
                bench.secrets.set("stack/abcd2345/magento", r#"{"bearer":"canary-new","webhook_secrets":["canary"]}"#);
            }
            Some(refused)
        };
        assert_eq!(bench.run(&[(LINK, "1")], end), returned, "{name}");
        let calls = bench.handled.lock().unwrap().clone();
        assert_eq!(calls.len(), handled, "{name}");
        if let [first, again] = calls.as_slice() {
            assert_eq!(
                (again.1, &again.2),
                (Cause::Settings, &first.2),
                "{name}: an event that insists, of the same id"
            );
            assert_ne!(first.0, again.0, "{name}: the first message has its park already");
        }
        let outcomes = bench.outcomes();
        assert_eq!(outcomes.len(), 1, "{name}: one event per record");
        assert_eq!(outcomes[0]["acumatica_calls"], 2 * handled, "{name}");
    }
}

#[test]
fn what_there_is_no_time_for_is_due_soon_and_without_a_table_comes_back() {
    for (name, away, returned) in [("kept by its record", false, Vec::new()), ("kept by its message", true, vec!["m1"])]
    {
        let mut bench = bench(false);
        bench.link("https://shop.example.com");
        bench.worker.world.timing.step_reserve = SignedDuration::from_secs(181);
        if away {
            bench.worker.world.state = Arc::new(Absent);
        }
        assert_eq!(bench.run(&[(LINK, "1")], |_| None), returned, "{name}");
        assert_eq!(bench.handled.lock().unwrap().len(), 0, "{name}");
        // A table that a function has no business with refuses as one that holds what cannot be.
        let code = if away { "store.bug.unreadable" } else { "flows.not_ready.no_time" };
        assert_eq!(bench.outcomes()[0]["code"], code, "{name}");
        let records = Records::new(bench.state.clone(), bench.clock.clone());
        let record = block_on(records.load(&format!("{LINK}/order/1"))).expect(name);
        let due = (!away).then(|| bench.clock.now() + SignedDuration::from_secs(30));
        assert_eq!(record.due, due, "{name}");
    }
}

#[test]
fn an_unusable_deadline_is_none() {
    assert_eq!(deadline(1_795_406_400_250).to_string(), "2026-11-23T04:00:00.25Z");
    assert_eq!(deadline(u64::MAX), Timestamp::UNIX_EPOCH);
}
