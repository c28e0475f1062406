//! Tax of one row, by the three algorithms a shop may choose (Magento 2.4.6, module-tax Model/Calculation: AbstractAggregateCalculator,
//! UnitBaseCalculator, RowBaseCalculator, TotalBaseCalculator). Customers pay the rate of the shop: `calculatePriceInclTax` has no effect.

use std::collections::HashMap;
use std::rc::Rc;

use rust_decimal::{Decimal, RoundingStrategy};

use super::rates::{Group, Rates};

/// Where tax is rounded, `tax/calculation/algorithm`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TaxAlgorithm {
    /// Each piece by itself.
    UnitBase,
    /// Each row by itself.
    RowBase,
    /// The total: what rounding leaves of a row is carried on to the next. Magento's default.
    #[default]
    TotalBase,
}

/// Something taxed: a line, the shipping, a fixed product tax or a wrapping.
pub(crate) struct Taxed<'a> {
    /// Rounding differences are kept by this where they are not carried on; a fixed product tax shares its product's.
    pub(crate) row: usize,
    pub(crate) unit: Decimal,
    pub(crate) qty: Decimal,
    pub(crate) discount: Decimal,
    pub(crate) rates: &'a Rates,
    pub(crate) inclusive: bool,
}

/// What came out, in one currency. Not rounded where Magento does not round: a fractional quantity leaves fractions of a cent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Result {
    pub(crate) price: Decimal,
    pub(crate) price_incl_tax: Decimal,
    /// Before discount.
    pub(crate) row_total: Decimal,
    /// Before discount, with the tax before discount.
    pub(crate) row_total_incl_tax: Decimal,
    /// After discount, where tax is.
    pub(crate) tax: Decimal,
    /// Tax that the discount took out of a price with tax ("hidden tax").
    pub(crate) compensation: Decimal,
    /// Of all rates.
    pub(crate) percent: Decimal,
    /// Tax by group of rates.
    pub(crate) applied: Vec<(Rc<Group>, Decimal)>,
}

/// Half a cent goes up, away from zero, as PHP's `round`. Magento rounds every currency to two decimals.
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

/// What a carried difference belongs to: its kind, whether it comes out of a price with tax, the row where rows are by themselves, and
/// the rate.
type Key = (Carry, bool, Option<usize>, String);

/// One calculation run over a cart in one currency.
pub(crate) struct Calculator {
    algorithm: TaxAlgorithm,
    /// "Apply Customer Tax: After Discount".
    after_discount: bool,
    carried: HashMap<Key, Decimal>,
}

impl Calculator {
    pub(crate) fn new(algorithm: TaxAlgorithm, after_discount: bool) -> Self {
        Self { algorithm, after_discount, carried: HashMap::new() }
    }

    pub(crate) fn apply(&mut self, taxed: &Taxed<'_>) -> Result {
        if taxed.qty.is_zero() {
            return Result::default();
        }
        let mut result = match (self.algorithm, taxed.inclusive) {
            (TaxAlgorithm::UnitBase, true) => self.out_of_unit(taxed),
            (TaxAlgorithm::UnitBase, false) => self.on_unit(taxed),
            (_, true) => self.out_of_row(taxed),
            (_, false) => self.on_row(taxed),
        };
        result.percent = taxed.rates.percent;
        result
    }

    /// Each group separately on the row without tax.
    fn on_row(&mut self, taxed: &Taxed<'_>) -> Result {
        let price = cents(taxed.unit);
        let row_total = price * taxed.qty;
        let mut result = Result { price, row_total, ..Result::default() };
        let full = self.groups_on(row_total, taxed.discount, taxed, Decimal::ONE, &mut result);
        result.row_total_incl_tax = row_total + full;
        result.price_incl_tax = cents(result.row_total_incl_tax / taxed.qty);
        result
    }

    /// Each group separately on one piece without tax.
    fn on_unit(&mut self, taxed: &Taxed<'_>) -> Result {
        let price = cents(taxed.unit);
        let mut result = Result { price, row_total: price * taxed.qty, ..Result::default() };
        let full = self.groups_on(price, taxed.discount / taxed.qty, taxed, taxed.qty, &mut result);
        result.price_incl_tax = price + full;
        result.row_total_incl_tax = result.price_incl_tax * taxed.qty;
        result
    }

