//! What has a scope, and how a store view's settings are found in it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One level of the scope. Whatever is absent is inherited from the wider level.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Acumatica's order type: `SO`, `WO`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_type: Option<String>,
    /// How that order type is numbered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbering: Option<Numbering>,
    /// Where our reference stands beside `ExternalRef`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicate_guard: Option<DuplicateGuard>,
    /// Where the shopper's purchase order number goes when `CustomerOrder` carries our reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchase_order_field: Option<PurchaseOrderField>,
    /// Acumatica's branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Acumatica's warehouse of the lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warehouse: Option<String>,
    /// Whether the order type requires a control total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control_total: Option<ControlTotal>,
    /// Decimal places of a unit price in Acumatica (its *Decimal Places for Unit Price*), 0 to 6.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 6))]
    pub unit_price_decimals: Option<u32>,
    /// The class of customers made by orders; the ERP's own default when absent everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_class: Option<String>,
    /// What becomes of guests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guests: Option<Guests>,
    /// Freight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freight: Option<Freight>,
    /// Tax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taxes: Option<Taxes>,
    /// Magento's tax rate code → Acumatica's tax ID.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tax_ids: Vec<TaxRow>,
    /// Magento's shipping method → Acumatica's ship via and terms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shipping_methods: Vec<ShippingRow>,
    /// Magento's payment method (and card type) → Acumatica's payment method and cash account.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payment_methods: Vec<PaymentRow>,
}

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
}

/// Who decides tax amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaxMode {
    /// Magento: its amounts are sent as they were charged.
    AsCharged,
}

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

/// The levels that hold for one store view, narrowest first.
#[derive(Clone, Debug)]
pub struct Resolved<'a> {
    levels: Vec<&'a Scope>,
}

impl<'a> Resolved<'a> {
    pub(super) fn new(levels: Vec<&'a Scope>) -> Self {
        Self { levels }
    }

    /// The value of the narrowest level that has one.
    pub fn first<T>(&self, field: impl Fn(&'a Scope) -> Option<T>) -> Option<T> {
        self.levels.iter().find_map(|level| field(level))
    }

    /// The first row of a mapping table that matches, narrower levels first.
    pub fn row<T>(&self, table: impl Fn(&'a Scope) -> &'a [T], matches: impl Fn(&T) -> bool) -> Option<&'a T> {
        self.levels.iter().flat_map(|level| table(level)).find(|row| matches(row))
    }
}

/// Whether `text` fits `pattern`, in which `*` stands for any text, possibly none.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => text
            .strip_prefix(head)
            .is_some_and(|rest| (0..=rest.len()).any(|cut| rest.is_char_boundary(cut) && matches(tail, &rest[cut..]))),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, expected) in [
            ("flatrate_flatrate", "flatrate_flatrate", true),
            ("flatrate_flatrate", "flatrate_flatrate2", false),
            ("fedex_*", "fedex_FEDEX_GROUND", true),
            ("fedex_*", "fedex_", true),
            ("fedex_*", "ups_GROUND", false),
            ("*_GROUND", "fedex_FEDEX_GROUND", true),
            ("*", "", true),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "a1c2b", false),
            ("é*", "éß", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
