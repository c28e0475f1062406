//! An office with everything behind it in memory.

use std::sync::Arc;

use admin::{Linked, Office};
use flows::link::{Timing, World};
use jiff::SignedDuration;
use queue::{Cause, Envelope, Name};
use runtime::deployment::DeploymentKey;
use runtime::links::Platforms;
use runtime::secrets::Secrets;
use seams::clock::{Clock, Virtual};
use serde_json::{Value, json};
use simulators::acumatica::{self, Acumatica};
use simulators::fault::InProcess;
use simulators::magento::{Config, Integration, Magento, OrderDraft};
use store::record::{Park, Revision};
use store::{Record, Records};

use crate::asking::{Answer, Ask, Via, ask};
use crate::stand_ins::{Away, Network, Vault};

const WEBHOOK_SECRET: &str = "the-shop-signs-with-this";

/// The office and what stands behind it.
pub(crate) struct Bench {
    pub(crate) time: Arc<Virtual>,
    pub(crate) state: Arc<store::memory::Memory>,
    pub(crate) log: Arc<store::memory::Memory>,
    pub(crate) queue: Arc<queue::memory::Memory>,
    pub(crate) shop: InProcess<Magento>,
    pub(crate) erp: InProcess<Acumatica>,
    pub(crate) vault: Arc<Vault>,
    pub(crate) office: Office,
    secrets: Vec<String>,
}

impl Bench {
    /// A shop and an ERP that answer, with secrets that are right.
    pub(crate) fn new() -> Self {
        let time = Arc::new(Virtual::new("2026-11-23T09:00:00Z".parse().unwrap()));
        let clock: Arc<dyn Clock> = time.clone();
        let integration = Integration::new::<0>("shop", []);
        let tenant = acumatica::Config::default();
        let vault = Arc::new(Vault::default());
        let secrets = vec![
            integration.consumer_secret.clone(),
            integration.access_token.clone(),
            integration.access_token_secret.clone(),
            tenant.client_secret.clone(),
            tenant.password.clone(),
            WEBHOOK_SECRET.to_owned(),
        ];
        let magento = json!({
            "consumer_key": integration.consumer_key, "consumer_secret": integration.consumer_secret,
            "token": integration.access_token, "token_secret": integration.access_token_secret,
            "webhook_secrets": [WEBHOOK_SECRET],
        });
        vault.set("magento", magento.to_string());
        vault.set("acumatica", erp_secret(&tenant.password));
        let shop = InProcess::new(Magento::new(Config::shop()), clock.clone());
        let erp = InProcess::new(Acumatica::new(tenant), clock.clone());
        let state = Arc::new(store::memory::Memory::new());
        let log = Arc::new(store::memory::Memory::new());
        let queue = Arc::new(queue::memory::Memory::new(clock.clone()).max_receive_count(1));
        let platforms = Platforms {
            transport: Arc::new(Network { shop: shop.clone(), erp: erp.clone() }),
            clock: clock.clone(),
            state: state.clone(),
            secrets: Arc::new(Secrets::new(vault.clone(), clock.clone(), "causeway")),
            directory: Arc::default(),
            local_mode: false,
            write_timeout: ::acumatica::client::WRITE_TIMEOUT,
        };
        let world = World {
            state: state.clone(),
            log: log.clone(),
            queue: queue.clone(),
            clock: clock.clone(),
            timing: Timing::default(),
        };
        vault.set("deployment-key", "key-of-the-keyed-hashes".to_owned());
        let key = DeploymentKey::new(vault.clone(), "causeway/deployment-key", state.clone(), clock.clone());
        let office = Office { world, platforms: Box::new(Linked { platforms, key }), allow_loopback: false };
        Self { time, state, log, queue, shop, erp, vault, office, secrets }
    }

    /// The tables do not answer any more.
    pub(crate) fn without_tables(mut self) -> Self {
        (self.office.world.state, self.office.world.log) = (Arc::new(Away), Arc::new(Away));
        self
    }

    /// The queue does not answer any more.
    pub(crate) fn without_queue(mut self) -> Self {
        self.office.world.queue = Arc::new(Away);
        self
    }

    /// Asks, and holds every answer to what holds for all of them: the form, and that no secret is in it.
    pub(crate) async fn via(&self, via: Via, ask: &Ask) -> Answer {
        self.invoke(ask.event(via)).await
    }

    /// Asks by a direct invoke.
    pub(crate) async fn ask(&self, ask: Ask) -> Answer {
        self.via(Via::Direct, &ask).await
    }

    /// Answers an event of any form.
    pub(crate) async fn invoke(&self, event: Value) -> Answer {
        let is_http = event.get("requestContext").is_some();
        let answered = self.office.answer(event).await;
        let text = answered.to_string();
        for secret in &self.secrets {
            assert!(!text.contains(secret.as_str()), "a secret in {text}");
        }
        if !is_http {
            let status = answered["status"].as_u64().expect("a status");
            return Answer { status, headers: answered["headers"].clone(), body: answered["body"].clone() };
        }
        assert_eq!(answered["isBase64Encoded"], false);
        let body = serde_json::from_str(answered["body"].as_str().expect("a text")).expect("JSON");
        let status = answered["statusCode"].as_u64().expect("a status");
        Answer { status, headers: answered["headers"].clone(), body }
    }

