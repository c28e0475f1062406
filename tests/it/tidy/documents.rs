//! Documents name what exists: every file that README and its siblings speak of is there.

use super::{folders_in, nothing_wrong, read, root, wrong};

const DOCUMENTS: [&str; 4] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];

/// The paths that a document names: targets of links to files of ours, and code that is a path from the root.
fn paths(text: &str, top: &[String]) -> Vec<String> {
    let links = text.split("](").skip(1).filter_map(|after| after.split(')').next());
    let links = links.filter(|link| !link.contains(':') && !link.starts_with('#'));
    let links = links.filter_map(|link| link.split(['#', ' ']).next());
    let spans =
        text.lines().filter(|line| !line.starts_with("```")).flat_map(|line| line.split('`').skip(1).step_by(2));
    let spans = spans.filter(|span| !span.contains(|c: char| c.is_whitespace() || "<>*{}$…:".contains(c)));
    let spans = spans.filter(|span| {
        let in_a_folder = span.split_once('/').is_some_and(|(first, _)| top.iter().any(|folder| folder == first));
        let at_the_root = !span.contains('/')
            && [".md", ".toml", ".yaml"].iter().any(|ending| span.len() > ending.len() && span.ends_with(ending));
        in_a_folder || at_the_root
    });
    links.chain(spans).map(str::to_owned).collect()
}

fn check(name: &str, text: &str, top: &[String], exists: impl Fn(&str) -> bool) -> Vec<String> {
    let missing = paths(text, top).into_iter().filter(|path| !exists(path));
    missing.map(|path| format!("{name} speaks of {path}, which is not there")).collect()
}

/// Top folders that hold files of ours; `target` is made by building.
fn top() -> Vec<String> {
    folders_in("")
        .into_iter()
        .filter(|folder| folder == ".ci" || !(folder.starts_with('.') || folder == "target"))
        .collect()
}

#[test]
fn documents_name_existing_files() {
    let exists = |path: &str| root().join(path).exists();
    nothing_wrong(&DOCUMENTS.iter().flat_map(|name| check(name, &read(name), &top(), exists)).collect::<Vec<_>>());
}

#[test]
fn dead_names_are_found() {
    let top = ["shared".to_owned(), "infra".to_owned()];
    let exists = |path: &str| path == "shared/flows" || path == "LICENSE-MIT";
    let text = "[flows](shared/flows#top), [MIT](LICENSE-MIT), [web](https://a.example/b), [top](#top), `shared/flows`, `GET /V1/orders`,\n\
                `shared/<entity>/x.rs`, `flows/step.rs`, `order.create`";
    nothing_wrong(&check("README.md", text, &top, exists));
    wrong(&check("README.md", "see [that](infra/gone.md)", &top, exists), "speaks of infra/gone.md");
    wrong(&check("README.md", "see `shared/gone.rs` there", &top, exists), "speaks of shared/gone.rs");
    wrong(&check("README.md", "see `GONE.md`", &top, exists), "speaks of GONE.md");
}
