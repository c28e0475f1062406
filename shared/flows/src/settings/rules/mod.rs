//! The third look at a settings document: what it means. Every rule names the value that breaks it by its path.

mod customer_rows;
mod customers;
mod doors;
mod fields;
mod limits;
mod rows;
mod scopes;

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use seams::BaseUrl;
use seams::base_url::BadUrl;

use super::currencies::is_currency;
use super::parse::Problem;
use super::{DEFAULT_WINDOW_SECONDS, Numbering, Settings, Store};

/// Every rule that the settings break.
pub(super) fn check(settings: &Settings, allow_loopback: bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    connections(settings, allow_loopback, &mut problems);
    doors::check(settings, &mut problems);
    stores(&settings.stores, &mut problems);
    scopes::check(settings, &mut problems);
    customers::check(settings, &mut problems);
    window(settings, &mut problems);
    problems
}

fn connections(settings: &Settings, allow_loopback: bool, problems: &mut Vec<Problem>) {
    let (magento, acumatica) = (&settings.magento, &settings.acumatica);
    base_url("/magento/base_url", &magento.base_url, "/rest", allow_loopback, problems);
    base_url("/acumatica/base_url", &acumatica.base_url, "/entity", allow_loopback, problems);
    for (path, value, example) in [
        ("/acumatica/endpoint", &acumatica.endpoint, "Default"),
        ("/acumatica/endpoint_version", &acumatica.endpoint_version, "24.200.001"),
    ] {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if value.is_empty() || !value.bytes().all(fits) {
            problems
                .push(Problem::new(path, format!("{value:?} cannot be part of an address; it looks like {example:?}")));
        }
    }
}

/// `route` is what the client appends itself: people copy addresses with it.
fn base_url(path: &str, text: &str, route: &str, allow_loopback: bool, problems: &mut Vec<Problem>) {
    let message = match BaseUrl::parse(text) {
        Err(BadUrl::Malformed) => "must be an address like \"https://shop.example.com\"".to_owned(),
        Err(BadUrl::UserInfo) => {
            "must not contain a user name or password; credentials belong in the secret".to_owned()
        }
        Err(BadUrl::Query) => "must not contain a query or a fragment".to_owned(),
        Err(BadUrl::NotHttps) => "must begin with https://".to_owned(),
        Ok(url) if url.as_str().starts_with("http://") && !allow_loopback => "must begin with https://".to_owned(),
        Ok(url) if url.as_str().ends_with(route) => format!("must not end with {route}, which is added to it"),
        Ok(_) => return,
    };
    problems.push(Problem::new(path, message));
}

fn stores(stores: &[Store], problems: &mut Vec<Problem>) {
    let (mut ids, mut codes) = (BTreeMap::new(), BTreeMap::new());
    let mut currencies: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for (at, store) in stores.iter().enumerate() {
        let path = format!("/stores/{at}");
        if store.store_id == 0 {
            problems.push(Problem::new(format!("{path}/store_id"), "store 0 is Magento's admin, which sells nothing"));
        }
        if let Some(first) = ids.insert(store.store_id, at) {
            let message = format!("store {} is already at /stores/{first}", store.store_id);
            problems.push(Problem::new(format!("{path}/store_id"), message));
        }
        if let Some(first) = codes.insert(store.code.as_str(), at) {
            let message = format!("store view {:?} is already at /stores/{first}", store.code);
            problems.push(Problem::new(format!("{path}/code"), message));
        }
        for (field, value) in [("code", &store.code), ("website", &store.website)] {
            if value.is_empty() {
                problems.push(Problem::new(format!("{path}/{field}"), "must not be empty"));
            }
        }
        if TimeZone::get(&store.time_zone).is_err() {
            let message = format!("{:?} is no time zone; they look like \"America/Chicago\"", store.time_zone);
            problems.push(Problem::new(format!("{path}/time_zone"), message));
        }
        let (first, currency) = *currencies.entry(&store.website).or_insert((at, &store.currency));
        if !is_currency(&store.currency) {
            let message = format!("{:?} is no currency of ISO 4217; they look like \"USD\"", store.currency);
            problems.push(Problem::new(format!("{path}/currency"), message));
        } else if currency != store.currency {
            let message =
                format!("a website has one base currency; {:?} has {currency} at /stores/{first}", store.website);
            problems.push(Problem::new(format!("{path}/currency"), message));
        }
    }
}

/// A shorter window is safe only where the ERP itself refuses a second document of the same number.
fn window(settings: &Settings, problems: &mut Vec<Problem>) {
    let orders = &settings.orders;
    if orders.window_seconds.is_none_or(|window| window >= DEFAULT_WINDOW_SECONDS) {
        return;
    }
    let given: BTreeSet<bool> =
        orders.scopes().filter_map(|scope| scope.numbering).map(|numbering| numbering == Numbering::Manual).collect();
    let everywhere = orders.default.numbering.is_some()
        || (!settings.stores.is_empty()
            && settings.stores.iter().all(|store| settings.orders_of(store).first(|scope| scope.numbering).is_some()));
    if given.contains(&false) || !everywhere {
        let message = format!(
            "must be at least {DEFAULT_WINDOW_SECONDS} unless numbering is \"manual\" everywhere: only then does the ERP refuse duplicates"
        );
        problems.push(Problem::new("/orders/window_seconds", message));
    }
}

#[cfg(test)]
mod channels_tests;
#[cfg(test)]
mod customer_rows_tests;
#[cfg(test)]
mod customers_tests;
#[cfg(test)]
mod rows_tests;
#[cfg(test)]
mod tests;
