//! One minute's sweep over every entity, and its gauges.
//!
//! Each gauge is emitted as soon as it is known: how late the records are is told even when nothing can be enqueued, because that is when
//! they grow late.

use flows::link::World;
use jiff::Timestamp;
use lambda_runtime::Error;
use queue::Name;
use store::table::Limit;
use store::{Records, TableError};

use crate::head;
use crate::metrics::Metrics;

/// Index entries read at once while the oldest due record is looked for; the first is the one unless it has just been written.
const FEW: usize = 10;

/// Sweeps every entity, also when one of them fails, and what is due also when the links cannot be listed.
///
/// # Errors
/// The last failure, which makes the invocation fail and its alarm ring; the next minute's sweep goes on where this one stopped.
pub async fn run(world: &World, metrics: &Metrics) -> Result<(), Error> {
    let mut failed: Option<Error> = None;
    for queue in Name::ALL {
        match oldest_due(world, queue).await {
            Ok(seconds) => metrics.oldest_waiting(queue.entity(), seconds),
            Err(error) => failed = Some(error.into()),
        }
    }
    let links = match head::all(world.state.as_ref()).await {
        Ok(links) => Some(links),
        Err(error) => {
            tracing::error!(error = %error, "The links cannot be listed; only what is due is swept");
            failed = Some(error.into());
            None
        }
    };
    for queue in in_turn(world.clock.now()) {
        let entity = queue.entity();
        match flows::sweep::sweep(world, queue, links.as_deref().unwrap_or_default()).await {
            Ok(gauges) => {
                if links.is_some() {
                    metrics.parked_records(entity, gauges.parked);
                }
                tracing::info!(
                    entity,
                    due = gauges.due,
                    woken = gauges.woken,
                    parked = gauges.parked,
                    oldest_due_seconds = gauges.oldest_due_seconds,
                    "Swept {entity} records"
                );
            }
            Err(stopped) => {
                tracing::error!(entity, error = %stopped, "The sweep stopped");
                failed = Some(stopped.into());
            }
        }
    }
    failed.map_or(Ok(()), Err)
}

/// Every queue, each minute another one first: where there is more to enqueue than one invocation can, no entity always comes last.
fn in_turn(now: Timestamp) -> [Name; Name::ALL.len()] {
    let mut queues = Name::ALL;
    let minute = usize::try_from(now.as_second() / 60).unwrap_or_default();
    queues.rotate_left(minute % Name::ALL.len());
    queues
}

