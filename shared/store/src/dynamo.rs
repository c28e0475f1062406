//! The table in DynamoDB. Expressions, attribute names and the SDK's errors exist only here.
//!
//! Attributes of an item: `pk`, `sk`, `rev` (N), `write_id`, `body` (JSON text), and only where the item has them `expires` (N, epoch
//! seconds, the table's TTL attribute) and two per index entry: `due_pk`, `due_sk`, and so on. An absent pair keeps the item out of
//! that index. The indexes are named `due` and `parked` (keys only: items are read back from the table) and `record` and `code`
//! (all attributes).
//!
//! The SDK's standard retries stay on. So a conditional write may meet its own first try and answer [`Written::Conflict`]; whoever
//! meets a conflict reads the item and compares `write_id`. And a write whose last try was refused may have been stored by an
//! earlier one: `Doubt` watches every try, and only a write of which no try can have arrived is [`TableError::NotApplied`].

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use jiff::Timestamp;

use crate::doubt::{Doubt, read_failed, write_failed};
use crate::limits::{
    BATCH_KEYS, Bounds, Cursor, Projection, check_batch, check_insert, check_key, check_query, check_replace,
};
use crate::table::{Index, IndexEntry, Item, Key, Limit, Page, Partition, Range, Table, TableError, Written};

type Attributes = HashMap<String, AttributeValue>;

/// How often the keys that a batch left out are asked for again.
const BATCH_ROUNDS: u32 = 6;
/// The wait before the second round; it doubles with each one (50 ms to 800 ms, 1.55 s in all).
const BATCH_WAIT: Duration = Duration::from_millis(50);

/// A table of DynamoDB.
#[derive(Clone, Debug)]
pub struct Dynamo {
    client: Client,
    table: String,
}

impl Dynamo {
    /// The table named `table`, reached through `client`, whose time-outs and retries are the caller's choice.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }

    async fn put(&self, put: PutItemFluentBuilder) -> Result<Written, TableError> {
        let doubt = Doubt::default();
        match put.table_name(&self.table).customize().interceptor(doubt.clone()).send().await {
            Ok(_) => Ok(Written::Yes),
            Err(error) => write_failed(&error, &doubt),
        }
    }

    /// Items by key, in any order. DynamoDB leaves keys out when the answer grows beyond 16 MB or it throttles.
    async fn read_batch(&self, keys: impl IntoIterator<Item = Key>) -> Result<Vec<Item>, TableError> {
        let mut wanted: Vec<Attributes> = keys.into_iter().map(|key| key_attributes(&key)).collect();
        let mut items = Vec::new();
        for round in 0..BATCH_ROUNDS {
            if wanted.is_empty() {
                return Ok(items);
            }
            if round > 0 {
                self.wait(BATCH_WAIT * 2_u32.pow(round - 1)).await;
            }
            let keys = KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(true).build();
            let keys = keys.map_err(|error| TableError::Bug(error.to_string()))?;
            let answer = self.client.batch_get_item().request_items(&self.table, keys).send().await;
            let answer = answer.map_err(|error| read_failed(&error))?;
            for found in answer.responses.unwrap_or_default().into_values().flatten() {
                items.push(from_attributes(found)?);
            }
            wanted = answer.unprocessed_keys.unwrap_or_default().into_values().flat_map(|keys| keys.keys).collect();
        }
        if wanted.is_empty() {
            return Ok(items);
        }
        Err(TableError::NotApplied(format!("{} keys of a batch stayed unread", wanted.len())))
    }

    /// Waits as the SDK itself waits between tries, so that a test's client without a runtime timer does not wait at all.
    async fn wait(&self, wait: Duration) {
        if let Some(sleep) = self.client.config().sleep_impl() {
            aws_sdk_dynamodb::config::AsyncSleep::sleep(&sleep, wait).await;
        }
    }

