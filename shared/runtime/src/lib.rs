//! The Lambda kit: configuration, AWS clients, secrets, telemetry, the batch loop, and links as a batch needs them.
//!
//! Everything that a function needs and no flow decides. Nothing here knows an entity's rules.

mod absent;
pub mod aws;
pub mod batch;
pub mod config;
pub mod deployment;
pub mod door;
pub mod head;
pub mod links;
pub mod metrics;
pub mod secrets;
pub mod start;
pub mod sweep;
pub mod telemetry;
pub mod tokens;
pub mod worker;

#[cfg(test)]
mod testing;

pub use metrics::Metrics;
