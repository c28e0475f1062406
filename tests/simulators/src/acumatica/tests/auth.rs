//! Tokens, sessions, routes.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Config, Shop, body};
use crate::Platform;

#[test]
fn token_requests_are_answered_as_oauth_does() {
    let id = "client_id=88358B02-A48D-A50E-F710-39C1636C30F6%40Company";
    let secret = "client_secret=connected-application-secret";
    let user = "username=connector&password=connector-password";
    let cases = [
        (format!("grant_type=password&{id}&{secret}&{user}&scope=api+offline_access"), 200, ""),
        (format!("grant_type=password&{id}&{secret}&{user}&scope=api"), 200, ""),
        // Without `@tenant` the application is unknown.
        (
            format!("grant_type=password&client_id=88358B02-A48D-A50E-F710-39C1636C30F6&{secret}&{user}&scope=api"),
            400,
            "invalid_client",
        ),
        (format!("grant_type=password&{id}&client_secret=other&{user}&scope=api"), 400, "invalid_client"),
        (format!("grant_type=password&{id}&{secret}&username=connector&password=x&scope=api"), 400, "invalid_grant"),
        (format!("grant_type=password&{id}&{secret}&{user}&scope=openid"), 400, "invalid_scope"),
        (format!("grant_type=refresh_token&{id}&{secret}&refresh_token=unknown"), 400, "invalid_grant"),
        (format!("grant_type=client_credentials&{id}&{secret}&scope=api"), 400, "unsupported_grant_type"),
    ];
    for (form, status, error) in cases {
        let answer = Shop::new().form(&form);
        assert_eq!(answer.status(), status, "{form}");
        let answer = body(&answer);
        assert_eq!(answer["error"].as_str().unwrap_or_default(), error, "{form}");
        if status == 200 {
            assert_eq!(answer["expires_in"], 3600);
            assert_eq!(answer["token_type"], "Bearer");
            assert_eq!(answer.get("refresh_token").is_some(), form.contains("offline_access"), "{form}");
        }
    }
}

#[test]
fn a_refresh_rotates_its_token_and_stays_in_the_session() {
    let mut shop = Shop::new();
    let first = body(&shop.grant("api offline_access"));
    let refresh = |shop: &mut Shop, token: &str| {
        shop.form(&format!(
            "grant_type=refresh_token&client_id=88358B02-A48D-A50E-F710-39C1636C30F6%40Company\
             &client_secret=connected-application-secret&refresh_token={token}"
        ))
    };
    let old = first["refresh_token"].as_str().unwrap();
    let second = body(&refresh(&mut shop, old));
    assert_eq!(second["scope"], "api offline_access");
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_eq!(body(&refresh(&mut shop, old))["error"], "invalid_grant");
    // One for the shop's own grant, one for this one: the refresh opened none.
    assert_eq!(shop.erp.live_sessions(shop.now), 2);
}

#[test]
fn a_token_works_until_it_expires() {
    let mut shop = Shop::new();
    let start = shop.now;
    for (after, status) in [(0, 200), (3599, 200), (3600, 401)] {
        shop.now = start + Duration::from_secs(after);
        assert_eq!(shop.send("GET", "Customer", &[], "").status(), status, "after {after} s");
    }
    shop.now = start;
    shop.erp.expire_access_tokens();
    assert_eq!(shop.send("GET", "Customer", &[], "").status(), 401);
    shop.token = "nonsense".into();
    assert_eq!(shop.send("GET", "Customer", &[], "").status(), 401);
}

#[test]
fn seats_are_limited_until_a_session_expires() {
    let mut shop = Shop::with(Config { session_limit: Some(2), ..Config::default() });
    assert_eq!(shop.grant("api").status(), 200);
    let refused = shop.grant("api");
    assert_eq!(refused.status(), 500);
    assert_eq!(refused.headers()["content-type"], "text/html; charset=utf-8");
    assert!(String::from_utf8_lossy(refused.body()).contains("<title>API Login Limit</title>"));
    shop.now += Duration::from_secs(3600);
    assert_eq!(shop.grant("api").status(), 200);
}

