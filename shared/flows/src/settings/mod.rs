//! The settings of a link: one versioned JSON document, version 1.
//!
//! A new link maps nothing: no default here decides business. Values have a scope, default → website → store view; each level
//! inherits, and the rows of mapping tables of a narrower level come before those of a wider one. The first row that matches wins.

mod choices;
mod currencies;
mod customers;
mod diff;
mod doors;
mod parse;
mod rules;
pub mod schema;
mod scope;
mod structure;
mod tables;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use choices::{
    Bundles, ClosedPeriod, ControlTotal, CustomOptions, DuplicateGuard, Freight, FreightMode, Guests, ImportRule,
    ItemIdentity, LineAmounts, Numbering, PaymentDocuments, PurchaseOrderField, TaxMode, Taxes, WriteBack,
};
pub use customers::{
    AccountDeleted, Accounts, AmbiguousEmail, AttributeKind, AttributeRow, AttributeTarget, Companies, Customer,
    CustomerDirection, CustomerField, CustomerInactive, CustomerScope, Customers, FurtherAddresses, Gone, GroupRow,
    Masked, MaskedRow, SharedEmail, ValueRow,
};
pub use diff::{Change, diff};
pub use doors::{AdobeCommerce, AdobeIo, Mageplaza, Push, Webhook, WebhookScheme};
pub use parse::{Problem, parse};
pub use scope::{Channel, Resolved, Scope, When, matches};
pub use tables::{
    Authorised, CountryRow, DropShipRow, ExtraAmountRow, ExtraItem, ExtraItems, OptionRow, PaymentRow, Receive,
    RegionRow, ShippingRow, StateForm, TaxRow, Tenders, UnitRow, ZoneRow,
};

/// The sample shop's settings, which are also the documented example.
#[cfg(test)]
pub(crate) const SAMPLE: &[u8] = include_bytes!("../../../../infra/local/sample/settings.json");

/// The whole document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The version of this document's form: always 1.
    #[schemars(range(min = 1, max = 1))]
    pub version: u8,
    /// The Magento connection.
    pub magento: Magento,
    /// The Acumatica connection.
    pub acumatica: Acumatica,
    /// Magento's store views. Filled in by the connection test; store 0 (admin) is not among them.
    #[serde(default)]
    pub stores: Vec<Store>,
    /// Orders from Magento to Acumatica.
    pub orders: Orders,
    /// Customers, both ways. Absent: they are made by orders alone.
    #[serde(default)]
    pub customers: Customers,
    /// The sync log.
    #[serde(default)]
    pub log: Log,
}

/// The Magento connection. Credentials are in the secret `<stack>/<link>/magento`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Magento {
    /// The shop's address without `/rest`: `https://shop.example.com`.
    pub base_url: String,
    /// How requests are authenticated.
    pub auth: MagentoAuth,
    /// Which senders of the shop may tell of events, and how each proves that it is the shop's.
    pub webhook: Webhook,
}

/// How requests to Magento are authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MagentoAuth {
    /// OAuth 1.0a with HMAC-SHA256, Magento's recommended way.
    Oauth1,
    /// The integration's access token as bearer; off by default since Magento 2.4.4.
    Bearer,
}

/// The Acumatica connection. Credentials are in the secret `<stack>/<link>/acumatica`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Acumatica {
    /// The instance's address: `https://erp.example.com/Company`.
    pub base_url: String,
    /// The endpoint's name; merchants who extend it use their own.
    #[serde(default = "default_endpoint")]
    pub endpoint: String,
    /// The endpoint's version.
    #[serde(default = "default_endpoint_version")]
    pub endpoint_version: String,
    /// How Acumatica's push notifications are let in. Absent: none are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push: Option<Push>,
}

fn default_endpoint() -> String {
    "Default".to_owned()
}

fn default_endpoint_version() -> String {
    "24.200.001".to_owned()
}

/// A Magento store view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Store {
    /// Magento's id of the store view, as orders carry it.
    pub store_id: u64,
    /// The store view's code.
    pub code: String,
    /// The code of its website.
    pub website: String,
    /// IANA name; an order's day is this zone's day.
    pub time_zone: String,
    /// The website's base currency, ISO 4217.
    pub currency: String,
}

