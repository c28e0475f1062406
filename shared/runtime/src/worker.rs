//! A worker: the batch loop over one entity's queue with a flow inside.

use std::collections::HashMap;
use std::sync::Arc;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use flows::delivery::{Calls, Delivery, Report};
use flows::link::{Link, World};
use flows::plan::Finding;
use flows::unreached;
use jiff::Timestamp;
use lambda_runtime::LambdaEvent;
use queue::{Cause, Envelope, Name};
use tokio::sync::Mutex;

use crate::batch::{Batch, Handler};
use crate::links::{LinkError, Links};
use crate::metrics::Metrics;
use crate::secrets::Platform;

/// What a worker needs beside its flow.
pub struct Worker {
    /// Which queue it works on.
    pub name: Name,
    /// State, log, queues and clock.
    pub world: World,
    /// The links.
    pub links: Links,
    /// Where outcomes are counted.
    pub metrics: Metrics,
}

impl Worker {
    /// Handles one invocation. `sync` is the flow, `park` what keeps a message that is no event for this queue.
    pub async fn run(
        &self,
        invocation: LambdaEvent<SqsEvent>,
        sync: impl AsyncFn(&World, &Link, &Delivery<'_>) -> Report,
        park: impl AsyncFn(&World, Name, &str, &str, &str) -> Report,
    ) -> SqsBatchResponse {
        let batch = Batch {
            name: self.name,
            queue: self.world.queue.as_ref(),
            clock: self.world.clock.as_ref(),
            metrics: &self.metrics,
            reserve: self.world.timing.step_reserve,
        };
        let handler = Run { worker: self, sync, park, links: Mutex::default() };
        batch.run(invocation.payload, deadline(invocation.context.deadline), &handler).await
    }
}

/// Lambda gives the deadline in milliseconds since 1970. One that is not an instant is none, and then nothing is begun.
fn deadline(milliseconds: u64) -> Timestamp {
    i64::try_from(milliseconds)
        .ok()
        .and_then(|at| Timestamp::from_millisecond(at).ok())
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

/// One invocation: its links are read once.
struct Run<'a, S, P> {
    worker: &'a Worker,
    sync: S,
    park: P,
    links: Mutex<HashMap<String, Result<Arc<Link>, LinkError>>>,
}

impl<S, P> Handler for Run<'_, S, P>
where
    S: AsyncFn(&World, &Link, &Delivery<'_>) -> Report,
    P: AsyncFn(&World, Name, &str, &str, &str) -> Report,
{
    async fn handle(&self, delivery: Delivery<'_>) -> Report {
        let link = match self.link(&delivery.event.link).await {
            Ok(link) => link,
            Err(error) => return self.unusable(&error, &delivery).await,
        };
        let report = (self.sync)(&self.worker.world, &link, &delivery).await;
        match refused_by(&report) {
            Some(platform) if self.worker.links.refresh(&link.id, platform).await => {
                self.again(&delivery, report).await
            }
            _ => report,
        }
    }

    async fn put_off(&self, delivery: Delivery<'_>) -> Report {
        unreached::put_off(&self.worker.world, &delivery).await
    }

    async fn undecodable(&self, body: &str, message_id: &str, why: &str) -> Report {
        (self.park)(&self.worker.world, self.worker.name, body, message_id, why).await
    }
}

impl<S, P> Run<'_, S, P>
where
    S: AsyncFn(&World, &Link, &Delivery<'_>) -> Report,
{
    async fn link(&self, id: &str) -> Result<Arc<Link>, LinkError> {
        let mut links = self.links.lock().await;
        if let Some(read) = links.get(id) {
            return read.clone();
        }
        let read = self.worker.links.load(id).await.map(Arc::new);
        if let Err(error) = &read {
            // Once per batch; each record's outcome event carries the code.
            tracing::error!(code = error.code(), error = %error, "The link cannot be used");
            self.worker.metrics.link_unusable(self.worker.name);
        }
        links.insert(id.to_owned(), read.clone());
        read
    }

    /// None of it is the record's fault, and nothing was done: the record keeps the event, not the message, whose receives are counted.
    async fn unusable(&self, error: &LinkError, delivery: &Delivery<'_>) -> Report {
        let finding = Finding::new(error.code(), format!("The link cannot be used: {error}."));
        unreached::keep(&self.worker.world, self.worker.name, delivery, finding).await
    }

    /// The credentials that were refused have been replaced since we read them: the record is tried once more with the new ones. It is
    /// parked by now, so this is a request of new settings under a message id of its own. The event id stays: should the record be
    /// parked again, the real message's next receive is taken for a redrive, is tried, and becomes the ticket.
    async fn again(&self, delivery: &Delivery<'_>, first: Report) -> Report {
        self.links.lock().await.remove(&delivery.event.link);
        let Ok(link) = self.link(&delivery.event.link).await else { return first };
        tracing::info!("The credentials were replaced meanwhile; the record is tried once more");
        let event = Envelope { cause: Cause::Settings, ..delivery.event.clone() };
        let message_id = self.worker.world.clock.id();
        let second = Delivery { message_id: &message_id, event: &event, deadline: delivery.deadline };
        let report = (self.sync)(&self.worker.world, &link, &second).await;
        let calls = Calls {
            magento: first.calls.magento + report.calls.magento,
            acumatica: first.calls.acumatica + report.calls.acumatica,
        };
        Report { calls, ..report }
    }
}

/// The platform whose answer was that our credentials are not, or no longer, good.
fn refused_by(report: &Report) -> Option<Platform> {
    match report.code.as_deref()? {
        magento::error::table::CREDENTIALS => Some(Platform::Magento),
        acumatica::error::table::CREDENTIALS => Some(Platform::Acumatica),
        _ => None,
    }
}

#[cfg(test)]
#[path = "worker_tests.rs"]
mod tests;
