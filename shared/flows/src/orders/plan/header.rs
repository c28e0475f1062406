//! Identity, day and words of the document: order type and number, references, date, description.

use acumatica::model::sales_order::SalesOrder;
use acumatica::model::value::set;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::super::facts::Facts;
use super::Shop;
use crate::plan::Plan;
use crate::settings::{DuplicateGuard, Numbering, PurchaseOrderField};

/// The longest reference that `ExternalRef` and `CustomerOrder` hold.
const REFERENCE_LIMIT: usize = 40;
/// The longest number that `OrderNbr` holds.
const NUMBER_LIMIT: usize = 15;

/// Our reference: `<link>-<increment id>`.
#[must_use]
pub fn reference(link: &str, increment_id: &str) -> String {
    format!("{link}-{increment_id}")
}

pub(super) fn own_reference(facts: &Facts<'_>, shop: &Shop<'_>) -> Result<String, Plan> {
    within_limit(shop, reference(facts.link, &shop.order.increment_id))
}

/// A reference that `ExternalRef` holds.
pub(super) fn within_limit(shop: &Shop<'_>, reference: String) -> Result<String, Plan> {
    if reference.chars().count() > REFERENCE_LIMIT {
        let message =
            format!("Our reference `{reference}` is longer than the {REFERENCE_LIMIT} characters of `ExternalRef`.");
        return Err(shop.reject("orders.rejected.reference_too_long", message));
    }
    Ok(reference)
}

/// The day on which the order was placed, where the store is.
pub(super) fn date(shop: &Shop<'_>) -> Result<String, Plan> {
    let unreadable = |what: &str| {
        let message = format!("The {what} of order {} cannot be read.", shop.order.increment_id);
        shop.reject("orders.rejected.unreadable_date", message)
    };
    let placed: DateTime =
        shop.order.created_at.replacen(' ', "T", 1).parse().map_err(|_| unreadable("date `created_at`"))?;
    let zone = TimeZone::get(&shop.store.time_zone).map_err(|_| unreadable("store's time zone"))?;
    let placed = placed.to_zoned(TimeZone::UTC).map_err(|_| unreadable("date `created_at`"))?;
    Ok(placed.with_time_zone(zone).date().to_string())
}

pub(super) fn header(shop: &Shop<'_>, reference: &str, date: &str) -> Result<SalesOrder, Plan> {
    let order = shop.order;
    let order_type = shop.required("order_type", shop.scope.first(|scope| scope.order_type.as_deref()))?;
    let numbering = shop.required("numbering", shop.scope.first(|scope| scope.numbering))?;
    let number = match numbering {
        Numbering::Auto => None,
        Numbering::Manual if order.increment_id.chars().count() > NUMBER_LIMIT => {
            let message = format!(
                "Order number {} is longer than the {NUMBER_LIMIT} characters of `OrderNbr`.",
                order.increment_id
            );
            return Err(shop.reject("orders.rejected.number_too_long", message));
        }
        Numbering::Manual => set(order.increment_id.as_str()),
    };
    let filled = |text: Option<&'_ str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let purchase_order = filled(order.payment.as_ref().and_then(|payment| payment.po_number.as_deref()));
    let guard = shop.scope.first(|scope| scope.duplicate_guard).unwrap_or(DuplicateGuard::ExternalRef);
    let mut description = vec![format!("Magento order {}", order.increment_id)];
    description.extend(filled(order.coupon_code.as_deref()).map(|code| format!("coupon {code}")));
    let customer_order = match (guard, purchase_order) {
        (DuplicateGuard::ExternalRef, po) => po.and_then(set),
        (DuplicateGuard::CustomerOrder, po) => {
            if let Some(po) = po {
                let field = shop.scope.first(|scope| scope.purchase_order_field);
                let PurchaseOrderField::Description = shop.required("purchase_order_field", field)?;
                description.push(format!("PO {po}"));
            }
            set(reference)
        }
    };
    Ok(SalesOrder {
        note: filled(order.customer_note.as_deref()).and_then(set),
        order_type: set(order_type),
        order_nbr: number,
        external_ref: set(reference),
        customer_order,
        date: set(date),
        description: set(description.join("; ")),
        currency_id: set(shop.currency.code()),
        branch: shop.scope.first(|scope| scope.branch.as_deref()).and_then(set),
        disable_automatic_discount_update: set(true),
        ..SalesOrder::default()
    })
}
