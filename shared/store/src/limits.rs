//! What both implementations of the table hold their callers to, so that a test in memory meets the same refusals as production:
//! DynamoDB's limits on keys, items and batches, and the shape of a cursor.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::table::{Index, Item, Key, Limit, Partition, Range, TableError};

/// The longest partition key in bytes, of the table and of an index (DynamoDB Developer Guide, "Quotas").
pub(crate) const PARTITION_BYTES: usize = 2_048;
/// The longest sort key in bytes (same source).
pub(crate) const SORT_BYTES: usize = 1_024;
/// The largest item in bytes, attribute names included (same source).
pub(crate) const ITEM_BYTES: usize = 400 * 1_024;
/// The most keys of one batch (same source).
pub(crate) const BATCH_KEYS: usize = 100;

/// What an index takes of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Projection {
    /// The keys: a write that leaves the entry alone costs nothing, and items are read back from the table.
    Keys,
    /// The whole item: one read per page.
    All,
}

impl Index {
    /// Every index of both tables.
    pub(crate) const ALL: [Index; 4] = [Index::Due, Index::Parked, Index::ByRecord, Index::ByCode];

    /// The index's name, which is also the prefix of its two attributes.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Index::Due => "due",
            Index::Parked => "parked",
            Index::ByRecord => "record",
            Index::ByCode => "code",
        }
    }

    /// The attribute of the index's partition key: `due_pk`.
    pub(crate) fn partition_attribute(self) -> String {
        format!("{}_pk", self.name())
    }

    /// The attribute of the index's sort key: `due_sk`.
    pub(crate) fn sort_attribute(self) -> String {
        format!("{}_sk", self.name())
    }

    pub(crate) fn projection(self) -> Projection {
        match self {
            Index::Due | Index::Parked => Projection::Keys,
            Index::ByRecord | Index::ByCode => Projection::All,
        }
    }
}

/// Where a page ended: the last item's key, and its place in the index that was queried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    /// The index's name; none for the table itself.
    #[serde(rename = "i", skip_serializing_if = "Option::is_none", default)]
    pub(crate) index: Option<String>,
    /// The last item's key.
    #[serde(rename = "k")]
    pub(crate) key: (String, String),
    /// The last item's partition and sort key in the index.
    #[serde(rename = "e", skip_serializing_if = "Option::is_none", default)]
    pub(crate) entry: Option<(String, String)>,
}

impl Cursor {
    pub(crate) fn of_table(key: Key) -> Self {
        Self { index: None, key: (key.partition, key.sort), entry: None }
    }

    pub(crate) fn of_index(index: Index, key: Key, entry: (String, String)) -> Self {
        Self { index: Some(index.name().to_owned()), key: (key.partition, key.sort), entry: Some(entry) }
    }

    pub(crate) fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).expect("a cursor holds only strings"))
    }

    /// Reads a cursor that was made by a query of `partition`. One of another place is refused, because DynamoDB would answer it
    /// with an error or, worse, with items of nowhere.
    pub(crate) fn decode(text: &str, partition: &Partition) -> Result<Self, TableError> {
        let refused = || TableError::Bug("the cursor is not one of this query".to_owned());
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_not_base64| refused())?;
        let cursor: Self = serde_json::from_slice(&bytes).map_err(|_not_a_cursor| refused())?;
        let fits = match (partition, &cursor.index, &cursor.entry) {
            (Partition::Table(name), None, None) => cursor.key.0 == *name,
            (Partition::Index(index, name), Some(of), Some(entry)) => of == index.name() && entry.0 == *name,
            _ => false,
        };
        if fits { Ok(cursor) } else { Err(refused()) }
    }
}

/// Checks an item before it is written.
pub(crate) fn check_item(item: &Item) -> Result<(), TableError> {
    check_key(&item.key)?;
    let mut seen = BTreeSet::new();
    for entry in &item.indexes {
        check_part("index partition", &entry.partition, PARTITION_BYTES)?;
        check_part("index sort", &entry.sort, SORT_BYTES)?;
        if !seen.insert(entry.index) {
            return Err(TableError::Bug(format!("item {} is twice in index {}", item.key.sort, entry.index.name())));
        }
    }
    if !item.body.is_object() {
        return Err(TableError::Bug(format!("the body of item {} is not an object", item.key.sort)));
    }
    let bytes = size(item);
    if bytes > ITEM_BYTES {
        return Err(TableError::Bug(format!("item {} has {bytes} bytes, more than {ITEM_BYTES}", item.key.sort)));
    }
    Ok(())
}

/// Checks an item that is to be new.
pub(crate) fn check_insert(item: &Item) -> Result<(), TableError> {
    if item.rev != 1 {
        return Err(TableError::Bug(format!("a new item has revision 1, not {}", item.rev)));
    }
    check_item(item)
}