    /// Reads the items of `places` back from the table, in their order; an item that is gone since is left out.
    async fn read_back(&self, places: Vec<Key>) -> Result<Vec<Item>, TableError> {
        let mut found = HashMap::new();
        for chunk in places.chunks(BATCH_KEYS) {
            let items = self.read_batch(chunk.iter().cloned()).await?;
            found.extend(items.into_iter().map(|item| (item.key.clone(), item)));
        }
        Ok(places.iter().filter_map(|key| found.remove(key)).collect())
    }
}

#[async_trait]
impl Table for Dynamo {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        check_key(key)?;
        let get =
            self.client.get_item().table_name(&self.table).set_key(Some(key_attributes(key))).consistent_read(true);
        let answer = get.send().await.map_err(|error| read_failed(&error))?;
        answer.item.map(from_attributes).transpose()
    }

    async fn batch_get(&self, keys: &[Key]) -> Result<Vec<Item>, TableError> {
        self.read_batch(check_batch(keys)?).await
    }

    async fn insert_if_absent(&self, item: Item) -> Result<Written, TableError> {
        check_insert(&item)?;
        let put = self.client.put_item().set_item(Some(to_attributes(item)));
        self.put(put.condition_expression("attribute_not_exists(pk)")).await
    }

    async fn replace_if_rev(&self, item: Item) -> Result<Written, TableError> {
        let expected = check_replace(&item)?;
        let put = self.client.put_item().set_item(Some(to_attributes(item)));
        let put = put.condition_expression("rev = :expected");
        self.put(put.expression_attribute_values(":expected", number(expected))).await
    }

    async fn query(&self, partition: &Partition, range: &Range, limit: &Limit) -> Result<Page, TableError> {
        let Some((bounds, after)) = check_query(partition, range, limit)? else {
            return Ok(Page { items: Vec::new(), next: None });
        };
        let (condition, values) = condition(partition, bounds);
        let items = i32::try_from(limit.items).unwrap_or(i32::MAX);
        let mut query = self.client.query().table_name(&self.table).key_condition_expression(condition);
        query = query.set_expression_attribute_values(Some(values)).scan_index_forward(!range.descending).limit(items);
        query = query.set_exclusive_start_key(after.map(|cursor| start_key(partition, cursor)));
        query = match partition {
            Partition::Table(_) => query.consistent_read(true),
            Partition::Index(index, _) => query.index_name(index.name()),
        };
        let answer = query.send().await.map_err(|error| read_failed(&error))?;
        let next = answer.last_evaluated_key.map(|last| cursor(partition, last)).transpose()?;
        let found = answer.items.unwrap_or_default();
        let items = match partition {
            Partition::Index(index, _) if index.projection() == Projection::Keys => {
                self.read_back(found.into_iter().map(|mut item| key_of(&mut item)).collect::<Result<_, _>>()?).await?
            }
            Partition::Table(_) | Partition::Index(..) => {
                found.into_iter().map(from_attributes).collect::<Result<_, _>>()?
            }
        };
        Ok(Page { items, next })
    }

    async fn remove_if_rev(&self, key: &Key, rev: u64) -> Result<Written, TableError> {
        check_key(key)?;
        let doubt = Doubt::default();
        let delete = self.client.delete_item().table_name(&self.table).set_key(Some(key_attributes(key)));
        let delete =
            delete.condition_expression("rev = :expected").expression_attribute_values(":expected", number(rev));
        match delete.customize().interceptor(doubt.clone()).send().await {
            Ok(_) => Ok(Written::Yes),
            Err(error) => write_failed(&error, &doubt),
        }
    }
}

/// The key condition of a query; a range of the table and of an index differ only in the attributes.
fn condition(partition: &Partition, bounds: Bounds<'_>) -> (String, Attributes) {
    let (pk, sk, name) = match partition {
        Partition::Table(name) => ("pk".to_owned(), "sk".to_owned(), name),
        Partition::Index(index, name) => (index.partition_attribute(), index.sort_attribute(), name),
    };
    let mut values = HashMap::from([(":partition".to_owned(), text(name.clone()))]);
    for (name, end) in [(":from", bounds.from), (":to", bounds.to)] {
        if let Some(end) = end {
            values.insert(name.to_owned(), text(end));
        }
    }
    let sort = match (bounds.from, bounds.to) {
        (None, None) => String::new(),
        (Some(_), None) => format!(" AND {sk} >= :from"),
        (None, Some(_)) => format!(" AND {sk} <= :to"),
        (Some(_), Some(_)) => format!(" AND {sk} BETWEEN :from AND :to"),
    };
    (format!("{pk} = :partition{sort}"), values)
}

