//! The deployment's one key, which e-mails are hashed with before they become part of a record's key.
//!
//! With another key a shopper's guard record would not be found again and a second customer could be made. So the key's fingerprint is
//! kept in the state table from its first use on (partition `deployment`, sort `email-key`), and any other key is refused.

use std::sync::Arc;

use flows::link::EmailKey;
use seams::Secret;
use seams::clock::Clock;
use serde_json::json;
use sha2::{Digest, Sha256};
use store::table::Written;
use store::{Item, Key, Table, TableError};
use thiserror::Error;
use tokio::sync::OnceCell;

use crate::secrets::{SecretError, Source};

/// Why there is no key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The secret cannot be had.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The state table did not say which key is the right one.
    #[error(transparent)]
    Table(#[from] TableError),
    /// It is not the key that the state table's records were made with.
    #[error(
        "the deployment key {found} is not the one that this deployment's records were made with, {expected}: restore that one"
    )]
    Another {
        /// Fingerprint of the key that was found.
        found: String,
        /// Fingerprint of the key that the records were made with.
        expected: String,
    },
}

/// The key, read once per process: it never changes.
pub struct DeploymentKey {
    source: Arc<dyn Source>,
    name: String,
    state: Arc<dyn Table>,
    clock: Arc<dyn Clock>,
    key: OnceCell<EmailKey>,
}

impl DeploymentKey {
    /// The key in the secret `name` (a name or an ARN), checked against `state`.
    pub fn new(source: Arc<dyn Source>, name: impl Into<String>, state: Arc<dyn Table>, clock: Arc<dyn Clock>) -> Self {
        Self { source, name: name.into(), state, clock, key: OnceCell::new() }
    }

    /// The key.
    ///
    /// # Errors
    /// [`KeyError`]; it is tried again at the next call.
    pub async fn get(&self) -> Result<EmailKey, KeyError> {
        self.key.get_or_try_init(|| self.read()).await.cloned()
    }

    /// The key for somebody who only reads: it is compared with the one that the records were made with, and not kept as that one.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn look(&self) -> Result<EmailKey, KeyError> {
        let secret = self.source.read(&self.name).await?;
        let found = fingerprint(&secret);
        match self
            .state
            .get(&Key::new("deployment", "email-key"))
            .await?
            .map(|item| fingerprint_of(&item))
            .transpose()?
        {
            Some(expected) if expected != found => Err(KeyError::Another { found, expected }),
            Some(_) | None => Ok(EmailKey::new(secret)),
        }
    }

    async fn read(&self) -> Result<EmailKey, KeyError> {
        let secret = self.source.read(&self.name).await?;
        let found = fingerprint(&secret);
        let expected = self.remembered(&found).await?;
        if found == expected { Ok(EmailKey::new(secret)) } else { Err(KeyError::Another { found, expected }) }
    }

    /// The fingerprint of the first key that this deployment ever used, which is `found` if there was none.
    async fn remembered(&self, found: &str) -> Result<String, TableError> {
        let key = Key::new("deployment", "email-key");
        if let Some(item) = self.state.get(&key).await? {
            return fingerprint_of(&item);
        }
        let item = Item {
            key: key.clone(),
            rev: 1,
            write_id: self.clock.id(),
            body: json!({ "fingerprint": found, "since": self.clock.now() }),
            indexes: Vec::new(),
            expires: None,
        };
        match self.state.insert_if_absent(item).await {
            // A conflict may be another worker's first use; whatever is stored now decides.
            Ok(Written::Yes | Written::Conflict) | Err(TableError::Unknown(_)) => {}
            Err(error) => return Err(error),
        }
        let item = self.state.get(&key).await?;
        fingerprint_of(&item.ok_or_else(|| TableError::NotApplied("the key's fingerprint was not stored".to_owned()))?)
    }
}

/// Eight hexadecimal digits tell keys apart and tell nothing of a key that has 64 random characters.
fn fingerprint(secret: &Secret) -> String {
    let mut digest = hex::encode(Sha256::digest(secret.expose().as_bytes()));
    digest.truncate(8);
    digest
}

fn fingerprint_of(item: &Item) -> Result<String, TableError> {
    let stored = item.body["fingerprint"].as_str().map(str::to_owned);
    stored.ok_or_else(|| TableError::Bug("the key's fingerprint is not a text".to_owned()))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use store::memory::Memory;

    use super::*;
    use crate::secrets::tests::Fixed;
    use crate::testing::{at, block_on};

    #[test]
    fn the_first_key_is_remembered_and_another_one_refused() {
        let (source, clock) = (Arc::new(Fixed::default()), Arc::new(at("2026-11-23T04:00:00Z")));
        let state = Arc::new(Memory::new());
        let key = || DeploymentKey::new(source.clone(), "key", state.clone(), clock.clone());
        block_on(async {
            assert_eq!(
                key().get().await.expect_err("no secret").to_string(),
                "the secret key does not exist or may not be read"
            );
            source.set("key", "first");
            let first = key();
            let hash = first.get().await.expect("the first key").hash("ann@example.com");
            assert_eq!(first.get().await.expect("kept").hash("ann@example.com"), hash);
            assert_eq!(source.reads.load(Ordering::Relaxed), 2, "once in vain, once for good");
            source.set("key", "second");
            // printf first | sha256sum; printf second | sha256sum
            assert_eq!(
                key().get().await.expect_err("another key"),
                KeyError::Another { found: "16367aac".to_owned(), expected: "a7937b64".to_owned() }
            );
            source.set("key", "first");
            assert_eq!(key().get().await.expect("the first key again").hash("ann@example.com"), hash);
            let written = format!("{:?}", state.items());
            assert!(!written.contains("first") && !written.contains("second"), "{written}");
        });
    }
}
