//! Magento's customer group ↔ Acumatica's customer class and price class, by the settings' rows. Without any row neither is synced.

use acumatica::model::customer::Customer;
use magento::model::customer::Customer as Account;

use super::super::facts::Facts;
use super::cells::plain;
use super::{gone, rules};
use crate::address::same;
use crate::merge::Cell;
use crate::plan::Finding;
use crate::settings::GroupRow;

/// The account's group.
pub(super) fn of_account(facts: &Facts<'_>, account: &Account) -> Option<Cell> {
    is_synced(facts).then(|| {
        let group = account.group_id.map(|group| group.0);
        let means = group.map(|group| class_of_group(facts, group)).transpose();
        Cell::mapped(group.map(|group| group.to_string()), means)
    })
}

/// The customer's class and price class.
pub(super) fn of_customer(facts: &Facts<'_>, customer: &Customer) -> Option<Cell> {
    is_synced(facts).then(|| {
        let class = plain(customer.customer_class.as_ref());
        let price = plain(customer.price_class_id.as_ref());
        let blocked = gone::group_of_inactive(facts).filter(|_| rules::is_inactive(customer));
        let group = |class: &str| blocked.map_or_else(|| group_of(facts, class, price.as_deref()), Ok);
        let means = class.as_deref().map(group).transpose();
        let shown = price.as_deref().filter(|_| has_price_classes(facts));
        let state = if blocked.is_some() { INACTIVE } else { "" };
        let is = class.as_deref().map(|class| pair(class, shown) + state);
        Cell::mapped(is, means.map(|group| group.map(|group| group.to_string())))
    })
}

/// What a customer of the group has in Acumatica; of the group of those who may not buy, whatever it has.
fn class_of_group(facts: &Facts<'_>, group: u64) -> Result<String, Finding> {
    let kept =
        facts.customer.filter(|customer| rules::is_inactive(customer) && gone::group_of_inactive(facts) == Some(group));
    match kept.and_then(|customer| plain(customer.customer_class.as_ref()).map(|class| (class, customer))) {
        Some((class, customer)) => {
            let price = plain(customer.price_class_id.as_ref()).filter(|_| has_price_classes(facts));
            Ok(pair(&class, price.as_deref()) + INACTIVE)
        }
        None => row_of_group(facts, group).map(|row| class_of(facts, row)),
    }
}

/// The row of a group.
///
/// # Errors
/// A group that no row has.
pub(super) fn row_of_group<'a>(facts: &Facts<'a>, group: u64) -> Result<&'a GroupRow, Finding> {
    let mut rows = facts.scope().rows(|scope| &scope.groups).filter(|row| row.direction.to_acumatica());
    rows.find(|row| row.group_id == group).ok_or_else(|| {
        let message = format!("Magento's customer group {group} is mapped to no customer class of Acumatica.");
        Finding::new("customers.rejected.group_not_mapped", message)
    })
}

/// The group of a class and price class. A row that names a price class comes before one that does not.
///
/// # Errors
/// A class that no row has.
pub(super) fn group_of(facts: &Facts<'_>, class: &str, price: Option<&str>) -> Result<u64, Finding> {
    let rows = facts.scope().rows(|scope| &scope.groups).filter(|row| row.direction.to_magento());
    let rows: Vec<&GroupRow> = rows.filter(|row| same(&row.customer_class, class)).collect();
    let is_priced =
        |row: &&&GroupRow| row.price_class.as_deref().zip(price).is_some_and(|(own, price)| same(own, price));
    let exact = rows.iter().find(is_priced);
    let row = exact.or_else(|| rows.iter().find(|row| row.price_class.is_none()));
    row.map(|row| row.group_id).ok_or_else(|| {
        let with = price.map(|price| format!(" with price class `{price}`")).unwrap_or_default();
        let message = format!("Acumatica's customer class `{class}`{with} is mapped to no customer group of Magento.");
        Finding::new("customers.rejected.class_not_mapped", message)
    })
}

pub(super) fn is_synced(facts: &Facts<'_>) -> bool {
    facts.scope().rows(|scope| &scope.groups).next().is_some()
}

/// Whether price classes are mapped at all.
pub(super) fn has_price_classes(facts: &Facts<'_>) -> bool {
    facts.scope().rows(|scope| &scope.groups).any(|row| row.price_class.is_some())
}

/// What a customer of the row's group has in Acumatica: a row without a price class leaves one alone that is no other group's.
fn class_of(facts: &Facts<'_>, row: &GroupRow) -> String {
    let kept = facts.customer.and_then(|customer| plain(customer.price_class_id.as_ref()));
    let is_free = |price: &String| group_of(facts, row.customer_class.trim(), Some(price)) == Ok(row.group_id);
    let price = row.price_class.clone().or(kept.filter(is_free)).filter(|_| has_price_classes(facts));
    pair(row.customer_class.trim(), price.as_deref())
}

/// Behind the classes of a customer who may not buy, where such customers have a group of their own.
const INACTIVE: &str = "\u{1f}inactive";

/// Class and price class in one text.
fn pair(class: &str, price: Option<&str>) -> String {
    format!("{class}\u{1f}{}", price.unwrap_or_default().trim())
}
