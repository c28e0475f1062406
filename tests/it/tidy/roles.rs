//! Rights: every function has a role of its own with named actions on named resources, and a log group of its own.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::source::code;
use super::template::{Resource, Template, one_or_many, target};
use super::{nothing_wrong, rust_below, wrong};

fn check(template: &Template) -> Vec<String> {
    let mut problems = Vec::new();
    let (mut roles, mut groups) = (BTreeSet::new(), BTreeSet::new());
    for function in template.resources("AWS::Serverless::Function") {
        let name = function.name;
        if function.property("/Policies") != &Value::Null {
            problems.push(format!("{name} has policies; SAM would make a role of them with rights on every log"));
        }
        match owned(template, function, "/Role", "AWS::IAM::Role") {
            Some(role) if roles.insert(role) => {}
            Some(role) => problems.push(format!("{name} shares the role {role}")),
            None => problems.push(format!("{name} has no role of the template")),
        }
        match owned(template, function, "/LoggingConfig/LogGroup", "AWS::Logs::LogGroup") {
            Some(group) if groups.insert(group) => {}
            Some(group) => problems.push(format!("{name} shares the log group {group}")),
            None => problems.push(format!("{name} has no log group of the template")),
        }
    }
    for group in template.resources("AWS::Logs::LogGroup") {
        if template.number(group.property("/RetentionInDays")).is_none() {
            problems.push(format!("{} keeps its logs for ever", group.name));
        }
    }
    for role in template.resources("AWS::IAM::Role") {
        if role.property("/ManagedPolicyArns") != &Value::Null {
            problems.push(format!("{} takes a policy that somebody else may change", role.name));
        }
        for policy in one_or_many(role.property("/Policies")) {
            for statement in one_or_many(&policy["PolicyDocument"]["Statement"]) {
                problems.extend(of_statement(template, role.name, statement));
            }
        }
    }
    problems
}

/// The resource of the template that a property of a function names, if it is of that type.
fn owned<'a>(template: &'a Template, function: Resource<'a>, pointer: &str, kind: &str) -> Option<&'a str> {
    let name = target(function.property(pointer))?;
    template.resource(name).filter(|resource| resource.whole["Type"] == kind).map(|resource| resource.name)
}

/// What a function that is told of a queue does with it, by the end of the variable's name: the same for every queue.
const USES: [(&str, &str); 3] = [
    ("_QUEUE_URL", "sqs:SendMessage"),
    ("_DLQ_URL", "sqs:GetQueueAttributes"),
    ("_DLQ_ARN", "sqs:StartMessageMoveTask"),
];

/// Whoever is told of a queue may use it, and nobody may put messages into one that he is not told of.
fn of_queues(template: &Template) -> Vec<String> {
    let mut problems = Vec::new();
    for function in template.resources("AWS::Serverless::Function") {
        let Some(role) = owned(template, function, "/Role", "AWS::IAM::Role") else { continue };
        let variables = function.property("/Environment/Variables").as_object().into_iter().flatten();
        let mut told = BTreeSet::new();
        for (variable, value) in variables {
            let Some((_, action)) = USES.iter().find(|(end, _)| variable.ends_with(end)) else { continue };
            let queue = target(value).unwrap_or_default();
            told.insert((*action, queue));
            if !allowed(template, role, action).contains(queue) {
                problems.push(format!("{} is given {variable}, and {role} may not {action} there", function.name));
            }
        }
        for queue in allowed(template, role, "sqs:SendMessage") {
            if !told.contains(&("sqs:SendMessage", queue)) {
                problems.push(format!("{role} may send to {queue}, of which {} is not told", function.name));
            }
        }
    }
    problems
}

/// The resources of the template on which a role allows an action.
fn allowed<'a>(template: &'a Template, role: &str, action: &str) -> BTreeSet<&'a str> {
    let policies = template.resource(role).map(|role| one_or_many(role.property("/Policies"))).unwrap_or_default();
    let statements = policies.into_iter().flat_map(|policy| one_or_many(&policy["PolicyDocument"]["Statement"]));
    let allowing =
        statements.filter(|statement| one_or_many(&statement["Action"]).into_iter().any(|one| one == action));
    allowing.flat_map(|statement| one_or_many(&statement["Resource"])).filter_map(target).collect()
}

/// Rights that a verb of the table needs, how the verb is called, and whose functions call it. It is to be granted to these once something calls
/// it, and not before.
const NEEDED_BY: [(&str, &str, &[&str]); 1] =
    [("dynamodb:DeleteItem", ".remove_if_rev(", &["AdminRole", "SyncCustomersRole"])];

fn idle(template: &Template, sources: &[String]) -> Vec<String> {
    let mut problems = Vec::new();
    for role in template.resources("AWS::IAM::Role") {
        let policies = one_or_many(role.property("/Policies"));
        let statements = policies.iter().flat_map(|policy| one_or_many(&policy["PolicyDocument"]["Statement"]));
        for action in statements.flat_map(|statement| one_or_many(&statement["Action"])) {
            for (right, call, whose) in NEEDED_BY {
                let is_called = whose.contains(&role.name) && sources.iter().any(|source| source.contains(call));
                if action == right && !is_called {
                    problems.push(format!("{} may {right}, and nothing calls {call}…)", role.name));
                }
            }
        }
    }
    problems
}

/// What runs in a function, without its tests.
fn sources() -> Vec<String> {
    let files = rust_below("shared").into_iter().chain(rust_below("functions"));
    let runs = |path: &Path| {
        let is_test = path.file_stem().and_then(|stem| stem.to_str()).is_none_or(|stem| stem.ends_with("tests"));
        !is_test && path.components().any(|part| part.as_os_str() == "src")
    };
    files.filter(|(path, _)| runs(path)).map(|(_, text)| code(&text)).collect()
}

