//! Adobe Commerce webhooks: a request in the midst of what a shopper or an admin does (Adobe Commerce, Extensibility, "Webhooks").
//!
//! The answer must be 200 with [`SUCCESS`]: anything else is a failure to Magento, and where the hook is *required* it aborts what the
//! person was doing. Magento never sends such a request again.
//!
//! The signature is off by default. With it, `x-adobe-commerce-webhook-signature` is the base64 of an RSA signature over **the base64 of
//! the raw body**, made with the private key that the shop has generated; the admin shows the public one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{PublicKey, Unverified, Verified};

/// The header of the signature.
pub const SIGNATURE: &str = "x-adobe-commerce-webhook-signature";

/// The body of the only answer that lets the shop go on as if nobody had been asked.
pub const SUCCESS: &str = r#"{"op":"success"}"#;

/// Checks the signature of an event against the live keys: two while the shop replaces one by another, else one.
///
/// # Errors
/// [`Unverified`].
pub fn verify<'a>(signature: Option<&str>, raw: &'a [u8], keys: &[PublicKey]) -> Result<Verified<'a>, Unverified> {
    if keys.is_empty() {
        return Err(Unverified::NoSecret);
    }
    let signature = signature.filter(|text| !text.is_empty()).ok_or(Unverified::NoSignature)?;
    let signature = STANDARD.decode(signature).map_err(|_not_base64| Unverified::Mismatch)?;
    let message = STANDARD.encode(raw);
    let fits = keys.iter().any(|key| key.fits(message.as_bytes(), &signature));
    if fits { Ok(Verified { raw }) } else { Err(Unverified::Mismatch) }
}

#[cfg(test)]
#[path = "adobe_commerce_tests.rs"]
mod tests;
