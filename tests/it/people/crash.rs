//! Crash points: every outside call of every way of a customer fails in every way, or its worker dies there, and everything comes right by itself.

use serde_json::json;
use simulators::acumatica::Change;
use simulators::magento::Address;

use super::play::{Explored, Scenario, explore};
use super::world::{People, ada, text};
use crate::flow::plants::Plant;
use crate::flow::schedule::Faults;
use crate::flow::seams::Fate;

pub(super) const ONE_FAULT: Faults = Faults { most: 1, of: Fate::faults };
pub(super) const ONE_CRASH: Faults = Faults { most: 1, of: Fate::crashes };
pub(super) const ONE_LATE: Faults = Faults { most: 1, of: Fate::late };
/// Two of those that leave most behind: with every one of them twice it is the same, and takes minutes.
pub(super) const TWO_FAULTS: Faults = Faults { most: 2, of: Fate::hardest };
pub(super) const NO_FAULT: Faults = Faults { most: 0, of: Fate::faults };

pub(super) fn all_hold(scenario: &Scenario, faults: Faults) -> Explored {
    let explored = explore(scenario, faults, Plant::Nothing);
    println!("{}: {} runs", scenario.name, explored.runs);
    if let Some((broken, trace)) = &explored.broken {
        panic!("{}: {broken:#?}\nafter {trace:#?}", scenario.name);
    }
    explored
}

/// A pair in step: account 1 with three addresses, the second where parcels go.
pub(super) fn pair(people: &mut People) {
    let other = Address { city: "Dearborn".to_owned(), ..Address::us("Ada", "Byron") };
    let third = Address::us("Mary", "Byron").street(&["3 Third Street", "Rear"]);
    let account = people.register(&ada().address(other).address(third));
    let now = people.shop.now();
    people.shop.magento.with(|magento| magento.set_defaults(now, account, Some(1), Some(2)));
    people.settle();
    people.shop.time.advance(jiff::SignedDuration::from_mins(1));
}

pub(super) const CUSTOMER: &str = "C000001";

fn new_account(people: &mut People) {
    let other = Address { city: "Dearborn".to_owned(), ..Address::us("Ada", "Byron") };
    people.register(&ada().address(other));
}

pub(super) fn new_customer(people: &mut People) {
    people.enter(&[
        Change::to("CustomerName", "Grace Hopper"),
        Change::to("CustomerClass", "WEB"),
        Change::to("MainContact/Email", "grace@example.com"),
        Change::to("MainContact/Attention", "Grace Hopper"),
        Change::to("MainContact/Phone1", "555-0177"),
        Change::to("MainContact/Address/AddressLine1", "1 Harbor Road"),
        Change::to("MainContact/Address/City", "Arlington"),
        Change::to("MainContact/Address/State", "NY"),
        Change::to("MainContact/Address/PostalCode", "10001"),
    ]);
}

fn account_changed(people: &mut People) {
    pair(people);
    people.edit(1, "taxvat", json!("US-1"));
    people.edit_address(1, "city", json!("Detroit"));
}

fn customer_changed(people: &mut People) {
    pair(people);
    let changes = [Change::to("TaxRegistrationID", "US-1"), Change::to("MainContact/Address/City", "Detroit")];
    people.change_in_erp(CUSTOMER, &changes);
}

fn both_changed(people: &mut People) {
    pair(people);
    people.edit(1, "taxvat", json!("US-1"));
    people.change_in_erp(CUSTOMER, &[Change::to("MainContact/Address/City", "Detroit")]);
}

fn moved_in_shop(people: &mut People) {
    pair(people);
    people.edit(1, "email", json!("ada@new.example"));
}

fn moved_in_erp(people: &mut People) {
    pair(people);
    people.change_in_erp(CUSTOMER, &[Change::to("MainContact/Email", "ada@new.example")]);
}

/// Both were there before the link was.
pub(super) fn strangers(people: &mut People) {
    people.shop.erp.with(|erp| erp.add_customer("Ada Byron", "ada@example.com"));
    people.register(&ada());
}

