//! Every error code has a page that tells a person what to do, and every page has a code.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::source::{code, strings};
use super::{files_below, nothing_wrong, read, root, rust_below, wrong};

const PLACES: [&str; 6] = ["magento", "acumatica", "customers", "orders", "flows", "store"];
const CLASSES: [&str; 9] =
    ["rejected", "not_ready", "throttled", "transient", "ambiguous", "bug", "held", "skipped", "resolved"];
const HEADINGS: [&str; 3] = ["## What happened", "## What to do", "## Safe to retry?"];

/// Whether a text is a code: place, class and slug.
fn is_code(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let [place, class, slug] = parts.as_slice() else { return false };
    let slug_is_one =
        !slug.is_empty() && slug.chars().all(|character| character.is_ascii_lowercase() || character == '_');
    PLACES.contains(place) && CLASSES.contains(class) && slug_is_one
}

fn codes(sources: &[(PathBuf, String)]) -> BTreeSet<String> {
    let of = |text: &str| {
        strings(&code(text)).into_iter().filter(|text| is_code(text)).map(str::to_owned).collect::<Vec<_>>()
    };
    sources.iter().flat_map(|(_, text)| of(text)).collect()
}

fn check(codes: &BTreeSet<String>, pages: &[(String, String)]) -> Vec<String> {
    let mut problems = Vec::new();
    for code in codes {
        if !pages.iter().any(|(name, _)| name == code) {
            problems.push(format!("{code} has no infra/runbooks/{code}.md"));
        }
    }
    for (name, text) in pages {
        if !codes.contains(name) {
            problems.push(format!("infra/runbooks/{name}.md is about a code that nothing raises"));
        }
        if !text.starts_with(&format!("# {name}\n")) {
            problems.push(format!("infra/runbooks/{name}.md does not begin with its code"));
        }
        for (at, heading) in HEADINGS.iter().enumerate() {
            let Some((_, after)) = text.split_once(&format!("\n{heading}\n")) else {
                problems.push(format!("infra/runbooks/{name}.md has no {heading:?}"));
                continue;
            };
            let ends = HEADINGS.get(at + 1).and_then(|next| after.find(next)).unwrap_or(after.len());
            if after[..ends].trim().len() < 20 {
                problems.push(format!("infra/runbooks/{name}.md says nothing under {heading:?}"));
            }
        }
    }
    problems
}

fn ours() -> BTreeSet<String> {
    let sources: Vec<(PathBuf, String)> = rust_below("shared")
        .into_iter()
        .filter(|(path, _)| path.components().any(|part| part.as_os_str() == "src"))
        .collect();
    codes(&sources)
}

#[test]
fn every_code_has_a_page() {
    let pages: Vec<(String, String)> = if root().join("infra/runbooks").is_dir() {
        let named = |path: PathBuf| Some((path.file_name()?.to_str()?.strip_suffix(".md")?.to_owned(), read(&path)));
        files_below("infra/runbooks").into_iter().filter_map(named).filter(|(name, _)| name != "README").collect()
    } else {
        Vec::new()
    };
    let codes = ours();
    assert!(codes.len() >= 10, "only {} codes are found in shared/*/src: the search is broken", codes.len());
    nothing_wrong(&check(&codes, &pages));
}

#[test]
fn missing_and_empty_pages_are_found() {
    let raised = BTreeSet::from(["orders.rejected.no_lines".to_owned()]);
    let page = "# orders.rejected.no_lines\n\n## What happened\n\nThe order has no line at all.\n\n## What to do\n\n\
                Cancel the order in Magento.\n\n## Safe to retry?\n\nYes, nothing was written.\n";
    let pages = |name: &str, text: &str| vec![(name.to_owned(), text.to_owned())];
    nothing_wrong(&check(&raised, &pages("orders.rejected.no_lines", page)));
    wrong(&check(&raised, &[]), "has no infra/runbooks/orders.rejected.no_lines.md");
    wrong(&check(&raised, &pages("orders.rejected.other", page)), "a code that nothing raises");
    wrong(&check(&raised, &pages("orders.rejected.no_lines", &page[2..])), "does not begin with its code");
    let without = page.replace("## What to do", "## Help");
    wrong(&check(&raised, &pages("orders.rejected.no_lines", &without)), "has no \"## What to do\"");
    let empty = page.replace("Cancel the order in Magento.", "");
    wrong(&check(&raised, &pages("orders.rejected.no_lines", &empty)), "says nothing under \"## What to do\"");
}

#[test]
fn codes_are_found_in_code_only() {
    let text = "const A: &str = \"magento.rejected.order_gone\"; // \"magento.rejected.comment\"\nf(\"store.example.com\", \"orders.held.totals_differ\");\n\
                #[cfg(test)]\nmod tests { const B: &str = \"magento.bug.test\"; }";
    let found = codes(&[("a.rs".into(), text.to_owned())]);
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["magento.rejected.order_gone", "orders.held.totals_differ"]);
    for text in [
        "magento.rejected",
        "magento.rejected.",
        "magento.rejected.a.b",
        "erp.rejected.x",
        "magento.wrong.x",
        "magento.rejected.X",
    ] {
        assert!(!is_code(text), "{text}");
    }
}
