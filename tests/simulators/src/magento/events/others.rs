//! Bodies of the other senders, unsigned: Adobe I/O Events, Adobe Commerce webhooks, and a template of the Mageplaza module.

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::super::Magento;
use super::super::json::php_encode;

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An order, by its `entity_id`.
    Order(u64),
    /// A customer, by its id.
    Customer(u64),
    /// An address of a customer, by its id.
    Address(u64),
}

impl Subject {
    /// The model's event object: the name under which observers get it.
    fn argument(self, observer: &str) -> &'static str {
        match self {
            Self::Order(_) => "order",
            Self::Customer(_) if observer == "customer_save_after_data_object" => "customer_data_object",
            Self::Customer(_) => "customer",
            Self::Address(_) => "customer_address",
        }
    }

    /// The member that holds the id: a data object has `id`, a model `entity_id`.
    fn key(self, observer: &str) -> &'static str {
        if self.argument(observer) == "customer_data_object" { "id" } else { "entity_id" }
    }

    fn id(self) -> u64 {
        match self {
            Self::Order(id) | Self::Customer(id) | Self::Address(id) => id,
        }
    }

    /// Columns of the model that its payload has here.
    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Order(_) => &[
                "increment_id",
                "state",
                "status",
                "store_id",
                "customer_id",
                "customer_is_guest",
                "base_currency_code",
                "order_currency_code",
                "base_grand_total",
                "grand_total",
                "created_at",
                "updated_at",
            ],
            Self::Customer(_) => &[
                "website_id",
                "email",
                "group_id",
                "store_id",
                "created_at",
                "updated_at",
                "created_in",
                "prefix",
                "firstname",
                "middlename",
                "lastname",
                "suffix",
                "dob",
                "taxvat",
                "gender",
                "default_billing",
                "default_shipping",
                "disable_auto_group_change",
            ],
            Self::Address(_) => &[
                "customer_id",
                "city",
                "company",
                "country_id",
                "firstname",
                "lastname",
                "postcode",
                "region_id",
                "telephone",
                "vat_id",
            ],
        }
    }
}

impl Magento {
    /// The delivery of Adobe I/O Events for an observer such as `customer_save_after_data_object` (Adobe Commerce, Extensibility, "Events"): a
    /// CloudEvent whose numbers are texts. `event_id` is what receivers tell repetitions by. `None` for what is not there.
    #[must_use]
    pub fn io_event(&self, observer: &str, subject: Subject, event_id: &str, now: Timestamp) -> Option<Value> {
        let document = self.document_of(subject)?;
        let (store, website) = (&document["store_id"], document.get("website_id").cloned().unwrap_or(json!(1)));
        Some(json!({
            "specversion": "1.0", "id": format!("{event_id}-delivery"), "source": "urn:uuid:00000000-0000-4000-8000-000000000000",
            "type": format!("com.adobe.commerce.observer.{observer}"), "datacontenttype": "application/json",
            "time": now.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
            "eventid": event_id, "event_id": event_id,
            "recipient_client_id": Self::IO_CLIENT_ID, "recipientclientid": Self::IO_CLIENT_ID,
            "data": {
                "key": format!("{event_id}-key"), "value": model(document, subject, subject.key(observer)), "source": "sample.Stage",
                "_metadata": {
                    "commerceEdition": "Adobe Commerce", "commerceVersion": "2.4.7", "eventsClientVersion": "1.12.1",
                    "storeId": text(store), "websiteId": text(&website), "storeGroupId": "1",
                },
            },
        }))
    }

    /// The client that [`Magento::io_event`] delivers to.
    pub const IO_CLIENT_ID: &'static str = "00000000000000000000000000000abc";

    /// The body of an Adobe Commerce webhook for an observer (Adobe Commerce, Extensibility, "Webhooks"): the observer's arguments, the model
    /// under its name. `None` for what is not there.
    #[must_use]
    pub fn commerce_webhook(&self, observer: &str, subject: Subject) -> Option<Bytes> {
        let model = model(self.document_of(subject)?, subject, subject.key(observer));
        Some(php_encode(&json!({ subject.argument(observer): model })).into())
    }

    /// The body that a template of the Mageplaza module makes (mageplaza/magento-2-webhook): the merchant's text with values put between
    /// its quotes as they are, so a value with quotes makes it invalid JSON. `None` for what is not there.
    #[must_use]
    pub fn mageplaza(&self, subject: Subject) -> Option<Bytes> {
        let model = model(self.document_of(subject)?, subject, "entity_id");
        let value = |name: &str| model[name].as_str().unwrap_or_default();
        let body = match subject {
            Subject::Order(_) => format!(
                r#"{{"id": "{}", "increment_id": "{}", "status": "{}", "grand_total": "{}"}}"#,
                value("entity_id"),
                value("increment_id"),
                value("status"),
                value("grand_total")
            ),
            Subject::Customer(_) => format!(
                r#"{{"id": "{}", "email": "{}", "firstname": "{}", "lastname": "{}"}}"#,
                value("entity_id"),
                value("email"),
                value("firstname"),
                value("lastname")
            ),
            Subject::Address(_) => format!(
                r#"{{"id": "{}", "customer_id": "{}", "city": "{}"}}"#,
                value("entity_id"),
                value("customer_id"),
                value("city")
            ),
        };
        Some(body.into())
    }

    fn document_of(&self, subject: Subject) -> Option<&Value> {
        match subject {
            Subject::Order(id) => self.orders.get(&id),
            Subject::Customer(id) => self.book.account(id),
            Subject::Address(id) => self.book.address(id),
        }
    }
}

/// A model's data as PHP has it from the database: every number a text, amounts with four decimals.
fn model(document: &Value, subject: Subject, key: &str) -> Value {
    let given = |name: &&str| document.get(*name).filter(|value| !value.is_object() && !value.is_array());
    let shown = |name: &str, value: &Value| if name.ends_with("grand_total") { amount(value) } else { text(value) };
    let columns =
        subject.columns().iter().filter_map(|name| Some(((*name).to_owned(), json!(shown(name, given(name)?)))));
    let mut model: Map<String, Value> = columns.collect();
    model.insert(key.to_owned(), json!(subject.id().to_string()));
    if matches!(subject, Subject::Address(_)) {
        model.insert("parent_id".into(), json!(text(&document["customer_id"])));
    }
    Value::Object(model)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn amount(value: &Value) -> String {
    super::super::json::decimal_of(value).map_or_else(|| text(value), |amount| format!("{amount:.4}"))
}
