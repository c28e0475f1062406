//! Customers, both ways, in memory: everything outside the process is simulated, and time passes when told.

mod happy;
mod locations;
mod matching;
mod world;
