//! Secrets, read from Secrets Manager behind a small trait, and kept for five minutes.
//!
//! One JSON secret per connection:
//! - `<prefix>/<link>/magento`: `{"consumer_key", "consumer_secret", "token", "token_secret"}` or `{"bearer"}`, and in both cases
//!   `"webhook_secrets": [one or two strings]`, two while one is being replaced by the other.
//! - `<prefix>/<link>/acumatica`: `{"client_id", "client_secret", "username", "password"}`, and where push notifications are let in
//!   `"push_secrets": [one or two strings]` likewise.
//!
//! Who meets a bad signature or a 401 calls [`Secrets::refresh`] once, so that a rotation takes effect at once and not after five
//! minutes. No secret, no work: every error names the secret and what is wrong with it, and none repeats any of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use seams::Secret;
use seams::clock::Clock;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use tokio::sync::Mutex;

/// How long a secret is used before it is read again.
pub const KEPT: SignedDuration = SignedDuration::from_mins(5);
/// A refresh within this time after a read is not made: whoever sends us bad signatures shall not decide how often we read.
pub const REFRESHED_AT_MOST_EVERY: SignedDuration = SignedDuration::from_secs(10);

/// Why there is no usable secret.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SecretError {
    /// It was never created, is being deleted, or our role may not read it.
    #[error("the secret {0} does not exist or may not be read")]
    Missing(String),
    /// Secrets Manager did not answer; trying again may help.
    #[error("the secret {name} could not be read: {why}")]
    Unavailable {
        /// Its name.
        name: String,
        /// What happened, without values.
        why: String,
    },
    /// It is there, and not what it should be.
    #[error("the secret {name} {what}")]
    Malformed {
        /// Its name.
        name: String,
        /// What is wrong, without values.
        what: String,
    },
}

/// Where secrets are.
#[async_trait]
pub trait Source: Send + Sync {
    /// The present text of a secret, by its name or ARN.
    ///
    /// # Errors
    /// [`SecretError::Missing`] or [`SecretError::Unavailable`].
    async fn read(&self, name: &str) -> Result<Secret, SecretError>;
}

/// AWS Secrets Manager.
#[derive(Clone, Debug)]
pub struct SecretsManager {
    client: aws_sdk_secretsmanager::Client,
}

impl SecretsManager {
    /// Reads through `client`.
    #[must_use]
    pub fn new(client: aws_sdk_secretsmanager::Client) -> Self {
        Self { client }
    }
}

#[async_trait]
impl Source for SecretsManager {
    async fn read(&self, name: &str) -> Result<Secret, SecretError> {
        let answer = self.client.get_secret_value().secret_id(name).send().await;
        let answer = answer.map_err(|error| {
            use aws_sdk_secretsmanager::error::ProvideErrorMetadata;
            match error.code() {
                Some("ResourceNotFoundException" | "AccessDeniedException" | "InvalidRequestException") => {
                    SecretError::Missing(name.to_owned())
                }
                code => SecretError::Unavailable {
                    name: name.to_owned(),
                    why: code.unwrap_or("no answer from Secrets Manager").to_owned(),
                },
            }
        })?;
        let text = answer.secret_string.map(Secret::new).filter(|text| !text.is_empty());
        text.ok_or_else(|| malformed(name, "is not a text"))
    }
}

/// A platform whose credentials a link has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Platform {
    /// The shop.
    Magento,
    /// The ERP.
    Acumatica,
}

impl Platform {
    /// The last part of the secret's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Platform::Magento => "magento",
            Platform::Acumatica => "acumatica",
        }
    }
}

/// The Acumatica secret as it is stored.
#[derive(Clone, Deserialize)]
struct AcumaticaSecret {
    client_id: Secret,
    client_secret: Secret,
    username: Secret,
    password: Secret,
}

/// The Magento secret as it is stored; which of its members must be there depends on who asks.
#[derive(Clone, Deserialize)]
struct MagentoSecret {
    consumer_key: Option<Secret>,
    consumer_secret: Option<Secret>,
    token: Option<Secret>,
    token_secret: Option<Secret>,
    bearer: Option<Secret>,
    #[serde(default)]
    webhook_secrets: Vec<Secret>,
}

/// The part of the Acumatica secret that the door for push notifications needs.
#[derive(Deserialize)]
struct PushSecrets {
    #[serde(default)]
    push_secrets: Vec<Secret>,
}

struct Kept {
    read_at: Timestamp,
    text: Secret,
}

/// The links' secrets.
pub struct Secrets {
    source: Arc<dyn Source>,
    clock: Arc<dyn Clock>,
    prefix: String,
    kept: Mutex<BTreeMap<String, Kept>>,
}

impl Secrets {
    /// Secrets whose names begin with `<prefix>/`.
    #[must_use]
    pub fn new(source: Arc<dyn Source>, clock: Arc<dyn Clock>, prefix: impl Into<String>) -> Self {
        Self { source, clock, prefix: prefix.into(), kept: Mutex::new(BTreeMap::new()) }
    }

