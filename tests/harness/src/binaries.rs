//! The function binaries, built by cargo into this workspace's own `target/`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Problem, children, python};

/// What the binaries are built with. Both profiles of a workspace share their output folder and, where they are equal, all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// For the local run: cargo's own lines show how it gets on.
    Dev,
    /// From inside a test: silent unless it fails.
    Test,
}

/// The project's own template.
#[must_use]
pub fn template() -> PathBuf {
    python::root().join("template.yaml")
}

/// Builds every function of `functions/` and answers the folder of their binaries. Several processes may ask at once: one builds, the
/// others wait.
///
/// # Errors
/// [`Problem::NotBuilt`] with the compiler's reasons.
pub fn build(profile: Profile) -> Result<PathBuf, Problem> {
    let _building = python::lock_named("functions.lock")?;
    // The cargo that built this is the one for the rest, whatever the PATH says.
    let mut cargo = Command::new(env!("CARGO"));
    // Build scripts look at some of what cargo sets for us, and would run again.
    let inherited = std::env::vars_os().map(|(name, _)| name).filter(|name| is_of_a_package(&name.to_string_lossy()));
    inherited.for_each(|name| {
        cargo.env_remove(name);
    });
    cargo.current_dir(python::root()).args(["build", "--locked", "--bins"]);
    cargo.arg("--target-dir").arg(python::target());
    if profile == Profile::Test {
        cargo.args(["--profile", "test"]);
    }
    // With the local run selected, cargo chooses the features that it was built with: what is compiled already is used again.
    for function in functions()?.into_iter().chain(["local".to_owned()]) {
        cargo.args(["--package", &function]);
    }
    let built = match profile {
        Profile::Dev => children::shown(&mut cargo),
        Profile::Test => children::output(cargo.arg("--quiet")),
    };
    let built = built.map_err(Problem::files("run cargo"))?;
    if built.status.success() {
        Ok(python::target().join("debug"))
    } else {
        Err(Problem::NotBuilt(String::from_utf8_lossy(&built.stderr).into_owned()))
    }
}

/// The packages in `functions/`, which are their binaries' names.
fn functions() -> Result<Vec<String>, Problem> {
    let folders = std::fs::read_dir(python::root().join("functions")).map_err(Problem::files("read functions/"))?;
    let folders = folders.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.join("Cargo.toml").exists());
    let mut names: Vec<String> = folders.filter_map(|path: PathBuf| name(&path)).collect();
    names.sort();
    Ok(names)
}

fn name(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_str()?.to_owned())
}

/// What cargo tells a running program about its own package and build.
fn is_of_a_package(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "DEP_"].iter().any(|prefix| name.starts_with(prefix))
        || ["CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE", "CARGO_TARGET_TMPDIR", "OUT_DIR"].contains(&name)
}
