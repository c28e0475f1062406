//! Detail lines: items, prices, discounts.

use rust_decimal::{Decimal, RoundingStrategy};

use super::super::config::OrderType;
use super::super::context::Context;
use super::super::record::{Record, Scalar};
use super::items;

/// Completes the lines the request added or changed.
pub(super) fn apply(context: &Context<'_>, order_type: &OrderType, prior: Option<&Record>, draft: &mut Record) {
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
            items::apply(context, order_type, line);
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

/// Price, extended price, discount and amount; Amount = ExtendedPrice − DiscountAmount (form reference SO301000).
fn prices(context: &Context<'_>, line: &mut Record, places: u32, discounts_stand: bool) {
    let config = context.config;
    let quantity = round(line.number("OrderQty"), config.quantity_decimals);
    line.set("OrderQty", quantity);
    let item = line.text("InventoryID").and_then(|id| context.master.item(id));
    let unit = item.zip(line.text("UOM")).and_then(|(item, uom)| items::factor(item, uom));
    // The sales price is that of the base unit; that another unit's is its multiple is inferred.
    let list_price = item.map_or(Decimal::ZERO, |item| item.default_price * unit.unwrap_or(Decimal::ONE));
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
    let inputs = ["OrderQty", "UnitPrice", "FreeItem", "InventoryID", "ManualPrice", "ExtendedPrice", "UOM"];
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
