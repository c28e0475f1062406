//! Sales order (screen SO301000; key `OrderType`, `OrderNbr`). Names, types and lengths: endpoint Default/24.200.001.

use serde::{Deserialize, Serialize};

use super::value::{Number, Value, read};

/// A sales order. Absent fields are left alone by the server; details and linked entities appear in an answer only when expanded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SalesOrder {
    /// The note of the record; a system member that every entity has.
    #[serde(rename = "note", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub note: Option<Value<String>>,
    /// Part of the key: `SO`, `WO`, …
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub order_type: Option<Value<String>>,
    /// Part of the key, 15 characters; numbered by the ERP unless the type's numbering is manual.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub order_nbr: Option<Value<String>>,
    /// Whose order it is.
    #[serde(rename = "CustomerID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<Value<String>>,
    /// Our reference, 40 characters.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub external_ref: Option<Value<String>>,
    /// The shopper's purchase order number, 40 characters; order types may forbid duplicates.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub customer_order: Option<Value<String>>,
    /// The document's date, `YYYY-MM-DD`, the store's local day.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub date: Option<Value<String>>,
    /// 256 characters.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub description: Option<Value<String>>,
    /// The document's currency.
    #[serde(rename = "CurrencyID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub currency_id: Option<Value<String>>,
    /// The selling branch.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub branch: Option<Value<String>>,
    /// On hold: not shipped, not invoiced.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub hold: Option<Value<bool>>,
    /// A label: `On Hold`, `Open`, `Credit Hold`, …; read only.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub status: Option<Value<String>>,
    /// What the order must add up to; checked by order types that require it.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub control_total: Option<Value<Number>>,
    /// What the ERP has added up; read only.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub order_total: Option<Value<Number>>,
    /// Tax the ERP has added up; read only.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub tax_total: Option<Value<Number>>,
    /// The taxes sent are to be taken as they are.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub is_tax_valid: Option<Value<bool>>,
    /// Taxes are not recalculated on invoicing.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub disable_automatic_tax_calculation: Option<Value<bool>>,
    /// Discounts are not recalculated.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub disable_automatic_discount_update: Option<Value<bool>>,
    /// The carrier's code, 15 characters.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub ship_via: Option<Value<String>>,
    /// The customer's location; `MAIN` by default.
    #[serde(rename = "LocationID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub location_id: Option<Value<String>>,
    /// The billing address is this order's own.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub bill_to_address_override: Option<Value<bool>>,
    /// Linked entity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bill_to_address: Option<Address>,
    /// The billing contact is this order's own.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub bill_to_contact_override: Option<Value<bool>>,
    /// Linked entity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bill_to_contact: Option<DocContact>,
    /// The shipping address is this order's own.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub ship_to_address_override: Option<Value<bool>>,
    /// Linked entity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ship_to_address: Option<Address>,
    /// The shipping contact is this order's own.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub ship_to_contact_override: Option<Value<bool>>,
    /// Linked entity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ship_to_contact: Option<DocContact>,
    /// Linked entity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub financial_settings: Option<FinancialSettings>,
    /// Linked entity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipping_settings: Option<ShippingSettings>,
    /// Linked entity; computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub totals: Option<Totals>,
    /// Lines. A line without an id is added, so they are sent once, on creation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Line>,
    /// One per tax.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tax_details: Vec<TaxDetail>,
    /// Payment documents made and applied with the order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<Payment>,
}

/// A line of a sales order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Line {
    /// The note of the record; a system member that every entity has.
    #[serde(rename = "note", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub note: Option<Value<String>>,
    /// The item.
    #[serde(rename = "InventoryID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub inventory_id: Option<Value<String>>,
    /// Quantity in `UOM`.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub order_qty: Option<Value<Number>>,
    /// Unit of measure; the item's sales unit when left out.
    #[serde(rename = "UOM", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub uom: Option<Value<String>>,
    /// Per unit, before discount and tax.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Value<Number>>,
    /// The price stays as sent.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub manual_price: Option<Value<bool>>,
    /// Quantity times price.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub extended_price: Option<Value<Number>>,
    /// Off the extended price.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub discount_amount: Option<Value<Number>>,
    /// The discount stays as sent.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub manual_discount: Option<Value<bool>>,
    /// 256 characters.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub line_description: Option<Value<String>>,
    /// Which taxes apply.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub tax_category: Option<Value<String>>,
    /// Where it ships from.
    #[serde(rename = "WarehouseID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub warehouse_id: Option<Value<String>>,
    /// The selling branch.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub branch: Option<Value<String>>,
    /// The cross-reference by which the item was found.
    #[serde(rename = "AlternateID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub alternate_id: Option<Value<String>>,
    /// The goods are bought for this line.
    #[serde(rename = "MarkForPO", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub mark_for_po: Option<Value<bool>>,
    /// How they are bought: a label of the ERP's list.
    #[serde(rename = "POSource", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub po_source: Option<Value<String>>,
    /// Of whom they are bought.
    #[serde(rename = "VendorID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub vendor_id: Option<Value<String>>,
    /// Written by the shopper for who receives it.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub gift_message: Option<Value<String>>,
    /// Ours: Magento's `item_id`, or what the line stands for beside an item.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub external_ref: Option<Value<String>>,
}

