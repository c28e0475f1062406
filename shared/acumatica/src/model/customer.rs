//! Customer (screen AR303000; key `CustomerID`, often numbered by the ERP). Source: endpoint Default/24.200.001.

use serde::{Deserialize, Serialize};

use super::sales_order::Address;
use super::value::{Value, read};

/// A customer. Field lengths: `CustomerID` 30, `CustomerName` 255, `CustomerClass` 10.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Customer {
    /// The key; left out on creation where the ERP numbers customers.
    #[serde(rename = "CustomerID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<Value<String>>,
    /// The name shown, required.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<Value<String>>,
    /// Supplies the ERP's defaults.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub customer_class: Option<Value<String>>,
    /// The customer's currency.
    #[serde(rename = "CurrencyID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub currency_id: Option<Value<String>>,
    /// `Active`, `On Hold`, `Credit Hold`, `Inactive`, …
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub status: Option<Value<String>>,
    /// VAT number, 50 characters.
    #[serde(rename = "TaxRegistrationID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub tax_registration_id: Option<Value<String>>,
    /// Where the e-mail stands by which customers are found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main_contact: Option<Contact>,
}

/// The contact of a customer. Field lengths: `Email` 255, `Phone1` 50.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Contact {
    /// Company or person.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub company_name: Option<Value<String>>,
    /// Who is addressed.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub attention: Option<Value<String>>,
    /// Address for mail.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub email: Option<Value<String>>,
    /// First telephone number.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub phone1: Option<Value<String>>,
    /// Postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
}
