//! What every table does.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType,
};
use jiff::Timestamp;
use serde_json::json;
use store::dynamo::Dynamo;
use store::memory::Memory;
use store::table::{Index, IndexEntry, Item, Key, Limit, Page, Partition, Range, Table, TableError, Written};

macro_rules! contract {
    ($($case:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test]
            async fn $case() {
                super::$case(&super::Memory::new()).await;
            })+
        }
        mod dynamo {
            $(#[tokio::test]
            async fn $case() {
                super::$case(&super::dynamo().await).await;
            })+
        }
    };
}

contract!(
    a_key_is_inserted_once,
    a_revision_is_replaced_once,
    a_revision_is_removed_once,
    items_come_back_as_they_were_written,
    a_batch_leaves_out_what_is_missing,
    ranges_include_both_ends_in_both_directions,
    pages_follow_each_other,
    an_index_is_paged_like_the_table,
    an_item_enters_and_leaves_an_index,
    a_partition_of_an_index_holds_only_its_own,
    cursors_of_another_query_are_refused,
    impossible_requests_are_bugs,
    two_writers_of_one_revision_have_one_winner,
);

/// A table with every index, in an account of its own.
async fn dynamo() -> Dynamo {
    let client = aws_sdk_dynamodb::Client::new(&super::account().sdk_config());
    let mut create = client.create_table().table_name("table").billing_mode(BillingMode::PayPerRequest);
    for (name, kind) in [("pk", KeyType::Hash), ("sk", KeyType::Range)] {
        create = create.attribute_definitions(text(name)).key_schema(part(name, kind));
    }
    for (name, projection) in [
        ("due", ProjectionType::KeysOnly),
        ("parked", ProjectionType::KeysOnly),
        ("record", ProjectionType::All),
        ("code", ProjectionType::All),
    ] {
        let (partition, sort) = (format!("{name}_pk"), format!("{name}_sk"));
        let index = GlobalSecondaryIndex::builder().index_name(name);
        let index = index.key_schema(part(&partition, KeyType::Hash)).key_schema(part(&sort, KeyType::Range));
        let index = index.projection(Projection::builder().projection_type(projection).build()).build().unwrap();
        create = create.attribute_definitions(text(&partition)).attribute_definitions(text(&sort));
        create = create.global_secondary_indexes(index);
    }
    create.send().await.unwrap();
    Dynamo::new(client, "table")
}

fn text(name: &str) -> AttributeDefinition {
    let attribute = AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S);
    attribute.build().unwrap()
}

fn part(name: &str, kind: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap()
}

fn item(partition: &str, sort: &str, rev: u64) -> Item {
    Item {
        key: Key::new(partition, sort),
        rev,
        write_id: format!("{partition}/{sort}/{rev}"),
        body: json!({ "says": sort }),
        indexes: Vec::new(),
        expires: None,
    }
}

fn due(item: Item, partition: &str, sort: &str) -> Item {
    entered(item, Index::Due, partition, sort)
}

fn entered(mut item: Item, index: Index, partition: &str, sort: &str) -> Item {
    item.indexes.push(IndexEntry { index, partition: partition.to_owned(), sort: sort.to_owned() });
    item
}

async fn insert(table: &dyn Table, item: Item) {
    assert_eq!(table.insert_if_absent(item.clone()).await, Ok(Written::Yes), "{:?}", item.key);
}

fn sorts(page: &Page) -> Vec<&str> {
    page.items.iter().map(|item| item.key.sort.as_str()).collect()
}

fn all() -> Limit {
    Limit { items: 1_000, after: None }
}

async fn a_key_is_inserted_once(table: &dyn Table) {
    insert(table, item("p", "a", 1)).await;
    let other = Item { write_id: "other".to_owned(), ..item("p", "a", 1) };
    assert_eq!(table.insert_if_absent(other).await, Ok(Written::Conflict));
    let stored = table.get(&Key::new("p", "a")).await.unwrap().unwrap();
    assert_eq!(stored.write_id, "p/a/1", "the first write stands, and its id says so");
    insert(table, item("p", "b", 1)).await;
    insert(table, item("q", "a", 1)).await;
}

