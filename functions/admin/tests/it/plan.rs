//! The dry run of a live order: what it says, what it reads, and that it writes nothing.

use flows::link::EmailKey;
use flows::orders::fingerprint;
use magento::model::order::Order;
use seams::Secret;
use serde_json::{Value, json};
use simulators::fault::{Fault, Planned};
use store::record::{Bound, Revision};

use crate::asking::{Via, ask};
use crate::bench::{Bench, settings_with};

const EMAIL: &str = "jo@example.com";

/// A link that tells Magento, with a token of the ERP at hand.
async fn link(bench: &Bench) -> String {
    let settings = settings_with(&[("/orders/default/write_back", json!({ "number": true, "comment": true }))]);
    let made = bench.ask(ask("PUT /admin/settings").body(settings)).await.good(201);
    let link = made["link"].as_str().expect("an id").to_owned();
    let tested = bench.ask(ask(&format!("POST /admin/links/{link}/test-connections"))).await.good(200);
    assert_eq!(tested["passed"], true, "{tested}");
    link
}

fn emails() -> EmailKey {
    EmailKey::new(Secret::new("key-of-the-keyed-hashes"))
}

/// Plans an order, and holds the operation to its promise: no write anywhere, and no more reads than these.
async fn plan(bench: &Bench, via: Via, link: &str, number: &str, shop_reads: usize, erp_reads: usize) -> Value {
    let before = (bench.state.items(), bench.log.items(), bench.queue.len(queue::Name::Orders));
    let (shop, erp) = (bench.shop.calls().len(), bench.erp.calls().len());
    let request = ask(&format!("POST /admin/links/{link}/orders/plan")).body(json!({ "order": number }));
    let answer = bench.via(via, &request).await.good(200);
    assert!(
        before == (bench.state.items(), bench.log.items(), bench.queue.len(queue::Name::Orders)),
        "nothing is kept"
    );
    let (shop, erp) = (bench.shop.calls().split_off(shop), bench.erp.calls().split_off(erp));
    assert!(shop.iter().chain(&erp).all(|call| call.method == "GET"), "{shop:?} {erp:?}");
    assert_eq!((shop.len(), erp.len()), (shop_reads, erp_reads), "{shop:?} {erp:?}");
    answer
}

/// System, method and path of each call of a plan.
fn calls(answer: &Value) -> Vec<String> {
    let calls = answer["plan"]["calls"].as_array().expect("calls");
    let line = |call: &Value| {
        ["number", "system", "method", "path"].map(|name| call[name].to_string().replace('"', "")).join(" ")
    };
    calls.iter().map(line).collect()
}

#[tokio::test]
async fn a_live_order_is_planned_and_nothing_is_written() {
    for via in Via::ALL {
        let bench = Bench::new();
        let link = link(&bench).await;
        let id = bench.place("WEB-1");
        let answer = plan(&bench, via, &link, "WEB-1", 2, 1).await;
        assert_eq!(
            (&answer["result"], &answer["entity_id"], &answer["target"]),
            (&json!("planned"), &json!(id), &Value::Null)
        );
        assert_eq!((&answer["plan"]["outcome"], &answer["open_write"]), (&json!("create"), &Value::Null));
        assert_eq!(answer["plan"]["totals"]["magento"], answer["plan"]["totals"]["acumatica"]);
        let new = ["1 acumatica PUT Customer", "2 acumatica PUT SalesOrder", "3 magento POST /V1/orders"];
        let comment = format!("4 magento POST /V1/orders/{id}/comments");
        assert_eq!(calls(&answer), [&new[..], &[comment.as_str()]].concat());
        let told = |at: usize| &answer["plan"]["calls"][at]["body"];
        assert_eq!(told(2), &json!({ "entity": { "entity_id": id, "ext_order_id": "SO/<OrderNbr of call 2>" } }));
        assert_eq!(told(3)["statusHistory"]["comment"], "Acumatica: written as SO/<OrderNbr of call 2>.");
        assert_eq!(told(3)["statusHistory"]["status"], "pending");

        // A customer that is there is found, and is not adopted.
        let customer = bench.erp.with(|erp| erp.add_customer("Jo Sample", EMAIL));
        let answer = plan(&bench, via, &link, "WEB-1", 2, 1).await;
        assert_eq!(calls(&answer)[0], "1 acumatica PUT SalesOrder");
        assert_eq!(answer["plan"]["calls"][0]["body"]["CustomerID"]["value"], json!(customer));

        // One that the guard knows costs no call.
        let guard = format!("{link}/customer-email/{}", emails().hash(EMAIL));
        let bound = Bound {
            target: "C000777".to_owned(),
            revision: Revision(String::new()),
            fingerprint: store::record::Fingerprint(String::new()),
            unfinished: false,
        };
        bench.record(&guard, |guard| guard.adopt("worker", bound).unwrap().finish("worker", None).unwrap()).await;
        let answer = plan(&bench, via, &link, "WEB-1", 2, 0).await;
        assert_eq!(answer["plan"]["calls"][0]["body"]["CustomerID"]["value"], "C000777");
    }
}

