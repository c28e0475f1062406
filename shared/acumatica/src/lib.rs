//! A typed client for Acumatica ERP's contract-based REST API, Default endpoint 24.200.001: how it wants to be asked, what it
//! answers, and what its errors mean. Knows nothing of any other platform.

pub mod auth;
pub mod client;
pub mod error;
pub mod filter;
pub mod model;

pub use client::{Client, Connection, Put};
pub use error::Error;
