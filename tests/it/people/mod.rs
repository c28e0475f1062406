//! Customers, both ways, in memory: everything outside the process is simulated, and time passes when told.

mod bad;
mod canaries;
mod companies;
mod companies_crash;
mod companies_sent;
mod companies_together;
mod companies_whose;
mod converge;
mod counts;
mod crash;
mod edits;
mod emails;
mod erase;
mod further;
mod happy;
mod locations;
mod locations_crash;
mod locations_sent;
mod matching;
mod person;
mod plan;
mod planted;
mod play;
mod together;
mod world;
