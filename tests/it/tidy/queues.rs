//! Queues, their dead-letter queues and the functions that read them: what AWS refuses and the emulator accepts, and what we ask of all.

use serde_json::Value;

use super::template::{Resource, Template, one_or_many, target};
use super::{nothing_wrong, wrong};

fn check(template: &Template) -> Vec<String> {
    let mut problems = Vec::new();
    let queues = template.resources("AWS::SQS::Queue");
    if queues.is_empty() {
        problems.push("there is no queue".to_owned());
    }
    let dead: Vec<&str> = queues.iter().filter_map(|queue| dead_letters_of(*queue)).collect();
    for queue in &queues {
        common(template, *queue, &mut problems);
        if dead.contains(&queue.name) {
            alarm_on(template, queue.name, "ApproximateNumberOfMessagesVisible", &mut problems);
        } else {
            source(template, *queue, &mut problems);
            alarm_on(template, queue.name, "ApproximateAgeOfOldestMessage", &mut problems);
        }
    }
    for function in template.resources("AWS::Serverless::Function") {
        for (_, event) in function.property("/Events").as_object().into_iter().flatten() {
            if event["Type"] == "SQS" {
                mapping(template, function, &event["Properties"], &mut problems);
            }
        }
    }
    problems
}

fn dead_letters_of(queue: Resource<'_>) -> Option<&str> {
    target(queue.property("/RedrivePolicy/deadLetterTargetArn"))
}

/// What holds of queues and dead-letter queues alike.
fn common(template: &Template, queue: Resource<'_>, problems: &mut Vec<String>) {
    let name = queue.name;
    if queue.property("/SqsManagedSseEnabled") != &Value::Bool(true) {
        problems.push(format!("{name} is not encrypted"));
    }
    if is_fifo(queue) {
        let wanted = [("ContentBasedDeduplication", Value::Bool(false)), ("DeduplicationScope", "messageGroup".into())];
        for (property, value) in wanted.into_iter().chain([("FifoThroughputLimit", "perMessageGroupId".into())]) {
            if queue.property(&format!("/{property}")) != &value {
                problems.push(format!("{name} is FIFO and its {property} is not {value}"));
            }
        }
    }
    if queue.property("/DelaySeconds") != &Value::Null {
        problems.push(format!("{name} delays its messages; delays are visibility, or waiting in the record"));
    }
    let covered = template.resources("AWS::SQS::QueuePolicy").into_iter().any(|policy| {
        let statement = policy.property("/PolicyDocument/Statement/0");
        one_or_many(policy.property("/Queues")).into_iter().any(|queue| target(queue) == Some(name))
            && statement["Effect"] == "Deny"
            && statement["Condition"]["Bool"]["aws:SecureTransport"] == "false"
    });
    if !covered {
        problems.push(format!("no policy of {name} denies what is not TLS"));
    }
}

fn is_fifo(queue: Resource<'_>) -> bool {
    queue.property("/FifoQueue") == &Value::Bool(true)
}

/// What holds of a queue that feeds a function.
fn source(template: &Template, queue: Resource<'_>, problems: &mut Vec<String>) {
    let name = queue.name;
    let Some(dead) = dead_letters_of(queue).and_then(|dead| template.resource(dead)) else {
        problems.push(format!("{name} has no dead-letter queue"));
        return;
    };
    if is_fifo(queue) != is_fifo(dead) {
        problems.push(format!("{name} and {} must both be FIFO or neither", dead.name));
    }
    let kept = |queue: Resource<'_>| template.number(queue.property("/MessageRetentionPeriod")).unwrap_or(345_600);
    if kept(dead) < kept(queue) {
        problems.push(format!("{} keeps messages for a shorter time than {name}", dead.name));
    }
}

