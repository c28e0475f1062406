//! Magento: orders, customers and store data behind its REST API, as version 2.4.6 answers.
//!
//! A shop is built from a [`Config`], filled by [`Magento::place`], [`Magento::insert_document`] and [`Magento::add_customer`], and
//! changed by the methods beside them. It never computes anything for its caller's convenience: amounts follow Magento's own calculators.

mod auth;
mod columns;
mod config;
mod criteria;
mod customers;
mod directory;
mod error;
mod events;
pub mod faults;
mod json;
mod natural;
mod oauth;
mod order;
mod products;
mod projection;
mod query;
mod route_table;
mod routes;
mod search;
mod state;
mod store;
#[cfg(test)]
mod tests;
mod writes;

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use seams::http::{Request, Response};
use serde_json::{Value, json};

pub use config::{ALL_RESOURCES, AdminToken, Config, Integration, RowTotal, StoreGroup, StoreView, TaxDetail, Website};
pub use customers::{CompanyDraft, CustomerAttribute, CustomerDraft, CustomerGroup, Occurrence};
pub use directory::{Country, Region};
pub use events::{CUSTOMER_EVENTS, Delivery, Next, ORDER_EVENTS, Reply, Scheme, Subject, Tries};
pub use order::{Address, Amount, Component, Line, LineKind, OrderDraft, Payment, TaxAlgorithm};
pub use products::ProductDraft;
pub use state::AddressKind;

use crate::{Inspect, Platform};
use error::ApiError;
use order::Numbers;
use routes::{Action, ShopAction};

/// A shop.
pub struct Magento {
    config: Config,
    orders: BTreeMap<u64, Value>,
    book: customers::Book,
    /// By SKU in small letters: the database compares them without case.
    products: BTreeMap<String, Value>,
    numbers: Numbers,
    nonces: HashSet<(String, String)>,
    calls: BTreeMap<String, u32>,
    /// Orders that requests have saved since somebody asked: the module sends an event for each save.
    saved: Vec<u64>,
    comments: u64,
}

