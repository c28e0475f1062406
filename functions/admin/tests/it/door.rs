use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tracing::level_filters::LevelFilter;

use crate::asking::{Via, ask};
use crate::bench::{Bench, settings};

/// Every operation with a request that is right.
const OPERATIONS: [(&str, &str); 11] = [
    ("PUT /admin/settings", "settings"),
    ("GET /admin/links/{link}/settings", ""),
    ("GET /admin/links/{link}/settings/log", ""),
    ("PUT /admin/links/{link}/settings", "settings"),
    ("POST /admin/links/{link}/test-connections", ""),
    ("POST /admin/links/{link}/activation", r#"{"state": "active"}"#),
    ("POST /admin/links/{link}/orders/sync", r#"{"entity_ids": [1]}"#),
    ("GET /admin/links/{link}/parked", ""),
    ("POST /admin/links/{link}/retry", r#"{"all": true}"#),
    ("POST /admin/queues/order/redrive", ""),
    ("GET /admin/links/{link}/log", ""),
];

fn body(text: &str) -> Value {
    match text {
        "" => Value::Null,
        "settings" => settings(),
        json => serde_json::from_str(json).unwrap(),
    }
}

#[tokio::test]
async fn operations_on_a_link_want_one_that_exists() {
    let bench = Bench::new();
    for (request, text) in OPERATIONS.into_iter().filter(|(request, _)| request.contains("{link}")) {
        // Not made; too short; none at all; longer than a key of the table may be.
        for link in ["abcd2345", "abc", "", &"x".repeat(3000)] {
            let request = ask(&request.replace("{link}", link)).body(body(text)).if_match("1");
            for via in Via::ALL {
                let refused = bench.via(via, &request).await;
                assert_eq!(refused.refused(404), format!("There is no link `{link}`."), "{request:?}");
                assert_eq!(refused.body["title"], "Not Found");
            }
        }
    }
}

#[tokio::test]
async fn what_is_no_operation_says_so() {
    let bench = Bench::new();
    let link = bench.link().await;
    for request in [
        "GET /admin/settings",
        "DELETE /admin/links/{link}/settings",
        "GET /admin/links/{link}",
        "POST /admin/links/{link}/settings",
        "GET /admin/links/{link}/retry",
        "POST /admin/links/{link}/parked",
        "GET /settings",
        "GET /",
        "PATCH ",
    ] {
        let request = request.replace("{link}", &link);
        for via in Via::ALL {
            let refused = bench.via(via, &ask(&request)).await;
            assert_eq!(refused.refused(404), format!("There is no operation `{request}`."));
        }
    }
    // A slash at the end changes nothing.
    bench.ask(ask(&format!("GET /admin/links/{link}/settings/"))).await.good(200);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_without_a_word_of_it() {
    let bench = Bench::new();
    let link = bench.link().await;
    for operation in ["activation", "orders/sync", "retry"] {
        let mut event = ask(&format!("POST /admin/links/{link}/{operation}")).event(Via::Http);
        event["body"] = json!("{\"password\": \"hunter2\"");
        let refused = bench.invoke(event.clone()).await;
        assert_eq!(refused.refused(400), "The request's body is not JSON.");
        assert!(!refused.body.to_string().contains("hunter2"));
        event["isBase64Encoded"] = json!(true);
        let refused = bench.invoke(event).await;
        assert_eq!(refused.refused(400), "The body is not base64.");
        assert!(!refused.body.to_string().contains("hunter2"));
    }
    for event in [json!({}), json!(null), json!([]), json!({ "method": "GET" }), json!({ "path": "/admin/settings" })] {
        let refused = bench.invoke(event).await;
        assert_eq!(refused.refused(400), "Send `method` and `path`, and where needed `query`, `headers` and `body`.");
    }
}

#[tokio::test]
async fn answers_have_the_form_that_the_caller_reads() {
    let bench = Bench::new();
    let link = bench.link().await;
    let path = format!("/admin/links/{link}/settings");
    let read = ask(&format!("GET {path}"));
    // The gateway takes the body as a text, a person who invokes the function reads it as it is.
    let direct = bench.office.answer(read.event(Via::Direct)).await;
    let headers = json!({ "content-type": "application/json", "etag": "\"1\"" });
    assert_eq!(direct, json!({ "status": 200, "headers": headers, "body": direct["body"] }));
    assert_eq!((&direct["body"]["link"], &direct["body"]["version"]), (&json!(link), &json!(1)));
    for via in [Via::Http, Via::Base64] {
        let answer = bench.office.answer(read.event(via)).await;
        let text = direct["body"].to_string();
        assert_eq!(answer, json!({ "statusCode": 200, "headers": headers, "body": text, "isBase64Encoded": false }));
    }
    // A text that is no JSON can come by HTTP only.
    let mut event = ask("PUT /admin/settings").event(Via::Http);
    event["body"] = json!("{");
    let body = json!({
        "status": 422, "title": "Unprocessable Entity", "detail": "The settings have 1 problem(s); nothing was stored.",
        "problems": [{ "path": "", "message": "is not JSON: EOF while parsing an object at line 1 column 1" }],
    });
    let headers = json!({ "content-type": "application/problem+json" });
    assert_eq!(
        bench.office.answer(event).await,
        json!({ "statusCode": 422, "headers": headers, "body": body.to_string(), "isBase64Encoded": false })
    );
}

#[tokio::test]
async fn a_body_that_is_not_right_is_named_by_its_path() {
    let bench = Bench::new();
    let link = bench.link().await;
    for (operation, body, path) in [
        ("activation", json!({}), "."),
        ("activation", json!(null), "."),
        ("activation", json!({ "state": "inactive" }), "state"),
        ("activation", json!({ "state": "active", "force": true }), "force"),
        ("orders/sync", json!({ "numbers": "000000001" }), "numbers"),
        ("orders/sync", json!({ "entity_ids": [1, "2"] }), "entity_ids[1]"),
        ("orders/sync", json!({ "entity_ids": [-1] }), "entity_ids[0]"),
        ("orders/sync", json!({ "entity_ids": [1.5] }), "entity_ids[0]"),
        ("retry", json!({ "record": ["x"] }), "record"),
        ("retry", json!({ "all": "hunter2" }), "all"),
    ] {
        let request = ask(&format!("POST /admin/links/{link}/{operation}")).body(body);
        for via in Via::ALL {
            let refused = bench.via(via, &request).await;
            assert_eq!(refused.refused(400), format!("The request's body is not right at `{path}`."));
            assert_eq!(refused.body["path"], path);
        }
    }
}

#[tokio::test]
async fn json_as_a_text_is_refused_without_a_word_of_it() {
    let bench = Bench::new();
    let link = bench.link().await;
    let text = json!(r#"{"state": "active", "password": "hunter2"}"#);
    for operation in ["activation", "orders/sync", "retry"] {
        let request = ask(&format!("POST /admin/links/{link}/{operation}")).body(text.clone());
        for via in Via::ALL {
            let refused = bench.via(via, &request).await;
            let detail = "The request's body is not right at `.`. It is a text: send the JSON itself.";
            assert_eq!(refused.refused(400), detail);
            let body = json!({ "status": 400, "title": "Bad Request", "detail": detail, "path": "." });
            assert_eq!(refused.body, body);
        }
    }
    for request in [ask("PUT /admin/settings"), ask(&format!("PUT /admin/links/{link}/settings")).if_match("1")] {
        for via in Via::ALL {
            let refused = bench.via(via, &request.clone().body(text.clone())).await;
            refused.refused(422);
            assert_eq!(refused.body["problems"], json!([{ "path": "", "message": "must be an object" }]));
            assert!(!refused.body.to_string().contains("hunter2"));
        }
    }
}

#[tokio::test]
async fn a_table_or_queue_that_is_away_is_said_to_be() {
    for (request, text) in OPERATIONS {
        // A queue has no table.
        if request.contains("queues") {
            continue;
        }
        let bench = Bench::new().without_tables();
        let request = ask(&request.replace("{link}", "abcd2345")).body(body(text)).if_match("1");
        for via in Via::ALL {
            let refused = bench.via(via, &request).await;
            let detail = refused.refused(503);
            assert!(detail.contains("throttled") && detail.ends_with("try again"), "{detail}");
            assert_eq!(refused.body["title"], "Service Unavailable");
        }
    }
    let bench = Bench::new();
    let link = bench.link().await;
    bench.park(&format!("{link}/order/7"), "acumatica.rejected.item_not_found").await;
    let bench = bench.without_queue();
    for (request, text) in OPERATIONS {
        if ["sync", "retry", "redrive"].iter().any(|end| request.ends_with(end)) {
            let refused = bench.ask(ask(&request.replace("{link}", &link)).body(body(text))).await;
            assert_eq!(refused.refused(503), "the queue is not available: throttled; try again");
        }
    }
}

/// What was logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_operation_and_its_status_are_logged_and_neither_who_asked_nor_the_path() {
    let lines = Lines::default();
    let writer = lines.clone();
    // While only one subscriber lives, `tracing` asks the thread that meets a log line first whether anybody wants it, and another test's
    // thread says no for all. With a second one alive it asks the subscribers.
    let _second = tracing::Dispatch::new(runtime::telemetry::subscriber(LevelFilter::DEBUG, std::io::sink));
    let _logging =
        tracing::subscriber::set_default(runtime::telemetry::subscriber(LevelFilter::DEBUG, move || writer.clone()));
    let bench = Bench::new();
    let link = bench.active_link().await;
    let strange = ("GET /admin/links/canary@example.com/everything", "");
    for (request, text) in OPERATIONS.into_iter().chain([strange]) {
        let mut event = ask(&request.replace("{link}", &link)).body(body(text)).if_match("1").event(Via::Http);
        event["requestContext"]["authorizer"]["iam"]["userArn"] =
            json!("arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Operator_0123456789abcdef/canary@example.com");
        event["rawPath"] = json!(format!("{}/", event["rawPath"].as_str().unwrap()));
        bench.invoke(event).await;
    }
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(!text.contains("canary") && !text.contains("/admin/"), "{text}");
    let told: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let answered = told.iter().filter(|line| line["message"] == "Answered an operator");
    // The first two and the activation made the bench's link.
    let answered: Vec<_> =
        answered.skip(3).map(|line| (line["operation"].as_str().unwrap(), &line["status"])).collect();
    let expected = [
        ("create settings", 201),
        ("get settings", 200),
        ("settings log", 200),
        ("put settings", 412),
        ("test connections", 200),
        ("set activation", 200),
        ("sync now", 202),
        ("list parked", 200),
        ("retry", 202),
        ("redrive", 202),
        ("query log", 200),
        ("none", 404),
    ];
    let expected = expected.map(|(operation, status)| (operation, json!(status)));
    assert_eq!(answered, expected.each_ref().map(|(operation, status)| (*operation, status)));
}
