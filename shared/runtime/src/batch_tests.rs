//! The batch loop on events as SQS sends them (Lambda Developer Guide, "Using Lambda with Amazon SQS", FIFO example).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use queue::QueueError;
use serde_json::{Value, json};
use tracing::level_filters::LevelFilter;

use super::*;
use crate::testing::{Captured, at, block_on, forward};
use seams::clock::Virtual;

const START: &str = "2026-11-23T04:00:00Z";
const LINK: &str = "abcd2345";

/// Writes down what visibility was asked for.
#[derive(Default)]
struct Visibility {
    asked: Mutex<Vec<(String, u32)>>,
    away: bool,
}

#[async_trait]
impl Queue for Visibility {
    async fn send(&self, _: Name, _: &Envelope) -> Result<(), QueueError> {
        Err(QueueError::Refused("the batch loop sends nothing".to_owned()))
    }

    async fn set_visibility(&self, _: Name, receipt_handle: &str, seconds: u32) -> Result<(), QueueError> {
        if self.away {
            return Err(QueueError::Unavailable("away".to_owned()));
        }
        self.asked.lock().unwrap().push((receipt_handle.to_owned(), seconds));
        Ok(())
    }

    async fn start_redrive(&self, _: Name) -> Result<String, QueueError> {
        Err(QueueError::Refused("the batch loop redrives nothing".to_owned()))
    }

    async fn dead_letters(&self, _: Name) -> Result<u64, QueueError> {
        Err(QueueError::Refused("the batch loop counts nothing".to_owned()))
    }
}

/// What shall become of an event, by its event id; events without an entry are applied.
struct Script {
    ends: BTreeMap<&'static str, End>,
    handled: Mutex<Vec<String>>,
    clock: Arc<Virtual>,
}

#[derive(Clone, Copy)]
enum End {
    Applied,
    Skipped,
    Waiting,
    Parked,
    FailedFast,
    Returned(u32),
    Panic,
    /// Takes so many seconds.
    Slow(i64),
}

fn report(record: String, end: End) -> Report {
    let (verdict, outcome) = match end {
        End::Applied | End::Panic | End::Slow(_) => (Verdict::Acknowledge, Outcome::Applied),
        End::Skipped => (Verdict::Acknowledge, Outcome::Skipped),
        End::Waiting => (Verdict::Acknowledge, Outcome::Waiting),
        End::Parked | End::FailedFast => (Verdict::Return { after: 0 }, Outcome::Parked),
        End::Returned(after) => (Verdict::Return { after }, Outcome::Returned),
    };
    Report {
        verdict,
        outcome,
        code: None,
        message: None,
        record,
        shown: None,
        target: None,
        attempt: 1,
        calls: Calls::default(),
        silent: matches!(end, End::FailedFast),
    }
}

impl Handler for Script {
    async fn handle(&self, delivery: Delivery<'_>) -> Report {
        self.handled.lock().unwrap().push(delivery.event.event_id.clone());
        // A point of suspension, so that a panic comes from a later poll than the first.
        tokio::task::yield_now().await;
        let end = self.ends.get(delivery.event.event_id.as_str()).copied().unwrap_or(End::Applied);
        match end {
            End::Panic => panic!("canary@example.com"),
            End::Slow(seconds) => forward(&self.clock, seconds),
            _ => {}
        }
        report(delivery.event.record_key(), end)
    }

    async fn put_off(&self, delivery: Delivery<'_>) -> Report {
        self.handled.lock().unwrap().push(format!("{} later", delivery.event.event_id));
        let end = self.ends.get(delivery.event.event_id.as_str()).copied().unwrap_or(End::Waiting);
        report(delivery.event.record_key(), end)
    }

    async fn undecodable(&self, body: &str, message_id: &str, why: &str) -> Report {
        self.handled.lock().unwrap().push(format!("{message_id} of {} bytes: {why}", body.len()));
        report("-/order/0".to_owned(), End::Parked)
    }
}

