//! Start the DLQ's move task: AWS's own door, opened from here.

use queue::Name;
use serde_json::json;

use super::{Answer, Desk, Refusal};

/// Starts moving the dead letters of an entity back into its queue.
///
/// # Errors
/// 404 for an entity without a queue, 503 when SQS refuses, for example because a task is already running.
pub async fn start(desk: &Desk<'_>, entity: &str) -> Result<Answer, Refusal> {
    let queue = Name::of(entity).ok_or_else(|| Refusal::new(404, format!("There is no queue of `{entity}`.")))?;
    let waiting = desk.world.queue.dead_letters(queue).await?;
    let task = desk.world.queue.start_redrive(queue).await?;
    Ok(Answer::with(202, json!({ "entity": entity, "dead_letters": waiting, "task": task })))
}
