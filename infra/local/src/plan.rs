//! `plan order`, `plan customer` and `plan settings`: no network, no AWS, no write.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use flows::customers::dry_run::{Document, Documents};
use flows::merge::Side;
use flows::orders::dry_run::dry_run;
use flows::settings::Settings;
use serde::Serialize;

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
    /// Plan one customer as one side returns it, alone or with the other side's.
    Customer(Customer),
    /// Print the sample shop's settings.
    Settings,
}

/// A pair of customers, as far as it is there.
#[derive(Debug, Args)]
pub(crate) struct Customer {
    /// What has changed: a Magento account, as `GET /V1/customers/:id` returns it, to go to Acumatica; a customer document of Acumatica to go to
    /// Magento.
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// Where it goes.
    #[arg(long)]
    direction: Direction,
    /// The other side's document. Without it the two have not met, and the other one is made.
    #[arg(long, value_name = "FILE")]
    other: Option<PathBuf>,
    /// An earlier pair in which both were in step: `{"account": …, "customer": …}`, with `"locations"` where these are synced. Without `--other` that
    /// one is gone.
    #[arg(long, value_name = "FILE")]
    base: Option<PathBuf>,
    /// The customer's locations, a list, where the settings sync further addresses.
    #[arg(long, value_name = "FILE")]
    locations: Option<PathBuf>,
    /// The settings; the sample shop's when left out.
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Print a slip to check with a pencil instead of JSON.
    #[arg(long)]
    slip: bool,
}

/// Where a change goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Direction {
    /// From Magento.
    ToAcumatica,
    /// From Acumatica.
    ToMagento,
}

/// Runs the command. A plan that was made is a success, whatever it says.
pub(crate) fn run(plan: &Plan) -> ExitCode {
    let printed = match plan {
        Plan::Order { from, settings, slip } => order(from, settings.as_deref(), *slip),
        Plan::Customer(pair) => customer(pair),
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
    let settings = settings_of(settings)?;
    let run = dry_run(&document, &settings, LINK).map_err(|error| format!("{}: {error}", from.display()))?;
    if slip {
        return Ok(flows::orders::slip(&run).trim_end().to_owned());
    }
    printed(&run)
}

fn customer(pair: &Customer) -> Result<String, String> {
    let maybe = |path: Option<&PathBuf>| path.map(|path| read(path)).transpose();
    let (from, other) = (read(&pair.from)?, maybe(pair.other.as_ref())?);
    let (base, locations) = (maybe(pair.base.as_ref())?, maybe(pair.locations.as_ref())?);
    let settings = settings_of(pair.settings.as_deref())?;
    let (side, account, customer) = match pair.direction {
        Direction::ToAcumatica => (Side::Magento, Some(from.as_slice()), other.as_deref()),
        Direction::ToMagento => (Side::Acumatica, other.as_deref(), Some(from.as_slice())),
    };
    let documents = Documents { account, customer, base: base.as_deref(), locations: locations.as_deref() };
    let run = flows::customers::dry_run::dry_run(&documents, side, &settings, LINK).map_err(|unusable| {
        let is_from = unusable.document == Document::Account && side == Side::Magento
            || unusable.document == Document::Customer && side == Side::Acumatica;
        let path = match unusable.document {
            Document::Base => pair.base.as_ref(),
            Document::Locations => pair.locations.as_ref(),
            _ if is_from => Some(&pair.from),
            _ => pair.other.as_ref(),
        };
        format!("{}: {unusable}", path.unwrap_or(&pair.from).display())
    })?;
    if pair.slip { Ok(flows::customers::slip(&run).trim_end().to_owned()) } else { printed(&run) }
}

fn printed(run: &impl Serialize) -> Result<String, String> {
    serde_json::to_string_pretty(run).map_err(|error| format!("the plan cannot be printed: {error}"))
}

fn settings_of(path: Option<&Path>) -> Result<Settings, String> {
    match path {
        None => parse("the sample settings", SAMPLE_SETTINGS.as_bytes()),
        Some(path) => parse(&path.display().to_string(), &read(path)?),
    }
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
