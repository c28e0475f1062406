//! What the ERP took of the lines. It answers 200 for an item it took for another, and for a field it dropped.

use std::collections::HashMap;

use rust_decimal::Decimal;
use serde_json::Value;

use crate::plan::Finding;

/// Fields of a line that must come back as they were sent, where they were.
const ECHOED: [&str; 10] = [
    "AlternateID",
    "OrderQty",
    "UOM",
    "ExtendedPrice",
    "DiscountAmount",
    "TaxCategory",
    "MarkForPO",
    "POSource",
    "VendorID",
    "GiftMessage",
];

/// The first line that was sent and is not in the answer as it was. The answer may hold more lines: those of earlier requests.
#[must_use]
pub fn difference(shown: &str, target: &str, sent: &Value, receipt: &Value) -> Option<Finding> {
    let by_reference: HashMap<String, &Value> =
        rows(receipt).iter().map(|line| (text(line, "ExternalRef"), line)).collect();
    rows(sent).iter().find_map(|line| {
        let reference = text(line, "ExternalRef");
        let lost = |field: &str| {
            let message = format!(
                "Acumatica did not take over `{field}` of line `{reference}` (item `{}`) of order {shown} ({target}); the order is on hold.",
                text(line, "InventoryID")
            );
            Finding::new("orders.held.value_not_taken", message)
        };
        let Some(echo) = by_reference.get(&reference) else { return Some(lost("ExternalRef")) };
        other_item(shown, target, line, echo)
            .or_else(|| ECHOED.iter().find(|field| !same(line, echo, field)).map(|field| lost(field)))
    })
}

fn rows(document: &Value) -> &[Value] {
    document.get("Details").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The item may differ only where an alternate ID was to find it.
fn other_item(shown: &str, target: &str, line: &Value, echo: &Value) -> Option<Finding> {
    if line.get("AlternateID").is_some() || same(line, echo, "InventoryID") {
        return None;
    }
    let message = format!(
        "Line `{}` of order {shown} was sent for item `{}`, and Acumatica took it for item `{}` ({target}); the order is on hold.",
        text(line, "ExternalRef"),
        text(line, "InventoryID"),
        text(echo, "InventoryID")
    );
    Some(Finding::new("orders.held.item_differs", message))
}

/// Numbers by amount, texts trimmed and without regard to case; what was not sent is not compared.
fn same(sent: &Value, got: &Value, field: &str) -> bool {
    let Some(sent) = sent.pointer(&format!("/{field}/value")) else { return true };
    match (sent, got.pointer(&format!("/{field}/value")).unwrap_or(&Value::Null)) {
        (Value::Number(sent), Value::Number(got)) => {
            sent.to_string().parse::<Decimal>().ok() == got.to_string().parse::<Decimal>().ok()
        }
        (Value::String(sent), Value::String(got)) => folded(sent) == folded(got),
        (sent, got) => sent == got,
    }
}

/// Selectors answer in their own spelling, and texts with other ends of lines.
fn folded(text: &str) -> String {
    text.trim().replace("\r\n", "\n").to_lowercase()
}

fn text(line: &Value, field: &str) -> String {
    line.pointer(&format!("/{field}/value")).and_then(Value::as_str).unwrap_or_default().trim().to_owned()
}
