//! Master data: what documents may refer to.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

mod attribute;
mod item;
mod money;
mod sample;

pub use attribute::{Attribute, AttributeChoice, ClassAttribute, Control};
pub use item::Item;
pub(crate) use item::Lookup;
pub use money::{FreightBasis, PaymentMethod, ShipVia, ShippingTerms, TaxZone};

/// Everything a sales order or a customer may name. Keys of the maps are the identifiers.
#[derive(Clone, Debug, Default)]
pub struct Master {
    /// Stock and non-stock items.
    pub items: BTreeMap<String, Item>,
    /// Ship via codes (form CS207500).
    pub ship_vias: BTreeMap<String, ShipVia>,
    /// Payment methods (form CA204000).
    pub payment_methods: BTreeMap<String, PaymentMethod>,
    /// The types of card transactions that may be imported with a payment; `AUT` is known, the whole list is not established.
    pub card_transaction_types: BTreeSet<String>,
    /// Cash accounts and their currencies (form CA202000).
    pub cash_accounts: BTreeMap<String, String>,
    /// Taxes and their rates in percent (form TX205000).
    pub taxes: BTreeMap<String, Decimal>,
    /// Tax categories and the taxes they list (form TX205500).
    pub tax_categories: BTreeMap<String, BTreeSet<String>>,
    /// Tax zones (form TX206000).
    pub tax_zones: BTreeMap<String, TaxZone>,
    /// Credit terms (form CS206500); true for instalments.
    pub terms: BTreeMap<String, bool>,
    /// Shipping terms (form CS208000).
    pub shipping_terms: BTreeMap<String, ShippingTerms>,
    /// Warehouses (form IN204000).
    pub warehouses: BTreeSet<String>,
    /// Units of measure that exist (form CS203100); an item uses those it converts.
    pub units: BTreeSet<String>,
    /// Vendors that drop-ship (form AP303000).
    pub vendors: BTreeSet<String>,
    /// The labels of a line's *PO Source*: the list is not established, so it is read from here.
    pub po_sources: BTreeSet<String>,
    /// The tax zone of an order that is picked up, which is the selling branch's; `None` moves nothing.
    pub pickup_tax_zone: Option<String>,
    /// Closed financial periods, as year and month.
    pub closed_periods: BTreeSet<(i16, i8)>,
    /// *Postal Code Mask* by country (form CS204000): `9` is a digit, `A` a letter, anything else itself; none takes any code.
    pub postal_masks: BTreeMap<String, Vec<String>>,
    /// Branches (form CS102000); the first is the default.
    pub branches: BTreeSet<String>,
    /// Currencies and their decimal places (form CM202000).
    pub currencies: BTreeMap<String, u32>,
    /// Customer classes (form AR201000).
    pub customer_classes: BTreeMap<String, CustomerClass>,
    /// Customer price classes (form AR208000) and their descriptions.
    pub price_classes: BTreeMap<String, String>,
    /// Attributes (form CS205000).
    pub attributes: BTreeMap<String, Attribute>,
    /// Countries and their states (form CS204000); an empty list takes any state.
    pub countries: BTreeMap<String, BTreeSet<String>>,
}

/// A customer class: the source of a new customer's defaults.
#[derive(Clone, Debug, Default)]
pub struct CustomerClass {
    /// Shown to users.
    pub description: String,
    /// Currency of new customers.
    pub currency: String,
    /// *Enable Currency Override* of new customers: whether an order may be in another currency.
    pub currency_override: bool,
    /// Credit terms of new customers.
    pub terms: Option<String>,
    /// Tax zone of new customers.
    pub tax_zone: Option<String>,
    /// Ship via of new customers.
    pub ship_via: Option<String>,
    /// Payment method of new customers' documents.
    pub payment_method: Option<String>,
    /// Statement cycle of new customers.
    pub statement_cycle: Option<String>,
    /// Country of new customers' addresses.
    pub country: Option<String>,
    /// Attributes of the class's customers, in their order.
    pub attributes: Vec<ClassAttribute>,
}

/// The canonical spelling of a selector's value among `known`.
pub(crate) fn select<'a>(known: impl IntoIterator<Item = &'a String>, value: &str) -> Option<&'a str> {
    known.into_iter().find(|key| key.eq_ignore_ascii_case(value.trim())).map(String::as_str)
}
