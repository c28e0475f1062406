//! The sync log's entry of a turn.

use super::Settled;
use crate::customers::identity;
use crate::delivery::Outcome;
use crate::merge::Side;
use crate::plan::Finding;
use crate::turn::Turn;

impl Turn<'_> {
    /// The entry of a turn that ends so.
    pub(super) fn entry(&self, settled: &Settled, target: Option<&str>) -> store::log::Entry {
        use store::log::Level;
        let level = match settled.outcome {
            Outcome::Parked => Level::Error,
            Outcome::Held | Outcome::Returned => Level::Warning,
            // Waiting for the shopper or an operator is the order of things; waiting for a platform is worth a look.
            Outcome::Waiting if !is_expected(settled) => Level::Warning,
            Outcome::Applied | Outcome::Adopted | Outcome::Unchanged | Outcome::Skipped if is_resolved(settled) => {
                Level::Warning
            }
            Outcome::Waiting | Outcome::Applied | Outcome::Adopted | Outcome::Unchanged | Outcome::Skipped => {
                Level::Info
            }
        };
        let (now, calls) = (self.now(), self.calls());
        let action = self.record.intent.as_ref().map_or_else(|| "look".to_owned(), |intent| intent.step.clone());
        store::log::Entry {
            time: now,
            link: self.link.id.clone(),
            entity: self.delivery.event.entity.clone(),
            record: self.record.key.clone(),
            rev: self.record.rev,
            shown: self.record.shown.clone(),
            target: target.map(str::to_owned),
            direction: direction(&self.delivery.event.source_id).to_owned(),
            trigger: self.delivery.event.cause.as_str().to_owned(),
            action,
            level,
            outcome: settled.outcome.as_str().to_owned(),
            code: settled.finding.as_ref().map(|finding| finding.code.to_owned()),
            message: settled.finding.as_ref().map(|finding| finding.message.clone()),
            duration_ms: u64::try_from(now.duration_since(self.began).as_millis()).unwrap_or_default(),
            attempt: self.record.attempts,
            magento_calls: calls.magento,
            acumatica_calls: calls.acumatica,
            settings_version: self.link.settings_version,
            event: self.delivery.event.event_id.clone(),
        }
    }
}

/// From which side the event came.
fn direction(source_id: &str) -> &'static str {
    match identity::Id::parse(source_id).map(|id| id.side()) {
        Some(Side::Acumatica) => "acumatica_to_magento",
        Some(Side::Magento) | None => "magento_to_acumatica",
    }
}

/// Whether a rule decided what a person may want to know.
fn is_resolved(settled: &Settled) -> bool {
    settled.finding.as_ref().is_some_and(Finding::is_resolved)
}

/// Whether a wait is part of an order's life.
fn is_expected(settled: &Settled) -> bool {
    let code = settled.finding.as_ref().map_or("", |finding| finding.code);
    code.starts_with("orders.not_ready.") || code == "flows.not_ready.link_inactive"
}
