//! Cart rules: how much comes off each line (Magento 2.4.6, module-sales-rule).

use rust_decimal::Decimal;

use super::draft::Discount;
use super::tax::cents;

/// A row a rule may apply to: its quantity and the unit price the rule works on.
pub(crate) struct Row {
    pub(crate) unit: Decimal,
    pub(crate) qty: Decimal,
    pub(crate) with_tax: Decimal,
    pub(crate) eligible: bool,
}

impl Row {
    fn gross(&self) -> Decimal {
        self.unit * self.qty
    }

    /// Never more than the row costs (`Model/Utility::minFix`).
    fn at_most(&self, amount: Decimal) -> Decimal {
        amount.min(self.gross())
    }
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

/// The difference of rounding is carried to the next row, and 100 % never takes off more than the row with its tax
/// (`Model/Utility::deltaRoundingFix`).
fn by_percent(percent: Decimal, rows: &[Row]) -> Vec<Decimal> {
    let mut carried = Decimal::ZERO;
    let discount = |row: &Row| {
        if !row.eligible || row.gross().is_zero() {
            return Decimal::ZERO;
        }
        let mut exact = row.gross() * percent / Decimal::ONE_HUNDRED + carried;
        carried = exact - cents(exact);
        if percent == Decimal::ONE_HUNDRED {
            exact = exact.min(row.with_tax);
        }
        row.at_most(cents(exact))
    };
    rows.iter().map(discount).collect()
}

/// In proportion to the rows with the difference of rounding carried on; the last one takes what is left, as far as it costs that much
/// (`Model/Rule/Action/Discount/CartFixed`).
fn over_cart(amount: Decimal, rows: &[Row]) -> Vec<Decimal> {
    let total: Decimal = rows.iter().filter(|row| row.eligible).map(Row::gross).sum();
    let mut ahead = rows.iter().filter(|row| row.eligible).count();
    let (mut left, mut carried) = (amount, Decimal::new(1, 6));
    let share = |row: &Row| {
        if !row.eligible || left <= Decimal::ZERO || total.is_zero() {
            return Decimal::ZERO;
        }
        ahead -= 1;
        let share = if ahead == 0 {
            left
        } else {
            let exact = amount * row.gross() / total;
            // Nothing is carried on from nothing.
            if exact.is_zero() { exact } else { carry(exact, &mut carried) }
        };
        let share = cents(row.at_most(share));
        left -= share;
        row.at_most(share)
    };
    rows.iter().map(share).collect()
}

fn carry(amount: Decimal, carried: &mut Decimal) -> Decimal {
    let exact = amount + *carried;
    let rounded = cents(exact);
    *carried = exact - rounded;
    rounded
}

/// A fixed amount off each piece (`Model/Rule/Action/Discount/ByFixed`).
fn per_item(amount: Decimal, row: &Row) -> Decimal {
    let wanted = if row.eligible { cents(amount * row.qty) } else { Decimal::ZERO };
    row.at_most(wanted)
}
