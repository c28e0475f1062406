//! Taxes → `TaxDetails`, tax zone and the flags that keep Magento's amounts.

use std::collections::{BTreeMap, BTreeSet};

use acumatica::model::sales_order::{FinancialSettings, SalesOrder, TaxDetail};
use acumatica::model::value::{Number, set};
use magento::model::order::{Address, Order};
use rust_decimal::Decimal;

use super::amounts::freight;
use super::lines::MoneyLine;
use super::rates::{self, Taxed};
use super::{Shop, parties, tenders};
use crate::plan::Plan;
use crate::settings::{TaxMode, Taxes, ZoneRow};

pub(super) fn financial(shop: &Shop<'_>, document: &mut SalesOrder) -> Result<Option<FinancialSettings>, Plan> {
    let taxes = settings(shop)?;
    if taxes.mode == TaxMode::AsCharged {
        document.is_tax_valid = set(true);
        document.disable_automatic_tax_calculation = set(taxes.disable_calculation);
    }
    Ok(Some(FinancialSettings {
        override_tax_zone: set(true),
        customer_tax_zone: set(zone(shop, taxes)),
        terms: tenders::row(shop)?.and_then(|row| row.terms.as_deref()).and_then(set),
    }))
}

fn settings<'a>(shop: &Shop<'a>) -> Result<&'a Taxes, Plan> {
    shop.required("taxes", shop.scope.first(|scope| scope.taxes.as_ref()))
}

/// The zone of the first row that fits the order; the settings' own where none does.
fn zone<'a>(shop: &Shop<'a>, taxes: &'a Taxes) -> &'a str {
    let order = shop.order;
    let shipped = parties::shipping(shop).filter(|_| !order.is_virtual.0);
    let shipping = shipped.and_then(|shipping| shipping.address.as_ref());
    let place = shipping.or(order.billing_address.as_ref());
    let has_vat_number = has_vat_number(order, shipping);
    let is = |wanted: &Option<String>, named: Option<&str>| {
        let named = named.map(str::trim);
        wanted.as_deref().is_none_or(|wanted| named.is_some_and(|named| named.eq_ignore_ascii_case(wanted)))
    };
    let fits = |row: &ZoneRow| {
        is(&row.country, place.and_then(|place| place.country_id.as_deref()))
            && is(&row.region, place.and_then(|place| place.region_code.as_deref().or(place.region.as_deref())))
            && row.vat_number.is_none_or(|wanted| wanted == has_vat_number)
            && row.customer_group.is_none_or(|group| order.customer_group_id.is_some_and(|id| id.0 == group))
    };
    shop.scope.row(|scope| &scope.tax_zones, fits).map_or(&taxes.zone, |row| &row.zone)
}

/// Whether a VAT number is on the account or on one of the addresses.
fn has_vat_number(order: &Order, shipping: Option<&Address>) -> bool {
    let addresses = [order.billing_address.as_ref(), shipping].into_iter().flatten();
    let mut numbers = addresses.map(|address| address.vat_id.as_deref()).chain([order.customer_taxvat.as_deref()]);
    numbers.any(|number| number.is_some_and(|number| !number.trim().is_empty()))
}

/// Tax rows for the document, and by how much the largest was changed so that they add up to Magento's tax.
#[derive(Debug, Default)]
pub struct Tax {
    /// One row per tax ID; none where Acumatica calculates.
    pub rows: Vec<TaxDetail>,
    /// Magento's tax: the rows' sum.
    pub total: Decimal,
    /// The part of `total` that no row says, because Acumatica is to come to it by itself.
    pub by_erp: Decimal,
    /// What the largest row was changed by.
    pub forced: Decimal,
    /// More than rounding explains: a coin for each rate and each thing it is charged on.
    pub beyond_rounding: bool,
}

/// What is charged under one tax ID.
#[derive(Default)]
struct Charged<'a> {
    amount: Decimal,
    /// Magento's rates, each with what it was charged on.
    rates: Vec<(Decimal, BTreeSet<Taxed>)>,
    tax_id: &'a str,
}

/// The order's tax, by whoever is to decide it.
pub(super) fn tax(shop: &Shop<'_>, lines: &[MoneyLine<'_>]) -> Result<Tax, Plan> {
    match settings(shop)?.mode {
        TaxMode::AsCharged => as_charged(shop, lines),
        TaxMode::Recalculated => {
            let total = shop.order.base_tax_amount.unwrap_or_default();
            Ok(Tax { total, by_erp: total, ..Tax::default() })
        }
    }
}

