//! Attributes of Magento's customers ↔ attributes and fields of Acumatica's, by the settings' rows; the newsletter is one of them.

use acumatica::model::customer::Customer;
use magento::model::customer::Customer as Account;
use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::super::facts::Facts;
use super::cells::plain;
use crate::address::text;
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
        let means = is.as_deref().map(|value| to_acumatica(row, value)).transpose();
        (field(row), Cell::mapped(is, means))
    });
    let subscribed = account.extension_attributes.is_subscribed.map(|flag| if flag.0 { "1" } else { "0" }.to_owned());
    let newsletter = newsletter(facts).map(|_| (Field::new(NEWSLETTER), Cell::same(subscribed)));
    rows.chain(newsletter).collect()
}

/// The attributes of the customer.
pub(super) fn of_customer(facts: &Facts<'_>, customer: &Customer) -> Vec<(Field, Cell)> {
    let rows = facts.scope().rows(|scope| &scope.attributes).map(|row| {
        let is = value_of(customer, &row.acumatica);
        let means = is.as_deref().map(|value| to_magento(row, value)).transpose();
        (field(row), Cell::mapped(is, means))
    });
    let newsletter = newsletter(facts).map(|target| {
        let is = value_of(customer, target).map(|value| if is_yes(&value) { "1" } else { "0" }.to_owned());
        // Never said is not subscribed.
        (Field::new(NEWSLETTER), Cell::same(Some(is.unwrap_or_else(|| "0".to_owned()))))
    });
    rows.chain(newsletter).collect()
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

/// Magento's value as Acumatica writes it.
fn to_acumatica(row: &AttributeRow, value: &str) -> Result<String, Finding> {
    let mapped = |value: &str| row.values.iter().find(|own| own.magento == value).map(|own| own.acumatica.clone());
    convert(row, value, mapped, |day| day)
}

/// Acumatica's value as Magento writes it.
fn to_magento(row: &AttributeRow, value: &str) -> Result<String, Finding> {
    let mapped = |value: &str| row.values.iter().find(|own| own.acumatica == value).map(|own| own.magento.clone());
    convert(row, value, mapped, |day| format!("{day} 00:00:00"))
}

fn convert(
    row: &AttributeRow,
    value: &str,
    mapped: impl Fn(&str) -> Option<String>,
    day: impl Fn(String) -> String,
) -> Result<String, Finding> {
    let wrong = |what: &str| {
        // The value may be a person's: only its attribute is named.
        let message = format!("A value of the customer attribute `{}` {what}.", row.code);
        Finding::new("customers.rejected.attribute_value", message)
    };
    match row.kind {
        AttributeKind::Text => Ok(mapped(value).unwrap_or_else(|| value.to_owned())),
        AttributeKind::Number => {
            let number: Decimal = value.parse().map_err(|_| wrong("is not a number"))?;
            Ok(number.normalize().to_string())
        }
        AttributeKind::Boolean => match value.to_lowercase().as_str() {
            "1" | "true" | "yes" => Ok("1".to_owned()),
            "0" | "false" | "no" => Ok("0".to_owned()),
            _ => Err(wrong("is neither yes nor no")),
        },
        AttributeKind::Date => {
            let date: jiff::civil::Date =
                value.get(..10).unwrap_or(value).parse().map_err(|_| wrong("is not a day"))?;
            Ok(day(date.to_string()))
        }
        AttributeKind::Choice => mapped(value).ok_or_else(|| wrong("has no row in `values`")),
        AttributeKind::Choices => {
            let each = value.split(',').map(str::trim).filter(|one| !one.is_empty());
            let mut each: Vec<String> =
                each.map(|one| mapped(one).ok_or_else(|| wrong("has no row in `values`"))).collect::<Result<_, _>>()?;
            each.sort();
            Ok(each.join(","))
        }
    }
}

fn is_yes(value: &str) -> bool {
    matches!(value.to_lowercase().as_str(), "1" | "true" | "yes")
}
