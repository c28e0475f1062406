//! The error table: from what came back, or did not, to one class, one code, and whether a write may have happened.
//!
//! Statuses and body forms: Acumatica 2026 R1 documentation (Integration Development Guide), its C# client and recorded answers. The exact
//! bodies of 401, 403, 412 and 429 are not documented, so those statuses decide alone.

use seams::Class;
use seams::http::{Failure, Response};
use seams::quote::{is_html, quote};
use serde_json::Value;

use super::Applied;
use super::fields::{self, FieldError};

/// User, password or client are not, or no longer, accepted.
pub const CREDENTIALS: &str = "acumatica.rejected.credentials";
/// No record has the key that was asked for.
pub const RECORD_NOT_FOUND: &str = "acumatica.rejected.record_not_found";
/// A field was refused for a reason without a code of its own; the quotation tells.
pub const FIELD: &str = "acumatica.rejected.field";
/// A refusal without a code of its own; the quotation tells.
pub const OTHER: &str = "acumatica.rejected.other";
/// A write was sent and its end is unknown.
pub const NO_ANSWER: &str = "acumatica.ambiguous.no_answer";
/// A success that does not decode.
pub const UNDECODABLE: &str = "acumatica.bug.undecodable";
/// A request that no Acumatica would understand.
pub const REQUEST: &str = "acumatica.bug.request";
/// No time was left to send, or no answer to a read came in time.
pub const TIME_OUT: &str = "acumatica.transient.time_out";
/// Another worker has been renewing the shared token for too long.
pub const TOKEN_BUSY: &str = "acumatica.transient.token_busy";
/// The store of the shared token could not be read or written.
pub const TOKEN_STORE: &str = "acumatica.transient.token_store";

/// Every code this client can raise, with its class: what sentences, fixes and runbook pages are checked against.
pub const CODES: &[(&str, Class)] = &[
    ("acumatica.not_ready.unreachable", Class::NotReady),
    ("acumatica.not_ready.maintenance", Class::NotReady),
    ("acumatica.not_ready.login_limit", Class::NotReady),
    ("acumatica.throttled.licence", Class::Throttled),
    ("acumatica.transient.busy", Class::Transient),
    ("acumatica.transient.server_error", Class::Transient),
    ("acumatica.transient.interrupted", Class::Transient),
    (TIME_OUT, Class::Transient),
    (TOKEN_BUSY, Class::Transient),
    (TOKEN_STORE, Class::Transient),
    (NO_ANSWER, Class::Ambiguous),
    (CREDENTIALS, Class::Rejected),
    ("acumatica.rejected.permission", Class::Rejected),
    ("acumatica.rejected.endpoint", Class::Rejected),
    ("acumatica.rejected.precondition", Class::Rejected),
    (RECORD_NOT_FOUND, Class::Rejected),
    ("acumatica.rejected.item_not_found", Class::Rejected),
    ("acumatica.rejected.item_inactive", Class::Rejected),
    ("acumatica.rejected.customer_not_found", Class::Rejected),
    ("acumatica.rejected.ship_via_not_found", Class::Rejected),
    ("acumatica.rejected.payment_method_not_found", Class::Rejected),
    ("acumatica.rejected.cash_account_not_found", Class::Rejected),
    ("acumatica.rejected.tax_zone_not_found", Class::Rejected),
    ("acumatica.rejected.tax_not_found", Class::Rejected),
    ("acumatica.rejected.terms_not_found", Class::Rejected),
    ("acumatica.rejected.warehouse_not_found", Class::Rejected),
    ("acumatica.rejected.branch_not_found", Class::Rejected),
    ("acumatica.rejected.order_type_inactive", Class::Rejected),
    ("acumatica.rejected.numbering", Class::Rejected),
    ("acumatica.rejected.duplicate_customer_order", Class::Rejected),
    ("acumatica.rejected.control_total", Class::Rejected),
    ("acumatica.rejected.customer_on_hold", Class::Rejected),
    ("acumatica.rejected.customer_inactive", Class::Rejected),
    ("acumatica.rejected.credit_limit", Class::Rejected),
    ("acumatica.rejected.period_closed", Class::Rejected),
    ("acumatica.rejected.payment_exceeds_order", Class::Rejected),
    ("acumatica.rejected.setup", Class::Rejected),
    (FIELD, Class::Rejected),
    (OTHER, Class::Rejected),
    (UNDECODABLE, Class::Bug),
    (REQUEST, Class::Bug),
];

/// What kind of call failed: only writes can leave something behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// A grant at the token endpoint.
    Token,
    /// A GET.
    Read,
    /// A PUT.
    Write,
}

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What the failure means for the record at hand.
    pub class: Class,
    /// Its stable name.
    pub code: &'static str,
    /// Whether a write may have happened.
    pub applied: Applied,
}

