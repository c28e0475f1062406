//! A whole shop in memory: both platforms, both tables, the queue, and a clock that moves only when it is told to.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use acumatica::auth::{Slot, TokenStore};
use flows::link::{Activation, EmailKey, Link, Timing, World};
use flows::settings::Settings;
use flows::sweep::Swept;
use jiff::{SignedDuration, Timestamp};
use queue::{Cause, Envelope, Name, Queue};
use rust_decimal::Decimal;
use seams::Secret;
use seams::clock::{Clock, Virtual};
use serde_json::Value;
use simulators::acumatica::{Acumatica, Item, Order};
use simulators::fault::InProcess;
use simulators::magento::{Config, Integration, Magento, OrderDraft};
use store::{Record, Table};

use super::plants::{Plant, Planted, WatchedShop};
use super::seams::{Gate, GatedPlatform, GatedQueue, GatedTable};

/// The link under test.
pub(crate) const LINK: &str = "abcd2345";
/// The key under which e-mails are hashed.
pub(crate) const EMAIL_KEY: &str = "key-of-the-keyed-hashes";
/// The rate of every taxed sample order.
pub(crate) const RATE: &str = "US-MI-*-Rate 1";

/// A clock as every test begins with it. A wait moves the time, because nobody else is waiting.
pub(crate) fn clock() -> Virtual {
    Virtual::new("2026-11-23T09:00:00Z".parse().expect("an instant"))
}

/// Runs a future that never waits for anything outside: everything is in memory and its gates are open.
pub(crate) fn ready<T>(future: impl Future<Output = T>) -> T {
    store::memory::mortal::outcome(future).expect("a future waits although every gate is open")
}

/// The shop and everything around it.
pub(crate) struct Shop {
    pub(crate) time: Arc<Virtual>,
    pub(crate) state: Arc<store::memory::Memory>,
    pub(crate) log: Arc<store::memory::Memory>,
    pub(crate) queue: Arc<queue::memory::Memory>,
    pub(crate) magento: InProcess<Magento>,
    pub(crate) erp: InProcess<Acumatica>,
    pub(crate) settings: Settings,
    pub(crate) version: u64,
    pub(crate) activation: Activation,
    pub(crate) plant: Plant,
    pub(crate) planted: Arc<Planted>,
    pub(crate) tokens: Arc<acumatica::auth::InMemory>,
    pub(crate) directory: Arc<magento::Directory>,
    /// Until when calls that were given up may still be carried out.
    late: Arc<Mutex<Option<Timestamp>>>,
    /// One of them is a write in the shop.
    late_in_shop: Arc<AtomicBool>,
}

impl Shop {
    /// A shop whose one sample item exists in the ERP, and whose settings map all that a sample order needs.
    pub(crate) fn new() -> Self {
        Self::with(Plant::Nothing, |queue| queue)
    }

