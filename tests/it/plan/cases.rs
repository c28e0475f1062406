//! Orders composed by hand with the slip that was worked out for each: `tests/cases/orders/<case>/`.
//!
//! `order.json` is an order as Magento returns it, `settings.json`, where there is one, is merged over the sample shop's settings (RFC 7396),
//! `plan.txt` is the slip. Its first lines begin with `#` and say which facts it rests on; the rest is compared word by word.

use std::fs;
use std::path::{Path, PathBuf};

use flows::orders::dry_run::dry_run;
use flows::orders::slip;
use flows::plan::Plan;
use flows::settings::{Settings, parse};
use serde_json::Value;

use super::{planned_by, sample};

/// Where a slip that differs is written, to be compared and, once it was worked out by hand, copied.
const FRESH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/cases");

fn cases() -> Vec<PathBuf> {
    cases_of("orders")
}

/// The cases of an entity.
pub(super) fn cases_of(entity: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(entity);
    let mut cases: Vec<PathBuf> =
        fs::read_dir(folder).expect("cases").map(|entry| entry.expect("a case").path()).collect();
    cases.sort();
    cases
}

pub(super) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// JSON merge patch: members of objects are merged, null removes, everything else replaces.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(members) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    for (name, value) in members {
        match (value, target.as_object_mut()) {
            (Value::Null, Some(target)) => {
                target.remove(&name);
            }
            (value, Some(target)) => merge(target.entry(name).or_insert(Value::Null), value),
            (_, None) => {}
        }
    }
}

/// The settings of a case.
pub(super) fn settings_of(case: &Path) -> Settings {
    let mut settings = sample();
    let edits = case.join("settings.json");
    if edits.exists() {
        merge(&mut settings, serde_json::from_str(&read(&edits)).expect("settings are JSON"));
    }
    parse(settings.to_string().as_bytes(), true).unwrap_or_else(|problems| panic!("{}: {problems:?}", edits.display()))
}

/// The plan of every case.
pub(super) fn plans() -> Vec<Plan> {
    let document = |case: &Path| serde_json::from_str(&read(&case.join("order.json"))).expect("an order is JSON");
    cases().iter().map(|case| planned_by(&document(case), &settings_of(case))).collect()
}

fn printed(case: &Path) -> String {
    let settings = settings_of(case);
    let order = read(&case.join("order.json"));
    let run =
        dry_run(order.as_bytes(), &settings, "dryrun00").unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    slip(&run)
}

#[test]
fn every_slip_is_the_one_that_was_worked_out() {
    compare("orders", printed);
}

/// Compares the slip of every case of an entity.
pub(super) fn compare(entity: &str, printed: impl Fn(&Path) -> String) {
    let mut differing = Vec::new();
    for case in cases_of(entity) {
        let name = case.file_name().expect("a name").to_string_lossy().into_owned();
        let golden = fs::read_to_string(case.join("plan.txt")).unwrap_or_default();
        let (facts, expected): (Vec<&str>, Vec<&str>) = golden.lines().partition(|line| line.starts_with('#'));
        let printed = printed(&case);
        let told = facts.iter().map(|line| line.trim_start_matches('#').trim().len()).sum::<usize>() > 40;
        if !told || expected.join("\n").trim() != printed.trim() {
            let fresh = Path::new(FRESH).join(&name);
            fs::create_dir_all(&fresh).expect("the target folder can be written");
            let facts = if told { facts.join("\n") } else { "# Which facts does this rest on?".to_owned() };
            fs::write(fresh.join("plan.txt"), format!("{facts}\n{printed}")).expect("the target folder can be written");
            differing.push(name);
        }
    }
    assert!(differing.is_empty(), "these slips differ from what is planned, see target/cases: {differing:?}");
}
