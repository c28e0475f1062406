//! The writes of customers.

use serde_json::{Value, json};

use super::{Verb, Write};
use crate::model::customer::CustomerId;

/// Members whose texts are codes of the shop or of a standard, which a refusal must be able to name.
const CODES: [&str; 3] = ["attribute_code", "country_id", "region_code"];
/// Texts shorter than this, in characters, are not hidden: what is left of a sentence would say nothing.
const SHORTEST: usize = 3;

impl Write {
    /// A new account: `POST /V1/customers`, without a password, so that the customer chooses one by Magento's mail. The route has no parameter by
    /// which that mail could be kept back; the shop's own configuration decides on it.
    #[must_use]
    pub fn create_customer(customer: Value) -> Self {
        Self {
            method: Verb::Post,
            route: "/V1/customers".to_owned(),
            body: json!({ "customer": customer }),
            attempted: "create a Magento customer".to_owned(),
        }
    }

    /// The account as it shall be: `PUT /V1/customers/{id}`. Magento wants the whole person (`email`, `firstname`, `lastname`, `website_id`; older
    /// versions reset an omitted `group_id`); a list of addresses replaces all that are there, and none leaves them alone. Needs
    /// `Magento_Customer::manage`.
    #[must_use]
    pub fn update_customer(id: CustomerId, customer: Value) -> Self {
        Self {
            method: Verb::Put,
            route: format!("/V1/customers/{id}"),
            body: json!({ "customer": customer }),
            attempted: format!("save Magento customer {id}"),
        }
    }
}

/// What a body says about a person, the longest first, so that a street is hidden before the city within it.
pub(super) fn texts(body: &Value) -> Vec<&str> {
    let mut texts = Vec::new();
    collect(body, &mut texts);
    texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
    texts
}

fn collect<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) if text.trim().chars().count() >= SHORTEST => texts.push(text.trim()),
        Value::Array(list) => list.iter().for_each(|value| collect(value, texts)),
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| !CODES.contains(&name.as_str()))
            .for_each(|(_, value)| collect(value, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
