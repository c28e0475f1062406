//! The whole product on one machine, and the dry run of one document.

mod output;
mod plan;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Causeway on this machine.
#[derive(Debug, Parser)]
#[command(name = "local", about, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

/// What to do instead of running everything.
#[derive(Debug, Subcommand)]
enum Command {
    /// Print what would be written, and write nothing.
    #[command(subcommand)]
    Plan(plan::Plan),
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Some(Command::Plan(plan)) => plan::run(&plan),
        None => ExitCode::SUCCESS,
    }
}
