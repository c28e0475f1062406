//! `plan order` and `plan settings`: no network, no AWS, no write.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use flows::orders::dry_run::dry_run;
use flows::settings::Settings;

use crate::SAMPLE_SETTINGS;

/// The link that a dry run's references are made with: 8 characters, as every link's id.
const LINK: &str = "dryrun00";

/// What to plan.
#[derive(Debug, Subcommand)]
pub(crate) enum Plan {
    /// Plan one Magento order document, as `GET /V1/orders/:id` returns it.
    Order {
        /// The document.
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
        /// The settings; the sample shop's when left out.
        #[arg(long, value_name = "FILE")]
        settings: Option<PathBuf>,
        /// Print a slip to check with a pencil instead of JSON.
        #[arg(long)]
        slip: bool,
    },
    /// Print the sample shop's settings.
    Settings,
}

/// Runs the command. A plan that was made is a success, whatever it says.
pub(crate) fn run(plan: &Plan) -> ExitCode {
    let printed = match plan {
        Plan::Order { from, settings, slip } => order(from, settings.as_deref(), *slip),
        Plan::Settings => Ok(SAMPLE_SETTINGS.trim_end().to_owned()),
    };
    match printed {
        Ok(text) => {
            crate::output::line(&text);
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            crate::output::error(&sentence);
            ExitCode::FAILURE
        }
    }
}

fn order(from: &Path, settings: Option<&Path>, slip: bool) -> Result<String, String> {
    let document = read(from)?;
    let settings = match settings {
        None => parse("the sample settings", SAMPLE_SETTINGS.as_bytes())?,
        Some(path) => parse(&path.display().to_string(), &read(path)?)?,
    };
    let run = dry_run(&document, &settings, LINK).map_err(|error| format!("{}: {error}", from.display()))?;
    if slip {
        return Ok(flows::orders::slip(&run).trim_end().to_owned());
    }
    serde_json::to_string_pretty(&run).map_err(|error| format!("the plan cannot be printed: {error}"))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Settings with every problem named.
pub(crate) fn parse(name: &str, bytes: &[u8]) -> Result<Settings, String> {
    flows::settings::parse(bytes, true).map_err(|problems| {
        let lines: Vec<String> =
            problems.iter().map(|problem| format!("  {}: {}", problem.path, problem.message)).collect();
        format!("{name} cannot be used:\n{}", lines.join("\n"))
    })
}
