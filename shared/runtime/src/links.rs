//! A link as a batch needs it: settings, activation and both clients, read when the batch begins and never kept longer.

use std::sync::Arc;
use std::time::Duration;

use flows::link::Link;
use flows::settings;
use seams::clock::Clock;
use seams::http::Transport;
use store::{Table, TableError};
use thiserror::Error;

use crate::deployment::{DeploymentKey, KeyError};
use crate::head::{Head, head};
use crate::secrets::{Platform, SecretError, Secrets};
use crate::tokens::Tokens;

/// Why a link cannot be used. None of it is a record's fault.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LinkError {
    /// No link has this id.
    #[error("there is no such link")]
    Unknown,
    /// The state table did not tell.
    #[error(transparent)]
    Table(#[from] TableError),
    /// What is stored are not settings of any released version.
    #[error("the stored settings cannot be read: {0}")]
    Settings(String),
    /// A secret is missing or not usable.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The settings' address or the secret's texts cannot be used to reach a platform.
    #[error("the connection to {platform} cannot be used: {why}")]
    Connection {
        /// `magento` or `acumatica`.
        platform: &'static str,
        /// What is wrong, without values.
        why: String,
    },
    /// The deployment's key is missing or not the one that the records were made with.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl LinkError {
    /// The stable code: what stands in the outcome event, and has a runbook page.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            LinkError::Unknown => "flows.rejected.unknown_link",
            LinkError::Settings(_) => "flows.bug.settings",
            LinkError::Connection { .. } => "flows.rejected.connection",
            LinkError::Table(error) | LinkError::Key(KeyError::Table(error)) => match error {
                TableError::NotApplied(_) | TableError::Unknown(_) => "store.transient.unavailable",
                TableError::Bug(_) => "flows.bug.impossible",
            },
            LinkError::Key(KeyError::Another { .. }) => "flows.rejected.deployment_key",
            LinkError::Secret(error) | LinkError::Key(KeyError::Secret(error)) => match error {
                SecretError::Unavailable { .. } => "flows.transient.secrets",
                SecretError::Missing(_) | SecretError::Malformed { .. } => "flows.rejected.secret",
            },
        }
    }
}

/// Makes clients of a link's settings and secrets.
#[derive(Clone)]
pub struct Platforms {
    /// The HTTP seam below both clients.
    pub transport: Arc<dyn Transport>,
    /// Time and ids.
    pub clock: Arc<dyn Clock>,
    /// Where the ERP's token is shared.
    pub state: Arc<dyn Table>,
    /// Credentials.
    pub secrets: Arc<Secrets>,
    /// What shops have told of countries.
    pub directory: Arc<magento::Directory>,
    /// Whether http to this machine is allowed, where the platforms are simulators.
    pub local_mode: bool,
    /// How long a write to Acumatica may take.
    pub write_timeout: Duration,
}

impl Platforms {
    /// The client of a link's shop.
    ///
    /// # Errors
    /// [`LinkError::Secret`] or [`LinkError::Connection`].
    pub async fn magento(&self, link: &str, settings: &settings::Magento) -> Result<magento::Client, LinkError> {
        let refused = |why: String| LinkError::Connection { platform: Platform::Magento.as_str(), why };
        let credentials = self.secrets.magento(link, settings.auth).await?;
        let connection = magento::Connection::new(&settings.base_url, credentials);
        let connection = connection.map_err(|error| refused(error.to_string()))?;
        self.check(connection.base_url()).map_err(refused)?;
        let client = magento::Client::new(self.transport.clone(), self.clock.clone(), connection);
        Ok(client.with_directory(self.directory.clone()))
    }

    /// The client of a link's ERP. All clients of one link share one token, kept in the state table.
    ///
    /// # Errors
    /// [`LinkError::Secret`] or [`LinkError::Connection`].
    pub async fn acumatica(&self, link: &str, settings: &settings::Acumatica) -> Result<acumatica::Client, LinkError> {
        let refused = |why: String| LinkError::Connection { platform: Platform::Acumatica.as_str(), why };
        let credentials = self.secrets.acumatica(link).await?;
        let (endpoint, version) = (&settings.endpoint, &settings.endpoint_version);
        let connection = acumatica::Connection::new(&settings.base_url, endpoint, version, credentials);
        let connection = connection.map_err(|error| refused(error.to_string()))?;
        self.check(connection.base_url()).map_err(refused)?;
        let tokens = Arc::new(Tokens::new(self.state.clone(), self.clock.clone(), link));
        let client = acumatica::Client::new(self.transport.clone(), self.clock.clone(), connection, tokens);
        Ok(client.with_write_timeout(self.write_timeout))
    }

    /// The clients' own check lets this machine pass; outside local mode there is nobody here to be reached.
    fn check(&self, url: &seams::BaseUrl) -> Result<(), String> {
        if self.local_mode || url.as_str().starts_with("https://") {
            Ok(())
        } else {
            Err("the base URL must start with https://".to_owned())
        }
    }
}

/// The links of a deployment.
pub struct Links {
    platforms: Platforms,
    key: DeploymentKey,
}

impl Links {
    /// Links whose clients are made by `platforms`.
    #[must_use]
    pub fn new(platforms: Platforms, key: DeploymentKey) -> Self {
        Self { platforms, key }
    }

    /// A link as it is now.
    ///
    /// # Errors
    /// Any [`LinkError`].
    pub async fn load(&self, id: &str) -> Result<Link, LinkError> {
        let Head { activation, settings, settings_version } = head(self.platforms.state.as_ref(), id).await?;
        let magento = self.platforms.magento(id, &settings.magento).await?;
        let acumatica = self.platforms.acumatica(id, &settings.acumatica).await?;
        let emails = self.key.get().await?;
        Ok(Link { id: id.to_owned(), activation, settings, settings_version, magento, acumatica, emails })
    }

    /// Reads a platform's credentials again after it had refused them. Returns whether they have changed since, so that the link
    /// should be loaded again. A secret that cannot be read now changes nothing.
    pub async fn refresh(&self, id: &str, platform: Platform) -> bool {
        match self.platforms.secrets.refresh(id, platform).await {
            Ok(changed) => changed,
            Err(error) => {
                tracing::warn!(error = %error, "Credentials were refused and could not be read again");
                false
            }
        }
    }
}
