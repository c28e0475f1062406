//! Every route of both doors, with its function's own role: a sender reaches its door, and the door its secret and its queue.

use std::time::Duration;

use bytes::Bytes;
use local::cloud::PARAMETERS;
use serde_json::json;
use simulators::acumatica::{Change, Definition};
use simulators::magento::{Magento, Subject};

use super::{said, settings, stage};

#[tokio::test]
async fn every_sender_reaches_its_door_and_the_door_its_queue() {
    let mut settings = settings();
    settings["magento"]["webhook"]["mageplaza"] = json!({ "header": "x-shop-secret" });
    settings["magento"]["webhook"]["adobe_io"] = json!({ "client_id": Magento::IO_CLIENT_ID });
    settings["acumatica"]["push"] = json!({ "header": "X-Push-Secret", "company": "Company" });
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
}