/// Text at a place of account 1.
pub(super) fn is(people: &People, pointer: &str, expected: &str) -> Vec<String> {
    let account = people.account(1);
    let is = text(&account, pointer);
    if is == expected { Vec::new() } else { vec![format!("{pointer} is {is:?}, not {expected:?}")] }
}

/// Account 1 has these addresses and no other.
pub(super) fn has_addresses(people: &People, expected: usize) -> Vec<String> {
    let count = people.account(1)["addresses"].as_array().map(Vec::len).unwrap_or_default();
    if count == expected { Vec::new() } else { vec![format!("{count} addresses, not {expected}")] }
}

fn is_changed(people: &People) -> Vec<String> {
    let mut broken = is(people, "/taxvat", "US-1");
    broken.extend(is(people, "/addresses/0/city", "Detroit"));
    broken.extend(is(people, "/addresses/1/city", "Dearborn"));
    broken.extend(is(people, "/addresses/2/street/1", "Rear"));
    broken.extend(has_addresses(people, 3));
    broken
}

fn has_moved(people: &People) -> Vec<String> {
    let mut broken = is(people, "/email", "ada@new.example");
    broken.extend(has_addresses(people, 3));
    broken
}

const fn one(name: &'static str, arrange: fn(&mut People), expect: fn(&People) -> Vec<String>) -> Scenario {
    Scenario { name, arrange, workers: 1, meanwhile: None, hears: false, stalls: None, expect }
}

/// Everything one worker can be at.
pub(super) const ALONE: [Scenario; 8] = [
    one("a new account", new_account, |people| has_addresses(people, 2)),
    one("a new customer", new_customer, |people| is(people, "/addresses/0/city", "Arlington")),
    one("the account has changed", account_changed, is_changed),
    one("the customer has changed", customer_changed, is_changed),
    one("both have changed", both_changed, is_changed),
    one("another e-mail in the shop", moved_in_shop, has_moved),
    one("another e-mail in the ERP", moved_in_erp, has_moved),
    one("two that have not met", strangers, |people| has_addresses(people, 1)),
];

#[test]
fn a_new_pair_and_one_fault() {
    all_hold(&ALONE[0], ONE_FAULT);
    all_hold(&ALONE[1], ONE_FAULT);
    all_hold(&ALONE[7], ONE_FAULT);
}

#[test]
fn a_change_and_one_fault() {
    for scenario in &ALONE[2..5] {
        all_hold(scenario, ONE_FAULT);
    }
}

#[test]
fn a_new_account_and_two_faults() {
    all_hold(&ALONE[0], TWO_FAULTS);
}

#[test]
fn a_change_of_both_and_two_faults() {
    all_hold(&ALONE[4], TWO_FAULTS);
}

#[test]
#[ignore = "takes minutes: every pair of faults of what is tried above with the hardest"]
fn every_two_faults() {
    for scenario in [&ALONE[0], &ALONE[4]] {
        all_hold(scenario, Faults { most: 2, of: Fate::different });
    }
}

/// Both have changed the same field, and differently, and one of them another one: whoever dies over it, the log says who has won.
#[test]
fn a_conflict_is_in_the_log_whatever_fails() {
    fn arrange(people: &mut People) {
        pair(people);
        people.edit(1, "taxvat", json!("US-1"));
        people.edit_address(1, "telephone", json!("555-0111"));
        people.change_in_erp(CUSTOMER, &[Change::to("TaxRegistrationID", "US-2")]);
    }
    fn expect(people: &People) -> Vec<String> {
        let mut broken = is(people, "/taxvat", "US-2");
        let entries = people.shop.entries();
        if !entries.iter().any(|entry| entry.code.as_deref() == Some("customers.resolved.conflict")) {
            broken.push("nobody was told of the conflict".to_owned());
        }
        broken
    }
    all_hold(&one("a conflict", arrange, expect), ONE_FAULT);
}

#[test]
fn another_email_and_one_fault() {
    for scenario in &ALONE[5..7] {
        all_hold(scenario, ONE_FAULT);
    }
}
