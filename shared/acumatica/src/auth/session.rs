//! The session of one process: hands out the shared token and renews it when it is this worker's turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use http::{HeaderName, Method};
use jiff::{SignedDuration, Timestamp};
use seams::clock::Clock;
use seams::http::{Request, Transport};
use seams::{Class, Secret};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::{Lease, Slot, Token, TokenStore};
use crate::client::{Connection, encode};
use crate::error::table::{CREDENTIALS, Call, TOKEN_BUSY, TOKEN_STORE};
use crate::error::{Cause, Error, Undecodable, parse};

/// How long one grant may take. Sign-ins were measured at 0.1 to 0.3 s; the rest is room for a cold start.
const GRANT_TIMEOUT: Duration = Duration::from_secs(20);
/// How long one worker may keep the others from renewing: two grants, the refused refresh and the password, and a little.
const LEASE: SignedDuration = SignedDuration::from_secs(45);
/// How often a worker that waits for another one's renewal looks again.
const POLL: Duration = Duration::from_secs(1);
/// Looks before giving up. At one a second this outlasts the lease of a worker that died while renewing.
const LOOKS: u32 = 60;
/// A token this near its end is not sent any more: it could end while the request waits in Acumatica's queue.
const MARGIN: SignedDuration = SignedDuration::from_secs(30);
/// One session per grant, renewed without the password.
const SCOPE: &str = "api offline_access";

/// Shared by all calls of one client.
pub(crate) struct Session {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    store: Arc<dyn TokenStore>,
    owner: String,
    newest: Mutex<Option<Token>>,
    grants: AtomicU32,
}

#[derive(Deserialize)]
struct Granted {
    access_token: Secret,
    expires_in: u32,
    refresh_token: Option<Secret>,
}

impl Session {
    pub(crate) fn new(transport: Arc<dyn Transport>, clock: Arc<dyn Clock>, store: Arc<dyn TokenStore>) -> Self {
        let owner = clock.id();
        Self { transport, clock, store, owner, newest: Mutex::new(None), grants: AtomicU32::new(0) }
    }

    /// Requests to the token endpoint so far.
    pub(crate) fn grants(&self) -> u32 {
        self.grants.load(Ordering::Relaxed)
    }

    /// A token that is worth sending. `rejected` is one that Acumatica has just answered 401 to.
    pub(crate) async fn token(
        &self,
        connection: &Connection,
        rejected: Option<&Token>,
        attempted: &str,
    ) -> Result<Token, Error> {
        // Held across the renewal, so that one process asks the store and the ERP only once.
        let mut newest = self.newest.lock().await;
        if let Some(token) =
            newest.as_ref().filter(|token| self.clock.now() < token.renew_at && !is_same(token, rejected))
        {
            return Ok(token.clone());
        }
        for _ in 0..LOOKS {
            let slot = self.store.load().await.map_err(|cause| store_failed(cause, attempted))?;
            let now = self.clock.now();
            let usable = slot.token.clone().filter(|token| !is_same(token, rejected));
            if let Some(token) = usable.clone().filter(|token| now < token.renew_at) {
                *newest = Some(token.clone());
                return Ok(token);
            }
            if slot.lease.as_ref().is_some_and(|lease| lease.until > now && lease.owner != self.owner) {
                // Somebody is renewing. The old token still serves in the meantime, but is not remembered, so that the next call looks again.
                if let Some(token) = usable.clone().filter(|token| now < before(token.expires_at, MARGIN)) {
                    return Ok(token);
                }
                self.clock.sleep(POLL).await;
                continue;
            }
            match (self.renew(connection, slot, now, attempted).await, usable) {
                (Ok(Some(token)), _) => {
                    *newest = Some(token.clone());
                    return Ok(token);
                }
                (Ok(None), _) => {}
                // A fifth of the old token's life is left for the sign-in to come back.
                (Err(error), Some(token)) if now < before(token.expires_at, MARGIN) => {
                    tracing::warn!(
                        platform = "acumatica",
                        code = error.code,
                        "the token was not renewed and is used on"
                    );
                    return Ok(token);
                }
                (Err(error), _) => return Err(error),
            }
        }
        Err(Error::bare(Class::Transient, TOKEN_BUSY, attempted, None))
    }