    /// The one or two secrets that the shop may sign its events with.
    ///
    /// # Errors
    /// [`SecretError`], also when there is none or an empty one, which anybody could sign with.
    pub async fn webhook_secrets(&self, link: &str) -> Result<Vec<Secret>, SecretError> {
        let name = self.name(link, Platform::Magento);
        let secrets = self.parsed::<MagentoSecret>(&name).await?.webhook_secrets;
        one_or_two(secrets, &name, "webhook_secrets")
    }

    /// The one or two secrets that Acumatica may send with its push notifications.
    ///
    /// # Errors
    /// [`SecretError`], also when there is none or an empty one, which anybody could send.
    pub async fn push_secrets(&self, link: &str) -> Result<Vec<Secret>, SecretError> {
        let name = self.name(link, Platform::Acumatica);
        let secrets = self.parsed::<PushSecrets>(&name).await?.push_secrets;
        one_or_two(secrets, &name, "push_secrets")
    }

    /// What requests to the shop are authenticated with, for the way that the settings name.
    ///
    /// # Errors
    /// [`SecretError`], also when a member is missing that this way needs.
    pub async fn magento(
        &self,
        link: &str,
        auth: flows::settings::MagentoAuth,
    ) -> Result<magento::auth::Credentials, SecretError> {
        use flows::settings::MagentoAuth;

        let name = self.name(link, Platform::Magento);
        let secret = self.parsed::<MagentoSecret>(&name).await?;
        let member = |member: &str, value: Option<Secret>| {
            let value = value.filter(|value| !value.is_empty());
            value.ok_or_else(|| {
                malformed(&name, &format!("has no {member}, which the settings' way of signing in needs"))
            })
        };
        Ok(match auth {
            MagentoAuth::Bearer => magento::auth::Credentials::Bearer { token: member("bearer", secret.bearer)? },
            MagentoAuth::Oauth1 => magento::auth::Credentials::OAuth1 {
                consumer_key: member("consumer_key", secret.consumer_key)?,
                consumer_secret: member("consumer_secret", secret.consumer_secret)?,
                token: member("token", secret.token)?,
                token_secret: member("token_secret", secret.token_secret)?,
            },
        })
    }

    /// What Acumatica's sign-in needs.
    ///
    /// # Errors
    /// [`SecretError`], also when a member is missing or empty.
    pub async fn acumatica(&self, link: &str) -> Result<acumatica::auth::Credentials, SecretError> {
        let name = self.name(link, Platform::Acumatica);
        let AcumaticaSecret { client_id, client_secret, username, password } = self.parsed(&name).await?;
        if [&client_id, &client_secret, &username, &password].into_iter().any(Secret::is_empty) {
            return Err(malformed(&name, "has an empty client_id, client_secret, username or password"));
        }
        let (client_id, username) = (client_id.expose().to_owned(), username.expose().to_owned());
        Ok(acumatica::auth::Credentials { client_id, client_secret, username, password })
    }

    /// Reads a secret again, after a bad signature or a 401. Returns whether it has changed, so that trying again makes sense.
    ///
    /// # Errors
    /// [`SecretError`] of the source.
    pub async fn refresh(&self, link: &str, platform: Platform) -> Result<bool, SecretError> {
        let name = self.name(link, platform);
        let mut kept = self.kept.lock().await;
        let now = self.clock.now();
        if kept.get(&name).is_some_and(|kept| now.duration_since(kept.read_at) < REFRESHED_AT_MOST_EVERY) {
            return Ok(false);
        }
        let text = self.source.read(&name).await?;
        let before = kept.insert(name, Kept { read_at: now, text: text.clone() });
        Ok(before.is_none_or(|before| before.text.expose() != text.expose()))
    }

    fn name(&self, link: &str, platform: Platform) -> String {
        format!("{}/{link}/{}", self.prefix, platform.as_str())
    }

    async fn parsed<T: DeserializeOwned>(&self, name: &str) -> Result<T, SecretError> {
        let mut kept = self.kept.lock().await;
        let now = self.clock.now();
        let fresh = kept.get(name).filter(|kept| now.duration_since(kept.read_at) < KEPT).map(|kept| kept.text.clone());
        let text = match fresh {
            Some(text) => text,
            None => {
                let text = self.source.read(name).await?;
                kept.insert(name.to_owned(), Kept { read_at: now, text: text.clone() });
                text
            }
        };
        serde_json::from_str(text.expose()).map_err(|error| malformed(name, &what(&error)))
    }
}

/// A decoding error's own text can hold the value; its kind and a missing member's name cannot.
fn what(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        Some(member) => format!("has no {member}"),
        None if error.is_data() => "is not a JSON object of texts".to_owned(),
        None => "is not JSON".to_owned(),
    }
}

fn one_or_two(secrets: Vec<Secret>, name: &str, member: &str) -> Result<Vec<Secret>, SecretError> {
    if !matches!(secrets.len(), 1..=2) || secrets.iter().any(Secret::is_empty) {
        return Err(malformed(name, &format!("must hold one or two texts, none empty, in {member}")));
    }
    Ok(secrets)
}

fn malformed(name: &str, what: &str) -> SecretError {
    SecretError::Malformed { name: name.to_owned(), what: what.to_owned() }
}

#[cfg(test)]
#[path = "secrets_tests.rs"]
pub(crate) mod tests;
