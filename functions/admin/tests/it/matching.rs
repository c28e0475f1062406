use serde_json::{Value, json};
use simulators::magento::CustomerDraft;

use crate::asking::{Via, ask};
use crate::bench::{Bench, settings_with};
use seams::clock::Clock;

/// A link that syncs customers, with a pair, an account of two customers, and a customer alone.
async fn link(bench: &Bench) -> String {
    let customers = json!({ "enabled": true, "default": {} });
    let made = bench.ask(ask("PUT /admin/settings").body(settings_with(&[("/customers", customers)]))).await.good(201);
    let now = bench.time.now();
    for email in ["one@example.com", "two@example.com"] {
        bench.shop.with(|shop| shop.add_customer(now, &CustomerDraft::new(email, "Ada", "Byron")));
    }
    for email in ["one@example.com", "two@example.com", "two@example.com", "three@example.com"] {
        bench.erp.with(|erp| erp.add_customer("Ada Byron", email));
    }
    made["link"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn customers_are_matched_corrected_and_bound() {
    for via in Via::ALL {
        let bench = Bench::new();
        let link = link(&bench).await;
        let at = |request: &str| {
            let (method, rest) = request.split_once(' ').expect("a method and a path");
            ask(&format!("{method} /admin/links/{link}/matching/customers{rest}"))
        };
        let refused = bench.via(via, &at("GET ")).await;
        assert_eq!(refused.refused(404), format!("Customers of link `{link}` were not matched yet."));
        let matched = bench.via(via, &at("POST ")).await.good(200);
        assert_eq!((&matched["phase"], &matched["done"]), (&json!("compared"), &json!(true)));
        let counts = json!({ "matched": 1, "ambiguous": 3, "only_magento": 0, "only_acumatica": 1, "left_out": 0 });
        assert_eq!(matched["counts"], counts);
        assert_eq!(bench.via(via, &at("GET ")).await.good(200), matched);
        let (mut csv, mut query) = (String::new(), json!({}));
        loop {
            let page = bench.via(via, &at("GET /report").query(query)).await.good(200);
            csv.push_str(page["csv"].as_str().expect("a text"));
            match &page["next"] {
                Value::Null => break,
                next => query = json!({ "cursor": next }),
            }
        }
        assert_eq!(csv.lines().count(), 6, "{csv}");
        let bad = bench.via(via, &at("GET /report").query(json!({ "cursor": "no" }))).await;
        assert_eq!(bad.refused(400), "`cursor` is not one of this report.");
        let bad = bench.via(via, &at("PUT /corrections").body(json!("2,C000099"))).await;
        assert_eq!(bad.refused(422), "1 of the lines cannot be taken; nothing was.");
        let message = "Acumatica has no customer with the second field's CustomerID.";
        assert_eq!(bad.body["problems"], json!([{ "line": 1, "message": message }]));
        let corrected = bench.via(via, &at("PUT /corrections").body(json!("2,C000003\n"))).await.good(200);
        assert_eq!((&corrected["phase"], &corrected["corrections"]), (&json!("comparing"), &json!(1)));
        let early = bench.via(via, &at("POST /bind")).await;
        assert_eq!(early.refused(409), "There is nothing to bind yet: go on with the run first.");
        assert_eq!(bench.via(via, &at("POST ")).await.good(200)["counts"]["matched"], 2);
        let bound = bench.via(via, &at("POST /bind")).await.good(200);
        assert_eq!((&bound["phase"], &bound["bound"]), (&json!("bound"), &json!(2)));
        let saves = bench.erp.with(|erp| erp.saves());
        assert_eq!(saves, 0, "nothing is written to either system");
        bench.via(via, &at("DELETE ")).await.good(200);
        assert_eq!(bench.via(via, &at("GET ")).await.status, 404);
    }
}

/// A file as `curl --data-binary` sends it.
#[tokio::test]
async fn a_file_of_corrections_comes_as_it_is() {
    let bench = Bench::new();
    let link = link(&bench).await;
    bench.ask(ask(&format!("POST /admin/links/{link}/matching/customers"))).await.good(200);
    let mut event = ask(&format!("PUT /admin/links/{link}/matching/customers/corrections")).event(Via::Http);
    event["body"] = json!("magento_id,customer_id\r\n2,C000003\r\n1,-\r\n");
    assert_eq!(bench.invoke(event).await.good(200)["corrections"], 2);
}

#[tokio::test]
async fn a_run_needs_customers_and_platforms() {
    let bench = Bench::new();
    let off = bench.link().await;
    let refused = bench.ask(ask(&format!("POST /admin/links/{off}/matching/customers"))).await;
    assert!(refused.refused(409).starts_with("Customers are switched off in the settings"));
    let link = link(&bench).await;
    bench.vault.lose("acumatica");
    let path = format!("/admin/links/{link}/matching/customers");
    let refused = bench.ask(ask(&format!("POST {path}"))).await;
    assert_eq!((refused.status, &refused.body["code"]), (502, &json!("flows.rejected.secret")));
    for request in [format!("PATCH {path}"), format!("GET {path}/bind"), format!("POST {path}/report")] {
        assert_eq!(bench.ask(ask(&request)).await.status, 404, "{request}");
    }
}
