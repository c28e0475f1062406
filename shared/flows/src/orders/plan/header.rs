//! Identity, day and words of the document: order type and number, references, date, description.

use acumatica::model::sales_order::SalesOrder;
use acumatica::model::value::set;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use magento::model::order::Order;

use super::super::facts::Facts;
use super::{Shop, period};
use crate::plan::Plan;
use crate::settings::{DuplicateGuard, Numbering, PurchaseOrderField, Store};

/// The longest reference that `ExternalRef` and `CustomerOrder` hold.
const REFERENCE_LIMIT: usize = 40;
/// The longest text that `Description` holds.
const DESCRIPTION_LIMIT: usize = 256;
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

/// The day that a moment is where the store is.
#[must_use]
pub fn local_day(store: &Store, at: Timestamp) -> Option<Date> {
    Some(at.to_zoned(TimeZone::get(&store.time_zone).ok()?).date())
}

/// The day on which the order was placed, where the store is.
pub(super) fn date(shop: &Shop<'_>) -> Result<String, Plan> {
    let unreadable = |what: &str| {
        let message = format!("The {what} of order {} cannot be read.", shop.order.increment_id);
        shop.reject("orders.rejected.unreadable_date", message)
    };
    let placed: DateTime =
        shop.order.created_at.replacen(' ', "T", 1).parse().map_err(|_| unreadable("date `created_at`"))?;
    let placed = placed.to_zoned(TimeZone::UTC).map_err(|_| unreadable("date `created_at`"))?;
    let day = local_day(shop.store, placed.timestamp()).ok_or_else(|| unreadable("store's time zone"))?;
    Ok(day.to_string())
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
    let purchase_order = filled(order.payment.as_ref().and_then(|payment| payment.po_number.as_deref()));
    let guard = shop.scope.first(|scope| scope.duplicate_guard).unwrap_or(DuplicateGuard::ExternalRef);
    let (customer_order, described) = match (guard, purchase_order) {
        (DuplicateGuard::ExternalRef, po) => (po.and_then(set), None),
        (DuplicateGuard::CustomerOrder, po) => {
            if po.is_some() {
                let field = shop.scope.first(|scope| scope.purchase_order_field);
                let PurchaseOrderField::Description = shop.required("purchase_order_field", field)?;
            }
            (set(reference), po)
        }
    };
    let (description, left) = description(order, described);
    let note: Vec<String> = [filled(order.customer_note.as_deref()).map(str::to_owned), gift_message(order), left]
        .into_iter()
        .flatten()
        .collect();
    Ok(SalesOrder {
        note: (!note.is_empty()).then(|| set(note.join("\n\n"))).flatten(),
        order_type: set(order_type),
        order_nbr: number,
        external_ref: set(reference),
        customer_order,
        date: set(date),
        description: set(description),
        currency_id: set(shop.currency.code()),
        branch: shop.scope.first(|scope| scope.branch.as_deref()).and_then(set),
        disable_automatic_discount_update: set(true),
        ..SalesOrder::default()
    })
}

/// Order number, coupon, cart rule and purchase order number in one line; and what of them the line cannot hold, for the note. Room is left for
/// the day that [`super::period`] adds.
fn description(order: &Order, purchase_order: Option<&str>) -> (String, Option<String>) {
    let coupon = filled(order.coupon_code.as_deref());
    // Magento names the rule by its coupon where it has one.
    let rule = filled(order.discount_description.as_deref()).filter(|rule| Some(*rule) != coupon);
    let named = [("coupon", coupon), ("discount", rule), ("PO", purchase_order)];
    let mut line = format!("Magento order {}", order.increment_id);
    let mut left = Vec::new();
    for (name, text) in named.into_iter().filter_map(|(name, text)| Some((name, text?))) {
        let longer = format!("{line}; {name} {text}");
        if longer.chars().count() + period::ROOM <= DESCRIPTION_LIMIT {
            line = longer;
        } else {
            left.push(format!("{name} {text}"));
        }
    }
    (line, (!left.is_empty()).then(|| left.join("\n")))
}

/// The gift message of the whole order, as a paragraph of the note.
fn gift_message(order: &Order) -> Option<String> {
    let message = order.extension_attributes.gift_message.as_ref()?;
    let text = filled(message.message.as_deref())?;
    let named = |name: &str, of: &Option<String>| filled(of.as_deref()).map(|of| format!(" {name} {of}"));
    let (from, to) = (named("from", &message.sender), named("to", &message.recipient));
    Some(format!("Gift message{}{}: {text}", from.unwrap_or_default(), to.unwrap_or_default()))
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}
