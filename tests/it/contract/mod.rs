//! The contracts of the table and of the queue: one suite each, run against the implementation in memory, which every other test
//! trusts, and against the real one on the emulator. And of events: what the simulated platforms tell of, our decoders read.

mod doubt;
mod queue;
mod senders;
mod table;

use std::sync::OnceLock;

use harness::{Account, Emulator};

/// An account of its own for the caller, on the one emulator of this process.
fn account() -> Account {
    static EMULATOR: OnceLock<Emulator> = OnceLock::new();
    EMULATOR.get_or_init(|| Emulator::start().unwrap_or_else(|problem| panic!("{problem}"))).account()
}
