//! Every status of the door, from requests as an HTTP API hands them over (API Gateway Developer Guide, "Working with AWS Lambda proxy
//! integrations for HTTP APIs", payload format 2.0).

#![expect(clippy::unwrap_used, reason = "a failed assumption of a test is a failed test")]

mod stand_ins;

use flows::link::Activation;
use proptest::prelude::*;
use queue::Cause;
use serde_json::{Value, json};
use stand_ins::{Erp, LINK};

const A: &str = "0a1b2c3d-4e5f-6789-abcd-ef0123456789";
const B: &str = "11111111-2222-3333-4444-555555555555";

fn push(inserted: Value, deleted: Value) -> String {
    json!({
        "Inserted": inserted,
        "Deleted": deleted,
        "Query": "Causeway Customers",
        "CompanyId": "Company",
        "Id": "9e8d7c6b-5a49-3827-1605-f4e3d2c1b0a9",
        "TimeStamp": 636_295_833_829_493_672_u64,
        "AdditionalInfo": {},
    })
    .to_string()
}

fn one() -> String {
    push(json!([{ "NoteID": A, "AcctName": "canary" }]), json!([{ "NoteID": A }]))
}

#[test]
fn every_status_has_its_cause_and_only_202_took_all() {
    let (active, paused) = (Activation::Active, Activation::Paused);
    let (inactive, stopped) = (Activation::Inactive, Activation::Stopped);
    let (new, old, none) = (Some("new-secret"), Some("old-secret"), None);
    let body = one();
    let truncated = &body[..body.find(A).unwrap() + A.len()];
    let elsewhere = body.replace("\"Company\"", "\"Company restored\"");
    let nowhere = body.replace("CompanyId", "TenantId");
    for (name, activation, link, entity, secret, body, status, reason) in [
        ("fine", active, LINK, "customer", new, body.as_str(), 202, ""),
        ("the other live secret", active, LINK, "customer", old, &body, 202, ""),
        ("paused collects", paused, LINK, "customer", new, &body, 202, ""),
        ("inactive", inactive, LINK, "customer", new, &body, 503, "inactive"),
        ("stopped", stopped, LINK, "customer", new, &body, 503, "stopped"),
        ("unknown link", active, "zzzz2345", "customer", new, &body, 404, "unknown_link"),
        ("no id at all", active, "../admin", "customer", new, &body, 404, "unknown_link"),
        ("unknown entity", active, LINK, "stock-item", new, &body, 404, "unknown_event"),
        ("of orders", active, LINK, "order", new, &body, 404, "unknown_event"),
        ("no entity", active, LINK, "", new, &body, 404, "unknown_event"),
        ("wrong secret", active, LINK, "customer", Some("new-secre"), &body, 401, "bad_signature"),
        ("no secret", active, LINK, "customer", none, &body, 401, "no_signature"),
        ("empty secret", active, LINK, "customer", Some(""), &body, 401, "no_signature"),
        ("another tenant", active, LINK, "customer", new, &elsewhere, 403, "wrong_company"),
        ("no tenant", active, LINK, "customer", new, &nowhere, 403, "wrong_company"),
        ("truncated", active, LINK, "customer", new, truncated, 400, "not_json"),
        ("empty", active, LINK, "customer", new, "", 400, "not_json"),
        ("no push", active, LINK, "customer", new, r#"{"NoteID":"x"}"#, 400, "wrong_shape"),
    ] {
        let erp = Erp::new(activation);
        let answer = erp.push(link, entity, secret, body);
        assert_eq!(answer.status, status, "{name}: {}", answer.body);
        assert_eq!(erp.records(), if status == 202 { vec![A] } else { vec![] }, "{name}");
        let reasons: Vec<&str> = [reason].into_iter().filter(|reason| !reason.is_empty()).collect();
        assert_eq!((erp.refused(), erp.ours()), (reasons.into_iter().map(str::to_owned).collect(), 0), "{name}");
        assert_eq!(answer.retry_after.is_some(), status == 503, "{name}");
        for planted in ["canary", "restored", "new-secret", A] {
            assert!(!answer.body.contains(planted), "{name}: {}", answer.body);
        }
        assert!(!erp.log().contains("canary") && !erp.log().contains("new-secret"), "{name}: {}", erp.log());
    }
}

#[test]
fn one_hint_for_each_record_however_many_rows_it_has() {
    let erp = Erp::new(Activation::Active);
    let rows = json!([{ "NoteID": B }, { "NoteID": A.to_ascii_uppercase() }, { "NoteID": B, "City": null }]);
    assert_eq!(erp.push(LINK, "customer", Some("new-secret"), &push(rows, json!([{ "NoteID": A }]))).status, 202);
    assert_eq!(erp.records(), [A, B]);
    let sent = erp.sent();
    let told = (sent[0].link.as_str(), sent[0].entity.as_str(), sent[0].cause);
    assert_eq!(told, (LINK, "customer", Cause::Push));
    assert_ne!(sent[0].event_id, sent[1].event_id);
    // A resend says the same and is a new event: the first one may have come too early.
    erp.push(LINK, "customer", Some("new-secret"), &one());
    erp.push(LINK, "customer", Some("new-secret"), &one());
    let sent = erp.sent();
    assert_eq!((sent.len(), sent[2].event_id == sent[3].event_id), (4, false));
    assert_eq!(erp.push(LINK, "customer", Some("new-secret"), &push(json!([]), json!([]))).status, 202);
    assert_eq!(erp.sent().len(), 4);
}

#[test]
fn a_mass_update_is_sent_whole() {
    let erp = Erp::new(Activation::Active);
    let rows: Vec<Value> =
        (1..=100).map(|number| json!({ "NoteID": format!("{number:08}-2222-3333-4444-555555555555") })).collect();
    assert_eq!(erp.push(LINK, "customer", Some("new-secret"), &push(rows.into(), json!([]))).status, 202);
    assert_eq!(erp.records().len(), 100);
}

#[test]
fn a_bad_row_is_named_and_the_good_ones_are_not_lost() {
    let erp = Erp::new(Activation::Active);
    let body = push(json!([{ "NoteID": A }, { "NoteID": null, "AcctName": "canary" }]), json!([{ "NoteID": B }, {}]));
    let answer = erp.push(LINK, "customer", Some("new-secret"), &body);
    assert_eq!((answer.status, erp.refused()), (400, vec!["no_id".to_owned()]));
    assert!(answer.body.contains("Inserted[1] has no NoteID that is a GUID."), "{}", answer.body);
    assert_eq!(erp.records(), [A, B]);
}

#[test]
fn of_a_truncated_push_the_whole_rows_are_not_lost() {
    let (rows, company) =
        (format!(r#"{{"Inserted":[{{"NoteID":"{A}"}},{{"NoteID":"{B}"#), r#"{"CompanyId":"Company restored","#);
    let elsewhere = rows.replacen('{', company, 1);
    for (name, body, status, reason, records) in [
        ("before the tenant", rows.as_str(), 400, "not_json", vec![A]),
        ("behind another tenant", &elsewhere, 403, "wrong_company", vec![]),
        ("behind ours", &elsewhere.replace(" restored", ""), 400, "not_json", vec![A]),
    ] {
        let erp = Erp::new(Activation::Active);
        assert_eq!(erp.push(LINK, "customer", Some("new-secret"), body).status, status, "{name}");
        assert_eq!(
            (erp.records(), erp.refused()),
            (records.into_iter().map(str::to_owned).collect(), vec![reason.to_owned()]),
            "{name}"
        );
        // What comes again says the same.
        assert_eq!(erp.push(LINK, "customer", Some("new-secret"), body).status, status, "{name}");
    }
}

#[test]
fn a_queue_that_fails_half_way_is_a_503_and_the_resend_completes_it() {
    let erp = Erp::new(Activation::Active);
    let body = push(json!([{ "NoteID": A }, { "NoteID": B }]), json!([]));
    erp.queue.fail_after(1);
    let answer = erp.push(LINK, "customer", Some("new-secret"), &body);
    assert_eq!((answer.status, answer.retry_after.as_deref(), erp.sent().len()), (503, Some("30"), 1));
    assert_eq!((erp.refused(), erp.ours()), (vec!["queue_away".to_owned()], 1));
    erp.queue.fail_after(usize::MAX);
    assert_eq!(erp.push(LINK, "customer", Some("new-secret"), &body).status, 202);
    assert_eq!(erp.records(), [A, A, B]);
}

#[test]
fn a_new_secret_works_at_once_and_a_missing_one_is_told() {
    let erp = Erp::new(Activation::Active);
    let send = |secret| erp.push(LINK, "customer", Some(secret), &one()).status;
    assert_eq!(send("latest-secret"), 401);
    erp.rotate(&["latest-secret", "new-secret"]);
    assert_eq!(send("latest-secret"), 401, "read a moment ago");
    erp.clock.advance(jiff::SignedDuration::from_secs(10));
    assert_eq!((send("latest-secret"), send("old-secret")), (202, 401));

    for secrets in [Some(vec![]), Some(vec!["x", ""]), None] {
        let erp = Erp::new(Activation::Active);
        match &secrets {
            Some(secrets) => erp.rotate(secrets),
            None => erp.forget_secret(),
        }
        let answer = erp.push(LINK, "customer", Some(""), &one());
        assert_eq!((answer.status, erp.refused(), erp.ours()), (503, vec!["no_secret".to_owned()], 1), "{secrets:?}");
        assert!(erp.log().contains("the secret stack/abcd2345/acumatica"), "{}", erp.log());
    }
}

#[test]
fn a_link_without_settings_for_pushes_has_no_such_door() {
    let erp = Erp::with(Activation::Active, Value::Null);
    assert_eq!((erp.push(LINK, "customer", Some("new-secret"), &one()).status, erp.sent().len()), (404, 0));
    // Where no tenant is named, every one is let in; the header is the settings' own.
    let erp = Erp::with(Activation::Active, json!({ "header": "X-Push" }));
    let body = one().replace("\"Company\"", "\"Another\"");
    assert_eq!(erp.push(LINK, "customer", Some("new-secret"), &body).status, 401);
    assert_eq!(erp.push_by("x-push", "new-secret", &body).status, 202);
}

#[test]
fn four_mebibytes_are_the_limit_and_nothing_at_all_is_answered() {
    const LIMIT: usize = 4 * 1024 * 1024;
    let erp = Erp::new(Activation::Active);
    for (more, status) in [(0, 202), (1, 413)] {
        let body = one();
        let body = format!("{body}{}", " ".repeat(LIMIT + more - body.len()));
        assert_eq!(erp.push(LINK, "customer", Some("new-secret"), &body).status, status);
    }
    assert_eq!(erp.receive(json!({})).status, 404);
    assert_eq!(erp.receive(json!({ "pathParameters": null, "headers": null, "body": null })).status, 404);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn nothing_is_enqueued_but_ids(
        raw in "[\\[\\]{}\":,a-z0-9_ -]{0,60}|\\{\"(Inserted|Deleted)\": ?\\[\\{\"(NoteID|x_NoteID|City)\": ?\"?[0-9a-f-]{0,40}\"?\\}\\].{0,3}\\}",
    ) {
        let erp = Erp::with(Activation::Active, json!({}));
        let answer = erp.push(LINK, "customer", Some("new-secret"), &raw);
        prop_assert!(matches!(answer.status, 202 | 400), "{}: {}", answer.status, raw);
        for record in erp.records() {
            prop_assert!(record.len() == 36 && raw.contains(&record), "{}: {}", record, raw);
        }
    }
}
