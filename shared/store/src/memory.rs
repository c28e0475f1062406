//! The table in memory: the same contract as DynamoDB, for deterministic tests.
//!
//! It also counts what DynamoDB would bill, so that a test can hold the flows to their budget of writes. Unlike the real one its
//! indexes are never late and an expired item stays until it is removed; both are things that callers may not rely on.

pub mod mortal;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::limits::{
    Bounds, Cursor, Projection, check_batch, check_insert, check_key, check_query, check_replace, size,
};
use crate::table::{Index, IndexEntry, Item, Key, Limit, Page, Partition, Range, Table, TableError, Written};

/// A write unit is a write of up to this many bytes (DynamoDB Developer Guide, "Capacity unit consumption for write operations").
const UNIT_BYTES: usize = 1_024;

/// An entry's place in an index: sort key first, then the item's key, which makes equal sort keys a total order.
type Place = (Index, String, String, Key);

/// A table that lives as long as the value.
#[derive(Debug, Default)]
pub struct Memory {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    items: BTreeMap<Key, Item>,
    places: BTreeSet<Place>,
    write_units: u64,
    reads: u64,
}

impl Memory {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The write units that DynamoDB would have billed so far, index writes and failed conditions included.
    #[must_use]
    pub fn write_units(&self) -> u64 {
        self.state().write_units
    }

    /// The read requests that the DynamoDB implementation would have made so far, whatever each of them returned.
    #[must_use]
    pub fn reads(&self) -> u64 {
        self.state().reads
    }

    /// Every item, in key order, for assertions on what a run left behind.
    #[must_use]
    pub fn items(&self) -> Vec<Item> {
        self.state().items.values().cloned().collect()
    }

    /// A test that panicked while it held the lock has failed anyway, and the map itself is never left half changed.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[async_trait]
impl Table for Memory {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        check_key(key)?;
        let mut state = self.state();
        state.reads += 1;
        Ok(state.items.get(key).cloned())
    }

    async fn batch_get(&self, keys: &[Key]) -> Result<Vec<Item>, TableError> {
        let keys = check_batch(keys)?;
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let mut state = self.state();
        state.reads += 1;
        Ok(keys.iter().filter_map(|key| state.items.get(key).cloned()).collect())
    }

    async fn insert_if_absent(&self, item: Item) -> Result<Written, TableError> {
        check_insert(&item)?;
        let mut state = self.state();
        if state.items.contains_key(&item.key) {
            return Ok(state.refuse(&item.key));
        }
        Ok(state.put(item))
    }

    async fn replace_if_rev(&self, item: Item) -> Result<Written, TableError> {
        let expected = check_replace(&item)?;
        let mut state = self.state();
        if state.items.get(&item.key).is_none_or(|stored| stored.rev != expected) {
            return Ok(state.refuse(&item.key));
        }
        Ok(state.put(item))
    }

    async fn query(&self, partition: &Partition, range: &Range, limit: &Limit) -> Result<Page, TableError> {
        let Some((bounds, after)) = check_query(partition, range, limit)? else {
            return Ok(Page { items: Vec::new(), next: None });
        };
        let mut state = self.state();
        state.reads += 1;
        match partition {
            Partition::Table(name) => {
                let lowest = Key::new(name.clone(), String::new());
                let places = state.items.range(lowest..).map(|(key, _)| key);
                let places = places.take_while(|key| key.partition == *name).map(|key| (key.sort.clone(), key.clone()));
                let (found, more) = page(
                    places.collect(),
                    bounds,
                    range,
                    limit,
                    after.map(|cursor| (cursor.key.1.clone(), key_of(cursor))),
                );
                let next = found.last().filter(|_| more).map(|(_, key)| Cursor::of_table(key.clone()).encode());
                Ok(Page { items: state.read_back(found), next })
            }
            Partition::Index(index, name) => {
                let lowest = (*index, name.clone(), String::new(), Key::new("", ""));
                let places = state.places.range(lowest..).take_while(|place| place.0 == *index && place.1 == *name);
                let places = places.map(|place| (place.2.clone(), place.3.clone())).collect();
                let after = after.map(|cursor| (cursor.entry.clone().unwrap_or_default().1, key_of(cursor)));
                let (found, more) = page(places, bounds, range, limit, after);
                let next = found.last().filter(|_| more);
                let next = next
                    .map(|(sort, key)| Cursor::of_index(*index, key.clone(), (name.clone(), sort.clone())).encode());
                if index.projection() == Projection::Keys {
                    state.reads += found.len().div_ceil(crate::limits::BATCH_KEYS) as u64;
                }
                Ok(Page { items: state.read_back(found), next })
            }
        }
    }

    async fn remove_if_rev(&self, key: &Key, rev: u64) -> Result<Written, TableError> {
        check_key(key)?;
        let mut state = self.state();
        if state.items.get(key).is_none_or(|stored| stored.rev != rev) {
            return Ok(state.refuse(key));
        }
        state.remove(key);
        Ok(Written::Yes)
    }
}

impl State {
    /// A condition that does not hold is billed by the size of what is there.
    fn refuse(&mut self, key: &Key) -> Written {
        self.write_units += units(self.items.get(key).map_or(1, size));
        Written::Conflict
    }

