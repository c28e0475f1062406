//! Documents of real shops, where there are any: `MAGENTO_SAMPLES` names a folder whose folders `customers` and `b2b` hold them.

use std::fs;
use std::path::Path;

use magento::model::customer::{Company, Customer, Group};
use serde_json::Value;

#[test]
fn recorded_customers_groups_and_companies_decode() {
    #[expect(clippy::disallowed_methods, reason = "the only test whose documents are not in the repository")]
    let folder = std::env::var("MAGENTO_SAMPLES");
    let Ok(folder) = folder else {
        println!("skipped: MAGENTO_SAMPLES is not set");
        return;
    };
    let folder = Path::new(&folder);
    let (mut customers, mut groups, mut companies) = (0, 0, 0);
    for (name, document) in ["customers", "b2b"].iter().flat_map(|part| documents(&folder.join(part))) {
        // Requests have no id and spell members otherwise; the other documents of companies are not read.
        if document["email"].is_string() && document["id"].is_number() {
            decodes(&name, document);
            customers += 1;
        } else if document["code"].is_string() && document["tax_class_id"].is_number() {
            let group: Group =
                serde_json::from_value(document.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(Value::from(group.code), document["code"], "{name}");
            groups += 1;
        } else if document["company_name"].is_string() {
            let company: Company =
                serde_json::from_value(document.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(company.company_name.map(Value::from), Some(document["company_name"].clone()), "{name}");
            assert!(company.region_id.is_some() && !company.street.is_empty(), "{name}");
            companies += 1;
        }
    }
    assert!(customers > 0 && groups > 0 && companies > 0, "{customers} {groups} {companies}");
}

/// The customer and each default address are found again, and nothing of the document is lost.
fn decodes(name: &str, document: Value) {
    let customer = Customer::read(document.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(customer.addresses.len(), document["addresses"].as_array().map_or(0, Vec::len), "{name}");
    let billing = customer.default_billing.map(|id| customer.address(id).expect("the default is one of the addresses"));
    assert!(billing.is_none_or(|address| address.default_billing.0), "{name}");
    let shipping =
        customer.default_shipping.map(|id| customer.address(id).expect("the default is one of the addresses"));
    assert!(shipping.is_none_or(|address| address.default_shipping.0), "{name}");
    let defaults = customer.addresses.iter().filter(|address| address.default_billing.0).count();
    assert_eq!(defaults, usize::from(customer.default_billing.is_some()), "{name}");
    assert_eq!(customer.document, document, "{name}");
}

/// The documents of a folder and the items of its search results, by file name.
fn documents(folder: &Path) -> Vec<(String, Value)> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let mut found = Vec::new();
    for path in files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "json")) {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let document: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let items = document["items"].as_array().cloned().unwrap_or_else(|| vec![document]);
        found.extend(items.into_iter().map(|item| (name.clone(), item)));
    }
    found
}
