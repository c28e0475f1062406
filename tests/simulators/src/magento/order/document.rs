//! The whole order document, as `GET /V1/orders/:id` answers it (shape of recorded orders; Magento 2.4.6, module-sales).

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::super::config::{Config, StoreView};
use super::super::json::{number, omit_nulls, put_both};
use super::amounts::{Amounts, RowAmounts};
use super::draft::{Discount, OrderDraft};
use super::items::{self, Both, Context, TaxedItem};

/// The sequences of the shop's tables.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    order: u64,
    item: u64,
    address: u64,
    increments: BTreeMap<u32, u64>,
    products: BTreeMap<String, u64>,
}

impl Numbers {
    pub(super) fn item(&mut self) -> u64 {
        self.item += 1;
        self.item
    }

    fn address(&mut self) -> u64 {
        self.address += 1;
        self.address
    }

    /// The same product has the same id in every order.
    pub(super) fn product(&mut self, key: &str) -> u64 {
        let next = 2001 + self.products.len() as u64;
        *self.products.entry(key.to_owned()).or_insert(next)
    }

    /// Nine digits, behind the store's id for every store but the first.
    fn increment(&mut self, store_id: u32) -> String {
        let next = self.increments.entry(store_id).or_default();
        *next += 1;
        if store_id <= 1 { format!("{next:09}") } else { format!("{store_id}{next:09}") }
    }

    /// Keeps later ids above the one of a document that was put in whole.
    pub(crate) fn seen(&mut self, entity_id: u64) {
        self.order = self.order.max(entity_id);
    }
}

