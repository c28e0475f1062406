//! What holds of the plan of any order that Magento can produce.
//!
//! [`orders`] makes them; [`settings`] is what they are planned with; [`source`] reads Magento's figures from the document by itself;
//! [`invariants`] holds the plan against them.

pub(super) mod invariants;
pub(super) mod orders;
pub(super) mod settings;
pub(super) mod source;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use flows::orders::facts::Customer;
use flows::plan::Plan;
use magento::model::order::Order;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use serde_json::Value;
use simulators::magento::RowTotal;

use super::{at, decided};
use orders::{Case, any_order};
use settings::{Planned, SETTINGS};
use source::Source;

/// Cases from a fixed seed: the same in every run.
pub(super) fn seeded(cases: u32, seed: u64) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(seed), ..ProptestConfig::default() }
}

fn read(document: Value) -> Order {
    Order::read(document).unwrap_or_else(|error| panic!("{error}"))
}

/// What is planned for a document: soundly created, or not, for a reason that stands in the document. The reason's code, if it is not.
pub(super) fn judged(
    plan: &Plan,
    document: &Value,
    source: &Source,
    planned: &Planned,
) -> Result<Option<&'static str>, TestCaseError> {
    let excuses = source.excuses(document, planned.fee_mapped);
    match plan {
        Plan::Create(_) => {
            prop_assert!(
                excuses.iter().all(|code| code.starts_with("orders.rejected")),
                "created although {:?}",
                excuses
            );
            invariants::sound(plan, source, planned)?;
            Ok(None)
        }
        _ => {
            let finding = plan.finding();
            let code = finding.map(|finding| finding.code).unwrap_or_default();
            let expected = excuses.contains(&code) || source.ambiguous();
            prop_assert!(expected, "{} {:?}, not {:?}", plan.word(), finding, excuses);
            Ok(Some(code))
        }
    }
}

/// The invariants of one case; why it is not created, if it is not. Planning `twice` must say the same.
fn planned_soundly(case: &Case, twice: bool) -> Result<Option<&'static str>, TestCaseError> {
    let (document, planned) = (case.document(), &SETTINGS[case.settings]);
    for in_base in [true, false] {
        let sums = source::adds_up(&document, in_base);
        prop_assert_eq!(sums, Ok(()));
    }
    let source = Source::of(&document, case.row_total == RowTotal::NetOfDiscount);
    let order = read(document);
    let plan = decided(&order, &planned.settings, &Customer::Missing);
    let not_created = judged(&plan, &order.document, &source, planned)?;
    prop_assert!(!twice || plan == decided(&order, &planned.settings, &Customer::Missing));
    Ok(not_created)
}

/// Plans `cases` orders. At least 95 of 100 must be created, so that no reason to refuse swallows the test.
fn plans_to_the_cent(cases: u32, seed: u64) {
    let (reasons, planned) = (RefCell::new(BTreeMap::<&str, u32>::new()), Cell::new(0_u32));
    let run = TestRunner::new(seeded(cases, seed)).run(&any_order(), |case| {
        planned.set(planned.get() + 1);
        if let Some(code) = planned_soundly(&case, planned.get() % 4 == 0)? {
            *reasons.borrow_mut().entry(code).or_default() += 1;
        }
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
    let reasons = reasons.into_inner();
    println!("of {cases}: {reasons:?}");
    assert!(reasons.values().sum::<u32>() * 20 <= cases, "too few are created: {reasons:?}");
}

// 100,000 orders, in four parts so that cores share them.

#[test]
fn any_order_is_planned_to_the_cent() {
    plans_to_the_cent(25_000, 1);
}

#[test]
fn any_second_order_is_planned_to_the_cent() {
    plans_to_the_cent(25_000, 2);
}

#[test]
fn any_third_order_is_planned_to_the_cent() {
    plans_to_the_cent(25_000, 3);
}

#[test]
fn any_fourth_order_is_planned_to_the_cent() {
    plans_to_the_cent(25_000, 4);
}

/// As many lines as Magento takes: beyond 500 the order is written in slices.
#[test]
fn orders_of_many_lines_are_planned_to_the_cent() {
    for (at, count) in [499, 500, 501, 1_000].into_iter().enumerate() {
        let run = TestRunner::new(seeded(1, 6)).run(&orders::of_lines(count), |mut case| {
            case.settings = 4 * at;
            let not_created = planned_soundly(&case, true)?;
            prop_assert_eq!(not_created, None);
            Ok(())
        });
        run.unwrap_or_else(|failure| panic!("{count} lines: {failure}"));
    }
}

/// Magento lists an order's items in no order that anything may rest on: children may stand before their parents.
#[test]
fn the_order_of_items_changes_no_amount() {
    let run = TestRunner::new(seeded(1_000, 5)).run(&any_order(), |case| {
        let planned = &SETTINGS[case.settings];
        let document = case.document();
        let mut turned = document.clone();
        turned["items"].as_array_mut().expect("items").reverse();
        let plans = [document, turned].map(|document| decided(&read(document), &planned.settings, &Customer::Missing));
        let [plan, turned] = &plans;
        prop_assert_eq!(plan.word(), turned.word());
        let Plan::Create(_) = plan else { return Ok(()) };
        let amounts = |plan: &Plan| plan.work().and_then(|work| work.amounts.clone());
        prop_assert_eq!(amounts(plan), amounts(turned));
        let references = |plan: &Plan| {
            let document = invariants::whole(plan.work().expect("a creation has work"));
            let lines = document["Details"].as_array().cloned().unwrap_or_default();
            // A bundle's choices stand on the first of its components, and of equal shares the first takes the coin: further lines differ.
            let references = lines.iter().map(|line| at(line, "/ExternalRef")).filter(|it| !it.contains('/'));
            references.collect::<BTreeSet<_>>()
        };
        prop_assert_eq!(references(plan), references(turned));
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
}
