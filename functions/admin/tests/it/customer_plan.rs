//! The dry run of a live customer: what it says, what it reads, and that it writes nothing.

use queue::Name;
use seams::clock::Clock;
use serde_json::{Value, json};
use simulators::fault::{Fault, Planned};
use simulators::magento::{Address, CustomerDraft};
use store::record::{Bound, Fingerprint, Revision};

use crate::asking::{Answer, Via, ask};
use crate::bench::{Bench, settings_with};

const EMAIL: &str = "one@example.com";

/// A link that syncs customers, with a token of the ERP at hand.
async fn link(bench: &Bench) -> String {
    linked(bench, json!({})).await
}

async fn linked(bench: &Bench, differs: Value) -> String {
    let mut customers = json!({
        "enabled": true,
        "default": {
            "groups": [{ "group_id": 1, "customer_class": "WEB" }],
            "accounts": { "classes": ["WEB"], "store_view": "default", "website_id": 1 },
        },
    });
    for (name, value) in differs.as_object().into_iter().flatten() {
        customers[name] = value.clone();
    }
    let store = json!([{
        "store_id": 1, "code": "default", "website": "base", "time_zone": "America/Chicago", "currency": "USD",
    }]);
    let settings = settings_with(&[("/customers", customers), ("/stores", store)]);
    let made = bench.ask(ask("PUT /admin/settings").body(settings)).await.good(201);
    let link = made["link"].as_str().expect("an id").to_owned();
    bench.ask(ask(&format!("POST /admin/links/{link}/test-connections"))).await.good(200);
    link
}

fn account(bench: &Bench, email: &str) -> u64 {
    let draft = CustomerDraft::new(email, "Ada", "Byron").address(Address::us("Ada", "Byron"));
    bench.shop.with(|shop| shop.add_customer(bench.time.now(), &draft))
}

fn customer(bench: &Bench, email: &str) -> String {
    bench.erp.with(|erp| erp.add_customer("Ada Byron", email))
}

async fn asked(bench: &Bench, via: Via, link: &str, body: Value) -> Answer {
    bench.via(via, &ask(&format!("POST /admin/links/{link}/customers/plan")).body(body)).await
}

/// Plans a customer, and holds the operation to its promise: no write anywhere, and no more reads than these.
async fn plan(bench: &Bench, via: Via, link: &str, body: Value, reads: (usize, usize)) -> Value {
    let kept = || {
        let queued = [Name::Orders, Name::Customers].map(|name| bench.queue.len(name));
        (bench.state.items(), bench.log.items(), queued)
    };
    let before = kept();
    let (shop, erp) = (bench.shop.calls().len(), bench.erp.calls().len());
    let answer = asked(bench, via, link, body.clone()).await.good(200);
    assert!(before == kept(), "nothing is kept");
    let (shop, erp) = (bench.shop.calls().split_off(shop), bench.erp.calls().split_off(erp));
    assert!(shop.iter().chain(&erp).all(|call| call.method == "GET"), "{shop:?} {erp:?}");
    assert_eq!((shop.len(), erp.len()), reads, "{body}: {shop:?} {erp:?}");
    answer
}

/// System, method and path of each call of a plan.
fn calls(answer: &Value) -> Vec<String> {
    let calls = answer["plan"]["calls"].as_array().expect("calls");
    calls
        .iter()
        .map(|call| ["system", "method", "path"].map(|name| call[name].as_str().expect(name)).join(" "))
        .collect()
}

/// Binds everybody who has one e-mail on both sides, as before going live.
async fn bind(bench: &Bench, link: &str) {
    let path = format!("POST /admin/links/{link}/matching/customers");
    bench.ask(ask(&path)).await.good(200);
    let bound = bench.ask(ask(&format!("{path}/bind"))).await.good(200);
    assert_eq!(bound["phase"], "bound", "{bound}");
}

#[tokio::test]
async fn somebody_new_is_planned_from_either_side() {
    for via in Via::ALL {
        let bench = Bench::new();
        let link = link(&bench).await;
        let id = account(&bench, EMAIL);
        for (body, reads) in [(json!({ "magento_id": id }), (1, 1)), (json!({ "email": " ONE@example.com" }), (2, 1))] {
            let answer = plan(&bench, via, &link, body, reads).await;
            assert_eq!((&answer["result"], &answer["magento_id"]), (&json!("planned"), &json!(id)));
            assert_eq!((&answer["customer_id"], &answer["bound"]), (&Value::Null, &json!(false)));
            assert_eq!(answer["record"], format!("{link}/customer/{id}"));
            assert_eq!(answer["plan"]["outcome"], "create", "{answer}");
            assert_eq!(calls(&answer), ["acumatica PUT Customer"]);
            assert_eq!(answer["plan"]["calls"][0]["body"]["MainContact"]["Email"]["value"], EMAIL);
            assert_eq!(answer["plan"]["assumed"], json!([]), "everything was asked");
        }
        let number = customer(&bench, "erp@example.com");
        for (body, reads) in
            [(json!({ "customer_id": number }), (1, 2)), (json!({ "email": "erp@example.com" }), (2, 2))]
        {
            let answer = plan(&bench, via, &link, body, reads).await;
            assert_eq!(answer["customer_id"], json!(number), "{answer}");
            assert_eq!(
                (answer["plan"]["outcome"].as_str(), calls(&answer)),
                (Some("create"), vec!["magento POST /V1/customers".to_owned()])
            );
        }
    }
}

