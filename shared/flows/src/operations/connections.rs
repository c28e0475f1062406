//! Test the connections: can both systems be reached, may the user see what is needed, and does what the settings map exist? What both sides
//! offer is answered, and the store views are filled into the settings.

use std::collections::BTreeSet;

use acumatica::client::Query;
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::settings::{Activated, activation};

use super::activation::{NEVER, write};
use super::settings::replace;
use super::{Answer, Desk, Refusal, Unusable, stored};
use crate::codes;
use crate::settings::{Settings, Store, parse};

/// One thing that was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was tried: `magento.stores`, `acumatica.ship_vias`, `mapping.ship_via`.
    pub name: String,
    /// Whether it works.
    pub passed: bool,
    /// Whether the link can be activated without it.
    pub needed: bool,
    /// What was found.
    pub detail: String,
    /// What to do where it failed.
    pub fix: Option<String>,
}

/// What Acumatica offers, by the settings' names: the entity, its key field, and whose rows are listed with it.
const OFFERS: [(&str, &str, &str, bool); 6] = [
    ("ship_vias", "ShipVia", "CarrierID", false),
    ("payment_methods", "PaymentMethod", "PaymentMethodID", true),
    ("tax_zones", "TaxZone", "TaxZoneID", false),
    ("tax_ids", "Tax", "TaxID", false),
    ("warehouses", "Warehouse", "WarehouseID", false),
    ("customer_classes", "CustomerClass", "ClassID", false),
];

/// Tests both connections and notes the settings that passed, or that none did.
///
/// # Errors
/// 404 without such a link, 409 when the activation and 412 when the settings were changed meanwhile. Checks that fail are part of a 200.
pub async fn test(desk: &Desk<'_>, link: &str, by: &str) -> Result<Answer, Refusal> {
    let (mut version, settings) = stored(desk, link).await?;
    let mut checks = Vec::new();
    let stores = magento(desk, link, &settings, &mut checks).await;
    let offers = acumatica(desk, link, &settings, &mut checks).await;
    mapped(&settings, &offers, &mut checks);
    let mut filled = false;
    if let Some(stores) = stores.filter(|stores| *stores != settings.stores) {
        let next = Settings { stores, ..settings.clone() };
        let check = fitting(&next, desk.allow_loopback);
        filled = check.passed;
        checks.push(check);
        if filled {
            version = replace(desk, link, version, Some(&settings), &next, by).await?;
        }
    }
    let passed = checks.iter().all(|check| check.passed || !check.needed);
    note(desk, link, passed.then_some(version), by).await?;
    let body = json!({
        "link": link, "passed": passed, "checks": checks, "offers": offers,
        "settings_version": version, "stores_filled_in": filled,
    });
    Ok(Answer { version: Some(version), ..Answer::ok(body) })
}

/// Notes the settings that passed the test. A test that failed takes an earlier success back, so that a link whose token has died since is
/// not activated; one that is active stays so, because its orders wait or are parked with the reason.
async fn note(desk: &Desk<'_>, link: &str, tested: Option<u64>, by: &str) -> Result<(), Refusal> {
    let (rev, before) = activation(&*desk.world.state, link).await?.unwrap_or((0, NEVER));
    if tested.is_none() && before.initialised_settings_version.is_none() {
        return Ok(());
    }
    write(desk, link, rev, Activated { initialised_settings_version: tested, ..before }, by).await
}

/// The shop: reachable, its store views, and whether orders may be read.
async fn magento(desk: &Desk<'_>, link: &str, settings: &Settings, checks: &mut Vec<Check>) -> Option<Vec<Store>> {
    let client = match desk.platforms.magento(link, &settings.magento).await {
        Ok(client) => client,
        Err(Unusable { why, .. }) => {
            checks.push(failed(
                "magento.connection",
                why,
                "Create or correct the secret, or the address in the settings.",
            ));
            return None;
        }
    };
    let stores = match stores(&client).await {
        Ok(stores) => {
            let codes: Vec<&str> = stores.iter().map(|store| store.code.as_str()).collect();
            checks.push(passed("magento.stores", format!("Store views: {}.", codes.join(", "))));
            Some(stores)
        }
        Err(error) => {
            checks.push(refused("magento.stores", "Magento", &error.attempted, &error.quote, error.code));
            None
        }
    };
    // No shop has this number; what counts is whether the question may be asked.
    checks.push(match client.orders_by_increment_id("-").await {
        Ok(_) => passed("magento.orders", "Orders may be read.".to_owned()),
        Err(error) => refused("magento.orders", "Magento", &error.attempted, &error.quote, error.code),
    });
    stores
}

