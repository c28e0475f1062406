//! Documents of real shops, where there are any: the same invariants, with the sample settings.
//!
//! `MAGENTO_SAMPLES` names a folder whose folder `orders` holds order documents and search results.

use std::fs;
use std::path::Path;

use flows::plan::Plan;
use rust_decimal::Decimal;
use serde_json::Value;

use super::property::sound;
use super::{decimal, planned_by, settings};

#[test]
fn recorded_orders_are_planned_to_the_cent() {
    #[expect(clippy::disallowed_methods, reason = "the only test whose documents are not in the repository")]
    let folder = std::env::var("MAGENTO_SAMPLES");
    let Ok(folder) = folder else {
        println!("skipped: MAGENTO_SAMPLES is not set");
        return;
    };
    let orders = complete_orders(&Path::new(&folder).join("orders"));
    assert!(!orders.is_empty(), "{folder} has no complete orders");
    for (name, document) in orders {
        let plan = planned_by(&document, &settings(|_| {}));
        let words = plan.finding().map(|finding| finding.message.as_str()).unwrap_or_default();
        println!("{name}: {} {words}", plan.word());
        within_the_rules(&name, &document, &plan);
    }
}

/// Order documents and the items of search results that are whole, by file name.
fn complete_orders(folder: &Path) -> Vec<(String, Value)> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let mut found = Vec::new();
    for path in files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "json")) {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let document: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let items = document["items"].as_array().filter(|_| document.get("increment_id").is_none()).cloned();
        let orders = items.unwrap_or_else(|| vec![document]);
        found.extend(orders.into_iter().filter(is_complete).map(|order| (name.clone(), order)));
    }
    found
}

fn amount(document: &Value, field: &str) -> Decimal {
    document.get(field).filter(|value| value.is_number()).map_or(Decimal::ZERO, |value| decimal(&value.to_string()))
}

/// Whether the lines without a parent add up to the subtotal, by their row totals or by price and quantity: excerpts do not.
fn is_complete(document: &Value) -> bool {
    let Some(items) = document["items"].as_array() else { return false };
    if !document["base_subtotal"].is_number() || items.is_empty() {
        return false;
    }
    let parents = || items.iter().filter(|item| item["parent_item_id"].is_null());
    let by_row: Decimal = parents().map(|item| amount(item, "base_row_total")).sum();
    let by_price: Decimal = parents().map(|item| amount(item, "base_price") * amount(item, "qty_ordered")).sum();
    [by_row, by_price].contains(&amount(document, "base_subtotal"))
}

/// An order is written to the cent, or not at all and for a reason that stands in the document.
fn within_the_rules(name: &str, document: &Value, plan: &Plan) {
    let extension = &document["extension_attributes"];
    let second_tender = ["base_customer_balance_amount", "base_gift_cards_amount", "base_reward_currency_amount"]
        .iter()
        .any(|field| !amount(extension, field).is_zero());
    let items = document["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let card = items.iter().any(|item| item["product_type"] == "giftcard");
    match plan {
        Plan::Create(_) => sound(plan).unwrap_or_else(|error| panic!("{name}: {error}")),
        Plan::Skipped(finding) => {
            assert_eq!(finding.code, "orders.skipped.canceled_before_sync", "{name}");
            assert!(["canceled", "closed"].map(Value::from).contains(&document["state"]), "{name}");
        }
        Plan::Rejected(finding) => {
            let unmapped = (finding.code == "orders.rejected.tender_not_mapped" && second_tender)
                || (finding.code == "orders.rejected.extra_item_not_mapped" && card);
            assert!(unmapped, "{name}: {finding:?}");
        }
        other => panic!("{name}: {} {:?}", other.word(), other.finding()),
    }
}
