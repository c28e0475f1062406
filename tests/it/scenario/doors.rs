//! Every route of both doors, with its function's own role: a sender reaches its door, and the door its secret and its queue; and what comes
//! in at once about one customer is one sync.

use std::time::Duration;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use local::Problem;
use local::cloud::PARAMETERS;
use local::stage::Stage;
use local::wait::until;
use seams::clock::{Clock as _, System};
use serde_json::json;
use simulators::acumatica::{Change, Definition};
use simulators::magento::{Magento, Subject};

use super::{said, settings, stage};

#[tokio::test]
async fn every_sender_reaches_its_door_and_the_door_its_queue() {
    let mut settings = settings();
    settings["magento"]["webhook"]["mageplaza"] = json!({ "header": "x-shop-secret" });
    settings["magento"]["webhook"]["adobe_io"] = json!({ "client_id": Magento::IO_CLIENT_ID });
    let stage = stage(settings, &PARAMETERS).await;
    let (shop, erp) = (stage.platforms.shop.as_ref().unwrap(), stage.platforms.erp.as_ref().unwrap());
    let now = "2026-11-23T04:00:00Z".parse().unwrap();
    let draft = simulators::magento::CustomerDraft::new("ada@example.com", "Ada", "Sample");
    let customer = Subject::Customer(shop.with(|shop| shop.add_customer(now, &draft)));
    let template = shop.with(|shop| shop.mageplaza(customer)).unwrap();
    let event = shop.with(|shop| shop.io_event("customer_register_success", customer, "e-1", now)).unwrap();
    let push = erp.with(|erp| {
        erp.config.push.definitions.push(Definition::customers());
        erp.create_customer(now, &[Change::to("CustomerName", "Ada")]).expect("made");
        erp.outbox.take(now).remove(0)
    });
    let header = erp.with(|erp| erp.config.push.header.clone());

    let (api, link) = (stage.cloud.api().unwrap(), &stage.link);
    let post = |path: &str, header: (&str, &str), body: Bytes| {
        let request = http::Request::post(format!("{api}/{path}")).header("content-type", "application/json");
        request.header(header.0, header.1).body(body).unwrap()
    };
    let secret = ("x-shop-secret", local::platforms::WEBHOOK_SECRET);
    let handshake = http::Request::get(format!("{api}/magento/{link}/adobe-io?challenge=0a1b2c3d-4e5f"));
    for (name, request, status) in [
        ("a push", push.request(&format!("{api}/acumatica/{link}/customer"), &header), 202),
        ("a push of an unknown entity", push.request(&format!("{api}/acumatica/{link}/vendor"), &header), 404),
        ("a template", post(&format!("magento/{link}/mageplaza/customer"), secret, template.clone()), 202),
        (
            "a sender that is not set up",
            post(&format!("magento/{link}/adobe-commerce/order_cancel_after"), secret, template),
            404,
        ),
        ("an unsigned event", post(&format!("magento/{link}/adobe-io"), secret, event.to_string().into()), 401),
        ("the handshake", handshake.body(Bytes::new()).unwrap(), 200),
    ] {
        let answer = stage.cloud.send(request, Duration::from_secs(30)).await;
        let answer = answer.unwrap_or_else(|problem| panic!("{name}: {problem}\n{}", said(&stage)));
        assert_eq!(answer.status(), status, "{name}: {:?}\n{}", answer.body(), said(&stage));
        if name == "the handshake" {
            assert_eq!(answer.body(), br#"{"challenge":"0a1b2c3d-4e5f"}"#.as_slice());
        }
    }
    let rested = pushes_of_one_moment(&stage).await;
    rested.unwrap_or_else(|problem| panic!("{problem}\n{}", said(&stage)));
}

/// Somebody in the office saves a new customer three times: three pushes with five rows rest for five seconds and are one sync.
async fn pushes_of_one_moment(stage: &Stage) -> Result<(), Problem> {
    let (shop, erp) = (stage.platforms.shop.as_ref().unwrap(), stage.platforms.erp.as_ref().unwrap());
    let saved = System.now();
    let note = erp.with(|erp| {
        let to = |path: &str, value: &str| Change::to(path, value);
        let entered = [
            to("CustomerName", "Rose Rest"),
            to("CustomerClass", "WEB"),
            to("MainContact/Email", "rose.rest@example.com"),
        ];
        let number = erp.create_customer(saved, &entered).expect("made");
        erp.edit_customer(&number, saved, &[to("TaxRegistrationID", "US-1")]).expect("saved");
        erp.edit_customer(&number, saved, &[to("TaxRegistrationID", "US-2")]).expect("saved");
        let customer = erp.customers().iter().find(|own| own.text("CustomerID") == Some(&number)).expect("it is there");
        let note = customer.text("NoteID").expect("every record has one").to_owned();
        let waiting = erp.outbox.waiting.iter().filter(|push| push.body.contains(&note));
        assert_eq!(waiting.map(|push| push.body.matches(&note).count()).collect::<Vec<_>>(), [1, 2, 2]);
        note.to_lowercase()
    });
    local::events::deliver_customers(stage).await?;
    let record = format!("{}/customer/{note}", stage.link);
    let entries = until("the pushed customer is synced and nothing of it is left", async || {
        let left = stage.cloud.messages("CustomersQueueUrl").await?;
        let entries = stage.admin().log_of(&stage.link, &record).await?;
        Ok((left == 0 && !entries.is_empty()).then_some(entries))
    });
    let entries = entries.await?;
    let [entry] = entries.as_slice() else { panic!("one sync for all of it: {entries:?}") };
    let found = (&entry["trigger"], &entry["outcome"], &entry["attempt"], &entry["acumatica_calls"]);
    assert_eq!(found, (&json!("push"), &json!("applied"), &json!(1), &json!(1)), "{entry}");
    let ended: Timestamp = entry["time"].as_str().unwrap().parse().unwrap();
    assert!(ended.duration_since(saved) >= SignedDuration::from_secs(5), "it rested: {entry}");
    let account: u64 = entry["target"].as_str().unwrap().parse().unwrap();
    let made = shop.with(|shop| shop.customer(account).cloned()).unwrap();
    assert_eq!((&made["lastname"], &made["taxvat"]), (&json!("Rest"), &json!("US-2")), "what was saved last");
    Ok(())
}
