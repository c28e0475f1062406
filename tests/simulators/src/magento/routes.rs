//! From a path to a route: store scope, the route table, and which of its routes are simulated.

use http::Method;

use super::config::Config;
use super::customers::Call;
use super::error::ApiError;
use super::route_table::{COMPANY_ROUTES, ROUTES};

/// A route that is simulated, with its path parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Shop(ShopAction),
    Customers(Call),
}

/// A route of orders, products and the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ShopAction {
    Order(String),
    Orders,
    SaveOrder,
    AddComment(String),
    Products,
    Websites,
    StoreGroups,
    StoreViews,
    StoreConfigs,
    Countries,
    Country(String),
    Modules,
}

/// A match: the ACL resource, the route as Magento names it, and what to do, unless it is not simulated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Matched {
    pub(crate) resource: &'static str,
    pub(crate) route: String,
    pub(crate) action: Option<Action>,
}

/// Matches `/rest[/<store>]/V1/…`, also below `/index.php`. An unknown store code is taken for a part of the route, so it matches none
/// (Magento 2.4.6, module-webapi PathProcessor and Controller/Rest/Router).
pub(crate) fn find(method: &Method, path: &str, config: &Config) -> Result<Matched, ApiError> {
    if ![Method::GET, Method::POST, Method::PUT, Method::DELETE].contains(method) {
        return Err(ApiError::new(400, "Request method is invalid."));
    }
    let path = path.strip_prefix("/index.php").unwrap_or(path);
    let below = path.strip_prefix("/rest/").ok_or_else(ApiError::no_route)?;
    let (first, rest) = below.split_once('/').unwrap_or((below, ""));
    let scoped = first == "all" || config.store_views.iter().any(|view| view.code == first);
    let below = if scoped { rest } else { below };
    if below.starts_with("async/") {
        return Err(ApiError::not_simulated(&format!("{method} /{below}")));
    }
    let route = below.strip_prefix("V1/").ok_or_else(ApiError::no_route)?;
    let parts: Vec<&str> = route.trim_end_matches('/').split('/').collect();
    let (resource, pattern) = best(method, &parts, config.has_companies()).ok_or_else(ApiError::no_route)?;
    let route = format!("{method} /V1{pattern}");
    let action = action(&route, &parts);
    Ok(Matched { resource, route, action })
}

/// The matching route with the most literal parts: `/orders/items` before `/orders/:id`.
fn best(method: &Method, parts: &[&str], companies: bool) -> Option<(&'static str, &'static str)> {
    let more = if companies { COMPANY_ROUTES } else { &[] };
    let candidates =
        ROUTES.iter().chain(more).flat_map(|(resource, routes)| routes.iter().map(move |route| (*resource, *route)));
    let matching = candidates.filter_map(|(resource, route)| {
        let (verbs, pattern) = route.split_once(' ')?;
        (verbs.split('|').any(|verb| verb == method.as_str()) && fits(pattern, parts)).then_some((resource, pattern))
    });
    matching.max_by_key(|(_, pattern)| pattern.split('/').filter(|part| !part.starts_with(':')).count())
}

fn fits(pattern: &str, parts: &[&str]) -> bool {
    let pattern: Vec<&str> = pattern.trim_matches('/').split('/').collect();
    pattern.len() == parts.len()
        && pattern
            .iter()
            .zip(parts)
            .all(|(wanted, part)| wanted == part || (wanted.starts_with(':') && !part.is_empty()))
}

fn action(route: &str, parts: &[&str]) -> Option<Action> {
    let last = || parts.last().map(|part| (*part).to_owned()).unwrap_or_default();
    Some(Action::Shop(match route {
        "GET /V1/orders/:id" => ShopAction::Order(last()),
        "GET /V1/orders" => ShopAction::Orders,
        "POST /V1/orders" => ShopAction::SaveOrder,
        "POST /V1/orders/:id/comments" => {
            ShopAction::AddComment(parts.get(1).map(|id| (*id).to_owned()).unwrap_or_default())
        }
        "GET /V1/products" => ShopAction::Products,
        "GET /V1/store/websites" => ShopAction::Websites,
        "GET /V1/store/storeGroups" => ShopAction::StoreGroups,
        "GET /V1/store/storeViews" => ShopAction::StoreViews,
        "GET /V1/store/storeConfigs" => ShopAction::StoreConfigs,
        "GET /V1/directory/countries" => ShopAction::Countries,
        "GET /V1/directory/countries/:countryId" => ShopAction::Country(last()),
        "GET /V1/modules" => ShopAction::Modules,
        _ => return Call::of(route, last()).map(Action::Customers),
    }))
}
