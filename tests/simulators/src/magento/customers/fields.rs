//! What a customer and an address consist of, as sent (Magento 2.4.6, module-customer `Api/Data/CustomerInterface`, `AddressInterface`,
//! `RegionInterface`; module-newsletter etc/extension_attributes.xml).

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::super::config::Config;
use super::super::error::ApiError;
use super::values::{Interface, Type, read};

const CUSTOMER: Interface = &[
    ("id", Type::Int),
    ("group_id", Type::Int),
    ("default_billing", Type::Text),
    ("default_shipping", Type::Text),
    ("confirmation", Type::Text),
    ("created_at", Type::Text),
    ("updated_at", Type::Text),
    ("created_in", Type::Text),
    ("dob", Type::Text),
    ("email", Type::Text),
    ("firstname", Type::Text),
    ("lastname", Type::Text),
    ("middlename", Type::Text),
    ("prefix", Type::Text),
    ("suffix", Type::Text),
    ("gender", Type::Int),
    ("store_id", Type::Int),
    ("taxvat", Type::Text),
    ("website_id", Type::Int),
    ("addresses", Type::Nested),
    ("disable_auto_group_change", Type::Int),
    ("extension_attributes", Type::Nested),
    ("custom_attributes", Type::Nested),
];

const ADDRESS: Interface = &[
    ("id", Type::Int),
    ("customer_id", Type::Int),
    ("region", Type::Nested),
    ("region_id", Type::Int),
    ("country_id", Type::Text),
    ("street", Type::Texts),
    ("company", Type::Text),
    ("telephone", Type::Text),
    ("fax", Type::Text),
    ("postcode", Type::Text),
    ("city", Type::Text),
    ("firstname", Type::Text),
    ("lastname", Type::Text),
    ("middlename", Type::Text),
    ("prefix", Type::Text),
    ("suffix", Type::Text),
    ("vat_id", Type::Text),
    ("default_shipping", Type::Flag),
    ("default_billing", Type::Flag),
    ("extension_attributes", Type::Nested),
    ("custom_attributes", Type::Nested),
];

const REGION: Interface = &[("region_code", Type::Text), ("region", Type::Text), ("region_id", Type::Int)];
const EXTENSION: Interface = &[("is_subscribed", Type::Flag), ("assistance_allowed", Type::Int)];
const COMPANY_EXTENSION: Interface =
    &[("is_subscribed", Type::Flag), ("assistance_allowed", Type::Int), ("company_attributes", Type::Nested)];
const MEMBERSHIP: Interface = &[
    ("customer_id", Type::Int),
    ("company_id", Type::Int),
    ("job_title", Type::Text),
    ("status", Type::Int),
    ("telephone", Type::Text),
];

/// A customer as sent, every member cast.
#[derive(Debug)]
pub(super) struct Sent {
    /// Members of the account itself. Absent ones are to be left as they are.
    pub(super) fields: Map<String, Value>,
    /// The complete list, where one was sent.
    pub(super) addresses: Option<Vec<SentAddress>>,
    pub(super) subscribed: Option<bool>,
    /// Belonging to a company, where the shop has companies.
    pub(super) membership: Option<Map<String, Value>>,
    /// Values by attribute code.
    pub(super) attributes: Vec<(String, Value)>,
}

/// An address as sent.
#[derive(Clone, Debug)]
pub(super) struct SentAddress {
    pub(super) id: Option<u64>,
    /// Columns of the address; the region is in `region`, `region_code` and `region_id`.
    pub(super) fields: Map<String, Value>,
    pub(super) default_billing: Option<bool>,
    pub(super) default_shipping: Option<bool>,
}

