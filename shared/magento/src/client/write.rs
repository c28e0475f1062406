//! What the client writes: a number and a comment on an order. Neither route has an idempotency key, so whoever writes reads before and, when no
//! answer came, again after.

use std::time::Duration;

use http::Method;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::Client;
use crate::error::Error;
use crate::model::order::{Comment, OrderId};

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

    async fn post(&self, (route, body): (String, Value), attempted: &str) -> Result<(), Error> {
        let mut request = self.request(&Method::POST, &route, &[], body.to_string().into());
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let result = self.call::<IgnoredAny>(request, &route, WRITE_TIMEOUT, attempted).await;
        self.explain_401(result.map(|_| ()).map_err(Error::of_write)).await
    }
}
