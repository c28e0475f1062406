//! All amounts of an order in one currency. The base and the order currency are two independent runs, each rounded by itself
//! (Magento 2.4.6, module-quote, module-tax and module-weee collect base and display totals side by side).

use std::rc::Rc;

use rust_decimal::Decimal;

use super::discount::{Row, spread};
use super::draft::OrderDraft;
use super::lines::{Line, LineKind};
use super::rates::{Group, Rates};
use super::tax::{Calculator, Result, Taxed, cents};

/// A row that carries money: a line, or a child of a bundle with a dynamic price.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowAmounts {
    pub(crate) tax: Result,
    pub(crate) discount: Decimal,
}

/// The amounts of a line: its own row, the rows of children that carry money, and what comes with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct LineAmounts {
    pub(crate) own: RowAmounts,
    pub(crate) children: Vec<RowAmounts>,
    /// Fixed product tax.
    pub(crate) fixed_tax: Option<Result>,
    /// Gift wrapping.
    pub(crate) wrapping: Option<Result>,
}

/// An order in one currency.
#[derive(Clone, Debug)]
pub(crate) struct Amounts {
    pub(crate) lines: Vec<LineAmounts>,
    pub(crate) shipping: RowAmounts,
    pub(crate) wrapping: Result,
    pub(crate) printed_card: Result,
    pub(crate) surcharge: Decimal,
    pub(crate) subtotal: Decimal,
    pub(crate) subtotal_incl_tax: Decimal,
    /// Zero or negative, shipping included.
    pub(crate) discount: Decimal,
    /// That of shipping, fixed product taxes and wrappings included.
    pub(crate) tax: Decimal,
    pub(crate) compensation: Decimal,
    pub(crate) gift_cards: Vec<Decimal>,
    pub(crate) reward: Decimal,
    pub(crate) store_credit: Decimal,
    pub(crate) grand_total: Decimal,
}

/// Rounding of what belongs to no line is kept apart from every line's.
const SHIPPING: usize = usize::MAX;
const CART: usize = usize::MAX - 1;

/// What the two passes over the cart share.
struct Run<'a> {
    draft: &'a OrderDraft,
    factor: Decimal,
    goods: Rates,
    wrappings: Rates,
    none: Rates,
    /// Line, unit price and quantity of each row that carries money.
    rows: Vec<(&'a Line, Decimal, Decimal)>,
}

impl<'a> Run<'a> {
    fn of(draft: &'a OrderDraft, factor: Decimal) -> Self {
        let rows = draft
            .lines
            .iter()
            .flat_map(|line| line.money_rows().into_iter().map(move |(unit, qty)| (line, cents(unit * factor), qty)));
        let (goods, wrappings) = (Rates::of(&draft.rates), Rates::of(&draft.wrapping_rates));
        Self { draft, factor, goods, wrappings, none: Rates::default(), rows: rows.collect() }
    }

    fn calculator(&self) -> Calculator {
        Calculator::new(self.draft.tax_algorithm, !self.draft.tax_before_discount)
    }

    fn rates(&self, line: &Line) -> &Rates {
        if line.taxed { &self.goods } else { &self.none }
    }

