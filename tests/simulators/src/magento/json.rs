//! JSON the way PHP writes it.

use bytes::Bytes;
use rust_decimal::{Decimal, RoundingStrategy};
use seams::http::Response;
use serde_json::{Map, Number, Value};

/// A decimal as PHP prints a float or int: no trailing zeros, no exponent. Columns of amounts, quantities and rates keep four decimals
/// (Magento 2.4.6, module-sales etc/db_schema.xml).
pub(crate) fn number(amount: Decimal) -> Value {
    let amount = amount.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero);
    let text = amount.normalize().to_string();
    Value::Number(text.parse::<Number>().expect("a decimal prints as a JSON number"))
}

/// Text of a document as `json_encode` writes it by default: slashes escaped, everything beyond ASCII as `\uXXXX`
/// (recorded responses of Magento 2.3 and 2.4 show both).
pub(crate) fn php_encode(value: &Value) -> String {
    let plain = value.to_string();
    let mut text = String::with_capacity(plain.len());
    for character in plain.chars() {
        match character {
            // Outside of strings JSON has neither slashes nor anything beyond ASCII, so no state is needed.
            '/' => text.push_str("\\/"),
            ascii if ascii.is_ascii() => text.push(ascii),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    text
}

/// An answer with a JSON body.
pub(crate) fn answer(status: u16, body: &Value) -> Response {
    http::Response::builder()
        .status(status)
        .header("content-type", "application/json; charset=utf-8")
        .body(Bytes::from(php_encode(body)))
        .expect("a status of the simulator is valid")
}

/// Leaves out every key whose value is null, at every depth, except those whose getter is declared as never null
/// (Magento 2.4.6, framework Webapi/ServiceOutputProcessor; `payment.account_status` and `payment.cc_last4` in recordings
/// of reads, `customer_email` and `grand_total` in those of a save of a few columns).
pub(crate) fn omit_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, value| !value.is_null() || REQUIRED_NULLS.contains(&key.as_str()));
            // A region's members are declared as never null (recorded customers).
            map.iter_mut().filter(|(key, _)| *key != "region").for_each(|(_, value)| omit_nulls(value));
        }
        Value::Array(list) => list.iter_mut().for_each(omit_nulls),
        _ => {}
    }
}

const REQUIRED_NULLS: [&str; 6] =
    ["account_status", "cc_last4", "customer_email", "grand_total", "reject_reason", "rejected_at"];

/// Writes an amount in both currencies: `<name>` in the order's, `base_<name>` in the website's.
pub(crate) fn put_both(map: &mut Map<String, Value>, name: &str, order: Decimal, base: Decimal) {
    map.insert(name.to_owned(), number(order));
    map.insert(format!("base_{name}"), number(base));
}

/// A decimal read from a document; a string counts too, as ids and rates often are strings.
pub(crate) fn decimal_of(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => number.to_string().parse().ok(),
        Value::String(text) => text.parse().ok(),
        Value::Bool(yes) => Some(Decimal::from(u8::from(*yes))),
        _ => None,
    }
}
