//! Events: proving that one comes from the shop, and reading from it which order it is about. Nothing else of an event is believed.
//!
//! The async-events module for Magento Open Source posts `{"data": <entity>}` with the header `x-magento-signature`, the lower-case hex
//! HMAC-SHA256 of the raw body. Modules that only send fixed headers are served by a shared secret.

use hmac::{Hmac, KeyInit as _, Mac as _};
use seams::Secret;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};
use thiserror::Error;

use crate::model::order::OrderId;
use crate::model::wire::Id;

/// The header that carries the signature or the secret unless the settings name another one.
pub const DEFAULT_HEADER: &str = "x-magento-signature";

/// How the shop proves that an event is its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// The header is the hex HMAC-SHA256 of the raw body under the secret.
    HmacSha256Hex,
    /// The header is the secret itself.
    SharedSecret,
}

/// Why an event is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unverified {
    /// No secret is configured, or an empty one, which anybody could sign with: our fault, not the sender's.
    #[error("no secret, or an empty one, is configured for this webhook")]
    NoSecret,
    /// The header is missing or empty.
    #[error("the event carries no signature")]
    NoSignature,
    /// The header fits none of the live secrets.
    #[error("the signature does not fit")]
    Mismatch,
}

/// Why a verified event does not say which order it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadBody {
    /// The body is not JSON.
    #[error("the body is not JSON")]
    NotJson,
    /// Neither `data.entity_id` nor `entity_id` is a positive whole number.
    #[error("the body names no order: expected data.entity_id or entity_id")]
    NoId,
}

/// The body of an event that came from the shop. Only [`verify`] makes one.
#[derive(Clone, Copy)]
pub struct Verified<'a> {
    raw: &'a [u8],
}

impl std::fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Verified({} bytes)", self.raw.len())
    }
}

/// Checks the header of an event against the live secrets: two while one is being replaced by another, else one.
///
/// Every secret is tried and compared in constant time, so that neither the place of the first difference nor which secret fitted shows.
///
/// # Errors
/// [`Unverified`], which never says how near the signature was.
pub fn verify<'a>(
    scheme: Scheme,
    header_value: Option<&[u8]>,
    raw: &'a [u8],
    secrets: &[Secret],
) -> Result<Verified<'a>, Unverified> {
    if secrets.is_empty() || secrets.iter().any(Secret::is_empty) {
        return Err(Unverified::NoSecret);
    }
    let given = header_value.filter(|value| !value.is_empty()).ok_or(Unverified::NoSignature)?;
    let mut fits = Choice::from(0);
    for secret in secrets {
        fits |= match scheme {
            Scheme::HmacSha256Hex => hex_mac(secret, raw).as_bytes().ct_eq(given),
            // Hashing first makes both sides equally long: a plain comparison would tell the length of the secret.
            Scheme::SharedSecret => Sha256::digest(secret.expose().as_bytes()).ct_eq(&Sha256::digest(given)),
        };
    }
    if bool::from(fits) { Ok(Verified { raw }) } else { Err(Unverified::Mismatch) }
}

fn hex_mac(secret: &Secret, raw: &[u8]) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).expect("invariant: HMAC takes keys of any length");
    mac.update(raw);
    hex::encode(mac.finalize().into_bytes())
}

#[derive(Deserialize)]
struct Hint {
    data: Option<Data>,
    entity_id: Option<Value>,
}

#[derive(Deserialize)]
struct Data {
    entity_id: Option<Value>,
}

impl Verified<'_> {
    /// The order that the event is about: `data.entity_id`, else `entity_id`, as a number or as digits in a string.
    ///
    /// # Errors
    /// [`BadBody`] when the body is not JSON or names no order.
    pub fn order_id(&self) -> Result<OrderId, BadBody> {
        let hint: Hint = serde_json::from_slice(self.raw)
            .map_err(|error| if error.is_data() { BadBody::NoId } else { BadBody::NotJson })?;
        let inner = hint.data.and_then(|data| data.entity_id).filter(|id| !id.is_null());
        let id = inner.or(hint.entity_id).ok_or(BadBody::NoId)?;
        let number = match &id {
            Value::Number(number) => number.as_u64(),
            Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
            _ => None,
        };
        number.filter(|number| *number > 0).map(|number| OrderId(Id(number))).ok_or(BadBody::NoId)
    }
}

#[cfg(test)]
mod tests {
    use seams::Secret;

    use super::{BadBody, Scheme, Unverified, verify};

