//! Addresses beyond the default ones follow as locations, both ways, and none is ever lost or doubled.

use acumatica::model::location::EXPAND;
use flows::delivery::{Calls, Outcome, Report};
use flows::settings::{AccountDeleted, FurtherAddresses};
use serde_json::{Value, json};
use simulators::acumatica::Change;
use simulators::magento::{Address, CustomerDraft};

use super::world::{People, ada, text};
use crate::flow::seams::Gate;
use crate::flow::world::ready;

/// Another address of Ada's, in a city.
pub(super) fn in_city(city: &str) -> Address {
    Address { city: city.into(), ..Address::us("Ada", "Byron") }
}

/// Ada with two further addresses.
pub(super) fn ada_of_three() -> CustomerDraft {
    ada().address(in_city("Springfield")).address(in_city("Greenville"))
}

/// A shop and a tenant that sync locations.
pub(super) fn people() -> People {
    let mut people = People::new();
    people.change(|customers| customers.further_addresses = FurtherAddresses::Locations);
    people
}

/// The locations of a customer as the API shows them: id, person, city, whether it is in use and the default one.
pub(super) fn locations(people: &People, customer: &str) -> Vec<(String, String, String, bool)> {
    let (_, link) = people.shop.worker(&Gate::default(), "");
    let filter = acumatica::filter::Filter::eq("Customer", customer);
    let expand = EXPAND.iter().map(|name| (*name).to_owned()).collect();
    let query = acumatica::client::Query { filter: Some(filter), expand, ..acumatica::client::Query::default() };
    let mut found: Vec<_> = ready(link.acumatica.list("CustomerLocation", &query))
        .expect("the ERP answers")
        .into_iter()
        .map(|location| {
            let of = |pointer: &str| text(&location, pointer).to_owned();
            let active = location["Active"]["value"] == true;
            let city = of("/LocationContact/Address/City/value");
            (of("/LocationID/value"), of("/LocationContact/Attention/value"), city, active)
        })
        .collect();
    found.sort();
    found
}

/// The account's addresses: id, city, whether bills and parcels go there.
pub(super) fn addresses(people: &People, account: u64) -> Vec<(u64, String, bool, bool)> {
    let account = people.account(account);
    let list = account["addresses"].as_array().cloned().unwrap_or_default();
    let flag = |entry: &Value, name: &str| entry.get(name) == Some(&json!(true));
    list.iter()
        .map(|entry| {
            let id = entry["id"].as_u64().expect("an id");
            (id, text(entry, "/city").to_owned(), flag(entry, "default_billing"), flag(entry, "default_shipping"))
        })
        .collect()
}

fn told(reports: &[Report]) -> Vec<(Outcome, Calls)> {
    reports.iter().map(|report| (report.outcome, report.calls)).collect()
}

fn outcome(outcome: Outcome, magento: u32, acumatica: u32) -> (Outcome, Calls) {
    (outcome, Calls { magento, acumatica })
}

fn place(id: &str, person: &str, city: &str, active: bool) -> (String, String, String, bool) {
    (id.to_owned(), person.to_owned(), city.to_owned(), active)
}

fn home(id: u64, city: &str, bills: bool, parcels: bool) -> (u64, String, bool, bool) {
    (id, city.to_owned(), bills, parcels)
}

/// The main location of Ada's customer.
fn main() -> (String, String, String, bool) {
    place("MAIN", "Ada Byron", "Calder", true)
}

#[test]
fn they_stay_where_they_are_unless_the_settings_say_otherwise() {
    let people = People::new();
    people.register(&ada_of_three());
    let reports = people.drain();
    assert_eq!(told(&reports), [outcome(Outcome::Applied, 1, 2), outcome(Outcome::Unchanged, 0, 1)]);
    assert_eq!(locations(&people, &people.numbers()[0]), [main()]);
}