    /// Fills in the tax by group, `times` that of `amount`, and returns the tax of `amount` before discount.
    fn groups_on(
        &mut self,
        amount: Decimal,
        discount: Decimal,
        taxed: &Taxed<'_>,
        times: Decimal,
        result: &mut Result,
    ) -> Decimal {
        let taxable = (amount - discount).max(Decimal::ZERO);
        let mut before_discount = Decimal::ZERO;
        for group in &taxed.rates.groups {
            let share = group.percent / Decimal::ONE_HUNDRED;
            let full = self.round(amount * share, self.first(), taxed, &group.id);
            let charged =
                if self.after_discount { self.round(taxable * share, Carry::Regular, taxed, &group.id) } else { full };
            before_discount += full;
            result.tax += charged * times;
            result.applied.push((Rc::clone(group), charged * times));
        }
        before_discount
    }

    /// All rates together out of the row with tax; the parts are then split by percent.
    fn out_of_row(&mut self, taxed: &Taxed<'_>) -> Result {
        let percent = taxed.rates.percent;
        let key = percent.normalize().to_string();
        let price_incl_tax = cents(taxed.unit);
        let row_total_incl_tax = price_incl_tax * taxed.qty;
        let before_discount = self.round(inside(row_total_incl_tax, percent), self.first(), taxed, &key);
        let row_total = row_total_incl_tax - before_discount;
        let price = cents(row_total / taxed.qty);
        let mut tax = before_discount;
        if self.after_discount {
            let taxable = (row_total_incl_tax - taxed.discount).max(Decimal::ZERO);
            tax = self.round(inside(taxable, percent), Carry::Regular, taxed, &key);
        }
        let compensation = before_discount - tax;
        let applied = self.split(tax, taxed);
        Result { price, price_incl_tax, row_total, row_total_incl_tax, tax, compensation, applied, percent }
    }

    /// All rates together out of one piece with tax, without any difference carried.
    fn out_of_unit(&mut self, taxed: &Taxed<'_>) -> Result {
        let percent = taxed.rates.percent;
        let price_incl_tax = cents(taxed.unit);
        let before_discount = cents(inside(price_incl_tax, percent));
        let price = price_incl_tax - before_discount;
        let mut tax = before_discount;
        if self.after_discount && !taxed.discount.is_zero() {
            let taxable = (price_incl_tax - taxed.discount / taxed.qty).max(Decimal::ZERO);
            tax = cents(inside(taxable, percent));
        }
        let compensation = (before_discount - tax) * taxed.qty;
        let tax = tax * taxed.qty;
        let applied = self.split(tax, taxed);
        let (row_total, row_total_incl_tax) = (price * taxed.qty, price_incl_tax * taxed.qty);
        Result { price, price_incl_tax, row_total, row_total_incl_tax, tax, compensation, applied, percent }
    }

    fn split(&mut self, tax: Decimal, taxed: &Taxed<'_>) -> Vec<(Rc<Group>, Decimal)> {
        let mut given = Decimal::ZERO;
        let charged = taxed.rates.groups.iter().filter(|group| !group.percent.is_zero());
        charged
            .map(|group| {
                let exact = tax / taxed.rates.percent * group.percent;
                let amount = self.carry(exact, (Carry::Applied, true, None, group.id.clone())).min(tax - given);
                given += amount;
                (Rc::clone(group), amount)
            })
            .collect()
    }

    /// The first tax of a row is the only one where tax is not reduced by discounts.
    fn first(&self) -> Carry {
        if self.after_discount { Carry::BeforeDiscount } else { Carry::Regular }
    }

    fn round(&mut self, amount: Decimal, carry: Carry, taxed: &Taxed<'_>, rate: &str) -> Decimal {
        let row = (self.algorithm != TaxAlgorithm::TotalBase).then_some(taxed.row);
        self.carry(amount, (carry, taxed.inclusive, row, rate.to_owned()))
    }

    /// Rounds, and keeps the difference for the next amount of the same key. The first one starts a millionth up, so that a half is
    /// rounded the same way everywhere.
    fn carry(&mut self, amount: Decimal, key: Key) -> Decimal {
        if amount.is_zero() {
            return amount;
        }
        let carried = self.carried.entry(key).or_insert_with(|| Decimal::new(1, 6));
        let exact = amount + *carried;
        let rounded = cents(exact);
        *carried = exact - rounded;
        rounded
    }
}

/// Tax inside an amount with tax, not rounded.
fn inside(amount: Decimal, percent: Decimal) -> Decimal {
    amount * percent / (Decimal::ONE_HUNDRED + percent)
}
