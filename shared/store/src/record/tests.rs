//! Every row of the record's transition table: from each state, what each transition makes of it, or that it does not exist.

use jiff::{SignedDuration, Timestamp};

use super::*;

const OWNER: &str = "me";

fn at(minute: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
}

fn intent(attempt: &str) -> Intent {
    Intent {
        step: "order.create".into(),
        attempt: attempt.into(),
        started: at(0),
        until: at(3),
        reference: Some("abcd2345-000000012".into()),
        total: Some("10.00".into()),
        part: None,
        unfinished: false,
        revision: Revision("2026-11-23 04:00:00".into()),
        fingerprint: Fingerprint("a.b.c".into()),
    }
}

fn bound() -> Bound {
    Bound {
        target: "SO/000123".into(),
        revision: Revision("2026-11-23 04:00:00".into()),
        fingerprint: Fingerprint("a.b.c".into()),
        unfinished: false,
    }
}

fn park() -> Park {
    Park {
        code: "orders.rejected.shipping_method_not_mapped".into(),
        message: "Shipping method `x` of order 000000012 is not mapped.".into(),
        message_id: "m1".into(),
        event_id: "e1".into(),
        revision: Some(Revision("2026-11-23 04:00:00".into())),
        settings: 1,
        at: at(1),
    }
}

/// A record in each state: its name, and how it came there.
fn states() -> Vec<(&'static str, Record)> {
    let new = Record::new("abcd2345/order/12");
    let mine = new.clone().claim(OWNER, at(0), at(3), None).expect("claim");
    let theirs = new.clone().claim("other", at(0), at(3), None).expect("claim");
    let dead = new.clone().claim("dead", at(-9), at(-5), None).expect("claim");
    let open = mine.clone().intend(OWNER, intent("a1")).expect("intend");
    vec![
        ("absent", new),
        ("pending", mine.clone().release(OWNER, at(2), true).expect("release")),
        ("mine", mine.clone()),
        ("mine, intent open", open.clone()),
        ("theirs", theirs),
        ("a dead owner's", dead),
        ("waiting", mine.clone().wait(OWNER, "window", at(0), at(5)).expect("wait")),
        ("waiting, intent open", open.clone().wait(OWNER, "window", at(0), at(5)).expect("wait")),
        ("parked", mine.clone().park(OWNER, park()).expect("park")),
        ("parked, intent open", open.clone().park(OWNER, park()).expect("park")),
        ("done", mine.finish(OWNER, None).expect("finish")),
        ("done, bound", open.finish(OWNER, Some(("a1".into(), bound()))).expect("finish")),
    ]
}

/// What a record says, in one line: state, attempts, whether it is due, intent, binding, park.
fn line(record: &Record) -> String {
    let state = match &record.state {
        State::Pending => "pending".to_owned(),
        State::Working { owner, wait, .. } => {
            format!("working {owner}{}", wait.as_ref().map_or("", |_| " after a wait"))
        }
        State::Waiting { wait } => format!("waiting {}", wait.reason),
        State::Parked => "parked".to_owned(),
        State::Done => "done".to_owned(),
    };
    let mark = |is: bool, name: &str| if is { format!(" {name}") } else { String::new() };
    format!(
        "{state} {}{}{}{}{}",
        record.attempts,
        mark(record.due.is_some(), "due"),
        mark(record.intent.is_some(), "intent"),
        mark(record.bound.is_some(), "bound"),
        mark(record.park.is_some(), "park"),
    )
}

type Transition = fn(Record) -> Result<Record, Impossible>;

/// One transition tried from every state: `-` where it does not exist.
fn check(transition: Transition, expected: [&str; 12]) {
    for ((name, record), expected) in states().into_iter().zip(expected) {
        let got = transition(record).map_or_else(|_| "-".to_owned(), |record| line(&record));
        assert_eq!(got, expected, "from {name}");
    }
}

#[test]
fn claim_is_from_any_state_but_a_live_owners() {
    check(
        |record| record.claim(OWNER, at(1), at(4), None),
        [
            "working me 1 due",
            "working me 2 due",
            "-",
            "-",
            "-",
            "working me 2 due",
            "working me after a wait 1 due",
            "working me after a wait 1 due intent",
            "working me 2 due",
            "working me 2 due intent",
            "working me 1 due",
            "working me 1 due bound",
        ],
    );
}

