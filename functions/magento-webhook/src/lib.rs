//! Magento's events in: `POST /magento/{link}/{event}` on an HTTP API. Verify, decode the id, enqueue, answer.
//!
//! An event is a hint that an order may have changed: nothing but its id is read, and the flow reads the order itself. 202 is
//! answered only after SQS has accepted the hint; every other status means that nothing was enqueued and that sending again is right
//! (5xx) or useless (4xx). An order whose event a shop gives up on is not found by itself: the operator's *sync now* brings it.
//!
//! | Status | When |
//! | --- | --- |
//! | 202 | the hint is in the queue |
//! | 400 | not base64 though announced so, not JSON, or no order id in it |
//! | 401 | no signature, or one that fits none of the live secrets |
//! | 404 | the link or the event does not exist; the answers are the same |
//! | 413 | more than [`MOST_BYTES`] |
//! | 503 | the link is inactive or stopped, or something of ours is away; with `Retry-After` |
//!
//! A paused link collects. Answers are `application/problem+json` (RFC 9457) of fixed texts: nothing of a request is ever sent back.

mod request;

use std::sync::Arc;

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use flows::link::Activation;
use flows::settings::WebhookScheme;
use magento::webhook::{BadBody, Scheme, Unverified, Verified, verify};
use queue::{Cause, Envelope, Name, Queue};
use runtime::Metrics;
use runtime::head::{Head, head};
use runtime::links::LinkError;
use runtime::secrets::{Platform, Secrets};
use seams::Secret;
use seams::clock::Clock;
use store::Table;

pub use request::{MOST_BYTES, Request};

mod refusal;

use refusal::Refusal;

/// The events of the async-events module for Magento Open Source that concern orders. The last part of the path, because the module
/// sends no event name: the shop subscribes one URL per event.
pub const EVENTS: [&str; 7] = [
    "sales.order.created",
    "sales.order.updated",
    "sales.order.paid",
    "sales.order.shipped",
    "sales.order.holded",
    "sales.order.unholded",
    "sales.order.cancelled",
];

/// The door for a shop's events, and what stands behind it.
pub struct Door {
    /// Links and their settings.
    pub state: Arc<dyn Table>,
    /// Where hints go.
    pub queue: Arc<dyn Queue>,
    /// Time and event ids.
    pub clock: Arc<dyn Clock>,
    /// What events are signed with.
    pub secrets: Secrets,
    /// Where refusals are counted.
    pub metrics: Metrics,
}

impl Door {
    /// Answers one request. Never fails: what is away is a 503.
    pub async fn receive(&self, request: Request) -> ApiGatewayV2httpResponse {
        match self.accept(&request).await {
            Ok(event) => {
                tracing::info!(
                    link = event.link,
                    entity = event.entity,
                    source_id = event.source_id,
                    event_id = event.event_id,
                    "Accepted an event of order {}",
                    event.source_id
                );
                refusal::accepted()
            }
            Err(refusal) => {
                self.metrics.webhook_refused(refusal.reason(), refusal.is_ours());
                let (status, reason) = (refusal.status().as_u16(), refusal.reason());
                if refusal.is_ours() {
                    tracing::error!(status, reason, "An event could not be taken");
                } else {
                    tracing::warn!(status, reason, "An event was refused");
                }
                refusal.answer()
            }
        }
    }

    /// The cheapest check first, and nothing of the body is looked at before its signature fits.
    async fn accept(&self, request: &Request) -> Result<Envelope, Refusal> {
        let raw = request.raw_body()?;
        let (link, event) = request.path();
        if !EVENTS.contains(&event) {
            return Err(Refusal::UnknownEvent);
        }
        let head = self.head(link).await?;
        match head.activation {
            Activation::Active | Activation::Paused => {}
            Activation::Inactive => return Err(Refusal::Inactive),
            Activation::Stopped => return Err(Refusal::Stopped),
        }
        let verified = self.verified(link, &head, request, &raw).await?;
        let order = verified.order_id().map_err(|bad| match bad {
            BadBody::NotJson => Refusal::NotJson,
            BadBody::NoId => Refusal::NoId,
        })?;
        let hint = Envelope {
            link: link.to_owned(),
            entity: Name::Orders.entity().to_owned(),
            source_id: order.to_string(),
            cause: Cause::Webhook,
            occurred_at: self.clock.now(),
            event_id: self.clock.id(),
        };
        self.queue.send(Name::Orders, &hint).await.map_err(|error| {
            tracing::error!(error = %error, "The queue did not accept an event");
            Refusal::QueueAway
        })?;
        Ok(hint)
    }

    async fn head(&self, link: &str) -> Result<Head, Refusal> {
        head(self.state.as_ref(), link).await.map_err(|error| match error {
            LinkError::Unknown => Refusal::UnknownLink,
            error => {
                tracing::error!(link, code = error.code(), error = %error, "The link cannot be used");
                Refusal::StateAway
            }
        })
    }

    /// Verifies over the raw bytes; a signature that does not fit is tried once more if the secrets have just been replaced.
    async fn verified<'a>(
        &self,
        link: &str,
        head: &Head,
        request: &Request,
        raw: &'a [u8],
    ) -> Result<Verified<'a>, Refusal> {
        let settings = &head.settings.magento.webhook;
        let scheme = match settings.scheme {
            WebhookScheme::HmacSha256 => Scheme::HmacSha256Hex,
            WebhookScheme::SharedSecret => Scheme::SharedSecret,
        };
        let given = request.header(&settings.header).map(str::as_bytes);
        let first = verify(scheme, given, raw, &self.webhook_secrets(link).await?);
        let verified = match first {
            Err(Unverified::Mismatch) if self.replaced(link).await? => {
                verify(scheme, given, raw, &self.webhook_secrets(link).await?)
            }
            other => other,
        };
        verified.map_err(|unverified| match unverified {
            Unverified::NoSignature => Refusal::NoSignature,
            Unverified::Mismatch => Refusal::BadSignature,
            Unverified::NoSecret => Refusal::NoSecret,
        })
    }

    async fn webhook_secrets(&self, link: &str) -> Result<Vec<Secret>, Refusal> {
        self.secrets.webhook_secrets(link).await.map_err(|error| no_secret(link, &error))
    }

    async fn replaced(&self, link: &str) -> Result<bool, Refusal> {
        self.secrets.refresh(link, Platform::Magento).await.map_err(|error| no_secret(link, &error))
    }
}

/// Without a secret nobody can be let in; the log says which one is missing.
fn no_secret(link: &str, error: &runtime::secrets::SecretError) -> Refusal {
    tracing::error!(link, error = %error, "Events of this link cannot be verified");
    Refusal::NoSecret
}
