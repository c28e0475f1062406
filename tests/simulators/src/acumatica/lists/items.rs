//! Items as stock items, non-stock items and template items.

use rust_decimal::Decimal;

use super::super::master::{Item, Master};
use super::super::record::{Record, Scalar};
use super::{row, with_rows};

/// The records of one of the three item entities; `None` for another entity.
pub(super) fn records(master: &Master, entity: &str) -> Option<Vec<Record>> {
    let of = |wanted: fn(&Item) -> bool, record: fn(&str, &Item) -> Record| {
        master.items.iter().filter(|(_, item)| wanted(item)).map(|(id, item)| record(id, item)).collect()
    };
    match entity {
        "StockItem" => Some(of(|item| item.stock && !item.template, stock_item)),
        "NonStockItem" => Some(of(|item| !item.stock && !item.template, non_stock_item)),
        "TemplateItems" => Some(of(|item| item.template, template_item)),
        _ => None,
    }
}

fn any(entity: &str, id: &str, item: &Item) -> Record {
    let mut record =
        row(entity, &[("InventoryID", id), ("Description", &item.description), ("ItemStatus", &item.status)]);
    record.set("DefaultPrice", item.default_price);
    record.set_or_clear("TaxCategory", item.tax_category.clone().map(Scalar::Text));
    record
}

fn references(item: &Item) -> Vec<Record> {
    let reference = |alternate: &String| {
        row("InventoryItemCrossReference", &[("AlternateType", "Global"), ("AlternateID", alternate)])
    };
    item.alternate_ids.iter().map(reference).collect()
}

fn stock_item(id: &str, item: &Item) -> Record {
    let mut record = any("StockItem", id, item);
    for unit in ["BaseUOM", "SalesUOM"] {
        record.set(unit, item.base_uom.clone());
    }
    record.set("IsAKit", item.kit);
    record.set_or_clear("DefaultWarehouseID", item.warehouses.first().cloned().map(Scalar::Text));
    let warehouses = item.warehouses.iter().enumerate().map(|(at, warehouse)| {
        let mut row = row("StockItemWarehouseDetail", &[("WarehouseID", warehouse), ("Status", "Active")]);
        row.set("IsDefault", at == 0);
        row
    });
    let warehouses = warehouses.collect();
    let record = with_rows(record, "CrossReferences", references(item));
    with_rows(with_rows(record, "WarehouseDetails", warehouses), "UOMConversions", conversions(item))
}

/// Every unit with its factor to the base unit.
fn conversions(item: &Item) -> Vec<Record> {
    let base = (&item.base_uom, Decimal::ONE);
    let units = [base].into_iter().chain(item.other_uoms.iter().map(|(unit, factor)| (unit, *factor)));
    let conversion = |(unit, factor): (&String, Decimal)| {
        let fields = [("FromUOM", unit.as_str()), ("ToUOM", item.base_uom.as_str()), ("MultiplyOrDivide", "Multiply")];
        let mut row = row("InventoryItemUOMConversion", &fields);
        row.set("ConversionFactor", factor);
        row
    };
    units.map(conversion).collect()
}

fn non_stock_item(id: &str, item: &Item) -> Record {
    let mut record = any("NonStockItem", id, item);
    for unit in ["BaseUnit", "SalesUnit"] {
        record.set(unit, item.base_uom.clone());
    }
    record.set("IsAKit", item.kit);
    with_rows(record, "CrossReferences", references(item))
}

fn template_item(id: &str, item: &Item) -> Record {
    let mut record = any("TemplateItems", id, item);
    for unit in ["BaseUOM", "SalesUOM"] {
        record.set(unit, item.base_uom.clone());
    }
    record.set("IsStockItem", item.stock);
    record
}
