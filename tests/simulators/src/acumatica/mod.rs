//! A simulated Acumatica ERP tenant: token endpoint, sales orders, customers and the master data they refer to, over HTTP messages.
//!
//! Where the product's behaviour is not established, a switch of [`Config`] chooses, or the simulator refuses. The evidence in the
//! comments: "recorded 2023" is traffic of a SaaS instance on endpoint 20.200.001; "measured on 26.101" a third party's notes on a
//! 2026 R1 instance; help topics, the Integration Development Guide and the Postman collection are Acumatica's own.

mod answer;
mod auth;
mod config;
mod context;
mod customer;
mod decode;
mod facts;
pub mod faults;
mod filter;
mod lists;
mod master;
mod merge;
mod order;
mod payment;
mod period;
mod push;
mod put;
mod query;
mod record;
mod routes;
mod screen;
mod seed;
#[cfg(test)]
mod tests;
mod users;
mod view;
mod wire;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use seams::http::{Request, Response};

pub use self::config::{
    AlternateId, Collation, Config, CreditFailure, CustomerRules, CustomerStamp, Definition, Duplicate, ErrorForm,
    NumberingError, OrderType, PeriodField, PrimaryContactRule, Push, Split, TaxRounding, Unusable,
};
pub use self::master::{
    Attribute, AttributeChoice, ClassAttribute, Control, CustomerClass, FreightBasis, Item, Master, PaymentMethod,
    ShipVia, ShippingTerms, TaxZone,
};
pub use self::push::{Notification, Outbox};
pub use self::record::{Record, Scalar};
pub use self::seed::NoSuchRecord;
pub use self::users::{Change, Unsaved};
pub use self::view::{Line, Order, Payment, PaymentDocument};
use crate::Platform;

/// The simulated tenant.
#[derive(Clone, Debug)]
pub struct Acumatica {
    /// The switches; they may be changed between requests.
    pub config: Config,
    /// The master data; it may be changed between requests.
    pub master: Master,
    facts: Arc<facts::Facts>,
    auth: auth::Auth,
    customers: Vec<Record>,
    locations: Vec<Record>,
    contacts: Vec<Record>,
    orders: Vec<Record>,
    payments: Vec<Record>,
    numbers: merge::Numbers,
    saves: u64,
    /// Data transactions so far, of the API and of users.
    transactions: u64,
    /// Push notifications on their way.
    pub outbox: Outbox,
    calls: BTreeMap<String, u64>,
}

impl Acumatica {
    /// A tenant without customers and orders, with the master data of [`Master::sample`].
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            facts: Arc::new(facts::Facts::load(&config.version)),
            config,
            master: Master::sample(),
            auth: auth::Auth::default(),
            customers: Vec::new(),
            locations: Vec::new(),
            contacts: Vec::new(),
            orders: Vec::new(),
            payments: Vec::new(),
            numbers: merge::Numbers::default(),
            saves: 0,
            transactions: 0,
            outbox: Outbox::default(),
            calls: BTreeMap::new(),
        }
    }

    /// The sales orders, oldest first.
    #[must_use]
    pub fn orders(&self) -> Vec<Order> {
        self.orders.iter().map(Order::from).collect()
    }

    /// The sales orders with every field, for what [`Order`] leaves out.
    #[must_use]
    pub fn order_records(&self) -> &[Record] {
        &self.orders
    }

    /// The payment documents, oldest first: those of their own and those created with an order.
    #[must_use]
    pub fn payments(&self) -> Vec<PaymentDocument> {
        self.payments.iter().map(PaymentDocument::from).collect()
    }

    /// The payment documents with every field.
    #[must_use]
    pub fn payment_records(&self) -> &[Record] {
        &self.payments
    }

    /// The customers, oldest first, with every field.
    #[must_use]
    pub fn customers(&self) -> &[Record] {
        &self.customers
    }

    /// The locations of customers, oldest first, with every field.
    #[must_use]
    pub fn locations(&self) -> &[Record] {
        &self.locations
    }

    /// The contacts, oldest first, with every field; main, billing and shipping contacts of customers stand on the customers.
    #[must_use]
    pub fn contacts(&self) -> &[Record] {
        &self.contacts
    }

    /// How many records were saved over the API: a PUT that fails or changes nothing saves none.
    #[must_use]
    pub fn saves(&self) -> u64 {
        self.saves
    }

    /// Requests by route, such as `PUT SalesOrder`, `POST token`, `401`.
    #[must_use]
    pub fn calls(&self) -> &BTreeMap<String, u64> {
        &self.calls
    }

    /// Sessions that hold a licence seat at `now`.
    #[must_use]
    pub fn live_sessions(&self, now: Timestamp) -> usize {
        self.auth.live(now)
    }

    fn count(&mut self, route: &str) {
        *self.calls.entry(route.to_owned()).or_default() += 1;
    }
}

impl Platform for Acumatica {
    fn receive(&mut self, now: Timestamp, request: &Request) -> (Response, Timestamp) {
        self.route(now, request)
    }
}
