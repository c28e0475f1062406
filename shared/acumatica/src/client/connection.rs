//! Where the tenant is, who we are there, and which endpoint we speak to.

use seams::BaseUrl;
use seams::base_url::BadUrl;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error as ThisError;

use super::call::{encode, query_string};
use crate::auth::Credentials;
use crate::error::{Undecodable, decode};

/// One tenant: where it is, who we are there, and through which endpoint we speak.
#[derive(Clone, Debug)]
pub struct Connection {
    base_url: BaseUrl,
    endpoint_name: String,
    endpoint_version: String,
    credentials: Credentials,
}

/// Why a connection is refused before any call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
pub enum BadConnection {
    /// The address is not one that credentials may be sent to.
    #[error(transparent)]
    Url(#[from] BadUrl),
    /// Name or version of the endpoint is empty or holds a slash.
    #[error("the Acumatica endpoint needs a name such as Default and a version such as 24.200.001")]
    Endpoint,
    /// One of the four credentials is empty.
    #[error("an Acumatica credential is empty")]
    Credentials,
}

impl Connection {
    /// Checks address, endpoint and credentials. The address includes the instance, as in `https://erp.example.com/production`; customers
    /// often extend the endpoint `Default` under a name of their own.
    ///
    /// # Errors
    /// [`BadConnection`] when no request could be sent safely.
    pub fn new(
        base_url: &str,
        endpoint_name: &str,
        endpoint_version: &str,
        credentials: Credentials,
    ) -> Result<Self, BadConnection> {
        let base_url = BaseUrl::parse(base_url)?;
        if [endpoint_name, endpoint_version].into_iter().any(|part| part.trim().is_empty() || part.contains('/')) {
            return Err(BadConnection::Endpoint);
        }
        let texts = [&credentials.client_id, &credentials.username];
        if texts.into_iter().any(String::is_empty)
            || credentials.client_secret.is_empty()
            || credentials.password.is_empty()
        {
            return Err(BadConnection::Credentials);
        }
        let (endpoint_name, endpoint_version) = (endpoint_name.to_owned(), endpoint_version.to_owned());
        Ok(Self { base_url, endpoint_name, endpoint_version, credentials })
    }

    /// The address of the instance without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// The endpoint's name and version.
    #[must_use]
    pub fn endpoint(&self) -> (&str, &str) {
        (&self.endpoint_name, &self.endpoint_version)
    }

    pub(crate) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The URL of an entity, or of a record below it, with its query.
    pub(crate) fn url(&self, path: &str, query: &[(String, String)]) -> String {
        let (name, version) = (encode(&self.endpoint_name), encode(&self.endpoint_version));
        let url = format!("{}/entity/{name}/{version}/{path}", self.base_url);
        if query.is_empty() { url } else { format!("{url}?{}", query_string(query)) }
    }
}

/// An endpoint that the instance serves.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Endpoint {
    /// `Default`, or the customer's own.
    pub name: String,
    /// Such as `24.200.001`, after the release that introduced it.
    pub version: String,
}

/// What `GET {base}/entity` tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// The product's build, such as `26.101.0225`; older builds do not tell.
    pub build: Option<String>,
    /// All endpoints, several versions of one name side by side.
    pub endpoints: Vec<Endpoint>,
}

impl Endpoints {
    /// Whether the connection's endpoint is among them; names do not depend on case.
    #[must_use]
    pub fn contains(&self, name: &str, version: &str) -> bool {
        self.endpoints.iter().any(|endpoint| endpoint.name.eq_ignore_ascii_case(name) && endpoint.version == version)
    }

    /// Newer builds answer `{"version", "endpoints"}`, older ones the bare list.
    pub(super) fn read(answer: Value) -> Result<Self, Undecodable> {
        #[derive(Deserialize)]
        struct Newer {
            version: Option<Version>,
            endpoints: Vec<Endpoint>,
        }
        #[derive(Deserialize)]
        struct Version {
            #[serde(rename = "acumaticaBuildVersion")]
            build: Option<String>,
        }
        if answer.is_array() {
            return Ok(Self { build: None, endpoints: decode(answer)? });
        }
        let newer: Newer = decode(answer)?;
        Ok(Self { build: newer.version.and_then(|version| version.build), endpoints: newer.endpoints })
    }
}
