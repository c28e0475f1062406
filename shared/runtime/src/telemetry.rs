//! What the functions say: JSON lines on standard output, a message and stable fields.
//!
//! One outcome event per record: `entity`, `record`, `number`, `document`, `outcome`, `code`, `attempt`, `magento_calls`,
//! `acumatica_calls`, `duration_ms`. The sentence for the merchant, which may quote a value of the record, stands in the sync log and
//! not here. No body, token or e-mail is ever given to a log line; what other people's crates would say is let through only as
//! warnings, because the more talkative levels of HTTP and AWS libraries print what they send.

use std::time::Duration;

use flows::delivery::{Outcome, Report};
use queue::Name;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;

use crate::metrics::Metrics;

/// The crates whose lines are ours: they are logged from the configured level on.
const OURS: [&str; 13] = [
    "runtime",
    "flows",
    "magento",
    "acumatica",
    "store",
    "queue",
    "seams",
    "magento_webhook",
    "acumatica_webhook",
    "sync_orders",
    "sync_customers",
    "sweep",
    "admin",
];

/// Only this module of the Lambda runtime is let through from INFO on: it logs nothing and puts the request id into the span.
const INVOCATIONS: &str = "lambda_runtime::layers::trace";

/// Starts logging to standard output, and keeps the message of a panic, which can hold anything, out of the log. Called once, first.
pub fn init(level: LevelFilter) {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line()));
        tracing::error!(place, "Panicked; the message is withheld because it may quote a record");
    }));
    if tracing::subscriber::set_global_default(subscriber(level, std::io::stdout)).is_err() {
        tracing::warn!("logging had been started before");
    }
}

/// What [`init`] installs, with any writer.
pub fn subscriber<W>(level: LevelFilter, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let others = level.min(LevelFilter::WARN);
    let targets = Targets::new()
        .with_default(others)
        .with_targets(OURS.map(|name| (name, level)))
        .with_target(INVOCATIONS, LevelFilter::INFO);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(true)
        .with_writer(writer);
    tracing_subscriber::registry().with(targets).with(lines)
}

/// One event per record, and its metrics. Failing fast says nothing: it has all been said when the record was parked.
pub fn report(metrics: &Metrics, queue: Name, report: &Report, took: Duration) {
    metrics.outcome(queue, report);
    if report.silent {
        return;
    }
    let (entity, outcome) = (queue.entity(), report.outcome.as_str());
    let called = report.shown.as_deref().unwrap_or(&report.record);
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    // The level of an event is part of its static description, hence the three arms.
    macro_rules! say {
        ($level:ident) => {
            tracing::$level!(
                entity,
                record = report.record,
                number = report.shown.as_deref(),
                document = report.target.as_deref(),
                outcome,
                code = report.code.as_deref(),
                attempt = report.attempt,
                magento_calls = report.calls.magento,
                acumatica_calls = report.calls.acumatica,
                duration_ms,
                "{entity} {called}: {outcome}"
            )
        };
    }
    match report.outcome {
        _ if is_bug(report) => say!(error),
        Outcome::Applied | Outcome::Adopted | Outcome::Unchanged | Outcome::Skipped => say!(info),
        Outcome::Held | Outcome::Waiting | Outcome::Returned => say!(warn),
        Outcome::Parked => say!(error),
    }
}

/// Codes are `<platform or flow>.<class>.<what>`.
fn is_bug(report: &Report) -> bool {
    report.code.as_deref().and_then(|code| code.split('.').nth(1)) == Some(seams::Class::Bug.as_str())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use flows::delivery::{Calls, Verdict};
    use serde_json::json;

    use super::*;
    use crate::testing::{Captured, at};

    fn said(outcome: Outcome, code: Option<&str>, silent: bool) -> Vec<serde_json::Value> {
        let captured = Captured::default();
        let writer = captured.clone();
        let metrics = Metrics::to(std::io::sink(), Arc::new(at("2026-11-23T04:00:00Z")));
        let told = Report {
            verdict: Verdict::Acknowledge,
            outcome,
            code: code.map(str::to_owned),
            message: Some("The postcode 90210-CANARY does not fit".to_owned()),
            record: "abcd2345/order/12".to_owned(),
            shown: Some("000000012".to_owned()),
            target: Some("SO 000123".to_owned()),
            attempt: 2,
            calls: Calls { magento: 1, acumatica: 3 },
            silent,
        };
        let subscriber = subscriber(LevelFilter::INFO, move || writer.clone());
        // A second one alive: with a single one, `tracing` lets the thread that meets a log line first decide for all.
        let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
        tracing::subscriber::with_default(subscriber, || {
            report(&metrics, Name::Orders, &told, Duration::from_millis(1500));
        });
        captured.lines()
    }

    #[test]
    fn the_level_says_who_must_act() {
        for (outcome, code, level) in [
            (Outcome::Applied, None, "INFO"),
            (Outcome::Adopted, None, "INFO"),
            (Outcome::Unchanged, None, "INFO"),
            (Outcome::Skipped, Some("orders.skipped.canceled_before_sync"), "INFO"),
            (Outcome::Waiting, Some("acumatica.not_ready.unreachable"), "WARN"),
            (Outcome::Returned, Some("acumatica.transient.busy"), "WARN"),
            (Outcome::Held, Some("orders.held.total_differs"), "WARN"),
            (Outcome::Parked, Some("orders.rejected.tax_not_mapped"), "ERROR"),
            (Outcome::Returned, Some("flows.bug.panic"), "ERROR"),
        ] {
            let lines = said(outcome, code, false);
            assert_eq!(lines.len(), 1, "{outcome:?}");
            assert_eq!(lines[0]["level"], level, "{outcome:?}");
        }
        assert_eq!(said(Outcome::Parked, None, true), Vec::<serde_json::Value>::new());
    }

    #[test]
    fn the_fields_are_stable_and_the_sentence_stays_in_the_sync_log() {
        let mut line = said(Outcome::Applied, None, false).remove(0);
        let members = line.as_object_mut().expect("an object");
        members.remove("timestamp");
        assert_eq!(
            line,
            json!({
                "level": "INFO",
                "target": "runtime::telemetry",
                "message": "order 000000012: applied",
                "entity": "order",
                "record": "abcd2345/order/12",
                "number": "000000012",
                "document": "SO 000123",
                "outcome": "applied",
                "attempt": 2,
                "magento_calls": 1,
                "acumatica_calls": 3,
                "duration_ms": 1500,
            })
        );
    }

    #[test]
    fn other_crates_are_heard_from_warnings_on() {
        let captured = Captured::default();
        let writer = captured.clone();
        // A second one alive: with a single one, `tracing` lets the thread that meets a log line first decide for all.
        let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
        tracing::subscriber::with_default(subscriber(LevelFilter::DEBUG, move || writer.clone()), || {
            tracing::info!(target: "aws_smithy_runtime", "canary");
            tracing::debug!(target: "hyper_util::client", "canary");
            tracing::debug!(target: "flows::orders", "ours");
            tracing::warn!(target: "rustls", "theirs");
        });
        let messages: Vec<_> = captured.lines().iter().map(|line| line["message"].clone()).collect();
        assert_eq!(messages, ["ours", "theirs"]);
    }
}
