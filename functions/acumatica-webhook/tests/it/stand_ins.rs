//! A door with everything behind it in memory.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use acumatica_webhook::Door;
use async_trait::async_trait;
use flows::link::Activation;
use queue::{Envelope, Name, Queue, QueueError};
use runtime::Metrics;
use runtime::door::Request;
use runtime::secrets::{SecretError, Secrets, Source};
use seams::Secret;
use seams::clock::Virtual;
use serde_json::{Value, json};
use store::memory::Memory;
use tracing::level_filters::LevelFilter;

pub(crate) const LINK: &str = "abcd2345";

/// Keeps what was sent, until it fails.
pub(crate) struct Sent {
    envelopes: Mutex<Vec<Envelope>>,
    most: AtomicUsize,
}

impl Sent {
    /// Takes so many envelopes from now on.
    pub(crate) fn fail_after(&self, more: usize) {
        self.most.store(self.envelopes.lock().unwrap().len().saturating_add(more), Ordering::Relaxed);
    }
}

#[async_trait]
impl Queue for Sent {
    async fn send(&self, queue: Name, envelope: &Envelope) -> Result<(), QueueError> {
        assert_eq!(queue, Name::Customers);
        let mut envelopes = self.envelopes.lock().unwrap();
        if envelopes.len() >= self.most.load(Ordering::Relaxed) {
            return Err(QueueError::Unavailable("away".to_owned()));
        }
        envelopes.push(envelope.clone());
        Ok(())
    }

    async fn set_visibility(&self, _: Name, _: &str, _: u32) -> Result<(), QueueError> {
        panic!("a door receives no messages")
    }

    async fn start_redrive(&self, _: Name) -> Result<String, QueueError> {
        panic!("a door redrives nothing")
    }

    async fn dead_letters(&self, _: Name) -> Result<u64, QueueError> {
        panic!("a door counts nothing")
    }
}

/// One secret, which can be replaced and lost.
pub(crate) struct OneSecret(Mutex<Option<String>>);

#[async_trait]
impl Source for OneSecret {
    async fn read(&self, name: &str) -> Result<Secret, SecretError> {
        assert_eq!(name, "stack/abcd2345/acumatica", "no other secret is asked for");
        let text = self.0.lock().unwrap().clone();
        text.map(Secret::new).ok_or_else(|| SecretError::Missing(name.to_owned()))
    }
}

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

pub(crate) struct Answer {
    pub(crate) status: i64,
    pub(crate) body: String,
    pub(crate) retry_after: Option<String>,
}

pub(crate) struct Erp {
    door: Door,
    pub(crate) queue: Arc<Sent>,
    pub(crate) clock: Arc<Virtual>,
    secret: Arc<OneSecret>,
    log: Captured,
}

impl Erp {
    /// A link that lets the tenant `Company` in.
    pub(crate) fn new(activation: Activation) -> Self {
        Self::with(activation, json!({ "company": "Company" }))
    }

    /// A link with these settings for pushes, and the secrets `new-secret` and `old-secret`.
    pub(crate) fn with(activation: Activation, push: Value) -> Self {
        let clock = Arc::new(Virtual::new("2026-11-23T04:00:00Z".parse().unwrap()));
        let settings = json!({
            "version": 1,
            "magento": { "base_url": "https://shop.example.com", "auth": "bearer", "webhook": { "scheme": "hmac_sha256" } },
            "acumatica": { "base_url": "https://erp.example.com/Company", "push": push },
            "orders": { "enabled": true, "default": {} },
        });
        let queue = Arc::new(Sent { envelopes: Mutex::default(), most: AtomicUsize::new(usize::MAX) });
        let (state, log) = (Arc::new(Memory::new()), Captured::default());
        block_on(seed(&state, activation, settings));
        let secret = Arc::new(OneSecret(Mutex::default()));
        let door = Door {
            state,
            queue: queue.clone(),
            clock: clock.clone(),
            secrets: Secrets::new(secret.clone(), clock.clone(), "stack"),
            metrics: Metrics::to(log.clone(), clock.clone()),
        };
        let erp = Self { door, queue, clock, secret, log };
        erp.rotate(&["new-secret", "old-secret"]);
        erp
    }

