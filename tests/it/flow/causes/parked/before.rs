//! What is seen before Acumatica is called, and costs no call to it.

use flows::settings::{ExtraItem, ExtraItems, ItemIdentity, PaymentRow, Receive, Tenders};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::super::world::{Shop, shirts};
use super::super::{ADA, Promised, edited, plain};
use super::{Case, carrier, default, nothing, tax_id};

/// The order is changed in Magento.
fn mend_order(shop: &mut Shop, change: impl FnOnce(&mut Value)) {
    let now = shop.now();
    shop.magento.with(|magento| magento.edit(now, 1, change));
}

/// An amount of Magento's, and more.
fn plus(amount: &Value, more: u32) -> Value {
    let sum = amount.to_string().parse::<Decimal>().expect("an amount") + Decimal::from(more);
    json!(serde_json::from_str::<serde_json::Number>(&sum.to_string()).expect("a number"))
}

pub(super) const CASES: &[Case] = &[
    Case {
        promised: Promised::ShippingMethod,
        plant: nothing,
        order: |shop| shop.place(&shirts(ADA).shipping("ups_03", 5)),
        code: "orders.rejected.shipping_method_not_mapped",
        sentence: "Shipping method `ups_03` of order 000000001 is not mapped.",
        erp_calls: 0,
        mend: |shop| shop.change_settings(|all| default(all).shipping_methods.push(carrier("ups_03", "LOCAL"))),
        by_settings: true,
    },
    Case {
        promised: Promised::PaymentMethod,
        plant: nothing,
        order: |shop| edited(shop, |order| order["payment"]["method"] = json!("voucher")),
        code: "orders.rejected.payment_method_not_mapped",
        sentence: "Payment method `voucher` of order 000000001 is not mapped.",
        erp_calls: 0,
        mend: |shop| {
            shop.change_settings(|all| {
                let row = PaymentRow { method: "voucher".to_owned(), ..default(all).payment_methods[0].clone() };
                default(all).payment_methods.push(row);
            });
        },
        by_settings: true,
    },
    Case {
        promised: Promised::PaymentMethod,
        plant: nothing,
        order: |shop| edited(shop, |order| order["payment"] = json!(null)),
        code: "orders.rejected.payment_missing",
        sentence: "Order 000000001 has no payment in Magento.",
        erp_calls: 0,
        mend: |shop| {
            mend_order(shop, |order| order["payment"] = json!({"method": "checkmo"}));
        },
        by_settings: false,
    },
    Case {
        promised: Promised::ProductType,
        plant: nothing,
        order: |shop| edited(shop, |order| order["items"][0]["product_type"] = json!("subscription")),
        code: "orders.rejected.unsupported_product_type",
        sentence: "Line `SHIRT` of order 000000001 is of product type `subscription`, which is not supported.",
        erp_calls: 0,
        mend: |shop| {
            mend_order(shop, |order| order["items"][0]["product_type"] = json!("simple"));
        },
        by_settings: false,
    },
    Case {
        promised: Promised::Tax,
        plant: |shop| shop.change_settings(|all| default(all).tax_ids.clear()),
        order: plain,
        code: "orders.rejected.tax_not_mapped",
        sentence: "Tax rate `US-MI-*-Rate 1` of order 000000001 is not mapped to a tax ID of Acumatica.",
        erp_calls: 0,
        mend: |shop| shop.change_settings(|all| default(all).tax_ids.push(tax_id("CASTATE"))),
        by_settings: true,
    },
    Case {
        promised: Promised::Currency,
        plant: |shop| shop.change_settings(|all| all.stores[0].currency = "EUR".to_owned()),
        order: plain,
        code: "orders.rejected.currency_differs",
        sentence: "Order 000000001 is in USD, but website `base` trades in EUR.",
        erp_calls: 0,
        mend: |shop| shop.change_settings(|all| all.stores[0].currency = "USD".to_owned()),
        by_settings: true,
    },
    Case {
        promised: Promised::ShippingMethod,
        plant: |shop| shop.change_settings(|all| all.stores[0].store_id = 7),
        order: plain,
        code: "orders.rejected.store_not_mapped",
        sentence: "Store view 1 of order 000000001 is not in the settings: run the connection test.",
        erp_calls: 0,
        mend: |shop| shop.change_settings(|all| all.stores[0].store_id = 1),
        by_settings: true,
    },
    Case {
        promised: Promised::PaymentMethod,
        plant: nothing,
        order: |shop| shop.place(&shirts(ADA).store_credit(20)),
        code: "orders.rejected.tender_not_mapped",
        sentence: "Order 000000001 is paid in part by store credit (20.00), which is not mapped to a payment method of Acumatica.",
        erp_calls: 0,
        mend: |shop| {
            let account = Receive { payment_method: "GIFTCARD".to_owned(), cash_account: "24100".to_owned() };
            let tenders = Tenders { store_credit: Some(account), ..Tenders::default() };
            shop.change_settings(|all| default(all).tenders = Some(tenders));
        },
        by_settings: true,
    },
    Case {
        promised: Promised::ItemNotDefined,
        plant: nothing,
        order: |shop| {
            edited(shop, |order| {
                order["extension_attributes"]["gw_base_price"] = json!("3.0000");
                order["base_grand_total"] = plus(&order["base_grand_total"], 3);
            })
        },
        code: "orders.rejected.extra_item_not_mapped",
        sentence: "Order 000000001 has 3.00 for gift wrapping, and `extra_items.gift_wrap` names no item for it.",
        erp_calls: 0,
        mend: |shop| {
            let wrap = ExtraItem { inventory_id: "SHIRT".to_owned(), tax_category: None };
            let items = ExtraItems { gift_wrap: Some(wrap), ..ExtraItems::default() };
            shop.change_settings(|all| default(all).extra_items = Some(items));
        },
        by_settings: true,
    },
    Case {
        promised: Promised::ItemNotDefined,
        plant: |shop| {
            let by_attribute = ItemIdentity::Attribute { code: "erp_item".to_owned() };
            shop.change_settings(|all| default(all).items = Some(by_attribute));
        },
        order: plain,
        code: "orders.rejected.item_not_mapped",
        sentence: "Product `SHIRT` of order 000000001 has no value of attribute `erp_item` in Magento, which names its item in Acumatica.",
        erp_calls: 0,
        mend: |shop| shop.change_settings(|all| default(all).items = Some(ItemIdentity::InventoryId)),
        by_settings: true,
    },
];
