//! An order as `GET /V1/orders/:id` returns it.
//!
//! Amounts whose names begin with `base_` are in the website's base currency, which is the accounting currency and the only one read
//! here. Signs as Magento has them: the header's `base_discount_amount` is negative or zero, the lines' are positive or zero.
//! Sources: Magento 2.4.6 `module-sales` (`Api/Data/OrderInterface`, `Model/Order`), documents recorded of running shops.

mod extension;
mod item;
mod party;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use extension::{
    AdditionalInfo, AppliedTax, Extension, GiftMessage, ItemAppliedTaxes, ItemTax, OrderTax, Shipping,
    ShippingAssignment,
};
pub use item::{CustomOption, Item, ItemExtension, ProductOption, ProductOptionExtension};
pub use party::{Address, Payment};

use super::wire::{Flag, Id};

/// Magento's internal key of an order (`entity_id`), used in every route. Not what people call it: see [`Order::increment_id`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrderId(pub Id);

impl OrderId {
    /// The id with this number.
    #[must_use]
    pub fn new(number: u64) -> Self {
        Self(Id(number))
    }

    /// Reads the digits of a record key or a path.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(|number| Self(Id(number)))
    }
}

impl std::fmt::Display for OrderId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.0.0)
    }
}

/// The order document.
#[derive(Clone, Debug, Deserialize)]
pub struct Order {
    /// The internal key.
    pub entity_id: OrderId,
    /// What people call the order: `000000123`, with letters in some shops, `000000123-1` after an edit.
    pub increment_id: String,
    /// One of Magento's fixed states; rules decide on it.
    pub state: Option<State>,
    /// The merchant's status code within the state; people read it.
    pub status: Option<String>,
    /// The store view.
    pub store_id: Id,
    /// `YYYY-MM-DD HH:MM:SS`, UTC.
    pub created_at: String,
    /// `YYYY-MM-DD HH:MM:SS`, UTC, moved by every save.
    pub updated_at: String,
    /// Whether the shopper had no account.
    #[serde(default)]
    pub customer_is_guest: Flag,
    /// The shopper's account; absent for guests.
    pub customer_id: Option<Id>,
    /// The shopper's address for mail.
    pub customer_email: Option<String>,
    /// Given name on the account; guests have theirs on the billing address.
    pub customer_firstname: Option<String>,
    /// Family name on the account.
    pub customer_lastname: Option<String>,
    /// The shopper's note at checkout.
    pub customer_note: Option<String>,
    /// The coupon used.
    pub coupon_code: Option<String>,
    /// The cart rules' label; the coupon itself where there is one.
    pub discount_description: Option<String>,
    /// Nothing to ship.
    #[serde(default)]
    pub is_virtual: Flag,
    /// ISO 4217 code of the website's base currency.
    pub base_currency_code: String,
    /// ISO 4217 code of the currency the shopper saw.
    pub order_currency_code: Option<String>,
    /// What is left to pay after store credit, gift cards and reward points.
    pub base_grand_total: Decimal,
    /// Σ line gross before tax and discount.
    pub base_subtotal: Decimal,
    /// All discounts, negative or zero, shipping's included.
    #[serde(default)]
    pub base_discount_amount: Option<Decimal>,
    /// All tax, shipping's included.
    #[serde(default)]
    pub base_tax_amount: Option<Decimal>,
    /// Tax hidden in the discount of tax-inclusive shops.
    #[serde(default)]
    pub base_discount_tax_compensation_amount: Option<Decimal>,
    /// Shipping before tax and discount.
    #[serde(default)]
    pub base_shipping_amount: Option<Decimal>,
    /// Discount on shipping, positive or zero.
    #[serde(default)]
    pub base_shipping_discount_amount: Option<Decimal>,
    /// Tax hidden in the shipping discount. The name ends in `_amnt`, as in Magento's schema.
    #[serde(default)]
    pub base_shipping_discount_tax_compensation_amnt: Option<Decimal>,
    /// Tax on shipping.
    #[serde(default)]
    pub base_shipping_tax_amount: Option<Decimal>,
    /// Paid so far.
    #[serde(default)]
    pub base_total_paid: Option<Decimal>,
    /// Cancelled amount; present once something was cancelled.
    #[serde(default)]
    pub base_total_canceled: Option<Decimal>,
    /// Refunded amount; present once something was refunded.
    #[serde(default)]
    pub base_total_refunded: Option<Decimal>,
    /// Lines, parents and children flat.
    pub items: Vec<Item>,
    /// Where the bill goes.
    pub billing_address: Option<Address>,
    /// How it is paid.
    pub payment: Option<Payment>,
    /// The ERP's number, where it was written back (32 characters).
    pub ext_order_id: Option<String>,
    /// The shopper's group; 0 for guests.
    pub customer_group_id: Option<Id>,
    /// VAT number on the account.
    pub customer_taxvat: Option<String>,
    /// Comments and changes of status, newest last or first by version.
    #[serde(default)]
    pub status_histories: Vec<StatusHistory>,
    /// Everything that modules add.
    #[serde(default)]
    pub extension_attributes: Extension,
    /// The document as it was read, for amounts of modules that this type does not know.
    #[serde(skip)]
    pub document: Value,
}

impl Order {
    /// Reads a document.
    ///
    /// # Errors
    /// What is wrong in it, and where.
    pub fn read(document: Value) -> Result<Self, serde_path_to_error::Error<serde_json::Error>> {
        let mut order: Self = serde_path_to_error::deserialize(&document)?;
        order.document = document;
        Ok(order)
    }
}

/// A comment, or a change of status.
#[derive(Clone, Debug, Deserialize)]
pub struct StatusHistory {
    /// Grows with every entry.
    #[serde(default)]
    pub entity_id: Option<Id>,
    /// The text.
    pub comment: Option<String>,
}

/// Characters that `ext_order_id` holds (Magento 2.4.6, `module-sales` `etc/db_schema.xml`).
pub const EXT_ORDER_ID_LENGTH: usize = 32;

/// A comment of an order that the shopper neither sees nor gets by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The text.
    pub text: String,
    /// The order's present status. Magento sets the order's status to that of the comment, and to none where the comment has none
    /// (Magento 2.4.6, `module-sales` `OrderManagement::addComment`).
    pub status: String,
}

/// Magento's fixed order states (`module-sales`, `Model/Order`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Placed, nothing invoiced or shipped.
    New,
    /// The shopper is still paying.
    PendingPayment,
    /// A person or the gateway is checking the payment.
    PaymentReview,
    /// Invoiced or shipped in part.
    Processing,
    /// Invoiced and shipped.
    Complete,
    /// Refunded wholly.
    Closed,
    /// Cancelled.
    Canceled,
    /// On hold in Magento (`holded` is Magento's spelling).
    Holded,
    /// A state that Magento 2.4 does not have.
    #[serde(untagged)]
    Unrecognized(String),
}