async fn a_revision_is_replaced_once(table: &dyn Table) {
    assert_eq!(table.replace_if_rev(item("p", "a", 2)).await, Ok(Written::Conflict), "there is nothing to replace");
    insert(table, item("p", "a", 1)).await;
    assert_eq!(table.replace_if_rev(item("p", "a", 3)).await, Ok(Written::Conflict), "a revision ahead");
    assert_eq!(table.replace_if_rev(item("p", "a", 2)).await, Ok(Written::Yes));
    assert_eq!(table.replace_if_rev(item("p", "a", 2)).await, Ok(Written::Conflict), "a revision behind");
    assert_eq!(table.get(&Key::new("p", "a")).await, Ok(Some(item("p", "a", 2))));
    // A revision of many digits is compared as a number: 9 to 10 is where text would go wrong.
    for rev in 3..=11 {
        assert_eq!(table.replace_if_rev(item("p", "a", rev)).await, Ok(Written::Yes), "{rev}");
    }
}

async fn a_revision_is_removed_once(table: &dyn Table) {
    let key = Key::new("p", "a");
    assert_eq!(table.remove_if_rev(&key, 1).await, Ok(Written::Conflict), "there is nothing to remove");
    insert(table, due(item("p", "a", 1), "order", "1")).await;
    assert_eq!(table.remove_if_rev(&key, 2).await, Ok(Written::Conflict));
    assert_eq!(table.remove_if_rev(&key, 1).await, Ok(Written::Yes));
    assert_eq!(table.get(&key).await, Ok(None));
    let page = table.query(&Partition::Index(Index::Due, "order".to_owned()), &Range::default(), &all()).await;
    assert_eq!(sorts(&page.unwrap()), [""; 0]);
    insert(table, item("p", "a", 1)).await;
}

async fn items_come_back_as_they_were_written(table: &dyn Table) {
    let mut full = due(item("ключ/order/1", "record", 1), "order", "2026-11-23T04:00:00.000Z#x");
    full = entered(full, Index::Parked, "abcd2345/order", "1");
    full = entered(full, Index::ByRecord, "r", "1");
    full = entered(full, Index::ByCode, "c", "1");
    let exact: serde_json::Value = serde_json::from_str("12345678901234567890.10").unwrap();
    full.body =
        json!({ "text": "a \"b\" \u{1F600}\n", "number": exact, "none": null, "list": [1, [true]], "empty": {} });
    full.expires = Some("2026-11-23T04:00:00.75Z".parse().unwrap());
    insert(table, full.clone()).await;
    let read = table.get(&full.key).await.unwrap().unwrap();
    full.expires = Some("2026-11-23T04:00:00Z".parse::<Timestamp>().unwrap());
    assert_eq!(read, full, "an expiry has whole seconds");
    assert_eq!(read.body["number"].to_string(), "12345678901234567890.10");
}

async fn a_batch_leaves_out_what_is_missing(table: &dyn Table) {
    for number in (0..100).step_by(2) {
        insert(table, item(&format!("p{number}"), "record", 1)).await;
    }
    let keys: Vec<Key> = (0..100).map(|number| Key::new(format!("p{number}"), "record")).collect();
    let found = table.batch_get(&keys).await.unwrap();
    let found: BTreeSet<String> = found.into_iter().map(|item| item.key.partition).collect();
    assert_eq!(found, (0..100).step_by(2).map(|number| format!("p{number}")).collect());
    assert_eq!(table.batch_get(&[]).await, Ok(Vec::new()));
    let twice = [keys[0].clone(), keys[0].clone(), keys[1].clone()];
    assert_eq!(table.batch_get(&twice).await.unwrap().len(), 1, "a key that is asked for twice is answered once");
}

async fn ranges_include_both_ends_in_both_directions(table: &dyn Table) {
    for sort in ["a", "b", "b#1", "c", "é"] {
        insert(table, item("p", sort, 1)).await;
        insert(table, item("p2", sort, 1)).await;
    }
    for (from, to, expected) in [
        (None, None, &["a", "b", "b#1", "c", "é"][..]),
        (Some("b"), None, &["b", "b#1", "c", "é"]),
        (None, Some("b"), &["a", "b"]),
        (Some("b"), Some("c"), &["b", "b#1", "c"]),
        (Some("b#"), Some("b~"), &["b#1"]),
        (Some("b"), Some("b"), &["b"]),
        (Some(""), Some("a"), &["a"]),
        (None, Some(""), &[]),
        (Some("c"), Some("b"), &[]),
        (Some("d"), Some("e"), &[]),
    ] {
        let ends = |descending| Range { from: from.map(str::to_owned), to: to.map(str::to_owned), descending };
        let partition = Partition::Table("p".to_owned());
        let up = table.query(&partition, &ends(false), &all()).await.unwrap();
        assert_eq!((sorts(&up), &up.next), (expected.to_vec(), &None), "{from:?} to {to:?}");
        let down = table.query(&partition, &ends(true), &all()).await.unwrap();
        let reversed: Vec<&str> = expected.iter().rev().copied().collect();
        assert_eq!(sorts(&down), reversed, "{from:?} to {to:?}, descending");
    }
}

