//! Alarms ring: each of ours looks at a metric that something writes, by the dimensions that it is written with, and what is answered or
//! waits instead of failing has an alarm of its own. CloudWatch accepts an alarm on a metric that never comes, and it stays silent.

use std::collections::BTreeSet;

use queue::Name;
use serde_json::Value;

use super::source::{code, strings};
use super::template::{Resource, Template, one_or_many, target};
use super::{nothing_wrong, read, wrong};

/// The namespace of our own metrics.
const OURS: &str = "Causeway";

/// Our metrics that somebody must be told of: name, dimension, value.
fn told() -> Vec<(&'static str, &'static str, &'static str)> {
    let of_entity = ["LinkUnusable", "OldestWaitingSeconds", "ParkedRecords"].into_iter();
    let of_entity = of_entity.flat_map(|metric| Name::ALL.map(|queue| (metric, "Entity", queue.entity())));
    of_entity.chain([("WebhookRefused", "Fault", "ours")]).collect()
}

fn check(template: &Template, written: &BTreeSet<String>) -> Vec<String> {
    let mut problems = Vec::new();
    let alarms = template.resources("AWS::CloudWatch::Alarm");
    let text = |alarm: Resource<'_>, pointer: &str| alarm.property(pointer).as_str().unwrap_or_default().to_owned();
    for alarm in &alarms {
        if alarm.property("/AlarmActions").get("Fn::If").is_none() {
            problems.push(format!("{} tells nobody", alarm.name));
        }
        if text(*alarm, "/Namespace") != OURS {
            continue;
        }
        let dimensions = one_or_many(alarm.property("/Dimensions"));
        let names = dimensions.iter().map(|dimension| dimension["Name"].as_str().unwrap_or_default().to_owned());
        for name in names.chain([text(*alarm, "/MetricName")]) {
            if !written.contains(&name) {
                problems.push(format!("{} looks at {name:?}, which nothing writes", alarm.name));
            }
        }
    }
    for (metric, dimension, value) in told() {
        let told = alarms.iter().any(|alarm| {
            let looked_at = alarm.property("/Dimensions/0");
            text(*alarm, "/Namespace") == OURS
                && text(*alarm, "/MetricName") == metric
                && looked_at["Name"] == dimension
                && looked_at["Value"] == value
                && (dimension == "Entity" || written.contains(value))
                && alarm.property("/Dimensions/1") == &Value::Null
        });
        if !told {
            problems.push(format!("no alarm looks at {metric} by {dimension} {value}"));
        }
    }
    for api in template.resources("AWS::Serverless::HttpApi") {
        let told = alarms.iter().any(|alarm| {
            text(*alarm, "/MetricName") == "5xx" && target(alarm.property("/Dimensions/0/Value")) == Some(api.name)
        });
        if !told {
            problems.push(format!("{} has no alarm on its 5xx answers", api.name));
        }
    }
    problems
}

/// Every text in what writes the metrics.
fn written() -> BTreeSet<String> {
    strings(&code(&read("shared/runtime/src/metrics.rs"))).into_iter().map(str::to_owned).collect()
}

#[test]
fn every_alarm_can_ring() {
    nothing_wrong(&check(&Template::ours(), &written()));
}

#[test]
fn alarms_that_never_ring_are_found() {
    let written = written();
    for (from, to, expected) in [
        ("MetricName: LinkUnusable", "MetricName: LinksUnusable", "looks at \"LinksUnusable\", which nothing writes"),
        ("MetricName: LinkUnusable", "MetricName: LinksUnusable", "no alarm looks at LinkUnusable by Entity order"),
        (
            "MetricName: ParkedRecords\n      Dimensions: [{Name: Entity, Value: customer}]",
            "MetricName: ParkedRecords\n      Dimensions: [{Name: Entity, Value: customers}]",
            "no alarm looks at ParkedRecords by Entity customer",
        ),
        (
            "{Name: Fault, Value: ours}",
            "{Name: Reason, Value: queue_away}",
            "no alarm looks at WebhookRefused by Fault",
        ),
        ("{Name: Fault, Value: ours}", "{Name: Fault, Value: our}", "no alarm looks at WebhookRefused by Fault"),
        ("{Name: Fault, Value: ours}", "{Name: Stage, Value: ours}", "looks at \"Stage\", which nothing writes"),
        ("MetricName: 5xx", "MetricName: 5XXError", "Api has no alarm on its 5xx answers"),
        ("AlarmActions: !If [HasAlarmTopic, [!Ref AlarmTopicArn], !Ref AWS::NoValue]", "Unit: Count", "tells nobody"),
    ] {
        wrong(&check(&Template::with(from, to), &written), expected);
    }
}
