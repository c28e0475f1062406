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
    let mut fixed = Decimal::ZERO;
    for carrier in carriers {
        fixed += extras::fixed_product_tax(shop, carrier.item)?;
    }
    let subtotal = shop.order.base_subtotal;
    let readings: [&dyn Fn(&Item) -> Decimal; 3] =
        [&row, &|item| row(item) + item.base_discount_amount.unwrap_or_default(), &|item| {
            shop.currency.round(item.base_price.unwrap_or_default() * item.qty_ordered)
        }];
    Ok(readings
        .iter()
        .map(|reading| carriers.iter().map(|carrier| reading(carrier.item)).collect::<Vec<_>>())
        .find(|gross| [subtotal, subtotal - fixed].contains(&gross.iter().sum())))
}
