//! Several hints of one person at once, in every interleaving of two workers: one customer, one account, nothing lost.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use queue::Cause;
use serde_json::json;
use simulators::acumatica::{Change, faults::maintenance};
use simulators::fault::Planned;
use simulators::magento::Address;
use store::record::State;

use super::crash::{self, CUSTOMER, NO_FAULT, ONE_CRASH, ONE_LATE, all_hold, is, pair};
use super::play::Scenario;
use super::world::{People, ada, text};
use crate::flow::world::shirts;

const ADA: &str = "ada@example.com";

/// A first order, and an account.
fn order_and_account(people: &mut People) {
    people.shop.order(&shirts(ADA));
    people.register(&ada());
}

/// Two hints of one new account.
fn account_twice(people: &mut People) {
    let account = people.register(&ada());
    people.send(&account.to_string(), Cause::Webhook);
}

/// An account, and a customer that somebody has just entered in the ERP.
fn account_and_customer(people: &mut People) {
    people.register(&ada());
    people.enter(&[
        Change::to("CustomerName", "Ada Byron"),
        Change::to("CustomerClass", "WEB"),
        Change::to("MainContact/Email", ADA),
        Change::to("MainContact/Phone1", "555-0199"),
    ]);
}

/// A customer whose account is to be made, told twice.
fn customer_twice(people: &mut People) {
    crash::new_customer(people);
    people.hear();
    let note = text(&people.customer(CUSTOMER), "/NoteID/value").to_owned();
    people.send(&note, Cause::Poll);
}

/// A pair that both sides have changed, each telling of it.
fn both_tell(people: &mut People) {
    pair(people);
    people.edit(1, "taxvat", json!("US-1"));
    people.change_in_erp(CUSTOMER, &[Change::to("MainContact/Address/City", "Detroit")]);
}

const fn two(name: &'static str, arrange: fn(&mut People), expect: fn(&People) -> Vec<String>) -> Scenario {
    Scenario { name, arrange, workers: 2, meanwhile: None, hears: false, stalls: None, expect }
}

fn one_customer(people: &People) -> Vec<String> {
    let numbers = people.numbers();
    if numbers.len() == 1 { Vec::new() } else { vec![format!("customers {numbers:?}")] }
}

pub(super) const PAIRS: [Scenario; 5] = [
    two("an order and an account", order_and_account, one_customer),
    two("an account twice", account_twice, one_customer),
    two("an account and a customer", account_and_customer, one_customer),
    two("a customer twice", customer_twice, one_customer),
    two("both sides have changed", both_tell, |people| {
        let mut broken = is(people, "/taxvat", "US-1");
        broken.extend(is(people, "/addresses/0/city", "Detroit"));
        broken
    }),
];

#[test]
fn two_workers_make_one_customer() {
    let codes: BTreeSet<String> = PAIRS.iter().flat_map(|scenario| all_hold(scenario, NO_FAULT).codes).collect();
    // Whoever comes second waits for the first, looks again, or leaves the event to the other's record.
    for code in ["customers.not_ready.being_made", "customers.not_ready.changed_meanwhile", "customers.skipped.joined"]
    {
        assert!(codes.contains(code), "{code} is not among {codes:?}");
    }
}

#[test]
fn two_workers_of_whom_one_dies_make_one_customer() {
    for scenario in &PAIRS {
        all_hold(scenario, ONE_CRASH);
    }
}

#[test]
fn two_workers_and_one_late_write_make_one_customer() {
    for scenario in &PAIRS {
        all_hold(scenario, ONE_LATE);
    }
}

/// The first worker is believed to be dead and is not: what it does late is merged.
#[test]
fn a_stalled_worker_and_its_successor_make_one_customer() {
    for minutes in [4, 20] {
        for scenario in &PAIRS {
            all_hold(&Scenario { stalls: Some(minutes), ..*scenario }, NO_FAULT);
        }
    }
}

/// The push about a customer of ours is worked on while its maker is still at it.
#[test]
fn the_erps_push_about_our_own_customer_finds_its_pair() {
    fn arrange(people: &mut People) {
        people.register(&ada());
    }
    fn nothing(_: &People) {}
    let scenario =
        Scenario { workers: 1, meanwhile: Some(nothing), hears: true, ..two("our own push", arrange, one_customer) };
    all_hold(&scenario, NO_FAULT);
    all_hold(&scenario, ONE_CRASH);
}

