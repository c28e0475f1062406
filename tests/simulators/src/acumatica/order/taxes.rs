//! Taxes: imported as given, or calculated from tax zone and tax categories.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::super::config::{TaxRounding, Unusable};
use super::super::context::{Context, not_found};
use super::super::master::{TaxZone, select};
use super::super::merge::Numbers;
use super::super::record::Record;
use super::lines::{currency_places, round};
use super::totals::freight_total;

/// `IsTaxValid` with `TaxDetails` imports taxes as given (Postman collection). An external zone takes them as sent; an internal one only
/// those it would calculate itself (help topic "To Create a Sales Order with Overridden Taxes").
pub(super) fn apply(context: &Context<'_>, numbers: &mut Numbers, prior: Option<&Record>, draft: &mut Record) {
    let zone = draft
        .linked
        .get("FinancialSettings")
        .and_then(|settings| settings.text("CustomerTaxZone"))
        .and_then(|id| context.master.tax_zones.get(id));
    let disabled = draft.flag("DisableAutomaticTaxCalculation");
    let nothing_sent = draft.rows("TaxDetails").is_empty() && !context.config.tax_valid_without_details;
    if draft.flag("IsTaxValid") && !nothing_sent {
        imported(context, zone, disabled, draft);
    } else if disabled {
        // Nothing is calculated and nothing imported: the taxes stay as they were.
        let before = prior.map(|prior| prior.rows("TaxDetails").to_vec()).unwrap_or_default();
        *draft.rows_mut("TaxDetails") = before;
    } else {
        calculated(context, numbers, zone, draft);
    }
}

fn imported(context: &Context<'_>, zone: Option<&TaxZone>, disabled: bool, draft: &mut Record) {
    let places = currency_places(context, draft);
    let would_apply = match zone {
        Some(TaxZone::External { .. }) => None,
        Some(TaxZone::Internal { .. }) if disabled && !context.config.keep_tax_details => Some(BTreeSet::new()),
        Some(zone @ TaxZone::Internal { .. }) => {
            Some(zone.taxes().iter().filter(|tax| base(context, zone, tax, draft).is_some()).cloned().collect())
        }
        None => Some(BTreeSet::new()),
    };
    let rows = draft.rows_mut("TaxDetails");
    for row in rows.iter_mut().filter(|row| row.fresh || !row.changed.is_empty()) {
        let sent = row.text("TaxID").unwrap_or_default().to_owned();
        match select(context.master.taxes.keys(), &sent) {
            None => row.fail("TaxID", not_found("Tax ID")),
            Some(id) => {
                row.set("TaxID", id);
                row.default_to("TaxRate", context.master.taxes[id]);
                row.default_to("TaxableAmount", Decimal::ZERO);
                row.set("TaxAmount", round(row.number("TaxAmount"), places));
            }
        }
    }
    let Some(would_apply) = would_apply else { return };
    let applies = |row: &Record| row.text("TaxID").is_some_and(|id| would_apply.contains(id));
    let lost = disabled && !context.config.keep_tax_details;
    if context.config.inapplicable_tax == Unusable::Refused && !lost {
        for row in rows.iter_mut().filter(|row| row.fresh && !row.has_errors() && !applies(row)) {
            // The text is not established.
            row.fail("TaxID", "The tax is not applicable to the document.");
        }
    }
    rows.retain(|row| row.has_errors() || applies(row));
}

fn calculated(context: &Context<'_>, numbers: &mut Numbers, zone: Option<&TaxZone>, draft: &mut Record) {
    let places = currency_places(context, draft);
    let mut before = std::mem::take(draft.rows_mut("TaxDetails"));
    let mut rows = Vec::new();
    for tax in zone.iter().flat_map(|zone| zone.taxes()) {
        let Some(zone) = zone else { continue };
        let (Some(parts), Some(rate)) = (base(context, zone, tax, draft), context.master.taxes.get(tax)) else {
            continue;
        };
        let taxable: Decimal = parts.iter().sum();
        let of = |amount: Decimal| round(amount * *rate / Decimal::ONE_HUNDRED, places);
        let amount = match context.config.tax_rounding {
            TaxRounding::Document => of(taxable),
            TaxRounding::Line => parts.iter().copied().map(of).sum(),
        };
        let known = before.iter().position(|row| row.text("TaxID") == Some(tax)).map(|at| before.swap_remove(at));
        let mut row = known.unwrap_or_else(|| Record::new("TaxDetail", numbers.serial()));
        row.set("TaxID", tax.clone());
        row.set("TaxRate", *rate);
        row.set("TaxableAmount", taxable);
        row.set("TaxAmount", amount);
        rows.push(row);
    }
    *draft.rows_mut("TaxDetails") = rows;
}

/// What a tax is charged on: lines, and freight, whose category lists it. `None` where nothing carries the tax. A provider charges its
/// taxes on everything.
fn base(context: &Context<'_>, zone: &TaxZone, tax: &str, draft: &Record) -> Option<Vec<Decimal>> {
    let external = matches!(zone, TaxZone::External { .. });
    let carries = |category: Option<&str>| {
        external
            || category.and_then(|id| context.master.tax_categories.get(id)).is_some_and(|taxes| taxes.contains(tax))
    };
    let lines =
        draft.rows("Details").iter().filter(|line| carries(line.text("TaxCategory"))).map(|line| line.number("Amount"));
    let freight = freight_total(draft);
    let category = draft.linked.get("ShippingSettings").and_then(|settings| settings.text("FreightTaxCategory"));
    let freight = (!freight.is_zero() && carries(category)).then_some(freight);
    let parts: Vec<Decimal> = lines.chain(freight).collect();
    (!parts.is_empty()).then_some(parts)
}
