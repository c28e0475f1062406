//! Canaries: values of a person that must turn up on both sides and nowhere else, whatever either platform says of them.

use flows::delivery::Outcome;
use serde_json::json;
use simulators::acumatica::Change;
use simulators::fault::{Fault, Planned};
use simulators::magento::{Address, CustomerDraft};

use super::world::{People, text};
use crate::flow::canaries::{COMPANY, Captured, EMAIL, NAME, PHONE, STREET, answer, leaks, said, told};

fn person() -> CustomerDraft {
    let (first, last) = NAME.split_once(' ').expect("two names");
    let address = Address { telephone: Some(PHONE.to_owned()), ..Address::us(first, last) };
    let address = address.company(COMPANY).street(&[STREET, "Apartment Marmalade"]);
    CustomerDraft::new(EMAIL, first, last).address(address.clone()).address(address)
}

#[test]
fn a_person_is_on_both_sides_and_nowhere_else() {
    let (people, log, metrics) = (People::new(), Captured::default(), Captured::default());
    let reports = told(&people.shop, &log, &metrics, || {
        let account = people.register(&person());
        let mut reports = people.settle();
        let number = people.numbers().pop().expect("a customer");
        people.edit_address(1, "street", json!(["78 Marmalade Lane"]));
        people.change_in_erp(&number, &[Change::to("MainContact/Attention", "Ottoline Quillfeather")]);
        reports.extend(people.settle());
        // Both at once, and differently.
        people.edit(account, "firstname", json!("Zelda-Ottoline"));
        people.change_in_erp(&number, &[Change::to("MainContact/Attention", "Zelda Marmalade")]);
        reports.extend(people.settle());
        people.edit(account, "email", json!("zelda@other.canary.example"));
        reports.extend(people.settle());
        reports
    });
    assert!(reports.iter().any(|report| report.code.as_deref() == Some("customers.resolved.conflict")), "{reports:?}");
    assert!(reports.iter().all(|report| report.outcome != Outcome::Parked), "{reports:?}");
    let both = format!("{:?}{:?}", people.accounts(), people.customer(&people.numbers()[0])).to_lowercase();
    for canary in ["canary.example", "quillfeather", "marmalade", "555-0177", "thimblewick"] {
        assert!(both.contains(canary), "{canary} is on both sides");
    }
    assert_eq!(leaks("success", &people.shop, &log, &metrics), [""; 0]);
}

/// A refusal that repeats everything that it was sent of a person, in either platform's form.
fn gossip(platform: &str) -> Fault {
    let words = format!("{NAME} of {COMPANY} ({EMAIL}, {PHONE}) at {STREET} is not accepted.");
    match platform {
        "ERP" => said(500, &words),
        _ => answer(400, &json!({"message": words})),
    }
}

#[test]
fn a_refusal_that_repeats_a_person_is_told_without_them() {
    let mut all = Vec::new();
    for (what, platform, method, path) in [
        ("a customer that cannot be looked up", "ERP", "GET", "/Customer"),
        ("a customer that cannot be made", "ERP", "PUT", "/Customer"),
        ("a customer that cannot be changed", "ERP", "PUT", "/Customer"),
        ("an account that cannot be read", "shop", "GET", "/customers/1"),
        ("an account that cannot be changed", "shop", "PUT", "/customers/1"),
        ("an account that cannot be looked up", "shop", "GET", "/customers/search"),
        ("an account that cannot be made", "shop", "POST", "/customers"),
    ] {
        let (people, log, metrics) = (People::new(), Captured::default(), Captured::default());
        let fault = gossip(platform);
        let plan = || {
            let planned = Planned { method: method.to_owned(), path_part: path.to_owned(), fault };
            if platform == "ERP" { people.shop.erp.plan(planned) } else { people.shop.magento.plan(planned) }
        };
        let enter = || {
            let changes = [
                Change::to("CustomerName", NAME),
                Change::to("CustomerClass", "WEB"),
                Change::to("MainContact/Email", EMAIL),
                Change::to("MainContact/Phone1", PHONE),
            ];
            people.enter(&changes)
        };
        let reports = told(&people.shop, &log, &metrics, || {
            if what.ends_with("changed") {
                people.register(&person());
                people.settle();
                let number = people.numbers().pop().expect("a customer");
                if platform == "ERP" {
                    people.edit(1, "lastname", json!("Marmalade"));
                } else {
                    people.change_in_erp(&number, &[Change::to("MainContact/Address/City", "Marmalade")]);
                }
            } else if what.starts_with("an account") && !what.ends_with("read") {
                enter();
            } else {
                people.register(&person());
            }
            plan();
            people.drain()
        });
        let last = reports.iter().find(|report| report.code.is_some()).unwrap_or_else(|| panic!("{what}: {reports:?}"));
        assert!(text(&json!(last.message), "").contains("."), "{what}: {reports:?}");
        all.extend(leaks(what, &people.shop, &log, &metrics));
    }
    assert_eq!(all, [""; 0]);
}

/// Somebody has typed into the state of an address what is no state.
#[test]
fn a_state_that_magento_does_not_know_is_told_without_it() {
    let (people, log, metrics) = (People::new(), Captured::default(), Captured::default());
    let states = |erp: &mut simulators::acumatica::Acumatica| {
        erp.master.countries.get_mut("US").map(|states| states.insert("Marmalade Lane".to_owned()))
    };
    assert_eq!(people.shop.erp.with(states), Some(true));
    let reports = told(&people.shop, &log, &metrics, || {
        people.enter(&[
            Change::to("CustomerName", "Ann Other"),
            Change::to("CustomerClass", "WEB"),
            Change::to("MainContact/Attention", "Ann Other"),
            Change::to("MainContact/Email", "ann@example.com"),
            Change::to("MainContact/Phone1", "555-0100"),
            Change::to("MainContact/Address/AddressLine1", "1 Mill Lane"),
            Change::to("MainContact/Address/City", "Calder"),
            Change::to("MainContact/Address/PostalCode", "49628"),
            Change::to("MainContact/Address/Country", "US"),
            Change::to("MainContact/Address/State", "Marmalade Lane"),
        ]);
        people.drain()
    });
    let told: Vec<_> = reports.iter().map(|report| (report.outcome, report.code.as_deref())).collect();
    assert!(told.contains(&(Outcome::Parked, Some("customers.rejected.region_unknown"))), "{reports:?}");
    assert_eq!(leaks("an unknown state", &people.shop, &log, &metrics), [""; 0]);
}
