//! An account to be put into the shop.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::super::order::Address;
use super::super::state::stamp;

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
    /// Its addresses; the first is the default for billing and shipping.
    pub addresses: Vec<Address>,
    /// VAT number.
    pub taxvat: Option<String>,
    /// Date of birth.
    pub dob: Option<String>,
    /// 1 male, 2 female, 3 not specified.
    pub gender: Option<u8>,
    /// Whether the newsletter goes to it.
    pub subscribed: bool,
    /// Values of attributes by code; those of selects are ids of options.
    pub attributes: Vec<(String, Value)>,
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
            addresses: Vec::new(),
            taxvat: None,
            dob: None,
            gender: None,
            subscribed: false,
            attributes: Vec::new(),
        }
    }

    /// Adds an address.
    #[must_use]
    pub fn address(mut self, address: Address) -> Self {
        self.addresses.push(address);
        self
    }

    /// Sets the group.
    #[must_use]
    pub fn group(mut self, id: u32) -> Self {
        self.group_id = id;
        self
    }

    /// Sets website and store view.
    #[must_use]
    pub fn place(mut self, website_id: u32, store_id: u32) -> Self {
        self.website_id = website_id;
        self.store_id = store_id;
        self
    }

    /// Sets the VAT number.
    #[must_use]
    pub fn taxvat(mut self, number: &str) -> Self {
        self.taxvat = Some(number.into());
        self
    }

    /// Subscribes it to the newsletter.
    #[must_use]
    pub fn subscribed(mut self) -> Self {
        self.subscribed = true;
        self
    }

    /// Gives an attribute a value.
    #[must_use]
    pub fn attribute(mut self, code: &str, value: impl Into<Value>) -> Self {
        self.attributes.push((code.into(), value.into()));
        self
    }

    /// The document of `GET /V1/customers/:id`, without addresses.
    pub(super) fn document(&self, id: u64, created_in: &str, now: Timestamp) -> Value {
        let mut document = json!({
            "id": id, "group_id": self.group_id, "created_at": stamp(now), "updated_at": stamp(now),
            "created_in": created_in, "email": self.email, "firstname": self.firstname, "lastname": self.lastname,
            "store_id": self.store_id, "website_id": self.website_id, "taxvat": self.taxvat, "dob": self.dob,
            "gender": self.gender, "addresses": [], "disable_auto_group_change": 0,
            "extension_attributes": {"is_subscribed": self.subscribed},
        });
        for (code, value) in &self.attributes {
            super::account::write_attribute(&mut document, code, value);
        }
        super::super::json::omit_nulls(&mut document);
        document
    }
}

/// The columns of an address in an account, where the region has three members.
pub(super) fn address_fields(address: &Address) -> Map<String, Value> {
    let (name, code, id) =
        address.region.as_ref().map_or((None, None, 0), |(name, code, id)| (Some(name), Some(code), *id));
    let columns = [
        ("country_id", Some(&address.country_id)),
        ("company", address.company.as_ref()),
        ("telephone", address.telephone.as_ref()),
        ("postcode", address.postcode.as_ref()),
        ("city", Some(&address.city)),
        ("firstname", Some(&address.firstname)),
        ("lastname", Some(&address.lastname)),
        ("vat_id", address.vat_id.as_ref()),
        ("region", name),
        ("region_code", code),
    ];
    let columns = columns.into_iter().filter_map(|(name, text)| Some((name.to_owned(), json!(text?))));
    columns.chain([("street".to_owned(), json!(address.street)), ("region_id".to_owned(), json!(id))]).collect()
}
