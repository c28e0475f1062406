use queue::Cause;
use serde_json::{Value, json};

use crate::asking::{Answer, Via, ask};
use crate::bench::Bench;

const ITEM: &str = "acumatica.rejected.item_not_found";
const PAYMENT: &str = "orders.rejected.payment_method_not_mapped";

async fn retry(bench: &Bench, link: &str, body: Value) -> Answer {
    bench.ask(ask(&format!("POST /admin/links/{link}/retry")).body(body)).await
}

/// The orders whose events are in the queue, all of them an operator's and of that link.
fn taken(bench: &Bench, link: &str) -> Vec<String> {
    let take = |(of, id, cause): (String, String, Cause)| {
        assert_eq!((of.as_str(), cause), (link, Cause::Operator));
        id
    };
    bench.take().into_iter().map(take).collect()
}

/// A link with orders 1 and 3 parked by one code, 2 by another, and 4 done.
async fn parked(bench: &Bench) -> String {
    let link = bench.link().await;
    for (id, code) in [(1, ITEM), (2, PAYMENT), (3, ITEM)] {
        bench.park(&format!("{link}/order/{id}"), code).await;
    }
    bench.record(&format!("{link}/order/4"), |record| record.finish("worker", None).unwrap()).await;
    link
}

#[tokio::test]
async fn one_several_some_or_all_are_enqueued() {
    for via in Via::ALL {
        let bench = Bench::new();
        let link = parked(&bench).await;
        let key = |id: &str| format!("{link}/order/{id}");
        for (body, ids, not_parked) in [
            (json!({ "records": [key("2")] }), &["2"][..], vec![]),
            (json!({ "records": [key("3"), key("1")] }), &["3", "1"], vec![]),
            // Done, and never seen.
            (json!({ "records": [key("4"), key("1"), key("9")] }), &["1"], vec![key("4"), key("9")]),
            (json!({ "records": [key("4")] }), &[], vec![key("4")]),
            (json!({ "code": ITEM }), &["1", "3"], vec![]),
            (json!({ "code": ITEM, "records": [], "all": false }), &["1", "3"], vec![]),
            (json!({ "code": "orders.rejected.overpaid" }), &[], vec![]),
            (json!({ "all": true }), &["1", "2", "3"], vec![]),
        ] {
            let request = ask(&format!("POST /admin/links/{link}/retry")).body(body.clone());
            let answer = bench.via(via, &request).await.good(202);
            assert_eq!(answer, json!({ "enqueued": ids.len(), "not_parked": not_parked, "next": null }), "{body}");
            assert_eq!(taken(&bench, &link), ids, "{body}");
        }
    }
}

#[tokio::test]
async fn customers_are_retried_in_their_own_queue() {
    let bench = Bench::new();
    let link = parked(&bench).await;
    let (email, note) = ("customers.rejected.ambiguous_email", "0f0f0f0f-1111-2222-3333-444444444444");
    for id in ["7", note] {
        bench.park(&format!("{link}/customer/{id}"), email).await;
    }
    let key = |entity: &str, id: &str| format!("{link}/{entity}/{id}");
    for (body, orders, customers) in [
        (json!({ "records": [key("customer", note), key("order", "1")] }), &["1"][..], &[note][..]),
        (json!({ "code": email }), &[], &["7", note]),
        (json!({ "all": true }), &["1", "2", "3"], &["7", note]),
        (json!({ "all": true, "entity": "customer" }), &[], &["7", note]),
        (json!({ "all": true, "entity": "order" }), &["1", "2", "3"], &[]),
        (json!({ "code": ITEM, "entity": "customer" }), &[], &[]),
    ] {
        let answer = retry(&bench, &link, body.clone()).await.good(202);
        assert_eq!(answer["enqueued"], orders.len() + customers.len(), "{body}");
        assert_eq!(taken(&bench, &link), orders, "{body}");
        let events = bench.take_of(queue::Name::Customers);
        assert!(events.iter().all(|(of, _, cause)| (of, *cause) == (&link, Cause::Operator)), "{events:?}");
        assert_eq!(events.into_iter().map(|(_, id, _)| id).collect::<Vec<_>>(), customers, "{body}");
    }
    let refused = retry(&bench, &link, json!({ "all": true, "entity": "item" })).await;
    assert_eq!(refused.refused(400), "`entity` is `order` or `customer`; not `item`.");
}

#[tokio::test]
async fn exactly_one_choice_is_made() {
    let bench = Bench::new();
    let link = parked(&bench).await;
    let key = format!("{link}/order/1");
    for body in [
        json!({}),
        json!({ "records": [] }),
        json!({ "all": false }),
        json!({ "cursor": "x" }),
        json!({ "records": [key], "all": true }),
        json!({ "records": [key], "code": ITEM }),
        json!({ "code": ITEM, "all": true }),
        json!({ "records": [key], "code": ITEM, "all": true }),
        json!({ "records": vec![key.clone(); 501] }),
    ] {
        let refused = retry(&bench, &link, body).await;
        assert_eq!(
            refused.refused(400),
            "Name 1 to 500 `records`, or one `code`, or `\"all\": true`; one of the three."
        );
    }
    assert_eq!(taken(&bench, &link), Vec::<String>::new());
}

#[tokio::test]
async fn a_stranger_among_the_records_stops_all_of_them() {
    let bench = Bench::new();
    let (link, other) = (parked(&bench).await, parked(&bench).await);
    for stranger in [
        format!("{other}/order/1"),
        format!("{link}/customer-email/1"),
        format!("{link}/order/"),
        format!("{link}/order"),
        "1".to_owned(),
        String::new(),
    ] {
        let refused = retry(&bench, &link, json!({ "records": [format!("{link}/order/1"), stranger] })).await;
        assert_eq!(refused.refused(400), format!("`{stranger}` is not a record of link `{link}`."));
        assert_eq!(refused.body["record"], stranger);
        assert_eq!(taken(&bench, &link), Vec::<String>::new(), "{stranger}");
    }
}

#[tokio::test]
async fn many_are_enqueued_by_the_page() {
    let bench = Bench::new();
    let link = bench.link().await;
    for id in 0..610 {
        bench.park(&format!("{link}/order/{id}"), ITEM).await;
    }
    let first = retry(&bench, &link, json!({ "all": true })).await.good(202);
    assert_eq!((&first["enqueued"], taken(&bench, &link).len()), (&json!(500), 500));
    let rest = retry(&bench, &link, json!({ "all": true, "cursor": first["next"] })).await.good(202);
    assert_eq!((&rest["enqueued"], &rest["next"]), (&json!(110), &json!(null)));
    assert_eq!(taken(&bench, &link), (500..610).map(|id| id.to_string()).collect::<Vec<_>>());
    let refused = retry(&bench, &link, json!({ "all": true, "cursor": "made-up" })).await;
    assert!(refused.refused(400).starts_with("`cursor` is not one of this query"));
}
