use flows::link::Activation;
use jiff::SignedDuration;
use queue::Cause;
use seams::clock::Clock as _;
use serde_json::{Value, json};
use simulators::fault::{Fault, Planned};
use store::settings::activation;

use crate::asking::{ARN, Via, ask};
use crate::bench::{Bench, erp_secret, settings_with};

const UNTESTED: &str = "they were not tested as they are now.";

async fn test(bench: &Bench, link: &str) -> Value {
    bench.ask(ask(&format!("POST /admin/links/{link}/test-connections"))).await.good(200)
}

#[tokio::test]
async fn a_link_is_activated_paused_and_stopped() {
    for (via, by) in [(Via::Direct, "a direct invoke"), (Via::Http, ARN), (Via::Base64, ARN)] {
        let bench = Bench::new();
        let link = bench.link().await;
        test(&bench, &link).await;
        for (wanted, was) in [
            ("active", "inactive"),
            ("active", "active"),
            ("paused", "active"),
            ("stopped", "paused"),
            ("paused", "stopped"),
            ("active", "paused"),
            ("stopped", "active"),
        ] {
            let request = ask(&format!("POST /admin/links/{link}/activation")).body(json!({ "state": wanted }));
            let answer = bench.via(via, &request).await.good(200);
            assert_eq!(answer, json!({ "link": link, "was": was, "state": wanted, "enqueued": 0 }));
            let (_, stored) = activation::<Activation>(&*bench.state, &link).await.unwrap().unwrap();
            assert_eq!(serde_json::to_value(stored.state).unwrap(), wanted);
            let written = stored.written.unwrap();
            assert_eq!((written.by.as_str(), written.at), (by, bench.time.now()));
            assert_eq!(stored.initialised_settings_version, Some(2), "the test is remembered");
        }
    }
}

#[tokio::test]
async fn an_untested_link_is_not_activated() {
    let bench = Bench::new();
    let link = bench.link().await;
    for via in Via::ALL {
        let request = ask(&format!("POST /admin/links/{link}/activation")).body(json!({ "state": "active" }));
        let refused = bench.via(via, &request).await;
        let detail = refused.refused(409);
        assert_eq!(detail, format!("Test the connections of link `{link}` first: {UNTESTED}"));
    }
    // A test that failed is none.
    bench.shop.with(|shop| shop.config().integrations[0].revoked = true);
    assert_eq!(test(&bench, &link).await["passed"], false);
    bench.activation(&link, "active").await.refused(409);
    assert_eq!(activation::<Activation>(&*bench.state, &link).await.unwrap(), None);
    bench.shop.with(|shop| shop.config().integrations[0].revoked = false);
    test(&bench, &link).await;
    bench.activation(&link, "active").await.good(200);
}

#[tokio::test]
async fn a_test_that_fails_takes_an_earlier_success_back() {
    type Break = fn(&Bench);
    type Mend = fn(&Bench);
    let cases: [(&str, Break, Mend); 3] = [
        (
            "a dead token",
            |bench| bench.shop.with(|shop| shop.config().integrations[0].revoked = true),
            |bench| bench.shop.with(|shop| shop.config().integrations[0].revoked = false),
        ),
        (
            "no secret",
            |bench| bench.vault.lose("acumatica"),
            |bench| bench.vault.set("acumatica", erp_secret(&simulators::acumatica::Config::default().password)),
        ),
        (
            "no network",
            |bench| {
                let fault = Fault::Refused;
                bench.erp.plan(Planned { method: String::new(), path_part: "/identity".to_owned(), fault });
            },
            |_| {},
        ),
    ];
    for (name, spoil, mend) in cases {
        for state in ["inactive", "active", "paused", "stopped"] {
            let bench = Bench::new();
            let link = bench.link().await;
            assert_eq!(test(&bench, &link).await["passed"], true);
            if state != "inactive" {
                bench.activation(&link, "active").await.good(200);
                bench.activation(&link, state).await.good(200);
            }
            // What was read a moment ago is not read again at once.
            bench.time.advance(SignedDuration::from_hours(1));
            spoil(&bench);
            assert_eq!(test(&bench, &link).await["passed"], false, "{name}");
            let (_, stored) = activation::<Activation>(&*bench.state, &link).await.unwrap().unwrap();
            assert_eq!(serde_json::to_value(stored.state).unwrap(), state, "{name}: nothing is switched off");
            assert_eq!(stored.initialised_settings_version, None, "{name}, {state}");
            assert!(bench.activation(&link, "active").await.refused(409).ends_with(UNTESTED), "{name}, {state}");
            mend(&bench);
            bench.time.advance(SignedDuration::from_mins(1));
            assert_eq!(test(&bench, &link).await["passed"], true, "{name}");
            assert_eq!(bench.activation(&link, "active").await.good(200)["was"], state, "{name}");
        }
    }
}