/// One record of an SQS event. The id of the message is its event id in lower case, its receipt handle that with `rh-` before it.
fn sqs(body: &str, id: &str, group: &str) -> Value {
    json!({
        "messageId": id,
        "receiptHandle": format!("rh-{id}"),
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1795406400000",
            "SequenceNumber": "18849496460467696128",
            "MessageGroupId": group,
            "SenderId": "AIDAIO23YVJENQZJOL4VO",
            "MessageDeduplicationId": "01HX",
            "ApproximateFirstReceiveTimestamp": "1795406400012",
        },
        "messageAttributes": {},
        "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-2:123456789012:fifo.fifo",
        "awsRegion": "us-east-2",
    })
}

fn event(source_id: &str, event_id: &str, cause: Cause) -> Value {
    let envelope = Envelope {
        link: LINK.to_owned(),
        entity: "order".to_owned(),
        source_id: source_id.to_owned(),
        cause,
        occurred_at: START.parse().unwrap(),
        event_id: event_id.to_owned(),
    };
    sqs(&envelope.encode(), &event_id.to_lowercase(), &envelope.record_key())
}

struct Ran {
    handled: Vec<String>,
    failed: Vec<String>,
    visibility: Vec<(String, u32)>,
    answer: Value,
    log: String,
}

/// Runs a batch with 180 s of time and a reserve of 130 s.
fn run(records: Vec<Value>, ends: &[(&'static str, End)], away: bool) -> Ran {
    let clock = Arc::new(at(START));
    let (log, queue) = (Captured::default(), Visibility { away, ..Visibility::default() });
    let metrics = Metrics::to(log.clone(), clock.clone());
    let script = Script { ends: ends.iter().copied().collect(), handled: Mutex::default(), clock: clock.clone() };
    let batch = Batch {
        name: Name::Orders,
        queue: &queue,
        clock: clock.as_ref(),
        metrics: &metrics,
        reserve: SignedDuration::from_secs(130),
    };
    let event: SqsEvent = serde_json::from_value(json!({ "Records": records })).expect("an SQS event");
    let deadline = START.parse::<Timestamp>().unwrap() + Duration::from_secs(180);
    let writer = log.clone();
    let subscriber = telemetry::subscriber(LevelFilter::DEBUG, move || writer.clone());
    // A second one alive: with a single one, `tracing` lets the thread that meets a log line first decide for all.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let answer = tracing::subscriber::with_default(subscriber, || block_on(batch.run(event, deadline, &script)));
    Ran {
        handled: script.handled.into_inner().unwrap(),
        failed: answer.batch_item_failures.iter().map(|failure| failure.item_identifier.clone()).collect(),
        visibility: queue.asked.into_inner().unwrap(),
        answer: serde_json::to_value(&answer).unwrap(),
        log: log.text(),
    }
}

fn returned(pairs: &[(&str, u32)]) -> Vec<(String, u32)> {
    pairs.iter().map(|(id, after)| (format!("rh-{id}"), *after)).collect()
}

#[test]
fn one_record_is_handled_once_whatever_its_messages_say() {
    use Cause::{Operator, Settings, Webhook};
    type Case =
        (&'static str, Vec<(&'static str, Cause, End)>, &'static [&'static str], &'static [(&'static str, u32)]);
    let cases: [Case; 10] = [
        (
            "thrice",
            vec![("A", Webhook, End::Applied), ("B", Webhook, End::Applied), ("C", Webhook, End::Applied)],
            &["A"],
            &[],
        ),
        (
            "waiting keeps what they ask for",
            vec![("A", Webhook, End::Waiting), ("B", Webhook, End::Applied)],
            &["A"],
            &[],
        ),
        (
            "parked: the first is the ticket",
            vec![("A", Webhook, End::Parked), ("B", Webhook, End::Applied)],
            &["A"],
            &[("a", 0)],
        ),
        ("a person's event goes first", vec![("A", Webhook, End::Parked), ("B", Operator, End::Applied)], &["B"], &[]),
        (
            "new settings before hints",
            vec![("A", Webhook, End::Applied), ("B", Settings, End::Parked)],
            &["B"],
            &[("b", 0)],
        ),
        ("a person before settings", vec![("A", Settings, End::Applied), ("B", Operator, End::Applied)], &["B"], &[]),
        (
            "a ticket that fails fast settles nothing",
            vec![("A", Webhook, End::FailedFast), ("B", Webhook, End::Applied)],
            &["A", "B"],
            &[("a", 0)],
        ),
        (
            "a skip settles nothing",
            vec![("A", Webhook, End::Skipped), ("B", Webhook, End::Applied), ("C", Webhook, End::Applied)],
            &["A", "B"],
            &[],
        ),
        (
            "returned: its group behind it",
            vec![("A", Webhook, End::Returned(30)), ("B", Webhook, End::Applied)],
            &["A"],
            &[("a", 30), ("b", 30)],
        ),
        (
            "a panic returns its group",
            vec![("A", Webhook, End::Panic), ("B", Webhook, End::Applied)],
            &["A"],
            &[("a", 300), ("b", 300)],
        ),
    ];
    for (name, messages, handled, expected) in cases {
        let ends: Vec<_> = messages.iter().map(|(id, _, end)| (*id, *end)).collect();
        let records = messages.iter().map(|(id, cause, _)| event("12", id, *cause)).collect();
        let ran = run(records, &ends, false);
        assert_eq!(ran.handled, handled, "{name}");
        assert_eq!(ran.visibility, returned(expected), "{name}");
        assert_eq!(ran.failed, expected.iter().map(|(id, _)| *id).collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn a_push_rests_once_and_alone() {
    use Cause::{Operator, Push, Webhook};
    type Case = (
        &'static str,
        Vec<(&'static str, &'static str, Cause, &'static str)>,
        &'static [&'static str],
        &'static [(&'static str, u32)],
    );
    let cases: [Case; 8] = [
        ("first receipt", vec![("12", "A", Push, "1")], &[], &[("a", 5)]),
        ("second receipt", vec![("12", "A", Push, "2")], &["A"], &[]),
        ("after a redrive or a crash", vec![("12", "A", Push, "7")], &["A"], &[]),
        ("only pushes rest", vec![("12", "A", Webhook, "1")], &["A"], &[]),
        ("several of one record", vec![("12", "A", Push, "1"), ("12", "B", Push, "1")], &[], &[("a", 5), ("b", 5)]),
        ("those behind one that has rested", vec![("12", "A", Push, "2"), ("12", "B", Push, "1")], &["A"], &[]),
        ("a person does not wait", vec![("12", "A", Push, "1"), ("12", "B", Operator, "1")], &["B"], &[]),
        (
            "records rest by themselves",
            vec![("12", "A", Push, "1"), ("13", "B", Push, "2"), ("14", "C", Webhook, "1")],
            &["B", "C"],
            &[("a", 5)],
        ),
    ];
    for (name, messages, handled, expected) in cases {
        let records = messages.into_iter().map(|(source, id, cause, receipts)| {
            let mut message = event(source, id, cause);
            message["attributes"]["ApproximateReceiveCount"] = receipts.into();
            message
        });
        let ran = run(records.collect(), &[], false);
        assert_eq!(ran.handled, handled, "{name}");
        assert_eq!(ran.visibility, returned(expected), "{name}");
        assert_eq!(ran.failed, expected.iter().map(|(id, _)| *id).collect::<Vec<_>>(), "{name}");
        assert_eq!(ran.log.is_empty(), handled.is_empty(), "{name}: a rest is silent: {}", ran.log);
    }
}

