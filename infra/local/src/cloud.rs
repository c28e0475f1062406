//! The deployed stack on the emulator, and the few doors of AWS that a person would use: invoke, secrets, queues.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_sqs::types::QueueAttributeName;
use bytes::Bytes;
use flows::link::EmailKey;
use harness::{Account, Emulator, REGION};
use seams::Secret;
use seams::http::{Request, Reqwest, Transport as _};
use serde_json::Value;

use crate::Problem;

/// Longer than any function may run here.
const INVOKE_LIMIT: Duration = Duration::from_secs(90);

/// What differs from production: plain http on this machine, and times of seconds, so that a poisoned message reaches the dead-letter
/// queue and a killed worker's message comes back while somebody watches.
pub const PARAMETERS: [(&str, &str); 6] = [
    ("LocalMode", "true"),
    ("FunctionTimeout", "60"),
    ("VisibilityTimeout", "30"),
    ("MaxReceiveCount", "3"),
    ("WriteTimeoutSeconds", "20"),
    ("StepReserveSeconds", "25"),
];

/// The stack.
pub struct Cloud {
    emulator: Arc<Emulator>,
    account: Account,
    outputs: BTreeMap<String, String>,
    transport: Reqwest,
}

impl Cloud {
    /// Deploys the project's own template with the binaries in `binaries`.
    ///
    /// # Errors
    /// CloudFormation's reasons.
    pub async fn deploy(
        emulator: Arc<Emulator>,
        binaries: &Path,
        parameters: &[(&'static str, &'static str)],
    ) -> Result<Self, Problem> {
        let account = emulator.account();
        let (own, folder, parameters) = (emulator.clone(), binaries.to_owned(), parameters.to_vec());
        let into = account.clone();
        let outputs = blocking(move || own.deploy(&into, &harness::template(), &folder, &parameters)).await?;
        let outputs = serde_json::from_str(&outputs).map_err(Problem::of("the stack's outputs"))?;
        let transport = Reqwest::new().map_err(Problem::of("set up HTTP"))?;
        Ok(Self { emulator, account, outputs, transport })
    }

    /// One of the stack's outputs.
    ///
    /// # Errors
    /// When the template has none of that name.
    pub fn output(&self, name: &str) -> Result<&str, Problem> {
        let missing = || Problem::new(format!("template.yaml has no output {name}"));
        self.outputs.get(name).map(String::as_str).ok_or_else(missing)
    }

    /// The emulator's own address, where every service of AWS answers.
    #[must_use]
    pub fn endpoint(&self) -> String {
        self.emulator.endpoint()
    }

    /// The account that the stack is in, for whoever looks at its tables.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The log of the emulator and of the functions in it.
    #[must_use]
    pub fn log(&self) -> std::path::PathBuf {
        self.emulator.log()
    }

    /// The base of the HTTP API: on AWS a host of its own, here a path, because not every system resolves names below `localhost`.
    ///
    /// # Errors
    /// When the template has no such output.
    pub fn api(&self) -> Result<String, Problem> {
        let host = self.output("ApiUrl")?.trim_start_matches("https://");
        let id = host.split('.').next().unwrap_or_default();
        Ok(format!("{}/_aws/execute-api/{id}/$default", self.endpoint()))
    }

    /// What stands for a signature here: the emulator reads the account from it and checks no more.
    #[must_use]
    pub fn authorization(&self) -> String {
        let scope = format!("{}/20260101/{REGION}/lambda/aws4_request", self.account.id());
        format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0")
    }

    /// The address at which a function is invoked.
    ///
    /// # Errors
    /// When the template has no such output.
    pub fn invoke_url(&self, function: &str) -> Result<String, Problem> {
        Ok(format!("{}/2015-03-31/functions/{}/invocations", self.endpoint(), self.output(function)?))
    }

    /// Invokes the function that the output `function` names.
    ///
    /// # Errors
    /// When it does not answer or fails.
    pub async fn invoke(&self, function: &str, payload: &Value) -> Result<Value, Problem> {
        let request = http::Request::post(self.invoke_url(function)?)
            .header("authorization", self.authorization())
            .header("content-type", "application/json")
            .body(Bytes::from(payload.to_string()))
            .map_err(Problem::of(format!("invoke {function}")))?;
        let answer = self.send(request, INVOKE_LIMIT).await?;
        let body: Value = serde_json::from_slice(answer.body()).unwrap_or(Value::Null);
        if answer.status().is_success() && answer.headers().get("x-amz-function-error").is_none() {
            Ok(body)
        } else {
            Err(Problem::new(format!("{function} failed with {}: {body}", answer.status())))
        }
    }

    /// Sends a request to anything on this machine.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send(&self, request: Request, limit: Duration) -> Result<seams::http::Response, Problem> {
        let attempted = format!("{} {}", request.method(), request.uri());
        self.transport.send(request, limit).await.map_err(Problem::of(attempted))
    }

    /// Creates a secret.
    ///
    /// # Errors
    /// What Secrets Manager says.
    pub async fn create_secret(&self, name: &str, value: &Value) -> Result<(), Problem> {
        let secrets = aws_sdk_secretsmanager::Client::new(&self.account.sdk_config());
        let created = secrets.create_secret().name(name).secret_string(value.to_string()).send().await;
        created.map(|_| ()).map_err(|error| Problem::new(format!("create the secret {name}: {}", explain(&error))))
    }

    /// The deployment's key, by which the tables call a person without naming them.
    ///
    /// # Errors
    /// What Secrets Manager says.
    pub async fn email_key(&self) -> Result<EmailKey, Problem> {
        let secrets = aws_sdk_secretsmanager::Client::new(&self.account.sdk_config());
        let read = secrets.get_secret_value().secret_id(self.output("DeploymentKeyArn")?).send().await;
        let read = read.map_err(|error| Problem::new(format!("read the deployment's key: {}", explain(&error))))?;
        let key = read.secret_string.ok_or_else(|| Problem::new("the deployment's key is no text"))?;
        Ok(EmailKey::new(Secret::new(key)))
    }

    /// How many messages are in the queue whose URL the output `queue` is, those in flight included.
    ///
    /// # Errors
    /// What SQS says.
    pub async fn messages(&self, queue: &str) -> Result<u64, Problem> {
        let sqs = aws_sdk_sqs::Client::new(&self.account.sdk_config());
        let counts = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let asked = sqs.get_queue_attributes().queue_url(self.output(queue)?).set_attribute_names(Some(counts.into()));
        let answer = asked.send().await;
        let answer = answer.map_err(|error| Problem::new(format!("count {queue}: {}", explain(&error))))?;
        let counted =
            answer.attributes.into_iter().flatten().map(|(_, count)| count.parse::<u64>().unwrap_or_default());
        Ok(counted.sum())
    }
}

/// The error and its causes: the SDK's own text says no more than "service error".
fn explain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Runs what blocks beside the simulators and the signals, not instead of them.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, harness::Problem> + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(work).await.map_err(Problem::of("a thread of the run"))?;
    Ok(done?)
}
