//! Magento's events in, on an HTTP API. Verify, decode the id, enqueue, answer.
//!
//! | Path | Sender |
//! | --- | --- |
//! | `POST /magento/{link}/{event}` | the async-events module, one URL per event |
//! | `POST /magento/{link}/adobe-commerce/{event}` | Adobe Commerce webhooks, one URL per hook |
//! | `POST /magento/{link}/adobe-io` | Adobe I/O Events, one at a time or in batches |
//! | `GET /magento/{link}/adobe-io?challenge=…` | its handshake |
//! | `POST /magento/{link}/mageplaza/{entity}` | Mageplaza Webhook and home-made modules |
//!
//! An event is a hint that a record may have changed: nothing but its id is read, and the flow reads the record itself. 202 is
//! answered only after SQS has accepted the hint; every other status means that sending again is right (5xx) or useless (4xx).
//! A record whose event a shop gives up on is not found by itself: the operator's *sync now* brings it.
//!
//! | Status | When |
//! | --- | --- |
//! | 202 | the hint is in the queue |
//! | 400 | not base64 though announced so, not JSON, or no id in it |
//! | 401 | no signature, or one that fits none of the live secrets or keys |
//! | 403 | an event of Adobe's that is meant for another client id |
//! | 404 | the link or the event does not exist, or the sender is not set up; the answers are the same |
//! | 413 | more than [`MOST_BYTES`](runtime::door::MOST_BYTES) |
//! | 503 | the link is inactive or stopped, or something of ours is away; with `Retry-After` |
//!
//! A paused link collects. Answers are `application/problem+json` (RFC 9457) of fixed texts: of a request only the handshake's text is
//! ever sent back.
//!
//! **Adobe Commerce webhooks** stop the shopper, and where they are required they fail her checkout with any answer but success. Magento
//! never repeats them, whatever is answered. So once the signature fits, the answer is 200 and success, even if the event cannot be taken
//! for one of the reasons above; these are counted and logged as everywhere. What is not proven to be the shop's is still refused.
//!
//! **Adobe I/O Events** in a batch are taken one by one. Those of types that this release does not know are acknowledged and counted,
//! because one registration may serve several receivers; an event without an id is refused only where no other of its batch is taken,
//! because Adobe would repeat none of them and switches off a registration that is refused too often.

mod route;

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use aws_lambda_events::encodings::Body;
use flows::settings::{AdobeCommerce, WebhookScheme};
use http::header::{CONTENT_TYPE, HeaderValue};
use magento::webhook::adobe_io::{BadEvents, Keys};
use magento::webhook::{
    BadBody, Event, PublicKey, Scheme, Subject, Unverified, Verified, adobe_commerce, adobe_io, verify,
};
use queue::{Cause, Name, Queue};
use runtime::Metrics;
use runtime::door::{Hint, Refusal, Request, answer, collecting, count, enqueue, link_head};
use runtime::secrets::{Platform, Secrets};
use seams::Secret;
use seams::clock::Clock;
use serde_json::json;
use store::Table;

use route::Sender;

/// The longest text of a handshake that is sent back, in characters.
const MOST_CHALLENGE: usize = 256;

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
    /// What Adobe's events are signed with.
    pub keys: Keys,
    /// Where refusals are counted.
    pub metrics: Metrics,
}

/// What is answered to a request that is not refused.
enum Accepted {
    /// 202: its hints are in the queue.
    Enqueued,
    /// 200 and this document.
    Says(String),
}

impl Door {
    /// Answers one request. Never fails: what is away is a 503.
    pub async fn receive(&self, request: Request) -> ApiGatewayV2httpResponse {
        match self.accept(&request).await {
            Ok(Accepted::Enqueued) => answer(&self.metrics, Ok(())),
            Ok(Accepted::Says(document)) => says(document),
            Err(refusal) => answer(&self.metrics, Err(refusal)),
        }
    }

    /// The cheapest check first, and nothing of the body is looked at before its signature fits.
    async fn accept(&self, request: &Request) -> Result<Accepted, Refusal> {
        let raw = request.raw_body()?;
        let sender = Sender::of(request).ok_or(Refusal::UnknownEvent)?;
        let link = request.path("link");
        let head = link_head(self.state.as_ref(), link).await?;
        let webhook = &head.settings.magento.webhook;
        match sender {
            Sender::AsyncEvents(event) => {
                collecting(&head)?;
                let scheme = match webhook.scheme {
                    WebhookScheme::HmacSha256 => Scheme::HmacSha256Hex,
                    WebhookScheme::SharedSecret => Scheme::SharedSecret,
                };
                let verified = self.by_secret(link, scheme, request.header(&webhook.header), &raw).await?;
                self.take(link, event, verified).await?;
            }
            Sender::Mageplaza(event) => {
                let settings = webhook.mageplaza.as_ref().ok_or(Refusal::UnknownEvent)?;
                collecting(&head)?;
                let given = request.header(&settings.header);
                let verified = self.by_secret(link, Scheme::SharedSecret, given, &raw).await?;
                self.take(link, event, verified).await?;
            }
            Sender::AdobeCommerce(event) => {
                let settings = webhook.adobe_commerce.as_ref().ok_or(Refusal::UnknownEvent)?;
                let verified = by_key_of_the_shop(link, settings, request, &raw)?;
                let taken = match collecting(&head) {
                    Ok(()) => self.take(link, event, verified).await,
                    refused => refused,
                };
                if let Err(refusal) = taken {
                    count(&self.metrics, refusal);
                }
                return Ok(Accepted::Says(adobe_commerce::SUCCESS.to_owned()));
            }
            Sender::AdobeIo => {
                let settings = webhook.adobe_io.as_ref().ok_or(Refusal::UnknownEvent)?;
                collecting(&head)?;
                let signatures = adobe_io::HEADERS.map(|(of, path)| (request.header(of), request.header(path)));
                let verified = self.keys.verify(signatures, &raw).await.map_err(unverified)?;
                self.take_delivered(link, verified, &settings.client_id).await?;
            }
            Sender::Handshake => {
                webhook.adobe_io.as_ref().ok_or(Refusal::UnknownEvent)?;
                return challenge(request);
            }
        }
        Ok(Accepted::Enqueued)
    }

