//! Customer location (screen AR303020; key `Customer`, `LocationID`): a further address of a customer. Source: endpoint Default/24.200.001.

use serde::{Deserialize, Serialize};

use super::contact::Contact;
use super::value::{Value, read};

/// The location that every customer has.
pub const MAIN: &str = "MAIN";

/// What an answer must expand to show everything of a location that is compared and written.
pub const EXPAND: [&str; 2] = ["LocationContact", "LocationContact/Address"];

/// A location. Field lengths: `LocationName` 60, `TaxRegistrationID` 50, `LocationID`, `TaxExemptionNbr` 30, `ShipVia` 15, `PriceClass`, `TaxZone` 10.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CustomerLocation {
    /// The id of the record, the same as `NoteID`.
    #[serde(rename = "id", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Part of the key: the `CustomerID`.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub customer: Option<Value<String>>,
    /// Part of the key; [`MAIN`] is there from the start.
    #[serde(rename = "LocationID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub location_id: Option<Value<String>>,
    /// The name shown.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub location_name: Option<Value<String>>,
    /// Whether it is in use.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub active: Option<Value<bool>>,
    /// Whether it is where parcels go unless a document says otherwise.
    #[serde(rename = "Default", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub is_default: Option<Value<bool>>,
    /// A label of the ERP's list; read only.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub status: Option<Value<String>>,
    /// The contact is the location's own, and not its customer's.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub contact_override: Option<Value<bool>>,
    /// The address is the location's own, and not its customer's.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub address_override: Option<Value<bool>>,
    /// Contact and address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location_contact: Option<Contact>,
    /// Which price lists apply.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub price_class: Option<Value<String>>,
    /// The carrier's code.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub ship_via: Option<Value<String>>,
    /// VAT number.
    #[serde(rename = "TaxRegistrationID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub tax_registration_id: Option<Value<String>>,
    /// The number of the certificate of exemption.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub tax_exemption_nbr: Option<Value<String>>,
    /// The tax zone.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub tax_zone: Option<Value<String>>,
    /// Our reference.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub ext_ref_nbr: Option<Value<String>>,
    /// The record's permanent id; read only.
    #[serde(rename = "NoteID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub note_id: Option<Value<String>>,
    /// When it was saved last; read only.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub last_modified_date_time: Option<Value<String>>,
}
