//! One batch of SQS messages: from the raw event to the partial answer.
//!
//! - Bodies are decoded one by one, each in its record's own span; what does not decode is that message's trouble alone.
//! - Messages of one record are one thing to do: an event is a hint, and one handling reads whatever the others were about. A person's
//!   event goes first, so that its cause is the one that counts, and a handling that settled nothing (a ticket that failed fast, a
//!   skip) lets the next one have its turn, because it may be the redrive or the request that changes the answer.
//! - A push rests: its first receipt only returns it for a few seconds, because the ERP tells of one record several times within a second or
//!   two, and what is told meanwhile is handled with it. Nothing is logged or counted of that, and a record that something else asks for
//!   does not wait.
//! - What there is too little time for is put off before SQS counts it out: each receive brings a message nearer to the dead-letter
//!   queue, although nothing was wrong with it.
//! - A message that is returned gets an explicit visibility first; only a crash waits for the queue's own.
//! - A panic is one record's bug. The others of the batch go on.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use flows::delivery::{Calls, Delivery, Outcome, Report, Verdict};
use jiff::{SignedDuration, Timestamp};
use queue::{Cause, Envelope, Name, Queue};
use seams::clock::Clock;
use tracing::{Instrument, Span, field};

use crate::metrics::Metrics;
use crate::telemetry;

/// The code of a handler that panicked.
pub const PANIC: &str = "flows.bug.panic";
/// How long a message waits whose handling panicked. Most panics come again, so as long as SQS' receives allow for.
pub const AFTER_PANIC: u32 = 300;
/// How long a push rests, in seconds.
pub const PUSH_RESTS: u32 = 5;
/// The shortest wait but none at all, and the longest: see [`Verdict::Return`].
const WAITS: (u32, u32) = (5, 300);

/// What is done with the messages of one queue.
pub trait Handler {
    /// Handles one event.
    fn handle(&self, delivery: Delivery<'_>) -> impl Future<Output = Report>;

    /// Keeps for later what there is no time for now.
    fn put_off(&self, delivery: Delivery<'_>) -> impl Future<Output = Report>;

    /// Parks what is not an event for this queue. `body` is for its hash, never for logging; `why` says what it is instead.
    fn undecodable(&self, body: &str, message_id: &str, why: &str) -> impl Future<Output = Report>;
}

/// The loop over the batches of one queue.
pub struct Batch<'a> {
    /// Whose messages these are.
    pub name: Name,
    /// Where visibility is set.
    pub queue: &'a dyn Queue,
    /// For the time that is left.
    pub clock: &'a dyn Clock,
    /// Where outcomes are counted.
    pub metrics: &'a Metrics,
    /// What must be left of the invocation before a record is begun.
    pub reserve: SignedDuration,
}

struct Message {
    id: String,
    receipt_handle: String,
    body: String,
    event: Result<Envelope, String>,
    /// Whether SQS hands it out for the first time.
    first: bool,
}

impl Message {
    fn rests(&self) -> bool {
        self.first && self.event.as_ref().is_ok_and(|event| event.cause == Cause::Push)
    }
}

impl Batch<'_> {
    /// Handles every message of `event`, records in the order of their first message, and says which are returned.
    pub async fn run(&self, event: SqsEvent, deadline: Timestamp, handler: &impl Handler) -> SqsBatchResponse {
        let mut answer = SqsBatchResponse::default();
        for group in self.groups(event) {
            let returned = match group.iter().all(Message::rests) {
                true => group.iter().map(|message| (message, PUSH_RESTS)).collect(),
                false => self.group(&group, deadline, handler).await,
            };
            for (message, after) in returned {
                self.make_visible(message, after).await;
                let mut failure = BatchItemFailure::default();
                failure.item_identifier.clone_from(&message.id);
                answer.batch_item_failures.push(failure);
            }
        }
        answer
    }

    /// Messages by record. One without an envelope is alone. Within a group a person's event comes first, else the order is kept.
    fn groups(&self, event: SqsEvent) -> Vec<Vec<Message>> {
        let mut groups: Vec<(Option<String>, Vec<Message>)> = Vec::new();
        for message in event.records {
            let message = self.message(message);
            let key = message.event.as_ref().ok().map(Envelope::record_key);
            match groups.iter_mut().find(|(other, _)| key.is_some() && *other == key) {
                Some((_, group)) => group.push(message),
                None => groups.push((key, vec![message])),
            }
        }
        let mut groups: Vec<Vec<Message>> = groups.into_iter().map(|(_, group)| group).collect();
        for group in &mut groups {
            group.sort_by_key(|message| message.event.as_ref().ok().map(|event| precedence(event.cause)));
        }
        groups
    }

