//! Deaths, for deterministic tests: an invocation that ends after so many writes, wherever that is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use jiff::SignedDuration;
use seams::clock::Virtual;

use crate::table::{Item, Key, Limit, Page, Partition, Range, Table, TableError, Written};

/// The life of one invocation. It ends with the answer to its last write: that is carried out, and nobody reads how it went.
#[derive(Debug)]
pub struct Life {
    left: AtomicU64,
    slow: Option<Arc<Virtual>>,
}

impl Life {
    /// A life of so many writes, to all its tables together.
    #[must_use]
    pub fn of(writes: u64) -> Arc<Self> {
        Arc::new(Self { left: AtomicU64::new(writes), slow: None })
    }

    /// A life without an end in sight, in which each write takes a second of `time`.
    #[must_use]
    pub fn slow(time: Arc<Virtual>) -> Arc<Self> {
        Arc::new(Self { left: AtomicU64::new(u64::MAX), slow: Some(time) })
    }

    /// A table that is written in this life.
    #[must_use]
    pub fn table(self: &Arc<Self>, inner: Arc<dyn Table>) -> Arc<dyn Table> {
        Arc::new(Mortal { inner, life: self.clone() })
    }

    async fn after(&self, written: Result<Written, TableError>) -> Result<Written, TableError> {
        if let Some(time) = &self.slow {
            time.advance(SignedDuration::from_secs(1));
        }
        match self.left.fetch_sub(1, Ordering::Relaxed) {
            1 => std::future::pending().await,
            _ => written,
        }
    }
}

/// What an invocation comes to that waits for nothing outside; none where it has died.
pub fn outcome<T>(invocation: impl Future<Output = T>) -> Option<T> {
    match std::pin::pin!(invocation).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => Some(outcome),
        Poll::Pending => None,
    }
}

struct Mortal {
    inner: Arc<dyn Table>,
    life: Arc<Life>,
}

#[async_trait]
impl Table for Mortal {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        self.inner.get(key).await
    }

    async fn batch_get(&self, keys: &[Key]) -> Result<Vec<Item>, TableError> {
        self.inner.batch_get(keys).await
    }

    async fn insert_if_absent(&self, item: Item) -> Result<Written, TableError> {
        self.life.after(self.inner.insert_if_absent(item).await).await
    }

    async fn replace_if_rev(&self, item: Item) -> Result<Written, TableError> {
        self.life.after(self.inner.replace_if_rev(item).await).await
    }

    async fn query(&self, partition: &Partition, range: &Range, limit: &Limit) -> Result<Page, TableError> {
        self.inner.query(partition, range, limit).await
    }

    async fn remove_if_rev(&self, key: &Key, rev: u64) -> Result<Written, TableError> {
        self.life.after(self.inner.remove_if_rev(key, rev).await).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::memory::Memory;

    #[test]
    fn a_life_ends_after_its_writes_whatever_table_they_go_to() {
        for (writes, kept) in [(1, [1, 0]), (2, [1, 1]), (3, [2, 1]), (4, [2, 1])] {
            let (one, other) = (Arc::new(Memory::new()), Arc::new(Memory::new()));
            let life = Life::of(writes);
            let (first, second) = (life.table(one.clone()), life.table(other.clone()));
            let item = |name: &str| Item {
                key: Key::new(name, "record"),
                rev: 1,
                write_id: "a write".to_owned(),
                body: json!({}),
                indexes: Vec::new(),
                expires: None,
            };
            let ended = outcome(async {
                first.insert_if_absent(item("a")).await.expect("written");
                second.insert_if_absent(item("b")).await.expect("written");
                first.insert_if_absent(item("c")).await.expect("written");
            });
            assert_eq!(([one.items().len(), other.items().len()], ended.is_some()), (kept, writes > 3), "{writes}");
        }
    }
}
