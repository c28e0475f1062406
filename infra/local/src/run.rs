//! The whole run, from nothing to a table of orders and customers, and its end: none of its processes outlives it.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser as _;
use harness::{Emulator, Profile, children};
use serde_json::Value;
use tokio::signal::unix::{SignalKind, signal};

use crate::args::{Arguments, Command, Run};
use crate::cloud::{PARAMETERS, blocking};
use crate::platforms::{Platforms, taken};
use crate::stage::Stage;
use crate::{Problem, Progress, SAMPLE_SETTINGS, events, output, plan, story};

/// How often it is looked, after the story, what both simulated sides have to tell.
const LOOK: Duration = Duration::from_secs(1);
/// How long threads may take to notice that the processes they wait for are gone.
const END_LIMIT: Duration = Duration::from_secs(5);

/// The program.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(Command::Plan(plan)) = &arguments.command {
        return plan::run(plan);
    }
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::error(&format!("the run cannot start: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let ended = runtime.block_on(until_told(&arguments.run));
    children::end_all();
    runtime.shutdown_timeout(END_LIMIT);
    match ended {
        Ok(code) => code,
        Err(problem) => {
            output::error(&problem.to_string());
            ExitCode::FAILURE
        }
    }
}

/// Runs until it is done or told to end: 130 for an interrupt and 143 for a termination, as shells count them.
async fn until_told(run: &Run) -> Result<ExitCode, Problem> {
    let listen = |kind| signal(kind).map_err(Problem::of("listen for signals"));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    tokio::select! {
        ended = everything(run) => ended.map(|()| ExitCode::SUCCESS),
        _ = interrupt.recv() => Ok(ExitCode::from(130)),
        _ = terminate.recv() => Ok(ExitCode::from(143)),
    }
}

async fn everything(run: &Run) -> Result<(), Problem> {
    let progress = Progress::shown();
    let reaped = blocking(children::reap).await?;
    if reaped > 0 {
        progress.say(format!("ended what a killed run had left behind: {reaped} with its children"));
    }
    // Whatever is wrong with what was asked for is said before anything takes long.
    if let Some(port) = run.port {
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| taken(port, &error))?;
    }
    let platforms = Platforms::start(run, settings(run)?).await?;
    progress.say("installing the AWS emulator into target/ (the first time needs the network)");
    blocking(harness::provision).await?;
    progress.say("building the functions");
    let binaries = blocking(|| harness::build(Profile::Dev)).await?;
    progress.say("starting the emulator");
    let options = harness::Options { port: run.port.unwrap_or_default(), enforce_roles: true };
    let emulator = Stage::emulator(options).await?;
    let log = emulator.log();
    let played = play(run, platforms, emulator.clone(), &binaries, progress).await;
    if played.is_err() && std::fs::copy(&log, kept_log()).is_ok() {
        progress.note(format!("what the emulator and the functions have logged is kept in {}", kept_log().display()));
    }
    played
}

async fn play(
    run: &Run,
    platforms: Platforms,
    emulator: Arc<Emulator>,
    binaries: &Path,
    progress: Progress,
) -> Result<(), Problem> {
    let stage = Stage::set_up(platforms, emulator, binaries, &PARAMETERS, progress).await?;
    if run.is_simulated() {
        let report = story::play(&stage).await?;
        progress.say("done");
        output::line(&if run.json { report.json() } else { format!("\n{}", report.table()) });
    }
    if run.once {
        return Ok(());
    }
    for line in crate::hints::by_hand(&stage)? {
        progress.note(line);
    }
    // Ctrl-C ends the run; the simulators and the emulator work on meanwhile, and both sides go on telling of their customers.
    loop {
        tokio::time::sleep(LOOK).await;
        if let Err(problem) = events::deliver_customers(&stage).await {
            progress.note(problem.to_string());
        }
    }
}

fn settings(run: &Run) -> Result<Value, Problem> {
    let (name, bytes) = match &run.settings {
        None => ("the sample settings".to_owned(), SAMPLE_SETTINGS.as_bytes().to_vec()),
        Some(path) => {
            let name = path.display().to_string();
            (name.clone(), std::fs::read(path).map_err(Problem::of(name))?)
        }
    };
    serde_json::from_slice(&bytes).map_err(Problem::of(name))
}

fn kept_log() -> PathBuf {
    harness::template().with_file_name("target").join("local-run.log")
}
