//! The people of the story, and whether both sides have the same of one: read from both documents, with nothing of what is tested.

use serde_json::Value;
use simulators::acumatica::{Record, Scalar};

use crate::Problem;

/// A person of the story.
pub(crate) struct Person {
    pub(crate) part: Part,
    pub(crate) email: &'static str,
    /// Magento's account, once there is one.
    pub(crate) account: Option<u64>,
    /// Acumatica's `CustomerID`, once there is one.
    pub(crate) customer: Option<String>,
    /// The record of the pair.
    pub(crate) record: String,
    /// How many events of the person were there to do something so far.
    pub(crate) wanted: usize,
}

/// What a person is there to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Makes an account in the shop.
    Registers,
    /// Has an account, and another address on either side at once.
    Moves,
    /// Makes an account after an order as a guest, and comes into another group.
    Regroups,
    /// Is entered in the ERP.
    Entered,
}

impl Part {
    /// In a few words.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Part::Registers => "a new account in the shop",
            Part::Moves => "an address changed on both sides at once",
            Part::Regroups => "a guest who made an account and became a wholesaler",
            Part::Entered => "a customer entered in the ERP",
        }
    }
}

impl Person {
    /// The account and the customer.
    pub(crate) fn ids(&self) -> Result<(u64, &str), Problem> {
        let both = self.account.zip(self.customer.as_deref());
        both.ok_or_else(|| Problem::new(format!("{} is not on both sides", self.part.title())))
    }
}

/// The text at a path of a record; empty where there is none.
pub(crate) fn text_of(record: &Record, path: &str) -> String {
    match record.at(path) {
        Some(Scalar::Text(text)) => text.trim().to_owned(),
        _ => String::new(),
    }
}

/// In what an account and its customer differ; the values are nobody's business.
pub(crate) fn differences(account: &Value, customer: &Record, settings: &Value) -> Vec<&'static str> {
    let (billing, shipping) = (default(account, "default_billing"), default(account, "default_shipping"));
    let contact = |part: &str, flag: &str| {
        let part = if customer.flag(flag) { part } else { "MainContact" };
        format!("{part}/Address")
    };
    let main = |field: &str| text_of(customer, &format!("MainContact/{field}"));
    let both = [
        ("e-mail", text(account, "/email").to_lowercase(), main("Email").to_lowercase()),
        ("name", joined(&[text(account, "/firstname"), text(account, "/lastname")], " "), main("Attention")),
        ("telephone", text(billing, "/telephone"), main("Phone1")),
        (
            "billing address",
            place(billing),
            place_in_erp(customer, &contact("BillingContact", "BillingAddressOverride")),
        ),
        (
            "shipping address",
            place(shipping),
            place_in_erp(customer, &contact("ShippingContact", "ShippingAddressOverride")),
        ),
        (
            "group",
            classes(account, settings),
            price(text_of(customer, "CustomerClass"), text_of(customer, "PriceClassID")),
        ),
    ];
    both.into_iter().filter(|(_, here, there)| here != there).map(|(name, _, _)| name).collect()
}

fn default<'v>(account: &'v Value, which: &str) -> &'v Value {
    let addresses = account["addresses"].as_array().map(Vec::as_slice).unwrap_or_default();
    addresses.iter().find(|own| own[which] == true).unwrap_or(&Value::Null)
}

fn text(document: &Value, pointer: &str) -> String {
    document.pointer(pointer).and_then(Value::as_str).unwrap_or_default().trim().to_owned()
}

fn joined(parts: &[String], between: &str) -> String {
    parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(between)
}

fn place(address: &Value) -> String {
    let lines = address["street"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
    let rest = ["/city", "/region/region_code", "/postcode", "/country_id"].map(|part| text(address, part));
    joined(&lines.chain(rest).collect::<Vec<_>>(), "; ")
}

fn place_in_erp(customer: &Record, address: &str) -> String {
    let fields = ["AddressLine1", "AddressLine2", "City", "State", "PostalCode", "Country"];
    joined(&fields.map(|field| text_of(customer, &format!("{address}/{field}"))), "; ")
}

/// What the settings have for the account's group.
fn classes(account: &Value, settings: &Value) -> String {
    let rows = settings.pointer("/customers/default/groups").and_then(Value::as_array).into_iter().flatten();
    let row = rows.into_iter().find(|row| row["group_id"] == account["group_id"]).unwrap_or(&Value::Null);
    price(text(row, "/customer_class"), text(row, "/price_class"))
}

fn price(class: String, price_class: String) -> String {
    joined(&[class, price_class], " at prices ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use simulators::acumatica::{Acumatica, Change};
    use simulators::magento::{Address, CustomerDraft, Magento};

    use super::*;

    #[test]
    fn whatever_differs_is_named() {
        let settings: Value = serde_json::from_str(crate::SAMPLE_SETTINGS).unwrap();
        let typed = crate::plan::parse("sample", crate::SAMPLE_SETTINGS.as_bytes()).unwrap();
        let (mut shop, mut erp) = (crate::seed::shop(&typed), crate::seed::erp(&typed));
        let now = "2026-11-23T09:00:00Z".parse().unwrap();
        let draft = CustomerDraft::new("Ada@Example.com", "Ada", "Sample").address(Address::us("Ada", "Sample"));
        let account = shop.add_customer(now, &draft);
        let changes = [
            ("CustomerName", "Ada Sample"),
            ("CustomerClass", "WEB"),
            ("MainContact/Attention", "Ada Sample"),
            ("MainContact/Email", "ada@example.com"),
            ("MainContact/Phone1", "555-0100"),
            ("MainContact/Address/AddressLine1", "100 Sample Street"),
            ("MainContact/Address/City", "Calder"),
            ("MainContact/Address/State", "MI"),
            ("MainContact/Address/PostalCode", "49628"),
            ("MainContact/Address/Country", "US"),
        ];
        let number = erp.create_customer(now, &changes.map(|(path, value)| Change::to(path, value))).unwrap();
        let differ = |shop: &Magento, erp: &Acumatica| {
            differences(shop.customer(account).unwrap(), &erp.customers()[0], &settings)
        };
        assert_eq!(differ(&shop, &erp), [""; 0]);
        let address = shop.customer(account).unwrap()["addresses"][0]["id"].as_u64().unwrap();
        for (path, value, named) in [
            ("MainContact/Email", "eda@example.com", "e-mail"),
            ("MainContact/Attention", "Eda Sample", "name"),
            ("MainContact/Phone1", "555-0101", "telephone"),
            ("PriceClassID", "WHOLESALE", "group"),
        ] {
            let mut other = crate::seed::erp(&typed);
            other.create_customer(now, &changes.map(|(path, value)| Change::to(path, value))).unwrap();
            other.edit_customer(&number, now, &[Change::to(path, value)]).unwrap();
            assert_eq!(differ(&shop, &other), [named]);
        }
        shop.edit_customer_address(now, address, "postcode", json!("49629"));
        assert_eq!(differ(&shop, &erp), ["billing address", "shipping address"]);
        shop.edit_customer_address(now, address, "postcode", json!("49628"));
        shop.edit_customer(now, account, "group_id", json!(2));
        assert_eq!(differ(&shop, &erp), ["group"]);
        erp.edit_customer(&number, now, &[Change::to("PriceClassID", "WHOLESALE")]).unwrap();
        assert_eq!(differ(&shop, &erp), [""; 0]);
    }
}
