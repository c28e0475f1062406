//! Accounts of real shops, where there are any: each is planned, or rejected for a reason that is named, and what comes back is in step.
//!
//! `MAGENTO_SAMPLES` names a folder whose folder `customers` holds account documents.

use std::fs;
use std::path::Path;

use flows::merge::Side;
use flows::plan::Plan;
use serde_json::{Value, json};

use super::{decided, settings};
use crate::plan::fields::{Facts, Sent, walk};

/// What is decided of each document: the word, or the code of why nothing is.
const EXPECTED: [(&str, &str); 4] = [
    ("doc-post-customer-response.json", "create"),
    ("recorded-company-two-addresses.json", "create"),
    ("recorded-individual-one-address.json", "create"),
    ("recorded-many-guest-like-addresses.json", "create"),
];

#[test]
fn recorded_accounts_are_planned() {
    #[expect(clippy::disallowed_methods, reason = "documents that are not in the repository")]
    let folder = std::env::var("MAGENTO_SAMPLES");
    let Ok(folder) = folder else {
        println!("skipped: MAGENTO_SAMPLES is not set");
        return;
    };
    let documents = accounts(&Path::new(&folder).join("customers"));
    assert!(!documents.is_empty(), "{folder} has no accounts");
    let settings = settings(&[]);
    let mut seen = Vec::new();
    for (name, account) in documents {
        let (made, _) = decided(&settings, &(Some(account.clone()), None), None, Side::Magento);
        let words = made.plan.finding().map(|finding| finding.message.as_str()).unwrap_or_default();
        println!("{name}: {} {words}", made.plan.word());
        seen.push((name.clone(), made.plan.finding().map_or(made.plan.word(), |finding| finding.code)));
        let Plan::Create(work) = &made.plan else { continue };
        let mut sent = Sent::new();
        walk(&Facts::load(), "Customer", work.steps[0].body(), &mut sent);
        // What Acumatica would answer: the body with a number.
        let mut saved = work.steps[0].body().clone();
        saved["CustomerID"] = json!({"value": "C1"});
        saved["NoteID"] = json!({"value": "6f1e1d52-0000-4000-8000-000000000001"});
        let both = (Some(account), Some(saved.clone()));
        let (met, _) = decided(&settings, &both, None, Side::Magento);
        assert_eq!(met.plan.word(), "unchanged", "{name}: nothing is to be written to what was just made");
        // The account that would be made of that customer says the same as the one that it was made of.
        let (back, _) = decided(&settings, &(None, Some(saved.clone())), None, Side::Acumatica);
        let Plan::Create(work) = &back.plan else { panic!("{name}: {:?}", back.plan) };
        let returned = (Some(as_saved(work.steps[0].body())), Some(saved));
        let (again, told) = decided(&settings, &returned, Some(&both), Side::Magento);
        assert_eq!((again.plan.word(), told), ("unchanged", None), "{name}: {again:?}");
    }
    assert_eq!(seen, EXPECTED.map(|(name, outcome)| (name.to_owned(), outcome)));
}

/// The account that Magento answers with to the request that makes one.
fn as_saved(body: &Value) -> Value {
    let mut account = body["customer"].clone();
    account["id"] = json!(7);
    for (at, address) in account["addresses"].as_array_mut().into_iter().flatten().enumerate() {
        let id = 70 + at;
        address["id"] = json!(id);
    }
    for which in ["default_billing", "default_shipping"] {
        let of = |address: &&Value| address[which] == true;
        let id =
            account["addresses"].as_array().into_iter().flatten().find(of).map(|address| address["id"].to_string());
        account[which] = json!(id);
    }
    account
}

/// Documents that are accounts; requests and groups are none.
fn accounts(folder: &Path) -> Vec<(String, Value)> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |path: &Path| -> Value { serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap() };
    let named = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let documents = files.iter().map(|path| (named(path), read(path)));
    documents.filter(|(_, document)| document["id"].is_u64() && document["email"].is_string()).collect()
}
