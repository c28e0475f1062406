//! What is sent, to the letter.

use acumatica::auth::Credentials;
use acumatica::client::{BadConnection, Query, READ_TIMEOUT, WRITE_TIMEOUT};
use acumatica::filter::Filter;
use acumatica::{Connection, Put};
use seams::Secret;
use seams::base_url::BadUrl;
use serde_json::json;

use super::script::{answer, header};
use super::{BASE, ENDPOINT, Worker};

fn order() -> Put {
    Put {
        entity: "SalesOrder",
        query: vec![("$expand".to_owned(), "Details,TaxDetails".to_owned())],
        headers: vec![("If-None-Match".to_owned(), "*".to_owned())],
        body: json!({"ExternalRef": {"value": "ab12cd34-000000012"}, "ShipToContact": {"Email": {"value": "ann@example.com"}}}),
    }
}

#[tokio::test]
async fn a_put_signs_in_once_and_carries_query_headers_and_body() {
    let saved = r#"{"id":"1","OrderNbr":{"value":"SO1"},"CustomerOrder":{},"OrderTotal":{"value":280.000000}}"#;
    let worker = Worker::signed_in([answer(200, saved), answer(200, "{}")]);
    let record = worker.client.put(&order()).await.unwrap();
    assert_eq!(record["OrderTotal"]["value"].to_string(), "280.000000", "numbers keep their scale");
    worker.client.put(&Put { query: vec![], headers: vec![], ..order() }).await.unwrap();
    let expected = [
        format!("POST {BASE}/identity/connect/token"),
        format!("PUT {ENDPOINT}/SalesOrder?$expand=Details%2CTaxDetails"),
        format!("PUT {ENDPOINT}/SalesOrder"),
    ];
    assert_eq!(worker.script.lines(), expected);
    assert_eq!((worker.client.calls(), worker.client.sign_ins()), (2, 1));

    let asked = worker.script.asked();
    let (sign_in, _) = &asked[0];
    assert_eq!(header(sign_in, "content-type"), "application/x-www-form-urlencoded");
    assert_eq!(
        sign_in.body().as_ref(),
        b"grant_type=password&username=connector&password=planted%2Bpassword&scope=api%20offline_access\
          &client_id=88358B02-A48D-A50E-F710-39C1636C30F6%40MyTenant&client_secret=planted%20secret"
    );
    let (put, timeout) = &asked[1];
    assert_eq!(*timeout, WRITE_TIMEOUT);
    assert_eq!(header(put, "authorization"), "Bearer planted-access-1");
    assert_eq!(header(put, "content-type"), "application/json");
    assert_eq!(header(put, "accept"), "application/json");
    assert_eq!(header(put, "if-none-match"), "*");
    assert_eq!(serde_json::from_slice::<serde_json::Value>(put.body()).unwrap(), order().body);
    assert_eq!(header(&asked[2].0, "if-none-match"), "");
}

