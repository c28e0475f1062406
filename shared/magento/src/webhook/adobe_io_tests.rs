use std::collections::VecDeque;

use async_trait::async_trait;
use proptest::prelude::*;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject as _;
use seams::clock::Virtual;
use seams::http::{Failure, Response};
use serde_json::json;

use super::*;
use crate::webhook::Subject;

const ONE: &str = include_str!("../../tests/keys/test-only-one.public.pem");
const TWO: &str = include_str!("../../tests/keys/test-only-two.public.pem");
const PATH: &str = "/prod/keys/pub-key-one.pem";
const OTHER: &str = "/prod/keys/pub-key-two.pem";
const BODY: &[u8] = br#"{"type":"x"}"#;
const CLIENT: &str = "ca7b36f23be94dcb9d2ebb97f0276e3f";

fn sign(private: &str, body: &[u8]) -> String {
    let der = PrivatePkcs8KeyDer::from_pem_slice(private.as_bytes()).expect("a key in PEM form");
    let pair = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).expect("an RSA key");
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), body, &mut signature).expect("signed");
    STANDARD.encode(signature)
}

fn by_one(body: &[u8]) -> String {
    sign(include_str!("../../tests/keys/test-only-one.private.pem"), body)
}

fn by_two(body: &[u8]) -> String {
    sign(include_str!("../../tests/keys/test-only-two.private.pem"), body)
}

