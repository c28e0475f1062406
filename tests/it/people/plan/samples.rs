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
    let mut planned = 0;
    for (name, account) in documents {
        let (made, _) = decided(&settings, &(Some(account.clone()), None), None, Side::Magento);
        let words = made.plan.finding().map(|finding| finding.message.as_str()).unwrap_or_default();
        println!("{name}: {} {words}", made.plan.word());
        let work = match &made.plan {
            Plan::Create(work) => work,
            Plan::Rejected(finding) if flows::codes::advice(finding.code).is_some() => continue,
            other => panic!("{name}: {other:?}"),
        };
        planned += 1;
        let mut sent = Sent::new();
        walk(&Facts::load(), "Customer", work.steps[0].body(), &mut sent);
        // What Acumatica would answer: the body with a number.
        let mut saved = work.steps[0].body().clone();
        saved["CustomerID"] = json!({"value": "C1"});
        saved["NoteID"] = json!({"value": "6f1e1d52-0000-4000-8000-000000000001"});
        let both = (Some(account), Some(saved));
        let (again, told) = decided(&settings, &both, Some(&both), Side::Magento);
        assert_eq!((again.plan.word(), told), ("unchanged", None), "{name}");
        let (met, _) = decided(&settings, &both, None, Side::Magento);
        assert_eq!(met.plan.word(), "unchanged", "{name}: nothing is to be written to what was just made");
    }
    assert!(planned > 0, "none of the accounts is planned");
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
