use serde_json::{Value, json};
use store::Record;
use store::record::{Bound, Fingerprint, Park, Revision};

use crate::asking::{Via, ask};
use crate::bench::Bench;

const ITEM: &str = "acumatica.rejected.item_not_found";
const EMAIL: &str = "customers.rejected.ambiguous_email";
const PAYMENT: &str = "orders.rejected.payment_method_not_mapped";

/// Every page of a list: the records' keys, page by page.
async fn pages(bench: &Bench, link: &str, mut query: Value) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    loop {
        let page = bench.ask(ask(&format!("GET /admin/links/{link}/parked")).query(query.clone())).await.good(200);
        let keys = page["parked"].as_array().unwrap().iter().map(|entry| entry["record"].as_str().unwrap().to_owned());
        pages.push(keys.collect());
        match &page["next"] {
            Value::Null => return pages,
            next => query["cursor"] = next.clone(),
        }
    }
}

#[tokio::test]
async fn a_parked_order_says_why_and_what_to_do() {
    let bench = Bench::new();
    let link = bench.link().await;
    let now = "2026-11-23T08:30:00Z".parse().unwrap();
    let park = Park {
        code: ITEM.to_owned(),
        message: "Item AB-1 is not in Acumatica.".to_owned(),
        message_id: "m".to_owned(),
        event_id: "e".to_owned(),
        revision: None,
        settings: 4,
        at: now,
    };
    let bound = Bound {
        target: "SO/000123".to_owned(),
        revision: Revision("2026-11-23 08:00:00".to_owned()),
        fingerprint: Fingerprint("f".to_owned()),
        unfinished: false,
    };
    bench
        .record(&format!("{link}/order/12"), |record| {
            let record = Record { shown: Some("000000012".to_owned()), bound: Some(bound), attempts: 3, ..record };
            record.park("worker", park).unwrap()
        })
        .await;
    bench.park(&format!("{link}/order/13"), PAYMENT).await;
    for via in Via::ALL {
        let listed = bench.via(via, &ask(&format!("GET /admin/links/{link}/parked"))).await.good(200);
        assert_eq!(
            listed,
            json!({
                "parked": [
                    {
                        "record": format!("{link}/order/12"), "number": "000000012", "code": ITEM,
                        "message": "Item AB-1 is not in Acumatica.",
                        "fix": "Create the item in Acumatica, or add the SKU as its alternate ID, or say in the settings where the item's ID stands; then retry.",
                        "runbook": "infra/runbooks/acumatica.rejected.item_not_found.md",
                        "since": "2026-11-23T08:30:00Z", "attempts": 3, "settings_version": 4, "target": "SO/000123",
                    },
                    {
                        "record": format!("{link}/order/13"), "number": "0000013", "code": PAYMENT,
                        "message": format!("{link}/order/13 met {PAYMENT}."),
                        "fix": "Map the payment method in the settings.",
                        "runbook": "infra/runbooks/orders.rejected.payment_method_not_mapped.md",
                        "since": "2026-11-23T09:00:01Z", "attempts": 1, "settings_version": 1, "target": null,
                    },
                ],
                "next": null,
            })
        );
        let one = ask(&format!("GET /admin/links/{link}/parked")).query(json!({ "code": PAYMENT }));
        let one = bench.via(via, &one).await.good(200);
        assert_eq!(one["parked"], json!([listed["parked"][1]]));
    }
    let none = pages(&bench, &link, json!({ "code": "orders.rejected.overpaid" })).await;
    assert_eq!(none, [Vec::<String>::new()]);
}

#[tokio::test]
async fn pages_follow_one_another_oldest_first() {
    let bench = Bench::new();
    let (link, other) = (bench.link().await, bench.link().await);
    for id in 0..120 {
        bench.park(&format!("{link}/order/{id}"), if id % 3 == 0 { PAYMENT } else { ITEM }).await;
    }
    bench.park(&format!("{other}/order/500"), ITEM).await;
    let key = |id: usize| format!("{link}/order/{id}");
    let all = pages(&bench, &link, json!({})).await;
    assert_eq!(all.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 20]);
    assert_eq!(all.concat(), (0..120).map(key).collect::<Vec<_>>());
    let some = pages(&bench, &link, json!({ "code": PAYMENT })).await.concat();
    assert_eq!(some, (0..120).step_by(3).map(key).collect::<Vec<_>>());
    assert_eq!(pages(&bench, &other, json!({})).await, [[format!("{other}/order/500")]]);
}

