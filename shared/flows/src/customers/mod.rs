//! Customers, as far as orders need them: found by e-mail, or made once.
//!
//! - **Key** of the guard: `<link>/customer-email/<hmac of the e-mail>`: two first orders of one new shopper make one customer.
//! - **Existing customers** are never changed by an order. Any single hit by e-mail is adopted; two hits are a named conflict.

pub mod document;
pub mod facts;
pub mod gather;
pub mod guard;
pub mod identity;
mod keys;
pub mod plan;
mod sync;

pub use sync::sync;

/// The entity as it stands in keys, queues and logs.
pub const ENTITY: &str = "customer";
