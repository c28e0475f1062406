//! Payment (screen AR302000; key `Type`, `ReferenceNbr`): a payment document of its own, where it cannot be made with its order. Source:
//! endpoint Default/24.200.001.

use serde::{Deserialize, Serialize};

use super::sales_order::CardTransaction;
use super::value::{Number, Value, read};

/// A payment. Field lengths: `PaymentMethod` 10, `PaymentRef` 40, `ReferenceNbr` 15.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Payment {
    /// `Payment`, `Prepayment`; part of the key.
    #[serde(rename = "Type", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub doc_type: Option<Value<String>>,
    /// Part of the key; numbered by the ERP.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub reference_nbr: Option<Value<String>>,
    /// Who paid.
    #[serde(rename = "CustomerID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<Value<String>>,
    /// 10 characters.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<Value<String>>,
    /// Where the money arrives.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub cash_account: Option<Value<String>>,
    /// The amount.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub payment_amount: Option<Value<Number>>,
    /// The gateway's transaction, 40 characters.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub payment_ref: Option<Value<String>>,
    /// Our reference of the tender.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub external_ref: Option<Value<String>>,
    /// 512 characters.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub description: Option<Value<String>>,
    /// `YYYY-MM-DD`.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub application_date: Option<Value<String>>,
    /// The gateway as the ERP knows it, 10 characters.
    #[serde(rename = "ProcessingCenterID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub processing_center_id: Option<Value<String>>,
    /// What the gateway has done already.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub credit_card_transaction_info: Vec<CardTransaction>,
    /// Whether the payment is on hold.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub hold: Option<Value<bool>>,
    /// A label; read only.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub status: Option<Value<String>>,
    /// What it pays.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orders_to_apply: Vec<OrderToApply>,
}

/// A sales order that a payment pays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OrderToApply {
    /// Part of the order's key.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub order_type: Option<Value<String>>,
    /// Part of the order's key.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub order_nbr: Option<Value<String>>,
    /// How much of the payment pays it.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub applied_to_order: Option<Value<Number>>,
}
