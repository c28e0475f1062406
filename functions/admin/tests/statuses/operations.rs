//! Settings, activation, syncing, parked orders and retries.

use std::sync::atomic::Ordering;

use crate::surroundings::{ARN, Desk, block_on, settings};
use flows::link::Activation;
use seams::clock::Clock as _;
use serde_json::{Value, json};
use simulators::fault::{Fault, Planned};
use simulators::magento::OrderDraft;

fn check_of<'v>(body: &'v Value, name: &str) -> &'v Value {
    let checks = body["checks"].as_array().unwrap();
    checks.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("no check {name} in {body}"))
}

#[test]
fn a_new_link_gets_an_id_and_workers_can_read_it() {
    let desk = Desk::new();
    let answer = desk.http("PUT", "/admin/settings", json!({}), &settings().to_string());
    assert_eq!((&answer["statusCode"], &answer["headers"]["etag"]), (&json!(201), &json!("\"1\"")));
    let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    let link = body["link"].as_str().unwrap();
    assert_eq!((link.len(), &body["version"]), (8, &json!(1)));
    let head = block_on(runtime::head::head(&*desk.state, link)).unwrap();
    assert_eq!((head.activation, head.settings_version), (Activation::Inactive, 1));
    assert_eq!(serde_json::to_value(&head.settings).unwrap()["magento"], settings()["magento"]);
    let listed = block_on(runtime::head::all(&*desk.state)).unwrap();
    assert_eq!(listed.iter().map(|swept| swept.id.as_str()).collect::<Vec<_>>(), [link]);
}

#[test]
fn settings_are_replaced_only_by_who_has_read_them() {
    let desk = Desk::new();
    let link = desk.link();
    let path = format!("/admin/links/{link}/settings");
    let mut next = settings();
    next["orders"]["max_attempts"] = json!(3);
    let mut bad = next.clone();
    bad["orders"]["default"]["order_type"] = json!("ORDER");
    bad["magento"]["base_url"] = json!("http://shop.example.com");
    for (path, if_match, body, status, part, expected) in [
        ("/admin/links/none2345/settings", Some("1"), &next, 404, "/status", json!(404)),
        (path.as_str(), None, &next, 428, "/title", json!("Precondition Required")),
        (&path, Some("2"), &next, 412, "/version", json!(1)),
        (&path, Some("x"), &next, 400, "/status", json!(400)),
        (
            &path,
            Some("1"),
            &bad,
            422,
            "/problems",
            json!([
                { "path": "/magento/base_url", "message": "must begin with https://" },
                {
                    "path": "/orders/default/order_type",
                    "message": "\"ORDER\" has 5 characters; Acumatica's SalesOrder.OrderType holds 2",
                },
            ]),
        ),
        (&path, Some("\"1\""), &next, 200, "/changes", json!([{ "path": "/orders/max_attempts", "from": 5, "to": 3 }])),
        // Somebody else's version 1 is history by now.
        (&path, Some("1"), &settings(), 412, "/version", json!(2)),
    ] {
        let headers = if_match.map_or(json!({}), |version| json!({ "If-Match": version }));
        let (got, answer) = desk.invoke(json!({ "method": "PUT", "path": path, "headers": headers, "body": body }));
        assert_eq!((got, answer.pointer(part)), (status, Some(&expected)), "{path} {if_match:?}: {answer}");
    }
    let answer = desk.run(json!({ "method": "GET", "path": path }));
    assert_eq!((&answer["status"], &answer["headers"]["etag"]), (&json!(200), &json!("\"2\"")));
    assert_eq!(answer["body"]["settings"]["orders"]["max_attempts"], 3);
    assert_eq!(desk.ask("GET", "/admin/links/none2345/settings", Value::Null).0, 404);
}