/// A time as Magento writes it: UTC without offset, whole seconds.
pub(crate) fn stamp(now: Timestamp) -> String {
    now.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Places the draft: computes it in both currencies and writes its document.
pub(crate) fn build(draft: &OrderDraft, numbers: &mut Numbers, config: &Config, now: Timestamp) -> (u64, Value) {
    numbers.order += 1;
    let (order_id, created_at) = (numbers.order, stamp(now));
    let view = config.store_views.iter().find(|view| view.id == draft.store_id);
    let rate = draft.order_currency.as_ref().map_or(Decimal::ONE, |(_, rate)| *rate);
    let (base, order) = (Amounts::compute(draft, Decimal::ONE), Amounts::compute(draft, rate));
    let context = Context { draft, config, order_id, created_at: &created_at };
    let mut taxed = Vec::new();
    let pairs = draft.lines.iter().zip(order.lines.iter().zip(&base.lines));
    let lines: Vec<Value> = pairs
        .flat_map(|(line, (order, base))| items::write(&context, line, &Both { order, base }, numbers, &mut taxed))
        .collect();
    let (delivery_id, billing_id) = (numbers.address(), numbers.address());
    let mut map = identity(draft, config, view, &created_at, order_id);
    let increment = draft.increment_id.clone().unwrap_or_else(|| numbers.increment(draft.store_id));
    map.insert("increment_id".into(), json!(increment));
    map.insert("base_to_order_rate".into(), number(rate));
    totals(&mut map, draft, &order, &base);
    let account = draft.account.map(|(id, _)| id);
    map.insert("billing_address_id".into(), json!(billing_id));
    map.insert(
        "billing_address".into(),
        draft.billing.document("billing", &draft.email, account, billing_id, order_id),
    );
    let paid = (order.grand_total, base.grand_total);
    let shipped = (order.shipping.tax.row_total, base.shipping.tax.row_total);
    map.insert("payment".into(), draft.payment.document(order_id, paid, shipped));
    map.insert("status_histories".into(), json!([]));
    let address = draft.delivery.as_ref().unwrap_or(&draft.billing);
    let address = address.document("shipping", &draft.email, account, delivery_id, order_id);
    map.insert("extension_attributes".into(), extension(draft, &lines, address, &order, &base, &taxed));
    map.insert("items".into(), Value::Array(lines));
    let mut document = Value::Object(map);
    omit_nulls(&mut document);
    (order_id, document)
}

/// Who, where and in which state.
fn identity(
    draft: &OrderDraft,
    config: &Config,
    view: Option<&StoreView>,
    created_at: &str,
    order_id: u64,
) -> Map<String, Value> {
    let base = view.map_or_else(|| config.global_currency.clone(), |view| view.base_currency.clone());
    let (state, status) = draft.payment.state();
    let website = view.and_then(|view| config.websites.iter().find(|website| website.id == view.website_id));
    let group = view.and_then(|view| config.store_groups.iter().find(|group| group.id == view.store_group_id));
    let names = [website.map(|it| it.name.as_str()), group.map(|it| it.name.as_str()), view.map(|it| it.name.as_str())];
    let shopper = draft.account.is_some();
    let mut document = json!({
        "entity_id": order_id, "state": state, "status": status, "store_id": draft.store_id,
        "store_name": names.map(Option::unwrap_or_default).join("\n"),
        "created_at": created_at, "updated_at": created_at,
        "protect_code": hex::encode(&Sha256::digest(order_id.to_string())[..16]),
        "quote_id": order_id + 3, "remote_ip": "192.0.2.10", "customer_note_notify": 1,
        "customer_email": draft.email, "customer_is_guest": u8::from(!shopper),
        "customer_id": draft.account.map(|(id, _)| id), "customer_group_id": draft.account.map_or(0, |(_, group)| group),
        // Guests have their name on the addresses only.
        "customer_firstname": shopper.then_some(&draft.billing.firstname),
        "customer_lastname": shopper.then_some(&draft.billing.lastname),
        "customer_note": draft.note, "coupon_code": draft.coupon, "discount_description": draft.coupon,
        "is_virtual": u8::from(draft.is_virtual()), "global_currency_code": config.global_currency,
        "base_currency_code": base, "store_currency_code": base,
        "order_currency_code": draft.order_currency.as_ref().map_or(&base, |(code, _)| code),
        "base_to_global_rate": 1, "store_to_base_rate": 0, "store_to_order_rate": 0,
    });
    if draft.discount != Discount::None {
        document["applied_rule_ids"] = json!("1");
    }
    match document {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Every total, in both currencies.
fn totals(map: &mut Map<String, Value>, draft: &OrderDraft, order: &Amounts, base: &Amounts) {
    put_both(map, "subtotal", order.subtotal, base.subtotal);
    put_both(map, "subtotal_incl_tax", order.subtotal_incl_tax, base.subtotal_incl_tax);
    put_both(map, "discount_amount", order.discount, base.discount);
    put_both(map, "tax_amount", order.tax, base.tax);
    put_both(map, "discount_tax_compensation_amount", order.compensation, base.compensation);
    put_both(map, "grand_total", order.grand_total, base.grand_total);
    map.extend(shipping_totals(&order.shipping, &base.shipping));
    let due = |amounts: &Amounts| if draft.payment.is_captured() { Decimal::ZERO } else { amounts.grand_total };
    put_both(map, "total_due", due(order), due(base));
    if draft.payment.is_captured() {
        put_both(map, "total_paid", order.grand_total, base.grand_total);
        put_both(map, "total_invoiced", order.grand_total, base.grand_total);
        put_both(map, "subtotal_invoiced", order.subtotal, base.subtotal);
        put_both(map, "tax_invoiced", order.tax, base.tax);
        put_both(map, "shipping_invoiced", order.shipping.tax.row_total, base.shipping.tax.row_total);
        put_both(map, "discount_invoiced", order.discount, base.discount);
    }
    let weight: Decimal = draft.lines.iter().filter(|line| line.kind.ships()).map(|line| line.weight * line.qty).sum();
    map.insert("weight".into(), number(weight));
    map.insert("total_item_count".into(), json!(draft.lines.len()));
    map.insert("total_qty_ordered".into(), number(draft.lines.iter().map(|line| line.qty).sum()));
    if let Some((_, description, _)) = draft.shipping.as_ref().filter(|_| !draft.is_virtual()) {
        map.insert("shipping_description".into(), json!(description));
    }
}

/// The shipping amounts, which stand in the header and again in the shipping assignment. One base name is cut short by the limit of
/// column names.
fn shipping_totals(order: &RowAmounts, base: &RowAmounts) -> Map<String, Value> {
    let mut map = Map::new();
    put_both(&mut map, "shipping_amount", order.tax.row_total, base.tax.row_total);
    put_both(&mut map, "shipping_incl_tax", order.tax.row_total_incl_tax, base.tax.row_total_incl_tax);
    put_both(&mut map, "shipping_tax_amount", order.tax.tax, base.tax.tax);
    put_both(&mut map, "shipping_discount_amount", order.discount, base.discount);
    map.insert("shipping_discount_tax_compensation_amount".into(), number(order.tax.compensation));
    map.insert("base_shipping_discount_tax_compensation_amnt".into(), number(base.tax.compensation));
    map
}

/// `extension_attributes`: shipping assignment, tax detail, payment detail, and the tenders of Adobe Commerce.
fn extension(
    draft: &OrderDraft,
    lines: &[Value],
    address: Value,
    order: &Amounts,
    base: &Amounts,
    taxed: &[TaxedItem],
) -> Value {
    let mut shipping = json!({"total": shipping_totals(&order.shipping, &base.shipping)});
    // A virtual order keeps its assignment, without address and method.
    if !draft.is_virtual() {
        shipping["address"] = address;
        shipping["method"] = json!(draft.shipping.as_ref().map(|(method, _, _)| method));
    }
    let by_rate: Vec<Value> = order
        .by_rate()
        .iter()
        .zip(base.by_rate())
        .map(|((rate, amount), (_, base_amount))| {
            json!({
                "code": rate.code, "title": rate.code, "percent": number(rate.percent),
                "amount": number(*amount), "base_amount": number(base_amount),
            })
        })
        .collect();
    let mut by_item: Vec<Value> = taxed
        .iter()
        .filter(|(_, order, _)| !order.tax.applied.is_empty())
        .map(|(item_id, order, base)| json!({"type": "product", "item_id": item_id, "applied_taxes": applied(order, base)}))
        .collect();
    if !order.shipping.tax.applied.is_empty() {
        by_item.push(json!({"type": "shipping", "applied_taxes": applied(&order.shipping, &base.shipping)}));
    }
    let mut extension = json!({
        "shipping_assignments": [{"shipping": shipping, "items": lines}],
        "payment_additional_info": draft.payment.additional(),
        "applied_taxes": by_rate, "item_applied_taxes": by_item,
    });
    if !by_item_is_empty(&extension) {
        extension["converting_from_quote"] = json!(true);
    }
    tenders(&mut extension, draft, order, base);
    extension
}

/// Recorded orders carry `converting_from_quote` exactly when there is tax.
fn by_item_is_empty(extension: &Value) -> bool {
    extension["item_applied_taxes"].as_array().is_none_or(Vec::is_empty)
}

fn applied(order: &RowAmounts, base: &RowAmounts) -> Vec<Value> {
    let pairs = order.tax.applied.iter().zip(&base.tax.applied);
    pairs
        .map(|((rate, amount), (_, base_amount))| {
            json!({
                "code": rate.code, "title": rate.code, "percent": number(rate.percent),
                "amount": number(*amount), "base_amount": number(*base_amount),
            })
        })
        .collect()
}

/// Store credit and gift cards: already deducted from the grand total (Adobe Commerce 2.4.9 schema).
fn tenders(extension: &mut Value, draft: &OrderDraft, order: &Amounts, base: &Amounts) {
    if !order.store_credit.is_zero() {
        extension["customer_balance_amount"] = number(order.store_credit);
        extension["base_customer_balance_amount"] = number(base.store_credit);
    }
    if order.gift_cards.is_empty() {
        return;
    }
    let pairs = draft.gift_cards.iter().zip(order.gift_cards.iter().zip(&base.gift_cards)).enumerate();
    extension["gift_cards"] = pairs
        .map(|(at, ((code, _), (amount, base_amount)))| {
            json!({"id": at + 1, "code": code, "amount": number(*amount), "base_amount": number(*base_amount)})
        })
        .collect();
    extension["gift_cards_amount"] = number(order.gift_cards.iter().sum());
    extension["base_gift_cards_amount"] = number(base.gift_cards.iter().sum());
}
