//! All amounts of an order in one currency. The base and the order currency are two independent runs, each rounded by itself
//! (Magento 2.4.6, module-quote and module-tax collect base and display totals side by side).

use rust_decimal::Decimal;

use super::discount::{Row, spread};
use super::draft::OrderDraft;
use super::lines::{Line, LineKind};
use super::tax::{Calculator, Rate, Result, Taxed, cents};

/// A row that carries money: a line, or a child of a bundle with a dynamic price.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowAmounts {
    pub(crate) tax: Result,
    pub(crate) discount: Decimal,
}

/// The amounts of a line: its own row, and the rows of children that carry money.
#[derive(Clone, Debug, Default)]
pub(crate) struct LineAmounts {
    pub(crate) own: RowAmounts,
    pub(crate) children: Vec<RowAmounts>,
}

/// An order in one currency.
#[derive(Clone, Debug)]
pub(crate) struct Amounts {
    pub(crate) lines: Vec<LineAmounts>,
    pub(crate) shipping: RowAmounts,
    pub(crate) subtotal: Decimal,
    pub(crate) subtotal_incl_tax: Decimal,
    /// Zero or negative, shipping included.
    pub(crate) discount: Decimal,
    /// Shipping's tax included.
    pub(crate) tax: Decimal,
    pub(crate) compensation: Decimal,
    pub(crate) store_credit: Decimal,
    pub(crate) gift_cards: Vec<Decimal>,
    pub(crate) grand_total: Decimal,
}

/// Unit price and quantity of every row that carries money, line by line.
fn money_rows(line: &Line) -> Vec<(Decimal, Decimal)> {
    match &line.kind {
        LineKind::BundleDynamic { children } => {
            children.iter().map(|child| (child.price, child.per_kit * line.qty)).collect()
        }
        _ => vec![(line.price, line.qty)],
    }
}

impl Amounts {
    /// Computes everything at `factor` units of this currency per one of the base currency.
    pub(crate) fn compute(draft: &OrderDraft, factor: Decimal) -> Self {
        let none: &[Rate] = &[];
        let rows: Vec<(&Line, Decimal, Decimal)> = draft
            .lines
            .iter()
            .flat_map(|line| money_rows(line).into_iter().map(move |(unit, qty)| (line, cents(unit * factor), qty)))
            .collect();
        let shipping_price =
            draft.shipping.as_ref().filter(|_| !draft.is_virtual()).map_or(Decimal::ZERO, |(_, _, price)| *price);
        let shipping_unit = cents(shipping_price * factor);
        let taxed = |line: &Line, unit, qty, discount| {
            let rates = if line.taxed { draft.rates.as_slice() } else { none };
            Taxed { unit, qty, discount, rates, inclusive: draft.prices_include_tax }
        };
        let shipped = |discount| Taxed {
            unit: shipping_unit,
            qty: Decimal::ONE,
            discount,
            rates: &draft.shipping_rates,
            inclusive: draft.prices_include_tax,
        };
        // First without discount, to know the prices the cart rule works on.
        let mut first = Calculator::default();
        let plain: Vec<Result> =
            rows.iter().map(|(line, unit, qty)| first.apply(&taxed(line, *unit, *qty, Decimal::ZERO))).collect();
        let plain_shipping = first.apply(&shipped(Decimal::ZERO));
        let ruled = |result: &Result| if draft.discount_includes_tax { result.price_incl_tax } else { result.price };
        let discountable: Vec<Row> = rows
            .iter()
            .zip(&plain)
            .map(|((line, _, qty), result)| Row { unit: ruled(result), qty: *qty, eligible: line.discounted })
            .collect();
        let (discounts, of_shipping) = spread(&draft.discount, &discountable, ruled(&plain_shipping), factor);
        let of_shipping = (of_shipping + cents(draft.shipping_discount * factor)).min(ruled(&plain_shipping));
        let mut second = Calculator::default();
        let mut done = rows.iter().zip(discounts).map(|((line, unit, qty), discount)| RowAmounts {
            tax: second.apply(&taxed(line, *unit, *qty, discount)),
            discount,
        });
        let lines: Vec<LineAmounts> = draft.lines.iter().map(|line| gather(line, &mut done)).collect();
        drop(done);
        let shipping = RowAmounts { tax: second.apply(&shipped(of_shipping)), discount: of_shipping };
        Self::sum(draft, lines, shipping, factor)
    }

