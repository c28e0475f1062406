//! An account of the emulator and the SDK's way into it.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sqs::config::{Credentials, SharedCredentialsProvider};

/// The region of everything local.
pub const REGION: &str = "us-east-1";

/// An account: 12 digits, which are also its access key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    id: String,
    endpoint: String,
}

impl Account {
    pub(crate) fn new(number: u64, endpoint: String) -> Self {
        Self { id: format!("{number:012}"), endpoint }
    }

    /// The 12 digits.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the SDK's clients are built from: this account, the emulator's endpoint, plain HTTP, the SDK's standard retries, and
    /// nothing of the environment or of files in the home directory.
    #[must_use]
    pub fn sdk_config(&self) -> SdkConfig {
        let credentials = Credentials::builder().access_key_id(&self.id).secret_access_key("emulator");
        let credentials = credentials.provider_name("emulator").build();
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static(REGION))
            .endpoint_url(&self.endpoint)
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build()
    }
}
