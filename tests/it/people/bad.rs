//! Data that cannot be synced: each is parked under a code that names it, and everybody else is synced as if it were not there.

use serde_json::json;
use simulators::acumatica::Change;
use simulators::magento::{Address, CustomerDraft};
use store::record::State;

use super::person::{differences, of_account, of_customer};
use super::world::{People, ada, text};

/// A customer of the class whose people become accounts.
fn enter(people: &People, name: &str, more: &[Change]) -> String {
    let mut changes = vec![Change::to("CustomerName", name), Change::to("CustomerClass", "WEB")];
    changes.extend_from_slice(more);
    let number = people.enter(&changes);
    text(&people.customer(&number), "/NoteID/value").to_owned()
}

#[test]
fn bad_data_is_named_and_holds_nobody_back() {
    let people = People::new();
    let long = format!("{}@example.com", "a".repeat(288));
    let abroad = Address { country_id: "AF".to_owned(), region: None, ..Address::fr("Noor", "Example") };
    let email = |email: &str| Change::to("MainContact/Email", email);
    let half = [email("half@example.com"), Change::to("MainContact/Address/City", "Calder")];
    let bad = [
        (enter(&people, "No Mail", &[]), "customers.rejected.email_missing"),
        (enter(&people, "No Host", &[email("no host")]), "customers.rejected.email_malformed"),
        (enter(&people, "Mononym", &[email("mono@example.com")]), "customers.rejected.name_missing"),
        (enter(&people, "Half Address", &half), "customers.rejected.address_incomplete"),
        (people.register(&CustomerDraft::new(&long, "Long", "Mail")).to_string(), "customers.rejected.value_too_long"),
        (
            people.register(&CustomerDraft::new("nobody@example.com", " ", "")).to_string(),
            "customers.rejected.name_missing",
        ),
        (
            people.register(&CustomerDraft::new("noor@example.com", "Noor", "Example").address(abroad)).to_string(),
            "acumatica.rejected.address",
        ),
        (
            people.register(&CustomerDraft::new("group@example.com", "Other", "Group").group(3)).to_string(),
            "customers.rejected.group_not_mapped",
        ),
    ];
    // Twice the same address is no mistake: both stay.
    let twice = people.register(&ada().address(Address::us("Ada", "Byron")));
    let grace = people.register(&CustomerDraft::new("grace@example.com", "Grace", "Hopper"));
    people.settle();
    for (id, code) in &bad {
        let record = people.records().into_iter().find(|record| record.key.ends_with(&format!("/customer/{id}")));
        let record = record.unwrap_or_else(|| panic!("{code} has a record"));
        let park = record.park.unwrap_or_else(|| panic!("{code}: {:?}", record.state));
        assert_eq!((park.code.as_str(), record.state), (*code, State::Parked), "{}", park.message);
        for personal in ["example.com", "Mononym", "Noor", "Half", "Calder"] {
            assert!(!park.message.contains(personal), "{}", park.message);
        }
    }
    for (account, email) in [(twice, "ada@example.com"), (grace, "grace@example.com")] {
        let customers: Vec<_> = people.numbers().iter().map(|number| people.customer(number)).collect();
        let own = customers.iter().find(|own| text(own, "/MainContact/Email/value") == email).expect("synced");
        assert_eq!(differences(&of_account(&people.account(account)), &of_customer(own)), [""; 0]);
    }
    assert_eq!(people.account(twice)["addresses"].as_array().map(Vec::len), Some(2));
}

/// What was mended is looked at again by its own event, though Magento need not move the account's stamp for an address.
#[test]
fn a_mended_address_lifts_the_park() {
    let people = People::new();
    let abroad = Address { country_id: "AF".to_owned(), region: None, ..Address::fr("Noor", "Example") };
    let account = people.register(&CustomerDraft::new("noor@example.com", "Noor", "Example").address(abroad));
    people.settle();
    assert_eq!(people.records()[0].state, State::Parked);
    people.edit_address(1, "country_id", json!("FR"));
    let reports = people.settle();
    assert_eq!(people.records()[0].state, State::Done, "{reports:?}");
    let number = people.numbers().pop().expect("a customer");
    assert_eq!(differences(&people.person_in_shop(account), &people.person_in_erp(&number)), [""; 0]);
}
