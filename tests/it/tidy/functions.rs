//! One list of functions: the folders of `functions/`, the stanzas of the template and, for what reads a queue, the folders of flows.

use std::collections::BTreeSet;

use serde_json::Value;

use super::source::{code, strings};
use super::template::{Resource, Template, target};
use super::{folders_in, nothing_wrong, read, root, wrong};

/// What stands in the repository besides the template.
struct Tree {
    /// Folders of `functions/`.
    functions: BTreeSet<String>,
    /// Folders of `shared/flows/src` that hold a `sync.rs`, with the files that they lack.
    flows: Vec<(String, Vec<&'static str>)>,
    /// Crates whose lines are logged.
    logged: BTreeSet<String>,
}

impl Tree {
    fn ours() -> Self {
        let flows = folders_in("shared/flows/src").into_iter().filter_map(|entity| {
            let has = |file: &str| root().join("shared/flows/src").join(&entity).join(file).exists();
            let missing = ["mod.rs", "facts.rs", "sync.rs"].into_iter().filter(|file| !has(file));
            let plan = (!has("plan.rs") && !has("plan/mod.rs")).then_some("plan.rs or plan/mod.rs");
            let missing = missing.chain(plan).collect();
            has("sync.rs").then_some((entity, missing))
        });
        let logged = code(&read("shared/runtime/src/telemetry.rs"));
        Self {
            functions: folders_in("functions").into_iter().collect(),
            flows: flows.collect(),
            logged: strings(&logged).into_iter().map(str::to_owned).collect(),
        }
    }

