//! A link: one Magento and one Acumatica connection, with everything a flow needs of them.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use queue::Queue;
use seams::clock::Clock;
use seams::secret::Secret;
use sha2::Sha256;
use store::Table;

use crate::settings::Settings;

/// The outside world but for the platforms: three of the four seams.
#[derive(Clone)]
pub struct World {
    /// Records, settings, bindings, tokens.
    pub state: Arc<dyn Table>,
    /// The sync log.
    pub log: Arc<dyn Table>,
    /// One queue per entity.
    pub queue: Arc<dyn Queue>,
    /// Time and fresh ids.
    pub clock: Arc<dyn Clock>,
    /// How long things may take in this deployment.
    pub timing: Timing,
}

/// How long things may take in this deployment: parameters of the template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How much of an invocation must be left before a step is begun.
    pub step_reserve: SignedDuration,
    /// How long after an unanswered write the ERP may still carry it out, where the link's settings do not say.
    pub duplicate_window: SignedDuration,
}

impl Default for Timing {
    /// 130 s: a write may take 120 s, and its receipt must still be recorded. 25 minutes: a request may queue ten minutes in Acumatica and
    /// run ten more after we gave up.
    fn default() -> Self {
        Self { step_reserve: SignedDuration::from_secs(130), duplicate_window: SignedDuration::from_mins(25) }
    }
}

/// Whether a link syncs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// Never activated: nothing is collected, nothing is processed.
    Inactive,
    /// Events are collected and processed.
    Active,
    /// Events are collected, nothing is processed.
    Paused,
    /// Events are refused and nothing is processed.
    Stopped,
}

/// One link as it was read at the beginning of a batch.
pub struct Link {
    /// Its immutable id, 8 characters.
    pub id: String,
    /// Whether it syncs.
    pub activation: Activation,
    /// Its settings.
    pub settings: Settings,
    /// Their version, noted in every attempt.
    pub settings_version: u64,
    /// The shop.
    pub magento: magento::Client,
    /// The ERP.
    pub acumatica: acumatica::Client,
    /// What e-mails are hashed with.
    pub emails: EmailKey,
}

impl Link {
    /// Both platforms.
    #[must_use]
    pub fn platforms(&self) -> Platforms<'_> {
        Platforms { magento: &self.magento, acumatica: &self.acumatica }
    }
}

/// Both platforms of a link, to be read.
#[derive(Clone, Copy, Debug)]
pub struct Platforms<'a> {
    /// The shop.
    pub magento: &'a magento::Client,
    /// The ERP.
    pub acumatica: &'a acumatica::Client,
}

/// The secret that e-mails and fingerprints are hashed with. Generated once per deployment and never rotated: keys of records are made with it.
#[derive(Clone, Debug)]
pub struct EmailKey(Secret);

impl EmailKey {
    /// The key of this deployment.
    #[must_use]
    pub fn new(secret: Secret) -> Self {
        Self(secret)
    }

    /// HMAC-SHA256 of an address for mail as both platforms compare it: trimmed, case folded. Lower-case hex.
    #[must_use]
    pub fn hash(&self, email: &str) -> String {
        self.digest(&email.trim().to_lowercase())
    }

    /// HMAC-SHA256 of a text as it is. Lower-case hex.
    #[must_use]
    pub fn digest(&self, text: &str) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.0.expose().as_bytes()).expect("HMAC takes a key of any length");
        mac.update(text.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}
