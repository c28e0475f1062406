//! Documents of real shops, where there are any: the same invariants, with all settings of the property test.
//!
//! `MAGENTO_SAMPLES` names a folder whose folder `orders` holds order documents and search results.

use std::fs;
use std::path::Path;

use flows::plan::Plan;
use rust_decimal::Decimal;
use serde_json::Value;

use super::property::judged;
use super::property::settings::{Planned, SETTINGS};
use super::property::source::Source;
use super::{decimal, planned_by};

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
    for ((name, document), planned) in
        orders.iter().flat_map(|order| SETTINGS.iter().map(move |planned| (order, planned)))
    {
        let plan = planned_by(document, &planned.settings);
        let words = plan.finding().map(|finding| finding.message.as_str()).unwrap_or_default();
        println!("{name}: {} {words}", plan.word());
        within_the_rules(name, document, &plan, planned);
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
fn within_the_rules(name: &str, document: &Value, plan: &Plan, planned: &Planned) {
    if let Plan::Skipped(finding) = plan {
        assert_eq!(finding.code, "orders.skipped.canceled_before_sync", "{name}");
        assert!(["canceled", "closed"].map(Value::from).contains(&document["state"]), "{name}");
        return;
    }
    // Which of the two readings of a row total a document has is not known beforehand: the one that adds up.
    let gross = Source::of(document, false);
    let source = if gross.adds_up { gross } else { Source::of(document, true) };
    let not_created = judged(plan, document, &source, planned).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(not_created, None, "{name}");
}
