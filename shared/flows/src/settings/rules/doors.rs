//! What settings of doors mean: headers that can be sent, keys that can be checked with.

use magento::webhook::PublicKey;

use crate::settings::Settings;
use crate::settings::parse::Problem;

pub(super) fn check(settings: &Settings, problems: &mut Vec<Problem>) {
    let webhook = &settings.magento.webhook;
    header("/magento/webhook/header", &webhook.header, problems);
    if let Some(mageplaza) = &webhook.mageplaza {
        header("/magento/webhook/mageplaza/header", &mageplaza.header, problems);
    }
    if let Some(commerce) = &webhook.adobe_commerce {
        keys("/magento/webhook/adobe_commerce/public_keys", &commerce.public_keys, problems);
    }
    if let Some(io) = &webhook.adobe_io {
        text("/magento/webhook/adobe_io/client_id", &io.client_id, problems);
    }
    if let Some(push) = &settings.acumatica.push {
        header("/acumatica/push/header", &push.header, problems);
        if let Some(company) = &push.company {
            text("/acumatica/push/company", company, problems);
        }
    }
}

fn header(path: &str, name: &str, problems: &mut Vec<Problem>) {
    if http::HeaderName::from_bytes(name.as_bytes()).is_err() {
        problems.push(Problem::new(path, format!("{name:?} cannot be the name of an HTTP header")));
    }
}

/// A bad key is not repeated: someone will one day put the private one there.
fn keys(path: &str, keys: &[String], problems: &mut Vec<Problem>) {
    if !matches!(keys.len(), 1..=2) {
        problems.push(Problem::new(path, "must hold one key, or two while one is being replaced"));
    }
    for (at, key) in keys.iter().enumerate() {
        if let Err(bad) = PublicKey::from_pem(key) {
            problems.push(Problem::new(format!("{path}/{at}"), bad.to_string()));
        }
    }
}

fn text(path: &str, value: &str, problems: &mut Vec<Problem>) {
    if value.trim() != value || value.is_empty() {
        problems.push(Problem::new(path, "must be a text without spaces around it, not empty"));
    }
}

#[cfg(test)]
#[path = "doors_tests.rs"]
mod tests;
