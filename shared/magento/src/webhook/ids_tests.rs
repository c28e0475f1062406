use proptest::prelude::*;
use serde_json::json;

use super::*;

fn order() -> Event {
    Event::of_async_events("sales.order.created").expect("known")
}

fn observer(name: &str) -> Event {
    Event::of_observer(name).expect("known")
}

fn check(event: Event, body: &str, expected: Result<&[u64], BadBody>) {
    assert_eq!(in_text(body.as_bytes(), event), expected.map(<[u64]>::to_vec), "{body}");
    if let Ok(value) = serde_json::from_str::<Value>(body) {
        assert_eq!(in_value(&value, event), expected.map(<[u64]>::to_vec), "as a value: {body}");
    }
}

#[test]
fn an_order_of_rest_is_named_by_data_or_at_the_top() {
    for (body, expected) in [
        (r#"{"data":{"entity_id":12,"items":[{"entity_id":1}]}}"#, Ok(12)),
        (r#"{"data":{"entity_id":"0012"}}"#, Ok(12)),
        (r#"{"entity_id":7,"event":"x"}"#, Ok(7)),
        (r#"{"data":{"increment_id":"000000001"},"entity_id":"7"}"#, Ok(7)),
        (r#"{"data":{"entity_id":null},"entity_id":7}"#, Ok(7)),
        (r#"{"data":{"entity_id":12},"entity_id":7}"#, Ok(12)),
        (r#"{"entity_id":7,"data":{"entity_id":12}}"#, Ok(12)),
        (r#"{"data":{"entity_id":12,"amount":1.5,"discount":-2,"virtual":false}}"#, Ok(12)),
        (r#"{"data":{"entity_id":18446744073709551615}}"#, Ok(u64::MAX)),
        (r#"{"data":{"entity_id":12.0}}"#, Err(BadBody::NoId)),
        (r#"{"data":{"entity_id":-12}}"#, Err(BadBody::NoId)),
        (r#"{"data":{"entity_id":0}}"#, Err(BadBody::NoId)),
        (r#"{"data":{"entity_id":"12a"},"entity_id":7}"#, Err(BadBody::NoId)),
        (r#"{"data":{"entity_id":"+12"}}"#, Err(BadBody::NoId)),
        (r#"{"data":{"entity_id":[12]}}"#, Err(BadBody::NoId)),
        (r#"{"data":{"entity_id":""}}"#, Err(BadBody::NoId)),
        (r#"{"data":{"entity_id":"99999999999999999999"}}"#, Err(BadBody::NoId)),
        (r#"{"data":{"id":12}}"#, Err(BadBody::NoId)),
        (r#"{"data":"12"}"#, Err(BadBody::NoId)),
        (r#"{"data":12.5}"#, Err(BadBody::NoId)),
        ("[12]", Err(BadBody::NoId)),
        ("{}", Err(BadBody::NoId)),
        ("12", Err(BadBody::NoId)),
        ("", Err(BadBody::NotJson)),
        (r#"{"entity_id":7"#, Err(BadBody::NotJson)),
        (r#"{"entity_id":7}}"#, Err(BadBody::NotJson)),
        ("entity_id=7", Err(BadBody::NotJson)),
    ] {
        check(order(), body, expected.as_ref().map(std::slice::from_ref).map_err(|bad| *bad));
    }
}

#[test]
fn each_kind_of_body_has_its_id_in_its_place() {
    let rest = |name| Event::of_async_events(name).expect("known");
    for (event, body, expected) in [
        (rest("customer.updated"), json!({"data": {"id": 3, "addresses": [{"id": 9, "customer_id": 3}]}}), Ok(vec![3])),
        (rest("customer.updated"), json!({"data": {"entity_id": 3}}), Err(BadBody::NoId)),
        (rest("customer.address.updated"), json!({"data": {"id": 9, "customer_id": 3}}), Ok(vec![3])),
        (rest("customer.address.created"), json!({"data": {"id": 9}}), Err(BadBody::NoId)),
        (observer("sales_order_save_commit_after"), json!({"order": {"entity_id": "12"}}), Ok(vec![12])),
        (observer("observer.sales_order_place_after"), json!({"data": {"order": {"entity_id": 12}}}), Ok(vec![12])),
        (observer("sales_order_save_after"), json!({"value": {"entity_id": "12", "customer_id": "3"}}), Ok(vec![12])),
        (
            observer("checkout_submit_all_after"),
            json!({"order": null, "orders": [{"entity_id": 12}, {"entity_id": 13}, {"entity_id": 12}]}),
            Ok(vec![12, 13]),
        ),
        (
            observer("checkout_submit_all_after"),
            json!({"orders": [{"entity_id": 12}, {"entity_id": "x"}]}),
            Err(BadBody::NoId),
        ),
        (observer("customer_register_success"), json!({"customer": {"id": 3}}), Ok(vec![3])),
        (observer("customer_delete_after"), json!({"customer": {"id": 99, "entity_id": "3"}}), Ok(vec![3])),
        (
            observer("customer_save_after_data_object"),
            json!({"customer_data_object": {"id": 3}, "orig_customer_data_object": {"id": 4}}),
            Ok(vec![3]),
        ),
        (
            observer("customer_address_save_after"),
            json!({"customer_address": {"entity_id": "9", "parent_id": "3"}}),
            Ok(vec![3]),
        ),
        (
            observer("newsletter_subscriber_save_commit_after"),
            json!({"subscriber": {"subscriber_id": "5", "customer_id": "3"}}),
            Ok(vec![3]),
        ),
        (
            observer("newsletter_subscriber_save_commit_after"),
            json!({"subscriber": {"subscriber_id": "5", "customer_id": "0"}}),
            Err(BadBody::NoId),
        ),
    ] {
        check(event, &body.to_string(), expected.as_deref().map_err(|bad| *bad));
    }
}

#[test]
fn events_have_their_names_and_no_others() {
    use crate::webhook::Subject::{Customer, Order};
    let subject = |event: Option<Event>| event.map(|event| event.subject);
    for (name, expected) in [
        ("sales.order.holded", Some(Order)),
        ("customer.login", Some(Customer)),
        ("customer.address.created", Some(Customer)),
        ("sales.shipment.created", None),
        ("catalog.product.updated", None),
        ("sales_order_save_commit_after", None),
        ("", None),
    ] {
        assert_eq!(subject(Event::of_async_events(name)), expected, "{name}");
    }
    for (name, expected) in [
        ("observer.customer_delete_after", Some(Customer)),
        ("customer_delete_after", Some(Customer)),
        ("order_cancel_after", Some(Order)),
        ("observer.observer.order_cancel_after", None),
        ("plugin.order_cancel_after", None),
        ("catalog_product_save_commit_after", None),
    ] {
        assert_eq!(subject(Event::of_observer(name)), expected, "{name}");
    }
    for (kind, expected) in [
        ("com.adobe.commerce.observer.sales_order_save_commit_after", Some(Order)),
        ("com.adobe.commerce.observer.catalog_product_save_commit_after", None),
        ("observer.sales_order_save_commit_after", None),
        ("com.adobe.commerce.sales_order_save_commit_after", None),
        ("", None),
    ] {
        assert_eq!(subject(Event::of_type(kind)), expected, "{kind}");
    }
    assert_eq!(subject(Event::of_free_form("customer")), Some(Customer));
    assert_eq!(subject(Event::of_free_form("product")), None);
}

fn any_event() -> impl Strategy<Value = Event> {
    let names = ["order_cancel_after", "customer_delete_after", "checkout_submit_all_after"].map(observer);
    let free = ["order", "customer"].map(|name| Event::of_free_form(name).expect("known"));
    prop::sample::select([&names[..], &free[..]].concat())
}

/// JSON in which the members that matter stand more often than by chance.
fn any_body() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        "[0-9]{0,4}|.{0,6}".prop_map(Value::from),
        Just(Value::Null),
    ];
    let name = prop_oneof![
        prop::sample::select(&["entity_id", "id", "customer_id", "data", "value", "order", "orders", "customer"][..])
            .prop_map(str::to_owned),
        ".{0,6}",
    ];
    scalar.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_comes_is_read_or_refused(raw in prop::collection::vec(any::<u8>(), 0..200), event in any_event()) {
        if let Ok(ids) = in_text(&raw, event) {
            prop_assert!(!ids.is_empty() && ids.iter().all(|id| *id > 0));
        }
    }

    #[test]
    fn an_id_stands_in_the_body_as_it_is_read(body in any_body(), event in any_event()) {
        let text = body.to_string();
        let ids = in_text(text.as_bytes(), event);
        prop_assert_eq!(&ids, &in_value(&body, event));
        for id in ids.unwrap_or_default() {
            prop_assert!(id > 0 && text.contains(&id.to_string()), "{} in {}", id, text);
        }
    }
}
