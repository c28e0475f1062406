//! What becomes of a record in every state when its event cannot be begun.

use std::sync::Arc;

use queue::Envelope;
use seams::clock::{Clock, Virtual};
use store::memory::Memory;

use super::*;

const KEY: &str = "abcd2345/order/12";
const SECRET: &str = "flows.rejected.secret";

fn at(time: &str) -> Timestamp {
    format!("2026-11-23T{time}Z").parse().unwrap()
}

fn claimed() -> Record {
    Record::new(KEY).claim("other", at("03:50:00"), at("03:53:00"), None).unwrap()
}

fn parked() -> Record {
    let park = Park {
        code: "orders.rejected.overpaid".to_owned(),
        message: "Paid twice.".to_owned(),
        message_id: "ticket".to_owned(),
        event_id: "E1".to_owned(),
        revision: None,
        settings: 1,
        at: at("03:50:00"),
    };
    claimed().park("other", park).unwrap()
}

fn waiting(reason: &str) -> Record {
    claimed().wait("other", reason, at("03:50:00"), at("04:05:00")).unwrap()
}

/// Leaves `before` in the table, lets an event in, and answers the report, the record and the log's entries.
async fn visit(
    before: Option<Record>,
    message: &str,
    cause: Cause,
    keeps: Option<&'static str>,
) -> (Report, Record, Vec<serde_json::Value>) {
    let (state, log) = (Arc::new(Memory::new()), Arc::new(Memory::new()));
    let records = Records::new(state.clone(), Arc::new(Virtual::new(at("04:00:00"))));
    if let Some(before) = before {
        records.write(before).await.unwrap();
    }
    let clock: Arc<dyn Clock> = Arc::new(Virtual::new(at("04:00:00")));
    let queue = Arc::new(queue::memory::Memory::new(clock.clone()));
    let world = World { state: state.clone(), log: log.clone(), queue, clock, timing: crate::link::Timing::default() };
    let event = Envelope {
        link: "abcd2345".to_owned(),
        entity: "order".to_owned(),
        source_id: "12".to_owned(),
        cause,
        occurred_at: at("03:59:00"),
        event_id: if message == "redriven" { "E1" } else { "E2" }.to_owned(),
    };
    let delivery = Delivery { message_id: message, event: &event, deadline: at("04:03:00") };
    let units = state.write_units();
    let report = match keeps {
        Some(code) => keep(&world, Name::Orders, &delivery, Finding::new(code, "Why.")).await,
        None => put_off(&world, &delivery).await,
    };
    // A record and its place in an index, at most: one write.
    assert!(state.write_units() - units <= 4, "{}", state.write_units() - units);
    let entries = log.items().into_iter().map(|item| item.body).collect();
    (report, records.load(KEY).await.unwrap(), entries)
}

fn told(record: &Record) -> (&str, Option<Timestamp>, u32, bool) {
    let state = match &record.state {
        State::Pending => "pending",
        State::Working { .. } => "working",
        State::Waiting { wait } => wait.reason.as_str(),
        State::Parked => "parked",
        State::Done => "done",
    };
    (state, record.due, record.attempts, record.park.is_some())
}

