//! What `plan` may know of an order.

use std::collections::{BTreeMap, BTreeSet};

use acumatica::Put;
use magento::model::order::{Order, State};
use store::record::{Bound, Fingerprint};

pub use store::record::Told;

use crate::settings::Settings;

/// Everything the decision needs, read before it.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The link's id.
    pub link: &'a str,
    /// The link's settings.
    pub settings: &'a Settings,
    /// The order as the shop has it now.
    pub order: &'a Order,
    /// Whose order it is in the ERP.
    pub customer: &'a Customer,
    /// The order's document in the ERP, if it has one.
    pub bound: Option<&'a Bound>,
    /// The fingerprint of `order`.
    pub fingerprint: &'a Fingerprint,
    /// What an attribute of Magento's products says; none where it was not asked.
    pub items: Option<&'a Items>,
    /// What of an unfinished document is there; nothing is known to be there when absent.
    pub written: Option<&'a Written>,
}

/// What of an unfinished sales order is in the ERP, as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Whose order it is there.
    pub customer: String,
    /// The references of its lines.
    pub lines: BTreeSet<String>,
    /// The references of the payments that are there, applied or not.
    pub payments: BTreeSet<String>,
}

/// SKU → inventory ID in Acumatica. Products whose attribute is empty are left out.
pub type Items = BTreeMap<String, String>;

/// The ERP's customer.
#[derive(Clone, Debug, PartialEq)]
pub enum Customer {
    /// There is one.
    Known(String),
    /// There is none with that e-mail: it is to be made of what the order says.
    Missing,
    /// There is none with that e-mail: it is to be made of the shopper's account, by this request.
    OfAccount(Box<Put>),
}

/// What an order's state means here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// To be written.
    Firm,
    /// The shopper is still paying.
    PendingPayment,
    /// The payment is being checked.
    PaymentReview,
    /// On hold in Magento.
    OnHold,
    /// Cancelled.
    Canceled,
    /// Refunded wholly.
    Closed,
    /// A state that Magento 2.4 does not have.
    Unknown,
}

impl Standing {
    /// The standing of an order.
    #[must_use]
    pub fn of(order: &Order) -> Self {
        match &order.state {
            Some(State::New | State::Processing | State::Complete) => Standing::Firm,
            Some(State::PendingPayment) => Standing::PendingPayment,
            Some(State::PaymentReview) => Standing::PaymentReview,
            Some(State::Holded) => Standing::OnHold,
            Some(State::Canceled) => Standing::Canceled,
            Some(State::Closed) => Standing::Closed,
            Some(State::Unrecognized(_)) | None => Standing::Unknown,
        }
    }
}