    const BODY: &[u8] = br#"{"data":{"entity_id":12}}"#;
    /// Python: `hmac.new(b"old-secret", BODY, "sha256").hexdigest()`.
    const OLD: &str = "65430bf1893ea03a52c3c74813b2cbda34e02567fa307795f7d9af5400b72364";
    /// The same with `b"new-secret"`.
    const NEW: &str = "ce3bae35a1b439dd93be4ec6003b1f9b7fb903c7efb1b8200dc0a18127a6d1a9";

    fn secrets(texts: &[&str]) -> Vec<Secret> {
        texts.iter().map(|text| Secret::new(*text)).collect()
    }

    #[test]
    fn only_live_secrets_open_an_event() {
        use Scheme::{HmacSha256Hex, SharedSecret};
        let both: &[&str] = &["old-secret", "new-secret"];
        for (scheme, header, live, expected) in [
            (HmacSha256Hex, Some(OLD), both, Ok(())),
            (HmacSha256Hex, Some(NEW), both, Ok(())),
            (HmacSha256Hex, Some(OLD), &["new-secret"], Err(Unverified::Mismatch)),
            (HmacSha256Hex, Some("old-secret"), both, Err(Unverified::Mismatch)),
            (HmacSha256Hex, Some(&OLD[..63]), both, Err(Unverified::Mismatch)),
            (HmacSha256Hex, Some(""), both, Err(Unverified::NoSignature)),
            (HmacSha256Hex, None, both, Err(Unverified::NoSignature)),
            (HmacSha256Hex, Some(OLD), &[], Err(Unverified::NoSecret)),
            (HmacSha256Hex, Some(OLD), &["old-secret", ""], Err(Unverified::NoSecret)),
            (SharedSecret, Some("new-secret"), both, Ok(())),
            (SharedSecret, Some("new-secre"), both, Err(Unverified::Mismatch)),
            (SharedSecret, Some("new-secrets"), both, Err(Unverified::Mismatch)),
            (SharedSecret, Some(""), &[""], Err(Unverified::NoSecret)),
        ] {
            let result = verify(scheme, header.map(str::as_bytes), BODY, &secrets(live)).map(|_| ());
            assert_eq!(result, expected, "{scheme:?} {header:?} {live:?}");
        }
        let other = verify(HmacSha256Hex, Some(OLD.as_bytes()), br#"{"data":{"entity_id":13}}"#, &secrets(both));
        assert_eq!(other.map(|_| ()), Err(Unverified::Mismatch));
    }

    #[test]
    fn the_order_is_named_by_data_or_at_the_top() {
        for (body, expected) in [
            (r#"{"data":{"entity_id":12,"items":[{"entity_id":1}]}}"#, Ok(12)),
            (r#"{"data":{"entity_id":"0012"}}"#, Ok(12)),
            (r#"{"entity_id":7,"event":"x"}"#, Ok(7)),
            (r#"{"data":{"increment_id":"000000001"},"entity_id":"7"}"#, Ok(7)),
            (r#"{"data":{"entity_id":null},"entity_id":7}"#, Ok(7)),
            (r#"{"data":{"entity_id":12},"entity_id":7}"#, Ok(12)),
            (r#"{"data":{"entity_id":12.0}}"#, Err(BadBody::NoId)),
            (r#"{"data":{"entity_id":-12}}"#, Err(BadBody::NoId)),
            (r#"{"data":{"entity_id":0}}"#, Err(BadBody::NoId)),
            (r#"{"data":{"entity_id":"12a"}}"#, Err(BadBody::NoId)),
            (r#"{"data":{"entity_id":""}}"#, Err(BadBody::NoId)),
            (r#"{"data":{"entity_id":"99999999999999999999"}}"#, Err(BadBody::NoId)),
            (r#"{"data":"12"}"#, Err(BadBody::NoId)),
            ("[12]", Err(BadBody::NoId)),
            ("{}", Err(BadBody::NoId)),
            ("", Err(BadBody::NotJson)),
            (r#"{"entity_id":7"#, Err(BadBody::NotJson)),
            ("entity_id=7", Err(BadBody::NotJson)),
        ] {
            let verified = verify(Scheme::SharedSecret, Some(b"s"), body.as_bytes(), &secrets(&["s"])).unwrap();
            assert_eq!(verified.order_id().map(|id| id.0.0), expected, "{body}");
            assert!(!format!("{verified:?}").contains("entity_id"));
        }
    }
}
