//! What is mapped to a field of Acumatica must fit into it, and the names that Magento gives must look like its own.

use crate::settings::parse::Problem;
use crate::settings::{Guests, ItemIdentity, PaymentRow, Receive, Scope};

use super::limits::{self, Field};

/// Every value of one level that does not fit.
pub(super) fn check(path: &str, scope: &Scope, problems: &mut Vec<Problem>) {
    choices(path, scope, problems);
    for (at, row) in scope.tax_ids.iter().enumerate() {
        fits(&format!("{path}/tax_ids/{at}/tax_id"), Some(&row.tax_id), limits::TAX, problems);
    }
    for (at, row) in scope.tax_zones.iter().enumerate() {
        let path = format!("{path}/tax_zones/{at}");
        country(&format!("{path}/country"), row.country.as_ref(), problems);
        filled(&format!("{path}/region"), row.region.as_ref(), problems);
        fits(&format!("{path}/zone"), Some(&row.zone), limits::TAX_ZONE, problems);
    }
    for (at, row) in scope.shipping_methods.iter().enumerate() {
        let path = format!("{path}/shipping_methods/{at}");
        fits(&format!("{path}/ship_via"), Some(&row.ship_via), limits::SHIP_VIA, problems);
        fits(&format!("{path}/terms"), row.terms.as_ref(), limits::SHIPPING_TERMS, problems);
    }
    for (at, row) in scope.payment_methods.iter().enumerate() {
        payment(&format!("{path}/payment_methods/{at}"), row, problems);
    }
    if let Some(tenders) = &scope.tenders {
        for (name, tender) in [
            ("gift_card", &tenders.gift_card),
            ("store_credit", &tenders.store_credit),
            ("reward_points", &tenders.reward_points),
        ] {
            receive(&format!("{path}/tenders/{name}"), tender.as_ref(), problems);
        }
    }
    items(path, scope, problems);
    for (at, row) in scope.countries.iter().enumerate() {
        let path = format!("{path}/countries/{at}");
        country(&format!("{path}/country"), Some(&row.country), problems);
        fits(&format!("{path}/acumatica"), row.acumatica.as_ref(), limits::COUNTRY, problems);
    }
    for (at, row) in scope.regions.iter().enumerate() {
        let path = format!("{path}/regions/{at}");
        country(&format!("{path}/country"), Some(&row.country), problems);
        filled(&format!("{path}/region"), Some(&row.region), problems);
        fits(&format!("{path}/state"), Some(&row.state), limits::STATE, problems);
    }
}

fn choices(path: &str, scope: &Scope, problems: &mut Vec<Problem>) {
    let customer = match &scope.guests {
        Some(Guests::Generic { customer_id }) => Some(customer_id),
        Some(Guests::PerEmail) | None => None,
    };
    let freight_tax = scope.freight.as_ref().and_then(|freight| freight.tax_category.as_ref());
    for (name, value, field) in [
        ("order_type", scope.order_type.as_ref(), limits::ORDER_TYPE),
        ("branch", scope.branch.as_ref(), limits::BRANCH),
        ("warehouse", scope.warehouse.as_ref(), limits::WAREHOUSE),
        ("customer_class", scope.customer_class.as_ref(), limits::CUSTOMER_CLASS),
        ("guests/customer_id", customer, limits::CUSTOMER),
        ("freight/tax_category", freight_tax, limits::FREIGHT_TAX_CATEGORY),
        ("taxes/zone", scope.taxes.as_ref().map(|taxes| &taxes.zone), limits::TAX_ZONE),
    ] {
        fits(&format!("{path}/{name}"), value, field, problems);
    }
    if let Some(ItemIdentity::Attribute { code }) = &scope.items {
        attribute_code(&format!("{path}/items/code"), code, problems);
    }
}

/// Codes are names of columns in Magento.
pub(super) fn attribute_code(path: &str, code: &str, problems: &mut Vec<Problem>) {
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if !code.starts_with(|first: char| first.is_ascii_alphabetic()) || !code.bytes().all(letters) {
        let message = format!(
            "{code:?} is no attribute code of Magento: a letter, then letters, digits and underscores, like \"erp_item\""
        );
        problems.push(Problem::new(path, message));
    }
}

fn payment(path: &str, row: &PaymentRow, problems: &mut Vec<Problem>) {
    filled(&format!("{path}/card_type"), row.card_type.as_ref(), problems);
    receive(&format!("{path}/receive"), row.receive.as_ref(), problems);
    if let Some(shared) = &row.authorised {
        let path = format!("{path}/authorised");
        fits(&format!("{path}/payment_method"), Some(&shared.payment_method), limits::PAYMENT_METHOD, problems);
        fits(&format!("{path}/cash_account"), Some(&shared.cash_account), limits::CASH_ACCOUNT, problems);
        fits(
            &format!("{path}/processing_center"),
            Some(&shared.processing_center),
            limits::PROCESSING_CENTER,
            problems,
        );
        filled(&format!("{path}/code_key"), shared.code_key.as_ref(), problems);
        filled(&format!("{path}/profile_key"), shared.profile_key.as_ref(), problems);
    }
    fits(&format!("{path}/terms"), row.terms.as_ref(), limits::TERMS, problems);
}

