//! What modules add to an order.

use rust_decimal::Decimal;
use serde::Deserialize;

use super::{Address, Id};

/// What modules add to an order.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Extension {
    /// Where it is shipped; empty for virtual orders.
    #[serde(default)]
    pub shipping_assignments: Vec<ShippingAssignment>,
    /// Tax by rate, order level, shipping included.
    #[serde(default)]
    pub applied_taxes: Vec<AppliedTax>,
    /// Tax by line and rate.
    #[serde(default)]
    pub item_applied_taxes: Vec<ItemAppliedTaxes>,
    /// Tax by rate as newer versions list it.
    #[serde(default)]
    pub taxes: Vec<OrderTax>,
    /// Tax of what is not a line, by rate, as newer versions list it: of shipping.
    #[serde(default)]
    pub additional_itemized_taxes: Vec<ItemTax>,
    /// Store credit, already deducted from the grand total.
    #[serde(default)]
    pub base_customer_balance_amount: Option<Decimal>,
    /// Gift cards, already deducted from the grand total.
    #[serde(default)]
    pub base_gift_cards_amount: Option<Decimal>,
    /// Reward points, already deducted from the grand total.
    #[serde(default)]
    pub base_reward_currency_amount: Option<Decimal>,
    /// Gift wrapping of the order.
    #[serde(default)]
    pub gw_base_price: Option<Decimal>,
    /// Gift wrapping of the items.
    #[serde(default)]
    pub gw_items_base_price: Option<Decimal>,
    /// Printed card.
    #[serde(default)]
    pub gw_card_base_price: Option<Decimal>,
    /// Written by the shopper for who receives the order.
    #[serde(default)]
    pub gift_message: Option<GiftMessage>,
    /// What the payment's module keeps, by key.
    #[serde(default)]
    pub payment_additional_info: Vec<AdditionalInfo>,
    /// The company whose person has ordered (Adobe Commerce B2B).
    #[serde(default)]
    pub company_order_attributes: Option<CompanyOrder>,
}

/// The company of an order.
#[derive(Clone, Debug, Deserialize)]
pub struct CompanyOrder {
    /// The company; 0 for an order of none.
    #[serde(default)]
    pub company_id: Option<Id>,
}

/// A value that a payment's module keeps.
#[derive(Clone, Debug, Deserialize)]
pub struct AdditionalInfo {
    /// Its key.
    pub key: Option<String>,
    /// The value.
    pub value: Option<String>,
}

/// One shipping assignment.
#[derive(Clone, Debug, Deserialize)]
pub struct ShippingAssignment {
    /// Address and method.
    pub shipping: Option<Shipping>,
}

/// Address and method of a shipment to come.
#[derive(Clone, Debug, Deserialize)]
pub struct Shipping {
    /// Where to.
    pub address: Option<Address>,
    /// `carrier_method`: `flatrate_flatrate`.
    pub method: Option<String>,
}

/// The taxes of one line, or of shipping.
#[derive(Clone, Debug, Deserialize)]
pub struct ItemAppliedTaxes {
    /// `product`, `shipping`, or a module's.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The line; absent for shipping.
    pub item_id: Option<Id>,
    /// By rate.
    #[serde(default)]
    pub applied_taxes: Vec<AppliedTax>,
}

/// The tax of one rate.
#[derive(Clone, Debug, Deserialize)]
pub struct AppliedTax {
    /// The rate's code: `US-MI-*-Rate 1`.
    pub code: Option<String>,
    /// In percent.
    #[serde(default)]
    pub percent: Option<Decimal>,
    /// In base currency.
    #[serde(default)]
    pub base_amount: Option<Decimal>,
}

/// The tax of one rate, order level, shipping included: a row of `sales_order_tax` (Magento 2.4.8 module-tax,
/// `Api/Data/OrderTaxInterface`). Its `amount` is not read: with two rates side by side each row repeats the tax of both.
#[derive(Clone, Debug, Deserialize)]
pub struct OrderTax {
    /// The rate's code.
    pub code: Option<String>,
    /// In percent.
    #[serde(default)]
    pub percent: Option<Decimal>,
    /// This rate's own part, in base currency.
    #[serde(default)]
    pub base_real_amount: Option<Decimal>,
}

/// The tax of one rate on one thing (Magento 2.4.8 module-tax, `Api/Data/OrderTaxItemInterface`).
#[derive(Clone, Debug, Deserialize)]
pub struct ItemTax {
    /// The rate's code.
    pub tax_code: Option<String>,
    /// `product`, `shipping`, or a module's.
    pub taxable_item_type: Option<String>,
}

/// A gift message.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct GiftMessage {
    /// Who it is from.
    pub sender: Option<String>,
    /// Who it is for.
    pub recipient: Option<String>,
    /// The text.
    pub message: Option<String>,
}
