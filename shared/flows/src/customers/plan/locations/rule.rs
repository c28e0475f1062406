//! What holds for the field of a further address.

use jiff::Timestamp;
use magento::model::customer::AddressId;

use super::super::super::facts::{Facts, changed_at};
use super::super::cells::plain;
use super::super::{Both, rules};
use super::{Ends, LOCATION, candidates};
use crate::merge::{Field, Owner, Rule, Side};
use crate::settings::AccountDeleted;

/// The rule of all further addresses; where one side's is gone, nothing is made there again, and no more is done to the other than the settings say.
pub(in super::super) fn of(facts: &Facts<'_>, cells: &Both, field: &Field) -> Rule {
    let Some(ends) = Ends::of(field) else { return rules::of(facts, field) };
    let rule = rules::of(facts, &Field::new(LOCATION));
    let is_empty = |side: Option<&crate::merge::Cell>| side.is_none_or(|cell| cell.is.is_none());
    let (no_address, no_location) = (is_empty(cells.account.get(field)), is_empty(cells.customer.get(field)));
    let owner = match rule.owner {
        Owner::Newest => match newer(facts, &ends) {
            Side::Magento => Owner::Magento,
            Side::Acumatica => Owner::Acumatica,
        },
        owner => owner,
    };
    let rule = Rule { owner, ..rule };
    if moves(facts, &ends) {
        return rule;
    }
    let to_magento = !no_location && (!no_address || ends.address.is_none());
    let to_acumatica =
        if no_address { becomes_inactive(facts, &ends) } else { !no_location || ends.location.is_none() };
    Rule { to_magento: rule.to_magento && to_magento, to_acumatica: rule.to_acumatica && to_acumatica, ..rule }
}

/// Whether the address takes over another one's location.
fn moves(facts: &Facts<'_>, ends: &Ends) -> bool {
    super::pairs(facts).iter().any(|row| row.moves && row.ends == *ends)
}

/// The address was deleted in Magento, and the settings say that its location is used no more.
fn becomes_inactive(facts: &Facts<'_>, ends: &Ends) -> bool {
    let there = |id: AddressId| facts.account.is_some_and(|account| account.address(id).is_some());
    let policy = facts.settings.customers.gone.from_magento;
    policy == AccountDeleted::Deactivate && ends.is_closed() && !ends.address.is_some_and(there)
}

/// Which of the two was saved last: a location has a stamp of its own, which its customer's does not follow.
fn newer(facts: &Facts<'_>, ends: &Ends) -> Side {
    let locations = facts.further.map(|further| candidates(further.locations)).unwrap_or_default();
    let location = locations.into_iter().find(|(id, _)| Some(id) == ends.location.as_ref());
    let saved = location.and_then(|(_, location)| plain(location.last_modified_date_time.as_ref()));
    let saved = saved.and_then(|at| at.parse::<Timestamp>().ok());
    match (facts.account.and_then(changed_at), saved) {
        (Some(account), Some(location)) if account > location => Side::Magento,
        (Some(_), None) => Side::Magento,
        _ => Side::Acumatica,
    }
}
