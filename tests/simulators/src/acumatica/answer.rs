//! The answers that are not records: refusals and their bodies.

use bytes::Bytes;
use seams::http::Response;
use serde_json::{Value, json};

use super::record::Record;

/// Why a request is not carried out.
#[derive(Clone, Debug)]
pub(crate) enum Refusal {
    /// 400 with a model state.
    Malformed { path: String, message: String },
    /// 401: no bearer token, or one that is unknown or expired.
    Unauthorized,
    /// 404 by the URL: no such endpoint or entity.
    UnknownEntity(String),
    /// 406: POST on an entity.
    NotAcceptable,
    /// 412: `If-Match` or `If-None-Match`.
    Precondition,
    /// 422: the entity itself, with errors in it.
    Entity(String),
    /// 500 with an exception.
    Exception { kind: &'static str, message: String },
    /// 500 with the exception of a save that failed, and one inside that lists the fields.
    Failed { message: String, fields: String },
    /// 501: outside what is simulated.
    NotSimulated(String),
}

impl Refusal {
    pub(crate) fn malformed(path: &str, message: &str) -> Self {
        Refusal::Malformed { path: path.to_owned(), message: message.to_owned() }
    }

    pub(crate) fn exception(kind: &'static str, message: impl Into<String>) -> Self {
        Refusal::Exception { kind, message: message.into() }
    }

    /// "Not found" on a read by key is a 500 (measured on 26.101; fixtures of three clients for 23.200.001).
    pub(crate) fn no_entity() -> Self {
        Self::exception(
            "PX.Api.ContractBased.NoEntitySatisfiesTheConditionException",
            "No entity satisfies the condition.",
        )
    }

    /// A list is compiled into one query; a member on a view with a delegate makes that fail (recorded in the official C# client's
    /// issue 12; Postman collection I320 for a list of payments with `ApplicationHistory`, which works by key). The view's name is
    /// not established.
    pub(crate) fn cannot_optimize(member: &str) -> Self {
        Self::exception(
            "PX.Api.ContractBased.OptimizedExport.CannotOptimizeException",
            format!(
                "Optimization cannot be performed.The following fields cause the error:\r\n{member}: View {member} has BQL delegate\r\n"
            ),
        )
    }

    /// A refused save as older contracts answer it: the inner message lists the fields, one a line (official C# client, recorded 2023).
    pub(crate) fn failed(draft: &Record) -> Self {
        let fields: Vec<_> = draft.field_errors().iter().map(|(field, text)| format!("{field}: {text}")).collect();
        Refusal::Failed { message: draft.error.clone().unwrap_or_default(), fields: fields.join("\r\n") }
    }

    pub(crate) fn into_response(self) -> Response {
        match self {
            Refusal::Malformed { path, message } => {
                json(400, &json!({"message": "The request is invalid.", "modelState": {path: [message]}}).to_string())
            }
            // The bodies of 401, 406 and 412 are not established: none is sent, so that no client comes to need one.
            Refusal::Unauthorized => empty(401),
            Refusal::NotAcceptable => empty(406),
            Refusal::Precondition => empty(412),
            Refusal::UnknownEntity(name) => {
                json(404, &json!({"message": format!("Entity {name} not found")}).to_string())
            }
            Refusal::Entity(body) => json(422, &body),
            Refusal::Exception { kind, message } => json(500, &exception(kind, &message).to_string()),
            Refusal::Failed { message, fields } => {
                let mut body = exception("PX.Api.ContractBased.OutcomeEntityHasErrorsException", &message);
                body["innerException"] = exception("PX.Data.PXOuterException", &fields);
                json(500, &body.to_string())
            }
            Refusal::NotSimulated(what) => text(501, "text/plain; charset=utf-8", format!("not simulated: {what}")),
        }
    }
}

/// The error object (recorded 2023, endpoint 20.200.001; official C# client).
pub(crate) fn exception(kind: &str, message: &str) -> Value {
    json!({
        "message": "An error has occurred.",
        "exceptionMessage": message,
        "exceptionType": kind,
        "stackTrace": "   at PX.Api.ContractBased.Soap.SystemContractGenericService.Execute()\r\n",
    })
}

pub(crate) fn json(status: u16, body: &str) -> Response {
    text(status, "application/json; charset=utf-8", body.to_owned())
}

pub(crate) fn text(status: u16, content_type: &'static str, body: String) -> Response {
    ::http::Response::builder()
        .status(status)
        .header("content-type", content_type)
        .body(Bytes::from(body))
        .expect("status and content type are constants of this module")
}

pub(crate) fn empty(status: u16) -> Response {
    ::http::Response::builder().status(status).body(Bytes::new()).expect("the status is a constant of this module")
}