#[tokio::test]
async fn a_pair_is_planned_against_its_base() {
    let bench = Bench::new();
    let link = link(&bench).await;
    let (id, number) = (account(&bench, EMAIL), customer(&bench, EMAIL));
    let met = plan(&bench, Via::Direct, &link, json!({ "magento_id": id }), (1, 2)).await;
    assert_eq!((met["bound"].as_bool(), met["customer_id"].as_str()), (Some(false), Some(number.as_str())));
    bind(&bench, &link).await;
    let now = bench.time.now();
    bench.shop.with(|shop| shop.edit_customer(now, id, "lastname", json!("Lovelace")));
    let row = |answer: &Value, name: &str| {
        let rows = answer["plan"]["fields"].as_array().expect("fields").iter();
        rows.clone().find(|row| row["field"] == name).cloned().unwrap_or_else(|| panic!("{name}: {answer}"))
    };
    for body in [json!({ "magento_id": id }), json!({ "customer_id": number })] {
        let erp_reads = if body["customer_id"].is_null() { 1 } else { 2 };
        let answer = plan(&bench, Via::Http, &link, body, (1, erp_reads)).await;
        assert_eq!((&answer["bound"], &answer["magento_id"]), (&json!(true), &json!(id)), "{answer}");
        assert_eq!(answer["plan"]["outcome"], "update");
        assert_eq!(answer["plan"]["calls"][0]["body"]["MainContact"]["Attention"]["value"], "Ada Lovelace");
        let name = row(&answer, "name");
        let expected = json!({
            "field": "name", "magento": "Ada | Lovelace", "acumatica": "Ada Byron", "in_step": false, "from": "magento",
            "to": "acumatica", "owner": "acumatica", "changed_by": ["magento"], "conflict": false,
        });
        assert_eq!(name, expected);
        assert_eq!(row(&answer, "email")["changed_by"], json!([]));
    }
}

/// What makes a sync end without a write is the plan's answer, not the operation's failure.
#[tokio::test]
async fn what_stands_in_the_way_is_the_plans_answer() {
    let bench = Bench::new();
    let masked = json!([{ "email": "*@marketplace.example.com", "becomes": "skip" }]);
    let link = linked(&bench, json!({ "masked_emails": masked })).await;
    let id = account(&bench, EMAIL);
    let nobody = account(&bench, "x@marketplace.example.com");
    let stopped = |answer: &Value| {
        assert_eq!(answer["plan"]["calls"], json!([]));
        let finding = &answer["plan"]["findings"][0];
        assert!(!finding["message"].as_str().expect("a sentence").contains('@'), "{finding}");
        [&answer["plan"]["outcome"], &finding["code"]].map(|text| text.as_str().expect("a text").to_owned())
    };
    let answer = plan(&bench, Via::Direct, &link, json!({ "magento_id": nobody }), (1, 0)).await;
    assert_eq!(stopped(&answer), ["skipped", "customers.skipped.masked_email"]);
    customer(&bench, EMAIL);
    customer(&bench, EMAIL);
    let answer = plan(&bench, Via::Direct, &link, json!({ "magento_id": id }), (1, 1)).await;
    assert_eq!(stopped(&answer), ["rejected", "customers.rejected.ambiguous_email"]);
}

/// A customer that is another account's: a sync would stop, and so does its plan.
#[tokio::test]
async fn a_customer_of_another_account_is_not_planned_twice() {
    let bench = Bench::new();
    let link = link(&bench).await;
    let first = account(&bench, EMAIL);
    let number = customer(&bench, EMAIL);
    bind(&bench, &link).await;
    let draft = CustomerDraft { website_id: 2, ..CustomerDraft::new(EMAIL, "Ada", "Byron") };
    let second = bench.shop.with(|shop| shop.add_customer(bench.time.now(), &draft));
    let answer = asked(&bench, Via::Direct, &link, json!({ "magento_id": second })).await.good(200);
    assert_eq!(answer["plan"]["findings"][0]["code"], "customers.rejected.shared_email", "{answer}");
    let answer = asked(&bench, Via::Direct, &link, json!({ "customer_id": number })).await.good(200);
    assert_eq!(answer["magento_id"], json!(first));
}

/// Somebody whom the ERP had first: the account joins that record, and is planned by what it knows.
#[tokio::test]
async fn an_account_joins_the_record_of_its_customer() {
    let bench = Bench::new();
    let link = link(&bench).await;
    customer(&bench, EMAIL);
    let id = account(&bench, EMAIL);
    let note = bench.erp.with(|erp| erp.customers()[0].text("NoteID").expect("a NoteID").to_lowercase());
    let own = format!("{link}/customer/{note}");
    let records = store::Records::new(bench.state.clone(), bench.time.clone());
    assert_eq!(records.claim_target(&link, "customer", &note, &own).await.unwrap(), None);
    let answer = plan(&bench, Via::Direct, &link, json!({ "magento_id": id }), (1, 2)).await;
    assert_eq!((answer["record"].as_str(), answer["plan"]["outcome"].as_str()), (Some(own.as_str()), Some("update")));
}