#[tokio::test]
async fn a_bound_order_is_planned_against_its_document() {
    let bench = Bench::new();
    let link = link(&bench).await;
    let id = bench.place("WEB-1");
    let document = bench.shop.with(|shop| shop.order(id).cloned()).expect("the order");
    let order = Order::read(document).expect("an order");
    let bound = Bound {
        target: "SO/000123".to_owned(),
        revision: Revision(order.updated_at.clone()),
        fingerprint: fingerprint::of(&order, &emails()),
        unfinished: false,
    };
    bench
        .record(&format!("{link}/order/{id}"), |record| {
            record.adopt("worker", bound).unwrap().finish("worker", None).unwrap()
        })
        .await;
    let answer = plan(&bench, Via::Direct, &link, "WEB-1", 2, 0).await;
    assert_eq!((&answer["target"], &answer["plan"]["outcome"]), (&json!("SO/000123"), &json!("unchanged")));
    assert_eq!(calls(&answer), ["1 magento POST /V1/orders"], "the number is not there yet");

    bench.shop.with(|shop| shop.set_state("2026-11-23T09:00:00Z".parse().unwrap(), id, "canceled"));
    let answer = plan(&bench, Via::Direct, &link, "WEB-1", 2, 0).await;
    assert_eq!(
        (&answer["plan"]["outcome"], &answer["plan"]["code"]),
        (&json!("hold"), &json!("orders.held.canceled_in_magento"))
    );
    assert_eq!(calls(&answer)[0], "1 acumatica PUT SalesOrder");
}

#[tokio::test]
async fn what_stands_in_the_way_is_the_plans_answer() {
    let bench = Bench::new();
    let link = link(&bench).await;
    bench.place("WEB-1");
    bench.erp.with(|erp| [erp.add_customer("Jo Sample", EMAIL), erp.add_customer("Jo Again", EMAIL)]);
    let answer = plan(&bench, Via::Direct, &link, "WEB-1", 2, 1).await;
    let run = &answer["plan"];
    assert_eq!((&run["outcome"], &run["code"]), (&json!("rejected"), &json!("customers.rejected.ambiguous_email")));
    assert_eq!(run["calls"], json!([]));
}

#[tokio::test]
async fn a_number_without_one_order_is_answered_with_what_was_found() {
    let bench = Bench::new();
    let link = link(&bench).await;
    let twins = [bench.place("WEB-2"), bench.place("WEB-2")];
    let none = plan(&bench, Via::Http, &link, "WEB-9", 1, 0).await;
    assert_eq!(none, json!({ "number": "WEB-9", "result": "not_found", "found": [] }));
    let several = plan(&bench, Via::Http, &link, "WEB-2", 1, 0).await;
    let found = twins.map(|id| json!({ "entity_id": id, "store_id": 1, "state": "new" }));
    assert_eq!(several, json!({ "number": "WEB-2", "result": "several", "found": found }));
}

#[tokio::test]
async fn a_platform_that_does_not_answer_is_named() {
    for (at_erp, path, code) in [
        (false, "/V1/orders", "magento.not_ready.unreachable"),
        (false, "/V1/orders/1", "magento.not_ready.unreachable"),
        (true, "/Customer", "acumatica.not_ready.unreachable"),
    ] {
        let bench = Bench::new();
        let link = link(&bench).await;
        bench.place("WEB-1");
        let planned = Planned { method: "GET".to_owned(), path_part: path.to_owned(), fault: Fault::Refused };
        if at_erp {
            bench.erp.plan(planned)
        } else {
            bench.shop.plan(planned)
        }
        let request = ask(&format!("POST /admin/links/{link}/orders/plan")).body(json!({ "order": "WEB-1" }));
        let refused = bench.ask(request).await;
        assert!(refused.refused(502).contains(code), "{path}: {refused:?}");
        assert_eq!(refused.body["code"], code);
    }
}
