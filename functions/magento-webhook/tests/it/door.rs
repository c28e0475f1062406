//! Every status of the door and what goes with it, with events of the async-events module.

use super::common::{BODY, Shop, signature};
use flows::link::Activation;
use serde_json::json;

#[test]
fn every_status_has_its_cause_and_only_202_enqueues() {
    let signed = signature("new-secret", BODY);
    let old = signature("old-secret", BODY);
    let wrong = signature("canary", BODY);
    let (paused, inactive, stopped) = (Activation::Paused, Activation::Inactive, Activation::Stopped);
    let active = Activation::Active;
    let created = "sales.order.created";
    for (name, activation, link, event, header, body, status, reason) in [
        ("fine", active, "abcd2345", created, Some(signed.as_str()), BODY, 202, ""),
        ("the other live secret", active, "abcd2345", created, Some(&old), BODY, 202, ""),
        ("paused collects", paused, "abcd2345", "sales.order.cancelled", Some(&signed), BODY, 202, ""),
        ("inactive", inactive, "abcd2345", created, Some(&signed), BODY, 503, "inactive"),
        ("stopped", stopped, "abcd2345", created, Some(&signed), BODY, 503, "stopped"),
        ("unknown link", active, "zzzz2345", created, Some(&signed), BODY, 404, "unknown_link"),
        ("no id at all", active, "../admin", created, Some(&signed), BODY, 404, "unknown_link"),
        (
            "not an event of ours",
            active,
            "abcd2345",
            "catalog.product.created",
            Some(&signed),
            BODY,
            404,
            "unknown_event",
        ),
        ("no event", active, "abcd2345", "", Some(&signed), BODY, 404, "unknown_event"),
        ("wrong signature", active, "abcd2345", created, Some(&wrong), BODY, 401, "bad_signature"),
        ("of another body", active, "abcd2345", created, Some(&signed), "{}", 401, "bad_signature"),
        ("no signature", active, "abcd2345", created, None, BODY, 401, "no_signature"),
        ("empty signature", active, "abcd2345", created, Some(""), BODY, 401, "no_signature"),
        ("not json", active, "abcd2345", created, Some(&signature("new-secret", "canary")), "canary", 400, "not_json"),
        ("no order", active, "abcd2345", created, Some(&signature("new-secret", "{}")), "{}", 400, "no_id"),
        ("empty", active, "abcd2345", created, Some(&signature("new-secret", "")), "", 400, "not_json"),
    ] {
        let shop = Shop::new(activation);
        let answer = shop.post(link, event, header, body);
        assert_eq!(answer.status, status, "{name}: {}", answer.body);
        assert_eq!(shop.sent().len(), usize::from(status == 202), "{name}");
        assert_eq!(
            shop.refused(),
            [reason].into_iter().filter(|reason| !reason.is_empty()).collect::<Vec<_>>(),
            "{name}"
        );
        assert_eq!(shop.ours(), 0, "{name}: nobody is to be called for what others do");
        assert_eq!(answer.retry_after.is_some(), status == 503, "{name}");
        if status == 202 {
            assert_eq!((answer.body.as_str(), answer.content_type.as_deref()), ("", None), "{name}");
        } else {
            assert_eq!(answer.content_type.as_deref(), Some("application/problem+json"), "{name}");
            let problem: serde_json::Value = serde_json::from_str(&answer.body).expect(name);
            assert_eq!(problem["status"], status, "{name}");
            assert!(!answer.body.contains("canary"), "{name}: {}", answer.body);
        }
    }
}

#[test]
fn an_unknown_link_and_an_unknown_event_are_told_alike() {
    let shop = Shop::new(Activation::Active);
    let link = shop.post("zzzz2345", "sales.order.created", None, BODY);
    let event = shop.post("abcd2345", "sales.shipment.created", None, BODY);
    assert_eq!((link.status, &link.body), (event.status, &event.body));
}

