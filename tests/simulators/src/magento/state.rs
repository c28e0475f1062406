//! What happens to orders after they were placed. Every save moves `updated_at`, which has whole seconds: two saves within one second are
//! indistinguishable by it (`ON UPDATE CURRENT_TIMESTAMP`; Magento 2.4.6, module-sales etc/db_schema.xml).

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::json::{decimal_of, number};

pub(crate) use super::order::stamp;

/// Saves the order row.
pub(crate) fn touch(order: &mut Value, now: Timestamp) {
    order["updated_at"] = json!(stamp(now));
}

/// Moves the order to a state with that state's default status (Magento 2.4.6, module-sales etc/config.xml and Model/Order).
///
/// # Panics
/// For a state that Magento does not have.
pub(crate) fn set_state(order: &mut Value, state: &str, now: Timestamp) {
    let status = match state {
        "new" => "pending",
        "pending_payment" | "payment_review" | "processing" | "complete" | "closed" | "canceled" | "holded" => state,
        other => panic!("Magento has no order state {other:?}"),
    };
    if state == "holded" {
        order["hold_before_state"] = order["state"].clone();
        order["hold_before_status"] = order["status"].clone();
    } else if let Value::Object(map) = order {
        map.remove("hold_before_state");
        map.remove("hold_before_status");
    }
    if state == "canceled" {
        cancel(order);
    }
    order["state"] = json!(state);
    order["status"] = json!(status);
    touch(order, now);
}

/// Cancels what is not invoiced. The child of a configurable keeps its zero, as recorded.
fn cancel(order: &mut Value) {
    let items = order["items"].as_array_mut().into_iter().flatten();
    for item in items.filter(|item| item.get("parent_item_id").is_none()) {
        let open = amount(item, "qty_ordered") - amount(item, "qty_invoiced");
        item["qty_canceled"] = number(open);
        item["tax_canceled"] = number(amount(item, "tax_amount") - amount(item, "tax_invoiced"));
        item["discount_tax_compensation_canceled"] = json!(0);
    }
    let Value::Object(map) = order else { return };
    for prefix in ["", "base_"] {
        for (total, canceled, invoiced) in [
            ("subtotal", "subtotal_canceled", "subtotal_invoiced"),
            ("tax_amount", "tax_canceled", "tax_invoiced"),
            ("shipping_amount", "shipping_canceled", "shipping_invoiced"),
            ("discount_amount", "discount_canceled", "discount_invoiced"),
            ("grand_total", "total_canceled", "total_paid"),
        ] {
            let get = |name: &str| of_map(map, &format!("{prefix}{name}"));
            // The header's discount is negative, what was canceled of it is not.
            let open = get(total) - get(invoiced);
            let open = if total == "discount_amount" { open.abs() } else { open };
            map.insert(format!("{prefix}{canceled}"), number(open));
        }
    }
}

fn amount(value: &Value, name: &str) -> Decimal {
    value.get(name).and_then(decimal_of).unwrap_or_default()
}

fn of_map(map: &Map<String, Value>, name: &str) -> Decimal {
    map.get(name).and_then(decimal_of).unwrap_or_default()
}

/// Which of an order's two addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressKind {
    /// At the top of the document.
    Billing,
    /// Inside the shipping assignment.
    Shipping,
}

/// Changes a field of an address. An address is a row of its own, so the order's `updated_at` need not move; it does not here, which is the
/// harder case for a reader of changes.
pub(crate) fn edit_address(order: &mut Value, which: AddressKind, field: &str, value: Value) {
    let pointer = match which {
        AddressKind::Billing => "/billing_address",
        AddressKind::Shipping => "/extension_attributes/shipping_assignments/0/shipping/address",
    };
    if let Some(Value::Object(address)) = order.pointer_mut(pointer) {
        address.insert(field.to_owned(), value);
    }
}
