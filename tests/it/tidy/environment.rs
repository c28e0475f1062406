//! The variables that the template gives to a function are those that the function reads, no more and no fewer. A missing one would show
//! at the first cold start; one too many tells a function what it has no business with.

use std::collections::BTreeSet;

use super::source::{code, strings};
use super::template::Template;
use super::{nothing_wrong, read, wrong};

/// Set by Lambda, or by the template for all functions alike.
const EVERYWHERE: [&str; 3] = ["AWS_REGION", "AWS_ENDPOINT_URL", "RUST_LOG"];

/// What the configuration of each function reads: the type's name, and the variables named in its `impl`.
fn readers(config: &str) -> Vec<(String, BTreeSet<String>)> {
    let code = code(config);
    let bodies = code.split("\nimpl ").skip(1).filter_map(|after| after.split_once(" {\n"));
    let readers = bodies.filter(|(name, body)| name.chars().all(char::is_alphanumeric) && body.contains("fn read("));
    let variables = |body: &str| {
        let body = body.split("\n}\n").next().unwrap_or(body);
        strings(body).into_iter().filter(|name| !EVERYWHERE.contains(name)).map(str::to_owned).collect()
    };
    readers.map(|(name, body)| (name.to_owned(), variables(body))).collect()
}

fn check(template: &Template, readers: &[(String, BTreeSet<String>)]) -> Vec<String> {
    let mut problems = Vec::new();
    for function in template.resources("AWS::Serverless::Function") {
        let Some((_, reads)) = readers.iter().find(|(reader, _)| function.name.ends_with(&format!("{reader}Function")))
        else {
            problems.push(format!("nothing reads the variables of {}", function.name));
            continue;
        };
        let variables = function.property("/Environment/Variables").as_object();
        let given: BTreeSet<String> = variables.into_iter().flatten().map(|(name, _)| name.clone()).collect();
        problems.extend(reads.difference(&given).map(|name| format!("{} is not given {name}", function.name)));
        problems.extend(
            given.difference(reads).map(|name| format!("{} is given {name} and does not read it", function.name)),
        );
    }
    problems
}

#[test]
fn functions_are_given_what_they_read() {
    nothing_wrong(&check(&Template::ours(), &readers(&read("shared/runtime/src/config.rs"))));
}

#[test]
fn missing_and_idle_variables_are_found() {
    let ours = readers(&read("shared/runtime/src/config.rs"));
    for (from, to, expected) in [
        ("LOG_TABLE: !Ref LogTable", "LOGTABLE: !Ref LogTable", "SyncOrdersFunction is not given LOG_TABLE"),
        (
            "LOG_TABLE: !Ref LogTable",
            "LOGTABLE: !Ref LogTable",
            "SyncOrdersFunction is given LOGTABLE and does not read it",
        ),
        ("  SweepFunction:\n", "  SweeperFunction:\n", "nothing reads the variables of SweeperFunction"),
    ] {
        wrong(&check(&Template::with(from, to), &ours), expected);
    }
}

#[test]
fn variables_are_found_in_the_reader_of_their_function() {
    let config = "//! x\n\nimpl Admin {\n    fn read() {\n        reader.text(\"A\"); // \"C\"\n        reader.flag(\"RUST_LOG\");\n    }\n}\n\n\
                  impl Other {\n    fn new() {}\n}\n\nimpl Sweep {\n    fn read() { reader.text(\"B\") }\n}\n";
    let expected = [("Admin", "A"), ("Sweep", "B")]
        .map(|(name, variable)| (name.to_owned(), BTreeSet::from([variable.to_owned()])));
    assert_eq!(readers(config), expected);
}
