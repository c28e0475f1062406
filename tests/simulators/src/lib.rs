//! Strict simulators of the two platforms: pure state machines over HTTP messages.
//!
//! Their behaviour is taken from what the platforms document and what was recorded of them, never from what our client needs;
//! each rule names its source. Any route that is not simulated answers 501 and names itself. The same state machine stands behind
//! an in-process [`seams::http::Transport`] for deterministic tests and behind a socket for the local run.

pub mod acumatica;
pub mod fault;
mod inspect;
pub mod magento;
pub mod socket;

pub use inspect::Inspect;
use jiff::Timestamp;
use seams::http::{Request, Response};

/// A platform as a state machine: one request in, one answer out, time given from outside.
pub trait Platform: Send {
    /// Carries the request out at `now` and answers. The answer is ready at the returned instant (never before `now`): a session
    /// that runs one request at a time, or a configured latency, makes it later.
    fn receive(&mut self, now: Timestamp, request: &Request) -> (Response, Timestamp);
}
