//! One token for all workers: who asks for it, when, and what happens when that fails.

use std::sync::Arc;
use std::time::Duration;

use acumatica::auth::{InMemory, Lease, Slot, TokenStore};
use acumatica::client::{Query, WRITE_TIMEOUT};
use acumatica::error::{Applied, Cause};
use acumatica::{Error, Put};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use seams::Class;
use seams::http::Failure;
use serde_json::json;

use super::script::{START, answer, header};
use super::{BASE, Worker, grant};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

async fn list(worker: &Worker) -> Result<(), Error> {
    worker.client.list("ShipVia", &Query::default()).await.map(|_| ())
}

fn put() -> Put {
    Put { entity: "SalesOrder", query: vec![], headers: vec![], body: json!({}) }
}

/// The forms posted to the token endpoint, by their grant type and the token they show.
fn grants(worker: &Worker) -> Vec<String> {
    let posts = worker.script.asked().into_iter().filter(|(request, _)| request.method() == "POST");
    posts
        .map(|(request, _)| {
            assert_eq!(request.uri().to_string(), format!("{BASE}/identity/connect/token"));
            let form = String::from_utf8(request.body().to_vec()).unwrap();
            form.split('&')
                .filter(|pair| pair.starts_with("grant_type") || pair.starts_with("refresh"))
                .collect::<Vec<_>>()
                .join("&")
        })
        .collect()
}

fn bearers(worker: &Worker) -> Vec<String> {
    let calls = worker.script.asked().into_iter().filter(|(request, _)| request.method() != "POST");
    calls.map(|(request, _)| header(&request, "authorization").to_owned()).collect()
}

#[tokio::test]
async fn a_second_worker_uses_the_first_ones_token() {
    let store = Arc::new(InMemory::new());
    let first = Worker::new(store.clone(), [grant("a1", Some("r1")), answer(200, "[]")]);
    let second = Worker::new(store, [answer(200, "[]"), answer(200, "[]")]);
    list(&first).await.unwrap();
    list(&second).await.unwrap();
    list(&second).await.unwrap();
    assert_eq!(bearers(&second), ["Bearer a1", "Bearer a1"]);
    assert_eq!(second.client.sign_ins(), 0);
}

#[tokio::test]
async fn it_is_refreshed_at_four_fifths_of_its_life_and_the_newest_refresh_token_is_kept() {
    let answers = [
        grant("a1", Some("r1")),
        answer(200, "[]"),
        answer(200, "[]"),
        grant("a2", Some("r2")),
        answer(200, "[]"),
        grant("a3", None),
    ];
    let worker = Worker::new(
        Arc::new(InMemory::new()),
        answers.into_iter().chain([answer(200, "[]"), grant("a4", None), answer(200, "[]")]),
    );
    list(&worker).await.unwrap();
    worker.clock.advance(MINUTE * 48 - SignedDuration::from_secs(1));
    list(&worker).await.unwrap();
    worker.clock.advance(SignedDuration::from_secs(1));
    list(&worker).await.unwrap();
    worker.clock.advance(MINUTE * 48);
    list(&worker).await.unwrap();
    worker.clock.advance(MINUTE * 48);
    list(&worker).await.unwrap();
    let refresh = |token: &str| format!("grant_type=refresh_token&refresh_token={token}");
    assert_eq!(grants(&worker), ["grant_type=password".to_owned(), refresh("r1"), refresh("r2"), refresh("r2")]);
    assert_eq!(bearers(&worker), ["a1", "a1", "a2", "a3", "a4"].map(|token| format!("Bearer {token}")));
}

#[tokio::test]
async fn a_401_refreshes_once_and_sends_once_more() {
    let worker = Worker::signed_in([answer(401, ""), grant("a2", None), answer(200, "{}")]);
    worker.client.put(&put()).await.unwrap();
    assert_eq!(bearers(&worker), ["Bearer planted-access-1", "Bearer a2"]);
    assert_eq!(worker.client.calls(), 2);

    let worker = Worker::signed_in([answer(401, ""), grant("a2", None), answer(401, "")]);
    let error = worker.client.put(&put()).await.unwrap_err();
    assert_eq!((error.code, error.applied), ("acumatica.rejected.credentials", Applied::No));
}

