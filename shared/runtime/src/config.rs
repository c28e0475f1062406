//! The only reader of the environment: one structure per function, every problem reported together.
//!
//! Names and secrets have no defaults: a function that was deployed without one of them does not start, and says which. No message
//! repeats a value, because someone will one day put a password into the wrong variable.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use queue::Name;
use queue::sqs::Address;
use seams::BaseUrl;
use tracing::level_filters::LevelFilter;

/// A copy of environment variables.
#[derive(Clone, Debug, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// The variables of this process. Those that are not Unicode are left out, as none of ours may be.
    #[must_use]
    pub fn of_process() -> Self {
        let unicode = std::env::vars_os().filter_map(|(name, value)| {
            let (Ok(name), Ok(value)) = (name.into_string(), value.into_string()) else { return None };
            Some((name, value))
        });
        Self(unicode.collect())
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Environment {
    fn from(pairs: [(&str, &str); N]) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

/// Everything that is wrong with the environment of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(Vec<String>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the environment of this function is not usable: {}", self.0.join("; "))
    }
}

impl std::error::Error for ConfigError {}

/// Where AWS is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aws {
    /// `AWS_REGION`, which Lambda sets.
    pub region: String,
    /// `AWS_ENDPOINT_URL`, which the local emulator sets. Requests carry signatures and secrets, so it is https or this machine.
    pub endpoint: Option<BaseUrl>,
}

/// The template's parameters about time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// `STEP_RESERVE_SECONDS`: what must be left of the invocation before a step begins.
    pub step_reserve: Duration,
    /// `WRITE_TIMEOUT_SECONDS`: what one write to Acumatica may take.
    pub write_timeout: Duration,
    /// `DUPLICATE_WINDOW_SECONDS`: how long a write of unknown end may still arrive.
    pub duplicate_window: Duration,
}

/// What `magento-webhook` is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MagentoWebhook {
    /// Where AWS is.
    pub aws: Aws,
    /// `RUST_LOG`: the least level logged.
    pub log_level: LevelFilter,
    /// `STATE_TABLE`: links, settings, activation.
    pub state_table: String,
    /// `ORDERS_QUEUE_URL`: where order events go.
    pub orders_queue_url: String,
    /// `CUSTOMERS_QUEUE_URL`: where customer events go.
    pub customers_queue_url: String,
    /// `SECRET_PREFIX`: the first part of the names of links' secrets.
    pub secret_prefix: String,
}

/// What `acumatica-webhook` is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcumaticaWebhook {
    /// Where AWS is.
    pub aws: Aws,
    /// `RUST_LOG`: the least level logged.
    pub log_level: LevelFilter,
    /// `STATE_TABLE`: links, settings, activation.
    pub state_table: String,
    /// `CUSTOMERS_QUEUE_URL`: where customer pushes go.
    pub customers_queue_url: String,
    /// `SECRET_PREFIX`: the first part of the names of links' secrets.
    pub secret_prefix: String,
}

/// Something of each queue.
pub type EachQueue<T> = [(Name, T); Name::ALL.len()];

/// What a function is told that works on a queue: `sync-orders`, `sync-customers`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// Where AWS is.
    pub aws: Aws,
    /// `RUST_LOG`: the least level logged.
    pub log_level: LevelFilter,
    /// `STATE_TABLE`: records, settings, bindings, tokens.
    pub state_table: String,
    /// `LOG_TABLE`: the sync log.
    pub log_table: String,
    /// Which queue it works on.
    pub queue: Name,
    /// `ORDERS_QUEUE_URL` or whichever it works on: where the events come from, and where visibility is set.
    pub queue_url: String,
    /// `SECRET_PREFIX`: the first part of the names of links' secrets.
    pub secret_prefix: String,
    /// `DEPLOYMENT_KEY_SECRET`: name or ARN of the secret that e-mails are hashed with.
    pub deployment_key_secret: String,
    /// Time-outs and windows.
    pub limits: Limits,
    /// `LOCAL_MODE`: platforms may be reached by http on this machine.
    pub local_mode: bool,
}

