//! The error table: from what came back, or did not, to one class and one code. Reads change nothing, so theirs are
//! never ambiguous; of a write, [`leaves_open`] says which are.
//!
//! Statuses and texts: Magento 2.4.6, framework `Webapi/ErrorProcessor`, `Oauth`, `DB/Adapter/Pdo/Mysql`; module-webapi. Text decides only
//! where the status does not.

use seams::Class;
use seams::http::{Failure, Response};
use serde_json::Value;

/// The record does not exist. What that means is for the caller to say.
pub const NOT_FOUND: &str = "magento.rejected.not_found";
/// The credentials are not, or no longer, accepted.
pub const CREDENTIALS: &str = "magento.rejected.credentials";
/// The credentials work, but the integration lacks the resource named in the quotation.
pub const PERMISSION: &str = "magento.rejected.permission";
/// A write was sent, and whether it was carried out is not known.
pub const NO_ANSWER: &str = "magento.ambiguous.no_answer";
/// A success that does not decode.
pub const UNDECODABLE: &str = "magento.bug.undecodable";

/// Every code this client can raise, with its class: what sentences, fixes and runbook pages are checked against.
pub const CODES: &[(&str, Class)] = &[
    ("magento.not_ready.unreachable", Class::NotReady),
    ("magento.not_ready.maintenance", Class::NotReady),
    ("magento.not_ready.database", Class::NotReady),
    ("magento.not_ready.gateway", Class::NotReady),
    ("magento.not_ready.interrupted", Class::NotReady),
    ("magento.not_ready.time_out", Class::NotReady),
    ("magento.throttled.too_many_requests", Class::Throttled),
    ("magento.transient.deadlock", Class::Transient),
    ("magento.transient.nonce", Class::Transient),
    ("magento.transient.server_error", Class::Transient),
    (CREDENTIALS, Class::Rejected),
    (PERMISSION, Class::Rejected),
    (NOT_FOUND, Class::Rejected),
    ("magento.rejected.no_such_route", Class::Rejected),
    ("magento.rejected.blocked", Class::Rejected),
    ("magento.rejected.other", Class::Rejected),
    (NO_ANSWER, Class::Ambiguous),
    (UNDECODABLE, Class::Bug),
];

/// The failures after which a write may have been carried out, or may still be: no answer came from Magento itself.
#[must_use]
pub fn leaves_open(code: &str) -> bool {
    matches!(
        code,
        "magento.not_ready.time_out" | "magento.not_ready.interrupted" | "magento.not_ready.gateway" | UNDECODABLE
    )
}

/// What an error's body is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Magento's own message, placeholders filled in.
    Message(String),
    /// A web page: something in front of Magento, or its maintenance page.
    Html,
    /// Nothing, or nothing readable.
    Other,
}

impl Body {
    /// Reads `{"message", "parameters", "errors"}`, or the form of a PHP fatal error, `{"messages": {"error": [{"message"}]}}`.
    pub(crate) fn read(answer: &Response) -> Self {
        let content_type = answer.headers().get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if seams::quote::is_html(content_type, answer.body()) {
            return Body::Html;
        }
        let Ok(Value::Object(body)) = serde_json::from_slice::<Value>(answer.body()) else {
            return Body::Other;
        };
        let fatal = body.get("messages").and_then(|messages| messages.get("error")).and_then(|list| list.get(0));
        let mut texts: Vec<String> = fatal.and_then(render).into_iter().collect();
        texts.extend(render(&Value::Object(body.clone())));
        texts.extend(body.get("errors").and_then(Value::as_array).into_iter().flatten().filter_map(render));
        if texts.is_empty() { Body::Other } else { Body::Message(texts.join(" ")) }
    }

    fn contains(&self, texts: &[&str]) -> bool {
        matches!(self, Body::Message(message) if texts.iter().any(|text| message.contains(text)))
    }
}

/// A message with its placeholders filled in: `%name` from an object, `%1` from a list. Longer names first, so that `%1` spares `%10`.
fn render(error: &Value) -> Option<String> {
    let mut message = error.get("message")?.as_str()?.to_owned();
    let mut parameters: Vec<(String, String)> = match error.get("parameters") {
        Some(Value::Object(named)) => named.iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
        Some(Value::Array(list)) => {
            list.iter().enumerate().map(|(at, value)| ((at + 1).to_string(), plain(value))).collect()
        }
        _ => Vec::new(),
    };
    parameters.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    for (name, value) in parameters {
        message = message.replace(&format!("%{name}"), &value);
    }
    Some(message)
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// Locks of the database: another transaction had the rows, or left them behind.
const LOCKS: &[&str] = &[
    "Database deadlock found when trying to get lock",
    "Database lock wait timeout exceeded",
    "Deadlock found",
    "Rolled back transaction has not been completed correctly.",
];
/// Answered 400 like a mistake of the caller's; the shop has lost its database.
const CONNECTION: &[&str] = &["Database connection error"];
/// Answered 401, but the next nonce may pass: the table of nonces was busy, or the id seam repeated itself.
const NONCE: &[&str] =
    &["The nonce is already being used by the consumer with ID", "An error occurred validating the nonce"];
/// Answered 404 like a missing record: the path is wrong or the module behind it is off.
const ROUTE: &[&str] = &["Request does not match any route."];

/// No answer. Reads change nothing, so an interrupted one is simply tried again.
#[must_use]
pub fn of_failure(failure: &Failure) -> (Class, &'static str) {
    match failure {
        Failure::Unsent(_) => (Class::NotReady, "magento.not_ready.unreachable"),
        Failure::Interrupted(_) => (Class::NotReady, "magento.not_ready.interrupted"),
        Failure::TimedOut(_) => (Class::NotReady, "magento.not_ready.time_out"),
    }
}

/// An answer other than a success. A 401 is [`CREDENTIALS`] here: only a second call can tell a missing right from a dead token.
#[must_use]
pub fn of_answer(status: u16, body: &Body) -> (Class, &'static str) {
    match status {
        400 | 500 if body.contains(LOCKS) => (Class::Transient, "magento.transient.deadlock"),
        400 | 500 if body.contains(CONNECTION) => (Class::NotReady, "magento.not_ready.database"),
        401 if body.contains(NONCE) => (Class::Transient, "magento.transient.nonce"),
        401 => (Class::Rejected, CREDENTIALS),
        // Magento does not answer 403 for missing rights; a firewall, a CDN or the web server does.
        403 => (Class::Rejected, "magento.rejected.blocked"),
        404 if matches!(body, Body::Message(_)) && !body.contains(ROUTE) => (Class::Rejected, NOT_FOUND),
        // Redirects are not followed with credentials: the base URL is not the one Magento answers under.
        300..=399 | 404 => (Class::Rejected, "magento.rejected.no_such_route"),
        408 => (Class::NotReady, "magento.not_ready.time_out"),
        429 => (Class::Throttled, "magento.throttled.too_many_requests"),
        502 | 504 => (Class::NotReady, "magento.not_ready.gateway"),
        503 => (Class::NotReady, "magento.not_ready.maintenance"),
        500..=599 => (Class::Transient, "magento.transient.server_error"),
        _ => (Class::Rejected, "magento.rejected.other"),
    }
}