#[tokio::test]
async fn a_401_after_another_worker_renewed_costs_no_grant() {
    let store = Arc::new(InMemory::new());
    let first = Worker::new(store.clone(), [grant("a1", None), answer(200, "[]"), answer(401, ""), answer(200, "[]")]);
    list(&first).await.unwrap();
    let second = Worker::new(store, [answer(401, ""), grant("a2", None), answer(200, "[]")]);
    list(&second).await.unwrap();
    list(&first).await.unwrap();
    assert_eq!(bearers(&first), ["Bearer a1", "Bearer a1", "Bearer a2"]);
    assert_eq!((first.client.sign_ins(), second.client.sign_ins()), (1, 1));
}

#[tokio::test]
async fn a_refused_refresh_falls_back_to_the_password_and_nothing_else_does() {
    let refused = answer(400, r#"{"error":"invalid_grant"}"#);
    let worker = Worker::signed_in([answer(401, ""), refused.clone(), grant("a2", None), answer(200, "[]")]);
    list(&worker).await.unwrap();
    assert_eq!(grants(&worker).len(), 3);
    assert_eq!(grants(&worker)[2], "grant_type=password");

    let worker = Worker::signed_in([answer(401, ""), refused.clone(), refused.clone()]);
    let error = list(&worker).await.unwrap_err();
    assert_eq!((error.code, error.quote.as_str()), ("acumatica.rejected.credentials", "invalid_grant"));

    let worker = Worker::signed_in([answer(401, ""), Err(Failure::Interrupted("reset".into()))]);
    assert_eq!(list(&worker).await.unwrap_err().code, "acumatica.not_ready.interrupted");
}

#[tokio::test]
async fn a_failed_renewal_gives_the_lease_back_and_leaves_a_living_token_in_use() {
    let store = Arc::new(InMemory::new());
    let answers =
        [grant("a1", Some("r1")), answer(200, "[]"), answer(503, "<html>"), answer(200, "[]"), answer(503, "<html>")];
    let worker = Worker::new(store.clone(), answers);
    list(&worker).await.unwrap();
    worker.clock.advance(MINUTE * 50);
    list(&worker).await.unwrap();
    assert_eq!(bearers(&worker), ["Bearer a1", "Bearer a1"]);
    assert_eq!(store.load().await.unwrap().lease, None);
    worker.clock.advance(MINUTE * 10);
    assert_eq!(list(&worker).await.unwrap_err().code, "acumatica.not_ready.maintenance");
}

/// Leaves a lease of a worker that died.
async fn leave_lease(store: &InMemory, seconds: i64) {
    let slot = store.load().await.unwrap();
    let until = START.parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds);
    let lease = Some(Lease { owner: "another".to_owned(), until });
    store.replace(slot.rev, &Slot { lease, ..slot.clone() }).await.unwrap().unwrap();
}

#[tokio::test]
async fn while_another_worker_renews_the_old_token_serves_or_the_lease_is_waited_for() {
    let store = Arc::new(InMemory::new());
    let worker = Worker::new(store.clone(), [grant("a1", Some("r1")), answer(200, "[]"), answer(200, "[]")]);
    list(&worker).await.unwrap();
    leave_lease(&store, 4000).await;
    worker.clock.advance(MINUTE * 50);
    list(&worker).await.unwrap();
    assert_eq!(bearers(&worker), ["Bearer a1", "Bearer a1"]);

    // Nothing to use: this worker takes over when the lease has run out, with what is left of its own time.
    let store = Arc::new(InMemory::new());
    leave_lease(&store, 45).await;
    let worker = Worker::new(store, [grant("a1", None), answer(200, "{}")]);
    worker.client.put(&put()).await.unwrap();
    assert_eq!(worker.script.asked()[1].1, WRITE_TIMEOUT - Duration::from_secs(45));

    // A lease that never ends.
    let store = Arc::new(InMemory::new());
    leave_lease(&store, 100_000).await;
    let worker = Worker::new(store, []);
    let error = worker.client.put(&put()).await.unwrap_err();
    assert_eq!(
        (error.code, error.class, error.applied),
        ("acumatica.transient.token_busy", Class::Transient, Applied::No)
    );
}

#[tokio::test]
async fn a_read_whose_time_went_into_waiting_is_not_sent() {
    let store = Arc::new(InMemory::new());
    leave_lease(&store, 45).await;
    let worker = Worker::new(store, [grant("a1", None)]);
    assert_eq!(list(&worker).await.unwrap_err().code, "acumatica.not_ready.time_out");
    assert_eq!(worker.client.calls(), 0);
}

