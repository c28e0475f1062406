//! Adobe I/O Events: what Commerce has handed to Adobe, delivered at least once and in any order (Adobe Developer, "I/O Events").
//!
//! - Two signatures, `x-adobe-digital-signature-1` and `-2`, are the base64 of RSA signatures over the raw body. The public keys are
//!   files on [`HOST`], whose paths the request names; one valid signature suffices, because Adobe replaces the keys in turn.
//! - The keys are the same for all of Adobe's customers. So who may send is decided by the client id in the body: [`events`].
//! - The body is an event of CloudEvents 1.0, or a list of them where the registration asks for batches.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use seams::clock::Clock;
use seams::http::{Request, Transport};
use serde_json::Value;
use thiserror::Error;

use super::{BadBody, Event, PublicKey, Unverified, Verified, ids};

/// Where Adobe's public keys are. A request names paths only, so that no request can send us elsewhere.
pub const HOST: &str = "https://static.adobeioevents.com";

/// The headers of a signature and of the path of its key, in pairs.
pub const HEADERS: [(&str, &str); 2] = [
    ("x-adobe-digital-signature-1", "x-adobe-public-key1-path"),
    ("x-adobe-digital-signature-2", "x-adobe-public-key2-path"),
];

/// How long a key is used before it is fetched again, as Adobe asks.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Two keys may have to be fetched for a request that Adobe gives ten seconds.
const PATIENCE: Duration = Duration::from_secs(3);
/// Adobe uses two keys at a time; what strangers' requests name must not grow without bound.
const MOST_KEPT: usize = 16;
/// A path is short, and so is a key.
const MOST_PATH: usize = 256;
const MOST_KEY: usize = 16 * 1024;

/// What of a request proves it: for each of [`HEADERS`] the signature and the path, if they are there.
pub type Signatures<'r> = [(Option<&'r str>, Option<&'r str>); 2];

/// Adobe's public keys, fetched when first needed.
pub struct Keys {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    kept: Mutex<BTreeMap<String, Kept>>,
}

struct Kept {
    fetched: Timestamp,
    key: PublicKey,
}

/// Why there is no key.
enum NoKey {
    /// Adobe has none at that path, or it cannot be a path of a key.
    Wrong,
    /// Adobe's host is away.
    Away,
}

