//! The HTTP seam: one request in, one answer or one classified failure out. No retries, no redirects, no cookies.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use thiserror::Error;

/// A whole request: method, absolute URI, headers, body.
pub type Request = ::http::Request<Bytes>;
/// A whole answer, its body read to the end.
pub type Response = ::http::Response<Bytes>;

/// Why there is no answer. The variants differ in what the other side may have done.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Failure {
    /// Nothing was sent: the name did not resolve, the connection was refused, the TLS handshake failed.
    #[error("not sent: {0}")]
    Unsent(String),
    /// Something was sent and the answer did not arrive whole: the request may have been carried out.
    #[error("interrupted: {0}")]
    Interrupted(String),
    /// No answer within the time-out: the request may have been carried out, or may be carried out later.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
}

/// Sends requests. One implementation for production ([`Reqwest`]), one per simulator.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends `request` and reads the whole answer, giving up after `timeout`.
    ///
    /// # Errors
    /// A [`Failure`] when there is no complete answer. Any HTTP status is an answer.
    async fn send(&self, request: Request, timeout: Duration) -> Result<Response, Failure>;
}

/// The real transport.
#[derive(Clone, Debug)]
pub struct Reqwest {
    client: reqwest::Client,
}

impl Reqwest {
    /// How long a connection may take to be established, TLS included.
    pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

    /// Builds the client: TLS by ring, no redirects (an order must not follow one to another host), no proxy from the environment.
    ///
    /// # Errors
    /// When the TLS backend cannot be set up.
    pub fn new() -> Result<Self, reqwest::Error> {
        // A second installation is refused, which is fine: the first one is the same provider.
        let _already_installed = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .connect_timeout(Self::CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .user_agent(concat!("Causeway/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client })
    }
}

#[async_trait]
impl Transport for Reqwest {
    async fn send(&self, request: Request, timeout: Duration) -> Result<Response, Failure> {
        let (parts, body) = request.into_parts();
        let sent = self
            .client
            .request(parts.method, parts.uri.to_string())
            .headers(parts.headers)
            .body(body)
            .timeout(timeout)
            .send()
            .await
            .map_err(|error| failure(&error, timeout))?;
        let mut answer = Response::new(Bytes::new());
        *answer.status_mut() = sent.status();
        *answer.headers_mut() = sent.headers().clone();
        *answer.body_mut() = sent.bytes().await.map_err(|error| failure(&error, timeout))?;
        Ok(answer)
    }
}

/// A connect error means that nothing was sent; everything else may have reached the other side.
fn failure(error: &reqwest::Error, timeout: Duration) -> Failure {
    let text = chain(error);
    if error.is_connect() || error.is_builder() {
        Failure::Unsent(text)
    } else if error.is_timeout() {
        Failure::TimedOut(timeout)
    } else {
        Failure::Interrupted(text)
    }
}

/// The error and its causes in one line. reqwest's own text would repeat the URL, which can carry an e-mail in a filter.
fn chain(error: &reqwest::Error) -> String {
    let mut text = String::from(if error.is_connect() { "connect" } else { "transfer" });
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
