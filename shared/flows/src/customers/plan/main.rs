//! What stands elsewhere on one side: Acumatica's shipping contact and address are the main ones until they are given their own, and Magento has a
//! company and telephones only in addresses. A change of one thing is then one of another, too.

use std::collections::BTreeSet;

use acumatica::model::customer::Customer;
use acumatica::model::value::Value;

use super::super::facts::Facts;
use super::{Both, cells, rules};
use crate::merge::{Cells, Field, Merged, Owner};

/// A main field in Acumatica, and what follows it there.
const FOLLOWERS: [(&str, &str); 3] =
    [(cells::NAME, cells::SHIPPING_NAME), (cells::PHONE, cells::SHIPPING_PHONE), (cells::BILLING, cells::SHIPPING)];

/// What Magento has in an address, and that address.
const WITHIN: [(&str, &str); 4] = [
    (cells::COMPANY, cells::BILLING),
    (cells::PHONE, cells::BILLING),
    (cells::SHIPPING_NAME, cells::SHIPPING),
    (cells::SHIPPING_PHONE, cells::SHIPPING),
];

/// Takes in what a merge changes besides its fields.
pub(super) fn follow(facts: &Facts<'_>, cells: &Both, merged: &mut Merged) {
    let Some(customer) = facts.customer else { return };
    for (main, follower) in FOLLOWERS.map(|(main, follower)| (Field::new(main), Field::new(follower))) {
        if merged.to_acumatica.contains(&main) && follows(customer, &follower) {
            let means = |field| cells.account.get(field).and_then(|cell| cell.means.clone().ok()).flatten();
            let rule = rules::of(facts, &follower);
            let is_synced = rule.owner != Owner::Never && rule.to_acumatica && !merged.to_magento.contains(&follower);
            if is_synced && means(&follower).is_some() && means(&follower) != means(&main) {
                merged.to_acumatica.insert(follower);
            }
        }
    }
    for (field, address) in WITHIN.map(|(field, address)| (Field::new(field), Field::new(address))) {
        let there = cells.account.get(&address).is_some_and(|cell| cell.is.is_some());
        if there {
            continue;
        }
        // An address that is no default one any more, or deleted, takes nothing away from Acumatica.
        merged.to_acumatica.remove(&address);
        merged.to_acumatica.remove(&field);
        if !merged.to_magento.contains(&address) {
            merged.to_magento.remove(&field);
        }
    }
}

/// Whether a field of `fields` comes about by itself: it follows the main one, which is to be the same.
pub(super) fn comes_along(facts: &Facts<'_>, here: &Cells, fields: &BTreeSet<Field>, field: &Field) -> bool {
    let means = |field: &Field| here.get(field).and_then(|cell| cell.means.as_ref().ok());
    let main = FOLLOWERS.iter().find(|(_, follower)| *follower == field.name()).map(|(main, _)| Field::new(*main));
    let Some((main, customer)) = main.zip(facts.customer) else { return false };
    fields.contains(&main) && follows(customer, field) && means(&main).is_some() && means(&main) == means(field)
}

/// What Magento is to get as it is in Acumatica, where it would change with what Acumatica gets: it must be written as it is.
pub(super) fn kept(facts: &Facts<'_>, merged: &Merged) -> Vec<Field> {
    let Some(customer) = facts.customer else { return Vec::new() };
    let pairs = FOLLOWERS.into_iter().map(|(main, follower)| (Field::new(main), Field::new(follower)));
    let kept = pairs.filter(|(main, follower)| {
        merged.to_acumatica.contains(main) && merged.to_magento.contains(follower) && follows(customer, follower)
    });
    kept.map(|(_, follower)| follower).collect()
}

/// Whether a field is the main one's in Acumatica, and changes with it.
fn follows(customer: &Customer, follower: &Field) -> bool {
    let is = |flag: Option<&Value<bool>>| flag.is_some_and(|flag| flag.0);
    if follower.name() == cells::SHIPPING {
        // Bills may go to an address of their own, which nothing follows.
        return !is(customer.shipping_address_override.as_ref()) && !is(customer.billing_address_override.as_ref());
    }
    !is(customer.shipping_contact_override.as_ref())
}
