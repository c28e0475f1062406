//! Every cause that can keep an order out of the ERP, or on hold there, end to end: it is planted, named, mended, and the order arrives.
//!
//! Three tables: what parks an order until a person mends it, what it waits out by itself, and what the ERP saves on hold.

mod held;
mod parked;
mod waiting;

use flows::codes::ADVICE;
use queue::{Name, Queue};
use serde_json::Value;
use simulators::acumatica::Order;

use super::world::{LINK, Shop, ready, shirts};

pub(super) const ADA: &str = "ada@example.com";

/// What merchants are promised to be told, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Promised {
    ShippingMethod,
    PaymentMethod,
    ItemNotDefined,
    Numbering,
    ProductType,
    CreditOrHold,
    Unreachable,
    Infrastructure,
    Network,
    Licence,
    ClosedPeriod,
    InactiveItem,
    Address,
    NumberTaken,
    Tax,
    ControlTotal,
    Currency,
    Approval,
}

/// All of them.
const PROMISED: [Promised; 18] = [
    Promised::ShippingMethod,
    Promised::PaymentMethod,
    Promised::ItemNotDefined,
    Promised::Numbering,
    Promised::ProductType,
    Promised::CreditOrHold,
    Promised::Unreachable,
    Promised::Infrastructure,
    Promised::Network,
    Promised::Licence,
    Promised::ClosedPeriod,
    Promised::InactiveItem,
    Promised::Address,
    Promised::NumberTaken,
    Promised::Tax,
    Promised::ControlTotal,
    Promised::Currency,
    Promised::Approval,
];

/// An order of the shopper whose customer is in the ERP.
fn plain(shop: &Shop) -> u64 {
    shop.place(&shirts(ADA))
}

/// The same, changed in Magento before its event comes.
fn edited(shop: &Shop, change: impl FnOnce(&mut Value)) -> u64 {
    let (order, now) = (plain(shop), shop.now());
    shop.magento.with(|magento| magento.edit(now, order, change));
    order
}

/// The ERP's documents of an order.
fn documents(shop: &Shop) -> Vec<Order> {
    shop.orders().into_iter().filter(|order| order.external_ref.starts_with(LINK)).collect()
}

fn dead_letters(shop: &Shop) -> u64 {
    ready(shop.queue.dead_letters(Name::Orders)).expect("a number")
}

#[test]
fn every_promised_cause_is_played() {
    let played: Vec<Promised> = (parked::cases().map(|case| case.promised))
        .chain(waiting::CASES.iter().map(|case| case.promised))
        .chain(held::CASES.iter().map(|case| case.promised))
        .collect();
    for promised in PROMISED {
        assert!(played.contains(&promised), "{promised:?} is not played");
    }
}

#[test]
fn every_missing_mapping_is_played_and_mended_by_settings() {
    let of_orders = |code: &&str| code.starts_with("orders.") && code.ends_with("_not_mapped");
    let codes = ADVICE.into_iter().flatten().map(|advice| advice.code).filter(of_orders);
    for code in codes {
        let mut played = parked::cases().filter(|case| case.code == code);
        assert!(played.any(|case| case.by_settings), "{code} is not played, or not mended by settings");
    }
}
