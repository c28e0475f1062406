//! What becomes of a pair whose account was deleted, or whose customer was deleted or may not buy any more. Nobody is ever deleted.

use acumatica::Put;
use acumatica::model::customer::Customer;
use acumatica::model::value::set;

use super::super::facts::Facts;
use super::{cells, create, rules, shown};
use crate::merge::{Cell, Cells, Field, Side};
use crate::plan::{Finding, Plan, Step, StepKey};
use crate::settings::{AccountDeleted, CustomerInactive};

/// What Acumatica calls a customer that may not buy.
const INACTIVE: &str = "Inactive";

/// A side that was there is there no more.
///
/// # Errors
/// What is told where nothing is to be done.
pub(super) fn decide(facts: &Facts<'_>) -> Result<Plan, Finding> {
    match (facts.account, facts.customer) {
        (None, Some(customer)) => account_deleted(facts, customer),
        (Some(_), None) => Err(customer_deleted(facts)),
        _ => Err(Finding::new("customers.skipped.gone", "The customer is on neither side any more.")),
    }
}

fn account_deleted(facts: &Facts<'_>, customer: &Customer) -> Result<Plan, Finding> {
    let message = format!("The account of {} was deleted in Magento.", shown(facts));
    match facts.settings.customers.gone.from_magento {
        AccountDeleted::Nothing => Err(Finding::new("customers.skipped.account_deleted", message)),
        AccountDeleted::Log => Err(Finding::new("customers.resolved.account_deleted", message)),
        AccountDeleted::Deactivate if rules::is_inactive(customer) => {
            Err(Finding::new("customers.skipped.account_deleted", message))
        }
        AccountDeleted::Deactivate => {
            let inactive =
                Customer { customer_id: customer.customer_id.clone(), status: set(INACTIVE), ..Customer::default() };
            let Plan::Create(work) = create(Step::new(StepKey::CustomerUpdate, Put::customer(&inactive))) else {
                return Err(Finding::new("customers.skipped.account_deleted", message));
            };
            Ok(Plan::Update(work))
        }
    }
}

fn customer_deleted(facts: &Facts<'_>) -> Finding {
    let message = format!("The customer of {} was deleted in Acumatica.", shown(facts));
    match facts.settings.customers.gone.from_acumatica {
        CustomerInactive::Nothing => Finding::new("customers.skipped.customer_deleted", message),
        CustomerInactive::Log | CustomerInactive::Group { .. } => {
            Finding::new("customers.resolved.customer_deleted", message)
        }
    }
}

/// The group of accounts whose customer may not buy; none where the settings have none.
pub(super) fn group_of_inactive(facts: &Facts<'_>) -> Option<u64> {
    match facts.settings.customers.gone.from_acumatica {
        CustomerInactive::Group { group_id } => Some(group_id),
        CustomerInactive::Nothing | CustomerInactive::Log => None,
    }
}

/// The customer's status, watched only where it is to be told.
pub(super) fn status(facts: &Facts<'_>, customer: &Customer) -> Option<Cell> {
    is_watched(facts).then(|| Cell::same(rules::is_inactive(customer).then(|| INACTIVE.to_owned())))
}

/// Magento's accounts have no status: that is said, for a field that a side does not speak of makes it differ from what it was.
pub(super) fn no_status(facts: &Facts<'_>) -> Option<Cell> {
    is_watched(facts).then(|| Cell::same(None))
}

fn is_watched(facts: &Facts<'_>) -> bool {
    facts.settings.customers.gone.from_acumatica == CustomerInactive::Log
}

/// That the customer may not buy any more, said once: when it is seen first.
pub(super) fn turned_inactive(facts: &Facts<'_>, customer: &Cells) -> Option<Finding> {
    let field = Field::new(cells::STATUS);
    let cell = customer.get(&field).filter(|cell| cell.is.is_some())?;
    let is_news = facts.base.is_some_and(|base| base.has_changed(Side::Acumatica, &field, cell, &facts.hashes));
    is_news.then(|| {
        let message = format!("{} is inactive in Acumatica; its account in Magento is not.", shown(facts));
        Finding::new("customers.resolved.inactive", message)
    })
}
