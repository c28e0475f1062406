//! A typed client for Acumatica ERP's contract-based REST API, Default endpoint 24.200.001: how it wants to be asked, what it
//! answers, what its errors mean, and how its push notifications are verified. Knows nothing of any other platform.

pub mod auth;
pub mod client;
pub mod error;
pub mod filter;
pub mod model;
pub mod push;

pub use client::{Client, Connection, Put};
pub use error::Error;
