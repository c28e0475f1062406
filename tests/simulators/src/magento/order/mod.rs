//! Orders as Magento computes and writes them: a draft (what the shopper did) becomes amounts, and amounts become a document.

mod address;
mod amounts;
mod discount;
mod document;
mod draft;
mod items;
mod lines;
mod payment;
mod tax;

pub use address::Address;
pub use draft::{Amount, OrderDraft};
pub use lines::{Line, LineKind};
pub use payment::Payment;

pub(crate) use document::{Numbers, build, stamp};
