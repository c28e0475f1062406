//! The real binaries, the real template and the real queues, on the emulator: the story of the local run, both doors, and a worker
//! that is killed.

mod canaries;
mod customers;
mod doors;
#[cfg(target_os = "linux")]
mod killed;
mod operator;
mod story;

use harness::Profile;
use local::args::Run;
use local::platforms::Platforms;
use local::stage::Stage;
use local::{Progress, SAMPLE_SETTINGS};
use serde_json::Value;

/// The sample shop's settings.
fn settings() -> Value {
    serde_json::from_str(SAMPLE_SETTINGS).unwrap()
}

/// Everything running between two simulated platforms, with roles enforced as on AWS.
async fn stage(settings: Value, parameters: &[(&'static str, &'static str)]) -> Stage {
    let binaries = tokio::task::spawn_blocking(|| harness::build(Profile::Test)).await.unwrap();
    let binaries = binaries.unwrap_or_else(|problem| panic!("{problem}"));
    let options = harness::Options { port: 0, enforce_roles: true };
    let emulator = Stage::emulator(options).await.unwrap_or_else(|problem| panic!("{problem}"));
    let platforms = Platforms::start(&Run::default(), settings).await.unwrap_or_else(|problem| panic!("{problem}"));
    let stage = Stage::set_up(platforms, emulator, &binaries, parameters, Progress::silent()).await;
    stage.unwrap_or_else(|problem| panic!("{problem}"))
}

/// What the emulator and the functions have said, for the message of a failed test.
fn said(stage: &Stage) -> String {
    let log = std::fs::read_to_string(stage.cloud.log()).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(60)..].join("\n")
}
