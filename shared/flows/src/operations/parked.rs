//! List parked records, each with its code, sentence and fix.

use serde_json::{Value, json};
use store::{Record, Records};

use super::entities::{self, Place};
use super::{Answer, Desk, Refusal, stored};
use crate::codes;
use crate::sweep::NO_LINK;

/// Characters of a link's id.
const LINK_LENGTH: usize = 8;
/// Records of a page.
const PAGE: usize = 50;

/// What is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// Records of this entity alone.
    pub entity: Option<&'a str>,
    /// Those of this code alone.
    pub code: Option<&'a str>,
    /// Where the last page ended.
    pub cursor: Option<&'a str>,
}

/// A page of the parked records of a link, one entity after another, oldest first. The link `-` has the messages that name none.
///
/// # Errors
/// 404 without such a link, 400 for an entity that we do not sync or a cursor of another query.
pub async fn list(desk: &Desk<'_>, link: &str, asked: Asked<'_>) -> Result<Answer, Refusal> {
    let Asked { entity, code, cursor } = asked;
    if link != NO_LINK && link.len() != LINK_LENGTH {
        stored(desk, link).await?;
    }
    let records = Records::new(desk.world.state.clone(), desk.world.clock.clone());
    let (parked, next) = entities::parked(&records, link, Place::of(entity, cursor)?, PAGE).await?;
    // Messages may name a link that does not exist; what they left behind can be listed all the same.
    if parked.is_empty() && link != NO_LINK {
        stored(desk, link).await?;
    }
    let parked: Vec<Value> =
        parked.iter().map(|(_, record)| record).filter(|record| has_code(record, code)).map(entry).collect();
    Ok(Answer::ok(json!({ "parked": parked, "next": next.map(|place| place.cursor()) })))
}

/// Whether a record is parked by that code; any when none is asked for.
pub(super) fn has_code(record: &Record, code: Option<&str>) -> bool {
    code.is_none_or(|code| record.park.as_ref().is_some_and(|park| park.code == code))
}

fn entry(record: &Record) -> Value {
    let Some(park) = &record.park else { return json!({ "record": record.key }) };
    json!({
        "record": record.key,
        "number": record.shown,
        "code": park.code,
        "message": park.message,
        "fix": codes::fix(&park.code),
        "runbook": format!("infra/runbooks/{}.md", park.code),
        "since": park.at,
        "attempts": record.attempts,
        "settings_version": park.settings,
        "target": record.bound.as_ref().map(|bound| &bound.target),
    })
}
