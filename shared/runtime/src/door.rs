//! What the doors for events have in common: the request as an HTTP API hands it over, why one is refused, the link, the queue.
//!
//! A door verifies, decodes ids, enqueues and answers. 202 is answered only after SQS has accepted every hint; every other status means
//! that sending again is right (5xx) or useless (4xx). A hint that was enqueued before another failed is harmless when it comes again.

mod refusal;
mod request;

use std::sync::Arc;

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use flows::link::Activation;
use queue::{Cause, Envelope, Name, Queue};
use seams::clock::Clock;
use store::Table;
use tokio::task::JoinSet;

use crate::head::{Head, head};
use crate::links::LinkError;
use crate::metrics::Metrics;

pub use refusal::Refusal;
pub use request::{MOST_BYTES, Request};

/// Hints sent at a time: a push of a mass update names hundreds of records, and the sender does not wait for as many round trips.
const AT_ONCE: usize = 16;

/// A record that may have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// What it is.
    pub entity: Name,
    /// Its id in the system that told us.
    pub source_id: String,
}

/// Reads the link's settings and activation.
///
/// # Errors
/// [`Refusal::UnknownLink`] or [`Refusal::StateAway`].
pub async fn link_head(state: &dyn Table, link: &str) -> Result<Head, Refusal> {
    head(state, link).await.map_err(|error| match error {
        LinkError::Unknown => Refusal::UnknownLink,
        error => {
            tracing::error!(link, code = error.code(), error = %error, "The link cannot be used");
            Refusal::StateAway
        }
    })
}

/// Whether the link collects events: a paused one does, because its queue is worked off later.
///
/// # Errors
/// [`Refusal::Inactive`] or [`Refusal::Stopped`].
pub fn collecting(head: &Head) -> Result<(), Refusal> {
    match head.activation {
        Activation::Active | Activation::Paused => Ok(()),
        Activation::Inactive => Err(Refusal::Inactive),
        Activation::Stopped => Err(Refusal::Stopped),
    }
}

/// Sends one hint for each record, and logs each that was accepted.
///
/// # Errors
/// [`Refusal::QueueAway`] when the queue has not accepted all of them.
pub async fn enqueue(
    queue: &Arc<dyn Queue>,
    clock: &dyn Clock,
    link: &str,
    cause: Cause,
    hints: &[Hint],
) -> Result<(), Refusal> {
    let mut whole = Ok(());
    for some in hints.chunks(AT_ONCE) {
        let mut sending = JoinSet::new();
        for hint in some {
            let event = Envelope {
                link: link.to_owned(),
                entity: hint.entity.entity().to_owned(),
                source_id: hint.source_id.clone(),
                cause,
                occurred_at: clock.now(),
                event_id: clock.id(),
            };
            let (queue, name) = (queue.clone(), hint.entity);
            sending.spawn(async move { queue.send(name, &event).await.map(|()| event) });
        }
        for sent in sending.join_all().await {
            match sent {
                Ok(event) => accepted(&event),
                Err(error) => {
                    tracing::error!(error = %error, "The queue did not accept an event");
                    whole = Err(Refusal::QueueAway);
                }
            }
        }
        whole?;
    }
    whole
}

fn accepted(event: &Envelope) {
    tracing::info!(
        link = event.link,
        entity = event.entity,
        source_id = event.source_id,
        event_id = event.event_id,
        "Accepted an event of {} {}",
        event.entity,
        event.source_id
    );
}

/// Counts and logs why something was not taken.
pub fn count(metrics: &Metrics, refusal: Refusal) {
    metrics.webhook_refused(refusal.reason(), refusal.is_ours());
    let (status, reason) = (refusal.status().as_u16(), refusal.reason());
    if refusal.is_ours() {
        tracing::error!(status, reason, "An event could not be taken");
    } else {
        tracing::warn!(status, reason, "An event was refused");
    }
}

/// The answer to what was taken, or to why not; the latter is counted.
pub fn answer(metrics: &Metrics, outcome: Result<(), Refusal>) -> ApiGatewayV2httpResponse {
    match outcome {
        Ok(()) => refusal::accepted(),
        Err(refusal) => {
            count(metrics, refusal);
            refusal.answer()
        }
    }
}
