//! Each planted bug must be caught: a suite that lets one pass proves nothing.
//!
//! | Bug | Scenario | Broken promise |
//! |---|---|---|
//! | the base is not kept | the account has changed | a change of one side is lost in a conflict |
//! | the alias is not taken | a new account | two records of one pair |
//! | the guard is ignored | an order and an account | two customers of one e-mail |
//! | addresses are sent partly | the customer has changed | the shopper's other addresses are gone |
//! | no intent | a new account, one fault | two customers of one e-mail |

use super::crash::{ALONE, NO_FAULT, ONE_FAULT};
use super::play::explore;
use super::together::PAIRS;
use crate::flow::plants::Plant;
use crate::flow::schedule::Faults;

fn is_caught(plant: Plant, scenario: &str, faults: Faults, expected: &str) {
    let scenario = ALONE.iter().chain(&PAIRS).find(|known| known.name == scenario).expect("a scenario of the suite");
    let (broken, trace) = explore(scenario, faults, plant).broken.expect("the bug is caught");
    assert!(broken.iter().any(|broken| broken.contains(expected)), "{plant:?}: {broken:#?} after {trace:#?}");
}

#[test]
fn bugs_of_customers_are_caught() {
    for (plant, scenario, expected) in [
        (Plant::BaseNotKept, "the account has changed", "/addresses/0/city is"),
        (Plant::AliasNotTaken, "a new account", "account 1 is "),
        (Plant::GuardIgnored, "an order and an account", "two customers have one e-mail"),
        (Plant::AddressesSentPartly, "the customer has changed", "addresses, not 3"),
    ] {
        is_caught(plant, scenario, NO_FAULT, expected);
    }
    is_caught(Plant::GuardForgetsIntent, "a new account", ONE_FAULT, "two customers have one e-mail");
}
