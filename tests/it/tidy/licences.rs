//! Licences and sources of everything that is compiled. What is allowed stands in `deny.toml` and nowhere else, so that cargo-deny, where
//! it is installed, says the same.

use super::packages::{Package, all};
use super::{nothing_wrong, read, wrong};

/// What `deny.toml` allows, and which packages it bans whatever their licence.
struct Allowed {
    licences: Vec<String>,
    registries: Vec<String>,
    banned: Vec<String>,
}

impl Allowed {
    fn ours() -> Self {
        let text = read("deny.toml");
        let banned =
            text.split("{ name = \"").skip(1).filter_map(|after| after.split('"').next()).map(str::to_owned).collect();
        Self { licences: list(&text, "\nallow = ["), registries: list(&text, "\nallow-registry = ["), banned }
    }
}

/// The strings of a list that begins with `opening`, comments left out.
fn list(toml: &str, opening: &str) -> Vec<String> {
    let (_, after) = toml.split_once(opening).unwrap_or_else(|| panic!("deny.toml has no {}", opening.trim()));
    let (inside, _) = after.split_once(']').expect("a list ends");
    let strings = |line: &str| {
        line.split('#').next().unwrap_or("").split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()
    };
    inside.lines().flat_map(strings).collect()
}

fn check(packages: &[Package], allowed: &Allowed) -> Vec<String> {
    let mut problems = Vec::new();
    for package in packages {
        let name = &package.name;
        if allowed.banned.contains(name) {
            problems.push(format!("{name} is banned"));
        }
        match &package.licence {
            None => problems.push(format!("{name} states no licence")),
            Some(licence) if !may_use(licence, &allowed.licences) => {
                problems.push(format!("{name} is licensed as {licence}"))
            }
            Some(_) => {}
        }
        if let Some(source) = package.source.as_deref() {
            let registry = source.strip_prefix("registry+");
            if !registry.is_some_and(|registry| allowed.registries.iter().any(|allowed| allowed == registry)) {
                problems.push(format!("{name} comes from {source}"));
            }
        }
    }
    problems
}

/// Whether an SPDX expression can be met with allowed licences. Older manifests write `/` for OR; AND binds closer than OR.
fn may_use(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = any_of(&tokens, &mut at, allowed);
    met && at == tokens.len()
}

fn any_of(tokens: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut met = all_of(tokens, at, allowed);
    while tokens.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all_of(tokens, at, allowed);
    }
    met
}

fn all_of(tokens: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut met = one(tokens, at, allowed);
    while tokens.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(tokens, at, allowed);
    }
    met
}

fn one(tokens: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let Some(&token) = tokens.get(*at) else { return false };
    *at += 1;
    if token == "(" {
        let met = any_of(tokens, at, allowed);
        let closed = tokens.get(*at) == Some(&")");
        *at += 1;
        return met && closed;
    }
    if tokens.get(*at) == Some(&"WITH") {
        let exception = tokens.get(*at + 1).copied().unwrap_or_default();
        *at += 2;
        return allowed.iter().any(|licence| *licence == format!("{token} WITH {exception}"));
    }
    allowed.iter().any(|licence| licence == token)
}

#[test]
fn licences_and_sources_are_allowed_ones() {
    nothing_wrong(&check(all(), &Allowed::ours()));
}

#[test]
fn other_licences_and_sources_are_found() {
    let package = |licence: Option<&str>, source: &str| Package {
        name: "crate".into(),
        licence: licence.map(str::to_owned),
        source: Some(source.into()),
        folder: None,
        dependencies: vec![],
        of_tests: vec![],
    };
    let registries = vec!["https://a.example/index".into()];
    let allowed =
        Allowed { licences: vec!["MIT".into(), "Apache-2.0".into()], registries, banned: vec!["crate".into()] };
    wrong(&check(&[package(Some("MIT"), "registry+https://a.example/index")], &allowed), "crate is banned");
    let allowed = Allowed { banned: vec![], ..allowed };
    nothing_wrong(&check(&[package(Some("MIT"), "registry+https://a.example/index")], &allowed));
    wrong(&check(&[package(None, "registry+https://a.example/index")], &allowed), "states no licence");
    wrong(
        &check(&[package(Some("GPL-3.0-only"), "registry+https://a.example/index")], &allowed),
        "is licensed as GPL-3.0-only",
    );
    wrong(
        &check(&[package(Some("MIT"), "registry+https://b.example/index")], &allowed),
        "comes from registry+https://b.example",
    );
    wrong(&check(&[package(Some("MIT"), "git+https://a.example/index")], &allowed), "comes from git+");
}

#[test]
fn expressions_are_read_as_spdx_says() {
    let allowed = ["MIT".to_owned(), "Apache-2.0".to_owned(), "ISC".to_owned()];
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("MIT OR GPL-3.0-only", true),
        ("MIT/GPL-3.0-only", true),
        ("MIT AND GPL-3.0-only", false),
        ("Apache-2.0 AND ISC", true),
        ("GPL-2.0-only OR Apache-2.0 AND ISC", true),
        ("(MIT OR GPL-3.0-only) AND GPL-3.0-only", false),
        ("(MIT OR GPL-3.0-only) AND ISC", true),
        ("Apache-2.0 WITH LLVM-exception", false),
        ("Apache-2.0 WITH LLVM-exception OR MIT", true),
        ("", false),
        ("MIT OR", true),
        ("(MIT", false),
        ("MIT MIT", false),
    ] {
        assert_eq!(may_use(expression, &allowed), met, "{expression:?}");
    }
}

#[test]
fn lists_of_deny_toml_are_read_without_comments() {
    let toml = "[licenses]\nallow = [\n  \"MIT\", # \"GPL\" is not\n  \"ISC\",\n]\n";
    assert_eq!(list(toml, "\nallow = ["), ["MIT", "ISC"]);
}
