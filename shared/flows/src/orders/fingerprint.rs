//! The fingerprint of an order: keyed hashes of the source fields that `plan` reads, in three parts, `money.parties.progress`, so that
//! a change says what it concerns. Keyed, because parties hold a person's data.

use magento::model::order::{Address, AppliedTax, GiftMessage, ItemTax, Order};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use store::record::Fingerprint;

use super::facts::Standing;
use crate::link::EmailKey;

/// Which parts of two fingerprints differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Lines, amounts, taxes, payment method; what was cancelled in part.
    pub money: bool,
    /// Addresses, VAT numbers, shipping method, notes and gift messages.
    pub parties: bool,
    /// State, payments and refunds.
    pub progress: bool,
}

/// The order's fingerprint.
#[must_use]
pub fn of(order: &Order, key: &EmailKey) -> Fingerprint {
    let part = |value: Value| {
        let mut hash = key.digest(&value.to_string());
        hash.truncate(16);
        hash
    };
    Fingerprint(format!("{}.{}.{}", part(money(order)), part(parties(order)), part(progress(order))))
}

/// The part of a person who was erased. What it was is not known any more, so it is not taken for changed: the next state is kept anew.
const ERASED: &str = "-";

/// A fingerprint without what a person had to do with it.
#[must_use]
pub fn nameless(fingerprint: &Fingerprint) -> Fingerprint {
    let parts: Vec<&str> = fingerprint.0.split('.').collect();
    match parts.as_slice() {
        [money, _, progress] => Fingerprint(format!("{money}.{ERASED}.{progress}")),
        _ => fingerprint.clone(),
    }
}

/// What has changed between two fingerprints.
#[must_use]
pub fn changed(before: &Fingerprint, now: &Fingerprint) -> Changed {
    let differ = |(before, now): (&str, &str)| before != now && before != ERASED;
    let mut pairs = before.0.split('.').zip(now.0.split('.')).map(differ);
    let mut next = || pairs.next().unwrap_or(true);
    Changed { money: next(), parties: next(), progress: next() }
}

/// 5, 5.0 and "5.0000" are one amount.
fn plain(amount: Option<Decimal>) -> String {
    amount.unwrap_or_default().normalize().to_string()
}

fn money(order: &Order) -> Value {
    let extension = &order.extension_attributes;
    let items: Vec<Value> = order
        .items
        .iter()
        .map(|item| {
            json!([
                item.item_id.0,
                item.parent_item_id.map(|id| id.0),
                item.product_type,
                item.sku,
                item.name,
                plain(Some(item.qty_ordered)),
                plain(item.base_price),
                plain(item.base_row_total),
                plain(item.base_discount_amount),
                plain(item.base_discount_tax_compensation_amount),
                plain(item.base_tax_amount),
                plain(item.base_weee_tax_applied_row_amnt),
                plain(item.weee_tax_applied_row_amount),
                plain(item.base_original_price),
                itemized(&item.extension_attributes.itemized_taxes),
                item.product_option
                    .iter()
                    .flat_map(|option| &option.extension_attributes.custom_options)
                    .map(|option| json!([option.option_id, option.option_value]))
                    .collect::<Vec<_>>(),
            ])
        })
        .collect();
    let rate = |tax: &AppliedTax| json!([tax.code, plain(tax.percent), plain(tax.base_amount)]);
    let taxes: Vec<Value> = extension.applied_taxes.iter().map(rate).collect();
    let taxed: Vec<Value> = extension
        .item_applied_taxes
        .iter()
        .map(|of| json!([of.kind, of.item_id.map(|id| id.0), of.applied_taxes.iter().map(rate).collect::<Vec<_>>()]))
        .collect();
    let newer: Vec<Value> =
        extension.taxes.iter().map(|tax| json!([tax.code, plain(tax.percent), plain(tax.base_real_amount)])).collect();
    json!([
        order.increment_id,
        order.store_id.0,
        order.created_at,
        order.base_currency_code,
        items,
        taxes,
        taxed,
        newer,
        itemized(&extension.additional_itemized_taxes),
        order.customer_group_id.map(|id| id.0),
        order.is_virtual.0,
        order.coupon_code,
        order.discount_description,
        plain(Some(order.base_grand_total)),
        plain(Some(order.base_subtotal)),
        plain(order.base_discount_amount),
        plain(order.base_discount_tax_compensation_amount),
        plain(order.base_tax_amount),
        plain(order.base_total_canceled),
        plain(order.base_shipping_amount),
        plain(order.base_shipping_discount_amount),
        plain(order.base_shipping_discount_tax_compensation_amnt),
        plain(extension.base_customer_balance_amount),
        plain(extension.base_gift_cards_amount),
        plain(extension.base_reward_currency_amount),
        plain(extension.gw_base_price),
        plain(extension.gw_items_base_price),
        plain(extension.gw_card_base_price),
        order.payment.as_ref().map(|payment| json!([payment.method, payment.cc_type, payment.po_number])),
    ])
}

fn itemized(taxes: &[ItemTax]) -> Vec<Value> {
    taxes.iter().map(|tax| json!([tax.tax_code, tax.taxable_item_type])).collect()
}

fn parties(order: &Order) -> Value {
    let shipping =
        order.extension_attributes.shipping_assignments.iter().find_map(|assignment| assignment.shipping.as_ref());
    json!([
        order.customer_is_guest.0,
        order.customer_id.map(|id| id.0),
        order.customer_email,
        order.customer_firstname,
        order.customer_lastname,
        order.customer_note,
        order.customer_taxvat,
        message(order.extension_attributes.gift_message.as_ref()),
        order.items.iter().map(|item| message(item.extension_attributes.gift_message.as_ref())).collect::<Vec<_>>(),
        order.billing_address.as_ref().map(address),
        shipping.and_then(|shipping| shipping.address.as_ref()).map(address),
        shipping.and_then(|shipping| shipping.method.as_deref()),
    ])
}

fn message(message: Option<&GiftMessage>) -> Value {
    message.map_or(Value::Null, |message| json!([message.sender, message.recipient, message.message]))
}

fn address(address: &Address) -> Value {
    json!([
        address.prefix,
        address.firstname,
        address.middlename,
        address.lastname,
        address.suffix,
        address.company,
        address.street,
        address.city,
        address.region_code,
        address.region,
        address.postcode,
        address.country_id,
        address.telephone,
        address.email,
        address.vat_id,
    ])
}

fn progress(order: &Order) -> Value {
    let payment = order.payment.as_ref();
    json!([
        format!("{:?}", Standing::of(order)),
        plain(order.base_total_paid),
        plain(order.base_total_refunded),
        payment.map(|payment| {
            json!([plain(payment.base_amount_authorized), plain(payment.base_amount_paid), payment.last_trans_id])
        }),
        order
            .extension_attributes
            .payment_additional_info
            .iter()
            .map(|info| json!([info.key, info.value]))
            .collect::<Vec<_>>(),
    ])
}