#[tokio::test]
async fn an_account_that_is_gone_is_planned_where_a_partner_is_left() {
    let bench = Bench::new();
    let link = linked(&bench, json!({ "gone": { "from_magento": "deactivate" } })).await;
    let number = customer(&bench, "left@example.com");
    let bound = Bound {
        target: number.clone(),
        revision: Revision("-".to_owned()),
        fingerprint: Fingerprint("{}".to_owned()),
        unfinished: false,
    };
    let adopt = |record: store::Record| record.adopt("worker", bound).unwrap().finish("worker", None).unwrap();
    bench.record(&format!("{link}/customer/4711"), adopt).await;
    let answer = plan(&bench, Via::Direct, &link, json!({ "magento_id": 4711 }), (1, 1)).await;
    assert_eq!((&answer["magento_id"], &answer["customer_id"]), (&Value::Null, &json!(number)));
    assert_eq!(calls(&answer), ["acumatica PUT Customer"]);
    assert_eq!(answer["plan"]["calls"][0]["body"]["Status"]["value"], "Inactive");
}

#[tokio::test]
async fn a_name_without_one_customer_is_answered_with_what_was_found() {
    let bench = Bench::new();
    let link = link(&bench).await;
    let twin = |website: u32| {
        let draft = CustomerDraft { website_id: website, ..CustomerDraft::new("twin@example.com", "Ada", "Byron") };
        bench.shop.with(|shop| shop.add_customer(bench.time.now(), &draft))
    };
    let twins = [twin(1), twin(2)];
    let shared = [customer(&bench, "shared@example.com"), customer(&bench, "shared@example.com")];
    let none = json!({ "result": "not_found", "found": [] });
    let accounts = json!([{ "magento_id": twins[0], "website_id": 1 }, { "magento_id": twins[1], "website_id": 2 }]);
    let numbers = json!([{ "customer_id": shared[0] }, { "customer_id": shared[1] }]);
    let note = "0f0f0f0f-1111-2222-3333-444444444444";
    for (body, reads, expected) in [
        (json!({ "email": "nobody@example.com" }), (1, 1), none.clone()),
        (json!({ "magento_id": 4711 }), (1, 0), none.clone()),
        (json!({ "customer_id": "C009999" }), (0, 1), none.clone()),
        (json!({ "customer_id": note }), (0, 1), none),
        (json!({ "email": "twin@example.com" }), (1, 0), json!({ "result": "several", "found": accounts })),
        (json!({ "email": "shared@example.com" }), (1, 1), json!({ "result": "several", "found": numbers })),
    ] {
        assert_eq!(plan(&bench, Via::Http, &link, body, reads).await, expected);
    }
}

#[tokio::test]
async fn one_name_is_asked_for_and_customers_must_be_synced() {
    let bench = Bench::new();
    let on = link(&bench).await;
    for body in [
        json!({}),
        json!({ "email": " " }),
        json!({ "email": EMAIL, "magento_id": 1 }),
        json!({ "customer_id": "a/b" }),
    ] {
        let refused = asked(&bench, Via::Http, &on, body).await;
        assert_eq!(
            refused.refused(400),
            "Name one customer: `email`, `magento_id` or `customer_id`; one of the three."
        );
    }
    assert_eq!(asked(&bench, Via::Http, &on, json!({ "name": "Ada" })).await.status, 400);
    assert_eq!(asked(&bench, Via::Http, "abcd2345", json!({ "magento_id": 1 })).await.status, 404);
    let off = bench.link().await;
    let answer = plan(&bench, Via::Direct, &off, json!({ "magento_id": 1 }), (0, 0)).await;
    assert_eq!(answer["plan"]["findings"][0]["code"], "customers.skipped.disabled");
}

#[tokio::test]
async fn a_platform_that_does_not_answer_is_named() {
    for (at_erp, path, body) in [
        (false, "/customers/search", json!({ "email": EMAIL })),
        (false, "/customers/1", json!({ "magento_id": 1 })),
        (true, "/Customer", json!({ "magento_id": 1 })),
        (true, "/Customer", json!({ "customer_id": "C000001" })),
    ] {
        let bench = Bench::new();
        let link = link(&bench).await;
        account(&bench, EMAIL);
        let planned = Planned { method: "GET".to_owned(), path_part: path.to_owned(), fault: Fault::Refused };
        let code = if at_erp { "acumatica.not_ready.unreachable" } else { "magento.not_ready.unreachable" };
        match at_erp {
            true => bench.erp.plan(planned),
            false => bench.shop.plan(planned),
        }
        let refused = asked(&bench, Via::Http, &link, body).await;
        assert!(refused.refused(502).contains(code), "{path}: {refused:?}");
        assert_eq!(refused.body["code"], code);
        assert!(!refused.body.to_string().contains('@'), "{}", refused.body);
    }
}
