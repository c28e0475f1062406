//! Every row of the error table, and what errors may and may not say.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::time::Duration;

use magento::Error;
use magento::error::Applied;
use magento::error::table::CODES;
use magento::model::order::OrderId;
use seams::http::{Failure, Response};

use super::client;
use super::script::answer;

const RIGHT: &str = r#"{"message":"The consumer isn't authorized to access %resources.","parameters":{"resources":"Magento_Sales::actions_view"}}"#;
const FATAL: &str =
    r#"{"messages":{"error":[{"code":500,"message":"Server internal error. See details in report api/7"}]}}"#;
const TAKEN: &str = "A customer with the same email address already exists in an associated website.";
const REGION: &str =
    r#"{"message":"\"%fieldName\" is required. Enter and try again.","parameters":{"fieldName":"regionId"}}"#;
const PAGE: &str = "<html><body>Service Temporarily Unavailable</body></html>";

async fn fails(answers: impl IntoIterator<Item = Result<Response, Failure>>) -> (Error, u32) {
    let (client, _) = client(answers);
    let error = client.order(OrderId::parse("12").unwrap()).await.unwrap_err();
    (error, client.calls())
}

fn message(text: &str) -> String {
    serde_json::json!({ "message": text }).to_string()
}

/// What comes back, the code, and what is quoted.
type Row = (Vec<Result<Response, Failure>>, &'static str, &'static str);