/// A postal address of a document or contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Address {
    /// Street.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub address_line1: Option<Value<String>>,
    /// More of it.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub address_line2: Option<Value<String>>,
    /// City.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub city: Option<Value<String>>,
    /// Region code.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub state: Option<Value<String>>,
    /// Postal code.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<Value<String>>,
    /// ISO 3166 alpha-2.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub country: Option<Value<String>>,
}

/// A contact of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DocContact {
    /// Who is addressed.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub attention: Option<Value<String>>,
    /// Company.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub business_name: Option<Value<String>>,
    /// Address for mail.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub email: Option<Value<String>>,
    /// Telephone.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub phone1: Option<Value<String>>,
}

/// Financial settings of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FinancialSettings {
    /// The tax zone is this order's own.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub override_tax_zone: Option<Value<bool>>,
    /// The tax zone, 10 characters.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub customer_tax_zone: Option<Value<String>>,
    /// Credit terms, 10 characters.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub terms: Option<Value<String>>,
}

/// Shipping settings of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ShippingSettings {
    /// The carrier's code.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub ship_via: Option<Value<String>>,
    /// Shipping terms, 10 characters.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub shipping_terms: Option<Value<String>>,
    /// Added to the calculated freight.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub premium_freight: Option<Value<Number>>,
    /// `FreightPrice` is this order's own.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub override_freight_price: Option<Value<bool>>,
    /// The calculated or overriding freight.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub freight_price: Option<Value<Number>>,
    /// Which taxes apply to freight.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub freight_tax_category: Option<Value<String>>,
}

/// What the ERP has added up; read only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Totals {
    /// Σ lines, stock items.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub line_total_amount: Option<Value<Number>>,
    /// Σ lines, non-stock items.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub misc_total_amount: Option<Value<Number>>,
    /// Document discounts.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub discount_total: Option<Value<Number>>,
    /// Tax.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub tax_total: Option<Value<Number>>,
    /// Freight price.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub freight: Option<Value<Number>>,
    /// Premium freight.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub premium_freight: Option<Value<Number>>,
    /// What no payment covers.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub unpaid_balance: Option<Value<Number>>,
}

/// The tax of one tax ID.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TaxDetail {
    /// The ERP's tax.
    #[serde(rename = "TaxID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub tax_id: Option<Value<String>>,
    /// In percent.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub tax_rate: Option<Value<Number>>,
    /// What is taxed.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub taxable_amount: Option<Value<Number>>,
    /// The tax.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub tax_amount: Option<Value<Number>>,
}

/// A payment made and applied with the order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Payment {
    /// `Payment`, `Prepayment`, `Refund`.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub doc_type: Option<Value<String>>,
    /// 10 characters.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<Value<String>>,
    /// Where the money arrives.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub cash_account: Option<Value<String>>,
    /// The payment's amount.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub payment_amount: Option<Value<Number>>,
    /// How much of it pays this order.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub applied_to_order: Option<Value<Number>>,
    /// The gateway's transaction, 40 characters.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub payment_ref: Option<Value<String>>,
    /// Our reference of the tender.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub external_ref: Option<Value<String>>,
    /// 256 characters.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub description: Option<Value<String>>,
    /// `YYYY-MM-DD`.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub application_date: Option<Value<String>>,
    /// Whether the payment is on hold.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub hold: Option<Value<bool>>,
    /// The gateway as the ERP knows it, 10 characters.
    #[serde(rename = "ProcessingCenterID", deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub processing_center_id: Option<Value<String>>,
    /// What the gateway has done already.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub credit_card_transaction_info: Vec<CardTransaction>,
}

/// A transaction of a gateway.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CardTransaction {
    /// The gateway's number.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub tran_nbr: Option<Value<String>>,
    /// `AUT`: authorised.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub tran_type: Option<Value<String>>,
    /// `YYYY-MM-DD`.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub tran_date: Option<Value<String>>,
    /// The authorisation's code.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub auth_nbr: Option<Value<String>>,
    /// The card's profile at the gateway.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub ext_profile_id: Option<Value<String>>,
    /// The ERP asks the gateway before it believes it.
    #[serde(deserialize_with = "read", skip_serializing_if = "Option::is_none")]
    pub need_validation: Option<Value<bool>>,
}
