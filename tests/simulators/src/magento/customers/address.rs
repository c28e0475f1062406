//! Addresses of customers: how one is written, and what Magento refuses in it (Magento 2.4.6, module-customer `Model/Address`,
//! `Model/Address/Validator/General` and `Country`).

use serde_json::{Map, Value, json};

use super::super::config::Config;
use super::super::directory::Country;
use super::super::error::ApiError;
use super::account;

/// Writes what was sent over the address: members that were not sent keep what an existing address has.
pub(super) fn write(address: &mut Value, mut fields: Map<String, Value>, config: &Config) {
    let region = REGION.map(|name| fields.remove(name));
    account::write(address, fields);
    if region.iter().any(Option::is_some) {
        let [name, code, id] = region;
        write_region(address, name, code, id, config);
    } else if address.get("region").is_none() {
        write_region(address, None, None, None, config);
    }
}

const REGION: [&str; 3] = ["region", "region_code", "region_id"];

/// A region's id tells its code and name; without an id the name is free text and stands in both. All three members are always there
/// (recorded responses).
fn write_region(address: &mut Value, name: Option<Value>, code: Option<Value>, id: Option<Value>, config: &Config) {
    let id = id.as_ref().and_then(Value::as_u64).unwrap_or_default();
    let country = address["country_id"].as_str().and_then(|code| config.country(code));
    let known = country.and_then(|country| country.regions.iter().find(|region| u64::from(region.id) == id));
    let free = name.filter(|name| !name.is_null() && *name != "").or(code).unwrap_or_default();
    let (code, name) = match known {
        Some(region) => (json!(region.code), json!(region.name)),
        None => (free.clone(), free),
    };
    address["region"] = json!({"region_code": code, "region": name, "region_id": id});
    address["region_id"] = json!(id);
}

/// Everything that is wrong with the address, in the order in which the validators find it.
pub(super) fn validate(address: &Value, config: &Config) -> Vec<ApiError> {
    let text = |name: &str| address.get(name).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    let street = address.pointer("/street/0").and_then(Value::as_str).is_some_and(|line| !line.is_empty());
    let code = address.get("country_id").and_then(Value::as_str).unwrap_or_default();
    let country = config.country(code);
    let mut missing: Vec<&str> = ["firstname", "lastname"].into_iter().filter(|name| !text(name)).collect();
    missing.extend((!street).then_some("street"));
    missing.extend((!text("city")).then_some("city"));
    missing.extend((config.telephone_required && !text("telephone")).then_some("telephone"));
    missing.extend((!country.is_some_and(|it| it.postcode_optional) && !text("postcode")).then_some("postcode"));
    let mut errors: Vec<ApiError> = missing.into_iter().map(ApiError::required).collect();
    match country {
        _ if code.is_empty() => errors.push(ApiError::required("countryId")),
        None => errors.push(invalid("countryId", code)),
        Some(country) => errors.extend(wrong_region(address, country)),
    }
    errors
}

fn wrong_region(address: &Value, country: &Country) -> Option<ApiError> {
    let id = address["region_id"].as_u64().unwrap_or_default();
    let name = address.pointer("/region/region").and_then(Value::as_str).unwrap_or_default();
    let listed = country.regions.iter().any(|region| u64::from(region.id) == id);
    if country.regions.is_empty() {
        return (country.region_required && name.is_empty()).then(|| ApiError::required("region"));
    }
    if id == 0 {
        return country.region_required.then(|| ApiError::required("regionId"));
    }
    (!listed).then(|| invalid("regionId", &id.to_string()))
}

fn invalid(field: &str, value: &str) -> ApiError {
    ApiError::new(400, "Invalid value of \"%value\" provided for the %fieldName field.")
        .with(json!({"fieldName": field, "value": value}))
}
