//! Requests over a real socket on loopback, written by hand.

use std::sync::Arc;

use seams::clock::{Clock, System};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;
use crate::magento::{ALL_RESOURCES, Config, Magento, OrderDraft};

/// Serves a shop with one order and returns its address.
async fn shop(hold: Duration) -> SocketAddr {
    let mut shop = Magento::new(Config::shop().admin_token("admin", [ALL_RESOURCES]));
    shop.place(System.now(), &OrderDraft::guest("a@example.com").simple("A", 1, 10));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, InProcess::new(shop, Arc::new(System)), Options { hold }));
    address
}

/// Sends one request and reads until the connection closes; empty when it closed without an answer.
async fn exchange(address: SocketAddr, method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let head =
        format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer admin\r\nConnection: close\r\n");
    stream.write_all(format!("{head}Content-Length: {length}\r\n\r\n{body}").as_bytes()).await.unwrap();
    let mut answer = String::new();
    // A reset while reading is a closed connection, too.
    let _closed_or_reset = stream.read_to_string(&mut answer).await;
    answer
}

#[tokio::test]
async fn serves_the_platform_and_its_views() {
    let address = shop(Duration::from_secs(5)).await;
    let table = [
        ("GET", "/rest/V1/orders/1", "", "HTTP/1.1 200", "\"grand_total\":10"),
        ("GET", "/rest/V1/orders/2", "", "HTTP/1.1 404", "doesn't exist"),
        ("GET", "/_simulator/orders", "", "HTTP/1.1 200", "\"grand_total\":10"),
        (
            "GET",
            "/_simulator/calls",
            "",
            "HTTP/1.1 200",
            "{\"method\":\"GET\",\"status\":404,\"target\":\"/rest/V1/orders/2\"}",
        ),
        ("GET", "/_simulator/secrets", "", "HTTP/1.1 404", "no view"),
        ("DELETE", "/_simulator/orders", "", "HTTP/1.1 405", "GET a view"),
        ("POST", "/_simulator/faults", "{\"fault\": {\"kind\": \"surprise\"}}", "HTTP/1.1 400", "unknown variant"),
    ];
    for (method, path, body, status, part) in table {
        let answer = exchange(address, method, path, body).await;
        assert!(answer.starts_with(status) && answer.contains(part), "{method} {path}: {answer}");
    }
}

#[tokio::test]
async fn a_fault_happens_once() {
    let address = shop(Duration::from_millis(20)).await;
    let table = [
        (r#"{"fault": {"kind": "lost_answer"}}"#, ""),
        (r#"{"fault": {"kind": "lost_request"}}"#, ""),
        (r#"{"method": "GET", "path_part": "/orders", "fault": {"kind": "refused"}}"#, ""),
        (r#"{"fault": {"kind": "late", "after_seconds": 0}}"#, ""),
        (
            r#"{"fault": {"kind": "answer", "status": 503, "content_type": "text/html", "body": "<html>"}}"#,
            "HTTP/1.1 503",
        ),
    ];
    for (plan, expected) in table {
        let planned = exchange(address, "POST", "/_simulator/faults", plan).await;
        assert!(planned.starts_with("HTTP/1.1 204"), "{plan}: {planned}");
        let first = exchange(address, "GET", "/rest/V1/orders/1", "").await;
        assert!(if expected.is_empty() { first.is_empty() } else { first.starts_with(expected) }, "{plan}: {first}");
        let second = exchange(address, "GET", "/rest/V1/orders/1", "").await;
        assert!(second.starts_with("HTTP/1.1 200"), "{plan}: {second}");
    }
}

#[tokio::test]
async fn a_fault_waits_for_its_request_and_stays_until_it_is_lifted() {
    let address = shop(Duration::from_millis(20)).await;
    let down = r#""fault": {"kind": "answer", "status": 503, "content_type": "text/plain", "body": ""}"#;
    let table = [
        (format!(r#"{{"nth": 2, {down}}}"#), ["200", "503", "200"]),
        (format!(r#"{{"nth": 2, "stays": true, {down}}}"#), ["200", "503", "503"]),
    ];
    for (plan, expected) in table {
        exchange(address, "POST", "/_simulator/faults", &plan).await;
        for status in expected {
            let answer = exchange(address, "GET", "/rest/V1/orders/1", "").await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{plan}: {answer}");
        }
        let lifted = exchange(address, "DELETE", "/_simulator/faults", "").await;
        assert!(lifted.starts_with("HTTP/1.1 204"), "{lifted}");
        let answer = exchange(address, "GET", "/rest/V1/orders/1", "").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{plan}: {answer}");
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let address = shop(Duration::from_secs(5)).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head =
        format!("POST /rest/V1/orders HTTP/1.1\r\nHost: {address}\r\nContent-Length: {}\r\n\r\n", BODY_LIMIT + 1);
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = vec![b'x'; 1024 * 1024];
    let mut answer = vec![0; 12];
    for _ in 0..=16 {
        if stream.write_all(&chunk).await.is_err() {
            break;
        }
    }
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 413");
}

#[tokio::test]
async fn only_loopback_is_served() {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let in_process = InProcess::new(Magento::new(Config::shop()), Arc::new(System));
    let error = serve(listener, in_process, Options::default()).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
}
