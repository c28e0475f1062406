//! SKU → `InventoryID`, unit of measure and quantity.

use std::collections::BTreeSet;

use acumatica::model::sales_order::Line;
use acumatica::model::value::set;
use magento::model::order::Item;
use rust_decimal::Decimal;

use super::super::{Shop, extras};
use super::{MoneyLine, kinds, options};
use crate::plan::Plan;
use crate::settings::{DropShipRow, ItemIdentity, UnitRow, matches};

/// Which item of Acumatica a line is, and how much of it.
pub(super) struct Named<'a> {
    inventory_id: String,
    /// The cross-reference by which the ERP is to find the item.
    alternate_id: Option<&'a str>,
    uom: Option<&'a str>,
    tax_category: Option<&'a str>,
    /// In that unit.
    pub(super) quantity: Decimal,
}

impl Named<'_> {
    pub(super) fn put(&self, line: &mut Line) {
        line.inventory_id = set(self.inventory_id.as_str());
        line.alternate_id = self.alternate_id.and_then(set);
        line.uom = self.uom.and_then(set);
        line.tax_category = self.tax_category.and_then(set);
    }
}

/// Names the item of a line: gift cards by their mapping, units by theirs, everything else by its SKU.
pub(super) fn named<'a>(shop: &Shop<'a>, line: &MoneyLine<'a>) -> Result<Named<'a>, Plan> {
    let item = line.item;
    let plain = Named {
        inventory_id: String::new(),
        alternate_id: None,
        uom: None,
        tax_category: None,
        quantity: item.qty_ordered,
    };
    if is_gift_card(item) {
        let what = format!("gift card `{}`", item.sku.trim());
        let row = extras::mapped(shop, "gift_card", |items| items.gift_card.as_ref(), line.gross, &what)?;
        let tax_category = row.tax_category.as_deref();
        return Ok(Named { inventory_id: row.inventory_id.clone(), tax_category, ..plain });
    }
    let unit = unit(shop, line);
    let uom = unit.map(|unit| unit.uom.as_str());
    let quantity = item.qty_ordered * unit.and_then(|unit| unit.quantity).unwrap_or(Decimal::ONE);
    if let Some(id) = unit.and_then(|unit| unit.inventory_id.as_deref()) {
        return Ok(Named { inventory_id: id.to_owned(), uom, quantity, ..plain });
    }
    let sku = item.sku.trim();
    let (inventory_id, alternate_id) = match identity(shop) {
        None | Some(ItemIdentity::InventoryId) => (sku.to_owned(), None),
        Some(ItemIdentity::AlternateId) => (sku.to_owned(), Some(sku)),
        Some(ItemIdentity::Attribute { code }) => (by_attribute(shop, sku, code)?, None),
    };
    Ok(Named { inventory_id, alternate_id, uom, quantity, ..plain })
}

fn identity<'a>(shop: &Shop<'a>) -> Option<&'a ItemIdentity> {
    shop.scope.first(|scope| scope.items.as_ref())
}

fn is_gift_card(item: &Item) -> bool {
    item.product_type.as_deref() == Some("giftcard")
}

/// The row of `units` that a line's SKU and choices fit. One without a positive quantity fits nothing.
fn unit<'a>(shop: &Shop<'a>, line: &MoneyLine<'a>) -> Option<&'a UnitRow> {
    let choices = options::choices(line);
    shop.scope.row(
        |scope| &scope.units,
        |row| {
            let sku = row.sku.as_deref().is_none_or(|pattern| matches(pattern, line.item.sku.trim()));
            let asks = row.option_id.is_some() || row.option_value.is_some();
            let chosen = choices.iter().any(|choice| {
                row.option_id.as_deref().is_none_or(|id| id == choice.option_id)
                    && row.option_value.as_deref().is_none_or(|value| value == choice.value)
            });
            sku && (!asks || chosen) && row.quantity.is_none_or(|quantity| quantity > Decimal::ZERO)
        },
    )
}

/// What the attribute of the product says. Where Magento was not asked, which is so in a dry run of a document alone, a placeholder in
/// pointed brackets stands for it.
fn by_attribute(shop: &Shop<'_>, sku: &str, code: &str) -> Result<String, Plan> {
    let Some(known) = shop.items else { return Ok(placeholder(sku, code)) };
    known.get(sku).cloned().ok_or_else(|| {
        let message = format!(
            "Product `{sku}` of order {} has no value of attribute `{code}` in Magento, which names its item in Acumatica.",
            shop.order.increment_id
        );
        shop.reject("orders.rejected.item_not_mapped", message)
    })
}

/// `<erp_item of MUG>`, cut to what an inventory ID holds.
fn placeholder(sku: &str, code: &str) -> String {
    let text = format!("<{code} of {sku}>");
    if text.chars().count() <= INVENTORY_ID {
        return text;
    }
    let cut: String = text.chars().take(INVENTORY_ID - 2).collect();
    format!("{cut}…>")
}

/// Characters of an inventory ID (endpoint Default/24.200.001, `StockItem`).
const INVENTORY_ID: usize = 30;

/// What Magento is to be asked about an order's products.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The attribute that names the item in Acumatica.
    pub code: &'a str,
    /// Of these SKUs.
    pub skus: BTreeSet<&'a str>,
}

/// Which products' attribute must be known; `None` where SKUs name items by themselves.
pub(in super::super) fn asked<'a>(shop: &Shop<'a>) -> Option<Asked<'a>> {
    let Some(ItemIdentity::Attribute { code }) = identity(shop) else { return None };
    let mut skus = BTreeSet::new();
    for carrier in kinds::carriers(shop).ok()? {
        let items = if carrier.components.is_empty() { vec![carrier.item] } else { carrier.components };
        for item in items.into_iter().filter(|item| !is_gift_card(item)) {
            let line = MoneyLine {
                item,
                money: carrier.item.item_id,
                gross: Decimal::ZERO,
                discount: Decimal::ZERO,
                whole: Some(carrier.item),
            };
            if unit(shop, &line).is_none_or(|unit| unit.inventory_id.is_none()) {
                skus.insert(item.sku.trim());
            }
        }
    }
    (!skus.is_empty()).then_some(Asked { code, skus })
}

/// The row of a SKU that a vendor ships.
pub(super) fn drop_ship<'a>(shop: &Shop<'a>, item: &Item) -> Option<&'a DropShipRow> {
    shop.scope.row(|scope| &scope.drop_ship, |row| matches(&row.sku, item.sku.trim()))
}
