//! What was sent held against what the ERP answers.

use rust_decimal::Decimal;
use serde_json::Value;

/// Linked entities whose echo is compared: nowhere else is it documented how long their strings may be, or that they exist.
const ECHOED: [&str; 5] = ["BillToAddress", "BillToContact", "ShipToAddress", "ShipToContact", "ShippingSettings"];

/// The first value that was sent and is not in the answer. Unknown fields are dropped by the ERP with status 200, and so is a currency
/// that the customer may not be sold in.
pub(super) fn first_lost(sent: &Value, receipt: &Value) -> Option<String> {
    let header = ["ExternalRef", "CustomerOrder", "CurrencyID", "ShipVia"].iter().find_map(|field| {
        let (sent, got) = (sent.get(field)?, receipt.get(field).unwrap_or(&Value::Null));
        (!same(sent, got)).then(|| (*field).to_owned())
    });
    let part = || {
        ECHOED.iter().find_map(|part| {
            let got = receipt.get(part).unwrap_or(&Value::Null);
            lost_in(sent.get(part)?, got).map(|field| format!("{part}/{field}"))
        })
    };
    header.or_else(part).or_else(|| lost_payment(sent, receipt))
}

/// Every payment that was sent is there, applied with its amount: found by our reference of its tender, in whatever order the ERP answers.
fn lost_payment(sent: &Value, receipt: &Value) -> Option<String> {
    let rows = |document: &Value| document.get("Payments").and_then(Value::as_array).cloned().unwrap_or_default();
    let got = rows(receipt);
    let reference = |row: &Value| row.get("ExternalRef").cloned().unwrap_or_default();
    rows(sent).iter().enumerate().find_map(|(n, row)| {
        let of_tender = got.iter().find(|got| same(&reference(row), &reference(got)));
        let Some(of_tender) = of_tender else { return Some(format!("Payments[{n}]")) };
        lost_in(row, of_tender).map(|field| format!("Payments[{n}]/{field}"))
    })
}

fn lost_in(sent: &Value, got: &Value) -> Option<String> {
    sent.as_object()?
        .iter()
        .find(|(field, value)| !same(value, got.get(*field).unwrap_or(&Value::Null)))
        .map(|(field, _)| field.clone())
}

/// Equal values: numbers by amount, texts trimmed and without regard to case (a selector answers in its own spelling), dates by their day.
fn same(sent: &Value, got: &Value) -> bool {
    let (Some(sent), got) = (sent.get("value"), got.get("value").unwrap_or(&Value::Null)) else { return true };
    match (sent, got) {
        (Value::Number(sent), Value::Number(got)) => {
            sent.to_string().parse::<Decimal>().ok() == got.to_string().parse::<Decimal>().ok()
        }
        (Value::String(sent), Value::String(got)) => {
            let (sent, got) = (sent.trim().to_lowercase(), got.trim().to_lowercase());
            sent == got || (is_day(&sent) && got.starts_with(&sent))
        }
        (Value::String(sent), Value::Null) => sent.trim().is_empty(),
        (Value::Null, Value::String(got)) => got.trim().is_empty(),
        (sent, got) => sent == got,
    }
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}
