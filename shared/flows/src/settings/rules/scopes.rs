//! The rules of scopes: which websites and store views there are, what fits into Acumatica's fields, which rows can never match.

use crate::settings::parse::{Problem, escape};
use crate::settings::scope::matches;
use crate::settings::{DuplicateGuard, Guests, PaymentRow, Scope, Settings, ShippingRow, TaxRow};

use super::limits::{self, Field};

/// One level of the scope, with the wider levels it inherits from.
struct Level<'s> {
    path: String,
    scope: &'s Scope,
    wider: Vec<&'s Scope>,
}

pub(super) fn check(settings: &Settings, problems: &mut Vec<Problem>) {
    unknown_codes(settings, problems);
    for level in levels(settings) {
        guard(&level, problems);
        fields(&level, problems);
        tables(&level, problems);
    }
}

fn levels(settings: &Settings) -> Vec<Level<'_>> {
    let orders = &settings.orders;
    let mut levels = vec![Level { path: "/orders/default".to_owned(), scope: &orders.default, wider: Vec::new() }];
    for (code, scope) in &orders.websites {
        let path = format!("/orders/websites/{}", escape(code));
        levels.push(Level { path, scope, wider: vec![&orders.default] });
    }
    for (code, scope) in &orders.store_views {
        let website = settings.stores.iter().find(|store| store.code == *code).map(|store| &store.website);
        let website = website.and_then(|website| orders.websites.get(website));
        let path = format!("/orders/store_views/{}", escape(code));
        levels.push(Level { path, scope, wider: website.into_iter().chain([&orders.default]).collect() });
    }
    levels
}

/// Before the connection test has filled in the stores nobody knows which codes there are; the test checks again.
fn unknown_codes(settings: &Settings, problems: &mut Vec<Problem>) {
    if settings.stores.is_empty() {
        return;
    }
    for code in settings.orders.websites.keys() {
        if !settings.stores.iter().any(|store| store.website == *code) {
            let message = format!("no store view in /stores belongs to a website {code:?}");
            problems.push(Problem::new(format!("/orders/websites/{}", escape(code)), message));
        }
    }
    for code in settings.orders.store_views.keys() {
        if !settings.stores.iter().any(|store| store.code == *code) {
            let message = format!("there is no store view {code:?} in /stores");
            problems.push(Problem::new(format!("/orders/store_views/{}", escape(code)), message));
        }
    }
}

/// Where `CustomerOrder` carries our reference, the shopper's own number needs another place.
fn guard(level: &Level<'_>, problems: &mut Vec<Problem>) {
    let named = [level.scope].iter().chain(&level.wider).any(|scope| scope.purchase_order_field.is_some());
    if level.scope.duplicate_guard == Some(DuplicateGuard::CustomerOrder) && !named {
        let message =
            "\"customer_order\" needs purchase_order_field, which says where the shopper's purchase order number goes";
        problems.push(Problem::new(format!("{}/duplicate_guard", level.path), message));
    }
}

fn fields(level: &Level<'_>, problems: &mut Vec<Problem>) {
    let Level { path, scope, .. } = level;
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
    for (at, row) in scope.tax_ids.iter().enumerate() {
        fits(&format!("{path}/tax_ids/{at}/tax_id"), Some(&row.tax_id), limits::TAX, problems);
    }
    for (at, row) in scope.shipping_methods.iter().enumerate() {
        let path = format!("{path}/shipping_methods/{at}");
        fits(&format!("{path}/ship_via"), Some(&row.ship_via), limits::SHIP_VIA, problems);
        fits(&format!("{path}/terms"), row.terms.as_ref(), limits::SHIPPING_TERMS, problems);
    }
    for (at, row) in scope.payment_methods.iter().enumerate() {
        let path = format!("{path}/payment_methods/{at}");
        let receive = row.receive.as_ref();
        let method = receive.map(|receive| &receive.payment_method);
        fits(&format!("{path}/receive/payment_method"), method, limits::PAYMENT_METHOD, problems);
        let account = receive.map(|receive| &receive.cash_account);
        fits(&format!("{path}/receive/cash_account"), account, limits::CASH_ACCOUNT, problems);
        fits(&format!("{path}/terms"), row.terms.as_ref(), limits::TERMS, problems);
    }
}

fn fits(path: &str, value: Option<&String>, field: Field, problems: &mut Vec<Problem>) {
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

/// Keys of rows must be there, and each row must be reachable: the first one that matches wins.
fn tables(level: &Level<'_>, problems: &mut Vec<Problem>) {
    let Level { path, scope, .. } = level;
    table(
        &format!("{path}/tax_ids"),
        "code",
        &scope.tax_ids,
        |row: &TaxRow| &row.code,
        |a, b| a.code == b.code,
        problems,
    );
    // A pattern that matches another one's text, with each `*` taken as a letter, matches whatever the other one does.
    let covers = |a: &ShippingRow, b: &ShippingRow| matches(&a.method, &b.method);
    table(&format!("{path}/shipping_methods"), "method", &scope.shipping_methods, |row| &row.method, covers, problems);
    let covers =
        |a: &PaymentRow, b: &PaymentRow| a.method == b.method && (a.card_type.is_none() || a.card_type == b.card_type);
    table(&format!("{path}/payment_methods"), "method", &scope.payment_methods, |row| &row.method, covers, problems);
}

fn table<T>(
    path: &str,
    key_name: &str,
    rows: &[T],
    key: impl Fn(&T) -> &String,
    covers: impl Fn(&T, &T) -> bool,
    problems: &mut Vec<Problem>,
) {
    for (at, row) in rows.iter().enumerate() {
        if key(row).is_empty() {
            problems.push(Problem::new(format!("{path}/{at}/{key_name}"), "must not be empty"));
        } else if let Some(first) = rows[..at].iter().position(|earlier| covers(earlier, row)) {
            let message = format!(
                "can never match, because row {first} ({:?}) comes first and matches all of it",
                key(&rows[first])
            );
            problems.push(Problem::new(format!("{path}/{at}"), message));
        }
    }
}
