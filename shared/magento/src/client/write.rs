//! What the client writes: a number and a comment on an order, and customers. No route has an idempotency key, so whoever writes reads before and,
//! when no answer came, again after.

mod customer;

use std::fmt;
use std::time::Duration;

use http::Method;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::Client;
use crate::error::Error;
use crate::model::order::{Comment, OrderId};

/// How a [`Write`] is sent. What deletes is not among them: no record of the shop is ever removed from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verb {
    /// Makes a record: sent twice it makes two, or is refused.
    Post,
    /// Saves a record that its path names: sent twice it is saved twice, to the same end.
    Put,
}

/// One write, as data: a plan can hold it, print it and send it later.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Write {
    /// How it is sent.
    pub method: Verb,
    /// The path below `/rest`, encoded: `/V1/customers/7`.
    pub route: String,
    /// The body.
    pub body: Value,
    /// The write in words, such as `save Magento customer 7`; says nothing about a person.
    pub attempted: String,
}

impl fmt::Debug for Write {
    /// Names the write without its body, which holds personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Write").field("method", &self.method).field("route", &self.route).finish_non_exhaustive()
    }
}

/// How long a write may take: a save of an order runs the observers of every module of the shop. CDNs in front of shops give up after 60.
pub const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// What [`Client::set_ext_order_id`] sends, and where: the order's path below `/rest`, and the body.
#[must_use]
pub fn number_request(id: OrderId, number: &str) -> (String, Value) {
    let body = Save { entity: Entity { entity_id: id, ext_order_id: number } };
    ("/V1/orders".to_owned(), plain(&body))
}

/// What [`Client::add_comment`] sends, and where.
#[must_use]
pub fn comment_request(id: OrderId, comment: &Comment) -> (String, Value) {
    let Comment { text, status } = comment;
    let history = History { comment: text, is_customer_notified: 0, is_visible_on_front: 0, status };
    (format!("/V1/orders/{id}/comments"), plain(&AddComment { history }))
}

fn plain(body: &impl Serialize) -> Value {
    serde_json::to_value(body).expect("invariant: a body has string keys and plain values")
}

/// The body of `POST /V1/orders`: only the columns given are saved.
#[derive(Serialize)]
struct Save<'a> {
    entity: Entity<'a>,
}

#[derive(Serialize)]
struct Entity<'a> {
    entity_id: OrderId,
    ext_order_id: &'a str,
}

/// The body of `POST /V1/orders/:id/comments`.
#[derive(Serialize)]
struct AddComment<'a> {
    #[serde(rename = "statusHistory")]
    history: History<'a>,
}

#[derive(Serialize)]
struct History<'a> {
    comment: &'a str,
    is_customer_notified: u8,
    is_visible_on_front: u8,
    status: &'a str,
}

impl Client {
    /// Saves another system's number on an order: `POST /rest/V1/orders`. Needs `Magento_Sales::create`. Saving it twice is saving it once.
    ///
    /// # Errors
    /// [`Error`]; [`seams::Class::Ambiguous`] when Magento may have saved it. A 401 costs one more call, as for [`Client::order`].
    pub async fn set_ext_order_id(&self, id: OrderId, number: &str) -> Result<(), Error> {
        self.post(number_request(id, number), &format!("save the number of Magento order {id}")).await
    }

    /// Adds a comment to an order: `POST /rest/V1/orders/{id}/comments`. Needs `Magento_Sales::comment`. Adding it twice makes two.
    ///
    /// # Errors
    /// As [`Client::set_ext_order_id`].
    pub async fn add_comment(&self, id: OrderId, comment: &Comment) -> Result<(), Error> {
        self.post(comment_request(id, comment), &format!("comment on Magento order {id}")).await
    }

    /// Sends a write and returns the record as saved.
    ///
    /// # Errors
    /// [`Error::applied`] tells whether the write may have happened, [`Error::fields`] which fields were refused, where Magento names them.
    /// What the body says is left out of what is quoted. A 401 costs one more call, as for [`Client::order`].
    pub async fn write(&self, write: &Write) -> Result<Value, Error> {
        let method = match write.method {
            Verb::Post => Method::POST,
            Verb::Put => Method::PUT,
        };
        let result = self.send(&method, &write.route, &write.body, &write.attempted).await;
        result.map_err(|error| error.concealing(&customer::texts(&write.body)))
    }

    async fn post(&self, (route, body): (String, Value), attempted: &str) -> Result<(), Error> {
        self.send::<IgnoredAny>(&Method::POST, &route, &body, attempted).await.map(|_| ())
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: &Method,
        route: &str,
        body: &Value,
        attempted: &str,
    ) -> Result<T, Error> {
        let mut request = self.request(method, route, &[], body.to_string().into());
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let result = self.call::<T>(request, route, WRITE_TIMEOUT, attempted).await;
        self.explain_401(result.map_err(Error::of_write)).await
    }
}
