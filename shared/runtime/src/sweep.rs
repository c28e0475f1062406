//! One minute's sweep over every entity, and its gauges.

use flows::link::World;
use lambda_runtime::Error;
use queue::Name;

use crate::head;
use crate::metrics::Metrics;

/// Sweeps every entity, also when one of them fails.
///
/// # Errors
/// The last entity's failure, which makes the invocation fail and its alarm ring; the next minute's sweep goes on where this one stopped.
pub async fn run(world: &World, metrics: &Metrics) -> Result<(), Error> {
    let links = head::all(world.state.as_ref()).await?;
    let mut failed = None;
    for queue in Name::ALL {
        let entity = queue.entity();
        match flows::sweep::sweep(world, queue, &links).await {
            Ok(gauges) => {
                metrics.parked_records(entity, gauges.parked);
                metrics.oldest_waiting(entity, gauges.oldest_due_seconds);
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
                failed = Some(stopped);
            }
        }
    }
    failed.map_or(Ok(()), |stopped| Err(stopped.into()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use flows::link::Activation;
    use serde_json::{Value, json};
    use store::memory::Memory;
    use store::record::State;
    use store::{Record, Records};
    use tracing::level_filters::LevelFilter;

    use super::*;
    use crate::absent::Absent;
    use crate::testing::{Captured, Stopped, block_on, seed_link};

    #[test]
    fn what_is_due_is_enqueued_and_counted() {
        let clock = Arc::new(Stopped::new("2026-11-23T04:00:00Z"));
        let (state, log) = (Arc::new(Memory::new()), Captured::default());
        let world = World {
            state: state.clone(),
            log: Arc::new(Absent),
            queue: Arc::new(queue::memory::Memory::new(clock.clone())),
            clock: clock.clone(),
            timing: flows::link::Timing::default(),
        };
        let metrics = Metrics::to(log.clone(), clock.clone());
        let writer = log.clone();
        let subscriber = crate::telemetry::subscriber(LevelFilter::INFO, move || writer.clone());
        tracing::subscriber::with_default(subscriber, || {
            block_on(async {
                seed_link(&state, "abcd2345", Activation::Active, json!({ "version": 1 })).await;
                let records = Records::new(state.clone(), clock.clone());
                let now = "2026-11-23T04:00:00Z".parse().expect("an instant");
                // A worker that died: its claim ends, and nobody has written the record since.
                let claimed = Record::new("abcd2345/order/12").claim("worker", now, now, None).expect("a claim");
                let claimed = records.write(claimed).await.expect("written");
                assert!(matches!(claimed.state, State::Working { .. }));
                clock.forward(61);
                run(&world, &metrics).await.expect("a sweep");
                run(&world, &metrics).await.expect("the next sweep");
            });
        });
        let lines = log.lines();
        let gauge = |name: &str| lines.iter().map(|line| line[name].clone()).filter(Value::is_u64).collect::<Vec<_>>();
        assert_eq!(gauge("ParkedRecords"), [0, 0]);
        let late = gauge("OldestWaitingSeconds");
        assert!(late[0].as_u64() > Some(0) && late[1] == 0, "{late:?}");
        assert_eq!(gauge("due"), [1, 0], "once enqueued, it is left alone for a while");
    }

    #[test]
    fn a_table_that_is_away_fails_the_invocation() {
        let clock = Arc::new(Stopped::new("2026-11-23T04:00:00Z"));
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
