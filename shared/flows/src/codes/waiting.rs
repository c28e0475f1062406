//! Causes that pass by themselves: network, licence, platform trouble, and what the shop or another record has still to do.

use super::{Advice, RETRY, person};

/// Waiting: it is tried again by itself, and no attempt is used where nobody is at fault. Sorted by code.
pub(super) const WAITING: &[Advice] = &[
    person(
        "acumatica.ambiguous.no_answer",
        "Nothing: the order is looked up in Acumatica before anything is sent again.",
    ),
    person("acumatica.not_ready.gateway", RETRY),
    person(
        "acumatica.not_ready.infrastructure",
        "Look at Acumatica's servers: disk space, memory, database. It is tried again by itself.",
    ),
    person("acumatica.not_ready.interrupted", RETRY),
    person(
        "acumatica.not_ready.login_limit",
        "Close unused API sessions in Acumatica (License Monitoring Console) or raise the licence; it is tried again by itself.",
    ),
    person(
        "acumatica.not_ready.maintenance",
        "Nothing while Acumatica is in maintenance: it is tried again by itself.",
    ),
    person("acumatica.not_ready.time_out", RETRY),
    person(
        "acumatica.not_ready.unreachable",
        "Check that Acumatica answers at the address in the settings; it is tried again by itself.",
    ),
    person("acumatica.throttled.licence", RETRY),
    person("acumatica.transient.busy", RETRY),
    person("acumatica.transient.server_error", RETRY),
    person("acumatica.transient.token_busy", RETRY),
    person("acumatica.transient.token_store", RETRY),
    person("customers.not_ready.being_made", "Nothing: another event of the same person is making the customer."),
    person(
        "customers.not_ready.changed_meanwhile",
        "Nothing: the customer was changed while it was being read, and is read again.",
    ),
    person(
        "customers.not_ready.company_pending",
        "Approve or reject the company in Magento (Customers → Companies); it is looked at again by itself.",
    ),
    person("flows.not_ready.link_inactive", "Activate the link: what was collected is then processed."),
    person("flows.not_ready.no_time", RETRY),
    person("flows.not_ready.throttled", RETRY),
    person(
        "flows.not_ready.window",
        "Nothing: an earlier write of this order had no answer, and Acumatica may still carry it out. It is looked up again when that can no longer happen.",
    ),
    person("flows.transient.secrets", RETRY),
    person(
        "magento.ambiguous.no_answer",
        "Nothing: the order is read again in Magento, and only what is missing there is told again.",
    ),
    person(
        "magento.not_ready.customer_not_found",
        "Nothing: Magento may not have committed the account yet; it is looked at again for ten minutes.",
    ),
    person(
        "magento.not_ready.database",
        "Look at the shop's database: Magento cannot reach it. It is tried again by itself.",
    ),
    person("magento.not_ready.gateway", RETRY),
    person("magento.not_ready.interrupted", RETRY),
    person("magento.not_ready.maintenance", "Nothing while Magento is in maintenance: it is tried again by itself."),
    person(
        "magento.not_ready.order_not_found",
        "Nothing: Magento may not have committed the order yet; it is looked at again for ten minutes.",
    ),
    person("magento.not_ready.time_out", RETRY),
    person(
        "magento.not_ready.unreachable",
        "Check that the shop answers at the address in the settings; it is tried again by itself.",
    ),
    person("magento.throttled.too_many_requests", RETRY),
    person("magento.transient.deadlock", RETRY),
    person("magento.transient.nonce", RETRY),
    person("magento.transient.server_error", RETRY),
    person(
        "orders.not_ready.on_hold_in_magento",
        "Release the order in Magento when it may be shipped; it is then synced by itself.",
    ),
    person("orders.not_ready.payment_not_authorised", "Nothing: it is synced once the payment is authorised."),
    person("orders.not_ready.payment_not_received", "Nothing: it is synced once the payment is received."),
    person("orders.not_ready.payment_review", "Accept or deny the payment in Magento; it is then synced by itself."),
    person("orders.not_ready.pending_payment", "Nothing: it is synced once the shopper has paid."),
    person(
        "orders.not_ready.unknown_state",
        "Look at the order in Magento; it is synced once it is in a state that Magento documents.",
    ),
    person("store.transient.unavailable", RETRY),
];