/// What `sweep` is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// Where AWS is.
    pub aws: Aws,
    /// `RUST_LOG`: the least level logged.
    pub log_level: LevelFilter,
    /// `STATE_TABLE`: the records that are due.
    pub state_table: String,
    /// `ORDERS_QUEUE_URL`, `CUSTOMERS_QUEUE_URL`: where they are enqueued.
    pub queue_urls: EachQueue<String>,
}

/// What `admin` is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admin {
    /// Where AWS is.
    pub aws: Aws,
    /// `RUST_LOG`: the least level logged.
    pub log_level: LevelFilter,
    /// `STATE_TABLE`: everything an operator reads and changes.
    pub state_table: String,
    /// `LOG_TABLE`: the sync log.
    pub log_table: String,
    /// `ORDERS_QUEUE_URL`, `ORDERS_DLQ_URL`, `ORDERS_DLQ_ARN` and the same of each other queue: where operator events go, and the
    /// dead-letter queue, for its depth and as the source of a move task.
    pub queues: EachQueue<Address>,
    /// `SECRET_PREFIX`: the first part of the names of links' secrets.
    pub secret_prefix: String,
    /// `DEPLOYMENT_KEY_SECRET`: name or ARN of the secret that e-mails are hashed with, by which a dry run finds customers.
    pub deployment_key_secret: String,
    /// `LOCAL_MODE`: platforms may be reached by http on this machine.
    pub local_mode: bool,
}

impl MagentoWebhook {
    /// Reads the function's variables.
    ///
    /// # Errors
    /// [`ConfigError`] with every problem.
    pub fn read(environment: &Environment) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(environment);
        let read = Self {
            aws: reader.aws(),
            log_level: reader.level(),
            state_table: reader.text("STATE_TABLE"),
            orders_queue_url: reader.text("ORDERS_QUEUE_URL"),
            customers_queue_url: reader.text("CUSTOMERS_QUEUE_URL"),
            secret_prefix: reader.text("SECRET_PREFIX"),
        };
        reader.finish(read)
    }
}

impl AcumaticaWebhook {
    /// Reads the function's variables.
    ///
    /// # Errors
    /// [`ConfigError`] with every problem.
    pub fn read(environment: &Environment) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(environment);
        let read = Self {
            aws: reader.aws(),
            log_level: reader.level(),
            state_table: reader.text("STATE_TABLE"),
            customers_queue_url: reader.text("CUSTOMERS_QUEUE_URL"),
            secret_prefix: reader.text("SECRET_PREFIX"),
        };
        reader.finish(read)
    }
}

impl Worker {
    /// Reads the variables of the function that works on that queue.
    ///
    /// # Errors
    /// [`ConfigError`] with every problem.
    pub fn read(queue: Name, environment: &Environment) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(environment);
        let read = Self {
            aws: reader.aws(),
            log_level: reader.level(),
            state_table: reader.text("STATE_TABLE"),
            log_table: reader.text("LOG_TABLE"),
            queue,
            queue_url: reader.of_queue(queue, "QUEUE_URL"),
            secret_prefix: reader.text("SECRET_PREFIX"),
            deployment_key_secret: reader.text("DEPLOYMENT_KEY_SECRET"),
            limits: Limits {
                step_reserve: reader.seconds("STEP_RESERVE_SECONDS"),
                write_timeout: reader.seconds("WRITE_TIMEOUT_SECONDS"),
                duplicate_window: reader.seconds("DUPLICATE_WINDOW_SECONDS"),
            },
            local_mode: reader.flag("LOCAL_MODE"),
        };
        reader.check_limits(&read.limits);
        reader.finish(read)
    }
}

impl Sweep {
    /// Reads the function's variables.
    ///
    /// # Errors
    /// [`ConfigError`] with every problem.
    pub fn read(environment: &Environment) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(environment);
        let read = Self {
            aws: reader.aws(),
            log_level: reader.level(),
            state_table: reader.text("STATE_TABLE"),
            queue_urls: Name::ALL.map(|queue| (queue, reader.of_queue(queue, "QUEUE_URL"))),
        };
        reader.finish(read)
    }
}

