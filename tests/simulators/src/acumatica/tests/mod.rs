//! The rules, driven by raw HTTP requests.

mod attributes;
mod auth;
mod causes;
mod contacts;
mod customer_rules;
mod customers;
mod documents;
mod faults;
mod filters;
mod items;
mod locations;
mod money;
mod orders;
mod payments;
mod pushes;
mod reckoned;
mod slices;
mod upserts;
mod users;

use std::str::FromStr;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use rust_decimal::Decimal;
use seams::http::{Request, Response};
use serde_json::Value;

use super::{Acumatica, Collation, Config, Item, OrderType};
use crate::Platform;

/// A tenant, a token for it, and the present.
pub(super) struct Shop {
    pub(super) erp: Acumatica,
    pub(super) token: String,
    pub(super) now: Timestamp,
    pub(super) customer: String,
}

pub(super) fn decimal(text: &str) -> Decimal {
    Decimal::from_str(text).unwrap()
}

/// The number in a wrapped field, read from its digits.
pub(super) fn number(wrapper: &Value) -> Decimal {
    decimal(&wrapper["value"].to_string())
}

pub(super) fn body(response: &Response) -> Value {
    serde_json::from_slice(response.body()).unwrap_or_else(|error| panic!("{error}: {:?}", response.body()))
}

impl Shop {
    pub(super) fn new() -> Self {
        Self::with(Config::default())
    }

    /// A tenant with two taxed items, an inactive one, and one known by a barcode; one customer.
    pub(super) fn with(config: Config) -> Self {
        let mut erp = Acumatica::new(config);
        let item = |price: i64| Item {
            description: "A thing".into(),
            tax_category: Some("TAXABLE".into()),
            default_price: Decimal::from(price),
            warehouses: vec!["MAIN".into()],
            ..Item::default()
        };
        erp.add_item("SHIRT-S", item(0));
        erp.add_item("MUG", item(12));
        erp.add_item("OLD", Item { status: "Inactive".into(), ..item(0) });
        erp.add_item("PEN", Item { alternate_ids: ["4006381333931".to_owned()].into(), ..item(0) });
        erp.add_item("WRAP", Item { stock: false, tax_category: Some("EXEMPT".into()), ..item(0) });
        let customer = erp.add_customer("Jane Doe", "jane@example.com");
        let now: Timestamp = "2026-03-02T10:00:00Z".parse().unwrap();
        let mut shop = Self { erp, token: String::new(), now, customer };
        shop.token = body(&shop.grant("api offline_access"))["access_token"].as_str().unwrap().to_owned();
        shop
    }

    pub(super) fn grant(&mut self, scope: &str) -> Response {
        let id = self.erp.config.client_id().replace('@', "%40");
        let scope = scope.replace(' ', "+");
        self.form(&format!(
            "grant_type=password&client_id={id}&client_secret=connected-application-secret&username=connector\
             &password=connector-password&scope={scope}"
        ))
    }

    pub(super) fn form(&mut self, form: &str) -> Response {
        let request = ::http::Request::post("http://erp/Causeway/identity/connect/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from(form.to_owned()))
            .unwrap();
        self.erp.receive(self.now, &request).0
    }

    pub(super) fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], sent: &str) -> Response {
        self.send_timed(method, path, headers, sent).0
    }

    pub(super) fn send_timed(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        sent: &str,
    ) -> (Response, Duration) {
        let uri = format!("http://erp/Causeway/entity/Default/24.200.001/{path}");
        let mut request: Request =
            ::http::Request::builder().method(method).uri(uri).body(Bytes::from(sent.to_owned())).unwrap();
        let bearer = format!("Bearer {}", self.token);
        request.headers_mut().insert("authorization", bearer.parse().unwrap());
        for (name, value) in headers {
            request.headers_mut().insert(::http::HeaderName::from_str(name).unwrap(), value.parse().unwrap());
        }
        let (answer, ready) = self.erp.receive(self.now, &request);
        (answer, Duration::try_from(ready.duration_since(self.now)).unwrap())
    }

    /// A request to an endpoint of another version.
    pub(super) fn at_version(&mut self, version: &str, method: &str, path: &str, sent: &str) -> Value {
        let uri = format!("http://erp/Causeway/entity/Default/{version}/{path}");
        let request = ::http::Request::builder()
            .method(method)
            .uri(uri)
            .header("authorization", format!("Bearer {}", self.token))
            .body(Bytes::from(sent.to_owned()))
            .unwrap();
        body(&self.erp.receive(self.now, &request).0)
    }

    pub(super) fn put(&mut self, path: &str, sent: &str) -> (u16, Value) {
        let answer = self.send("PUT", path, &[], sent);
        (answer.status().as_u16(), body(&answer))
    }

    pub(super) fn get(&mut self, path: &str) -> (u16, Value) {
        let answer = self.send("GET", path, &[], "");
        (answer.status().as_u16(), body(&answer))
    }
}

/// Every `error` of an answer, as `path: text`, in the order in which they stand.
pub(super) fn errors(answer: &Value) -> Vec<String> {
    fn walk(path: &str, value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                if let Some(error) = members.get("error").and_then(Value::as_str) {
                    found.push(format!("{path}: {error}"));
                }
                for (name, inner) in members {
                    walk(if path.is_empty() { name.clone() } else { format!("{path}/{name}") }.as_str(), inner, found);
                }
            }
            Value::Array(rows) => {
                rows.iter().enumerate().for_each(|(at, row)| walk(&format!("{path}[{at}]"), row, found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk("", answer, &mut found);
    found
}

/// The text over every refused insert of a sales order.
pub(super) const INSERTING: &str =
    ": Inserting  'Sales Order' record raised at least one error. Please review the errors.";
