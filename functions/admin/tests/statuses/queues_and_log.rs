//! The dead letters, the sync log, and what every operation has in common.

use crate::surroundings::{Desk, block_on, settings};
use queue::{Cause, Envelope, Name, Queue as _};
use seams::clock::Clock as _;
use serde_json::{Value, json};
use store::log::{Entry, Level};

#[test]
fn the_move_task_brings_dead_letters_back() {
    let desk = Desk::new();
    let link = desk.link();
    let event = Envelope {
        link: link.clone(),
        entity: "order".to_owned(),
        source_id: "7".to_owned(),
        cause: Cause::Webhook,
        occurred_at: desk.time.now(),
        event_id: "event".to_owned(),
    };
    block_on(desk.queue.send(Name::Orders, &event)).unwrap();
    for _ in 0..10 {
        let message = desk.queue.take(Name::Orders).unwrap();
        block_on(desk.queue.set_visibility(Name::Orders, &message.receipt_handle, 0)).unwrap();
    }
    assert!(desk.queue.take(Name::Orders).is_none(), "received too often");
    let (status, body) = desk.ask("POST", "/admin/queues/order/redrive", Value::Null);
    assert_eq!((status, &body["entity"], &body["dead_letters"]), (202, &json!("order"), &json!(1)), "{body}");
    assert!(body["task"].as_str().is_some_and(|task| !task.is_empty()));
    assert_eq!(desk.enqueued(&link), ["7 Webhook"]);
    assert_eq!(desk.ask("POST", "/admin/queues/product/redrive", Value::Null).0, 404);
}

fn log(desk: &Desk, link: &str, order: u64, minutes_ago: i64, level: Level, code: Option<&str>) {
    let time = desk.time.now() - jiff::SignedDuration::from_mins(minutes_ago);
    let outcome = if level == Level::Error { "parked" } else { "applied" };
    let entry = Entry {
        time,
        link: link.to_owned(),
        entity: "order".to_owned(),
        record: format!("{link}/order/{order}"),
        rev: 3,
        shown: Some(format!("{order:09}")),
        target: Some(format!("SO/{order:06}")),
        direction: "magento_to_acumatica".to_owned(),
        trigger: "webhook".to_owned(),
        action: "order.create".to_owned(),
        level,
        outcome: outcome.to_owned(),
        code: code.map(str::to_owned),
        message: code.map(|_| "Shipping method `x_y` is not mapped.".to_owned()),
        duration_ms: 12,
        attempt: 1,
        magento_calls: 1,
        acumatica_calls: 1,
        settings_version: 1,
        event: "event".to_owned(),
    };
    block_on(store::log::write(&*desk.log, &entry, 90)).unwrap();
}

const UNMAPPED: &str = "orders.rejected.shipping_method_not_mapped";