    /// The same with a planted bug, and with another kind of queue.
    pub(crate) fn with(plant: Plant, kind: fn(queue::memory::Memory) -> queue::memory::Memory) -> Self {
        let time = Arc::new(clock());
        let clock: Arc<dyn Clock> = time.clone();
        let (tenant, slot) = signed_in();
        let tokens = acumatica::auth::InMemory::new();
        ready(tokens.replace(0, slot)).expect("the store in memory answers");
        let state = Arc::new(store::memory::Memory::new());
        let magento = InProcess::new(Magento::new(Config::shop().allow_integration_bearer()), clock.clone());
        let mut settings = settings();
        if plant == Plant::WindowZero {
            settings.orders.window_seconds = Some(1);
        }
        Self {
            state: state.clone(),
            log: Arc::new(store::memory::Memory::new()),
            queue: Arc::new(kind(queue::memory::Memory::new(clock.clone()))),
            planted: Arc::new(Planted::new(plant, state, magento.clone(), EmailKey::new(Secret::new(EMAIL_KEY)))),
            magento,
            erp: InProcess::new(tenant.clone(), clock),
            settings,
            version: 1,
            activation: Activation::Active,
            plant,
            tokens: Arc::new(tokens),
            directory: Arc::default(),
            late: Arc::default(),
            late_in_shop: Arc::default(),
            time,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.time.now()
    }

    /// A worker: the world and the link as one function's environment sees them, both behind `gate`. `topic` is the order it works on.
    pub(crate) fn worker(&self, gate: &Gate, topic: &str) -> (World, Link) {
        let clock: Arc<dyn Clock> = self.time.clone();
        let state: Arc<dyn Table> = match self.plant {
            Plant::Nothing => self.state.clone(),
            _ => self.planted.clone(),
        };
        let world = World {
            state: Arc::new(GatedTable { name: "state", inner: state, gate: gate.clone() }),
            log: Arc::new(GatedTable { name: "log", inner: self.log.clone(), gate: gate.clone() }),
            queue: Arc::new(GatedQueue { inner: self.queue.clone(), gate: gate.clone() }),
            clock: clock.clone(),
            timing: Timing::default(),
        };
        let (late, time) = (self.late.clone(), self.time.clone());
        let late: Arc<dyn Fn(u32) + Send + Sync> = Arc::new(move |minutes| {
            let until = time.now() + SignedDuration::from_mins(i64::from(minutes));
            let mut late = late.lock().unwrap_or_else(PoisonError::into_inner);
            *late = Some(late.map_or(until, |before| before.max(until)));
        });
        let (both, flag) = (late.clone(), self.late_in_shop.clone());
        let late_in_shop: Arc<dyn Fn(u32) + Send + Sync> = Arc::new(move |minutes| {
            flag.store(true, Ordering::Relaxed);
            both(minutes);
        });
        let shop = GatedPlatform {
            inner: self.magento.clone(),
            gate: gate.clone(),
            topic: topic.to_owned(),
            blind: false,
            late: late_in_shop,
        };
        let erp = GatedPlatform {
            inner: self.erp.clone(),
            gate: gate.clone(),
            topic: topic.to_owned(),
            blind: self.plant == Plant::LookUpSkipped,
            late,
        };
        let erp = self.planted.watch(erp);
        let token = Secret::new(Integration::new::<0>("shop", []).access_token);
        let credentials = magento::auth::Credentials::Bearer { token };
        let to_shop = magento::Connection::new(&self.settings.magento.base_url, credentials).expect("a good address");
        let link = Link {
            id: LINK.to_owned(),
            activation: self.activation,
            settings: self.settings.clone(),
            settings_version: self.version,
            magento: magento::Client::new(Arc::new(WatchedShop { shop, plant: self.plant }), clock.clone(), to_shop)
                .with_directory(self.directory.clone()),
            acumatica: acumatica::Client::new(erp, clock, connection(), self.tokens.clone()),
            emails: EmailKey::new(Secret::new(EMAIL_KEY)),
        };
        (world, link)
    }

    /// What the sweep knows of the links.
    pub(crate) fn swept(&self) -> [Swept; 1] {
        [Swept { id: LINK.to_owned(), settings_version: self.version }]
    }

    /// A shopper places an order.
    pub(crate) fn place(&self, draft: &OrderDraft) -> u64 {
        let now = self.now();
        self.magento.with(|shop| shop.place(now, draft))
    }

    /// An event about an order.
    pub(crate) fn event(&self, order: u64, cause: Cause) -> Envelope {
        Envelope {
            link: LINK.to_owned(),
            entity: "order".to_owned(),
            source_id: order.to_string(),
            cause,
            occurred_at: self.now(),
            event_id: self.time.id(),
        }
    }

    /// Puts an event about an order into the queue and returns its id.
    pub(crate) fn send(&self, order: u64, cause: Cause) -> String {
        let event = self.event(order, cause);
        ready(self.queue.send(Name::Orders, &event)).expect("the queue in memory answers");
        event.event_id
    }

    /// Places an order, whose event comes at once.
    pub(crate) fn order(&self, draft: &OrderDraft) -> u64 {
        let order = self.place(draft);
        self.send(order, Cause::Webhook);
        order
    }

    /// A customer of the ERP with an e-mail.
    pub(crate) fn customer(&self, email: &str) -> String {
        self.erp.with(|erp| erp.add_customer("Jordan Sample", email))
    }

    /// A new version of the settings.
    pub(crate) fn change_settings(&mut self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings);
        self.version += 1;
    }

    /// Changes the order type SO.
    pub(crate) fn order_type(&self, change: impl FnOnce(&mut simulators::acumatica::OrderType)) {
        self.erp.with(|erp| change(erp.config.order_types.get_mut("SO").expect("the order type")));
    }

    /// The ERP's orders.
    pub(crate) fn orders(&self) -> Vec<Order> {
        self.erp.with(|erp| erp.orders())
    }

    /// The ERP's only order.
    pub(crate) fn only_order(&self) -> Order {
        let mut orders = self.orders();
        assert_eq!(orders.len(), 1, "one order in the ERP");
        orders.remove(0)
    }

    /// Records saved in the ERP.
    pub(crate) fn saves(&self) -> u64 {
        self.erp.with(|erp| erp.saves())
    }