/// Reads every page of `size`, and checks that only the last one may be short.
async fn read_pages(table: &dyn Table, partition: &Partition, range: &Range, size: usize) -> Vec<String> {
    let mut limit = Limit { items: size, after: None };
    let mut read = Vec::new();
    loop {
        let page = table.query(partition, range, &limit).await.unwrap();
        assert!(page.items.len() <= size);
        read.extend(sorts(&page).into_iter().map(str::to_owned));
        match page.next {
            Some(next) => {
                assert_eq!(page.items.len(), size, "only the last page is short");
                limit.after = Some(next);
            }
            None => return read,
        }
    }
}

async fn pages_follow_each_other(table: &dyn Table) {
    let mut expected: Vec<String> = (0..25).map(|number| format!("{number:02}")).collect();
    for sort in &expected {
        insert(table, item("p", sort, 1)).await;
    }
    let partition = Partition::Table("p".to_owned());
    for size in [1, 7, 24, 25, 26] {
        assert_eq!(read_pages(table, &partition, &Range::default(), size).await, expected, "pages of {size}");
    }
    let middle = Range { from: Some("03".to_owned()), to: Some("20".to_owned()), descending: true };
    expected.reverse();
    assert_eq!(read_pages(table, &partition, &middle, 5).await, expected[4..22], "a range in pages, descending");
    // The item that a page ended with may be gone before the next one is read.
    let first = table.query(&partition, &Range::default(), &Limit { items: 3, after: None }).await.unwrap();
    assert_eq!(table.remove_if_rev(&Key::new("p", "02"), 1).await, Ok(Written::Yes));
    let second = table.query(&partition, &Range::default(), &Limit { items: 2, after: first.next }).await.unwrap();
    assert_eq!(sorts(&second), ["03", "04"]);
}

async fn an_index_is_paged_like_the_table(table: &dyn Table) {
    // Both kinds of index; sort keys of the index run against those of the table, and two of each are equal.
    for number in 0..110 {
        let record = item("p", &format!("{number:03}"), 1);
        let sort = format!("{:03}", (109 - number) / 2);
        insert(table, entered(due(record, "order", &sort), Index::ByRecord, "order", &sort)).await;
    }
    for index in [Index::Due, Index::ByRecord] {
        let partition = Partition::Index(index, "order".to_owned());
        for size in [7, 110, 200] {
            let read = read_pages(table, &partition, &Range::default(), size).await;
            let distinct: BTreeSet<&String> = read.iter().collect();
            assert_eq!((read.len(), distinct.len()), (110, 110), "{index:?} in pages of {size}");
            let order: Vec<u32> = read.iter().map(|sort| (109 - sort.parse::<u32>().unwrap()) / 2).collect();
            assert!(order.is_sorted(), "{index:?} in pages of {size}: {order:?}");
        }
        let last = Range { from: Some("050".to_owned()), to: None, descending: true };
        let page = table.query(&partition, &last, &Limit { items: 2, after: None }).await.unwrap();
        let mut found = sorts(&page);
        found.sort_unstable();
        assert_eq!(found, ["000", "001"], "{index:?}");
    }
}

async fn an_item_enters_and_leaves_an_index(table: &dyn Table) {
    for index in [Index::Due, Index::Parked, Index::ByRecord, Index::ByCode] {
        let name = format!("{index:?}");
        let partition = Partition::Index(index, "x".to_owned());
        insert(table, item(&name, "a", 1)).await;
        for (rev, sort, expected) in
            [(2, Some("1"), true), (3, Some("2"), true), (4, None, false), (5, Some("1"), true)]
        {
            let next = item(&name, "a", rev);
            let next = sort.map_or(next.clone(), |sort| entered(next, index, "x", sort));
            assert_eq!(table.replace_if_rev(next.clone()).await, Ok(Written::Yes));
            let page = table.query(&partition, &Range::default(), &all()).await.unwrap();
            let found: Vec<Item> = expected.then_some(next).into_iter().collect();
            assert_eq!(page.items, found, "{index:?} at revision {rev}");
        }
    }
}

