//! The rows of the customers' tables: groups and attributes, forwards and backwards.

use super::customers::{Level, word};
use super::fields::{attribute_code, filled, fits};
use super::limits::{self, Field};
use super::rows::reachable;
use crate::settings::parse::Problem;
use crate::settings::{
    AttributeKind, AttributeRow, AttributeTarget, CustomerDirection, CustomerField, GroupRow, ValueRow,
};

/// Why group 0 is none of the groups that accounts are in.
pub(super) const NOT_LOGGED_IN: &str = "group 0 is NOT LOGGED IN, which no account is in";
/// What is synced without a row: fields of their own, ids and what Magento keeps by itself.
const OWN: [&str; 22] = [
    "addresses",
    "confirmation",
    "created_at",
    "created_in",
    "custom_attributes",
    "default_billing",
    "default_shipping",
    "email",
    "extension_attributes",
    "firstname",
    "group_id",
    "id",
    "is_subscribed",
    "lastname",
    "middlename",
    "password_hash",
    "prefix",
    "store_id",
    "suffix",
    "taxvat",
    "updated_at",
    "website_id",
];

/// Every row of one level that cannot be read, in the directions in which it is.
pub(super) fn check(direction: CustomerDirection, level: &Level<'_>, problems: &mut Vec<Problem>) {
    groups(direction, &format!("{}/groups", level.path), &level.scope.groups, problems);
    let path = format!("{}/attributes", level.path);
    for (at, row) in level.scope.attributes.iter().enumerate() {
        attribute(direction, &format!("{path}/{at}"), row, problems);
    }
    let codes: Vec<String> = level.scope.attributes.iter().map(|row| format!("{:?}", row.code)).collect();
    reachable(&path, &level.scope.attributes, &codes, |a, b| !a.code.is_empty() && a.code == b.code, problems);
    targets(level, problems);
}

fn groups(direction: CustomerDirection, path: &str, rows: &[GroupRow], problems: &mut Vec<Problem>) {
    let forwards = |row: &GroupRow| direction.to_acumatica() && row.direction.to_acumatica();
    let backwards = |row: &GroupRow| direction.to_magento() && row.direction.to_magento();
    let same = |one: &str, other: &str| one.trim().eq_ignore_ascii_case(other.trim());
    let is_same_class = |a: &GroupRow, b: &GroupRow| {
        let price = |row: &GroupRow| row.price_class.clone().unwrap_or_default();
        same(&a.customer_class, &b.customer_class) && same(&price(a), &price(b))
    };
    for (at, row) in rows.iter().enumerate() {
        let path = format!("{path}/{at}");
        if row.group_id == 0 {
            problems.push(Problem::new(format!("{path}/group_id"), NOT_LOGGED_IN));
        }
        fits(&format!("{path}/customer_class"), Some(&row.customer_class), limits::CUSTOMER_CLASS, problems);
        fits(&format!("{path}/price_class"), row.price_class.as_ref(), limits::PRICE_CLASS, problems);
        one_way(direction, &path, row.direction, problems);
        let twice =
            rows[..at].iter().position(|first| forwards(first) && forwards(row) && first.group_id == row.group_id);
        if let Some(first) = twice {
            let message = format!("group {} has a row already: row {first}", row.group_id);
            problems.push(Problem::new(path.clone(), message));
        }
        let twice = rows[..at].iter().position(|first| backwards(first) && backwards(row) && is_same_class(first, row));
        if let Some(first) = twice {
            let message = format!(
                "its customer class and price class are those of row {first} (group {}), so it is not known which group is meant \
                 backwards: give one of them direction \"magento_to_acumatica\"",
                rows[first].group_id
            );
            problems.push(Problem::new(path, message));
        }
    }
}

/// A row's direction against that of all customers.
fn one_way(all: CustomerDirection, path: &str, own: CustomerDirection, problems: &mut Vec<Problem>) {
    if (all.to_magento() && own.to_magento()) || (all.to_acumatica() && own.to_acumatica()) {
        return;
    }
    let message = format!("is never used: all customers have direction {:?}", word(all));
    problems.push(Problem::new(format!("{path}/direction"), message));
}

