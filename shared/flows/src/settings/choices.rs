//! What is chosen per scope: one value of a few.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How an order type is numbered in Acumatica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Numbering {
    /// Acumatica numbers; Magento's number stands in `ExternalRef` only.
    Auto,
    /// Manual numbering: Magento's number becomes `OrderNbr`.
    Manual,
}

/// Where our reference stands beside `ExternalRef`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateGuard {
    /// Nowhere: `CustomerOrder` is the shopper's purchase order number.
    ExternalRef,
    /// In `CustomerOrder`, so that an order type can forbid duplicates.
    CustomerOrder,
}

/// Fields that can hold the shopper's purchase order number when `CustomerOrder` cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PurchaseOrderField {
    /// `Description`.
    Description,
}

/// Whether the order type has *Require Control Total* on (Acumatica, Order Types, SO201000).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ControlTotal {
    /// On: the ERP refuses an open order that adds up differently.
    Required,
    /// Off: the echoed total is compared, and the order put on hold if it differs.
    NotRequired,
}

/// What becomes of guests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "policy", deny_unknown_fields)]
pub enum Guests {
    /// One customer per e-mail, as for registered shoppers.
    PerEmail,
    /// Every guest's order goes to one customer.
    Generic {
        /// That customer.
        customer_id: String,
    },
}

/// Freight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Freight {
    /// Which field carries Magento's amount.
    pub mode: FreightMode,
    /// Acumatica's tax category of freight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_category: Option<String>,
}

/// Which field carries Magento's shipping amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FreightMode {
    /// `PremiumFreight`; the calculated freight must be zero.
    Premium,
    /// `OverrideFreightPrice` and `FreightPrice`.
    Override,
}

/// Tax.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Taxes {
    /// Who decides the amounts.
    pub mode: TaxMode,
    /// Acumatica's tax zone of these orders.
    pub zone: String,
    /// Whether `DisableAutomaticTaxCalculation` is sent with Magento's taxes. On unless it is switched off: without it Acumatica
    /// calculates again when it invoices. Off is for tenants whose internal tax zones drop imported taxes while it is on.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub disable_calculation: bool,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_true(value: &bool) -> bool {
    *value
}

/// Who decides tax amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaxMode {
    /// Magento: its amounts are sent as they were charged.
    AsCharged,
    /// Acumatica, from tax categories and zone; where it comes to another sum than Magento the order is on hold.
    Recalculated,
}

/// How a line's exact amount reaches Acumatica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineAmounts {
    /// In `ExtendedPrice`, which wins over quantity times price.
    ExtendedPrice,
    /// In quantity and unit price alone: a line whose amount no unit price gives exactly becomes two. For tenants that calculate
    /// `ExtendedPrice` again.
    Split,
}

/// What becomes of an order whose day lies in a closed financial period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClosedPeriod {
    /// It is parked until somebody opens the period.
    Park,
    /// It is written on the first day of the next month whose period is open, today's month at the latest.
    NextOpen,
}

/// How payments are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentDocuments {
    /// With the order, in one transaction: one save.
    Nested,
    /// After it, as documents of their own: one more save each. For order types that need an approval and for instalment terms, with which
    /// Acumatica takes no payment within an order.
    Separate,
}

/// Which lines a bundle with a fixed price becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bundles {
    /// One line: the bundle is a kit in Acumatica.
    Kit,
    /// One line for each component, over which the bundle's price is spread.
    Components,
}

/// What becomes of custom options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CustomOptions {
    /// They stand in the line's note.
    Note,
    /// Those in `option_items` are lines of their own at no price (their price is in the product's), the others stand in the note.
    Lines,
}

/// How a SKU names an item of Acumatica.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "by", deny_unknown_fields)]
pub enum ItemIdentity {
    /// The SKU is the inventory ID. A line that Acumatica takes for another item, because the SKU is an alternate ID of it, is held.
    InventoryId,
    /// The SKU is an alternate ID (cross-reference) of the item.
    AlternateId,
    /// An attribute of the product in Magento holds the inventory ID: one more call to Magento per order.
    Attribute {
        /// The attribute's code.
        code: String,
    },
}

/// What is told in Magento once an order is dealt with. Every save in Magento sends an event of its own, which ends *unchanged*.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteBack {
    /// Acumatica's order number goes into `ext_order_id`.
    #[serde(default)]
    pub number: bool,
    /// The outcome becomes a comment of the order, which the shopper does not see.
    #[serde(default)]
    pub comment: bool,
}

/// When an order is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportRule {
    /// At once.
    Always,
    /// Once the gateway has authorised the payment.
    WhenAuthorised,
    /// Once the money is there.
    WhenPaid,
    /// Never.
    Never,
}