/// What holds of a function's subscription to a queue.
fn mapping(template: &Template, function: Resource<'_>, event: &Value, problems: &mut Vec<String>) {
    let name = function.name;
    let Some(queue) = target(&event["Queue"]).and_then(|queue| template.resource(queue)) else {
        problems.push(format!("{name} reads a queue that is not in the template"));
        return;
    };
    let batch = template.number(&event["BatchSize"]).unwrap_or(10);
    if is_fifo(queue) && batch > 10 {
        problems.push(format!("{name} takes batches of {batch}; AWS allows 10 from a FIFO queue"));
    }
    if !one_or_many(&event["FunctionResponseTypes"]).contains(&&Value::from("ReportBatchItemFailures")) {
        problems.push(format!("{name} does not report single records as failed"));
    }
    if template.number(&event["ScalingConfig"]["MaximumConcurrency"]).is_none() {
        problems.push(format!("{name} has no bound on its concurrency"));
    }
    if event["FilterCriteria"] != Value::Null {
        problems.push(format!("{name} filters its queue; what a filter refuses is lost without a trace"));
    }
    let timeout = template.number(template.of_function(function, "/Timeout")).unwrap_or(3);
    let visibility = template.number(queue.property("/VisibilityTimeout")).unwrap_or(30);
    if visibility < 6 * timeout {
        problems.push(format!(
            "{} shows messages again after {visibility} s, below six times the {timeout} s of {name}",
            queue.name
        ));
    }
}

fn alarm_on(template: &Template, queue: &str, metric: &str, problems: &mut Vec<String>) {
    let found = template.resources("AWS::CloudWatch::Alarm").into_iter().any(|alarm| {
        alarm.property("/MetricName") == metric && target(alarm.property("/Dimensions/0/Value")) == Some(queue)
    });
    if !found {
        problems.push(format!("{queue} has no alarm on {metric}"));
    }
}

#[test]
fn queues_are_what_aws_and_the_design_ask() {
    nothing_wrong(&check(&Template::ours()));
}

#[test]
fn broken_queues_are_found() {
    for (from, to, expected) in [
        ("BatchSize: 10", "BatchSize: 11", "AWS allows 10"),
        ("Default: 1080", "Default: 1079", "below six times the 180 s"),
        ("Default: 180\n", "Default: 181\n", "below six times the 181 s"),
        ("FunctionResponseTypes: [ReportBatchItemFailures]", "Enabled: true", "does not report single records"),
        ("ScalingConfig: {MaximumConcurrency: !Ref MaxConcurrency}", "Enabled: true", "no bound on its concurrency"),
        ("BatchSize: 10", "FilterCriteria: {Filters: []}", "lost without a trace"),
        ("SqsManagedSseEnabled: true", "SqsManagedSseEnabled: false", "OrdersQueue is not encrypted"),
        (
            "ContentBasedDeduplication: false",
            "ContentBasedDeduplication: true",
            "ContentBasedDeduplication is not false",
        ),
        ("FifoThroughputLimit: perMessageGroupId", "FifoThroughputLimit: perQueue", "its FifoThroughputLimit is not"),
        ("FifoQueue: true", "FifoQueue: false", "must both be FIFO or neither"),
        ("FifoQueue: true", "FifoQueue: true\n      DelaySeconds: 5", "delays its messages"),
        (
            "MessageRetentionPeriod: 1209600\n      SqsManagedSseEnabled: true\n\n",
            "MessageRetentionPeriod: 86400\n      SqsManagedSseEnabled: true\n\n",
            "for a shorter time",
        ),
        (
            "deadLetterTargetArn: !GetAtt OrdersDeadLetterQueue.Arn",
            "deadLetterTargetArn: elsewhere",
            "has no dead-letter queue",
        ),
        ("Queues: [!Ref OrdersDeadLetterQueue]", "Queues: [!Ref OrdersQueue]", "no policy of OrdersDeadLetterQueue"),
        (
            "Bool: {\"aws:SecureTransport\": \"false\"}",
            "Bool: {\"aws:SecureTransport\": \"true\"}",
            "no policy of OrdersQueue denies",
        ),
        ("ApproximateAgeOfOldestMessage", "NumberOfMessagesSent", "no alarm on ApproximateAgeOfOldestMessage"),
        (
            "ApproximateNumberOfMessagesVisible",
            "NumberOfMessagesSent",
            "no alarm on ApproximateNumberOfMessagesVisible",
        ),
    ] {
        wrong(&check(&Template::with(from, to)), expected);
    }
}