impl Keys {
    /// No keys yet.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>, clock: Arc<dyn Clock>) -> Self {
        Self { transport, clock, kept: Mutex::default() }
    }

    /// Checks the signatures of a request.
    ///
    /// # Errors
    /// [`Unverified`]; [`Unverified::KeyAway`] only when no signature fits and one could not be judged.
    pub async fn verify<'a>(&self, signatures: Signatures<'_>, raw: &'a [u8]) -> Result<Verified<'a>, Unverified> {
        let mut why = Unverified::NoSignature;
        for (signature, path) in signatures {
            let (Some(signature), Some(path)) = (signature, path) else { continue };
            let Ok(signature) = STANDARD.decode(signature) else {
                why = worse(why, Unverified::Mismatch);
                continue;
            };
            match self.key(path).await {
                Ok(key) if key.fits(raw, &signature) => return Ok(Verified { raw }),
                Ok(_) | Err(NoKey::Wrong) => why = worse(why, Unverified::Mismatch),
                Err(NoKey::Away) => why = Unverified::KeyAway,
            }
        }
        Err(why)
    }

    async fn key(&self, path: &str) -> Result<PublicKey, NoKey> {
        if !is_path(path) {
            return Err(NoKey::Wrong);
        }
        let now = self.clock.now();
        let fresh = |kept: &Kept| now.duration_since(kept.fetched) < KEPT;
        if let Some(kept) = self.kept().get(path).filter(|kept| fresh(kept)) {
            return Ok(kept.key.clone());
        }
        let key = self.fetch(path).await?;
        let mut kept = self.kept();
        kept.retain(|_, kept| fresh(kept));
        if kept.len() >= MOST_KEPT {
            let oldest = kept.iter().min_by_key(|(_, kept)| kept.fetched).map(|(path, _)| path.clone());
            oldest.and_then(|path| kept.remove(&path));
        }
        kept.insert(path.to_owned(), Kept { fetched: now, key: key.clone() });
        Ok(key)
    }

    async fn fetch(&self, path: &str) -> Result<PublicKey, NoKey> {
        let request = http::Request::get(format!("{HOST}{path}")).body(Bytes::new());
        let request: Request = request.map_err(|_no_uri| NoKey::Wrong)?;
        let answer = self.transport.send(request, PATIENCE).await.map_err(|error| {
            tracing::warn!(error = %error, "A public key of Adobe's could not be fetched");
            NoKey::Away
        })?;
        let status = answer.status();
        if status.is_server_error() || status.as_u16() == 429 {
            tracing::warn!(status = status.as_u16(), "A public key of Adobe's could not be fetched");
            return Err(NoKey::Away);
        }
        let text = std::str::from_utf8(answer.body()).ok().filter(|text| status == 200 && text.len() <= MOST_KEY);
        text.and_then(|text| PublicKey::from_pem(text).ok()).ok_or(NoKey::Wrong)
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<String, Kept>> {
        // Every change is one insertion or removal, so what a panic leaves behind is whole.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is told of a request none of whose signatures fits: a key that is away may be the one that would have.
fn worse(before: Unverified, now: Unverified) -> Unverified {
    if before == Unverified::KeyAway { before } else { now }
}

/// Whether it is the path of a file and of nothing else: no other host, no way up, no query, nothing encoded.
fn is_path(path: &str) -> bool {
    let is_name = |name: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        !name.is_empty() && !name.starts_with('.') && name.bytes().all(plain)
    };
    path.len() <= MOST_PATH && path.strip_prefix('/').is_some_and(|names| names.split('/').all(is_name))
}

/// One event of a request.
#[derive(Debug, PartialEq, Eq)]
pub struct Delivered {
    /// What it is about; none for a type that this release does not know.
    pub event: Option<Event>,
    /// The records it is about; empty for an unknown type.
    pub ids: Result<Vec<u64>, BadBody>,
}

/// Why no event of a request is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadEvents {
    /// The body is not JSON.
    #[error("the body is not JSON")]
    NotJson,
    /// The body is neither an event nor a list of events.
    #[error("the body is neither an event nor a list of events")]
    NotEvents,
    /// An event is meant for another project of Adobe's developer console, or does not say for which.
    #[error("an event is meant for another client")]
    WrongRecipient,
}

/// The events of a request, all of them meant for the client id that the shop's project has.
///
/// # Errors
/// [`BadEvents`]; one event that is meant for somebody else spoils the request, because Adobe never mixes them.
pub fn events(verified: &Verified<'_>, client_id: &str) -> Result<Vec<Delivered>, BadEvents> {
    let body: Value = serde_json::from_slice(verified.raw).map_err(|_syntax| BadEvents::NotJson)?;
    let list = match &body {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    list.iter().map(|event| delivered(event, client_id)).collect()
}

fn delivered(event: &Value, client_id: &str) -> Result<Delivered, BadEvents> {
    if !event.is_object() {
        return Err(BadEvents::NotEvents);
    }
    // Both spellings are sent until one of them disappears.
    let mut recipients = ["recipient_client_id", "recipientclientid"].into_iter().filter_map(|name| event.get(name));
    let first = recipients.next().ok_or(BadEvents::WrongRecipient)?;
    if !(first == client_id && recipients.all(|other| other == client_id)) {
        return Err(BadEvents::WrongRecipient);
    }
    let known = event.get("type").and_then(Value::as_str).and_then(Event::of_type);
    // Older deliveries have the data one level deeper.
    let data = event.get("data").or_else(|| event.pointer("/event/data")).unwrap_or(&Value::Null);
    Ok(Delivered { event: known, ids: known.map_or(Ok(Vec::new()), |event| ids::in_value(data, event)) })
}

#[cfg(test)]
#[path = "adobe_io_tests.rs"]
mod tests;
