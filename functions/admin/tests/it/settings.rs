use flows::link::Activation;
use jiff::SignedDuration;
use serde_json::json;
use store::settings::version;
use store::table::Key;
use store::{Item, Table as _};

use crate::asking::{ARN, Via, ask};
use crate::bench::{Bench, settings, settings_with};

#[tokio::test]
async fn a_link_is_made_read_and_changed() {
    for (via, by) in [(Via::Direct, "a direct invoke"), (Via::Http, ARN), (Via::Base64, ARN)] {
        let bench = Bench::new();
        let made = bench.via(via, &ask("PUT /admin/settings").body(settings())).await;
        assert_eq!(made.headers["etag"], "\"1\"");
        let made = made.good(201);
        let link = made["link"].as_str().unwrap();
        assert!(link.len() == 8 && link.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{link}");
        assert_eq!(made, json!({ "link": link, "version": 1 }));

        let path = format!("/admin/links/{link}/settings");
        let read = bench.via(via, &ask(&format!("GET {path}"))).await;
        assert_eq!(read.headers["etag"], "\"1\"");
        let read = read.good(200);
        assert_eq!((&read["link"], &read["version"]), (&json!(link), &json!(1)));
        assert_eq!(read["settings"]["orders"]["default"]["branch"], "HQ");
        assert_eq!(read["settings"]["acumatica"]["endpoint_version"], "24.200.001", "what was left out is filled in");

        // What was read can be put again as it is, with the version as it was given.
        for (body, if_match, next, changes) in [
            (read["settings"].clone(), "\"1\"", 2, json!([])),
            (
                settings_with(&[("/orders/default/branch", json!("WEST")), ("/orders/default/warehouse", json!(null))]),
                "2",
                3,
                json!([
                    { "path": "/orders/default/branch", "from": "HQ", "to": "WEST" },
                    { "path": "/orders/default/warehouse", "from": "MAIN" },
                ]),
            ),
        ] {
            let put = bench.via(via, &ask(&format!("PUT {path}")).body(body).if_match(if_match)).await;
            assert_eq!(put.headers["etag"], format!("\"{next}\""));
            assert_eq!(put.good(200), json!({ "link": link, "version": next, "changes": changes }));
        }
        let newest = version(&*bench.state, link, 3).await.unwrap().unwrap();
        let written = newest.written.unwrap();
        assert_eq!((written.by.as_str(), written.at.to_string().as_str()), (by, "2026-11-23T09:00:00Z"));
        assert_eq!(newest.document["orders"]["default"]["branch"], "WEST");
        let first = version(&*bench.state, link, 1).await.unwrap().unwrap();
        assert_eq!(first.document["orders"]["default"]["branch"], "HQ");
        assert_eq!(first.written.unwrap().by, by);
    }
}

#[tokio::test]
async fn links_have_ids_of_their_own_and_workers_read_them() {
    let bench = Bench::new();
    let (one, other) = (bench.link().await, bench.link().await);
    assert_ne!(one, other);
    for link in [&one, &other] {
        let head = runtime::head::head(&*bench.state, link).await.unwrap();
        assert_eq!((head.activation, head.settings_version), (Activation::Inactive, 1));
        let read = bench.ask(ask(&format!("GET /admin/links/{link}/settings"))).await.good(200);
        assert_eq!(serde_json::to_value(&head.settings).unwrap(), read["settings"]);
    }
    let swept = runtime::head::all(&*bench.state).await.unwrap();
    let listed: Vec<(&str, u64)> = swept.iter().map(|swept| (swept.id.as_str(), swept.settings_version)).collect();
    let mut expected = [(one.as_str(), 1), (other.as_str(), 1)];
    expected.sort_unstable();
    assert_eq!(listed, expected);
}

#[tokio::test]
async fn the_settings_log_says_who_changed_what_and_when() {
    let bench = Bench::new();
    let link = bench.link().await;
    let path = format!("/admin/links/{link}/settings");
    // A minute between any two, by HTTP: versions 2 to 24, each for a branch of that number.
    for version in 2..=24 {
        bench.time.advance(SignedDuration::from_mins(1));
        let document = settings_with(&[("/orders/default/branch", json!(format!("B{version}")))]);
        let request = ask(&format!("PUT {path}")).body(document).if_match(&(version - 1).to_string());
        bench.via(Via::Http, &request).await.good(200);
    }
    let log = ask(&format!("GET {path}/log"));
    for via in Via::ALL {
        let newest = bench.via(via, &log).await.good(200);
        let rest = log.clone().query(json!({ "cursor": newest["next"] }));
        let oldest = bench.via(via, &rest).await.good(200);
        let (newest, next) = (newest["entries"].as_array().unwrap(), &oldest["next"]);
        let oldest = oldest["entries"].as_array().unwrap();
        assert_eq!((newest.len(), oldest.len(), next), (20, 4, &json!(null)));
        let entry = |version: u64, at: &str, from: &str| {
            let to = format!("B{version}");
            let changes = json!([{ "path": "/orders/default/branch", "from": from, "to": to }]);
            json!({ "version": version, "by": ARN, "at": at, "changes": changes })
        };
        assert_eq!(newest[0], entry(24, "2026-11-23T09:23:00Z", "B23"));
        assert_eq!(newest[19], entry(5, "2026-11-23T09:04:00Z", "B4"), "its predecessor is on the next page");
        assert_eq!(oldest[0], entry(4, "2026-11-23T09:03:00Z", "B3"));
        assert_eq!(oldest[2], entry(2, "2026-11-23T09:01:00Z", "HQ"));
        let first = &oldest[3];
        assert_eq!((&first["version"], &first["by"]), (&json!(1), &json!("a direct invoke")));
        assert_eq!((&first["at"], &first["changes"][0]["path"]), (&json!("2026-11-23T09:00:00Z"), &json!("")));
        assert_eq!(first["changes"][0].get("from"), None, "there was nothing before");
    }
    let refused = bench.ask(log.query(json!({ "cursor": "made-up" }))).await;
    assert!(refused.refused(400).starts_with("`cursor` is not one of this query"), "{}", refused.body);
}

#[tokio::test]
async fn bad_settings_are_refused_whole() {
    let bench = Bench::new();
    let link = bench.link().await;
    let bad = settings_with(&[
        ("/magento/base_url", json!("http://shop.example.com")),
        ("/orders/default/order_type", json!("ORD")),
        ("/acumatica/endpoint", json!("Def/ault")),
    ]);
    let problems = json!([
        {
            "path": "/acumatica/endpoint",
            "message": "\"Def/ault\" cannot be part of an address; it looks like \"Default\"",
        },
        { "path": "/magento/base_url", "message": "must begin with https://" },
        {
            "path": "/orders/default/order_type",
            "message": "\"ORD\" has 3 characters; Acumatica's SalesOrder.OrderType holds 2",
        },
    ]);
    let put = format!("PUT /admin/links/{link}/settings");
    for via in Via::ALL {
        for request in [ask("PUT /admin/settings"), ask(&put).if_match("\"1\"")] {
            let refused = bench.via(via, &request.body(bad.clone())).await;
            assert_eq!(refused.refused(422), "The settings have 3 problem(s); nothing was stored.");
            assert_eq!(refused.body["problems"], problems);
            assert_eq!(refused.body["title"], "Unprocessable Entity");
        }
    }
    let read = bench.ask(ask(&format!("GET /admin/links/{link}/settings"))).await.good(200);
    assert_eq!(read["version"], 1);
    let links = store::settings::links(&*bench.state, &store::table::Limit { items: 10, after: None }).await.unwrap();
    assert_eq!(links.0, [link], "no link was made of bad settings");
    // No body at all is no JSON.
    let none = bench.ask(ask("PUT /admin/settings")).await;
    none.refused(422);
    assert_eq!(none.body["problems"][0]["message"], "is not JSON: EOF while parsing a value at line 1 column 0");
}

#[tokio::test]
async fn nobodys_changes_are_lost() {
    let bench = Bench::new();
    let link = bench.link().await;
    let put =
        ask(&format!("PUT /admin/links/{link}/settings")).body(settings_with(&[("/orders/enabled", json!(false))]));
    for via in Via::ALL {
        let refused = bench.via(via, &put).await;
        assert!(refused.refused(428).starts_with("Send `If-Match`"), "{}", refused.body);
    }
    bench.ask(put.clone().if_match("\"1\"")).await.good(200);
    for (if_match, status, detail) in [
        ("\"7\"", 412, "The settings are at version 2, not 7: read them again and repeat your change."),
        ("0", 412, "The settings are at version 2, not 0: read them again and repeat your change."),
        ("*", 400, "`If-Match` must be the version as `ETag` gave it, such as \"3\"."),
        ("three", 400, "`If-Match` must be the version as `ETag` gave it, such as \"3\"."),
    ] {
        for via in Via::ALL {
            let refused = bench.via(via, &put.clone().if_match(if_match)).await;
            assert_eq!(refused.refused(status), detail);
            assert_eq!(refused.body.get("version"), (status == 412).then(|| json!(2)).as_ref());
        }
    }
    // Another document on top of the version before is another change; the same one is the answer that was lost.
    let other = put.clone().body(settings_with(&[("/orders/max_attempts", json!(3))]));
    bench.ask(other.if_match("\"1\"")).await.refused(412);
    let again = bench.ask(put.clone().if_match("\"1\"")).await.good(200);
    assert_eq!((&again["version"], &again["changes"]), (&json!(2), &json!([])));
    // A proxy may make a strong tag weak.
    assert_eq!(bench.ask(put.if_match("W/\"2\"")).await.good(200)["version"], 3);
}

#[tokio::test]
async fn settings_of_another_form_can_be_replaced() {
    let bench = Bench::new();
    let link = bench.link().await;
    let item = Item {
        key: Key::new(link.as_str(), store::settings::SETTINGS),
        rev: 2,
        write_id: "w".to_owned(),
        body: json!({ "version": 0 }),
        indexes: Vec::new(),
        expires: None,
    };
    bench.state.replace_if_rev(item).await.unwrap();
    let path = format!("/admin/links/{link}/settings");
    let refused = bench.ask(ask(&format!("GET {path}"))).await;
    assert!(refused.refused(500).starts_with(&format!("The settings of link `{link}` cannot be read: ")));
    let put = bench.ask(ask(&format!("PUT {path}")).body(settings()).if_match("\"2\"")).await.good(200);
    assert_eq!((&put["version"], &put["changes"][0]["path"]), (&json!(3), &json!("")));
    bench.ask(ask(&format!("GET {path}"))).await.good(200);
}
