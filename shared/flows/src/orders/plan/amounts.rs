//! Order value, freight and tax. Amounts are Magento's base amounts; the source's totals are authoritative.

use std::collections::BTreeMap;

use acumatica::model::sales_order::TaxDetail;
use acumatica::model::value::{Number, set};
use magento::model::order::Order;
use rust_decimal::Decimal;

use super::Shop;
use super::lines::MoneyLine;
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

/// Shipping less its discount. Tax hidden in the discount is not part of the discount.
#[must_use]
pub fn freight(order: &Order) -> Decimal {
    let discount = order.base_shipping_discount_amount.unwrap_or_default()
        - order.base_shipping_discount_tax_compensation_amnt.unwrap_or_default();
    order.base_shipping_amount.unwrap_or_default() - discount
}

/// Tax rows for the document, and by how much the largest was changed so that they add up to Magento's tax.
#[derive(Debug)]
pub struct Tax {
    /// One row per tax ID.
    pub rows: Vec<TaxDetail>,
    /// Their sum: Magento's tax.
    pub total: Decimal,
    /// What the largest row was changed by.
    pub forced: Decimal,
}

/// Tax as Magento charged it.
pub(super) fn as_charged(shop: &Shop<'_>, lines: &[MoneyLine<'_>]) -> Result<Tax, Plan> {
    let (order, number) = (shop.order, &shop.order.increment_id);
    let total = order.base_tax_amount.unwrap_or_default();
    let applied = &order.extension_attributes.applied_taxes;
    if applied.is_empty() && !total.is_zero() {
        let message = format!(
            "Order {number} has {} of tax but Magento does not say by which rate (`applied_taxes` is missing).",
            shop.currency.text(total)
        );
        return Err(shop.reject("orders.rejected.tax_not_itemised", message));
    }
    let mut by_id: BTreeMap<&str, (Decimal, Decimal, Decimal)> = BTreeMap::new();
    for tax in applied.iter().filter(|tax| !tax.base_amount.unwrap_or_default().is_zero()) {
        let code = tax.code.as_deref().unwrap_or_default();
        let Some(row) = shop.scope.row(|scope| &scope.tax_ids, |row| row.code == code) else {
            let message = format!("Tax rate `{code}` of order {number} is not mapped to a tax ID of Acumatica.");
            return Err(shop.reject("orders.rejected.tax_not_mapped", message));
        };
        let entry = by_id.entry(&row.tax_id).or_default();
        entry.0 += tax.base_amount.unwrap_or_default();
        entry.1 = tax.percent.unwrap_or_default();
        entry.2 += taxable(shop, lines, code);
    }
    let sum: Decimal = by_id.values().map(|(amount, ..)| *amount).sum();
    let forced = total - sum;
    if let Some((amount, ..)) = by_id.values_mut().max_by_key(|(amount, ..)| *amount) {
        *amount += forced;
    }
    let rows = by_id
        .into_iter()
        .map(|(id, (amount, rate, taxable))| TaxDetail {
            tax_id: set(id),
            tax_rate: set(Number(rate.normalize())),
            taxable_amount: (!taxable.is_zero()).then(|| set(Number(shop.currency.exact(taxable)))).flatten(),
            tax_amount: set(Number(shop.currency.exact(amount))),
        })
        .collect::<Vec<_>>();
    let forced = if rows.is_empty() { Decimal::ZERO } else { forced };
    Ok(Tax { rows, total, forced })
}

/// What one rate was charged on: the net of the lines that Magento lists under it, and freight where it does.
fn taxable(shop: &Shop<'_>, lines: &[MoneyLine<'_>], code: &str) -> Decimal {
    let listed = shop.order.extension_attributes.item_applied_taxes.iter();
    listed
        .filter(|of| of.applied_taxes.iter().any(|tax| tax.code.as_deref() == Some(code)))
        .map(|of| match (of.kind.as_deref(), of.item_id) {
            (Some("shipping"), _) => freight(shop.order),
            (_, Some(id)) => {
                lines.iter().filter(|line| line.item.item_id == id).map(|line| line.gross - line.discount).sum()
            }
            (_, None) => Decimal::ZERO,
        })
        .sum()
}
