//! Orders as Magento computes and writes them: a draft (what the shopper did) becomes amounts, and amounts become a document.

mod address;
mod amounts;
mod discount;
mod document;
mod draft;
mod extension;
mod extras;
mod items;
mod lines;
mod options;
mod payment;
mod progress;
mod rates;
mod tax;
mod tax_detail;
mod terms;

pub use address::Address;
pub use draft::{Amount, OrderDraft};
pub use lines::{Component, Line, LineKind};
pub use payment::Payment;
pub use tax::TaxAlgorithm;

pub(crate) use document::{Numbers, build, stamp};
