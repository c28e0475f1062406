//! Error bodies.

use jiff::Timestamp;
use seams::http::Response;
use serde_json::{Value, json};

use super::json::answer;

/// An exception of Magento on its way to the error processor (Magento 2.4.6, framework Webapi/ErrorProcessor).
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) message: String,
    /// An object for named placeholders, a list for numbered ones.
    pub(crate) parameters: Option<Value>,
    /// Further errors of an aggregate exception.
    pub(crate) errors: Vec<Value>,
}

impl ApiError {
    pub(crate) fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), parameters: None, errors: Vec::new() }
    }

    pub(crate) fn with(mut self, parameters: Value) -> Self {
        self.parameters = Some(parameters);
        self
    }

    /// Wrong path, wrong verb on a known path, unknown store code (framework Controller/Rest/Router).
    pub(crate) fn no_route() -> Self {
        Self::new(404, "Request does not match any route.")
    }

    /// A missing argument of a service method (framework Webapi/ServiceInputProcessor).
    pub(crate) fn required(field: &str) -> Self {
        Self::new(400, "\"%fieldName\" is required. Enter and try again.").with(json!({"fieldName": field}))
    }

    /// A scalar of the wrong type (framework Webapi/ServiceInputProcessor).
    pub(crate) fn wrong_type(value: &str, wanted: &str) -> Self {
        let message = format!(
            "The \"{value}\" value's type is invalid. The \"{wanted}\" type was expected. Verify and try again."
        );
        Self::new(400, message)
    }

    /// Any exception that is not meant for callers; production mode hides it behind a report id.
    pub(crate) fn masked(now: Timestamp) -> Self {
        // PHP's uniqid(): seconds and microseconds in hex, 13 digits.
        let micros = now.as_microsecond();
        let id = format!("{:08x}{:05x}", micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
        Self::new(500, format!("Internal Error. Details are available in Magento log file. Report ID: webapi-{id}"))
    }

    /// The simulator's own answer for what real Magento has and the simulator has not. Never an answer of Magento.
    pub(crate) fn not_simulated(what: &str) -> Self {
        Self::new(501, format!("Not simulated: {what}"))
    }

    pub(crate) fn into_response(self) -> Response {
        let mut body = json!({"message": self.message});
        if let Some(parameters) = self.parameters {
            body["parameters"] = parameters;
        }
        if !self.errors.is_empty() {
            body["errors"] = Value::Array(self.errors);
        }
        answer(self.status, &body)
    }
}
