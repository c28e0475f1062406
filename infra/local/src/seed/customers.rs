//! What the settings name of customers: classes, price classes and attributes in the ERP, groups and attributes in the shop.

use flows::settings::{
    AttributeKind, AttributeRow, AttributeTarget, CustomerField, CustomerScope, Customers, Settings,
};
use simulators::acumatica::{Attribute, AttributeChoice, ClassAttribute, Control, Master};
use simulators::magento::{Config, CustomerAttribute, CustomerGroup};

use super::add_class;

/// Attributes that every account has.
const OF_EVERY_ACCOUNT: [&str; 3] = ["dob", "gender", "taxvat"];

fn scopes(customers: &Customers) -> impl Iterator<Item = &CustomerScope> {
    std::iter::once(&customers.default).chain(customers.websites.values())
}

/// Groups and attributes that a new shop does not have.
pub(super) fn put_into_shop(config: &mut Config, customers: &Customers) {
    for scope in scopes(customers) {
        for group in scope.groups.iter().filter_map(|row| u32::try_from(row.group_id).ok()) {
            if !config.customer_groups.iter().any(|known| known.id == group) {
                config.customer_groups.push(CustomerGroup::new(group, &format!("Group {group}")));
            }
        }
        for row in scope.attributes.iter().filter(|row| !OF_EVERY_ACCOUNT.contains(&row.code.as_str())) {
            if !config.customer_attributes.iter().any(|known| known.code == row.code) {
                config.customer_attributes.push(of_accounts(row));
            }
        }
    }
}

/// A list's options are called what the ERP calls its values.
fn of_accounts(row: &AttributeRow) -> CustomerAttribute {
    let input = match row.kind {
        AttributeKind::Text | AttributeKind::Number => "text",
        AttributeKind::Boolean => "boolean",
        AttributeKind::Date => "date",
        AttributeKind::Choice => "select",
        AttributeKind::Choices => "multiselect",
    };
    let options = row.values.iter().map(|value| (value.magento.clone(), value.acumatica.clone())).collect();
    CustomerAttribute { code: row.code.clone(), input: input.to_owned(), options }
}

/// Classes with the attributes that are synced, price classes, and the terms that attributes stand for.
pub(super) fn put_into_erp(master: &mut Master, settings: &Settings) {
    let customers = &settings.customers;
    let wide = settings.stores.first().map_or("USD", |store| store.currency.as_str());
    let of_website = |code: &String| settings.stores.iter().find(|store| store.website == *code);
    let by_website = customers.websites.iter().map(|(code, scope)| (scope, of_website(code)));
    for (scope, store) in std::iter::once((&customers.default, None)).chain(by_website) {
        for row in &scope.groups {
            add_class(master, &row.customer_class, store.map_or(wide, |store| store.currency.as_str()));
            master.price_classes.extend(row.price_class.clone().map(|class| (class.clone(), class)));
        }
        for row in &scope.attributes {
            put_target(master, row);
        }
        if let Some(AttributeTarget::Attribute(id)) = &scope.newsletter {
            add_attribute(master, id, Control::CheckBox, Vec::new());
        }
    }
    let listed: Vec<ClassAttribute> = master.attributes.keys().map(|id| ClassAttribute::optional(id)).collect();
    for class in master.customer_classes.values_mut() {
        class.attributes.clone_from(&listed);
    }
}

fn put_target(master: &mut Master, row: &AttributeRow) {
    match &row.acumatica {
        AttributeTarget::Attribute(id) => {
            let control = match row.kind {
                AttributeKind::Text | AttributeKind::Number => Control::Text,
                AttributeKind::Boolean => Control::CheckBox,
                AttributeKind::Date => Control::Datetime,
                AttributeKind::Choice => Control::Combo,
                AttributeKind::Choices => Control::MultiSelectCombo,
            };
            let value = |id: &String| AttributeChoice { id: id.clone(), description: id.clone() };
            add_attribute(master, id, control, row.values.iter().map(|row| value(&row.acumatica)).collect());
        }
        AttributeTarget::Field(CustomerField::Terms) => {
            for value in &row.values {
                master.terms.entry(value.acumatica.clone()).or_default();
            }
        }
        AttributeTarget::Field(
            CustomerField::TaxZone | CustomerField::TaxExemptionNumber | CustomerField::AccountRef,
        ) => {}
    }
}

fn add_attribute(master: &mut Master, id: &str, control: Control, values: Vec<AttributeChoice>) {
    let attribute = Attribute { description: id.to_owned(), control, values };
    master.attributes.entry(id.to_owned()).or_insert(attribute);
}