fn start_key(partition: &Partition, cursor: Cursor) -> Attributes {
    let mut key = key_attributes(&Key::new(cursor.key.0, cursor.key.1));
    if let (Partition::Index(index, _), Some((entry_partition, entry_sort))) = (partition, cursor.entry) {
        key.insert(index.partition_attribute(), text(entry_partition));
        key.insert(index.sort_attribute(), text(entry_sort));
    }
    key
}

fn cursor(partition: &Partition, mut last: Attributes) -> Result<String, TableError> {
    let key = key_of(&mut last)?;
    let cursor = match partition {
        Partition::Table(_) => Cursor::of_table(key),
        Partition::Index(index, _) => {
            let entry = (take(&mut last, &index.partition_attribute())?, take(&mut last, &index.sort_attribute())?);
            Cursor::of_index(*index, key, entry)
        }
    };
    Ok(cursor.encode())
}

fn text(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

fn number(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

fn key_attributes(key: &Key) -> Attributes {
    HashMap::from([("pk".to_owned(), text(key.partition.clone())), ("sk".to_owned(), text(key.sort.clone()))])
}

fn to_attributes(item: Item) -> Attributes {
    let mut attributes = key_attributes(&item.key);
    attributes.insert("rev".to_owned(), number(item.rev));
    attributes.insert("write_id".to_owned(), text(item.write_id));
    attributes.insert("body".to_owned(), text(item.body.to_string()));
    if let Some(expires) = item.expires {
        attributes.insert("expires".to_owned(), number(expires.as_second()));
    }
    for entry in item.indexes {
        attributes.insert(entry.index.partition_attribute(), text(entry.partition));
        attributes.insert(entry.index.sort_attribute(), text(entry.sort));
    }
    attributes
}

fn from_attributes(mut attributes: Attributes) -> Result<Item, TableError> {
    let key = key_of(&mut attributes)?;
    let odd = |what: &str| TableError::Bug(format!("item {}/{} has no usable {what}", key.partition, key.sort));
    let rev = attributes.get("rev").and_then(|value| value.as_n().ok()?.parse().ok()).ok_or_else(|| odd("rev"))?;
    let body = take(&mut attributes, "body")?;
    let body = serde_json::from_str(&body).map_err(|_not_json| odd("body"))?;
    let expires = match attributes.get("expires") {
        None => None,
        Some(value) => {
            let seconds = value.as_n().ok().and_then(|number| number.parse().ok()).ok_or_else(|| odd("expires"))?;
            Some(Timestamp::from_second(seconds).map_err(|_out_of_range| odd("expires"))?)
        }
    };
    let mut indexes = Vec::new();
    for index in Index::ALL {
        if attributes.contains_key(&index.partition_attribute()) {
            let partition = take(&mut attributes, &index.partition_attribute())?;
            indexes.push(IndexEntry { index, partition, sort: take(&mut attributes, &index.sort_attribute())? });
        }
    }
    let write_id = take(&mut attributes, "write_id")?;
    Ok(Item { key, rev, write_id, body, indexes, expires })
}

fn key_of(attributes: &mut Attributes) -> Result<Key, TableError> {
    Ok(Key { partition: take(attributes, "pk")?, sort: take(attributes, "sk")? })
}

fn take(attributes: &mut Attributes, name: &str) -> Result<String, TableError> {
    match attributes.remove(name) {
        Some(AttributeValue::S(text)) => Ok(text),
        _ => Err(TableError::Bug(format!("an item has no text {name}"))),
    }
}
