//! The operator's door with everything behind it in memory: tables, queue, and both platforms simulated.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use admin::Office;
use async_trait::async_trait;
use flows::link::{Timing, World};
use flows::operations::Platforms;
use flows::settings;
use jiff::{SignedDuration, Timestamp};
use queue::{Envelope, Name};
use seams::Secret;
use seams::clock::Clock;
use serde_json::{Value, json};
use simulators::acumatica::Acumatica;
use simulators::fault::InProcess;
use simulators::magento::{Config, Integration, Magento, StoreView};
use store::record::{Park, Record};
use store::{Records, Table};

/// Who asks by HTTP.
pub(crate) const ARN: &str = "arn:aws:sts::123456789012:assumed-role/operator/ann";

/// A clock that moves only when told, whose ids end in the letters and digits that links are named by.
pub(crate) struct Time {
    now: Mutex<Timestamp>,
    ids: AtomicU64,
}

impl Time {
    pub(crate) fn forward(&self, seconds: i64) {
        *self.now.lock().unwrap() += SignedDuration::from_secs(seconds);
    }
}

#[async_trait]
impl Clock for Time {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn id(&self) -> String {
        format!("01JDAB{:020}", self.ids.fetch_add(1, Ordering::Relaxed))
    }

    async fn sleep(&self, wait: Duration) {
        *self.now.lock().unwrap() += wait;
    }
}

/// Clients of the simulators, unless the secret is said to be missing.
struct Simulated {
    shop: InProcess<Magento>,
    erp: InProcess<Acumatica>,
    clock: Arc<dyn Clock>,
    secret_is_missing: Arc<AtomicBool>,
}

impl Simulated {
    fn secret(&self, name: &str) -> Result<(), String> {
        let missing = self.secret_is_missing.load(Ordering::Relaxed);
        if missing { Err(format!("the secret {name} does not exist or may not be read")) } else { Ok(()) }
    }
}

#[async_trait]
impl Platforms for Simulated {
    async fn magento(&self, link: &str, settings: &settings::Magento) -> Result<magento::Client, String> {
        self.secret(&format!("causeway/{link}/magento"))?;
        let token = Secret::new(Integration::new::<0>("shop", []).access_token);
        let credentials = magento::auth::Credentials::Bearer { token };
        let connection = magento::Connection::new(&settings.base_url, credentials).map_err(|bad| bad.to_string())?;
        Ok(magento::Client::new(Arc::new(self.shop.clone()), self.clock.clone(), connection))
    }

    async fn acumatica(&self, link: &str, settings: &settings::Acumatica) -> Result<acumatica::Client, String> {
        self.secret(&format!("causeway/{link}/acumatica"))?;
        let config = simulators::acumatica::Config::default();
        let credentials = acumatica::auth::Credentials {
            client_id: config.client_id(),
            client_secret: Secret::new(config.client_secret),
            username: config.username,
            password: Secret::new(config.password),
        };
        let (endpoint, version) = (&settings.endpoint, &settings.endpoint_version);
        let connection = acumatica::Connection::new(&settings.base_url, endpoint, version, credentials);
        let connection = connection.map_err(|bad| bad.to_string())?;
        let tokens = Arc::new(acumatica::auth::InMemory::new());
        Ok(acumatica::Client::new(Arc::new(self.erp.clone()), self.clock.clone(), connection, tokens))
    }
}

/// An office and its surroundings.
pub(crate) struct Desk {
    pub(crate) office: Office,
    pub(crate) time: Arc<Time>,
    pub(crate) state: Arc<store::memory::Memory>,
    pub(crate) log: Arc<store::memory::Memory>,
    pub(crate) queue: Arc<queue::memory::Memory>,
    pub(crate) shop: InProcess<Magento>,
    pub(crate) erp: InProcess<Acumatica>,
    pub(crate) secret_is_missing: Arc<AtomicBool>,
}

