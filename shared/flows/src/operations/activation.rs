//! Activate, pause and stop a link. Nothing is synced until both connections were tested and the link was activated.

use jiff::SignedDuration;
use queue::{Cause, Name};
use serde::Deserialize;
use serde_json::{Value, json};
use store::record::State;
use store::settings::{Activated, Author, activate, activation, version};
use store::table::{Limit, Written};
use store::{Record, Records};

use super::{Answer, Desk, Refusal, body, enqueue, source_of, stored};
use crate::link::Activation;
use crate::settings::Settings;

/// Most waiting records that an activation enqueues at once; the sweep finds the others within fifteen minutes.
const DRAINED: usize = 1000;
/// Records read at once.
const PAGE: usize = 100;

/// What is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    state: Wanted,
}

/// The states that can be asked for; a link is born inactive.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wanted {
    Active,
    Paused,
    Stopped,
}

/// Sets the activation of a link.
///
/// # Errors
/// 404 without such a link, 409 when its connections were not tested as they are now, or when it was never activated.
pub async fn set(desk: &Desk<'_>, link: &str, request: &Value, by: &str) -> Result<Answer, Refusal> {
    let Request { state: wanted } = body(request)?;
    let (_, settings) = stored(desk, link).await?;
    let (rev, before) = activation::<Activation>(&*desk.world.state, link).await?.unwrap_or((0, NEVER));
    let state = match wanted {
        Wanted::Active => {
            connections_were_tested(desk, link, &settings, before.initialised_settings_version).await?;
            Activation::Active
        }
        Wanted::Paused | Wanted::Stopped if before.state == Activation::Inactive => {
            return Err(Refusal::new(409, format!("Link `{link}` was never activated.")));
        }
        Wanted::Paused => Activation::Paused,
        Wanted::Stopped => Activation::Stopped,
    };
    let was = before.state;
    write(desk, link, rev, Activated { state, ..before }, by).await?;
    let enqueued = if state == Activation::Active { drain(desk, link, &Name::ALL).await? } else { 0 };
    tracing::info!(link, ?was, now = ?state, "Set the activation");
    Ok(Answer::ok(json!({ "link": link, "was": was, "state": state, "enqueued": enqueued })))
}

/// What a link without an activation item is.
pub(super) const NEVER: Activated<Activation> =
    Activated { state: Activation::Inactive, initialised_settings_version: None, written: None };

pub(super) async fn write(
    desk: &Desk<'_>,
    link: &str,
    rev: u64,
    activated: Activated<Activation>,
    by: &str,
) -> Result<(), Refusal> {
    let written = Some(Author { by: by.to_owned(), at: desk.world.clock.now() });
    let activated = Activated { written, ..activated };
    match activate(&*desk.world.state, &*desk.world.clock, link, rev, &activated).await? {
        Written::Yes => Ok(()),
        Written::Conflict => {
            Err(Refusal::new(409, "Somebody else has just set the activation of this link: look again."))
        }
    }
}

/// The link is initialised when both connections were tested as they are now.
async fn connections_were_tested(
    desk: &Desk<'_>,
    link: &str,
    now: &Settings,
    tested: Option<u64>,
) -> Result<(), Refusal> {
    let untested = || {
        Refusal::new(409, format!("Test the connections of link `{link}` first: they were not tested as they are now."))
    };
    let tested = version(&*desk.world.state, link, tested.ok_or_else(untested)?).await?.ok_or_else(untested)?;
    let then: Settings = serde_json::from_value(tested.document).map_err(|_unread| untested())?;
    let same = then.magento.base_url == now.magento.base_url
        && then.magento.auth == now.magento.auth
        && then.acumatica == now.acumatica;
    if same { Ok(()) } else { Err(untested()) }
}

/// Enqueues what was collected while the link was paused or stopped: at most [`DRAINED`] records, of all queues together.
async fn drain(desk: &Desk<'_>, link: &str, queues: &[Name]) -> Result<usize, Refusal> {
    let records = Records::new(desk.world.state.clone(), desk.world.clock.clone());
    let soon = desk.world.clock.now() + store::record::LONGEST_WAIT + SignedDuration::from_mins(1);
    let mut enqueued = 0;
    for &queue in queues {
        // A cursor belongs to the records of one entity.
        let mut after = None;
        loop {
            let (due, next) = records.due(queue.entity(), soon, Limit { items: PAGE, after }).await?;
            for record in due.iter().filter(|record| waits_for_activation(record)) {
                let Some(source_id) = source_of(&record.key, link, queue) else { continue };
                enqueue(desk, link, queue, source_id, Cause::Due).await?;
                enqueued += 1;
                if enqueued == DRAINED {
                    return Ok(enqueued);
                }
            }
            after = next;
            if after.is_none() {
                break;
            }
        }
    }
    Ok(enqueued)
}

fn waits_for_activation(record: &Record) -> bool {
    matches!(&record.state, State::Waiting { wait } if wait.reason == "flows.not_ready.link_inactive")
}

#[cfg(test)]
#[path = "activation_tests.rs"]
mod tests;
