//! Cart rules: how much comes off each line.

use rust_decimal::Decimal;

use super::draft::Discount;
use super::tax::cents;

/// A row a rule may apply to: its quantity and the unit price the rule works on.
pub(crate) struct Row {
    pub(crate) unit: Decimal,
    pub(crate) qty: Decimal,
    pub(crate) eligible: bool,
}

/// Discount of each row, and of shipping. `factor` converts the rule's fixed amounts from base into the currency of the rows.
pub(crate) fn spread(rule: &Discount, rows: &[Row], shipping: Decimal, factor: Decimal) -> (Vec<Decimal>, Decimal) {
    let of_shipping = match rule {
        Discount::Percent { percent, shipping: true } => cents(shipping * *percent / Decimal::ONE_HUNDRED),
        _ => Decimal::ZERO,
    };
    let of_rows = match rule {
        Discount::None => vec![Decimal::ZERO; rows.len()],
        Discount::Percent { percent, .. } => by_percent(*percent, rows),
        Discount::Cart(amount) => over_cart(cents(*amount * factor), rows),
        Discount::PerItem(amount) => rows.iter().map(|row| per_item(cents(*amount * factor), row)).collect(),
    };
    (of_rows, of_shipping)
}

/// The difference of rounding is carried to the next row (Magento 2.4.6, module-sales-rule Model/Utility `deltaRoundingFix`).
fn by_percent(percent: Decimal, rows: &[Row]) -> Vec<Decimal> {
    let mut carried = Decimal::ZERO;
    let discount = |row: &Row| {
        if !row.eligible {
            return Decimal::ZERO;
        }
        let exact = row.unit * row.qty * percent / Decimal::ONE_HUNDRED + carried;
        let rounded = cents(exact);
        carried = exact - rounded;
        rounded.min(cents(row.unit * row.qty))
    };
    rows.iter().map(discount).collect()
}

/// In proportion to the rows; the last one takes what is left (Magento 2.4.6, module-sales-rule Action/Discount/CartFixed).
fn over_cart(amount: Decimal, rows: &[Row]) -> Vec<Decimal> {
    let total: Decimal = rows.iter().filter(|row| row.eligible).map(|row| row.unit * row.qty).sum();
    let amount = amount.min(cents(total));
    let last = rows.iter().rposition(|row| row.eligible);
    let mut left = amount;
    let share = |(at, row): (usize, &Row)| {
        if !row.eligible || total.is_zero() {
            return Decimal::ZERO;
        }
        let share = if Some(at) == last { left } else { cents(amount * row.unit * row.qty / total).min(left) };
        left -= share;
        share
    };
    rows.iter().enumerate().map(share).collect()
}

/// Never more than the row costs.
fn per_item(amount: Decimal, row: &Row) -> Decimal {
    let wanted = if row.eligible { amount * row.qty } else { Decimal::ZERO };
    wanted.min(cents(row.unit * row.qty))
}
