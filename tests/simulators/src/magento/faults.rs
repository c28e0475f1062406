//! Ready-made faults: what stands in front of Magento, or breaks inside it, and how that looks from outside.

use crate::fault::Fault;

/// Maintenance mode: every route answers 503 with HTML (Magento 2.4.6, `pub/errors/503.phtml`).
#[must_use]
pub fn maintenance() -> Fault {
    let body = "<html><head><title>503 Service Unavailable</title></head><body><h1>Service Temporarily Unavailable</h1>\
        <p>The server is temporarily unable to service your request due to maintenance downtime or capacity problems. Please try again later.</p></body></html>";
    Fault::Answer { status: 503, content_type: "text/html", body: body.into() }
}

/// A deadlock that reached the caller as a message (Magento 2.4.6, framework DB/Adapter/DeadlockException).
#[must_use]
pub fn deadlock() -> Fault {
    let body = r#"{"message":"Database deadlock found when trying to get lock"}"#;
    Fault::Answer { status: 400, content_type: "application/json", body: body.into() }
}

/// A PHP fatal error: another shape than every other error body (Magento 2.4.6, framework Webapi/ErrorProcessor, `renderErrorMessage`).
#[must_use]
pub fn php_fatal() -> Fault {
    let body = r#"{"messages":{"error":[{"code":500,"message":"Server internal error. See details in report api\/123456789"}]}}"#;
    Fault::Answer { status: 500, content_type: "application/json", body: body.into() }
}

/// A proxy that gave up waiting, with HTML; what Magento did is unknown. Its exact text differs by proxy.
#[must_use]
pub fn gateway_timeout() -> Fault {
    let body =
        "<html><head><title>504 Gateway Time-out</title></head><body><h1>504 Gateway Time-out</h1></body></html>";
    Fault::Answer { status: 504, content_type: "text/html", body: body.into() }
}
