//! What an error's body turned out to be, before anything is decided by it.

use seams::http::Response;
use seams::quote::{is_html, quote};
use serde_json::Value;

use super::fields::{self, FieldError};
use super::meaning;
use super::table::Call;

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
            let (mut level, mut fields) = (Some(body), fields::walk(body));
            while let Some(error) = level {
                if text(error, "exceptionType").is_some_and(|name| name.contains("PXOuterException")) {
                    fields.extend(fields::listed(&text(error, "exceptionMessage").unwrap_or_default()));
                }
                types.extend(text(error, "exceptionType"));
                messages.extend(text(error, "exceptionMessage").map(|message| fields::sentence(&message)));
                level = error.get("innerException");
            }
            return Body::Erp { types, messages, fields };
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
                let decisive = messages.iter().find(|message| meaning::code_of("", message) == Some(code));
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
    pub(super) fn sentences(&self) -> Vec<(&str, &str)> {
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

    /// The errors that name where they stand.
    pub(super) fn fields(&self) -> &[FieldError] {
        match self {
            Body::Erp { fields, .. } | Body::Record(fields) => fields,
            Body::Message(_) | Body::LoginLimit(_) | Body::Html | Body::Other => &[],
        }
    }

    pub(super) fn says(&self, texts: &[&str]) -> bool {
        self.sentences().iter().any(|(_, message)| texts.iter().any(|text| message.contains(text)))
    }

    /// Whether the exception that nobody caught is of one of these types; what is wrapped in another one does not count.
    pub(super) fn is_thrown_as(&self, names: &[&str]) -> bool {
        matches!(self, Body::Erp { types, .. } if types.first().is_some_and(|outer| names.contains(&outer.as_str())))
    }

    pub(super) fn is_of_type(&self, name: &str) -> bool {
        matches!(self, Body::Erp { types, .. } if types.iter().any(|full| full.contains(name)))
    }
}

fn decisive_first(mut fields: Vec<FieldError>, code: &str) -> Vec<FieldError> {
    let means = |error: &FieldError| {
        meaning::code_of(&error.path, &error.message) == Some(code) || meaning::code_of_part(&error.path) == Some(code)
    };
    let decisive = fields.iter().position(means);
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
