//! What integrators are told to track, what the simulated tenant tracks, and what is read of a customer are the same.

use std::collections::{BTreeMap, BTreeSet};

use acumatica::model::location::CustomerLocation;
use flows::customers::facts::{Facts, Further};
use flows::customers::plan::{cells, plan};
use flows::merge::Side;
use flows::settings::Settings;
use serde_json::{Value, json};
use simulators::acumatica::Definition;

use super::{customer, edited, erp_address, settings, text, with_facts};
use crate::plan::fields::Facts as Endpoint;

const DOCUMENT: &str = include_str!("../../../../infra/acumatica/push-notifications.md");

/// The tracked fields of each inquiry, by its title.
type Tracked = BTreeMap<String, BTreeSet<String>>;

/// What a cell of a table says as code.
fn codes(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The table of the document.
fn documented() -> Tracked {
    let mut tracked = Tracked::new();
    let rows = DOCUMENT.lines().skip_while(|line| !line.starts_with("| Inquiry |")).skip(2);
    for row in rows.take_while(|line| line.starts_with('|')) {
        let [_, inquiry, of, fields, _, _] = row.split('|').collect::<Vec<_>>()[..] else { panic!("{row}") };
        let own = tracked.entry(codes(inquiry).concat()).or_default();
        let parts = codes(of);
        for field in codes(fields) {
            own.extend(parts.iter().map(|part| format!("{part}/{field}")));
            own.extend(parts.is_empty().then(|| field.to_owned()));
        }
    }
    tracked
}

#[test]
fn the_simulated_tenant_is_set_up_as_documented() {
    let definitions = [Definition::customers(), Definition::locations(), Definition::company_contacts()];
    let tracked: Tracked =
        definitions.into_iter().map(|own| (own.query, own.tracked.expect("named one by one"))).collect();
    assert_eq!(documented(), tracked);
}

/// The fields of an entity with their paths and types, those of its contacts and their addresses too.
fn paths(entity: &str, contacts: &[&str]) -> Vec<(String, String)> {
    let endpoint = Endpoint::load();
    let mut parts = vec![(entity, String::new())];
    for contact in contacts {
        parts.push(("Contact", format!("{contact}/")));
        parts.push(("Address", format!("{contact}/Address/")));
    }
    let of = |(entity, part): &(&str, String)| -> Vec<(String, String)> {
        endpoint.fields(entity).into_iter().map(|(name, kind)| (format!("{part}{name}"), kind)).collect()
    };
    parts.iter().flat_map(of).collect()
}

/// Another value of a field.
fn other(path: &str, kind: &str, now: &Value) -> Option<Value> {
    let value = match (path, kind) {
        ("Status", _) => json!("Inactive"),
        (_, "string") => json!(format!("Other {}", now.as_str().unwrap_or_default())),
        (_, "boolean") => json!(now != &json!(true)),
        (_, "int" | "short" | "decimal") => json!(7),
        (_, "datetime") => json!("2026-01-02T03:04:05+00:00"),
        // A guid is the record itself; linked entities and lists are no fields.
        _ => return None,
    };
    Some(json!({ "value": value }))
}

/// The paths whose change changes what `ask` says of the document.
fn read(document: &Value, paths: &[(String, String)], ask: impl Fn(&Value) -> String) -> BTreeSet<String> {
    let before = ask(document);
    let differs = |(path, kind): &&(String, String)| {
        let pointer = format!("/{path}");
        let now = document.pointer(&format!("{pointer}/value")).cloned().unwrap_or_default();
        other(path, kind, &now).is_some_and(|value| ask(&edited(document.clone(), &[(&pointer, value)])) != before)
    };
    paths.iter().filter(differs).map(|(path, _)| path.clone()).collect()
}

/// Settings by which everything is read that can be.
fn all() -> Settings {
    let field = |name: &str, code: &str| json!({"code": code, "acumatica": {"field": name}, "kind": "text"});
    settings(&[
        ("/customers/gone", json!({"from_acumatica": {"do": "log"}})),
        ("/customers/further_addresses", json!("locations")),
        ("/customers/owners", json!({})),
        (
            "/customers/default/attributes",
            json!([
                field("Terms", "one"),
                field("TaxZone", "two"),
                field("TaxExemptionNumber", "three"),
                field("AccountRef", "four")
            ]),
        ),
    ])
}

/// What is read of a customer: its fields, and whether it becomes an account.
fn said(facts: &Facts<'_>) -> String {
    let customer = facts.customer.expect("there is one");
    format!("{:?} {}", cells::of_customer(facts, customer), plan(facts).plan.word())
}

#[test]
fn exactly_the_fields_that_are_read_of_a_customer_are_tracked() {
    let settings = all();
    let contact = |person: &str, line: &str| json!({"Attention": text(person), "Phone1": text("555-0199"), "Address": erp_address(line)});
    let flag = |own: bool| json!({ "value": own });
    let ask = |document: &Value| with_facts(&settings, &(None, Some(document.clone())), None, Side::Acumatica, said);
    let mut found = BTreeSet::from(["CustomerID".to_owned()]);
    for own in [false, true] {
        let document = edited(
            customer(),
            &[
                ("/BillingContact", contact("Grace", "2 Bill Street")),
                ("/ShippingContact", contact("Rose", "3 Dock Street")),
                ("/BillingAddressOverride", flag(own)),
                ("/ShippingAddressOverride", flag(own)),
                ("/ShippingContactOverride", flag(own)),
            ],
        );
        found.extend(read(&document, &paths("Customer", &["MainContact", "BillingContact", "ShippingContact"]), ask));
    }
    assert_eq!(found, Definition::customers().tracked.expect("named one by one"));
}

#[test]
fn every_field_that_is_read_of_a_location_is_tracked() {
    let settings = all();
    let location = json!({
        "Customer": text("C1"), "LocationID": text("2"), "Active": {"value": true}, "AddressOverride": {"value": true},
        "ContactOverride": {"value": true}, "Default": {"value": false},
        "LocationContact": {"Attention": text("Ada Byron"), "Phone1": text("555-0100"), "Address": erp_address("4 Far Road")},
    });
    let ask = |document: &Value| {
        let locations: [CustomerLocation; 1] = [serde_json::from_value(document.clone()).expect("a location")];
        with_facts(&settings, &(None, Some(customer())), None, Side::Acumatica, |facts| {
            said(&Facts { further: Some(Further { locations: &locations, made: &[] }), ..*facts })
        })
    };
    let found = read(&location, &paths("CustomerLocation", &["LocationContact"]), ask);
    let tracked = Definition::locations().tracked.expect("named one by one");
    assert!(found.len() > 8 && found.is_subset(&tracked), "{found:?} {tracked:?}");
}
