//! What a connector may write to an order.

use super::*;

fn post(shop: &mut Magento, target: &str, body: &Value) -> (u16, Value) {
    let (parts, _) = request("POST", target, "Bearer admin").into_parts();
    let request = Request::from_parts(parts, Bytes::from(body.to_string()));
    let (answer, _) = shop.receive(after(5), &request);
    (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap())
}

fn one() -> Magento {
    let mut shop = shop();
    shop.place(now(), &OrderDraft::guest("a@example.com").simple("A", 1, 1));
    shop
}

const COMMENTS: &str = "/rest/V1/orders/1/comments";

#[test]
fn a_partial_save_writes_the_columns_given_and_nothing_else() {
    let mut shop = one();
    let before = shop.order(1).cloned().unwrap();
    let entity = json!({"entity": {"entity_id": 1, "ext_order_id": "SO/000123"}});
    let (status, answer) = post(&mut shop, "/rest/V1/orders", &entity);
    assert_eq!((status, &answer["ext_order_id"], &answer["grand_total"]), (200, &json!("SO/000123"), &Value::Null));
    let mut expected = before;
    expected["ext_order_id"] = json!("SO/000123");
    expected["updated_at"] = json!("2024-03-11 09:14:07");
    assert_eq!(shop.order(1), Some(&expected), "the nulls of the answer are not written");
    assert_eq!(shop.take_saved(), [1], "each save sends an event");
    assert!(shop.take_saved().is_empty());
}

#[test]
fn a_comment_sets_the_status_it_brings_and_blanks_it_otherwise() {
    for (sent, left) in
        [(Some("pending"), json!("pending")), (Some("of_their_own"), json!("of_their_own")), (None, Value::Null)]
    {
        let mut shop = one();
        let mut history = json!({"comment": "Hello", "is_customer_notified": 0, "is_visible_on_front": 0});
        if let Some(status) = sent {
            history["status"] = json!(status);
        }
        assert_eq!(post(&mut shop, COMMENTS, &json!({"statusHistory": history})), (200, json!(true)));
        let (_, order) = get(&mut shop, "/rest/V1/orders/1");
        assert_eq!((&order["status"], &order["state"]), (&left, &json!("new")), "{sent:?}");
        assert_eq!(order["updated_at"], "2024-03-11 09:14:07");
        let entry = &order["status_histories"][0];
        assert_eq!((&entry["comment"], &entry["status"], &entry["parent_id"]), (&json!("Hello"), &left, &json!(1)));
        assert_eq!(shop.take_saved(), [1]);
    }
}

#[test]
fn what_the_interfaces_do_not_have_is_refused_and_changes_nothing() {
    let whole = json!({"comment": "Hello", "is_customer_notified": 0, "is_visible_on_front": 0});
    let with = |name: &str, value: Value| {
        let mut history = whole.clone();
        history[name] = value;
        json!({ "statusHistory": history })
    };
    let missing = "The entity that was requested doesn't exist. Verify the entity and try again.";
    let required = "\"%fieldName\" is required. Enter and try again.";
    for (target, body, status, message) in [
        (COMMENTS, with("colour", json!("red")), 500, "Internal Error."),
        (COMMENTS, json!({"comment": "Hello"}), 400, required),
        (COMMENTS, json!({"statusHistory": null}), 400, required),
        (COMMENTS, with("is_customer_notified", json!(1)), 501, "Not simulated: a comment that is mailed"),
        ("/rest/V1/orders/9/comments", json!({ "statusHistory": whole }), 404, missing),
        ("/rest/V1/orders", json!({"order": {}}), 400, required),
        ("/rest/V1/orders", json!({"entity": {"entity_id": 1, "erp_number": "7"}}), 500, "Internal Error."),
        ("/rest/V1/orders", json!({"entity": {"ext_order_id": "7"}}), 501, "Not simulated: an order made from outside"),
        (
            "/rest/V1/orders",
            json!({"entity": {"entity_id": 1, "state": "closed"}}),
            501,
            "Not simulated: saving `state`",
        ),
        ("/rest/V1/orders", json!({"entity": {"entity_id": 1, "ext_order_id": "7".repeat(33)}}), 501, "Not simulated"),
    ] {
        let mut shop = one();
        let before = shop.order(1).cloned();
        let (answered, answer) = post(&mut shop, target, &body);
        let text = answer["message"].as_str().unwrap_or_default();
        assert!(answered == status && text.starts_with(message), "{target} {body}: {answered} {text}");
        assert!(shop.order(1) == before.as_ref() && shop.take_saved().is_empty(), "{target} {body}");
    }
}

#[test]
fn comments_and_saves_need_rights_of_their_own() {
    for (right, target) in [("Magento_Sales::comment", COMMENTS), ("Magento_Sales::create", "/rest/V1/orders")] {
        let mut shop = one();
        shop.remove_resource(right);
        let (status, answer) = post(&mut shop, target, &json!({}));
        assert_eq!((status, &answer["parameters"]["resources"]), (401, &json!(right)));
    }
}

#[test]
fn a_module_may_hide_what_was_written() {
    let mut shop = one();
    shop.config().hidden_from_answers.insert("ext_order_id".to_owned());
    post(&mut shop, "/rest/V1/orders", &json!({"entity": {"entity_id": 1, "ext_order_id": "7"}}));
    assert_eq!(get(&mut shop, "/rest/V1/orders/1").1.get("ext_order_id"), None);
    assert_eq!(shop.order(1).unwrap()["ext_order_id"], "7");
}
