use jiff::SignedDuration;
use queue::{Cause, Envelope, Name, Queue as _};
use seams::clock::Clock as _;
use serde_json::json;

use crate::asking::{Via, ask};
use crate::bench::Bench;

#[tokio::test]
async fn dead_letters_are_moved_back_into_the_queue_of_their_entity() {
    for (via, (queue, other)) in Via::ALL
        .into_iter()
        .flat_map(|via| [(Name::Orders, Name::Customers), (Name::Customers, Name::Orders)].map(|queues| (via, queues)))
    {
        let bench = Bench::new();
        for (queue, id) in [(queue, "7"), (queue, "8"), (other, "9")] {
            let event = Envelope {
                link: "abcd2345".to_owned(),
                entity: queue.entity().to_owned(),
                source_id: id.to_owned(),
                cause: Cause::Webhook,
                occurred_at: bench.time.now(),
                event_id: bench.time.id(),
            };
            bench.queue.send(queue, &event).await.unwrap();
            bench.queue.take(queue).expect("it is received and never acknowledged");
        }
        bench.time.advance(SignedDuration::from_mins(20));
        assert!(bench.queue.take(queue).is_none(), "it was received once too often");
        assert!(bench.queue.take(other).is_none(), "it was received once too often");
        assert_eq!(bench.queue.dead_letters(queue).await.unwrap(), 2);

        let request = ask(&format!("POST /admin/queues/{}/redrive", queue.entity()));
        let answer = bench.via(via, &request).await.good(202);
        let task = answer["task"].as_str().expect("the task's handle");
        assert!(!task.is_empty());
        assert_eq!(answer, json!({ "entity": queue.entity(), "dead_letters": 2, "task": task }));
        assert_eq!((bench.queue.len(queue), bench.queue.dead_letters(queue).await.unwrap()), (2, 0));
        assert_eq!(bench.queue.dead_letters(other).await.unwrap(), 1, "the other entity's stay where they are");
        assert_eq!(bench.via(via, &request).await.good(202)["dead_letters"], 0);
    }
}

#[tokio::test]
async fn only_entities_have_queues() {
    let bench = Bench::new();
    for entity in ["orders", "customer-email", "", "-"] {
        for via in Via::ALL {
            let refused = bench.via(via, &ask(&format!("POST /admin/queues/{entity}/redrive"))).await;
            assert_eq!(refused.refused(404), format!("There is no queue of `{entity}`."));
        }
    }
}