#[test]
fn each_further_address_is_a_location_and_changes_follow_both_ways() {
    let people = people();
    let account = people.register(&ada_of_three());
    let reports = people.drain();
    let number = reports[0].target.clone().expect("a customer");
    // The account; a look-up, the customer, two locations. Then the ERP's push: the customer and its locations.
    assert_eq!(told(&reports), [outcome(Outcome::Applied, 1, 4), outcome(Outcome::Unchanged, 0, 2)]);
    let (second, third) = (place("2", "Ada Byron", "Springfield", true), place("3", "Ada Byron", "Greenville", true));
    assert_eq!(locations(&people, &number), [second.clone(), third, main()]);

    let now = people.shop.now();
    people.shop.magento.with(|shop| shop.edit_customer_address(now, 3, "city", json!("Shelbyville")));
    let reports = people.drain();
    assert_eq!(told(&reports), [outcome(Outcome::Applied, 1, 3)], "the account; customer, locations, one save");
    assert_eq!(locations(&people, &number)[1], place("3", "Ada Byron", "Shelbyville", true));

    let now = people.shop.now();
    let change = [Change::to("LocationContact/Address/City", "Ogdenville")];
    people.shop.erp.with(|erp| erp.edit_location(&number, "2", now, &change)).expect("saved");
    people.push(&number);
    let reports = people.drain();
    // The account, the regions of its country, the account again before its list is replaced, and the list.
    assert_eq!(told(&reports)[0], outcome(Outcome::Applied, 4, 2));
    assert_eq!(told(&reports)[1..], [outcome(Outcome::Unchanged, 1, 0)], "{reports:?}");
    let expected =
        [home(1, "Calder", true, true), home(2, "Ogdenville", false, false), home(3, "Shelbyville", false, false)];
    assert_eq!(addresses(&people, account), expected);
    people.push(&number);
    assert_eq!(told(&people.drain()), [outcome(Outcome::Unchanged, 0, 2)]);
}

#[test]
fn new_ones_are_made_on_the_other_side_once() {
    for numbered in [false, true] {
        let people = people();
        people.shop.erp.with(|erp| erp.config.customers.location_auto_numbering = numbered);
        let account = people.register(&ada());
        let number = people.drain()[0].target.clone().expect("a customer");
        let now = people.shop.now();
        people.shop.magento.with(|shop| shop.add_address(now, account, &in_city("Springfield")));
        people.send(&account.to_string(), queue::Cause::Webhook);
        people.settle();
        let own = [
            Change::to("ContactOverride", true),
            Change::to("AddressOverride", true),
            Change::to("LocationContact/Attention", "Grace Hopper"),
            Change::to("LocationContact/CompanyName", "Navy"),
            Change::to("LocationContact/Phone1", "555-0199"),
            Change::to("LocationContact/Address/City", "Arlington"),
        ];
        let now = people.shop.now();
        let dock = people.shop.erp.with(|erp| erp.create_location(&number, "DOCK", now, &own)).expect("saved");
        people.push(&number);
        people.settle();
        for _ in 0..2 {
            people.push(&number);
            people.send(&account.to_string(), queue::Cause::Operator);
            let reports = people.settle();
            assert!(reports.iter().all(|report| report.outcome == Outcome::Unchanged), "{reports:?}");
        }
        let made = if numbered { "000001" } else { "2" };
        let mut expected = vec![
            place(made, "Ada Byron", "Springfield", true),
            place(&dock, "Grace Hopper", "Arlington", true),
            main(),
        ];
        expected.sort();
        assert_eq!(locations(&people, &number), expected, "numbered by the ERP: {numbered}");
        let expected =
            [home(1, "Calder", true, true), home(2, "Springfield", false, false), home(3, "Arlington", false, false)];
        assert_eq!(addresses(&people, account), expected);
        let made = &people.account(account)["addresses"][2];
        let of = |pointer: &str| text(made, pointer);
        assert_eq!(
            (of("/firstname"), of("/lastname"), of("/company"), of("/telephone")),
            ("Grace", "Hopper", "Navy", "555-0199")
        );
    }
}

