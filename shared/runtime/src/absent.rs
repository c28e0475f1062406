//! A table that a function does not have.

use async_trait::async_trait;
use store::table::{Limit, Page, Partition, Range, Written};
use store::{Item, Key, Table, TableError};

/// Stands where a function was given no table. Using it is a bug, and says so instead of reaching for something else.
pub(crate) struct Absent;

fn absent<T>() -> Result<T, TableError> {
    Err(TableError::Bug("this function has no such table".to_owned()))
}

#[async_trait]
impl Table for Absent {
    async fn get(&self, _: &Key) -> Result<Option<Item>, TableError> {
        absent()
    }

    async fn batch_get(&self, _: &[Key]) -> Result<Vec<Item>, TableError> {
        absent()
    }

    async fn insert_if_absent(&self, _: Item) -> Result<Written, TableError> {
        absent()
    }

    async fn replace_if_rev(&self, _: Item) -> Result<Written, TableError> {
        absent()
    }

    async fn query(&self, _: &Partition, _: &Range, _: &Limit) -> Result<Page, TableError> {
        absent()
    }

    async fn remove_if_rev(&self, _: &Key, _: u64) -> Result<Written, TableError> {
        absent()
    }
}