/// Adobe's host, which gives these answers in turn and writes down what it is asked.
#[derive(Default)]
struct Host {
    answers: Mutex<VecDeque<Result<(u16, &'static str), ()>>>,
    asked: Mutex<Vec<String>>,
}

#[async_trait]
impl Transport for Host {
    async fn send(&self, request: Request, _: Duration) -> Result<Response, Failure> {
        self.asked.lock().unwrap().push(format!("{} {}", request.method(), request.uri()));
        let (status, body) = self
            .answers
            .lock()
            .unwrap()
            .pop_front()
            .expect("not in the script")
            .map_err(|()| Failure::TimedOut(PATIENCE))?;
        Ok(http::Response::builder().status(status).body(Bytes::from_static(body.as_bytes())).unwrap())
    }
}

struct Scene {
    host: Arc<Host>,
    clock: Arc<Virtual>,
    keys: Keys,
}

impl Scene {
    fn new(answers: &[Result<(u16, &'static str), ()>]) -> Self {
        let host = Arc::new(Host { answers: Mutex::new(answers.iter().copied().collect()), ..Host::default() });
        let clock = Arc::new(Virtual::new("2026-11-23T04:00:00Z".parse().unwrap()));
        Self { keys: Keys::new(host.clone(), clock.clone()), host, clock }
    }

    fn verify(&self, signatures: Signatures<'_>) -> Result<(), Unverified> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(self.keys.verify(signatures, BODY)).map(|_| ())
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.host.asked.lock().unwrap())
    }
}

#[test]
fn one_valid_signature_suffices() {
    let (one, two, bad) = (by_one(BODY), by_two(BODY), by_one(b"another body"));
    let (one, two, bad) = (Some(one.as_str()), Some(two.as_str()), Some(bad.as_str()));
    let none = (None, None);
    let (good, gone, away) = (Ok((200, ONE)), Ok((404, "")), Err(()));
    for (name, signatures, answers, expected, fetched) in [
        ("the first", [(one, Some(PATH)), (two, Some(OTHER))], vec![good], Ok(()), 1),
        ("the second", [(bad, Some(PATH)), (two, Some(OTHER))], vec![good, Ok((200, TWO))], Ok(()), 2),
        ("only the second is there", [none, (one, Some(PATH))], vec![good], Ok(()), 1),
        ("the first key is gone", [(one, Some(OTHER)), (one, Some(PATH))], vec![gone, good], Ok(()), 2),
        ("the first key is away", [(one, Some(OTHER)), (one, Some(PATH))], vec![away, good], Ok(()), 2),
        ("the first is no base64", [(Some("!"), Some(OTHER)), (one, Some(PATH))], vec![good], Ok(()), 1),
        ("of another body", [(bad, Some(PATH)), none], vec![good], Err(Unverified::Mismatch), 1),
        ("of another key", [(two, Some(PATH)), none], vec![good], Err(Unverified::Mismatch), 1),
        ("neither", [(bad, Some(PATH)), (bad, Some(PATH))], vec![good], Err(Unverified::Mismatch), 1),
        ("the key is gone", [(one, Some(PATH)), none], vec![gone], Err(Unverified::Mismatch), 1),
        ("no key there", [(one, Some(PATH)), none], vec![Ok((200, "<html>"))], Err(Unverified::Mismatch), 1),
        ("moved elsewhere", [(one, Some(PATH)), none], vec![Ok((302, ONE))], Err(Unverified::Mismatch), 1),
        ("the key is away", [(one, Some(PATH)), none], vec![away], Err(Unverified::KeyAway), 1),
        ("the host is busy", [(one, Some(PATH)), none], vec![Ok((503, ""))], Err(Unverified::KeyAway), 1),
        ("away, and bad", [(one, Some(OTHER)), (bad, Some(PATH))], vec![away, good], Err(Unverified::KeyAway), 2),
        ("no signature", [none, none], vec![], Err(Unverified::NoSignature), 0),
        ("no path", [(one, None), none], vec![], Err(Unverified::NoSignature), 0),
        ("no signature for the path", [(None, Some(PATH)), none], vec![], Err(Unverified::NoSignature), 0),
    ] {
        let scene = Scene::new(&answers);
        assert_eq!(scene.verify(signatures), expected, "{name}");
        assert_eq!(scene.asked().len(), fetched, "{name}");
    }
}

#[test]
fn keys_come_from_adobes_host_and_nowhere_else() {
    let one = by_one(BODY);
    let scene = Scene::new(&[Ok((200, ONE))]);
    assert_eq!(scene.verify([(Some(&one), Some(PATH)), (None, None)]), Ok(()));
    assert_eq!(scene.asked(), ["GET https://static.adobeioevents.com/prod/keys/pub-key-one.pem"]);
    let long = format!("/{}", "a".repeat(256));
    for path in [
        "",
        "/",
        "prod/key.pem",
        "//evil.example/key.pem",
        "/prod//key.pem",
        "@evil.example/key.pem",
        ".evil.example/key.pem",
        ":8443/key.pem",
        "https://evil.example/key.pem",
        "/../key.pem",
        "/prod/../../key.pem",
        "/prod/.key.pem",
        "/prod/%2e%2e/key.pem",
        "/prod\\key.pem",
        "/prod/key.pem?x=1",
        "/prod/key.pem#x",
        "/prod/k ey.pem",
        "/prod/key.pem\r\nhost: evil.example",
        "/prod/schlüssel.pem",
        &long,
    ] {
        let scene = Scene::new(&[]);
        let verified = scene.verify([(Some(&one), Some(path)), (None, None)]);
        assert_eq!((verified, scene.asked().len()), (Err(Unverified::Mismatch), 0), "{path:?}");
    }
}

#[test]
fn a_key_is_kept_for_a_day_and_no_more_than_sixteen_are() {
    let one = by_one(BODY);
    let signed = |path| [(Some(one.as_str()), Some(path)), (None, None)];
    let scene = Scene::new(&[Ok((200, ONE)); 20]);
    for (hours, fetched) in [(0, 1), (12, 0), (11, 0), (1, 1), (23, 0)] {
        scene.clock.advance(SignedDuration::from_hours(hours));
        assert_eq!((scene.verify(signed(PATH)), scene.asked().len()), (Ok(()), fetched), "{hours} hours later");
    }
    for number in 0..16 {
        scene.clock.advance(SignedDuration::from_secs(1));
        let path = format!("/keys/{number}.pem");
        assert_eq!(scene.verify([(Some(&one), Some(&path)), (None, None)]), Ok(()));
    }
    assert_eq!(scene.keys.kept().len(), 16);
    assert!(!scene.keys.kept().contains_key(PATH), "the oldest goes first");
    // What is away now is asked for again.
    let scene = Scene::new(&[Err(()), Ok((200, ONE))]);
    assert_eq!(scene.verify(signed(PATH)), Err(Unverified::KeyAway));
    assert_eq!(scene.verify(signed(PATH)), Ok(()));
}

fn cloud(kind: &str, value: Value) -> Value {
    json!({
        "specversion": "1.0", "id": "16", "type": kind, "recipient_client_id": CLIENT, "recipientclientid": CLIENT,
        "data": { "key": "k", "value": value, "source": "shop.stage", "_metadata": { "storeId": "1" } },
    })
}

fn decoded(body: &Value) -> Result<Vec<Delivered>, BadEvents> {
    let raw = body.to_string();
    events(&Verified { raw: raw.as_bytes() }, CLIENT)
}

/// What an event is about, and which records.
type Read = (Option<Subject>, Result<Vec<u64>, BadBody>);

#[test]
fn events_are_read_one_by_one_and_as_batches() {
    const ORDER: &str = "com.adobe.commerce.observer.sales_order_save_commit_after";
    const CUSTOMER: &str = "com.adobe.commerce.observer.customer_save_after_data_object";
    let subjects = |events: Vec<Delivered>| -> Vec<Read> {
        events.into_iter().map(|one| (one.event.map(|event| event.subject), one.ids)).collect()
    };
    let order = cloud(ORDER, json!({ "entity_id": "3", "customer_id": "4" }));
    let older =
        json!({ "type": ORDER, "recipient_client_id": CLIENT, "event": { "data": { "value": { "entity_id": 5 } } } });
    let batch = json!([
        order,
        cloud(CUSTOMER, json!({ "id": 4 })),
        cloud("com.adobe.commerce.observer.catalog_product_save_commit_after", json!({ "entity_id": "9" })),
        cloud(ORDER, json!({ "increment_id": "000000003" })),
        older,
    ]);
    let expected = vec![
        (Some(Subject::Order), Ok(vec![3])),
        (Some(Subject::Customer), Ok(vec![4])),
        (None, Ok(vec![])),
        (Some(Subject::Order), Err(BadBody::NoId)),
        (Some(Subject::Order), Ok(vec![5])),
    ];
    assert_eq!(decoded(&batch).map(subjects), Ok(expected));
    assert_eq!(decoded(&order).map(subjects), Ok(vec![(Some(Subject::Order), Ok(vec![3]))]));
    assert_eq!(decoded(&json!([])), Ok(vec![]));
    for (name, body, expected) in [
        ("a text", json!("x"), BadEvents::NotEvents),
        ("a list of numbers", json!([1]), BadEvents::NotEvents),
        ("for nobody", json!({ "type": ORDER }), BadEvents::WrongRecipient),
        ("for another", json!({ "recipient_client_id": "x" }), BadEvents::WrongRecipient),
        ("for two", json!({ "recipient_client_id": CLIENT, "recipientclientid": "x" }), BadEvents::WrongRecipient),
        ("one of a batch for another", json!([order, { "recipientclientid": "x" }]), BadEvents::WrongRecipient),
    ] {
        assert_eq!(decoded(&body), Err(expected), "{name}");
    }
    let one_spelling = json!({ "type": ORDER, "recipientclientid": CLIENT, "data": { "value": { "entity_id": 3 } } });
    assert_eq!(decoded(&one_spelling).map(|events| events.len()), Ok(1));
    assert_eq!(events(&Verified { raw: b"{" }, CLIENT), Err(BadEvents::NotJson));
}

proptest! {
    #[test]
    fn whatever_comes_is_read_or_refused(raw in prop::collection::vec(any::<u8>(), 0..200)) {
        let is_json = serde_json::from_slice::<Value>(&raw).is_ok();
        let read = events(&Verified { raw: &raw }, CLIENT);
        prop_assert!(read.is_err() || is_json);
    }

    #[test]
    fn only_plain_paths_are_paths(path in "[/a-z.@:?#%\\\\ -]{0,20}") {
        if is_path(&path) {
            let uri: http::Uri = format!("{HOST}{path}").parse().expect("a plain path makes a URI");
            prop_assert_eq!((uri.host(), uri.path()), (Some("static.adobeioevents.com"), path.as_str()));
        }
    }
}
