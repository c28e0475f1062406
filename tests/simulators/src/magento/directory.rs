//! Countries and their regions, with what the shop's configuration demands of addresses in them.

use serde_json::{Value, json};

use super::config::Config;

/// A country that addresses may be in, as `general/country/allow`, `general/region/state_required` and
/// `general/country/optional_zip_countries` say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1, two letters.
    pub id: String,
    /// Whether an address needs a region.
    pub region_required: bool,
    /// Whether an address may do without a postal code.
    pub postcode_optional: bool,
    /// The regions it has; where there are none, a region is free text.
    pub regions: Vec<Region>,
}

/// A region of a country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Magento's id, which addresses carry as `region_id`.
    pub id: u32,
    /// For example `MI`.
    pub code: String,
    /// For example `Michigan`.
    pub name: String,
}

impl Country {
    /// A country without regions where an address needs a postal code.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self { id: id.into(), region_required: false, postcode_optional: false, regions: Vec::new() }
    }

    /// Adds a region.
    #[must_use]
    pub fn region(mut self, id: u32, code: &str, name: &str) -> Self {
        self.regions.push(Region { id, code: code.into(), name: name.into() });
        self
    }

    /// Demands a region of every address.
    #[must_use]
    pub fn needs_region(mut self) -> Self {
        self.region_required = true;
        self
    }

    /// The document of `GET /V1/directory/countries/:countryId`, without its names. Ids of regions are texts here and numbers in addresses
    /// (Magento 2.4.6, module-directory `Api/Data/CountryInformationInterface`, `RegionInformationInterface`).
    pub(crate) fn document(&self) -> Value {
        let region = |region: &Region| json!({"id": region.id.to_string(), "code": region.code, "name": region.name});
        let mut document = json!({"id": self.id, "two_letter_abbreviation": self.id});
        if !self.regions.is_empty() {
            document["available_regions"] = self.regions.iter().map(region).collect();
        }
        document
    }

    /// The countries of the sample shop: the United States with the four regions whose ids recorded and documented responses tell, and
    /// some without regions.
    pub(crate) fn samples() -> Vec<Self> {
        let states = Self::new("US")
            .needs_region()
            .region(12, "CA", "California")
            .region(33, "MI", "Michigan")
            .region(43, "NY", "New York")
            .region(57, "TX", "Texas");
        let mut countries = vec![states];
        countries.extend(["AF", "DE", "FR", "GB", "NL"].map(Self::new));
        countries
    }
}

impl Config {
    /// The country of this code, if the shop allows it.
    pub(crate) fn country(&self, code: &str) -> Option<&Country> {
        self.countries.iter().find(|country| country.id == code)
    }
}
