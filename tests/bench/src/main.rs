//! `cargo run --release -p bench`: what it costs to plan an order.
//!
//! **Method.** The simulated shop places an order of 5 and one of 1,000 taxed and discounted lines. Each is parsed once and planned again
//! and again with the sample shop's settings, in one thread, without any input or output. *Time* is the best of several batches, wall clock;
//! it is for reports and depends on the machine. *Instructions* are counted by valgrind's callgrind, which runs this program twice with
//! different numbers of plans: the difference is free of start and parsing, and the same on every run. The gate, `--check`, is on their
//! ratio: 1,000 lines may cost at most 220 times what 5 lines cost, so nothing in a plan grows faster than its lines.

mod instructions;
mod planning;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde_json::json;

use planning::Bench;

/// The lines of a small and of the largest common order.
const LINES: [u32; 2] = [5, 1000];
/// The most that the large one may cost, in small ones.
const MOST: u64 = 220;

#[derive(Debug, Parser)]
#[command(about = "Time and instructions of planning an order")]
struct Arguments {
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Count instructions only, and fail where a large order costs more than 220 small ones.
    #[arg(long)]
    check: bool,
    #[command(subcommand)]
    run: Option<Run>,
}

#[derive(Debug, Subcommand)]
enum Run {
    /// Plan an order of so many lines so many times: what is counted.
    #[command(hide = true)]
    Plan {
        /// Lines of the order.
        lines: u32,
        /// How many times.
        times: u32,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(Run::Plan { lines, times }) = arguments.run {
        Bench::new(lines).plan(times);
        return ExitCode::SUCCESS;
    }
    let counted = match instructions::counted(LINES) {
        Ok(counted) => Some(counted),
        Err(instructions::Uncounted::NoValgrind) if !arguments.check => None,
        Err(error) => {
            say(&format!("Instructions cannot be counted: {error}"));
            return ExitCode::FAILURE;
        }
    };
    if !arguments.check {
        report(counted, arguments.json);
        return ExitCode::SUCCESS;
    }
    let [small, large] = counted.unwrap_or_default();
    let ratio = large.div_ceil(small.max(1));
    say(&format!(
        "{small} instructions for {} lines, {large} for {}: {ratio} times as many, {MOST} at most",
        LINES[0], LINES[1]
    ));
    if ratio <= MOST { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn report(counted: Option<[u64; 2]>, as_json: bool) {
    let timed = LINES.map(|lines| Bench::new(lines).nanoseconds());
    let rows: Vec<_> = (0..LINES.len())
        .map(|n| {
            json!({
                "lines": LINES[n],
                "nanoseconds": timed[n],
                "orders_per_second": 1_000_000_000 / timed[n].max(1),
                "instructions": counted.map(|counted| counted[n]),
            })
        })
        .collect();
    if as_json {
        say(&json!({ "plan": rows }).to_string());
        return;
    }
    say("lines   µs per plan   plans/s   instructions");
    for (n, lines) in LINES.into_iter().enumerate() {
        let instructions = counted.map_or_else(|| "no valgrind".to_owned(), |counted| counted[n].to_string());
        let (micros, tenths) = (timed[n] / 1000, timed[n] % 1000 / 100);
        say(&format!(
            "{lines:>5}   {micros:>9}.{tenths}   {:>7}   {instructions:>12}",
            1_000_000_000 / timed[n].max(1)
        ));
    }
}

#[expect(clippy::print_stdout, reason = "the report is this program's output")]
fn say(text: &str) {
    println!("{text}");
}
