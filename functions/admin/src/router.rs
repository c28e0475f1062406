//! Method and path → operation. The table is `infra/admin-api.md`.

use flows::operations::{
    Answer, Desk, Refusal, activation, connections, customers, dry_run, log, matching, orders, parked, redrive, retry,
    settings,
};
use serde_json::Value;

use crate::request::Request;

/// Finds the operation and runs it; answers its name, too, which is what may be logged of a request: a path may hold anything.
pub(crate) async fn route(desk: &Desk<'_>, request: &Request) -> (&'static str, Result<Answer, Refusal>) {
    let path: Vec<&str> = request.path.trim_matches('/').split('/').collect();
    let (query, by) = (&request.query, request.by.as_str());
    let text = |name: &str| query.get(name).map(String::as_str);
    if let ["admin", "links", link, "matching", "customers", rest @ ..] = path.as_slice()
        && let Some(answered) = matching(desk, link, rest, request).await
    {
        return answered;
    }
    match (request.method.as_str(), path.as_slice()) {
        ("PUT", ["admin", "settings"]) => ("create settings", settings::create(desk, &request.raw, by).await),
        ("GET", ["admin", "links", link, "settings"]) => ("get settings", settings::get(desk, link).await),
        ("PUT", ["admin", "links", link, "settings"]) => {
            ("put settings", settings::put(desk, link, request.if_match, &request.raw, by).await)
        }
        ("GET", ["admin", "links", link, "settings", "log"]) => {
            ("settings log", settings::log(desk, link, text("cursor")).await)
        }
        ("POST", ["admin", "links", link, "test-connections"]) => {
            ("test connections", connections::test(desk, link, by).await)
        }
        ("POST", ["admin", "links", link, "activation"]) => {
            ("set activation", async { activation::set(desk, link, &json(request)?, by).await }.await)
        }
        ("POST", ["admin", "links", link, "orders", "sync"]) => {
            ("sync now", async { orders::sync_now(desk, link, &json(request)?).await }.await)
        }
        ("POST", ["admin", "links", link, "orders", "plan"]) => {
            ("plan order", async { dry_run::order(desk, link, &json(request)?).await }.await)
        }
        ("POST", ["admin", "links", link, "customers", "sync"]) => {
            ("sync customers now", async { customers::sync_now(desk, link, &json(request)?).await }.await)
        }
        ("POST", ["admin", "links", link, "customers", "plan"]) => {
            ("plan customer", async { customers::plan(desk, link, &json(request)?).await }.await)
        }
        ("POST", ["admin", "links", link, "customers", "erase"]) => {
            ("erase customer", async { customers::erase(desk, link, &json(request)?).await }.await)
        }
        ("GET", ["admin", "links", link, "parked"]) => {
            let asked = parked::Asked { entity: text("entity"), code: text("code"), cursor: text("cursor") };
            ("list parked", parked::list(desk, link, asked).await)
        }
        ("POST", ["admin", "links", link, "retry"]) => {
            ("retry", async { retry::retry(desk, link, &json(request)?).await }.await)
        }
        ("POST", ["admin", "queues", entity, "redrive"]) => ("redrive", redrive::start(desk, entity).await),
        ("GET", ["admin", "links", link, "log"]) => ("query log", log::query(desk, link, query).await),
        (method, _) => ("none", Err(Refusal::new(404, format!("There is no operation `{method} {}`.", request.path)))),
    }
}

/// Initial matching of customers: a run, its report, its corrections and its bindings.
async fn matching(
    desk: &Desk<'_>,
    link: &str,
    rest: &[&str],
    request: &Request,
) -> Option<(&'static str, Result<Answer, Refusal>)> {
    let cursor = request.query.get("cursor").map(String::as_str);
    Some(match (request.method.as_str(), rest) {
        ("POST", []) => ("match customers", async { matching::advance(desk, link, &json(request)?).await }.await),
        ("GET", []) => ("get matching", matching::status(desk, link).await),
        ("DELETE", []) => ("discard matching", matching::discard(desk, link).await),
        ("GET", ["report"]) => ("matching report", matching::report(desk, link, cursor).await),
        ("PUT", ["corrections"]) => ("correct matching", matching::correct(desk, link, &request.raw).await),
        ("POST", ["bind"]) => ("bind matched", matching::bind(desk, link).await),
        _ => return None,
    })
}

fn json(request: &Request) -> Result<Value, Refusal> {
    request.json().ok_or_else(|| Refusal::new(400, "The request's body is not JSON."))
}
