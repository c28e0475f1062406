//! Order value and freight. Amounts are Magento's base amounts; the source's totals are authoritative.

use acumatica::model::sales_order::SalesOrder;
use acumatica::model::value::{Number, Value};
use magento::model::order::Order;
use rust_decimal::Decimal;

use super::Shop;
use crate::plan::Plan;

/// What the order is worth: the grand total plus the tenders that Magento has already deducted from it.
#[must_use]
pub fn order_value(order: &Order) -> Decimal {
    let extension = &order.extension_attributes;
    order.base_grand_total
        + extension.base_customer_balance_amount.unwrap_or_default()
        + extension.base_gift_cards_amount.unwrap_or_default()
        + extension.base_reward_currency_amount.unwrap_or_default()
}

/// Shipping less its discount. Tax hidden in the discount is not part of the discount; where rounding hides tax in no discount, it is
/// part of the price.
#[must_use]
pub fn freight(order: &Order) -> Decimal {
    order.base_shipping_amount.unwrap_or_default() - shipping_discount(order)
}

fn shipping_discount(order: &Order) -> Decimal {
    order.base_shipping_discount_amount.unwrap_or_default()
        - order.base_shipping_discount_tax_compensation_amnt.unwrap_or_default()
}

/// Freight that can be written: a discount of more than the shipping amount is Magento's contradiction, not a negative freight.
pub(super) fn sound_freight(shop: &Shop<'_>) -> Result<Decimal, Plan> {
    let (order, discount, freight) = (shop.order, shipping_discount(shop.order), freight(shop.order));
    if freight < Decimal::ZERO || order.base_shipping_discount_amount.is_some_and(|off| off < Decimal::ZERO) {
        let amount = shop.currency.text(order.base_shipping_amount.unwrap_or_default());
        let message = format!(
            "The shipping discount {} of order {} does not fit its shipping amount {amount}.",
            shop.currency.text(discount),
            order.increment_id
        );
        return Err(shop.reject("orders.rejected.discount_exceeds_line", message));
    }
    Ok(freight)
}

/// What the document adds up to, from nothing but its own fields: Σ (`ExtendedPrice` − `DiscountAmount`) + freight + Σ `TaxAmount`.
pub(super) fn added_up(document: &SalesOrder) -> Decimal {
    let amount = |value: &Option<Value<Number>>| value.as_ref().map_or(Decimal::ZERO, |value| value.0.0);
    let lines: Decimal =
        document.details.iter().map(|line| amount(&line.extended_price) - amount(&line.discount_amount)).sum();
    let freight = document
        .shipping_settings
        .as_ref()
        .map_or(Decimal::ZERO, |settings| amount(&settings.premium_freight) + amount(&settings.freight_price));
    let tax: Decimal = document.tax_details.iter().map(|tax| amount(&tax.tax_amount)).sum();
    lines + freight + tax
}
