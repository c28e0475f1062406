//! Acumatica's push notifications in: `POST /acumatica/{link}/{entity}` on an HTTP API. Verify, decode the ids, enqueue, answer.
//!
//! A push is a hint that records may have changed: nothing but their `NoteID`s is read, and the flow reads the records itself. One hint
//! is sent for each record that is named in `Inserted` or `Deleted`, however many of its rows there are. The path says of which entity
//! they are, because a push only names its inquiry; its set-up is in `infra/acumatica/push-notifications.md`.
//!
//! | Status | When |
//! | --- | --- |
//! | 202 | a hint for every record is in the queue |
//! | 400 | not base64 though announced so, no push or not all of one, or a row without a `NoteID`, which is named by its place |
//! | 401 | no secret in the header, or none of the live ones |
//! | 403 | `CompanyId` is not the tenant of the settings: a restored copy of it, for example; of a truncated push only if it says another one |
//! | 404 | the link or the entity does not exist, or the link lets no pushes in; the answers are the same |
//! | 413 | more than [`MOST_BYTES`](runtime::door::MOST_BYTES) |
//! | 503 | the link is inactive or stopped, or something of ours is away; with `Retry-After` |
//!
//! A paused link collects. Acumatica sends again whatever is not answered by success, five times in all, and then keeps it for two days for
//! a person to send again. So of a push of which one row is bad, or the end is missing, the good ones are enqueued, and it is refused all the
//! same: nothing of it is lost, and what comes again is harmless. A truncated push may end before its `CompanyId`; its secret has fitted, and a
//! hint only causes a read.

use std::sync::Arc;

use acumatica::push::{BadPush, Push, Unverified, decode, verify};
use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use queue::{Cause, Name, Queue};
use runtime::Metrics;
use runtime::door::{Hint, Refusal, Request, answer, collecting, enqueue, link_head};
use runtime::secrets::{Platform, SecretError, Secrets};
use seams::Secret;
use seams::clock::Clock;
use store::Table;

/// The entities that pushes may tell of, by the last part of their path.
pub const ENTITIES: [(&str, Name); 1] = [("customer", Name::Customers)];

/// The door for push notifications, and what stands behind it.
pub struct Door {
    /// Links and their settings.
    pub state: Arc<dyn Table>,
    /// Where hints go.
    pub queue: Arc<dyn Queue>,
    /// Time and event ids.
    pub clock: Arc<dyn Clock>,
    /// What the header must hold.
    pub secrets: Secrets,
    /// Where refusals are counted.
    pub metrics: Metrics,
}

impl Door {
    /// Answers one request. Never fails: what is away is a 503.
    pub async fn receive(&self, request: Request) -> ApiGatewayV2httpResponse {
        let taken = self.accept(&request).await;
        answer(&self.metrics, taken)
    }

    /// The cheapest check first, and nothing of the body is looked at before the secret fits.
    async fn accept(&self, request: &Request) -> Result<(), Refusal> {
        let raw = request.raw_body()?;
        let entity = ENTITIES.iter().find(|(name, _)| *name == request.path("entity"));
        let (_, entity) = *entity.ok_or(Refusal::UnknownEvent)?;
        let link = request.path("link");
        let head = link_head(self.state.as_ref(), link).await?;
        let settings = head.settings.acumatica.push.as_ref().ok_or(Refusal::UnknownEvent)?;
        collecting(&head)?;
        self.verify(link, request.header(&settings.header)).await?;
        let push = decode(&raw).map_err(|bad| match bad {
            BadPush::NotJson => Refusal::NotJson,
            BadPush::NotAPush => Refusal::WrongShape,
        })?;
        let is_told = push.company.is_some() || !push.is_cut;
        if is_told && settings.company.as_ref().is_some_and(|company| push.company.as_ref() != Some(company)) {
            return Err(Refusal::WrongCompany);
        }
        self.take(link, entity, push).await
    }

    /// A secret that does not fit is tried once more if the live ones have just been replaced.
    async fn verify(&self, link: &str, given: Option<&str>) -> Result<(), Refusal> {
        let given = given.map(str::as_bytes);
        let first = verify(given, &self.push_secrets(link).await?);
        let verified = match first {
            Err(Unverified::Mismatch) if self.replaced(link).await? => verify(given, &self.push_secrets(link).await?),
            other => other,
        };
        verified.map_err(|unverified| match unverified {
            Unverified::NoSecret => Refusal::NoSecret,
            Unverified::Missing => Refusal::NoSignature,
            Unverified::Mismatch => Refusal::BadSignature,
        })
    }

    async fn push_secrets(&self, link: &str) -> Result<Vec<Secret>, Refusal> {
        self.secrets.push_secrets(link).await.map_err(|error| no_secret(link, &error))
    }

    async fn replaced(&self, link: &str) -> Result<bool, Refusal> {
        self.secrets.refresh(link, Platform::Acumatica).await.map_err(|error| no_secret(link, &error))
    }

    /// Event ids are random and not made of the push's `Id`: what is sent again may find that the first hint came too early.
    async fn take(&self, link: &str, entity: Name, push: Push) -> Result<(), Refusal> {
        let hints: Vec<Hint> = push.records.into_iter().map(|source_id| Hint { entity, source_id }).collect();
        enqueue(&self.queue, self.clock.as_ref(), link, Cause::Push, &hints).await?;
        if push.is_cut {
            return Err(Refusal::NotJson);
        }
        push.nameless.map_or(Ok(()), |(list, row)| Err(Refusal::NoNoteId(list, row)))
    }
}

/// Without a secret nobody can be let in; the log says which one is missing.
fn no_secret(link: &str, error: &SecretError) -> Refusal {
    tracing::error!(link, error = %error, "Pushes to this link cannot be verified");
    Refusal::NoSecret
}
