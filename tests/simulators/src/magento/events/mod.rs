//! Events as the async-events modules of Magento Open Source deliver them (mage-os/mageos-async-events and its predecessor by Aligent);
//! what other senders post is in [`others`].

mod others;

use std::time::Duration;

use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

pub use others::Subject;

use super::json::php_encode;

/// How the receiver can tell that it was the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Header `x-magento-signature`: lower-case hex HMAC-SHA256 of the raw body, keyed with the verification token.
    HmacSha256Hex,
    /// The secret itself in this header, as home-made modules send it.
    SharedSecret {
        /// Header name in lower case.
        header: String,
    },
}

/// One delivery: headers and raw body of a POST. The event's name is in neither; the URL must tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// `{"data": <the entity as the REST service answers it>}`.
    pub body: Bytes,
}

/// Events about orders that the module knows.
pub const ORDER_EVENTS: [&str; 7] = [
    "sales.order.created",
    "sales.order.updated",
    "sales.order.paid",
    "sales.order.shipped",
    "sales.order.holded",
    "sales.order.unholded",
    "sales.order.cancelled",
];

/// Events about customers and their addresses that the module knows. It tells nothing of deleted ones.
pub const CUSTOMER_EVENTS: [&str; 5] =
    ["customer.created", "customer.updated", "customer.login", "customer.address.created", "customer.address.updated"];

/// Writes the delivery of `entity`.
pub(crate) fn deliver(entity: &Value, secret: &str, scheme: &Scheme) -> Delivery {
    let body = php_encode(&json!({"data": entity}));
    let (name, value) = match scheme {
        Scheme::HmacSha256Hex => {
            let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
            let signature = hex::encode(mac.chain_update(&body).finalize().into_bytes());
            ("x-magento-signature".to_owned(), signature)
        }
        Scheme::SharedSecret { header } => (header.clone(), secret.to_owned()),
    };
    let headers = vec![("content-type".to_owned(), "application/json".to_owned()), (name, value)];
    Delivery { headers, body: body.into() }
}

/// How one try to deliver ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The receiver answered, perhaps with a `Retry-After`.
    Answered {
        /// HTTP status.
        status: u16,
        /// The header as sent.
        retry_after: Option<String>,
    },
    /// No connection, or no answer in time.
    NoAnswer,
}

/// What the module does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Delivered.
    Done,
    /// Another try after this time.
    TryAfter(Duration),
    /// Given up: five tries failed, or there was no connection, which is not retried at all.
    Lost,
}

/// Bookkeeping of one delivery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    made: u32,
}

impl Tries {
    /// Tries before the module gives up (its default).
    pub const LIMIT: u32 = 5;

    /// Counts a try and says what follows: `min(60, n²)` seconds after the n-th failure, unless the answer has a `Retry-After` in seconds.
    pub fn after(&mut self, reply: &Reply) -> Next {
        self.made += 1;
        match reply {
            Reply::NoAnswer => Next::Lost,
            Reply::Answered { status, .. } if *status < 400 => Next::Done,
            Reply::Answered { .. } if self.made >= Self::LIMIT => Next::Lost,
            Reply::Answered { retry_after, .. } => {
                let asked = retry_after.as_deref().and_then(|text| text.trim().parse::<u64>().ok());
                let seconds = asked.unwrap_or_else(|| u64::from((self.made * self.made).min(60)));
                Next::TryAfter(Duration::from_secs(seconds))
            }
        }
    }
}
