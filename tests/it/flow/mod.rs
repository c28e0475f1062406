//! The order flow in memory: everything outside the process is simulated, and time passes when told.

pub(crate) mod canaries;
mod causes;
mod clients;
mod crash;
pub(crate) mod driver;
mod failures;
mod happy;
mod holds;
mod invariants;
mod looks;
mod outcomes;
mod payments;
mod periods;
mod planted;
pub(crate) mod plants;
mod redelivery;
mod scenario;
pub(crate) mod schedule;
pub(crate) mod seams;
mod slices;
mod tell;
pub(crate) mod world;
