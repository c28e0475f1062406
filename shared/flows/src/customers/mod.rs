//! Customers, both ways: Magento's account and Acumatica's customer follow each other.
//!
//! - **Direction** both, or one of the two; **system of record** and the owner of a field decide where both sides have changed it.
//! - **Identity** is the e-mail, trimmed and without case: not found on the other side → made there; found → paired, never doubled.
//! - **Key** of a pair: `<link>/customer/<id>`, the id of the side on which it was first seen (Magento's id, or Acumatica's `NoteID`); the other
//!   side's id is an alias. **Guard**: `<link>/customer-email/<hmac of the e-mail>`, so that two first events of one person (orders among them) make one
//!   customer.
//! - **Ordering**: none is needed. Both sides are read and merged against what they were last in step with; an old event finds nothing to do.
//! - **Skipped**: guests' customers without an account, classes that are not synced, masked e-mails, who is gone on one side. Nobody is ever deleted.
//! - **Companies** of Adobe Commerce, by setting: the company is the customer, its people are contacts of it; see `companies`.
//! - **Orders** never change a customer that exists. What they make of a shopper with an account is made of the account; a guest's customer gives way to
//!   the account that is registered later.

pub(crate) mod companies;
pub mod document;
pub mod dry_run;
pub mod facts;
pub mod gather;
pub mod guard;
pub mod identity;
mod keys;
mod locations;
pub mod peek;
pub mod plan;
pub mod shopper;
mod slip;
mod sync;

pub use slip::slip;
pub use sync::sync;

/// The entity as it stands in keys, queues and logs.
pub const ENTITY: &str = "customer";