    /// SQS always sends the three texts. Should an id be missing, the empty one in the answer makes Lambda return the whole batch
    /// (Lambda Developer Guide, "Implementing partial batch responses"), which is right for a message that cannot be named.
    fn message(&self, message: SqsMessage) -> Message {
        let (id, body) = (message.message_id.unwrap_or_default(), message.body.unwrap_or_default());
        let event = match Envelope::decode(&body) {
            Ok(event) if event.entity == self.name.entity() => Ok(event),
            Ok(_) => Err("an event of another entity".to_owned()),
            Err(undecodable) => Err(undecodable.to_string()),
        };
        let first = message.attributes.get("ApproximateReceiveCount").is_some_and(|count| count == "1");
        Message { id, receipt_handle: message.receipt_handle.unwrap_or_default(), body, event, first }
    }

    /// Handles one record and says which of its messages are returned, and for how long.
    async fn group<'m>(
        &self,
        group: &'m [Message],
        deadline: Timestamp,
        handler: &impl Handler,
    ) -> Vec<(&'m Message, u32)> {
        let mut returned = Vec::new();
        for (at, message) in group.iter().enumerate() {
            let report = self.one(message, deadline, handler).await;
            if let Verdict::Return { after } = report.verdict {
                returned.push((message, after));
            }
            if settled_nothing(&report) {
                continue;
            }
            // Parked: this message is the record's ticket, the others were hints. To be tried again: its group stays in order behind it.
            if let (Verdict::Return { after }, false) = (report.verdict, report.outcome == Outcome::Parked) {
                returned.extend(group[at + 1..].iter().map(|message| (message, after)));
            }
            break;
        }
        returned
    }

    /// Handles one message in its own span and tells about it.
    async fn one(&self, message: &Message, deadline: Timestamp, handler: &impl Handler) -> Report {
        let span = span(message);
        let started = self.clock.now();
        async {
            let handled = match &message.event {
                Ok(event) => {
                    let delivery = Delivery { message_id: &message.id, event, deadline };
                    if self.has_time(deadline) {
                        guard(handler.handle(delivery)).await
                    } else {
                        guard(handler.put_off(delivery)).await
                    }
                }
                // Takes one write and no call, so there is always time for it.
                Err(why) => {
                    tracing::warn!(why, "A message is not an event for this queue");
                    guard(handler.undecodable(&message.body, &message.id, why)).await
                }
            };
            let report = handled.unwrap_or_else(|_panic| panicked(message));
            let took = Duration::try_from(self.clock.now().duration_since(started)).unwrap_or_default();
            telemetry::report(self.metrics, self.name, &report, took);
            report
        }
        .instrument(span)
        .await
    }

    fn has_time(&self, deadline: Timestamp) -> bool {
        deadline.duration_since(self.clock.now()) >= self.reserve
    }

    /// Without it the message comes back all the same, only later; so a failure is told and no more.
    async fn make_visible(&self, message: &Message, after: u32) {
        let after = if after == 0 { 0 } else { after.clamp(WAITS.0, WAITS.1) };
        if let Err(error) = self.queue.set_visibility(self.name, &message.receipt_handle, after).await {
            tracing::warn!(message_id = message.id, error = %error, "A returned message waits for the queue's own visibility");
        }
    }
}

/// A person's request is never swallowed by a hint.
fn precedence(cause: Cause) -> u8 {
    match cause {
        Cause::Operator => 0,
        Cause::Settings => 1,
        Cause::Webhook | Cause::Push | Cause::Poll | Cause::Due => 2,
    }
}

/// Whether another event of the record could come to another end.
fn settled_nothing(report: &Report) -> bool {
    report.silent || report.outcome == Outcome::Skipped
}

fn span(message: &Message) -> Span {
    let span = tracing::info_span!(
        "record",
        message_id = message.id,
        link = field::Empty,
        event_id = field::Empty,
        cause = field::Empty,
    );
    if let Ok(event) = &message.event {
        span.record("link", &event.link).record("event_id", &event.event_id).record("cause", event.cause.as_str());
    }
    span
}

/// The record's claim runs out by itself, so the message may try again.
fn panicked(message: &Message) -> Report {
    Report {
        verdict: Verdict::Return { after: AFTER_PANIC },
        outcome: Outcome::Returned,
        code: Some(PANIC.to_owned()),
        message: Some("The connector itself failed on this record; its log says where.".to_owned()),
        record: message.event.as_ref().map_or_else(|_why| format!("message {}", message.id), Envelope::record_key),
        shown: None,
        target: None,
        attempt: 0,
        calls: Calls::default(),
        silent: false,
    }
}

/// Runs a future and catches its panic. What a panicking handler leaves behind is one record's state, which is only ever changed by
/// whole conditional writes; nothing of it is used again here.
async fn guard<T>(future: impl Future<Output = T>) -> Result<T, Box<dyn Any + Send>> {
    let mut future = pin!(future);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(value)) => Poll::Ready(Ok(value)),
        Err(panic) => Poll::Ready(Err(panic)),
    })
    .await
}

#[cfg(test)]
#[path = "batch_tests.rs"]
mod tests;
