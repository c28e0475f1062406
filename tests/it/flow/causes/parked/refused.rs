//! What Acumatica refuses: nothing is saved, and the order is named with what is wrong about it.

use flows::settings::{DuplicateGuard, Numbering, Receive, Settings};
use simulators::acumatica::{Duplicate, Item, TaxZone};
use simulators::magento::{OrderDraft, Payment};

use super::super::super::world::{LINK, Shop, shirts};
use super::super::{ADA, Promised, plain};
use super::{Case, carrier, default, nothing, tax_id};

fn captured(shop: &Shop) -> u64 {
    let card = Payment::Captured { method: "braintree".to_owned(), transaction: "txn-1".to_owned() };
    shop.place(&shirts(ADA).payment(card))
}

/// Where a captured card payment is booked.
fn receive(settings: &mut Settings) -> &mut Receive {
    let row = settings.orders.default.payment_methods.iter_mut().find(|row| row.method == "braintree");
    row.and_then(|row| row.receive.as_mut()).expect("the mapping under test")
}

fn terms(settings: &mut Settings, terms: &str) {
    default(settings).shipping_methods[0].terms = Some(terms.to_owned());
}

fn mug(shop: &Shop) -> u64 {
    shop.place(&OrderDraft::guest(ADA).simple("MUG", 1, 10).shipping("flatrate_flatrate", 5))
}

fn add_mug(shop: &mut Shop, status: &str) {
    let item = Item { status: status.to_owned(), ..Item::default() };
    shop.erp.with(|erp| erp.add_item("MUG", item));
}

fn customer_is(shop: &mut Shop, status: &str) {
    shop.erp.with(|erp| {
        let customer = erp.customers()[0].text("CustomerID").expect("a number").to_owned();
        erp.set_customer_status(&customer, status).expect("the customer");
    });
}

