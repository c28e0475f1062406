//! The addresses of a customer.

use serde::{Deserialize, Serialize};

use super::CustomAttribute;
use crate::model::wire::{Flag, Id, or_default};

/// Magento's internal key of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AddressId(pub Id);

impl AddressId {
    /// The id with this number.
    #[must_use]
    pub fn new(number: u64) -> Self {
        Self(Id(number))
    }
}

impl std::fmt::Display for AddressId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.0.0)
    }
}

/// An address of a customer.
#[derive(Clone, Debug, Deserialize)]
pub struct Address {
    /// The internal key; an address that is yet to be saved has none.
    pub id: Option<AddressId>,
    /// Whose address it is.
    pub customer_id: Option<Id>,
    /// State, province or the like.
    pub region: Option<Region>,
    /// The region's number; 0 where the country has no list of regions.
    pub region_id: Option<Id>,
    /// ISO 3166 alpha-2.
    pub country_id: Option<String>,
    /// One to four lines.
    #[serde(default, deserialize_with = "or_default")]
    pub street: Vec<String>,
    /// Company.
    pub company: Option<String>,
    /// Telephone.
    pub telephone: Option<String>,
    /// Fax.
    pub fax: Option<String>,
    /// Null where the country has none.
    pub postcode: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Given name.
    pub firstname: Option<String>,
    /// Family name.
    pub lastname: Option<String>,
    /// Middle name or initial.
    pub middlename: Option<String>,
    /// What is put before the name.
    pub prefix: Option<String>,
    /// What is put behind the name.
    pub suffix: Option<String>,
    /// VAT number.
    pub vat_id: Option<String>,
    /// Whether bills go here; left out where they do not.
    #[serde(default, deserialize_with = "or_default")]
    pub default_billing: Flag,
    /// Whether parcels go here; left out where they do not.
    #[serde(default, deserialize_with = "or_default")]
    pub default_shipping: Flag,
    /// The shop's own attributes of addresses.
    #[serde(default, deserialize_with = "or_default")]
    pub custom_attributes: Vec<CustomAttribute>,
}

/// A region, as far as the country has a list of them; all members null otherwise, or the name alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Region {
    /// The region's code: `MI`.
    pub region_code: Option<String>,
    /// Its name, or what the shopper typed.
    pub region: Option<String>,
    /// Its number; 0 where there is none.
    pub region_id: Option<Id>,
}