#[test]
fn the_hint_holds_the_id_and_nothing_else_of_the_event() {
    let shop = Shop::new(Activation::Active);
    let body = r#"{"data":{"entity_id":"0012","customer_email":"canary@example.com"}}"#;
    assert_eq!(shop.post("abcd2345", "sales.order.updated", Some(&signature("new-secret", body)), body).status, 202);
    assert_eq!(shop.post("abcd2345", "sales.order.updated", Some(&signature("new-secret", body)), body).status, 202);
    let sent = shop.sent();
    assert_eq!(
        serde_json::to_value(&sent[0]).unwrap(),
        json!({
            "link": "abcd2345",
            "entity": "order",
            "source_id": "12",
            "cause": "webhook",
            "occurred_at": "2026-11-23T04:00:00Z",
            "event_id": sent[0].event_id,
        })
    );
    assert_ne!(sent[0].event_id, sent[1].event_id, "the same event sent twice is two hints");
}

#[test]
fn the_body_is_what_was_signed_however_it_was_wrapped() {
    let shop = Shop::new(Activation::Active);
    let signed = signature("new-secret", BODY);
    for (name, encoded, status) in [
        ("standard base64", super::common::base64(BODY.as_bytes()), 202),
        ("not base64", "{}".to_owned(), 400),
        ("base64 of something else", super::common::base64(b"{}"), 401),
    ] {
        let mut request = super::common::request("abcd2345", "sales.order.created", Some(&signed), &encoded);
        request["isBase64Encoded"] = true.into();
        assert_eq!(shop.receive(request).status, status, "{name}");
    }
}

