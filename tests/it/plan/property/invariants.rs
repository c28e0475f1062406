//! What holds of every plan that writes an order: each amount is Magento's, and each item is there once.

use std::collections::{BTreeMap, BTreeSet};

use flows::plan::{Plan, Work};
use proptest::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

use super::super::{at, decimal};
use super::settings::{BESIDE, DEDUCTED, Planned};
use super::source::{Goods, Source};

/// Every wrapped number of a body, with the name of its field.
fn numbers<'a>(value: &'a Value, name: &'a str, found: &mut Vec<(&'a str, Decimal)>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::Number(number)) = members.get("value") {
                found.push((name, decimal(&number.to_string())));
            }
            members.iter().for_each(|(name, value)| numbers(value, name, found));
        }
        Value::Array(rows) => rows.iter().for_each(|row| numbers(row, name, found)),
        _ => {}
    }
}

fn number(row: &Value, field: &str) -> Decimal {
    let text = at(row, &format!("/{field}"));
    if text.is_empty() { Decimal::ZERO } else { decimal(&text) }
}

fn rows<'a>(document: &'a Value, list: &str) -> &'a [Value] {
    document[list].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The sales order as all requests together write it: the lines of every slice, and payments of their own beside those within it.
pub(in super::super) fn whole(work: &Work) -> Value {
    let last = work.steps.iter().find(|step| step.key.makes_whole()).expect("an order is made whole");
    let mut document = last.body().clone();
    let steps = |entity: &'static str| work.steps.iter().filter(move |step| step.entity() == entity);
    let details = steps("SalesOrder").flat_map(|step| rows(step.body(), "Details")).cloned();
    document["Details"] = details.collect();
    let own = steps("Payment").map(|step| step.body());
    document["Payments"] = rows(last.body(), "Payments").iter().chain(own).cloned().collect();
    document
}

/// What holds of a plan that creates.
pub(in super::super) fn sound(plan: &Plan, source: &Source, planned: &Planned) -> Result<(), TestCaseError> {
    let work = plan.work().expect("a creation has work");
    let amounts = work.amounts.as_ref().expect("a creation has amounts");
    prop_assert_eq!((amounts.magento, amounts.acumatica), (source.value, source.value));
    let parts = &amounts.parts;
    let sum = parts.lines - parts.discount + parts.freight + parts.tax + parts.extra;
    prop_assert_eq!((sum, parts.freight, parts.tax), (source.value, source.freight, source.tax));
    prop_assert_eq!(parts.extra, source.beside + source.fee);

    let document = &whole(work);
    lines(document, source, planned)?;
    let shipping = &document["ShippingSettings"];
    prop_assert_eq!(number(shipping, "PremiumFreight") + number(shipping, "FreightPrice"), source.freight);
    let tax: Decimal = rows(document, "TaxDetails").iter().map(|row| number(row, "TaxAmount")).sum();
    prop_assert_eq!(tax, if planned.recalculated { Decimal::ZERO } else { source.tax });
    prop_assert!(rows(document, "TaxDetails").iter().all(|row| number(row, "TaxAmount") >= Decimal::ZERO));
    let control = at(document, "/ControlTotal");
    prop_assert!(control.is_empty() || decimal(&control) == source.value);
    tenders(document, source, parts.tenders)?;
    let exact = ["UnitPrice", "OrderQty", "TaxRate"];
    for step in &work.steps {
        let text = step.body().to_string();
        prop_assert!(!text.contains("\"Authorize\"") && !text.contains("\"Capture\""), "{}", text);
        let mut found = Vec::new();
        numbers(step.body(), "", &mut found);
        for (name, amount) in found {
            prop_assert!(exact.contains(&name) || amount.scale() <= source.decimals, "{} {}", name, amount);
        }
    }
    Ok(())
}