    /// `grand_total = subtotal + discount + shipping + tax + compensations − tenders already deducted`.
    fn sum(draft: &OrderDraft, lines: Vec<LineAmounts>, shipping: RowAmounts, factor: Decimal) -> Self {
        let over = |pick: fn(&RowAmounts) -> Decimal| lines.iter().map(|line| pick(&line.own)).sum::<Decimal>();
        let subtotal = over(|row| row.tax.row_total);
        let subtotal_incl_tax = over(|row| row.tax.row_total_incl_tax);
        let tax = over(|row| row.tax.tax) + shipping.tax.tax;
        let compensation = over(|row| row.tax.compensation);
        let discount: Decimal = -(lines.iter().map(LineAmounts::discount).sum::<Decimal>() + shipping.discount);
        let store_credit = cents(draft.store_credit * factor);
        let gift_cards: Vec<Decimal> = draft.gift_cards.iter().map(|(_, amount)| cents(*amount * factor)).collect();
        let grand_total = subtotal + discount + shipping.tax.row_total + tax + compensation + shipping.tax.compensation
            - store_credit
            - gift_cards.iter().sum::<Decimal>();
        Self {
            lines,
            shipping,
            subtotal,
            subtotal_incl_tax,
            discount,
            tax,
            compensation,
            store_credit,
            gift_cards,
            grand_total,
        }
    }

    /// Tax by rate over lines and shipping, in order of first appearance.
    pub(crate) fn by_rate(&self) -> Vec<(Rate, Decimal)> {
        let rows = self.lines.iter().flat_map(LineAmounts::money_rows).chain([&self.shipping]);
        let mut sums: Vec<(Rate, Decimal)> = Vec::new();
        for (rate, amount) in rows.flat_map(|row| &row.tax.applied) {
            match sums.iter_mut().find(|(known, _)| known.code == rate.code) {
                Some((_, sum)) => *sum += amount,
                None => sums.push((rate.clone(), *amount)),
            }
        }
        sums
    }
}

impl LineAmounts {
    /// Discount of a bundle with a dynamic price stands on its children alone.
    fn discount(&self) -> Decimal {
        self.own.discount + self.children.iter().map(|child| child.discount).sum::<Decimal>()
    }

    /// The rows that were computed, not the sums a parent repeats.
    pub(crate) fn money_rows(&self) -> Vec<&RowAmounts> {
        if self.children.is_empty() { vec![&self.own] } else { self.children.iter().collect() }
    }
}

/// Takes a line's rows off the run. A parent of children with money repeats their sums.
fn gather(line: &Line, rows: &mut impl Iterator<Item = RowAmounts>) -> LineAmounts {
    let LineKind::BundleDynamic { children } = &line.kind else {
        return LineAmounts { own: rows.next().unwrap_or_default(), children: Vec::new() };
    };
    let children: Vec<RowAmounts> = rows.take(children.len()).collect();
    let over = |pick: fn(&Result) -> Decimal| children.iter().map(|child| pick(&child.tax)).sum::<Decimal>();
    let per_kit = |row: Decimal| cents(row / line.qty);
    let (row_total, row_total_incl_tax) = (over(|row| row.row_total), over(|row| row.row_total_incl_tax));
    let tax = Result {
        price: per_kit(row_total),
        price_incl_tax: per_kit(row_total_incl_tax),
        row_total,
        row_total_incl_tax,
        tax: over(|row| row.tax),
        compensation: over(|row| row.compensation),
        percent: Decimal::ZERO,
        applied: Vec::new(),
    };
    LineAmounts { own: RowAmounts { tax, discount: Decimal::ZERO }, children }
}
