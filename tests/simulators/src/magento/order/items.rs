//! The lines of an order document, parents and children flat, a child with its whole parent nested in it.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::super::config::{Config, RowTotal};
use super::super::json::{number, put_both};
use super::amounts::{LineAmounts, RowAmounts};
use super::document::Numbers;
use super::draft::{Discount, OrderDraft};
use super::lines::{Component, Line, LineKind};

/// What all lines of one order share.
pub(super) struct Context<'a> {
    pub(super) draft: &'a OrderDraft,
    pub(super) config: &'a Config,
    pub(super) order_id: u64,
    pub(super) created_at: &'a str,
}

/// A line in both currencies.
pub(super) struct Both<'a, T> {
    pub(super) order: &'a T,
    pub(super) base: &'a T,
}

/// What was taxed on which line, for `item_applied_taxes`.
pub(super) type TaxedItem = (u64, RowAmounts, RowAmounts);

/// Writes a line and its children.
pub(super) fn write(
    context: &Context<'_>,
    line: &Line,
    amounts: &Both<'_, LineAmounts>,
    numbers: &mut Numbers,
    taxed: &mut Vec<TaxedItem>,
) -> Vec<Value> {
    let own = Both { order: &amounts.order.own, base: &amounts.base.own };
    let parent_id = numbers.item();
    let mut parent = head(context, &line.sku, &line.name, line.kind.product_type(), parent_id, numbers);
    money(&mut parent, context, line, line.qty, &own);
    let row_weight = line.weight * line.qty;
    if line.kind.ships() {
        parent.insert("weight".into(), number(line.weight));
        parent.insert("row_weight".into(), number(row_weight));
    } else {
        parent.insert("is_virtual".into(), json!(1));
    }
    if let Some(option) = product_option(&line.kind) {
        parent.insert("product_option".into(), option);
    }
    if amounts.order.children.is_empty() {
        taxed.push((parent_id, amounts.order.own.clone(), amounts.base.own.clone()));
    }
    let parent = Value::Object(parent);
    let mut all = vec![parent.clone()];
    for (at, child) in children(line).iter().enumerate() {
        let item_id = numbers.item();
        let mut item = head(context, &child.sku, &child.name, "simple", item_id, numbers);
        match (amounts.order.children.get(at), amounts.base.children.get(at)) {
            (Some(order), Some(base)) => {
                money(&mut item, context, line, child.qty, &Both { order, base });
                taxed.push((item_id, order.clone(), base.clone()));
            }
            _ => no_money(&mut item, context, child.qty, &own),
        }
        item.insert("weight".into(), number(line.weight));
        item.insert("row_weight".into(), number(Decimal::ZERO));
        item.insert("parent_item_id".into(), json!(parent_id));
        item.insert("parent_item".into(), parent.clone());
        all.push(Value::Object(item));
    }
    all
}

/// A child line as it will be written.
struct Child {
    sku: String,
    name: String,
    qty: Decimal,
}

