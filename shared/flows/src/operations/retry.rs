//! Retry one, several, or all parked records of a filter: an operator event for each.

use queue::{Cause, Name};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Records;
use store::record::State;
use store::table::Limit;

use super::parked::has_code;
use super::{Answer, Desk, Refusal, body, enqueue, source_of, stored};

/// Most records of one request; the answer says where to go on.
const MOST: usize = 500;
/// Records read at once.
const PAGE: usize = 100;

/// What is asked for: exactly one of the three.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    /// Record keys.
    #[serde(default)]
    records: Vec<String>,
    /// Every record parked by this code.
    #[serde(default)]
    code: Option<String>,
    /// Every parked record.
    #[serde(default)]
    all: bool,
    /// Where an earlier request ended.
    #[serde(default)]
    cursor: Option<String>,
}

/// Enqueues the chosen records.
///
/// # Errors
/// 400 unless exactly one choice is made, 404 without such a link.
pub async fn retry(desk: &Desk<'_>, link: &str, request: &Value) -> Result<Answer, Refusal> {
    let request: Request = body(request)?;
    stored(desk, link).await?;
    match (request.records.is_empty(), &request.code, request.all) {
        (false, None, false) if request.records.len() <= MOST => chosen(desk, link, &request.records).await,
        (true, Some(code), false) => filtered(desk, link, Some(code), request.cursor).await,
        (true, None, true) => filtered(desk, link, None, request.cursor).await,
        _ => Err(Refusal::new(
            400,
            format!("Name 1 to {MOST} `records`, or one `code`, or `\"all\": true`; one of the three."),
        )),
    }
}

async fn chosen(desk: &Desk<'_>, link: &str, keys: &[String]) -> Result<Answer, Refusal> {
    let records = Records::new(desk.world.state.clone(), desk.world.clock.clone());
    let order = |key| {
        source_of(key, link, Name::Orders).filter(|id| !id.is_empty()).ok_or_else(|| {
            Refusal::with(400, format!("`{key}` is not an order of link `{link}`."), json!({ "record": key }))
        })
    };
    // All of them are read before any is enqueued: a list with a stranger in it does nothing.
    let orders = keys.iter().map(|key| Ok((key, order(key)?))).collect::<Result<Vec<_>, Refusal>>()?;
    let (mut enqueued, mut others) = (0, Vec::new());
    for (key, source_id) in orders {
        if records.load(key).await?.state == State::Parked {
            enqueue(desk, link, Name::Orders, source_id, Cause::Operator).await?;
            enqueued += 1;
        } else {
            others.push(key);
        }
    }
    Ok(Answer::with(202, json!({ "enqueued": enqueued, "not_parked": others, "next": null })))
}

async fn filtered(desk: &Desk<'_>, link: &str, code: Option<&str>, cursor: Option<String>) -> Result<Answer, Refusal> {
    let records = Records::new(desk.world.state.clone(), desk.world.clock.clone());
    let (mut after, mut enqueued) = (cursor, 0);
    loop {
        let (parked, next) = records.parked(link, Name::Orders.entity(), Limit { items: PAGE, after }).await?;
        for record in parked.iter().filter(|record| has_code(record, code)) {
            if let Some(source_id) = source_of(&record.key, link, Name::Orders) {
                enqueue(desk, link, Name::Orders, source_id, Cause::Operator).await?;
                enqueued += 1;
            }
        }
        after = next;
        if after.is_none() || enqueued >= MOST {
            return Ok(Answer::with(202, json!({ "enqueued": enqueued, "not_parked": [], "next": after })));
        }
    }
}