#[test]
fn a_record_fails_alone() {
    let records = vec![
        event("1", "A", Cause::Webhook),
        sqs("{canary@example.com", "x", "anything"),
        event("2", "B", Cause::Webhook),
        event("3", "C", Cause::Webhook),
        event("4", "D", Cause::Webhook),
    ];
    let ran = run(records, &[("A", End::Panic), ("B", End::Returned(2)), ("C", End::Returned(900))], false);
    assert_eq!(ran.handled, ["A", "x of 19 bytes: not an event envelope: Syntax error at column 2", "B", "C", "D"]);
    // Waits are held to the bounds: 5 to 300 seconds.
    assert_eq!(ran.visibility, returned(&[("a", 300), ("x", 0), ("b", 5), ("c", 300)]));
    let expected = ["a", "x", "b", "c"].map(|id| json!({ "itemIdentifier": id }));
    assert_eq!(ran.answer, json!({ "batchItemFailures": expected }));
    assert!(ran.log.contains(r#""code":"flows.bug.panic""#), "{}", ran.log);
}

#[test]
fn an_event_of_another_entity_or_version_is_not_handled_as_an_order() {
    let body = r#"{"v":1,"event":{"link":"abcd2345","entity":"quote","source_id":"12","cause":"webhook","occurred_at":"2026-11-23T04:00:00Z","event_id":"A"}}"#;
    let ran = run(vec![sqs(body, "x", "g"), sqs(r#"{"v":9}"#, "y", "g")], &[], false);
    assert_eq!(
        ran.handled,
        [
            format!("x of {} bytes: an event of another entity", body.len()),
            "y of 7 bytes: an event envelope of unknown version 9".to_owned()
        ]
    );
    assert_eq!(ran.failed, ["x", "y"]);
}

#[test]
fn what_there_is_no_time_for_is_put_off_once_per_record_and_spared_where_it_can_be() {
    let records = ["A", "B", "C", "D", "E", "F", "G", "H"].into_iter().zip(["1", "2", "3", "3", "4", "4", "5", "5"]);
    let mut records: Vec<Value> = records.map(|(id, source)| event(source, id, Cause::Webhook)).collect();
    records.push(sqs("{", "x", "anything"));
    let ends = [("A", End::Slow(50)), ("B", End::Slow(1)), ("E", End::Returned(30)), ("G", End::FailedFast)];
    let ran = run(records, &ends, false);
    let x = "x of 1 bytes: not an event envelope: Eof error at column 1";
    let expected = ["A", "B", "C later", "E later", "G later", "H later", x];
    assert_eq!(ran.handled, expected, "after 50 s exactly 130 s are left, after 51 s fewer");
    // C keeps what D asks for; F stays behind E; G's failure is recorded and says nothing of H.
    assert_eq!(ran.visibility, returned(&[("e", 30), ("f", 30), ("g", 0), ("x", 0)]));
    assert_eq!(ran.failed, ["e", "f", "g", "x"]);
}

#[test]
fn without_visibility_the_message_is_returned_all_the_same() {
    let ran = run(vec![event("1", "A", Cause::Webhook)], &[("A", End::Parked)], true);
    assert_eq!((ran.failed, ran.visibility), (vec!["a".to_owned()], vec![]));
}

#[test]
fn the_answer_to_a_good_batch_is_an_empty_list() {
    assert_eq!(run(vec![event("1", "A", Cause::Webhook)], &[], false).answer, json!({ "batchItemFailures": [] }));
    assert_eq!(run(Vec::new(), &[], false).answer, json!({ "batchItemFailures": [] }));
}

#[test]
fn no_body_receipt_or_panic_is_logged_and_every_line_names_its_message() {
    let records =
        vec![event("1", "A", Cause::Webhook), sqs("canary@example.com", "x", "g"), event("2", "B", Cause::Webhook)];
    let ran = run(records, &[("A", End::Panic)], true);
    for planted in ["canary", "rh-", "example.com"] {
        assert!(!ran.log.contains(planted), "{planted} was logged:\n{}", ran.log);
    }
    let lines: Vec<Value> = ran.log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let outcomes: Vec<&Value> = lines.iter().filter(|line| line["outcome"].is_string()).collect();
    let spans: Vec<&Value> = outcomes.iter().map(|line| &line["spans"][0]["message_id"]).collect();
    assert_eq!(spans, [&json!("a"), &json!("x"), &json!("b")]);
    assert_eq!(outcomes[2]["spans"][0]["link"], LINK);
    assert_eq!(outcomes[2]["spans"][0]["event_id"], "B");
    assert_eq!(outcomes[2]["spans"][0]["cause"], "webhook");
}
