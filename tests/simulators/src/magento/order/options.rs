//! What a line has beside its amounts: what the shopper chose, fixed product tax, wrapping and message.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::super::json::{number, put_both};
use super::items::Both;
use super::lines::{Component, Line, LineKind};
use super::tax::{Result, cents};

/// What the shopper chose; option ids are strings beside number values, as recorded.
pub(super) fn product_option(line: &Line) -> Option<Value> {
    let mut extension = match &line.kind {
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
        LineKind::GiftCard { .. } => json!({"giftcard_item_option": {
            "giftcard_amount": "custom", "custom_giftcard_amount": number(line.price),
            "giftcard_sender_name": "Jordan Sample", "giftcard_recipient_name": "Alex Sample",
            "giftcard_sender_email": "jordan@example.com", "giftcard_recipient_email": "alex@example.com",
            "extension_attributes": {"giftcard_created_codes": []},
        }}),
        LineKind::Simple | LineKind::Virtual | LineKind::Grouped => json!({}),
    };
    if !line.options.is_empty() {
        let chosen = line.options.iter().map(|(id, value)| json!({"option_id": id, "option_value": value}));
        extension["custom_options"] = chosen.collect();
    }
    let empty = extension.as_object().is_none_or(Map::is_empty);
    (!empty).then(|| json!({"extension_attributes": extension}))
}

/// A fixed product tax (Magento 2.4.6, module-weee Helper/Data and Model/Total/Quote/Weee): amounts of the row, and the taxes themselves
/// as JSON within a text. `row` is false on the parent of a configurable: the child has its row.
pub(super) fn fixed_tax(item: &mut Map<String, Value>, attribute: &str, tax: &Both<'_, Result>, row: bool) {
    let Both { order, base } = tax;
    let rows = (cents(order.row_total), cents(base.row_total));
    let applied = json!([{
        "title": attribute, "base_amount": number(base.price), "amount": number(order.price),
        "row_amount": number(rows.0), "base_row_amount": number(rows.1),
        "base_amount_incl_tax": number(base.price_incl_tax), "amount_incl_tax": number(order.price_incl_tax),
        "row_amount_incl_tax": number(cents(order.row_total_incl_tax)),
        "base_row_amount_incl_tax": number(cents(base.row_total_incl_tax)),
    }]);
    item.insert("weee_tax_applied".into(), json!(applied.to_string()));
    put_both(item, "weee_tax_applied_amount", order.price, base.price);
    put_both(item, "weee_tax_disposition", Decimal::ZERO, Decimal::ZERO);
    put_both(item, "weee_tax_row_disposition", Decimal::ZERO, Decimal::ZERO);
    let (order_row, base_row) = if row { rows } else { (Decimal::ZERO, Decimal::ZERO) };
    item.insert("weee_tax_applied_row_amount".into(), number(order_row));
    // The limit of column names cuts this one short.
    item.insert("base_weee_tax_applied_row_amnt".into(), number(base_row));
}

/// Extension attributes of a line: wrapping and message. Wrapping's amounts are texts of four decimals (Adobe Commerce 2.4.9 schema).
pub(super) fn extension(line: &Line, wrapping: Option<Both<'_, Result>>, message_id: u64) -> Map<String, Value> {
    let mut map = Map::new();
    if let Some(Both { order, base }) = wrapping {
        map.insert("gw_id".into(), json!("1"));
        map.insert("gw_base_price".into(), text(base.price));
        map.insert("gw_price".into(), text(order.price));
        map.insert("gw_base_tax_amount".into(), text(base.tax));
        map.insert("gw_tax_amount".into(), text(order.tax));
    }
    if let Some(message) = &line.message {
        map.insert("gift_message".into(), gift_message(message_id, message));
    }
    map
}

pub(super) fn gift_message(id: u64, text: &str) -> Value {
    json!({"gift_message_id": id, "customer_id": 0, "sender": "Jordan", "recipient": "Alex", "message": text})
}

/// An amount as a text with the four decimals of its column.
pub(super) fn text(amount: Decimal) -> Value {
    let mut amount = amount.round_dp(4);
    amount.rescale(4);
    json!(amount.to_string())
}
