//! What every queue does.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_sqs::types::{MessageSystemAttributeName, QueueAttributeName};
use jiff::SignedDuration;
use queue::memory::{Delivery, Memory};
use queue::sqs::{Address, Sqs};
use queue::{Cause, Envelope, Name, Queue, QueueError};
use seams::clock::{Clock as _, System};

/// Receipts before a message is moved to the dead-letter queue.
const MAX_RECEIVE_COUNT: u32 = 3;
/// Longer than any test.
const VISIBILITY: SignedDuration = SignedDuration::from_mins(5);

/// A queue, and the other side of it, which in production is the event source mapping.
#[async_trait]
trait Bench {
    fn queue(&self) -> &dyn Queue;
    async fn take(&self) -> Option<Delivery>;
    async fn delete(&self, receipt_handle: &str);
}

macro_rules! contract {
    ($($case:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test]
            async fn $case() {
                super::$case(&super::memory()).await;
            })+
        }
        mod sqs {
            $(#[tokio::test]
            async fn $case() {
                super::$case(&super::sqs().await).await;
            })+
        }
    };
}

contract!(
    what_was_sent_is_received,
    an_event_is_accepted_once,
    a_record_has_one_message_in_flight,
    records_do_not_wait_for_each_other,
    visibility_zero_returns_a_message_at_once,
    a_message_received_too_often_is_dead,
    a_redriven_message_is_a_new_one,
    what_cannot_be_is_refused,
);

fn memory() -> Memory {
    Memory::new(Arc::new(System)).visibility(VISIBILITY).max_receive_count(MAX_RECEIVE_COUNT)
}

#[async_trait]
impl Bench for Memory {
    fn queue(&self) -> &dyn Queue {
        self
    }

    async fn take(&self) -> Option<Delivery> {
        Memory::take(self, Name::Orders)
    }

    async fn delete(&self, receipt_handle: &str) {
        assert!(Memory::delete(self, Name::Orders, receipt_handle));
    }
}

struct Remote {
    queue: Sqs,
    client: aws_sdk_sqs::Client,
    url: String,
}

/// A FIFO queue and its dead-letter queue, in an account of its own.
async fn sqs() -> Remote {
    let client = aws_sdk_sqs::Client::new(&super::account().sdk_config());
    let fifo = |name: &str| client.create_queue().queue_name(name).attributes(QueueAttributeName::FifoQueue, "true");
    let dead_letter_url = fifo("dead.fifo").send().await.unwrap().queue_url.unwrap();
    let arn = client.get_queue_attributes().queue_url(&dead_letter_url).attribute_names(QueueAttributeName::QueueArn);
    let dead_letter_arn = arn.send().await.unwrap().attributes.unwrap()[&QueueAttributeName::QueueArn].clone();
    let policy = serde_json::json!({ "deadLetterTargetArn": dead_letter_arn, "maxReceiveCount": MAX_RECEIVE_COUNT });
    let create = fifo("orders.fifo").attributes(QueueAttributeName::RedrivePolicy, policy.to_string());
    let create = create.attributes(QueueAttributeName::VisibilityTimeout, VISIBILITY.as_secs().to_string());
    let url = create.send().await.unwrap().queue_url.unwrap();
    let address = Address { queue_url: url.clone(), dead_letter_url, dead_letter_arn };
    Remote { queue: Sqs::new(client.clone(), BTreeMap::from([(Name::Orders, address)])), client, url }
}

#[async_trait]
impl Bench for Remote {
    fn queue(&self) -> &dyn Queue {
        &self.queue
    }

    async fn take(&self) -> Option<Delivery> {
        let count = MessageSystemAttributeName::ApproximateReceiveCount;
        let receive = self.client.receive_message().queue_url(&self.url).message_system_attribute_names(count.clone());
        let message = receive.send().await.unwrap().messages?.pop()?;
        Some(Delivery {
            message_id: message.message_id.unwrap(),
            receipt_handle: message.receipt_handle.unwrap(),
            body: message.body.unwrap(),
            receive_count: message.attributes.unwrap()[&count].parse().unwrap(),
        })
    }

    async fn delete(&self, receipt_handle: &str) {
        self.client.delete_message().queue_url(&self.url).receipt_handle(receipt_handle).send().await.unwrap();
    }
}

fn event(source_id: &str) -> Envelope {
    Envelope {
        link: "abcd2345".to_owned(),
        entity: "order".to_owned(),
        source_id: source_id.to_owned(),
        cause: Cause::Webhook,
        occurred_at: System.now(),
        event_id: System.id(),
    }
}

async fn send(bench: &dyn Bench, event: &Envelope) {
    bench.queue().send(Name::Orders, event).await.unwrap();
}

async fn take(bench: &dyn Bench) -> Delivery {
    bench.take().await.expect("a message waits")
}

async fn give_back(bench: &dyn Bench, delivery: &Delivery) {
    bench.queue().set_visibility(Name::Orders, &delivery.receipt_handle, 0).await.unwrap();
}

