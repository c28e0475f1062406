//! A person as either side has them, in one form: the oracle by which both are compared. It reads the documents by itself and shares nothing with
//! the plan.

use std::collections::BTreeMap;

use serde_json::Value;

use super::world::{People, text};

/// What both sides say of one person, by field; a field without a value is absent.
pub(crate) type Person = BTreeMap<&'static str, String>;

/// Every field that is synced.
pub(crate) const FIELDS: [&str; 11] = [
    "account_ref",
    "billing",
    "company",
    "email",
    "group",
    "name",
    "phone",
    "receiver",
    "receiver_phone",
    "shipping",
    "vat",
];

fn person(values: [(&'static str, String); 11]) -> Person {
    values.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect()
}

pub(super) fn joined(parts: &[&str], between: &str) -> String {
    parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
}

/// An account of Magento.
pub(crate) fn of_account(account: &Value) -> Person {
    let addresses = account["addresses"].as_array().map(Vec::as_slice).unwrap_or_default();
    let default = |which: &str| addresses.iter().find(|own| own[which] == true).unwrap_or(&Value::Null);
    let (billing, shipping) = (default("default_billing"), default("default_shipping"));
    let attributes = account["custom_attributes"].as_array().into_iter().flatten();
    let name = joined(&[text(account, "/firstname"), text(account, "/lastname")], " ");
    let own = attributes.into_iter().find(|own| own["attribute_code"] == "account_ref");
    person([
        ("account_ref", own.map(|own| text(own, "/value").to_owned()).unwrap_or_default()),
        ("billing", place(billing)),
        // In the ERP a company that is called as its person is none.
        ("company", Some(text(billing, "/company")).filter(|own| *own != name).unwrap_or_default().to_owned()),
        ("email", text(account, "/email").to_lowercase()),
        ("group", account["group_id"].to_string()),
        ("name", name.clone()),
        ("phone", text(billing, "/telephone").to_owned()),
        ("receiver", joined(&[text(shipping, "/firstname"), text(shipping, "/lastname")], " ")),
        ("receiver_phone", text(shipping, "/telephone").to_owned()),
        ("shipping", place(shipping)),
        ("vat", text(account, "/taxvat").to_owned()),
    ])
}

/// Street to country of an address of Magento.
pub(super) fn place(address: &Value) -> String {
    let lines: Vec<&str> = address["street"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let state = text(address, "/region/region_code");
    let rest = [text(address, "/city"), state, text(address, "/postcode"), text(address, "/country_id")];
    joined(&[joined(&lines, ", ").as_str()].into_iter().chain(rest).collect::<Vec<_>>(), "; ")
}

/// A customer of Acumatica. Shipping contact and address are the main ones unless their flag says otherwise; so is the billing address.
pub(crate) fn of_customer(customer: &Value) -> Person {
    let value = |path: &str| text(customer, &format!("/{path}/value"));
    let flag = |name: &str| customer.pointer(&format!("/{name}/value")) == Some(&Value::Bool(true));
    let of = |own: bool, part: &'static str| if own { part } else { "MainContact" };
    let name = joined(&[value("MainContact/Attention")], "");
    let name = if name.is_empty() { value("CustomerName").to_owned() } else { name };
    let shown = value("CustomerName");
    let receiver = of(flag("ShippingContactOverride"), "ShippingContact");
    let wholesale = value("PriceClassID").trim() == "WHOLESALE";
    person([
        ("account_ref", value("AccountRef").to_owned()),
        ("billing", place_in_erp(customer, of(flag("BillingAddressOverride"), "BillingContact"))),
        ("company", if shown == name { String::new() } else { shown.to_owned() }),
        ("email", value("MainContact/Email").to_lowercase()),
        ("group", if wholesale { "2" } else { "1" }.to_owned()),
        ("name", name),
        ("phone", value("MainContact/Phone1").to_owned()),
        ("receiver", value(&format!("{receiver}/Attention")).to_owned()),
        ("receiver_phone", value(&format!("{receiver}/Phone1")).to_owned()),
        ("shipping", place_in_erp(customer, of(flag("ShippingAddressOverride"), "ShippingContact"))),
        ("vat", value("TaxRegistrationID").to_owned()),
    ])
}

/// A class gives a country to customers without any address.
pub(super) fn place_in_erp(customer: &Value, contact: &str) -> String {
    let part = |name: &str| text(customer, &format!("/{contact}/Address/{name}/value"));
    let street = joined(&[part("AddressLine1"), part("AddressLine2")], ", ");
    let place = joined(&[&street, part("City"), part("State"), part("PostalCode")], "; ");
    if place.is_empty() { place } else { joined(&[&place, part("Country")], "; ") }
}

/// Fields in which the two differ. What stands in an address of Magento's is compared where there is one.
pub(crate) fn differences(account: &Person, customer: &Person) -> Vec<String> {
    let stands_in = |field: &str| match field {
        "company" | "phone" => Some("billing"),
        "receiver" | "receiver_phone" => Some("shipping"),
        _ => None,
    };
    let compared = |field: &&&str| stands_in(field).is_none_or(|address| account.contains_key(address));
    let differs = FIELDS.iter().filter(compared).filter(|field| account.get(**field) != customer.get(**field));
    differs.map(|field| format!("{field}: {:?} and {:?}", account.get(field), customer.get(field))).collect()
}

impl People {
    /// The accounts, in the order of their ids.
    pub(crate) fn accounts(&self) -> Vec<Value> {
        self.shop
            .magento
            .with(|magento| magento.customer_ids().into_iter().filter_map(|id| magento.customer(id).cloned()).collect())
    }

    /// What the account says of its person.
    pub(crate) fn person_in_shop(&self, account: u64) -> Person {
        of_account(&self.account(account))
    }

    /// What the customer says of its person.
    pub(crate) fn person_in_erp(&self, number: &str) -> Person {
        of_customer(&self.customer(number))
    }
}
