//! The customer that an order makes of a shopper with an account: of the account, as the account's own event makes it, so that nothing depends on which
//! of the two comes first. An order's own names and addresses may be a present's.

use acumatica::Put;
use magento::model::customer::{Customer as Account, CustomerId};
use magento::model::order::Order;

use super::ENTITY;
use super::facts::{Facts, Regions};
use super::plan;
use crate::link::EmailKey;
use crate::merge::{Hashes, Side};
use crate::plan::{Plan, StepKey};
use crate::settings::Settings;

/// The account to be read before an order makes its shopper's customer; none for guests, and where accounts make no customers.
#[must_use]
pub fn account_of(order: &Order, settings: &Settings) -> Option<CustomerId> {
    let customers = &settings.customers;
    let id = order.customer_id.as_ref().filter(|_| !order.customer_is_guest.0)?;
    (customers.enabled && customers.direction.to_acumatica()).then(|| CustomerId::new(id.0))
}

/// The request that makes the account's customer. None where the account has another e-mail than the order by now, so that another guard would be
/// its own, or where the account would not be synced: its order is written all the same, and makes a customer of its own data.
#[must_use]
pub fn customer_of(
    account: &Account,
    email: &str,
    link: &str,
    settings: &Settings,
    emails: &EmailKey,
) -> Option<Box<Put>> {
    let own = account.email.as_deref().unwrap_or_default();
    if emails.hash(own) != emails.hash(email) {
        return None;
    }
    let record = format!("{link}/{ENTITY}/{}", account.id);
    let regions = Regions::new();
    let facts = Facts {
        link,
        settings,
        account: Some(account),
        customer: None,
        paired: false,
        base: None,
        newer: Side::Magento,
        hashes: Hashes::new(emails, &record),
        regions: &regions,
        further: None,
    };
    let Plan::Create(work) = plan::plan(&facts).plan else { return None };
    let step = work.steps.into_iter().find(|step| step.key == StepKey::CustomerCreate)?;
    match step.write {
        crate::plan::Write::Acumatica(put) => Some(Box::new(put)),
        crate::plan::Write::Magento(_) => None,
    }
}
