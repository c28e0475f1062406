//! The table seam: six verbs over items with a revision.

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::Value;
use thiserror::Error;

/// The key of an item: a partition and a place in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// DynamoDB's partition key.
    pub partition: String,
    /// DynamoDB's sort key.
    pub sort: String,
}

impl Key {
    /// A key of the two parts.
    pub fn new(partition: impl Into<String>, sort: impl Into<String>) -> Self {
        Self { partition: partition.into(), sort: sort.into() }
    }
}

/// The secondary indexes, all sparse: an item is in one only while it carries an entry for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Index {
    /// Records that are not final, by entity and the instant they are due. State table.
    Due,
    /// Parked records, by link and entity and the instant they were parked. State table.
    Parked,
    /// Sync-log entries of one record, by time. Log table.
    ByRecord,
    /// Sync-log entries of level warning and above, by link and code, by time. Log table.
    ByCode,
}

/// An item's place in a secondary index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexEntry {
    /// Which index.
    pub index: Index,
    /// The index's partition key.
    pub partition: String,
    /// The index's sort key.
    pub sort: String,
}

/// One item. `rev` starts at 1 and grows by one with every write.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Where it is.
    pub key: Key,
    /// The revision that this item has once written.
    pub rev: u64,
    /// Random, new for every write: whoever meets a conflict reads the item and knows by it whether the write was its own.
    pub write_id: String,
    /// What it says: a JSON object.
    pub body: Value,
    /// Its places in secondary indexes.
    pub indexes: Vec<IndexEntry>,
    /// When it may disappear (DynamoDB's TTL, which deletes late). Items that guard documents have none.
    pub expires: Option<Timestamp>,
}

/// What a conditional write did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// The item is stored.
    Yes,
    /// The condition did not hold; nothing was stored.
    Conflict,
}

/// Where to query: a partition of the table, or of one of its indexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Partition {
    /// Items of one partition of the table, in the order of their sort keys.
    Table(String),
    /// Items of one partition of an index, in the order of the index's sort keys. Eventually consistent: check what you read.
    Index(Index, String),
}

/// A range of sort keys, both ends included; an absent end is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The lowest sort key wanted.
    pub from: Option<String>,
    /// The highest sort key wanted.
    pub to: Option<String>,
    /// Highest first.
    pub descending: bool,
}

/// How many items, and where the last page ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Most items of this page, at least 1.
    pub items: usize,
    /// The cursor of the page before, opaque.
    pub after: Option<String>,
}

/// Items of a page; `next` is the cursor of the following one, absent on the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The items, in order.
    pub items: Vec<Item>,
    /// Opaque cursor.
    pub next: Option<String>,
}

/// Why the table did not answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TableError {
    /// Nothing was written; trying again later may help (throttled, refused connection).
    #[error("the table is not available: {0}")]
    NotApplied(String),
    /// A write may have been stored: read the item and compare its `write_id`.
    #[error("the table did not answer: {0}")]
    Unknown(String),
    /// The request or a stored item is not what the code holds to be possible.
    #[error("the table refused the request: {0}")]
    Bug(String),
}

/// The six verbs. Reads by key are strongly consistent.
#[async_trait]
pub trait Table: Send + Sync {
    /// The item, if it is there.
    ///
    /// # Errors
    /// [`TableError::NotApplied`] or [`TableError::Bug`].
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError>;

    /// Those of `keys` that are there, in any order. At most 100 keys.
    ///
    /// # Errors
    /// [`TableError::NotApplied`] or [`TableError::Bug`].
    async fn batch_get(&self, keys: &[Key]) -> Result<Vec<Item>, TableError>;

    /// Stores `item` (`rev` 1) unless its key is taken.
    ///
    /// # Errors
    /// Any [`TableError`].
    async fn insert_if_absent(&self, item: Item) -> Result<Written, TableError>;

    /// Stores `item` in place of the one whose revision is `item.rev - 1`.
    ///
    /// # Errors
    /// Any [`TableError`].
    async fn replace_if_rev(&self, item: Item) -> Result<Written, TableError>;

    /// A page of items. Through an index the items are read again from the table, so they may have left the range since.
    ///
    /// # Errors
    /// [`TableError::NotApplied`] or [`TableError::Bug`].
    async fn query(&self, partition: &Partition, range: &Range, limit: &Limit) -> Result<Page, TableError>;

    /// Removes the item if its revision is `rev`.
    ///
    /// # Errors
    /// Any [`TableError`].
    async fn remove_if_rev(&self, key: &Key, rev: u64) -> Result<Written, TableError>;
}