    fn put(&mut self, mut item: Item) -> Written {
        // DynamoDB's expiry is a number of whole seconds.
        item.expires = item.expires.and_then(|at| Timestamp::from_second(at.as_second()).ok());
        let old = self.items.insert(item.key.clone(), item.clone());
        self.write_units += units(size(&item).max(old.as_ref().map_or(0, size)));
        self.write_units += Index::ALL.iter().map(|index| index_units(*index, old.as_ref(), Some(&item))).sum::<u64>();
        if let Some(old) = old {
            self.leave(old);
        }
        for entry in item.indexes {
            self.places.insert((entry.index, entry.partition, entry.sort, item.key.clone()));
        }
        Written::Yes
    }

    fn remove(&mut self, key: &Key) {
        if let Some(old) = self.items.remove(key) {
            self.write_units += units(size(&old));
            self.write_units += Index::ALL.iter().map(|index| index_units(*index, Some(&old), None)).sum::<u64>();
            self.leave(old);
        }
    }

    fn leave(&mut self, item: Item) {
        for entry in item.indexes {
            self.places.remove(&(entry.index, entry.partition, entry.sort, item.key.clone()));
        }
    }

    fn read_back(&self, places: Vec<(String, Key)>) -> Vec<Item> {
        places.iter().filter_map(|(_, key)| self.items.get(key).cloned()).collect()
    }
}

fn key_of(cursor: Cursor) -> Key {
    Key::new(cursor.key.0, cursor.key.1)
}

/// One page of `places`, which are in ascending order, and whether there is more behind it.
fn page(
    mut places: Vec<(String, Key)>,
    bounds: Bounds<'_>,
    range: &Range,
    limit: &Limit,
    after: Option<(String, Key)>,
) -> (Vec<(String, Key)>, bool) {
    places.retain(|(sort, _)| bounds.from.is_none_or(|from| sort.as_str() >= from));
    places.retain(|(sort, _)| bounds.to.is_none_or(|to| sort.as_str() <= to));
    if range.descending {
        places.reverse();
    }
    if let Some(after) = after {
        places.retain(|place| if range.descending { *place < after } else { *place > after });
    }
    let more = places.len() > limit.items;
    places.truncate(limit.items);
    (places, more)
}

fn units(bytes: usize) -> u64 {
    bytes.div_ceil(UNIT_BYTES).max(1) as u64
}

/// What an index bills for a write of its table: nothing while neither the entry nor what is projected changes, a put or a delete
/// when it comes or goes, both when its key changes (DynamoDB Developer Guide, "Provisioned throughput considerations for GSIs").
fn index_units(index: Index, old: Option<&Item>, new: Option<&Item>) -> u64 {
    let entry =
        |item: Option<&Item>| item.and_then(|item| item.indexes.iter().find(|entry| entry.index == index).cloned());
    let cost = |item: Option<&Item>, entry: &IndexEntry| match index.projection() {
        Projection::All => units(item.map_or(0, size)),
        Projection::Keys => {
            let key = item.map_or(0, |item| item.key.partition.len() + item.key.sort.len());
            units(key + entry.partition.len() + entry.sort.len())
        }
    };
    match (entry(old), entry(new)) {
        (None, None) => 0,
        (Some(left), None) => cost(old, &left),
        (None, Some(came)) => cost(new, &came),
        (Some(left), Some(came)) if left == came => match index.projection() {
            Projection::Keys => 0,
            Projection::All => cost(new, &came),
        },
        (Some(left), Some(came)) => cost(old, &left) + cost(new, &came),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn item(rev: u64, due: Option<&str>, filler: usize) -> Item {
        let entry = |sort: &str| IndexEntry { index: Index::Due, partition: "order".to_owned(), sort: sort.to_owned() };
        Item {
            key: Key::new("abcd2345/order/1", "record"),
            rev,
            write_id: format!("w{rev}"),
            body: json!({ "filler": "x".repeat(filler) }),
            indexes: due.map(entry).into_iter().collect(),
            expires: None,
        }
    }

    #[tokio::test]
    async fn writes_cost_what_dynamodb_bills() {
        let table = Memory::new();
        let mut before = 0;
        for (what, rev, due, filler, expected) in [
            ("insert, entering the index", 1, Some("a"), 0, 2),
            ("the entry stays", 2, Some("a"), 0, 1),
            ("the entry moves", 3, Some("b"), 0, 3),
            ("more than two KB, the entry stays", 4, Some("b"), 2_048, 3),
            ("small again is billed by the larger one", 5, Some("b"), 0, 3),
            ("leaving the index", 6, None, 0, 2),
        ] {
            let written = match rev {
                1 => table.insert_if_absent(item(rev, due, filler)).await,
                _ => table.replace_if_rev(item(rev, due, filler)).await,
            };
            assert_eq!(written, Ok(Written::Yes), "{what}");
            assert_eq!(table.write_units() - before, expected, "{what}");
            before = table.write_units();
        }
        assert_eq!(table.insert_if_absent(item(1, None, 0)).await, Ok(Written::Conflict));
        assert_eq!(table.write_units() - before, 1, "a failed condition is billed too");
    }

    #[tokio::test]
    async fn reads_are_counted_as_requests() {
        let table = Memory::new();
        table.insert_if_absent(item(1, Some("a"), 0)).await.unwrap();
        let key = item(1, None, 0).key;
        table.get(&key).await.unwrap();
        table.batch_get(std::slice::from_ref(&key)).await.unwrap();
        table.batch_get(&[]).await.unwrap();
        assert_eq!(table.reads(), 2);
        let limit = Limit { items: 10, after: None };
        let range = Range::default();
        table.query(&Partition::Index(Index::Due, "order".to_owned()), &range, &limit).await.unwrap();
        assert_eq!(table.reads(), 4, "an index of keys is read back from the table");
    }
}