    /// The record of an order, if there is one.
    pub(crate) fn find(&self, order: u64) -> Option<Record> {
        let key = format!("{LINK}/order/{order}");
        self.records().into_iter().find(|record| record.key == key)
    }

    /// The record of an order.
    pub(crate) fn record(&self, order: u64) -> Record {
        self.find(order).expect("the order has a record")
    }

    /// Every record, guards included.
    pub(crate) fn records(&self) -> Vec<Record> {
        let records = self.state.items().into_iter().filter(|item| item.key.sort == store::records::SORT);
        records
            .map(|item| {
                let mut record: Record = serde_json::from_value(item.body).expect("a record");
                (record.key, record.rev) = (item.key.partition, item.rev);
                record
            })
            .collect()
    }

    /// The sync log, oldest first.
    pub(crate) fn entries(&self) -> Vec<store::log::Entry> {
        let entry = |item: store::table::Item| serde_json::from_value(item.body).expect("a log entry");
        self.log.items().into_iter().map(entry).collect()
    }

    /// What an order is worth in Magento: tenders other than the payment are deducted from the grand total there.
    pub(crate) fn value(&self, order: u64) -> Decimal {
        with_tenders(&self.document(order), "base_grand_total")
    }

    /// What Magento has received for an order, by whatever tender.
    pub(crate) fn received(document: &Value) -> Decimal {
        with_tenders(document, "base_total_paid")
    }

    /// An order's document in Magento.
    pub(crate) fn document(&self, order: u64) -> Value {
        self.magento.with(|shop| shop.order(order).cloned()).expect("the order is in Magento")
    }

    /// Whether the shop carried a write out long after it was given up.
    pub(crate) fn was_late_in_shop(&self) -> bool {
        self.late_in_shop.load(Ordering::Relaxed)
    }

    /// When the last call that was given up will have been carried out; none when none is open.
    pub(crate) fn late_until(&self) -> Option<Timestamp> {
        let until = *self.late.lock().unwrap_or_else(PoisonError::into_inner);
        until.filter(|until| *until > self.now())
    }
}

/// An amount of an order, and what its other tenders are worth.
fn with_tenders(document: &Value, field: &str) -> Decimal {
    let amount = |value: &Value| value.to_string().parse::<Decimal>().unwrap_or_default();
    let tenders = ["base_customer_balance_amount", "base_gift_cards_amount", "base_reward_currency_amount"];
    let tenders = tenders.iter().map(|tender| amount(&document["extension_attributes"][*tender]));
    amount(&document[field]) + tenders.sum::<Decimal>()
}

/// The settings under test.
fn settings() -> Settings {
    static PARSED: OnceLock<Settings> = OnceLock::new();
    let parse = || flows::settings::parse(include_bytes!("settings.json"), false).expect("good settings");
    PARSED.get_or_init(parse).clone()
}

/// Where the tenant is.
fn connection() -> acumatica::Connection {
    let config = simulators::acumatica::Config::default();
    let credentials = acumatica::auth::Credentials {
        client_id: config.client_id(),
        client_secret: Secret::new(config.client_secret),
        username: config.username,
        password: Secret::new(config.password),
    };
    acumatica::Connection::new("https://erp.example.com/Causeway", "Default", "24.200.001", credentials)
        .expect("a good address")
}

/// A tenant that has signed us in, so that no sign-in stands among the calls of a test.
fn signed_in() -> (&'static Acumatica, &'static Slot) {
    static BASE: OnceLock<(Acumatica, Slot)> = OnceLock::new();
    let (tenant, slot) = BASE.get_or_init(|| {
        let clock: Arc<dyn Clock> = Arc::new(clock());
        let tenant = InProcess::new(Acumatica::new(simulators::acumatica::Config::default()), clock.clone());
        let item = Item { warehouses: vec!["MAIN".to_owned()], ..Item::default() };
        tenant.with(|erp| erp.add_item("SHIRT", item));
        let tokens = Arc::new(acumatica::auth::InMemory::new());
        let client = acumatica::Client::new(Arc::new(tenant.clone()), clock, connection(), tokens.clone());
        ready(client.endpoints()).expect("the tenant answers");
        (tenant.with(|erp| erp.clone()), ready(tokens.load()).expect("the store in memory answers"))
    });
    (tenant, slot)
}

/// A guest's order of two shirts: 100.00, shipping 5.00, tax 6.00.
pub(crate) fn shirts(email: &str) -> OrderDraft {
    OrderDraft::guest(email).simple("SHIRT", 2, 50).shipping("flatrate_flatrate", 5).tax(RATE, 6)
}
