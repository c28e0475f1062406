//! Why an event is not taken, and the answer to it: one table of status, reason and fixed text.

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use aws_lambda_events::encodings::Body;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use serde_json::json;

/// Seconds after which a shop may try again when something of ours was away: such things pass within a minute or need a person.
const RETRY_SOON: u32 = 30;
/// Seconds after which it may try again while its link does not collect: only a person's decision changes that.
const RETRY_LATER: u32 = 300;

/// Why an event is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    TooLarge,
    BadEncoding,
    UnknownEvent,
    UnknownLink,
    Inactive,
    Stopped,
    NoSignature,
    BadSignature,
    NotJson,
    NoId,
    NoSecret,
    StateAway,
    QueueAway,
}

impl Refusal {
    /// The value of the metric's dimension.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Refusal::TooLarge => "too_large",
            Refusal::BadEncoding => "bad_encoding",
            Refusal::UnknownEvent => "unknown_event",
            Refusal::UnknownLink => "unknown_link",
            Refusal::Inactive => "inactive",
            Refusal::Stopped => "stopped",
            Refusal::NoSignature => "no_signature",
            Refusal::BadSignature => "bad_signature",
            Refusal::NotJson => "not_json",
            Refusal::NoId => "no_id",
            Refusal::NoSecret => "no_secret",
            Refusal::StateAway => "state_away",
            Refusal::QueueAway => "queue_away",
        }
    }

    pub(crate) fn status(self) -> StatusCode {
        match self {
            Refusal::BadEncoding | Refusal::NotJson | Refusal::NoId => StatusCode::BAD_REQUEST,
            Refusal::NoSignature | Refusal::BadSignature => StatusCode::UNAUTHORIZED,
            Refusal::UnknownEvent | Refusal::UnknownLink => StatusCode::NOT_FOUND,
            Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::Inactive | Refusal::Stopped => StatusCode::SERVICE_UNAVAILABLE,
            Refusal::NoSecret | Refusal::StateAway | Refusal::QueueAway => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Whether somebody on our side must look into it.
    pub(crate) fn is_ours(self) -> bool {
        matches!(self, Refusal::NoSecret | Refusal::StateAway | Refusal::QueueAway)
    }

    fn detail(self) -> &'static str {
        match self {
            Refusal::TooLarge => "An event may have at most 4 MiB.",
            Refusal::BadEncoding => "The body could not be decoded.",
            Refusal::UnknownEvent | Refusal::UnknownLink => "There is no such link or event.",
            Refusal::Inactive | Refusal::Stopped => "This link does not take events now.",
            Refusal::NoSignature => "The signature is missing.",
            Refusal::BadSignature => "The signature does not fit.",
            Refusal::NotJson => "The body is not JSON.",
            Refusal::NoId => "The body names no order: expected data.entity_id or entity_id.",
            Refusal::NoSecret | Refusal::StateAway | Refusal::QueueAway => "Events cannot be taken at the moment.",
        }
    }

    fn retry_after(self) -> Option<u32> {
        match self {
            Refusal::Inactive | Refusal::Stopped => Some(RETRY_LATER),
            Refusal::NoSecret | Refusal::StateAway | Refusal::QueueAway => Some(RETRY_SOON),
            _ => None,
        }
    }

    /// The answer, made of fixed texts only.
    pub(crate) fn answer(self) -> ApiGatewayV2httpResponse {
        let status = self.status();
        let problem = json!({
            "type": "about:blank",
            "title": status.canonical_reason().unwrap_or_default(),
            "status": status.as_u16(),
            "detail": self.detail(),
        });
        let mut answer = ApiGatewayV2httpResponse::default();
        answer.status_code = status.as_u16().into();
        answer.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after() {
            answer.headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer.body = Some(Body::Text(problem.to_string()));
        answer
    }
}

/// The answer to an event that SQS has accepted. It has no body, which nobody reads.
pub(crate) fn accepted() -> ApiGatewayV2httpResponse {
    let mut answer = ApiGatewayV2httpResponse::default();
    answer.status_code = StatusCode::ACCEPTED.as_u16().into();
    answer
}
