//! Amounts beside the goods, one non-stock line each: fixed product tax, gift wrapping, printed card, and what modules add.

use std::collections::BTreeSet;

use acumatica::model::sales_order::Line;
use acumatica::model::value::set;
use magento::model::order::Item;
use magento::model::wire::Id;
use rust_decimal::Decimal;
use serde_json::Value;

use super::Shop;
use super::lines::{Form, Part};
use crate::plan::Plan;
use crate::settings::{ExtraItem, ExtraItems};

/// An amount beside the goods.
#[derive(Clone, Debug)]
pub(super) struct Extra<'a> {
    /// The line's `ExternalRef`.
    reference: String,
    /// What it is for.
    what: String,
    /// In base currency, before tax.
    pub(super) amount: Decimal,
    inventory_id: &'a str,
    tax_category: Option<&'a str>,
}

/// All of them, in a fixed order.
pub(super) fn extras<'a>(shop: &Shop<'a>) -> Result<Vec<Extra<'a>>, Plan> {
    let mut extras = Vec::new();
    for (item, amount) in fixed_product_taxes(shop)? {
        let what = format!("fixed product tax of `{}`", item.sku.trim());
        let found = Found { amount, what: &what, setting: "fixed_product_tax" };
        extras.extend(found.extra(shop, format!("{}/fpt", item.item_id.0), |items| items.fixed_product_tax.as_ref())?);
    }
    let extension = &shop.order.extension_attributes;
    for (amount, what, reference) in [
        (extension.gw_base_price, "gift wrapping", "gift_wrap"),
        (extension.gw_items_base_price, "gift wrapping of items", "gift_wrap/items"),
    ] {
        let found = Found { amount: amount.unwrap_or_default(), what, setting: "gift_wrap" };
        extras.extend(found.extra(shop, reference.to_owned(), |items| items.gift_wrap.as_ref())?);
    }
    let card = extension.gw_card_base_price.unwrap_or_default();
    let found = Found { amount: card, what: "a printed card", setting: "printed_card" };
    extras.extend(found.extra(shop, "printed_card".to_owned(), |items| items.printed_card.as_ref())?);
    configured(shop, &mut extras)?;
    Ok(extras)
}

/// An amount that Magento itself knows.
struct Found<'a> {
    amount: Decimal,
    what: &'a str,
    setting: &'a str,
}

impl Found<'_> {
    fn extra<'a>(
        &self,
        shop: &Shop<'a>,
        reference: String,
        pick: fn(&'a ExtraItems) -> Option<&'a ExtraItem>,
    ) -> Result<Option<Extra<'a>>, Plan> {
        if self.amount.is_zero() {
            return Ok(None);
        }
        not_negative(shop, self.what, self.amount)?;
        let row = mapped(shop, self.setting, pick, self.amount, self.what)?;
        let (inventory_id, tax_category) = (row.inventory_id.as_str(), row.tax_category.as_deref());
        Ok(Some(Extra { reference, what: self.what.to_owned(), amount: self.amount, inventory_id, tax_category }))
    }
}

/// The amounts that the settings name, by their place in Magento's document.
fn configured<'a>(shop: &Shop<'a>, extras: &mut Vec<Extra<'a>>) -> Result<(), Plan> {
    let mut seen: Vec<&str> = Vec::new();
    for row in shop.scope.rows(|scope| &scope.extra_amounts) {
        // A narrower level's row stands for a wider one's.
        if seen.contains(&row.field.as_str()) {
            continue;
        }
        seen.push(&row.field);
        let Some(value) = shop.order.document.pointer(&row.field) else { continue };
        let amount = amount(value).ok_or_else(|| {
            let message = format!("`{}` of order {} is no amount.", row.field, shop.order.increment_id);
            shop.reject("orders.rejected.extra_amount_unusable", message)
        })?;
        if amount.is_zero() {
            continue;
        }
        let what = format!("`{}`", row.field);
        not_negative(shop, &what, amount)?;
        let last = row.field.rsplit('/').next().unwrap_or_default();
        // The whole pointer may be longer than the ERP's field; two that end alike are told apart.
        let alike = seen.iter().filter(|field| field.rsplit('/').next() == Some(last)).count();
        let reference = if alike > 1 { format!("extra/{last}/{alike}") } else { format!("extra/{last}") };
        extras.push(Extra {
            reference,
            what: last.to_owned(),
            amount,
            inventory_id: &row.inventory_id,
            tax_category: row.tax_category.as_deref(),
        });
    }
    Ok(())
}