fn of_statement(template: &Template, role: &str, statement: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let said = statement["Sid"].as_str().unwrap_or("a statement");
    if statement["NotAction"] != Value::Null || statement["NotResource"] != Value::Null {
        problems.push(format!("{role}, {said}: rights are named, not excepted"));
    }
    let actions = one_or_many(&statement["Action"]);
    if actions.is_empty() {
        problems.push(format!("{role}, {said}: no action"));
    }
    for action in actions {
        if action.as_str().is_none_or(|action| action.contains('*') || !action.contains(':')) {
            problems.push(format!("{role}, {said}: the action {action} is not a named one"));
        }
    }
    let resources = one_or_many(&statement["Resource"]);
    if resources.is_empty() {
        problems.push(format!("{role}, {said}: no resource"));
    }
    for resource in resources {
        if !is_named(template, resource) {
            problems.push(format!("{role}, {said}: the resource {resource} is not a named one"));
        }
    }
    problems
}

/// A resource of the template, an index of one, or a secret of a link: these are made later, by the operator, under the stack's name.
fn is_named(template: &Template, resource: &Value) -> bool {
    if let Some(name) = target(resource) {
        return template.resource(name).is_some();
    }
    let Some(pattern) = resource.get("Fn::Sub").and_then(Value::as_str) else { return false };
    let (before, rest) = pattern.split_once("/index/").unwrap_or((pattern, ""));
    if !rest.is_empty() {
        let table = before.trim_start_matches("${").trim_end_matches(".Arn}");
        return !rest.contains('*') && template.resource(table).is_some_and(|table| has_index(table, rest));
    }
    let prefix = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${AWS::StackName}/*/";
    ["magento-??????", "acumatica-??????"].iter().any(|secret| pattern.strip_prefix(prefix) == Some(secret))
}

fn has_index(table: Resource<'_>, index: &str) -> bool {
    one_or_many(table.property("/GlobalSecondaryIndexes")).iter().any(|declared| declared["IndexName"] == index)
}

#[test]
fn every_function_has_its_own_named_rights() {
    nothing_wrong(&check(&Template::ours()));
}

#[test]
fn whoever_is_told_of_a_queue_may_use_it() {
    nothing_wrong(&of_queues(&Template::ours()));
    let both =
        "Resource:\n                  - !GetAtt OrdersQueue.Arn\n                  - !GetAtt CustomersQueue.Arn\n";
    let one = "Resource: !GetAtt OrdersQueue.Arn\n";
    for (from, to, expected) in [
        (both, one, "given CUSTOMERS_QUEUE_URL, and MagentoWebhookRole may not sqs:SendMessage there"),
        (
            "                  - !GetAtt CustomersDeadLetterQueue.Arn\n",
            "",
            "AdminFunction is given CUSTOMERS_DLQ_ARN, and AdminRole may not sqs:StartMessageMoveTask there",
        ),
        (
            "          CUSTOMERS_QUEUE_URL: !Ref CustomersQueue\n      Events:\n        EveryMinute",
            "      Events:\n        EveryMinute",
            "SweepRole may send to CustomersQueue, of which SweepFunction is not told",
        ),
    ] {
        wrong(&of_queues(&Template::with(from, to)), expected);
    }
}

#[test]
fn no_right_is_granted_for_later() {
    let sources = sources();
    assert!(sources.len() > 50, "only {} sources are found: the search is broken", sources.len());
    nothing_wrong(&idle(&Template::ours(), &sources));
    let early = Template::with("dynamodb:PutItem, dynamodb:Query", "dynamodb:PutItem, dynamodb:DeleteItem");
    wrong(&idle(&early, &sources), "SyncOrdersRole may dynamodb:DeleteItem");
    wrong(&idle(&Template::ours(), &[]), "AdminRole may dynamodb:DeleteItem");
}

#[test]
fn wide_or_missing_rights_are_found() {
    for (from, to, expected) in [
        ("Action: [logs:CreateLogStream, logs:PutLogEvents]", "Action: logs:*", "the action \"logs:*\" is not"),
        ("Action: dynamodb:Query", "NotAction: dynamodb:Query", "named, not excepted"),
        ("Resource: !GetAtt StateTable.Arn", "Resource: \"*\"", "the resource \"*\" is not"),
        ("Resource: !GetAtt StateTable.Arn", "Resource: !Sub ${StateTable.Arn}/index/*", "is not a named one"),
        ("${StateTable.Arn}/index/due", "${StateTable.Arn}/index/none", "is not a named one"),
        ("${AWS::StackName}/*/magento-??????", "*", "is not a named one"),
        ("Role: !GetAtt MagentoWebhookRole.Arn", "Policies: [AWSLambdaExecute]", "SAM would make a role"),
        ("Role: !GetAtt MagentoWebhookRole.Arn", "Role: somewhere", "MagentoWebhookFunction has no role"),
        ("Role: !GetAtt SweepRole.Arn", "Role: !GetAtt AdminRole.Arn", "shares the role AdminRole"),
        ("LoggingConfig: {LogGroup: !Ref SweepLogGroup}", "Description: none", "SweepFunction has no log group"),
        ("RetentionInDays: !Ref LogRetentionDays", "LogGroupClass: STANDARD", "keeps its logs for ever"),
        (
            "Policies:\n        - PolicyName: own",
            "ManagedPolicyArns: [x]\n      Policies:\n        - PolicyName: own",
            "somebody else may change",
        ),
    ] {
        wrong(&check(&Template::with(from, to)), expected);
    }
}
