//! Two people of one new company at once, in every interleaving of two workers: one customer, a contact for each of the two.

use flows::settings::Companies;

use super::companies::{company_of_two, contacts};
use super::crash::{NO_FAULT, ONE_CRASH, all_hold};
use super::play::Scenario;
use super::world::People;

fn two_people(people: &mut People) {
    people.change(|customers| customers.companies = Companies { enabled: true });
    people.shop.magento.with(|shop| shop.config().modules.push("Magento_Company".into()));
    company_of_two(people, 1);
}

fn one_company(people: &People) -> Vec<String> {
    let (numbers, mut there) = (people.numbers(), contacts(people));
    there.sort_by(|one, other| one[1].cmp(&other[1]));
    let names: Vec<&str> = there.iter().map(|contact| contact[1].as_str()).collect();
    if numbers.len() == 1 && names == ["Ada", "Grace"] && there.iter().all(|contact| contact[0] == numbers[0]) {
        return Vec::new();
    }
    vec![format!("customers {numbers:?}, contacts {there:?}")]
}

const TWO: Scenario = Scenario {
    name: "two people of a new company",
    arrange: two_people,
    workers: 2,
    meanwhile: None,
    hears: false,
    stalls: None,
    expect: one_company,
};

#[test]
fn two_workers_make_one_company() {
    let explored = all_hold(&TWO, NO_FAULT);
    assert!(explored.runs > 8, "{} runs: they do not meet", explored.runs);
    // Whoever comes second waits for the first.
    assert!(explored.codes.contains("customers.not_ready.being_made"), "{:?}", explored.codes);
}

#[test]
#[ignore = "takes a minute: the deaths of one worker alone are tried with every fault"]
fn two_workers_of_whom_one_dies_make_one_company() {
    all_hold(&TWO, ONE_CRASH);
}

/// The first worker is believed to be dead and is not.
#[test]
fn a_stalled_worker_and_its_successor_make_one_company() {
    for minutes in [4, 20] {
        all_hold(&Scenario { stalls: Some(minutes), ..TWO }, NO_FAULT);
    }
}
