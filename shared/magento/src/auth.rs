//! How a request proves who sends it: an integration's access token as bearer, or OAuth 1.0a with HMAC-SHA256.
//!
//! Magento 2.4 takes nothing but `HMAC-SHA256` and differs from RFC 5849 in one point: parameters are sorted by PHP's natural order, in
//! which `[9]` comes before `[10]` (Magento 2.4.6, framework `Oauth`). A JSON body is not part of the signature.

use std::cmp::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use seams::Secret;
use seams::clock::Clock;
use sha2::{Digest as _, Sha256};

/// RFC 3986: everything but the unreserved characters is encoded. Magento drops query pairs whose raw value holds `=` from the signature
/// and reads a raw `+` differently by version, so both are always sent encoded, and a space as `%20`.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The credentials of one Magento integration.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// The access token alone. Switched off by default since Magento 2.4.4 (`oauth/consumer/enable_integration_as_bearer`).
    Bearer {
        /// The integration's access token.
        token: Secret,
    },
    /// The four values of an integration (Admin → System → Integrations), used to sign every request.
    OAuth1 {
        /// Names the integration.
        consumer_key: Secret,
        /// First half of the signing key.
        consumer_secret: Secret,
        /// The access token.
        token: Secret,
        /// Second half of the signing key.
        token_secret: Secret,
    },
}

impl Credentials {
    /// Every value must be there and fit into a header: visible ASCII without quotation marks.
    pub(crate) fn are_usable(&self) -> bool {
        let usable = |secret: &Secret| {
            !secret.is_empty() && secret.expose().bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"')
        };
        match self {
            Credentials::Bearer { token } => usable(token),
            Credentials::OAuth1 { consumer_key, consumer_secret, token, token_secret } => {
                [consumer_key, consumer_secret, token, token_secret].into_iter().all(usable)
            }
        }
    }

    /// The `Authorization` header of one request. `url` is without its query; `query` holds the pairs before encoding.
    pub(crate) fn header(&self, clock: &dyn Clock, method: &str, url: &str, query: &[(String, String)]) -> HeaderValue {
        let text = match self {
            Credentials::Bearer { token } => format!("Bearer {}", token.expose()),
            Credentials::OAuth1 { consumer_key, consumer_secret, token, token_secret } => {
                let nonce = nonce(&clock.id());
                let timestamp = clock.now().as_second().to_string();
                let oauth = [
                    ("oauth_consumer_key", consumer_key.expose()),
                    ("oauth_nonce", &nonce),
                    ("oauth_signature_method", "HMAC-SHA256"),
                    ("oauth_timestamp", &timestamp),
                    ("oauth_token", token.expose()),
                    ("oauth_version", "1.0"),
                ];
                let signature = signature(&base_string(method, url, query, &oauth), consumer_secret, token_secret);
                oauth_header(&oauth, &signature)
            }
        };
        let mut value =
            HeaderValue::try_from(text).expect("invariant: Connection::new checked that credentials fit into a header");
        value.set_sensitive(true);
        value
    }
}

/// Percent-encodes one key or value the way both the URL and the signature need it.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A nonce must be unique per consumer for ever: ids never return, and their hash is as unique and has Magento's form, 32 lower-case alphanumerics.
fn nonce(id: &str) -> String {
    let mut text = hex::encode(Sha256::digest(id.as_bytes()));
    text.truncate(32);
    text
}

/// `METHOD & enc(url) & enc(sorted parameters)`.
fn base_string(method: &str, url: &str, query: &[(String, String)], oauth: &[(&str, &str)]) -> String {
    let query = query.iter().map(|(key, value)| (encode(key), encode(value)));
    let oauth = oauth.iter().map(|(key, value)| (encode(key), encode(value)));
    let mut pairs: Vec<(String, String)> = query.chain(oauth).collect();
    pairs.sort_by(|(a, _), (b, _)| natural_order(a.as_bytes(), b.as_bytes()));
    let joined: Vec<String> = pairs.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
    format!("{method}&{}&{}", encode(url), encode(&joined.join("&")))
}

fn signature(base: &str, consumer_secret: &Secret, token_secret: &Secret) -> String {
    let key = format!("{}&{}", encode(consumer_secret.expose()), encode(token_secret.expose()));
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("invariant: HMAC takes keys of any length");
    mac.update(base.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

fn oauth_header(oauth: &[(&str, &str)], signature: &str) -> String {
    let mut pairs: Vec<(&str, &str)> = oauth.to_vec();
    pairs.insert(2, ("oauth_signature", signature));
    let parts: Vec<String> = pairs.into_iter().map(|(key, value)| format!("{key}=\"{}\"", encode(value))).collect();
    format!("OAuth {}", parts.join(","))
}

/// PHP's `strnatcmp` for names that start with a letter and hold no spaces, as encoded keys do: everything compares by byte, but runs of
/// digits by value, or from the left as fractions when one starts with a zero (php-src `ext/standard/strnatcmp.c`).
fn natural_order(a: &[u8], b: &[u8]) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (Some(first), Some(second)) = (a.first(), b.first()) else {
            return a.len().cmp(&b.len());
        };
        if first.is_ascii_digit() && second.is_ascii_digit() {
            let ((left, left_rest), (right, right_rest)) = (digits(a), digits(b));
            let by_length =
                if *first == b'0' || *second == b'0' { Ordering::Equal } else { left.len().cmp(&right.len()) };
            let order = by_length.then_with(|| left.cmp(right));
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (left_rest, right_rest);
        } else if first == second {
            (a, b) = (&a[1..], &b[1..]);
        } else {
            return first.cmp(second);
        }
    }
}

