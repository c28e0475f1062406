//! What an order says of its taxes: by rate, by line, and in the newer fields. Rates of one priority are calculated as one and told apart by
//! their percentages, to four decimals (Magento 2.4.6, module-tax Model/Plugin/OrderSave and Model/Sales/Order/TaxManagement; the newer
//! fields: Api/Data/OrderTaxInterface and OrderTaxItemInterface of later versions).

use std::rc::Rc;

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Value, json};

use super::super::config::TaxDetail;
use super::super::json::number;
use super::amounts::Amounts;
use super::document::Numbers;
use super::rates::{Group, Rate};
use super::tax::Result;

/// The rows of `sales_order_tax` and `sales_order_tax_item` of one order.
pub(super) struct TaxBook {
    detail: TaxDetail,
    order_id: u64,
    first_item: u64,
    rows: Vec<TaxRow>,
    by_item: Vec<Value>,
    additional: Vec<Value>,
    /// By rate code: percent, and the sum in both currencies.
    by_code: Vec<(String, Decimal, Decimal, Decimal)>,
}

/// One rate of the order.
struct TaxRow {
    tax_id: u64,
    group: Rc<Group>,
    rate: Rate,
    amount: Decimal,
    base_amount: Decimal,
}

/// Whose taxes they are.
#[derive(Clone, Copy)]
pub(super) struct Whose {
    /// `product`, `shipping`, `weee`, …
    pub(super) kind: &'static str,
    pub(super) item: Option<u64>,
    /// The product of a fixed product tax or a wrapping.
    pub(super) associated: Option<u64>,
}

impl TaxBook {
    pub(super) fn open(
        detail: TaxDetail,
        order_id: u64,
        order: &Amounts,
        base: &Amounts,
        numbers: &mut Numbers,
    ) -> Self {
        let mut rows = Vec::new();
        for ((group, amount), (_, base_amount)) in order.by_group().into_iter().zip(base.by_group()) {
            for rate in group.rates.iter().filter(|rate| !rate.percent.is_zero()) {
                let (group, rate) = (Rc::clone(&group), rate.clone());
                rows.push(TaxRow { tax_id: numbers.tax(), group, rate, amount, base_amount });
            }
        }
        let (by_item, additional, by_code) = (Vec::new(), Vec::new(), Vec::new());
        Self { detail, order_id, first_item: order_id * 10_000, rows, by_item, additional, by_code }
    }

    /// Books the taxes of one row; what stands on its line in the newer fields.
    pub(super) fn charge(&mut self, whose: Whose, order: &Result, base: &Result) -> Vec<Value> {
        if order.applied.is_empty() {
            return Vec::new();
        }
        let (mut applied, mut itemized) = (Vec::new(), Vec::new());
        for ((group, amount), (_, base_amount)) in order.applied.iter().zip(&base.applied) {
            for rate in &group.rates {
                let (real, base_real) = (stored(group.part(rate, *amount)), stored(group.part(rate, *base_amount)));
                applied.push(json!({
                    "code": rate.code, "title": rate.code, "percent": number(rate.percent),
                    "amount": number(real), "base_amount": number(base_real),
                }));
                self.sum(rate, real, base_real);
                let row = self.rows.iter().find(|row| row.group.id == group.id && row.rate.code == rate.code);
                let Some(row) = row else { continue };
                self.first_item += 1;
                itemized.push(json!({
                    "tax_item_id": self.first_item, "tax_id": row.tax_id, "tax_code": rate.code,
                    "tax_percent": number(rate.percent), "item_id": whose.item, "associated_item_id": whose.associated,
                    "amount": number(*amount), "base_amount": number(*base_amount),
                    "real_amount": number(real), "real_base_amount": number(base_real), "taxable_item_type": whose.kind,
                }));
            }
        }
        self.by_item.push(json!({
            "type": whose.kind, "item_id": whose.item, "associated_item_id": whose.associated, "applied_taxes": applied,
        }));
        if whose.item.is_some() {
            return itemized;
        }
        self.additional.append(&mut itemized);
        Vec::new()
    }

    fn sum(&mut self, rate: &Rate, amount: Decimal, base_amount: Decimal) {
        match self.by_code.iter_mut().find(|(code, ..)| *code == rate.code) {
            Some((_, _, sum, base_sum)) => {
                *sum += amount;
                *base_sum += base_amount;
            }
            None => self.by_code.push((rate.code.clone(), rate.percent, amount, base_amount)),
        }
    }

    /// Whether lines have `itemized_taxes`.
    pub(super) fn itemizes(&self) -> bool {
        self.detail != TaxDetail::Applied
    }

    /// Writes the order's own fields. Recorded orders carry `converting_from_quote` exactly when there is tax.
    pub(super) fn close(self, extension: &mut Map<String, Value>) {
        if !self.by_item.is_empty() {
            extension.insert("converting_from_quote".into(), json!(true));
        }
        if self.detail != TaxDetail::Itemized {
            let by_rate = self.by_code.iter().map(|(code, percent, amount, base_amount)| {
                json!({
                    "code": code, "title": code, "percent": number(*percent),
                    "amount": number(*amount), "base_amount": number(*base_amount),
                })
            });
            extension.insert("applied_taxes".into(), by_rate.collect());
            extension.insert("item_applied_taxes".into(), Value::Array(self.by_item));
        }
        if self.detail != TaxDetail::Applied {
            let row = |row: &TaxRow| {
                json!({
                    "tax_id": row.tax_id, "order_id": self.order_id, "code": row.rate.code, "title": row.rate.code,
                    "percent": number(row.rate.percent), "amount": number(row.amount),
                    "base_amount": number(row.base_amount),
                    "base_real_amount": number(stored(row.group.part(&row.rate, row.base_amount))),
                    "priority": row.rate.priority, "position": 0, "process": 0,
                })
            };
            extension.insert("taxes".into(), self.rows.iter().map(row).collect());
            extension.insert("additional_itemized_taxes".into(), Value::Array(self.additional));
        }
    }
}

/// As a column of four decimals keeps it.
fn stored(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero)
}
