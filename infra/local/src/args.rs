//! What can be asked for.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::plan::Plan;

/// Where a real instance's credentials come from; `credentials.rs` reads them.
const VARIABLES: &str = "Credentials of real instances, from the environment:
  MAGENTO_CONSUMER_KEY, MAGENTO_CONSUMER_SECRET, MAGENTO_TOKEN, MAGENTO_TOKEN_SECRET  an integration's four values
  MAGENTO_BEARER                                instead of the four, where the settings say \"auth\": \"bearer\"
  MAGENTO_WEBHOOK_SECRET                        what the shop signs its events with
  ACUMATICA_CLIENT_ID, ACUMATICA_CLIENT_SECRET  the connected application
  ACUMATICA_USERNAME, ACUMATICA_PASSWORD        the user it acts for";

/// Causeway on this machine: provisions an AWS emulator into target/, builds and deploys, plays some orders between a simulated shop and
/// a simulated ERP, and stays up until Ctrl-C.
#[derive(Debug, Parser)]
#[command(name = "local", disable_help_subcommand = true, after_help = VARIABLES)]
pub struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) run: Run,
}

/// What to do instead of running everything.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print what would be written, and write nothing.
    #[command(subcommand)]
    Plan(Plan),
}

/// How to run everything.
#[derive(Debug, Clone, Default, Args)]
pub struct Run {
    /// Exit after the orders.
    #[arg(long)]
    pub once: bool,
    /// Print one JSON object on standard output instead of the table.
    #[arg(long)]
    pub json: bool,
    /// Use this port for AWS, the next one for the shop and the one after for the ERP; free ones when left out.
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..=65533))]
    pub port: Option<u16>,
    /// A real shop instead of the simulated one; its credentials come from the environment. Plays no orders.
    #[arg(long, value_name = "URL")]
    pub magento_url: Option<String>,
    /// A real ERP instead of the simulated one; its credentials come from the environment. Plays no orders.
    #[arg(long, value_name = "URL")]
    pub acumatica_url: Option<String>,
    /// The link's settings for real instances; the sample shop's when left out. Their addresses are replaced by the ones given here.
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
}

impl Run {
    /// Whether both platforms are simulated, so that orders can be played.
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        self.magento_url.is_none() && self.acumatica_url.is_none()
    }
}
