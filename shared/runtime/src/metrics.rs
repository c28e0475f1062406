//! Metrics as lines of AWS's Embedded Metric Format: CloudWatch Logs makes metrics of JSON lines that say so in `_aws`.
//!
//! Format: CloudWatch User Guide, "Specification: Embedded metric format". Dimensions are few and bounded: entity, platform, outcome,
//! code, reason, fault, and never a record or a link. An alarm finds a metric by exactly the set of dimensions that it was written with.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use flows::delivery::Report;
use queue::Name;
use seams::clock::Clock;
use serde_json::{Map, Value, json};

/// The namespace that the template's alarms look into.
pub const NAMESPACE: &str = "Causeway";

/// CloudWatch's units that we use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Count,
    Seconds,
}

impl Unit {
    fn as_str(self) -> &'static str {
        match self {
            Unit::Count => "Count",
            Unit::Seconds => "Seconds",
        }
    }
}

/// Where metrics are written.
#[derive(Clone)]
pub struct Metrics {
    out: Arc<Mutex<dyn Write + Send>>,
    clock: Arc<dyn Clock>,
}

impl Metrics {
    /// Metrics on standard output, which Lambda sends to CloudWatch Logs.
    #[must_use]
    pub fn stdout(clock: Arc<dyn Clock>) -> Self {
        Self::to(std::io::stdout(), clock)
    }

    /// Metrics to any writer, one line each.
    pub fn to(out: impl Write + Send + 'static, clock: Arc<dyn Clock>) -> Self {
        Self { out: Arc::new(Mutex::new(out)), clock }
    }

    /// `SyncOutcome`, the calls that it took, and `Parked` where a person must act. Failing fast counts nowhere.
    pub fn outcome(&self, queue: Name, report: &Report) {
        if report.silent {
            return;
        }
        let (entity, platform) = (queue.entity(), target(queue));
        let outcome = report.outcome.as_str();
        self.write("SyncOutcome", 1, Unit::Count, &[("Entity", entity), ("Platform", platform), ("Outcome", outcome)]);
        for (platform, calls) in [("magento", report.calls.magento), ("acumatica", report.calls.acumatica)] {
            if calls > 0 {
                self.write("ApiCall", calls.into(), Unit::Count, &[("Platform", platform)]);
            }
        }
        if report.outcome == flows::delivery::Outcome::Parked {
            let code = report.code.as_deref().unwrap_or("unknown");
            self.write("Parked", 1, Unit::Count, &[("Entity", entity), ("Code", code)]);
        }
    }

    /// `WebhookRefused`: an event that was not taken, by a reason from a fixed list, and by whose fault it was, which the alarm looks at:
    /// strangers may be refused as often as they like.
    pub fn webhook_refused(&self, reason: &'static str, is_ours: bool) {
        let fault = if is_ours { "ours" } else { "theirs" };
        let sets = [[("Reason", reason)], [("Fault", fault)]];
        self.write_by_each("WebhookRefused", 1, Unit::Count, &sets.each_ref().map(|set| set.as_slice()));
    }

    /// `LinkUnusable`: a batch met a link whose settings or secrets cannot be used. Its records wait, so no other alarm would ring.
    pub fn link_unusable(&self, queue: Name) {
        self.write("LinkUnusable", 1, Unit::Count, &[("Entity", queue.entity())]);
    }

    /// The gauge `ParkedRecords` of an entity, over all links: what the alarm on parked records looks at.
    pub fn parked_records(&self, entity: &str, records: u64) {
        self.write("ParkedRecords", records, Unit::Count, &[("Entity", entity)]);
    }

    /// The gauge `OldestWaitingSeconds` of an entity: how late the most overdue record was when the sweep found it, 0 if none was due.
    pub fn oldest_waiting(&self, entity: &str, seconds: u64) {
        self.write("OldestWaitingSeconds", seconds, Unit::Seconds, &[("Entity", entity)]);
    }

    fn write(&self, name: &str, value: u64, unit: Unit, dimensions: &[(&str, &str)]) {
        self.write_by_each(name, value, unit, &[dimensions]);
    }

    /// One line, which CloudWatch makes one metric of for each set of dimensions.
    fn write_by_each(&self, name: &str, value: u64, unit: Unit, sets: &[&[(&str, &str)]]) {
        let line = line(self.clock.now().as_millisecond(), name, value, unit, sets);
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        // One write per line, so that lines of the log do not come between. A closed output is nobody's to be told of.
        let _written = out.write_all(line.as_bytes()).and_then(|()| out.flush());
    }
}

