use proptest::prelude::*;
use serde_json::json;

use super::*;

const A: &str = "0a1b2c3d-4e5f-6789-abcd-ef0123456789";
const B: &str = "11111111-2222-3333-4444-555555555555";

#[test]
fn only_live_secrets_open_a_push() {
    let secrets = |texts: &[&str]| -> Vec<Secret> { texts.iter().map(|text| Secret::new(*text)).collect() };
    let both: &[&str] = &["old-secret", "new-secret"];
    for (given, live, expected) in [
        (Some("old-secret"), both, Ok(())),
        (Some("new-secret"), both, Ok(())),
        (Some("old-secret"), &["new-secret"], Err(Unverified::Mismatch)),
        (Some("new-secre"), both, Err(Unverified::Mismatch)),
        (Some("new-secrets"), both, Err(Unverified::Mismatch)),
        (Some("NEW-SECRET"), both, Err(Unverified::Mismatch)),
        (Some(""), both, Err(Unverified::Missing)),
        (None, both, Err(Unverified::Missing)),
        (Some("x"), &[], Err(Unverified::NoSecret)),
        (Some(""), &["old-secret", ""], Err(Unverified::NoSecret)),
    ] {
        assert_eq!(verify(given.map(str::as_bytes), &secrets(live)), expected, "{given:?} {live:?}");
    }
}

#[test]
fn the_union_of_both_lists_is_what_changed() {
    let upper = A.to_ascii_uppercase();
    for (name, body, records, nameless) in [
        ("inserted", json!({"Inserted": [{"NoteID": A}], "Deleted": []}), vec![A], None),
        ("deleted", json!({"Inserted": [], "Deleted": [{"NoteID": A}]}), vec![A], None),
        (
            "updated: both rows",
            json!({"Inserted": [{"NoteID": A, "AcctName": "new"}], "Deleted": [{"NoteID": A, "AcctName": "old"}]}),
            vec![A],
            None,
        ),
        (
            "several rows of one record",
            json!({"Inserted": [{"NoteID": A, "City": "x"}, {"NoteID": A, "City": "y"}, {"NoteID": B}]}),
            vec![A, B],
            None,
        ),
        ("spelt otherwise", json!({"Inserted": [{"noteID": upper}], "Deleted": null}), vec![A], None),
        ("of a table", json!({"Inserted": [{"Customer_noteID": A, "City": null}]}), vec![A], None),
        ("its own before a table's", json!({"Inserted": [{"Contact_noteID": B, "NoteID": A}]}), vec![A], None),
        (
            "of two tables",
            json!({"Inserted": [{"Contact_noteID": B, "Customer_noteID": A}]}),
            vec![],
            Some(("Inserted", 0)),
        ),
        (
            "some nameless",
            json!({"Inserted": [{"NoteID": A}, {"NoteID": null}], "Deleted": [{"NoteID": B}, {}]}),
            vec![A, B],
            Some(("Inserted", 1)),
        ),
        ("no GUID", json!({"Deleted": [{"NoteID": "C000001"}]}), vec![], Some(("Deleted", 0))),
        ("in braces", json!({"Deleted": [{"NoteID": format!("{{{A}}}")}]}), vec![], Some(("Deleted", 0))),
        ("a number", json!({"Deleted": [{"NoteID": 12}]}), vec![], Some(("Deleted", 0))),
        (
            "only zeros",
            json!({"Deleted": [{"NoteID": "00000000-0000-0000-0000-000000000000"}]}),
            vec![],
            Some(("Deleted", 0)),
        ),
        ("nothing changed", json!({"Inserted": [], "Deleted": []}), vec![], None),
    ] {
        let push = decode(body.to_string().as_bytes()).expect(name);
        let records: BTreeSet<String> = records.into_iter().map(str::to_owned).collect();
        assert_eq!((push.records, push.nameless), (records, nameless), "{name}");
    }
}

#[test]
fn the_documented_message_is_read_whole() {
    // Acumatica, Integration Development Guide, "Push Notification Format": the ticks are beyond what a float holds.
    let body = format!(
        r#"{{"Inserted":[{{"NoteID":"{A}","CustomerID":"C000001"}}],"Deleted":[],"Query":"Causeway Customers","CompanyId":"Company","Id":"{B}","TimeStamp":636295833829493672,"AdditionalInfo":{{"PXPerformanceInfoStartTime":"03/31/2026 10:11:12"}}}}"#
    );
    let push = decode(body.as_bytes()).expect("a push");
    assert_eq!((push.company.as_deref(), push.records.len(), push.nameless), (Some("Company"), 1, None));
}

