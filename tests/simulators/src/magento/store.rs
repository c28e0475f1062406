//! Websites, groups, views and their configuration as the store routes answer them. Id 0 is the admin scope, which is listed except
//! among the configurations (recorded responses of a 2.3 shop).

use serde_json::{Value, json};

use super::config::{Config, StoreView};
use super::query::{Param, snake};

/// `GET /V1/store/websites`.
pub(crate) fn websites(config: &Config) -> Value {
    let own = config.websites.iter().map(|website| {
        json!({"id": website.id, "code": website.code, "name": website.name, "default_group_id": website.default_group_id})
    });
    let admin = json!({"id": 0, "code": "admin", "name": "Admin", "default_group_id": 0});
    own.chain([admin]).collect()
}

/// `GET /V1/store/storeGroups`.
pub(crate) fn groups(config: &Config) -> Value {
    let admin = json!({"id": 0, "website_id": 0, "root_category_id": 0, "default_store_id": 0, "name": "Default", "code": "default"});
    let own = config.store_groups.iter().map(|group| {
        json!({
            "id": group.id, "website_id": group.website_id, "root_category_id": group.root_category_id,
            "default_store_id": group.default_store_id, "name": group.name, "code": group.code,
        })
    });
    std::iter::once(admin).chain(own).collect()
}

/// `GET /V1/store/storeViews`.
pub(crate) fn views(config: &Config) -> Value {
    let own = config.store_views.iter().map(|view| {
        json!({
            "id": view.id, "code": view.code, "name": view.name, "website_id": view.website_id,
            "store_group_id": view.store_group_id, "is_active": 1,
        })
    });
    let admin =
        json!({"id": 0, "code": "admin", "name": "Admin", "website_id": 0, "store_group_id": 0, "is_active": 1});
    own.chain([admin]).collect()
}

/// `GET /V1/store/storeConfigs`, of the codes in `storeCodes[]` or of all.
pub(crate) fn configs(config: &Config, query: &str) -> Value {
    let params = Param::parse(query);
    let wanted = params.iter().find(|(name, _)| snake(name) == "store_codes").map(|(_, codes)| codes);
    let asked = |view: &&StoreView| {
        wanted.is_none_or(|codes| codes.entries().iter().any(|(_, code)| code.text() == Some(&view.code)))
    };
    config.store_views.iter().filter(asked).map(one).collect()
}

fn one(view: &StoreView) -> Value {
    let base = &view.base_url;
    let (link, fixed, media) = (format!("{base}index.php/"), format!("{base}static/"), format!("{base}media/"));
    json!({
        "id": view.id, "code": view.code, "website_id": view.website_id, "locale": view.locale,
        "base_currency_code": view.base_currency, "default_display_currency_code": view.display_currency,
        "timezone": view.timezone, "weight_unit": view.weight_unit,
        "base_url": base, "base_link_url": link, "base_static_url": fixed, "base_media_url": media,
        "secure_base_url": base, "secure_base_link_url": link, "secure_base_static_url": fixed,
        "secure_base_media_url": media,
    })
}
