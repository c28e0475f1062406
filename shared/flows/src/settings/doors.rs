//! Who may tell a link of events: the shop's senders and Acumatica's push notifications. A sender without settings is not let in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the shop's events are verified: those of the async-events module always, other senders' where they are set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// What the header holds.
    pub scheme: WebhookScheme,
    /// The header's name; the async-events module sends `x-magento-signature`.
    #[serde(default = "default_header")]
    pub header: String,
    /// Adobe Commerce webhooks, at `/magento/<link>/adobe-commerce/<event>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adobe_commerce: Option<AdobeCommerce>,
    /// Adobe I/O Events, at `/magento/<link>/adobe-io`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adobe_io: Option<AdobeIo>,
    /// Mageplaza Webhook and other modules whose bodies the merchant writes, at `/magento/<link>/mageplaza/<entity>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mageplaza: Option<Mageplaza>,
}

fn default_header() -> String {
    "x-magento-signature".to_owned()
}

/// What the signature header holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WebhookScheme {
    /// Lower-case hex of HMAC-SHA256 over the raw body.
    HmacSha256,
    /// The secret itself.
    SharedSecret,
}

/// Adobe Commerce webhooks: signed by the shop itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdobeCommerce {
    /// The public keys that Magento's admin shows, in PEM form: one, or two while one is being replaced by the other.
    pub public_keys: Vec<String>,
}

/// Adobe I/O Events: signed by Adobe, for a project of Adobe's developer console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdobeIo {
    /// The project's client id. Adobe signs everybody's events with the same keys: this says which are the shop's.
    pub client_id: String,
}

/// Bodies that the merchant writes, with a fixed header. Its value is one of the `webhook_secrets` of the secret `<stack>/<link>/magento`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mageplaza {
    /// The header's name.
    #[serde(default = "default_secret_header")]
    pub header: String,
}

/// Acumatica's push notifications, at `/acumatica/<link>/<entity>`. The header's value is one of the `push_secrets` of the secret
/// `<stack>/<link>/acumatica`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Push {
    /// The name of the one header that Acumatica can send.
    #[serde(default = "default_secret_header")]
    pub header: String,
    /// The tenant, as pushes name it in `CompanyId`: those of another one, a restored copy for example, are refused. Absent: any tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
}

fn default_secret_header() -> String {
    "x-causeway-secret".to_owned()
}
