//! The part of an HTTP API event (payload format 2.0) that is looked at.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::refusal::Refusal;

/// The largest body taken, in bytes as they were sent. An HTTP API takes 10 MB, but hands the function at most 6 MB, in which a
/// body that it encodes as base64 is a third larger: 4 MiB become 5.6 MB. An order of a thousand simple lines is about half of it;
/// a larger one comes by the operator's *sync now*.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;

/// 4 MiB as base64: four characters for three bytes, the last group filled up.
const MOST_ENCODED: usize = MOST_BYTES.div_ceil(3) * 4;

/// A request as the HTTP API hands it over. Our own structure and not the typed event: that one refuses whole requests over headers
/// that we never look at, and a stranger's header must not count as an error of ours.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The path's variables, as the template's route names them.
    #[serde(default)]
    pub path_parameters: Option<BTreeMap<String, String>>,
    /// The query's variables, decoded.
    #[serde(default)]
    pub query_string_parameters: Option<BTreeMap<String, String>>,
    /// Lower-case names; several values of one name are joined by commas.
    #[serde(default)]
    pub headers: Option<BTreeMap<String, String>>,
    /// The route and what matched it.
    #[serde(default)]
    pub request_context: Context,
    /// The body, absent when empty.
    #[serde(default)]
    pub body: Option<String>,
    /// Whether the body is base64: the HTTP API encodes what its content type does not call text.
    #[serde(default)]
    pub is_base64_encoded: bool,
}

/// What the HTTP API knows of a request besides its content.
#[derive(Clone, Default, Deserialize)]
pub struct Context {
    /// The request line.
    #[serde(default)]
    pub http: Line,
}

/// The request line.
#[derive(Clone, Default, Deserialize)]
pub struct Line {
    /// `GET`, `POST`, …
    #[serde(default)]
    pub method: String,
}

impl Request {
    /// A variable of the path, empty where there is none.
    #[must_use]
    pub fn path(&self, name: &str) -> &str {
        self.path_parameters.as_ref().and_then(|path| path.get(name)).map_or("", String::as_str)
    }

    /// A variable of the query.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query_string_parameters.as_ref().and_then(|query| query.get(name)).map(String::as_str)
    }

    /// Whether it only asks; everything else brings something.
    #[must_use]
    pub fn is_get(&self) -> bool {
        self.request_context.http.method == "GET"
    }

    /// A header's value; names do not depend on case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter().flatten();
        headers.find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The bytes that were sent and signed.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`] or [`Refusal::BadEncoding`].
    pub fn raw_body(&self) -> Result<Cow<'_, [u8]>, Refusal> {
        let body = self.body.as_deref().unwrap_or_default();
        let raw = match self.is_base64_encoded {
            false => Cow::Borrowed(body.as_bytes()),
            true if body.len() > MOST_ENCODED => return Err(Refusal::TooLarge),
            true => Cow::Owned(STANDARD.decode(body).map_err(|_not_base64| Refusal::BadEncoding)?),
        };
        if raw.len() > MOST_BYTES { Err(Refusal::TooLarge) } else { Ok(raw) }
    }
}
