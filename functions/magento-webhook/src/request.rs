//! The part of an HTTP API event (payload format 2.0) that is looked at.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::refusal::Refusal;

/// The largest body taken, in bytes as the shop sent them. An HTTP API takes 10 MB, but hands the function at most 6 MB, in which a
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
    /// The path's variables: `link` and `event`.
    #[serde(default)]
    pub path_parameters: Option<BTreeMap<String, String>>,
    /// Lower-case names; several values of one name are joined by commas.
    #[serde(default)]
    pub headers: Option<BTreeMap<String, String>>,
    /// The body, absent when empty.
    #[serde(default)]
    pub body: Option<String>,
    /// Whether the body is base64: the HTTP API encodes what its content type does not call text.
    #[serde(default)]
    pub is_base64_encoded: bool,
}

impl Request {
    /// The path's link and event, empty where there is none.
    pub(crate) fn path(&self) -> (&str, &str) {
        let variable =
            |name: &str| self.path_parameters.as_ref().and_then(|path| path.get(name)).map_or("", String::as_str);
        (variable("link"), variable("event"))
    }

    /// A header's value; names do not depend on case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter().flatten();
        headers.find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The bytes that the shop sent and signed.
    pub(crate) fn raw_body(&self) -> Result<Cow<'_, [u8]>, Refusal> {
        let body = self.body.as_deref().unwrap_or_default();
        let raw = match self.is_base64_encoded {
            false => Cow::Borrowed(body.as_bytes()),
            true if body.len() > MOST_ENCODED => return Err(Refusal::TooLarge),
            true => Cow::Owned(STANDARD.decode(body).map_err(|_not_base64| Refusal::BadEncoding)?),
        };
        if raw.len() > MOST_BYTES { Err(Refusal::TooLarge) } else { Ok(raw) }
    }
}
