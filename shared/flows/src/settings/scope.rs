//! What has a scope, and how a store view's settings are found in it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::choices::{
    Bundles, ClosedPeriod, ControlTotal, CustomOptions, DuplicateGuard, Freight, Guests, ItemIdentity, LineAmounts,
    Numbering, PaymentDocuments, PurchaseOrderField, Taxes, WriteBack,
};
use super::tables::{
    CountryRow, DropShipRow, ExtraAmountRow, ExtraItems, OptionRow, PaymentRow, RegionRow, ShippingRow, TaxRow,
    Tenders, UnitRow, ZoneRow,
};

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
    /// How a line's exact amount reaches Acumatica; `extended_price` when absent everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_amounts: Option<LineAmounts>,
    /// What becomes of an order whose day lies in a closed financial period; `park` when absent everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_period: Option<ClosedPeriod>,
    /// How payments are written; `nested` when absent everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payments: Option<PaymentDocuments>,
    /// Which lines a bundle with a fixed price becomes; `kit` when absent everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundles: Option<Bundles>,
    /// What becomes of custom options; `note` when absent everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_options: Option<CustomOptions>,
    /// How a SKU names an item of Acumatica; `inventory_id` when absent everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<ItemIdentity>,
    /// What is told in Magento; nothing when absent everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write_back: Option<WriteBack>,
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
    /// Gift cards, store credit and reward points → Acumatica's payment methods and cash accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenders: Option<Tenders>,
    /// Country, region, VAT number or customer group → Acumatica's tax zone; `taxes.zone` where no row matches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tax_zones: Vec<ZoneRow>,
    /// Magento's SKUs and options → Acumatica's item, unit of measure and quantity.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitRow>,
    /// Custom options that are lines of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub option_items: Vec<OptionRow>,
    /// SKUs that a vendor ships.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drop_ship: Vec<DropShipRow>,
    /// Acumatica's non-stock items for amounts that Magento itself knows beside its products.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra_items: Option<ExtraItems>,
    /// Amounts that modules add to an order → Acumatica's non-stock items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra_amounts: Vec<ExtraAmountRow>,
    /// Magento's countries → Acumatica's, and which form of a region Acumatica wants.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<CountryRow>,
    /// Magento's regions → Acumatica's states, where they differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<RegionRow>,
}

/// A sales channel: a marketplace whose orders a module puts into Magento.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// What people call it.
    pub name: String,
    /// Which orders came through it.
    pub when: When,
    /// What differs for them.
    pub settings: Scope,
}

/// How an order is recognised. Whatever is absent is not asked for; in each text a `*` stands for any text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Magento's payment method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<String>,
    /// Magento's shipping method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_method: Option<String>,
    /// Magento's order number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub increment_id: Option<String>,
    /// Magento's customer group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_group: Option<u64>,
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

    /// All rows of a table, narrower levels first.
    pub fn rows<T: 'a>(&self, table: impl Fn(&'a Scope) -> &'a [T]) -> impl Iterator<Item = &'a T> {
        self.levels.iter().flat_map(move |level| table(level))
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
