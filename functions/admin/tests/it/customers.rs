//! What an operator asks about one customer, through both doors.

use queue::{Cause, Name};
use seams::clock::Clock;
use serde_json::{Value, json};
use simulators::fault::{Fault, Planned};
use simulators::magento::CustomerDraft;
use store::record::{Bound, Revision};

use crate::asking::{Answer, Via, ask};
use crate::bench::{Bench, settings_with};

/// A link that syncs customers: one with an account of each website, one in the shop, two in the ERP, and two there that share an e-mail.
struct Scene {
    bench: Bench,
    link: String,
    accounts: [u64; 3],
    numbers: [String; 3],
    note: String,
}

impl Scene {
    async fn new() -> Self {
        let bench = Bench::new();
        let customers = json!({ "enabled": true, "default": {} });
        let settings = settings_with(&[("/customers", customers)]);
        let made = bench.ask(ask("PUT /admin/settings").body(settings)).await.good(201);
        let now = bench.time.now();
        let account = |email: &str, website: u32| {
            let draft = CustomerDraft { website_id: website, ..CustomerDraft::new(email, "Ada", "Byron") };
            bench.shop.with(|shop| shop.add_customer(now, &draft))
        };
        let accounts = [account("one@example.com", 1), account("twin@example.com", 1), account("twin@example.com", 2)];
        let customer = |email: &str| bench.erp.with(|erp| erp.add_customer("Ada Byron", email));
        let numbers = [customer("Erp@Example.com"), customer("shared@example.com"), customer("shared@example.com")];
        let note = bench.erp.with(|erp| erp.customers()[0].text("NoteID").expect("a NoteID").to_lowercase());
        let link = made["link"].as_str().expect("an id").to_owned();
        Self { bench, link, accounts, numbers, note }
    }

    async fn ask(&self, via: Via, what: &str, body: Value) -> Answer {
        self.bench.via(via, &ask(&format!("POST /admin/links/{}/customers/{what}", self.link)).body(body)).await
    }

    fn event(&self, id: impl ToString) -> (String, String, Cause) {
        (self.link.clone(), id.to_string(), Cause::Operator)
    }
}

#[tokio::test]
async fn customers_are_synced_by_what_an_operator_calls_them() {
    for via in Via::ALL {
        let scene = Scene::new().await;
        let ([one, twin, twins_twin], [erp, shared, shared_too]) = (scene.accounts, &scene.numbers);
        let cases = [
            (
                json!({ "emails": [" ONE@example.com"] }),
                json!({ "magento_id": one, "result": "enqueued" }),
                Some(one.to_string()),
            ),
            (
                json!({ "emails": ["erp@example.com"] }),
                json!({ "customer_id": erp, "result": "enqueued" }),
                Some(scene.note.clone()),
            ),
            (json!({ "emails": ["nobody@example.com"] }), json!({ "result": "not_found" }), None),
            (
                json!({ "emails": ["twin@example.com"] }),
                json!({ "result": "several", "found": [
                    { "magento_id": twin, "website_id": 1 }, { "magento_id": twins_twin, "website_id": 2 },
                ] }),
                None,
            ),
            (
                json!({ "emails": ["shared@example.com"] }),
                json!({ "result": "several", "found": [{ "customer_id": shared }, { "customer_id": shared_too }] }),
                None,
            ),
            (
                json!({ "magento_ids": [one] }),
                json!({ "magento_id": one, "result": "enqueued" }),
                Some(one.to_string()),
            ),
            (json!({ "magento_ids": [4711] }), json!({ "magento_id": 4711, "result": "not_found" }), None),
            (
                json!({ "customer_ids": [erp] }),
                json!({ "customer_id": erp, "result": "enqueued" }),
                Some(scene.note.clone()),
            ),
            (
                json!({ "customer_ids": [scene.note] }),
                json!({ "customer_id": scene.note, "result": "enqueued" }),
                Some(scene.note.clone()),
            ),
            (json!({ "customer_ids": ["C009999"] }), json!({ "customer_id": "C009999", "result": "not_found" }), None),
            (json!({ "customer_ids": ["a/b"] }), json!({ "customer_id": "a/b", "result": "not_found" }), None),
        ];
        for (request, mut expected, enqueued) in cases {
            if let Some(email) = request.pointer("/emails/0") {
                expected["email"] = email.clone();
            }
            let answer = scene.ask(via, "sync", request.clone()).await.good(202);
            assert_eq!(answer, json!({ "results": [expected] }), "{request}");
            let events: Vec<_> = enqueued.map(|id| scene.event(id)).into_iter().collect();
            assert_eq!(scene.bench.take_of(Name::Customers), events, "{request}");
        }
        assert_eq!(scene.bench.take(), [], "no order's event");
    }
}

