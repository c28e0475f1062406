//! An order as `GET /V1/orders/:id` returns it.
//!
//! Amounts whose names begin with `base_` are in the website's base currency, which is the accounting currency and the only one read
//! here. Signs as Magento has them: the header's `base_discount_amount` is negative or zero, the lines' are positive or zero.
//! Sources: Magento 2.4.6 `module-sales` (`Api/Data/OrderInterface`, `Model/Order`), documents recorded of running shops.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

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
    /// Nothing to ship.
    #[serde(default)]
    pub is_virtual: Flag,
    /// ISO 4217 code of the website's base currency.
    pub base_currency_code: String,
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
    /// Everything that modules add.
    #[serde(default)]
    pub extension_attributes: Extension,
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

/// A line of an order.
#[derive(Clone, Debug, Deserialize)]
pub struct Item {
    /// The line's key; the same SKU may stand on two lines.
    pub item_id: Id,
    /// The line this one belongs to.
    pub parent_item_id: Option<Id>,
    /// `simple`, `virtual`, `downloadable`, `configurable`, `bundle`, `grouped`, `giftcard`, or a module's.
    pub product_type: Option<String>,
    /// On a configurable parent: the child's.
    pub sku: String,
    /// The product's name at the time of the order.
    pub name: Option<String>,
    /// Ordered quantity; may be fractional.
    pub qty_ordered: Decimal,
    /// Unit price before tax and discount.
    #[serde(default)]
    pub base_price: Option<Decimal>,
    /// Row total; before discount in some documents and after it in others.
    #[serde(default)]
    pub base_row_total: Option<Decimal>,
    /// Discount of the row, positive or zero.
    #[serde(default)]
    pub base_discount_amount: Option<Decimal>,
    /// Tax hidden in the row's discount.
    #[serde(default)]
    pub base_discount_tax_compensation_amount: Option<Decimal>,
    /// Tax of the row.
    #[serde(default)]
    pub base_tax_amount: Option<Decimal>,
    /// Fixed product tax of the row.
    #[serde(default)]
    pub base_weee_tax_applied_row_amnt: Option<Decimal>,
    /// Fixed product tax of the row, in order currency; its base name differs between versions.
    #[serde(default)]
    pub weee_tax_applied_row_amount: Option<Decimal>,
    /// What the shopper chose.
    #[serde(default)]
    pub product_option: Option<ProductOption>,
}

/// What the shopper chose on a line.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ProductOption {
    /// By product type.
    #[serde(default)]
    pub extension_attributes: ProductOptionExtension,
}

/// The choices that matter here.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ProductOptionExtension {
    /// Custom options: ids and values only, the texts are not in the order.
    #[serde(default)]
    pub custom_options: Vec<CustomOption>,
}

/// One custom option chosen.
#[derive(Clone, Debug, Deserialize)]
pub struct CustomOption {
    /// The option's id, a string.
    pub option_id: String,
    /// The value's id, or the text entered.
    pub option_value: Option<String>,
}

/// An address of an order.
#[derive(Clone, Debug, Deserialize)]
pub struct Address {
    /// Given name.
    pub firstname: Option<String>,
    /// Family name.
    pub lastname: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// One to four lines.
    #[serde(default)]
    pub street: Vec<String>,
    /// City.
    pub city: Option<String>,
    /// Region's name.
    pub region: Option<String>,
    /// Region's code; a name where the country has no codes.
    pub region_code: Option<String>,
    /// Null where the country has none.
    pub postcode: Option<String>,
    /// ISO 3166 alpha-2.
    pub country_id: Option<String>,
    /// Null in some checkouts.
    pub telephone: Option<String>,
    /// Address for mail.
    pub email: Option<String>,
}

/// The payment of an order.
#[derive(Clone, Debug, Deserialize)]
pub struct Payment {
    /// The method's code: `checkmo`, `purchaseorder`, a gateway's.
    pub method: String,
    /// The card's type code.
    pub cc_type: Option<String>,
    /// Authorised at the gateway.
    #[serde(default)]
    pub base_amount_authorized: Option<Decimal>,
    /// Captured or otherwise paid.
    #[serde(default)]
    pub base_amount_paid: Option<Decimal>,
    /// The gateway's last transaction.
    pub last_trans_id: Option<String>,
    /// The shopper's purchase order number.
    pub po_number: Option<String>,
}

/// What modules add to an order.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Extension {
    /// Where it is shipped; empty for virtual orders.
    #[serde(default)]
    pub shipping_assignments: Vec<ShippingAssignment>,
    /// Tax by rate, order level, shipping included.
    #[serde(default)]
    pub applied_taxes: Vec<AppliedTax>,
    /// Tax by line and rate.
    #[serde(default)]
    pub item_applied_taxes: Vec<ItemAppliedTaxes>,
    /// Store credit, already deducted from the grand total.
    #[serde(default)]
    pub base_customer_balance_amount: Option<Decimal>,
    /// Gift cards, already deducted from the grand total.
    #[serde(default)]
    pub base_gift_cards_amount: Option<Decimal>,
    /// Reward points, already deducted from the grand total.
    #[serde(default)]
    pub base_reward_currency_amount: Option<Decimal>,
    /// Gift wrapping of the order.
    #[serde(default)]
    pub gw_base_price: Option<Decimal>,
    /// Gift wrapping of the items.
    #[serde(default)]
    pub gw_items_base_price: Option<Decimal>,
    /// Printed card.
    #[serde(default)]
    pub gw_card_base_price: Option<Decimal>,
}

/// One shipping assignment.
#[derive(Clone, Debug, Deserialize)]
pub struct ShippingAssignment {
    /// Address and method.
    pub shipping: Option<Shipping>,
}

/// Address and method of a shipment to come.
#[derive(Clone, Debug, Deserialize)]
pub struct Shipping {
    /// Where to.
    pub address: Option<Address>,
    /// `carrier_method`: `flatrate_flatrate`.
    pub method: Option<String>,
}

/// The taxes of one line, or of shipping.
#[derive(Clone, Debug, Deserialize)]
pub struct ItemAppliedTaxes {
    /// `product`, `shipping`, or a module's.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The line; absent for shipping.
    pub item_id: Option<Id>,
    /// By rate.
    #[serde(default)]
    pub applied_taxes: Vec<AppliedTax>,
}

/// The tax of one rate.
#[derive(Clone, Debug, Deserialize)]
pub struct AppliedTax {
    /// The rate's code: `US-MI-*-Rate 1`.
    pub code: Option<String>,
    /// In percent.
    #[serde(default)]
    pub percent: Option<Decimal>,
    /// In base currency.
    #[serde(default)]
    pub base_amount: Option<Decimal>,
}
