//! Contact (screen CR302000; key `ContactID`), on its own, and as the main, billing, shipping and primary contact of a customer and the contact
//! of a location. Source: endpoint Default/24.200.001.

use serde::{Deserialize, Serialize};

use super::sales_order::Address;
use super::value::{Value, read};

/// A contact. Field lengths: `CompanyName`, `Email`, `JobTitle` 255, `LastName` 100, `FirstName`, `Phone1`, `Phone2`, `Fax` 50, `ExtRefNbr` 40.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Contact {
    /// The id of the record, the same as `NoteID`.
    #[serde(rename = "id", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The key, numbered by the ERP.
    #[serde(rename = "ContactID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub contact_id: Option<Value<i64>>,
    /// The `CustomerID` of the customer it belongs to.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub business_account: Option<Value<String>>,
    /// Company or person.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub company_name: Option<Value<String>>,
    /// Who is addressed.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub attention: Option<Value<String>>,
    /// A form of address: a label of the ERP's list.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub title: Option<Value<String>>,
    /// Given name.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Value<String>>,
    /// Middle name.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<Value<String>>,
    /// Family name, required of a contact of its own.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Value<String>>,
    /// The name as it is shown; read only.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Value<String>>,
    /// What the contact does there.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub job_title: Option<Value<String>>,
    /// Address for mail.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub email: Option<Value<String>>,
    /// First telephone number.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub phone1: Option<Value<String>>,
    /// Second telephone number.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub phone2: Option<Value<String>>,
    /// Fax.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub fax: Option<Value<String>>,
    /// Day of birth: sent as `YYYY-MM-DD`, read with midnight behind it.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<Value<String>>,
    /// A label of the ERP's list.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub gender: Option<Value<String>>,
    /// Whether it is in use.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub active: Option<Value<bool>>,
    /// A label of the ERP's list.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub status: Option<Value<String>>,
    /// Whether no marketing mail may be sent.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub no_marketing: Option<Value<bool>>,
    /// Whether no mass mail may be sent.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub no_mass_mail: Option<Value<bool>>,
    /// Our reference; endpoints older than 24.200.001 do not have it.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub ext_ref_nbr: Option<Value<String>>,
    /// Whether the address is the contact's own, and not its customer's.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub override_account_address: Option<Value<bool>>,
    /// Postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// The company's own fields of contacts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<AttributeValue>,
    /// The record's permanent id; read only.
    #[serde(rename = "NoteID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub note_id: Option<Value<String>>,
    /// When it was saved last; read only.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub last_modified_date_time: Option<Value<String>>,
}

/// The value of an attribute. Check boxes are 0 and 1; several choices stand with commas between them. Both members may be written as the ERP keeps
/// them or as it shows them, and are read as it keeps them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AttributeValue {
    /// Which attribute, 10 characters.
    #[serde(rename = "AttributeID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub attribute_id: Option<Value<String>>,
    /// Its name as shown; read only.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub attribute_description: Option<Value<String>>,
    /// Whether it must have a value; read only.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub required: Option<Value<bool>>,
    /// The value.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub value: Option<Value<String>>,
    /// The value as shown; read only.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub value_description: Option<Value<String>>,
}