    pub(crate) fn rotate(&self, secrets: &[&str]) {
        let secret = json!({
            "client_id": "c", "client_secret": "s", "username": "u", "password": "p", "push_secrets": secrets,
        });
        *self.secret.0.lock().unwrap() = Some(secret.to_string());
    }

    pub(crate) fn forget_secret(&self) {
        *self.secret.0.lock().unwrap() = None;
    }

    pub(crate) fn push(&self, link: &str, entity: &str, secret: Option<&str>, body: &str) -> Answer {
        let mut headers = json!({ "accept": "*/*", "content-type": "application/json" });
        if let Some(secret) = secret {
            headers["x-causeway-secret"] = secret.into();
        }
        self.receive(request(link, entity, &headers, body))
    }

    pub(crate) fn push_by(&self, header: &str, secret: &str, body: &str) -> Answer {
        self.receive(request(LINK, "customer", &json!({ header: secret }), body))
    }

    pub(crate) fn receive(&self, event: Value) -> Answer {
        let request: Request = serde_json::from_value(event).expect("an HTTP API event");
        let writer = self.log.clone();
        let subscriber = runtime::telemetry::subscriber(LevelFilter::DEBUG, move || writer.clone());
        // A second one alive: with a single one, `tracing` lets the thread that meets a log line first decide for all.
        let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
        let answer = tracing::subscriber::with_default(subscriber, || block_on(self.door.receive(request)));
        Answer {
            status: answer.status_code,
            retry_after: answer.headers.get("retry-after").map(|value| value.to_str().unwrap().to_owned()),
            body: answer.body.as_ref().map(|body| String::from_utf8(body.to_vec()).unwrap()).unwrap_or_default(),
        }
    }

    pub(crate) fn sent(&self) -> Vec<Envelope> {
        self.queue.envelopes.lock().unwrap().clone()
    }

    /// The ids of what was sent, in order.
    pub(crate) fn records(&self) -> Vec<String> {
        let mut records: Vec<String> = self.sent().into_iter().map(|hint| hint.source_id).collect();
        records.sort();
        records
    }

    pub(crate) fn log(&self) -> String {
        String::from_utf8(self.log.0.lock().unwrap().clone()).unwrap()
    }

    /// How many refusals were counted as our own fault.
    pub(crate) fn ours(&self) -> usize {
        self.counted().iter().filter(|line| line["Fault"] == "ours").count()
    }

    /// The reasons that were counted.
    pub(crate) fn refused(&self) -> Vec<String> {
        self.counted().iter().map(|line| line["Reason"].as_str().unwrap().to_owned()).collect()
    }

    fn counted(&self) -> Vec<Value> {
        let lines = self.log();
        let values = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON lines"));
        values.filter(|line| line["WebhookRefused"] == 1).collect()
    }
}

/// A request of payload format 2.0.
fn request(link: &str, entity: &str, headers: &Value, body: &str) -> Value {
    json!({
        "version": "2.0",
        "routeKey": "POST /acumatica/{link}/{entity}",
        "rawPath": format!("/acumatica/{link}/{entity}"),
        "rawQueryString": "",
        "headers": headers,
        "requestContext": { "http": { "method": "POST", "path": format!("/acumatica/{link}/{entity}") }, "stage": "$default" },
        "pathParameters": { "link": link, "entity": entity },
        "body": body,
        "isBase64Encoded": false,
    })
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

async fn seed(state: &Memory, activation: Activation, settings: Value) {
    use store::table::Table as _;
    let items =
        [(store::settings::SETTINGS, settings), (store::settings::ACTIVATION, json!({ "activation": activation }))];
    for (sort, body) in items {
        let key = store::Key::new(LINK, sort);
        let item = store::Item { key, rev: 1, write_id: "w".to_owned(), body, indexes: Vec::new(), expires: None };
        state.insert_if_absent(item).await.unwrap();
    }
}
