//! Deliveries of events and their retries.

use std::time::Duration;

use super::*;

#[test]
fn a_delivery_holds_the_order_and_its_signature() {
    let mut shop = shop();
    let id = shop.insert_document(json!({"entity_id": 16, "name": "Café"}));
    let signed = shop.event(id, "sales.order.created", "verification-token", &Scheme::HmacSha256Hex).unwrap();
    assert_eq!(signed.body, r#"{"data":{"entity_id":16,"name":"Caf\u00e9"}}"#.as_bytes());
    // Computed with Python 3's hmac over that body.
    let signature = "c76606ee30f6d00a2211c0c5b9c06b06dd94f0c2ce710e66d1efc71cf9e5fe4b";
    assert_eq!(signed.headers[1], ("x-magento-signature".to_owned(), signature.to_owned()));
    let scheme = Scheme::SharedSecret { header: "x-shop-secret".into() };
    let plain = shop.event(id, "sales.order.updated", "s3cret", &scheme).unwrap();
    assert_eq!(plain.headers[1], ("x-shop-secret".to_owned(), "s3cret".to_owned()));
    assert_eq!(plain.body, signed.body);
    for (order, name) in [(99, "sales.order.created"), (id, "sales.order.deleted")] {
        assert_eq!(shop.event(order, name, "s", &scheme), None, "{order} {name}");
    }
}

#[test]
fn tries_follow_the_modules_rules() {
    let answered = |status: u16| Reply::Answered { status, retry_after: None };
    let asking = |seconds: &str| Reply::Answered { status: 503, retry_after: Some(seconds.into()) };
    let wait = |seconds: u64| Next::TryAfter(Duration::from_secs(seconds));
    let table = [
        ("delivered at once", vec![(answered(202), Next::Done)]),
        ("a redirect is no error", vec![(answered(302), Next::Done)]),
        (
            "n² seconds, five tries",
            vec![
                (answered(500), wait(1)),
                (answered(404), wait(4)),
                (answered(503), wait(9)),
                (answered(500), wait(16)),
                (answered(500), Next::Lost),
            ],
        ),
        ("Retry-After in seconds is honoured", vec![(asking("120"), wait(120)), (answered(200), Next::Done)]),
        ("Retry-After as a date is not", vec![(asking("Mon, 11 Mar 2024 09:20:00 GMT"), wait(1))]),
        ("no connection, no retry", vec![(Reply::NoAnswer, Next::Lost)]),
    ];
    for (case, steps) in table {
        let mut tries = Tries::default();
        for (reply, next) in steps {
            assert_eq!(tries.after(&reply), next, "{case}: {reply:?}");
        }
    }
}