/// Checks an item that is to replace another, and says which revision that must have.
pub(crate) fn check_replace(item: &Item) -> Result<u64, TableError> {
    check_item(item)?;
    match item.rev {
        0 | 1 => Err(TableError::Bug(format!("revision {} replaces nothing", item.rev))),
        rev => Ok(rev - 1),
    }
}

pub(crate) fn check_key(key: &Key) -> Result<(), TableError> {
    check_part("partition", &key.partition, PARTITION_BYTES)?;
    check_part("sort", &key.sort, SORT_BYTES)
}

fn check_part(what: &str, text: &str, most: usize) -> Result<(), TableError> {
    match text.len() {
        0 => Err(TableError::Bug(format!("the {what} key is empty"))),
        bytes if bytes > most => Err(TableError::Bug(format!("the {what} key has {bytes} bytes, more than {most}"))),
        _ => Ok(()),
    }
}

/// Checks a batch and drops keys that are there twice, which DynamoDB would refuse.
pub(crate) fn check_batch(keys: &[Key]) -> Result<BTreeSet<Key>, TableError> {
    if keys.len() > BATCH_KEYS {
        return Err(TableError::Bug(format!("a batch of {} keys, more than {BATCH_KEYS}", keys.len())));
    }
    keys.iter().try_for_each(check_key)?;
    Ok(keys.iter().cloned().collect())
}

/// Checks a query. `None`: the range holds nothing, so that there is nothing to ask (DynamoDB refuses an upside-down range).
pub(crate) fn check_query<'a>(
    partition: &Partition,
    range: &'a Range,
    limit: &Limit,
) -> Result<Option<(Bounds<'a>, Option<Cursor>)>, TableError> {
    let (Partition::Table(name) | Partition::Index(_, name)) = partition;
    check_part("partition", name, PARTITION_BYTES)?;
    if limit.items == 0 {
        return Err(TableError::Bug("a page of no items".to_owned()));
    }
    let after = limit.after.as_deref().map(|text| Cursor::decode(text, partition)).transpose()?;
    // Nothing is below the empty string, and no sort key is empty.
    let from = range.from.as_deref().filter(|from| !from.is_empty());
    let to = range.to.as_deref();
    let empty = to == Some("") || matches!((from, to), (Some(from), Some(to)) if from > to);
    Ok((!empty).then_some((Bounds { from, to }, after)))
}

/// The ends of a range that holds something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds<'a> {
    pub(crate) from: Option<&'a str>,
    pub(crate) to: Option<&'a str>,
}

/// The item's size as DynamoDB counts it: names and values in UTF-8; a number has about one byte for two digits, and one more
/// (DynamoDB Developer Guide, "DynamoDB item sizes and formats").
pub(crate) fn size(item: &Item) -> usize {
    let number = |digits: usize| digits.div_ceil(2) + 1;
    let keys = "pk".len() + item.key.partition.len() + "sk".len() + item.key.sort.len();
    let rev = "rev".len() + number(item.rev.to_string().len());
    let rest = "write_id".len() + item.write_id.len() + "body".len() + item.body.to_string().len();
    let expires = item.expires.map_or(0, |_| "expires".len() + number(10));
    let entries = item.indexes.iter().map(|entry| {
        let names = entry.index.partition_attribute().len() + entry.index.sort_attribute().len();
        names + entry.partition.len() + entry.sort.len()
    });
    keys + rev + rest + expires + entries.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_cursor_fits_only_its_own_query() {
        let table = Partition::Table("p".to_owned());
        let due = Partition::Index(Index::Due, "order".to_owned());
        let of_table = Cursor::of_table(Key::new("p", "s"));
        let of_due = Cursor::of_index(Index::Due, Key::new("p", "s"), ("order".to_owned(), "t".to_owned()));
        let foreign = Partition::Index(Index::Parked, "order".to_owned());
        for (cursor, partition, fits) in [
            (of_table.encode(), &table, true),
            (of_due.encode(), &due, true),
            (of_table.encode(), &due, false),
            (of_due.encode(), &table, false),
            (of_due.encode(), &foreign, false),
            (of_due.encode(), &Partition::Index(Index::Due, "customer".to_owned()), false),
            ("e30".to_owned(), &table, false),
            ("{}".to_owned(), &table, false),
            (String::new(), &table, false),
        ] {
            assert_eq!(Cursor::decode(&cursor, partition).is_ok(), fits, "{cursor} on {partition:?}");
        }
        assert_eq!(Cursor::decode(&of_due.encode(), &due), Ok(of_due));
    }

    #[test]
    fn sizes_are_counted_as_dynamodb_counts_them() {
        let item = Item {
            key: Key::new("abc", "record"),
            rev: 12,
            write_id: "0123456789".to_owned(),
            body: json!({"a": 1}),
            indexes: Vec::new(),
            expires: None,
        };
        // pk 2+3, sk 2+6, rev 3+2, write_id 8+10, body 4+7.
        assert_eq!(size(&item), 47);
    }
}
