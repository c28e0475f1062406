//! The clock and id seam: the only source of time and of fresh ids.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

/// Time and ids. Production uses [`System`]; tests use a virtual clock that only moves when told.
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
