//! A customer's account as `GET /V1/customers/:id` returns it, and what it refers to: its group and, with Adobe Commerce's B2B module, its
//! company.
//!
//! Sources: Magento 2.4.6 `module-customer` (`Api/Data/CustomerInterface`, `AddressInterface`, `GroupInterface`), documents recorded of running
//! shops; Adobe Commerce B2B, "Manage company objects".

mod address;
mod company;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use address::{Address, AddressId, Region};
pub use company::{Company, CompanyMember};

use super::wire::{Flag, Id, or_default};

/// Magento's internal key of a customer, used in every route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CustomerId(pub Id);

impl CustomerId {
    /// The id with this number.
    #[must_use]
    pub fn new(number: u64) -> Self {
        Self(Id(number))
    }

    /// Reads the digits of a record key or a path.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(|number| Self(Id(number)))
    }

    /// The number itself, by which pages of customers are asked for.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0.0
    }
}

impl std::fmt::Display for CustomerId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.0.0)
    }
}

/// The account of a customer.
#[derive(Clone, Debug, Deserialize)]
pub struct Customer {
    /// The internal key.
    pub id: CustomerId,
    /// The group that prices and tax follow.
    pub group_id: Option<Id>,
    /// The website the account belongs to; an e-mail is unique per website, or in all of them where accounts are shared.
    pub website_id: Option<Id>,
    /// The store view that the account was made in.
    pub store_id: Option<Id>,
    /// The address for mail, by which the customer signs in.
    pub email: Option<String>,
    /// Given name.
    pub firstname: Option<String>,
    /// Family name.
    pub lastname: Option<String>,
    /// Middle name or initial.
    pub middlename: Option<String>,
    /// What is put before the name: a title or a form of address.
    pub prefix: Option<String>,
    /// What is put behind the name: `Jr.`.
    pub suffix: Option<String>,
    /// Day of birth, `YYYY-MM-DD`.
    pub dob: Option<String>,
    /// 0 to 3, an option's number.
    pub gender: Option<Id>,
    /// VAT number.
    pub taxvat: Option<String>,
    /// `YYYY-MM-DD HH:MM:SS`, UTC.
    pub created_at: Option<String>,
    /// `YYYY-MM-DD HH:MM:SS`, UTC, moved by every save.
    pub updated_at: Option<String>,
    /// The address that bills go to; a string in Magento's documents.
    pub default_billing: Option<AddressId>,
    /// The address that parcels go to.
    pub default_shipping: Option<AddressId>,
    /// All addresses. A save that names any replaces them all.
    #[serde(default, deserialize_with = "or_default")]
    pub addresses: Vec<Address>,
    /// Whether Magento's VAT check leaves the group alone.
    pub disable_auto_group_change: Option<Flag>,
    /// What modules add.
    #[serde(default, deserialize_with = "or_default")]
    pub extension_attributes: CustomerExtension,
    /// The shop's own attributes.
    #[serde(default, deserialize_with = "or_default")]
    pub custom_attributes: Vec<CustomAttribute>,
    /// The document as it was read: a save must send back what it does not change.
    #[serde(skip)]
    pub document: Value,
}

impl Customer {
    /// Reads a document.
    ///
    /// # Errors
    /// What is wrong in it, and where.
    pub fn read(document: Value) -> Result<Self, serde_path_to_error::Error<serde_json::Error>> {
        let mut customer: Self = serde_path_to_error::deserialize(&document)?;
        customer.document = document;
        Ok(customer)
    }

    /// The address with this id.
    #[must_use]
    pub fn address(&self, id: AddressId) -> Option<&Address> {
        self.addresses.iter().find(|address| address.id == Some(id))
    }

    /// The value of one of the shop's own attributes; null counts as none.
    #[must_use]
    pub fn custom_attribute(&self, code: &str) -> Option<&Value> {
        let attribute = self.custom_attributes.iter().find(|attribute| attribute.attribute_code == code)?;
        Some(&attribute.value).filter(|value| !value.is_null())
    }
}

/// What modules add to a customer.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct CustomerExtension {
    /// Whether the customer gets the newsletter; absent where the newsletter module is off.
    pub is_subscribed: Option<Flag>,
    /// The company the customer belongs to (Adobe Commerce B2B).
    pub company_attributes: Option<CompanyMember>,
}

/// A value of an attribute that the shop has defined. Selects hold an option's id as a string, multiple selects several with commas between
/// them, flags `"0"` or `"1"`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CustomAttribute {
    /// The attribute's code.
    pub attribute_code: String,
    /// Mostly a string.
    #[serde(default)]
    pub value: Value,
}

/// A customer group. Four are there from the start: 0 NOT LOGGED IN, 1 General, 2 Wholesale, 3 Retailer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Group {
    /// The internal key.
    pub id: Id,
    /// What people call it, at most 32 characters.
    pub code: String,
    /// The customers' tax class.
    pub tax_class_id: Option<Id>,
}
