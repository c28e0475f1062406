//! Causes for which a document that was written is on hold in the ERP, or waits there for a person.

use super::{Advice, LOOK_IN_ERP, person};

/// Held in the ERP: written, and a person decides there. Sorted by code.
pub(super) const HELD: &[Advice] = &[
    person(
        "orders.held.canceled_in_magento",
        "Cancel the order in Acumatica, or agree with the shopper and take it off hold there.",
    ),
    person("orders.held.credit_hold", LOOK_IN_ERP),
    person(
        "orders.held.finer_than_currency",
        "Compare the order's amounts in both systems, correct them in Acumatica, then take it off hold there. Prices and rates in Magento should have no more decimals than the currency.",
    ),
    person(
        "orders.held.item_differs",
        "Correct the line named in Acumatica, and remove the SKU from the other item's alternate IDs; then take the order off hold.",
    ),
    person(
        "orders.held.lines_differ_from_subtotal",
        "Compare the order's lines in both systems, correct them in Acumatica, then take it off hold there.",
    ),
    person("orders.held.on_hold_in_acumatica", LOOK_IN_ERP),
    person(
        "orders.held.partly_canceled",
        "Take what was cancelled out of the order in Acumatica, then take it off hold there.",
    ),
    person("orders.held.partly_refunded", "Enter the refund in Acumatica, then take the order off hold there."),
    person(
        "orders.held.payment_differs",
        "Correct the payment named in Acumatica, apply it to the order, then take the order off hold there.",
    ),
    person(
        "orders.held.payment_missing",
        "Enter the payment named in Acumatica, or apply the one that is there under another name; then take the order off hold.",
    ),
    person("orders.held.pending_approval", "Approve or reject the order in Acumatica."),
    person("orders.held.risk_hold", LOOK_IN_ERP),
    person(
        "orders.held.tax_differs",
        "Compare the order's taxes in both systems, correct them in Acumatica, then take it off hold there. Check which module of the shop changes taxes.",
    ),
    person("orders.held.total_differs", "Correct the amount named in Acumatica, then take the order off hold there."),
    person("orders.held.value_not_taken", "Enter the value named in Acumatica, then take the order off hold there."),
];
