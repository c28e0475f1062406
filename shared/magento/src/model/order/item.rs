//! The lines of an order.

use rust_decimal::Decimal;
use serde::Deserialize;

use super::{GiftMessage, Id, ItemTax};

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
    /// Unit price before special prices; on a component of a bundle with a fixed price the only one that tells its worth, where it is there.
    #[serde(default)]
    pub base_original_price: Option<Decimal>,
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
    /// What modules add.
    #[serde(default)]
    pub extension_attributes: ItemExtension,
}

/// What modules add to a line.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ItemExtension {
    /// Written by the shopper for who receives it.
    #[serde(default)]
    pub gift_message: Option<GiftMessage>,
    /// Its taxes by rate, as newer versions list them.
    #[serde(default)]
    pub itemized_taxes: Vec<ItemTax>,
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
