//! Who may depend on whom. Dependencies point down: functions, flows, the two platforms and the two stores, seams.

use super::packages::{Package, all};
use super::{nothing_wrong, wrong};

const SHARED: [&str; 7] = ["acumatica", "flows", "magento", "queue", "runtime", "seams", "store"];

/// Which of our packages a package may ask for, dependencies of its tests included. None: it has no place yet.
fn allowed(package: &Package) -> Option<Vec<&'static str>> {
    let folder = package.folder.as_deref()?;
    if folder.starts_with("functions/") {
        return Some(SHARED.to_vec());
    }
    Some(match folder {
        "shared/seams" => vec![],
        "shared/acumatica" | "shared/magento" | "shared/queue" | "shared/store" | "tests/simulators" => vec!["seams"],
        "shared/flows" => vec!["acumatica", "magento", "queue", "seams", "store"],
        "shared/runtime" => vec!["acumatica", "flows", "magento", "queue", "seams", "store"],
        // What provisions and plays may know everything below the functions; the functions are run, never called.
        "tests/harness" => SHARED.into_iter().chain(["simulators"]).collect(),
        "infra/local" => SHARED.into_iter().chain(["harness", "simulators"]).collect(),
        "tests/bench" => SHARED.into_iter().chain(["simulators"]).collect(),
        // The scenarios play the very story that the local run shows.
        "tests" => SHARED.into_iter().chain(["harness", "simulators", "local"]).collect(),
        _ => return None,
    })
}

/// Packages that reach outside, and the only ones of ours that may use them: one real implementation for each seam.
const OUTSIDE: [(&str, &[&str]); 6] = [
    ("aws-sdk-dynamodb", &["store", "runtime", "harness", "tests", "local"]),
    ("aws-sdk-sqs", &["queue", "runtime", "harness", "tests", "local"]),
    ("aws-sdk-secretsmanager", &["runtime", "harness", "tests", "local"]),
    ("aws-config", &["runtime", "harness", "tests", "local"]),
    ("reqwest", &["seams"]),
    ("axum", &["simulators"]),
];

fn check(packages: &[Package]) -> Vec<String> {
    let ours: Vec<&Package> = packages.iter().filter(|package| package.folder.is_some()).collect();
    let mut problems = Vec::new();
    for package in &ours {
        let name = &package.name;
        let Some(allowed) = allowed(package) else {
            problems.push(format!("{name} has no place in the layers"));
            continue;
        };
        for dependency in &package.dependencies {
            // An operator's operations ask both platforms, so the tests of their door do.
            if package.folder.as_deref() == Some("functions/admin")
                && dependency == "simulators"
                && package.of_tests.contains(dependency)
            {
                continue;
            }
            if ours.iter().any(|other| other.name == *dependency) && !allowed.contains(&dependency.as_str()) {
                problems.push(format!("{name} depends on {dependency}"));
            }
            if let Some((_, users)) = OUTSIDE.iter().find(|(outside, _)| outside == dependency)
                && !users.contains(&name.as_str())
            {
                problems.push(format!("{name} reaches outside by {dependency}"));
            }
        }
    }
    problems
}

#[test]
fn dependencies_point_down() {
    nothing_wrong(&check(all()));
}

#[test]
fn upward_and_sideward_dependencies_are_found() {
    let package = |folder: &str, dependencies: &[&str]| Package {
        name: folder.rsplit('/').next().unwrap_or(folder).to_owned(),
        licence: None,
        source: None,
        folder: Some(folder.to_owned()),
        dependencies: dependencies.iter().map(|&name| name.to_owned()).collect(),
        of_tests: vec![],
    };
    let tree = |folder: &str, dependencies: &[&str]| {
        let others = [
            "shared/seams",
            "shared/magento",
            "shared/acumatica",
            "shared/store",
            "shared/queue",
            "shared/flows",
            "shared/runtime",
        ];
        let others = others
            .into_iter()
            .chain(["functions/admin", "tests/harness", "tests/simulators"])
            .filter(|other| *other != folder);
        let mut packages: Vec<Package> = others.map(|folder| package(folder, &[])).collect();
        packages.push(package(folder, dependencies));
        packages
    };
    nothing_wrong(&check(&tree("shared/flows", &["magento", "acumatica", "store", "queue", "seams", "serde"])));
    for (folder, dependency, expected) in [
        ("shared/seams", "store", "seams depends on store"),
        ("shared/magento", "acumatica", "magento depends on acumatica"),
        ("shared/acumatica", "flows", "acumatica depends on flows"),
        ("shared/store", "queue", "store depends on queue"),
        ("shared/flows", "runtime", "flows depends on runtime"),
        ("shared/flows", "simulators", "flows depends on simulators"),
        ("shared/flows", "aws-sdk-sqs", "flows reaches outside by aws-sdk-sqs"),
        ("shared/runtime", "admin", "runtime depends on admin"),
        ("functions/sweep", "admin", "sweep depends on admin"),
        ("functions/sweep", "simulators", "sweep depends on simulators"),
        ("functions/admin", "simulators", "admin depends on simulators"),
        ("tests/simulators", "magento", "simulators depends on magento"),
        ("shared/magento", "reqwest", "magento reaches outside by reqwest"),
        ("shared/flows", "harness", "flows depends on harness"),
        ("shared/helpers", "seams", "helpers has no place"),
    ] {
        wrong(&check(&tree(folder, &[dependency])), expected);
    }
}