    /// Takes the lease, asks for a token, stores it. Nothing if another worker was faster at either write.
    async fn renew(
        &self,
        connection: &Connection,
        slot: Slot,
        now: Timestamp,
        attempted: &str,
    ) -> Result<Option<Token>, Error> {
        let lease = Lease { owner: self.owner.clone(), until: after(now, LEASE) };
        let leased = Slot { lease: Some(lease), ..slot.clone() };
        let taken = self.store.replace(slot.rev, &leased).await.map_err(|cause| store_failed(cause, attempted))?;
        let Some(rev) = taken else {
            return Ok(None);
        };
        let token = match self.grant(connection, slot.token.as_ref(), attempted).await {
            Ok(token) => token,
            Err(error) => {
                let released = Slot { lease: None, ..slot };
                if let Err(cause) = self.store.replace(rev, &released).await {
                    tracing::warn!(platform = "acumatica", cause = %cause, "the lease on the token was not released and runs out by itself");
                }
                return Err(error);
            }
        };
        let renewed = Slot { rev, token: Some(token.clone()), lease: None };
        let saved = self.store.replace(rev, &renewed).await.map_err(|cause| store_failed(cause, attempted))?;
        Ok(saved.map(|_| token))
    }

    /// The refresh grant if there is something to refresh, and the password grant if there is not or it is refused.
    async fn grant(&self, connection: &Connection, previous: Option<&Token>, attempted: &str) -> Result<Token, Error> {
        if let Some(refresh) = previous.and_then(|token| token.refresh.as_ref()) {
            let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.expose())];
            match self.ask(connection, &form, attempted).await {
                Err(error) if error.code == CREDENTIALS => {
                    tracing::info!(
                        platform = "acumatica",
                        "the refresh token was refused, signing in with the password"
                    );
                }
                Ok(mut token) => {
                    token.refresh = token.refresh.or_else(|| Some(refresh.clone()));
                    return Ok(token);
                }
                Err(error) => return Err(error),
            }
        }
        let credentials = connection.credentials();
        let form = [
            ("grant_type", "password"),
            ("username", &credentials.username),
            ("password", credentials.password.expose()),
            ("scope", SCOPE),
        ];
        self.ask(connection, &form, attempted).await
    }

    /// `POST {base}/identity/connect/token`.
    async fn ask(&self, connection: &Connection, form: &[(&str, &str)], attempted: &str) -> Result<Token, Error> {
        let attempted = format!("sign in to Acumatica in order to {attempted}");
        let credentials = connection.credentials();
        let client =
            [("client_id", credentials.client_id.as_str()), ("client_secret", credentials.client_secret.expose())];
        let pairs: Vec<String> =
            form.iter().chain(&client).map(|(key, value)| format!("{key}={}", encode(value))).collect();
        let mut request = Request::new(Bytes::from(pairs.join("&")));
        *request.method_mut() = Method::POST;
        let uri = format!("{}/identity/connect/token", connection.base_url());
        *request.uri_mut() = uri.parse().expect("invariant: a checked base URL and a fixed path make a URL");
        let headers: [(HeaderName, &str); 2] =
            [(CONTENT_TYPE, "application/x-www-form-urlencoded"), (ACCEPT, "application/json")];
        for (name, value) in headers {
            request.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        let asked_at = self.clock.now();
        self.grants.fetch_add(1, Ordering::Relaxed);
        let answer = self
            .transport
            .send(request, GRANT_TIMEOUT)
            .await
            .map_err(|failure| Error::from_failure(failure, Call::Token, &attempted))?;
        tracing::debug!(platform = "acumatica", status = answer.status().as_u16(), "asked for a token");
        if !answer.status().is_success() || seams::quote::is_html(None, answer.body()) {
            return Err(Error::from_answer(&answer, Call::Token, &attempted));
        }
        let granted = parse::<Granted>(answer.body()).and_then(Granted::checked);
        let granted = granted.map_err(|cause| Error::undecodable(cause, Call::Token, &attempted))?;
        let life = i64::from(granted.expires_in);
        Ok(Token {
            access: granted.access_token,
            refresh: granted.refresh_token,
            renew_at: after(asked_at, SignedDuration::from_secs(life * 4 / 5)),
            expires_at: after(asked_at, SignedDuration::from_secs(life)),
        })
    }
}

impl Granted {
    /// The access token must fit into a header.
    fn checked(self) -> Result<Self, Undecodable> {
        let text = self.access_token.expose();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(self)
        } else {
            Err(Undecodable { path: "access_token".to_owned(), what: "not visible ASCII".to_owned() })
        }
    }
}

fn is_same(token: &Token, rejected: Option<&Token>) -> bool {
    rejected.is_some_and(|rejected| rejected.access.expose() == token.access.expose())
}

fn store_failed(cause: Cause, attempted: &str) -> Error {
    Error::bare(Class::Transient, TOKEN_STORE, attempted, Some(cause))
}

fn after(instant: Timestamp, by: SignedDuration) -> Timestamp {
    instant.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn before(instant: Timestamp, by: SignedDuration) -> Timestamp {
    instant.checked_sub(by).unwrap_or(Timestamp::MIN)
}