/// Something may have to become of the partner.
#[tokio::test]
async fn whoever_is_gone_is_synced_where_a_partner_is_left() {
    let scene = Scene::new().await;
    let note = "0f0f0f0f-1111-2222-3333-444444444444";
    for id in ["4711", note] {
        let bound = Bound {
            target: "there".to_owned(),
            revision: Revision("-".to_owned()),
            fingerprint: store::record::Fingerprint("{}".to_owned()),
            unfinished: false,
        };
        let adopt = |record: store::Record| record.adopt("worker", bound).unwrap().finish("worker", None).unwrap();
        scene.bench.record(&format!("{}/customer/{id}", scene.link), adopt).await;
    }
    let request = json!({ "magento_ids": [4711, 4712], "customer_ids": [note.to_uppercase()] });
    let answer = scene.ask(Via::Http, "sync", request).await.good(202);
    let results: Vec<&Value> =
        answer["results"].as_array().expect("results").iter().map(|one| &one["result"]).collect();
    assert_eq!(results, ["enqueued", "not_found", "enqueued"]);
    assert_eq!(scene.bench.take_of(Name::Customers), [scene.event(4711), scene.event(note)]);
}

#[tokio::test]
async fn one_to_fifty_customers_are_named() {
    let scene = Scene::new().await;
    let refusal = |count: usize| {
        format!("Name 1 to 50 customers in `emails`, `magento_ids` or `customer_ids`; there are {count}.")
    };
    for (emails, accounts, customers) in [(0, 0, 0), (51, 0, 0), (20, 20, 11)] {
        let request = json!({
            "emails": vec!["one@example.com"; emails], "magento_ids": vec![1; accounts],
            "customer_ids": vec!["C000001"; customers],
        });
        let refused = scene.ask(Via::Http, "sync", request).await;
        assert_eq!(refused.refused(400), refusal(emails + accounts + customers));
    }
    assert_eq!(scene.ask(Via::Http, "sync", json!({ "names": ["Ada"] })).await.status, 400);
    assert_eq!((scene.bench.take_of(Name::Customers), scene.bench.shop.calls()), (vec![], vec![]), "nothing was done");
}

#[tokio::test]
async fn a_platform_that_does_not_answer_is_said_to() {
    for (platform, path_part, request) in [
        ("magento", "/customers/search", json!({ "emails": ["one@example.com"] })),
        ("magento", "/customers/1", json!({ "magento_ids": [1] })),
        ("acumatica", "/Customer", json!({ "emails": ["nobody@example.com"] })),
        ("acumatica", "/Customer", json!({ "customer_ids": ["C000001"] })),
    ] {
        let scene = Scene::new().await;
        let planned = Planned { method: "GET".to_owned(), path_part: path_part.to_owned(), fault: Fault::Refused };
        match platform {
            "magento" => scene.bench.shop.plan(planned),
            _ => scene.bench.erp.plan(planned),
        }
        let refused = scene.ask(Via::Http, "sync", request.clone()).await;
        assert_eq!((refused.status, &refused.body["code"]), (502, &json!(format!("{platform}.not_ready.unreachable"))));
        assert!(!refused.body.to_string().contains("@example.com"), "{}", refused.body);
        assert_eq!(scene.bench.take_of(Name::Customers), [], "{request}");
    }
}

#[tokio::test]
async fn erasing_needs_one_name_of_one_person() {
    for via in Via::ALL {
        let scene = Scene::new().await;
        for request in [
            json!({}),
            json!({ "email": " " }),
            json!({ "email": "one@example.com", "magento_id": 1 }),
            json!({ "magento_id": 0 }),
            json!({ "customer_id": "a/b" }),
        ] {
            let refused = scene.ask(via, "erase", request).await;
            let sentence = "Name one customer: `email`, `magento_id` or `customer_id`; one of the three.";
            assert_eq!(refused.refused(400), sentence);
        }
        assert_eq!(scene.ask(via, "erase", json!({ "magento_id": "1" })).await.status, 400);
        let answer = scene.ask(via, "erase", json!({ "email": "one@example.com" })).await.good(200);
        let nothing = json!({
            "records": 0, "guards": 0, "aliases": 0, "orders": 0, "log_entries": 0, "matching": 0,
        });
        assert_eq!(answer, json!({ "link": scene.link, "platforms_asked": true, "erased": nothing }));
    }
}
