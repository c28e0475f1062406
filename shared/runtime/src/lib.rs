//! The Lambda kit: configuration, AWS clients, secrets, telemetry, the batch loop, and links as a batch needs them.
//!
//! Everything that a function needs and no flow decides. Nothing here knows an entity's rules.

pub mod aws;
pub mod batch;
pub mod config;
pub mod metrics;
pub mod secrets;
pub mod telemetry;

#[cfg(test)]
mod testing;

pub use metrics::Metrics;