#[test]
fn the_sync_log_is_searched_by_all_that_it_holds() {
    let desk = Desk::new();
    let link = desk.link();
    log(&desk, &link, 1, 60, Level::Info, None);
    log(&desk, &link, 2, 50, Level::Error, Some(UNMAPPED));
    log(&desk, &link, 3, 60 * 24 * 3, Level::Info, None);
    log(&desk, &link, 4, 60 * 24 * 9, Level::Info, None);
    log(&desk, "othe2345", 5, 10, Level::Info, None);
    let path = format!("/admin/links/{link}/log");
    for (query, status, numbers) in [
        // Newest first, seven days back.
        (json!({}), 200, vec![2, 1, 3]),
        (json!({ "record": format!("{link}/order/1") }), 200, vec![1]),
        (json!({ "code": UNMAPPED }), 200, vec![2]),
        (json!({ "outcome": "applied" }), 200, vec![1, 3]),
        (json!({ "level": "warning" }), 200, vec![2]),
        (json!({ "words": "000000003" }), 200, vec![3]),
        (json!({ "words": "shipping X_Y" }), 200, vec![2]),
        (json!({ "words": "shipping nothing" }), 200, vec![]),
        (json!({ "to": "2026-11-23T08:05:00Z" }), 200, vec![1, 3]),
        (json!({ "from": "2026-11-23T00:00:00Z" }), 200, vec![2, 1]),
        (json!({ "from": "2026-11-14T00:00:00Z", "to": "2026-11-15T00:00:00Z" }), 200, vec![4]),
        (json!({ "record": "othe2345/order/5" }), 400, vec![]),
        (json!({ "record": format!("{link}/order/1"), "code": UNMAPPED }), 400, vec![]),
        (json!({ "level": "loud" }), 400, vec![]),
        (json!({ "from": "yesterday" }), 400, vec![]),
        (json!({ "number": "1" }), 400, vec![]),
        (json!({ "cursor": "nonsense" }), 400, vec![]),
    ] {
        let (got, mut numbers_found, mut cursor) = (status, Vec::new(), Value::Null);
        loop {
            let mut asked = query.clone();
            if !cursor.is_null() {
                asked["cursor"] = cursor;
            }
            let (status, body) = desk.invoke(json!({ "method": "GET", "path": path, "query": asked }));
            assert_eq!(status, got, "{query}: {body}");
            let entries = body["entries"].as_array().into_iter().flatten();
            numbers_found.extend(entries.map(|entry| entry["shown"].as_str().unwrap().parse::<u64>().unwrap()));
            cursor = body["next"].clone();
            if cursor.is_null() {
                break;
            }
        }
        assert_eq!(numbers_found, numbers, "{query}");
    }
    assert_eq!(desk.ask("GET", "/admin/links/none2345/log", Value::Null).0, 404);
}

#[test]
fn what_is_no_operation_is_named_and_what_is_no_request_too() {
    let desk = Desk::new();
    for (event, status) in [
        (json!({ "method": "GET", "path": "/admin" }), 404),
        (json!({ "method": "DELETE", "path": "/admin/settings" }), 404),
        (json!({ "path": "/admin/settings" }), 400),
        (json!({}), 400),
        (json!(null), 400),
        (json!({ "method": "PUT", "path": "/admin/settings" }), 422),
        (json!({ "method": "PUT", "path": "/admin/settings", "body": "text" }), 422),
    ] {
        let answer = desk.run(event.clone());
        assert_eq!((&answer["status"], &answer["body"]["status"]), (&json!(status), &json!(status)), "{event}");
        assert_eq!(answer["headers"]["content-type"], "application/problem+json", "{event}");
        assert!(answer["body"]["detail"].as_str().is_some_and(|text| !text.is_empty()), "{answer}");
    }
}

#[test]
fn http_answers_have_the_form_of_the_gateway() {
    let desk = Desk::new();
    let created = desk.http("PUT", "/admin/settings", json!({}), &settings().to_string());
    assert_eq!(
        (&created["statusCode"], &created["headers"]["content-type"], &created["isBase64Encoded"]),
        (&json!(201), &json!("application/json"), &json!(false))
    );
    let refused = desk.http("PUT", "/admin/settings", json!({}), "{");
    let body: Value = serde_json::from_str(refused["body"].as_str().unwrap()).unwrap();
    assert_eq!((&refused["statusCode"], &body["title"]), (&json!(422), &json!("Unprocessable Entity")));
    assert_eq!(
        body["problems"],
        json!([{ "path": "", "message": "is not JSON: EOF while parsing an object at line 1 column 1" }])
    );
    let link: Value = serde_json::from_str(created["body"].as_str().unwrap()).unwrap();
    let path = format!("/admin/links/{}/retry", link["link"].as_str().unwrap());
    assert_eq!(desk.http("POST", &path, json!({}), "{")["statusCode"], 400);
    // A gateway may encode what it does not know; the settings stay the same.
    let mut event = json!({
        "rawPath": "/admin/settings",
        "requestContext": { "http": { "method": "PUT" } },
        "body": "e30=",
        "isBase64Encoded": true,
    });
    let encoded = desk.run(event.clone());
    assert!(encoded["body"].as_str().unwrap().contains("/magento"), "{encoded}");
    event["body"] = json!("not base64!");
    assert_eq!(desk.run(event)["statusCode"], 400);
}