impl Admin {
    /// Reads the function's variables.
    ///
    /// # Errors
    /// [`ConfigError`] with every problem.
    pub fn read(environment: &Environment) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(environment);
        let read = Self {
            aws: reader.aws(),
            log_level: reader.level(),
            state_table: reader.text("STATE_TABLE"),
            log_table: reader.text("LOG_TABLE"),
            queues: Name::ALL.map(|queue| (queue, reader.address(queue))),
            secret_prefix: reader.text("SECRET_PREFIX"),
            deployment_key_secret: reader.text("DEPLOYMENT_KEY_SECRET"),
            local_mode: reader.flag("LOCAL_MODE"),
        };
        reader.finish(read)
    }
}

/// Reads variables and remembers what was wrong; the placeholders it returns meanwhile never leave [`Reader::finish`].
struct Reader<'a> {
    environment: &'a Environment,
    problems: Vec<String>,
}

impl<'a> Reader<'a> {
    fn new(environment: &'a Environment) -> Self {
        Self { environment, problems: Vec::new() }
    }

    fn optional(&self, name: &str) -> Option<&'a str> {
        self.environment.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    fn text(&mut self, name: &str) -> String {
        let value = self.optional(name);
        if value.is_none() {
            self.problems.push(format!("{name} is missing"));
        }
        value.unwrap_or_default().to_owned()
    }

    /// `what` of a queue, in the variable that is called after both: `ORDERS_QUEUE_URL`.
    fn of_queue(&mut self, queue: Name, what: &str) -> String {
        let name = match queue {
            Name::Orders => "ORDERS",
            Name::Customers => "CUSTOMERS",
        };
        self.text(&format!("{name}_{what}"))
    }

    fn address(&mut self, queue: Name) -> Address {
        Address {
            queue_url: self.of_queue(queue, "QUEUE_URL"),
            dead_letter_url: self.of_queue(queue, "DLQ_URL"),
            dead_letter_arn: self.of_queue(queue, "DLQ_ARN"),
        }
    }

    fn seconds(&mut self, name: &str) -> Duration {
        let text = self.text(name);
        match text.parse::<u32>() {
            Ok(seconds) if seconds > 0 => Duration::from_secs(seconds.into()),
            _ if text.is_empty() => Duration::ZERO,
            _ => {
                self.problems.push(format!("{name} must be a whole number of seconds, at least 1"));
                Duration::ZERO
            }
        }
    }

    /// A step that was found to have its reserve left would be cut in the middle of its write.
    fn check_limits(&mut self, limits: &Limits) {
        if !limits.step_reserve.is_zero() && limits.step_reserve <= limits.write_timeout {
            self.problems.push("STEP_RESERVE_SECONDS must be more than WRITE_TIMEOUT_SECONDS".to_owned());
        }
    }

    fn flag(&mut self, name: &str) -> bool {
        let text = self.text(name);
        if !matches!(text.as_str(), "true" | "false" | "") {
            self.problems.push(format!("{name} must be true or false"));
        }
        text == "true"
    }

    fn aws(&mut self) -> Aws {
        let endpoint = self.optional("AWS_ENDPOINT_URL").and_then(|text| {
            let parsed = BaseUrl::parse(text);
            parsed.map_err(|bad| self.problems.push(format!("AWS_ENDPOINT_URL: {bad}"))).ok()
        });
        Aws { region: self.text("AWS_REGION"), endpoint }
    }

    /// The one variable with a default: without it the log is what it is in production.
    fn level(&mut self) -> LevelFilter {
        match self.optional("RUST_LOG").unwrap_or("info") {
            "error" => LevelFilter::ERROR,
            "warn" => LevelFilter::WARN,
            "info" => LevelFilter::INFO,
            "debug" => LevelFilter::DEBUG,
            _ => {
                self.problems.push("RUST_LOG must be error, warn, info or debug".to_owned());
                LevelFilter::INFO
            }
        }
    }

    fn finish<T>(self, read: T) -> Result<T, ConfigError> {
        if self.problems.is_empty() { Ok(read) } else { Err(ConfigError(self.problems)) }
    }
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
