//! Every entity is one stanza of the same shape: what holds of the first, from the queue's policy to the last alarm, holds of all. What may
//! differ is what alarms say to people, and how much memory an entity needs.

use std::collections::BTreeMap;

use queue::Name;
use serde_json::Value;

use super::template::Template;
use super::{nothing_wrong, wrong};

/// The entity whose stanza the others follow.
const FIRST: &str = "Orders";

/// What the template calls the entities of a queue.
fn stem(queue: Name) -> &'static str {
    match queue {
        Name::Orders => FIRST,
        Name::Customers => "Customers",
    }
}

/// Resources and outputs of one entity, by their names, all of which are those of any entity.
fn stanza(template: &Template, queue: Name) -> BTreeMap<String, Value> {
    let stem = stem(queue);
    let anybody = |text: &str| {
        let function = format!("sync-{}", stem.to_lowercase());
        let text = text.replace(&function, "sync-entities").replace(stem, "Entities");
        text.replace(&stem.to_uppercase(), "ENTITIES").replace(&format!("\"{}\"", queue.entity()), "\"entity\"")
    };
    let resources = template.all_resources().into_iter().map(|resource| (resource.name.to_owned(), resource.whole));
    let outputs = template.outputs().iter().map(|(name, output)| (format!("the output {name}"), output));
    let of_entity = resources.chain(outputs).filter(|(name, _)| name.contains(stem)).map(|(name, whole)| {
        let mut whole = whole.clone();
        if let Some(properties) = whole["Properties"].as_object_mut() {
            properties.remove("AlarmDescription");
            properties.remove("MemorySize");
        }
        let whole = anybody(&whole.to_string());
        (anybody(&name), serde_json::from_str(&whole).expect("names are replaced by names"))
    });
    of_entity.collect()
}

fn check(template: &Template) -> Vec<String> {
    let first = stanza(template, Name::Orders);
    let mut problems = Vec::new();
    for queue in Name::ALL {
        let other = stanza(template, queue);
        let name = |name: &str| name.replace("Entities", stem(queue));
        for (part, whole) in &first {
            match other.get(part) {
                None => problems.push(format!("there is no {}", name(part))),
                Some(other) if other != whole => {
                    problems.push(format!("{} is not what it is for {FIRST}", name(part)));
                }
                Some(_) => {}
            }
        }
        let more = other.keys().filter(|part| !first.contains_key(*part));
        problems.extend(more.map(|part| format!("only {} has {}", stem(queue), name(part))));
    }
    problems
}

#[test]
fn entities_have_stanzas_of_one_shape() {
    let ours = stanza(&Template::ours(), Name::Orders);
    assert!(ours.len() >= 17, "only {} parts are found: the search is broken", ours.len());
    nothing_wrong(&check(&Template::ours()));
}

#[test]
fn stanzas_of_another_shape_are_found() {
    for (from, to, expected) in [
        ("  CustomersLateAlarm:\n", "  LateCustomersAlarm:\n", "there is no CustomersLateAlarm"),
        ("  CustomersLateAlarm:\n", "  LateCustomersAlarm:\n", "only Customers has LateCustomersAlarm"),
        ("  CustomersDeadLetterQueueArn:\n", "  DeadLetters:\n", "there is no the output CustomersDeadLetterQueueArn"),
        ("Queues: [!Ref CustomersQueue]", "Queues: [!Ref OrdersQueue]", "CustomersQueuePolicy is not what it is"),
        ("Queue: !GetAtt CustomersQueue.Arn", "Queue: !GetAtt OrdersQueue.Arn", "SyncCustomersFunction is not what"),
        (
            "MetricName: LinkUnusable\n      Dimensions: [{Name: Entity, Value: customer}]",
            "MetricName: LinkUnusable\n      Dimensions: [{Name: Entity, Value: order}]",
            "CustomersLinkUnusableAlarm is not what it is for Orders",
        ),
        (
            "Resource: !GetAtt SyncCustomersLogGroup.Arn",
            "Resource: !GetAtt SweepLogGroup.Arn",
            "SyncCustomersRole is not",
        ),
    ] {
        wrong(&check(&Template::with(from, to)), expected);
    }
    // What people are told, and memory, are each entity's own.
    nothing_wrong(&check(&Template::with("Customers are parked until", "People are parked until")));
}
