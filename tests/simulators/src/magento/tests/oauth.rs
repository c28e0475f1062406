//! OAuth 1.0a, signed here by hand: the tests choose the order of the parameters themselves.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::*;

const HOST: &str = "http://magento.test";
/// [`now`] in seconds.
const SECOND: i64 = 1_710_148_442;

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// What a client sends; a case changes one thing.
struct Signed {
    integration: Integration,
    nonce: &'static str,
    timestamp: i64,
    method: &'static str,
    path: String,
    query: String,
    /// Decoded query parameters in the order of the base string; they all sort after `oauth_…`.
    signed_query: Vec<(String, String)>,
    leave_out: &'static str,
}

impl Signed {
    fn new() -> Self {
        Self {
            integration: Integration::new("erp", [ALL_RESOURCES]),
            nonce: "n1",
            timestamp: SECOND,
            method: "HMAC-SHA256",
            path: "/rest/V1/store/websites".into(),
            query: String::new(),
            signed_query: Vec::new(),
            leave_out: "",
        }
    }

    fn request(&self) -> Request {
        let it = &self.integration;
        let timestamp = self.timestamp.to_string();
        let mut params = vec![
            ("oauth_consumer_key".to_owned(), it.consumer_key.clone()),
            ("oauth_nonce".to_owned(), self.nonce.to_owned()),
            ("oauth_signature_method".to_owned(), self.method.to_owned()),
            ("oauth_timestamp".to_owned(), timestamp),
            ("oauth_token".to_owned(), it.access_token.clone()),
            ("oauth_version".to_owned(), "1.0".to_owned()),
        ];
        params.retain(|(name, _)| name != self.leave_out);
        let all: Vec<String> = params
            .iter()
            .chain(&self.signed_query)
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        let base = format!("GET&{}&{}", encode(&format!("{HOST}{}", self.path)), encode(&all.join("&")));
        let key = format!("{}&{}", encode(&it.consumer_secret), encode(&it.access_token_secret));
        let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap().chain_update(base);
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        let mut header: Vec<String> =
            params.iter().map(|(name, value)| format!("{name}=\"{}\"", encode(value))).collect();
        header.push(format!("oauth_signature=\"{}\"", encode(&signature)));
        let target = if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) };
        request("GET", &target, &format!("OAuth {}", header.join(",")))
    }
}

fn erp_shop() -> Magento {
    Magento::new(Config::shop().integration(Integration::new("erp", [ALL_RESOURCES])))
}