fn attribute(direction: CustomerDirection, path: &str, row: &AttributeRow, problems: &mut Vec<Problem>) {
    attribute_code(&format!("{path}/code"), &row.code, problems);
    if OWN.contains(&row.code.as_str()) {
        let message =
            format!("{:?} is no attribute to be mapped: it is synced by itself, or kept by Magento", row.code);
        problems.push(Problem::new(format!("{path}/code"), message));
    }
    one_way(direction, path, row.direction, problems);
    target(&format!("{path}/acumatica"), &row.acumatica, problems);
    let path = format!("{path}/values");
    match row.kind {
        AttributeKind::Text | AttributeKind::Choice | AttributeKind::Choices => {}
        AttributeKind::Number | AttributeKind::Boolean | AttributeKind::Date if row.values.is_empty() => {}
        AttributeKind::Number | AttributeKind::Boolean | AttributeKind::Date => {
            problems.push(Problem::new(path.clone(), "are never used: only texts and choices have rows of values"));
        }
    }
    if row.values.is_empty() && matches!(row.kind, AttributeKind::Choice | AttributeKind::Choices) {
        problems.push(Problem::new(path.clone(), "is missing: a choice has no other side without them"));
    }
    values(direction, &path, row, problems);
}

/// Each value leads to one of the other side, in the directions in which it is read.
fn values(direction: CustomerDirection, path: &str, row: &AttributeRow, problems: &mut Vec<Problem>) {
    let length = match &row.acumatica {
        AttributeTarget::Field(field) => field_of(*field),
        AttributeTarget::Attribute(_) => limits::ATTRIBUTE_VALUE,
    };
    for (at, own) in row.values.iter().enumerate() {
        filled(&format!("{path}/{at}/magento"), Some(&own.magento), problems);
        fits(&format!("{path}/{at}/acumatica"), Some(&own.acumatica), length, problems);
        for (name, value) in [("magento", &own.magento), ("acumatica", &own.acumatica)] {
            if row.kind == AttributeKind::Choices && value.contains(',') {
                let message = format!("{value:?} has a comma, which stands between the values of a list");
                problems.push(Problem::new(format!("{path}/{at}/{name}"), message));
            }
        }
    }
    let both = |one: fn(CustomerDirection) -> bool| one(direction) && one(row.direction);
    if both(CustomerDirection::to_acumatica) {
        twice(path, "magento", &row.values, |own| &own.magento, problems);
    }
    if both(CustomerDirection::to_magento) {
        twice(path, "acumatica", &row.values, |own| &own.acumatica, problems);
    }
}

fn twice(path: &str, name: &str, rows: &[ValueRow], key: fn(&ValueRow) -> &String, problems: &mut Vec<Problem>) {
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| !key(row).is_empty()) {
        if let Some(first) = rows[..at].iter().position(|earlier| key(earlier) == key(row)) {
            let message = format!("{:?} has a row already: row {first}", key(row));
            problems.push(Problem::new(format!("{path}/{at}/{name}"), message));
        }
    }
}

fn target(path: &str, target: &AttributeTarget, problems: &mut Vec<Problem>) {
    if let AttributeTarget::Attribute(id) = target {
        fits(&format!("{path}/attribute"), Some(id), limits::ATTRIBUTE, problems);
    }
}

/// Two that write to one place would overwrite each other for ever.
fn targets(level: &Level<'_>, problems: &mut Vec<Problem>) {
    let path = format!("{}/newsletter", level.path);
    if let Some(newsletter) = &level.scope.newsletter {
        target(&path, newsletter, problems);
        if matches!(newsletter, AttributeTarget::Field(_)) {
            problems.push(Problem::new(path.clone(), "must be an attribute: none of the fields holds yes or no"));
        }
    }
    let attributes = level.scope.attributes.iter().enumerate();
    let mut places: Vec<(String, &AttributeTarget)> =
        attributes.map(|(at, row)| (format!("{}/attributes/{at}/acumatica", level.path), &row.acumatica)).collect();
    places.extend(level.scope.newsletter.iter().map(|newsletter| (path.clone(), newsletter)));
    for (at, (path, place)) in places.iter().enumerate() {
        if let Some((first, _)) = places[..at].iter().find(|(_, earlier)| is_same(earlier, place)) {
            problems.push(Problem::new(path.clone(), format!("is written from {first} already")));
        }
    }
}

fn is_same(one: &AttributeTarget, other: &AttributeTarget) -> bool {
    match (one, other) {
        (AttributeTarget::Attribute(one), AttributeTarget::Attribute(other)) => one.eq_ignore_ascii_case(other),
        (one, other) => one == other,
    }
}

fn field_of(field: CustomerField) -> Field {
    match field {
        CustomerField::Terms => limits::CUSTOMER_TERMS,
        CustomerField::TaxZone => limits::CUSTOMER_TAX_ZONE,
        CustomerField::TaxExemptionNumber => limits::TAX_EXEMPTION,
        CustomerField::AccountRef => limits::ACCOUNT_REF,
    }
}
