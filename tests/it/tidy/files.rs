//! The size of files, and that none knows the machine on which it was written.

use std::path::PathBuf;

use super::{files_below, nothing_wrong, root, rust_below, wrong};

/// More than this asks to be split by entity or stage.
const MOST_LINES: usize = 400;
/// A function's `main.rs` is wiring.
const MOST_LINES_OF_MAIN: usize = 40;

fn too_long(sources: &[(PathBuf, String)]) -> Vec<String> {
    let mut problems = Vec::new();
    for (path, text) in sources {
        let lines = text.lines().count();
        let wiring = path.starts_with("functions") && path.ends_with("src/main.rs");
        let most = if wiring { MOST_LINES_OF_MAIN } else { MOST_LINES };
        if lines > most {
            problems.push(format!("{} has {lines} lines, more than {most}", path.display()));
        }
    }
    problems
}

/// Beginnings of paths that exist on one machine only. Taken apart here, so that this file has none.
const OF_A_MACHINE: [&str; 5] = [
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
    concat!("/wo", "rk/"),
    concat!("C:\\Us", "ers"),
];

fn with_machine_paths(files: &[(PathBuf, String)]) -> Vec<String> {
    let mut problems = Vec::new();
    for (path, text) in files {
        for (number, line) in text.lines().enumerate() {
            // In the middle of a longer path or address the same letters are innocent.
            let innocent = |at: usize| {
                line[..at].chars().next_back().is_some_and(|before| before.is_alphanumeric() || "-_.}".contains(before))
            };
            if OF_A_MACHINE.iter().any(|start| line.match_indices(start).any(|(at, _)| !innocent(at))) {
                problems.push(format!("{}:{} holds a path of a machine", path.display(), number + 1));
            }
        }
    }
    problems
}

#[test]
fn files_are_short() {
    let sources: Vec<_> = ["functions", "shared", "infra", "tests"].into_iter().flat_map(rust_below).collect();
    assert!(sources.len() > 20, "only {} files are found: the search is broken", sources.len());
    nothing_wrong(&too_long(&sources));
}

#[test]
fn long_files_are_found() {
    let file = |path: &str, lines: usize| vec![(PathBuf::from(path), "x\n".repeat(lines))];
    nothing_wrong(&too_long(&file("shared/flows/src/lib.rs", 400)));
    nothing_wrong(&too_long(&file("functions/admin/src/main.rs", 40)));
    wrong(&too_long(&file("shared/flows/src/lib.rs", 401)), "has 401 lines, more than 400");
    wrong(&too_long(&file("functions/admin/src/main.rs", 41)), "has 41 lines, more than 40");
}

#[test]
fn no_file_knows_its_machine() {
    let texts = files_below("").into_iter().filter_map(|path| {
        let bytes = std::fs::read(root().join(&path)).ok()?;
        String::from_utf8(bytes).ok().map(|text| (path, text))
    });
    nothing_wrong(&with_machine_paths(&texts.collect::<Vec<_>>()));
}

#[test]
fn machine_paths_are_found() {
    let file = |text: String| vec![(PathBuf::from("a.md"), text)];
    for start in OF_A_MACHINE {
        wrong(&with_machine_paths(&file(format!("first\nsee {start}x"))), "a.md:2 holds a path of a machine");
        wrong(&with_machine_paths(&file(format!("\"{start}x\""))), "a.md:1 holds");
    }
    nothing_wrong(&with_machine_paths(&file(format!("https://docs.example.com{}x", OF_A_MACHINE[3]))));
}
