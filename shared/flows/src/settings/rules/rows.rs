//! Each row of a mapping table must be reachable: the first one that matches wins. Only rows of one level are compared, because a
//! narrower level comes first anyway and may repeat what a wider one has.

use crate::settings::parse::Problem;
use crate::settings::scope::matches;
use crate::settings::{
    CountryRow, DropShipRow, ExtraAmountRow, OptionRow, PaymentRow, RegionRow, Scope, ShippingRow, TaxRow, UnitRow,
    ZoneRow,
};

use super::fields::filled;

/// Every row of one level that can never match, or that matches nothing in particular.
pub(super) fn check(path: &str, scope: &Scope, problems: &mut Vec<Problem>) {
    let same = |a: &TaxRow, b: &TaxRow| a.code == b.code;
    keyed(&format!("{path}/tax_ids"), "code", &scope.tax_ids, |row| &row.code, same, problems);
    // A pattern that matches another one's text, with each `*` taken as a letter, matches whatever the other one does.
    let covers = |a: &ShippingRow, b: &ShippingRow| matches(&a.method, &b.method);
    keyed(&format!("{path}/shipping_methods"), "method", &scope.shipping_methods, |row| &row.method, covers, problems);
    let covers = |a: &PaymentRow, b: &PaymentRow| a.method == b.method && any_or_same(&a.card_type, &b.card_type);
    keyed(&format!("{path}/payment_methods"), "method", &scope.payment_methods, |row| &row.method, covers, problems);
    let covers =
        |a: &OptionRow, b: &OptionRow| a.option_id == b.option_id && any_or_same(&a.option_value, &b.option_value);
    keyed(&format!("{path}/option_items"), "option_id", &scope.option_items, |row| &row.option_id, covers, problems);
    let covers = |a: &DropShipRow, b: &DropShipRow| matches(&a.sku, &b.sku);
    keyed(&format!("{path}/drop_ship"), "sku", &scope.drop_ship, |row| &row.sku, covers, problems);
    let same = |a: &CountryRow, b: &CountryRow| a.country == b.country;
    keyed(&format!("{path}/countries"), "country", &scope.countries, |row| &row.country, same, problems);
    let same = |a: &RegionRow, b: &RegionRow| {
        a.country == b.country && a.region.trim().to_lowercase() == b.region.trim().to_lowercase()
    };
    keyed(&format!("{path}/regions"), "region", &scope.regions, |row| &row.region, same, problems);
    let shown: Vec<String> = scope.tax_zones.iter().map(zone).collect();
    reachable(&format!("{path}/tax_zones"), &scope.tax_zones, &shown, zone_covers, problems);
    units(&format!("{path}/units"), &scope.units, problems);
    extra_amounts(&format!("{path}/extra_amounts"), &scope.extra_amounts, problems);
}

fn any_or_same<T: PartialEq>(asked: &Option<T>, other: &Option<T>) -> bool {
    asked.is_none() || asked == other
}

fn zone_covers(a: &ZoneRow, b: &ZoneRow) -> bool {
    any_or_same(&a.country, &b.country)
        && any_or_same(&a.region, &b.region)
        && any_or_same(&a.vat_number, &b.vat_number)
        && any_or_same(&a.customer_group, &b.customer_group)
}

