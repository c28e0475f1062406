//! The client: one method per call, each with the exact request and one time-out; no retries, which are the queue's business.
//! What it reads is here, what it writes in `write`.

mod customers;
pub mod write;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use seams::BaseUrl;
use seams::base_url::BadUrl;
use seams::clock::Clock;
use seams::http::{Request, Transport};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use thiserror::Error as ThisError;

use crate::auth::{Credentials, encode};
use crate::directory::Directory;
use crate::error::{Error, Undecodable, table};
use crate::model::order::{Order, OrderId};
use crate::model::store::{StoreConfig, StoreView, Website};
use crate::model::wire::Id;
use crate::search::Criteria;

pub use customers::{Buyer, CUSTOMERS_SEARCH, by_email};

/// How long a read may take. A page of 100 orders takes one to five seconds and CDNs in front of shops give up after 60; half of that leaves
/// most of an invocation to the write that follows.
pub const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// How many orders a search by number returns at most. Numbers repeat only across custom prefixes; the person who asked has to choose.
const MOST_HITS: u16 = 20;

/// One shop: where it is and how we prove who we are.
#[derive(Clone, Debug)]
pub struct Connection {
    base_url: BaseUrl,
    credentials: Credentials,
}

/// Why a connection is refused before any call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
pub enum BadConnection {
    /// The address is not one that credentials may be sent to.
    #[error(transparent)]
    Url(#[from] BadUrl),
    /// A token or key is empty or holds characters that no Magento token has.
    #[error("a Magento credential is empty or holds characters that are not visible ASCII")]
    Credentials,
}

impl Connection {
    /// Checks address and credentials. The address is the shop's base URL, without `/rest`.
    ///
    /// # Errors
    /// [`BadConnection`] when no request could be sent safely.
    pub fn new(base_url: &str, credentials: Credentials) -> Result<Self, BadConnection> {
        let base_url = BaseUrl::parse(base_url)?;
        if credentials.are_usable() { Ok(Self { base_url, credentials }) } else { Err(BadConnection::Credentials) }
    }

    /// The shop's address without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }
}

/// What a search by order number finds: enough to choose among several orders, and no personal data.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OrderHit {
    /// Magento's own id.
    pub entity_id: OrderId,
    /// The number people use.
    pub increment_id: String,
    /// The store view it was placed in; null once that view is deleted.
    #[serde(default)]
    pub store_id: Option<Id>,
    /// `new`, `processing`, `canceled`, …: Magento's state, not the merchant's status.
    #[serde(default)]
    pub state: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Page<T> {
    /// Some list routes answer null instead of an empty list.
    pub(crate) items: Option<Vec<T>>,
    /// How many records fit in all, pages or not.
    #[serde(default)]
    pub(crate) total_count: Option<u64>,
}

/// Calls one shop's REST API.
pub struct Client {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    connection: Connection,
    directory: Arc<Directory>,
    calls: AtomicU32,
}

impl Client {
    /// A client without state but the count of its calls; cheap to build per connection.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>, clock: Arc<dyn Clock>, connection: Connection) -> Self {
        Self { transport, clock, connection, directory: Arc::default(), calls: AtomicU32::new(0) }
    }

    /// Shares what is known of countries with other clients, so that it is asked for less often.
    #[must_use]
    pub fn with_directory(self, directory: Arc<Directory>) -> Self {
        Self { directory, ..self }
    }

    /// Requests sent so far, failed ones included: what a synchronised record costs the shop.
    #[must_use]
    pub fn calls(&self) -> u32 {
        self.calls.load(Ordering::Relaxed)
    }

    /// One order as it is now: `GET /rest/V1/orders/{id}`.
    ///
    /// # Errors
    /// [`Error::is_not_found`] if Magento says that there is no such order. A 401 costs one more call, which tells a dead token from a
    /// missing right.
    pub async fn order(&self, id: OrderId) -> Result<Order, Error> {
        let attempted = format!("read Magento order {id}");
        let result = self.get::<Value>(&format!("/V1/orders/{id}"), &[], &attempted).await;
        let document = self.explain_401(result).await?;
        Order::read(document).map_err(|cause| Error::undecodable(Undecodable::new(&cause), &attempted))
    }

