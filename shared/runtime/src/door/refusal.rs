//! Why an event is not taken, and the answer to it: one table of status, reason and fixed text.

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use aws_lambda_events::encodings::Body;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use serde_json::json;

/// Seconds after which a sender may try again when something of ours was away: such things pass within a minute or need a person.
const RETRY_SOON: u32 = 30;
/// Seconds after which it may try again while its link does not collect: only a person's decision changes that.
const RETRY_LATER: u32 = 300;

/// Why an event is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The body is larger than the door takes.
    TooLarge,
    /// The HTTP API says base64 and it is none.
    BadEncoding,
    /// No event, entity or sender of that name is known or configured.
    UnknownEvent,
    /// There is no such link.
    UnknownLink,
    /// The link is not activated.
    Inactive,
    /// The link is stopped.
    Stopped,
    /// What would prove the sender is missing.
    NoSignature,
    /// It does not fit.
    BadSignature,
    /// Adobe means another client's endpoint.
    WrongRecipient,
    /// The push comes from another tenant.
    WrongCompany,
    /// The body cannot be decoded; a truncated one cannot either.
    NotJson,
    /// It is JSON and not what its sender sends.
    WrongShape,
    /// It names no record.
    NoId,
    /// A row of a push names no record: the list and the row's place in it, counted from 0.
    NoNoteId(&'static str, usize),
    /// The handshake's text is missing, too long or of other characters than are sent back.
    BadChallenge,
    /// The secret is missing or cannot be used.
    NoSecret,
    /// A public key of the sender's could not be fetched.
    KeyAway,
    /// The table, or the link's settings.
    StateAway,
    /// The queue.
    QueueAway,
}

impl Refusal {
    /// The value of the metric's dimension.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Refusal::TooLarge => "too_large",
            Refusal::BadEncoding => "bad_encoding",
            Refusal::UnknownEvent => "unknown_event",
            Refusal::UnknownLink => "unknown_link",
            Refusal::Inactive => "inactive",
            Refusal::Stopped => "stopped",
            Refusal::NoSignature => "no_signature",
            Refusal::BadSignature => "bad_signature",
            Refusal::WrongRecipient => "wrong_recipient",
            Refusal::WrongCompany => "wrong_company",
            Refusal::NotJson => "not_json",
            Refusal::WrongShape => "wrong_shape",
            Refusal::NoId | Refusal::NoNoteId(..) => "no_id",
            Refusal::BadChallenge => "bad_challenge",
            Refusal::NoSecret => "no_secret",
            Refusal::KeyAway => "key_away",
            Refusal::StateAway => "state_away",
            Refusal::QueueAway => "queue_away",
        }
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Refusal::BadEncoding | Refusal::NotJson | Refusal::WrongShape => StatusCode::BAD_REQUEST,
            Refusal::NoId | Refusal::NoNoteId(..) | Refusal::BadChallenge => StatusCode::BAD_REQUEST,
            Refusal::NoSignature | Refusal::BadSignature => StatusCode::UNAUTHORIZED,
            Refusal::WrongRecipient | Refusal::WrongCompany => StatusCode::FORBIDDEN,
            Refusal::UnknownEvent | Refusal::UnknownLink => StatusCode::NOT_FOUND,
            Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::Inactive | Refusal::Stopped => StatusCode::SERVICE_UNAVAILABLE,
            Refusal::NoSecret | Refusal::KeyAway => StatusCode::SERVICE_UNAVAILABLE,
            Refusal::StateAway | Refusal::QueueAway => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Whether somebody on our side must look into it.
    #[must_use]
    pub fn is_ours(self) -> bool {
        matches!(self, Refusal::NoSecret | Refusal::KeyAway | Refusal::StateAway | Refusal::QueueAway)
    }

    /// Nothing but numbers of our own counting is ever put into a text.
    fn detail(self) -> String {
        let fixed = match self {
            Refusal::NoNoteId(list, row) => return format!("{list}[{row}] has no NoteID that is a GUID."),
            Refusal::TooLarge => "An event may have at most 4 MiB.",
            Refusal::BadEncoding => "The body could not be decoded.",
            Refusal::UnknownEvent | Refusal::UnknownLink => "There is no such link or event.",
            Refusal::Inactive | Refusal::Stopped => "This link does not take events now.",
            Refusal::NoSignature => "The signature is missing.",
            Refusal::BadSignature => "The signature does not fit.",
            Refusal::WrongRecipient => "The event is meant for another client id.",
            Refusal::WrongCompany => "CompanyId is not the tenant that this link is set up for.",
            Refusal::NotJson => "The body is not JSON, or not all of it.",
            Refusal::WrongShape => "The body is not what this sender sends.",
            Refusal::NoId => "The body does not name its record by a positive whole number.",
            Refusal::BadChallenge => "The challenge is missing, or is no plain text of at most 256 characters.",
            Refusal::NoSecret | Refusal::KeyAway => "Events cannot be taken at the moment.",
            Refusal::StateAway | Refusal::QueueAway => "Events cannot be taken at the moment.",
        };
        fixed.to_owned()
    }

    fn retry_after(self) -> Option<u32> {
        match self {
            Refusal::Inactive | Refusal::Stopped => Some(RETRY_LATER),
            _ if self.is_ours() => Some(RETRY_SOON),
            _ => None,
        }
    }

    /// The answer, made of fixed texts only.
    #[must_use]
    pub fn answer(self) -> ApiGatewayV2httpResponse {
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
pub(super) fn accepted() -> ApiGatewayV2httpResponse {
    let mut answer = ApiGatewayV2httpResponse::default();
    answer.status_code = StatusCode::ACCEPTED.as_u16().into();
    answer
}
