//! Detail lines: items, prices, discounts.

use rust_decimal::{Decimal, RoundingStrategy};

use super::super::context::{Context, cannot_be_empty, drop_down, not_found, selector};
use super::super::master::Item;
use super::super::record::{Record, Scalar};

/// Completes the lines the request added or changed.
pub(super) fn apply(context: &Context<'_>, prior: Option<&Record>, draft: &mut Record) {
    let places = currency_places(context, draft);
    let discounts_stand = draft.flag("DisableAutomaticDiscountUpdate");
    let date = draft.fields.get("RequestedOn").cloned();
    let last = |record: &Record| record.rows("Details").iter().map(|line| line.number("LineNbr")).max();
    let mut last = prior.and_then(last).unwrap_or_default();
    for line in draft.rows_mut("Details") {
        if line.fresh {
            last += Decimal::ONE;
            fresh(line, last, date.clone());
        }
        if line.fresh || !line.changed.is_empty() {
            item(context, line);
            prices(context, line, places, discounts_stand);
        }
    }
}

/// Decimal places of the order's currency.
pub(super) fn currency_places(context: &Context<'_>, draft: &Record) -> u32 {
    draft.text("CurrencyID").and_then(|id| context.master.currencies.get(id)).copied().unwrap_or(2)
}

/// Rounds half away from zero, as the product's currency fields do.
pub(crate) fn round(number: Decimal, places: u32) -> Decimal {
    number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}

/// Quantity zero where none is sent (recorded 2023: `Quantity` was dropped and `OrderQty` became 0); overship threshold 100.
fn fresh(line: &mut Record, number: Decimal, date: Option<Scalar>) {
    line.set("LineNbr", number);
    line.set("NoteID", super::super::record::guid(line.serial, 0));
    line.default_to("OrderQty", Decimal::ZERO);
    line.default_to("OvershipThreshold", Decimal::ONE_HUNDRED);
    line.default_to("UndershipThreshold", Decimal::ONE_HUNDRED);
    line.default_to("Operation", "Issue");
    line.default_to("ShippingRule", "Back Order Allowed");
    if let Some(date) = date {
        line.default_to("RequestedOn", date.clone());
        line.default_to("ShipOn", date);
    }
    for flag in
        ["AutoCreateIssue", "Commissionable", "Completed", "FreeItem", "ManualDiscount", "ManualPrice", "MarkForPO"]
    {
        line.default_to(flag, false);
    }
    line.set("QtyOnShipments", Decimal::ZERO);
}

/// Looks the item up by inventory id or alternate id and takes its defaults.
fn item(context: &Context<'_>, line: &mut Record) {
    let master = context.master;
    let Some(id) = line.text("InventoryID").map(str::to_owned) else {
        line.fail("InventoryID", cannot_be_empty("Inventory ID"));
        return;
    };
    if line.was_changed("InventoryID") {
        let Some((inventory_id, found)) = master.find_item(&id) else {
            let text = format!("The specified inventory ID or alternate ID \"{id}\" cannot be found in the system.");
            line.fail("InventoryID", text);
            return;
        };
        if matches!(found.status.as_str(), "Inactive" | "No Sales" | "Marked for Deletion") {
            line.fail("InventoryID", format!("The inventory item is {}.", found.status));
        }
        if !inventory_id.eq_ignore_ascii_case(id.trim()) {
            line.set("AlternateID", id.trim());
        }
        line.set("InventoryID", inventory_id);
        item_defaults(line, found);
    }
    selector(line, "WarehouseID", "Warehouse", &master.warehouses);
    selector(line, "TaxCategory", "Tax Category", master.tax_categories.keys());
    selector(line, "Branch", "Branch", &master.branches);
    drop_down(line, "Operation", &["Issue", "Receipt"]);
    let found = line.text("InventoryID").and_then(|id| master.find_item(id)).map(|(_, item)| item);
    if let (Some(item), Some(uom)) = (found, line.text("UOM").map(str::to_owned))
        && line.was_changed("UOM")
        && uom != item.base_uom
        && !item.other_uoms.contains(&uom)
    {
        line.fail("UOM", not_found("UOM"));
    }
}

fn item_defaults(line: &mut Record, item: &Item) {
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

/// Price, extended price, discount and amount; Amount = ExtendedPrice − DiscountAmount (form reference SO301000).
fn prices(context: &Context<'_>, line: &mut Record, places: u32, discounts_stand: bool) {
    let config = context.config;
    let quantity = round(line.number("OrderQty"), config.quantity_decimals);
    line.set("OrderQty", quantity);
    let found = line.text("InventoryID").and_then(|id| context.master.find_item(id));
    let list_price = found.map_or(Decimal::ZERO, |(_, item)| item.default_price);
    let free = line.flag("FreeItem");
    let price = match (free, line.flag("ManualPrice")) {
        (true, _) => Decimal::ZERO,
        (false, true) => line.number("UnitPrice"),
        // Without a manual price the item's sales price is looked up; where none is found, the sent price stays (recorded 2023).
        (false, false) if list_price.is_zero() => line.number("UnitPrice"),
        (false, false) => list_price,
    };
    let price = round(price, config.price_decimals);
    let price_before = line.number("UnitPrice");
    line.set("UnitPrice", price);
    let sent = line.was_changed("ExtendedPrice") && config.extended_price_wins && line.flag("ManualPrice") && !free;
    let inputs = ["OrderQty", "UnitPrice", "FreeItem", "InventoryID", "ManualPrice", "ExtendedPrice"];
    let inputs_changed = inputs.iter().any(|field| line.was_changed(field)) || price != price_before;
    if sent {
        line.set("ExtendedPrice", round(line.number("ExtendedPrice"), places));
    } else if line.fresh || inputs_changed {
        line.set("ExtendedPrice", round(quantity * price, places));
    }
    let extended = line.number("ExtendedPrice");
    let discount = discount(line, extended, places, discounts_stand);
    let amount = extended - discount;
    line.set("Amount", amount);
    line.set("UnbilledAmount", amount);
    line.set("OpenQty", quantity);
    let discounted = if quantity.is_zero() { price } else { round(amount / quantity, config.price_decimals) };
    line.set("DiscountedUnitPrice", discounted);
}

/// A discount that is not manual is recalculated by the discount engine, here to zero, unless the order disables the update.
fn discount(line: &mut Record, extended: Decimal, places: u32, stands: bool) -> Decimal {
    if !line.flag("ManualDiscount") && !stands {
        line.set("DiscountAmount", Decimal::ZERO);
        line.set("DiscountPercent", Decimal::ZERO);
    } else if line.was_changed("DiscountPercent") && !line.was_changed("DiscountAmount") {
        let amount = round(extended * line.number("DiscountPercent") / Decimal::ONE_HUNDRED, places);
        line.set("DiscountAmount", amount);
    } else {
        let amount = round(line.number("DiscountAmount"), places);
        line.set("DiscountAmount", amount);
        let percent = if extended.is_zero() { Decimal::ZERO } else { amount / extended * Decimal::ONE_HUNDRED };
        line.set("DiscountPercent", round(percent, 6));
    }
    let amount = line.number("DiscountAmount");
    if amount.abs() > extended.abs() {
        // That a discount is bounded by its line is a rule of the screen; the text is not established.
        line.fail("DiscountAmount", "The discount amount cannot exceed the extended price.");
    }
    amount
}
