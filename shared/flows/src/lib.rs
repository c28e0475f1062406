//! What is synced, how, and in which order: one folder per entity, the same files in each, and what they share.
//!
//! A delivery becomes a [`turn`], which claims the record, settles what is open ([`step`]), gathers, plans and applies, and ends in one
//! [`delivery::Report`]. Read [`orders`] first.

pub mod address;
pub mod codes;
pub mod customers;
pub mod delivery;
pub mod failure;
pub mod link;
pub mod merge;
pub mod money;
pub mod operations;
pub mod orders;
pub mod plan;
pub mod settings;
pub mod step;
pub mod sweep;
pub mod turn;
pub mod undecodable;
pub mod unreached;