#[tokio::test]
async fn a_client_sends_one_request_at_a_time() {
    let worker = Worker::signed_in([answer(200, "[]"), answer(200, "[]"), answer(200, "[]")]);
    let (a, b, c) = tokio::join!(list(&worker), list(&worker), list(&worker));
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    assert_eq!((worker.client.calls(), worker.client.sign_ins()), (3, 1));
}

struct Broken;

#[async_trait]
impl TokenStore for Broken {
    async fn load(&self) -> Result<Slot, Cause> {
        Err("the table is away".into())
    }

    async fn replace(&self, _: u64, _: &Slot) -> Result<Option<u64>, Cause> {
        Err("the table is away".into())
    }
}

#[tokio::test]
async fn a_store_that_fails_is_transient() {
    let worker = Worker::new(Arc::new(Broken), []);
    let error = worker.client.put(&put()).await.unwrap_err();
    assert_eq!((error.code, error.applied), ("acumatica.transient.token_store", Applied::No));
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "the table is away");
}

#[tokio::test]
async fn the_store_replaces_by_revision_only() {
    let store = InMemory::new();
    assert_eq!(store.replace(1, &Slot::default()).await.unwrap(), None);
    assert_eq!(store.replace(0, &Slot::default()).await.unwrap(), Some(1));
    assert_eq!(store.replace(0, &Slot::default()).await.unwrap(), None);
    assert_eq!(store.load().await.unwrap().rev, 1);
}

#[tokio::test]
async fn sign_in_failures_have_codes_of_their_own() {
    let limit = "<!DOCTYPE html><html><head><title>API Login Limit</title></head></html>";
    let bad_login = r#"{"message":"An error has occurred.","exceptionMessage":"Error: Invalid credentials. Please try again.","exceptionType":"PX.Data.PXException"}"#;
    let company = r#"{"message":"An error has occurred.","exceptionMessage":"A proper company ID cannot be determined","exceptionType":"PX.Data.PXUndefinedCompanyException"}"#;
    for (row, code, quote) in [
        (Err(Failure::Unsent("refused".into())), "acumatica.not_ready.unreachable", ""),
        (Err(Failure::Interrupted("reset".into())), "acumatica.not_ready.interrupted", ""),
        (Err(Failure::TimedOut(Duration::from_secs(20))), "acumatica.not_ready.time_out", ""),
        (answer(400, r#"{"error":"invalid_client"}"#), "acumatica.rejected.credentials", "invalid_client"),
        (answer(500, bad_login), "acumatica.rejected.credentials", "Invalid credentials. Please try again."),
        (answer(500, company), "acumatica.rejected.credentials", "A proper company ID cannot be determined"),
        (answer(500, limit), "acumatica.not_ready.login_limit", "API Login Limit"),
        (answer(200, limit), "acumatica.not_ready.login_limit", "API Login Limit"),
        (
            answer(500, r#"{"message":"CheckApiUsersLimits failed"}"#),
            "acumatica.not_ready.login_limit",
            "CheckApiUsersLimits failed",
        ),
        (
            answer(429, "The custom error module does not recognize this error."),
            "acumatica.not_ready.login_limit",
            "The custom error module does not recognize this error.",
        ),
        (answer(403, ""), "acumatica.rejected.permission", ""),
        (answer(404, "<html></html>"), "acumatica.rejected.endpoint", ""),
        (answer(503, "<html></html>"), "acumatica.not_ready.maintenance", ""),
        (answer(500, ""), "acumatica.transient.server_error", ""),
        (answer(200, "{}"), "acumatica.bug.undecodable", "unexpected JSON at .: missing field `access_token`"),
        (
            answer(200, r#"{"access_token":"a b","expires_in":1}"#),
            "acumatica.bug.undecodable",
            "unexpected JSON at access_token: not visible ASCII",
        ),
    ] {
        let shown = format!("{row:?}");
        let worker = Worker::new(Arc::new(InMemory::new()), [row]);
        let error = worker.client.put(&put()).await.unwrap_err();
        assert_eq!((error.code, error.quote.as_str(), error.applied), (code, quote, Applied::No), "{shown}");
        assert_eq!(error.attempted, "sign in to Acumatica in order to save SalesOrder");
    }
}
