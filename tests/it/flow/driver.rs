//! The event source mapping and the scheduler: hands messages to the flow, does with them what the flow says, and sweeps every minute.

use flows::delivery::{Delivery, Report, Verdict};
use flows::sweep::{Gauges, sweep};
use jiff::{SignedDuration, Timestamp};
use queue::{Cause, Envelope, Name, Queue};

use super::seams::Gate;
use super::world::{Shop, ready};

/// How long an invocation may take.
pub(crate) const INVOCATION: SignedDuration = SignedDuration::from_secs(180);

impl Shop {
    /// Takes the next message and works on it; none when there is none.
    pub(crate) fn step(&self) -> Option<Report> {
        self.echo();
        let delivery = self.queue.take(Name::Orders)?;
        Some(self.work_on(&delivery))
    }

    /// The shop sends an event for each save that was asked of it.
    pub(crate) fn echo(&self) {
        for order in self.magento.with(simulators::magento::Magento::take_saved) {
            self.send(order, Cause::Webhook);
        }
    }

    /// Works on a received message and does with it what the flow says.
    pub(crate) fn work_on(&self, delivery: &queue::memory::Delivery) -> Report {
        let event = Envelope::decode(&delivery.body).expect("an envelope");
        let (world, link) = self.worker(&Gate::default(), &event.source_id);
        let deadline = self.now() + INVOCATION;
        let given = Delivery { message_id: &delivery.message_id, event: &event, deadline };
        let report = ready(flows::orders::sync(&world, &link, &given));
        self.answer(delivery, &report);
        report
    }

    /// Deletes the message or returns it.
    pub(crate) fn answer(&self, delivery: &queue::memory::Delivery, report: &Report) {
        match report.verdict {
            Verdict::Acknowledge => drop(self.queue.delete(Name::Orders, &delivery.receipt_handle)),
            Verdict::Return { after } => {
                // Refused when the message was received again meanwhile: its new receipt decides then.
                let _superseded = ready(self.queue.set_visibility(Name::Orders, &delivery.receipt_handle, after));
            }
        }
    }

    /// Sends an event about an order and works on everything that is visible; the report is the last one that is not silent.
    pub(crate) fn deliver(&self, order: u64, cause: Cause) -> Report {
        self.send(order, cause);
        self.drain().pop().expect("a delivery")
    }

    /// Works on all messages that are visible now. Silent reports are left out.
    pub(crate) fn drain(&self) -> Vec<Report> {
        let mut reports = Vec::new();
        while let Some(report) = self.step() {
            if !report.silent {
                reports.push(report);
            }
        }
        reports
    }

    /// One sweep.
    pub(crate) fn sweep(&self) -> Gauges {
        let (world, _) = self.worker(&Gate::default(), "");
        ready(sweep(&world, Name::Orders, &self.swept())).expect("the sweep goes through")
    }

    /// Lets the time pass, minute by minute: messages that become visible, then the sweep.
    pub(crate) fn pass(&self, minutes: i64) -> Vec<Report> {
        let mut reports = self.drain();
        let end = self.now() + SignedDuration::from_mins(minutes);
        while self.now() < end {
            let minute = self.now() + SignedDuration::from_mins(1);
            while let Some(next) = self.queue.next_visible(Name::Orders).filter(|next| *next < minute) {
                self.time.set(next);
                reports.extend(self.drain());
            }
            self.time.set(minute.max(self.now()));
            self.sweep();
            reports.extend(self.drain());
        }
        reports
    }

    /// Lets the time pass until nothing is left to do: no message, nothing due, no late write open.
    ///
    /// # Panics
    /// When that takes longer than three hours.
    pub(crate) fn settle(&self) -> Vec<Report> {
        let end = self.now() + SignedDuration::from_hours(3);
        let mut reports = self.drain();
        while !self.is_quiet() {
            assert!(self.now() < end, "not quiet after three hours: {:?}", self.records());
            reports.extend(self.pass(1));
        }
        reports
    }

    /// Nothing is left to do.
    pub(crate) fn is_quiet(&self) -> bool {
        self.echo();
        let due = || self.records().into_iter().any(|record| record.key.contains("/order/") && record.due.is_some());
        self.queue.is_empty(Name::Orders) && !due() && self.late_until().is_none()
    }

    /// The earliest instant at which an order's record is due.
    pub(crate) fn earliest_due(&self) -> Option<Timestamp> {
        self.records().into_iter().filter(|record| record.key.contains("/order/")).filter_map(|record| record.due).min()
    }
}
