//! The variables that the template gives to a function are those that the function reads, no more and no fewer. A missing one would show
//! at the first cold start; one too many tells a function what it has no business with.

use std::collections::BTreeSet;

use queue::Name;
use runtime::config::{AcumaticaWebhook, Admin, ConfigError, Environment, MagentoWebhook, Sweep, Worker};

use super::template::Template;
use super::{nothing_wrong, wrong};

/// Set by Lambda, or by the template for all functions alike.
const EVERYWHERE: [&str; 3] = ["AWS_REGION", "AWS_ENDPOINT_URL", "RUST_LOG"];

/// How a function reads its variables.
type Reader = fn(&Environment) -> Option<ConfigError>;

/// What reads the variables of each function.
const READERS: [(&str, Reader); 6] = [
    ("MagentoWebhookFunction", |environment| MagentoWebhook::read(environment).err()),
    ("AcumaticaWebhookFunction", |environment| AcumaticaWebhook::read(environment).err()),
    ("SyncOrdersFunction", |environment| Worker::read(Name::Orders, environment).err()),
    ("SyncCustomersFunction", |environment| Worker::read(Name::Customers, environment).err()),
    ("SweepFunction", |environment| Sweep::read(environment).err()),
    ("AdminFunction", |environment| Admin::read(environment).err()),
];

/// The variables that a reader misses where there are none: all of them have no default, but for some of [`EVERYWHERE`].
fn read_by(reader: Reader) -> BTreeSet<String> {
    let text = reader(&Environment::default()).expect("no function is content with nothing").to_string();
    let (_, problems) = text.split_once(": ").expect("the problems stand behind a colon");
    let missing = problems.split("; ").map(|problem| problem.strip_suffix(" is missing").unwrap_or(problem));
    missing.filter(|name| !EVERYWHERE.contains(name)).map(str::to_owned).collect()
}

fn check(template: &Template) -> Vec<String> {
    let mut problems = Vec::new();
    for function in template.resources("AWS::Serverless::Function") {
        let Some((_, reader)) = READERS.iter().find(|(name, _)| *name == function.name) else {
            problems.push(format!("nothing reads the variables of {}", function.name));
            continue;
        };
        let reads = read_by(*reader);
        let variables = function.property("/Environment/Variables").as_object();
        let given: BTreeSet<String> = variables.into_iter().flatten().map(|(name, _)| name.clone()).collect();
        problems.extend(reads.difference(&given).map(|name| format!("{} is not given {name}", function.name)));
        problems.extend(
            given.difference(&reads).map(|name| format!("{} is given {name} and does not read it", function.name)),
        );
    }
    problems
}

#[test]
fn functions_are_given_what_they_read() {
    nothing_wrong(&check(&Template::ours()));
}

#[test]
fn missing_and_idle_variables_are_found() {
    for (from, to, expected) in [
        ("LOG_TABLE: !Ref LogTable", "LOGTABLE: !Ref LogTable", "SyncOrdersFunction is not given LOG_TABLE"),
        (
            "LOG_TABLE: !Ref LogTable",
            "LOGTABLE: !Ref LogTable",
            "SyncOrdersFunction is given LOGTABLE and does not read it",
        ),
        (
            "CUSTOMERS_QUEUE_URL: !Ref CustomersQueue\n          SECRET_PREFIX: !Ref AWS::StackName\n          DEPLOYMENT_KEY_SECRET",
            "QUEUE_URL: !Ref CustomersQueue\n          SECRET_PREFIX: !Ref AWS::StackName\n          DEPLOYMENT_KEY_SECRET",
            "SyncCustomersFunction is not given CUSTOMERS_QUEUE_URL",
        ),
        (
            "CUSTOMERS_DLQ_URL: !Ref CustomersDeadLetterQueue",
            "CUSTOMERS_DLQ: !Ref CustomersDeadLetterQueue",
            "AdminFunction is not given CUSTOMERS_DLQ_URL",
        ),
        ("  SweepFunction:\n", "  SweeperFunction:\n", "nothing reads the variables of SweeperFunction"),
    ] {
        wrong(&check(&Template::with(from, to)), expected);
    }
}

#[test]
fn what_is_missed_is_what_is_read() {
    let expected = ["CUSTOMERS_QUEUE_URL", "SECRET_PREFIX", "STATE_TABLE"].map(str::to_owned);
    assert_eq!(read_by(|environment| AcumaticaWebhook::read(environment).err()), BTreeSet::from(expected));
}
