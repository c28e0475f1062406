//! The clock and id seam: the only source of time and of fresh ids.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

/// Time and ids. Production uses [`System`]; tests use [`Virtual`].
#[async_trait]
pub trait Clock: Send + Sync {
    /// The present instant, UTC.
    fn now(&self) -> Timestamp;

    /// A fresh id: 26 characters, Crockford base 32, sortable by time (a ULID). Never returned twice.
    fn id(&self) -> String;

    /// Waits. Only for short waits inside one invocation, such as for another worker's token refresh.
    async fn sleep(&self, wait: Duration);
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

#[async_trait]
impl Clock for System {
    #[expect(clippy::disallowed_methods, reason = "this is the seam itself")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn id(&self) -> String {
        ulid::Ulid::generate().to_string()
    }

    async fn sleep(&self, wait: Duration) {
        tokio::time::sleep(wait).await;
    }
}

/// A clock that moves only when told, or by a wait, so that a test decides what time it is. Its ids count.
#[derive(Debug)]
pub struct Virtual {
    now: Mutex<Timestamp>,
    ids: AtomicU64,
}

impl Virtual {
    /// A clock that shows that time.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { now: Mutex::new(now), ids: AtomicU64::new(0) }
    }

    /// Shows another time from now on.
    pub fn set(&self, to: Timestamp) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }

    /// Lets time pass.
    pub fn advance(&self, by: SignedDuration) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

#[async_trait]
impl Clock for Virtual {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn id(&self) -> String {
        format!("{:026}", self.ids.fetch_add(1, Ordering::Relaxed))
    }

    async fn sleep(&self, wait: Duration) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) += wait;
    }
}
