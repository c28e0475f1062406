//! Events proven by a secret that both sides know.
//!
//! The async-events module for Magento Open Source posts `{"data": <entity>}` with the header `x-magento-signature`, the lower-case hex
//! HMAC-SHA256 of the raw body. Modules that only send fixed headers are served by a shared secret.

use hmac::{Hmac, KeyInit as _, Mac as _};
use seams::Secret;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};

use super::{Unverified, Verified};

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

#[cfg(test)]
mod tests {
    use seams::Secret;

    use super::{Scheme, Unverified, verify};

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
}
