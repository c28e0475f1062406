//! The order flow in memory: everything outside the process is simulated, and time passes when told.

mod canaries;
mod causes;
mod clients;
mod crash;
mod driver;
mod failures;
mod happy;
mod holds;
mod invariants;
mod looks;
mod outcomes;
mod payments;
mod periods;
mod planted;
mod plants;
mod redelivery;
mod scenario;
mod schedule;
mod seams;
mod slices;
mod tell;
mod world;
