//! Which item a line sells, in which unit, and whether it is bought for the order.

use rust_decimal::Decimal;

use super::super::config::{AlternateId, OrderType};
use super::super::context::{Context, cannot_be_empty, drop_down, not_found, selector};
use super::super::master::{Item, Lookup};
use super::super::record::Record;

/// Looks the item up by inventory id or alternate id, takes its defaults, and checks what depends on it.
pub(super) fn apply(context: &Context<'_>, order_type: &OrderType, line: &mut Record) {
    let Some(id) = line.text("InventoryID").map(str::to_owned) else {
        line.fail("InventoryID", cannot_be_empty("Inventory ID"));
        return;
    };
    if line.was_changed("InventoryID") {
        let Some((inventory_id, found)) = found(context, &id, line) else { return };
        usable(order_type, found, line);
        if !inventory_id.eq_ignore_ascii_case(id.trim()) {
            line.set("AlternateID", id.trim());
        }
        line.set("InventoryID", inventory_id);
        defaults(line, found);
    }
    let master = context.master;
    selector(line, "WarehouseID", "Warehouse", &master.warehouses);
    selector(line, "TaxCategory", "Tax Category", master.tax_categories.keys());
    selector(line, "Branch", "Branch", &master.branches);
    drop_down(line, "Operation", &["Issue", "Receipt"]);
    unit(context, line);
    purchase(context, line);
}

fn found<'a>(context: &Context<'a>, id: &str, line: &mut Record) -> Option<(&'a str, &'a Item)> {
    match (context.master.find_item(id), context.config.ambiguous_alternate_id) {
        (Lookup::One(inventory_id, item), _) | (Lookup::Several(inventory_id, item), AlternateId::First) => {
            Some((inventory_id, item))
        }
        (Lookup::Several(..), AlternateId::Refused) => {
            // The text is not established.
            line.fail("InventoryID", format!("More than one item has the alternate ID \"{id}\"."));
            None
        }
        (Lookup::Nothing, _) => {
            let text = format!("The specified inventory ID or alternate ID \"{id}\" cannot be found in the system.");
            line.fail("InventoryID", text);
            None
        }
    }
}

/// The product's texts; that these three statuses keep an item from being sold is inferred from their names.
fn usable(order_type: &OrderType, item: &Item, line: &mut Record) {
    if item.template {
        line.fail("InventoryID", "The inventory item is a template item.");
    } else if matches!(item.status.as_str(), "Inactive" | "No Sales" | "Marked for Deletion") {
        line.fail("InventoryID", format!("The inventory item is {}.", item.status));
    } else if order_type.stock_items_only && !item.stock {
        line.fail("InventoryID", "The inventory item is not a stock item.");
    }
}

fn defaults(line: &mut Record, item: &Item) {
    let mut keep = |field: &str, value: Option<&String>| {
        if let Some(value) = value.filter(|_| !line.was_changed(field)) {
            line.set(field, value.clone());
        }
    };
    keep("UOM", Some(&item.base_uom));
    keep("WarehouseID", item.warehouses.first());
    keep("TaxCategory", item.tax_category.as_ref());
    keep("LineDescription", Some(&item.description));
    line.set("LineType", if item.stock { "Goods for Inventory" } else { "Non-Inventory Item" });
}

/// A unit must exist, and the item must convert it. Both texts are the product's; which of them a line shows when is inferred.
fn unit(context: &Context<'_>, line: &mut Record) {
    let Some(uom) = line.text("UOM").filter(|_| line.was_changed("UOM")).map(str::to_owned) else { return };
    let item = line.text("InventoryID").and_then(|id| context.master.item(id));
    if item.is_none_or(|item| factor(item, &uom).is_some()) {
        return;
    }
    if context.master.units.contains(&uom) {
        line.fail("UOM", format!("Unit conversion {uom} is missing."));
    } else {
        line.fail("UOM", not_found("UOM"));
    }
}

/// How many base units one of this unit is.
pub(super) fn factor(item: &Item, uom: &str) -> Option<Decimal> {
    if uom == item.base_uom { Some(Decimal::ONE) } else { item.other_uoms.get(uom).copied() }
}

/// Drop shipment and purchase to order: source and vendor count only on a line that is marked for purchase (inferred: the form disables
/// them otherwise).
fn purchase(context: &Context<'_>, line: &mut Record) {
    if !line.flag("MarkForPO") {
        for field in ["POSource", "VendorID"] {
            line.fields.remove(field);
        }
        return;
    }
    let sources: Vec<&str> = context.master.po_sources.iter().map(String::as_str).collect();
    drop_down(line, "POSource", &sources);
    selector(line, "VendorID", "Vendor", &context.master.vendors);
}
