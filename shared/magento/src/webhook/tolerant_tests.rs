use proptest::prelude::*;

use super::*;

fn read(entity: &str, body: &str) -> Result<Vec<u64>, BadBody> {
    ids(body.as_bytes(), Event::of_free_form(entity).expect("known"))
}

#[test]
fn good_templates_are_read_wherever_they_have_the_id() {
    for (entity, body, expected) in [
        ("order", r#"{"id":"16","increment_id":"000000016","customer":{"id":"3"}}"#, 16),
        ("order", r#"{"entity_id":16,"id":"17"}"#, 16),
        ("order", r#"{"id":"99","order_id":"16"}"#, 16),
        ("order", r#"{"event":"new_order","data":{"id":"16"}}"#, 16),
        ("order", r#"{"id":"77","order":{"id":"16","items":[{"id":"1"}]}}"#, 16),
        ("customer", r#"{"id":"3","email":"x"}"#, 3),
        ("customer", r#"{"id":"9","customer_id":"3"}"#, 3),
        ("customer", r#"{"event":{"data":{"customer":{"entity_id":"3"}}},"id":"1"}"#, 3),
    ] {
        assert_eq!(read(entity, body), Ok(vec![expected]), "{body}");
    }
    for body in ["{}", r#"{"id":"abc"}"#, r#"{"id":"16.0000"}"#, r#"{"increment_id":"000000016"}"#, "[]"] {
        assert_eq!(read("order", body), Err(BadBody::NoId), "{body}");
    }
}

#[test]
fn a_quotation_mark_in_a_value_does_not_hide_the_id() {
    for (body, expected) in [
        // Before the broken place.
        (r#"{"id":"16","name":"Fritz "The Cat" Smith"}"#, Ok(16)),
        (r#"{"id": 16, "size": "5" pipe"}"#, Ok(16)),
        (r#"{"order":{"id":"16"},"name":"a "b" c"}"#, Ok(16)),
        (r#"{"id":"16","items":[{"id":"1"}],"name":"a"b"}"#, Ok(16)),
        // Behind it, where nothing else claims to be the id.
        (r#"{"name":"Fritz "The Cat" Smith","id":"16"}"#, Ok(16)),
        (r#"{"name":"a"b","id" : 16 ,"order_id":"16"}"#, Ok(16)),
        // Somebody may have written it there.
        (r#"{"name":"a"b","id":"99","entity_id":"16"}"#, Err(BadBody::NotJson)),
        (r#"{"name":"a"b","id":"16","items":[{"id":"1"}]}"#, Err(BadBody::NotJson)),
        (r#"{"name":"a"b","id":"x","entity_id":"16"}"#, Err(BadBody::NotJson)),
        (r#"{"name":"a"b","id":"16.5"}"#, Err(BadBody::NotJson)),
        (r#"{"name":"a"b","id":"16" pipe"}"#, Err(BadBody::NotJson)),
        (r#"{"name":"a"b","id":"0"}"#, Err(BadBody::NotJson)),
        (r#"{"name":"a"b","is":"id"}"#, Err(BadBody::NotJson)),
        // Cut off: a longer number may have been there.
        (r#"{"id":16"#, Err(BadBody::NotJson)),
        (r#"{"id":"16","name":"a"#, Err(BadBody::NotJson)),
        ("id=16", Err(BadBody::NotJson)),
        ("", Err(BadBody::NotJson)),
    ] {
        assert_eq!(read("order", body), expected.map(|id: u64| vec![id]), "{body}");
    }
}

proptest! {
    #[test]
    fn whatever_comes_is_read_or_refused(raw in prop::collection::vec(any::<u8>(), 0..200)) {
        let read = ids(&raw, Event::of_free_form("order").expect("known"));
        prop_assert!(read.is_err() || read.is_ok_and(|ids| ids.iter().all(|id| *id > 0)));
    }

    /// Whatever a shopper types, the template's own id before it is read, or nothing is.
    #[test]
    fn what_stands_behind_the_id_never_changes_it(name in "[\"a-z:,{}0-9 ]{0,40}") {
        let body = format!(r#"{{"id":"16","name":"{name}"}}"#);
        let valid = serde_json::from_str::<serde_json::Value>(&body).is_ok();
        match read("order", &body) {
            Ok(ids) => prop_assert!(valid || ids == [16], "{}", body),
            Err(bad) => prop_assert!(bad == BadBody::NotJson, "{}", body),
        }
    }
}
