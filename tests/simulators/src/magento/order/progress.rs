//! What became of an order before anybody read it: lines invoiced, cancelled and refunded (Magento 2.4.6, module-sales Model/Order,
//! Model/Order/Item and Model/Order/Payment keep their sums in these fields).

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::super::json::{number, put_both};
use super::amounts::{Amounts, LineAmounts};
use super::draft::OrderDraft;
use super::items::Both;

/// How many lines it happened to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Of a captured payment: the first lines are invoiced; all of them where nothing is said.
    pub(crate) invoiced: Option<usize>,
    /// The last lines are cancelled.
    pub(crate) canceled: usize,
    /// The first lines are refunded.
    pub(crate) refunded: usize,
}

/// What happened to one line.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LineProgress {
    pub(crate) invoiced: bool,
    pub(crate) canceled: bool,
    pub(crate) refunded: bool,
}

impl OrderDraft {
    pub(crate) fn line_progress(&self, at: usize) -> LineProgress {
        let Progress { invoiced, canceled, refunded } = self.progress;
        LineProgress {
            invoiced: self.payment.is_captured() && invoiced.is_none_or(|lines| at < lines),
            canceled: at + canceled >= self.lines.len(),
            refunded: at < refunded,
        }
    }

    /// What was captured: the grand total, or what the first invoice has of it. That takes all that belongs to no line.
    pub(crate) fn captured(&self, amounts: &Amounts) -> Decimal {
        match self.progress.invoiced {
            _ if !self.payment.is_captured() => Decimal::ZERO,
            None => amounts.grand_total,
            Some(lines) => {
                let later: Decimal = amounts.lines.iter().skip(lines).map(LineAmounts::worth).sum();
                (amounts.grand_total - later).max(Decimal::ZERO)
            }
        }
    }
}

/// The sums of what happened, each absent until it does.
pub(crate) fn totals(map: &mut Map<String, Value>, draft: &OrderDraft, order: &Amounts, base: &Amounts) {
    let due = |amounts: &Amounts| amounts.grand_total - draft.captured(amounts);
    put_both(map, "total_due", due(order), due(base));
    let over = |amounts: &Amounts, of: fn(&LineProgress) -> bool, pick: fn(&LineAmounts) -> Decimal| {
        let lines = amounts.lines.iter().enumerate().filter(|(at, _)| of(&draft.line_progress(*at)));
        lines.map(|(_, line)| pick(line)).sum::<Decimal>()
    };
    let mut put = |name: &str, of: fn(&LineProgress) -> bool, pick: fn(&LineAmounts) -> Decimal| {
        put_both(map, name, over(order, of, pick), over(base, of, pick));
    };
    let row: fn(&LineAmounts) -> Decimal = |line| line.own.tax.row_total;
    let tax: fn(&LineAmounts) -> Decimal = |line| line.own.tax.tax;
    if draft.payment.is_captured() {
        put("subtotal_invoiced", |line| line.invoiced, row);
        put("tax_invoiced", |line| line.invoiced, tax);
    }
    if draft.progress.canceled > 0 {
        put("subtotal_canceled", |line| line.canceled, row);
        put("tax_canceled", |line| line.canceled, tax);
        put("total_canceled", |line| line.canceled, LineAmounts::worth);
    }
    if draft.progress.refunded > 0 {
        put("subtotal_refunded", |line| line.refunded, row);
        put("tax_refunded", |line| line.refunded, tax);
        put("total_refunded", |line| line.refunded, LineAmounts::worth);
        put("total_online_refunded", |line| line.refunded, LineAmounts::worth);
    }
    if draft.payment.is_captured() {
        let (paid, base_paid) = (draft.captured(order), draft.captured(base));
        put_both(map, "total_paid", paid, base_paid);
        put_both(map, "total_invoiced", paid, base_paid);
        put_both(map, "shipping_invoiced", order.shipping.tax.row_total, base.shipping.tax.row_total);
        if draft.progress.invoiced.is_none() {
            put_both(map, "tax_invoiced", order.tax, base.tax);
            put_both(map, "discount_invoiced", order.discount, base.discount);
        }
    }
}

/// The counters of a line, `qty` pieces of it.
pub(super) fn line(
    item: &mut Map<String, Value>,
    progress: LineProgress,
    qty: Decimal,
    row: &Both<'_, super::amounts::RowAmounts>,
) {
    let Both { order, base } = row;
    if progress.invoiced {
        item.insert("qty_invoiced".into(), number(qty));
        put_both(item, "row_invoiced", order.tax.row_total, base.tax.row_total);
        put_both(item, "tax_invoiced", order.tax.tax, base.tax.tax);
        put_both(item, "discount_invoiced", order.discount, base.discount);
    }
    if progress.canceled {
        item.insert("qty_canceled".into(), number(qty));
        item.insert("tax_canceled".into(), number(order.tax.tax));
    }
    if progress.refunded {
        item.insert("qty_refunded".into(), number(qty));
        put_both(item, "amount_refunded", order.tax.row_total, base.tax.row_total);
    }
}
