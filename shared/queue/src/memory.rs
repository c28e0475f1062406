//! The queue in memory: FIFO queues with dead-letter queues on a virtual clock, for deterministic tests.
//!
//! It does what SQS does and the flows rely on: accepts an event id once within five minutes, hands out one record's messages in
//! order and none while one is in flight, moves a message to the dead-letter queue when it would be received once too often, and
//! gives redriven messages new ids. [`Memory::unordered`] drops the order, because correctness must not rest on it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use seams::clock::Clock;

use crate::{Envelope, Name, Queue, QueueError};

/// For how long an event id is remembered (SQS Developer Guide, "Using the message deduplication ID").
const DEDUPLICATION: SignedDuration = SignedDuration::from_mins(5);
/// The longest visibility time-out in seconds (SQS API Reference, ChangeMessageVisibility).
pub(crate) const MOST_SECONDS: u32 = 43_200;

/// Queues that live as long as the value.
pub struct Memory {
    clock: Arc<dyn Clock>,
    options: Options,
    lanes: Mutex<HashMap<Name, Lane>>,
}

#[derive(Clone, Copy, Debug)]
struct Options {
    visibility: SignedDuration,
    max_receive_count: u32,
    ordered: bool,
}

/// A queue and its dead-letter queue.
#[derive(Default)]
struct Lane {
    messages: VecDeque<Message>,
    dead: Vec<Message>,
    /// Event ids and until when they are remembered.
    seen: HashMap<String, Timestamp>,
}

#[derive(Clone)]
struct Message {
    id: String,
    group: String,
    body: String,
    receive_count: u32,
    visible_at: Timestamp,
    receipt_handle: Option<String>,
}

/// A received message, as the event source mapping would hand it to a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The same for every receipt; new after a redrive.
    pub message_id: String,
    /// New for every receipt.
    pub receipt_handle: String,
    /// What was sent, an encoded [`Envelope`].
    pub body: String,
    /// How often it was received, this time included.
    pub receive_count: u32,
}

