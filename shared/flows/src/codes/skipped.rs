//! Reasons for which nothing is written, by rule.

use super::{Advice, person};

/// Skipped: nothing is to be done. Sorted by code.
pub(super) const SKIPPED: &[Advice] = &[
    person("customers.skipped.account_deleted", "Nothing: the settings leave the customer in Acumatica as it is."),
    person(
        "customers.skipped.ambiguous_email",
        "Nothing: the other customer is the one that is synced. To have this one synced, take the e-mail from the other.",
    ),
    person("customers.skipped.class_not_synced", "Nothing: the settings make no accounts of customers of this class."),
    person(
        "customers.skipped.companies_off",
        "Nothing: companies are switched off in the settings, and contacts stay as they are.",
    ),
    person("customers.skipped.company", "Nothing: a company's own data are Acumatica's once its customer is made."),
    person(
        "customers.skipped.company_blocked",
        "Nothing: the company is rejected or blocked in Magento; the person is synced with the next change, or on demand, once it is not.",
    ),
    person("customers.skipped.customer_deleted", "Nothing: the settings leave the account in Magento as it is."),
    person("customers.skipped.direction", "Nothing: the settings sync customers the other way."),
    person("customers.skipped.disabled", "Nothing: customers are switched off in the settings."),
    person("customers.skipped.gone", "Nothing: there is nobody to sync."),
    person("customers.skipped.guest", "Nothing: a guest has no account, and is linked once one is made in Magento."),
    person("customers.skipped.inactive", "Nothing: it is synced once the customer is active in Acumatica."),
    person("customers.skipped.joined", "Nothing: the pair has one record, and the event was given to it."),
    person(
        "customers.skipped.left_company",
        "Nothing: the account belongs to no company any more, and its contact stays as it is.",
    ),
    person("customers.skipped.masked_email", "Nothing: the settings skip customers with such an e-mail."),
    person(
        "customers.skipped.shared_email",
        "Nothing: by the settings the account that came first is the one that is synced.",
    ),
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
