//! Pairs composed by hand with the slip that was worked out for each: `tests/cases/customers/<case>/`.
//!
//! `account.json` and `customer.json` are the two sides as they are, `locations.json` the customer's locations, `base.json` both as they were when they
//! were last in step; what is not there is on no side. `settings.json` and `plan.txt` are as those of orders. The account is what is looked at first,
//! where there is one.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use flows::customers::dry_run::{Documents, DryRun, dry_run};
use flows::customers::slip;
use flows::merge::Side;

use super::cases::{cases_of, compare, settings_of};
use super::fields::{Facts, Sent, walk};

fn planned(case: &Path) -> DryRun {
    let file = |name: &str| fs::read(case.join(name)).ok();
    let (account, customer) = (file("account.json"), file("customer.json"));
    let (base, locations) = (file("base.json"), file("locations.json"));
    let from = if account.is_some() { Side::Magento } else { Side::Acumatica };
    let documents = Documents {
        account: account.as_deref(),
        customer: customer.as_deref(),
        base: base.as_deref(),
        locations: locations.as_deref(),
    };
    dry_run(&documents, from, &settings_of(case), "dryrun00")
        .unwrap_or_else(|error| panic!("{}: {error}", case.display()))
}

#[test]
fn every_slip_is_the_one_that_was_worked_out() {
    compare("customers", |case| slip(&planned(case)));
}

/// The shapes that are there: each call's system, method and entity, and what the plan is called.
#[test]
fn every_shape_is_there_and_every_name_is_one_of_the_endpoints() {
    let (facts, mut sent) = (Facts::load(), Sent::new());
    let (mut outcomes, mut calls) = (BTreeSet::new(), BTreeSet::new());
    for run in cases_of("customers").iter().map(|case| planned(case)) {
        outcomes.insert(run.outcome);
        for call in &run.calls {
            let [system, method, path] = ["system", "method", "path"].map(|name| call[name].as_str().expect(name));
            calls.insert(format!("{system} {method} {path}"));
            if system == "acumatica" {
                walk(&facts, path, &call["body"], &mut sent);
            }
        }
    }
    assert_eq!(outcomes, BTreeSet::from(["create", "skipped", "unchanged", "update"]));
    let expected = [
        "acumatica PUT Customer",
        "acumatica PUT CustomerLocation",
        "magento POST /V1/customers",
        "magento PUT /V1/customers/42",
    ];
    assert_eq!(calls, expected.map(str::to_owned).into());
    assert!(sent.contains_key(&("Customer".to_owned(), "Attributes".to_owned())));
}