    fn product(&self, row: usize, discount: Decimal) -> Taxed<'_> {
        let (line, unit, qty) = self.rows[row];
        let inclusive = self.draft.prices_include_tax;
        Taxed { row, unit, qty, discount, rates: self.rates(line), inclusive }
    }

    /// Something else in the cart, at a price without tax.
    fn beside(&self, row: usize, price: Decimal, qty: Decimal, rates: &Rates, run: &mut Calculator) -> Result {
        let unit = cents(price * self.factor);
        run.apply(&Taxed { row, unit, qty, discount: Decimal::ZERO, rates, inclusive: false })
    }

    /// Discounts of the rows and of shipping. Cart rules work on the prices of a run without discount.
    fn discounts(&self, shipping: &Taxed<'_>) -> (Vec<Decimal>, Decimal) {
        let mut first = self.calculator();
        let plain: Vec<Result> =
            (0..self.rows.len()).map(|row| first.apply(&self.product(row, Decimal::ZERO))).collect();
        let plain_shipping = self.calculator().apply(shipping);
        let ruled =
            |result: &Result| if self.draft.discount_includes_tax { result.price_incl_tax } else { result.price };
        let rows: Vec<Row> = self
            .rows
            .iter()
            .zip(&plain)
            .map(|((line, _, qty), result)| Row {
                unit: ruled(result),
                qty: *qty,
                with_tax: result.row_total_incl_tax,
                eligible: line.discounted,
            })
            .collect();
        let (of_rows, of_shipping) = spread(&self.draft.discount, &rows, ruled(&plain_shipping), self.factor);
        let of_shipping = of_shipping + cents(self.draft.shipping_discount * self.factor);
        (of_rows, of_shipping.min(ruled(&plain_shipping)))
    }

    /// A line's rows, and behind them what is taxed along with them.
    fn line(&self, line: &Line, first: usize, discounts: &[Decimal], run: &mut Calculator) -> LineAmounts {
        let row = |row: usize, run: &mut Calculator| {
            let discount = discounts[row];
            RowAmounts { tax: run.apply(&self.product(row, discount)), discount }
        };
        let mut amounts = match &line.kind {
            LineKind::BundleDynamic { children } => {
                summed(line, (first..first + children.len()).map(|at| row(at, run)).collect())
            }
            _ => LineAmounts { own: row(first, run), ..LineAmounts::default() },
        };
        let rates = if self.draft.fixed_tax_taxed { self.rates(line) } else { &self.none };
        amounts.fixed_tax = line.fixed_tax.as_ref().map(|(_, price)| self.beside(first, *price, line.qty, rates, run));
        amounts.wrapping = line.wrapping.map(|price| self.beside(first, price, line.qty, &self.wrappings, run));
        amounts
    }
}

impl Amounts {
    /// Computes everything at `factor` units of this currency per one of the base currency.
    pub(crate) fn compute(draft: &OrderDraft, factor: Decimal) -> Self {
        let run = Run::of(draft, factor);
        let shipping_rates = Rates::of(&draft.shipping_rates);
        let price =
            draft.shipping.as_ref().filter(|_| !draft.is_virtual()).map_or(Decimal::ZERO, |(_, _, price)| *price);
        let mut shipping = Taxed {
            row: SHIPPING,
            unit: cents(price * factor),
            qty: Decimal::ONE,
            discount: Decimal::ZERO,
            rates: &shipping_rates,
            inclusive: draft.shipping_includes_tax,
        };
        let (discounts, of_shipping) = run.discounts(&shipping);
        let mut second = run.calculator();
        let (mut first, mut lines) = (0, Vec::with_capacity(draft.lines.len()));
        for line in &draft.lines {
            lines.push(run.line(line, first, &discounts, &mut second));
            first += line.money_rows().len();
        }
        shipping.discount = of_shipping;
        let shipping = RowAmounts { tax: second.apply(&shipping), discount: of_shipping };
        let wrapping = run.beside(CART, draft.wrapping, Decimal::ONE, &run.wrappings, &mut second);
        let printed_card = run.beside(CART, draft.printed_card, Decimal::ONE, &run.wrappings, &mut second);
        let mut amounts = Self::empty(lines, shipping, wrapping, printed_card);
        amounts.sum(draft, factor);
        amounts
    }

    fn empty(lines: Vec<LineAmounts>, shipping: RowAmounts, wrapping: Result, printed_card: Result) -> Self {
        Self {
            lines,
            shipping,
            wrapping,
            printed_card,
            surcharge: Decimal::ZERO,
            subtotal: Decimal::ZERO,
            subtotal_incl_tax: Decimal::ZERO,
            discount: Decimal::ZERO,
            tax: Decimal::ZERO,
            compensation: Decimal::ZERO,
            gift_cards: Vec::new(),
            reward: Decimal::ZERO,
            store_credit: Decimal::ZERO,
            grand_total: Decimal::ZERO,
        }
    }

