//! Events: proving that one comes from the shop, and reading from it which record it is about. Nothing else of an event is believed.
//!
//! Magento has no webhooks of its own; what a shop sends depends on what it has installed:
//!
//! | Sender | Proof | Module |
//! | --- | --- | --- |
//! | async-events (Mage-OS, Aligent) | hex HMAC-SHA256 of the raw body, or a secret in a header | [`verify`] |
//! | Adobe Commerce webhooks | RSA over the base64 of the raw body, by the shop's key | [`adobe_commerce`] |
//! | Adobe I/O Events | RSA over the raw body, by Adobe's keys, and the client id it is meant for | [`adobe_io`] |
//! | Mageplaza Webhook and home-made modules | a secret in a header | [`verify`] |
//!
//! Which record an event of a name is about, and where its body has the id, is one table: [`Event`].

pub mod adobe_commerce;
pub mod adobe_io;
mod event;
mod ids;
mod rsa;
mod secret;
mod tolerant;

use thiserror::Error;

pub use event::{Event, Subject};
pub use rsa::{BadKey, PublicKey};
pub use secret::{DEFAULT_HEADER, Scheme, verify};

/// Why an event is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unverified {
    /// No secret or key is configured, or an empty one, which anybody could sign with: our fault, not the sender's.
    #[error("no secret, or an empty one, is configured for this webhook")]
    NoSecret,
    /// The header is missing or empty.
    #[error("the event carries no signature")]
    NoSignature,
    /// The header fits none of the live secrets or keys.
    #[error("the signature does not fit")]
    Mismatch,
    /// A key of Adobe's that the event names could not be fetched, so nobody knows whether the signature fits.
    #[error("a public key could not be fetched")]
    KeyAway,
}

/// Why a verified event does not say which record it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadBody {
    /// The body is not JSON.
    #[error("the body is not JSON")]
    NotJson,
    /// Where events of its name have the id, there is no positive whole number.
    #[error("the body does not name its record")]
    NoId,
}

/// The body of an event that came from the shop. Only what verifies makes one.
#[derive(Clone, Copy)]
pub struct Verified<'a> {
    raw: &'a [u8],
}

impl std::fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Verified({} bytes)", self.raw.len())
    }
}

impl Verified<'_> {
    /// The records that the event is about, each once: nearly always one, several where a checkout made several orders.
    ///
    /// # Errors
    /// [`BadBody`] when the body is not JSON or names no record; one that is no positive whole number spoils the others.
    pub fn ids(&self, event: Event) -> Result<Vec<u64>, BadBody> {
        if event.is_free_form() { tolerant::ids(self.raw, event) } else { ids::in_text(self.raw, event) }
    }
}
