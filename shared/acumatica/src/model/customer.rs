//! Customer (screen AR303000; key `CustomerID`, often numbered by the ERP). Source: endpoint Default/24.200.001.

use serde::{Deserialize, Serialize};

pub use super::contact::{AttributeValue, Contact};
use super::value::{Value, read};

/// What an answer must expand to show everything of a customer that is compared and written.
pub const EXPAND: [&str; 7] = [
    "MainContact",
    "MainContact/Address",
    "BillingContact",
    "BillingContact/Address",
    "ShippingContact",
    "ShippingContact/Address",
    "Attributes",
];

/// A customer. Field lengths: `CustomerName` 255, `AccountRef`, `TaxRegistrationID` 50, `CustomerID`, `TaxExemptionNumber` 30, `CustomerClass`,
/// `PriceClassID`, `TaxZone`, `Terms` 10, `CurrencyID` 5.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Customer {
    /// The id of the record, the same as `NoteID`: a customer is read, and saved, by it where its key may have changed.
    #[serde(rename = "id", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The key; left out on creation where the ERP numbers customers.
    #[serde(rename = "CustomerID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<Value<String>>,
    /// The name shown, required.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<Value<String>>,
    /// Supplies the ERP's defaults.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub customer_class: Option<Value<String>>,
    /// Which price lists apply.
    #[serde(rename = "PriceClassID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub price_class_id: Option<Value<String>>,
    /// The customer's currency.
    #[serde(rename = "CurrencyID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub currency_id: Option<Value<String>>,
    /// A label: `Active`, `On Hold`, `Credit Hold`, `Inactive`, …
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub status: Option<Value<String>>,
    /// Whether it stands for guests.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub is_guest_customer: Option<Value<bool>>,
    /// A label of the ERP's list.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub customer_category: Option<Value<String>>,
    /// Our reference; the screen calls it `Ext Ref Nbr`.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub account_ref: Option<Value<String>>,
    /// Credit terms.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub terms: Option<Value<String>>,
    /// The tax zone.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub tax_zone: Option<Value<String>>,
    /// VAT number.
    #[serde(rename = "TaxRegistrationID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub tax_registration_id: Option<Value<String>>,
    /// The number of the certificate of exemption.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub tax_exemption_number: Option<Value<String>>,
    /// The carrier's code.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub ship_via: Option<Value<String>>,
    /// Where the e-mail stands by which customers are found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main_contact: Option<Contact>,
    /// The billing contact is not the main one.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub billing_contact_override: Option<Value<bool>>,
    /// The billing address is not the main one.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub billing_address_override: Option<Value<bool>>,
    /// Contact and address for bills.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_contact: Option<Contact>,
    /// The shipping contact is not the main one.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub shipping_contact_override: Option<Value<bool>>,
    /// The shipping address is not the main one.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub shipping_address_override: Option<Value<bool>>,
    /// Contact and address for parcels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipping_contact: Option<Contact>,
    /// The person to talk to, among the contacts.
    #[serde(rename = "PrimaryContactID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub primary_contact_id: Option<Value<i64>>,
    /// The person to talk to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_contact: Option<Contact>,
    /// The people of the customer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<CustomerContact>,
    /// The company's own fields of customers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<AttributeValue>,
    /// The record's permanent id, which stays when the key is changed; read only.
    #[serde(rename = "NoteID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub note_id: Option<Value<String>>,
    /// When it was saved last; read only.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub last_modified_date_time: Option<Value<String>>,
}

/// A person of a customer; read only here, a [`Contact`] is saved on its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CustomerContact {
    /// The contact's key.
    #[serde(rename = "ContactID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub contact_id: Option<Value<i64>>,
    /// The contact, where it is expanded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
}
