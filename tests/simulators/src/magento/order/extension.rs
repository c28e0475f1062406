//! `extension_attributes` of an order: shipping assignment, tax and payment detail, and the amounts of Adobe Commerce and of modules.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::super::json::{number, put_both};
use super::amounts::Amounts;
use super::document::shipping_totals;
use super::draft::OrderDraft;
use super::items::Both;
use super::options::{gift_message, text};
use super::tax::cents;
use super::tax_detail::TaxBook;

pub(super) fn extension(
    draft: &OrderDraft,
    lines: &[Value],
    address: Value,
    amounts: &Both<'_, Amounts>,
    book: TaxBook,
) -> Value {
    let Both { order, base } = amounts;
    let mut shipping = json!({"total": shipping_totals(&order.shipping, &base.shipping)});
    // A virtual order keeps its assignment, without address and method.
    if !draft.is_virtual() {
        shipping["address"] = address;
        shipping["method"] = json!(draft.shipping.as_ref().map(|(method, _, _)| method));
    }
    let mut map = Map::new();
    map.insert("shipping_assignments".into(), json!([{"shipping": shipping, "items": lines}]));
    map.insert("payment_additional_info".into(), draft.payment.additional());
    book.close(&mut map);
    tenders(&mut map, draft, amounts);
    wrappings(&mut map, draft, amounts);
    if !base.surcharge.is_zero() {
        put_both(&mut map, "fee", order.surcharge, base.surcharge);
    }
    if let Some(message) = &draft.message {
        map.insert("gift_message".into(), gift_message(1, message));
    }
    Value::Object(map)
}

/// Store credit, gift cards and reward points: already deducted from the grand total (Adobe Commerce 2.4.9 schema).
fn tenders(map: &mut Map<String, Value>, draft: &OrderDraft, amounts: &Both<'_, Amounts>) {
    let Both { order, base } = amounts;
    if ![order.store_credit, base.store_credit].iter().all(Decimal::is_zero) {
        put_both(map, "customer_balance_amount", order.store_credit, base.store_credit);
    }
    if let Some((points, _)) = draft.reward.filter(|_| ![order.reward, base.reward].iter().all(Decimal::is_zero)) {
        put_both(map, "reward_currency_amount", order.reward, base.reward);
        map.insert("reward_points_balance".into(), json!(points));
    }
    if base.gift_cards.is_empty() {
        return;
    }
    let pairs = draft.gift_cards.iter().zip(order.gift_cards.iter().zip(&base.gift_cards)).enumerate();
    let cards = pairs.map(|(at, ((code, _), (amount, base_amount)))| {
        json!({"id": at + 1, "code": code, "amount": number(*amount), "base_amount": number(*base_amount)})
    });
    map.insert("gift_cards".into(), cards.collect());
    put_both(map, "gift_cards_amount", order.gift_cards.iter().sum(), base.gift_cards.iter().sum());
}

/// Gift wrapping and printed card, as texts (Adobe Commerce 2.4.9 schema). Where its module is on, all prices are there, zeros too.
fn wrappings(map: &mut Map<String, Value>, draft: &OrderDraft, amounts: &Both<'_, Amounts>) {
    if draft.wrapping.is_zero() && draft.printed_card.is_zero() && draft.lines.iter().all(|it| it.wrapping.is_none()) {
        return;
    }
    let mut put = |prefix: &str, of: fn(&Amounts) -> (Decimal, Decimal)| {
        let ((price, tax), (base_price, base_tax)) = (of(amounts.order), of(amounts.base));
        for (name, amount) in
            [("price", price), ("base_price", base_price), ("tax_amount", tax), ("base_tax_amount", base_tax)]
        {
            map.insert(format!("gw_{prefix}{name}"), text(amount));
        }
    };
    put("", |amounts| (amounts.wrapping.row_total, amounts.wrapping.tax));
    put("card_", |amounts| (amounts.printed_card.row_total, amounts.printed_card.tax));
    put("items_", |amounts| {
        let wrapped = amounts.lines.iter().filter_map(|line| line.wrapping.as_ref());
        wrapped.fold((Decimal::ZERO, Decimal::ZERO), |(price, tax), it| (price + cents(it.row_total), tax + it.tax))
    });
}