#[tokio::test]
async fn a_cursor_belongs_to_its_query() {
    let bench = Bench::new();
    let (link, other) = (bench.link().await, bench.link().await);
    for id in 0..51 {
        bench.park(&format!("{link}/order/{id}"), ITEM).await;
    }
    let first = bench.ask(ask(&format!("GET /admin/links/{link}/parked"))).await.good(200);
    let next = first["next"].as_str().unwrap();
    for (path, cursor) in [
        (format!("/admin/links/{other}/parked"), next),
        ("/admin/links/-/parked".to_owned(), next),
        (format!("/admin/links/{link}/parked"), "made-up"),
        (format!("/admin/links/{link}/parked"), "e30"),
        (format!("/admin/links/{link}/parked"), "order.made-up"),
        (format!("/admin/links/{link}/parked"), "item."),
        // A cursor among orders, where customers were asked for.
        (format!("/admin/links/{link}/parked?entity=customer"), next),
    ] {
        for via in Via::ALL {
            let (path, entity) = path.split_once("?entity=").unwrap_or((&path, ""));
            let mut query = json!({ "cursor": cursor });
            if !entity.is_empty() {
                query["entity"] = json!(entity);
            }
            let refused = bench.via(via, &ask(&format!("GET {path}")).query(query)).await;
            let detail = refused.refused(400);
            assert!(detail.starts_with("`cursor` is not one of this query"), "{detail}");
        }
    }
}

#[tokio::test]
async fn customers_follow_the_orders() {
    let bench = Bench::new();
    let link = bench.link().await;
    let keys = |entity: &str, ids: std::ops::Range<usize>| -> Vec<String> {
        ids.map(|id| format!("{link}/{entity}/{id}")).collect()
    };
    for key in keys("customer", 0..60).into_iter().chain(keys("order", 0..50)) {
        bench.park(&key, if key.contains("order") { PAYMENT } else { EMAIL }).await;
    }
    // A page is filled with the next entity's; the last order's page was full.
    let all = [keys("order", 0..50), keys("customer", 0..50), keys("customer", 50..60)];
    assert_eq!(pages(&bench, &link, json!({})).await, all);
    let customers = pages(&bench, &link, json!({ "entity": "customer" })).await;
    assert_eq!(customers, [keys("customer", 0..50), keys("customer", 50..60)]);
    assert_eq!(pages(&bench, &link, json!({ "entity": "order" })).await, [keys("order", 0..50)]);
    let by_code = pages(&bench, &link, json!({ "code": EMAIL })).await;
    assert_eq!(by_code.concat(), keys("customer", 0..60));
    bench.park(&format!("{link}/order/50"), PAYMENT).await;
    let filled = [keys("order", 50..51), keys("customer", 0..49)].concat();
    assert_eq!(pages(&bench, &link, json!({})).await[1], filled);
    for entity in ["orders", "customer-email", "-"] {
        let asked = ask(&format!("GET /admin/links/{link}/parked")).query(json!({ "entity": entity }));
        let refused = bench.ask(asked).await;
        assert_eq!(refused.refused(400), format!("`entity` is `order` or `customer`; not `{entity}`."));
    }
}

#[tokio::test]
async fn messages_without_a_link_are_parked_under_none() {
    let bench = Bench::new();
    let link = bench.link().await;
    bench.park("-/order/m1", "flows.rejected.undecodable_event").await;
    bench.park(&format!("{link}/order/1"), ITEM).await;
    bench.park("-/customer/m2", "flows.rejected.undecodable_event").await;
    assert_eq!(pages(&bench, "-", json!({})).await, [["-/order/m1", "-/customer/m2"]]);
    let listed = bench.ask(ask("GET /admin/links/-/parked")).await.good(200);
    assert_eq!(
        listed["parked"][0]["fix"],
        "The message is not one of ours, or of a newer release: find out who put it into the queue. Delete it from the DLQ."
    );
}