/// Children with their quantity already multiplied: two kits of three pieces are six (magento2 issue 8834).
fn children(line: &Line) -> Vec<Child> {
    match &line.kind {
        LineKind::Configurable { child_name } => {
            vec![Child { sku: line.sku.clone(), name: child_name.clone(), qty: line.qty }]
        }
        LineKind::BundleFixed { children } | LineKind::BundleDynamic { children } => children
            .iter()
            .map(|Component { sku, per_kit, .. }| Child {
                sku: sku.clone(),
                name: sku.clone(),
                qty: per_kit * line.qty,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Identity, and the counters every line has from the start.
fn head(
    context: &Context<'_>,
    sku: &str,
    name: &str,
    kind: &str,
    item_id: u64,
    numbers: &mut Numbers,
) -> Map<String, Value> {
    let value = json!({
        "item_id": item_id, "order_id": context.order_id, "quote_item_id": item_id + 10, "store_id": context.draft.store_id,
        "product_id": numbers.product(&format!("{kind} {sku}")), "product_type": kind, "sku": sku, "name": name,
        "created_at": context.created_at, "updated_at": context.created_at,
        "is_virtual": 0, "free_shipping": 0, "no_discount": 0, "amount_refunded": 0, "base_amount_refunded": 0,
        "qty_canceled": 0, "qty_invoiced": 0, "qty_refunded": 0, "qty_shipped": 0,
        "row_invoiced": 0, "base_row_invoiced": 0, "tax_invoiced": 0, "base_tax_invoiced": 0,
        "discount_invoiced": 0, "base_discount_invoiced": 0,
    });
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// The amounts of a line that carries money.
fn money(item: &mut Map<String, Value>, context: &Context<'_>, line: &Line, qty: Decimal, row: &Both<'_, RowAmounts>) {
    let Both { order, base } = row;
    let net = |row: &RowAmounts| match context.config.row_total {
        RowTotal::NetOfDiscount if !row.discount.is_zero() => {
            let net = row.tax.row_total - row.discount;
            (net, net + row.tax.tax)
        }
        _ => (row.tax.row_total, row.tax.row_total_incl_tax),
    };
    let ((row_total, incl_tax), (base_row_total, base_incl_tax)) = (net(order), net(base));
    put_both(item, "price", order.tax.price, base.tax.price);
    // The catalogue's price, with tax where the catalogue has it (Magento 2.4.6, module-quote Model/Quote/Item/AbstractItem).
    let original = |row: &RowAmounts| {
        if context.draft.prices_include_tax { row.tax.price_incl_tax } else { row.tax.price }
    };
    put_both(item, "original_price", original(order), original(base));
    put_both(item, "price_incl_tax", order.tax.price_incl_tax, base.tax.price_incl_tax);
    put_both(item, "row_total", row_total, base_row_total);
    put_both(item, "row_total_incl_tax", incl_tax, base_incl_tax);
    put_both(item, "discount_amount", order.discount, base.discount);
    put_both(item, "tax_amount", order.tax.tax, base.tax.tax);
    put_both(item, "discount_tax_compensation_amount", order.tax.compensation, base.tax.compensation);
    item.insert("tax_percent".into(), number(order.tax.percent));
    let percent = match &context.draft.discount {
        Discount::Percent { percent, .. } if line.discounted && !order.discount.is_zero() => *percent,
        _ => Decimal::ZERO,
    };
    item.insert("discount_percent".into(), number(percent));
    if context.draft.discount != Discount::None && line.discounted {
        item.insert("applied_rule_ids".into(), json!("1"));
    }
    quantity(item, qty);
    if context.draft.payment.is_captured() {
        item.insert("qty_invoiced".into(), number(qty));
        put_both(item, "row_invoiced", order.tax.row_total, base.tax.row_total);
        put_both(item, "tax_invoiced", order.tax.tax, base.tax.tax);
        put_both(item, "discount_invoiced", order.discount, base.discount);
    }
}

/// A child whose parent has the money: zeros, and in some versions a copy of the parent's price.
fn no_money(item: &mut Map<String, Value>, context: &Context<'_>, qty: Decimal, parent: &Both<'_, RowAmounts>) {
    for name in ["row_total", "row_total_incl_tax", "discount_amount", "tax_amount", "original_price", "price"] {
        put_both(item, name, Decimal::ZERO, Decimal::ZERO);
    }
    if context.config.child_copies_price {
        // Recorded on a 2.3 shop: `price` is the parent's, `base_price` stays 0.
        item.insert("price".into(), number(parent.order.tax.price));
    }
    item.insert("base_original_price".into(), Value::Null);
    item.insert("tax_percent".into(), json!(0));
    item.insert("discount_percent".into(), json!(0));
    quantity(item, qty);
}

fn quantity(item: &mut Map<String, Value>, qty: Decimal) {
    item.insert("qty_ordered".into(), number(qty));
    item.insert("is_qty_decimal".into(), json!(u8::from(!qty.fract().is_zero())));
}

/// What the shopper chose; option ids are strings beside number values, as recorded.
fn product_option(kind: &LineKind) -> Option<Value> {
    let extension = match kind {
        LineKind::Configurable { .. } => {
            let chosen = [("152", 5593), ("93", 5477)];
            let chosen = chosen.map(|(attribute, value)| json!({"option_id": attribute, "option_value": value}));
            json!({"configurable_item_options": chosen})
        }
        LineKind::Downloadable => json!({"downloadable_option": {"downloadable_links": [5]}}),
        LineKind::BundleFixed { children } | LineKind::BundleDynamic { children } => {
            let option = |(at, child): (usize, &Component)| {
                let selections = [2 * (at + 1)];
                json!({"option_id": at + 1, "option_qty": number(child.per_kit), "option_selections": selections})
            };
            json!({"bundle_options": children.iter().enumerate().map(option).collect::<Vec<_>>()})
        }
        LineKind::Simple | LineKind::Virtual | LineKind::Grouped => return None,
    };
    Some(json!({"extension_attributes": extension}))
}