/// What an error's body turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// The error object of the business logic: it ran and gave up, so nothing was saved.
    Erp {
        /// `exceptionType` of the error and of its inner ones, outermost first.
        types: Vec<String>,
        /// `exceptionMessage` of the same.
        messages: Vec<String>,
        /// Field errors inside the object, as older contracts return them.
        fields: Vec<FieldError>,
    },
    /// The refused record with its errors.
    Record(Vec<FieldError>),
    /// A sentence: `{"message"}`, `{"error"}` of the token endpoint, or plain text.
    Message(String),
    /// Says in one of its known forms that no further session may be opened.
    LoginLimit(String),
    /// A web page.
    Html,
    /// Nothing, or nothing readable.
    Other,
}

/// The forms of the answer when the licence's seats are taken, seen by several clients on several releases; compared in lower case.
const LOGIN_LIMIT: &[&str] =
    &["api login limit", "checkapiuserslimits", "apiloginlimitreached", "concurrentapilogins", "licensepolicy"];

impl Body {
    /// Reads an answer's body.
    pub(crate) fn read(answer: &Response, call: Call) -> Self {
        let content_type = answer.headers().get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let html = is_html(content_type, answer.body());
        if answer.status().as_u16() != 422 && is_login_limit(answer.body()) {
            return Body::LoginLimit(if html { "API Login Limit".to_owned() } else { message_of(answer.body()) });
        }
        if html {
            return Body::Html;
        }
        match serde_json::from_slice::<Value>(answer.body()) {
            Ok(body @ Value::Object(_)) => Self::read_object(&body, call),
            Ok(_) => Body::Other,
            Err(_) => match str::from_utf8(answer.body()) {
                Ok(text) if !text.trim().is_empty() => Body::Message(quote(text)),
                _ => Body::Other,
            },
        }
    }

    fn read_object(body: &Value, call: Call) -> Self {
        if body.get("exceptionType").or_else(|| body.get("exceptionMessage")).is_some() {
            let (mut types, mut messages) = (Vec::new(), Vec::new());
            let mut level = Some(body);
            while let Some(error) = level {
                types.extend(text(error, "exceptionType"));
                messages.extend(text(error, "exceptionMessage").map(|message| fields::sentence(&message)));
                level = error.get("innerException");
            }
            return Body::Erp { types, messages, fields: fields::walk(body) };
        }
        if call == Call::Token
            && let Some(error) = text(body, "error")
        {
            return Body::Message(quote(&error));
        }
        if let Some(message) = text(body, "message") {
            return Body::Message(quote(&message));
        }
        let fields = fields::walk(body);
        if fields.is_empty() { Body::Other } else { Body::Record(fields) }
    }

    /// The fields and the sentence to show. The field that decided the code comes first.
    pub(crate) fn into_details(self, code: &str) -> (Vec<FieldError>, String) {
        match self {
            Body::Record(fields) => {
                let fields = decisive_first(fields, code);
                let quote = fields.first().map(|error| error.message.clone()).unwrap_or_default();
                (fields, quote)
            }
            Body::Erp { messages, fields, .. } => {
                let fields = decisive_first(fields, code);
                let decisive = messages.iter().find(|message| fields::code_of("", message) == Some(code));
                let telling = decisive.or_else(|| messages.iter().find(|message| !fields::is_umbrella(message)));
                let quote =
                    telling.or(messages.first()).cloned().or_else(|| fields.first().map(|error| error.message.clone()));
                (fields, quote.unwrap_or_default())
            }
            Body::Message(message) | Body::LoginLimit(message) => (Vec::new(), message),
            Body::Html | Body::Other => (Vec::new(), String::new()),
        }
    }

    /// Every sentence with its path.
    fn sentences(&self) -> Vec<(&str, &str)> {
        match self {
            Body::Erp { messages, fields, .. } => {
                let fields = fields.iter().map(|error| (error.path.as_str(), error.message.as_str()));
                fields.chain(messages.iter().map(|message| ("", message.as_str()))).collect()
            }
            Body::Record(fields) => fields.iter().map(|error| (error.path.as_str(), error.message.as_str())).collect(),
            Body::Message(message) => vec![("", message.as_str())],
            Body::LoginLimit(_) | Body::Html | Body::Other => Vec::new(),
        }
    }

    fn says(&self, texts: &[&str]) -> bool {
        self.sentences().iter().any(|(_, message)| texts.iter().any(|text| message.contains(text)))
    }

    fn is_of_type(&self, name: &str) -> bool {
        matches!(self, Body::Erp { types, .. } if types.iter().any(|full| full.contains(name)))
    }
}

fn decisive_first(mut fields: Vec<FieldError>, code: &str) -> Vec<FieldError> {
    let decisive = fields.iter().position(|error| fields::code_of(&error.path, &error.message) == Some(code));
    if let Some(at) = decisive.or_else(|| fields.iter().position(|error| error.is_field)) {
        fields[..=at].rotate_right(1);
    }
    fields
}

fn text(object: &Value, name: &str) -> Option<String> {
    object.get(name)?.as_str().map(ToOwned::to_owned)
}

pub(crate) fn is_login_limit(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body).to_ascii_lowercase();
    LOGIN_LIMIT.iter().any(|fragment| text.contains(fragment))
}

