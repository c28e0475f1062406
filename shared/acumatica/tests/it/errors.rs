//! Every row of the error table, and what errors may and may not say.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::time::Duration;

use acumatica::error::Applied::{self, No, Unknown};
use acumatica::error::table::CODES;
use acumatica::{Error, Put};
use seams::http::{Failure, Response};
use serde_json::{Value, json};

use super::Worker;
use super::script::answer;

type Answer = Result<Response, Failure>;

const PAGE: &str = "<!DOCTYPE html><html><body>The service is unavailable.</body></html>";

fn order() -> Put {
    let body =
        json!({"ExternalRef": {"value": "ab12cd34-12"}, "ShipToContact": {"Email": {"value": "ann@example.com"}}});
    Put { entity: "SalesOrder", query: vec![], headers: vec![], body }
}

pub(super) async fn write(row: Answer) -> Error {
    let rows = if matches!(&row, Ok(answer) if answer.status() == 401) {
        vec![row.clone(), super::grant("planted-access-2", None), row]
    } else {
        vec![row]
    };
    Worker::signed_in(rows).client.put(&order()).await.unwrap_err()
}

pub(super) async fn read(row: Answer) -> Option<Error> {
    Worker::signed_in([row]).client.by_key("SalesOrder", &["SO", "12"], &[]).await.err()
}

/// An error object as the business logic returns it.
pub(super) fn thrown(kind: &str, message: &str) -> Answer {
    let body = json!({"message": "An error has occurred.", "exceptionMessage": message, "exceptionType": kind, "stackTrace": "at PX.planted"});
    answer(500, &body.to_string())
}

/// A refused record with one error at a path such as `Details[1]/InventoryID`.
pub(super) fn refused(path: &str, message: &str) -> Answer {
    let mut inner = json!({"value": "X1", "error": message});
    for part in path.rsplit('/') {
        let (name, list) = part.split_once('[').map_or((part, false), |(name, _)| (name, true));
        inner = if list { json!({name: [{"id": "1"}, inner]}) } else { json!({name: inner}) };
    }
    inner["error"] = "Inserting  'Sales Order' record raised at least one error. Please review the errors.".into();
    answer(422, &inner.to_string())
}