/// What a row of tax zones asks for, in words.
fn zone(row: &ZoneRow) -> String {
    let asked: Vec<String> = [
        row.country.as_ref().map(|country| format!("country {country:?}")),
        row.region.as_ref().map(|region| format!("region {region:?}")),
        row.vat_number.map(|there| format!("vat_number {there}")),
        row.customer_group.map(|group| format!("customer_group {group}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if asked.is_empty() { "any order".to_owned() } else { asked.join(", ") }
}

/// A row that names neither SKU nor option would turn every line into its unit.
fn units(path: &str, rows: &[UnitRow], problems: &mut Vec<Problem>) {
    for (at, row) in rows.iter().enumerate() {
        if row.sku.is_none() && row.option_id.is_none() {
            let message = "asks for nothing, so it would match every line: name a sku or an option_id";
            problems.push(Problem::new(format!("{path}/{at}"), message));
        }
        if row.option_value.is_some() && row.option_id.is_none() {
            problems.push(Problem::new(format!("{path}/{at}/option_value"), "means nothing without option_id"));
        }
    }
    let covers = |a: &UnitRow, b: &UnitRow| {
        let sku = match (&a.sku, &b.sku) {
            (None, _) => a.option_id.is_some(),
            (Some(pattern), other) => other.as_ref().is_some_and(|other| matches(pattern, other)),
        };
        sku && any_or_same(&a.option_id, &b.option_id) && any_or_same(&a.option_value, &b.option_value)
    };
    let shown = rows.iter().map(|row| {
        let asked: Vec<String> = [&row.sku, &row.option_id, &row.option_value]
            .into_iter()
            .flatten()
            .map(|text| format!("{text:?}"))
            .collect();
        asked.join(", ")
    });
    reachable(path, rows, &shown.collect::<Vec<_>>(), covers, problems);
}

/// Amounts of Magento's own, with and without `base_`: the plan reads them itself, and a second line for one would count it twice.
const OWN_AMOUNTS: [&str; 24] = [
    "grand_total",
    "subtotal",
    "subtotal_incl_tax",
    "discount_amount",
    "tax_amount",
    "discount_tax_compensation_amount",
    "shipping_amount",
    "shipping_incl_tax",
    "shipping_tax_amount",
    "shipping_discount_amount",
    "shipping_discount_tax_compensation_amount",
    "shipping_discount_tax_compensation_amnt",
    "total_due",
    "total_paid",
    "total_invoiced",
    "total_refunded",
    "total_canceled",
    "total_offline_refunded",
    "total_online_refunded",
    "customer_balance_amount",
    "gift_cards_amount",
    "reward_currency_amount",
    "amount_ordered",
    "amount_paid",
];
/// Gift wrapping and the printed card have `base_` in the middle.
const OWN_WRAPPING: [&str; 6] =
    ["gw_price", "gw_base_price", "gw_items_price", "gw_items_base_price", "gw_card_price", "gw_card_base_price"];

fn extra_amounts(path: &str, rows: &[ExtraAmountRow], problems: &mut Vec<Problem>) {
    for (at, row) in rows.iter().enumerate() {
        let path = format!("{path}/{at}/field");
        // After a tilde stands 0 or 1 (RFC 6901).
        let escaped = row.field.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
        let name = row.field.rsplit('/').next().unwrap_or_default();
        if !row.field.starts_with('/') || name.is_empty() || !escaped {
            let message = format!(
                "{:?} is no JSON pointer to an amount; they look like \"/extension_attributes/base_fee\"",
                row.field
            );
            problems.push(Problem::new(path, message));
        } else if OWN_AMOUNTS.contains(&name.strip_prefix("base_").unwrap_or(name)) || OWN_WRAPPING.contains(&name) {
            let message = format!("{:?} is an amount of Magento's own, which would be counted twice", row.field);
            problems.push(Problem::new(path, message));
        } else if row.field.starts_with("/items/") {
            let message = format!("{:?} lies in the order's lines, which have their own amounts", row.field);
            problems.push(Problem::new(path, message));
        }
    }
    let shown: Vec<String> = rows.iter().map(|row| format!("{:?}", row.field)).collect();
    for (at, row) in rows.iter().enumerate() {
        if let Some(first) = rows[..at].iter().position(|earlier| earlier.field == row.field) {
            let message = format!("row {first} ({}) has this amount already", shown[first]);
            problems.push(Problem::new(format!("{path}/{at}"), message));
        }
    }
}

/// A table with one text that is its rows' key.
pub(super) fn keyed<T>(
    path: &str,
    key_name: &str,
    rows: &[T],
    key: impl Fn(&T) -> &String,
    covers: impl Fn(&T, &T) -> bool,
    problems: &mut Vec<Problem>,
) {
    for (at, row) in rows.iter().enumerate() {
        filled(&format!("{path}/{at}/{key_name}"), Some(key(row)), problems);
    }
    let shown: Vec<String> = rows.iter().map(|row| format!("{:?}", key(row))).collect();
    reachable(path, rows, &shown, |a, b| !key(b).is_empty() && covers(a, b), problems);
}

/// Every row for which an earlier one covers it.
pub(super) fn reachable<T>(
    path: &str,
    rows: &[T],
    shown: &[String],
    covers: impl Fn(&T, &T) -> bool,
    problems: &mut Vec<Problem>,
) {
    for (at, row) in rows.iter().enumerate() {
        if let Some(first) = rows[..at].iter().position(|earlier| covers(earlier, row)) {
            let message =
                format!("can never match, because row {first} ({}) comes first and matches all of it", shown[first]);
            problems.push(Problem::new(format!("{path}/{at}"), message));
        }
    }
}