    /// `grand_total = subtotal + discount + shipping + tax + compensations + what is beside − tenders already deducted`, to four decimals
    /// (module-quote Model/Quote/Address/Total/Grand).
    fn sum(&mut self, draft: &OrderDraft, factor: Decimal) {
        let over = |pick: fn(&RowAmounts) -> Decimal| self.lines.iter().map(|line| pick(&line.own)).sum::<Decimal>();
        let fixed = |pick: fn(&Result) -> Decimal| {
            self.lines.iter().filter_map(|line| line.fixed_tax.as_ref()).map(|tax| cents(pick(tax))).sum::<Decimal>()
        };
        let fixed_tax = fixed(|tax| tax.row_total);
        let in_subtotal = if draft.fixed_tax_in_subtotal { fixed_tax } else { Decimal::ZERO };
        let subtotal = over(|row| row.tax.row_total) + in_subtotal;
        // With tax, fixed product taxes are part of the subtotal in either setting (module-weee Model/Total/Quote/WeeeTax).
        let subtotal_incl_tax = over(|row| row.tax.row_total_incl_tax) + fixed(|tax| tax.row_total_incl_tax);
        let compensation = over(|row| row.tax.compensation);
        let beside: Decimal = self.beside().map(|(_, _, result)| result.tax).sum();
        let tax = over(|row| row.tax.tax) + self.shipping.tax.tax + beside;
        let wrappings: Decimal =
            self.lines.iter().filter_map(|line| line.wrapping.as_ref()).map(|it| cents(it.row_total)).sum();
        let discount = -(self.lines.iter().map(LineAmounts::discount).sum::<Decimal>()
            + self.shipping.discount
            + cents(draft.header_discount * factor));
        let surcharge = cents(draft.surcharge * factor);
        let mut left = subtotal + fixed_tax - in_subtotal
            + discount
            + self.shipping.tax.row_total
            + tax
            + compensation
            + self.shipping.tax.compensation
            + wrappings
            + self.wrapping.row_total
            + self.printed_card.row_total
            + surcharge;
        left = left.round_dp_with_strategy(4, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        // A tender never pays more than is left; gift cards come first, then points, then store credit.
        let mut deduct = |amount: Decimal| {
            let used = cents(amount * factor).min(left).max(Decimal::ZERO);
            left -= used;
            used
        };
        self.gift_cards = draft.gift_cards.iter().map(|(_, amount)| deduct(*amount)).collect();
        self.reward = draft.reward.map_or(Decimal::ZERO, |(_, worth)| deduct(worth));
        self.store_credit = deduct(draft.store_credit);
        self.grand_total = left;
        (self.subtotal, self.subtotal_incl_tax) = (subtotal, subtotal_incl_tax);
        (self.discount, self.tax, self.compensation) = (discount, tax, compensation);
        self.surcharge = surcharge;
    }

    /// What is taxed beside products and shipping: its type, its line if it belongs to one, and its amounts.
    pub(crate) fn beside(&self) -> impl Iterator<Item = (&'static str, Option<usize>, &Result)> {
        let of_lines = self.lines.iter().enumerate().flat_map(|(at, line)| {
            let fixed = line.fixed_tax.as_ref().map(|tax| ("weee", Some(at), tax));
            fixed.into_iter().chain(line.wrapping.as_ref().map(|wrapping| ("item_gw", Some(at), wrapping)))
        });
        let of_cart = [("quote_gw", None, &self.wrapping), ("printed_card_gw", None, &self.printed_card)];
        of_lines.chain(of_cart)
    }

    /// Tax by group of rates over everything taxed, in order of first appearance.
    pub(crate) fn by_group(&self) -> Vec<(Rc<Group>, Decimal)> {
        let rows = self.lines.iter().flat_map(LineAmounts::money_rows).chain([&self.shipping]).map(|row| &row.tax);
        let mut sums: Vec<(Rc<Group>, Decimal)> = Vec::new();
        for (group, amount) in rows.chain(self.beside().map(|(_, _, result)| result)).flat_map(|tax| &tax.applied) {
            match sums.iter_mut().find(|(known, _)| known.id == group.id) {
                Some((_, sum)) => *sum += amount,
                None => sums.push((Rc::clone(group), *amount)),
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

    /// What the line adds to the grand total.
    pub(crate) fn worth(&self) -> Decimal {
        let beside =
            self.fixed_tax.iter().chain(&self.wrapping).map(|it| cents(it.row_total) + it.tax).sum::<Decimal>();
        self.own.tax.row_total + self.own.tax.tax + self.own.tax.compensation - self.discount() + beside
    }
}

/// A parent of children with money repeats their sums (Magento 2.4.6, module-tax Model/TaxCalculation `calculateParent`).
fn summed(line: &Line, children: Vec<RowAmounts>) -> LineAmounts {
    let over = |pick: fn(&Result) -> Decimal| children.iter().map(|child| pick(&child.tax)).sum::<Decimal>();
    let per_kit = |row: Decimal| if line.qty.is_zero() { Decimal::ZERO } else { cents(row / line.qty) };
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
    LineAmounts { own: RowAmounts { tax, discount: Decimal::ZERO }, children, ..LineAmounts::default() }
}
