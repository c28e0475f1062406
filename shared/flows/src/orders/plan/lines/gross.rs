//! What the items cost before discount and tax. Magento prints the row total before discount in some documents and after it in others: the
//! reading that adds up to the subtotal is the right one.

use magento::model::order::Item;
use rust_decimal::Decimal;

use super::super::{Shop, extras};
use super::kinds::Carrier;
use crate::plan::Plan;

/// The row total as it is printed.
pub(super) fn row(item: &Item) -> Decimal {
    item.base_row_total.unwrap_or_default()
}

/// The gross of each item; `None` when no reading adds up. Shops can count fixed product tax into the subtotal (*Include FPT In Subtotal*),
/// never into the rows.
pub(super) fn gross(shop: &Shop<'_>, carriers: &[Carrier<'_>]) -> Result<Option<Vec<Decimal>>, Plan> {
    let fixed: Decimal = extras::fixed_product_taxes(shop)?.into_iter().map(|(_, amount)| amount).sum();
    let subtotal = shop.order.base_subtotal;
    let of = |reading: &dyn Fn(&Item) -> Decimal| -> Vec<Decimal> {
        carriers.iter().map(|carrier| reading(carrier.item)).collect()
    };
    let rows = [of(&row), of(&|item| row(item) + item.base_discount_amount.unwrap_or_default())];
    // Both are held against the subtotal as it is before one is held against it without fixed product tax: discounts of just that sum would
    // let the wrong one fit. Prices are rounded, and fit where nothing else does.
    let fitting = |rows: &[Vec<Decimal>], wanted: Decimal| {
        rows.iter().find(|rows| rows.iter().sum::<Decimal>() == wanted).cloned()
    };
    let by_row = fitting(&rows, subtotal).or_else(|| fitting(&rows, subtotal - fixed));
    Ok(by_row.or_else(|| {
        let prices = [of(&|item| shop.currency.round(item.base_price.unwrap_or_default() * item.qty_ordered))];
        fitting(&prices, subtotal).or_else(|| fitting(&prices, subtotal - fixed))
    }))
}
