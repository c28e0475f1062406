//! Tables and other things that must survive a mistake: retained, protected, encrypted, restorable.

use serde_json::Value;

use super::template::{Resource, Template};
use super::{nothing_wrong, wrong};

/// The only table whose items may disappear by themselves. What guards a document against a second creation never may.
const MAY_EXPIRE: &str = "LogTable";

fn check(template: &Template) -> Vec<String> {
    let tables = template.resources("AWS::DynamoDB::Table");
    let mut problems: Vec<String> = tables.iter().flat_map(|table| of_table(*table)).collect();
    if tables.len() != 2 {
        problems.push(format!("there are {} tables instead of records and log", tables.len()));
    }
    let secrets = template.resources("AWS::SecretsManager::Secret");
    for retained in tables.into_iter().chain(secrets) {
        for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
            if retained.whole[policy] != "Retain" {
                problems.push(format!("{policy} of {} is not Retain", retained.name));
            }
        }
    }
    problems
}

fn of_table(table: Resource<'_>) -> Vec<String> {
    let yes = Value::Bool(true);
    let mut problems = Vec::new();
    let mut ask = |holds: bool, what: &str| {
        if !holds {
            problems.push(format!("{} {what}", table.name));
        }
    };
    ask(table.property("/BillingMode") == "PAY_PER_REQUEST", "is not on demand");
    ask(table.property("/DeletionProtectionEnabled") == &yes, "may be deleted");
    ask(table.property("/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled") == &yes, "cannot be restored");
    ask(table.property("/SSESpecification/SSEEnabled") == &yes, "is not encrypted with a key of the account");
    let expires = table.property("/TimeToLiveSpecification");
    if table.name == MAY_EXPIRE {
        ask(expires["AttributeName"] == "expires" && expires["Enabled"] == yes, "never forgets");
    } else {
        ask(expires == &Value::Null, "forgets items");
    }
    problems
}

#[test]
fn tables_survive_mistakes() {
    nothing_wrong(&check(&Template::ours()));
}

#[test]
fn careless_tables_are_found() {
    for (from, to, expected) in [
        ("DeletionPolicy: Retain", "DeletionPolicy: Delete", "DeletionPolicy of StateTable"),
        ("    UpdateReplacePolicy: Retain\n", "", "UpdateReplacePolicy of StateTable"),
        (
            "    UpdateReplacePolicy: Retain\n    Properties:\n      Description",
            "    Properties:\n      Description",
            "UpdateReplacePolicy of DeploymentKey",
        ),
        ("DeletionProtectionEnabled: true", "DeletionProtectionEnabled: false", "StateTable may be deleted"),
        ("PointInTimeRecoveryEnabled: true", "PointInTimeRecoveryEnabled: false", "cannot be restored"),
        ("SSEEnabled: true", "SSEEnabled: false", "is not encrypted"),
        ("BillingMode: PAY_PER_REQUEST", "BillingMode: PROVISIONED", "is not on demand"),
        (
            "TimeToLiveSpecification: {AttributeName: expires, Enabled: true}",
            "TableClass: STANDARD",
            "LogTable never forgets",
        ),
        (
            "SSESpecification: {SSEEnabled: true}",
            "TimeToLiveSpecification: {AttributeName: x, Enabled: true}",
            "StateTable forgets",
        ),
    ] {
        wrong(&check(&Template::with(from, to)), expected);
    }
}
