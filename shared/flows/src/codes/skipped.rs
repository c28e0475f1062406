//! Reasons for which nothing is written, by rule.

use super::{Advice, person};

/// Skipped: nothing is to be done. Sorted by code.
pub(super) const SKIPPED: &[Advice] = &[
    person("flows.skipped.stale", "Nothing: a newer state of the record was already written."),
    person(
        "flows.skipped.still_parked",
        "Nothing: the record is parked for its first reason, and nothing about it has changed.",
    ),
    person("orders.skipped.canceled_before_sync", "Nothing: there is no document in Acumatica."),
    person("orders.skipped.disabled", "Nothing: orders are switched off in the settings."),
    person("orders.skipped.older_than_earliest_order", "Nothing: the order is from before the cut-over."),
    person("orders.skipped.payment_method_excluded", "Nothing: the settings exclude this payment method."),
];