pub(super) const CASES: &[Case] = &[
    Case {
        promised: Promised::ShippingMethod,
        plant: |shop| shop.change_settings(|all| default(all).shipping_methods[0] = carrier("*", "ROCKET")),
        order: plain,
        code: "acumatica.rejected.ship_via_not_found",
        sentence: "Acumatica refused ShipVia `ROCKET` of order 000000001: 'Ship Via' cannot be found in the system.",
        erp_calls: 2,
        mend: |shop| shop.change_settings(|all| default(all).shipping_methods[0] = carrier("*", "LOCAL")),
        by_settings: true,
    },
    Case {
        promised: Promised::ShippingMethod,
        plant: |shop| shop.change_settings(|all| terms(all, "EXPRESS")),
        order: plain,
        code: "acumatica.rejected.shipping_terms_not_found",
        sentence: "Acumatica refused ShippingSettings/ShippingTerms `EXPRESS` of order 000000001: 'Shipping Terms' cannot be found in the system.",
        erp_calls: 2,
        mend: |shop| shop.change_settings(|all| terms(all, "WEB")),
        by_settings: true,
    },
    Case {
        promised: Promised::PaymentMethod,
        plant: |shop| shop.change_settings(|all| receive(all).payment_method = "WEBPAY".to_owned()),
        order: captured,
        code: "acumatica.rejected.payment_method_not_found",
        sentence: "Acumatica refused PaymentMethod `WEBPAY` of the payment by `WEBPAY` to cash account `10200` of order 000000001: 'Payment Method' cannot be found in the system.",
        erp_calls: 2,
        mend: |shop| shop.change_settings(|all| receive(all).payment_method = "WEBCARD".to_owned()),
        by_settings: true,
    },
    Case {
        promised: Promised::PaymentMethod,
        plant: |shop| shop.change_settings(|all| receive(all).cash_account = "99999".to_owned()),
        order: captured,
        code: "acumatica.rejected.cash_account_not_found",
        sentence: "Acumatica refused CashAccount `99999` of the payment by `WEBCARD` to cash account `99999` of order 000000001: 'Cash Account' cannot be found in the system.",
        erp_calls: 2,
        mend: |shop| shop.change_settings(|all| receive(all).cash_account = "10200".to_owned()),
        by_settings: true,
    },
    Case {
        promised: Promised::ItemNotDefined,
        plant: nothing,
        order: mug,
        code: "acumatica.rejected.item_not_found",
        sentence: "Acumatica refused item `MUG` of order 000000001: The specified inventory ID or alternate ID \"MUG\" cannot be found in the system.",
        erp_calls: 2,
        mend: |shop| add_mug(shop, "Active"),
        by_settings: false,
    },
    Case {
        promised: Promised::ItemNotDefined,
        plant: |shop| {
            shop.erp.with(|erp| erp.master.warehouses.remove("MAIN"));
        },
        order: plain,
        code: "acumatica.rejected.warehouse_not_found",
        sentence: "Acumatica refused WarehouseID `MAIN` of item `SHIRT` of order 000000001: 'Warehouse' cannot be found in the system.",
        erp_calls: 2,
        mend: |shop| {
            shop.erp.with(|erp| erp.master.warehouses.insert("MAIN".to_owned()));
        },
        by_settings: false,
    },
    Case {
        promised: Promised::InactiveItem,
        plant: |shop| add_mug(shop, "Inactive"),
        order: mug,
        code: "acumatica.rejected.item_inactive",
        sentence: "Acumatica refused item `MUG` of order 000000001: The inventory item is Inactive.",
        erp_calls: 2,
        mend: |shop| add_mug(shop, "Active"),
        by_settings: false,
    },
    Case {
        promised: Promised::Numbering,
        plant: |shop| shop.order_type(|kind| kind.manual_numbering = true),
        order: plain,
        code: "acumatica.rejected.numbering",
        sentence: "Acumatica refused OrderNbr of order 000000001: Cannot generate the next number. Manual Numbering is activated for 'SO'",
        erp_calls: 2,
        mend: |shop| shop.change_settings(|all| default(all).numbering = Some(Numbering::Manual)),
        by_settings: true,
    },
    Case {
        promised: Promised::Numbering,
        plant: |shop| shop.order_type(|kind| kind.active = false),
        order: plain,
        code: "acumatica.rejected.order_type_inactive",
        sentence: "Acumatica refused OrderType `SO` of order 000000001: Order Type is inactive.",
        erp_calls: 2,
        mend: |shop| shop.order_type(|kind| kind.active = true),
        by_settings: false,
    },
    Case {
        promised: Promised::NumberTaken,
        plant: |shop| {
            shop.order_type(|kind| kind.manual_numbering = true);
            shop.change_settings(|all| default(all).numbering = Some(Numbering::Manual));
            shop.erp.with(|erp| erp.add_order("SO", "000000001", "C000001", "theirs"));
        },
        order: plain,
        code: "orders.rejected.number_taken",
        sentence: "Number SO/000000001 of order 000000001 is taken in Acumatica by a document that has the reference `theirs`.",
        erp_calls: 3,
        mend: |shop| shop.erp.with(|erp| erp.delete_order("SO", "000000001")).expect("the order"),
        by_settings: false,
    },
    Case {
        promised: Promised::NumberTaken,
        plant: |shop| {
            shop.order_type(|kind| {
                kind.duplicate_customer_order = Duplicate::Forbid;
                kind.require_customer_order = true;
            });
            shop.change_settings(|all| default(all).duplicate_guard = Some(DuplicateGuard::CustomerOrder));
            shop.erp.with(|erp| {
                erp.add_order("SO", "SO000077", "C000001", "theirs");
                let now = "2026-11-23T09:00:00Z".parse().expect("an instant");
                let number = format!("{LINK}-000000001");
                erp.edit_order("SO", "SO000077", now, |order| order.set("CustomerOrder", number)).expect("the order");
            });
        },
        order: plain,
        code: "acumatica.rejected.duplicate_customer_order",
        sentence: "Acumatica refused CustomerOrder `abcd2345-000000001` of order 000000001: The same customer order number is used in the SO000077 sales order. Specify another customer order number.",
        erp_calls: 2,
        mend: |shop| shop.erp.with(|erp| erp.delete_order("SO", "SO000077")).expect("the order"),
        by_settings: false,
    },
    Case {
        promised: Promised::CreditOrHold,
        plant: |shop| customer_is(shop, "On Hold"),
        order: plain,
        code: "acumatica.rejected.customer_on_hold",
        sentence: "Acumatica refused CustomerID `C000001` of order 000000001: The customer status is 'On Hold'.",
        erp_calls: 2,
        mend: |shop| customer_is(shop, "Active"),
        by_settings: false,
    },
    Case {
        promised: Promised::CreditOrHold,
        plant: |shop| customer_is(shop, "Inactive"),
        order: plain,
        code: "acumatica.rejected.customer_inactive",
        sentence: "Acumatica refused CustomerID `C000001` of order 000000001: The customer status is 'Inactive'.",
        erp_calls: 2,
        mend: |shop| customer_is(shop, "Active"),
        by_settings: false,
    },
    Case {
        promised: Promised::Address,
        plant: |shop| drop(shop.erp.with(|erp| erp.master.countries.insert("US".to_owned(), ["OH".to_owned()].into()))),
        order: plain,
        code: "acumatica.rejected.address",
        sentence: "Acumatica refused BillToAddress/State of order 000000001: 'State' cannot be found in the system.",
        erp_calls: 2,
        mend: |shop| drop(shop.erp.with(|erp| erp.master.countries.insert("US".to_owned(), ["MI".to_owned()].into()))),
        by_settings: false,
    },
    Case {
        promised: Promised::Tax,
        plant: |shop| shop.change_settings(|all| default(all).tax_ids = vec![tax_id("MISTATE")]),
        order: plain,
        code: "acumatica.rejected.tax_not_found",
        sentence: "Acumatica refused tax `MISTATE` of order 000000001: 'Tax ID' cannot be found in the system.",
        erp_calls: 2,
        mend: |shop| shop.change_settings(|all| default(all).tax_ids = vec![tax_id("CASTATE")]),
        by_settings: true,
    },
    Case {
        promised: Promised::Tax,
        plant: |shop| drop(shop.erp.with(|erp| erp.master.tax_zones.remove("WEBSHOP"))),
        order: plain,
        code: "acumatica.rejected.tax_zone_not_found",
        sentence: "Acumatica refused FinancialSettings/CustomerTaxZone `WEBSHOP` of order 000000001: 'Customer Tax Zone' cannot be found in the system.",
        erp_calls: 2,
        mend: |shop| {
            let zone = TaxZone::External { taxes: ["CASTATE".to_owned()].into() };
            shop.erp.with(|erp| erp.master.tax_zones.insert("WEBSHOP".to_owned(), zone));
        },
        by_settings: false,
    },
    Case {
        promised: Promised::Currency,
        plant: |shop| {
            shop.erp.with(|erp| erp.master.currencies.remove("USD"));
        },
        order: plain,
        code: "acumatica.rejected.currency",
        sentence: "Acumatica refused CurrencyID `USD` of order 000000001: 'Currency' cannot be found in the system.",
        erp_calls: 2,
        mend: |shop| {
            shop.erp.with(|erp| erp.master.currencies.insert("USD".to_owned(), 2));
        },
        by_settings: false,
    },
];
