//! The emulator's Python packages: a virtual environment in `target/`, one per lock file and Python.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sha2::{Digest, Sha256};

use crate::Problem;

/// Written last, so that an installation that was cut short is made again.
const COMPLETE: &str = "complete";
/// What the lock file was made for.
const OLDEST: (u32, u32) = (3, 10);

/// Where the launcher and its lock file are.
pub(crate) fn folder() -> PathBuf {
    root().join("infra/local/emulator")
}

/// The build folder, which no commit contains.
pub(crate) fn target() -> PathBuf {
    root().join("target")
}

/// The folder of the whole workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("invariant: this package is two folders below the root")
}

/// Waits until no other process provisions or starts an emulator in this `target/`; dropping the file lets the next one in.
pub(crate) fn lock() -> Result<File, Problem> {
    lock_named("emulator.lock")
}

/// Waits for the lock of that name in `target/`; dropping the file lets the next one in.
pub(crate) fn lock_named(name: &str) -> Result<File, Problem> {
    std::fs::create_dir_all(target()).map_err(Problem::files("create target/"))?;
    let lock = File::create(target().join(name)).map_err(Problem::files(format!("create {name}")))?;
    lock.lock().map_err(Problem::files(format!("lock {name}")))?;
    Ok(lock)
}

/// Installs the packages unless that was done before; answers the interpreter that has them. Several processes may ask at once:
/// one installs, the others wait.
pub(crate) fn provision() -> Result<PathBuf, Problem> {
    let version = version()?;
    let requirements = folder().join("requirements.txt");
    let lock_file = std::fs::read(&requirements).map_err(Problem::files(format!("read {}", requirements.display())))?;
    let hash = hex::encode(Sha256::new().chain_update(&lock_file).chain_update(&version).finalize());
    let venv = target().join(format!("emulator-venv-{}", &hash[..12]));
    let python = venv.join("bin/python");

    let _installing = lock_named("emulator-venv.lock")?;
    if venv.join(COMPLETE).exists() {
        return Ok(python);
    }
    if venv.exists() {
        std::fs::remove_dir_all(&venv).map_err(Problem::files(format!("clear {}", venv.display())))?;
    }
    let made = run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    if !made.status.success() {
        return Err(Problem::NoVenv(said(&made)));
    }
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]);
    pip.args(["--require-hashes", "--only-binary=:all:", "-r"]).arg(&requirements);
    let installed = run(&mut pip)?;
    if !installed.status.success() {
        return Err(Problem::NotInstalled(said(&installed)));
    }
    File::create(venv.join(COMPLETE)).map_err(Problem::files("mark the environment complete"))?;
    Ok(python)
}

/// `3.11.7`, of the `python3` on the PATH.
fn version() -> Result<String, Problem> {
    let code = "import sys; print('%d.%d.%d' % sys.version_info[:3])";
    let output = run(Command::new("python3").args(["-c", code]))?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if is_recent(&version) { Ok(version) } else { Err(Problem::OldPython(version)) }
}

fn is_recent(version: &str) -> bool {
    let mut parts = version.split('.').map(str::parse::<u32>);
    matches!((parts.next(), parts.next()), (Some(Ok(major)), Some(Ok(minor))) if (major, minor) >= OLDEST)
}

fn run(command: &mut Command) -> Result<Output, Problem> {
    crate::children::output(command).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => Problem::NoPython,
        _ => Problem::Files { what: format!("run {:?}", command.get_program()), source },
    })
}

fn said(output: &Output) -> String {
    // venv explains itself on the standard output, pip on the other.
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        for (version, expected) in
            [("3.9.18", false), ("3.10.0", true), ("3.13.1", true), ("2.7.18", false), ("4.0.0", true), ("", false)]
        {
            assert_eq!(is_recent(version), expected, "{version}");
        }
    }
}
