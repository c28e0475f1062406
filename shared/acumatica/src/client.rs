//! The client: one request at a time, each with the exact URL and one time-out. The only repetition is the one after a 401, which Acumatica
//! answers before it does anything.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use seams::clock::Clock;
use seams::http::{Request, Response, Transport};
use seams::{Class, Secret};
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::auth::session::Session;
use crate::auth::{Token, TokenStore};
use crate::error::body::is_login_limit;
use crate::error::table::{self, Call};
use crate::error::{Error, parse};

mod call;
mod connection;
mod put;

pub(crate) use call::encode;
pub use call::{Page, Put, Query};
pub use connection::{BadConnection, Connection, Endpoint, Endpoints};

/// How long a write may take, counted from the permit. Clients of Acumatica use 120 s because of cold starts after recycling; the server may
/// go on for ten minutes more, which is why a time-out leaves the end of a write unknown.
pub const WRITE_TIMEOUT: Duration = Duration::from_secs(120);
/// How long a read may take, counted from the permit: half a write's, because nothing is saved.
pub const READ_TIMEOUT: Duration = Duration::from_secs(60);
/// The part of a time-out that must be left for a request to be sent: with less it would be given up while Acumatica is still at it.
const LEAST: u32 = 2;

/// Calls one tenant's endpoint.
pub struct Client {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    connection: Connection,
    session: Session,
    permit: Semaphore,
    calls: AtomicU32,
    write_timeout: Duration,
}

impl Client {
    /// A client with its own permit for one request at a time: Acumatica runs the requests of one session one after another anyway, and
    /// here they do not use up its queue. Keep one client per connection and process.
    #[must_use]
    pub fn new(
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        connection: Connection,
        store: Arc<dyn TokenStore>,
    ) -> Self {
        let session = Session::new(transport.clone(), clock.clone(), store);
        Self {
            transport,
            clock,
            connection,
            session,
            permit: Semaphore::new(1),
            calls: AtomicU32::new(0),
            write_timeout: WRITE_TIMEOUT,
        }
    }

    /// The same client with another time-out for writes, a deployment's parameter. Reads never wait longer than writes.
    #[must_use]
    pub fn with_write_timeout(self, write_timeout: Duration) -> Self {
        Self { write_timeout, ..self }
    }

    /// Requests sent to the endpoint so far, failed and repeated ones included, sign-ins not.
    #[must_use]
    pub fn calls(&self) -> u32 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Requests to the token endpoint so far.
    #[must_use]
    pub fn sign_ins(&self) -> u32 {
        self.session.grants()
    }

    /// Inserts or updates one record and returns it as saved, with the details that the query expands.
    ///
    /// Unknown members of the body are dropped by Acumatica without a word, so compare what comes back.
    ///
    /// # Errors
    /// [`Error::applied`] tells whether the write may have happened; [`Error::fields`] which fields were refused.
    pub async fn put(&self, put: &Put) -> Result<Value, Error> {
        let attempted = put.attempted();
        let url = self.connection.url(put.entity, &put.query);
        let body = Bytes::from(put.body.to_string());
        let answer = self.call(Call::Write, &url, &put.headers, body, &attempted).await?;
        decode(&answer, Call::Write, &attempted)
    }

    /// The records that a query finds; empty if none.
    ///
    /// # Errors
    /// [`Error`], which names the compared fields and never their values.
    pub async fn list(&self, entity: &str, query: &Query) -> Result<Vec<Value>, Error> {
        let attempted = query.attempted(entity);
        let sought = query.filter.as_ref().map(|filter| filter.values()).unwrap_or_default();
        let answer = self.read(&self.connection.url(entity, &query.pairs()), &attempted).await;
        match decode(&answer.map_err(|error| error.concealing(sought))?, Call::Read, &attempted)? {
            Value::Array(records) => Ok(records),
            _ => Err(not(Call::Read, "a list", &attempted)),
        }
    }

    /// One page of the records that a query finds, and whether it is the last: there is no total. The query's own `top` and `skip` do not count.
    /// Acumatica promises no order, and a record saved between two pages may be seen twice or not at all: count on neither.
    ///
    /// # Errors
    /// As [`Client::list`].
    pub async fn page(&self, entity: &str, query: &Query, skip: u32, top: u32) -> Result<Page, Error> {
        let query = Query { skip: Some(skip), top: Some(top), ..query.clone() };
        let records = self.list(entity, &query).await?;
        let is_last = u32::try_from(records.len()).is_ok_and(|length| length < top);
        Ok(Page { records, is_last })
    }