    /// Verifies over the raw bytes; a signature that does not fit is tried once more if the secrets have just been replaced.
    async fn by_secret<'a>(
        &self,
        link: &str,
        scheme: Scheme,
        given: Option<&str>,
        raw: &'a [u8],
    ) -> Result<Verified<'a>, Refusal> {
        let given = given.map(str::as_bytes);
        let first = verify(scheme, given, raw, &self.webhook_secrets(link).await?);
        let verified = match first {
            Err(Unverified::Mismatch) if self.replaced(link).await? => {
                verify(scheme, given, raw, &self.webhook_secrets(link).await?)
            }
            other => other,
        };
        verified.map_err(unverified)
    }

    async fn webhook_secrets(&self, link: &str) -> Result<Vec<Secret>, Refusal> {
        self.secrets.webhook_secrets(link).await.map_err(|error| no_secret(link, &error))
    }

    async fn replaced(&self, link: &str) -> Result<bool, Refusal> {
        self.secrets.refresh(link, Platform::Magento).await.map_err(|error| no_secret(link, &error))
    }

    /// Enqueues what one event is about.
    async fn take(&self, link: &str, event: Event, verified: Verified<'_>) -> Result<(), Refusal> {
        let ids = verified.ids(event).map_err(|bad| match bad {
            BadBody::NotJson => Refusal::NotJson,
            BadBody::NoId => Refusal::NoId,
        })?;
        self.enqueue(link, ids.into_iter().map(|id| (queue_of(event), id)).collect()).await
    }

    /// Enqueues what the events of a delivery are about, each record once.
    async fn take_delivered(&self, link: &str, verified: Verified<'_>, client_id: &str) -> Result<(), Refusal> {
        let events = adobe_io::events(&verified, client_id).map_err(|bad| match bad {
            BadEvents::NotJson => Refusal::NotJson,
            BadEvents::NotEvents => Refusal::WrongShape,
            BadEvents::WrongRecipient => Refusal::WrongRecipient,
        })?;
        let (mut records, mut nameless) = (BTreeSet::new(), 0);
        for delivered in events {
            match (delivered.event, delivered.ids) {
                (None, _) => count(&self.metrics, Refusal::UnknownEvent),
                (Some(event), Ok(ids)) => records.extend(ids.into_iter().map(|id| (queue_of(event), id))),
                (Some(_), Err(_)) => nameless += 1,
            }
        }
        if records.is_empty() && nameless > 0 {
            return Err(Refusal::NoId);
        }
        for _ in 0..nameless {
            count(&self.metrics, Refusal::NoId);
        }
        self.enqueue(link, records).await
    }

    async fn enqueue(&self, link: &str, records: BTreeSet<(Name, u64)>) -> Result<(), Refusal> {
        let hints: Vec<Hint> =
            records.into_iter().map(|(entity, id)| Hint { entity, source_id: id.to_string() }).collect();
        enqueue(&self.queue, self.clock.as_ref(), link, Cause::Webhook, &hints).await
    }
}

/// The queue of what an event is about.
fn queue_of(event: Event) -> Name {
    match event.subject {
        Subject::Order => Name::Orders,
        Subject::Customer => Name::Customers,
    }
}

/// The keys were read when the settings were written; one that cannot be read now is as good as none.
fn by_key_of_the_shop<'a>(
    link: &str,
    settings: &AdobeCommerce,
    request: &Request,
    raw: &'a [u8],
) -> Result<Verified<'a>, Refusal> {
    let keys: Result<Vec<PublicKey>, _> = settings.public_keys.iter().map(|key| PublicKey::from_pem(key)).collect();
    let keys = keys.map_err(|error| {
        tracing::error!(link, error = %error, "A public key of the settings cannot be used");
        Refusal::NoSecret
    })?;
    adobe_commerce::verify(request.header(adobe_commerce::SIGNATURE), raw, &keys).map_err(unverified)
}

fn unverified(unverified: Unverified) -> Refusal {
    match unverified {
        Unverified::NoSignature => Refusal::NoSignature,
        Unverified::Mismatch => Refusal::BadSignature,
        Unverified::NoSecret => Refusal::NoSecret,
        Unverified::KeyAway => Refusal::KeyAway,
    }
}

/// Without a secret nobody can be let in; the log says which one is missing.
fn no_secret(link: &str, error: &runtime::secrets::SecretError) -> Refusal {
    tracing::error!(link, error = %error, "Events of this link cannot be verified");
    Refusal::NoSecret
}

/// Adobe registers an address that sends its text back. The text is given as JSON, which no browser runs, and only if it is plain. The
/// other handshake, a `validationUrl` to be fetched, is not made: this one suffices, and nobody shall tell us what to fetch.
fn challenge(request: &Request) -> Result<Accepted, Refusal> {
    let plain = |text: &&str| (1..=MOST_CHALLENGE).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    let text = request.query("challenge").filter(plain).ok_or(Refusal::BadChallenge)?;
    Ok(Accepted::Says(json!({ "challenge": text }).to_string()))
}

fn says(document: String) -> ApiGatewayV2httpResponse {
    let mut answer = ApiGatewayV2httpResponse::default();
    answer.status_code = 200;
    answer.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer.body = Some(Body::Text(document));
    answer
}
