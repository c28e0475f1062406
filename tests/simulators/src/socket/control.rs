//! The control routes below `/_simulator/`.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response, StatusCode, header};
use http_body_util::Full;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::fault::{Fault, InProcess, Planned};
use crate::{Inspect, Platform};

/// A fault as the control route takes it, for example
/// `{"method": "PUT", "path_part": "/SalesOrder", "fault": {"kind": "late", "after_seconds": 5}}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    #[serde(default)]
    method: String,
    #[serde(default)]
    path_part: String,
    /// Which matching request meets it, counted from one.
    #[serde(default = "first")]
    nth: usize,
    /// Whether it stays until `DELETE /_simulator/faults`.
    #[serde(default)]
    stays: bool,
    fault: Kind,
}

fn first() -> usize {
    1
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Kind {
    Answer { status: u16, content_type: ContentType, body: String },
    Refused,
    LostRequest,
    LostAnswer,
    Late { after_seconds: u64 },
}

#[derive(Debug, Deserialize)]
enum ContentType {
    #[serde(rename = "application/json")]
    Json,
    #[serde(rename = "text/html")]
    Html,
    #[serde(rename = "text/plain")]
    Plain,
}

/// Answers a control request. A wrong one is told what is wrong with it.
pub(super) fn answer<P: Platform + Inspect + 'static>(
    method: &Method,
    name: &str,
    body: &Bytes,
    in_process: &InProcess<P>,
) -> Response<Full<Bytes>> {
    match (method, name) {
        (&Method::POST, "faults") => match plan(body) {
            Ok((planned, nth, stays)) => {
                let _lifted_with_all =
                    if stays { in_process.plant(nth, planned) } else { in_process.plan_nth(nth, planned) };
                json_answer(StatusCode::NO_CONTENT, None)
            }
            Err(problem) => json_answer(StatusCode::BAD_REQUEST, Some(json!({"message": problem}))),
        },
        (&Method::DELETE, "faults") => {
            in_process.lift_all();
            json_answer(StatusCode::NO_CONTENT, None)
        }
        (&Method::GET, "calls") => {
            let calls = in_process.calls().into_iter();
            let calls = calls.map(|call| json!({"method": call.method, "target": call.target, "status": call.status}));
            json_answer(StatusCode::OK, Some(calls.collect()))
        }
        (&Method::GET, view) => match in_process.with(|platform| platform.view(view)) {
            Some(found) => json_answer(StatusCode::OK, Some(found)),
            None => json_answer(StatusCode::NOT_FOUND, Some(json!({"message": format!("no view {view:?}")}))),
        },
        _ => json_answer(StatusCode::METHOD_NOT_ALLOWED, Some(json!({"message": "GET a view, POST or DELETE faults"}))),
    }
}

fn plan(body: &Bytes) -> Result<(Planned, usize, bool), String> {
    let plan: Plan = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let fault = match plan.fault {
        Kind::Answer { status, content_type, body } => {
            StatusCode::from_u16(status).map_err(|_| format!("{status} is no HTTP status"))?;
            let content_type = match content_type {
                ContentType::Json => "application/json",
                ContentType::Html => "text/html",
                ContentType::Plain => "text/plain",
            };
            Fault::Answer { status, content_type, body }
        }
        Kind::Refused => Fault::Refused,
        Kind::LostRequest => Fault::LostRequest,
        Kind::LostAnswer => Fault::LostAnswer,
        Kind::Late { after_seconds } => Fault::Late { after: Duration::from_secs(after_seconds) },
    };
    Ok((Planned { method: plan.method, path_part: plan.path_part, fault }, plan.nth, plan.stays))
}

fn json_answer(status: StatusCode, body: Option<Value>) -> Response<Full<Bytes>> {
    let text = body.map_or_else(String::new, |body| body.to_string());
    let mut answer = Response::new(Full::new(Bytes::from(text)));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    answer
}
