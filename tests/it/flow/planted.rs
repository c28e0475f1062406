//! Each planted bug must be caught: a suite that lets one pass proves nothing.
//!
//! | Bug | Scenario of the crash suite | Broken promise |
//! |---|---|---|
//! | no intent | known customer, one fault | two orders of one reference |
//! | intent erased by waiting | known customer, one fault | two orders of one reference |
//! | intent erased by parking | known customer, two faults | two orders of one reference |
//! | step known by position | new customer, one fault | two orders of one reference |
//! | adoption that writes the newer fingerprint | cancelled meanwhile, one crash | cancelled without a trace |
//! | bind before check | total differs, one fault | a wrong total left open |
//! | window 0 | known customer, one fault | two orders of one reference |
//! | look-up skipped on re-entry | known customer, one fault | two orders of one reference |
//! | step forgotten once the document is there | three slices; partly paid, one fault | a line twice; two payments of one reference |
//! | what is there is not seen | three slices; partly paid, one fault | a line twice; two payments of one reference |
//! | waiter cleared by the waker | two first orders of one e-mail, one crash | a record that is never final |

use super::crash::{ALONE, ONE_CRASH, ONE_FAULT, PARTS, TOGETHER, TWO_FAULTS};
use super::invariants::Violation;
use super::plants::Plant;
use super::scenario::{Scenario, explore};
use super::schedule::Faults;

fn is_caught(plant: Plant, scenario: &str, faults: Faults, violation: Violation) {
    let named = |known: &&Scenario| known.name == scenario;
    let scenario = ALONE.iter().chain(&TOGETHER).chain(&PARTS).find(named).expect("a scenario of the crash suite");
    let (broken, trace) = explore(scenario, faults, plant).broken.expect("the bug is caught");
    assert_eq!(broken.first(), Some(&violation), "{plant:?}: {broken:?} after {trace:?}");
}

#[test]
fn a_bug_of_one_worker_is_caught_by_one_fault() {
    use Violation::{TwoOrders, WrongTotalOpen};
    for (plant, scenario, violation) in [
        (Plant::NoIntent, "known customer", TwoOrders),
        (Plant::IntentErasedByWaiting, "known customer", TwoOrders),
        (Plant::StepByPosition, "new customer", TwoOrders),
        (Plant::BindBeforeCheck, "total differs", WrongTotalOpen),
        (Plant::WindowZero, "known customer", TwoOrders),
        (Plant::LookUpSkipped, "known customer", TwoOrders),
    ] {
        is_caught(plant, scenario, ONE_FAULT, violation);
    }
}

#[test]
fn an_intent_erased_by_parking_is_caught_by_two_faults() {
    is_caught(Plant::IntentErasedByParking, "known customer", TWO_FAULTS, Violation::TwoOrders);
}

#[test]
fn an_adoption_that_writes_the_newer_fingerprint_is_caught_by_a_cancellation_meanwhile() {
    is_caught(Plant::NewerFingerprint, "cancelled meanwhile", ONE_CRASH, Violation::CancelledWithoutTrace);
}

#[test]
fn a_waiter_cleared_by_the_waker_is_caught_by_a_crash_of_the_sweep() {
    is_caught(Plant::WakerClears, "two first orders of one e-mail", ONE_CRASH, Violation::NotFinal);
}

#[test]
fn a_slice_sent_twice_and_a_payment_made_twice_are_caught_by_one_fault() {
    for plant in [Plant::StepForgotten, Plant::PartsUnseen] {
        is_caught(plant, "three slices", ONE_FAULT, Violation::LineTwice);
        is_caught(plant, "partly paid", ONE_FAULT, Violation::TwoPayments);
    }
}
