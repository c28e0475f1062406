//! Taxes → `TaxDetails`, tax zone and the flags that keep Magento's amounts.

use std::collections::{BTreeMap, BTreeSet};

use acumatica::model::sales_order::{FinancialSettings, SalesOrder, TaxDetail};
use acumatica::model::value::{Number, set};
use magento::model::order::{AppliedTax, ItemAppliedTaxes, Order};
use rust_decimal::Decimal;

use super::amounts::freight;
use super::lines::MoneyLine;
use super::{Shop, tenders};
use crate::plan::Plan;
use crate::settings::TaxMode;

pub(super) fn financial(shop: &Shop<'_>, document: &mut SalesOrder) -> Result<Option<FinancialSettings>, Plan> {
    let taxes = shop.required("taxes", shop.scope.first(|scope| scope.taxes.as_ref()))?;
    if taxes.mode == TaxMode::AsCharged {
        document.is_tax_valid = set(true);
        document.disable_automatic_tax_calculation = set(taxes.disable_calculation);
    }
    Ok(Some(FinancialSettings {
        override_tax_zone: set(true),
        customer_tax_zone: set(taxes.zone.as_str()),
        terms: tenders::row(shop)?.and_then(|row| row.terms.as_deref()).and_then(set),
    }))
}

/// Tax rows for the document, and by how much the largest was changed so that they add up to Magento's tax.
#[derive(Debug)]
pub struct Tax {
    /// One row per tax ID.
    pub rows: Vec<TaxDetail>,
    /// Their sum: Magento's tax.
    pub total: Decimal,
    /// What the largest row was changed by.
    pub forced: Decimal,
}

/// What is charged under one tax ID.
#[derive(Default)]
struct Charged<'a> {
    amount: Decimal,
    /// Magento's rates, each with what it was charged on.
    rates: Vec<(Decimal, BTreeSet<usize>)>,
    tax_id: &'a str,
}

/// Tax as Magento charged it.
pub(super) fn as_charged(shop: &Shop<'_>, lines: &[MoneyLine<'_>]) -> Result<Tax, Plan> {
    let order = shop.order;
    let total = order.base_tax_amount.unwrap_or_default();
    let mut charged = by_tax_id(shop)?;
    let sum: Decimal = charged.iter().map(|row| row.amount).sum();
    let forced = total - sum;
    match charged.iter_mut().max_by_key(|row| row.amount) {
        Some(largest) if largest.amount + forced >= Decimal::ZERO => largest.amount += forced,
        None if total.is_zero() => {}
        // The rows cannot be made to say what Magento charged.
        _ => return Err(not_itemised(shop, total, sum)),
    }
    let rows = charged
        .iter()
        .map(|row| {
            let on: BTreeSet<usize> = row.rates.iter().flat_map(|(_, on)| on).copied().collect();
            let taxable: Decimal = on.iter().map(|&at| amount_of(shop, lines, at)).sum();
            TaxDetail {
                tax_id: set(row.tax_id),
                tax_rate: rate(&row.rates).map(|rate| Number(rate.normalize())).and_then(set),
                taxable_amount: (!taxable.is_zero()).then(|| set(Number(shop.currency.exact(taxable)))).flatten(),
                tax_amount: set(Number(shop.currency.exact(row.amount))),
            }
        })
        .collect();
    Ok(Tax { rows, total, forced })
}

/// Magento's rates put together by tax ID, sorted by it. A rate that charged nothing needs no mapping.
fn by_tax_id<'a>(shop: &Shop<'a>) -> Result<Vec<Charged<'a>>, Plan> {
    let mut by_id: BTreeMap<&str, Charged<'a>> = BTreeMap::new();
    let amount = |tax: &AppliedTax| tax.base_amount.unwrap_or_default();
    for tax in shop.order.extension_attributes.applied_taxes.iter().filter(|tax| !amount(tax).is_zero()) {
        let code = tax.code.as_deref().unwrap_or_default();
        let Some(row) = shop.scope.row(|scope| &scope.tax_ids, |row| row.code == code) else {
            let number = &shop.order.increment_id;
            let message = format!("Tax rate `{code}` of order {number} is not mapped to a tax ID of Acumatica.");
            return Err(shop.reject("orders.rejected.tax_not_mapped", message));
        };
        let charged = by_id.entry(&row.tax_id).or_default();
        charged.tax_id = &row.tax_id;
        charged.amount += amount(tax);
        charged.rates.push((tax.percent.unwrap_or_default(), charged_on(shop.order, code)));
    }
    Ok(by_id.into_values().collect())
}

/// Positions of the entries of `item_applied_taxes` that name the rate.
fn charged_on(order: &Order, code: &str) -> BTreeSet<usize> {
    let names = |of: &ItemAppliedTaxes| of.applied_taxes.iter().any(|tax| tax.code.as_deref() == Some(code));
    let listed = order.extension_attributes.item_applied_taxes.iter().enumerate();
    listed.filter(|(_, of)| names(of)).map(|(at, _)| at).collect()
}

/// What an entry of `item_applied_taxes` taxes: the net of its line, or freight.
fn amount_of(shop: &Shop<'_>, lines: &[MoneyLine<'_>], at: usize) -> Decimal {
    let of = &shop.order.extension_attributes.item_applied_taxes[at];
    match (of.kind.as_deref(), of.item_id) {
        (Some("shipping"), _) => freight(shop.order),
        (_, Some(id)) => lines.iter().filter(|line| line.money == id).map(|line| line.gross - line.discount).sum(),
        (_, None) => Decimal::ZERO,
    }
}

/// The one percentage of a tax ID: rates side by side on the same things add up, equal rates on different things are one. Anything else has
/// no single percentage, and the ERP's own stands.
fn rate(rates: &[(Decimal, BTreeSet<usize>)]) -> Option<Decimal> {
    let (first, on) = rates.first()?;
    let side_by_side = !on.is_empty() && rates.iter().all(|(_, other)| other == on);
    let apart = rates.iter().enumerate().all(|(n, (percent, on))| {
        percent == first && !on.is_empty() && rates[..n].iter().all(|(_, other)| other.is_disjoint(on))
    });
    match rates.len() {
        1 => Some(*first),
        _ if side_by_side => Some(rates.iter().map(|(percent, _)| *percent).sum()),
        _ if apart => Some(*first),
        _ => None,
    }
}

fn not_itemised(shop: &Shop<'_>, total: Decimal, sum: Decimal) -> Plan {
    let (number, total) = (&shop.order.increment_id, shop.currency.text(total));
    let message = if shop.order.extension_attributes.applied_taxes.is_empty() {
        format!(
            "Order {number} has {total} of tax but Magento does not say by which rate (`applied_taxes` is missing)."
        )
    } else {
        let sum = shop.currency.text(sum);
        format!("Order {number} has {total} of tax but the rates that Magento names (`applied_taxes`) add up to {sum}.")
    };
    shop.reject("orders.rejected.tax_not_itemised", message)
}
