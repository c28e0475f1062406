//! Who calls, and what they may.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use seams::http::Request;
use serde_json::json;

use super::config::{ALL_RESOURCES, Config};
use super::error::ApiError;
use super::oauth;

/// Passes if the caller holds the resource. A dead bearer token makes its bearer a guest, so it is answered exactly like a
/// missing right (Magento 2.4.6, module-webapi TokenUserContext and framework Webapi/Authorization); OAuth errors speak for themselves.
pub(crate) fn authorize(
    request: &Request,
    resource: &str,
    config: &Config,
    nonces: &mut HashSet<(String, String)>,
    now: Timestamp,
) -> Result<(), ApiError> {
    if resource == "anonymous" {
        return Ok(());
    }
    let header = request.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let granted = if header.to_ascii_lowercase().contains("oauth ") {
        Some(&oauth::verify(header, request, &config.integrations, nonces, now)?.resources)
    } else {
        bearer(header, config)
    };
    if granted.is_some_and(|granted| granted.contains(resource) || granted.contains(ALL_RESOURCES)) {
        return Ok(());
    }
    let message = "The consumer isn't authorized to access %resources.";
    Err(ApiError::new(401, message).with(json!({"resources": resource})))
}

/// The rights behind a bearer token; none for a token that is unknown, revoked, or an integration's while that is switched off.
fn bearer<'a>(header: &str, config: &'a Config) -> Option<&'a BTreeSet<String>> {
    let mut words = header.split_ascii_whitespace();
    let (scheme, token) = (words.next()?, words.next()?);
    if !scheme.eq_ignore_ascii_case("bearer") || words.next().is_some() {
        return None;
    }
    let admin = config.admin_tokens.iter().find(|admin| admin.token == token && !admin.revoked);
    let integration = || {
        let live = config.integrations.iter().find(|live| live.access_token == token && !live.revoked);
        live.filter(|_| config.integration_token_as_bearer).map(|live| &live.resources)
    };
    admin.map(|admin| &admin.resources).or_else(integration)
}
