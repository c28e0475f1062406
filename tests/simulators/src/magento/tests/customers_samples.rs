//! Documents of real shops, where there are any: ours have the members that theirs have, in the same types.
//!
//! `MAGENTO_SAMPLES` names a folder whose folder `customers` holds recorded and documented answers.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::*;

#[test]
fn recorded_customers_come_back_as_they_were_recorded() {
    #[expect(clippy::disallowed_methods, reason = "its documents are not in the repository")]
    let folder = std::env::var("MAGENTO_SAMPLES");
    let Ok(folder) = folder else {
        println!("skipped: MAGENTO_SAMPLES is not set");
        return;
    };
    let mut seen = 0;
    for name in ["doc-post-customer-response", "recorded-company-two-addresses", "recorded-individual-one-address"] {
        let path = Path::new(&folder).join("customers").join(format!("{name}.json"));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let recorded: Value = serde_json::from_str(&text).unwrap();
        let mut shop = shop();
        let id = shop.insert_customer(recorded.clone());
        assert_eq!(get(&mut shop, &format!("/rest/V1/customers/{id}")).1, recorded, "{name}: put in whole");
        // Sent back as it is, nothing but the time changes.
        let (parts, _) = request("PUT", &format!("/rest/V1/customers/{id}"), "Bearer admin").into_parts();
        let body = Bytes::from(json!({ "customer": recorded }).to_string());
        let (status, mut saved) = send(&mut shop, &Request::from_parts(parts, body));
        assert_eq!(status, 200, "{name}: {saved}");
        saved["updated_at"] = recorded["updated_at"].clone();
        assert_eq!(saved, recorded, "{name}: saved unchanged");
        let draft = CustomerDraft {
            dob: Some("1973-12-15".into()),
            gender: Some(2),
            ..CustomerDraft::new("b@example.com", "B", "C")
        };
        let ours = shop.add_customer(now(), &draft.address(Address::us("B", "C").company("D")));
        let missing: Vec<_> =
            members(&recorded, "").difference(&members(shop.customer(ours).unwrap(), "")).cloned().collect();
        assert_eq!(missing, [""; 0], "{name}: members that a customer of ours lacks");
        seen += 1;
    }
    assert_eq!(seen, 3);
}

/// Every member with its type, lists by the members of all their entries; a null says nothing about the type.
fn members(value: &Value, at: &str) -> BTreeSet<String> {
    match value {
        Value::Object(map) => map.iter().flat_map(|(name, value)| members(value, &format!("{at}/{name}"))).collect(),
        Value::Array(list) => list.iter().flat_map(|value| members(value, &format!("{at}[]"))).collect(),
        Value::Null => BTreeSet::new(),
        Value::Bool(_) => BTreeSet::from([format!("{at}: flag")]),
        Value::Number(_) => BTreeSet::from([format!("{at}: number")]),
        Value::String(_) => BTreeSet::from([format!("{at}: text")]),
    }
}