/// A number, or one in a text, as modules print amounts; nothing is zero.
fn amount(value: &Value) -> Option<Decimal> {
    let text = match value {
        Value::Null => return Some(Decimal::ZERO),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.trim().is_empty() => return Some(Decimal::ZERO),
        Value::String(text) => text.trim().to_owned(),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    text.parse().or_else(|_| Decimal::from_scientific(&text)).ok()
}

fn not_negative(shop: &Shop<'_>, what: &str, amount: Decimal) -> Result<(), Plan> {
    if amount >= Decimal::ZERO {
        return Ok(());
    }
    let (number, amount) = (&shop.order.increment_id, shop.currency.text(amount));
    let message = format!("Order {number} has {amount} for {what}; a line cannot have a negative amount.");
    Err(shop.reject("orders.rejected.extra_amount_unusable", message))
}

/// The non-stock item that stands for an amount.
pub(super) fn mapped<'a>(
    shop: &Shop<'a>,
    setting: &str,
    pick: fn(&'a ExtraItems) -> Option<&'a ExtraItem>,
    amount: Decimal,
    what: &str,
) -> Result<&'a ExtraItem, Plan> {
    shop.scope.first(|scope| scope.extra_items.as_ref().and_then(pick)).ok_or_else(|| {
        let (number, amount) = (&shop.order.increment_id, shop.currency.text(amount));
        let message =
            format!("Order {number} has {amount} for {what}, and `extra_items.{setting}` names no item for it.");
        shop.reject("orders.rejected.extra_item_not_mapped", message)
    })
}

/// Items with a fixed product tax. It stands on a configurable's child and on a bundle's components, not on the parent (Magento 2.4.6,
/// module-weee Model/Total/Quote/Weee); where a parent has it, its children's would be the same once more.
pub(super) fn fixed_product_taxes<'a>(shop: &Shop<'a>) -> Result<Vec<(&'a Item, Decimal)>, Plan> {
    let mut found = Vec::new();
    for item in &shop.order.items {
        let amount = fixed_product_tax(shop, item)?;
        if !amount.is_zero() {
            found.push((item, amount));
        }
    }
    let taxed: BTreeSet<Id> = found.iter().map(|(item, _)| item.item_id).collect();
    found.retain(|(item, _)| item.parent_item_id.is_none_or(|parent| !taxed.contains(&parent)));
    Ok(found)
}

/// Fixed product tax of an item's row. Where only the order currency's amount is there and the currencies differ, it is not known.
fn fixed_product_tax(shop: &Shop<'_>, item: &Item) -> Result<Decimal, Plan> {
    let base = item.base_weee_tax_applied_row_amnt.unwrap_or_default();
    let shown = item.weee_tax_applied_row_amount.unwrap_or_default();
    let order = shop.order;
    if !base.is_zero() || shown.is_zero() {
        return Ok(base);
    }
    let currency = order.order_currency_code.as_deref().unwrap_or_default();
    if currency == order.base_currency_code {
        return Ok(shown);
    }
    let message = format!(
        "Line `{}` of order {} has a fixed product tax of {} {currency}, but Magento does not say how much that is in {}.",
        item.sku.trim(),
        order.increment_id,
        shown.normalize(),
        order.base_currency_code
    );
    Err(shop.reject("orders.rejected.fixed_product_tax_unknown", message))
}

/// Their lines.
pub(super) fn details(shop: &Shop<'_>, extras: &[Extra<'_>]) -> Vec<Line> {
    let form = Form::of(shop);
    let line = |extra: &Extra<'_>| {
        let part = Part { quantity: Decimal::ONE, unit_price: extra.amount, gross: extra.amount };
        let mut line = form.line(shop, &part, Decimal::ZERO, extra.reference.clone());
        let mut first = extra.what.chars();
        let what: String = first.next().into_iter().flat_map(char::to_uppercase).chain(first).collect();
        line.inventory_id = set(extra.inventory_id);
        line.tax_category = extra.tax_category.and_then(set);
        line.line_description = set(what);
        line
    };
    extras.iter().map(line).collect()
}