#[tokio::test]
async fn an_event_of_a_link_that_cannot_be_used_is_kept_by_its_record() {
    use Cause::{Operator, Webhook};
    let done = claimed().finish("other", None).unwrap();
    let live = Record::new(KEY).claim("other", at("03:59:00"), at("04:00:40"), None).unwrap();
    // A try that died counts.
    let looked = parked().claim_to_look("other", at("03:50:00"), at("03:53:00")).unwrap();
    let (wait, ack) = (Outcome::Waiting, Verdict::Acknowledge);
    let returned = |after| Verdict::Return { after };
    let unknown = UNKNOWN_LINK;
    for (name, before, message, cause, code, verdict, outcome, record) in [
        ("new", None, "m", Webhook, SECRET, ack, wait, (SECRET, "04:01:00", 0, false)),
        ("done", Some(done), "m", Webhook, SECRET, ack, wait, (SECRET, "04:01:00", 0, false)),
        // Ten minutes in: half of that until the next look.
        ("for long", Some(waiting(SECRET)), "m", Webhook, SECRET, ack, wait, (SECRET, "04:05:00", 0, false)),
        ("for else", Some(waiting("other")), "m", Webhook, SECRET, ack, wait, (SECRET, "04:01:00", 0, false)),
        ("a dead owner", Some(claimed()), "m", Webhook, SECRET, ack, wait, (SECRET, "04:01:00", 1, false)),
        ("a hint", Some(parked()), "m", Webhook, SECRET, returned(300), Outcome::Returned, ("parked", "", 1, true)),
        ("a dead look", Some(looked), "m", Webhook, SECRET, returned(300), Outcome::Returned, ("parked", "", 2, true)),
        ("a person", Some(parked()), "m", Operator, SECRET, ack, wait, (SECRET, "04:01:00", 0, false)),
        ("a redrive", Some(parked()), "redriven", Webhook, SECRET, ack, wait, (SECRET, "04:01:00", 0, false)),
        (
            "its ticket",
            Some(parked()),
            "ticket",
            Webhook,
            SECRET,
            returned(0),
            Outcome::Returned,
            ("parked", "", 1, true),
        ),
        (
            "a live owner",
            Some(live),
            "m",
            Webhook,
            SECRET,
            returned(40),
            Outcome::Returned,
            ("working", "04:00:40", 1, false),
        ),
        ("no such link", None, "m", Webhook, unknown, returned(0), Outcome::Parked, ("parked", "", 1, true)),
        ("still none", Some(parked()), "m", Webhook, unknown, ack, Outcome::Skipped, ("parked", "", 1, true)),
    ] {
        let (report, after, entries) = visit(before, message, cause, Some(code)).await;
        assert_eq!((report.verdict, report.outcome), (verdict, outcome), "{name}");
        let due = (!record.1.is_empty()).then(|| at(record.1));
        assert_eq!(told(&after), (record.0, due, record.2, record.3), "{name}");
        assert_eq!(entries.len(), usize::from(!report.silent), "{name}: one entry for each attempt");
        assert_eq!(report.silent, ["its ticket", "a live owner"].contains(&name), "{name}");
        if let Some(entry) = entries.first().filter(|_| outcome != Outcome::Skipped) {
            assert_eq!((&entry["code"], &entry["level"]), (&code.into(), &"error".into()), "{name}");
        }
    }
}

#[tokio::test]
async fn an_event_without_time_is_put_off_and_its_message_spared() {
    use Cause::{Operator, Webhook};
    let done = claimed().finish("other", None).unwrap();
    let live = Record::new(KEY).claim("other", at("03:59:00"), at("04:00:40"), None).unwrap();
    let returned = |after| Verdict::Return { after };
    for (name, before, message, cause, verdict, record) in [
        ("new", None, "m", Webhook, Verdict::Acknowledge, ("pending", "04:00:30", 0, false)),
        ("done", Some(done), "m", Webhook, Verdict::Acknowledge, ("pending", "04:00:30", 0, false)),
        ("waits", Some(waiting("w")), "m", Webhook, Verdict::Acknowledge, ("w", "04:00:30", 0, false)),
        ("a person", Some(waiting("w")), "m", Operator, Verdict::Acknowledge, ("w", "04:00:30", 0, false)),
        ("is due", Some(claimed()), "m", Webhook, Verdict::Acknowledge, ("working", "03:53:00", 1, false)),
        ("a live owner", Some(live), "m", Webhook, returned(40), ("working", "04:00:40", 1, false)),
        ("parked", Some(parked()), "m", Webhook, returned(30), ("parked", "", 1, true)),
        ("parked, a person", Some(parked()), "m", Operator, returned(30), ("parked", "", 1, true)),
        ("its ticket", Some(parked()), "ticket", Webhook, returned(0), ("parked", "", 1, true)),
    ] {
        let (report, after, _) = visit(before, message, cause, None).await;
        assert_eq!(report.verdict, verdict, "{name}");
        let due = (!record.1.is_empty()).then(|| at(record.1));
        assert_eq!(told(&after), (record.0, due, record.2, record.3), "{name}");
        assert_eq!(after.insisted.is_some(), name == "a person", "{name}");
        if let State::Waiting { wait } = &after.state {
            assert_eq!(wait.since, at("03:50:00"), "{name}");
        }
    }
}