async fn a_partition_of_an_index_holds_only_its_own(table: &dyn Table) {
    insert(table, due(item("p", "a", 1), "order", "1")).await;
    insert(table, due(item("p", "b", 1), "order2", "1")).await;
    insert(table, entered(item("p", "c", 1), Index::Parked, "order", "1")).await;
    insert(table, item("order", "d", 1)).await;
    let page = table.query(&Partition::Index(Index::Due, "order".to_owned()), &Range::default(), &all()).await;
    assert_eq!(sorts(&page.unwrap()), ["a"]);
}

async fn cursors_of_another_query_are_refused(table: &dyn Table) {
    for sort in ["a", "b"] {
        insert(table, due(item("p", sort, 1), "order", sort)).await;
    }
    let one = Limit { items: 1, after: None };
    let of_table = table.query(&Partition::Table("p".to_owned()), &Range::default(), &one).await.unwrap().next;
    let index = Partition::Index(Index::Due, "order".to_owned());
    let of_index = table.query(&index, &Range::default(), &one).await.unwrap().next;
    for (what, partition, after) in [
        ("of another partition", Partition::Table("q".to_owned()), of_table.clone()),
        ("of the table", index.clone(), of_table),
        ("of an index", Partition::Table("p".to_owned()), of_index.clone()),
        ("of another index", Partition::Index(Index::Parked, "order".to_owned()), of_index),
        ("invented", index, Some("b64".to_owned())),
    ] {
        let answer = table.query(&partition, &Range::default(), &Limit { items: 1, after }).await;
        assert_eq!(answer, Err(TableError::Bug("the cursor is not one of this query".to_owned())), "{what}");
    }
}

async fn impossible_requests_are_bugs(table: &dyn Table) {
    fn is_bug<T: std::fmt::Debug>(what: &str, answer: Result<T, TableError>) {
        assert!(matches!(answer, Err(TableError::Bug(_))), "{what}: {answer:?}");
    }
    is_bug("an empty key", table.get(&Key::new("", "a")).await);
    is_bug("an empty sort key", table.insert_if_absent(item("p", "", 1)).await);
    is_bug("a sort key that is too long", table.insert_if_absent(item("p", &"x".repeat(1_025), 1)).await);
    is_bug("a new item that is not new", table.insert_if_absent(item("p", "a", 2)).await);
    is_bug("a first revision that replaces", table.replace_if_rev(item("p", "a", 1)).await);
    let twice = due(due(item("p", "a", 1), "order", "1"), "order", "2");
    is_bug("an item twice in one index", table.insert_if_absent(twice).await);
    let huge = Item { body: json!({ "x": "x".repeat(409_600) }), ..item("p", "a", 1) };
    is_bug("an item that is too large", table.insert_if_absent(huge).await);
    let text = Item { body: json!("text"), ..item("p", "a", 1) };
    is_bug("a body that is no object", table.insert_if_absent(text).await);
    let many: Vec<Key> = (0..101).map(|number| Key::new("p", format!("{number}"))).collect();
    is_bug("a batch of 101", table.batch_get(&many).await);
    let none = Limit { items: 0, after: None };
    is_bug("a page of nothing", table.query(&Partition::Table("p".to_owned()), &Range::default(), &none).await);
}

async fn two_writers_of_one_revision_have_one_winner(table: &dyn Table) {
    insert(table, item("p", "a", 1)).await;
    for rev in 2..12 {
        let writer = |name: &str| Item { write_id: name.to_owned(), ..item("p", "a", rev) };
        let (one, two) = tokio::join!(table.replace_if_rev(writer("one")), table.replace_if_rev(writer("two")));
        let (one, two) = (one.unwrap(), two.unwrap());
        assert_ne!(one, two, "exactly one of them is stored");
        let stored = table.get(&Key::new("p", "a")).await.unwrap().unwrap();
        assert_eq!(stored.write_id, if one == Written::Yes { "one" } else { "two" });
    }
}
