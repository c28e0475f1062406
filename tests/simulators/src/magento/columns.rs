//! The columns that can be filtered and sorted by.

/// How a column compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Number,
    Time,
    Text,
}

/// Columns of `sales_order` (Magento 2.4.6, module-sales etc/db_schema.xml): orders are filtered by these, not by anything nested.
pub(crate) fn order(field: &str) -> Option<(&'static str, Kind)> {
    find(field, &ORDER_NUMBERS, Kind::Number)
        .or_else(|| find(field, &ORDER_TIMES, Kind::Time))
        .or_else(|| find(field, &ORDER_TEXTS, Kind::Text))
}

/// Attributes of customers (Magento 2.4.6, module-customer): the id is `entity_id` here and `id` in the document.
pub(crate) fn customer(field: &str) -> Option<(&'static str, Kind)> {
    if field == "entity_id" {
        return Some(("id", Kind::Number));
    }
    find(field, &CUSTOMER_NUMBERS, Kind::Number)
        .or_else(|| find(field, &CUSTOMER_TIMES, Kind::Time))
        .or_else(|| find(field, &CUSTOMER_TEXTS, Kind::Text))
}

fn find(field: &str, names: &[&'static str], kind: Kind) -> Option<(&'static str, Kind)> {
    names.iter().find(|name| **name == field).map(|name| (*name, kind))
}

const CUSTOMER_NUMBERS: [&str; 7] = [
    "website_id",
    "store_id",
    "group_id",
    "gender",
    "default_billing",
    "default_shipping",
    "disable_auto_group_change",
];
const CUSTOMER_TIMES: [&str; 3] = ["created_at", "updated_at", "dob"];
const CUSTOMER_TEXTS: [&str; 8] =
    ["email", "firstname", "lastname", "middlename", "prefix", "suffix", "taxvat", "created_in"];
const ORDER_TIMES: [&str; 3] = ["created_at", "updated_at", "customer_dob"];
const ORDER_TEXTS: [&str; 34] = [
    "state",
    "status",
    "coupon_code",
    "protect_code",
    "shipping_description",
    "increment_id",
    "applied_rule_ids",
    "base_currency_code",
    "customer_email",
    "customer_firstname",
    "customer_lastname",
    "customer_middlename",
    "customer_prefix",
    "customer_suffix",
    "customer_taxvat",
    "discount_description",
    "ext_customer_id",
    "ext_order_id",
    "global_currency_code",
    "hold_before_state",
    "hold_before_status",
    "order_currency_code",
    "original_increment_id",
    "relation_child_id",
    "relation_child_real_id",
    "relation_parent_id",
    "relation_parent_real_id",
    "remote_ip",
    "shipping_method",
    "store_currency_code",
    "store_name",
    "x_forwarded_for",
    "customer_note",
    "coupon_rule_name",
];
const ORDER_NUMBERS: [&str; 99] = [
    "entity_id",
    "is_virtual",
    "store_id",
    "customer_id",
    "base_discount_amount",
    "base_discount_canceled",
    "base_discount_invoiced",
    "base_discount_refunded",
    "base_grand_total",
    "base_shipping_amount",
    "base_shipping_canceled",
    "base_shipping_invoiced",
    "base_shipping_refunded",
    "base_shipping_tax_amount",
    "base_shipping_tax_refunded",
    "base_subtotal",
    "base_subtotal_canceled",
    "base_subtotal_invoiced",
    "base_subtotal_refunded",
    "base_tax_amount",
    "base_tax_canceled",
    "base_tax_invoiced",
    "base_tax_refunded",
    "base_to_global_rate",
    "base_to_order_rate",
    "base_total_canceled",
    "base_total_invoiced",
    "base_total_invoiced_cost",
    "base_total_offline_refunded",
    "base_total_online_refunded",
    "base_total_paid",
    "base_total_qty_ordered",
    "base_total_refunded",
    "discount_amount",
    "discount_canceled",
    "discount_invoiced",
    "discount_refunded",
    "grand_total",
    "shipping_amount",
    "shipping_canceled",
    "shipping_invoiced",
    "shipping_refunded",
    "shipping_tax_amount",
    "shipping_tax_refunded",
    "store_to_base_rate",
    "store_to_order_rate",
    "subtotal",
    "subtotal_canceled",
    "subtotal_invoiced",
    "subtotal_refunded",
    "tax_amount",
    "tax_canceled",
    "tax_invoiced",
    "tax_refunded",
    "total_canceled",
    "total_invoiced",
    "total_offline_refunded",
    "total_online_refunded",
    "total_paid",
    "total_qty_ordered",
    "total_refunded",
    "can_ship_partially",
    "can_ship_partially_item",
    "customer_is_guest",
    "customer_note_notify",
    "billing_address_id",
    "customer_group_id",
    "edit_increment",
    "email_sent",
    "send_email",
    "forced_shipment_with_invoice",
    "payment_auth_expiration",
    "quote_address_id",
    "quote_id",
    "shipping_address_id",
    "adjustment_negative",
    "adjustment_positive",
    "base_adjustment_negative",
    "base_adjustment_positive",
    "base_shipping_discount_amount",
    "base_subtotal_incl_tax",
    "base_total_due",
    "payment_authorization_amount",
    "shipping_discount_amount",
    "subtotal_incl_tax",
    "total_due",
    "weight",
    "total_item_count",
    "customer_gender",
    "discount_tax_compensation_amount",
    "base_discount_tax_compensation_amount",
    "shipping_discount_tax_compensation_amount",
    "base_shipping_discount_tax_compensation_amnt",
    "discount_tax_compensation_invoiced",
    "base_discount_tax_compensation_invoiced",
    "discount_tax_compensation_refunded",
    "base_discount_tax_compensation_refunded",
    "shipping_incl_tax",
    "base_shipping_incl_tax",
];