/// The store views with their websites, time zones and base currencies; the admin store (id 0) is none.
async fn stores(client: &magento::Client) -> Result<Vec<Store>, magento::Error> {
    let (websites, views, configs) =
        (client.websites().await?, client.store_views().await?, client.store_configs().await?);
    let mut stores: Vec<Store> = views
        .iter()
        .filter(|view| view.id.0 != 0)
        .filter_map(|view| {
            let website = websites.iter().find(|website| website.id == view.website_id)?;
            let config = configs.iter().find(|config| config.id == view.id)?;
            Some(Store {
                store_id: view.id.0,
                code: view.code.clone(),
                website: website.code.clone(),
                time_zone: config.timezone.clone(),
                currency: config.base_currency_code.clone(),
            })
        })
        .collect();
    stores.sort_by_key(|store| store.store_id);
    Ok(stores)
}

/// Whether the settings are still right with the shop's store views in them: a scope may name one that there is not. What is not right is
/// never stored.
fn fitting(next: &Settings, allow_loopback: bool) -> Check {
    let document = serde_json::to_vec(next).expect("invariant: settings are texts, whole numbers and lists");
    match parse(&document, allow_loopback) {
        Ok(_) => passed("settings.stores", "The shop's store views were filled in.".to_owned()),
        Err(problems) => {
            let listed: Vec<String> =
                problems.iter().map(|problem| format!("{} {}", problem.path, problem.message)).collect();
            let detail = format!("The settings do not fit the shop: {}.", listed.join("; "));
            failed("settings.stores", detail, "Correct the scopes in the settings, then test again.")
        }
    }
}

/// The ERP: its endpoint, and what it offers of everything that is mapped.
async fn acumatica(desk: &Desk<'_>, link: &str, settings: &Settings, checks: &mut Vec<Check>) -> Value {
    let client = match desk.platforms.acumatica(link, &settings.acumatica).await {
        Ok(client) => client,
        Err(Unusable { why, .. }) => {
            checks.push(failed(
                "acumatica.connection",
                why,
                "Create or correct the secret, or the address in the settings.",
            ));
            return json!({});
        }
    };
    let (name, version) = (&settings.acumatica.endpoint, &settings.acumatica.endpoint_version);
    let endpoint = match client.endpoints().await {
        Ok(endpoints) if endpoints.contains(name, version) => {
            passed("acumatica.endpoint", format!("{name}/{version} is served."))
        }
        Ok(_) => failed(
            "acumatica.endpoint",
            format!("{name}/{version} is not served."),
            codes::fix("acumatica.rejected.endpoint"),
        ),
        Err(error) => refused("acumatica.endpoint", "Acumatica", &error.attempted, &error.quote, error.code),
    };
    let is_served = endpoint.passed;
    checks.push(endpoint);
    if !is_served {
        // Six more questions would fail alike, and six more refused sign-ins may lock the user out.
        return json!({});
    }
    let mut offers = Map::new();
    for (offer, entity, key, with_accounts) in OFFERS {
        let expand = if with_accounts { vec!["AllowedCashAccounts".to_owned()] } else { Vec::new() };
        match client.list(entity, &Query { expand, ..Query::default() }).await {
            Ok(records) => {
                checks.push(passed(&format!("acumatica.{offer}"), format!("{} found.", records.len())));
                offers.insert(
                    offer.to_owned(),
                    records.iter().filter_map(|record| offered(record, key, with_accounts)).collect(),
                );
            }
            Err(error) => {
                let check =
                    refused(&format!("acumatica.{offer}"), "Acumatica", &error.attempted, &error.quote, error.code);
                // Without a right to one list its rows cannot be compared, and orders may be written all the same.
                let needed = error.code == acumatica::error::table::CREDENTIALS;
                checks.push(Check { needed, ..check });
            }
        }
    }
    Value::Object(offers)
}

fn offered(record: &Value, key: &str, with_accounts: bool) -> Option<Value> {
    let id = record.pointer(&format!("/{key}/value"))?.as_str()?.trim().to_owned();
    if !with_accounts {
        return Some(json!(id));
    }
    let rows = record.get("AllowedCashAccounts").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let accounts: Vec<&str> =
        rows.iter().filter_map(|row| row.pointer("/CashAccount/value")?.as_str()).map(str::trim).collect();
    Some(json!({ "payment_method": id, "cash_accounts": accounts }))
}