impl Memory {
    /// Empty queues with the deployment's defaults: invisible for 1,080 seconds, ten receipts.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let options = Options { visibility: SignedDuration::from_secs(1_080), max_receive_count: 10, ordered: true };
        Self { clock, options, lanes: Mutex::default() }
    }

    /// With another visibility time-out.
    #[must_use]
    pub fn visibility(mut self, visibility: SignedDuration) -> Self {
        self.options.visibility = visibility;
        self
    }

    /// With another number of receipts before the dead-letter queue.
    #[must_use]
    pub fn max_receive_count(mut self, count: u32) -> Self {
        self.options.max_receive_count = count;
        self
    }

    /// Without the order of a record's messages, and with several of them in flight at once.
    #[must_use]
    pub fn unordered(mut self) -> Self {
        self.options.ordered = false;
        self
    }

    /// Receives the first message that is visible and not behind another of its record in flight; none when there is none.
    pub fn take(&self, queue: Name) -> Option<Delivery> {
        self.take_batch(queue, 1).pop()
    }

    /// Receives up to `most` messages in order. As in SQS, one batch may hold several messages of one record.
    pub fn take_batch(&self, queue: Name, most: usize) -> Vec<Delivery> {
        let now = self.clock.now();
        let mut lanes = self.lanes();
        let lane = lanes.entry(queue).or_default();
        lane.bury(now, self.options);
        let mut in_flight: Vec<String> = Vec::new();
        let mut batch = Vec::new();
        for message in &mut lane.messages {
            let behind = self.options.ordered && in_flight.contains(&message.group);
            if message.visible_at > now {
                in_flight.push(message.group.clone());
            } else if !behind && batch.len() < most {
                batch.push(message.receive(self.clock.id(), now + self.options.visibility));
            }
        }
        batch
    }

    /// Receives a certain one of the messages that [`Memory::visible`] names; none when it is not among them.
    pub fn take_message(&self, queue: Name, message_id: &str) -> Option<Delivery> {
        let now = self.clock.now();
        let mut lanes = self.lanes();
        let lane = lanes.entry(queue).or_default();
        lane.bury(now, self.options);
        if !lane.visible(now, self.options).any(|message| message.id == message_id) {
            return None;
        }
        let message = lane.messages.iter_mut().find(|message| message.id == message_id)?;
        Some(message.receive(self.clock.id(), now + self.options.visibility))
    }

    /// The ids of the messages that may be received next, in order of sending: of each record only the first.
    pub fn visible(&self, queue: Name) -> Vec<String> {
        let now = self.clock.now();
        let mut lanes = self.lanes();
        let lane = lanes.entry(queue).or_default();
        lane.bury(now, self.options);
        lane.visible(now, self.options).map(|message| message.id.clone()).collect()
    }

    /// When the next message becomes visible that is not now; a test moves its clock there. None when nothing is in flight.
    pub fn next_visible(&self, queue: Name) -> Option<Timestamp> {
        let now = self.clock.now();
        let mut lanes = self.lanes();
        let lane = lanes.entry(queue).or_default();
        lane.messages.iter().map(|message| message.visible_at).filter(|at| *at > now).min()
    }

    /// How many messages are in the queue, in flight or not.
    pub fn len(&self, queue: Name) -> usize {
        self.lanes().entry(queue).or_default().messages.len()
    }

    /// Whether the queue holds no message, in flight or not. Its dead-letter queue may.
    pub fn is_empty(&self, queue: Name) -> bool {
        self.len(queue) == 0
    }

    /// Acknowledges a receipt: the message is gone. A handle of an earlier receipt does nothing and answers `false`.
    pub fn delete(&self, queue: Name, receipt_handle: &str) -> bool {
        let mut lanes = self.lanes();
        let lane = lanes.entry(queue).or_default();
        let before = lane.messages.len();
        lane.messages.retain(|message| message.receipt_handle.as_deref() != Some(receipt_handle));
        lane.messages.len() < before
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<Name, Lane>> {
        // A test that panicked while it held the lock has failed anyway.
        self.lanes.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Message {
    fn receive(&mut self, receipt_handle: String, visible_at: Timestamp) -> Delivery {
        self.receive_count += 1;
        self.visible_at = visible_at;
        self.receipt_handle = Some(receipt_handle.clone());
        Delivery {
            message_id: self.id.clone(),
            receipt_handle,
            body: self.body.clone(),
            receive_count: self.receive_count,
        }
    }
}

impl Lane {
    /// Moves what would be received once too often to the dead-letter queue, where it keeps its id.
    fn bury(&mut self, now: Timestamp, options: Options) {
        let (dead, alive): (VecDeque<_>, VecDeque<_>) = std::mem::take(&mut self.messages)
            .into_iter()
            .partition(|message| message.receive_count >= options.max_receive_count && message.visible_at <= now);
        self.messages = alive;
        self.dead.extend(dead.into_iter().map(|message| Message { receipt_handle: None, ..message }));
    }

    fn visible(&self, now: Timestamp, options: Options) -> impl Iterator<Item = &Message> {
        let mut groups: Vec<&str> = Vec::new();
        self.messages.iter().filter(move |message| {
            let behind = options.ordered && groups.contains(&message.group.as_str());
            groups.push(&message.group);
            !behind && message.visible_at <= now
        })
    }
}

#[async_trait]
impl Queue for Memory {
    async fn send(&self, queue: Name, envelope: &Envelope) -> Result<(), QueueError> {
        let now = self.clock.now();
        let mut lanes = self.lanes();
        let lane = lanes.entry(queue).or_default();
        lane.seen.retain(|_, until| *until > now);
        if lane.seen.insert(envelope.event_id.clone(), now + DEDUPLICATION).is_none() {
            lane.messages.push_back(Message {
                id: self.clock.id(),
                group: envelope.record_key(),
                body: envelope.encode(),
                receive_count: 0,
                visible_at: now,
                receipt_handle: None,
            });
        }
        Ok(())
    }

    async fn set_visibility(&self, queue: Name, receipt_handle: &str, seconds: u32) -> Result<(), QueueError> {
        if seconds > MOST_SECONDS {
            return Err(QueueError::Refused(format!("a visibility of {seconds} seconds, more than {MOST_SECONDS}")));
        }
        let now = self.clock.now();
        let mut lanes = self.lanes();
        let lane = lanes.entry(queue).or_default();
        let is_it = |message: &&mut Message| message.receipt_handle.as_deref() == Some(receipt_handle);
        let message = lane.messages.iter_mut().find(is_it);
        let message = message.ok_or_else(|| QueueError::Refused("no message has this receipt handle".to_owned()))?;
        message.visible_at = now + SignedDuration::from_secs(seconds.into());
        Ok(())
    }

    async fn start_redrive(&self, queue: Name) -> Result<String, QueueError> {
        let now = self.clock.now();
        let mut lanes = self.lanes();
        let lane = lanes.entry(queue).or_default();
        for message in std::mem::take(&mut lane.dead) {
            lane.messages.push_back(Message { id: self.clock.id(), receive_count: 0, visible_at: now, ..message });
        }
        Ok(self.clock.id())
    }

    async fn dead_letters(&self, queue: Name) -> Result<u64, QueueError> {
        Ok(self.lanes().entry(queue).or_default().dead.len() as u64)
    }
}
