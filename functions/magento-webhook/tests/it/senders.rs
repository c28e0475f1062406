//! The senders beside async-events: what each must prove, what is answered to it, and what its bodies lead to.

use super::common::{Answer, Shop, base64, keys, signature};
use flows::link::Activation;
use proptest::prelude::*;
use serde_json::{Value, json};

const LINK: &str = "abcd2345";
const CLIENT: &str = "ca7b36f23be94dcb9d2ebb97f0276e3f";
const SAVED: &str = "com.adobe.commerce.observer.sales_order_save_commit_after";

fn shop(activation: Activation) -> Shop {
    Shop::with(
        activation,
        json!({
            "scheme": "hmac_sha256",
            "adobe_commerce": { "public_keys": [keys::ONE, keys::TWO] },
            "adobe_io": { "client_id": CLIENT },
            "mageplaza": { "header": "X-Shop-Secret" },
        }),
    )
}

/// A request to a path below the link, with these headers.
fn send(shop: &Shop, path: &[&str], headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = super::common::request(LINK, path.last().unwrap(), None, body);
    if let [sender, _] = path {
        request["pathParameters"]["sender"] = (*sender).into();
    }
    for (name, value) in headers {
        request["headers"][*name] = (*value).into();
    }
    shop.receive(request)
}

fn hook(shop: &Shop, event: &str, key: usize, body: &str) -> Answer {
    let signed = keys::sign(key, base64(body.as_bytes()).as_bytes());
    send(shop, &["adobe-commerce", event], &[("x-adobe-commerce-webhook-signature", &signed)], body)
}

fn delivery(shop: &Shop, key: usize, body: &str) -> Answer {
    let (signed, path) = (keys::sign(key, body.as_bytes()), ["/one.pem", "/two.pem"][key - 1]);
    let names = [
        ("x-adobe-digital-signature-1", "x-adobe-public-key1-path"),
        ("x-adobe-digital-signature-2", "x-adobe-public-key2-path"),
    ];
    let (of, at) = names[key - 1];
    send(shop, &["adobe-io"], &[(of, &signed), (at, path)], body)
}

fn cloud(kind: &str, value: Value) -> Value {
    json!({ "type": kind, "recipient_client_id": CLIENT, "id": "77", "data": { "key": "k", "value": value } })
}

#[test]
fn customers_of_async_events_go_to_their_own_queue() {
    let shop = shop(Activation::Active);
    for (event, body, expected) in [
        ("customer.created", json!({"data": {"id": 3, "addresses": [{"id": 9, "customer_id": 3}]}}), "customer 3"),
        ("customer.login", json!({"data": {"id": "4"}}), "customer 4"),
        ("customer.address.updated", json!({"data": {"id": 9, "customer_id": 5}}), "customer 5"),
        ("sales.order.updated", json!({"data": {"entity_id": 12, "customer_id": 5}}), "order 12"),
    ] {
        let body = body.to_string();
        assert_eq!(shop.post(LINK, event, Some(&signature("new-secret", &body)), &body).status, 202, "{event}");
        assert_eq!(shop.hints().pop().as_deref(), Some(expected), "{event}");
    }
    assert!(shop.log().contains("Accepted an event of customer 5"), "{}", shop.log());
}

#[test]
fn a_hook_that_is_the_shops_own_never_stops_the_shopper() {
    let good = r#"{"order":{"entity_id":"12"}}"#;
    let event = "observer.sales_order_save_commit_after";
    for (name, activation, event, key, body, hints, reason) in [
        ("fine", Activation::Active, event, 1, good, vec!["order 12"], None),
        ("the other key", Activation::Active, event, 2, good, vec!["order 12"], None),
        ("without prefix", Activation::Active, "order_cancel_after", 1, good, vec!["order 12"], None),
        (
            "a customer",
            Activation::Paused,
            "customer_delete_after",
            1,
            r#"{"customer":{"entity_id":3}}"#,
            vec!["customer 3"],
            None,
        ),
        (
            "two orders",
            Activation::Active,
            "checkout_submit_all_after",
            1,
            r#"{"orders":[{"entity_id":13},{"entity_id":12}]}"#,
            vec!["order 12", "order 13"],
            None,
        ),
        ("no id", Activation::Active, event, 1, "{}", vec![], Some("no_id")),
        ("not json", Activation::Active, event, 1, "x", vec![], Some("not_json")),
        ("inactive", Activation::Inactive, event, 1, good, vec![], Some("inactive")),
        ("stopped", Activation::Stopped, event, 1, good, vec![], Some("stopped")),
    ] {
        let shop = shop(activation);
        let answer = hook(&shop, event, key, body);
        assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"op":"success"}"#), "{name}");
        assert_eq!(answer.content_type.as_deref(), Some("application/json"), "{name}");
        assert_eq!(shop.hints(), hints, "{name}");
        assert_eq!(shop.refused(), reason.into_iter().collect::<Vec<_>>(), "{name}");
    }
    let shop = shop(Activation::Active);
    shop.queue.break_down();
    assert_eq!(hook(&shop, event, 1, good).status, 200);
    assert_eq!((shop.refused(), shop.ours()), (vec!["queue_away".to_owned()], 1), "somebody is told");
}

