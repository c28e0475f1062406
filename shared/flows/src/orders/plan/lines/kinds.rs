//! Which items carry the money. Magento lists parents and children flat, and repeats the amounts of one on the other.

use std::collections::{BTreeMap, BTreeSet};

use magento::model::order::Item;
use magento::model::wire::Id;
use rust_decimal::Decimal;

use super::super::Shop;
use crate::plan::Plan;
use crate::settings::Bundles;

/// An item with amounts of its own.
#[derive(Debug)]
pub(super) struct Carrier<'a> {
    /// The item.
    pub(super) item: &'a Item,
    /// The lines it becomes, where it does not become one itself: the components of a bundle with a price of its own.
    pub(super) components: Vec<&'a Item>,
}

impl Carrier<'_> {
    /// In which proportion the components share the price: by what each costs alone where Magento says so of all, else by quantity.
    pub(super) fn weights(&self) -> Vec<Decimal> {
        let worth: Option<Vec<Decimal>> =
            self.components.iter().map(|item| Some(item.base_original_price? * item.qty_ordered)).collect();
        worth
            .filter(|worth| worth.iter().sum::<Decimal>() > Decimal::ZERO)
            .unwrap_or_else(|| self.components.iter().map(|item| item.qty_ordered).collect())
    }
}

/// The items that carry money, in Magento's order.
///
/// A configurable's child repeats it or is worth nothing. A bundle's price is dynamic where its components cost something: then they carry
/// the money, and the parent repeats their sum. Otherwise the parent carries it.
pub(super) fn carriers<'a>(shop: &Shop<'a>) -> Result<Vec<Carrier<'a>>, Plan> {
    let mut children: BTreeMap<Id, Vec<&Item>> = BTreeMap::new();
    for item in &shop.order.items {
        known(shop, item)?;
        if let Some(parent) = item.parent_item_id {
            children.entry(parent).or_default().push(item);
        }
    }
    let whole = |item| Carrier { item, components: Vec::new() };
    let mut carriers = Vec::new();
    // A child whose parent is not in the document is a line like any other: nothing that was ordered disappears.
    let ids: BTreeSet<Id> = shop.order.items.iter().map(|item| item.item_id).collect();
    let has_parent = |item: &Item| item.parent_item_id.is_some_and(|parent| ids.contains(&parent));
    for item in shop.order.items.iter().filter(|item| !has_parent(item)) {
        let components = match item.product_type.as_deref() {
            Some("bundle") => children.remove(&item.item_id).unwrap_or_default(),
            _ => Vec::new(),
        };
        let components: Vec<&Item> = components.into_iter().filter(|item| !is_left_out(item)).collect();
        if components.iter().any(|item| costs(item)) || (is_free(item) && !components.is_empty()) {
            carriers.extend(components.into_iter().map(whole));
        } else if shop.scope.first(|scope| scope.bundles) == Some(Bundles::Components) {
            let components = components.into_iter().filter(|item| !item.qty_ordered.is_zero()).collect();
            carriers.push(Carrier { item, components });
        } else {
            carriers.push(whole(item));
        }
    }
    Ok(carriers)
}

/// Whether a component shows a row total, or a discount on one that is printed after discount. Its unit price says nothing: some versions
/// copy the parent's.
fn costs(item: &Item) -> bool {
    [item.base_row_total, item.base_discount_amount].into_iter().flatten().any(|amount| amount > Decimal::ZERO)
}

/// A component that the shopper left out.
fn is_left_out(item: &Item) -> bool {
    item.qty_ordered.is_zero() && !costs(item)
}

/// A bundle that costs nothing.
fn is_free(item: &Item) -> bool {
    [item.base_row_total, item.base_price, item.base_discount_amount]
        .into_iter()
        .flatten()
        .all(|amount| amount.is_zero())
}

/// A product type that Magento does not have is a module's: which of its items carry money is not known.
fn known(shop: &Shop<'_>, item: &Item) -> Result<(), Plan> {
    let kind = item.product_type.as_deref().unwrap_or("simple");
    match kind {
        "simple" | "virtual" | "downloadable" | "grouped" | "configurable" | "bundle" | "giftcard" => Ok(()),
        _ => {
            let number = &shop.order.increment_id;
            let message =
                format!("Line `{}` of order {number} is of product type `{kind}`, which is not supported.", item.sku);
            Err(shop.reject("orders.rejected.unsupported_product_type", message))
        }
    }
}
