//! SQS: the envelope of an event, sending, visibility and redrive. One queue per entity.

pub mod envelope;
pub mod memory;
pub mod sqs;

use async_trait::async_trait;
use thiserror::Error;

pub use envelope::{Cause, Envelope};

/// An entity that has a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Name {
    /// Orders from Magento to Acumatica.
    Orders,
    /// Customers, both ways.
    Customers,
}

impl Name {
    /// Every queue.
    pub const ALL: [Name; 2] = [Name::Orders, Name::Customers];

    /// The entity as it stands in record keys, logs and metrics.
    #[must_use]
    pub fn entity(self) -> &'static str {
        match self {
            Name::Orders => "order",
            Name::Customers => "customer",
        }
    }

    /// The queue of an entity.
    #[must_use]
    pub fn of(entity: &str) -> Option<Name> {
        Name::ALL.into_iter().find(|name| name.entity() == entity)
    }
}

/// Why the queue did not do it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum QueueError {
    /// It may work later; a message may have been accepted all the same, which is harmless because events are hints.
    #[error("the queue is not available: {0}")]
    Unavailable(String),
    /// The request is refused and will be refused again.
    #[error("the queue refused: {0}")]
    Refused(String),
}

/// The queue seam. Receiving is the event source mapping's business, not ours.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Puts `envelope` into its entity's queue; returns once the queue has accepted it. FIFO queues: the group is the record key, the
    /// deduplication id the event id.
    ///
    /// # Errors
    /// See [`QueueError`].
    async fn send(&self, queue: Name, envelope: &Envelope) -> Result<(), QueueError>;

    /// Makes a received message visible again after `seconds` (0 to 43,200).
    ///
    /// # Errors
    /// See [`QueueError`].
    async fn set_visibility(&self, queue: Name, receipt_handle: &str, seconds: u32) -> Result<(), QueueError>;

    /// Starts moving the messages of the entity's dead-letter queue back to where they came from; returns the task's handle.
    ///
    /// # Errors
    /// See [`QueueError`].
    async fn start_redrive(&self, queue: Name) -> Result<String, QueueError>;

    /// About how many messages wait in the entity's dead-letter queue.
    ///
    /// # Errors
    /// See [`QueueError`].
    async fn dead_letters(&self, queue: Name) -> Result<u64, QueueError>;
}