#[test]
fn of_a_truncated_push_the_whole_rows_are_read_and_never_half_of_one() {
    // Names with letters of two bytes and a quotation mark, so that cuts fall into both.
    let body = format!(
        r#"{{"Inserted":[{{"NoteID":"{A}","AcctName":"Žůžů"}}],"Deleted":[{{"AcctName":"Öl \"","Other_NoteID":"{B}"}}],"CompanyId":2017,"Id":"{B}","AdditionalInfo":{{}}}}"#
    );
    let end_of = |text: &str| body.find(text).expect("it is there") + text.len();
    let (first, second) = (end_of(r#"Žůžů"}"#), end_of(&format!("{B}\"}}")));
    for at in 0..body.len() {
        let read = decode(&body.as_bytes()[..at]);
        let records: &[&str] = if at < first {
            &[]
        } else if at < second {
            &[A]
        } else {
            &[B, A]
        };
        match read {
            Err(bad) => assert_eq!((bad, records), (BadPush::NotJson, &[][..]), "{at}"),
            Ok(push) => {
                let expected: BTreeSet<String> = records.iter().map(|id| (*id).to_owned()).collect();
                assert_eq!((push.records, push.is_cut), (expected, true), "{at}");
                assert!(!records.is_empty(), "{at}");
                assert_eq!((push.company, push.nameless), (None, None), "half a number is none: {at}");
            }
        }
    }
    let whole = decode(body.as_bytes()).expect("a push");
    assert_eq!((whole.records.len(), whole.company.as_deref(), whole.is_cut), (2, Some("2017"), false));
    let broken =
        decode(format!(r#"{{"CompanyId":"Company","Inserted":[{{"NoteID":"{A}"}},... (truncated)"#).as_bytes());
    let broken = broken.expect("a row is whole");
    assert_eq!((broken.company.as_deref(), broken.records.len(), broken.is_cut), (Some("Company"), 1, true));
}

#[test]
fn what_is_no_push_is_named() {
    for (body, expected) in [
        ("", BadPush::NotJson),
        ("Inserted", BadPush::NotJson),
        (r#"{"Inserted":[]}}"#, BadPush::NotJson),
        ("{}", BadPush::NotAPush),
        (r#"{"Inserted":null,"Deleted":null}"#, BadPush::NotAPush),
        (r#"{"inserted":[]}"#, BadPush::NotAPush),
        (r#"{"Inserted":{}}"#, BadPush::NotAPush),
        (r#"{"Inserted":["x"]}"#, BadPush::NotAPush),
        (r#"{"Inserted":[[1]]}"#, BadPush::NotAPush),
        ("7", BadPush::NotAPush),
    ] {
        assert_eq!(decode(body.as_bytes()), Err(expected), "{body}");
    }
    assert_eq!(decode(br#"{"Inserted":[],"CompanyId":2}"#).expect("a push").company.as_deref(), Some("2"));
}

proptest! {
    #[test]
    fn whatever_comes_is_read_or_refused(raw in prop::collection::vec(any::<u8>(), 0..200)) {
        let is_json = serde_json::from_slice::<Value>(&raw).is_ok();
        prop_assert!(decode(&raw).map_or(true, |push| is_json != push.is_cut));
    }

    #[test]
    fn every_record_is_a_guid_of_the_body(
        names in prop::collection::vec(prop::sample::select(&["NoteID", "noteID", "A_NoteID", "B_NoteID", "City"][..]), 0..4),
        values in prop::collection::vec("[0-9a-fA-F]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|.{0,8}", 4),
    ) {
        let row: serde_json::Map<String, Value> =
            names.iter().zip(&values).map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str()))).collect();
        let push = decode(json!({ "Inserted": [row] }).to_string().as_bytes()).expect("a push");
        prop_assert_eq!(push.records.is_empty(), push.nameless.is_some());
        for id in push.records {
            prop_assert!(values.iter().any(|value| value.eq_ignore_ascii_case(&id)));
            prop_assert_eq!(guid(&Value::from(id.as_str())), Some(id));
        }
    }
}