#[test]
fn four_mebibytes_are_the_limit_before_and_after_decoding() {
    const LIMIT: usize = 4 * 1024 * 1024;
    let shop = Shop::new(Activation::Active);
    let padded = |length: usize| {
        let (head, tail) = (r#"{"entity_id":12,"pad":""#, r#""}"#);
        format!("{head}{}{tail}", "x".repeat(length - head.len() - tail.len()))
    };
    for (length, base64, status) in [
        (LIMIT, false, 202),
        (LIMIT + 1, false, 413),
        (LIMIT, true, 202),
        (LIMIT + 1, true, 413),
        (LIMIT + 3, true, 413),
    ] {
        let body = padded(length);
        let signed = signature("new-secret", &body);
        let sent = if base64 { super::common::base64(body.as_bytes()) } else { body };
        let mut request = super::common::request("abcd2345", "sales.order.created", Some(&signed), &sent);
        request["isBase64Encoded"] = base64.into();
        assert_eq!(shop.receive(request).status, status, "{length} {base64}");
    }
}

#[test]
fn an_order_of_a_thousand_lines_passes() {
    let line = json!({
        "amount_refunded": 0, "base_discount_amount": 5, "base_original_price": 45, "base_price": 45, "base_price_incl_tax": 48.71,
        "base_row_total": 45, "base_row_total_incl_tax": 48.71, "base_tax_amount": 3.31, "created_at": "2026-11-22 10:11:12",
        "item_id": 100_001, "name": "Driven Backpack with a rather long name that a merchant gave it, size XL, colour anthracite",
        "order_id": 12, "price": 45, "product_id": 4_711, "product_type": "simple", "qty_ordered": 1, "quote_item_id": 200_002,
        "row_total": 45, "sku": "24-WB04-XL-ANTHRACITE", "store_id": 1, "tax_amount": 3.31, "tax_percent": 8.25,
        "updated_at": "2026-11-22 10:11:12", "product_option": {"extension_attributes": {"custom_options": [{"option_id": "1", "option_value": "engraving ".repeat(60)}]}},
    });
    let body = json!({ "data": { "entity_id": 12, "items": vec![line; 1_000] } }).to_string();
    assert!(body.len() > 1_000_000, "{}", body.len());
    let shop = Shop::new(Activation::Active);
    assert_eq!(shop.post("abcd2345", "sales.order.created", Some(&signature("new-secret", &body)), &body).status, 202);
}

#[test]
fn a_shared_secret_in_a_header_of_the_shops_own_works_alike() {
    let shop = Shop::with(Activation::Active, json!({ "scheme": "shared_secret", "header": "X-Causeway-Secret" }));
    for (header, value, status) in [
        ("x-causeway-secret", "new-secret", 202),
        ("x-causeway-secret", "old-secret", 202),
        ("x-causeway-secret", "new-secre", 401),
        ("x-magento-signature", "new-secret", 401),
    ] {
        let mut request = super::common::request("abcd2345", "sales.order.created", None, BODY);
        request["headers"][header] = value.into();
        assert_eq!(shop.receive(request).status, status, "{header} {value}");
    }
}

#[test]
fn a_new_secret_works_at_once() {
    let shop = Shop::new(Activation::Active);
    let latest = signature("latest-secret", BODY);
    assert_eq!(shop.post("abcd2345", "sales.order.created", Some(&latest), BODY).status, 401);
    shop.rotate(&["latest-secret", "new-secret"]);
    assert_eq!(shop.post("abcd2345", "sales.order.created", Some(&latest), BODY).status, 401, "read a moment ago");
    shop.clock.advance(jiff::SignedDuration::from_secs(10));
    assert_eq!(shop.post("abcd2345", "sales.order.created", Some(&latest), BODY).status, 202);
    assert_eq!(shop.post("abcd2345", "sales.order.created", Some(&signature("old-secret", BODY)), BODY).status, 401);
}

#[test]
fn whatever_is_away_on_our_side_is_a_503_and_is_told_in_the_log() {
    let signed = signature("new-secret", BODY);
    let shop = Shop::new(Activation::Active);
    shop.queue.break_down();
    let answer = shop.post("abcd2345", "sales.order.created", Some(&signed), BODY);
    assert_eq!(
        (answer.status, answer.retry_after.as_deref(), shop.refused()),
        (503, Some("30"), vec!["queue_away".to_owned()])
    );
    assert_eq!(shop.ours(), 1, "what the alarm looks at");

    let shop = Shop::new(Activation::Active);
    shop.forget_secret();
    let answer = shop.post("abcd2345", "sales.order.created", Some(&signed), BODY);
    assert_eq!(
        (answer.status, answer.retry_after.as_deref(), shop.refused()),
        (503, Some("30"), vec!["no_secret".to_owned()])
    );
    assert_eq!(shop.ours(), 1, "what the alarm looks at");
    assert!(shop.log().contains("the secret stack/abcd2345/magento does not exist"), "{}", shop.log());
    assert!(!answer.body.contains("stack"), "{}", answer.body);
}

#[test]
fn nothing_of_a_request_or_a_secret_is_logged() {
    let body = r#"{"data":{"entity_id":12,"customer_email":"canary@example.com","customer_lastname":"Canary-Smith"}}"#;
    let shop = Shop::new(Activation::Active);
    let signed = signature("new-secret", body);
    shop.post("abcd2345", "sales.order.created", Some(&signed), body);
    shop.post("abcd2345", "sales.order.created", Some("canary-signature"), body);
    shop.post("canary-link", "sales.order.created", Some(&signed), body);
    shop.post("abcd2345", "canary-event", Some(&signed), body);
    shop.post("abcd2345", "sales.order.created", Some(&signature("new-secret", "canary")), "canary");
    shop.queue.break_down();
    shop.post("abcd2345", "sales.order.created", Some(&signed), body);
    let log = shop.log();
    for planted in ["canary", "Canary", "example.com", "new-secret", "old-secret", signed.as_str()] {
        assert!(!log.contains(planted), "{planted} was logged:\n{log}");
    }
    assert!(log.contains("Accepted an event of order 12"), "{log}");
    assert_eq!(shop.refused(), ["bad_signature", "unknown_link", "unknown_event", "not_json", "queue_away"]);
}

#[test]
fn a_request_with_nothing_in_it_is_answered() {
    let shop = Shop::new(Activation::Active);
    assert_eq!(shop.receive(json!({})).status, 404);
    assert_eq!(shop.receive(json!({ "pathParameters": null, "headers": null, "body": null })).status, 404);
}
