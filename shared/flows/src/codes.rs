//! Every code with what a person does about it. The sentence that names the offending value is made where the code is raised.

/// What the merchant's staff know of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The stable code, also the name of its runbook page.
    pub code: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// A change of the settings may be the fix: records parked by it are tried again once per newer version.
    pub by_settings: bool,
}

const fn person(code: &'static str, fix: &'static str) -> Advice {
    Advice { code, fix, by_settings: false }
}

const fn settings(code: &'static str, fix: &'static str) -> Advice {
    Advice { code, fix, by_settings: true }
}

const RETRY: &str = "Nothing: it is tried again by itself.";
const LOOK_IN_ERP: &str = "Open the order in Acumatica and decide there; nothing is tried again.";

/// All of them, by code.
pub const ADVICE: &[Advice] = &[
    person(
        "acumatica.ambiguous.no_answer",
        "Nothing: the order is looked up in Acumatica before anything is sent again.",
    ),
    person("acumatica.bug.request", "Report it with the sync log's entry; retry after the next release."),
    person(
        "acumatica.bug.undecodable",
        "Check that the endpoint's version is the one in the settings; report it otherwise.",
    ),
    person(
        "acumatica.not_ready.login_limit",
        "Close unused API sessions in Acumatica (License Monitoring Console) or raise the licence; it is tried again by itself.",
    ),
    person(
        "acumatica.not_ready.maintenance",
        "Nothing while Acumatica is in maintenance: it is tried again by itself.",
    ),
    person(
        "acumatica.not_ready.unreachable",
        "Check that Acumatica answers at the address in the settings; it is tried again by itself.",
    ),
    settings("acumatica.rejected.branch_not_found", "Correct the branch in the settings, or create it in Acumatica."),
    settings(
        "acumatica.rejected.cash_account_not_found",
        "Correct the cash account of the payment method's mapping, or allow it for that payment method in Acumatica.",
    ),
    person(
        "acumatica.rejected.control_total",
        "Compare the order in both systems; correct the order type's control total or the amounts, then retry.",
    ),
    settings(
        "acumatica.rejected.credentials",
        "Correct the secret `<stack>/<link>/acumatica`, run the connection test, then retry.",
    ),
    person(
        "acumatica.rejected.credit_limit",
        "Raise the customer's credit limit in Acumatica or agree on a payment, then retry.",
    ),
    person("acumatica.rejected.customer_inactive", "Activate the customer in Acumatica, then retry."),
    person(
        "acumatica.rejected.customer_not_found",
        "The customer that this e-mail was linked to is gone: restore it in Acumatica, then retry.",
    ),
    person("acumatica.rejected.customer_on_hold", "Take the customer off hold in Acumatica, then retry."),
    person(
        "acumatica.rejected.duplicate_customer_order",
        "Find the Acumatica order with the same customer order number; if it is not this order, change one of them, then retry.",
    ),
    settings("acumatica.rejected.endpoint", "Correct the endpoint's name and version in the settings."),
    settings("acumatica.rejected.field", "Correct the value that Acumatica names, or its mapping, then retry."),
    person("acumatica.rejected.item_inactive", "Activate the item in Acumatica, then retry."),
    person(
        "acumatica.rejected.item_not_found",
        "Create the item in Acumatica, or add the SKU as its alternate ID, then retry.",
    ),
    person(
        "acumatica.rejected.numbering",
        "Correct the numbering sequence of the order type in Acumatica, then retry.",
    ),
    settings(
        "acumatica.rejected.order_type_inactive",
        "Activate the order type in Acumatica, or map another one in the settings.",
    ),
    settings("acumatica.rejected.other", "Do what Acumatica's message says, then retry."),
    person(
        "acumatica.rejected.payment_exceeds_order",
        "Compare payments and total of the order in Magento, then retry.",
    ),
    settings(
        "acumatica.rejected.payment_method_not_found",
        "Correct the payment method's mapping in the settings, or create the method in Acumatica.",
    ),
    person("acumatica.rejected.period_closed", "Open the financial period in Acumatica, then retry."),
    person(
        "acumatica.rejected.permission",
        "Give the integration's user access to the screen in Acumatica, then retry.",
    ),
    person("acumatica.rejected.precondition", "Look in Acumatica for a document with this order's number, then retry."),
    person(
        "acumatica.rejected.record_not_found",
        "The document that this order was linked to is gone in Acumatica: restore it, then retry.",
    ),
    person("acumatica.rejected.setup", "Complete the configuration in Acumatica that its message names, then retry."),
    settings(
        "acumatica.rejected.ship_via_not_found",
        "Correct the shipping method's mapping in the settings, or create the ship via in Acumatica.",
    ),
    settings("acumatica.rejected.tax_not_found", "Correct the tax ID in the settings, or create the tax in Acumatica."),
    settings(
        "acumatica.rejected.tax_zone_not_found",
        "Correct the tax zone in the settings, or create it in Acumatica.",
    ),
    settings("acumatica.rejected.terms_not_found", "Correct the terms in the settings, or create them in Acumatica."),
    settings(
        "acumatica.rejected.warehouse_not_found",
        "Correct the warehouse in the settings, or create it in Acumatica.",
    ),
    person("acumatica.throttled.licence", RETRY),
    person("acumatica.transient.busy", RETRY),
    person("acumatica.transient.interrupted", RETRY),
    person("acumatica.transient.server_error", RETRY),
    person("acumatica.transient.time_out", RETRY),
    person("acumatica.transient.token_busy", RETRY),
    person("acumatica.transient.token_store", RETRY),
    person("customers.not_ready.being_made", "Nothing: another order of the same shopper is making the customer."),
    person(
        "customers.rejected.ambiguous_email",
        "Several customers in Acumatica have this order's e-mail: leave it on one of them, then retry.",
    ),
    person(
        "customers.rejected.email_not_taken",
        "Check the new customer's e-mail in Acumatica: it was not saved as sent. Correct it there, then retry.",
    ),
    person("flows.bug.impossible", "Report it with the sync log's entry."),
    person("flows.bug.panic", "Report it with the sync log's entry; retry after the next release."),
    person("flows.bug.settings", "Report it with the settings' version; put the settings again."),
    person("flows.not_ready.link_inactive", "Activate the link: what was collected is then processed."),
    person("flows.not_ready.no_time", RETRY),
    person("flows.not_ready.throttled", RETRY),
    person(
        "flows.not_ready.window",
        "Nothing: an earlier write of this order had no answer, and Acumatica may still carry it out. It is looked up again when that can no longer happen.",
    ),
    person(
        "flows.rejected.attempts_exhausted",
        "Read why the last tries failed in the sync log, mend that, then retry.",
    ),
    settings("flows.rejected.connection", "Correct the platform's address in the settings."),
    person(
        "flows.rejected.deployment_key",
        "Restore the deployment key's secret: with another one every e-mail would make a new customer.",
    ),
    person(
        "flows.rejected.reference_taken",
        "Two Magento orders claim one document in Acumatica: compare both, correct `External Reference` there, then retry.",
    ),
    person("flows.rejected.secret", "Create or correct the secret named; what waits for it is then tried by itself."),
    person(
        "flows.rejected.undecodable_event",
        "The message is not one of ours, or of a newer release: find out who put it into the queue. Delete it from the DLQ.",
    ),
    person(
        "flows.rejected.unknown_link",
        "The message names a link that does not exist: find out who sent it, and delete it from the DLQ.",
    ),
    person("flows.skipped.stale", "Nothing: a newer state of the record was already written."),
    person(
        "flows.skipped.still_parked",
        "Nothing: the record is parked for its first reason, and nothing about it has changed.",
    ),
    person("flows.transient.secrets", RETRY),
    person("magento.bug.undecodable", "Report it with the sync log's entry; retry after the next release."),
    person("magento.not_ready.maintenance", "Nothing while Magento is in maintenance: it is tried again by itself."),
    person(
        "magento.not_ready.order_not_found",
        "Nothing: Magento may not have committed the order yet; it is looked at again for ten minutes.",
    ),
    person(
        "magento.not_ready.unreachable",
        "Check that the shop answers at the address in the settings; it is tried again by itself.",
    ),
    person("magento.rejected.blocked", "Let requests of the connector pass the shop's firewall, then retry."),
    settings(
        "magento.rejected.credentials",
        "Renew the integration's token in Magento, correct the secret `<stack>/<link>/magento`, then retry.",
    ),
    settings(
        "magento.rejected.no_such_route",
        "Correct the shop's address in the settings, or switch the missing module on in Magento.",
    ),
    person("magento.rejected.not_found", "Check that the record still exists in Magento."),
    person(
        "magento.rejected.order_not_found",
        "The order does not exist in Magento: if it was deleted there, nothing needs to be done.",
    ),
    person("magento.rejected.other", "Do what Magento's message says, then retry."),
    person(
        "magento.rejected.permission",
        "Give the integration the permission named (System → Integrations → API), then retry.",
    ),
    person("magento.throttled.too_many_requests", RETRY),
    person("magento.transient.deadlock", RETRY),
    person("magento.transient.gateway", RETRY),
    person("magento.transient.interrupted", RETRY),
    person("magento.transient.nonce", RETRY),
    person("magento.transient.server_error", RETRY),
    person("magento.transient.time_out", RETRY),
    person(
        "orders.held.canceled_in_magento",
        "Cancel the order in Acumatica, or agree with the shopper and take it off hold there.",
    ),
    person("orders.held.credit_hold", LOOK_IN_ERP),
    person(
        "orders.held.lines_differ_from_subtotal",
        "Compare the order's lines in both systems, correct them in Acumatica, then take it off hold there.",
    ),
    person("orders.held.on_hold_in_acumatica", LOOK_IN_ERP),
    person("orders.held.pending_approval", "Approve or reject the order in Acumatica."),
    person("orders.held.risk_hold", LOOK_IN_ERP),
    person("orders.held.total_differs", "Correct the amount named in Acumatica, then take the order off hold there."),
    person("orders.held.value_not_taken", "Enter the value named in Acumatica, then take the order off hold there."),
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
    person(
        "orders.rejected.changed_after_sync",
        "Make the same change in Acumatica, or cancel the order in both systems and enter it anew.",
    ),
    settings(
        "orders.rejected.currency_differs",
        "Run the connection test so that the settings know the website's base currency.",
    ),
    person(
        "orders.rejected.discount_exceeds_line",
        "Compare the line's price and discount in Magento; enter this order by hand.",
    ),
    person(
        "orders.rejected.discount_exceeds_lines",
        "Compare the order's discounts in Magento; enter this order by hand.",
    ),
    person(
        "orders.rejected.duplicate_documents",
        "Several orders in Acumatica carry this order's reference: cancel all but one and clear their `External Reference`, then retry.",
    ),
    person("orders.rejected.email_missing", "Enter the shopper's e-mail in Magento, then retry."),
    person("orders.rejected.not_held", "Put the order named on hold in Acumatica, then retry."),
    settings(
        "orders.rejected.number_taken",
        "Another document in Acumatica has this order's number: renumber one of them, or let Acumatica number the order type.",
    ),
    settings(
        "orders.rejected.number_too_long",
        "Let Acumatica number this order type, or shorten Magento's order numbers.",
    ),
    person("orders.rejected.overpaid", "Correct the payment in Magento, then retry."),
    settings("orders.rejected.payment_method_not_mapped", "Map the payment method in the settings."),
    person("orders.rejected.payment_missing", "Look at the order in Magento: without a payment it cannot be written."),
    person("orders.rejected.reference_too_long", "Shorten Magento's order numbers; enter this order by hand."),
    settings("orders.rejected.setting_missing", "Set the value named in the settings."),
    settings(
        "orders.rejected.shipping_method_missing",
        "Look at the order in Magento: it is to be shipped and has no shipping method.",
    ),
    settings("orders.rejected.shipping_method_not_mapped", "Map the shipping method in the settings."),
    settings("orders.rejected.store_not_mapped", "Run the connection test: it fills in the store views."),
    person(
        "orders.rejected.tax_not_itemised",
        "Enter this order by hand, and check which module of the shop removes `applied_taxes`.",
    ),
    settings("orders.rejected.tax_not_mapped", "Map the tax rate to a tax ID in the settings."),
    person("orders.rejected.unreadable_date", "Look at the order in Magento; enter it by hand."),
    person("orders.rejected.unsupported_bundle", "Enter this order by hand."),
    person("orders.rejected.unsupported_fixed_product_tax", "Enter this order by hand."),
    person("orders.rejected.unsupported_gift_card", "Enter this order by hand."),
    person("orders.rejected.unsupported_gift_card_tender", "Enter this order by hand."),
    person("orders.rejected.unsupported_gift_wrap", "Enter this order by hand."),
    person("orders.rejected.unsupported_line_count", "Enter this order by hand."),
    person("orders.rejected.unsupported_partial_cancellation", "Enter this order by hand."),
    person("orders.rejected.unsupported_partial_refund", "Enter this order by hand."),
    person("orders.rejected.unsupported_product_type", "Enter this order by hand."),
    person("orders.rejected.unsupported_reward_points", "Enter this order by hand."),
    person("orders.rejected.unsupported_store_credit", "Enter this order by hand."),
    person("orders.rejected.value_too_long", "Shorten the value named in Magento or in the settings, then retry."),
    person("orders.skipped.canceled_before_sync", "Nothing: there is no document in Acumatica."),
    person("orders.skipped.disabled", "Nothing: orders are switched off in the settings."),
    person("orders.skipped.older_than_earliest_order", "Nothing: the order is from before the cut-over."),
    person("orders.skipped.payment_method_excluded", "Nothing: the settings exclude this payment method."),
    person(
        "store.bug.unreadable",
        "Report it with the record's key: an item in the state table is not of a form that this release knows.",
    ),
    person("store.transient.unavailable", RETRY),
];

