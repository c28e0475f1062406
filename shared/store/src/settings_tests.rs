use seams::clock::System;
use serde_json::json;

use super::*;
use crate::memory::Memory;

const LINK: &str = "abcd2345";

async fn store(table: &Memory, expected: u64, document: Value, by: &str) -> Put {
    put(table, &System, LINK, expected, document, by).await.unwrap()
}

fn authors(versions: &[Version]) -> Vec<(u64, Option<&str>)> {
    versions.iter().map(|one| (one.version, one.written.as_ref().map(|author| author.by.as_str()))).collect()
}

#[tokio::test]
async fn versions_follow_each_other_and_none_is_overwritten_unseen() {
    let table = Memory::new();
    assert_eq!(current(&table, LINK).await, Ok(None));
    for (expected, value, outcome) in [
        (1, 0, Put::Conflict { now: 0 }),
        (0, 1, Put::Stored(1)),
        (0, 2, Put::Conflict { now: 1 }),
        (0, 1, Put::Stored(1)),
        (2, 2, Put::Conflict { now: 1 }),
        (1, 2, Put::Stored(2)),
        (2, 3, Put::Stored(3)),
    ] {
        assert_eq!(store(&table, expected, json!({ "n": value }), "a").await, outcome, "{value} over {expected}");
    }
    assert_eq!(current(&table, LINK).await, Ok(Some((3, json!({ "n": 3 })))));
    let second = version(&table, LINK, 2).await.unwrap().unwrap();
    assert_eq!((second.version, second.document), (2, json!({ "n": 2 })));
    assert_eq!(version(&table, LINK, 4).await, Ok(None));
}

#[tokio::test]
async fn the_history_has_every_version_with_its_author() {
    let table = Memory::new();
    for version in 0..12 {
        store(&table, version, json!({ "n": version }), &format!("author {}", version + 1)).await;
    }
    let (first, next) = history(&table, LINK, &Limit { items: 5, after: None }).await.unwrap();
    let names: Vec<String> = (8..=12).rev().map(|version| format!("author {version}")).collect();
    let expected: Vec<(u64, Option<&str>)> = (8..=12).rev().zip(names.iter().map(|name| Some(name.as_str()))).collect();
    assert_eq!(authors(&first), expected);
    let (rest, end) = history(&table, LINK, &Limit { items: 50, after: next }).await.unwrap();
    assert_eq!((rest.len(), rest[6].version, end), (7, 1, None));
    assert_eq!(rest[6].document, json!({ "n": 0 }));
}

#[tokio::test]
async fn a_writer_that_died_before_the_history_leaves_no_gap() {
    let table = Memory::new();
    store(&table, 0, json!({ "n": 1 }), "one").await;
    let half = Item { rev: 2, ..item(Key::new(LINK, SETTINGS), 2, &System, json!({ "n": 2 })) };
    assert_eq!(table.replace_if_rev(half).await, Ok(Written::Yes));
    assert_eq!(version(&table, LINK, 2).await, Ok(None));
    assert_eq!(store(&table, 2, json!({ "n": 3 }), "three").await, Put::Stored(3));
    let (versions, _) = history(&table, LINK, &Limit { items: 9, after: None }).await.unwrap();
    assert_eq!(authors(&versions), [(3, Some("three")), (2, None), (1, Some("one"))]);
    assert_eq!(versions[1].document, json!({ "n": 2 }));
}

#[tokio::test]
async fn putting_the_same_again_writes_the_history_that_was_missing() {
    let table = Memory::new();
    let half = item(Key::new(LINK, SETTINGS), 1, &System, json!({ "n": 1 }));
    assert_eq!(table.insert_if_absent(half).await, Ok(Written::Yes));
    assert_eq!(store(&table, 0, json!({ "n": 1 }), "one").await, Put::Stored(1));
    let first = version(&table, LINK, 1).await.unwrap().unwrap();
    assert_eq!(first.written.map(|author| author.by), Some("one".to_owned()));
}

#[tokio::test]
async fn links_have_ids_of_their_own_and_are_listed() {
    let table = Memory::new();
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(create_link(&table, &System).await.unwrap());
    }
    made.sort();
    for id in &made {
        assert_eq!(id.len(), 8, "{id}");
        assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{id}");
    }
    let (first, next) = links(&table, &Limit { items: 2, after: None }).await.unwrap();
    let (rest, end) = links(&table, &Limit { items: 2, after: next }).await.unwrap();
    assert_eq!(([first, rest].concat(), end), (made, None));
}

#[tokio::test]
async fn an_activation_is_replaced_only_by_who_has_seen_it() {
    let table = Memory::new();
    let activated = |state: &str| Activated {
        state: state.to_owned(),
        initialised_settings_version: Some(3),
        written: Some(Author { by: "a".to_owned(), at: "2026-11-23T04:00:00Z".parse().unwrap() }),
    };
    assert_eq!(activation::<String>(&table, LINK).await, Ok(None));
    for (expected, state, outcome) in [
        (0, "active", Written::Yes),
        (0, "paused", Written::Conflict),
        (1, "paused", Written::Yes),
        (1, "stopped", Written::Conflict),
    ] {
        assert_eq!(activate(&table, &System, LINK, expected, &activated(state)).await, Ok(outcome), "{state}");
    }
    assert_eq!(activation(&table, LINK).await, Ok(Some((2, activated("paused")))));
    let stored = table.get(&Key::new(LINK, ACTIVATION)).await.unwrap().unwrap();
    assert_eq!(stored.body["activation"], "paused", "the field by which the functions read it");
    let unreadable = Item { rev: 3, body: json!({}), ..stored };
    table.replace_if_rev(unreadable).await.unwrap();
    assert!(matches!(activation::<String>(&table, LINK).await, Err(TableError::Bug(_))));
}
