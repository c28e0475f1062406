//! Attributes of Magento's customers ↔ attributes and fields of Acumatica's, by the settings' rows; the newsletter is one of them.

use acumatica::model::customer::Customer;
use magento::model::customer::Customer as Account;
use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::super::facts::Facts;
use super::cells::plain;
use crate::address::{same, text};
use crate::merge::{Cell, Field};
use crate::plan::Finding;
use crate::settings::{AttributeKind, AttributeRow, AttributeTarget, CustomerField};

/// The newsletter subscription.
pub const NEWSLETTER: &str = "newsletter";

/// The field of a mapped attribute.
#[must_use]
pub fn field(row: &AttributeRow) -> Field {
    Field::new(format!("attribute.{}", row.code))
}

/// The attributes of the account.
pub(super) fn of_account(facts: &Facts<'_>, account: &Account) -> Vec<(Field, Cell)> {
    let rows = facts.scope().rows(|scope| &scope.attributes).map(|row| {
        let is = shown(account.custom_attribute(&row.code).or_else(|| account.document.get(&row.code)));
        (
            field(row),
            cell(row, is, |value| row.values.iter().find(|own| own.magento == value).map(|own| &own.acumatica)),
        )
    });
    // Without the newsletter's module nobody is subscribed.
    let subscribed = account.extension_attributes.is_subscribed.is_some_and(|flag| flag.0);
    let newsletter = newsletter(facts).map(|_| (Field::new(NEWSLETTER), Cell::same(Some(flag(subscribed)))));
    rows.chain(newsletter).collect()
}

/// The attributes of the customer.
pub(super) fn of_customer(facts: &Facts<'_>, customer: &Customer) -> Vec<(Field, Cell)> {
    let rows = facts.scope().rows(|scope| &scope.attributes).map(|row| {
        let is = value_of(customer, &row.acumatica);
        (
            field(row),
            cell(row, is, |value| row.values.iter().find(|own| same(&own.acumatica, value)).map(|own| &own.magento)),
        )
    });
    let newsletter = newsletter(facts).map(|target| {
        // Never said is not subscribed.
        let subscribed = value_of(customer, target).is_some_and(|value| is_yes(&value));
        (Field::new(NEWSLETTER), Cell::same(Some(flag(subscribed))))
    });
    rows.chain(newsletter).collect()
}

fn flag(subscribed: bool) -> String {
    if subscribed { "1" } else { "0" }.to_owned()
}

/// A value in the one form that its kind has, and the same on the other side.
fn cell<'r>(row: &AttributeRow, value: Option<String>, other: impl Fn(&str) -> Option<&'r String>) -> Cell {
    let Some(value) = value else { return Cell::same(None) };
    match canonical(row, &value) {
        Ok(value) => {
            let means = map(row, &value, other).map(Some);
            Cell::mapped(Some(value), means)
        }
        Err(finding) => Cell::mapped(Some(value), Err(finding)),
    }
}

/// Where the newsletter subscription stands in Acumatica; none where it is not synced.
pub(super) fn newsletter<'a>(facts: &Facts<'a>) -> Option<&'a AttributeTarget> {
    facts.scope().first(|scope| scope.newsletter.as_ref())
}

/// The row of a field.
pub(super) fn row_of<'a>(facts: &Facts<'a>, name: &str) -> Option<&'a AttributeRow> {
    let code = name.strip_prefix("attribute.")?;
    facts.scope().rows(|scope| &scope.attributes).find(|row| row.code == code)
}

fn value_of(customer: &Customer, target: &AttributeTarget) -> Option<String> {
    match target {
        AttributeTarget::Attribute(id) => {
            let own = customer.attributes.iter().find(|own| plain(own.attribute_id.as_ref()).as_deref() == Some(id));
            own.and_then(|own| plain(own.value.as_ref()))
        }
        AttributeTarget::Field(CustomerField::Terms) => plain(customer.terms.as_ref()),
        AttributeTarget::Field(CustomerField::TaxZone) => plain(customer.tax_zone.as_ref()),
        AttributeTarget::Field(CustomerField::TaxExemptionNumber) => plain(customer.tax_exemption_number.as_ref()),
        AttributeTarget::Field(CustomerField::AccountRef) => plain(customer.account_ref.as_ref()),
    }
}

/// Magento's values are texts, numbers or flags, by the module that wrote them.
fn shown(value: Option<&Json>) -> Option<String> {
    match value? {
        Json::String(value) => text(Some(value)),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(flag) => Some(if *flag { "1" } else { "0" }.to_owned()),
        Json::Array(values) => {
            text(Some(&values.iter().filter_map(|value| shown(Some(value))).collect::<Vec<_>>().join(",")))
        }
        Json::Null | Json::Object(_) => None,
    }
}

/// A value as it is compared and written: `7.5` for `7.5000`, a day for a day's midnight.
fn canonical(row: &AttributeRow, value: &str) -> Result<String, Finding> {
    match row.kind {
        AttributeKind::Text | AttributeKind::Choice => Ok(value.to_owned()),
        AttributeKind::Number => {
            let number: Decimal = value.parse().map_err(|_| wrong(row, "is not a number"))?;
            Ok(number.normalize().to_string())
        }
        AttributeKind::Boolean => match value.to_lowercase().as_str() {
            "1" | "true" | "yes" => Ok(flag(true)),
            "0" | "false" | "no" => Ok(flag(false)),
            _ => Err(wrong(row, "is neither yes nor no")),
        },
        AttributeKind::Date => {
            let date: jiff::civil::Date =
                value.get(..10).unwrap_or(value).parse().map_err(|_| wrong(row, "is not a day"))?;
            Ok(date.to_string())
        }
        AttributeKind::Choices => Ok(sorted(value.split(',').map(|one| one.trim().to_owned()))),
    }
}

/// The other side's value.
fn map<'r>(row: &AttributeRow, value: &str, other: impl Fn(&str) -> Option<&'r String>) -> Result<String, Finding> {
    let mapped = |value: &str| other(value).cloned();
    let unknown = || wrong(row, "has no row in `values`");
    match row.kind {
        AttributeKind::Text => Ok(mapped(value).unwrap_or_else(|| value.to_owned())),
        AttributeKind::Number | AttributeKind::Boolean | AttributeKind::Date => Ok(value.to_owned()),
        AttributeKind::Choice => mapped(value).ok_or_else(unknown),
        AttributeKind::Choices => {
            let each: Vec<String> =
                value.split(',').map(|one| mapped(one).ok_or_else(unknown)).collect::<Result<_, _>>()?;
            Ok(sorted(each.into_iter()))
        }
    }
}

fn sorted(values: impl Iterator<Item = String>) -> String {
    let mut values: Vec<String> = values.filter(|value| !value.is_empty()).collect();
    values.sort();
    values.join(",")
}

/// The value may be a person's: only its attribute is named.
fn wrong(row: &AttributeRow, what: &str) -> Finding {
    let message = format!("A value of the customer attribute `{}` {what}.", row.code);
    Finding::new("customers.rejected.attribute_value", message)
}

fn is_yes(value: &str) -> bool {
    matches!(value.to_lowercase().as_str(), "1" | "true" | "yes")
}
