//! Countries and their regions, as `GET /V1/directory/countries/:countryId` answers them. Source: Magento 2.4.6 `module-directory`
//! (`Api/Data/CountryInformationInterface`, `RegionInformationInterface`).

use serde::Deserialize;

use super::wire::{Id, or_default};

/// A country.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Country {
    /// The regions that addresses of the country choose from; empty where they type one.
    #[serde(default, deserialize_with = "or_default")]
    pub available_regions: Vec<Region>,
}

/// A region of a country.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Region {
    /// The number that addresses are saved with.
    pub id: Id,
    /// Its code: `MI`.
    pub code: String,
    /// Its name.
    pub name: String,
}
