//! Which customers are synced, and whose value wins in which field.

use acumatica::model::customer::Customer;

use super::super::facts::Facts;
use super::{Both, attributes, cells, disabled, email, locations, shown, to_magento};
use crate::merge::{Cells, Field, Owner, Rule, Side};
use crate::plan::Finding;
use crate::settings::{Masked, matches};

/// Statuses of Acumatica's customers that may not buy.
const INACTIVE: &str = "Inactive";

/// What holds for a field: its own owner, else the system of record; and the narrower of its own direction and that of all customers.
pub(super) fn of(facts: &Facts<'_>, field: &Field) -> Rule {
    let customers = &facts.settings.customers;
    let owner = customers.owners.get(field).copied().unwrap_or(customers.system_of_record);
    let is_watched = field.name() == cells::STATUS;
    let own = attributes::row_of(facts, field.name()).map(|row| row.direction).unwrap_or_default();
    Rule {
        owner,
        to_magento: !is_watched && customers.direction.to_magento() && own.to_magento(),
        to_acumatica: !is_watched && customers.direction.to_acumatica() && own.to_acumatica(),
    }
}

/// Fields without which nobody can be made, or found again: somebody new gets them whatever the settings say of their changes.
const NEEDED: [&str; 2] = [cells::EMAIL, cells::NAME];

/// What somebody new on the other side of `from` gets.
pub(super) fn given(facts: &Facts<'_>, cells: &Both, from: Side) -> Cells {
    let own = if from == Side::Magento { &cells.account } else { &cells.customer };
    let is_given = |field: &Field| {
        let rule = locations::rule(facts, cells, field);
        NEEDED.contains(&field.name()) || (rule.owner != Owner::Never && rule.lets(from))
    };
    own.iter().filter(|(field, _)| is_given(field)).map(|(field, cell)| (field.clone(), cell.clone())).collect()
}

/// Why the pair is not synced at all.
pub(super) fn skipped(facts: &Facts<'_>) -> Option<Finding> {
    if !facts.settings.customers.enabled {
        return Some(disabled());
    }
    if is_guest(facts) && facts.account.is_none() && !facts.paired {
        let message = format!("{} is a guest, who has no account.", shown(facts));
        return Some(Finding::new("customers.skipped.guest", message));
    }
    match masked(facts)? {
        Masked::Skip => {
            let message = format!("{} has an e-mail that the settings skip.", shown(facts));
            Some(Finding::new("customers.skipped.masked_email", message))
        }
        Masked::Park | Masked::Sync => None,
    }
}

fn is_guest(facts: &Facts<'_>) -> bool {
    facts.customer.is_some_and(|customer| customer.is_guest_customer.as_ref().is_some_and(|guest| guest.0))
}

/// Whether an account meets the customer that a guest's order has made: anybody may order under anybody's e-mail, so the account has its way.
pub(super) fn is_of_a_guest(facts: &Facts<'_>) -> bool {
    facts.base.is_none() && facts.account.is_some() && is_guest(facts)
}

/// Why nobody can be found by this e-mail: there is none, it is no address for mail, or the settings say that it is no person's.
pub(super) fn no_key(facts: &Facts<'_>) -> Option<Finding> {
    let skipped = || skipped(facts).filter(|_| masked(facts) == Some(Masked::Skip));
    skipped().or_else(|| usable_email(facts).err())
}

fn masked(facts: &Facts<'_>) -> Option<Masked> {
    let email = email(facts)?.to_lowercase();
    let rows = &facts.settings.customers.masked_emails;
    rows.iter().find(|row| matches(&row.email.to_lowercase(), &email)).map(|row| row.becomes)
}

/// An e-mail by which the other side can be found.
///
/// # Errors
/// None, one that is no address for mail, or one that the settings say is nobody's.
pub(super) fn usable_email(facts: &Facts<'_>) -> Result<(), Finding> {
    let email = email(facts).ok_or_else(|| to_magento::no_email(facts))?;
    let is_address = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if !is_address || email.chars().any(char::is_whitespace) {
        let message = format!("The e-mail of {} is no address for mail.", shown(facts));
        return Err(Finding::new("customers.rejected.email_malformed", message));
    }
    if masked(facts) == Some(Masked::Park) {
        let message = format!("{} has an e-mail that the settings say is no person's.", shown(facts));
        return Err(Finding::new("customers.rejected.masked_email", message));
    }
    Ok(())
}

/// Whether a customer of Acumatica that Magento does not have becomes an account there.
///
/// # Errors
/// Why not.
pub(super) fn becomes_an_account(facts: &Facts<'_>, customer: &Customer) -> Result<(), Finding> {
    if facts.accounts().is_none() {
        let message = format!("The class of {} is not one of those whose customers are made in Magento.", shown(facts));
        return Err(Finding::new("customers.skipped.class_not_synced", message));
    }
    if is_inactive(customer) {
        let message = format!("{} is inactive, so no account is made for it.", shown(facts));
        return Err(Finding::new("customers.skipped.inactive", message));
    }
    Ok(())
}

/// Whether the customer may not buy any more.
pub(super) fn is_inactive(customer: &Customer) -> bool {
    cells::plain(customer.status.as_ref()).as_deref() == Some(INACTIVE)
}
