//! A typed client for Magento 2's REST API (Open Source and Adobe Commerce 2.4): what it answers, how it wants to be asked, what its
//! errors mean, and how its events are verified. Knows nothing of any other platform.

pub mod auth;
pub mod client;
mod directory;
pub mod error;
pub mod model;
mod products;
pub mod search;
pub mod webhook;

pub use client::write::Write;
pub use client::{Client, Connection};
pub use directory::Directory;
pub use error::Error;
