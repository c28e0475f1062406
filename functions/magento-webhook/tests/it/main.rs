//! The door for a shop's events: every status, every sender, from events as an HTTP API hands them over (API Gateway Developer Guide,
//! "Working with AWS Lambda proxy integrations for HTTP APIs", payload format 2.0).

#![expect(clippy::unwrap_used, reason = "a failed assumption of a test is a failed test")]

mod common;
mod door;
mod senders;
