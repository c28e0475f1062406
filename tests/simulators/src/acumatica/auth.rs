//! The token endpoint and the sessions behind it.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use seams::http::Response;
use serde_json::json;

use super::answer::{json, text};
use super::config::Config;
use super::record::guid;

/// An access token lives 3600 s (Integration Development Guide, "OAuth 2.0").
pub(crate) const TOKEN_LIFE: Duration = Duration::from_secs(3600);

/// One grant. With `offline_access` it is one session, reused across refreshes (Integration Development Guide, "Sign-Out").
#[derive(Clone, Debug)]
pub(crate) struct Session {
    scope: String,
    refresh: Option<String>,
    expires: Timestamp,
    /// One session runs one request at a time (ASP.NET session lock, measured on 26.101).
    pub(crate) busy_until: Timestamp,
}

/// All sessions and tokens.
#[derive(Clone, Debug, Default)]
pub(crate) struct Auth {
    sessions: BTreeMap<u64, Session>,
    /// Access token → session and expiry.
    tokens: BTreeMap<String, (u64, Timestamp)>,
    issued: u64,
}

impl Auth {
    /// `POST /identity/connect/token`.
    pub(crate) fn token(&mut self, config: &Config, now: Timestamp, form: &BTreeMap<String, String>) -> Response {
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        if field("client_id") != config.client_id() || field("client_secret") != config.client_secret {
            return refused("invalid_client");
        }
        match field("grant_type") {
            "password" => {
                let scope = field("scope");
                let known = ["api", "offline_access", "openid"];
                if !scope.split(' ').all(|part| known.contains(&part)) || !scope.split(' ').any(|part| part == "api") {
                    return refused("invalid_scope");
                }
                if field("username") != config.username || field("password") != config.password {
                    return refused("invalid_grant");
                }
                if config.session_limit.is_some_and(|limit| self.live(now) >= limit) {
                    return login_limit();
                }
                self.issued += 1;
                let session = Session { scope: scope.to_owned(), refresh: None, expires: now, busy_until: now };
                self.sessions.insert(self.issued, session);
                self.issue(now, self.issued)
            }
            "refresh_token" => {
                let sent = field("refresh_token");
                let found = self.sessions.iter().find(|(_, session)| session.refresh.as_deref() == Some(sent));
                match found.map(|(id, _)| *id) {
                    Some(id) => self.issue(now, id),
                    None => refused("invalid_grant"),
                }
            }
            _ => refused("unsupported_grant_type"),
        }
    }

    /// Issues an access token, and with `offline_access` a refresh token that replaces the one before (seen by third parties).
    fn issue(&mut self, now: Timestamp, id: u64) -> Response {
        self.issued += 1;
        let access = format!("at-{}", guid(self.issued, 1));
        let expires = now + TOKEN_LIFE;
        self.tokens.insert(access.clone(), (id, expires));
        let session = self.sessions.get_mut(&id).expect("the caller just found it");
        session.expires = expires;
        let mut answer = json!({
            "access_token": access, "expires_in": TOKEN_LIFE.as_secs(), "token_type": "Bearer", "scope": session.scope,
        });
        if session.scope.split(' ').any(|part| part == "offline_access") {
            let refresh = format!("rt-{}", guid(self.issued, 2));
            answer["refresh_token"] = json!(refresh);
            session.refresh = Some(refresh);
        }
        json(200, &answer.to_string())
    }

    /// The session of a request's bearer token; `None` is a 401.
    pub(crate) fn session(&self, now: Timestamp, authorization: Option<&str>) -> Option<u64> {
        let token = authorization?.strip_prefix("Bearer ")?;
        self.tokens.get(token).filter(|(_, expires)| now < *expires).map(|(id, _)| *id)
    }

    /// Queues a request of `length` behind those its session still runs; returns when it ends.
    pub(crate) fn occupy(&mut self, now: Timestamp, session: u64, length: Duration) -> Timestamp {
        let session = self.sessions.get_mut(&session).expect("a token's session exists");
        session.busy_until = session.busy_until.max(now) + length;
        session.busy_until
    }

    /// Makes every access token expire at once, as an operator's revocation or a recycled application does.
    pub(crate) fn expire_access_tokens(&mut self) {
        self.tokens.clear();
    }

    /// Ends every grant: refresh tokens are refused too.
    pub(crate) fn revoke_all(&mut self) {
        self.tokens.clear();
        self.sessions.clear();
    }

    /// Sessions that hold a seat: those whose newest access token has not expired.
    pub(crate) fn live(&self, now: Timestamp) -> usize {
        self.sessions.values().filter(|session| now < session.expires).count()
    }
}

/// Standard OAuth errors with 400 (inferred from the documented use of OpenID Connect).
fn refused(code: &str) -> Response {
    json(400, &json!({"error": code}).to_string())
}

/// Exhausted seats show as an HTML page of this title (release notes of grp-mcp); the status is not established.
fn login_limit() -> Response {
    let body =
        "<!DOCTYPE html><html><head><title>API Login Limit</title></head><body><h1>API Login Limit</h1></body></html>";
    text(500, "text/html; charset=utf-8", body.to_owned())
}