impl Sent {
    pub(super) fn read(sent: &Map<String, Value>, config: &Config, now: Timestamp) -> Result<Self, ApiError> {
        let mut fields = read(sent, CUSTOMER, "customer", now)?;
        if fields.contains_key("confirmation") {
            return Err(ApiError::not_simulated("a customer with a confirmation key"));
        }
        let addresses = match fields.remove("addresses") {
            None => None,
            Some(Value::Array(list)) => {
                Some(list.iter().map(|address| SentAddress::read(address, now)).collect::<Result<_, _>>()?)
            }
            Some(_) => return Err(ApiError::masked(now)),
        };
        let extension = match fields.remove("extension_attributes") {
            None => Map::new(),
            Some(Value::Object(extension)) => {
                // The attributes of companies exist where their module is on.
                let interface = if config.has_companies() { COMPANY_EXTENSION } else { EXTENSION };
                read(&extension, interface, "customer", now)?
            }
            Some(_) => return Err(ApiError::masked(now)),
        };
        if extension.contains_key("assistance_allowed") {
            return Err(ApiError::not_simulated("assistance_allowed of a customer"));
        }
        let membership = match extension.get("company_attributes") {
            None => None,
            Some(Value::Object(membership)) => Some(read(membership, MEMBERSHIP, "customer", now)?),
            Some(_) => return Err(ApiError::masked(now)),
        };
        let attributes = attributes(fields.remove("custom_attributes"), config, now)?;
        let subscribed = extension.get("is_subscribed").and_then(Value::as_bool);
        Ok(Self { fields, addresses, subscribed, membership, attributes })
    }

    /// A member of the account.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name).and_then(Value::as_str)
    }

    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.fields.get(name).and_then(Value::as_i64)
    }
}

impl SentAddress {
    pub(super) fn read(sent: &Value, now: Timestamp) -> Result<Self, ApiError> {
        let sent = sent.as_object().ok_or_else(|| ApiError::masked(now))?;
        let mut fields = read(sent, ADDRESS, "customer", now)?;
        if fields.remove("custom_attributes").is_some_and(|list| !is_empty(&list)) {
            return Err(ApiError::not_simulated("custom attributes of an address"));
        }
        if fields.remove("extension_attributes").is_some_and(|object| !is_empty(&object)) {
            return Err(ApiError::masked(now));
        }
        match fields.remove("region") {
            None => {}
            Some(Value::Object(region)) => {
                let region = read(&region, REGION, "customer", now)?;
                // The whole region is written, its absent members as nothing; the address's own `region_id` is written after it.
                fields.entry("region_id").or_insert_with(|| region.get("region_id").cloned().unwrap_or(json!(0)));
                for name in ["region", "region_code"] {
                    fields.insert(name.to_owned(), region.get(name).cloned().unwrap_or_default());
                }
            }
            // A text is an array of another kind to the input processor.
            Some(_) => return Err(ApiError::masked(now)),
        }
        fields.remove("customer_id");
        let flag = |value: Option<Value>| value.as_ref().and_then(Value::as_bool);
        let (default_billing, default_shipping) =
            (flag(fields.remove("default_billing")), flag(fields.remove("default_shipping")));
        // Zero is no id: PHP takes it for absent.
        let id = fields.remove("id").as_ref().and_then(Value::as_u64).filter(|id| *id > 0);
        Ok(Self { id, fields, default_billing, default_shipping })
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty)
}

/// A list of `{attribute_code, value}`, or a map by code.
fn attributes(sent: Option<Value>, config: &Config, now: Timestamp) -> Result<Vec<(String, Value)>, ApiError> {
    let pairs: Vec<(String, Value)> = match sent {
        None => Vec::new(),
        Some(Value::Object(map)) => map.into_iter().collect(),
        Some(Value::Array(list)) => {
            let pair =
                |entry: &Value| Some((entry.get("attribute_code")?.as_str()?.to_owned(), entry.get("value")?.clone()));
            list.iter().map(|entry| pair(entry).ok_or_else(|| ApiError::masked(now))).collect::<Result<_, _>>()?
        }
        Some(_) => return Err(ApiError::masked(now)),
    };
    for (code, value) in &pairs {
        let known = config.customer_attributes.iter().find(|attribute| attribute.code == *code);
        let attribute = known.ok_or_else(|| {
            ApiError::not_simulated(&format!("a customer's attribute {code:?}, which the shop does not define"))
        })?;
        attribute.check(value)?;
    }
    Ok(pairs)
}