fn receive(path: &str, receive: Option<&Receive>, problems: &mut Vec<Problem>) {
    let method = receive.map(|receive| &receive.payment_method);
    fits(&format!("{path}/payment_method"), method, limits::PAYMENT_METHOD, problems);
    let account = receive.map(|receive| &receive.cash_account);
    fits(&format!("{path}/cash_account"), account, limits::CASH_ACCOUNT, problems);
}

/// Whatever names an item of Acumatica.
fn items(path: &str, scope: &Scope, problems: &mut Vec<Problem>) {
    for (at, row) in scope.units.iter().enumerate() {
        let path = format!("{path}/units/{at}");
        for (name, value) in [("sku", &row.sku), ("option_id", &row.option_id), ("option_value", &row.option_value)] {
            filled(&format!("{path}/{name}"), value.as_ref(), problems);
        }
        fits(&format!("{path}/inventory_id"), row.inventory_id.as_ref(), limits::ITEM, problems);
        fits(&format!("{path}/uom"), Some(&row.uom), limits::UNIT, problems);
        if row.quantity.is_some_and(|quantity| quantity <= rust_decimal::Decimal::ZERO) {
            problems.push(Problem::new(format!("{path}/quantity"), "must be more than 0"));
        }
    }
    for (at, row) in scope.option_items.iter().enumerate() {
        let path = format!("{path}/option_items/{at}");
        filled(&format!("{path}/option_value"), row.option_value.as_ref(), problems);
        fits(&format!("{path}/inventory_id"), Some(&row.inventory_id), limits::ITEM, problems);
    }
    for (at, row) in scope.drop_ship.iter().enumerate() {
        let path = format!("{path}/drop_ship/{at}");
        fits(&format!("{path}/po_source"), Some(&row.po_source), limits::PO_SOURCE, problems);
        fits(&format!("{path}/vendor"), row.vendor.as_ref(), limits::VENDOR, problems);
    }
    if let Some(extra) = &scope.extra_items {
        for (name, item) in [
            ("gift_card", &extra.gift_card),
            ("gift_wrap", &extra.gift_wrap),
            ("printed_card", &extra.printed_card),
            ("fixed_product_tax", &extra.fixed_product_tax),
        ] {
            let Some(item) = item else { continue };
            let path = format!("{path}/extra_items/{name}");
            fits(&format!("{path}/inventory_id"), Some(&item.inventory_id), limits::ITEM, problems);
            fits(&format!("{path}/tax_category"), item.tax_category.as_ref(), limits::TAX_CATEGORY, problems);
        }
    }
    for (at, row) in scope.extra_amounts.iter().enumerate() {
        let path = format!("{path}/extra_amounts/{at}");
        fits(&format!("{path}/inventory_id"), Some(&row.inventory_id), limits::ITEM, problems);
        fits(&format!("{path}/tax_category"), row.tax_category.as_ref(), limits::TAX_CATEGORY, problems);
    }
}

/// A value that a field of Acumatica holds.
pub(super) fn fits(path: &str, value: Option<&String>, field: Field, problems: &mut Vec<Problem>) {
    let Some(value) = value else { return };
    let Field { entity, name, length } = field;
    let characters = value.chars().count();
    if value.trim().is_empty() {
        problems.push(Problem::new(path, "must not be empty"));
    } else if value.trim() != value {
        problems.push(Problem::new(path, format!("{value:?} must not begin or end with a space")));
    } else if let Some(length) = length
        && characters > length
    {
        let message = format!("{value:?} has {characters} characters; Acumatica's {entity}.{name} holds {length}");
        problems.push(Problem::new(path, message));
    }
}

/// What an order is asked for cannot be nothing: no order would have it.
pub(super) fn filled(path: &str, value: Option<&String>, problems: &mut Vec<Problem>) {
    if value.is_some_and(|value| value.trim().is_empty()) {
        problems.push(Problem::new(path, "must not be empty"));
    }
}

/// ISO 3166 alpha-2, as Magento has it.
fn country(path: &str, value: Option<&String>, problems: &mut Vec<Problem>) {
    let Some(value) = value else { return };
    if value.len() != 2 || !value.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let message = format!("{value:?} is no country of ISO 3166; they are two capital letters like \"DE\"");
        problems.push(Problem::new(path, message));
    }
}
