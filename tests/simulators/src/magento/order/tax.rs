//! Tax as `TOTAL_BASE_CALCULATION` computes it: every line by itself, the rounding difference of a rate carried on to the next line
//! (Magento 2.4.6, module-tax Model/Calculation/AbstractAggregateCalculator and TotalBaseCalculator).

use std::collections::HashMap;

use rust_decimal::{Decimal, RoundingStrategy};

/// A tax rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    /// Code and title, for example `US-MI-*-Rate 1`.
    pub(crate) code: String,
    pub(crate) percent: Decimal,
}

/// Something taxed: a line or the shipping.
pub(crate) struct Taxed<'a> {
    pub(crate) unit: Decimal,
    pub(crate) qty: Decimal,
    pub(crate) discount: Decimal,
    pub(crate) rates: &'a [Rate],
    pub(crate) inclusive: bool,
}

/// What came out, in one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Result {
    pub(crate) price: Decimal,
    pub(crate) price_incl_tax: Decimal,
    /// Before discount.
    pub(crate) row_total: Decimal,
    /// Before discount, with the tax before discount.
    pub(crate) row_total_incl_tax: Decimal,
    /// After discount.
    pub(crate) tax: Decimal,
    /// Tax that the discount took out of a price with tax ("hidden tax").
    pub(crate) compensation: Decimal,
    /// Sum of the rates.
    pub(crate) percent: Decimal,
    /// Tax by rate code, after discount.
    pub(crate) applied: Vec<(Rate, Decimal)>,
}

/// Half a cent goes up, away from zero, as PHP's `round`.
pub(crate) fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Which of the carried differences an amount takes part in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Carry {
    Regular,
    BeforeDiscount,
    Applied,
}

/// One calculation run over a cart in one currency.
#[derive(Default)]
pub(crate) struct Calculator {
    carried: HashMap<(Carry, String), Decimal>,
}

impl Calculator {
    pub(crate) fn apply(&mut self, taxed: &Taxed<'_>) -> Result {
        let mut result = if taxed.inclusive { self.out_of_price(taxed) } else { self.on_top(taxed) };
        result.percent = taxed.rates.iter().map(|rate| rate.percent).sum();
        result
    }

    /// Each rate separately on the price without tax.
    fn on_top(&mut self, taxed: &Taxed<'_>) -> Result {
        let price = cents(taxed.unit);
        let row_total = cents(price * taxed.qty);
        let (mut before_discount, mut tax, mut applied) = (Decimal::ZERO, Decimal::ZERO, Vec::new());
        for rate in taxed.rates {
            let share = rate.percent / Decimal::ONE_HUNDRED;
            let full = self.round(row_total * share, Carry::BeforeDiscount, &rate.code);
            let discounted = if taxed.discount.is_zero() {
                full
            } else {
                let taxable = (row_total - taxed.discount).max(Decimal::ZERO);
                self.round(taxable * share, Carry::Regular, &rate.code)
            };
            before_discount += full;
            tax += discounted;
            applied.push((rate.clone(), discounted));
        }
        let row_total_incl_tax = row_total + before_discount;
        let price_incl_tax = per_unit(row_total_incl_tax, taxed.qty);
        Result { price, price_incl_tax, row_total, row_total_incl_tax, tax, applied, ..Result::default() }
    }

    /// All rates together out of the price with tax; the parts are then split by percent.
    fn out_of_price(&mut self, taxed: &Taxed<'_>) -> Result {
        let percent: Decimal = taxed.rates.iter().map(|rate| rate.percent).sum();
        let share = percent / (Decimal::ONE_HUNDRED + percent);
        let price_incl_tax = cents(taxed.unit);
        let row_total_incl_tax = cents(price_incl_tax * taxed.qty);
        let key = percent.normalize().to_string();
        let before_discount = self.round(row_total_incl_tax * share, Carry::BeforeDiscount, &key);
        let row_total = row_total_incl_tax - before_discount;
        let price = per_unit(row_total, taxed.qty);
        let tax = if taxed.discount.is_zero() {
            before_discount
        } else {
            let taxable = (row_total_incl_tax - taxed.discount).max(Decimal::ZERO);
            self.round(taxable * share, Carry::Regular, &key)
        };
        let compensation = before_discount - tax;
        let applied = self.split(tax, percent, taxed.rates);
        Result { price, price_incl_tax, row_total, row_total_incl_tax, tax, compensation, applied, ..Result::default() }
    }

    fn split(&mut self, tax: Decimal, percent: Decimal, rates: &[Rate]) -> Vec<(Rate, Decimal)> {
        let mut given = Decimal::ZERO;
        let charged = rates.iter().filter(|rate| !rate.percent.is_zero());
        charged
            .map(|rate| {
                let amount = self.round(tax / percent * rate.percent, Carry::Applied, &rate.code);
                let amount = amount.min(tax - given);
                given += amount;
                (rate.clone(), amount)
            })
            .collect()
    }

    /// Rounds, and keeps the difference for the next amount of the same key. The first one starts a millionth up, so that a half is
    /// rounded the same way everywhere.
    fn round(&mut self, amount: Decimal, carry: Carry, key: &str) -> Decimal {
        if amount.is_zero() {
            return amount;
        }
        let carried = self.carried.entry((carry, key.to_owned())).or_insert_with(|| Decimal::new(1, 6));
        let exact = amount + *carried;
        let rounded = cents(exact);
        *carried = exact - rounded;
        rounded
    }
}

fn per_unit(row: Decimal, qty: Decimal) -> Decimal {
    if qty.is_zero() { Decimal::ZERO } else { cents(row / qty) }
}