/// Transport failures and statuses: the answer, and code and certainty for a write and for a read.
#[tokio::test]
async fn statuses_and_failures() {
    let message = |status, text: &str| answer(status, &json!({ "message": text }).to_string());
    let bad = r#"{"message":"The request is invalid.","modelState":{"":["The request body should not be empty."]}}"#;
    let cases: Vec<(Answer, (&str, Applied), &str)> = vec![
        (Err(Failure::Unsent("refused".into())), ("not_ready.unreachable", No), "not_ready.unreachable"),
        (Err(Failure::Interrupted("reset".into())), ("ambiguous.no_answer", Unknown), "not_ready.interrupted"),
        (Err(Failure::TimedOut(Duration::from_secs(60))), ("ambiguous.no_answer", Unknown), "not_ready.time_out"),
        (answer(200, PAGE), ("ambiguous.no_answer", Unknown), "bug.undecodable"),
        (answer(200, "{\"id\":"), ("ambiguous.no_answer", Unknown), "bug.undecodable"),
        (answer(302, ""), ("rejected.endpoint", No), "rejected.endpoint"),
        (answer(400, bad), ("bug.request", No), "bug.request"),
        (answer(402, ""), ("rejected.other", No), "rejected.other"),
        (answer(403, PAGE), ("rejected.permission", No), "rejected.permission"),
        (message(404, "Entity X not found"), ("rejected.endpoint", No), "rejected.endpoint"),
        (answer(406, ""), ("bug.request", No), "bug.request"),
        (answer(408, ""), ("ambiguous.no_answer", Unknown), "not_ready.time_out"),
        (answer(412, ""), ("rejected.precondition", No), "rejected.precondition"),
        (answer(422, ""), ("rejected.other", No), "rejected.other"),
        (
            answer(429, "The custom error module does not recognize this error."),
            ("throttled.licence", No),
            "throttled.licence",
        ),
        (answer(429, "ApiLoginLimitReached"), ("not_ready.login_limit", No), "not_ready.login_limit"),
        (
            answer(500, "<html><title>API Login Limit</title></html>"),
            ("not_ready.login_limit", No),
            "not_ready.login_limit",
        ),
        (
            answer(200, "<html><title>API Login Limit</title></html>"),
            ("not_ready.login_limit", No),
            "not_ready.login_limit",
        ),
        (answer(500, PAGE), ("ambiguous.no_answer", Unknown), "transient.server_error"),
        (message(500, "An error has occurred."), ("ambiguous.no_answer", Unknown), "transient.server_error"),
        (answer(502, PAGE), ("ambiguous.no_answer", Unknown), "not_ready.gateway"),
        (answer(503, PAGE), ("not_ready.maintenance", Unknown), "not_ready.maintenance"),
        (answer(503, ""), ("ambiguous.no_answer", Unknown), "not_ready.maintenance"),
        (answer(504, ""), ("ambiguous.no_answer", Unknown), "not_ready.gateway"),
        (
            thrown("PX.Api.ContractBased.OptimizedExport.CannotOptimizeException", "Optimization cannot be performed."),
            ("bug.request", No),
            "bug.request",
        ),
        (
            thrown(
                "PX.Data.PXException",
                "Another process has updated the 'SOOrder' record. Your changes will be lost.",
            ),
            ("transient.busy", No),
            "transient.busy",
        ),
        // The server's own trouble, as the .NET class library names it: the type decides, whatever the text.
        (
            thrown("System.IO.IOException", "something new"),
            ("not_ready.infrastructure", Unknown),
            "not_ready.infrastructure",
        ),
        (
            thrown("System.OutOfMemoryException", "something new"),
            ("not_ready.infrastructure", Unknown),
            "not_ready.infrastructure",
        ),
        (
            thrown("System.Data.SqlClient.SqlException", "something new"),
            ("not_ready.infrastructure", Unknown),
            "not_ready.infrastructure",
        ),
        (
            thrown("Microsoft.Data.SqlClient.SqlException", "something new"),
            ("not_ready.infrastructure", Unknown),
            "not_ready.infrastructure",
        ),
    ];
    for (row, (code, applied), read_code) in cases {
        let shown = format!("{row:?}");
        let error = write(row.clone()).await;
        assert_eq!((error.code, error.applied), (format!("acumatica.{code}").as_str(), applied), "{shown}");
        assert_eq!(error.code.split('.').nth(1), Some(error.class.as_str()), "{shown}");
        assert_eq!(error.to_string(), format!("save SalesOrder ab12cd34-12: acumatica.{code}"));
        let error = read(row).await.unwrap();
        assert_eq!((error.code, error.applied), (format!("acumatica.{read_code}").as_str(), No), "{shown}");
        assert_eq!(error.to_string(), format!("read SalesOrder SO/12: acumatica.{read_code}"));
    }
    assert_eq!(write(answer(401, "")).await.code, "acumatica.rejected.credentials");
}

/// Whatever a look-up's refusal repeats of what was looked for is hidden, in whichever case.
#[tokio::test]
async fn what_was_looked_for_is_not_repeated() {
    let filter = acumatica::filter::Filter::eq("CustomerName", "Ada Byron")
        .and(acumatica::filter::Filter::eq("MainContact/Address/AddressLine1", "1 Secret Street"));
    let query = acumatica::client::Query::filtered(filter, 2);
    let text = "Value ADA BYRON of 1 secret street (Ada Byron) is wrong.";
    let refusal = json!({"CustomerName": {"value": "Ada Byron", "error": text}}).to_string();
    for row in [thrown("PX.Data.PXException", text), answer(422, &refusal)] {
        let error = Worker::signed_in([row]).client.list("Customer", &query).await.unwrap_err();
        assert_eq!(error.quote, "Value … of … (…) is wrong.");
        let hidden =
            |field: &acumatica::error::FieldError| field.message == error.quote && field.value.as_deref() == Some("…");
        assert!(error.fields.iter().all(hidden), "{:?}", error.fields);
    }
}

