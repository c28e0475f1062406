//! OAuth 1.0a as Magento 2.4.x checks it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use seams::http::Request;
use serde_json::{Value, json};
use sha2::Sha256;

use super::config::Integration;
use super::error::ApiError;
use super::natural::natural_cmp;

/// How far in the future a timestamp may lie, in seconds (Magento 2.4.6, module-integration Oauth/Nonce/Generator).
const TIME_DEVIATION: i64 = 600;
/// Length of consumer keys and tokens (Magento 2.4.6, framework Oauth/Helper/Oauth).
const LENGTH: usize = 32;
/// What `rawurlencode` leaves as it is.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Parameters of a request by name; a later value replaces an earlier one, as in a PHP array.
type Params = Vec<(String, String)>;

/// Finds the integration that signed the request. `used` holds nonces by consumer key, and the new one is added as soon as it is
/// seen to be new, before the signature is checked, as Magento does.
pub(crate) fn verify<'a>(
    header: &str,
    request: &Request,
    integrations: &'a [Integration],
    used: &mut std::collections::HashSet<(String, String)>,
    now: Timestamp,
) -> Result<&'a Integration, ApiError> {
    let params = params_of(header, request);
    let get = |name: &str| params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    check_protocol(&get)?;
    let (key, nonce) = (get("oauth_consumer_key").unwrap_or_default(), get("oauth_nonce").unwrap_or_default());
    if key.len() != LENGTH {
        return Err(ApiError::new(401, "Consumer key is not the correct length"));
    }
    let position = integrations.iter().position(|integration| integration.consumer_key == key);
    let position = position.ok_or_else(|| ApiError::new(401, "A consumer having the specified key does not exist"))?;
    let timestamp = get("oauth_timestamp").and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
    if timestamp <= 0 || timestamp > now.as_second() + TIME_DEVIATION {
        return Err(ApiError::new(401, "Incorrect timestamp value in the oauth_timestamp parameter"));
    }
    if !used.insert((key.to_owned(), nonce.to_owned())) {
        let message = "The nonce is already being used by the consumer with ID %1";
        return Err(ApiError::new(401, message).with(json!([position + 1])));
    }
    let token = get("oauth_token").unwrap_or_default();
    let owner = integrations.iter().position(|integration| integration.access_token == token);
    match owner {
        None => return Err(ApiError::new(401, "Specified token does not exist")),
        Some(owner) if owner != position => {
            return Err(ApiError::new(401, "Token is not associated with the specified consumer"));
        }
        Some(_) => {}
    }
    let integration = &integrations[position];
    if integration.revoked {
        return Err(ApiError::new(401, "Access token has been revoked"));
    }
    let signature = STANDARD.decode(get("oauth_signature").unwrap_or_default()).unwrap_or_default();
    let base = base_string(request, &params);
    let mac = keyed(&integration.consumer_secret, &integration.access_token_secret).chain_update(base);
    mac.verify_slice(&signature).map_err(|_| ApiError::new(401, "The signature is invalid. Verify and try again."))?;
    Ok(integration)
}

/// Version, required parameters, lengths and method, in Magento's order (framework Oauth/Oauth, `_validateProtocolParams`).
fn check_protocol<'p>(get: &impl Fn(&str) -> Option<&'p str>) -> Result<(), ApiError> {
    if let Some(version) = get("oauth_version").filter(|version| *version != "1.0") {
        return Err(ApiError::new(400, "The \"%1\" Oauth version isn't supported.").with(json!([version])));
    }
    let required = ["consumer_key", "signature", "signature_method", "nonce", "timestamp", "token"];
    let missing: Vec<Value> = required
        .iter()
        .map(|name| format!("oauth_{name}"))
        .filter(|name| get(name).is_none())
        .map(|name| json!({"message": "\"%fieldName\" is required. Enter and try again.", "parameters": {"fieldName": name}}))
        .collect();
    match missing.as_slice() {
        [] => {}
        // One error alone becomes the message itself (framework Exception/AbstractAggregateException).
        [one] => return Err(ApiError::required(one["parameters"]["fieldName"].as_str().unwrap_or_default())),
        _ => {
            let mut error = ApiError::new(400, "One or more input exceptions have occurred.");
            error.errors = missing;
            return Err(error);
        }
    }
    if get("oauth_token").is_some_and(|token| token.len() != LENGTH) {
        return Err(ApiError::new(400, "The token length is invalid. Check the length and try again."));
    }
    match get("oauth_signature_method") {
        Some("HMAC-SHA256") => Ok(()),
        other => {
            let named = json!([other.unwrap_or_default()]);
            Err(ApiError::new(400, "Signature method %1 is not supported").with(named))
        }
    }
}

/// Header parameters, then the query's (framework Oauth/Helper/Request). A query pair with `=` in its raw value is dropped; `+` stays
/// a plus.
fn params_of(header: &str, request: &Request) -> Params {
    let mut params = Params::new();
    let mut put = |name: String, value: String| match params.iter_mut().find(|(key, _)| *key == name) {
        Some(existing) => existing.1 = value,
        None => params.push((name, value)),
    };
    let after = header.to_ascii_lowercase().find("oauth ").map_or(0, |at| at + 6);
    for pair in header[after..].split(',') {
        if let Some((name, value)) = pair.trim().split_once('=')
            && name.contains("oauth_")
        {
            put(decode(name), decode(value.trim_matches('"')));
        }
    }
    for pair in request.uri().query().unwrap_or_default().split('&') {
        if let Some((name, value)) = pair.split_once('=')
            && !value.contains('=')
            && !name.contains("oauth_")
        {
            put(decode(name), decode(value));
        }
    }
    params
}

/// `METHOD & url & sorted parameters`, each encoded.
fn base_string(request: &Request, params: &Params) -> String {
    let mut encoded: Params = params
        .iter()
        .filter(|(name, _)| name != "oauth_signature")
        .map(|(name, value)| (encode(name), encode(value)))
        .collect();
    encoded.sort_by(|left, right| natural_cmp(&left.0, &right.0));
    let joined: Vec<String> = encoded.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{}&{}&{}", request.method().as_str(), encode(&url_of(request)), encode(&joined.join("&")))
}

/// Scheme, host and path, without query and without the scheme's own port.
fn url_of(request: &Request) -> String {
    let uri = request.uri();
    let scheme = uri.scheme_str().unwrap_or("http");
    let header = request.headers().get("host").and_then(|value| value.to_str().ok());
    let host = uri.authority().map(http::uri::Authority::as_str).or(header).unwrap_or_default().to_ascii_lowercase();
    let default_port = if scheme == "https" { ":443" } else { ":80" };
    format!("{scheme}://{}{}", host.strip_suffix(default_port).unwrap_or(&host), uri.path())
}

fn keyed(consumer_secret: &str, token_secret: &str) -> Hmac<Sha256> {
    let key = format!("{}&{}", encode(consumer_secret), encode(token_secret));
    Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length")
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
