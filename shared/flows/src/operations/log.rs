//! Query the sync log.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::log::{Filter, Level, Within};

use super::{Answer, Desk, Refusal, stored};
use crate::delivery::Outcome;
use crate::orders;

/// Entries of a page.
const PAGE: usize = 50;
/// How far back is looked where no time is asked for.
const RECENT: SignedDuration = SignedDuration::from_hours(24 * 7);
/// What can be asked for.
const NAMES: [&str; 8] = ["record", "code", "outcome", "level", "from", "to", "words", "cursor"];

/// A page of entries, newest first: of one record, of one code (warnings and above), or of all orders. Several `words` are separated by
/// blanks, and each must occur; an order's number is one.
///
/// # Errors
/// 400 for an unknown name or an unreadable value, 404 without such a link.
pub async fn query(desk: &Desk<'_>, link: &str, asked: &BTreeMap<String, String>) -> Result<Answer, Refusal> {
    if let Some(name) = asked.keys().find(|name| !NAMES.contains(&name.as_str())) {
        return Err(Refusal::new(400, format!("`{name}` is unknown; there are {}.", NAMES.join(", "))));
    }
    stored(desk, link).await?;
    let get = |name: &str| asked.get(name).map(String::as_str).filter(|text| !text.is_empty());
    let to = instant("to", get("to"))?.unwrap_or_else(|| desk.world.clock.now());
    let filter = Filter {
        within: within(link, get("record"), get("code"))?,
        from: instant("from", get("from"))?.unwrap_or_else(|| to.checked_sub(RECENT).unwrap_or(Timestamp::MIN)),
        to,
        entity: None,
        outcome: get("outcome").map(outcome).transpose()?,
        level: get("level").map(level).transpose()?,
        words: get("words").map(|words| words.split_whitespace().map(str::to_owned).collect()).unwrap_or_default(),
    };
    let found = store::log::query(&*desk.world.log, &filter, PAGE, get("cursor")).await?;
    Ok(Answer::ok(json!({ "entries": found.entries, "next": found.next })))
}

fn within(link: &str, record: Option<&str>, code: Option<&str>) -> Result<Within, Refusal> {
    match (record, code) {
        (Some(record), None) if record.starts_with(&format!("{link}/")) => Ok(Within::Record(record.to_owned())),
        (Some(record), None) => Err(Refusal::new(400, format!("`{record}` is not a record of link `{link}`."))),
        (None, Some(code)) => Ok(Within::Code { link: link.to_owned(), code: code.to_owned() }),
        (None, None) => Ok(Within::Entity { link: link.to_owned(), entity: orders::ENTITY.to_owned() }),
        (Some(_), Some(_)) => Err(Refusal::new(400, "Ask for a `record` or a `code`, not both.")),
    }
}

fn instant(name: &str, text: Option<&str>) -> Result<Option<Timestamp>, Refusal> {
    let unreadable = |_| Refusal::new(400, format!("`{name}` is not an instant such as 2026-11-23T04:00:00Z."));
    text.map(|text| text.parse().map_err(unreadable)).transpose()
}

fn outcome(text: &str) -> Result<String, Refusal> {
    let known = Outcome::ALL.into_iter().map(Outcome::as_str);
    if known.clone().any(|known| known == text) {
        return Ok(text.to_owned());
    }
    let known: Vec<&str> = known.collect();
    Err(Refusal::new(400, format!("`outcome` is one of {}.", known.join(", "))))
}

fn level(text: &str) -> Result<Level, Refusal> {
    match text {
        "info" => Ok(Level::Info),
        "warning" => Ok(Level::Warning),
        "error" => Ok(Level::Error),
        _ => Err(Refusal::new(400, "`level` is `info`, `warning` or `error`.")),
    }
}
