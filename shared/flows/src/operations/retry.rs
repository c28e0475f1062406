//! Retry one, several, or all parked records of a filter: an operator event for each.

use queue::Cause;
use serde::Deserialize;
use serde_json::{Value, json};
use store::Records;
use store::record::State;

use super::entities::{self, Place};
use super::parked::has_code;
use super::{Answer, Desk, Refusal, body, enqueue, place_of, source_of, stored};

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
    /// Of one code or all: records of this entity alone.
    #[serde(default)]
    entity: Option<String>,
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
    let Request { records, code, all, entity, cursor } = request;
    match (records.is_empty(), &code, all) {
        (false, None, false) if records.len() <= MOST => chosen(desk, link, &records).await,
        (true, Some(_), false) | (true, None, true) => {
            let from = Place::of(entity.as_deref(), cursor.as_deref())?;
            filtered(desk, link, code.as_deref(), from).await
        }
        _ => Err(Refusal::new(
            400,
            format!("Name 1 to {MOST} `records`, or one `code`, or `\"all\": true`; one of the three."),
        )),
    }
}

async fn chosen(desk: &Desk<'_>, link: &str, keys: &[String]) -> Result<Answer, Refusal> {
    let records = Records::new(desk.world.state.clone(), desk.world.clock.clone());
    let place = |key| {
        place_of(key, link).ok_or_else(|| {
            Refusal::with(400, format!("`{key}` is not a record of link `{link}`."), json!({ "record": key }))
        })
    };
    // All of them are read before any is enqueued: a list with a stranger in it does nothing.
    let places = keys.iter().map(|key| Ok((key, place(key)?))).collect::<Result<Vec<_>, Refusal>>()?;
    let (mut enqueued, mut others) = (0, Vec::new());
    for (key, (queue, source_id)) in places {
        if records.load(key).await?.state == State::Parked {
            enqueue(desk, link, queue, source_id, Cause::Operator).await?;
            enqueued += 1;
        } else {
            others.push(key);
        }
    }
    Ok(Answer::with(202, json!({ "enqueued": enqueued, "not_parked": others, "next": null })))
}

async fn filtered(desk: &Desk<'_>, link: &str, code: Option<&str>, from: Place) -> Result<Answer, Refusal> {
    let records = Records::new(desk.world.state.clone(), desk.world.clock.clone());
    let (mut place, mut enqueued) = (from, 0);
    loop {
        let (parked, next) = entities::parked(&records, link, place, PAGE).await?;
        for (queue, record) in parked.iter().filter(|(_, record)| has_code(record, code)) {
            if let Some(source_id) = source_of(&record.key, link, *queue) {
                enqueue(desk, link, *queue, source_id, Cause::Operator).await?;
                enqueued += 1;
            }
        }
        match next {
            Some(next) if enqueued < MOST => place = next,
            next => {
                let next = next.map(|place| place.cursor());
                return Ok(Answer::with(202, json!({ "enqueued": enqueued, "not_parked": [], "next": next })));
            }
        }
    }
}
