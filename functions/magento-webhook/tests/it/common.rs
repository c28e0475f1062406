//! A door with everything behind it in memory.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use flows::link::Activation;
use hmac::{Hmac, KeyInit as _, Mac as _};
use magento::webhook::adobe_io::Keys;
use magento_webhook::Door;
use queue::{Envelope, Name, Queue, QueueError};
use runtime::Metrics;
use runtime::door::Request;
use runtime::secrets::{SecretError, Secrets, Source};
use seams::Secret;
use seams::clock::Virtual;
use seams::http::{Failure, Response, Transport};
use serde_json::{Value, json};
use sha2::Sha256;
use store::memory::Memory;
use tracing::level_filters::LevelFilter;

pub(crate) const BODY: &str = r#"{"data":{"entity_id":12,"increment_id":"000000012"}}"#;
const LINK: &str = "abcd2345";

/// Lower-case hex of HMAC-SHA256, as the async-events module signs.
pub(crate) fn signature(secret: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// An event of payload format 2.0.
pub(crate) fn request(link: &str, event: &str, signature: Option<&str>, body: &str) -> Value {
    let mut headers = json!({
        "accept": "*/*",
        "content-type": "application/json",
        "host": "id.execute-api.us-east-1.amazonaws.com",
        "user-agent": "GuzzleHttp/7",
    });
    if let Some(signature) = signature {
        headers["x-magento-signature"] = signature.into();
    }
    json!({
        "version": "2.0",
        "routeKey": "POST /magento/{link}/{event}",
        "rawPath": format!("/magento/{link}/{event}"),
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "id",
            "domainName": "id.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "id",
            "http": {
                "method": "POST",
                "path": format!("/magento/{link}/{event}"),
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "GuzzleHttp/7",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "POST /magento/{link}/{event}",
            "stage": "$default",
            "time": "23/Nov/2026:04:00:00 +0000",
            "timeEpoch": 1_795_406_400_000_u64,
        },
        "pathParameters": { "link": link, "event": event },
        "body": body,
        "isBase64Encoded": false,
    })
}

/// The only host that a door asks: it has the two keys of the tests, until it is away.
#[derive(Default)]
pub(crate) struct Adobe {
    away: AtomicBool,
    asked: Mutex<Vec<String>>,
}

impl Adobe {
    pub(crate) fn go_away(&self) {
        self.away.store(true, Ordering::Relaxed);
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

#[async_trait]
impl Transport for Adobe {
    async fn send(&self, request: seams::http::Request, wait: Duration) -> Result<Response, Failure> {
        let uri = request.uri().to_string();
        self.asked.lock().unwrap().push(uri.clone());
        let file = uri.strip_prefix("https://static.adobeioevents.com/").expect("no other host is asked");
        let (status, body) = match file {
            _ if self.away.load(Ordering::Relaxed) => return Err(Failure::TimedOut(wait)),
            "one.pem" => (200, keys::ONE),
            "two.pem" => (200, keys::TWO),
            _ => (404, ""),
        };
        Ok(http::Response::builder().status(status).body(bytes::Bytes::from_static(body.as_bytes())).unwrap())
    }
}

/// Keys that are for tests only, and what signs with them.
pub(crate) mod keys {
    use ring::rand::SystemRandom;
    use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
    use rustls_pki_types::PrivatePkcs8KeyDer;
    use rustls_pki_types::pem::PemObject as _;

    pub(crate) const ONE: &str = include_str!("../../../../shared/magento/tests/keys/test-only-one.public.pem");
    pub(crate) const TWO: &str = include_str!("../../../../shared/magento/tests/keys/test-only-two.public.pem");
    const PRIVATE: [&str; 2] = [
        include_str!("../../../../shared/magento/tests/keys/test-only-one.private.pem"),
        include_str!("../../../../shared/magento/tests/keys/test-only-two.private.pem"),
    ];

    /// Signs with key 1 or 2, in base64.
    pub(crate) fn sign(key: usize, message: &[u8]) -> String {
        let der = PrivatePkcs8KeyDer::from_pem_slice(PRIVATE[key - 1].as_bytes()).expect("a key in PEM form");
        let pair = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).expect("an RSA key");
        let mut signature = vec![0; pair.public().modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).expect("signed");
        super::base64(&signature)
    }
}

/// Keeps what was sent, until it breaks down.
#[derive(Default)]
pub(crate) struct Sent {
    envelopes: Mutex<Vec<Envelope>>,
    broken: AtomicBool,
}

impl Sent {
    pub(crate) fn break_down(&self) {
        self.broken.store(true, Ordering::Relaxed);
    }
}

#[async_trait]
impl Queue for Sent {
    async fn send(&self, queue: Name, envelope: &Envelope) -> Result<(), QueueError> {
        assert_eq!(queue.entity(), envelope.entity, "in its entity's queue");
        if self.broken.load(Ordering::Relaxed) {
            return Err(QueueError::Unavailable("away".to_owned()));
        }
        self.envelopes.lock().unwrap().push(envelope.clone());
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
        assert_eq!(name, "stack/abcd2345/magento", "no other secret is asked for");
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
    pub(crate) content_type: Option<String>,
    pub(crate) retry_after: Option<String>,
}

pub(crate) struct Shop {
    door: Door,
    pub(crate) queue: Arc<Sent>,
    pub(crate) clock: Arc<Virtual>,
    pub(crate) adobe: Arc<Adobe>,
    secret: Arc<OneSecret>,
    log: Captured,
}

impl Shop {
    pub(crate) fn new(activation: Activation) -> Self {
        Self::with(activation, json!({ "scheme": "hmac_sha256" }))
    }

    /// A link with these webhook settings and the secrets `new-secret` and `old-secret`.
    pub(crate) fn with(activation: Activation, webhook: Value) -> Self {
        let clock = Arc::new(Virtual::new("2026-11-23T04:00:00Z".parse().unwrap()));
        let settings = json!({
            "version": 1,
            "magento": { "base_url": "https://shop.example.com", "auth": "bearer", "webhook": webhook },
            "acumatica": { "base_url": "https://erp.example.com/Company" },
            "orders": { "enabled": true, "default": {} },
        });
        let (state, queue, log) = (Arc::new(Memory::new()), Arc::new(Sent::default()), Captured::default());
        block_on(seed(&state, activation, settings));
        let secret = Arc::new(OneSecret(Mutex::default()));
        let adobe = Arc::new(Adobe::default());
        let door = Door {
            keys: Keys::new(adobe.clone(), clock.clone()),
            state,
            queue: queue.clone(),
            clock: clock.clone(),
            secrets: Secrets::new(secret.clone(), clock.clone(), "stack"),
            metrics: Metrics::to(log.clone(), clock.clone()),
        };
        let shop = Self { door, queue, clock, adobe, secret, log };
        shop.rotate(&["new-secret", "old-secret"]);
        shop
    }

    pub(crate) fn rotate(&self, secrets: &[&str]) {
        *self.secret.0.lock().unwrap() = Some(json!({ "bearer": "token", "webhook_secrets": secrets }).to_string());
    }

    pub(crate) fn forget_secret(&self) {
        *self.secret.0.lock().unwrap() = None;
    }

    pub(crate) fn post(&self, link: &str, event: &str, signature: Option<&str>, body: &str) -> Answer {
        self.receive(request(link, event, signature, body))
    }

    pub(crate) fn receive(&self, event: Value) -> Answer {
        let request: Request = serde_json::from_value(event).expect("an HTTP API event");
        let writer = self.log.clone();
        let subscriber = runtime::telemetry::subscriber(LevelFilter::DEBUG, move || writer.clone());
        // A second one alive: with a single one, `tracing` lets the thread that meets a log line first decide for all.
        let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
        let answer = tracing::subscriber::with_default(subscriber, || block_on(self.door.receive(request)));
        let header = |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        Answer {
            status: answer.status_code,
            content_type: header("content-type"),
            retry_after: header("retry-after"),
            body: answer.body.as_ref().map(|body| String::from_utf8(body.to_vec()).unwrap()).unwrap_or_default(),
        }
    }

    pub(crate) fn sent(&self) -> Vec<Envelope> {
        self.queue.envelopes.lock().unwrap().clone()
    }

    pub(crate) fn log(&self) -> String {
        String::from_utf8(self.log.0.lock().unwrap().clone()).unwrap()
    }

    /// How many refusals were counted as our own fault.
    pub(crate) fn ours(&self) -> usize {
        let lines = self.log();
        let values = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON lines"));
        values.filter(|line| line["WebhookRefused"] == 1 && line["Fault"] == "ours").count()
    }

    /// What was sent, as `order 12`.
    pub(crate) fn hints(&self) -> Vec<String> {
        self.sent().iter().map(|hint| format!("{} {}", hint.entity, hint.source_id)).collect()
    }

    /// The reasons that were counted.
    pub(crate) fn refused(&self) -> Vec<String> {
        let lines = self.log();
        let values = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON lines"));
        values
            .filter(|line| line["WebhookRefused"] == 1)
            .map(|line| line["Reason"].as_str().unwrap().to_owned())
            .collect()
    }
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
