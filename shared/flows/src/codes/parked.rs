//! Causes for which a record is parked: a person must change something, in either system or in the settings.

use super::{Advice, person, settings};

/// Parked: it is tried again when somebody says so, when the source changes or, for a mapping, when the settings change. Sorted by code.
pub(super) const PARKED: &[Advice] = &[
    person("acumatica.bug.request", "Report it with the sync log's entry; retry after the next release."),
    settings(
        "acumatica.bug.undecodable",
        "Check that the endpoint's version is the one in the settings; report it otherwise.",
    ),
    settings(
        "acumatica.rejected.address",
        "Correct the address or contact in Magento (Sales → Orders, the order, Edit), or the country's rule in the settings, then retry.",
    ),
    settings(
        "acumatica.rejected.attribute_not_found",
        "Correct the attribute in the settings, or add it to the customer class in Acumatica.",
    ),
    settings(
        "acumatica.rejected.attribute_value",
        "Correct the value in Magento, or the mapping of its values in the settings, then retry.",
    ),
    settings("acumatica.rejected.branch_not_found", "Correct the branch in the settings, or create it in Acumatica."),
    settings(
        "acumatica.rejected.cash_account_not_found",
        "Correct the cash account of the payment method's mapping, or allow it for that payment method in Acumatica.",
    ),
    settings(
        "acumatica.rejected.control_total",
        "Compare the order in both systems; let `control_total` in the settings say what Acumatica's order type requires, then retry.",
    ),
    settings(
        "acumatica.rejected.credentials",
        "Correct the secret `<stack>/<link>/acumatica`, run the connection test, then retry.",
    ),
    person(
        "acumatica.rejected.credit_limit",
        "Raise the customer's credit limit in Acumatica or agree on a payment, then retry.",
    ),
    person(
        "acumatica.rejected.currency",
        "Allow the currency for the customer and the cash account in Acumatica, then retry.",
    ),
    settings(
        "acumatica.rejected.customer_class_not_found",
        "Correct the customer class in the settings, or create it in Acumatica.",
    ),
    settings(
        "acumatica.rejected.customer_class_not_usable",
        "Correct the customer class in the settings, or complete or activate it in Acumatica.",
    ),
    person("acumatica.rejected.customer_inactive", "Activate the customer in Acumatica, then retry."),
    person(
        "acumatica.rejected.customer_not_found",
        "The customer that this e-mail was linked to is gone: restore it in Acumatica, then retry.",
    ),
    person("acumatica.rejected.customer_on_hold", "Take the customer off hold in Acumatica, then retry."),
    settings(
        "acumatica.rejected.customer_order_required",
        "Let the settings send a customer order number (`duplicate_guard`), or do not require it in Acumatica's order type.",
    ),
    settings(
        "acumatica.rejected.drop_ship",
        "Correct the vendor or the source of the drop-ship mapping in the settings, or let the item be bought from that vendor in Acumatica.",
    ),
    person(
        "acumatica.rejected.duplicate_customer_order",
        "Find the Acumatica order with the same customer order number; if it is not this order, change one of them, then retry.",
    ),
    person("acumatica.rejected.email", "Correct the customer's e-mail in Magento, then retry."),
    settings("acumatica.rejected.endpoint", "Correct the endpoint's name and version in the settings."),
    settings("acumatica.rejected.field", "Correct the value that Acumatica names, or its mapping, then retry."),
    person("acumatica.rejected.item_inactive", "Activate the item in Acumatica, then retry."),
    settings(
        "acumatica.rejected.item_not_found",
        "Create the item in Acumatica, or add the SKU as its alternate ID, or say in the settings where the item's ID stands; then retry.",
    ),
    settings(
        "acumatica.rejected.item_not_usable",
        "See in Acumatica why the item cannot stand on a sales order (template, alternate ID of two items), or map the SKU to another item in the settings.",
    ),
    person("acumatica.rejected.name_missing", "Give the customer a name in Magento, then retry."),
    settings(
        "acumatica.rejected.numbering",
        "Correct the numbering sequence of the order type in Acumatica, or `numbering` in the settings, then retry.",
    ),
    settings(
        "acumatica.rejected.order_type_inactive",
        "Activate the order type in Acumatica, or map another one in the settings.",
    ),
    settings(
        "acumatica.rejected.order_type_not_found",
        "Correct the order type in the settings, or create it in Acumatica.",
    ),
    settings("acumatica.rejected.other", "Do what Acumatica's message says, then retry."),
    settings(
        "acumatica.rejected.payment",
        "Do what Acumatica says of the payment: mostly the payment method's cash account or its mapping in the settings. Then retry.",
    ),
    person(
        "acumatica.rejected.payment_exceeds_order",
        "Compare payments and total of the order in Magento, then retry.",
    ),
    settings(
        "acumatica.rejected.payment_method_not_found",
        "Correct the payment method's mapping in the settings, or create the method in Acumatica.",
    ),
    settings(
        "acumatica.rejected.period_closed",
        "Open the financial period in Acumatica, or let the settings use the next open one (`closed_period`), then retry.",
    ),
    person(
        "acumatica.rejected.permission",
        "Give the integration's user access to the screen in Acumatica, then retry.",
    ),
    person("acumatica.rejected.precondition", "Look in Acumatica for a document with this order's number, then retry."),
    settings(
        "acumatica.rejected.price_class_not_found",
        "Correct the price class in the settings, or create it in Acumatica.",
    ),
    settings(
        "acumatica.rejected.processing_center_not_found",
        "Correct the processing centre of the payment method's mapping in the settings, or create it in Acumatica.",
    ),
    person(
        "acumatica.rejected.record_not_found",
        "The document that this order was linked to is gone in Acumatica: restore it, then retry.",
    ),
    person("acumatica.rejected.setup", "Complete the configuration in Acumatica that its message names, then retry."),
    settings(
        "acumatica.rejected.ship_via_not_applicable",
        "Map the shipping method to another ship via in the settings, or allow the ship via for the warehouse in Acumatica.",
    ),
    settings(
        "acumatica.rejected.ship_via_not_found",
        "Correct the shipping method's mapping in the settings, or create the ship via in Acumatica.",
    ),
    settings(
        "acumatica.rejected.shipping_terms_not_found",
        "Correct the shipping terms of the shipping method's mapping in the settings, or create them in Acumatica.",
    ),
    settings(
        "acumatica.rejected.tax_category_not_found",
        "Correct the tax category in the settings, or create it in Acumatica.",
    ),
    settings(
        "acumatica.rejected.tax_not_applicable",
        "Correct the tax ID or the tax zone in the settings, or let the tax zone and the tax categories in Acumatica yield that tax.",
    ),
    settings("acumatica.rejected.tax_not_found", "Correct the tax ID in the settings, or create the tax in Acumatica."),
    settings(
        "acumatica.rejected.tax_zone_not_found",
        "Correct the tax zone in the settings, or create it in Acumatica.",
    ),
    settings("acumatica.rejected.terms_not_found", "Correct the terms in the settings, or create them in Acumatica."),
    settings(
        "acumatica.rejected.uom",
        "Correct the unit's mapping in the settings, or add the unit with its conversion to the item in Acumatica.",
    ),
    settings(
        "acumatica.rejected.warehouse_not_found",
        "Correct the warehouse in the settings, or create it in Acumatica.",
    ),
    person(
        "customers.rejected.address_incomplete",
        "Complete the address in Acumatica (Customers, the customer, tabs General and Shipping), then retry.",
    ),
    person(
        "customers.rejected.ambiguous_contact",
        "Leave the e-mail on one of the contacts named in Acumatica (Contacts, CR302000), or set the others inactive, then retry.",
    ),
    settings(
        "customers.rejected.ambiguous_email",
        "Leave the e-mail on one of the customers named, or let `ambiguous_email` in the settings choose one in Acumatica, then retry.",
    ),
    settings(
        "customers.rejected.attribute_value",
        "Correct the value in Magento or Acumatica, or the attribute's row in the settings, then retry.",
    ),
    settings(
        "customers.rejected.class_not_mapped",
        "Add the customer class, and the price class where there is one, to `groups` in the settings.",
    ),
    person(
        "customers.rejected.company_changed",
        "Give the contact in Acumatica (Contacts, CR302000) the business account of the person's company in Magento, then retry.",
    ),
    settings(
        "customers.rejected.company_module_missing",
        "Switch the B2B module of Magento on, or `companies` in the settings off.",
    ),
    person("customers.rejected.email_malformed", "Correct the e-mail in Magento or Acumatica, then retry."),
    person(
        "customers.rejected.email_missing",
        "Enter the e-mail of the main contact in Acumatica, or that of the account in Magento, then retry.",
    ),
    person(
        "customers.rejected.email_not_taken",
        "Check the new customer's e-mail in Acumatica: it was not saved as sent. Correct it there, then retry.",
    ),
    person(
        "customers.rejected.email_taken",
        "Correct the e-mail in Magento, or leave it on one of the two customers in Acumatica, then retry.",
    ),
    settings(
        "customers.rejected.group_not_mapped",
        "Add the customer group to `groups` in the settings, or put the account into a mapped group in Magento.",
    ),
    settings(
        "customers.rejected.masked_email",
        "Enter the person's own e-mail, or let `masked_emails` in the settings skip or sync such customers, then retry.",
    ),
    person(
        "customers.rejected.name_missing",
        "Enter first and last name in Magento, or a contact's name in Acumatica (field Attention of the main contact), then retry.",
    ),
    settings(
        "customers.rejected.region_unknown",
        "Correct the state of the address in Acumatica, or map it in `regions` of the settings, then retry.",
    ),
    settings(
        "customers.rejected.shared_email",
        "Leave the e-mail on one of the two accounts in Magento, or let `shared_email` in the settings be `first`, then retry.",
    ),
    settings(
        "customers.rejected.store_view_unknown",
        "Name a store view of the shop in `accounts` of the settings, then run the connection test.",
    ),
    person("customers.rejected.value_too_long", "Shorten the value named in Magento, then retry."),
    person("flows.bug.impossible", "Report it with the sync log's entry."),
    person("flows.bug.panic", "Report it with the sync log's entry; retry after the next release."),
    person("flows.bug.settings", "Report it with the settings' version; put the settings again."),
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
        "Two records of Magento claim one document or customer in Acumatica: compare both, correct `External Reference` of orders, the e-mails of customers, then retry.",
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
    person("magento.bug.undecodable", "Report it with the sync log's entry; retry after the next release."),
    person("magento.rejected.blocked", "Let requests of the connector pass the shop's firewall, then retry."),
    settings(
        "magento.rejected.credentials",
        "Renew the integration's token in Magento, correct the secret `<stack>/<link>/magento`, then retry.",
    ),
    person("magento.rejected.email", "Correct the customer's e-mail in Acumatica (Customers, AR303000), then retry."),
    person(
        "magento.rejected.email_taken",
        "Find the account with this e-mail in Magento (Customers → All Customers); change or delete one of the two, then retry.",
    ),
    settings("magento.rejected.field", "Correct the value that Magento names, or its mapping, then retry."),
    settings(
        "magento.rejected.group_not_found",
        "Correct the customer group in the settings, or create it in Magento (Customers → Customer Groups).",
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
        "Give the integration the permission named in Magento (System → Integrations → API), then retry.",
    ),
    person("magento.rejected.region", "Give the address a state that Magento lists for its country, then retry."),
    person(
        "orders.rejected.address_incomplete",
        "Complete the address in Magento, which the order's page allows, then retry.",
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
    settings(
        "orders.rejected.extra_amount_unusable",
        "Look at the amount named in Magento, correct the setting if it names another field, or enter this order by hand.",
    ),
    settings("orders.rejected.extra_item_not_mapped", "Map the amount named to a non-stock item in the settings."),
    person(
        "orders.rejected.fixed_product_tax_unknown",
        "Enter this order by hand, and find out which module of the shop removes the amount in base currency.",
    ),
    settings(
        "orders.rejected.item_not_mapped",
        "Give the product named the attribute in Magento, or correct the attribute's code in the settings, then retry.",
    ),
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
    settings(
        "orders.rejected.tender_not_mapped",
        "Map gift cards, store credit or reward points, whichever is named, in the settings.",
    ),
    settings(
        "orders.rejected.transaction_missing",
        "Capture the payment in Magento, or take `authorised` out of the payment method in the settings, then retry.",
    ),
    person("orders.rejected.unreadable_date", "Look at the order in Magento; enter it by hand."),
    person("orders.rejected.unsupported_product_type", "Enter this order by hand."),
    settings("orders.rejected.value_too_long", "Shorten the value named in Magento or in the settings, then retry."),
    person(
        "store.bug.unreadable",
        "Report it with the record's key: an item in the state table is not of a form that this release knows.",
    ),
];
