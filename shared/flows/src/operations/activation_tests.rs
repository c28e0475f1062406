use std::sync::Arc;

use async_trait::async_trait;
use seams::clock::{Clock, System};

use super::*;
use crate::link::{EmailKey, Timing, World};
use crate::operations::{Platforms, Unusable};
use crate::settings::{Acumatica, Magento};

const LINK: &str = "abcd2345";

/// Nothing is asked of a platform here.
struct Nobody;

#[async_trait]
impl Platforms for Nobody {
    async fn magento(&self, _: &str, _: &Magento) -> Result<magento::Client, Unusable> {
        Err(Unusable { code: "flows.rejected.secret", why: "no shop".to_owned() })
    }

    async fn acumatica(&self, _: &str, _: &Acumatica) -> Result<acumatica::Client, Unusable> {
        Err(Unusable { code: "flows.rejected.secret", why: "no ERP".to_owned() })
    }

    async fn emails(&self) -> Result<EmailKey, Unusable> {
        Err(Unusable { code: "flows.rejected.secret", why: "no key".to_owned() })
    }
}

/// A world where that many orders wait for the link, and every third one between them for something else.
async fn waiting(orders: usize) -> (World, Arc<queue::memory::Memory>) {
    let clock: Arc<dyn Clock> = Arc::new(System);
    let state = Arc::new(store::memory::Memory::new());
    let queue = Arc::new(queue::memory::Memory::new(clock.clone()));
    let records = Records::new(state.clone(), clock.clone());
    let now = clock.now();
    let wait = async |key: String, reason: &str, seconds: usize| {
        let due = now + SignedDuration::from_secs(i64::try_from(seconds).unwrap());
        let claimed = Record::new(key).claim("worker", now, due, None).unwrap();
        records.write(claimed.wait("worker", reason, now, due).unwrap()).await.unwrap();
    };
    for id in 0..orders {
        wait(format!("{LINK}/order/{id}"), "flows.not_ready.link_inactive", id / 2).await;
        if id % 3 == 0 {
            wait(format!("{LINK}/order/other{id}"), "orders.not_ready.pending_payment", id / 2).await;
        }
    }
    let world = World {
        state,
        log: Arc::new(store::memory::Memory::new()),
        queue: queue.clone(),
        clock,
        timing: Timing::default(),
    };
    (world, queue)
}

#[tokio::test]
async fn every_queue_is_read_from_its_beginning_and_the_limit_is_that_of_all() {
    // One queue is as good as another: that the same is read twice shows where the second reading begins.
    let twice = [Name::Orders, Name::Orders];
    for (orders, queues, expected) in [
        (150, &twice[..1], 150),
        (150, &twice, 300),
        (DRAINED + 50, &twice[..1], DRAINED),
        (DRAINED + 50, &twice, DRAINED),
        (700, &twice, DRAINED),
        (0, &twice, 0),
    ] {
        let (world, queue) = waiting(orders).await;
        let desk = Desk { world: &world, platforms: &Nobody, allow_loopback: false };
        assert_eq!(drain(&desk, LINK, queues).await.unwrap(), expected, "{orders} in {} queue(s)", queues.len());
        assert_eq!(queue.len(Name::Orders), expected, "{orders} in {} queue(s)", queues.len());
    }
}