async fn what_was_sent_is_received(bench: &dyn Bench) {
    assert_eq!(bench.take().await, None);
    let event = event("1");
    send(bench, &event).await;
    let delivery = take(bench).await;
    assert_eq!(Envelope::decode(&delivery.body), Ok(event));
    assert_eq!(delivery.receive_count, 1);
    bench.delete(&delivery.receipt_handle).await;
    assert_eq!(bench.take().await, None);
}

async fn an_event_is_accepted_once(bench: &dyn Bench) {
    let event = event("1");
    send(bench, &event).await;
    send(bench, &event).await;
    let delivery = take(bench).await;
    bench.delete(&delivery.receipt_handle).await;
    send(bench, &event).await;
    assert_eq!(bench.take().await, None, "an event id is remembered beyond its message");
    send(bench, &Envelope { event_id: System.id(), ..event }).await;
    assert_ne!(take(bench).await.message_id, delivery.message_id);
}

async fn a_record_has_one_message_in_flight(bench: &dyn Bench) {
    let (first, second) = (event("1"), event("1"));
    send(bench, &first).await;
    send(bench, &second).await;
    let delivery = take(bench).await;
    assert_eq!(Envelope::decode(&delivery.body), Ok(first.clone()));
    assert_eq!(bench.take().await, None, "the second waits for the first");
    give_back(bench, &delivery).await;
    let again = take(bench).await;
    assert_eq!(Envelope::decode(&again.body), Ok(first), "the order holds after a return");
    bench.delete(&again.receipt_handle).await;
    assert_eq!(Envelope::decode(&take(bench).await.body), Ok(second));
}

async fn records_do_not_wait_for_each_other(bench: &dyn Bench) {
    let (first, second) = (event("1"), event("2"));
    send(bench, &first).await;
    send(bench, &event("1")).await;
    send(bench, &second).await;
    assert_eq!(Envelope::decode(&take(bench).await.body), Ok(first));
    assert_eq!(Envelope::decode(&take(bench).await.body), Ok(second));
    assert_eq!(bench.take().await, None);
}

async fn visibility_zero_returns_a_message_at_once(bench: &dyn Bench) {
    send(bench, &event("1")).await;
    let first = take(bench).await;
    assert_eq!(bench.take().await, None);
    give_back(bench, &first).await;
    let second = take(bench).await;
    assert_eq!((second.message_id, second.receive_count), (first.message_id, 2));
    assert_ne!(second.receipt_handle, first.receipt_handle);
    bench.queue().set_visibility(Name::Orders, &second.receipt_handle, 300).await.unwrap();
    assert_eq!(bench.take().await, None);
}

/// Receives a message as often as it may be, until it is dead.
async fn exhaust(bench: &dyn Bench) -> String {
    let mut id = String::new();
    for count in 1..=MAX_RECEIVE_COUNT {
        let delivery = take(bench).await;
        assert_eq!(delivery.receive_count, count);
        id.clone_from(&delivery.message_id);
        give_back(bench, &delivery).await;
    }
    id
}

async fn a_message_received_too_often_is_dead(bench: &dyn Bench) {
    let (bad, good) = (event("1"), event("1"));
    send(bench, &bad).await;
    send(bench, &good).await;
    assert_eq!(bench.queue().dead_letters(Name::Orders).await, Ok(0));
    let _dead = exhaust(bench).await;
    let next = take(bench).await;
    assert_eq!(Envelope::decode(&next.body), Ok(good), "its record goes on without it");
    assert_eq!(bench.queue().dead_letters(Name::Orders).await, Ok(1));
}

async fn a_redriven_message_is_a_new_one(bench: &dyn Bench) {
    let event = event("1");
    send(bench, &event).await;
    let dead = exhaust(bench).await;
    assert_eq!(bench.take().await, None);
    assert_eq!(bench.queue().dead_letters(Name::Orders).await, Ok(1));
    assert_ne!(bench.queue().start_redrive(Name::Orders).await.unwrap(), "");
    assert_eq!(bench.queue().dead_letters(Name::Orders).await, Ok(0));
    let redriven = take(bench).await;
    assert_ne!(redriven.message_id, dead);
    assert_eq!(redriven.receive_count, 1);
    assert_eq!(Envelope::decode(&redriven.body), Ok(event), "the event id survives, and is not held to be a duplicate");
    give_back(bench, &redriven).await;
    // It dies as often as it must.
    assert_eq!(take(bench).await.receive_count, 2);
}

async fn what_cannot_be_is_refused(bench: &dyn Bench) {
    let answer = bench.queue().set_visibility(Name::Orders, "none", 0).await;
    assert!(matches!(answer, Err(QueueError::Refused(_))), "an unknown receipt: {answer:?}");
    send(bench, &event("1")).await;
    let delivery = take(bench).await;
    let answer = bench.queue().set_visibility(Name::Orders, &delivery.receipt_handle, 43_201).await;
    assert!(matches!(answer, Err(QueueError::Refused(_))), "more than twelve hours: {answer:?}");
}