/// Either side is changed by somebody else at any moment of a turn, also while the ERP is saving what the turn sends: what the answer shows of that is
/// news, and arrives.
#[test]
fn what_somebody_changes_during_a_turn_is_not_lost() {
    fn arrange(people: &mut People) {
        pair(people);
        people.edit_address(1, "telephone", json!("555-0111"));
    }
    fn in_erp(people: &People) {
        people.change_in_erp(CUSTOMER, &[Change::to("TaxRegistrationID", "US-7")]);
    }
    fn in_shop(people: &People) {
        people.edit(1, "taxvat", json!("US-7"));
    }
    fn expect(people: &People) -> Vec<String> {
        let mut broken = is(people, "/taxvat", "US-7");
        broken.extend(is(people, "/addresses/0/telephone", "555-0111"));
        let customer = people.customer(CUSTOMER);
        for (pointer, expected) in [("/TaxRegistrationID/value", "US-7"), ("/MainContact/Phone1/value", "555-0111")] {
            if text(&customer, pointer) != expected {
                broken.push(format!("{pointer} is not {expected} in the ERP"));
            }
        }
        broken
    }
    for (name, act) in [("a clerk", in_erp as fn(&People)), ("a shopper", in_shop)] {
        let explored = all_hold(&Scenario { workers: 1, meanwhile: Some(act), ..two(name, arrange, expect) }, NO_FAULT);
        assert!(explored.runs > 5, "{name}: one for each call");
    }
}

/// A shopper adds an address while the ERP's change is written to the account: Magento replaces the list, and loses nothing. Magento has no
/// conditional save, so what remains is the time between our last look and the save that follows at once: there the shopper does nothing here but
/// say so, by subscribing to the newsletter.
#[test]
fn an_address_added_meanwhile_stays() {
    fn arrange(people: &mut People) {
        pair(people);
        people.change_in_erp(CUSTOMER, &[Change::to("MainContact/Address/City", "Detroit")]);
    }
    fn adds(people: &People) {
        let now = people.shop.now();
        let address = Address::us("Mary", "Byron").street(&["4 Fourth Street"]);
        let calls = people.shop.magento.calls();
        let own: Vec<&str> =
            calls.iter().filter(|call| call.target.contains("/customers/1")).map(|call| call.method.as_str()).collect();
        let about_to_save = own.ends_with(&["GET", "GET"]);
        people.shop.magento.with(|magento| match about_to_save {
            true => magento.subscribe_customer(now, 1, true),
            false => drop(magento.add_address(now, 1, &address)),
        });
    }
    let expect = |people: &People| {
        let nothing_added = people.account(1)["extension_attributes"]["is_subscribed"] == true;
        let mut broken = crash::has_addresses(people, if nothing_added { 3 } else { 4 });
        broken.extend(is(people, "/addresses/0/city", "Detroit"));
        broken
    };
    let scenario = two("an address added", arrange, expect);
    let explored = all_hold(&Scenario { workers: 1, meanwhile: Some(adds), ..scenario }, NO_FAULT);
    assert!(explored.runs > 8, "one for each call");
}

/// The ERP is away when its news is looked at, and the shop's event that comes meanwhile brings none: both sides are read all the same, because
/// nobody tells of the ERP's news again.
#[test]
fn a_wait_for_one_side_is_not_ended_by_the_other_sides_echo() {
    let mut people = People::new();
    pair(&mut people);
    people.settle();
    people.change_in_erp(CUSTOMER, &[Change::to("MainContact/Address/City", "Detroit")]);
    let (method, path_part) = ("GET".to_owned(), "/Customer".to_owned());
    people.shop.erp.plan(Planned { method, path_part, fault: maintenance() });
    people.drain();
    people.shop.time.advance(SignedDuration::from_secs(6));
    people.drain();
    assert!(matches!(people.records()[0].state, State::Waiting { .. }), "{:?}", people.records());
    people.send("1", Cause::Webhook);
    people.drain();
    assert_eq!(is(&people, "/addresses/0/city", "Detroit"), [""; 0]);
}