#[test]
fn the_settings_log_says_who_changed_what_and_when() {
    let desk = Desk::new();
    let link = desk.link();
    let path = format!("/admin/links/{link}/settings");
    let mut next = settings();
    for attempts in 1..=4 {
        desk.time.forward(60);
        next["orders"]["max_attempts"] = json!(attempts);
        let answer = desk.http("PUT", &path, json!({ "if-match": attempts.to_string() }), &next.to_string());
        assert_eq!(answer["statusCode"], 200, "{answer}");
    }
    let (status, body) = desk.ask("GET", &format!("{path}/log"), Value::Null);
    assert_eq!((status, &body["next"]), (200, &Value::Null));
    let entries = body["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 5);
    assert_eq!(
        entries[0],
        json!({
            "version": 5, "by": ARN, "at": "2026-11-23T09:04:00Z",
            "changes": [{ "path": "/orders/max_attempts", "from": 3, "to": 4 }],
        })
    );
    assert_eq!((&entries[4]["by"], &entries[4]["changes"][0]["path"]), (&json!("a direct invoke"), &json!("")));
    assert_eq!(desk.ask("GET", "/admin/links/none2345/settings/log", Value::Null).0, 404);
}

#[test]
fn tested_connections_fill_in_the_stores_and_name_what_is_missing() {
    let desk = Desk::new();
    let link = desk.link();
    let path = format!("/admin/links/{link}/test-connections");
    let (status, body) = desk.ask("POST", &path, Value::Null);
    assert_eq!((status, &body["passed"], &body["stores_filled_in"]), (200, &json!(true), &json!(true)), "{body}");
    assert_eq!(body["settings_version"], 2);
    for name in ["magento.stores", "magento.orders", "acumatica.endpoint", "acumatica.ship_vias", "settings.stores"] {
        assert_eq!(check_of(&body, name)["passed"], true, "{body}");
    }
    // The simulated tenant has other master data than the sample maps: told, and no reason not to go on.
    let ship_via = check_of(&body, "mapping.ship_via");
    assert_eq!((&ship_via["passed"], &ship_via["needed"]), (&json!(false), &json!(false)));
    assert!(ship_via["detail"].as_str().unwrap().contains("FLATRATE"), "{ship_via}");
    let (_, stored) = desk.ask("GET", &format!("/admin/links/{link}/settings"), Value::Null);
    let store = |id: u64, code: &str| json!({ "store_id": id, "code": code, "website": "base", "time_zone": "America/Chicago", "currency": "USD" });
    assert_eq!(stored["settings"]["stores"], json!([store(1, "default"), store(3, "fr")]));
    let (_, again) = desk.ask("POST", &path, Value::Null);
    assert_eq!((&again["stores_filled_in"], &again["settings_version"]), (&json!(false), &json!(2)));
    assert_eq!(desk.ask("POST", "/admin/links/none2345/test-connections", Value::Null).0, 404);
}

#[test]
fn a_failed_test_names_the_check_and_the_fix_and_the_link_stays_inactive() {
    type Break = fn(&Desk, &mut Value);
    let cases: [(&str, Break, &str, &str); 6] = [
        (
            "magento.connection",
            |desk, _| desk.secret_is_missing.store(true, Ordering::Relaxed),
            "the secret causeway/",
            "Create or correct the secret",
        ),
        (
            "magento.orders",
            |desk, _| desk.shop.with(|shop| shop.remove_resource("Magento_Sales::actions_view")),
            "magento.rejected.permission",
            "",
        ),
        (
            "magento.stores",
            |desk, _| {
                desk.shop.plan(Planned { method: String::new(), path_part: String::new(), fault: Fault::Refused })
            },
            "magento.not_ready.unreachable",
            "",
        ),
        (
            "acumatica.endpoint",
            |_, settings| settings["acumatica"]["endpoint_version"] = json!("23.200.001"),
            "Default/23.200.001 is not served.",
            "endpoint",
        ),
        (
            "acumatica.endpoint",
            |desk, _| {
                desk.erp.plan(Planned {
                    method: String::new(),
                    path_part: "/identity".to_owned(),
                    fault: Fault::Refused,
                })
            },
            "acumatica.not_ready.unreachable",
            "",
        ),
        (
            "settings.stores",
            |_, settings| settings["orders"]["store_views"] = json!({ "uk": {} }),
            "/orders/store_views/uk there is no store view \"uk\" in /stores",
            "Correct the scopes",
        ),
    ];
    for (name, spoil, detail, fix) in cases {
        let desk = Desk::new();
        let mut document = settings();
        spoil(&desk, &mut document);
        let (_, body) = desk.ask("PUT", "/admin/settings", document);
        let link = body["link"].as_str().unwrap().to_owned();
        let (status, body) = desk.ask("POST", &format!("/admin/links/{link}/test-connections"), Value::Null);
        assert_eq!((status, &body["passed"]), (200, &json!(false)), "{name}: {body}");
        let check = check_of(&body, name);
        assert_eq!((&check["passed"], &check["needed"]), (&json!(false), &json!(true)), "{check}");
        assert!(check["detail"].as_str().unwrap().contains(detail), "{check}");
        assert!(check["fix"].as_str().is_some_and(|text| !text.is_empty() && text.contains(fix)), "{check}");
        let activation = json!({ "state": "active" });
        let (status, refusal) = desk.ask("POST", &format!("/admin/links/{link}/activation"), activation);
        assert_eq!(status, 409, "{name}: {refusal}");
    }
}

#[test]
fn only_a_link_as_it_was_tested_can_be_activated() {
    let desk = Desk::new();
    let link = desk.tested();
    let path = format!("/admin/links/{link}/activation");
    let settings_path = format!("/admin/links/{link}/settings");
    for (state, status, was) in [
        ("paused", 409, Value::Null),
        ("stopped", 409, Value::Null),
        ("inactive", 400, Value::Null),
        ("active", 200, json!("inactive")),
        ("active", 200, json!("active")),
        ("paused", 200, json!("active")),
        ("stopped", 200, json!("paused")),
        ("active", 200, json!("stopped")),
    ] {
        let (got, body) = desk.ask("POST", &path, json!({ "state": state }));
        assert_eq!((got, &body["was"]), (status, &was), "{state}: {body}");
        if status == 200 {
            let head = block_on(runtime::head::head(&*desk.state, &link)).unwrap();
            assert_eq!(json!(head.activation), json!(state));
        }
    }
    // A changed mapping needs no new test, a changed connection does.
    for (pointer, value, status) in [
        ("/orders/max_attempts", json!(2), 200),
        ("/acumatica/endpoint_version", json!("23.200.001"), 409),
        ("/acumatica/endpoint_version", json!("24.200.001"), 200),
        ("/magento/base_url", json!("https://other.example.com"), 409),
    ] {
        let (_, stored) = desk.ask("GET", &settings_path, Value::Null);
        let mut document = stored["settings"].clone();
        *document.pointer_mut(pointer).unwrap() = value;
        let headers = json!({ "if-match": stored["version"].to_string() });
        let put = json!({ "method": "PUT", "path": settings_path, "headers": headers, "body": document });
        assert_eq!(desk.invoke(put).0, 200);
        let (got, body) = desk.ask("POST", &path, json!({ "state": "active" }));
        assert_eq!(got, status, "{pointer}: {body}");
    }
    assert_eq!(desk.ask("POST", "/admin/links/none2345/activation", json!({ "state": "active" })).0, 404);
}

#[test]
fn activation_drains_what_was_collected_meanwhile() {
    let desk = Desk::new();
    let link = desk.tested();
    for (order, reason) in [(7, "flows.not_ready.link_inactive"), (8, "window")] {
        let now = desk.time.now();
        desk.write(&link, order, |record| {
            record.wait("me", reason, now, now + jiff::SignedDuration::from_mins(15)).unwrap()
        });
    }
    desk.write("othe2345", 9, |record| {
        let now = desk.time.now();
        record.wait("me", "flows.not_ready.link_inactive", now, now).unwrap()
    });
    let (status, body) = desk.ask("POST", &format!("/admin/links/{link}/activation"), json!({ "state": "active" }));
    assert_eq!((status, &body["enqueued"]), (200, &json!(1)), "{body}");
    assert_eq!(desk.enqueued(&link), ["7 Due"]);
}

#[test]
fn orders_are_synced_by_their_number_which_is_resolved_first() {
    let desk = Desk::new();
    let link = desk.link();
    let path = format!("/admin/links/{link}/orders/sync");
    let draft = OrderDraft::guest("ann@example.com").simple("SHIRT", 1, 10).shipping("flatrate_flatrate", 5);
    let (first, second) = (
        desk.shop.with(|shop| shop.place(desk.time.now(), &draft)),
        desk.shop.with(|shop| shop.place(desk.time.now(), &draft)),
    );
    let number = desk.shop.with(|shop| shop.order(first).unwrap()["increment_id"].as_str().unwrap().to_owned());
    let (status, body) = desk.ask("POST", &path, json!({ "numbers": [number, "999999999"], "entity_ids": [77] }));
    assert_eq!(status, 202, "{body}");
    assert_eq!(
        body["results"],
        json!([
            { "entity_id": 77, "result": "enqueued" },
            { "number": number, "entity_id": first, "result": "enqueued" },
            { "number": "999999999", "result": "not_found" },
        ])
    );
    assert_eq!(desk.enqueued(&link), ["77 Operator".to_owned(), format!("{first} Operator")]);
    // Custom prefixes repeat numbers: the person has to choose.
    desk.shop.with(|shop| shop.edit(desk.time.now(), second, |order| order["increment_id"] = json!(number)));
    let (status, body) = desk.ask("POST", &path, json!({ "numbers": [number] }));
    assert_eq!((status, &body["results"][0]["result"]), (202, &json!("several")));
    let found: Vec<u64> =
        body["results"][0]["found"].as_array().unwrap().iter().map(|hit| hit["entity_id"].as_u64().unwrap()).collect();
    assert_eq!(found, [first, second]);
    assert_eq!(desk.enqueued(&link), [""; 0]);
    for (path, body, status) in [
        (path.as_str(), json!({}), 400),
        (&path, json!({ "numbers": vec!["1"; 51] }), 400),
        (&path, json!({ "number": "1" }), 400),
        (&path, json!({ "entity_ids": ["x"] }), 400),
        (&path, Value::Null, 400),
        ("/admin/links/none2345/orders/sync", json!({ "entity_ids": [1] }), 404),
    ] {
        assert_eq!(desk.ask("POST", path, body.clone()).0, status, "{path} {body}");
    }
    desk.shop.plan(Planned { method: String::new(), path_part: String::new(), fault: Fault::Refused });
    let (status, body) = desk.ask("POST", &path, json!({ "numbers": ["1"] }));
    assert_eq!((status, &body["code"]), (502, &json!("magento.not_ready.unreachable")));
    desk.secret_is_missing.store(true, Ordering::Relaxed);
    assert_eq!(desk.ask("POST", &path, json!({ "numbers": ["1"] })).0, 502);
}

const UNMAPPED: &str = "orders.rejected.shipping_method_not_mapped";
const NO_ITEM: &str = "acumatica.rejected.item_not_found";

#[test]
fn parked_orders_are_listed_with_sentence_and_fix() {
    let desk = Desk::new();
    let link = desk.link();
    let path = format!("/admin/links/{link}/parked");
    desk.park(&link, 1, UNMAPPED);
    desk.park(&link, 2, NO_ITEM);
    let (status, body) = desk.ask("GET", &path, Value::Null);
    assert_eq!((status, &body["next"]), (200, &Value::Null));
    assert_eq!(
        body["parked"][0],
        json!({
            "record": format!("{link}/order/1"), "number": "000000001", "code": UNMAPPED,
            "message": "Order 000000001 cannot be sent.", "fix": flows::codes::fix(UNMAPPED),
            "runbook": format!("infra/runbooks/{UNMAPPED}.md"), "since": "2026-11-23T09:00:00Z",
            "attempts": 1, "settings_version": 1, "target": null,
        })
    );
    assert_eq!(body["parked"].as_array().unwrap().len(), 2);
    for (query, status, count) in [
        (json!({ "code": NO_ITEM }), 200, Some(1)),
        (json!({ "code": "none" }), 200, Some(0)),
        (json!({ "cursor": "nonsense" }), 400, None),
    ] {
        let (got, body) = desk.invoke(json!({ "method": "GET", "path": path, "query": query }));
        assert_eq!((got, body["parked"].as_array().map(Vec::len)), (status, count), "{query}: {body}");
    }
    assert_eq!(desk.ask("GET", "/admin/links/-/parked", Value::Null).0, 200);
    assert_eq!(desk.ask("GET", "/admin/links/none2345/parked", Value::Null).0, 404);
}

#[test]
fn pages_of_parked_orders_end() {
    let desk = Desk::new();
    let link = desk.link();
    (0..60).for_each(|order| desk.park(&link, order, UNMAPPED));
    let mut sizes = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let query = if cursor.is_null() { json!({}) } else { json!({ "cursor": cursor }) };
        let event = json!({ "method": "GET", "path": format!("/admin/links/{link}/parked"), "query": query });
        let (_, body) = desk.invoke(event);
        sizes.push(body["parked"].as_array().unwrap().len());
        cursor = body["next"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!((sizes.iter().sum::<usize>(), sizes[0]), (60, 50));
}

#[test]
fn a_retry_enqueues_one_several_or_all() {
    let desk = Desk::new();
    let link = desk.link();
    let path = format!("/admin/links/{link}/retry");
    let key = |order: u64| format!("{link}/order/{order}");
    desk.park(&link, 1, UNMAPPED);
    desk.park(&link, 2, NO_ITEM);
    desk.park(&link, 3, UNMAPPED);
    for (body, count, not_parked, sent) in [
        (json!({ "records": [key(2)] }), 1, json!([]), vec!["2 Operator"]),
        (json!({ "records": [key(1), key(4), key(3)] }), 2, json!([key(4)]), vec!["1 Operator", "3 Operator"]),
        (json!({ "code": UNMAPPED }), 2, json!([]), vec!["1 Operator", "3 Operator"]),
        (json!({ "code": "none" }), 0, json!([]), vec![]),
        (json!({ "all": true }), 3, json!([]), vec!["1 Operator", "2 Operator", "3 Operator"]),
    ] {
        let (status, answer) = desk.ask("POST", &path, body.clone());
        assert_eq!((status, &answer["enqueued"], &answer["not_parked"]), (202, &json!(count), &not_parked), "{body}");
        assert_eq!(desk.enqueued(&link), sent, "{body}");
    }
    for (path, body, status) in [
        (path.as_str(), json!({}), 400),
        (&path, json!({ "all": true, "code": NO_ITEM }), 400),
        (&path, json!({ "records": vec![key(1); 501] }), 400),
        (&path, json!({ "records": ["othe2345/order/1"] }), 400),
        (&path, json!({ "everything": true }), 400),
        (&path, json!({ "all": true, "cursor": "nonsense" }), 400),
        ("/admin/links/none2345/retry", json!({ "all": true }), 404),
    ] {
        let (got, answer) = desk.ask("POST", path, body);
        assert_eq!(got, status, "{answer}");
    }
    assert_eq!(desk.enqueued(&link), [""; 0]);
}
