//! The error table: from what came back, or did not, to one class and one code. Reads change nothing, so theirs are
//! never ambiguous; of a write, [`leaves_open`] says which are.
//!
//! Statuses and texts: Magento 2.4.6, framework `Webapi/ErrorProcessor`, `Oauth`, `DB/Adapter/Pdo/Mysql`; module-webapi. Text decides only
//! where the status does not.

use seams::Class;
use seams::http::Failure;

use super::body::Body;

/// The record does not exist. What that means is for the caller to say.
pub const NOT_FOUND: &str = "magento.rejected.not_found";
/// The credentials are not, or no longer, accepted.
pub const CREDENTIALS: &str = "magento.rejected.credentials";
/// The credentials work, but the integration lacks the resource named in the quotation.
pub const PERMISSION: &str = "magento.rejected.permission";
/// Another account has the e-mail.
pub const EMAIL_TAKEN: &str = "magento.rejected.email_taken";
/// A field was refused; the error names it.
pub const FIELD: &str = "magento.rejected.field";
/// A refusal without a code of its own; the quotation tells.
pub const OTHER: &str = "magento.rejected.other";
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
    (EMAIL_TAKEN, Class::Rejected),
    ("magento.rejected.email", Class::Rejected),
    ("magento.rejected.group_not_found", Class::Rejected),
    ("magento.rejected.region", Class::Rejected),
    (FIELD, Class::Rejected),
    (OTHER, Class::Rejected),
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

/// Whether a failed write with this code has certainly changed nothing: it was not sent, or Magento itself turned it away. A lost answer
/// proves nothing; nor does an error of the server, which may come of what runs after a save, nor a page that says that the service is not
/// there, which what stands in front of Magento shows as well when it gives up waiting.
#[must_use]
pub fn proves_nothing_written(code: &str) -> bool {
    let open = ["magento.not_ready.maintenance", "magento.transient.server_error", NO_ANSWER];
    !leaves_open(code) && !open.contains(&code)
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

/// What a refused record means, by Magento's own sentence (Magento 2.4.6, module-customer).
const BY_TEXT: &[(&str, &str)] = &[
    ("A customer with the same email address already exists in an associated website.", EMAIL_TAKEN),
    ("\"Email\" is not a valid email address.", "magento.rejected.email"),
    ("The customer email is missing. Enter and try again.", "magento.rejected.email"),
    ("The specified customer group id does not exist.", "magento.rejected.group_not_found"),
];

/// The same by the first field named that stands here. Both spellings are Magento's: of parameters, and of documents.
const BY_FIELD: &[(&str, &str)] = &[
    ("email", "magento.rejected.email"),
    ("regionId", "magento.rejected.region"),
    ("region_id", "magento.rejected.region"),
    ("region", "magento.rejected.region"),
];

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
        404 if matches!(body, Body::Message { .. }) && !body.contains(ROUTE) => (Class::Rejected, NOT_FOUND),
        // Redirects are not followed with credentials: the base URL is not the one Magento answers under.
        300..=399 | 404 => (Class::Rejected, "magento.rejected.no_such_route"),
        408 => (Class::NotReady, "magento.not_ready.time_out"),
        429 => (Class::Throttled, "magento.throttled.too_many_requests"),
        502 | 504 => (Class::NotReady, "magento.not_ready.gateway"),
        503 => (Class::NotReady, "magento.not_ready.maintenance"),
        500..=599 => (Class::Transient, "magento.transient.server_error"),
        400 => (Class::Rejected, of_refusal(body)),
        _ => (Class::Rejected, OTHER),
    }
}

/// A record that Magento refuses: by its sentence, else by the field it names.
fn of_refusal(body: &Body) -> &'static str {
    if let Some((_, code)) = BY_TEXT.iter().find(|(text, _)| body.contains(&[text])) {
        return code;
    }
    let by_field = |field: &String| BY_FIELD.iter().find(|(name, _)| name == field).map(|(_, code)| *code);
    let fallback = if body.fields().is_empty() { OTHER } else { FIELD };
    body.fields().iter().find_map(by_field).unwrap_or(fallback)
}
