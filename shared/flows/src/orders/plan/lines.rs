//! Items → `Details`: which items are lines, what a line is worth, and its discount.

use acumatica::model::sales_order::Line;
use acumatica::model::value::{Number, set};
use magento::model::order::{Item, Order};
use magento::model::wire::Id;
use rust_decimal::{Decimal, RoundingStrategy};

use super::Shop;
use crate::money::spread;
use crate::plan::Plan;

/// The most lines one request carries (Acumatica advises slices of about 500 lines).
pub const MOST_LINES: usize = 500;

/// The decimals of a unit price where the settings do not say; the exact amount stands in `ExtendedPrice`.
const UNIT_PRICE_DECIMALS: u32 = 4;

/// An item that carries money: one without a parent.
#[derive(Clone, Debug)]
pub struct MoneyLine<'a> {
    /// The item.
    pub item: &'a Item,
    /// The item whose amounts these are, and by which Magento lists the taxes: the line itself, or its parent.
    pub money: Id,
    /// What it costs before discount and tax.
    pub gross: Decimal,
    /// What is taken off it, never more than `gross`.
    pub discount: Decimal,
}

/// The lines with their amounts. The second part says that no reading of Magento's row totals adds up to its subtotal.
pub(super) fn money_lines<'a>(shop: &Shop<'a>) -> Result<(Vec<MoneyLine<'a>>, bool), Plan> {
    let order = shop.order;
    let items: Vec<&Item> = order.items.iter().filter(|item| item.parent_item_id.is_none()).collect();
    for item in &order.items {
        supported(shop, item)?;
    }
    if items.len() > MOST_LINES {
        let message = format!(
            "Order {} has {} lines; more than {MOST_LINES} are not supported.",
            order.increment_id,
            items.len()
        );
        return Err(shop.reject("orders.rejected.unsupported_line_count", message));
    }
    let gross = gross(order, &items, &shop.currency);
    let unexplained = gross.is_none();
    let gross = gross.unwrap_or_else(|| items.iter().map(|item| item.base_row_total.unwrap_or_default()).collect());
    let mut lines: Vec<MoneyLine<'a>> = items
        .into_iter()
        .zip(gross)
        .map(|(item, gross)| MoneyLine { item, money: item.item_id, gross, discount: own_discount(item) })
        .collect();
    spread_rest(shop, &mut lines)?;
    Ok((lines, unexplained))
}

/// Magento prints the row total before discount in some documents and after it in others: the reading that adds up is the right one.
fn gross(order: &Order, items: &[&Item], currency: &crate::money::Currency) -> Option<Vec<Decimal>> {
    let row = |item: &Item| item.base_row_total.unwrap_or_default();
    let readings: [&dyn Fn(&Item) -> Decimal; 3] =
        [&row, &|item| row(item) + item.base_discount_amount.unwrap_or_default(), &|item| {
            currency.round(item.base_price.unwrap_or_default() * item.qty_ordered)
        }];
    readings
        .iter()
        .map(|reading| items.iter().map(|item| reading(item)).collect::<Vec<_>>())
        .find(|gross| gross.iter().sum::<Decimal>() == order.base_subtotal)
}

/// The discount on the line itself. Tax hidden in it is not part of it.
fn own_discount(item: &Item) -> Decimal {
    item.base_discount_amount.unwrap_or_default() - item.base_discount_tax_compensation_amount.unwrap_or_default()
}

