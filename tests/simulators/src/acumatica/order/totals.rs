//! Freight and totals, added up from the parts at the currency's precision.

use rust_decimal::Decimal;

use super::super::config::OrderType;
use super::super::context::Context;
use super::super::master::{FreightBasis, ShippingTerms};
use super::super::record::Record;
use super::lines::{currency_places, round};

/// The members of `Totals` and of `ShippingSettings` that are one document field (inferred from their names).
const SHARED: [(&str, &str); 4] = [
    ("Freight", "FreightPrice"),
    ("PremiumFreight", "PremiumFreight"),
    ("OverrideFreightAmount", "OverrideFreightPrice"),
    ("FreightTaxCategory", "FreightTaxCategory"),
];

/// The freight price is calculated from the ship via's cost and the shipping terms, unless it is overridden, for which terms must be
/// based on the sales order; premium freight is added to it (help topic "Freight Calculation").
pub(super) fn freight(context: &Context<'_>, order_type: &OrderType, draft: &mut Record) {
    let places = currency_places(context, draft);
    let ship_via = draft.text("ShipVia").and_then(|id| context.master.ship_vias.get(id));
    let cost = ship_via.filter(|_| order_type.calculate_freight).map_or(Decimal::ZERO, |via| via.freight);
    let line_total: Decimal = draft.rows("Details").iter().map(|line| line.number("Amount")).sum();
    let totals = draft.link("Totals", "Totals");
    let from_totals: Vec<_> = SHARED
        .iter()
        .filter(|(name, _)| totals.was_changed(name))
        .map(|(name, twin)| (*twin, totals.fields.get(*name).cloned()))
        .collect();
    let settings = draft.link("ShippingSettings", "ShippingSettings");
    for (twin, value) in from_totals {
        settings.set_or_clear(twin, value);
    }
    let terms = settings.text("ShippingTerms").and_then(|id| context.master.shipping_terms.get(id));
    let calculates = order_type.calculate_freight || context.config.terms_without_freight_calculation;
    let calculated = price(cost, line_total, terms, calculates);
    if !settings.flag("OverrideFreightPrice") || terms.is_some_and(|terms| terms.basis == FreightBasis::Shipment) {
        settings.set("OverrideFreightPrice", false);
        settings.set("FreightPrice", calculated);
    }
    for field in ["FreightPrice", "PremiumFreight"] {
        settings.set(field, round(settings.number(field), places));
    }
    settings.set("FreightCost", cost);
    let values = SHARED.map(|(name, twin)| (name, settings.fields.get(twin).cloned()));
    let totals = draft.link("Totals", "Totals");
    for (name, value) in values {
        totals.set_or_clear(name, value);
    }
    totals.set("FreightCost", cost);
}

/// Freight cost and line total by the percents of the terms, and handling; the cost itself where there are no terms.
fn price(cost: Decimal, line_total: Decimal, terms: Option<&ShippingTerms>, calculates: bool) -> Decimal {
    match terms {
        None => cost,
        Some(_) if !calculates => Decimal::ZERO,
        Some(terms) => {
            let shares = cost * terms.freight_cost_percent + line_total * terms.line_total_percent;
            shares / Decimal::ONE_HUNDRED + terms.handling
        }
    }
}

/// Freight price and premium freight.
pub(super) fn freight_total(draft: &Record) -> Decimal {
    draft
        .linked
        .get("ShippingSettings")
        .map_or(Decimal::ZERO, |settings| settings.number("FreightPrice") + settings.number("PremiumFreight"))
}

/// Lines − document discounts + freight + tax.
pub(super) fn apply(context: &Context<'_>, draft: &mut Record) {
    let places = currency_places(context, draft);
    if !context.config.customer_discounts {
        draft.details.remove("DiscountDetails");
    }
    let goods = |line: &&Record| line.text("LineType") == Some("Goods for Inventory");
    let amount = |line: &Record| line.number("Amount");
    let goods_total: Decimal = draft.rows("Details").iter().filter(goods).map(amount).sum();
    let all_lines: Decimal = draft.rows("Details").iter().map(amount).sum();
    let quantity: Decimal = draft.rows("Details").iter().map(|line| line.number("OrderQty")).sum();
    let discount: Decimal = draft.rows("DiscountDetails").iter().map(|row| row.number("DiscountAmount")).sum();
    let tax: Decimal = draft.rows("TaxDetails").iter().map(|row| row.number("TaxAmount")).sum();
    let total = round(all_lines - discount + freight_total(draft) + tax, places);
    draft.set("OrderedQty", quantity);
    draft.set("TaxTotal", tax);
    draft.set("OrderTotal", total);
    draft.set("VATExemptTotal", Decimal::ZERO);
    draft.set("VATTaxableTotal", Decimal::ZERO);
    let totals = draft.link("Totals", "Totals");
    totals.set("LineTotalAmount", goods_total);
    totals.set("MiscTotalAmount", all_lines - goods_total);
    totals.set("DiscountTotal", discount);
    totals.set("TaxTotal", tax);
    totals.set("UnbilledAmount", total);
    totals.set("UnbilledQty", quantity);
}

/// What payments leave open.
pub(crate) fn paid(draft: &mut Record) {
    let open = draft.number("OrderTotal") - applied(draft);
    draft.link("Totals", "Totals").set("UnpaidBalance", open);
}

/// The sum that payments apply to the order.
pub(super) fn applied(draft: &Record) -> Decimal {
    draft.rows("Payments").iter().map(|payment| payment.number("AppliedToOrder")).sum()
}
