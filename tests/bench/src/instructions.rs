//! Instructions of one plan, counted by callgrind.

use std::process::{Command, Stdio};

use thiserror::Error;

/// Why nothing was counted.
#[derive(Debug, Error)]
pub(crate) enum Uncounted {
    /// valgrind is not installed.
    #[error("valgrind is not installed")]
    NoValgrind,
    /// It, or what it ran, failed.
    #[error("{0}")]
    Failed(String),
}

/// Plans in the shorter of two runs; the longer one has twice as many.
const TIMES: u32 = 4;

/// Instructions of one plan, by lines.
pub(crate) fn counted<const N: usize>(lines: [u32; N]) -> Result<[u64; N], Uncounted> {
    let mut counted = [0; N];
    for (n, lines) in lines.into_iter().enumerate() {
        let (once, twice) = (run(lines, TIMES)?, run(lines, 2 * TIMES)?);
        counted[n] = twice.saturating_sub(once) / u64::from(TIMES);
    }
    Ok(counted)
}

/// Instructions of this whole program when it plans an order so many times.
fn run(lines: u32, times: u32) -> Result<u64, Uncounted> {
    let failed = |error: std::io::Error| Uncounted::Failed(error.to_string());
    let this = std::env::current_exe().map_err(failed)?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(this)
        .args(["plan", &lines.to_string(), &times.to_string()])
        .stdout(Stdio::null())
        .output()
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Uncounted::NoValgrind,
            _ => failed(error),
        })?;
    let report = String::from_utf8_lossy(&output.stderr);
    let collected = report.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    collected.filter(|_| output.status.success()).ok_or_else(|| Uncounted::Failed(report.into_owned()))
}
