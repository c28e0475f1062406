//! The rows of mapping tables. The first row that matches wins.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::choices::ImportRule;

/// Magento's tax rate code → Acumatica's tax ID.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxRow {
    /// Magento's rate code: `US-MI-*-Rate 1`.
    pub code: String,
    /// Acumatica's tax ID.
    pub tax_id: String,
}

/// Magento's shipping method → Acumatica's ship via and terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShippingRow {
    /// `carrier_method`; a `*` stands for any text: `fedex_*`.
    pub method: String,
    /// Acumatica's ship via.
    pub ship_via: String,
    /// Acumatica's shipping terms; none when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<String>,
}

/// Magento's payment method → Acumatica's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentRow {
    /// Magento's code: `checkmo`.
    pub method: String,
    /// Magento's card type code; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_type: Option<String>,
    /// When an order paid this way is imported.
    pub import: ImportRule,
    /// Acumatica's payment method and cash account for money received; none: the order is imported without a payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receive: Option<Receive>,
    /// The same gateway in Acumatica, which is to capture what Magento has authorised; none: an authorisation stays Magento's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorised: Option<Authorised>,
    /// Acumatica's credit terms, for purchase orders and invoices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<String>,
}

/// Where money received is booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Receive {
    /// Acumatica's payment method, without integrated card processing.
    pub payment_method: String,
    /// Acumatica's cash account.
    pub cash_account: String,
}

/// The gateway that Acumatica shares with the shop: it captures what Magento has authorised. Magento's invoice must then not capture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Authorised {
    /// Acumatica's payment method, with integrated card processing.
    pub payment_method: String,
    /// Acumatica's cash account.
    pub cash_account: String,
    /// Acumatica's processing centre.
    pub processing_center: String,
    /// The key in Magento's `payment_additional_info` under which the gateway's module keeps the authorisation code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_key: Option<String>,
    /// The key in Magento's `payment_additional_info` under which the gateway's module keeps the card's profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_key: Option<String>,
}

/// Tenders that Magento has already deducted from the grand total. One that is used and not mapped here rejects the order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tenders {
    /// Gift card accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gift_card: Option<Receive>,
    /// Store credit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store_credit: Option<Receive>,
    /// Reward points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reward_points: Option<Receive>,
}

/// Where an order is taxed. Whatever a row does not name, it does not ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ZoneRow {
    /// Country of the shipping address, of the billing address where nothing is shipped; ISO 3166 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Region code of the same address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Whether a VAT number is on the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vat_number: Option<bool>,
    /// Magento's customer group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_group: Option<u64>,
    /// Acumatica's tax zone.
    pub zone: String,
}

/// A SKU or a custom option that stands for a unit of measure. Whatever a row does not name, it does not ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitRow {
    /// The SKU; a `*` stands for any text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// The id of a custom option.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub option_id: Option<String>,
    /// The value chosen of that option.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub option_value: Option<String>,
    /// Acumatica's item; what the SKU names when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inventory_id: Option<String>,
    /// Acumatica's unit of measure.
    pub uom: String,
    /// How many of that unit one piece in Magento is; 1 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("pattern" = "^[0-9]+(\\.[0-9]+)?$"))]
    pub quantity: Option<rust_decimal::Decimal>,
}

/// A custom option that is a line of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionRow {
    /// The option's id.
    pub option_id: String,
    /// The value chosen; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub option_value: Option<String>,
    /// Acumatica's item.
    pub inventory_id: String,
}

/// A SKU that a vendor ships.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropShipRow {
    /// The SKU; a `*` stands for any text.
    pub sku: String,
    /// Acumatica's *PO Source* of the line, as its list shows it.
    pub po_source: String,
    /// Acumatica's vendor; the item's own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
}

/// Acumatica's non-stock items for amounts that Magento itself knows beside its products. One that is used and not mapped here rejects the order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtraItems {
    /// Gift cards sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gift_card: Option<ExtraItem>,
    /// Gift wrapping, of the order and of its items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gift_wrap: Option<ExtraItem>,
    /// Printed card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printed_card: Option<ExtraItem>,
    /// Fixed product tax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_product_tax: Option<ExtraItem>,
}

/// A non-stock item for an amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtraItem {
    /// Acumatica's item.
    pub inventory_id: String,
    /// Acumatica's tax category; the item's own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_category: Option<String>,
}

/// An amount that a module adds to an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtraAmountRow {
    /// JSON pointer into Magento's order to the amount in base currency, before tax: `/extension_attributes/base_fee`.
    pub field: String,
    /// Acumatica's item.
    pub inventory_id: String,
    /// Acumatica's tax category; the item's own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_category: Option<String>,
}

/// A country as Acumatica knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountryRow {
    /// Magento's country, ISO 3166 alpha-2.
    pub country: String,
    /// Acumatica's country; the same when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acumatica: Option<String>,
    /// What becomes of the region.
    #[serde(default)]
    pub state: StateForm,
}

/// Which form of a region Acumatica wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StateForm {
    /// Its code; its name where Magento has no code.
    #[default]
    Code,
    /// Its name.
    Name,
    /// None: the country has no states in Acumatica.
    None,
}

/// A region as Acumatica knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionRow {
    /// Magento's country.
    pub country: String,
    /// Magento's region, by code or name.
    pub region: String,
    /// Acumatica's state.
    pub state: String,
}
