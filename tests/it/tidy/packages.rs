//! What cargo knows of our packages and of those that we use.

use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

/// A package of the lock file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Package {
    /// Its name.
    pub(super) name: String,
    /// Its SPDX expression, if it states one.
    pub(super) licence: Option<String>,
    /// Where it comes from; absent for our own.
    pub(super) source: Option<String>,
    /// Its manifest's folder by its path from the root of the repository; absent for others' packages.
    pub(super) folder: Option<String>,
    /// What its manifest asks for, in any section.
    pub(super) dependencies: Vec<String>,
    /// Those of them that only its tests may use.
    pub(super) of_tests: Vec<String>,
}

/// Every package that is compiled on this platform, ours included.
pub(super) fn all() -> &'static [Package] {
    static ALL: OnceLock<Vec<Package>> = OnceLock::new();
    ALL.get_or_init(|| {
        let host = run(Command::new("rustc").arg("-vV"));
        let host =
            host.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc says for which host it compiles");
        let mut metadata = Command::new(env!("CARGO"));
        metadata.args(["metadata", "--format-version", "1", "--locked", "--filter-platform", host]);
        let metadata: Value = serde_json::from_str(&run(&mut metadata)).expect("cargo metadata prints JSON");
        packages_of(&metadata)
    })
}

fn run(command: &mut Command) -> String {
    let output = command.current_dir(super::root()).output().expect("cargo and rustc can be run where tests are run");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo and rustc print UTF-8")
}

/// Only those that the resolution for this platform names: the lock file also lists what other platforms would need.
fn packages_of(metadata: &Value) -> Vec<Package> {
    let used: Vec<&Value> = list(&metadata["resolve"]["nodes"]).map(|node| &node["id"]).collect();
    list(&metadata["packages"]).filter(|package| used.contains(&&package["id"])).map(package_of).collect()
}

fn package_of(package: &Value) -> Package {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let manifest = package["manifest_path"].as_str().unwrap_or_default();
    let source = text(&package["source"]);
    let below_root = manifest.strip_prefix(&format!("{}/", super::root().display())).unwrap_or(manifest);
    let dependencies = || list(&package["dependencies"]);
    let names = |dependency: &Value| text(&dependency["name"]);
    Package {
        name: text(&package["name"]).expect("a package has a name"),
        licence: text(&package["license"]),
        folder: source.is_none().then(|| below_root.trim_end_matches("/Cargo.toml").to_owned()),
        source,
        dependencies: dependencies().filter_map(names).collect(),
        of_tests: dependencies().filter(|dependency| dependency["kind"] == "dev").filter_map(names).collect(),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