    /// The record with these keys, in the order of the screen's key fields (`["SO", "000123"]`), or nothing.
    ///
    /// # Errors
    /// [`Error`]; a key with a slash is refused here, because Acumatica can find such a record by its id only.
    pub async fn by_key(&self, entity: &str, keys: &[&str], expand: &[&str]) -> Result<Option<Value>, Error> {
        let attempted = seams::quote::quote(&format!("read {entity} {}", keys.join("/")));
        if keys.is_empty() || keys.iter().any(|key| key.is_empty() || key.contains(['/', '|'])) {
            return Err(Error::bad_request("a key is empty or contains a slash", &attempted));
        }
        let keys: Vec<String> = keys.iter().map(|key| encode(key)).collect();
        let query = Query { expand: expand.iter().map(|name| (*name).to_owned()).collect(), ..Query::default() };
        let url = self.connection.url(&format!("{entity}/{}", keys.join("/")), &query.pairs());
        match self.read(&url, &attempted).await {
            Ok(answer) => decode(&answer, Call::Read, &attempted).map(Some),
            Err(error) if error.code == table::RECORD_NOT_FOUND => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The endpoints that the instance serves, and its build where it tells: `GET {base}/entity`.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn endpoints(&self) -> Result<Endpoints, Error> {
        let attempted = "read the endpoints of Acumatica";
        let answer = self.read(&format!("{}/entity", self.connection.base_url()), attempted).await?;
        Endpoints::read(decode(&answer, Call::Read, attempted)?)
            .map_err(|cause| Error::undecodable(cause, Call::Read, attempted))
    }

    async fn read(&self, url: &str, attempted: &str) -> Result<Response, Error> {
        self.call(Call::Read, url, &[], Bytes::new(), attempted).await
    }

    /// Permit, token, request; after a 401 a fresh token and the request once more.
    async fn call(
        &self,
        call: Call,
        url: &str,
        headers: &[(String, String)],
        body: Bytes,
        attempted: &str,
    ) -> Result<Response, Error> {
        let request = request(call, url, headers, body, attempted)?;
        let _permit = self.permit.acquire().await.expect("invariant: the semaphore is never closed");
        let started = self.clock.now();
        let mut rejected: Option<Token> = None;
        loop {
            let token = self.session.token(&self.connection, rejected.as_ref(), attempted).await?;
            let total = if call == Call::Write { self.write_timeout } else { READ_TIMEOUT.min(self.write_timeout) };
            let spent = Duration::try_from(self.clock.now().duration_since(started)).unwrap_or_default();
            let left = total.saturating_sub(spent);
            if left < total / LEAST {
                return Err(Error::bare(Class::NotReady, table::TIME_OUT, attempted, None));
            }
            let answer = self.send(with_token(&request, &token.access), left, call, attempted).await?;
            if answer.status() == StatusCode::UNAUTHORIZED && rejected.is_none() {
                rejected = Some(token);
            } else if answer.status().is_success() && !is_html(&answer) {
                return Ok(answer);
            } else if answer.status().is_success() && !is_login_limit(answer.body()) {
                return Err(not(call, "JSON but a web page", attempted));
            } else {
                return Err(Error::from_answer(&answer, call, attempted));
            }
        }
    }

    async fn send(&self, request: Request, left: Duration, call: Call, attempted: &str) -> Result<Response, Error> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let sent = self.transport.send(request, left).await;
        let answer = sent.map_err(|failure| Error::from_failure(failure, call, attempted))?;
        tracing::debug!(platform = "acumatica", attempted, status = answer.status().as_u16(), "called Acumatica");
        Ok(answer)
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (calls, sign_ins) = (self.calls(), self.sign_ins());
        let mut text = f.debug_struct("Client");
        text.field("connection", &self.connection)
            .field("calls", &calls)
            .field("sign_ins", &sign_ins)
            .finish_non_exhaustive()
    }
}

/// Everything of a request but the token.
fn request(
    call: Call,
    url: &str,
    headers: &[(String, String)],
    body: Bytes,
    attempted: &str,
) -> Result<Request, Error> {
    let mut request = Request::new(body);
    *request.method_mut() = if call == Call::Write { Method::PUT } else { Method::GET };
    *request.uri_mut() = url.parse().map_err(|_| Error::bad_request("the entity does not make a URL", attempted))?;
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    if call == Call::Write {
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    for (name, value) in headers {
        let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) else {
            return Err(Error::bad_request("a header is not one", attempted));
        };
        request.headers_mut().insert(name, value);
    }
    Ok(request)
}

fn with_token(request: &Request, access: &Secret) -> Request {
    let mut request = request.clone();
    let bearer = HeaderValue::try_from(format!("Bearer {}", access.expose()));
    let mut bearer = bearer.expect("invariant: a granted token was checked to fit into a header");
    bearer.set_sensitive(true);
    request.headers_mut().insert(AUTHORIZATION, bearer);
    request
}

fn is_html(answer: &Response) -> bool {
    let content_type = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    seams::quote::is_html(content_type, answer.body())
}

fn decode(answer: &Response, call: Call, attempted: &str) -> Result<Value, Error> {
    parse(answer.body()).map_err(|cause| Error::undecodable(cause, call, attempted))
}

fn not(call: Call, what: &str, attempted: &str) -> Error {
    let cause = crate::error::Undecodable { path: ".".to_owned(), what: format!("not {what}") };
    Error::undecodable(cause, call, attempted)
}
