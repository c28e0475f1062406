//! One token for all workers: its form, where it is kept, and how it is renewed by one worker at a time.
//!
//! With the scope `api offline_access` Acumatica keeps one session per grant and reuses it across refreshes, so all workers that share a
//! grant share one session and one licence seat (Integration Development Guide, "Signing Out When OAuth 2.0 Is Used").

pub(crate) mod session;

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use seams::Secret;

use crate::error::Cause;

/// What a connected application and the user it acts for are known by.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// A GUID, `@`, and the tenant's login name, as Connected Applications (SM303010) shows it. The tenant follows from it.
    pub client_id: String,
    /// The application's shared secret.
    pub client_secret: Secret,
    /// The user whose rights and branch the calls have.
    pub username: String,
    /// That user's password, for the first grant and for when a refresh is refused.
    pub password: Secret,
}

/// A granted token.
#[derive(Clone, Debug)]
pub struct Token {
    /// Goes into the `Authorization` header.
    pub access: Secret,
    /// Renews the grant; replaced by each use where the server rotates it.
    pub refresh: Option<Secret>,
    /// From here on somebody should renew it: 80 % of its life.
    pub renew_at: Timestamp,
    /// From here on it is refused.
    pub expires_at: Timestamp,
}

/// The exclusive right to renew the token, until it runs out by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The worker that renews.
    pub owner: String,
    /// When others may take over.
    pub until: Timestamp,
}

/// What the token store holds for one connection.
#[derive(Clone, Debug, Default)]
pub struct Slot {
    /// Counts the replacements; 0 means that nothing has been stored yet.
    pub rev: u64,
    /// The newest token.
    pub token: Option<Token>,
    /// Who is renewing it.
    pub lease: Option<Lease>,
}

/// Keeps one [`Slot`] that all workers of a connection see. Two verbs suffice: who renews is decided by the conditional replacement.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// The slot as it is now, read strongly consistent; [`Slot::default`] if there is none.
    ///
    /// # Errors
    /// When the store does not answer.
    async fn load(&self) -> Result<Slot, Cause>;

    /// Writes `slot` (whose own `rev` is ignored) if the stored one still has the revision `rev`, 0 meaning that there is none. Returns the new
    /// revision, or nothing if somebody else was faster. A repeated write of the same content by the same caller may succeed twice.
    ///
    /// # Errors
    /// When the store does not answer; the write may have happened.
    async fn replace(&self, rev: u64, slot: &Slot) -> Result<Option<u64>, Cause>;
}

/// A store that lives as long as the process: for tests, and for tools that run alone.
#[derive(Debug, Default)]
pub struct InMemory {
    slot: Mutex<Slot>,
}

impl InMemory {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

#[async_trait]
impl TokenStore for InMemory {
    async fn load(&self) -> Result<Slot, Cause> {
        Ok(self.slot.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    async fn replace(&self, rev: u64, slot: &Slot) -> Result<Option<u64>, Cause> {
        let mut stored = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        if stored.rev != rev {
            return Ok(None);
        }
        *stored = Slot { rev: rev + 1, ..slot.clone() };
        Ok(Some(stored.rev))
    }
}