#[tokio::test]
async fn a_missing_key_is_no_error() {
    let missing =
        thrown("PX.Api.ContractBased.NoEntitySatisfiesTheConditionException", "No entity satisfies the condition.");
    assert!(read(missing).await.is_none());
}

#[tokio::test]
async fn a_list_that_is_none_is_a_bug() {
    let worker = Worker::signed_in([answer(200, "{}")]);
    let error = worker.client.list("Customer", &acumatica::client::Query::default()).await.unwrap_err();
    assert_eq!((error.code, error.quote.as_str()), ("acumatica.bug.undecodable", "unexpected JSON at .: not a list"));
}

#[tokio::test]
async fn the_wish_to_wait_is_passed_on_in_seconds() {
    let mut throttled = answer(429, "").unwrap();
    throttled.headers_mut().insert("retry-after", "7".parse().unwrap());
    assert_eq!(write(Ok(throttled)).await.retry_after, Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn errors_tell_neither_secrets_nor_addresses_nor_bodies() {
    let filter = acumatica::filter::Filter::eq("MainContact/Email", "ann@example.com");
    let query = acumatica::client::Query::filtered(filter, 2);
    let refusal = json!({"Email": {"value": "bob@example.com", "error": "'bob@example.com' is taken"}}).to_string();
    for row in [
        answer(422, &refusal),
        thrown("PX.Data.PXException", "bob@example.com is taken"),
        answer(500, "bob@example.com"),
        answer(200, r#"[{"Email":"bob@example.com"},"#),
        Err(Failure::TimedOut(Duration::from_secs(60))),
    ] {
        let worker = Worker::signed_in([row]);
        let error = worker.client.list("Customer", &query).await.unwrap_err();
        assert_eq!(error.attempted, "find Customer by MainContact/Email");
        let mut text = format!("{error} {error:?} {query:?} {:?}", worker.client);
        let mut cause = error.source();
        while let Some(below) = cause {
            text.push_str(&below.to_string());
            cause = below.source();
        }
        for secret in ["planted", "ann@", "bob@"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[test]
fn each_code_is_listed_once_with_its_class_and_has_a_row() {
    let names: BTreeSet<&str> = CODES.iter().map(|(code, _)| *code).collect();
    assert_eq!(names.len(), CODES.len());
    assert!(CODES.iter().all(|(code, class)| code.split('.').nth(1) == Some(class.as_str())));
    // Every code stands in one of this crate's tables of expectations.
    let tests = concat!(include_str!("errors.rs"), include_str!("refusals.rs"), include_str!("token.rs"));
    for code in names {
        let name = code.rsplit('.').next().unwrap();
        assert!(tests.contains(&format!(".{name}\"")) || tests.contains(&format!("\"{name}\"")), "{code} has no row");
    }
}

#[test]
fn records_decode_with_the_path_of_what_does_not_fit() {
    #[derive(Debug, serde::Deserialize)]
    struct Record {
        #[expect(dead_code, reason = "only its presence matters")]
        lines: Vec<u8>,
    }
    let decode =
        |record: Value| acumatica::error::decode::<Record>(record).map(|_| ()).map_err(|cause| cause.to_string());
    assert_eq!(decode(json!({"lines": [1]})), Ok(()));
    assert_eq!(
        decode(json!({"lines": [1, "ann"]})),
        Err("unexpected JSON at lines[1]: wrong type or value".to_owned())
    );
    assert_eq!(decode(json!({})), Err("unexpected JSON at .: missing field `lines`".to_owned()));
}
