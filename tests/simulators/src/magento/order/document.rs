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
use super::extension::extension;
use super::items::{self, Both, Context};
use super::payment::Payment;
use super::progress;
use super::tax_detail::{TaxBook, Whose};

/// The sequences of the shop's tables.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    order: u64,
    item: u64,
    address: u64,
    increments: BTreeMap<u32, u64>,
    products: BTreeMap<String, u64>,
    tax: u64,
}

impl Numbers {
    pub(super) fn item(&mut self) -> u64 {
        self.item += 1;
        self.item
    }

    pub(super) fn tax(&mut self) -> u64 {
        self.tax += 1;
        self.tax
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
    let rate = draft.order_currency.as_ref().map_or(Decimal::ONE, |(_, rate)| *rate);
    let base = Amounts::compute(draft, Decimal::ONE);
    let order = if rate == Decimal::ONE { base.clone() } else { Amounts::compute(draft, rate) };
    // A cart that costs nothing can be paid by no other method (module-payment Model/Checks/ZeroTotal).
    let free = base.grand_total.is_zero().then(|| OrderDraft { payment: Payment::Free, ..draft.clone() });
    let draft = free.as_ref().unwrap_or(draft);
    let context = Context { draft, config, order_id, created_at: &created_at, rate };
    let mut book = TaxBook::open(config.tax_detail, order_id, &order, &base, numbers);
    let pairs = order.lines.iter().zip(&base.lines).enumerate();
    let lines: Vec<Value> = pairs
        .flat_map(|(at, (order, base))| items::write(&context, at, &Both { order, base }, numbers, &mut book))
        .collect();
    charge_cart(&mut book, &order, &base);
    let (delivery_id, billing_id) = (numbers.address(), numbers.address());
    let view = config.store_views.iter().find(|view| view.id == draft.store_id);
    let mut map = identity(draft, config, view, &created_at, order_id);
    let increment = draft.increment_id.clone().unwrap_or_else(|| numbers.increment(draft.store_id));
    map.insert("increment_id".into(), json!(increment));
    map.insert("base_to_order_rate".into(), number(rate));
    totals(&mut map, draft, &order, &base);
    let account = draft.account.map(|(id, _)| id);
    map.insert("billing_address_id".into(), json!(billing_id));
    map.insert(
        "billing_address".into(),
        draft.billing.document("billing", &draft.email, draft.billing_book.or(account), billing_id, order_id),
    );
    let captured = (draft.captured(&order), draft.captured(&base));
    let due = (order.grand_total, base.grand_total);
    let shipped = (order.shipping.tax.row_total, base.shipping.tax.row_total);
    map.insert("payment".into(), draft.payment.document(order_id, due, captured, shipped));
    map.insert("status_histories".into(), json!([]));
    let address = draft.delivery.as_ref().unwrap_or(&draft.billing);
    let from_book = if draft.delivery.is_some() { draft.delivery_book } else { draft.billing_book };
    let address = address.document("shipping", &draft.email, from_book.or(account), delivery_id, order_id);
    map.insert(
        "extension_attributes".into(),
        extension(draft, &lines, address, &Both { order: &order, base: &base }, book),
    );
    map.insert("items".into(), Value::Array(lines));
    let mut document = Value::Object(map);
    omit_nulls(&mut document);
    (order_id, document)
}

impl OrderDraft {
    /// The document that an empty shop of this configuration makes of the draft at `now`.
    #[must_use]
    pub fn document(&self, config: &Config, now: Timestamp) -> Value {
        build(self, &mut Numbers::default(), config, now).1
    }
}

/// Taxes that belong to no line.
fn charge_cart(book: &mut TaxBook, order: &Amounts, base: &Amounts) {
    let whose = |kind| Whose { kind, item: None, associated: None };
    book.charge(whose("shipping"), &order.shipping.tax, &base.shipping.tax);
    for (kind, order, base) in
        [("quote_gw", &order.wrapping, &base.wrapping), ("printed_card_gw", &order.printed_card, &base.printed_card)]
    {
        if !base.row_total.is_zero() {
            book.charge(whose(kind), order, base);
        }
    }
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
    progress::totals(map, draft, order, base);
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
pub(super) fn shipping_totals(order: &RowAmounts, base: &RowAmounts) -> Map<String, Value> {
    let mut map = Map::new();
    put_both(&mut map, "shipping_amount", order.tax.row_total, base.tax.row_total);
    put_both(&mut map, "shipping_incl_tax", order.tax.row_total_incl_tax, base.tax.row_total_incl_tax);
    put_both(&mut map, "shipping_tax_amount", order.tax.tax, base.tax.tax);
    put_both(&mut map, "shipping_discount_amount", order.discount, base.discount);
    map.insert("shipping_discount_tax_compensation_amount".into(), number(order.tax.compensation));
    map.insert("base_shipping_discount_tax_compensation_amnt".into(), number(base.tax.compensation));
    map
}