#[test]
fn one_session_runs_one_request_at_a_time() {
    let config =
        Config { write_latency: Duration::from_secs(2), read_latency: Duration::from_millis(300), ..Config::default() };
    let mut shop = Shop::with(config);
    let order = r#"{"CustomerID":{"value":"C000001"}}"#;
    assert_eq!(shop.send_timed("PUT", "SalesOrder", &[], order).1, Duration::from_secs(2));
    assert_eq!(shop.send_timed("PUT", "SalesOrder", &[], order).1, Duration::from_secs(4));
    assert_eq!(shop.send_timed("GET", "Customer", &[], "").1, Duration::from_millis(4300));
    // A malformed request costs nothing of its own, but waits its turn.
    assert_eq!(shop.send_timed("PUT", "SalesOrder", &[], "").1, Duration::from_millis(4300));
    // Another grant is another session.
    let token = body(&shop.grant("api offline_access"))["access_token"].as_str().unwrap().to_owned();
    let first = std::mem::replace(&mut shop.token, token);
    assert_eq!(shop.send_timed("PUT", "SalesOrder", &[], order).1, Duration::from_secs(2));
    // Once the queue has drained, nothing is waited for.
    shop.token = first;
    shop.now += Duration::from_secs(60);
    assert_eq!(shop.send_timed("PUT", "SalesOrder", &[], order).1, Duration::from_secs(2));
}

#[test]
fn other_routes_are_refused_by_name() {
    let cases = [
        ("GET", "SalesOrders", 404, r#"{"message":"Entity SalesOrders not found"}"#),
        ("GET", "salesorder", 200, "[]"),
        ("POST", "SalesOrder", 406, ""),
        (
            "POST",
            "SalesOrder/CancelSalesOrder",
            501,
            "not simulated: POST /entity/Default/24.200.001/SalesOrder/CancelSalesOrder",
        ),
        ("PATCH", "SalesOrder", 501, "not simulated: PATCH /entity/Default/24.200.001/SalesOrder"),
        (
            "DELETE",
            "SalesOrder/SO/000001",
            501,
            "not simulated: DELETE /entity/Default/24.200.001/SalesOrder/SO/000001",
        ),
        ("PUT", "Warehouse", 501, "not simulated: PUT Warehouse"),
        ("GET", "SalesOrder?$orderby=OrderNbr", 501, "not simulated: query option $orderby"),
        ("GET", "../23.200.001/SalesOrder", 404, ""),
    ];
    for (method, path, status, text) in cases {
        let answer = Shop::new().send(method, path, &[], "{}");
        assert_eq!(answer.status(), status, "{method} {path}");
        if !text.is_empty() {
            assert_eq!(String::from_utf8_lossy(answer.body()), text, "{method} {path}");
        }
    }
}

#[test]
fn the_endpoint_list_names_version_and_endpoints() {
    let mut shop = Shop::new();
    let request = ::http::Request::get("http://erp/Causeway/entity")
        .header("authorization", format!("Bearer {}", shop.token))
        .body(bytes::Bytes::new())
        .unwrap();
    let bare = Config { bare_endpoint_list: true, ..Config::default() };
    let current = std::mem::replace(&mut shop.erp.config, bare);
    assert_eq!(body(&shop.erp.receive(shop.now, &request).0)[0]["name"], "Default");
    shop.erp.config = current;
    let answer = body(&shop.erp.receive(shop.now, &request).0);
    assert_eq!(answer["endpoints"][0]["name"], "Default");
    assert_eq!(answer["endpoints"][0]["version"], "24.200.001");
    assert!(answer["version"]["acumaticaBuildVersion"].is_string());
}

#[test]
fn calls_are_counted_by_route() {
    let mut shop = Shop::new();
    shop.send("PUT", "SalesOrder", &[], "");
    shop.send("GET", "salesorder", &[], "");
    shop.token.clear();
    shop.send("GET", "SalesOrder", &[], "");
    let counted: BTreeMap<_, _> = shop.erp.calls().iter().map(|(route, count)| (route.as_str(), *count)).collect();
    assert_eq!(counted, BTreeMap::from([("401", 1), ("GET SalesOrder", 1), ("POST token", 1), ("PUT SalesOrder", 1)]));
}