/// Spreads what the header takes off and no line shows.
fn spread_rest(shop: &Shop<'_>, lines: &mut [MoneyLine<'_>]) -> Result<(), Plan> {
    let order = shop.order;
    for line in lines.iter().filter(|line| line.discount > line.gross || line.discount.is_sign_negative()) {
        if line.discount.is_zero() {
            continue;
        }
        let (discount, gross) = (shop.currency.text(line.discount), shop.currency.text(line.gross));
        let message = format!(
            "The discount {discount} of line `{}` of order {} does not fit its price {gross}.",
            line.item.sku, order.increment_id
        );
        return Err(shop.reject("orders.rejected.discount_exceeds_line", message));
    }
    let of_items = |amount: fn(&Item) -> Option<Decimal>| {
        order.items.iter().map(|item| amount(item).unwrap_or_default()).sum::<Decimal>()
    };
    let rest = -order.base_discount_amount.unwrap_or_default()
        - of_items(|item| item.base_discount_amount)
        - order.base_shipping_discount_amount.unwrap_or_default();
    // Tax hidden in the rest is not part of it, as on lines.
    let hidden = order
        .base_discount_tax_compensation_amount
        .map_or(Decimal::ZERO, |hidden| hidden - of_items(|item| item.base_discount_tax_compensation_amount));
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

/// Kinds of lines that cannot be written yet are rejected whole, never in part.
fn supported(shop: &Shop<'_>, item: &Item) -> Result<(), Plan> {
    let number = &shop.order.increment_id;
    let weee = [item.base_weee_tax_applied_row_amnt, item.weee_tax_applied_row_amount];
    if weee.into_iter().flatten().any(|amount| !amount.is_zero()) {
        let message = format!("Line `{}` of order {number} has a fixed product tax, which is not supported.", item.sku);
        return Err(shop.reject("orders.rejected.unsupported_fixed_product_tax", message));
    }
    let code = match item.product_type.as_deref().unwrap_or("simple") {
        "simple" | "virtual" | "downloadable" | "grouped" | "configurable" => return Ok(()),
        "bundle" => "orders.rejected.unsupported_bundle",
        "giftcard" => "orders.rejected.unsupported_gift_card",
        _ => "orders.rejected.unsupported_product_type",
    };
    let kind = item.product_type.as_deref().unwrap_or_default();
    Err(shop.reject(
        code,
        format!("Line `{}` of order {number} is of product type `{kind}`, which is not supported.", item.sku),
    ))
}

/// The document's lines.
pub(super) fn details(shop: &Shop<'_>, lines: &[MoneyLine<'_>]) -> Vec<Line> {
    let decimals = shop.scope.first(|scope| scope.unit_price_decimals).unwrap_or(UNIT_PRICE_DECIMALS);
    let branch = shop.scope.first(|scope| scope.branch.as_deref());
    let warehouse = shop.scope.first(|scope| scope.warehouse.as_deref());
    let detail = |line: &MoneyLine<'_>| {
        let qty = line.item.qty_ordered;
        let unit = if qty.is_zero() { Decimal::ZERO } else { line.gross / qty };
        let unit = unit.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
        Line {
            note: options(line.item),
            inventory_id: set(line.item.sku.trim()),
            order_qty: set(Number(qty.normalize())),
            uom: None,
            unit_price: set(Number(shop.currency.exact(unit))),
            manual_price: set(true),
            extended_price: set(Number(shop.currency.exact(line.gross))),
            discount_amount: set(Number(shop.currency.exact(line.discount))),
            manual_discount: set(true),
            line_description: line.item.name.as_deref().map(str::trim).filter(|name| !name.is_empty()).and_then(set),
            tax_category: None,
            warehouse_id: warehouse.and_then(set),
            branch: branch.and_then(set),
            alternate_id: None,
            mark_for_po: None,
            po_source: None,
            vendor_id: None,
            gift_message: None,
            external_ref: set(line.item.item_id.0.to_string()),
        }
    };
    lines.iter().map(detail).collect()
}

/// What the shopper chose, as the line's note. Magento's order holds ids and values, not the options' texts.
fn options(item: &Item) -> Option<acumatica::model::value::Value<String>> {
    let options = &item.product_option.as_ref()?.extension_attributes.custom_options;
    let text: Vec<String> = options
        .iter()
        .map(|option| format!("Option {}: {}", option.option_id, option.option_value.as_deref().unwrap_or_default()))
        .collect();
    (!text.is_empty()).then(|| set(text.join("\n"))).flatten()
}