/// The platform that an entity is written to.
fn target(queue: Name) -> &'static str {
    match queue {
        Name::Orders => "acumatica",
        Name::Customers => "both",
    }
}

fn line(at_ms: i64, name: &str, value: u64, unit: Unit, sets: &[&[(&str, &str)]]) -> String {
    let names: Vec<Vec<&str>> = sets.iter().map(|set| set.iter().map(|(name, _)| *name).collect()).collect();
    let mut members = Map::new();
    members.insert(
        "_aws".to_owned(),
        json!({
            "Timestamp": at_ms,
            "CloudWatchMetrics": [{
                "Namespace": NAMESPACE,
                "Dimensions": names,
                "Metrics": [{ "Name": name, "Unit": unit.as_str() }],
            }],
        }),
    );
    for (name, value) in sets.iter().copied().flatten() {
        members.insert((*name).to_owned(), Value::from(*value));
    }
    members.insert(name.to_owned(), value.into());
    format!("{}\n", Value::Object(members))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use flows::delivery::{Calls, Outcome, Report, Verdict};
    use queue::Name;
    use serde_json::json;

    use super::Metrics;
    use crate::testing::{Captured, at};

    #[test]
    fn a_line_is_what_cloudwatch_makes_a_metric_of() {
        let captured = Captured::default();
        let metrics = Metrics::to(captured.clone(), Arc::new(at("2026-11-23T04:00:00.250Z")));
        metrics.parked_records("order", 3);
        metrics.oldest_waiting("order", 61);
        let expected = json!({
            "_aws": {
                "Timestamp": 1_795_406_400_250_u64,
                "CloudWatchMetrics": [{
                    "Namespace": "Causeway",
                    "Dimensions": [["Entity"]],
                    "Metrics": [{ "Name": "ParkedRecords", "Unit": "Count" }],
                }],
            },
            "Entity": "order",
            "ParkedRecords": 3,
        });
        assert_eq!(captured.lines()[0], expected);
        assert_eq!(captured.lines()[1]["OldestWaitingSeconds"], 61);
    }

    #[test]
    fn a_refusal_is_counted_by_reason_and_by_whose_fault_it_is() {
        let captured = Captured::default();
        let metrics = Metrics::to(captured.clone(), Arc::new(at("2026-11-23T04:00:00Z")));
        for (reason, is_ours, fault) in [("queue_away", true, "ours"), ("bad_signature", false, "theirs")] {
            metrics.webhook_refused(reason, is_ours);
            let line = captured.lines().pop().expect("a line");
            assert_eq!(line["_aws"]["CloudWatchMetrics"][0]["Dimensions"], json!([["Reason"], ["Fault"]]));
            assert_eq!((&line["Reason"], &line["Fault"]), (&json!(reason), &json!(fault)));
            assert_eq!(line["WebhookRefused"], 1);
        }
        assert_eq!(captured.lines().len(), 2, "one line for both sets");
    }

    #[test]
    fn an_outcome_is_counted_once_with_its_calls_and_a_silent_one_never() {
        let report = Report {
            verdict: Verdict::Return { after: 0 },
            outcome: Outcome::Parked,
            code: Some("orders.rejected.shipping_method_not_mapped".to_owned()),
            message: None,
            record: "abcd2345/order/12".to_owned(),
            shown: None,
            target: None,
            attempt: 1,
            calls: Calls { magento: 1, acumatica: 0 },
            silent: false,
        };
        let captured = Captured::default();
        let metrics = Metrics::to(captured.clone(), Arc::new(at("2026-11-23T04:00:00Z")));
        metrics.outcome(Name::Orders, &Report { silent: true, ..report.clone() });
        assert_eq!(captured.text(), "");
        metrics.outcome(Name::Orders, &report);
        let lines = captured.lines();
        assert_eq!(lines.len(), 3);
        assert_eq!(
            (&lines[0]["SyncOutcome"], &lines[0]["Outcome"], &lines[0]["Platform"]),
            (&json!(1), &json!("parked"), &json!("acumatica"))
        );
        assert_eq!((&lines[1]["ApiCall"], &lines[1]["Platform"]), (&json!(1), &json!("magento")));
        assert_eq!(
            (&lines[2]["Parked"], &lines[2]["Code"]),
            (&json!(1), &json!("orders.rejected.shipping_method_not_mapped"))
        );
    }
}
