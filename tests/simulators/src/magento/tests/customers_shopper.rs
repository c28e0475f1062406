//! What shoppers and administrators do, and what becomes of it in documents, events and orders.

use std::sync::Arc;
use std::time::Duration;

use seams::clock::System;
use seams::http::Transport as _;

use super::customers::{ada, whole};
use super::*;
use crate::fault::{Fault, InProcess, Planned};

type Act = fn(&mut Magento);

fn told(shop: &mut Magento) -> String {
    let told = shop.take_occurrences().into_iter().map(|told| format!("{} {}", told.name, told.id));
    told.collect::<Vec<_>>().join(", ")
}

#[test]
fn each_act_shows_in_the_document_and_is_told() {
    let table: [(&str, Act, &str, Value, &str, bool); 10] = [
        (
            "rename",
            |shop| shop.edit_customer(after(9), 1, "firstname", json!("Eve")),
            "/firstname",
            json!("Eve"),
            "customer.updated 1",
            true,
        ),
        (
            "group",
            |shop| shop.edit_customer(after(9), 1, "group_id", json!(2)),
            "/group_id",
            json!(2),
            "customer.updated 1",
            true,
        ),
        (
            "attribute",
            |shop| shop.set_customer_attribute(after(9), 1, "tier", &json!("7")),
            "/custom_attributes/0/value",
            json!("7"),
            "customer.updated 1",
            true,
        ),
        (
            "no defaults",
            |shop| shop.set_defaults(after(9), 1, None, None),
            "/default_billing",
            Value::Null,
            "customer.updated 1",
            true,
        ),
        (
            "subscribe",
            |shop| shop.subscribe_customer(after(9), 1, true),
            "/extension_attributes/is_subscribed",
            json!(true),
            "",
            false,
        ),
        (
            "move",
            |shop| shop.edit_customer_address(after(9), 1, "city", json!("Flint")),
            "/addresses/0/city",
            json!("Flint"),
            "customer.address.updated 1",
            false,
        ),
        (
            "new region",
            |shop| shop.edit_customer_address(after(9), 1, "region", json!({"region_id": 57})),
            "/addresses/0/region/region",
            json!("Texas"),
            "customer.address.updated 1",
            false,
        ),
        (
            "another address",
            |shop| assert_eq!(shop.add_address(after(9), 1, &Address::fr("A", "S")), 2),
            "/addresses/1/country_id",
            json!("FR"),
            "customer.address.created 2",
            false,
        ),
        ("a default goes", |shop| shop.remove_address(after(9), 1), "/default_billing", Value::Null, "", true),
        ("sign in", |shop| shop.log_in(1), "/email", json!("ada@example.com"), "customer.login 1", false),
    ];
    for (case, act, pointer, expected, events, moves) in table {
        let mut shop = ada();
        act(&mut shop);
        let document = shop.customer(1).unwrap();
        assert_eq!(document.pointer(pointer).unwrap_or(&Value::Null), &expected, "{case}");
        let stamp = if moves { "2024-03-11 09:14:11" } else { "2024-03-11 09:14:02" };
        assert_eq!(document["updated_at"], stamp, "{case}");
        assert_eq!(told(&mut shop), events, "{case}");
    }
}

#[test]
fn saves_beside_the_row_move_it_where_the_shop_does_so() {
    let acts: [Act; 3] = [
        |shop| shop.edit_customer_address(after(9), 1, "city", json!("Flint")),
        |shop| shop.subscribe_customer(after(9), 1, true),
        |shop| assert_eq!(shop.add_address(after(9), 1, &Address::fr("A", "S")), 2),
    ];
    for act in acts {
        let mut shop = ada();
        shop.config().related_saves_move_customer = true;
        act(&mut shop);
        assert_eq!(shop.customer(1).unwrap()["updated_at"], "2024-03-11 09:14:11");
    }
}

#[test]
fn an_accounts_order_carries_account_group_store_and_address() {
    let mut shop = shop();
    let draft = CustomerDraft::new("ada@example.com", "Ada", "Sample").group(2);
    let id = shop.add_customer(now(), &draft.address(Address::us("Ada", "Sample")).address(Address::fr("Ada", "Home")));
    shop.set_defaults(now(), id, Some(1), Some(2));
    let draft = shop.order_of(id).simple("A", 1, 10).shipping("flatrate_flatrate", 5);
    let order = placed(&mut shop, &draft);
    let delivery = "/extension_attributes/shipping_assignments/0/shipping/address";
    assert_eq!(
        values(
            &order,
            &[
                "/customer_id",
                "/customer_group_id",
                "/customer_is_guest",
                "/store_id",
                "/billing_address/customer_address_id",
                "/billing_address/region_code",
                &format!("{delivery}/customer_address_id"),
                &format!("{delivery}/city"),
            ]
        ),
        ["1", "2", "0", "1", "1", "\"MI\"", "2", "\"Lyon\""]
    );
}

#[test]
fn a_guest_who_registers_can_be_given_the_orders() {
    let mut shop = shop();
    for email in ["ada@example.com", "eve@example.com"] {
        shop.place(now(), &OrderDraft::guest(email).simple("A", 1, 1));
    }
    let id = shop.add_customer(after(5), &CustomerDraft::new("ada@example.com", "Ada", "Sample").group(3));
    assert_eq!(shop.order(1).unwrap().get("customer_id"), None, "registering alone links nothing");
    assert_eq!(shop.assign_guest_orders(after(9), id), [1]);
    let order = shop.order(1).unwrap();
    let expected = json!([id, 0, 3, "Ada", "2024-03-11 09:14:11"]);
    let members = ["customer_id", "customer_is_guest", "customer_group_id", "customer_firstname", "updated_at"];
    assert_eq!(members.map(|name| order[name].clone()).as_slice(), expected.as_array().unwrap());
    assert_eq!(shop.order(2).unwrap()["customer_is_guest"], 1);
    assert_eq!(shop.assign_guest_orders(after(10), id), [0_u64; 0]);
}

