//! The numbers that the failure and load design rests on, on the defaults of the template.

use serde_json::Value;

use super::template::Template;
use super::{nothing_wrong, wrong};

/// Parameter, default, why.
const DEFAULTS: [(&str, i64, &str); 7] = [
    ("FunctionTimeout", 180, "one write and its record after the reserve was found"),
    ("VisibilityTimeout", 1_080, "six times the function's timeout"),
    ("MaxReceiveCount", 10, "a safety net: receives are not attempts"),
    ("MaxConcurrency", 2, "Acumatica runs one request per session"),
    ("WriteTimeoutSeconds", 120, "counted from the permit"),
    ("StepReserveSeconds", 130, "a whole write and the time to record it"),
    ("DuplicateWindowSeconds", 1_500, "ten minutes queued, ten running, five spare"),
];

/// 14 days, the longest that SQS keeps a message.
const FOURTEEN_DAYS: i64 = 14 * 24 * 60 * 60;

fn check(template: &Template) -> Vec<String> {
    let mut problems = Vec::new();
    for (parameter, wanted, why) in DEFAULTS {
        if template.default(parameter) != Some(wanted) {
            problems.push(format!("{parameter} is not {wanted} by default ({why})"));
        }
    }
    let default = |parameter| template.default(parameter).unwrap_or(0);
    if default("StepReserveSeconds") < default("WriteTimeoutSeconds") + 10 {
        problems.push("the reserve before a step leaves less than ten seconds after a whole write".to_owned());
    }
    if default("FunctionTimeout") < default("StepReserveSeconds") + 30 {
        problems.push("an invocation has less than thirty seconds besides the reserve of a step".to_owned());
    }
    if default("DuplicateWindowSeconds") < 2 * 600 {
        problems.push("the window is shorter than ten minutes queued and ten running".to_owned());
    }
    for queue in template.resources("AWS::SQS::Queue") {
        let fifo = queue.property("/FifoQueue") == &Value::Bool(true);
        let feeds = queue.property("/RedrivePolicy") != &Value::Null;
        if (fifo || !feeds) && template.number(queue.property("/MessageRetentionPeriod")) != Some(FOURTEEN_DAYS) {
            problems.push(format!("{} does not keep its messages for 14 days", queue.name));
        }
        if feeds && template.number(queue.property("/RedrivePolicy/maxReceiveCount")) != Some(10) {
            problems.push(format!("{} does not move messages after ten receives", queue.name));
        }
    }
    for function in template.resources("AWS::Serverless::Function") {
        problems.extend(of_function(template, function));
        let sweeps = function.name == "SweepFunction";
        if sweeps && template.number(template.of_function(function, "/Timeout")) != Some(60) {
            problems
                .push("the sweep has less than a minute for a thousand records, or overlaps with the next".to_owned());
        }
    }
    problems
}

fn of_function(template: &Template, function: super::template::Resource<'_>) -> Vec<String> {
    let mut problems = Vec::new();
    let mut is_sync = false;
    for (_, event) in function.property("/Events").as_object().into_iter().flatten() {
        if event["Type"] == "SQS" {
            is_sync = true;
            for (path, wanted) in [("/BatchSize", 10), ("/ScalingConfig/MaximumConcurrency", 2)] {
                let value = event["Properties"].pointer(path).unwrap_or(&Value::Null);
                if template.number(value) != Some(wanted) {
                    problems.push(format!("{}: {} is not {wanted}", function.name, path.trim_start_matches('/')));
                }
            }
        }
    }
    let timeout = template.number(template.of_function(function, "/Timeout"));
    if is_sync && timeout != template.default("FunctionTimeout") {
        problems.push(format!("{} does not have the timeout of the parameter", function.name));
    }
    if !is_sync && timeout.is_none_or(|timeout| timeout > 60) {
        problems.push(format!("{} serves no queue and may run for more than a minute", function.name));
    }
    problems
}

#[test]
fn the_defaults_are_those_of_the_design() {
    nothing_wrong(&check(&Template::ours()));
}

#[test]
fn other_numbers_are_found() {
    for (from, to, expected) in [
        ("Default: 180\n", "Default: 150\n", "FunctionTimeout is not 180"),
        ("Default: 180\n", "Default: 150\n", "less than thirty seconds besides"),
        ("Default: 1080\n", "Default: 2000\n", "VisibilityTimeout is not 1080"),
        ("Default: 10\n", "Default: 3\n", "does not move messages after ten receives"),
        ("Default: 2\n", "Default: 5\n", "MaximumConcurrency is not 2"),
        ("Default: 120\n", "Default: 125\n", "less than ten seconds after a whole write"),
        ("Default: 130\n", "Default: 110\n", "StepReserveSeconds is not 130"),
        ("Default: 1500\n", "Default: 60\n", "shorter than ten minutes queued"),
        ("MessageRetentionPeriod: 1209600", "MessageRetentionPeriod: 345600", "OrdersQueue does not keep"),
        ("BatchSize: 10", "BatchSize: 5", "BatchSize is not 10"),
        ("Timeout: !Ref FunctionTimeout", "Timeout: 60", "not have the timeout of the parameter"),
        ("Timeout: 30", "Timeout: 300", "more than a minute"),
        ("Timeout: 60\n      LoggingConfig: {LogGroup: !Ref SweepLogGroup}", "LoggingConfig: {}", "less than a minute"),
    ] {
        wrong(&check(&Template::with(from, to)), expected);
    }
}