impl Desk {
    /// A shop with the store views `default` and `fr` of the website `base`, and an ERP.
    pub(crate) fn new() -> Self {
        let start = "2026-11-23T09:00:00Z".parse().unwrap();
        let time = Arc::new(Time { now: Mutex::new(start), ids: AtomicU64::new(0) });
        let clock: Arc<dyn Clock> = time.clone();
        let (state, log) = (Arc::new(store::memory::Memory::new()), Arc::new(store::memory::Memory::new()));
        let queue = Arc::new(queue::memory::Memory::new(clock.clone()));
        let config = Config::shop().allow_integration_bearer().store_view(StoreView::new(3, "fr", "French", "USD"));
        let shop = InProcess::new(Magento::new(config), clock.clone());
        let tenant = Acumatica::new(simulators::acumatica::Config::default());
        let erp = InProcess::new(tenant, clock.clone());
        let secret_is_missing = Arc::new(AtomicBool::new(false));
        let platforms = Simulated {
            shop: shop.clone(),
            erp: erp.clone(),
            clock: clock.clone(),
            secret_is_missing: secret_is_missing.clone(),
        };
        let (table, lines): (Arc<dyn Table>, Arc<dyn Table>) = (state.clone(), log.clone());
        let world = World { state: table, log: lines, queue: queue.clone(), clock, timing: Timing::default() };
        let office = Office { world, platforms: Box::new(platforms), allow_loopback: false };
        Self { office, time, state, log, queue, shop, erp, secret_is_missing }
    }

    /// A request by direct invoke.
    pub(crate) fn ask(&self, method: &str, path: &str, body: Value) -> (u64, Value) {
        self.invoke(json!({ "method": method, "path": path, "body": body }))
    }

    /// A request by direct invoke, with whatever else it has.
    pub(crate) fn invoke(&self, event: Value) -> (u64, Value) {
        let answer = self.run(event);
        (answer["status"].as_u64().unwrap(), answer["body"].clone())
    }

    /// One invocation and the whole of its answer.
    pub(crate) fn run(&self, event: Value) -> Value {
        block_on(self.office.answer(event))
    }

    /// A request by HTTP.
    pub(crate) fn http(&self, method: &str, path: &str, headers: Value, body: &str) -> Value {
        self.run(json!({
            "version": "2.0",
            "rawPath": path,
            "headers": headers,
            "requestContext": {
                "http": { "method": method, "path": path },
                "authorizer": { "iam": { "userArn": ARN } },
            },
            "body": body,
            "isBase64Encoded": false,
        }))
    }

    /// A link with the sample settings of this shop; returns its id.
    pub(crate) fn link(&self) -> String {
        let (status, body) = self.ask("PUT", "/admin/settings", settings());
        assert_eq!(status, 201, "{body}");
        body["link"].as_str().unwrap().to_owned()
    }

    /// A link whose connections were tested.
    pub(crate) fn tested(&self) -> String {
        let link = self.link();
        let (status, body) = self.ask("POST", &format!("/admin/links/{link}/test-connections"), Value::Null);
        assert_eq!((status, &body["passed"]), (200, &json!(true)), "{body}");
        link
    }

    /// Parks an order.
    pub(crate) fn park(&self, link: &str, order: u64, code: &str) {
        let now = self.time.now();
        let park = Park {
            code: code.to_owned(),
            message: format!("Order {order:09} cannot be sent."),
            message_id: "m".to_owned(),
            event_id: "e".to_owned(),
            revision: None,
            settings: 1,
            at: now,
        };
        self.write(link, order, |record| record.park("me", park.clone()).unwrap());
        self.time.forward(1);
    }

    /// Claims an order's record, numbers it, and ends the turn.
    pub(crate) fn write(&self, link: &str, order: u64, end: impl Fn(Record) -> Record) {
        let records = Records::new(self.state.clone(), self.time.clone());
        let (now, key) = (self.time.now(), format!("{link}/order/{order}"));
        let mut claimed = Record::new(key).claim("me", now, now + SignedDuration::from_secs(60), None).unwrap();
        claimed.shown = Some(format!("{order:09}"));
        let claimed = block_on(records.write(claimed)).unwrap();
        block_on(records.write(end(claimed))).unwrap();
    }

    /// What was enqueued since the last look: source id and cause, with that the rest is as it must be.
    pub(crate) fn enqueued(&self, link: &str) -> Vec<String> {
        let mut seen = Vec::new();
        while let Some(message) = self.queue.take(Name::Orders) {
            let event = Envelope::decode(&message.body).unwrap();
            assert_eq!((event.link.as_str(), event.entity.as_str()), (link, "order"));
            seen.push(format!("{} {:?}", event.source_id, event.cause));
            self.queue.delete(Name::Orders, &message.receipt_handle);
        }
        seen
    }
}

/// The sample's settings at this shop's addresses, before any connection test.
pub(crate) fn settings() -> Value {
    let sample = include_bytes!("../../../../infra/local/sample/settings.json");
    let mut settings: Value = serde_json::from_slice(sample).unwrap();
    settings["magento"]["base_url"] = json!("https://shop.example.com");
    settings["magento"]["auth"] = json!("bearer");
    settings["acumatica"]["base_url"] = json!("https://erp.example.com/Causeway");
    settings["stores"] = json!([]);
    settings["orders"]["websites"] = json!({});
    settings
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}