#[test]
fn a_look_keeps_the_park_and_a_try_drops_it() {
    let parked = || states().remove(8).1;
    let look = parked().claim_to_look(OWNER, at(1), at(4)).expect("look");
    assert_eq!(line(&look), "working me 2 due park");
    assert_eq!(line(&look.clone().restore_park(OWNER).expect("restore")), "parked 1 park");
    assert_eq!(line(&look.lift_park()), "working me 1 due");
    let fresh = parked().claim(OWNER, at(1), at(4), Some("e9")).expect("claim");
    assert_eq!(line(&fresh), "working me 1 due");
    assert_eq!(fresh.insisted.as_deref(), Some("e9"));
}

#[test]
fn intend_needs_the_claim_and_no_open_intent() {
    check(
        |record| record.intend(OWNER, intent("a2")),
        ["-", "-", "working me 1 due intent", "-", "-", "-", "-", "-", "-", "-", "-", "-"],
    );
}

#[test]
fn bind_needs_the_attempt_and_nothing_else() {
    // A late receipt is merged whoever works on the record by then.
    check(
        |record| record.bind("a1", bound(), None),
        [
            "-",
            "-",
            "-",
            "working me 1 due bound",
            "-",
            "-",
            "-",
            "waiting window 0 due bound",
            "-",
            "parked 1 bound park",
            "-",
            "-",
        ],
    );
    check(|record| record.bind("a2", bound(), None), ["-"; 12]);
    let open = states().remove(3).1;
    let corrected = open.bind("a1", bound(), Some(intent("a2"))).expect("bind");
    assert_eq!(line(&corrected), "working me 1 due intent bound");
    assert!(corrected.has_attempt("a2"));
}

#[test]
fn disprove_needs_the_attempt() {
    check(
        |record| record.disprove("a1"),
        ["-", "-", "-", "working me 1 due", "-", "-", "-", "waiting window 0 due", "-", "parked 1 park", "-", "-"],
    );
}

#[test]
fn adopt_needs_the_claim_and_no_open_intent() {
    check(
        |record| record.adopt(OWNER, bound()),
        ["-", "-", "working me 1 due bound", "-", "-", "-", "-", "-", "-", "-", "-", "-"],
    );
}

#[test]
fn release_wait_and_park_keep_the_intent() {
    let only_mine = |mine: &'static str, open: &'static str| {
        let mut expected = ["-"; 12];
        (expected[2], expected[3]) = (mine, open);
        expected
    };
    check(|record| record.release(OWNER, at(2), true), only_mine("pending 1 due", "pending 1 due intent"));
    check(|record| record.release(OWNER, at(2), false), only_mine("pending 0 due", "pending 0 due intent"));
    check(|record| record.release_throttled(OWNER, at(2)), only_mine("pending 0 due", "pending 0 due intent"));
    check(|record| record.wait(OWNER, "r", at(1), at(2)), only_mine("waiting r 0 due", "waiting r 0 due intent"));
    check(|record| record.park(OWNER, park()), only_mine("parked 1 park", "parked 1 intent park"));
    check(|record| record.restore_park(OWNER), ["-"; 12]);
}

#[test]
fn finish_needs_every_intent_answered() {
    let mut expected = ["-"; 12];
    expected[2] = "done 0";
    check(|record| record.finish(OWNER, None), expected);
    let mut expected = ["-"; 12];
    expected[3] = "done 0 bound";
    check(|record| record.finish(OWNER, Some(("a1".into(), bound()))), expected);
    check(|record| record.finish(OWNER, Some(("a2".into(), bound()))), ["-"; 12]);
}

#[test]
fn what_is_untold_outlives_everything_but_the_end() {
    let untold = Untold { code: "orders.held.total_differs".into(), message: "…".into() };
    let bound = states().remove(3).1.bind("a1", bound(), None).expect("bind").untold(Some(untold.clone()));
    let again = bound.clone().untold(None);
    let waiting = again.wait(OWNER, "r", at(1), at(2)).expect("wait").claim(OWNER, at(3), at(6), None).expect("claim");
    assert_eq!(waiting.untold, Some(untold));
    assert_eq!(waiting.finish(OWNER, None).expect("finish").untold, None);
    // What was never written needs no telling.
    let never = states().remove(3).1.untold(Some(Untold { code: "c".into(), message: "m".into() }));
    assert_eq!(never.disprove("a1").expect("disprove").untold, None);
}