impl Magento {
    /// An empty shop.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            config,
            orders: BTreeMap::new(),
            book: customers::Book::default(),
            products: BTreeMap::new(),
            numbers: Numbers::default(),
            nonces: HashSet::new(),
            calls: BTreeMap::new(),
            saved: Vec::new(),
            comments: 0,
        }
    }

    /// The configuration, to revoke a token, take a right away or turn a switch in the middle of a test.
    pub fn config(&mut self) -> &mut Config {
        &mut self.config
    }

    /// Places an order at `now` and returns its `entity_id`.
    pub fn place(&mut self, now: Timestamp, draft: &OrderDraft) -> u64 {
        let (id, mut document) = order::build(draft, &mut self.numbers, &self.config, now);
        if let Some(company) = draft.account.and_then(|(account, _)| self.company_of(account)) {
            document["extension_attributes"]["company_order_attributes"] = company;
        }
        self.orders.insert(id, document);
        id
    }

    /// Puts a whole order document in, as recorded or made by hand, and returns its `entity_id`. Nothing in it is computed or checked.
    ///
    /// # Panics
    /// When it has no whole number as `entity_id`.
    pub fn insert_document(&mut self, document: Value) -> u64 {
        let id = document["entity_id"].as_u64().expect("an order document has a whole number as entity_id");
        self.numbers.seen(id);
        self.orders.insert(id, document);
        id
    }

    /// Puts a product in, in place of one with the same SKU.
    pub fn add_product(&mut self, draft: &ProductDraft) {
        let id = u64::try_from(self.products.len()).unwrap_or_default() + 1;
        self.products.insert(draft.key(), draft.document(id));
    }

    /// The order's document.
    #[must_use]
    pub fn order(&self, id: u64) -> Option<&Value> {
        self.orders.get(&id)
    }

    /// The ids of all orders, in order.
    #[must_use]
    pub fn order_ids(&self) -> Vec<u64> {
        self.orders.keys().copied().collect()
    }

    /// Saves the order without changing anything but `updated_at`.
    pub fn touch(&mut self, now: Timestamp, id: u64) {
        self.edit(now, id, |_| {});
    }

    /// Moves the order to a state (`canceled`, `holded`, …) and that state's default status.
    ///
    /// # Panics
    /// For an order that is not there or a state that Magento does not have.
    pub fn set_state(&mut self, now: Timestamp, id: u64, state: &str) {
        self.edit(now, id, |order| state::set_state(order, state, now));
    }

    /// Gives the order a status of the merchant's own; the state stays.
    pub fn set_status(&mut self, now: Timestamp, id: u64, status: &str) {
        self.edit(now, id, |order| order["status"] = json!(status));
    }

    /// Changes a field of one of the order's addresses. Moves no `updated_at`: an address is a row of its own.
    pub fn edit_address(&mut self, id: u64, which: AddressKind, field: &str, value: Value) {
        if let Some(order) = self.orders.get_mut(&id) {
            state::edit_address(order, which, field, value);
        }
    }

    /// Changes the document in any way and saves it.
    ///
    /// # Panics
    /// For an order that is not there.
    pub fn edit(&mut self, now: Timestamp, id: u64, change: impl FnOnce(&mut Value)) {
        let order = self.orders.get_mut(&id).expect("the order to be edited exists");
        change(order);
        state::touch(order, now);
    }

    /// Takes the order out of the database, as a merchant's clean-up module does.
    pub fn delete_order(&mut self, id: u64) -> Option<Value> {
        self.orders.remove(&id)
    }

    /// Revokes an integration's token or an admin's.
    pub fn revoke(&mut self, token: &str) {
        for integration in self.config.integrations.iter_mut().filter(|it| it.access_token == token) {
            integration.revoked = true;
        }
        for admin in self.config.admin_tokens.iter_mut().filter(|it| it.token == token) {
            admin.revoked = true;
        }
    }

    /// Takes one ACL resource away from everyone; a caller with all resources is left with those a connector of orders reads.
    pub fn remove_resource(&mut self, resource: &str) {
        let integrations = self.config.integrations.iter_mut().map(|it| &mut it.resources);
        for granted in integrations.chain(self.config.admin_tokens.iter_mut().map(|it| &mut it.resources)) {
            if granted.remove(ALL_RESOURCES) {
                granted.extend(route_table::ROUTES.iter().map(|(name, _)| (*name).to_owned()));
            }
            granted.remove(resource);
        }
    }

    /// The delivery of an event about an order, a customer or an address, as its name says; `None` for one that is not there or an event
    /// that the module does not have.
    #[must_use]
    pub fn event(&self, id: u64, name: &str, secret: &str, scheme: &Scheme) -> Option<Delivery> {
        let entity = match name {
            name if ORDER_EVENTS.contains(&name) => self.orders.get(&id)?,
            name if !CUSTOMER_EVENTS.contains(&name) => return None,
            name if name.starts_with("customer.address.") => self.book.address(id)?,
            _ => self.book.account(id)?,
        };
        Some(events::deliver(entity, secret, scheme))
    }

    /// The orders that requests have saved since this was last asked for, once for each save: about each the module sends
    /// `sales.order.updated`.
    pub fn take_saved(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.saved)
    }

    /// Requests so far by route, for example `GET /V1/orders/:id`; what matched no route counts as `no route`.
    #[must_use]
    pub fn calls(&self) -> &BTreeMap<String, u32> {
        &self.calls
    }

    fn answer(&mut self, now: Timestamp, request: &Request) -> Result<Value, ApiError> {
        let matched = routes::find(request.method(), request.uri().path(), &self.config);
        let name = matched.as_ref().map_or_else(|_| "no route".to_owned(), |matched| matched.route.clone());
        *self.calls.entry(name).or_default() += 1;
        let matched = matched?;
        auth::authorize(request, matched.resource, &self.config, &mut self.nonces, now)?;
        let query = request.uri().query().unwrap_or_default();
        let accept = request.headers().get("accept").and_then(|value| value.to_str().ok()).unwrap_or_default();
        if accept.contains("xml") && !accept.contains("json") {
            return Err(ApiError::not_simulated("the XML renderer"));
        }
        let action = matched.action.ok_or_else(|| ApiError::not_simulated(&matched.route))?;
        // The route for new accounts is for everyone, and who may manage customers decides more there.
        let manager = action == Action::Customers(customers::Call::Create)
            && auth::authorize(request, "Magento_Customer::manage", &self.config, &mut self.nonces, now).is_ok();
        let mut body = match &action {
            Action::Customers(call) => self.customer_call(call, query, request.body(), manager, now)?,
            Action::Shop(action) => self.act(action, query, request.body(), now)?,
        };
        json::omit_nulls(&mut body);
        let fields = query::Param::parse(query).into_iter().find(|(name, _)| name == "fields");
        Ok(match fields.as_ref().and_then(|(_, fields)| fields.text()) {
            Some(fields) => projection::project(body, fields),
            None => body,
        })
    }

    fn act(&mut self, action: &ShopAction, query: &str, body: &[u8], now: Timestamp) -> Result<Value, ApiError> {
        match action {
            ShopAction::Order(id) => {
                let mut order = self.orders.get(&whole(id)?).cloned().ok_or_else(missing_entity)?;
                if let Value::Object(order) = &mut order {
                    order.retain(|key, _| !self.config.hidden_from_answers.contains(key));
                }
                Ok(order)
            }
            ShopAction::SaveOrder => {
                let (id, fields) = writes::entity(body, now)?;
                let missing = || ApiError::not_simulated("saving an order that is not there");
                let order = self.orders.get_mut(&id).ok_or_else(missing)?;
                self.saved.push(id);
                Ok(writes::save(order, id, fields, now))
            }
            ShopAction::AddComment(id) => {
                let (id, fields) = (whole(id)?, writes::comment(body, now)?);
                let order = self.orders.get_mut(&id).ok_or_else(missing_entity)?;
                self.comments += 1;
                self.saved.push(id);
                Ok(writes::add_comment(order, id, &fields, self.comments, now))
            }
            ShopAction::Orders => {
                let criteria = criteria::Criteria::from_query(query, now)?;
                let documents: Vec<&Value> = self.orders.values().collect();
                // The database's error about a column that does not exist is masked.
                let unknown = |_: &str| ApiError::masked(now);
                let repeats = self.config.paging_past_end_repeats_last;
                search::run(&criteria, &documents, columns::order, unknown, repeats, now)
            }
            ShopAction::Products => {
                let criteria = criteria::Criteria::from_query(query, now)?;
                let documents: Vec<&Value> = self.products.values().collect();
                let unknown = |field: &str| ApiError::new(400, format!("Invalid attribute name: {field}"));
                let repeats = self.config.paging_past_end_repeats_last;
                search::run(&criteria, &documents, products::column, unknown, repeats, now)
            }
            ShopAction::Websites => Ok(store::websites(&self.config)),
            ShopAction::StoreGroups => Ok(store::groups(&self.config)),
            ShopAction::StoreViews => Ok(store::views(&self.config)),
            ShopAction::StoreConfigs => Ok(store::configs(&self.config, query)),
            ShopAction::Countries => Ok(self.config.countries.iter().map(Country::document).collect()),
            ShopAction::Country(code) => self
                .config
                .country(code)
                .map(Country::document)
                .ok_or_else(|| ApiError::not_simulated("a country that the shop does not allow")),
            ShopAction::Modules => Ok(json!(self.config.modules)),
        }
    }
}

fn missing_entity() -> ApiError {
    ApiError::new(404, "The entity that was requested doesn't exist. Verify the entity and try again.")
}

/// A path parameter that the service declares as int.
fn whole(text: &str) -> Result<u64, ApiError> {
    text.parse().map_err(|_| ApiError::wrong_type(text, "int"))
}

impl Platform for Magento {
    fn receive(&mut self, now: Timestamp, request: &Request) -> (Response, Timestamp) {
        let answer = match self.answer(now, request) {
            Ok(body) => json::answer(200, &body),
            Err(error) => error.into_response(),
        };
        (answer, now)
    }
}

impl Inspect for Magento {
    fn view(&self, name: &str) -> Option<Value> {
        match name {
            "orders" => Some(self.orders.values().cloned().collect()),
            "customers" => Some(self.book.documents().cloned().collect()),
            "occurrences" => Some(self.book.told()),
            "calls" => Some(json!(self.calls)),
            _ => None,
        }
    }
}