fn message(shop: &mut Magento, signed: &Signed) -> (u16, String) {
    let (status, body) = send(shop, &signed.request());
    (status, body["message"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn a_signature_made_elsewhere_is_accepted() {
    // Computed with Python 3's hmac and urllib over the base string of RFC 5849, not with this crate.
    let header = "OAuth oauth_consumer_key=\"ckerp000000000000000000000000000\",oauth_nonce=\"abc\",\
        oauth_signature=\"RrT4J0n302D4Oj50jBDXezzJw5DXt5RNuh8MELuOqH8%3D\",oauth_signature_method=\"HMAC-SHA256\",oauth_timestamp=\"1710148442\",\
        oauth_token=\"aterp000000000000000000000000000\",oauth_version=\"1.0\"";
    let target = "/rest/V1/orders?searchCriteria%5BpageSize%5D=2";
    assert_eq!(send(&mut erp_shop(), &request("GET", target, header)).0, 200);
    let other_page = "/rest/V1/orders?searchCriteria%5BpageSize%5D=3";
    assert_eq!(send(&mut erp_shop(), &request("GET", other_page, header)).0, 401);
}

#[test]
fn each_fault_has_its_status_and_text() {
    let shop_integration = Integration::new("shop", [ALL_RESOURCES]);
    let with = |change: &dyn Fn(&mut Signed)| {
        let mut signed = Signed::new();
        change(&mut signed);
        signed
    };
    let table = [
        (with(&|_| {}), 200, ""),
        (with(&|it| it.timestamp = SECOND + 600), 200, ""),
        (with(&|it| it.timestamp = 1), 200, ""),
        (with(&|it| it.timestamp = SECOND + 601), 401, "Incorrect timestamp value in the oauth_timestamp parameter"),
        (with(&|it| it.timestamp = 0), 401, "Incorrect timestamp value in the oauth_timestamp parameter"),
        (with(&|it| it.method = "HMAC-SHA1"), 400, "Signature method %1 is not supported"),
        (
            with(&|it| it.integration.consumer_secret = "x".repeat(32)),
            401,
            "The signature is invalid. Verify and try again.",
        ),
        (
            with(&|it| it.integration.access_token_secret = "x".repeat(32)),
            401,
            "The signature is invalid. Verify and try again.",
        ),
        (with(&|it| it.integration.consumer_key = "short".into()), 401, "Consumer key is not the correct length"),
        (
            with(&|it| it.integration.consumer_key = "x".repeat(32)),
            401,
            "A consumer having the specified key does not exist",
        ),
        (with(&|it| it.integration.access_token = "x".repeat(32)), 401, "Specified token does not exist"),
        (
            with(&|it| it.integration.access_token = "short".into()),
            400,
            "The token length is invalid. Check the length and try again.",
        ),
        (
            with(&|it| it.integration.access_token.clone_from(&shop_integration.access_token)),
            401,
            "Token is not associated with the specified consumer",
        ),
        (with(&|it| it.leave_out = "oauth_nonce"), 400, "\"%fieldName\" is required. Enter and try again."),
        (with(&|it| it.query = "page=2".into()), 401, "The signature is invalid. Verify and try again."),
        (
            with(&|it| {
                it.query = "page=2".into();
                it.signed_query = vec![("page".into(), "2".into())];
            }),
            200,
            "",
        ),
        // A raw `=` in a value keeps the pair out of the base string.
        (with(&|it| it.query = "page=a=b".into()), 200, ""),
        // A plus is a plus.
        (
            with(&|it| {
                it.query = "page=a+b".into();
                it.signed_query = vec![("page".into(), "a+b".into())];
            }),
            200,
            "",
        ),
    ];
    for (at, (signed, status, text)) in table.iter().enumerate() {
        assert_eq!(message(&mut erp_shop(), signed), (*status, (*text).to_owned()), "row {at}");
    }
}

#[test]
fn a_nonce_is_used_once() {
    let mut shop = erp_shop();
    let signed = Signed::new();
    assert_eq!(message(&mut shop, &signed).0, 200);
    let (status, body) = send(&mut shop, &signed.request());
    assert_eq!(status, 401);
    // The sample integration is consumer 1, this one consumer 2.
    assert_eq!(
        body,
        json!({"message": "The nonce is already being used by the consumer with ID %1", "parameters": [2]})
    );
    assert_eq!(message(&mut shop, &Signed { nonce: "n2", ..Signed::new() }).0, 200);
}

#[test]
fn a_revoked_token_and_a_missing_right_differ_here() {
    let mut shop = erp_shop();
    shop.remove_resource("Magento_Backend::store");
    assert_eq!(
        message(&mut shop, &Signed::new()),
        (401, "The consumer isn't authorized to access %resources.".to_owned())
    );
    shop.revoke(&Integration::new("erp", []).access_token);
    let revoked = Signed { nonce: "n2", ..Signed::new() };
    assert_eq!(message(&mut shop, &revoked), (401, "Access token has been revoked".to_owned()));
}

#[test]
fn parameters_are_signed_in_natural_order() {
    // Eleven filters: index 10 comes after 9, where byte order puts it after 1.
    let pair =
        |index: usize| (format!("searchCriteria[filter_groups][{index}][filters][0][field]"), "state".to_owned());
    let pairs: Vec<(String, String)> = (0..11).map(pair).collect();
    let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{}={value}", encode(name))).collect();
    let mut by_bytes = pairs.clone();
    by_bytes.sort();
    for (signed_query, expected) in [(pairs, 200), (by_bytes, 401)] {
        let signed = Signed { path: "/rest/V1/orders".into(), query: query.join("&"), signed_query, ..Signed::new() };
        assert_eq!(message(&mut erp_shop(), &signed).0, expected);
    }
}