fn message_of(body: &[u8]) -> String {
    let json = serde_json::from_slice::<Value>(body).ok();
    let found = json.as_ref().and_then(|json| text(json, "exceptionMessage").or_else(|| text(json, "message")));
    found.map_or_else(|| "API Login Limit".to_owned(), |message| fields::sentence(&message))
}

/// Another session has the document or the record: the call was turned away whole.
const BUSY: &[&str] = &["Another process has", "being used by another process"];
/// The forms in which a refused sign-in comes as an error object.
const BAD_LOGIN: &[&str] = &["Invalid credentials. Please try again.", "You need to change your password."];

fn verdict(class: Class, code: &'static str) -> Verdict {
    Verdict { class, code, applied: Applied::No }
}

/// No complete answer. Not sent at all is harmless; anything later leaves a write open.
#[must_use]
pub fn of_failure(failure: &Failure, call: Call) -> Verdict {
    match (failure, call) {
        (Failure::Unsent(_), _) => verdict(Class::NotReady, "acumatica.not_ready.unreachable"),
        (Failure::Interrupted(_) | Failure::TimedOut(_), Call::Write) => no_answer(),
        (Failure::Interrupted(_), Call::Read | Call::Token) => {
            verdict(Class::Transient, "acumatica.transient.interrupted")
        }
        (Failure::TimedOut(_), Call::Read | Call::Token) => verdict(Class::Transient, TIME_OUT),
    }
}

/// An answer other than a success.
#[must_use]
pub fn of_answer(status: u16, body: &Body, call: Call) -> Verdict {
    match (status, body) {
        (_, Body::LoginLimit(_)) => verdict(Class::NotReady, "acumatica.not_ready.login_limit"),
        // At the token endpoint too many requests means too many sessions; its text says nothing.
        (429, _) if call == Call::Token => verdict(Class::NotReady, "acumatica.not_ready.login_limit"),
        (429, _) => verdict(Class::Throttled, "acumatica.throttled.licence"),
        _ if call == Call::Token && (matches!(status, 400 | 401) || body.says(BAD_LOGIN)) => {
            verdict(Class::Rejected, CREDENTIALS)
        }
        _ if body.is_of_type("PXUndefinedCompanyException") => verdict(Class::Rejected, CREDENTIALS),
        (401, _) => verdict(Class::Rejected, CREDENTIALS),
        (403, _) => verdict(Class::Rejected, "acumatica.rejected.permission"),
        // Redirects are not followed with credentials: the base URL is not the one Acumatica answers under.
        (300..=399 | 404, _) => verdict(Class::Rejected, "acumatica.rejected.endpoint"),
        (412, _) => verdict(Class::Rejected, "acumatica.rejected.precondition"),
        (_, Body::Erp { .. } | Body::Record(_)) => of_refusal(body),
        (422, _) => verdict(Class::Rejected, OTHER),
        (503, body) if call != Call::Write || *body == Body::Html => {
            let applied = if call == Call::Write { Applied::Unknown } else { Applied::No };
            Verdict { applied, ..verdict(Class::NotReady, "acumatica.not_ready.maintenance") }
        }
        (408 | 500..=599, _) if call == Call::Write => no_answer(),
        (408, _) => verdict(Class::Transient, TIME_OUT),
        (500..=599, _) => verdict(Class::Transient, "acumatica.transient.server_error"),
        (400 | 405 | 406 | 411 | 413 | 414 | 415, _) => verdict(Class::Bug, REQUEST),
        _ => verdict(Class::Rejected, OTHER),
    }
}

fn no_answer() -> Verdict {
    Verdict { applied: Applied::Unknown, ..verdict(Class::Ambiguous, NO_ANSWER) }
}

/// The business logic itself said no, so nothing was saved. A field's particular code wins over that of a record around it.
fn of_refusal(body: &Body) -> Verdict {
    if body.says(BUSY) {
        return verdict(Class::Transient, "acumatica.transient.busy");
    }
    if body.is_of_type("NoEntitySatisfiesTheCondition") {
        return verdict(Class::Rejected, RECORD_NOT_FOUND);
    }
    // A list that cannot be compiled into one query: the fields or expansions we asked for are at fault.
    if body.is_of_type("CannotOptimizeException") {
        return verdict(Class::Bug, REQUEST);
    }
    let particular = body.sentences().into_iter().find_map(|(path, message)| fields::code_of(path, message));
    if let Some(code) = particular {
        return verdict(Class::Rejected, code);
    }
    if body.is_of_type("PXSetupNotEnteredException") {
        return verdict(Class::Rejected, "acumatica.rejected.setup");
    }
    let fields = match body {
        Body::Erp { fields, .. } | Body::Record(fields) => fields.as_slice(),
        Body::Message(_) | Body::LoginLimit(_) | Body::Html | Body::Other => &[],
    };
    let code = if fields.iter().any(|error| error.is_field) { FIELD } else { OTHER };
    verdict(Class::Rejected, code)
}
