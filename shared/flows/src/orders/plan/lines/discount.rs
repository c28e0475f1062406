//! What is taken off the lines: Magento holds item and cart discounts together on each item; what only the header shows is spread.

use magento::model::order::Item;
use rust_decimal::Decimal;

use super::super::Shop;
use super::MoneyLine;
use super::kinds::Carrier;
use crate::money::spread;
use crate::plan::Plan;

/// The discount on each item, which is never more than its price. Tax hidden in it is not part of it; where rounding hides tax in no
/// discount (Magento carries the differences of tax before and after discount on by themselves), it becomes part of the price.
pub(super) fn own(shop: &Shop<'_>, carriers: &[Carrier<'_>], gross: &mut [Decimal]) -> Result<Vec<Decimal>, Plan> {
    let mut discounts = Vec::with_capacity(carriers.len());
    for (carrier, gross) in carriers.iter().zip(gross) {
        let (off, hidden) = (off(carrier.item), hidden(carrier.item));
        let beyond = if off < Decimal::ZERO { Decimal::ZERO } else { (hidden - off).max(Decimal::ZERO) };
        *gross += beyond;
        let discount = off - hidden + beyond;
        if !discount.is_zero() && (discount > *gross || discount.is_sign_negative()) {
            let message = format!(
                "The discount {} of line `{}` of order {} does not fit its price {}.",
                shop.currency.text(discount),
                carrier.item.sku,
                shop.order.increment_id,
                shop.currency.text(*gross)
            );
            return Err(shop.reject("orders.rejected.discount_exceeds_line", message));
        }
        discounts.push(discount);
    }
    Ok(discounts)
}

fn off(item: &Item) -> Decimal {
    item.base_discount_amount.unwrap_or_default()
}

fn hidden(item: &Item) -> Decimal {
    item.base_discount_tax_compensation_amount.unwrap_or_default()
}

/// Spreads what the header takes off and no item shows.
pub(super) fn spread_rest(shop: &Shop<'_>, carriers: &[Carrier<'_>], lines: &mut [MoneyLine<'_>]) -> Result<(), Plan> {
    let order = shop.order;
    let of_items = |amount: fn(&Item) -> Decimal| carriers.iter().map(|carrier| amount(carrier.item)).sum::<Decimal>();
    let rest = -order.base_discount_amount.unwrap_or_default()
        - of_items(off)
        - order.base_shipping_discount_amount.unwrap_or_default();
    // Tax hidden in the rest is not part of it, as on lines.
    let hidden = order.base_discount_tax_compensation_amount.map_or(Decimal::ZERO, |header| header - of_items(hidden));
    if rest <= Decimal::ZERO || rest <= hidden {
        // Nothing to spread; a negative rest shows in the total and puts the order on hold.
        return Ok(());
    }
    let rest = rest - hidden;
    let net: Vec<Decimal> = lines.iter().map(|line| line.gross - line.discount).collect();
    let shares = spread(rest, &net, &net, &shop.currency).ok_or_else(|| {
        let message = format!(
            "The discount {} of order {} is more than its lines are worth.",
            shop.currency.text(rest),
            order.increment_id
        );
        shop.reject("orders.rejected.discount_exceeds_lines", message)
    })?;
    for (line, share) in lines.iter_mut().zip(shares) {
        line.discount += share;
    }
    Ok(())
}