#[test]
fn a_hook_of_anybody_else_is_refused() {
    const BODY: &str = r#"{"order":{"entity_id":"12"}}"#;
    const EVENT: &str = "observer.sales_order_save_commit_after";
    let signed = keys::sign(1, base64(BODY.as_bytes()).as_bytes());
    let of_the_body_itself = keys::sign(1, BODY.as_bytes());
    let name = "x-adobe-commerce-webhook-signature";
    for (case, event, headers, body, status, reason) in [
        ("another body", EVENT, vec![(name, signed.as_str())], r#"{"order":{"entity_id":"13"}}"#, 401, "bad_signature"),
        ("over the body itself", EVENT, vec![(name, &of_the_body_itself)], BODY, 401, "bad_signature"),
        ("unsigned", EVENT, vec![], BODY, 401, "no_signature"),
        ("a secret instead", EVENT, vec![("x-shop-secret", "new-secret")], BODY, 401, "no_signature"),
        ("unknown event", "observer.catalog_product_save_after", vec![(name, &signed)], BODY, 404, "unknown_event"),
        ("an event of async-events", "sales.order.created", vec![(name, &signed)], BODY, 404, "unknown_event"),
    ] {
        let shop = shop(Activation::Active);
        let answer = send(&shop, &["adobe-commerce", event], &headers, body);
        assert_eq!((answer.status, shop.refused()), (status, vec![reason.to_owned()]), "{case}");
        assert_eq!((shop.hints().len(), shop.ours()), (0, 0), "{case}");
    }
}

#[test]
fn adobe_delivers_one_by_one_and_in_batches() {
    let order = |id: Value| cloud(SAVED, json!({ "entity_id": id, "customer_id": "3" }));
    let customer = cloud("com.adobe.commerce.observer.customer_save_after_data_object", json!({ "id": 3 }));
    let product = cloud("com.adobe.commerce.observer.catalog_product_save_commit_after", json!({ "sku": "x" }));
    let other = json!({ "type": SAVED, "recipient_client_id": "x", "data": { "value": { "entity_id": "12" } } });
    for (name, body, status, hints, refused) in [
        ("one", order(json!("12")), 202, vec!["order 12"], vec![]),
        (
            "a batch",
            json!([order(json!("12")), customer, order(json!(12))]),
            202,
            vec!["order 12", "customer 3"],
            vec![],
        ),
        ("with an unknown type", json!([product, order(json!("12"))]), 202, vec!["order 12"], vec!["unknown_event"]),
        ("only unknown types", product, 202, vec![], vec!["unknown_event"]),
        ("one without an id", json!([order(json!(null)), order(json!(12))]), 202, vec!["order 12"], vec!["no_id"]),
        ("none with an id", json!([order(json!("x"))]), 400, vec![], vec!["no_id"]),
        ("nothing", json!([]), 202, vec![], vec![]),
        ("for another client", json!([order(json!(12)), other]), 403, vec![], vec!["wrong_recipient"]),
        ("no event", json!("12"), 400, vec![], vec!["wrong_shape"]),
    ] {
        let shop = shop(Activation::Active);
        let answer = delivery(&shop, 1, &body.to_string());
        assert_eq!(
            (answer.status, shop.hints(), shop.refused()),
            (status, hints.into_iter().map(str::to_owned).collect(), refused.into_iter().map(str::to_owned).collect()),
            "{name}"
        );
    }
}

#[test]
fn adobes_signature_decides_and_its_keys_are_fetched_once() {
    let body = cloud(SAVED, json!({ "entity_id": "12" })).to_string();
    let shop_ = shop(Activation::Active);
    assert_eq!((delivery(&shop_, 1, &body).status, delivery(&shop_, 2, &body).status), (202, 202));
    assert_eq!((delivery(&shop_, 1, &body).status, delivery(&shop_, 2, &body).status), (202, 202));
    assert_eq!(shop_.adobe.asked().len(), 2, "each key once");

    let signed = keys::sign(1, body.as_bytes());
    let (of, at) = ("x-adobe-digital-signature-1", "x-adobe-public-key1-path");
    for (name, headers, body, status, reason) in [
        ("another body", vec![(of, signed.as_str()), (at, "/one.pem")], "{}", 401, "bad_signature"),
        ("another key", vec![(of, &signed), (at, "/two.pem")], &body, 401, "bad_signature"),
        ("no such key", vec![(of, &signed), (at, "/none.pem")], &body, 401, "bad_signature"),
        ("a key elsewhere", vec![(of, &signed), (at, "@evil.example/one.pem")], &body, 401, "bad_signature"),
        ("no key", vec![(of, &signed)], &body, 401, "no_signature"),
        ("unsigned", vec![], &body, 401, "no_signature"),
        ("a validation URL", vec![], r#"{"validationUrl":"https://evil.example/"}"#, 401, "no_signature"),
    ] {
        let shop = shop(Activation::Active);
        let answer = send(&shop, &["adobe-io"], &headers, body);
        assert_eq!((answer.status, shop.refused()), (status, vec![reason.to_owned()]), "{name}");
        assert_eq!(shop.hints().len(), 0, "{name}");
    }
    let away = shop(Activation::Active);
    away.adobe.go_away();
    let answer = delivery(&away, 1, &body);
    assert_eq!((answer.status, answer.retry_after.as_deref()), (503, Some("30")), "Adobe sends again");
    assert_eq!((away.refused(), away.ours()), (vec!["key_away".to_owned()], 1));
    for activation in [Activation::Inactive, Activation::Stopped] {
        assert_eq!(delivery(&shop(activation), 1, &body).status, 503);
    }
}

#[test]
fn the_handshake_sends_back_plain_text_as_json() {
    let ask = |shop: &Shop, event: &str, query: Value| {
        let mut request = super::common::request(LINK, event, None, "");
        request["requestContext"]["http"]["method"] = "GET".into();
        request["queryStringParameters"] = query;
        shop.receive(request)
    };
    let known = "0a1b2c3d-4e5f-6789-abcd-ef0123456789";
    let shop_ = shop(Activation::Inactive);
    let answer = ask(&shop_, "adobe-io", json!({ "challenge": known }));
    assert_eq!(
        (answer.status, answer.content_type.as_deref()),
        (200, Some("application/json")),
        "before it is activated"
    );
    assert_eq!(answer.body, json!({ "challenge": known }).to_string());
    for (name, event, query, status) in [
        ("none", "adobe-io", json!(null), 400),
        ("empty", "adobe-io", json!({ "challenge": "" }), 400),
        ("with a space", "adobe-io", json!({ "challenge": "a b" }), 400),
        ("with a line", "adobe-io", json!({ "challenge": "a\r\nb" }), 400),
        ("not ASCII", "adobe-io", json!({ "challenge": "ä" }), 400),
        ("long", "adobe-io", json!({ "challenge": "a".repeat(257) }), 400),
        ("of another sender", "sales.order.created", json!({ "challenge": "a" }), 404),
    ] {
        let answer = ask(&shop_, event, query);
        assert_eq!((answer.status, answer.body.contains("challenge\":")), (status, false), "{name}");
    }
    assert_eq!((shop_.hints().len(), shop_.adobe.asked().len()), (0, 0));
    assert_eq!(ask(&Shop::new(Activation::Active), "adobe-io", json!({ "challenge": known })).status, 404);
}

#[test]
fn bodies_that_a_merchant_wrote_are_read_as_far_as_they_can_be() {
    let good = r#"{"id":"16","customer_email":"canary@example.com"}"#;
    for (name, entity, secret, body, status, hint, reason) in [
        ("fine", "order", Some("new-secret"), good, 202, Some("order 16"), None),
        ("the other secret", "order", Some("old-secret"), good, 202, Some("order 16"), None),
        ("a customer", "customer", Some("new-secret"), good, 202, Some("customer 16"), None),
        ("broken", "order", Some("new-secret"), r#"{"id":"16","name":"The "Cat""}"#, 202, Some("order 16"), None),
        (
            "not to be read",
            "order",
            Some("new-secret"),
            r#"{"name":"a"b","id":"1","order_id":"2"}"#,
            400,
            None,
            Some("not_json"),
        ),
        ("no id", "order", Some("new-secret"), r#"{"increment_id":"16"}"#, 400, None, Some("no_id")),
        ("another secret", "order", Some("new-secre"), good, 401, None, Some("bad_signature")),
        ("a signature instead", "order", Some(&signature("new-secret", good)), good, 401, None, Some("bad_signature")),
        ("none", "order", None, good, 401, None, Some("no_signature")),
        ("unknown entity", "product", Some("new-secret"), good, 404, None, Some("unknown_event")),
    ] {
        let shop = shop(Activation::Active);
        let headers: Vec<(&str, &str)> = secret.map(|secret| ("x-shop-secret", secret)).into_iter().collect();
        let answer = send(&shop, &["mageplaza", entity], &headers, body);
        assert_eq!((answer.status, shop.hints().pop().as_deref()), (status, hint), "{name}");
        assert_eq!(shop.refused(), reason.into_iter().collect::<Vec<_>>(), "{name}");
        assert!(!shop.log().contains("canary"), "{name}");
    }
}

#[test]
fn a_sender_that_is_not_set_up_does_not_exist() {
    let shop = Shop::new(Activation::Active);
    let unknown = shop.post(LINK, "catalog.product.created", None, "{}");
    let event = r#"{"order":{"entity_id":"12"}}"#;
    for answer in [
        hook(&shop, "order_cancel_after", 1, event),
        delivery(&shop, 1, &cloud(SAVED, json!({ "entity_id": "12" })).to_string()),
        send(&shop, &["mageplaza", "order"], &[("x-shop-secret", "new-secret")], event),
        send(&shop, &["elsewhere", "order"], &[("x-shop-secret", "new-secret")], event),
    ] {
        assert_eq!((answer.status, &answer.body), (404, &unknown.body));
    }
    assert_eq!((shop.hints().len(), shop.adobe.asked().len()), (0, 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What is proven to come from the shop may still hold anything.
    #[test]
    fn nothing_is_enqueued_without_a_valid_id(raw in "[\\[\\]{}\":,a-z0-9_ -]{0,60}|\\{\"(id|entity_id)\": ?\"?-?[0-9]{0,22}\"?.{0,4}\\}") {
        let shop = shop(Activation::Active);
        for answer in [
            shop.post(LINK, "sales.order.created", Some(&signature("new-secret", &raw)), &raw),
            shop.post(LINK, "customer.updated", Some(&signature("new-secret", &raw)), &raw),
            send(&shop, &["mageplaza", "order"], &[("x-shop-secret", "new-secret")], &raw),
            hook(&shop, "order_cancel_after", 1, &raw),
            delivery(&shop, 1, &raw),
        ] {
            prop_assert!(matches!(answer.status, 200 | 202 | 400 | 403), "{}: {}", answer.status, raw);
        }
        for hint in shop.sent() {
            prop_assert!(hint.source_id.parse::<u64>().is_ok_and(|id| id > 0), "{}", hint.source_id);
        }
    }
}

/// `MAGENTO_SAMPLES` names a folder whose folder `events` holds bodies as senders print them.
#[test]
#[expect(clippy::disallowed_methods, reason = "where the samples are is the tester's affair")]
fn sample_bodies_name_their_records() {
    let Ok(folder) = std::env::var("MAGENTO_SAMPLES") else {
        println!("skipped: MAGENTO_SAMPLES is not set");
        return;
    };
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/events/{name}.json")).unwrap();
    let shop = shop(Activation::Active);
    let order = read("constructed-io-event-order-save-commit-after");
    assert_eq!(delivery(&shop, 1, &order).status, 202);
    let product = read("doc-io-event-product-save-commit-after");
    assert_eq!(delivery(&shop, 2, &product).status, 202);
    let sample: Value = serde_json::from_str(&read("constructed-mageos-async-event-order-created")).unwrap();
    let body = sample["request"]["body"].to_string();
    assert_eq!(shop.post(LINK, "sales.order.created", Some(&signature("old-secret", &body)), &body).status, 202);
    let template = read("constructed-mageplaza-order-body");
    assert_eq!(send(&shop, &["mageplaza", "order"], &[("x-shop-secret", "new-secret")], &template).status, 202);
    assert_eq!(shop.hints(), ["order 3", "order 16", "order 16"]);
    assert_eq!(shop.refused(), ["unknown_event"], "products are nobody's yet");
    let hooks = [read("doc-webhook-product-update-payload"), read("doc-commerce-event-product-save-after-full")];
    for body in hooks {
        assert_eq!(hook(&shop, "observer.catalog_product_save_after", 1, &body).status, 404);
    }
    assert_eq!(shop.hints().len(), 3);
}