#[test]
fn event_bodies_are_the_entities_as_the_api_answers_them() {
    let mut shop = ada();
    for (id, name, target) in [
        (1, "customer.created", "/rest/V1/customers/1"),
        (1, "customer.updated", "/rest/V1/customers/1"),
        (1, "customer.login", "/rest/V1/customers/1"),
        (1, "customer.address.created", "/rest/V1/customers/addresses/1"),
        (1, "customer.address.updated", "/rest/V1/customers/addresses/1"),
    ] {
        let delivery = shop.event(id, name, "token", &Scheme::HmacSha256Hex).unwrap();
        let body: Value = serde_json::from_slice(&delivery.body).unwrap();
        assert_eq!(body, json!({"data": get(&mut shop, target).1}), "{name}");
        assert_eq!(delivery.headers[1].0, "x-magento-signature");
    }
    for (id, name) in [(2, "customer.updated"), (2, "customer.address.updated"), (1, "customer.deleted")] {
        assert_eq!(shop.event(id, name, "token", &Scheme::HmacSha256Hex), None, "{id} {name}");
    }
}

#[test]
fn other_senders_write_numbers_as_texts() {
    let mut shop = ada();
    shop.edit_customer(now(), 1, "lastname", json!("O\"Neil"));
    shop.place(now(), &OrderDraft::guest("a@example.com").simple("A", 1, 165));
    let event = |observer: &str, subject| shop.io_event(observer, subject, "e-1", now()).unwrap();
    let table = [
        (
            "sales_order_save_commit_after",
            Subject::Order(1),
            vec![("entity_id", "\"1\""), ("grand_total", "\"165.0000\"")],
        ),
        ("customer_register_success", Subject::Customer(1), vec![("entity_id", "\"1\""), ("default_billing", "\"1\"")]),
        ("customer_save_after_data_object", Subject::Customer(1), vec![("id", "\"1\""), ("website_id", "\"1\"")]),
        ("customer_address_save_after", Subject::Address(1), vec![("entity_id", "\"1\""), ("parent_id", "\"1\"")]),
    ];
    for (observer, subject, members) in table {
        let event = event(observer, subject);
        assert_eq!(event["type"], format!("com.adobe.commerce.observer.{observer}"));
        assert_eq!((&event["event_id"], &event["recipient_client_id"]), (&json!("e-1"), &json!(Magento::IO_CLIENT_ID)));
        let webhook: Value = serde_json::from_slice(&shop.commerce_webhook(observer, subject).unwrap()).unwrap();
        let argument = webhook.as_object().unwrap().values().next().unwrap();
        for (name, expected) in members {
            assert_eq!(event["data"]["value"][name].to_string(), expected, "{observer} {name}");
            assert_eq!(argument[name].to_string(), expected, "{observer} {name}");
        }
    }
    let keys = ["order", "customer", "customer_data_object", "customer_address"];
    for ((observer, subject, _), key) in [
        ("sales_order_place_after", Subject::Order(1), ()),
        ("customer_register_success", Subject::Customer(1), ()),
        ("customer_save_after_data_object", Subject::Customer(1), ()),
        ("customer_address_save_after", Subject::Address(1), ()),
    ]
    .into_iter()
    .zip(keys)
    {
        let body = String::from_utf8(shop.commerce_webhook(observer, subject).unwrap().to_vec()).unwrap();
        assert!(body.starts_with(&format!("{{\"{key}\":{{")), "{body}");
    }
    assert!(shop.io_event("customer_delete_after", Subject::Customer(9), "e", now()).is_none());
    assert!(shop.commerce_webhook("customer_delete_after", Subject::Address(9)).is_none());
    // The template puts the values in as they are.
    let body = |subject| String::from_utf8(shop.mageplaza(subject).unwrap().to_vec()).unwrap();
    assert_eq!(
        body(Subject::Customer(1)),
        r#"{"id": "1", "email": "ada@example.com", "firstname": "Ada", "lastname": "O"Neil"}"#
    );
    assert_eq!(
        body(Subject::Order(1)),
        r#"{"id": "1", "increment_id": "000000001", "status": "pending", "grand_total": "165.0000"}"#
    );
    assert_eq!(body(Subject::Address(1)), r#"{"id": "1", "customer_id": "1", "city": "Calder"}"#);
}

/// A save whose answer is lost is done; one whose request is lost is not; the fault for the second of two waits for it.
#[tokio::test]
async fn faults_strike_the_writes_of_customers() {
    for (fault, nth, saved) in [
        (Fault::LostAnswer, 1, vec!["1", "2"]),
        (Fault::LostRequest, 1, vec!["2"]),
        (faults::gateway_timeout(), 2, vec!["1"]),
    ] {
        let front = InProcess::new(ada(), Arc::new(System));
        front.plan_nth(nth, Planned { method: "PUT".into(), path_part: "/customers/".into(), fault });
        let mut seen = Vec::new();
        for suffix in ["1", "2"] {
            let body = json!({"customer": whole(&json!({ "suffix": suffix }))});
            let (parts, _) = request("PUT", "/rest/V1/customers/1", "Bearer admin").into_parts();
            let request = Request::from_parts(parts, Bytes::from(body.to_string()));
            let _lost_or_not = front.send(request, Duration::from_secs(1)).await;
            let now = front.with(|shop| shop.customer(1).unwrap()["suffix"].as_str().map(str::to_owned));
            if seen.last() != now.as_ref() {
                seen.extend(now);
            }
        }
        assert_eq!(seen, saved);
    }
}