    /// The orders with this number. Empty if there is none; more than one when custom prefixes repeat a number.
    ///
    /// # Errors
    /// As [`Client::order`], but never not found.
    pub async fn orders_by_increment_id(&self, increment_id: &str) -> Result<Vec<OrderHit>, Error> {
        let query = Criteria::first(MOST_HITS)
            .equal("increment_id", increment_id)
            .fields("items[entity_id,increment_id,store_id,state],total_count")
            .pairs();
        let attempted = format!("find Magento order number {}", seams::quote::quote(increment_id));
        let result = self.get::<Page<OrderHit>>("/V1/orders", &query, &attempted).await;
        Ok(self.explain_401(result).await?.items.unwrap_or_default())
    }

    /// All websites, the admin one (id 0) included. Needs `Magento_Backend::store`, like the other two store calls.
    ///
    /// # Errors
    /// [`Error`]; a 401 is taken for dead credentials, because every integration of ours may read this.
    pub async fn websites(&self) -> Result<Vec<Website>, Error> {
        self.get("/V1/store/websites", &[], "read Magento websites").await
    }

    /// All store views, the admin one (id 0) included.
    ///
    /// # Errors
    /// As [`Client::websites`].
    pub async fn store_views(&self) -> Result<Vec<StoreView>, Error> {
        self.get("/V1/store/storeViews", &[], "read Magento store views").await
    }

    /// Time zone, currencies and weight unit of every store view.
    ///
    /// # Errors
    /// As [`Client::websites`].
    pub async fn store_configs(&self) -> Result<Vec<StoreConfig>, Error> {
        self.get("/V1/store/storeConfigs", &[], "read Magento store configurations").await
    }

    /// Magento answers the same 401 for a missing right and for a dead token. One call that any living token of ours may make tells which.
    pub(crate) async fn explain_401<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        match result {
            Err(mut error) if error.is_unauthorized() => match self.websites().await {
                Ok(_) => {
                    error.code = table::PERMISSION;
                    Err(error)
                }
                Err(probe) if probe.is_unauthorized() => Err(error),
                // The probe itself failed: its reason passes, and then the question is asked again.
                Err(probe) => Err(probe),
            },
            other => other,
        }
    }

    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        route: &str,
        query: &[(String, String)],
        attempted: &str,
    ) -> Result<T, Error> {
        self.call(self.request(&Method::GET, route, query, Bytes::new()), route, READ_TIMEOUT, attempted).await
    }

    async fn call<T: DeserializeOwned>(
        &self,
        request: Request,
        route: &str,
        timeout: Duration,
        attempted: &str,
    ) -> Result<T, Error> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let answer =
            self.transport.send(request, timeout).await.map_err(|failure| Error::from_failure(failure, attempted))?;
        tracing::debug!(platform = "magento", route, status = answer.status().as_u16(), "called Magento");
        if !answer.status().is_success() {
            return Err(Error::from_answer(&answer, attempted));
        }
        decode(answer.body()).map_err(|cause| Error::undecodable(cause, attempted))
    }

    fn request(&self, method: &Method, route: &str, query: &[(String, String)], body: Bytes) -> Request {
        let url = format!("{}/rest{route}", self.connection.base_url);
        let authorization = self.connection.credentials.header(self.clock.as_ref(), method.as_str(), &url, query);
        let pairs: Vec<String> =
            query.iter().map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect();
        let uri = if pairs.is_empty() { url } else { format!("{url}?{}", pairs.join("&")) };
        let mut request = Request::new(body);
        *request.method_mut() = method.clone();
        *request.uri_mut() =
            uri.parse().expect("invariant: a checked base URL, a fixed route and encoded pairs make a URL");
        request.headers_mut().insert(AUTHORIZATION, authorization);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        request
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("connection", &self.connection)
            .field("calls", &self.calls())
            .finish_non_exhaustive()
    }
}

fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, Undecodable> {
    let mut json = serde_json::Deserializer::from_slice(body);
    serde_path_to_error::deserialize(&mut json).map_err(|error| Undecodable::new(&error))
}