    /// Makes a link with the sample settings; answers its id.
    pub(crate) async fn link(&self) -> String {
        let made = self.ask(ask("PUT /admin/settings").body(settings())).await.good(201);
        made["link"].as_str().expect("an id").to_owned()
    }

    /// Makes a link, tests its connections and activates it.
    pub(crate) async fn active_link(&self) -> String {
        let link = self.link().await;
        let tested = self.ask(ask(&format!("POST /admin/links/{link}/test-connections"))).await.good(200);
        assert_eq!(tested["passed"], true, "{tested}");
        self.activation(&link, "active").await.good(200);
        link
    }

    /// Asks for an activation.
    pub(crate) async fn activation(&self, link: &str, state: &str) -> Answer {
        self.ask(ask(&format!("POST /admin/links/{link}/activation")).body(json!({ "state": state }))).await
    }

    /// A shopper places an order with that number; answers its `entity_id`.
    pub(crate) fn place(&self, number: &str) -> u64 {
        let draft = OrderDraft::guest("jo@example.com").simple("SHIRT", 2, 50).shipping("flatrate_flatrate", 5);
        self.shop.with(|shop| shop.place(self.time.now(), &draft.numbered(number)))
    }

    /// Stores a record that one transition makes of a claimed one.
    pub(crate) async fn record(&self, key: &str, step: impl FnOnce(Record) -> Record) {
        let now = self.time.now();
        let claimed = Record::new(key).claim("worker", now, now + SignedDuration::from_mins(15), None).unwrap();
        let records = Records::new(self.state.clone(), self.time.clone());
        records.write(step(claimed)).await.unwrap();
    }

    /// Parks a record, a second after whatever was parked before.
    pub(crate) async fn park(&self, key: &str, code: &str) {
        self.time.advance(SignedDuration::from_secs(1));
        let park = Park {
            code: code.to_owned(),
            message: format!("{key} met {code}."),
            message_id: "m".to_owned(),
            event_id: "e".to_owned(),
            revision: Some(Revision("2026-11-23 08:00:00".to_owned())),
            settings: 1,
            at: self.time.now(),
        };
        let number = format!("00000{}", key.rsplit('/').next().unwrap_or_default());
        self.record(key, |record| Record { shown: Some(number), ..record }.park("worker", park).unwrap()).await;
    }

    /// Takes every message out of the orders' queue: link, source id and cause.
    pub(crate) fn take(&self) -> Vec<(String, String, Cause)> {
        self.take_of(Name::Orders)
    }

    /// Takes every message out of a queue: link, source id and cause.
    pub(crate) fn take_of(&self, queue: Name) -> Vec<(String, String, Cause)> {
        let mut events = Vec::new();
        while let Some(message) = self.queue.take(queue) {
            let event = Envelope::decode(&message.body).unwrap();
            assert_eq!((event.entity.as_str(), event.occurred_at), (queue.entity(), self.time.now()));
            assert!(self.queue.delete(queue, &message.receipt_handle));
            events.push((event.link, event.source_id, event.cause));
        }
        events
    }
}

/// What a person pastes into Secrets Manager for the ERP.
pub(crate) fn erp_secret(password: &str) -> String {
    let tenant = acumatica::Config::default();
    json!({
        "client_id": tenant.client_id(), "client_secret": tenant.client_secret,
        "username": tenant.username, "password": password,
    })
    .to_string()
}

/// Settings of which everything exists in the simulated ERP; the stores are for the connection test to find.
pub(crate) fn settings() -> Value {
    json!({
        "version": 1,
        "magento": {
            "base_url": "https://shop.example.com", "auth": "oauth1", "webhook": { "scheme": "hmac_sha256" },
        },
        "acumatica": { "base_url": "https://erp.example.com/Causeway" },
        "orders": {
            "enabled": true,
            "default": {
                "order_type": "SO", "numbering": "auto", "control_total": "not_required", "branch": "HQ",
                "warehouse": "MAIN", "customer_class": "WEB", "guests": { "policy": "per_email" },
                "freight": { "mode": "premium" }, "taxes": { "mode": "as_charged", "zone": "WEBSHOP" },
                "tax_ids": [{ "code": "US-MI-*-Rate 1", "tax_id": "CASTATE" }],
                "shipping_methods": [{ "method": "flatrate_flatrate", "ship_via": "UPSGROUND", "terms": "WEB" }],
                "payment_methods": [
                    { "method": "checkmo", "import": "always" },
                    {
                        "method": "braintree", "import": "when_authorised",
                        "receive": { "payment_method": "WEBCARD", "cash_account": "10200" },
                    },
                ],
            },
        },
    })
}

/// The sample settings with other values at these places.
pub(crate) fn settings_with(changes: &[(&str, Value)]) -> Value {
    let mut settings = settings();
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        settings.pointer_mut(parent).expect("a place")[name] = value.clone();
    }
    settings
}
