//! The error table: from what came back, or did not, to one class, one code, and whether a write may have happened.
//!
//! Statuses and body forms: Acumatica 2026 R1 documentation (Integration Development Guide), its C# client and recorded answers. The exact
//! bodies of 401, 403, 412 and 429 are not documented, so those statuses decide alone.

use seams::Class;
use seams::http::Failure;

use super::Applied;
use super::body::Body;
use super::meaning;

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
pub const TIME_OUT: &str = "acumatica.not_ready.time_out";
/// Another worker has been renewing the shared token for too long.
pub const TOKEN_BUSY: &str = "acumatica.transient.token_busy";
/// The store of the shared token could not be read or written.
pub const TOKEN_STORE: &str = "acumatica.transient.token_store";

/// Every code this client can raise, with its class: what sentences, fixes and runbook pages are checked against.
pub const CODES: &[(&str, Class)] = &[
    ("acumatica.not_ready.unreachable", Class::NotReady),
    ("acumatica.not_ready.maintenance", Class::NotReady),
    ("acumatica.not_ready.login_limit", Class::NotReady),
    ("acumatica.not_ready.gateway", Class::NotReady),
    ("acumatica.not_ready.infrastructure", Class::NotReady),
    ("acumatica.not_ready.interrupted", Class::NotReady),
    (TIME_OUT, Class::NotReady),
    ("acumatica.throttled.licence", Class::Throttled),
    ("acumatica.transient.busy", Class::Transient),
    ("acumatica.transient.server_error", Class::Transient),
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
    ("acumatica.rejected.item_not_usable", Class::Rejected),
    ("acumatica.rejected.uom", Class::Rejected),
    ("acumatica.rejected.drop_ship", Class::Rejected),
    ("acumatica.rejected.customer_not_found", Class::Rejected),
    ("acumatica.rejected.customer_class_not_found", Class::Rejected),
    ("acumatica.rejected.customer_class_not_usable", Class::Rejected),
    ("acumatica.rejected.price_class_not_found", Class::Rejected),
    ("acumatica.rejected.name_missing", Class::Rejected),
    ("acumatica.rejected.email", Class::Rejected),
    ("acumatica.rejected.attribute_not_found", Class::Rejected),
    ("acumatica.rejected.attribute_value", Class::Rejected),
    ("acumatica.rejected.customer_on_hold", Class::Rejected),
    ("acumatica.rejected.customer_inactive", Class::Rejected),
    ("acumatica.rejected.credit_limit", Class::Rejected),
    ("acumatica.rejected.address", Class::Rejected),
    ("acumatica.rejected.ship_via_not_found", Class::Rejected),
    ("acumatica.rejected.ship_via_not_applicable", Class::Rejected),
    ("acumatica.rejected.shipping_terms_not_found", Class::Rejected),
    ("acumatica.rejected.payment_method_not_found", Class::Rejected),
    ("acumatica.rejected.cash_account_not_found", Class::Rejected),
    ("acumatica.rejected.processing_center_not_found", Class::Rejected),
    ("acumatica.rejected.payment_exceeds_order", Class::Rejected),
    ("acumatica.rejected.payment", Class::Rejected),
    ("acumatica.rejected.tax_zone_not_found", Class::Rejected),
    ("acumatica.rejected.tax_not_found", Class::Rejected),
    ("acumatica.rejected.tax_not_applicable", Class::Rejected),
    ("acumatica.rejected.tax_category_not_found", Class::Rejected),
    ("acumatica.rejected.currency", Class::Rejected),
    ("acumatica.rejected.terms_not_found", Class::Rejected),
    ("acumatica.rejected.warehouse_not_found", Class::Rejected),
    ("acumatica.rejected.branch_not_found", Class::Rejected),
    ("acumatica.rejected.order_type_not_found", Class::Rejected),
    ("acumatica.rejected.order_type_inactive", Class::Rejected),
    ("acumatica.rejected.numbering", Class::Rejected),
    ("acumatica.rejected.duplicate_customer_order", Class::Rejected),
    ("acumatica.rejected.customer_order_required", Class::Rejected),
    ("acumatica.rejected.control_total", Class::Rejected),
    ("acumatica.rejected.period_closed", Class::Rejected),
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

/// Another session has the document or the record: the call was turned away whole.
const BUSY: &[&str] = &["Another process has", "being used by another process"];
/// The forms in which a refused sign-in comes as an error object.
const BAD_LOGIN: &[&str] = &["Invalid credentials. Please try again.", "You need to change your password."];
/// The server's own trouble by the type of the exception (.NET class library): the disk cannot be read or written, no memory is left, the
/// database gave up. Acumatica's own exceptions are `PX.…`; which text comes with these is not documented, so the type alone decides.
const INFRASTRUCTURE: &[&str] = &[
    "Microsoft.Data.SqlClient.SqlException",
    "System.Data.SqlClient.SqlException",
    "System.IO.IOException",
    "System.OutOfMemoryException",
];

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
            verdict(Class::NotReady, "acumatica.not_ready.interrupted")
        }
        (Failure::TimedOut(_), Call::Read | Call::Token) => verdict(Class::NotReady, TIME_OUT),
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
        _ if body.is_thrown_as(INFRASTRUCTURE) => infrastructure(call),
        (_, Body::Erp { .. } | Body::Record(_)) => of_refusal(body),
        (422, _) => verdict(Class::Rejected, OTHER),
        (503, body) if call != Call::Write || *body == Body::Html => {
            Verdict { applied: open(call), ..verdict(Class::NotReady, "acumatica.not_ready.maintenance") }
        }
        (408 | 500..=599, _) if call == Call::Write => no_answer(),
        (408, _) => verdict(Class::NotReady, TIME_OUT),
        (502 | 504, _) => verdict(Class::NotReady, "acumatica.not_ready.gateway"),
        (500..=599, _) => verdict(Class::Transient, "acumatica.transient.server_error"),
        (400 | 405 | 406 | 411 | 413 | 414 | 415, _) => verdict(Class::Bug, REQUEST),
        _ => verdict(Class::Rejected, OTHER),
    }
}

/// A failure below the business logic proves nothing about a write: what gave up may have been what answers, after the save.
fn infrastructure(call: Call) -> Verdict {
    Verdict { applied: open(call), ..verdict(Class::NotReady, "acumatica.not_ready.infrastructure") }
}

/// What a failure that says nothing of it leaves open.
fn open(call: Call) -> Applied {
    if call == Call::Write { Applied::Unknown } else { Applied::No }
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
    let particular = body.sentences().into_iter().find_map(|(path, message)| meaning::code_of(path, message));
    if let Some(code) = particular {
        return verdict(Class::Rejected, code);
    }
    if body.is_of_type("PXSetupNotEnteredException") {
        return verdict(Class::Rejected, "acumatica.rejected.setup");
    }
    if let Some(code) = body.fields().iter().find_map(|error| meaning::code_of_part(&error.path)) {
        return verdict(Class::Rejected, code);
    }
    let code = if body.fields().iter().any(|error| error.is_field) { FIELD } else { OTHER };
    verdict(Class::Rejected, code)
}
