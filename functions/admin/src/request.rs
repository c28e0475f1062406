//! A request, however it came: as an HTTP API's event (payload format 2.0) or as `{method, path, query, body, headers}`.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use thiserror::Error;

/// One request.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// `GET`, `PUT`, `POST`.
    pub method: String,
    /// `/admin/…`.
    pub path: String,
    /// Query parameters.
    pub query: BTreeMap<String, String>,
    /// The body as it came.
    pub raw: Vec<u8>,
    /// The version named by `If-Match`.
    pub if_match: Option<u64>,
    /// Who asks: the caller's ARN as IAM has it.
    pub by: String,
    /// Whether it came by HTTP.
    pub http: bool,
}

/// Why a request cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// A direct invoke without method and path.
    #[error("Send `method` and `path`, and where needed `query`, `headers` and `body`.")]
    NoRoute,
    /// A body that is said to be base64 and is not.
    #[error("The body is not base64.")]
    NotBase64,
    /// `If-Match` without a version.
    #[error("`If-Match` must be the version as `ETag` gave it, such as \"3\".")]
    BadIfMatch,
}

impl Request {
    /// Whether an event is an HTTP API's.
    #[must_use]
    pub fn is_http(event: &Value) -> bool {
        event.pointer("/requestContext/http").is_some()
    }

    /// Reads an event.
    ///
    /// # Errors
    /// See [`Unreadable`].
    pub fn read(event: &Value) -> Result<Self, Unreadable> {
        if Self::is_http(event) { Self::by_http(event) } else { Self::direct(event) }
    }

    fn by_http(event: &Value) -> Result<Self, Unreadable> {
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
        let body = text("/body").unwrap_or_default();
        let encoded = event.get("isBase64Encoded").and_then(Value::as_bool) == Some(true);
        let raw = if encoded { STANDARD.decode(body).map_err(|_bad| Unreadable::NotBase64)? } else { body.into() };
        Ok(Self {
            method: text("/requestContext/http/method").unwrap_or_default().to_owned(),
            path: text("/rawPath").unwrap_or_default().to_owned(),
            query: pairs(event.get("queryStringParameters")),
            raw,
            if_match: if_match(event)?,
            by: text("/requestContext/authorizer/iam/userArn").unwrap_or("an unnamed caller").to_owned(),
            http: true,
        })
    }

    /// IAM has let the caller invoke the function; who it is does not reach us.
    fn direct(event: &Value) -> Result<Self, Unreadable> {
        let text = |name: &str| event.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(Self {
            method: text("method").ok_or(Unreadable::NoRoute)?,
            path: text("path").ok_or(Unreadable::NoRoute)?,
            query: pairs(event.get("query")),
            raw: event
                .get("body")
                .filter(|body| !body.is_null())
                .map(|body| body.to_string().into())
                .unwrap_or_default(),
            if_match: if_match(event)?,
            by: "a direct invoke".to_owned(),
            http: false,
        })
    }

    /// The body as JSON; null when there is none.
    pub(crate) fn json(&self) -> Option<Value> {
        if self.raw.is_empty() { Some(Value::Null) } else { serde_json::from_slice(&self.raw).ok() }
    }
}

fn pairs(query: Option<&Value>) -> BTreeMap<String, String> {
    let pair = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
    query.and_then(Value::as_object).into_iter().flatten().filter_map(pair).collect()
}

/// `"3"`, `3` or `W/"3"`.
fn if_match(event: &Value) -> Result<Option<u64>, Unreadable> {
    let headers = event.get("headers").and_then(Value::as_object);
    let given = headers.into_iter().flatten().find(|(name, _)| name.eq_ignore_ascii_case("if-match"));
    let Some((_, value)) = given else { return Ok(None) };
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let digits = text.trim().trim_start_matches("W/").trim_matches('"');
    digits.parse().map(Some).map_err(|_bad| Unreadable::BadIfMatch)
}
