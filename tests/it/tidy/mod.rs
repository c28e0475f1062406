//! Checks on the repository itself: the rules that a reader would otherwise have to remember.
//!
//! A check is a function from what it looks at to a list of sentences, one for each problem. Every check is run on the repository, where
//! it must find nothing, and on counter-examples, where it must find what was broken: a check that cannot fail proves nothing.

mod alarms;
mod codes;
mod documents;
mod environment;
mod files;
mod functions;
mod layers;
mod licences;
mod numbers;
mod packages;
mod purity;
mod queues;
mod roles;
mod runbooks;
mod source;
mod stanzas;
mod tables;
mod template;

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package of tests lies in a folder of the repository")
}

/// The text of a file, by its path from the root.
fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Folders that hold what was built or installed, never what was written.
const NOT_OURS: [&str; 6] = ["target", ".git", ".aws-sam", ".local", "node_modules", "__pycache__"];

/// Every file below a folder, by its path from the root, in order.
fn files_below(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let entry = entry.expect("an entry of a folder can be read");
            let name = entry.file_name();
            if entry.file_type().expect("an entry has a type").is_dir() {
                if !NOT_OURS.iter().any(|ours| name == *ours) {
                    open.push(entry.path());
                }
            } else {
                found.push(entry.path().strip_prefix(root()).expect("the walk began at the root").to_path_buf());
            }
        }
    }
    found.sort();
    found
}

/// The names of the folders in a folder, in order.
fn folders_in(folder: &str) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(root().join(folder))
        .unwrap_or_else(|error| panic!("{folder}: {error}"))
        .map(|entry| entry.expect("an entry of a folder can be read"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Every Rust file of a folder, with its text.
fn rust_below(folder: &str) -> Vec<(PathBuf, String)> {
    files_below(folder)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let text = read(&path);
            (path, text)
        })
        .collect()
}

/// Fails the test with every problem on its own line.
#[track_caller]
fn nothing_wrong(problems: &[String]) {
    assert!(problems.is_empty(), "\n  {}\n", problems.join("\n  "));
}

/// Fails the test unless some problem says `expected`.
#[track_caller]
fn wrong(problems: &[String], expected: &str) {
    assert!(
        problems.iter().any(|problem| problem.contains(expected)),
        "no problem says {expected:?}; found:\n  {}\n",
        problems.join("\n  ")
    );
}
