//! Payment methods, and what each leaves in an order.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::super::json::{number, put_both};

/// How an order was paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payment {
    /// `checkmo`: nothing happens online.
    Check,
    /// `banktransfer`.
    BankTransfer,
    /// `free`: for a grand total of zero.
    Free,
    /// `purchaseorder` with the shopper's number.
    PurchaseOrder(String),
    /// A card method that authorised the amount: reserved, not taken.
    Authorised {
        /// Method code, for example `braintree`.
        method: String,
        /// The gateway's reference.
        transaction: String,
    },
    /// A card method that captured the amount: taken, and invoiced in Magento.
    Captured {
        /// Method code, for example `braintree`.
        method: String,
        /// The gateway's reference.
        transaction: String,
    },
}

impl Payment {
    /// The method code.
    pub(crate) fn method(&self) -> &str {
        match self {
            Self::Check => "checkmo",
            Self::BankTransfer => "banktransfer",
            Self::Free => "free",
            Self::PurchaseOrder(_) => "purchaseorder",
            Self::Authorised { method, .. } | Self::Captured { method, .. } => method,
        }
    }

    fn title(&self) -> &str {
        match self {
            Self::Check => "Check / Money order",
            Self::BankTransfer => "Bank Transfer Payment",
            Self::Free => "No Payment Information Required",
            Self::PurchaseOrder(_) => "Purchase Order",
            Self::Authorised { .. } | Self::Captured { .. } => "Credit Card",
        }
    }

    /// Offline methods stay `new`; a card leads to `processing` at once.
    pub(crate) fn state(&self) -> (&'static str, &'static str) {
        match self {
            Self::Authorised { .. } | Self::Captured { .. } => ("processing", "processing"),
            _ => ("new", "pending"),
        }
    }

    /// Taken and invoiced when the order is placed.
    pub(crate) fn is_captured(&self) -> bool {
        matches!(self, Self::Captured { .. })
    }

    /// The order's `payment`.
    /// Each pair is the amount in order and base currency; `captured` may be less than `total`.
    pub(crate) fn document(
        &self,
        order_id: u64,
        total: (Decimal, Decimal),
        captured: (Decimal, Decimal),
        shipping: (Decimal, Decimal),
    ) -> Value {
        let mut map = Map::new();
        map.insert("account_status".into(), Value::Null);
        map.insert("additional_information".into(), json!([self.title()]));
        put_both(&mut map, "amount_ordered", total.0, total.1);
        put_both(&mut map, "shipping_amount", shipping.0, shipping.1);
        map.insert("cc_last4".into(), Value::Null);
        map.insert("cc_exp_year".into(), json!("0"));
        map.insert("cc_ss_start_month".into(), json!("0"));
        map.insert("cc_ss_start_year".into(), json!("0"));
        map.insert("entity_id".into(), json!(order_id));
        map.insert("method".into(), json!(self.method()));
        map.insert("parent_id".into(), json!(order_id));
        match self {
            Self::PurchaseOrder(po_number) => {
                map.insert("po_number".into(), json!(po_number));
            }
            Self::Authorised { transaction, .. } => {
                put_both(&mut map, "amount_authorized", total.0, total.1);
                card(&mut map, transaction);
            }
            Self::Captured { transaction, .. } => {
                if captured != total {
                    put_both(&mut map, "amount_authorized", total.0, total.1);
                }
                put_both(&mut map, "amount_paid", captured.0, captured.1);
                map.insert("base_amount_paid_online".into(), number(captured.1));
                put_both(&mut map, "shipping_captured", shipping.0, shipping.1);
                card(&mut map, transaction);
            }
            Self::Check | Self::BankTransfer | Self::Free => {}
        }
        Value::Object(map)
    }

    /// `extension_attributes.payment_additional_info`: the same information with its keys.
    pub(crate) fn additional(&self) -> Value {
        json!([{"key": "method_title", "value": self.title()}])
    }
}

fn card(map: &mut Map<String, Value>, transaction: &str) {
    map.insert("cc_type".into(), json!("VI"));
    map.insert("cc_last4".into(), json!("1111"));
    map.insert("cc_exp_month".into(), json!("12"));
    map.insert("cc_exp_year".into(), json!("2030"));
    map.insert("last_trans_id".into(), json!(transaction));
}
