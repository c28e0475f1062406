use queue::Cause;
use serde_json::{Value, json};
use simulators::fault::{Fault, Planned};

use crate::asking::{Answer, Via, ask};
use crate::bench::Bench;

async fn sync(bench: &Bench, link: &str, body: Value) -> Answer {
    bench.ask(ask(&format!("POST /admin/links/{link}/orders/sync")).body(body)).await
}

#[tokio::test]
async fn orders_are_found_by_their_numbers() {
    for via in Via::ALL {
        let bench = Bench::new();
        let link = bench.link().await;
        let (one, twin, twins_twin) = (bench.place("WEB-1"), bench.place("WEB-2"), bench.place("WEB-2"));
        bench.shop.with(|shop| shop.set_state("2026-11-23T09:00:00Z".parse().unwrap(), twins_twin, "canceled"));
        let body = json!({ "numbers": ["WEB-1", "WEB-2", "WEB-3"], "entity_ids": [4711] });
        let request = ask(&format!("POST /admin/links/{link}/orders/sync")).body(body);
        let answer = bench.via(via, &request).await.good(202);
        assert_eq!(
            answer,
            json!({ "results": [
                { "entity_id": 4711, "result": "enqueued" },
                { "number": "WEB-1", "entity_id": one, "result": "enqueued" },
                { "number": "WEB-2", "result": "several", "found": [
                    { "entity_id": twin, "store_id": 1, "state": "new" },
                    { "entity_id": twins_twin, "store_id": 1, "state": "canceled" },
                ] },
                { "number": "WEB-3", "result": "not_found" },
            ] })
        );
        let event = |id: u64| (link.clone(), id.to_string(), Cause::Operator);
        assert_eq!(bench.take(), [event(4711), event(one)]);
    }
}

#[tokio::test]
async fn one_to_fifty_orders_are_named() {
    let bench = Bench::new();
    let link = bench.link().await;
    let refusal = |count: usize| format!("Name 1 to 50 orders in `numbers` or `entity_ids`; there are {count}.");
    for (numbers, ids) in [(0, 0), (51, 0), (0, 51), (25, 26)] {
        let body = json!({ "numbers": vec!["WEB-1"; numbers], "entity_ids": vec![1; ids] });
        assert_eq!(sync(&bench, &link, body).await.refused(400), refusal(numbers + ids));
    }
    assert_eq!(sync(&bench, &link, json!({})).await.refused(400), refusal(0));
    assert_eq!((bench.take(), bench.shop.calls()), (vec![], vec![]), "nothing was done");
    let answer = sync(&bench, &link, json!({ "entity_ids": (1..=50).collect::<Vec<u64>>() })).await.good(202);
    assert_eq!(answer["results"].as_array().unwrap().len(), 50);
    assert_eq!(bench.take().len(), 50);
    assert_eq!(bench.shop.calls(), [], "keys need no look-up");
}

#[tokio::test]
async fn a_shop_that_does_not_answer_is_said_to() {
    for (fault, code) in [
        (Fault::Refused, "magento.not_ready.unreachable"),
        (Fault::LostAnswer, "magento.not_ready.interrupted"),
        (
            Fault::Answer { status: 503, content_type: "text/html", body: "<html>maintenance</html>".to_owned() },
            "magento.not_ready.maintenance",
        ),
    ] {
        let bench = Bench::new();
        let link = bench.link().await;
        bench.shop.plan(Planned { method: "GET".to_owned(), path_part: "/orders".to_owned(), fault });
        let refused = sync(&bench, &link, json!({ "numbers": ["WEB-1"] })).await;
        let detail = refused.refused(502);
        assert!(detail.starts_with("Could not find Magento order number"), "{detail}");
        assert!(detail.contains(code), "{detail}");
        assert_eq!((&refused.body["code"], &refused.body["title"]), (&json!(code), &json!("Bad Gateway")));
    }
}

#[tokio::test]
async fn a_shop_that_cannot_be_asked_is_told_with_its_code() {
    let bench = Bench::new();
    let link = bench.link().await;
    let half = json!({ "consumer_key": "k" }).to_string();
    for (secret, why) in [
        (None, "does not exist or may not be read"),
        (Some(half), "has no consumer_secret, which the settings' way of signing in needs"),
    ] {
        match secret {
            None => bench.vault.lose("magento"),
            Some(text) => bench.vault.set("magento", text),
        }
        for via in Via::ALL {
            let request = ask(&format!("POST /admin/links/{link}/orders/sync")).body(json!({ "numbers": ["WEB-1"] }));
            let refused = bench.via(via, &request).await;
            assert_eq!(refused.refused(502), format!("the secret causeway/{link}/magento {why}"));
            assert_eq!(refused.body["code"], "flows.rejected.secret");
        }
    }
    assert_eq!(bench.shop.calls(), []);
    // Keys need no shop.
    sync(&bench, &link, json!({ "entity_ids": [1] })).await.good(202);
}