/// What to do about a code; a code of a later release is unknown here.
#[must_use]
pub fn advice(code: &str) -> Option<&'static Advice> {
    ADVICE.iter().find(|advice| advice.code == code)
}

/// The fix of a code.
#[must_use]
pub fn fix(code: &str) -> &'static str {
    advice(code).map_or("Read the sync log's entry.", |advice| advice.fix)
}

/// The codes that a change of the settings may mend.
#[must_use]
pub fn may_be_mended_by_settings(code: &str) -> bool {
    advice(code).is_some_and(|advice| advice.by_settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_unique_and_of_a_known_class() {
        for pair in ADVICE.windows(2) {
            assert!(pair[0].code < pair[1].code, "{} before {}", pair[0].code, pair[1].code);
        }
        let classes = ["transient", "throttled", "not_ready", "rejected", "ambiguous", "bug", "held", "skipped"];
        for advice in ADVICE {
            let class = advice.code.split('.').nth(1).expect("a class");
            assert!(classes.contains(&class), "{}", advice.code);
        }
    }

    #[test]
    fn the_clients_raise_no_code_without_advice() {
        for (code, class) in acumatica::error::table::CODES {
            assert!(advice(code).is_some(), "{code}");
            assert_eq!(code.split('.').nth(1), Some(class.as_str()), "{code}");
        }
    }
}
