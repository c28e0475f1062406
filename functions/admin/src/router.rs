//! Method and path → operation. The table is `infra/admin-api.md`.

use flows::operations::{
    Answer, Desk, Refusal, activation, connections, log, orders, parked, redrive, retry, settings,
};
use serde_json::Value;

use crate::request::Request;

/// Finds the operation and runs it.
pub(crate) async fn route(desk: &Desk<'_>, request: &Request) -> Result<Answer, Refusal> {
    let path: Vec<&str> = request.path.trim_matches('/').split('/').collect();
    let (query, by) = (&request.query, request.by.as_str());
    match (request.method.as_str(), path.as_slice()) {
        ("PUT", ["admin", "settings"]) => settings::create(desk, &request.raw, by).await,
        ("GET", ["admin", "links", link, "settings"]) => settings::get(desk, link).await,
        ("PUT", ["admin", "links", link, "settings"]) => {
            settings::put(desk, link, request.if_match, &request.raw, by).await
        }
        ("GET", ["admin", "links", link, "settings", "log"]) => {
            settings::log(desk, link, query.get("cursor").map(String::as_str)).await
        }
        ("POST", ["admin", "links", link, "test-connections"]) => connections::test(desk, link, by).await,
        ("POST", ["admin", "links", link, "activation"]) => activation::set(desk, link, &json(request)?, by).await,
        ("POST", ["admin", "links", link, "orders", "sync"]) => orders::sync_now(desk, link, &json(request)?).await,
        ("GET", ["admin", "links", link, "parked"]) => {
            parked::list(desk, link, query.get("code").map(String::as_str), query.get("cursor").map(String::as_str))
                .await
        }
        ("POST", ["admin", "links", link, "retry"]) => retry::retry(desk, link, &json(request)?).await,
        ("POST", ["admin", "queues", entity, "redrive"]) => redrive::start(desk, entity).await,
        ("GET", ["admin", "links", link, "log"]) => log::query(desk, link, query).await,
        (method, _) => Err(Refusal::new(404, format!("There is no operation `{method} {}`.", request.path))),
    }
}

fn json(request: &Request) -> Result<Value, Refusal> {
    request.json().ok_or_else(|| Refusal::new(400, "The request's body is not JSON."))
}