/// How late the most overdue record is, in seconds; 0 if none is due.
async fn oldest_due(world: &World, queue: Name) -> Result<u64, TableError> {
    let records = Records::new(world.state.clone(), world.clock.clone());
    let now = world.clock.now();
    let mut after = None;
    loop {
        let (due, next) = records.due(queue.entity(), now, Limit { items: FEW, after }).await?;
        if let Some(due) = due.iter().filter_map(|record| record.due).min() {
            return Ok(u64::try_from(now.duration_since(due).as_secs()).unwrap_or_default());
        }
        after = next;
        if after.is_none() {
            return Ok(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_trait::async_trait;
    use flows::link::Activation;
    use jiff::SignedDuration;
    use queue::{Envelope, Queue, QueueError};
    use serde_json::{Value, json};
    use store::memory::Memory;
    use store::record::State;
    use store::table::{Page, Partition, Range, Written};
    use store::{Item, Key, Record, Table};
    use tracing::level_filters::LevelFilter;

    use super::*;
    use crate::absent::Absent;
    use crate::testing::{Captured, at, block_on, forward, seed_link};

    #[test]
    fn what_is_due_is_enqueued_and_counted() {
        let clock = Arc::new(at("2026-11-23T04:00:00Z"));
        let (state, log) = (Arc::new(Memory::new()), Captured::default());
        let queue = Arc::new(queue::memory::Memory::new(clock.clone()));
        let world = World {
            state: state.clone(),
            log: Arc::new(Absent),
            queue: queue.clone(),
            clock: clock.clone(),
            timing: flows::link::Timing::default(),
        };
        let metrics = Metrics::to(log.clone(), clock.clone());
        let writer = log.clone();
        let subscriber = crate::telemetry::subscriber(LevelFilter::INFO, move || writer.clone());
        // A second one alive: with a single one, `tracing` lets the thread that meets a log line first decide for all.
        let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
        tracing::subscriber::with_default(subscriber, || {
            block_on(async {
                seed_link(&state, "abcd2345", Activation::Active, json!({ "version": 1 })).await;
                let records = Records::new(state.clone(), clock.clone());
                let now = "2026-11-23T04:00:00Z".parse().expect("an instant");
                // A worker that died: its claim ends, and nobody has written the record since.
                for (key, until) in
                    [("abcd2345/order/12", now), ("abcd2345/customer/5", now + SignedDuration::from_secs(1))]
                {
                    let claimed = Record::new(key).claim("worker", now, until, None).expect("a claim");
                    let claimed = records.write(claimed).await.expect("written");
                    assert!(matches!(claimed.state, State::Working { .. }));
                }
                forward(&clock, 61);
                run(&world, &metrics).await.expect("a sweep");
                run(&world, &metrics).await.expect("the next sweep");
            });
        });
        assert_eq!((queue.len(Name::Orders), queue.len(Name::Customers)), (1, 1), "each in the queue of its entity");
        let lines = log.lines();
        for (entity, late) in [("order", 61), ("customer", 60)] {
            let of_entity = |label: &str, name: &str| {
                let of_entity = lines.iter().filter(|line| line[label] == entity);
                of_entity.map(|line| line[name].clone()).filter(Value::is_u64).collect::<Vec<_>>()
            };
            assert_eq!(of_entity("Entity", "ParkedRecords"), [0, 0], "{entity}");
            assert_eq!(of_entity("Entity", "OldestWaitingSeconds"), [late, 0], "{entity}");
            assert_eq!(of_entity("entity", "due"), [1, 0], "{entity}: once enqueued, it is left alone for a while");
        }
    }

    #[test]
    fn each_minute_another_entity_is_first() {
        for (now, first) in [
            ("2026-11-23T04:00:00Z", Name::Orders),
            ("2026-11-23T04:00:59Z", Name::Orders),
            ("2026-11-23T04:01:00Z", Name::Customers),
            ("2026-11-23T04:02:00Z", Name::Orders),
        ] {
            let queues = in_turn(now.parse().expect("an instant"));
            assert_eq!(queues[0], first, "{now}");
            assert!(Name::ALL.iter().all(|queue| queues.contains(queue)), "{now}: none is left out");
        }
    }

    /// Has no list of links.
    struct Unlisted(Memory);

    #[async_trait]
    impl Table for Unlisted {
        async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
            self.0.get(key).await
        }

        async fn batch_get(&self, keys: &[Key]) -> Result<Vec<Item>, TableError> {
            self.0.batch_get(keys).await
        }

        async fn insert_if_absent(&self, item: Item) -> Result<Written, TableError> {
            self.0.insert_if_absent(item).await
        }

        async fn replace_if_rev(&self, item: Item) -> Result<Written, TableError> {
            self.0.replace_if_rev(item).await
        }

        async fn query(&self, partition: &Partition, range: &Range, limit: &Limit) -> Result<Page, TableError> {
            match partition {
                Partition::Table(_) => Err(TableError::NotApplied("away".to_owned())),
                Partition::Index(..) => self.0.query(partition, range, limit).await,
            }
        }

        async fn remove_if_rev(&self, key: &Key, rev: u64) -> Result<Written, TableError> {
            self.0.remove_if_rev(key, rev).await
        }
    }

    /// Takes nothing.
    struct Full;

    #[async_trait]
    impl Queue for Full {
        async fn send(&self, _: Name, _: &Envelope) -> Result<(), QueueError> {
            Err(QueueError::Unavailable("away".to_owned()))
        }

        async fn set_visibility(&self, _: Name, _: &str, _: u32) -> Result<(), QueueError> {
            panic!("a sweep receives no messages")
        }

        async fn start_redrive(&self, _: Name) -> Result<String, QueueError> {
            panic!("a sweep redrives nothing")
        }

        async fn dead_letters(&self, _: Name) -> Result<u64, QueueError> {
            panic!("a sweep counts no messages")
        }
    }

    #[test]
    fn what_is_known_is_told_when_a_later_part_fails() {
        for (name, is_listed, takes, enqueued) in
            [("no list of links", false, true, 1), ("no queue", true, false, 0), ("neither", false, false, 0)]
        {
            let clock = Arc::new(at("2026-11-23T04:00:00Z"));
            let log = Captured::default();
            let messages = Arc::new(queue::memory::Memory::new(clock.clone()));
            let state: Arc<dyn Table> =
                if is_listed { Arc::new(Memory::new()) } else { Arc::new(Unlisted(Memory::new())) };
            let world = World {
                state: state.clone(),
                log: Arc::new(Absent),
                queue: if takes { messages.clone() } else { Arc::new(Full) },
                clock: clock.clone(),
                timing: flows::link::Timing::default(),
            };
            let now = "2026-11-23T04:00:00Z".parse().expect("an instant");
            for (source_id, after) in [(12, 0), (13, 60)] {
                let due = now + SignedDuration::from_secs(after);
                let claimed = Record::new(format!("abcd2345/order/{source_id}")).claim("worker", now, due, None);
                let records = Records::new(state.clone(), clock.clone());
                block_on(records.write(claimed.expect("a claim"))).expect("written");
            }
            forward(&clock, 59);
            assert!(block_on(run(&world, &Metrics::to(log.clone(), clock))).is_err(), "{name}");
            let lines = log.lines();
            // How many orders are parked is not known in any of them; of customers there is nothing to enqueue.
            let gauges = |name: &str| {
                let with = lines.iter().filter(|line| line[name].is_u64());
                with.map(|line| (line["Entity"].clone(), line[name].clone())).collect::<Vec<_>>()
            };
            assert_eq!(
                gauges("OldestWaitingSeconds"),
                [(json!("order"), json!(59)), (json!("customer"), json!(0))],
                "{name}"
            );
            let parked = if is_listed { vec![(json!("customer"), json!(0))] } else { Vec::new() };
            assert_eq!(gauges("ParkedRecords"), parked, "{name}");
            assert_eq!(messages.len(Name::Orders), enqueued, "{name}");
        }
    }

    #[test]
    fn a_table_that_is_away_fails_the_invocation() {
        let clock = Arc::new(at("2026-11-23T04:00:00Z"));
        let world = World {
            state: Arc::new(Absent),
            log: Arc::new(Absent),
            queue: Arc::new(queue::memory::Memory::new(clock.clone())),
            clock: clock.clone(),
            timing: flows::link::Timing::default(),
        };
        let metrics = Metrics::to(std::io::sink(), clock);
        assert!(block_on(run(&world, &metrics)).is_err());
    }
}