/// Orders from Magento to Acumatica.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Orders {
    /// Off: every order is skipped.
    pub enabled: bool,
    /// The only direction of this release.
    #[serde(default)]
    pub direction: Direction,
    /// Whose value wins: the shop's.
    #[serde(default)]
    pub system_of_record: SystemOfRecord,
    /// Orders created before this day (UTC) are skipped: the cut-over.
    #[serde(default)]
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub earliest_order: Option<Date>,
    /// Orders created before this instant are looked up in Acumatica before their first write: set after a cut-over or a restore.
    #[serde(default)]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub look_up_before: Option<Timestamp>,
    /// Tries before an order is parked, 1 to 8.
    #[serde(default = "default_max_attempts")]
    #[schemars(range(min = 1, max = 8))]
    pub max_attempts: u32,
    /// How long after an unanswered write the ERP may still carry it out, in seconds. A request may queue ten minutes and run ten more
    /// after we gave up, hence 1,500, which the deployment sets where this is absent; lower only where the numbering is manual, because
    /// then the ERP refuses duplicates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 3600))]
    pub window_seconds: Option<u32>,
    /// The most lines of one request, at most and by default 500: an order of more lines is written in slices, on hold until it is whole. Fewer
    /// for a tenant that takes too long over so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 500))]
    pub lines_per_request: Option<u32>,
    /// What holds for every website.
    pub default: Scope,
    /// What differs by website code.
    #[serde(default)]
    pub websites: BTreeMap<String, Scope>,
    /// What differs by store view code.
    #[serde(default)]
    pub store_views: BTreeMap<String, Scope>,
    /// What differs by sales channel (a marketplace): narrower than a store view. The first one that an order fits is its channel.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
}

fn default_max_attempts() -> u32 {
    5
}

/// 25 minutes.
pub const DEFAULT_WINDOW_SECONDS: u32 = 1500;

/// Which way an entity is synced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The shop's orders go to the ERP.
    #[default]
    MagentoToAcumatica,
}

/// Whose value wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SystemOfRecord {
    /// The shop.
    #[default]
    Magento,
}

/// The sync log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Entries disappear after this many days.
    #[serde(default = "default_retention")]
    #[schemars(range(min = 1, max = 3650))]
    pub retention_days: u32,
}

fn default_retention() -> u32 {
    90
}

impl Default for Log {
    fn default() -> Self {
        Self { retention_days: default_retention() }
    }
}

impl Orders {
    /// Every level of the scope, wider ones first.
    pub fn scopes(&self) -> impl Iterator<Item = &Scope> {
        let channels = self.channels.iter().map(|channel| &channel.settings);
        [&self.default].into_iter().chain(self.websites.values()).chain(self.store_views.values()).chain(channels)
    }
}

impl Settings {
    /// The store view with that id.
    #[must_use]
    pub fn store(&self, store_id: u64) -> Option<&Store> {
        self.stores.iter().find(|store| store.store_id == store_id)
    }

    /// What holds for orders of a store view: its own scope over its website's over the default.
    #[must_use]
    pub fn orders_of<'a>(&'a self, store: &Store) -> Resolved<'a> {
        self.orders_through(None, store)
    }

    /// What holds where no store view is known.
    #[must_use]
    pub fn orders_by_default(&self) -> Resolved<'_> {
        Resolved::new(vec![&self.orders.default])
    }

    /// What holds for orders of a store view that came through a channel: the channel's scope over the store view's.
    #[must_use]
    pub fn orders_through<'a>(&'a self, channel: Option<&'a Channel>, store: &Store) -> Resolved<'a> {
        let narrow_first = [
            channel.map(|channel| &channel.settings),
            self.orders.store_views.get(&store.code),
            self.orders.websites.get(&store.website),
            Some(&self.orders.default),
        ];
        Resolved::new(narrow_first.into_iter().flatten().collect())
    }
}