#[test]
fn a_record_of_an_unfinished_document_is_never_done() {
    let half = Bound { unfinished: true, ..bound() };
    let open =
        Record::new("k/order/1").claim(OWNER, at(0), at(3), None).and_then(|record| record.intend(OWNER, intent("a1")));
    let open = open.expect("intend");
    open.clone().finish(OWNER, Some(("a1".into(), half.clone()))).expect_err("half of it is there");
    // The next step's intent stands in for it, until the last one's bind.
    let next = open.bind("a1", half.clone(), Some(intent("a2"))).expect("bind");
    assert_eq!(next.bound.as_ref(), Some(&half));
    let done = next.clone().finish(OWNER, Some(("a2".into(), bound()))).expect("finish");
    assert_eq!((done.state, done.bound), (State::Done, Some(bound())));
    // Every other end leaves it unfinished.
    for record in [
        next.clone().release(OWNER, at(1), true),
        next.clone().wait(OWNER, "window", at(0), at(5)),
        next.clone().park(OWNER, park()),
        next.disprove("a2").and_then(|record| record.release(OWNER, at(1), true)),
    ] {
        assert_eq!(record.expect("a transition").bound.as_ref(), Some(&half));
    }
    // Records of earlier releases say nothing of it: what they are bound to is whole.
    let read: Bound = serde_json::from_str(r#"{"target":"SO/1","revision":"r","fingerprint":"f"}"#).expect("json");
    assert!(!read.unfinished);
}

#[test]
fn postpone_moves_only_the_due() {
    for (name, record) in states() {
        let before = (record.state.clone(), record.intent.clone(), record.attempts);
        match record.clone().postpone(at(30)) {
            Ok(next) => {
                assert_eq!((next.state, next.intent, next.attempts), before, "{name}");
                assert_eq!((record.due.is_some(), next.due), (true, Some(at(30))), "{name}");
            }
            Err(_) => assert_eq!(record.due, None, "{name}"),
        }
    }
}

#[test]
fn only_a_parked_record_is_woken() {
    let woken: Vec<&str> = states()
        .into_iter()
        .filter_map(|(name, record)| record.mark_woken(7).is_ok_and(|record| record.woken == 7).then_some(name))
        .collect();
    assert_eq!(woken, ["parked", "parked, intent open"]);
}

#[test]
fn waiting_keeps_its_start_and_is_never_longer_than_fifteen_minutes() {
    let wait = |record: Record, reason, now: i64, due: i64| {
        let working = record.claim(OWNER, at(now), at(now + 3), None).expect("claim");
        working.wait(OWNER, reason, at(now), at(due)).expect("wait")
    };
    let first = wait(Record::new("k/order/1"), "window", 0, 60);
    assert_eq!((first.due, first.attempts), (Some(at(15)), 0));
    let second = wait(first.clone(), "window", 15, 20);
    assert_eq!(second.state, State::Waiting { wait: Wait { reason: "window".into(), since: at(0) } });
    let other = wait(second, "magento.not_ready.unreachable", 20, 21);
    assert_eq!(other.waited_since("magento.not_ready.unreachable"), Some(at(20)));
    assert_eq!(other.waited_since("window"), None);
}

#[test]
fn a_new_revision_or_new_settings_start_the_attempts_anew() {
    let seen = |revision: &str, settings| Seen { revision: Revision(revision.into()), settings };
    let mut record = Record::new("k/order/1");
    for (seen, attempts) in
        [(seen("r1", 1), 1), (seen("r1", 1), 2), (seen("r2", 1), 1), (seen("r2", 1), 2), (seen("r2", 2), 1)]
    {
        record = record.claim(OWNER, at(0), at(3), None).expect("claim").note(seen, Some("000000012"));
        assert_eq!(record.attempts, attempts);
        record = record.release(OWNER, at(1), true).expect("release");
    }
}

#[test]
fn an_event_at_the_door() {
    let (same, redriven, other, asked) =
        (("m1", "e1", false), ("m2", "e1", false), ("m3", "e3", false), ("m4", "e4", true));
    let claim = |fresh| Entry::Claim { fresh };
    let busy = Entry::Busy { until: at(3) };
    let look_died = states().remove(8).1.claim_to_look("dead", at(-9), at(-5)).expect("look");
    let mut all = states();
    all.push(("a dead look's", look_died));
    for (name, record) in all {
        let entry = |(message_id, event_id, insists)| record.entry(Visit { message_id, event_id, insists }, at(1));
        let expected = match name {
            "mine" | "mine, intent open" | "theirs" => [busy.clone(), busy.clone(), busy.clone(), busy.clone()],
            "parked" | "parked, intent open" | "a dead look's" => {
                [Entry::FailFast, claim(true), Entry::ClaimToLook, claim(true)]
            }
            _ => [claim(false), claim(false), claim(false), claim(true)],
        };
        assert_eq!([same, redriven, other, asked].map(entry), expected, "{name}");
    }
    // The redeliveries of an insisting event count.
    let tried = Record::new("k/order/1").claim(OWNER, at(-9), at(-5), Some("e4")).expect("claim");
    assert_eq!(tried.entry(Visit { message_id: "m4", event_id: "e4", insists: true }, at(1)), claim(false));
}

#[test]
fn what_is_erased_was_done_and_knows_nobody() {
    let window = SignedDuration::from_mins(25);
    // Within the window a write may still have an effect, and a live owner may be about to write.
    check(
        |record| record.erase(at(1), SignedDuration::from_mins(25)),
        ["done 0", "done 0", "-", "-", "-", "done 0", "done 0", "-", "done 0", "-", "done 0", "done 0"],
    );
    check(|record| record.erase(at(25), SignedDuration::from_mins(25)), ["done 0"; 12]);
    for (name, record) in states() {
        let told = Told { echo: Some(Fingerprint("f".into())), ..Told::default() };
        let seen = Seen { revision: Revision("r".into()), settings: 3 };
        let mut full = record.note(seen, Some("C000042")).told(Some(told)).known_by(&["12", "12", "n"]);
        assert_eq!(full.aliases, ["12", "n"]);
        full = full.of_pair("abcd2345/customer/12").guarded_by(Some("g".into())).adds_up_to("1".into());
        full = full.moving_to("h".into());
        assert_eq!((full.guard.as_deref(), full.guard_left.as_deref()), (Some("h"), Some("g")));
        assert_eq!(full.clone().guarded_by(Some("h".into())).guard_left, None);
        (full.rev, full.write_id) = (7, "w".into());
        let erased = full.clone().erase(at(25), window).expect("erase");
        let expected = Record { rev: 7, write_id: "w".into(), state: State::Done, ..Record::new(full.key) };
        assert_eq!(erased, expected, "{name}");
        assert_eq!(erased.clone().erase(at(26), window).expect("erase"), erased, "{name}: again");
    }
}

#[test]
fn what_is_redacted_stays_as_it_is_but_for_the_person() {
    let nameless = |fingerprint: &Fingerprint| Fingerprint(fingerprint.0.replace(".b.", ".-."));
    for (name, record) in states() {
        let told =
            Told { number: Some("SO/000123".into()), echo: Some(Fingerprint("a.b.c".into())), ..Told::default() };
        let untold = Untold { code: "orders.held.total_differs".into(), message: "Ada".into() };
        let full = record.told(Some(told)).untold(Some(untold));
        let live = matches!(name, "mine" | "mine, intent open" | "theirs");
        let redacted = full.clone().redact(at(1), "Gone.", nameless);
        assert_eq!(redacted.is_err(), live, "{name}");
        let Ok(redacted) = redacted else { continue };
        assert_eq!(redacted, redacted.clone().redact(at(1), "Gone.", nameless).expect("redact"), "{name}: again");
        let mut expected = full;
        expected.told = Some(Told { number: Some("SO/000123".into()), ..Told::default() });
        expected.untold = Some(Untold { code: "orders.held.total_differs".into(), message: "Gone.".into() });
        expected.park.iter_mut().for_each(|park| park.message = "Gone.".into());
        expected.bound.iter_mut().for_each(|bound| bound.fingerprint = Fingerprint("a.-.c".into()));
        expected.intent.iter_mut().for_each(|intent| intent.fingerprint = Fingerprint("a.-.c".into()));
        assert_eq!(redacted, expected, "{name}");
    }
}

#[test]
fn a_stored_record_reads_back() {
    for (name, record) in states() {
        let text = serde_json::to_string(&record).expect("json");
        let mut read: Record = serde_json::from_str(&text).expect("record");
        read.key.clone_from(&record.key);
        assert_eq!(read, record, "{name}");
    }
}
