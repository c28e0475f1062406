//! What the simulated platforms tell of is what our doors read: every sender's body leads to the record it was made for.

use acumatica::push;
use jiff::Timestamp;
use magento::webhook::{Event, Scheme as Proof, Verified, adobe_io, verify};
use seams::Secret;
use serde_json::{Value, json};
use simulators::acumatica::{Acumatica, Change, Config as Tenant, Definition, Push, Split};
use simulators::magento::{
    Address, CUSTOMER_EVENTS, Config, CustomerDraft, Magento, ORDER_EVENTS, OrderDraft, Scheme, Subject,
};

fn now() -> Timestamp {
    "2026-11-23T04:00:00Z".parse().expect("an instant")
}

/// A shop in which the ids of an address, its customer and an order are three different ones.
fn shop() -> Magento {
    let mut shop = Magento::new(Config::shop());
    for (email, lastname) in [("first@example.com", "Sample"), ("second@example.com", "O\"Neil")] {
        let draft = CustomerDraft::new(email, "Ada", lastname).address(Address::us("Ada", "Sample"));
        shop.add_customer(now(), &draft);
    }
    shop.add_address(now(), 2, &Address::us("Ada", "Sample"));
    for _ in 0..4 {
        shop.place(now(), &OrderDraft::guest("a@example.com").simple("A", 1, 165));
    }
    shop
}

/// An order, a customer, and an address of that customer.
const SUBJECTS: [(Subject, u64); 3] = [(Subject::Order(4), 4), (Subject::Customer(2), 2), (Subject::Address(3), 2)];

fn proven(body: &[u8]) -> Verified<'_> {
    verify(Proof::SharedSecret, Some(b"secret"), body, &[Secret::new("secret")]).expect("the secret fits")
}

#[test]
fn async_events_are_signed_and_name_their_records() {
    let shop = shop();
    for name in ORDER_EVENTS.into_iter().chain(CUSTOMER_EVENTS) {
        let (id, record) = match name {
            name if name.starts_with("sales.order.") => (4, 4),
            name if name.starts_with("customer.address.") => (3, 2),
            _ => (2, 2),
        };
        let told = shop.event(id, name, "secret", &Scheme::HmacSha256Hex).expect(name);
        let signature = told.headers.iter().find(|(header, _)| header == "x-magento-signature").expect(name);
        let verified = verify(Proof::HmacSha256Hex, Some(signature.1.as_bytes()), &told.body, &[Secret::new("secret")])
            .expect(name);
        let event = Event::of_async_events(name).expect(name);
        assert_eq!(verified.ids(event), Ok(vec![record]), "{name}");
    }
}

#[test]
fn adobes_senders_name_their_records() {
    let shop = shop();
    for observer in [
        "sales_order_place_after",
        "sales_order_save_commit_after",
        "customer_register_success",
        "customer_save_after_data_object",
        "customer_delete_after",
        "customer_address_save_after",
    ] {
        let (subject, record) = match observer {
            name if name.starts_with("sales_order") => SUBJECTS[0],
            "customer_address_save_after" => SUBJECTS[2],
            _ => SUBJECTS[1],
        };
        let hook = shop.commerce_webhook(observer, subject).expect(observer);
        let event = Event::of_observer(&format!("observer.{observer}")).expect(observer);
        assert_eq!(proven(&hook).ids(event), Ok(vec![record]), "{observer}");

        let single = shop.io_event(observer, subject, "e-1", now()).expect(observer);
        for (body, events) in [(single.clone(), 1), (json!([single, single]), 2)] {
            let text = body.to_string();
            let read = adobe_io::events(&proven(text.as_bytes()), Magento::IO_CLIENT_ID).expect(observer);
            assert_eq!(read.len(), events);
            assert!(
                read.iter().all(|one| one.event == Some(event) && one.ids == Ok(vec![record])),
                "{observer}: {read:?}"
            );
        }
        let another = adobe_io::events(&proven(single.to_string().as_bytes()), "another").map(|events| events.len());
        assert_eq!(another, Err(adobe_io::BadEvents::WrongRecipient), "{observer}");
    }
}

#[test]
fn templates_name_their_records_also_where_a_name_has_broken_them() {
    let shop = shop();
    for (subject, record) in SUBJECTS {
        let body = shop.mageplaza(subject).expect("it is there");
        let entity = if matches!(subject, Subject::Order(_)) { "order" } else { "customer" };
        let event = Event::of_free_form(entity).expect("known");
        assert_eq!(proven(&body).ids(event), Ok(vec![record]), "{subject:?}");
        let broken = serde_json::from_slice::<Value>(&body).is_err();
        assert_eq!(broken, matches!(subject, Subject::Customer(_)), "the case is one: {subject:?}");
    }
}

#[test]
fn pushes_name_their_records_however_they_travel() {
    for (split, requests) in [(Split::Never, 1), (Split::SameId, 2), (Split::OwnIds, 2)] {
        let push = Push { definitions: vec![Definition::customers()], split, ..Push::default() };
        let mut erp = Acumatica::new(Tenant { push, ..Tenant::default() });
        let made = erp.create_customer(now(), &[Change::to("CustomerName", "Ada")]).expect("made");
        erp.outbox.take(now());
        erp.edit_customer(&made, now(), &[Change::to("MainContact/Email", "ada@example.com")]).expect("edited");
        let id = erp.customers()[0].text("NoteID").expect("a record has one").to_owned();
        let told = erp.outbox.take(now());
        assert_eq!(told.len(), requests, "{split:?}");
        for mut notification in told {
            let read = push::decode(notification.body.as_bytes()).expect("a push");
            assert_eq!((read.company.as_deref(), read.nameless), (Some("Company"), None), "{split:?}");
            assert_eq!(read.records.into_iter().collect::<Vec<_>>(), [id.as_str()], "{split:?}");
            notification.truncate(notification.body.len() - 1);
            let cut = push::decode(notification.body.as_bytes()).expect("a row is whole");
            assert_eq!(
                (cut.records.into_iter().collect::<Vec<_>>(), cut.is_cut),
                (vec![id.clone()], true),
                "truncated"
            );
        }
    }
}
