//! The AWS clients: one explicit configuration, no provider chains.
//!
//! Credentials come from the environment, where Lambda puts them, and from nowhere else: no profile files, no instance metadata, so
//! that nothing is searched for at start. TLS is ring: aws-lc gathers entropy at start, which costs hundreds of milliseconds of the
//! little processor that a small function has.

use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::SharedCredentialsProvider;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

use crate::config;

/// How long a connection to AWS may take to open; within a region it takes milliseconds.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How long one try may take. All that we ask for is answered in milliseconds; five seconds is a server that is gone.
pub const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an operation may take with its retries. A record's step reserves ten seconds beside its write, so two operations never
/// use up more than the queue's visibility allows for.
pub const OPERATION_TIMEOUT: Duration = Duration::from_secs(12);
/// Tries of one operation. The adapters count on them: see `store::dynamo` for what a retried conditional write may answer.
pub const ATTEMPTS: u32 = 3;
/// The most that warming up may add to a start.
pub const WARM_UP: Duration = Duration::from_secs(1);

/// The clients of one function, made of one configuration so that they share connections.
#[derive(Clone, Debug)]
pub struct Clients {
    /// Tables.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// Queues.
    pub sqs: aws_sdk_sqs::Client,
    /// Secrets. Unused by the functions whose role may not read any.
    pub secrets: aws_sdk_secretsmanager::Client,
}

impl Clients {
    /// Builds the clients; makes no request.
    #[must_use]
    pub fn new(aws: &config::Aws) -> Self {
        let shared = sdk_config(aws);
        Self {
            dynamodb: aws_sdk_dynamodb::Client::new(&shared),
            sqs: aws_sdk_sqs::Client::new(&shared),
            secrets: aws_sdk_secretsmanager::Client::new(&shared),
        }
    }

    /// Opens the connections to DynamoDB and SQS before the first event, for at most [`WARM_UP`]. What fails is no failure: a refusal
    /// opens a connection as well, and a service that is away will be met again by the first event, which knows what to do about it.
    pub async fn warm(&self, state_table: &str, queue_url: &str) {
        use aws_sdk_dynamodb::types::AttributeValue;

        let text = |text: &str| AttributeValue::S(text.to_owned());
        let get = self.dynamodb.get_item().table_name(state_table).key("pk", text("warm")).key("sk", text("up"));
        let attributes = self.sqs.get_queue_attributes().queue_url(queue_url);
        let both = async { tokio::join!(get.send(), attributes.send()) };
        if tokio::time::timeout(WARM_UP, both).await.is_err() {
            tracing::debug!("warming up took too long and was left");
        }
    }
}

fn sdk_config(aws: &config::Aws) -> SdkConfig {
    let http = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build();
    let mut builder = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(aws.region.clone()))
        .credentials_provider(SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new()))
        .http_client(http)
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .timeout_config(timeouts);
    builder.set_endpoint_url(aws.endpoint.as_ref().map(|url| url.as_str().to_owned()));
    builder.build()
}
