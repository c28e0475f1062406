//! Plans are pure: what decides reads nothing, waits for nothing, says nothing, and gives the same answer tomorrow.

use std::path::PathBuf;

use super::source::code;
use super::{nothing_wrong, rust_below, wrong};

/// Words that stand for the world outside, and what a plan would do with them.
const OUTSIDE: [(&str, &str); 20] = [
    ("async", "waits"),
    ("await", "waits"),
    ("tokio", "waits"),
    ("thread", "waits"),
    ("Timestamp::now", "reads the clock"),
    ("Zoned::now", "reads the clock"),
    ("SystemTime", "reads the clock"),
    ("Instant", "reads the clock"),
    ("clock", "reads the clock"),
    ("Ulid", "is random"),
    ("std::env", "reads the environment"),
    ("env!", "reads the environment"),
    ("env::", "reads the environment"),
    ("std::fs", "reads files"),
    ("tracing", "logs"),
    ("println!", "logs"),
    ("Client", "calls a platform"),
    ("client::", "calls a platform"),
    ("store::", "reads the table"),
    ("queue::", "reaches the queue"),
];

/// Names of crates that may not be imported; as plain words (a shop's store, for one) they are fine.
const IMPORTS: [(&str, &str); 3] =
    [("use store", "reads the table"), ("use queue", "reaches the queue"), ("seams::http", "calls a platform")];

fn check(plans: &[(PathBuf, String)]) -> Vec<String> {
    let mut problems = Vec::new();
    if plans.is_empty() {
        problems.push("there is no plan".to_owned());
    }
    for (path, text) in plans {
        let code = code(text);
        for (word, does) in OUTSIDE.into_iter().chain(IMPORTS) {
            if has_word(&code, word) {
                problems.push(format!("{} {does}: {word}", path.display()));
            }
        }
    }
    problems
}

/// Whether `word` stands in `code` other than as a part of a longer word.
fn has_word(code: &str, word: &str) -> bool {
    let part_of_word = |character: char| character.is_alphanumeric() || character == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        !before.is_some_and(part_of_word) && (word.ends_with([':', '!']) || !after.is_some_and(part_of_word))
    })
}

/// `<entity>/plan.rs`, `<entity>/plan/…` and `<entity>/plan_….rs`.
fn is_plan(path: &str) -> bool {
    let mut parts = path.trim_start_matches("shared/flows/src/").split('/').skip(1);
    parts.next().is_some_and(|part| part.starts_with("plan"))
}

#[test]
fn plans_are_pure() {
    let plans = rust_below("shared/flows/src").into_iter().filter(|(path, _)| is_plan(&path.to_string_lossy()));
    nothing_wrong(&check(&plans.collect::<Vec<_>>()));
}

#[test]
fn impure_plans_are_found() {
    let plan = |text: &str| check(&[("plan.rs".into(), text.to_owned())]);
    nothing_wrong(&plan(
        "//! Reads the clock? tracing? No: async.\nfn plan(order: &Order) { order.store.asynchronous; order.store_id; }",
    ));
    nothing_wrong(&plan("fn plan() {}\n#[cfg(test)]\nmod tests { use tracing::info; }"));
    wrong(&check(&[]), "there is no plan");
    for (text, expected) in [
        ("async fn plan() {}", "waits: async"),
        ("fn plan() { f().await }", "waits: await"),
        ("fn plan() { jiff::Timestamp::now() }", "reads the clock"),
        ("use seams::clock::Clock;", "reads the clock: clock"),
        ("fn plan() { std::env::var(\"X\") }", "reads the environment"),
        ("use tracing::info;", "logs: tracing"),
        ("use magento::Client;", "calls a platform: Client"),
        ("use acumatica::client::Session;", "calls a platform: client::"),
        ("use seams::http::Transport;", "calls a platform: seams::http"),
        ("use store::Records;", "reads the table"),
        ("use queue::Queue;", "reaches the queue"),
        ("fn f() { ulid::Ulid::new() }", "is random"),
    ] {
        wrong(&plan(text), expected);
    }
}

#[test]
fn plans_are_found_by_their_place() {
    for (path, plan) in [
        ("shared/flows/src/orders/plan.rs", true),
        ("shared/flows/src/orders/plan/lines.rs", true),
        ("shared/flows/src/orders/sync.rs", false),
        ("shared/flows/src/plan.rs", false),
    ] {
        assert_eq!(is_plan(path), plan, "{path}");
    }
}