#[tokio::test]
async fn lists_and_keys_are_encoded() {
    let worker = Worker::signed_in([answer(200, "[]"), answer(200, r#"[{"id":"1"}]"#), answer(200, r#"{"id":"2"}"#)]);
    let filter = Filter::eq("MainContact/Email", "o'hara+x@example.com").and(Filter::eq("Status", "Active"));
    let query =
        Query { select: vec!["CustomerID".into()], expand: vec!["MainContact".into()], ..Query::filtered(filter, 2) };
    assert!(worker.client.list("Customer", &query).await.unwrap().is_empty());
    let page = Query { top: Some(100), skip: Some(200), ..Query::default() };
    assert_eq!(worker.client.list("StockItem", &page).await.unwrap(), [json!({"id": "1"})]);
    let found = worker.client.by_key("SalesOrder", &["SO", "00 1#ä"], &["Details"]).await.unwrap();
    assert_eq!(found, Some(json!({"id": "2"})));
    let filter = "MainContact%2FEmail%20eq%20%27o%27%27hara%2Bx%40example.com%27%20and%20Status%20eq%20%27Active%27";
    let expected = [
        format!("GET {ENDPOINT}/Customer?$filter={filter}&$top=2&$select=CustomerID&$expand=MainContact"),
        format!("GET {ENDPOINT}/StockItem?$top=100&$skip=200"),
        format!("GET {ENDPOINT}/SalesOrder/SO/00%201%23%C3%A4?$expand=Details"),
    ];
    assert_eq!(worker.script.lines()[1..], expected);
    for (request, timeout) in &worker.script.asked()[1..] {
        assert_eq!((*timeout, header(request, "content-type")), (READ_TIMEOUT, ""));
        assert!(request.body().is_empty());
    }
}

#[tokio::test]
async fn endpoints_are_read_in_both_shapes() {
    let newer = r#"{"version":{"acumaticaBuildVersion":"26.101.0225","databaseVersion":"1"},
        "endpoints":[{"name":"Default","version":"24.200.001","href":"/inst/entity/Default/24.200.001/"}]}"#;
    let older = r#"[{"name":"Default","version":"20.200.001","href":"/x"}]"#;
    let worker = Worker::signed_in([answer(200, newer), answer(200, older)]);
    let endpoints = worker.client.endpoints().await.unwrap();
    assert_eq!(endpoints.build.as_deref(), Some("26.101.0225"));
    assert!(endpoints.contains("default", "24.200.001"));
    let endpoints = worker.client.endpoints().await.unwrap();
    assert_eq!((endpoints.build.as_deref(), endpoints.contains("Default", "24.200.001")), (None, false));
    assert_eq!(worker.script.lines()[1..], [format!("GET {BASE}/entity"), format!("GET {BASE}/entity")]);
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_before_the_sign_in() {
    let worker = Worker::new(std::sync::Arc::new(acumatica::auth::InMemory::new()), []);
    for keys in [&["SO", "1/2"][..], &["SO", ""], &["SO|1"], &[]] {
        assert_eq!(worker.client.by_key("SalesOrder", keys, &[]).await.unwrap_err().code, "acumatica.bug.request");
    }
    let put = Put { headers: vec![("If Match".to_owned(), "*".to_owned())], ..order() };
    assert_eq!(worker.client.put(&put).await.unwrap_err().code, "acumatica.bug.request");
    assert_eq!((worker.client.calls(), worker.client.sign_ins()), (0, 0));
}

#[test]
fn connections_without_safe_address_endpoint_or_credentials_are_refused() {
    let with = |url: &str, name: &str, password: &str| {
        let credentials = Credentials {
            client_id: "id@tenant".to_owned(),
            client_secret: Secret::new("s"),
            username: "u".to_owned(),
            password: Secret::new(password),
        };
        Connection::new(url, name, "24.200.001", credentials).err()
    };
    for (url, name, password, expected) in [
        ("https://erp.example.com", "Default", "p", None),
        ("http://localhost:8080/inst", "Default", "p", None),
        ("http://erp.example.com", "Default", "p", Some(BadConnection::Url(BadUrl::NotHttps))),
        ("https://erp.example.com", "", "p", Some(BadConnection::Endpoint)),
        ("https://erp.example.com", "a/b", "p", Some(BadConnection::Endpoint)),
        ("https://erp.example.com", "Default", "", Some(BadConnection::Credentials)),
    ] {
        assert_eq!(with(url, name, password), expected, "{url} {name}");
    }
}

#[test]
fn a_put_prints_as_data_and_debugs_without_values() {
    let text = serde_json::to_string(&Put { headers: vec![], ..order() }).unwrap();
    assert!(
        text.starts_with(r#"{"entity":"SalesOrder","query":[["$expand","Details,TaxDetails"]],"body":{"#),
        "{text}"
    );
    let debug = format!("{:?} {:?}", order(), super::connection());
    assert!(!debug.contains("ann@") && !debug.contains("planted"), "{debug}");
}