/// Whether every value that the settings map exists in the ERP. A value that is missing parks the orders that need it, and only those.
fn mapped(settings: &Settings, offers: &Value, checks: &mut Vec<Check>) {
    let orders = &settings.orders;
    let scopes = || orders.scopes();
    let list = |name: &str| offers.get(name).and_then(Value::as_array);
    let plain = |name: &str| -> Option<BTreeSet<String>> {
        Some(list(name)?.iter().filter_map(|id| id.as_str().map(str::to_uppercase)).collect())
    };
    let pairs = list("payment_methods").map(|methods| {
        methods
            .iter()
            .flat_map(|method| {
                let name = method["payment_method"].as_str().unwrap_or_default().to_owned();
                let accounts = method["cash_accounts"].as_array().cloned().unwrap_or_default();
                accounts
                    .into_iter()
                    .map(move |account| format!("{name} with {}", account.as_str().unwrap_or_default()).to_uppercase())
            })
            .collect()
    });
    let ship_vias = scopes().flat_map(|scope| &scope.shipping_methods).map(|row| row.ship_via.clone()).collect();
    let rows = || scopes().flat_map(|scope| &scope.payment_methods);
    let receive = rows().filter_map(|row| row.receive.as_ref());
    let tenders = scopes().filter_map(|scope| scope.tenders.as_ref());
    let tenders =
        tenders.flat_map(|tenders| [&tenders.gift_card, &tenders.store_credit, &tenders.reward_points]).flatten();
    let received = receive.chain(tenders).map(|receive| (&receive.payment_method, &receive.cash_account));
    let authorised = rows().filter_map(|row| row.authorised.as_ref());
    let authorised = authorised.map(|shared| (&shared.payment_method, &shared.cash_account));
    let payments = received.chain(authorised).map(|(method, account)| format!("{method} with {account}")).collect();
    let by_row = scopes().flat_map(|scope| &scope.tax_zones).map(|row| &row.zone);
    let zones =
        scopes().filter_map(|scope| scope.taxes.as_ref()).map(|taxes| &taxes.zone).chain(by_row).cloned().collect();
    let taxes = scopes().flat_map(|scope| &scope.tax_ids).map(|row| row.tax_id.clone()).collect();
    let warehouses = scopes().filter_map(|scope| scope.warehouse.clone()).collect();
    let classes = scopes().filter_map(|scope| scope.customer_class.clone()).collect();
    compare("mapping.ship_via", ship_vias, plain("ship_vias"), checks);
    compare("mapping.payment_method", payments, pairs, checks);
    compare("mapping.tax_zone", zones, plain("tax_zones"), checks);
    compare("mapping.tax_id", taxes, plain("tax_ids"), checks);
    compare("mapping.warehouse", warehouses, plain("warehouses"), checks);
    compare("mapping.customer_class", classes, plain("customer_classes"), checks);
}

fn compare(name: &str, wanted: BTreeSet<String>, offered: Option<BTreeSet<String>>, checks: &mut Vec<Check>) {
    let Some(offered) = offered else { return };
    let missing: Vec<String> = wanted.into_iter().filter(|value| !offered.contains(&value.to_uppercase())).collect();
    checks.push(if missing.is_empty() {
        Check { needed: false, ..passed(name, "Everything that is mapped exists in Acumatica.".to_owned()) }
    } else {
        let detail = format!("Not in Acumatica: {}.", missing.join(", "));
        let check = failed(name, detail, "Correct the mapping in the settings, or create it in Acumatica.");
        Check { needed: false, ..check }
    });
}

fn passed(name: &str, detail: String) -> Check {
    Check { name: name.to_owned(), passed: true, needed: true, detail, fix: None }
}

fn failed(name: &str, detail: String, fix: &str) -> Check {
    Check { name: name.to_owned(), passed: false, needed: true, detail, fix: Some(fix.to_owned()) }
}

fn refused(name: &str, platform: &str, attempted: &str, quote: &str, code: &'static str) -> Check {
    let said = if quote.is_empty() { String::new() } else { format!(" {platform} says: {quote}") };
    failed(name, format!("Could not {attempted} ({code}).{said}"), codes::fix(code))
}
