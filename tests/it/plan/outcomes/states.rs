//! What an order's state, and the settings' switches, lead to.

use serde_json::json;

use super::Raised;

pub(super) fn states() -> Vec<Raised> {
    let state = |state: &str| vec![("/state", json!(state))];
    vec![
        (
            "not_ready",
            "orders.not_ready.pending_payment",
            "The shopper is still paying order 000000001.",
            state("pending_payment"),
            vec![],
        ),
        (
            "not_ready",
            "orders.not_ready.payment_review",
            "The payment of order 000000001 is being checked.",
            state("payment_review"),
            vec![],
        ),
        (
            "not_ready",
            "orders.not_ready.on_hold_in_magento",
            "Order 000000001 is on hold in Magento.",
            state("holded"),
            vec![],
        ),
        (
            "not_ready",
            "orders.not_ready.unknown_state",
            "Order 000000001 is in a state that Magento does not document; it is looked at again.",
            state("ready_for_robots"),
            vec![],
        ),
        (
            "skipped",
            "orders.skipped.canceled_before_sync",
            "Order 000000001 was cancelled in Magento before it was written to Acumatica.",
            state("canceled"),
            vec![],
        ),
        (
            "skipped",
            "orders.skipped.canceled_before_sync",
            "Order 000000001 was closed in Magento before it was written to Acumatica.",
            state("closed"),
            vec![],
        ),
        (
            "skipped",
            "orders.skipped.disabled",
            "Orders are switched off in the settings.",
            vec![],
            vec![("/orders/enabled", json!(false))],
        ),
        (
            "skipped",
            "orders.skipped.older_than_earliest_order",
            "Order 000000001 of 2026-03-02 is older than the earliest order 2026-03-03.",
            vec![],
            vec![("/orders/earliest_order", json!("2026-03-03"))],
        ),
    ]
}
