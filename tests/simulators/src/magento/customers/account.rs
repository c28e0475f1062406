//! The row of an account: its columns, its attributes, and the flags that follow from its defaults.

use serde_json::{Map, Value, json};

/// Writes columns. A text of no characters is stored as NULL in a column that may be null, and so is left out of every answer
/// (Magento 2.4.6, framework DB/Adapter/Pdo/Mysql `prepareColumnValue`).
pub(super) fn write(row: &mut Value, fields: Map<String, Value>) {
    let Value::Object(row) = row else { return };
    for (name, value) in fields {
        if value == "" {
            row.remove(&name);
        } else {
            row.insert(name, value);
        }
    }
}

/// Writes the value of one attribute; an empty one takes its row away.
pub(super) fn write_attribute(account: &mut Value, code: &str, value: &Value) {
    let Value::Object(map) = account else { return };
    let mut list = map.remove("custom_attributes").and_then(|list| list.as_array().cloned()).unwrap_or_default();
    list.retain(|entry| entry["attribute_code"] != code);
    if !value.is_null() && value != "" {
        list.push(json!({"attribute_code": code, "value": value}));
    }
    if !list.is_empty() {
        map.insert("custom_attributes".to_owned(), Value::Array(list));
    }
}

/// Whether the newsletter goes to the customer.
pub(super) fn subscribe(account: &mut Value, subscribed: bool) {
    account["extension_attributes"]["is_subscribed"] = json!(subscribed);
}

/// The address that is the default for `which`, `default_billing` or `default_shipping`.
pub(super) fn default_of(account: &Value, which: &str) -> Option<u64> {
    account.get(which)?.as_str()?.parse().ok()
}

/// Makes an address the default, or none. Ids of defaults are texts (recorded responses).
pub(super) fn set_default(account: &mut Value, which: &str, address: Option<u64>) {
    let Value::Object(map) = account else { return };
    match address {
        Some(id) => map.insert(which.to_owned(), json!(id.to_string())),
        None => map.remove(which),
    };
}

/// The flags on the addresses: `true` on the default, absent on all others (recorded responses). A default whose address is gone
/// is none any more (module-customer `ResourceModel/Address/DeleteRelation`).
pub(super) fn flag_defaults(account: &mut Value) {
    for which in DEFAULTS {
        let wanted = default_of(account, which);
        let mut found = false;
        for address in account["addresses"].as_array_mut().into_iter().flatten() {
            let is_default = wanted.is_some() && address["id"].as_u64() == wanted;
            found |= is_default;
            if let Value::Object(address) = address {
                if is_default {
                    address.insert(which.to_owned(), json!(true));
                } else {
                    address.remove(which);
                }
            }
        }
        if !found {
            set_default(account, which, None);
        }
    }
}

/// The two defaults an account has.
pub(super) const DEFAULTS: [&str; 2] = ["default_billing", "default_shipping"];
