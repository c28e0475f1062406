//! A plan: what shall be written to the other side, as data. Pure: deciding reads nothing and waits for nothing.

mod write;

use rust_decimal::Decimal;
use store::record::Untold;

pub use write::Write;

use crate::codes;

/// What stands in the way, or what a person should know: a stable code and a sentence with the offending value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `orders.rejected.shipping_method_not_mapped`; every code is in [`crate::codes`].
    pub code: &'static str,
    /// A merchant's sentence.
    pub message: String,
}

impl Finding {
    /// A finding of a code and its sentence.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// Whether it tells what was decided by rule: nobody must act, and nothing is held for it.
    #[must_use]
    pub fn is_resolved(&self) -> bool {
        self.code.split('.').nth(1) == Some("resolved")
    }

    /// Both sentences under the code of the first one; one that says nothing new is not repeated.
    #[must_use]
    pub fn and(first: Option<Self>, second: Option<Self>) -> Option<Self> {
        match (first, second) {
            (Some(first), Some(second)) if first.message.contains(&second.message) => Some(first),
            (Some(first), Some(second)) => Some(Self::new(first.code, format!("{} {}", first.message, second.message))),
            (first, second) => first.or(second),
        }
    }

    /// The finding as a record keeps it until the log has it.
    #[must_use]
    pub fn untold(&self) -> Untold {
        Untold { code: self.code.to_owned(), message: self.message.clone() }
    }

    /// What a record kept; nothing where the code is not one of this release.
    #[must_use]
    pub fn kept(untold: &Untold) -> Option<Self> {
        codes::advice(&untold.code).map(|advice| Self::new(advice.code, untold.message.clone()))
    }
}

/// What shall be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Plan {
    /// Write a document that does not exist yet.
    Create(Box<Work>),
    /// Change the bound document.
    Update(Box<Work>),
    /// Write, but on hold in the ERP, because of the finding.
    Hold(Box<Work>, Finding),
    /// Nothing to do: what plan reads has not changed.
    Unchanged,
    /// Not synced, by rule.
    Skipped(Finding),
    /// A person must change data or settings.
    Rejected(Finding),
    /// It comes by itself.
    NotReady(Finding),
}

impl Plan {
    /// The outcome's word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Plan::Create(_) => "create",
            Plan::Update(_) => "update",
            Plan::Hold(..) => "hold",
            Plan::Unchanged => "unchanged",
            Plan::Skipped(_) => "skipped",
            Plan::Rejected(_) => "rejected",
            Plan::NotReady(_) => "not_ready",
        }
    }

    /// What is to be written, if anything.
    #[must_use]
    pub fn work(&self) -> Option<&Work> {
        match self {
            Plan::Create(work) | Plan::Update(work) | Plan::Hold(work, _) => Some(work),
            Plan::Unchanged | Plan::Skipped(_) | Plan::Rejected(_) | Plan::NotReady(_) => None,
        }
    }

    /// The finding, if there is one.
    #[must_use]
    pub fn finding(&self) -> Option<&Finding> {
        match self {
            Plan::Hold(_, finding) | Plan::Skipped(finding) | Plan::Rejected(finding) | Plan::NotReady(finding) => {
                Some(finding)
            }
            Plan::Create(_) | Plan::Update(_) | Plan::Unchanged => None,
        }
    }
}

/// Steps in order, and what they add up to.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// The writes.
    pub steps: Vec<Step>,
    /// The amounts, where the work writes any.
    pub amounts: Option<Amounts>,
}

/// One write: idempotency key, what it looks like, what it takes from an earlier receipt.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The idempotency key's verb, `order.create`. Never a position.
    pub key: StepKey,
    /// The request.
    pub write: Write,
    /// Values that earlier steps' receipts supply.
    pub fills: Vec<Fill>,
    /// Our reference on the document, by which it is looked up.
    pub reference: Option<String>,
    /// What the document must add up to.
    pub total: Option<Decimal>,
    /// Where the document is there already: the reference of the last line that this step adds, by which it is seen whether it did.
    pub part: Option<String>,
    /// Further steps must follow before the record's document is what the source says.
    pub unfinished: bool,
}

impl Step {
    /// A request of its kind, about which nothing else is known.
    #[must_use]
    pub fn new(key: StepKey, write: impl Into<Write>) -> Self {
        Self {
            key,
            write: write.into(),
            fills: Vec::new(),
            reference: None,
            total: None,
            part: None,
            unfinished: false,
        }
    }
}