/// Tax as Magento charged it. Magento tells rates of one priority apart to four decimals; each row is in coins of the currency, as far as the
/// tax is.
fn as_charged(shop: &Shop<'_>, lines: &[MoneyLine<'_>]) -> Result<Tax, Plan> {
    let order = shop.order;
    let total = order.base_tax_amount.unwrap_or_default();
    let mut charged = by_tax_id(shop)?;
    if shop.currency.round(total) == total {
        charged.iter_mut().for_each(|row| row.amount = shop.currency.round(row.amount));
    }
    let sum: Decimal = charged.iter().map(|row| row.amount).sum();
    let forced = total - sum;
    let charges: usize = charged.iter().flat_map(|row| &row.rates).map(|(_, on)| on.len().max(1)).sum();
    // Magento rounds to two decimals also where the currency has three.
    let coin = Decimal::new(1, shop.currency.decimals().min(2));
    let beyond_rounding = forced.abs() > coin * Decimal::from(charges);
    match charged.iter_mut().max_by_key(|row| row.amount) {
        Some(largest) if largest.amount + forced >= Decimal::ZERO => largest.amount += forced,
        None if total.is_zero() => {}
        // The rows cannot be made to say what Magento charged.
        _ => return Err(not_itemised(shop, total, sum)),
    }
    let rows = charged
        .iter()
        .map(|row| {
            let on: BTreeSet<Taxed> = row.rates.iter().flat_map(|(_, on)| on).copied().collect();
            let taxable: Decimal = on.iter().map(|taxed| amount_of(shop, lines, *taxed)).sum();
            TaxDetail {
                tax_id: set(row.tax_id),
                tax_rate: rate(&row.rates).map(|rate| Number(rate.normalize())).and_then(set),
                taxable_amount: (!taxable.is_zero()).then(|| set(Number(shop.currency.exact(taxable)))).flatten(),
                tax_amount: set(Number(shop.currency.exact(row.amount))),
            }
        })
        .collect();
    Ok(Tax { rows, total, forced, beyond_rounding, ..Tax::default() })
}

/// Magento's rates put together by tax ID, sorted by it. A rate that charged nothing needs no mapping.
fn by_tax_id<'a>(shop: &Shop<'a>) -> Result<Vec<Charged<'a>>, Plan> {
    let mut by_id: BTreeMap<&str, Charged<'a>> = BTreeMap::new();
    for rate in rates::rates(shop.order) {
        let Some(row) = shop.scope.row(|scope| &scope.tax_ids, |row| row.code == rate.code) else {
            let (code, number) = (rate.code, &shop.order.increment_id);
            let message = format!("Tax rate `{code}` of order {number} is not mapped to a tax ID of Acumatica.");
            return Err(shop.reject("orders.rejected.tax_not_mapped", message));
        };
        let charged = by_id.entry(&row.tax_id).or_default();
        charged.tax_id = &row.tax_id;
        charged.amount += rate.amount;
        charged.rates.push((rate.percent, rates::charged_on(shop.order, rate.code).into_iter().collect()));
    }
    Ok(by_id.into_values().collect())
}

/// What is taxed: the net of a line, or freight.
fn amount_of(shop: &Shop<'_>, lines: &[MoneyLine<'_>], taxed: Taxed) -> Decimal {
    match taxed {
        Taxed::Shipping => freight(shop.order),
        Taxed::Item(id) => lines.iter().filter(|line| line.money == id).map(|line| line.gross - line.discount).sum(),
        Taxed::Other(_) => Decimal::ZERO,
    }
}

/// The one percentage of a tax ID: rates side by side on the same things add up, equal rates on different things are one. Anything else has
/// no single percentage, and the ERP's own stands.
fn rate(rates: &[(Decimal, BTreeSet<Taxed>)]) -> Option<Decimal> {
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
    let message = if !rates::named(shop.order) {
        format!(
            "Order {number} has {total} of tax but Magento does not say by which rate (`applied_taxes` is missing)."
        )
    } else {
        let sum = shop.currency.text(sum);
        format!("Order {number} has {total} of tax but the rates that Magento names (`applied_taxes`) add up to {sum}.")
    };
    shop.reject("orders.rejected.tax_not_itemised", message)
}
