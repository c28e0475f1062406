use jiff::SignedDuration;
use queue::{Cause, Envelope, Name, Queue as _};
use seams::clock::Clock as _;
use serde_json::json;

use crate::asking::{Via, ask};
use crate::bench::Bench;

#[tokio::test]
async fn dead_letters_are_moved_back() {
    for via in Via::ALL {
        let bench = Bench::new();
        for id in ["7", "8"] {
            let event = Envelope {
                link: "abcd2345".to_owned(),
                entity: "order".to_owned(),
                source_id: id.to_owned(),
                cause: Cause::Webhook,
                occurred_at: bench.time.now(),
                event_id: bench.time.id(),
            };
            bench.queue.send(Name::Orders, &event).await.unwrap();
            bench.queue.take(Name::Orders).expect("it is received and never acknowledged");
        }
        bench.time.advance(SignedDuration::from_mins(20));
        assert!(bench.queue.take(Name::Orders).is_none(), "it was received once too often");
        assert_eq!(bench.queue.dead_letters(Name::Orders).await.unwrap(), 2);

        let request = ask("POST /admin/queues/order/redrive");
        let answer = bench.via(via, &request).await.good(202);
        let task = answer["task"].as_str().expect("the task's handle");
        assert!(!task.is_empty());
        assert_eq!(answer, json!({ "entity": "order", "dead_letters": 2, "task": task }));
        assert_eq!((bench.queue.len(Name::Orders), bench.queue.dead_letters(Name::Orders).await.unwrap()), (2, 0));
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