/// Each item is one line, or its parts are, and costs what it costs in Magento.
fn lines(document: &Value, source: &Source, planned: &Planned) -> Result<(), TestCaseError> {
    let mut references = BTreeSet::new();
    let mut beside = Decimal::ZERO;
    // By item: net, discount, quantity.
    let mut of_items: BTreeMap<u64, (Decimal, Decimal, Decimal)> = BTreeMap::new();
    for line in rows(document, "Details") {
        let reference = at(line, "/ExternalRef");
        prop_assert!(references.insert(reference.clone()), "{} is there twice", reference);
        let (price, off) = (number(line, "ExtendedPrice"), number(line, "DiscountAmount"));
        prop_assert!(off >= Decimal::ZERO && off <= price, "{} off {}", off, price);
        let (quantity, unit) = (number(line, "OrderQty"), number(line, "UnitPrice"));
        if !quantity.is_zero() {
            prop_assert!((price / quantity - unit).abs() <= Decimal::ONE, "{} for {} at {}", price, quantity, unit);
        }
        let coin =
            |amount: Decimal| amount.round_dp_with_strategy(source.decimals, RoundingStrategy::MidpointAwayFromZero);
        prop_assert!(!planned.split || coin(quantity * unit) == price, "{} × {} is not {}", quantity, unit, price);
        let item = at(line, "/InventoryID");
        if BESIDE.contains(&item.as_str()) {
            beside += price - off;
        } else if item == "ENGRAVING" {
            prop_assert!(price.is_zero(), "an option's price is in its product's");
        } else {
            let id = reference.split('/').next().and_then(|id| id.parse().ok()).expect("an item's id");
            let sums = of_items.entry(id).or_default();
            *sums = (sums.0 + price - off, sums.1 + off, sums.2 + quantity);
        }
    }
    prop_assert_eq!(beside, source.beside + source.fee);
    let goods: Decimal = source.goods.values().map(|goods| goods.gross - goods.discount).sum();
    prop_assert_eq!(of_items.values().map(|sums| sums.0).sum::<Decimal>(), goods - source.rest);
    let off: Decimal = source.goods.values().map(|goods| goods.discount.max(Decimal::ZERO)).sum();
    prop_assert_eq!(of_items.values().map(|sums| sums.1).sum::<Decimal>(), off + source.rest);
    for goods in source.goods.values() {
        let sums = taken(goods, &mut of_items, planned.components)?;
        prop_assert!(!source.rest.is_zero() || sums == goods.gross - goods.discount, "{} for {:?}", sums, goods);
    }
    prop_assert!(of_items.is_empty(), "counted twice: {:?}", of_items);
    Ok(())
}

/// Takes an item's lines away and adds them up.
fn taken(
    goods: &Goods,
    lines: &mut BTreeMap<u64, (Decimal, Decimal, Decimal)>,
    components: bool,
) -> Result<Decimal, TestCaseError> {
    let as_components = components && !goods.components.is_empty() || !lines.contains_key(&goods.whole.0);
    let expected = if as_components { goods.components.as_slice() } else { std::slice::from_ref(&goods.whole) };
    let mut sum = Decimal::ZERO;
    for (id, quantity) in expected {
        let line = lines.remove(id);
        prop_assert!(line.is_some(), "no line of {}", id);
        let (net, _, ordered) = line.unwrap_or_default();
        prop_assert_eq!(ordered, *quantity);
        sum += net;
    }
    Ok(sum)
}

/// Each way of paying is there with what it paid.
fn tenders(document: &Value, source: &Source, planned: Decimal) -> Result<(), TestCaseError> {
    let mut received = Decimal::ZERO;
    let mut deducted: BTreeMap<String, Decimal> = BTreeMap::new();
    for payment in rows(document, "Payments") {
        let (method, amount) = (at(payment, "/PaymentMethod"), number(payment, "PaymentAmount"));
        let applied = rows(payment, "OrdersToApply").first().unwrap_or(payment);
        prop_assert_eq!(amount, number(applied, "AppliedToOrder"));
        if DEDUCTED.iter().any(|(name, _)| *name == method) {
            *deducted.entry(method).or_default() += amount;
        } else {
            received += amount;
        }
    }
    prop_assert_eq!(received, source.received);
    for (method, amount) in &source.deducted {
        prop_assert_eq!(deducted.get(*method).copied().unwrap_or_default(), *amount);
    }
    prop_assert!(planned == received + deducted.values().sum::<Decimal>() && planned <= source.value);
    Ok(())
}
