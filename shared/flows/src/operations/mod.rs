//! What an operator can do: eleven operations. Requests and answers are data; how they travel is the function's business
//! (`functions/admin`), and what they look like is `infra/admin-api.md`.

pub mod activation;
pub mod connections;
pub mod customers;
pub mod dry_run;
mod entities;
pub mod log;
pub mod matching;
pub mod orders;
pub mod parked;
pub mod redrive;
pub mod retry;
pub mod settings;

use async_trait::async_trait;
use magento::client::OrderHit;
use queue::{Cause, Envelope, Name, QueueError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use store::TableError;

use crate::link::{EmailKey, World};
use crate::settings::{Acumatica, Magento, Settings};

/// The platforms of a link, made of its settings and secrets.
#[async_trait]
pub trait Platforms: Send + Sync {
    /// The client of a link's shop.
    ///
    /// # Errors
    /// [`Unusable`] when the secret or the address is.
    async fn magento(&self, link: &str, settings: &Magento) -> Result<magento::Client, Unusable>;

    /// The client of a link's ERP.
    ///
    /// # Errors
    /// [`Unusable`] when the secret or the address is.
    async fn acumatica(&self, link: &str, settings: &Acumatica) -> Result<acumatica::Client, Unusable>;

    /// What e-mails and fingerprints are hashed with in this deployment.
    ///
    /// # Errors
    /// [`Unusable`] when the secret is.
    async fn emails(&self) -> Result<EmailKey, Unusable>;
}

/// Why no client of a platform can be made. Nothing was asked of the platform yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable {
    /// The code whose runbook page says what to do: `flows.rejected.secret`.
    pub code: &'static str,
    /// A sentence that names the secret or the address, and quotes neither.
    pub why: String,
}

/// Everything an operation needs.
pub struct Desk<'a> {
    /// Tables, queue and clock.
    pub world: &'a World,
    /// Shops and ERPs.
    pub platforms: &'a dyn Platforms,
    /// Whether a platform may be reached by http on this machine.
    pub allow_loopback: bool,
}

/// A successful answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The version of the settings answered with, for `ETag`.
    pub version: Option<u64>,
    /// The body.
    pub body: Value,
}

impl Answer {
    fn ok(body: impl Serialize) -> Self {
        Self::with(200, body)
    }

    fn with(status: u16, body: impl Serialize) -> Self {
        let body =
            serde_json::to_value(body).expect("invariant: answers hold texts, whole numbers and lists, which JSON has");
        Self { status, version: None, body }
    }
}

/// Why an operation was refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// One sentence: what is wrong and what to do.
    pub detail: String,
    /// More, by name.
    pub more: Value,
}

impl Refusal {
    /// A refusal with nothing but a sentence.
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), more: json!({}) }
    }

    fn with(status: u16, detail: impl Into<String>, more: Value) -> Self {
        Self { status, detail: detail.into(), more }
    }
}

impl From<TableError> for Refusal {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Bug(why) if why.contains("cursor") => {
                Self::new(400, format!("`cursor` is not one of this query: {why}"))
            }
            error @ TableError::Bug(_) => Self::new(500, format!("{error}.")),
            error => Self::new(503, format!("{error}; try again")),
        }
    }
}

impl From<QueueError> for Refusal {
    fn from(error: QueueError) -> Self {
        Self::new(503, format!("{error}; try again"))
    }
}

/// Reads a request's body; the place of what is wrong is named. What stands there is not: serde's message quotes it, and people paste
/// secrets into the wrong request.
fn body<T: DeserializeOwned>(body: &Value) -> Result<T, Refusal> {
    serde_path_to_error::deserialize(body).map_err(|error| {
        let path = error.path().to_string();
        let hint = if body.is_string() { " It is a text: send the JSON itself." } else { "" };
        Refusal::with(400, format!("The request's body is not right at `{path}`.{hint}"), json!({ "path": path }))
    })
}

/// The status where stored settings are of no form that this release knows.
const UNREADABLE: u16 = 500;
/// Characters of a link's id.
const ID_LENGTH: usize = 8;

/// A link's settings as they are stored, and their version.
async fn stored(desk: &Desk<'_>, link: &str) -> Result<(u64, Settings), Refusal> {
    // A text that can be no id is not looked up: the table takes no empty key and none of any length.
    let found = match link.len() {
        ID_LENGTH => store::settings::current(&*desk.world.state, link).await?,
        _ => None,
    };
    let (version, document) = found.ok_or_else(|| Refusal::new(404, format!("There is no link `{link}`.")))?;
    let settings = serde_json::from_value(document)
        .map_err(|error| Refusal::new(UNREADABLE, format!("The settings of link `{link}` cannot be read: {error}.")))?;
    Ok((version, settings))
}

/// Several orders of one number, for a person to choose among.
fn found(hits: &[OrderHit]) -> Vec<Value> {
    let row = |hit: &OrderHit| json!({ "entity_id": hit.entity_id.0.0, "store_id": hit.store_id.map(|id| id.0), "state": hit.state });
    hits.iter().map(row).collect()
}

/// Puts an event for one record into its queue.
async fn enqueue(desk: &Desk<'_>, link: &str, queue: Name, source_id: &str, cause: Cause) -> Result<(), Refusal> {
    let event = Envelope {
        link: link.to_owned(),
        entity: queue.entity().to_owned(),
        source_id: source_id.to_owned(),
        cause,
        occurred_at: desk.world.clock.now(),
        event_id: desk.world.clock.id(),
    };
    Ok(desk.world.queue.send(queue, &event).await?)
}

/// Queue and source id of a record key, if the record is of this link and has a queue.
fn place_of<'a>(record: &'a str, link: &str) -> Option<(Name, &'a str)> {
    let of = |queue| Some((queue, source_of(record, link, queue).filter(|id| !id.is_empty())?));
    Name::ALL.into_iter().find_map(of)
}

/// The source id of a record key, if the record is of this link and queue.
fn source_of<'a>(record: &'a str, link: &str, queue: Name) -> Option<&'a str> {
    record.strip_prefix(link)?.strip_prefix('/')?.strip_prefix(queue.entity())?.strip_prefix('/')
}
