//! Quantity and unit price. Where the ERP takes only their product, a line whose amount no unit price gives becomes two whose amounts do.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::money::Currency;

/// A line's quantity at a unit price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// In the line's unit of measure.
    pub quantity: Decimal,
    /// Per unit.
    pub unit_price: Decimal,
    /// What it costs.
    pub gross: Decimal,
}

/// One line: its unit price is rounded to the ERP's decimals, half away from zero.
#[must_use]
pub(super) fn whole(quantity: Decimal, gross: Decimal, decimals: u32) -> Part {
    let unit = if quantity.is_zero() { Decimal::ZERO } else { gross / quantity };
    let unit_price = unit.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    Part { quantity, unit_price, gross }
}

/// One line, or two where one would not be exact: `round(quantity × unit price)` of each is its part of `gross`, no unit price has more than
/// `decimals` decimals, and the quantities add up. Stays one line, inexact, where the prices' decimals do not reach the currency's coin,
/// where `gross` has a fraction of a coin, and for quantities of nothing or less: the ERP's sum tells then.
#[must_use]
pub fn parts(quantity: Decimal, gross: Decimal, decimals: u32, currency: &Currency) -> Vec<Part> {
    let one = whole(quantity, gross, decimals);
    let impossible = decimals < currency.decimals() || currency.round(gross) != gross;
    if impossible || quantity <= Decimal::ONE || gross < Decimal::ZERO || is_exact(&one, currency) {
        return vec![one];
    }
    if quantity.is_integer() {
        return pieces(quantity, gross, currency);
    }
    one_apart(quantity, gross, decimals, currency)
}

/// Whole pieces: some of them a coin dearer than the others.
fn pieces(quantity: Decimal, gross: Decimal, currency: &Currency) -> Vec<Part> {
    let coin = Decimal::new(1, currency.decimals());
    let price = floor(gross / quantity, currency.decimals());
    let dearer = (gross - quantity * price) / coin;
    vec![priced(quantity - dearer, price, currency), priced(dearer, price + coin, currency)]
}

/// A fractional quantity: one unit costs what the others leave.
fn one_apart(quantity: Decimal, gross: Decimal, decimals: u32, currency: &Currency) -> Vec<Part> {
    let others = quantity - Decimal::ONE;
    // Where rounding lets the others take more than there is, a price in whole coins takes less.
    let fits = |price| Some(priced(others, price, currency)).filter(|part| part.gross <= gross);
    let unit = gross / quantity;
    let others =
        fits(floor(unit, decimals)).unwrap_or_else(|| priced(others, floor(unit, currency.decimals()), currency));
    let rest = gross - others.gross;
    vec![others, priced(Decimal::ONE, rest, currency)]
}

fn is_exact(part: &Part, currency: &Currency) -> bool {
    currency.round(part.quantity * part.unit_price) == part.gross
}

fn priced(quantity: Decimal, unit_price: Decimal, currency: &Currency) -> Part {
    Part { quantity, unit_price, gross: currency.round(quantity * unit_price) }
}

fn floor(amount: Decimal, decimals: u32) -> Decimal {
    amount.round_dp_with_strategy(decimals, RoundingStrategy::ToZero)
}
