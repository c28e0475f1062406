//! Customers: people with an account.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::order::Address;
use super::state::stamp;

/// An account to be put into the shop.
#[derive(Clone, Debug)]
pub struct CustomerDraft {
    /// Unique per website.
    pub email: String,
    /// First name.
    pub firstname: String,
    /// Last name.
    pub lastname: String,
    /// Customer group: 1 General, 2 Wholesale, 3 Retailer.
    pub group_id: u32,
    /// Website of the account.
    pub website_id: u32,
    /// Store view the account was created in.
    pub store_id: u32,
    /// The only address, default for billing and shipping.
    pub address: Option<Address>,
    /// VAT number.
    pub taxvat: Option<String>,
}

impl CustomerDraft {
    /// An account in group 1 of the first website, without address.
    #[must_use]
    pub fn new(email: &str, firstname: &str, lastname: &str) -> Self {
        Self {
            email: email.into(),
            firstname: firstname.into(),
            lastname: lastname.into(),
            group_id: 1,
            website_id: 1,
            store_id: 1,
            address: None,
            taxvat: None,
        }
    }

    /// Sets the address.
    #[must_use]
    pub fn address(mut self, address: Address) -> Self {
        self.address = Some(address);
        self
    }

    /// The document of `GET /V1/customers/:id`. Ids of default addresses are strings beside number ids, as recorded.
    pub(crate) fn document(&self, id: u64, now: Timestamp) -> Value {
        let mut document = json!({
            "id": id, "group_id": self.group_id, "created_at": stamp(now), "updated_at": stamp(now),
            "created_in": "Default Store View", "email": self.email, "firstname": self.firstname, "lastname": self.lastname,
            "store_id": self.store_id, "website_id": self.website_id, "taxvat": self.taxvat, "addresses": [],
            "disable_auto_group_change": 0, "extension_attributes": {"is_subscribed": false},
        });
        if let Some(address) = &self.address {
            document["default_billing"] = json!(id.to_string());
            document["default_shipping"] = json!(id.to_string());
            document["addresses"] = json!([address_document(address, id)]);
        }
        super::json::omit_nulls(&mut document);
        document
    }
}

/// A customer's address differs from an order's: the region is an object, and the defaults are flags.
fn address_document(address: &Address, customer_id: u64) -> Value {
    let region = address.region.as_ref();
    let (name, code, id) = region.map_or((None, None, 0), |(name, code, id)| (Some(name), Some(code), *id));
    json!({
        "id": customer_id, "customer_id": customer_id,
        "region": {"region_code": code, "region": name, "region_id": id}, "region_id": id,
        "country_id": address.country_id, "street": address.street, "company": address.company,
        "telephone": address.telephone, "postcode": address.postcode, "city": address.city,
        "firstname": address.firstname, "lastname": address.lastname, "vat_id": address.vat_id,
        "default_shipping": true, "default_billing": true,
    })
}
