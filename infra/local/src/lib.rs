//! The whole product on one machine: the same template and binaries as in production, on an emulator of AWS, between a simulated shop
//! and a simulated ERP. A library, so that the scenario tests play the very story that a person is shown.

pub mod admin;
pub mod args;
pub mod cloud;
mod credentials;
mod customers;
pub mod events;
mod hints;
mod output;
mod people;
mod plan;
pub mod platforms;
pub mod report;
mod run;
mod seed;
pub mod shop;
pub mod stage;
pub mod story;
pub mod wait;

use thiserror::Error;

pub use output::Progress;
pub use run::main;

/// The sample shop's settings, which are also the documented example.
pub const SAMPLE_SETTINGS: &str = include_str!("../sample/settings.json");

/// Why it did not work: a sentence for the person at the keyboard.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Problem(String);

impl Problem {
    /// A problem in one sentence.
    #[must_use]
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// What was attempted, and what stood in its way.
    pub(crate) fn of<E: std::fmt::Display>(attempted: impl Into<String>) -> impl FnOnce(E) -> Self {
        let attempted = attempted.into();
        move |error| Self(format!("{attempted}: {error}"))
    }
}

impl From<harness::Problem> for Problem {
    fn from(problem: harness::Problem) -> Self {
        Self(problem.to_string())
    }
}
