//! The lines of an order document, parents and children flat, a child with its whole parent nested in it.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::super::config::{Config, RowTotal};
use super::super::json::{number, put_both};
use super::amounts::{LineAmounts, RowAmounts};
use super::document::Numbers;
use super::draft::{Discount, OrderDraft};
use super::lines::{Component, Line, LineKind};
use super::options::{extension, fixed_tax, product_option};
use super::progress;
use super::tax_detail::{TaxBook, Whose};

/// What all lines of one order share.
pub(super) struct Context<'a> {
    pub(super) draft: &'a OrderDraft,
    pub(super) config: &'a Config,
    pub(super) order_id: u64,
    pub(super) created_at: &'a str,
    /// Units of the order currency per one of the base currency.
    pub(super) rate: Decimal,
}

/// A line in both currencies.
pub(super) struct Both<'a, T> {
    pub(super) order: &'a T,
    pub(super) base: &'a T,
}

/// Writes a line and its children.
pub(super) fn write(
    context: &Context<'_>,
    at: usize,
    amounts: &Both<'_, LineAmounts>,
    numbers: &mut Numbers,
    book: &mut TaxBook,
) -> Vec<Value> {
    let line = &context.draft.lines[at];
    let progress = context.draft.line_progress(at);
    let own = Both { order: &amounts.order.own, base: &amounts.base.own };
    let parent_id = numbers.item();
    let mut parent = head(context, &line.sku, &line.name, line.kind.product_type(), parent_id, numbers);
    money(&mut parent, context, line, line.qty, &own);
    progress::line(&mut parent, progress, line.qty, &own);
    if line.kind.ships() {
        parent.insert("weight".into(), number(line.weight));
        parent.insert("row_weight".into(), number(line.weight * line.qty));
    } else {
        parent.insert("is_virtual".into(), json!(1));
    }
    if let Some(option) = product_option(line) {
        parent.insert("product_option".into(), option);
    }
    let taxes = if amounts.order.children.is_empty() { charge(book, parent_id, &own) } else { Vec::new() };
    beside(&mut parent, line, amounts, parent_id, book);
    let wrapping = amounts.order.wrapping.as_ref().zip(amounts.base.wrapping.as_ref());
    let mut extension = extension(line, wrapping.map(|(order, base)| Both { order, base }), parent_id);
    if book.itemizes() {
        extension.insert("itemized_taxes".into(), Value::Array(taxes));
    }
    if !extension.is_empty() {
        parent.insert("extension_attributes".into(), Value::Object(extension));
    }
    let parent = Value::Object(parent);
    let mut all = vec![parent.clone()];
    for (at, child) in children(line).iter().enumerate() {
        let item_id = numbers.item();
        let mut item = head(context, &child.sku, &child.name, "simple", item_id, numbers);
        match (amounts.order.children.get(at), amounts.base.children.get(at)) {
            (Some(order), Some(base)) => {
                let row = Both { order, base };
                money(&mut item, context, line, child.qty, &row);
                progress::line(&mut item, progress, child.qty, &row);
                let taxes = charge(book, item_id, &row);
                if book.itemizes() {
                    item.insert("extension_attributes".into(), json!({"itemized_taxes": taxes}));
                }
            }
            _ => no_money(&mut item, context, child, &own),
        }
        if let (LineKind::Configurable { .. }, Some((attribute, _))) = (&line.kind, &line.fixed_tax)
            && let Some((order, base)) = amounts.order.fixed_tax.as_ref().zip(amounts.base.fixed_tax.as_ref())
        {
            fixed_tax(&mut item, attribute, &Both { order, base }, true);
        }
        item.insert("weight".into(), number(line.weight));
        item.insert("row_weight".into(), number(Decimal::ZERO));
        item.insert("parent_item_id".into(), json!(parent_id));
        item.insert("parent_item".into(), parent.clone());
        all.push(Value::Object(item));
    }
    all
}

fn charge(book: &mut TaxBook, item_id: u64, row: &Both<'_, RowAmounts>) -> Vec<Value> {
    let whose = Whose { kind: "product", item: Some(item_id), associated: None };
    book.charge(whose, &row.order.tax, &row.base.tax)
}

/// Fixed product tax and wrapping of a line, and their own taxes.
fn beside(
    parent: &mut Map<String, Value>,
    line: &Line,
    amounts: &Both<'_, LineAmounts>,
    parent_id: u64,
    book: &mut TaxBook,
) {
    let whose = |kind| Whose { kind, item: None, associated: Some(parent_id) };
    let Both { order, base } = amounts;
    if let (Some((attribute, _)), Some(order), Some(base)) = (&line.fixed_tax, &order.fixed_tax, &base.fixed_tax) {
        let row = !matches!(line.kind, LineKind::Configurable { .. });
        fixed_tax(parent, attribute, &Both { order, base }, row);
        book.charge(whose("weee"), order, base);
    }
    if let (Some(order), Some(base)) = (&order.wrapping, &base.wrapping) {
        book.charge(whose("item_gw"), order, base);
    }
}

/// A child line as it will be written.
struct Child {
    sku: String,
    name: String,
    qty: Decimal,
    /// What a piece costs by itself, where the order tells it.
    worth: Option<Decimal>,
}

/// Children with their quantity already multiplied: two kits of three pieces are six (magento2 issue 8834).
fn children(line: &Line) -> Vec<Child> {
    match &line.kind {
        LineKind::Configurable { child_name } => {
            vec![Child { sku: line.sku.clone(), name: child_name.clone(), qty: line.qty, worth: None }]
        }
        LineKind::BundleFixed { children } | LineKind::BundleDynamic { children } => children
            .iter()
            .map(|Component { sku, per_kit, worth, .. }| Child {
                sku: sku.clone(),
                name: sku.clone(),
                qty: per_kit * line.qty,
                worth: *worth,
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
}

/// A child whose parent has the money: zeros, and in some versions a copy of the parent's price.
fn no_money(item: &mut Map<String, Value>, context: &Context<'_>, child: &Child, parent: &Both<'_, RowAmounts>) {
    for name in ["row_total", "row_total_incl_tax", "discount_amount", "tax_amount", "original_price", "price"] {
        put_both(item, name, Decimal::ZERO, Decimal::ZERO);
    }
    if context.config.child_copies_price {
        // Recorded on a 2.3 shop: `price` is the parent's, `base_price` stays 0.
        item.insert("price".into(), number(parent.order.tax.price));
    }
    match child.worth {
        Some(worth) => put_both(item, "original_price", worth * context.rate, worth),
        None => drop(item.insert("base_original_price".into(), Value::Null)),
    }
    item.insert("tax_percent".into(), json!(0));
    item.insert("discount_percent".into(), json!(0));
    quantity(item, child.qty);
}

fn quantity(item: &mut Map<String, Value>, qty: Decimal) {
    item.insert("qty_ordered".into(), number(qty));
    item.insert("is_qty_decimal".into(), json!(u8::from(!qty.fract().is_zero())));
}
