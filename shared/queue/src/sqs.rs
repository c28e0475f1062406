//! The queues in SQS. The SDK's errors and SQS's limits on names exist only here.

use std::collections::BTreeMap;
use std::error::Error;

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sqs::types::QueueAttributeName;
use sha2::{Digest, Sha256};

use crate::memory::MOST_SECONDS;
use crate::{Envelope, Name, Queue, QueueError};

/// The longest group id (SQS API Reference, SendMessage).
const GROUP_CHARACTERS: usize = 128;

/// Where an entity's queue is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The queue's URL.
    pub queue_url: String,
    /// The URL of its dead-letter queue.
    pub dead_letter_url: String,
    /// The ARN of its dead-letter queue, which a move task wants instead.
    pub dead_letter_arn: String,
}

/// The queues of a deployment.
#[derive(Clone, Debug)]
pub struct Sqs {
    client: Client,
    addresses: BTreeMap<Name, Address>,
}

impl Sqs {
    /// Queues at `addresses`, reached through `client`, whose time-outs and retries are the caller's choice. A function is given the
    /// addresses of the queues it may use; any other is refused.
    pub fn new(client: Client, addresses: BTreeMap<Name, Address>) -> Self {
        Self { client, addresses }
    }

    fn address(&self, queue: Name) -> Result<&Address, QueueError> {
        let unknown = || QueueError::Refused(format!("no address for the queue of {}", queue.entity()));
        self.addresses.get(&queue).ok_or_else(unknown)
    }
}

#[async_trait]
impl Queue for Sqs {
    async fn send(&self, queue: Name, envelope: &Envelope) -> Result<(), QueueError> {
        let send =
            self.client.send_message().queue_url(&self.address(queue)?.queue_url).message_body(envelope.encode());
        let send = send.message_group_id(group_id(&envelope.record_key())).message_deduplication_id(&envelope.event_id);
        send.send().await.map(|_| ()).map_err(|error| failed(&error))
    }

    async fn set_visibility(&self, queue: Name, receipt_handle: &str, seconds: u32) -> Result<(), QueueError> {
        let seconds = i32::try_from(seconds).ok().filter(|_| seconds <= MOST_SECONDS).ok_or_else(|| {
            QueueError::Refused(format!("a visibility of {seconds} seconds, more than {MOST_SECONDS}"))
        })?;
        let change = self.client.change_message_visibility().queue_url(&self.address(queue)?.queue_url);
        let change = change.receipt_handle(receipt_handle).visibility_timeout(seconds);
        change.send().await.map(|_| ()).map_err(|error| failed(&error))
    }

    async fn start_redrive(&self, queue: Name) -> Result<String, QueueError> {
        let start = self.client.start_message_move_task().source_arn(&self.address(queue)?.dead_letter_arn);
        let started = start.send().await.map_err(|error| failed(&error))?;
        started.task_handle.ok_or_else(|| QueueError::Refused("a move task without a handle".to_owned()))
    }

    async fn dead_letters(&self, queue: Name) -> Result<u64, QueueError> {
        let name = QueueAttributeName::ApproximateNumberOfMessages;
        let get = self.client.get_queue_attributes().queue_url(&self.address(queue)?.dead_letter_url);
        let answer = get.attribute_names(name.clone()).send().await.map_err(|error| failed(&error))?;
        let count = answer.attributes.and_then(|attributes| attributes.get(&name)?.parse().ok());
        count.ok_or_else(|| QueueError::Refused("a queue without a number of messages".to_owned()))
    }
}

/// The record key itself where SQS takes it (letters, digits and ASCII punctuation, at most 128), else a hash of it.
fn group_id(record_key: &str) -> String {
    let fits = record_key.len() <= GROUP_CHARACTERS && record_key.bytes().all(|byte| byte.is_ascii_graphic());
    if fits && !record_key.is_empty() {
        record_key.to_owned()
    } else {
        format!("sha256-{}", hex::encode(Sha256::digest(record_key)))
    }
}

/// What SQS refuses with a 4xx it refuses again, unless it asks for patience.
fn failed<E, R>(error: &SdkError<E, R>) -> QueueError
where
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug + 'static,
{
    match error {
        SdkError::ServiceError(answer) => {
            let code = answer.err().code().unwrap_or("no code");
            let text = format!("{code}: {}", answer.err().message().unwrap_or("no message"));
            if is_temporary(code) { QueueError::Unavailable(text) } else { QueueError::Refused(text) }
        }
        SdkError::ConstructionFailure(_) => QueueError::Refused(causes(error)),
        _ => QueueError::Unavailable(causes(error)),
    }
}

/// SQS's own codes for "not now", with and without the prefix of its older protocol (SQS API Reference, "Common errors").
fn is_temporary(code: &str) -> bool {
    let code = code.strip_prefix("AWS.SimpleQueueService.").unwrap_or(code);
    let throttled = code.contains("Throttl") || code.contains("OverLimit");
    throttled || matches!(code, "InternalError" | "InternalFailure" | "ServiceUnavailable" | "no code")
}

/// The error and its causes in one line.
fn causes(error: &(dyn Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |&error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_record_keys_where_sqs_takes_them() {
        let long = format!("abcd2345/order/{}", "1".repeat(113));
        for (key, expected) in [
            ("abcd2345/order/12", "abcd2345/order/12"),
            (long.as_str(), long.as_str()),
            ("a b", "sha256-c8687a08aa5d6ed2044328fa6a697ab8e96dc34291e8c2034ae8c38e6fcc6d65"),
            ("", "sha256-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ] {
            assert_eq!(group_id(key), expected, "{key}");
        }
        assert_eq!(group_id(&format!("{long}1")).len(), "sha256-".len() + 64);
    }

    #[test]
    fn only_what_passes_is_unavailable() {
        for (code, temporary) in [
            ("RequestThrottled", true),
            ("ThrottlingException", true),
            ("OverLimit", true),
            ("AWS.SimpleQueueService.OverLimit", true),
            ("InternalError", true),
            ("ServiceUnavailable", true),
            ("AccessDenied", false),
            ("AWS.SimpleQueueService.NonExistentQueue", false),
            ("ReceiptHandleIsInvalid", false),
        ] {
            assert_eq!(is_temporary(code), temporary, "{code}");
        }
    }
}
