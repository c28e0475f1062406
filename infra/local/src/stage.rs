//! Everything running: both platforms, the deployed stack, and an active link between them.

use std::path::Path;
use std::sync::Arc;

use harness::Emulator;

use crate::admin::Admin;
use crate::cloud::{self, Cloud};
use crate::platforms::Platforms;
use crate::{Problem, Progress};

/// The name that deploy.py gives to the stack, and the first part of its secrets' names.
const STACK: &str = "causeway";

/// What is running.
pub struct Stage {
    /// The deployed stack.
    pub cloud: Cloud,
    /// The shop and the ERP.
    pub platforms: Platforms,
    /// The id of the link between them.
    pub link: String,
    /// Who is told about it.
    pub progress: Progress,
}

impl Stage {
    /// Deploys, makes a link between the platforms, tests its connections and activates it.
    ///
    /// # Errors
    /// What does not work, in one sentence.
    pub async fn set_up(
        platforms: Platforms,
        emulator: Arc<Emulator>,
        binaries: &Path,
        parameters: &[(&'static str, &'static str)],
        progress: Progress,
    ) -> Result<Self, Problem> {
        for (name, address) in &platforms.addresses {
            progress.say(format!("the simulated {name} answers at {address}"));
        }
        progress.say("deploying template.yaml");
        let cloud = Cloud::deploy(emulator, binaries, parameters).await?;
        progress.say(format!("deployed; the webhook's API is {}", cloud.api()?));

        let admin = Admin::new(&cloud);
        let link = admin.create_link(&platforms.settings).await?;
        progress.say(format!("created the link {link}"));
        cloud.create_secret(&format!("{STACK}/{link}/magento"), &platforms.shop_secret).await?;
        cloud.create_secret(&format!("{STACK}/{link}/acumatica"), &platforms.erp_secret).await?;
        let findings = admin.test_connections(&link).await?;
        progress.say(format!("tested both connections: {} findings", findings.len()));
        findings.iter().for_each(|finding| progress.note(&finding.sentence));
        if let Some(needed) = findings.iter().find(|finding| finding.is_needed) {
            return Err(Problem::new(format!("the link cannot be activated: {}", needed.sentence)));
        }
        admin.activate(&link).await?;
        progress.say("activated the link");
        Ok(Self { cloud, platforms, link, progress })
    }

    /// An operator's requests to the stack.
    #[must_use]
    pub fn admin(&self) -> Admin<'_> {
        Admin::new(&self.cloud)
    }

    /// Where the shop sends an event.
    ///
    /// # Errors
    /// When the template lacks the API.
    pub fn webhook(&self, event: &str) -> Result<String, Problem> {
        Ok(format!("{}/magento/{}/{event}", self.cloud.api()?, self.link))
    }

    /// Where the ERP sends its push notifications about an entity.
    ///
    /// # Errors
    /// When the template lacks the API.
    pub fn push_url(&self, entity: &str) -> Result<String, Problem> {
        Ok(format!("{}/acumatica/{}/{entity}", self.cloud.api()?, self.link))
    }

    /// Starts an emulator beside what else is going on.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn emulator(options: harness::Options) -> Result<Arc<Emulator>, Problem> {
        cloud::blocking(move || Emulator::start_with(options)).await.map(Arc::new)
    }
}