fn rows() -> Vec<Row> {
    let one = |status: u16, body: &str| vec![answer(status, body)];
    let nonce = r#"{"message":"The nonce is already being used by the consumer with ID %1","parameters":[3]}"#;
    let input = r#"{"message":"One or more input exceptions have occurred.","errors":[{"message":"\"%fieldName\" is required. Enter and try again.","parameters":{"fieldName":"searchCriteria"}}]}"#;
    let websites = r#"[{"id":1,"code":"base","name":"Main"}]"#;
    vec![
        (vec![Err(Failure::Unsent("refused".into()))], "magento.not_ready.unreachable", ""),
        (vec![Err(Failure::Interrupted("reset".into()))], "magento.not_ready.interrupted", ""),
        (vec![Err(Failure::TimedOut(Duration::from_secs(30)))], "magento.not_ready.time_out", ""),
        (one(302, ""), "magento.rejected.no_such_route", ""),
        (
            one(400, &message("Database deadlock found when trying to get lock")),
            "magento.transient.deadlock",
            "Database deadlock found when trying to get lock",
        ),
        (
            one(500, &message("Database lock wait timeout exceeded")),
            "magento.transient.deadlock",
            "Database lock wait timeout exceeded",
        ),
        (
            one(500, &message("SQLSTATE: Deadlock found; try restarting")),
            "magento.transient.deadlock",
            "SQLSTATE: Deadlock found; try restarting",
        ),
        (
            one(400, &message("Rolled back transaction has not been completed correctly.")),
            "magento.transient.deadlock",
            "Rolled back transaction has not been completed correctly.",
        ),
        (one(400, &message("Database connection error")), "magento.not_ready.database", "Database connection error"),
        (
            one(400, input),
            "magento.rejected.field",
            "One or more input exceptions have occurred. \"searchCriteria\" is required. Enter and try again.",
        ),
        (one(400, &message(TAKEN)), "magento.rejected.email_taken", TAKEN),
        (
            one(400, &message("\"Email\" is not a valid email address.")),
            "magento.rejected.email",
            "\"Email\" is not a valid email address.",
        ),
        (
            one(400, &message("The customer email is missing. Enter and try again.")),
            "magento.rejected.email",
            "The customer email is missing. Enter and try again.",
        ),
        (
            one(400, &message("The specified customer group id does not exist.")),
            "magento.rejected.group_not_found",
            "The specified customer group id does not exist.",
        ),
        (one(400, REGION), "magento.rejected.region", "\"regionId\" is required. Enter and try again."),
        (one(400, &message("Request method is invalid.")), "magento.rejected.other", "Request method is invalid."),
        (one(401, nonce), "magento.transient.nonce", "The nonce is already being used by the consumer with ID 3"),
        (
            one(401, &message("An error occurred validating the nonce")),
            "magento.transient.nonce",
            "An error occurred validating the nonce",
        ),
        (
            vec![answer(401, RIGHT), answer(401, RIGHT)],
            "magento.rejected.credentials",
            "The consumer isn't authorized to access Magento_Sales::actions_view.",
        ),
        (
            vec![answer(401, RIGHT), answer(200, websites)],
            "magento.rejected.permission",
            "The consumer isn't authorized to access Magento_Sales::actions_view.",
        ),
        (vec![answer(401, RIGHT), answer(503, PAGE)], "magento.not_ready.maintenance", ""),
        (one(403, PAGE), "magento.rejected.blocked", ""),
        (
            one(404, &message("No such entity with orderId = 12")),
            "magento.rejected.not_found",
            "No such entity with orderId = 12",
        ),
        (
            one(404, &message("Request does not match any route.")),
            "magento.rejected.no_such_route",
            "Request does not match any route.",
        ),
        (one(404, PAGE), "magento.rejected.no_such_route", ""),
        (one(404, ""), "magento.rejected.no_such_route", ""),
        (one(408, ""), "magento.not_ready.time_out", ""),
        (
            one(429, r#"{"message":"Too Many Requests","trace":null}"#),
            "magento.throttled.too_many_requests",
            "Too Many Requests",
        ),
        (one(500, FATAL), "magento.transient.server_error", "Server internal error. See details in report api/7"),
        (one(502, PAGE), "magento.not_ready.gateway", ""),
        (one(503, PAGE), "magento.not_ready.maintenance", ""),
        (one(504, PAGE), "magento.not_ready.gateway", ""),
        (one(520, "unreadable"), "magento.transient.server_error", ""),
        (one(200, PAGE), "magento.bug.undecodable", "unexpected JSON at .: not JSON (line 1 column 1)"),
        (
            one(200, r#"{"entity_id":{"email":"ann@example.com"}}"#),
            "magento.bug.undecodable",
            "unexpected JSON at entity_id: wrong type or value",
        ),
    ]
}

#[tokio::test]
async fn every_row_of_the_table() {
    let mut seen = BTreeSet::new();
    for (answers, code, quote) in rows() {
        let calls = u32::try_from(answers.len()).unwrap();
        let shown = format!("{answers:?}");
        let (error, called) = fails(answers).await;
        assert_eq!((error.code, error.quote.as_str()), (code, quote), "{shown}");
        assert_eq!(called, calls, "{shown}");
        assert_eq!(code.split('.').nth(1), Some(error.class.as_str()), "{shown}");
        assert_eq!(error.is_not_found(), code == "magento.rejected.not_found");
        if code != "magento.not_ready.maintenance" {
            assert_eq!(error.to_string(), format!("read Magento order 12: {code}"));
        }
        seen.insert(code);
    }
    // Only writes are ambiguous.
    seen.insert("magento.ambiguous.no_answer");
    assert_eq!(seen, CODES.iter().map(|(code, _)| *code).collect(), "each code has a row");
    assert!(CODES.iter().all(|(code, class)| code.split('.').nth(1) == Some(class.as_str())));
}

/// Which fields Magento names, in whichever form, and what that means.
#[tokio::test]
async fn fields_at_fault_are_named() {
    let named = |field: &str| serde_json::json!({"message": "\"%fieldName\" is required. Enter and try again.", "parameters": {"fieldName": field}});
    let several = |fields: &[&str]| {
        let errors: Vec<_> = fields.iter().map(|field| named(field)).collect();
        serde_json::json!({"message": "One or more input exceptions have occurred.", "errors": errors})
    };
    for (body, code, fields) in [
        (named("firstname"), "field", &["firstname"][..]),
        (several(&["firstname", "lastname", "firstname"]), "field", &["firstname", "lastname"]),
        (several(&["firstname", "email"]), "email", &["firstname", "email"]),
        (several(&["city", "region_id"]), "region", &["city", "region_id"]),
        (serde_json::json!({"message": "\"regionId\" is required. Enter and try again."}), "region", &["regionId"]),
        (
            serde_json::json!({"message": "Invalid value of \"%value\" provided for the %fieldName field.", "parameters": {"fieldName": "countryId", "value": "ZZ"}}),
            "field",
            &["countryId"],
        ),
        (
            serde_json::json!({"message": "Error occurred during \"%field_name\" processing. %details", "parameters": {"field_name": "customer", "details": "x"}}),
            "field",
            &["customer"],
        ),
        // No name of a field, though it stands where one should.
        (named("ann@example.com"), "other", &[]),
        (serde_json::json!({"message": TAKEN, "parameters": {"fieldName": "email"}}), "email_taken", &["email"]),
        (serde_json::json!({"message": "Decoding error."}), "other", &[]),
    ] {
        let (error, _) = fails([answer(400, &body.to_string())]).await;
        assert_eq!(error.code, format!("magento.rejected.{code}"), "{body}");
        assert_eq!(error.fields.iter().map(String::as_str).collect::<Vec<_>>(), fields, "{body}");
        assert_eq!(error.is_email_taken(), code == "email_taken");
        assert_eq!(error.applied, Applied::No);
    }
    let missing = r#"{"message":"No such entity with %fieldName = %fieldValue","parameters":{"fieldName":"customerId","fieldValue":9999}}"#;
    let (error, _) = fails([answer(404, missing)]).await;
    assert!(error.is_not_found() && error.fields[..] == ["customerId"], "{error:?}");
}

#[tokio::test]
async fn store_calls_are_not_probed() {
    let (client, _) = client([answer(401, RIGHT)]);
    assert_eq!(client.websites().await.unwrap_err().code, "magento.rejected.credentials");
    assert_eq!(client.calls(), 1);
}

#[tokio::test]
async fn the_wish_to_wait_is_passed_on_in_seconds() {
    for (value, expected) in [("7", Some(7)), ("86400", Some(3600)), ("Wed, 21 Oct 2015 07:28:00 GMT", None)] {
        let mut throttled = answer(429, "").unwrap();
        throttled.headers_mut().insert("retry-after", value.parse().unwrap());
        let (error, _) = fails([Ok(throttled)]).await;
        assert_eq!(error.retry_after, expected.map(Duration::from_secs), "{value}");
    }
}

#[tokio::test]
async fn errors_tell_neither_secrets_nor_addresses_nor_bodies() {
    let body =
        r#"{"message":"Invalid value of \"%value\" for ann@example.com","parameters":{"value":"bob@example.com"}}"#;
    for answers in [
        vec![answer(400, body)],
        vec![answer(200, r#"{"entity_id":12,"items":"ann@example.com bob@example.com"}"#)],
        vec![Err(Failure::Interrupted("reset".into()))],
    ] {
        let (error, _) = fails(answers).await;
        let mut text = format!("{error} {error:?} {}", error.quote);
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
