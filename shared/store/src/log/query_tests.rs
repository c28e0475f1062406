use jiff::ToSpan as _;

use super::super::write;
use super::*;
use crate::memory::Memory;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An entry of record `number`, at its `rev`-th revision.
fn entry(time: &str, number: &str, rev: u64) -> Entry {
    Entry {
        time: at(time),
        link: "abcd2345".to_owned(),
        entity: "order".to_owned(),
        record: format!("abcd2345/order/{number}"),
        rev,
        shown: Some(format!("1000{number}")),
        target: None,
        direction: "magento_to_acumatica".to_owned(),
        trigger: "webhook".to_owned(),
        action: "order.create".to_owned(),
        level: Level::Info,
        outcome: "applied".to_owned(),
        code: None,
        message: None,
        duration_ms: 1,
        attempt: 1,
        magento_calls: 1,
        acumatica_calls: 1,
        settings_version: 1,
        event: "e".to_owned(),
    }
}

fn parked(entry: Entry, code: &str, message: &str) -> Entry {
    let (code, message) = (Some(code.to_owned()), Some(message.to_owned()));
    Entry { level: Level::Error, outcome: "parked".to_owned(), code, message, ..entry }
}

async fn sample() -> Memory {
    let table = Memory::new();
    let missing = "acumatica.rejected.item_not_found";
    for entry in [
        entry("2026-11-20T23:59:59.999Z", "1", 1),
        parked(entry("2026-11-21T00:00:00Z", "2", 1), missing, "Item AB-1 is not in Acumatica."),
        entry("2026-11-23T10:00:00Z", "2", 2),
        entry("2026-11-23T10:00:00Z", "3", 1),
        parked(entry("2026-11-23T11:00:00.5Z", "4", 1), missing, "Item XY-9 is not in Acumatica."),
        parked(entry("2026-11-23T12:00:00Z", "5", 1), "orders.rejected.tax_not_mapped", "Tax is not mapped."),
    ] {
        write(&table, &entry, 90).await.unwrap();
    }
    table
}

fn all() -> Filter {
    Filter {
        within: Within::Entity { link: "abcd2345".to_owned(), entity: "order".to_owned() },
        from: at("2026-11-20T00:00:00Z"),
        to: at("2026-11-24T00:00:00Z"),
        entity: None,
        outcome: None,
        level: None,
        words: Vec::new(),
    }
}

/// Record numbers with revisions, over all pages.
async fn read(table: &Memory, filter: &Filter, items: usize) -> Vec<String> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = query(table, filter, items, after.as_deref()).await.unwrap();
        assert!(page.entries.len() <= items);
        found.extend(page.entries.iter().map(|entry| format!("{}@{}", &entry.record[15..], entry.rev)));
        match page.next {
            Some(next) => after = Some(next),
            None => return found,
        }
    }
}

#[tokio::test]
async fn filters_apply_within_the_partition() {
    let table = sample().await;
    let record = |number: &str| Within::Record(format!("abcd2345/order/{number}"));
    let code = |code: &str| Within::Code { link: "abcd2345".to_owned(), code: code.to_owned() };
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let other = Within::Entity { link: "zzzz2345".to_owned(), entity: "order".to_owned() };
    for (what, filter, expected) in [
        (
            "a day that begins",
            Filter { from: at("2026-11-21T00:00:00Z"), ..all() },
            &["5@1", "4@1", "3@1", "2@2", "2@1"][..],
        ),
        ("a day that ends", Filter { to: at("2026-11-20T23:59:59.999Z"), ..all() }, &["1@1"]),
        (
            "milliseconds",
            Filter { from: at("2026-11-23T11:00:00.5Z"), to: at("2026-11-23T11:00:00.5Z"), ..all() },
            &["4@1"],
        ),
        ("nothing between", Filter { from: at("2026-11-22T00:00:00Z"), to: at("2026-11-22T23:00:00Z"), ..all() }, &[]),
        (
            "an upside-down range",
            Filter { from: at("2026-11-24T00:00:00Z"), to: at("2026-11-20T00:00:00Z"), ..all() },
            &[],
        ),
        ("an outcome", Filter { outcome: Some("applied".to_owned()), ..all() }, &["3@1", "2@2", "1@1"]),
        ("a level", Filter { level: Some(Level::Warning), ..all() }, &["5@1", "4@1", "2@1"]),
        ("words, in any case", Filter { words: words(&["item", "xy-9"]), ..all() }, &["4@1"]),
        ("a shown number", Filter { words: words(&["10003"]), ..all() }, &["3@1"]),
        ("words that do not meet", Filter { words: words(&["tax", "item"]), ..all() }, &[]),
        ("a record", Filter { within: record("2"), ..all() }, &["2@2", "2@1"]),
        ("a record in a range", Filter { within: record("2"), to: at("2026-11-22T00:00:00Z"), ..all() }, &["2@1"]),
        ("a code", Filter { within: code("acumatica.rejected.item_not_found"), ..all() }, &["4@1", "2@1"]),
        (
            "a code of another entity",
            Filter { within: code("orders.rejected.tax_not_mapped"), entity: Some("customer".to_owned()), ..all() },
            &[],
        ),
        ("another link", Filter { within: other, ..all() }, &[]),
    ] {
        for items in [1, 2, 100] {
            let mut found = read(&table, &filter, items).await;
            // The two of one instant are in the order of their ids, which are hashes.
            if let Some(second) = found
                .iter()
                .position(|one| one == "2@2")
                .filter(|at| found.get(at + 1).is_some_and(|next| next == "3@1"))
            {
                found.swap(second, second + 1);
            }
            assert_eq!(found, expected, "{what}, {items} a page");
        }
    }
}

