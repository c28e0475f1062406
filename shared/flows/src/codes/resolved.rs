//! What was decided by rule and is told: the record is in step, and a person may want to know how it came there.

use super::{Advice, person};

/// Resolved: written or left alone as the settings say. Sorted by code.
pub(super) const RESOLVED: &[Advice] = &[
    person(
        "customers.resolved.account_deleted",
        "Decide whether the customer stays active in Acumatica; `gone` in the settings can do it.",
    ),
    person(
        "customers.resolved.conflict",
        "Nothing, unless the value that lost was the right one: then enter it on either side.",
    ),
    person("customers.resolved.customer_deleted", "Decide what becomes of the account in Magento."),
    person(
        "customers.resolved.inactive",
        "Decide what becomes of the account in Magento; `gone` in the settings can put it into a group.",
    ),
    person(
        "customers.resolved.not_taken",
        "Look at the fields named on the side that did not take them, and correct them by hand where that matters.",
    ),
];