#[tokio::test]
async fn a_check_that_is_not_needed_takes_nothing_back() {
    let bench = Bench::new();
    let link = bench.active_link().await;
    let body = r#"{"message":"Access denied."}"#.to_owned();
    let fault = Fault::Answer { status: 403, content_type: "application/json", body };
    bench.erp.plan(Planned { method: "GET".to_owned(), path_part: "/Warehouse".to_owned(), fault });
    assert_eq!(test(&bench, &link).await["passed"], true);
    bench.activation(&link, "active").await.good(200);
}

#[tokio::test]
async fn connections_that_changed_want_another_test() {
    for (pointer, value, still_tested) in [
        ("/magento/base_url", json!("https://shop.example.com/other"), false),
        ("/magento/auth", json!("bearer"), false),
        ("/acumatica/base_url", json!("https://erp.example.com/Other"), false),
        ("/acumatica/endpoint", json!("Extended"), false),
        ("/acumatica/endpoint_version", json!("25.200.001"), false),
        // What is mapped, and how events are signed, is no connection.
        ("/magento/webhook", json!({ "scheme": "shared_secret" }), true),
        ("/orders/max_attempts", json!(3), true),
    ] {
        let bench = Bench::new();
        let link = bench.active_link().await;
        let changed = settings_with(&[(pointer, value)]);
        let path = format!("/admin/links/{link}/settings");
        bench.ask(ask(&format!("PUT {path}")).body(changed).if_match("2")).await.good(200);
        let answer = bench.activation(&link, "active").await;
        if still_tested {
            assert_eq!(answer.good(200)["was"], "active", "{pointer}");
        } else {
            assert!(answer.refused(409).ends_with(UNTESTED), "{pointer}");
            // It can be paused all the same.
            assert_eq!(bench.activation(&link, "paused").await.good(200)["was"], "active", "{pointer}");
        }
    }
}

#[tokio::test]
async fn what_was_never_activated_is_not_paused_or_stopped() {
    let bench = Bench::new();
    let link = bench.link().await;
    for is_tested in [false, true] {
        if is_tested {
            test(&bench, &link).await;
        }
        for state in ["paused", "stopped"] {
            let refused = bench.activation(&link, state).await;
            assert_eq!(refused.refused(409), format!("Link `{link}` was never activated."));
        }
    }
}

#[tokio::test]
async fn what_was_collected_meanwhile_is_enqueued() {
    let bench = Bench::new();
    let (link, other) = (bench.active_link().await, bench.link().await);
    bench.activation(&link, "paused").await.good(200);
    let now = bench.time.now();
    for (key, reason, minutes) in [
        (format!("{link}/order/1"), "flows.not_ready.link_inactive", 15),
        (format!("{link}/order/2"), "flows.not_ready.link_inactive", 1),
        // Waits for something else, which activation does not bring.
        (format!("{link}/order/3"), "orders.not_ready.pending_payment", 1),
        (format!("{other}/order/4"), "flows.not_ready.link_inactive", 1),
        // A guard is nobody's message.
        (format!("{link}/customer-email/5"), "flows.not_ready.link_inactive", 1),
    ] {
        let due = now + SignedDuration::from_mins(minutes);
        bench.record(&key, |record| record.wait("worker", reason, now, due).unwrap()).await;
    }
    bench.park(&format!("{link}/order/6"), "acumatica.rejected.item_not_found").await;
    assert_eq!(bench.activation(&link, "stopped").await.good(200)["enqueued"], 0);
    assert_eq!(bench.take(), []);
    assert_eq!(bench.activation(&link, "active").await.good(200)["enqueued"], 2);
    let event = |id: &str| (link.clone(), id.to_owned(), Cause::Due);
    assert_eq!(bench.take(), [event("2"), event("1")], "earliest first");
}

#[tokio::test]
async fn every_page_of_what_was_collected_is_enqueued() {
    let bench = Bench::new();
    let link = bench.active_link().await;
    bench.activation(&link, "paused").await.good(200);
    let now = bench.time.now();
    for id in 0..230 {
        let due = now + SignedDuration::from_secs(id);
        let wait = |record: store::Record| record.wait("worker", "flows.not_ready.link_inactive", now, due).unwrap();
        bench.record(&format!("{link}/order/{id}"), wait).await;
    }
    assert_eq!(bench.activation(&link, "active").await.good(200)["enqueued"], 230);
    let ids: Vec<String> = bench.take().into_iter().map(|(_, id, _)| id).collect();
    assert_eq!(ids, (0..230).map(|id| id.to_string()).collect::<Vec<_>>());
}
