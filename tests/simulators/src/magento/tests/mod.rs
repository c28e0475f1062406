//! Every rule of the simulator, driven by raw HTTP requests.

mod auth;
mod customers;
mod customers_addresses;
mod customers_groups;
mod customers_samples;
mod customers_shopper;
mod events;
mod extras;
mod money;
mod oauth;
mod ready_made;
mod routes;
mod search;
mod states;
mod taxes;
mod writes;

use bytes::Bytes;
use http::StatusCode;
use jiff::Timestamp;
use seams::http::Request;
use serde_json::Value;

use super::*;

/// 2024-03-11 09:14:02 UTC.
fn now() -> Timestamp {
    "2024-03-11T09:14:02Z".parse().unwrap()
}

fn after(seconds: i64) -> Timestamp {
    now() + jiff::SignedDuration::from_secs(seconds)
}

/// A shop with the admin token `admin`, which may do everything.
fn shop() -> Magento {
    Magento::new(Config::shop().admin_token("admin", [ALL_RESOURCES]))
}

fn request(method: &str, target: &str, authorization: &str) -> Request {
    let builder = http::Request::builder().method(method).uri(format!("http://magento.test{target}"));
    let builder = if authorization.is_empty() { builder } else { builder.header("authorization", authorization) };
    builder.body(Bytes::new()).unwrap()
}

fn send(shop: &mut Magento, request: &Request) -> (u16, Value) {
    let (answer, _) = shop.receive(now(), request);
    let body = serde_json::from_slice(answer.body()).unwrap();
    (answer.status().as_u16(), body)
}

fn get(shop: &mut Magento, target: &str) -> (u16, Value) {
    send(shop, &request("GET", target, "Bearer admin"))
}

/// The document of an order as the API answers it.
fn placed(shop: &mut Magento, draft: &OrderDraft) -> Value {
    let id = shop.place(now(), draft);
    let (status, body) = get(shop, &format!("/rest/V1/orders/{id}"));
    assert_eq!(status, StatusCode::OK.as_u16());
    body
}

/// The values at these JSON pointers as texts, numbers as PHP prints them.
fn values(document: &Value, pointers: &[&str]) -> Vec<String> {
    pointers.iter().map(|pointer| document.pointer(pointer).unwrap_or(&Value::Null).to_string()).collect()
}
