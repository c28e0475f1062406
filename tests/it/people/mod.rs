//! Customers, both ways, in memory: everything outside the process is simulated, and time passes when told.

mod converge;
mod crash;
mod edits;
mod happy;
mod locations;
mod matching;
mod person;
mod play;
mod together;
mod world;
