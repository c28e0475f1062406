//! What the operation itself holds in memory: everything that is allocated, but for what stands in the table and what happens on the other side of
//! a seam. One thread, so the same on every run.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use peak_alloc::PeakAlloc;
use seams::http::{Failure, Request, Response, Transport};
use store::table::{Item, Key, Limit, Page, Partition, Range, Written};
use store::{Table, TableError};

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// Counts bytes.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    /// What stands in the table.
    stored: AtomicI64,
    most: AtomicI64,
}

impl Meter {
    /// Begins anew: what is held now counts as nothing.
    pub(crate) fn begin(&self) {
        ALLOCATED.reset_peak_usage();
        self.stored.store(bytes(ALLOCATED.current_usage()), Ordering::Relaxed);
        self.most.store(0, Ordering::Relaxed);
    }

    /// The most that was held.
    pub(crate) fn most(&self) -> i64 {
        self.look();
        self.most.load(Ordering::Relaxed)
    }

    fn look(&self) {
        let held = bytes(ALLOCATED.peak_usage()) - self.stored.load(Ordering::Relaxed);
        self.most.fetch_max(held, Ordering::Relaxed);
        ALLOCATED.reset_peak_usage();
    }

    /// What happens behind a seam; whether something of it stays there.
    async fn behind<T>(&self, stays: bool, work: impl Future<Output = T>) -> T {
        self.look();
        let before = bytes(ALLOCATED.current_usage());
        let result = work.await;
        if stays {
            self.stored.fetch_add(bytes(ALLOCATED.current_usage()) - before, Ordering::Relaxed);
        }
        ALLOCATED.reset_peak_usage();
        result
    }
}

fn bytes(number: usize) -> i64 {
    i64::try_from(number).expect("fewer bytes than that")
}

/// A table that is metered.
pub(crate) struct MeteredTable {
    pub(crate) inner: Arc<store::memory::Memory>,
    pub(crate) meter: Arc<Meter>,
}

#[async_trait]
impl Table for MeteredTable {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        self.meter.behind(false, self.inner.get(key)).await
    }

    async fn batch_get(&self, keys: &[Key]) -> Result<Vec<Item>, TableError> {
        self.meter.behind(false, self.inner.batch_get(keys)).await
    }

    async fn insert_if_absent(&self, item: Item) -> Result<Written, TableError> {
        self.meter.behind(true, async { self.inner.insert_if_absent(item.clone()).await }).await
    }

    async fn replace_if_rev(&self, item: Item) -> Result<Written, TableError> {
        self.meter.behind(true, async { self.inner.replace_if_rev(item.clone()).await }).await
    }

    async fn query(&self, partition: &Partition, range: &Range, limit: &Limit) -> Result<Page, TableError> {
        self.meter.behind(false, self.inner.query(partition, range, limit)).await
    }

    async fn remove_if_rev(&self, key: &Key, rev: u64) -> Result<Written, TableError> {
        self.meter.behind(true, self.inner.remove_if_rev(key, rev)).await
    }
}

/// A transport that is metered.
pub(crate) struct MeteredTransport<T> {
    pub(crate) inner: Arc<T>,
    pub(crate) meter: Arc<Meter>,
}

#[async_trait]
impl<T: Transport> Transport for MeteredTransport<T> {
    async fn send(&self, request: Request, timeout: Duration) -> Result<Response, Failure> {
        self.meter.behind(false, self.inner.send(request, timeout)).await
    }
}
