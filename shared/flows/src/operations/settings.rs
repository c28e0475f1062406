//! Get and put settings. Bad settings are refused whole, every problem named with its path.

use serde_json::{Value, json};
use store::settings::{Put, Version, create_link, history, put as store_put};
use store::table::Limit;

use super::{Answer, Desk, Refusal, UNREADABLE, stored};
use crate::settings::{Settings, diff, parse};

/// Versions of a page of the settings log: each is a whole document of a few kilobytes.
const PAGE: usize = 20;

/// The settings of a link.
///
/// # Errors
/// 404 without such a link.
pub async fn get(desk: &Desk<'_>, link: &str) -> Result<Answer, Refusal> {
    let (version, settings) = stored(desk, link).await?;
    Ok(Answer {
        version: Some(version),
        ..Answer::ok(json!({ "link": link, "version": version, "settings": settings }))
    })
}

/// Makes a link with these settings: 201 with its id, which never changes.
///
/// # Errors
/// 422 with every problem.
pub async fn create(desk: &Desk<'_>, document: &[u8], by: &str) -> Result<Answer, Refusal> {
    let settings = checked(desk, document)?;
    let link = create_link(&*desk.world.state, &*desk.world.clock).await?;
    let version = replace(desk, &link, 0, None, &settings, by).await?;
    let body = json!({ "link": link, "version": version });
    Ok(Answer { version: Some(version), ..Answer::with(201, body) })
}

/// Replaces the settings of a link. `if_match` is the version that the caller has read.
///
/// # Errors
/// 404 without such a link, 428 without `If-Match`, 412 when the settings are newer, 422 with every problem.
pub async fn put(
    desk: &Desk<'_>,
    link: &str,
    if_match: Option<u64>,
    document: &[u8],
    by: &str,
) -> Result<Answer, Refusal> {
    // Settings of another form must not keep anybody from putting good ones.
    let before = match stored(desk, link).await {
        Ok((_, before)) => Some(before),
        Err(refusal) if refusal.status == UNREADABLE => None,
        Err(refusal) => return Err(refusal),
    };
    let expected = if_match.ok_or_else(|| {
        Refusal::new(428, "Send `If-Match` with the version you have read, so that nobody's changes are lost.")
    })?;
    let settings = checked(desk, document)?;
    let version = replace(desk, link, expected, before.as_ref(), &settings, by).await?;
    let changes = diff(before.as_ref(), &settings);
    let body = json!({ "link": link, "version": version, "changes": changes });
    Ok(Answer { version: Some(version), ..Answer::ok(body) })
}

/// A page of the settings log: every version, newest first, with who wrote it, when, and what it changed.
///
/// # Errors
/// 404 without such a link, 400 for a cursor of another query.
pub async fn log(desk: &Desk<'_>, link: &str, cursor: Option<&str>) -> Result<Answer, Refusal> {
    stored(desk, link).await?;
    let state = &*desk.world.state;
    let limit = Limit { items: PAGE, after: cursor.map(str::to_owned) };
    let (versions, next) = history(state, link, &limit).await?;
    let oldest = versions.last().map_or(0, |version| version.version);
    // The last one of a page is compared with the first one of the next.
    let before = if oldest > 1 { store::settings::version(state, link, oldest - 1).await? } else { None };
    let read = |version: &Version| serde_json::from_value::<Settings>(version.document.clone()).ok();
    let entries: Vec<Value> = versions
        .iter()
        .zip(versions.iter().skip(1).map(Some).chain([before.as_ref()]))
        .map(|(now, before)| {
            // A document of a form that this release does not read has no changes to show, and is listed all the same.
            let changes = read(now).map(|now| diff(before.and_then(read).as_ref(), &now));
            let (by, at) = now.written.as_ref().map(|author| (&author.by, author.at)).unzip();
            json!({ "version": now.version, "by": by, "at": at, "changes": changes })
        })
        .collect();
    Ok(Answer::ok(json!({ "entries": entries, "next": next })))
}

fn checked(desk: &Desk<'_>, document: &[u8]) -> Result<Settings, Refusal> {
    parse(document, desk.allow_loopback).map_err(|problems| {
        let list: Vec<Value> =
            problems.iter().map(|problem| json!({ "path": problem.path, "message": problem.message })).collect();
        Refusal::with(
            422,
            format!("The settings have {} problem(s); nothing was stored.", list.len()),
            json!({ "problems": list }),
        )
    })
}

/// Stores the settings as the version after `expected`. The settings log is their history: every version with who wrote it and when.
pub(super) async fn replace(
    desk: &Desk<'_>,
    link: &str,
    expected: u64,
    before: Option<&Settings>,
    settings: &Settings,
    by: &str,
) -> Result<u64, Refusal> {
    let document = serde_json::to_value(settings).expect("invariant: settings are texts, whole numbers and lists");
    let (state, clock) = (&*desk.world.state, &*desk.world.clock);
    match store_put(state, clock, link, expected, document, by).await? {
        Put::Stored(version) => {
            let changed: Vec<String> = diff(before, settings).into_iter().map(|change| change.path).collect();
            tracing::info!(link, version, changed = changed.join(" "), "Stored the settings");
            Ok(version)
        }
        Put::Conflict { now } => {
            let detail =
                format!("The settings are at version {now}, not {expected}: read them again and repeat your change.");
            Err(Refusal::with(412, detail, json!({ "version": now })))
        }
    }
}
