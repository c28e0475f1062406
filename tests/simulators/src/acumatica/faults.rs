//! Ready-made faults: what stands in front of Acumatica, or breaks inside it, and how that looks from outside.

use super::answer::exception;
use crate::fault::Fault;

/// The site is being updated: 503 with HTML. That errors can be HTML is known from the official C# client; the page is not established.
#[must_use]
pub fn maintenance() -> Fault {
    page(503, "Service Unavailable", "The service is unavailable.")
}

/// A proxy's or the web server's own error, with HTML: 500, 502 or 504. What Acumatica did is unknown.
#[must_use]
pub fn server_error(status: u16) -> Fault {
    page(status, "Server Error", "The server cannot process the request.")
}

/// The licence's limit of requests: 429 with plain text and no `Retry-After` (text as seen in a third party's test fixture).
#[must_use]
pub fn request_limit() -> Fault {
    let body = "The custom error module does not recognize this error.";
    Fault::Answer { status: 429, content_type: "text/plain", body: body.into() }
}

/// The licence's limit of sessions, in the three forms that were seen at sign-in: 500, 429, and an HTML page titled `API Login Limit`,
/// whose status is not established.
#[must_use]
pub fn login_limit() -> [Fault; 3] {
    [error("PX.Data.PXException", "API Login Limit"), request_limit(), page(500, "API Login Limit", "API Login Limit")]
}

/// Somebody saved the record meanwhile: `updated`, `added` or `deleted` (the product's text).
#[must_use]
pub fn another_process(verb: &str, record: &str) -> Fault {
    error(
        "PX.Data.PXException",
        &format!("Another process has {verb} the '{record}' record. Your changes will be lost."),
    )
}

/// The document is busy (the product's text).
#[must_use]
pub fn busy_document(action: &str, document: &str) -> Fault {
    let text = format!(
        "The {action} action is not available in the {document} document at the moment. The document is being used by another process."
    );
    error("PX.Data.PXException", &text)
}

/// A form was never set up (the product's text and exception).
#[must_use]
pub fn setup_missing(form: &str) -> Fault {
    let text = format!("The required configuration data is not entered on the {form} form.");
    error("PX.Data.PXSetupNotEnteredException`1[[PX.Objects.SO.SOSetup]]", &text)
}

/// The database chose the save as a deadlock's victim. The text is SQL Server's (error 1205); that it arrives so is not established.
#[must_use]
pub fn deadlock() -> Fault {
    let text = "Transaction (Process ID 61) was deadlocked on lock resources with another process and has been chosen as the deadlock \
                victim. Rerun the transaction.";
    error("System.Data.SqlClient.SqlException", text)
}

/// The database has no space left. The text is SQL Server's (error 1105); that it arrives so is not established.
#[must_use]
pub fn disk_full() -> Fault {
    let text =
        "Could not allocate space for object 'dbo.SOOrder' in database 'ERP' because the 'PRIMARY' filegroup is full.";
    error("System.Data.SqlClient.SqlException", text)
}

/// The user may not use the form behind the entity: 403, whose body is not established.
#[must_use]
pub fn forbidden() -> Fault {
    Fault::Answer { status: 403, content_type: "application/json", body: String::new() }
}

fn page(status: u16, title: &str, text: &str) -> Fault {
    let body = format!("<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>");
    Fault::Answer { status, content_type: "text/html", body }
}

fn error(kind: &str, message: &str) -> Fault {
    let body = exception(kind, message).to_string();
    Fault::Answer { status: 500, content_type: "application/json", body }
}
