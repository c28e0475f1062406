//! The two ways of asking, and what an answer must be.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Who asks by HTTP.
pub(crate) const ARN: &str = "arn:aws:sts::123456789012:assumed-role/Operator/jordan";

/// How a request comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    Direct,
    Http,
    Base64,
}

impl Via {
    pub(crate) const ALL: [Via; 3] = [Via::Direct, Via::Http, Via::Base64];
}

/// A request in the words of `infra/admin-api.md`.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    method: String,
    path: String,
    query: Value,
    headers: Value,
    body: Option<Value>,
}

/// `GET /admin/…`.
pub(crate) fn ask(request: &str) -> Ask {
    let (method, path) = request.split_once(' ').expect("a method and a path");
    Ask { method: method.to_owned(), path: path.to_owned(), query: json!({}), headers: json!({}), body: None }
}

impl Ask {
    pub(crate) fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    pub(crate) fn query(mut self, query: Value) -> Self {
        self.query = query;
        self
    }

    pub(crate) fn if_match(mut self, version: &str) -> Self {
        self.headers = json!({ "If-Match": version });
        self
    }

    /// The event as Lambda hands it over.
    pub(crate) fn event(&self, via: Via) -> Value {
        let text = self.body.as_ref().map(Value::to_string);
        match via {
            Via::Direct => json!({
                "method": self.method, "path": self.path, "query": self.query, "headers": self.headers,
                "body": self.body,
            }),
            Via::Http => self.http(text.map(Value::String), false),
            Via::Base64 => self.http(text.map(|text| Value::String(STANDARD.encode(text))), true),
        }
    }

    /// Payload format 2.0, which leaves out what a request does not have and writes names of headers in lower case.
    fn http(&self, body: Option<Value>, encoded: bool) -> Value {
        let headers = self.headers.as_object().into_iter().flatten();
        let headers: serde_json::Map<String, Value> =
            headers.map(|(name, value)| (name.to_lowercase(), value.clone())).collect();
        let mut event = json!({
            "version": "2.0",
            "routeKey": "ANY /admin/{proxy+}",
            "rawPath": self.path,
            "headers": headers,
            "isBase64Encoded": encoded,
            "requestContext": {
                "accountId": "123456789012",
                "authorizer": { "iam": { "accountId": "123456789012", "userArn": ARN } },
                "http": { "method": self.method, "path": self.path, "protocol": "HTTP/1.1" },
                "stage": "$default",
            },
        });
        if self.query.as_object().is_some_and(|query| !query.is_empty()) {
            event["queryStringParameters"] = self.query.clone();
        }
        if let Some(body) = body {
            event["body"] = body;
        }
        event
    }
}

/// An answer, whichever way it went.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u64,
    pub(crate) headers: Value,
    pub(crate) body: Value,
}

impl Answer {
    /// The sentence of a refusal, which must be one and of that status.
    pub(crate) fn refused(&self, status: u64) -> &str {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(self.body["status"], status);
        assert!(self.body["title"].as_str().is_some_and(|title| !title.is_empty()), "{}", self.body);
        self.body["detail"].as_str().expect("a refusal says why")
    }

    /// The body of a success.
    pub(crate) fn good(self, status: u64) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/json");
        self.body
    }
}