/// Every kind of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StepKey {
    /// A customer is made in Acumatica.
    CustomerCreate,
    /// A customer's fields are changed in Acumatica.
    CustomerUpdate,
    /// A location of a customer is made or changed in Acumatica.
    LocationSave,
    /// A person of a company is made or changed in Acumatica: a contact of its customer.
    ContactSave,
    /// An account is made in Magento.
    AccountCreate,
    /// An account's fields are changed in Magento.
    AccountUpdate,
    /// A sales order is made whole.
    OrderCreate,
    /// A sales order is begun, on hold: its header and the first slice of its lines.
    OrderBegin,
    /// A slice of lines is added to a sales order that was begun.
    OrderLines,
    /// The last slice, with all that makes the sales order whole.
    OrderComplete,
    /// A sales order's header is changed.
    OrderUpdate,
    /// A sales order is put on hold.
    OrderHold,
    /// A payment of a sales order is made, a document of its own.
    PaymentCreate,
}

impl StepKey {
    /// Every kind.
    pub const ALL: [StepKey; 13] = [
        StepKey::CustomerCreate,
        StepKey::CustomerUpdate,
        StepKey::LocationSave,
        StepKey::ContactSave,
        StepKey::AccountCreate,
        StepKey::AccountUpdate,
        StepKey::OrderCreate,
        StepKey::OrderBegin,
        StepKey::OrderLines,
        StepKey::OrderComplete,
        StepKey::OrderUpdate,
        StepKey::OrderHold,
        StepKey::PaymentCreate,
    ];

    /// The step after which a sales order has all its lines and must add up.
    #[must_use]
    pub fn makes_whole(self) -> bool {
        matches!(self, StepKey::OrderCreate | StepKey::OrderComplete)
    }

    /// The step that makes the record's document, which has no key before.
    #[must_use]
    pub fn begins(self) -> bool {
        matches!(self, StepKey::OrderCreate | StepKey::OrderBegin)
    }

    /// The step that goes on where the record's document is there already, and must find out how far it is.
    #[must_use]
    pub fn goes_on(self) -> bool {
        matches!(self, StepKey::OrderLines | StepKey::OrderComplete | StepKey::PaymentCreate)
    }

    /// The key as it is stored in an intent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            StepKey::CustomerCreate => "customer.create",
            StepKey::CustomerUpdate => "customer.update",
            StepKey::LocationSave => "location.save",
            StepKey::ContactSave => "contact.save",
            StepKey::AccountCreate => "account.create",
            StepKey::AccountUpdate => "account.update",
            StepKey::OrderCreate => "order.create",
            StepKey::OrderBegin => "order.begin",
            StepKey::OrderLines => "order.lines",
            StepKey::OrderComplete => "order.complete",
            StepKey::OrderUpdate => "order.update",
            StepKey::OrderHold => "order.hold",
            StepKey::PaymentCreate => "payment.create",
        }
    }

    /// The kind with that key.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        StepKey::ALL.into_iter().find(|step| step.as_str() == key)
    }
}

/// A field that an earlier step's receipt supplies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fill {
    /// JSON pointer into the body.
    pub pointer: &'static str,
    /// The step whose receipt has it.
    pub from: StepKey,
    /// The receipt's field.
    pub field: &'static str,
}

/// What an order adds up to on both sides, all in its base currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amounts {
    /// The order value: what Magento says.
    pub magento: Decimal,
    /// Added up again from the planned body; tax that Acumatica is to calculate by itself is expected to be Magento's.
    pub acumatica: Decimal,
    /// The parts of the planned body.
    pub parts: Parts,
    /// How many decimals the currency has.
    pub decimals: u32,
}

/// The parts of an order's value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Σ extended prices.
    pub lines: Decimal,
    /// Σ discounts, positive.
    pub discount: Decimal,
    /// Freight.
    pub freight: Decimal,
    /// Σ taxes.
    pub tax: Decimal,
    /// Further amounts, one non-stock line each.
    pub extra: Decimal,
    /// Σ payments applied.
    pub tenders: Decimal,
    /// By how much the largest tax row was changed so that the rows add up to Magento's tax.
    pub tax_forced: Decimal,
}