#[tokio::test]
async fn a_page_costs_a_bounded_number_of_reads_and_keeps_its_cursor() {
    let table = sample().await;
    let year = Filter { from: at("2025-11-24T00:00:00Z"), words: vec!["nowhere".to_owned()], ..all() };
    let (mut pages, mut after, mut reads) = (0, None, table.reads());
    loop {
        let page = query(&table, &year, 50, after.as_deref()).await.unwrap();
        assert_eq!(page.entries, [], "no entry says that");
        assert!(table.reads() - reads <= READS as u64);
        (pages, reads, after) = (pages + 1, table.reads(), page.next);
        if after.is_none() {
            break;
        }
    }
    // 366 days, the last of them the empty one that ends the range.
    assert_eq!(pages, 366_usize.div_ceil(READS));
}

#[tokio::test]
async fn a_busy_day_is_read_in_chunks() {
    let table = Memory::new();
    let start = at("2026-11-23T00:00:00Z");
    for second in 0..500_i64 {
        let time = (start + second.seconds()).to_string();
        write(&table, &entry(&time, &format!("{second}"), 1), 90).await.unwrap();
    }
    let expected: Vec<String> = (0..500).rev().map(|second| format!("{second}@1")).collect();
    for items in [7, 199, 200, 201, 500, 1_000] {
        assert_eq!(read(&table, &all(), items).await, expected, "{items} a page");
    }
    let rare = Filter { words: vec!["order/3".to_owned()], ..all() };
    assert_eq!(read(&table, &rare, 10).await.len(), 111, "3, 30 to 39, 300 to 399");
}

#[tokio::test]
async fn an_attempt_that_is_written_twice_is_one_entry() {
    let table = Memory::new();
    for _ in 0..2 {
        write(&table, &entry("2026-11-23T10:00:00.123456Z", "1", 1), 90).await.unwrap();
    }
    write(&table, &entry("2026-11-23T10:00:00.123456Z", "1", 2), 90).await.unwrap();
    assert_eq!(table.items().len(), 2);
    let item = &table.items()[0];
    assert_eq!(item.key.partition, "abcd2345/order/2026-11-23");
    assert!(item.key.sort.starts_with("2026-11-23T10:00:00.123Z-"), "{}", item.key.sort);
    assert_eq!(item.expires, Some(at("2027-02-21T10:00:00Z")));
    let indexes: Vec<Index> = item.indexes.iter().map(|entry| entry.index).collect();
    assert_eq!(indexes, [Index::ByRecord], "only warnings are found by code");
}

#[tokio::test]
async fn invented_cursors_are_refused() {
    let table = sample().await;
    for cursor in
        ["", "!", "MjAyNi0xMS0yMw==", &URL_SAFE_NO_PAD.encode("2026-11-23 x"), &URL_SAFE_NO_PAD.encode("2026-13-01")]
    {
        let answer = query(&table, &all(), 10, Some(cursor)).await;
        assert!(matches!(answer, Err(TableError::Bug(_))), "{cursor}: {answer:?}");
    }
}