/// Splits off the digits at the start.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use seams::Secret;

    use super::{base_string, encode, natural_order, nonce, oauth_header, signature};

    #[test]
    fn natural_order_is_that_of_php() {
        use Ordering::{Equal, Greater, Less};
        // Results of PHP's strnatcmp by its definition (php-src ext/standard/strnatcmp.c), worked out by hand.
        for (a, b, expected) in [
            ("a%5B9%5D", "a%5B10%5D", Less),
            ("a%5B10%5D", "a%5B9%5D", Greater),
            ("a%5B0%5D", "a%5B1%5D", Less),
            ("a%5B0%5D", "a%5B10%5D", Less),
            ("a%5B09%5D", "a%5B1%5D", Less),
            ("a%5B0%5D", "a%5B00%5D", Less),
            ("fields", "oauth_nonce", Less),
            ("oauth_token", "searchCriteria", Less),
            ("searchCriteria%5BpageSize%5D", "searchCriteria%5Bfilter", Greater),
            ("abc", "abcd", Less),
            ("abc", "abc", Equal),
        ] {
            assert_eq!(natural_order(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
        }
    }

    #[test]
    fn reserved_characters_are_encoded() {
        assert_eq!(encode("a b+c=d[0]/ä~-._"), "a%20b%2Bc%3Dd%5B0%5D%2F%C3%A4~-._");
    }

    #[test]
    fn nonces_are_32_lower_case_alphanumerics() {
        let text = nonce("01J9ZQ4ZQ4ZQ4ZQ4ZQ4ZQ4ZQ4Z");
        assert_eq!(text.len(), 32);
        assert!(text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase()));
        assert_ne!(text, nonce("01J9ZQ4ZQ4ZQ4ZQ4ZQ4ZQ4ZQ50"));
    }

    /// Vectors computed with Python's `hmac`, `hashlib` and `urllib.parse.quote(safe="-._~")`, its natural sort written with `re`.
    #[test]
    fn signatures_agree_with_an_independent_computation() {
        /// URL, query before encoding, signature.
        type Vector = (&'static str, &'static [(&'static str, &'static str)], &'static str);
        const VECTORS: [Vector; 3] = [
            ("https://shop.example.com/rest/V1/orders/12", &[], "bFezplWEZvguV/i0gGCjplRp9Fgqs1+T/Lt0Up9yaYE="),
            (
                "http://127.0.0.1:8080/rest/V1/orders",
                &[
                    ("searchCriteria[filter_groups][0][filters][0][field]", "increment_id"),
                    ("searchCriteria[filter_groups][0][filters][0][value]", "A=1+2 ü"),
                    ("fields", "items[entity_id],total_count"),
                ],
                "2lN26sPu6PJAG6ZSrQGW/K4L58HcqOQu6JlAwPaMxl8=",
            ),
            (
                "https://shop.example.com/rest/V1/orders",
                &[
                    ("searchCriteria[filter_groups][0][filters][0][field]", "f0"),
                    ("searchCriteria[filter_groups][1][filters][0][field]", "f1"),
                    ("searchCriteria[filter_groups][2][filters][0][field]", "f2"),
                    ("searchCriteria[filter_groups][9][filters][0][field]", "f9"),
                    ("searchCriteria[filter_groups][10][filters][0][field]", "f10"),
                    ("searchCriteria[filter_groups][11][filters][0][field]", "f11"),
                ],
                "VqlYkqCsRnJk1H2aAZ8diHO3FRheQlwX9qdDIgSGQD0=",
            ),
        ];
        let consumer_secret = Secret::new("cs0123456789abcdefghijklmnopqrst");
        let token_secret = Secret::new("ts0123456789abcdefghijklmnopqrst");
        let oauth = [
            ("oauth_consumer_key", "ck0123456789abcdefghijklmnopqrst"),
            ("oauth_nonce", "0123456789abcdef0123456789abcdef"),
            ("oauth_signature_method", "HMAC-SHA256"),
            ("oauth_timestamp", "1700000000"),
            ("oauth_token", "tk0123456789abcdefghijklmnopqrst"),
            ("oauth_version", "1.0"),
        ];
        for (url, query, expected) in VECTORS {
            let query: Vec<_> = query.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
            let base = base_string("GET", url, &query, &oauth);
            assert_eq!(signature(&base, &consumer_secret, &token_secret), expected, "{base}");
        }
    }

    #[test]
    fn the_header_lists_the_parameters_in_order() {
        let header =
            oauth_header(&[("oauth_consumer_key", "k"), ("oauth_nonce", "n"), ("oauth_version", "1.0")], "a+b/c=");
        assert_eq!(
            header,
            r#"OAuth oauth_consumer_key="k",oauth_nonce="n",oauth_signature="a%2Bb%2Fc%3D",oauth_version="1.0""#
        );
    }
}