#[test]
fn a_customer_of_the_erp_brings_its_locations_with_it() {
    let people = people();
    let number = people.enter(&[
        Change::to("CustomerName", "Grace Hopper"),
        Change::to("CustomerClass", "WEB"),
        Change::to("MainContact/Email", "grace@example.com"),
        Change::to("MainContact/Attention", "Grace Hopper"),
        Change::to("MainContact/Phone1", "555-0100"),
    ]);
    let address = [
        ("AddressLine1", "1 Pier"),
        ("City", "Arlington"),
        ("State", "MI"),
        ("PostalCode", "22202"),
        ("Country", "US"),
    ];
    let mut dock: Vec<Change> =
        address.iter().map(|(name, value)| Change::to(&format!("LocationContact/Address/{name}"), *value)).collect();
    dock.push(Change::to("AddressOverride", true));
    let now = people.shop.now();
    people.shop.erp.with(|erp| erp.create_location(&number, "DOCK", now, &dock)).expect("saved");
    // One at the customer's own address is none, and one out of use neither.
    people.shop.erp.with(|erp| erp.create_location(&number, "SAME", now, &[])).expect("saved");
    dock.push(Change::to("Active", false));
    people.shop.erp.with(|erp| erp.create_location(&number, "OLD", now, &dock)).expect("saved");
    let reports = people.settle();
    let account: u64 =
        reports[0].target.as_deref().and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("{reports:?}"));
    assert_eq!(addresses(&people, account), [home(1, "Arlington", false, false)]);
    let made = &people.account(account)["addresses"][0];
    assert_eq!(
        (text(made, "/firstname"), text(made, "/telephone")),
        ("Grace", "555-0100"),
        "the customer's, where it has none"
    );
    people.push(&number);
    people.send(&account.to_string(), queue::Cause::Operator);
    let reports = people.settle();
    assert!(reports.iter().all(|report| report.outcome == Outcome::Unchanged), "{reports:?}");
    assert_eq!(locations(&people, &number).len(), 4);
}

#[test]
fn whoever_has_met_by_content_stays_together() {
    let people = people();
    let number = people.enter(&[
        Change::to("CustomerName", "Ada Byron"),
        Change::to("MainContact/Email", "ada@example.com"),
        Change::to("MainContact/Attention", "Ada Byron"),
    ]);
    let there = [
        ("ContactOverride", json!(true)),
        ("AddressOverride", json!(true)),
        ("LocationContact/Attention", json!("Ada Byron")),
        ("LocationContact/Phone1", json!("555-0100")),
        ("LocationContact/Address/AddressLine1", json!("100 Sample Street")),
        ("LocationContact/Address/City", json!("Springfield")),
        ("LocationContact/Address/State", json!("MI")),
        ("LocationContact/Address/PostalCode", json!("49628")),
        ("LocationContact/Address/Country", json!("US")),
    ];
    let change = |(path, value): &(&str, Value)| match value {
        Value::Bool(flag) => Change::to(path, *flag),
        value => Change::to(path, value.as_str().unwrap_or_default()),
    };
    let now = people.shop.now();
    let there: Vec<Change> = there.iter().map(change).collect();
    people.shop.erp.with(|erp| erp.create_location(&number, "DOCK", now, &there)).expect("saved");
    let account = people.register(&ada().address(in_city("Springfield")));
    people.settle();
    assert_eq!(locations(&people, &number), [place("DOCK", "Ada Byron", "Springfield", true), main()]);
    assert_eq!(addresses(&people, account).len(), 2);
    let now = people.shop.now();
    people.shop.magento.with(|shop| shop.edit_customer_address(now, 2, "city", json!("Shelbyville")));
    people.send(&account.to_string(), queue::Cause::Webhook);
    people.settle();
    assert_eq!(locations(&people, &number)[0], place("DOCK", "Ada Byron", "Shelbyville", true));
}