    /// A tree in which everything stands that `functions` need.
    fn of(functions: &[&str], flows: &[&str]) -> Self {
        Self {
            functions: functions.iter().map(|&name| name.to_owned()).collect(),
            flows: flows.iter().map(|&name| (name.to_owned(), Vec::new())).collect(),
            logged: functions.iter().map(|name| name.replace('-', "_")).collect(),
        }
    }
}

fn check(template: &Template, tree: &Tree) -> Vec<String> {
    let mut problems = Vec::new();
    let mut declared = BTreeSet::new();
    for function in template.resources("AWS::Serverless::Function") {
        let folder =
            function.property("/CodeUri").as_str().and_then(|path| path.strip_prefix("functions/")).unwrap_or("?");
        declared.insert(folder.to_owned());
        if !tree.functions.contains(folder) {
            problems.push(format!("{} is built from functions/{folder}, which is not there", function.name));
        }
        problems.extend(of_function(template, function, folder));
    }
    for folder in tree.functions.difference(&declared) {
        problems.push(format!("functions/{folder} has no stanza in the template"));
    }
    let silent = tree.functions.iter().filter(|folder| !tree.logged.contains(&folder.replace('-', "_")));
    problems.extend(silent.map(|folder| format!("what functions/{folder} logs is taken for somebody else's")));
    for folder in &declared {
        if let Some(entity) = folder.strip_prefix("sync-").map(|entity| entity.replace('-', "_"))
            && !tree.flows.iter().any(|(name, _)| *name == entity)
        {
            problems.push(format!("functions/{folder} has no shared/flows/src/{entity}/sync.rs"));
        }
    }
    for (entity, missing) in &tree.flows {
        if !declared.contains(&format!("sync-{}", entity.replace('_', "-"))) {
            problems.push(format!("shared/flows/src/{entity} has no function"));
        }
        problems.extend(missing.iter().map(|file| format!("shared/flows/src/{entity} lacks {file}")));
    }
    problems.extend(named(template));
    problems
}

fn of_function(template: &Template, function: Resource<'_>, folder: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let name = function.name;
    let mut ask = |holds: bool, what: &str| {
        if !holds {
            problems.push(format!("{name} {what}"));
        }
    };
    let metadata = &function.whole["Metadata"];
    ask(metadata["BuildMethod"] == "rust-cargolambda", "is not built by rust-cargolambda");
    ask(metadata["BuildProperties"]["Binary"] == folder, "does not name the binary of its folder");
    ask(template.of_function(function, "/Runtime") == "provided.al2023", "is not for provided.al2023");
    ask(template.of_function(function, "/Architectures/0") == "arm64", "is not for arm64");
    ask(template.of_function(function, "/Handler") == "bootstrap", "has a handler besides bootstrap");
    ask(template.number(function.property("/MemorySize")).is_some(), "leaves its memory to a default");
    ask(
        function.property("/ReservedConcurrentExecutions") == &Value::Null,
        "reserves concurrency; its throttles burn receives",
    );
    ask(
        template.resources("AWS::CloudWatch::Alarm").iter().any(|alarm| watches_errors(*alarm, name)),
        "has no alarm on errors",
    );
    let mut reads_a_queue = false;
    for (_, event) in function.property("/Events").as_object().into_iter().flatten() {
        reads_a_queue |= event["Type"] == "SQS";
        let event = &event["Properties"];
        let operators = event["Path"].as_str().is_some_and(|path| path.starts_with("/admin"));
        ask(!operators || event["Auth"]["Authorizer"] == "AWS_IAM", "lets anybody operate");
        ask(event["Name"] == Value::Null, "names its schedule");
    }
    ask(reads_a_queue == folder.starts_with("sync-"), "reads a queue exactly if it is called sync-…");
    problems
}

fn watches_errors(alarm: Resource<'_>, function: &str) -> bool {
    alarm.property("/MetricName") == "Errors" && target(alarm.property("/Dimensions/0/Value")) == Some(function)
}

/// Properties that give a resource a name of our choice. The name of a policy within a role is none.
const NAMES: [&str; 8] =
    ["FunctionName", "QueueName", "TableName", "RoleName", "LogGroupName", "AlarmName", "TopicName", "Name"];

fn named(template: &Template) -> Vec<String> {
    let named =
        |resource: &Resource<'_>| NAMES.iter().any(|name| resource.property(&format!("/{name}")) != &Value::Null);
    let resources = template.all_resources().into_iter().filter(named);
    resources.map(|resource| format!("{} has a name of our choice", resource.name)).collect()
}

#[test]
fn folders_stanzas_and_flows_agree() {
    nothing_wrong(&check(&Template::ours(), &Tree::ours()));
}

/// What the template of the repository needs.
const FUNCTIONS: [&str; 6] =
    ["admin", "acumatica-webhook", "magento-webhook", "sweep", "sync-orders", "sync-customers"];
const FLOWS: [&str; 2] = ["orders", "customers"];

#[test]
fn strangers_and_missing_parts_are_found() {
    let ours = Template::ours();
    nothing_wrong(&check(&ours, &Tree::of(&FUNCTIONS, &FLOWS)));
    wrong(&check(&ours, &Tree::of(&FUNCTIONS[1..], &FLOWS)), "functions/admin, which is not there");
    wrong(&check(&ours, &Tree::of(&[&FUNCTIONS[..], &["poll"]].concat(), &FLOWS)), "functions/poll has no stanza");
    wrong(&check(&ours, &Tree::of(&FUNCTIONS, &FLOWS[1..])), "has no shared/flows/src/orders/sync.rs");
    wrong(
        &check(&ours, &Tree::of(&FUNCTIONS, &[&FLOWS[..], &["credit_memos"]].concat())),
        "shared/flows/src/credit_memos has no function",
    );
    let mut incomplete = Tree::of(&FUNCTIONS, &FLOWS);
    incomplete.flows[0].1.push("facts.rs");
    wrong(&check(&ours, &incomplete), "orders lacks facts.rs");
    let mut silent = Tree::of(&FUNCTIONS, &FLOWS);
    silent.logged.remove("sync_orders");
    wrong(&check(&ours, &silent), "functions/sync-orders logs is taken for");
}

#[test]
fn careless_stanzas_are_found() {
    let tree = Tree::of(&FUNCTIONS, &FLOWS);
    for (from, to, expected) in [
        ("BuildMethod: rust-cargolambda", "BuildMethod: makefile", "is not built by"),
        ("BuildProperties: {Binary: sweep}", "BuildProperties: {Binary: admin}", "SweepFunction does not name"),
        ("Architectures: [arm64]", "Architectures: [x86_64]", "is not for arm64"),
        ("Runtime: provided.al2023", "Runtime: provided.al2", "is not for provided.al2023"),
        ("Handler: bootstrap", "Handler: main", "has a handler"),
        ("MemorySize: 128", "Description: none", "leaves its memory"),
        ("MemorySize: 128", "MemorySize: 128\n      ReservedConcurrentExecutions: 1", "burn receives"),
        ("Value: !Ref SweepFunction", "Value: !Ref AdminFunction", "SweepFunction has no alarm on errors"),
        ("Auth: {Authorizer: AWS_IAM}", "Auth: {Authorizer: NONE}", "lets anybody operate"),
        ("Schedule: rate(1 minute)", "Schedule: rate(1 minute)\n            Name: every-minute", "names its schedule"),
        ("Type: SQS", "Type: Kinesis", "exactly if it is called sync-"),
        ("FifoQueue: true", "FifoQueue: true\n      QueueName: orders.fifo", "OrdersQueue has a name"),
        ("BillingMode: PAY_PER_REQUEST", "TableName: state", "StateTable has a name"),
    ] {
        wrong(&check(&Template::with(from, to), &tree), expected);
    }
}
