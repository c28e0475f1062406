//! List parked records, each with its code, sentence and fix.

use queue::Name;
use serde_json::{Value, json};
use store::table::Limit;
use store::{Record, Records};

use super::{Answer, Desk, Refusal, stored};
use crate::codes;
use crate::sweep::NO_LINK;

/// Characters of a link's id.
const LINK_LENGTH: usize = 8;
/// Records of a page.
const PAGE: usize = 50;

/// A page of the parked records of a link, oldest first, all or those of one code. The link `-` has the messages that name none.
///
/// # Errors
/// 404 without such a link, 400 for a cursor of another query.
pub async fn list(desk: &Desk<'_>, link: &str, code: Option<&str>, cursor: Option<&str>) -> Result<Answer, Refusal> {
    if link != NO_LINK && link.len() != LINK_LENGTH {
        stored(desk, link).await?;
    }
    let records = Records::new(desk.world.state.clone(), desk.world.clock.clone());
    let limit = Limit { items: PAGE, after: cursor.map(str::to_owned) };
    let (parked, next) = records.parked(link, Name::Orders.entity(), limit).await?;
    // Messages may name a link that does not exist; what they left behind can be listed all the same.
    if parked.is_empty() && link != NO_LINK {
        stored(desk, link).await?;
    }
    let parked: Vec<Value> = parked.iter().filter(|record| has_code(record, code)).map(entry).collect();
    Ok(Answer::ok(json!({ "parked": parked, "next": next })))
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