#[test]
fn what_is_gone_on_one_side_is_not_deleted_on_the_other() {
    for (policy, active) in
        [(AccountDeleted::Nothing, true), (AccountDeleted::Log, true), (AccountDeleted::Deactivate, false)]
    {
        let mut people = people();
        people.change(|customers| customers.gone.from_magento = policy);
        let account = people.register(&ada_of_three());
        let number = people.drain()[0].target.clone().expect("a customer");
        let now = people.shop.now();
        people.shop.magento.with(|shop| shop.remove_address(now, 2));
        people.send(&account.to_string(), queue::Cause::Webhook);
        let reports = people.settle();
        assert!(reports.iter().all(|report| report.code.is_none()), "{reports:?}");
        assert_eq!(locations(&people, &number)[0], place("2", "Ada Byron", "Springfield", active), "{policy:?}");

        // Whatever the ERP does to it later, it does not come back; and one that is out of use there stays in the shop.
        let now = people.shop.now();
        let edit = [Change::to("LocationContact/Address/City", "Ogdenville"), Change::to("Active", true)];
        people.shop.erp.with(|erp| erp.edit_location(&number, "2", now, &edit)).expect("saved");
        people
            .shop
            .erp
            .with(|erp| erp.edit_location(&number, "3", now, &[Change::to("Active", false)]))
            .expect("saved");
        people.push(&number);
        people.settle();
        let expected = [home(1, "Calder", true, true), home(3, "Greenville", false, false)];
        assert_eq!(addresses(&people, account), expected, "{policy:?}");
        assert_eq!(locations(&people, &number)[0], place("2", "Ada Byron", "Ogdenville", true), "{policy:?}");
    }
}

#[test]
fn an_address_that_becomes_the_default_one_trades_places() {
    let people = people();
    let account = people.register(&ada_of_three());
    let number = people.drain()[0].target.clone().expect("a customer");
    let now = people.shop.now();
    people.shop.magento.with(|shop| shop.set_defaults(now, account, Some(2), Some(2)));
    people.settle();
    let expected = [
        place("2", "Ada Byron", "Calder", true),
        place("3", "Ada Byron", "Greenville", true),
        place("MAIN", "Ada Byron", "Springfield", true),
    ];
    assert_eq!(locations(&people, &number), expected);
    let customer = people.customer(&number);
    assert_eq!(text(&customer, "/MainContact/Address/City/value"), "Springfield");
    // And back, through the ERP: parcels shall go to the third one.
    let now = people.shop.now();
    people.shop.erp.with(|erp| erp.set_default_location(&number, "3", now)).expect("saved");
    people.settle();
    let own = addresses(&people, account);
    let expected =
        [home(1, "Calder", false, false), home(2, "Springfield", true, false), home(3, "Greenville", false, true)];
    assert_eq!(own, expected);
    people.push(&number);
    people.send(&account.to_string(), queue::Cause::Operator);
    let reports = people.settle();
    assert!(reports.iter().all(|report| report.outcome == Outcome::Unchanged), "{reports:?}");
    let mut cities: Vec<String> = locations(&people, &number).into_iter().map(|location| location.2).collect();
    cities.sort();
    assert_eq!(cities, ["Calder", "Greenville", "Springfield"]);
}

#[test]
fn both_changed_and_the_owner_decides() {
    for (owner, city) in
        [("magento", "Shelbyville"), ("acumatica", "Ogdenville"), ("newest", "Ogdenville"), ("never", "")]
    {
        let mut people = people();
        people.change(|customers| {
            let owner = serde_json::from_value(json!(owner)).expect("an owner");
            customers.owners.insert(flows::merge::Field::new("location"), owner);
        });
        let account = people.register(&ada().address(in_city("Springfield")));
        let number = people.drain()[0].target.clone().expect("a customer");
        let now = people.shop.now();
        people.shop.magento.with(|shop| shop.edit_customer_address(now, 2, "city", json!("Shelbyville")));
        people.shop.time.advance(jiff::SignedDuration::from_mins(1));
        let now = people.shop.now();
        let id = locations(&people, &number)[0].0.clone();
        if owner == "never" {
            assert_eq!(id, "MAIN");
            continue;
        }
        let change = [Change::to("LocationContact/Address/City", "Ogdenville")];
        people.shop.erp.with(|erp| erp.edit_location(&number, &id, now, &change)).expect("saved");
        people.send(&account.to_string(), queue::Cause::Webhook);
        let reports = people.settle();
        assert_eq!(reports[0].code.as_deref(), Some("customers.resolved.conflict"), "{owner}: {reports:?}");
        assert_eq!(locations(&people, &number)[0].2, city, "{owner}");
        assert_eq!(addresses(&people, account)[1].1, city, "{owner}");
    }
}
