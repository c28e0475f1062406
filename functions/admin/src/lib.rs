//! The operator's door: the operations of `flows::operations`, by HTTP behind IAM or by direct invoke. Here requests are read, routed and
//! answered; what an operation does stands there.

mod request;
mod router;

use async_trait::async_trait;
use flows::link::{EmailKey, World};
use flows::operations::{Desk, Platforms, Refusal, Unusable};
use flows::settings::{Acumatica, Magento};
use runtime::deployment::DeploymentKey;
use runtime::links::{self, LinkError};
use runtime::secrets::Platform;
use serde_json::{Map, Value, json};

pub use request::{Request, Unreadable};

/// The door and what stands behind it.
pub struct Office {
    /// Tables, queue and clock.
    pub world: World,
    /// Shops and ERPs.
    pub platforms: Box<dyn Platforms>,
    /// Whether a platform may be reached by http on this machine.
    pub allow_loopback: bool,
}

impl Office {
    /// Answers one invocation, in the form that fits how it came.
    pub async fn answer(&self, event: Value) -> Value {
        let request = match Request::read(&event) {
            Ok(request) => request,
            Err(unreadable) => {
                let refusal = Refusal::new(400, unreadable.to_string());
                return rendered(&Err(refusal), Request::is_http(&event));
            }
        };
        let desk = Desk { world: &self.world, platforms: self.platforms.as_ref(), allow_loopback: self.allow_loopback };
        let (operation, answered) = router::route(&desk, &request).await;
        let status = answered.as_ref().map_or_else(|refusal| refusal.status, |answer| answer.status);
        // Who asked stands in the settings' history; an ARN may end in an e-mail, and a path in anything.
        tracing::info!(operation, status, "Answered an operator");
        rendered(&answered, request.http)
    }
}

/// An HTTP API's answer, or `{status, body}` and the settings' version for a direct invoke.
fn rendered(answered: &Result<flows::operations::Answer, Refusal>, http: bool) -> Value {
    let (status, version, body, content_type) = match answered {
        Ok(answer) => (answer.status, answer.version, answer.body.clone(), "application/json"),
        Err(refusal) => (refusal.status, None, problem(refusal), "application/problem+json"),
    };
    let mut headers = Map::from_iter([("content-type".to_owned(), json!(content_type))]);
    if let Some(version) = version {
        headers.insert("etag".to_owned(), json!(format!("\"{version}\"")));
    }
    if http {
        json!({ "statusCode": status, "headers": headers, "body": body.to_string(), "isBase64Encoded": false })
    } else {
        json!({ "status": status, "headers": headers, "body": body })
    }
}

/// A refusal as RFC 9457 wants it.
fn problem(refusal: &Refusal) -> Value {
    let mut body = refusal.more.as_object().cloned().unwrap_or_default();
    body.insert("status".to_owned(), json!(refusal.status));
    body.insert("title".to_owned(), json!(title(refusal.status)));
    body.insert("detail".to_owned(), json!(refusal.detail));
    Value::Object(body)
}

fn title(status: u16) -> &'static str {
    let known = http::StatusCode::from_u16(status).ok();
    known.and_then(|status| status.canonical_reason()).unwrap_or("Refused")
}

/// Platforms made of the links' secrets, which are read again each time: an operator who has just corrected one must not be told of the
/// wrong one for as long as workers keep it.
pub struct Linked {
    /// Makes the clients.
    pub platforms: links::Platforms,
    /// The deployment's key.
    pub key: DeploymentKey,
}

impl Linked {
    async fn read_again(&self, link: &str, platform: Platform) -> Result<(), Unusable> {
        let read = self.platforms.secrets.refresh(link, platform).await;
        read.map(|_changed| ()).map_err(|error| unusable(&LinkError::Secret(error)))
    }
}

#[async_trait]
impl Platforms for Linked {
    async fn magento(&self, link: &str, settings: &Magento) -> Result<magento::Client, Unusable> {
        self.read_again(link, Platform::Magento).await?;
        self.platforms.magento(link, settings).await.map_err(|error| unusable(&error))
    }

    async fn acumatica(&self, link: &str, settings: &Acumatica) -> Result<acumatica::Client, Unusable> {
        self.read_again(link, Platform::Acumatica).await?;
        self.platforms.acumatica(link, settings).await.map_err(|error| unusable(&error))
    }

    async fn emails(&self) -> Result<EmailKey, Unusable> {
        self.key.look().await.map_err(|error| unusable(&LinkError::Key(error)))
    }
}

fn unusable(error: &LinkError) -> Unusable {
    Unusable { code: error.code(), why: error.to_string() }
}
