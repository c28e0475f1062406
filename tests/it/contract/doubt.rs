//! What DynamoDB's failures mean for a write: a scripted server answers each try of the SDK.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use aws_sdk_dynamodb::config::retry::RetryConfig;
use serde_json::json;
use store::dynamo::Dynamo;
use store::table::{Item, Key, Table, TableError, Written};

/// What happens to one try.
#[derive(Clone, Copy, Debug)]
enum Try {
    /// The request is read, and the connection closed without a word.
    HangUp,
    /// An answer of DynamoDB: status and error code.
    Error(u16, &'static str),
    /// The write is stored.
    Stored,
}

/// The way a write ended, without its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Yes,
    Conflict,
    NotApplied,
    Unknown,
    Bug,
}

fn end(answer: Result<Written, TableError>) -> End {
    match answer {
        Ok(Written::Yes) => End::Yes,
        Ok(Written::Conflict) => End::Conflict,
        Err(TableError::NotApplied(_)) => End::NotApplied,
        Err(TableError::Unknown(_)) => End::Unknown,
        Err(TableError::Bug(_)) => End::Bug,
    }
}

/// A server that plays `tries`, one connection each, and then refuses connections.
fn server(tries: &[Try]) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    if tries.is_empty() {
        return endpoint;
    }
    let tries = tries.to_vec();
    std::thread::spawn(move || {
        for one in tries {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut buffer = [0; 4_096];
            while !is_whole(&request) {
                let read = stream.read(&mut buffer).unwrap();
                request.extend_from_slice(&buffer[..read]);
            }
            let (status, body) = match one {
                Try::HangUp => continue,
                Try::Error(status, code) => (status, json!({ "__type": format!("x#{code}"), "message": "m" })),
                Try::Stored => (200, json!({})),
            };
            let body = body.to_string();
            let head = format!("HTTP/1.1 {status} X\r\nContent-Type: application/x-amz-json-1.0\r\nConnection: close");
            write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        }
    });
    endpoint
}

/// Whether the head and as many bytes as it promises are there.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.is_some_and(|length| body.len() >= length.trim().parse().unwrap())
}

/// A table behind `endpoint`, whose SDK tries twice.
fn table(endpoint: &str) -> Dynamo {
    let retries = RetryConfig::standard().with_max_attempts(2).with_initial_backoff(Duration::from_millis(1));
    let config = aws_sdk_dynamodb::config::Builder::from(&super::account().sdk_config());
    let config = config.endpoint_url(endpoint).retry_config(retries).build();
    Dynamo::new(aws_sdk_dynamodb::Client::from_conf(config), "table")
}

#[tokio::test]
async fn a_write_is_not_applied_only_if_no_try_can_have_arrived() {
    use Try::{Error, HangUp, Stored};
    let throttled = Error(400, "ThrottlingException");
    let refused = Error(400, "ConditionalCheckFailedException");
    for (tries, expected) in [
        (&[Stored][..], End::Yes),
        (&[refused], End::Conflict),
        (&[], End::NotApplied),
        (&[throttled, throttled], End::NotApplied),
        (&[Error(400, "ValidationException")], End::Bug),
        (&[Error(400, "ResourceNotFoundException")], End::Bug),
        (&[HangUp, HangUp], End::Unknown),
        (&[Error(500, "InternalServerError"), Error(500, "InternalServerError")], End::Unknown),
        // The first try may have been stored, whatever the second says.
        (&[HangUp, throttled], End::Unknown),
        (&[Error(500, "InternalServerError"), throttled], End::Unknown),
        (&[HangUp], End::Unknown),
        (&[HangUp, Stored], End::Yes),
        // It may have met itself; the write id tells the caller.
        (&[HangUp, refused], End::Conflict),
        (&[throttled, Stored], End::Yes),
    ] {
        let table = table(&server(tries));
        let item = Item {
            key: Key::new("p", "s"),
            rev: 1,
            write_id: "w".to_owned(),
            body: json!({}),
            indexes: Vec::new(),
            expires: None,
        };
        assert_eq!(end(table.insert_if_absent(item).await), expected, "insert: {tries:?}");
    }
    for (tries, expected) in
        [(&[HangUp, throttled][..], End::Unknown), (&[refused], End::Conflict), (&[], End::NotApplied)]
    {
        let table = table(&server(tries));
        assert_eq!(end(table.remove_if_rev(&Key::new("p", "s"), 1).await), expected, "remove: {tries:?}");
    }
}

#[tokio::test]
async fn a_failed_read_has_applied_nothing() {
    use Try::{Error, HangUp};
    let away = Error(500, "InternalServerError");
    for (tries, is_bug) in [
        (&[HangUp, HangUp][..], false),
        (&[away, away], false),
        (&[], false),
        (&[Error(400, "ResourceNotFoundException")], true),
        (&[Error(400, "AccessDeniedException")], true),
    ] {
        let table = table(&server(tries));
        let error = table.get(&Key::new("p", "s")).await.unwrap_err();
        assert_eq!(matches!(error, TableError::Bug(_)), is_bug, "{tries:?}: {error}");
        assert!(!matches!(error, TableError::Unknown(_)), "{tries:?}: {error}");
    }
}
