//! Addresses of orders.

use serde_json::{Map, Value, json};

/// A postal address with the person it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// First name.
    pub firstname: String,
    /// Last name.
    pub lastname: String,
    /// Company, if any.
    pub company: Option<String>,
    /// One to four lines.
    pub street: Vec<String>,
    /// City.
    pub city: String,
    /// Region: display name, code and Magento's id, where the country has regions.
    pub region: Option<(String, String, u32)>,
    /// Postal code; some countries have none.
    pub postcode: Option<String>,
    /// ISO 3166-1, two letters.
    pub country_id: String,
    /// Telephone; some checkouts ask for none.
    pub telephone: Option<String>,
    /// VAT number, where given.
    pub vat_id: Option<String>,
}

impl Address {
    /// An address in Michigan.
    #[must_use]
    pub fn us(firstname: &str, lastname: &str) -> Self {
        Self {
            firstname: firstname.into(),
            lastname: lastname.into(),
            company: None,
            street: vec!["100 Sample Street".into()],
            city: "Calder".into(),
            region: Some(("Michigan".into(), "MI".into(), 33)),
            postcode: Some("49628".into()),
            country_id: "US".into(),
            telephone: Some("555-0100".into()),
            vat_id: None,
        }
    }

    /// An address in France, where an order needs no region.
    #[must_use]
    pub fn fr(firstname: &str, lastname: &str) -> Self {
        Self {
            street: vec!["1 Rue Exemple".into()],
            city: "Lyon".into(),
            region: None,
            postcode: Some("69002".into()),
            country_id: "FR".into(),
            telephone: Some("0102030405".into()),
            ..Self::us(firstname, lastname)
        }
    }

    /// An address from an account's address book. Members that it lacks there are empty here.
    pub(crate) fn of_account(document: &Value) -> Self {
        let text = |name: &str| document.get(name).and_then(Value::as_str).map(str::to_owned);
        let region =
            |name: &str| document.pointer(&format!("/region/{name}")).and_then(Value::as_str).map(str::to_owned);
        let region_id = document["region_id"].as_u64().and_then(|id| u32::try_from(id).ok()).unwrap_or_default();
        let lines = document["street"].as_array().into_iter().flatten();
        Self {
            firstname: text("firstname").unwrap_or_default(),
            lastname: text("lastname").unwrap_or_default(),
            company: text("company"),
            street: lines.filter_map(Value::as_str).map(str::to_owned).collect(),
            city: text("city").unwrap_or_default(),
            region: region("region").zip(region("region_code")).map(|(name, code)| (name, code, region_id)),
            postcode: text("postcode"),
            country_id: text("country_id").unwrap_or_default(),
            telephone: text("telephone"),
            vat_id: text("vat_id"),
        }
    }

    /// Sets the company.
    #[must_use]
    pub fn company(mut self, name: &str) -> Self {
        self.company = Some(name.into());
        self
    }

    /// Sets the street lines.
    #[must_use]
    pub fn street(mut self, lines: &[&str]) -> Self {
        self.street = lines.iter().map(|line| (*line).to_owned()).collect();
        self
    }

    /// The address as it stands in an order. A shopper with an account has it in the address book, under the account's own id here.
    pub(crate) fn document(
        &self,
        kind: &str,
        email: &str,
        account: Option<u64>,
        entity_id: u64,
        order_id: u64,
    ) -> Value {
        let mut map = Map::new();
        map.insert("customer_address_id".into(), json!(account));
        map.insert("address_type".into(), json!(kind));
        map.insert("city".into(), json!(self.city));
        map.insert("company".into(), json!(self.company));
        map.insert("country_id".into(), json!(self.country_id));
        map.insert("email".into(), json!(email));
        map.insert("entity_id".into(), json!(entity_id));
        map.insert("firstname".into(), json!(self.firstname));
        map.insert("lastname".into(), json!(self.lastname));
        map.insert("parent_id".into(), json!(order_id));
        map.insert("postcode".into(), json!(self.postcode));
        if let Some((name, code, id)) = &self.region {
            map.insert("region".into(), json!(name));
            map.insert("region_code".into(), json!(code));
            map.insert("region_id".into(), json!(id));
        }
        map.insert("street".into(), json!(self.street));
        map.insert("telephone".into(), json!(self.telephone));
        map.insert("vat_id".into(), json!(self.vat_id));
        Value::Object(map)
    }
}
