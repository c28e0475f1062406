//! What is written, to the letter, and what a failure says of it.

use std::time::Duration;

use magento::client::write::WRITE_TIMEOUT;
use magento::error::Applied;
use magento::model::order::{Comment, OrderId};
use seams::Class;
use seams::http::{Failure, Response};

use super::client;
use super::script::{answer, header};

fn comment() -> Comment {
    Comment { text: "Acumatica: \"written\" as SO/000123.".to_owned(), status: "pending".to_owned() }
}

#[tokio::test]
async fn a_number_and_a_comment_are_sent_with_nothing_else() {
    let (client, script) = client([answer(200, r#"{"entity_id":12,"grand_total":null}"#), answer(200, "true")]);
    client.set_ext_order_id(OrderId::new(12), "SO/000123").await.unwrap();
    client.add_comment(OrderId::new(12), &comment()).await.unwrap();
    let shop = "POST https://shop.example.com/rest/V1/orders";
    assert_eq!(script.lines(), [shop.to_owned(), format!("{shop}/12/comments")]);
    let bodies = [
        r#"{"entity":{"entity_id":12,"ext_order_id":"SO/000123"}}"#,
        r#"{"statusHistory":{"comment":"Acumatica: \"written\" as SO/000123.","is_customer_notified":0,"is_visible_on_front":0,"status":"pending"}}"#,
    ];
    for ((request, timeout), body) in script.asked().iter().zip(bodies) {
        assert_eq!(std::str::from_utf8(request.body()), Ok(body));
        assert_eq!(
            (header(request, "content-type"), header(request, "accept")),
            ("application/json", "application/json")
        );
        assert_eq!(*timeout, WRITE_TIMEOUT);
    }
    assert_eq!(client.calls(), 2);
}

#[tokio::test]
async fn a_write_without_an_answer_of_magentos_may_have_happened() {
    let page = "<html></html>";
    let refused = || Failure::Unsent("refused".into());
    let rows: Vec<(Result<Response, Failure>, &str)> = vec![
        (Err(Failure::Interrupted("reset".into())), "magento.ambiguous.no_answer"),
        (Err(Failure::TimedOut(Duration::from_secs(30))), "magento.ambiguous.no_answer"),
        (answer(408, ""), "magento.ambiguous.no_answer"),
        (answer(502, page), "magento.ambiguous.no_answer"),
        (answer(504, page), "magento.ambiguous.no_answer"),
        (answer(200, page), "magento.ambiguous.no_answer"),
        (Err(refused()), "magento.not_ready.unreachable"),
        (answer(429, ""), "magento.throttled.too_many_requests"),
        (answer(500, r#"{"message":"Database deadlock found when trying to get lock"}"#), "magento.transient.deadlock"),
        (answer(500, r#"{"message":"Internal Error."}"#), "magento.transient.server_error"),
        (answer(503, page), "magento.not_ready.maintenance"),
        (answer(404, r#"{"message":"The entity that was requested doesn't exist."}"#), "magento.rejected.not_found"),
    ];
    for (given, code) in rows {
        let shown = format!("{given:?}");
        let (client, _) = client([given]);
        let error = client.add_comment(OrderId::new(12), &comment()).await.unwrap_err();
        assert_eq!((error.code, code.split('.').nth(1)), (code, Some(error.class.as_str())), "{shown}");
        let open = ["magento.ambiguous.no_answer", "magento.transient.server_error", "magento.not_ready.maintenance"];
        assert_eq!(error.applied, if open.contains(&code) { Applied::Unknown } else { Applied::No }, "{shown}");
        assert_eq!(error.to_string(), format!("comment on Magento order 12: {code}"));
        assert_eq!(client.calls(), 1, "{shown}");
    }
}

#[tokio::test]
async fn a_missing_right_is_told_from_a_dead_token() {
    let right = r#"{"message":"The consumer isn't authorized to access %resources.","parameters":{"resources":"Magento_Sales::create"}}"#;
    let (client, script) = client([answer(401, right), answer(200, "[]")]);
    let error = client.set_ext_order_id(OrderId::new(12), "SO/000123").await.unwrap_err();
    assert_eq!((error.class, error.code), (Class::Rejected, "magento.rejected.permission"));
    assert!(error.quote.contains("Magento_Sales::create"), "{}", error.quote);
    assert_eq!(script.lines()[1], "GET https://shop.example.com/rest/V1/store/websites");
}
