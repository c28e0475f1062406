//! From configuration to what a function works with: clients, seams, links. Done once, before the first event; the only requests made
//! are those that warm connections.

use std::sync::Arc;

use flows::link::{Timing, World};
use jiff::SignedDuration;
use lambda_runtime::Error;
use queue::sqs::{Address, Sqs};
use queue::{Name, Queue};
use seams::clock::{Clock, System};
use seams::http::Reqwest;
use store::Table;
use store::dynamo::Dynamo;

use crate::absent::Absent;
use crate::aws::Clients;
use crate::config;
use crate::deployment::DeploymentKey;
use crate::links::{Links, Platforms};
use crate::metrics::Metrics;
use crate::secrets::{Secrets, SecretsManager};
use crate::worker::Worker;

/// The parts that every function has.
pub struct Parts {
    /// The clients below the seams.
    pub clients: Clients,
    /// Records, settings, bindings, tokens.
    pub state: Arc<dyn Table>,
    /// The machine's clock.
    pub clock: Arc<dyn Clock>,
    /// Metrics on standard output.
    pub metrics: Metrics,
}

impl Parts {
    /// Builds the clients; makes no request.
    #[must_use]
    pub fn new(aws: &config::Aws, state_table: &str) -> Self {
        let clients = Clients::new(aws);
        let clock: Arc<dyn Clock> = Arc::new(System);
        let metrics = Metrics::stdout(clock.clone());
        Self { state: Arc::new(Dynamo::new(clients.dynamodb.clone(), state_table)), clock, metrics, clients }
    }

    /// A table beside the state table.
    #[must_use]
    pub fn table(&self, name: &str) -> Arc<dyn Table> {
        Arc::new(Dynamo::new(self.clients.dynamodb.clone(), name))
    }

    /// Queues that a function only sends to, or receives from.
    #[must_use]
    pub fn queues(&self, urls: &[(Name, &str)]) -> Arc<dyn Queue> {
        let address = |url: &str| Address {
            queue_url: url.to_owned(),
            dead_letter_url: String::new(),
            dead_letter_arn: String::new(),
        };
        self.queues_and_dead_letters(urls.iter().map(|(name, url)| (*name, address(url))))
    }

    /// Queues and their dead-letter queues.
    #[must_use]
    pub fn queues_and_dead_letters(&self, addresses: impl IntoIterator<Item = (Name, Address)>) -> Arc<dyn Queue> {
        Arc::new(Sqs::new(self.clients.sqs.clone(), addresses.into_iter().collect()))
    }

    /// The links' secrets.
    #[must_use]
    pub fn secrets(&self, prefix: &str) -> Secrets {
        Secrets::new(Arc::new(SecretsManager::new(self.clients.secrets.clone())), self.clock.clone(), prefix)
    }

    /// The deployment's key in that secret.
    #[must_use]
    pub fn deployment_key(&self, secret: &str) -> DeploymentKey {
        let source = Arc::new(SecretsManager::new(self.clients.secrets.clone()));
        DeploymentKey::new(source, secret, self.state.clone(), self.clock.clone())
    }

    /// What makes clients of links' settings and secrets.
    ///
    /// # Errors
    /// When TLS towards the platforms cannot be set up.
    pub fn platforms(&self, secret_prefix: &str, local_mode: bool) -> Result<Platforms, Error> {
        Ok(Platforms {
            transport: Arc::new(Reqwest::new()?),
            clock: self.clock.clone(),
            state: self.state.clone(),
            secrets: Arc::new(self.secrets(secret_prefix)),
            directory: Arc::default(),
            local_mode,
            write_timeout: acumatica::client::WRITE_TIMEOUT,
        })
    }
}

/// What a function works with that works on a queue, its connections warm.
///
/// # Errors
/// When TLS towards the platforms cannot be set up, or a number of the configuration is out of all bounds.
pub async fn worker(config: &config::Worker) -> Result<Worker, Error> {
    let parts = Parts::new(&config.aws, &config.state_table);
    parts.clients.warm(&config.state_table, &config.queue_url).await;
    let key = parts.deployment_key(&config.deployment_key_secret);
    let platforms = parts.platforms(&config.secret_prefix, config.local_mode)?;
    let links = Links::new(Platforms { write_timeout: config.limits.write_timeout, ..platforms }, key);
    let world = World {
        log: parts.table(&config.log_table),
        queue: parts.queues(&[(config.queue, &config.queue_url)]),
        timing: Timing {
            step_reserve: SignedDuration::try_from(config.limits.step_reserve)?,
            duplicate_window: SignedDuration::try_from(config.limits.duplicate_window)?,
        },
        state: parts.state,
        clock: parts.clock,
    };
    Ok(Worker { name: config.queue, world, links, metrics: parts.metrics })
}

/// What `sweep` works with, its connections warm. It begins no step and writes no log.
pub async fn sweep(config: &config::Sweep) -> (World, Metrics) {
    let parts = Parts::new(&config.aws, &config.state_table);
    let urls = config.queue_urls.each_ref().map(|(queue, url)| (*queue, url.as_str()));
    // One connection serves all queues.
    let [(_, url), ..] = urls;
    parts.clients.warm(&config.state_table, url).await;
    let world = World {
        log: Arc::new(Absent),
        queue: parts.queues(&urls),
        timing: Timing::default(),
        state: parts.state,
        clock: parts.clock,
    };
    (world, parts.metrics)
}
