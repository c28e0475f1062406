//! Tax rates, and how those of one product apply together.

use std::rc::Rc;

use rust_decimal::Decimal;

/// A tax rate, with what its tax rule says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    /// Code and title, for example `US-MI-*-Rate 1`.
    pub(crate) code: String,
    pub(crate) percent: Decimal,
    /// Rules of one priority apply side by side, those of a higher one on top of them.
    pub(crate) priority: u32,
    /// "Calculate Off Subtotal Only": not on top of the tax of lower priorities.
    pub(crate) off_subtotal: bool,
}

impl Rate {
    /// A rate of the first priority.
    pub(crate) fn side_by_side(code: &str, percent: Decimal) -> Self {
        Self { code: code.into(), percent, priority: 0, off_subtotal: false }
    }
}

/// Rates of one priority: they are calculated as one, and told apart afterwards by their percentages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// The codes of its rates, one behind the other.
    pub(crate) id: String,
    /// What it takes of the price; compounded, more than its rates say.
    pub(crate) percent: Decimal,
    pub(crate) rates: Vec<Rate>,
}

/// Everything that taxes a product class.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rates {
    pub(crate) groups: Vec<Rc<Group>>,
    /// Of all groups together.
    pub(crate) percent: Decimal,
}

impl Rates {
    /// Magento 2.4.6, module-tax Model/ResourceModel/Calculation `getCalculationProcess`.
    pub(crate) fn of(rates: &[Rate]) -> Self {
        let mut sorted = rates.to_vec();
        sorted.sort_by_key(|rate| rate.priority);
        let (mut groups, mut total) = (Vec::new(), Decimal::ZERO);
        for side_by_side in sorted.chunk_by(|a, b| a.priority == b.priority) {
            let own: Decimal = side_by_side.iter().map(|rate| rate.percent).sum();
            let off_subtotal = side_by_side.last().is_some_and(|rate| rate.off_subtotal);
            let percent = if off_subtotal { own } else { (Decimal::ONE_HUNDRED + total) * own / Decimal::ONE_HUNDRED };
            total += percent;
            let id = side_by_side.iter().map(|rate| rate.code.as_str()).collect();
            groups.push(Rc::new(Group { id, percent, rates: side_by_side.to_vec() }));
        }
        Self { groups, percent: total }
    }
}

impl Group {
    /// The part of `amount` that is this rate's (Magento 2.4.6, module-tax Model/Plugin/OrderSave).
    pub(crate) fn part(&self, rate: &Rate, amount: Decimal) -> Decimal {
        match self.rates.len() {
            1 => amount,
            _ if self.percent.is_zero() => Decimal::ZERO,
            _ => amount * rate.percent / self.percent,
        }
    }
}
