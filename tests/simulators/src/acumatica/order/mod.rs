//! Form SO301000: how a sales order is built from what a request sends.

mod header;
mod items;
mod lines;
mod parties;
mod payments;
mod status;
mod taxes;
mod totals;

use super::answer::Refusal;
use super::config::{NumberingError, OrderType};
use super::context::{Context, not_found, umbrella};
use super::decode::Patch;
use super::master::select;
use super::merge::{Merge, Numbers};
use super::record::Record;

pub(crate) use lines::round;
pub(crate) use payments::more_than_unpaid;
pub(crate) use status::credit_failure;
pub(crate) use totals::paid;

/// The type an order has when its type is not sent (recorded 2023).
pub(crate) const DEFAULT_TYPE: &str = "SO";
/// The number of an order that is not saved (recorded 2023).
pub(crate) const UNSAVED: &str = "<NEW>";

/// The order as the request wants it, complete with defaults, totals and errors. Nothing is stored yet.
///
/// # Errors
/// When a detail row's id names no row.
pub(crate) fn build(
    context: &Context<'_>,
    numbers: &mut Numbers,
    prior: Option<&Record>,
    patch: &Patch,
) -> Result<Record, Refusal> {
    let mut draft = match prior {
        Some(prior) => prior.clone(),
        None => blank(context, numbers, patch),
    };
    let (facts, session) = (context.facts, context.session);
    let custom_fields = &context.config.custom_fields;
    Merge { facts, session, numbers: &mut *numbers, custom_fields }.apply(&mut draft, patch)?;
    let type_name = draft.text("OrderType").unwrap_or_default().to_owned();
    match context.config.order_types.get(&type_name) {
        None => draft.fail("OrderType", not_found("Order Type")),
        Some(order_type) => {
            if prior.is_none() && !order_type.active {
                draft.fail("OrderType", "Order Type is inactive.");
            }
            screen(context, order_type, numbers, prior, patch, &mut draft);
            if prior.is_none() {
                number(context, order_type, numbers, patch, &mut draft);
            }
        }
    }
    umbrella(&mut draft, prior.is_none(), "Sales Order");
    if !draft.has_errors() {
        payments::number(numbers, &mut draft);
    }
    Ok(draft)
}

fn blank(context: &Context<'_>, numbers: &mut Numbers, patch: &Patch) -> Record {
    let mut draft = Record::new("SalesOrder", numbers.serial());
    draft.note = Some(String::new());
    draft.fresh = true;
    let sent = patch.text("OrderType").unwrap_or(DEFAULT_TYPE);
    draft.set("OrderType", select(context.config.order_types.keys(), sent).unwrap_or(sent));
    draft.set("OrderNbr", UNSAVED);
    draft
}

/// The parts of the form, in the order in which they depend on one another.
fn screen(
    context: &Context<'_>,
    order_type: &OrderType,
    numbers: &mut Numbers,
    prior: Option<&Record>,
    patch: &Patch,
    draft: &mut Record,
) {
    header::defaults(context, order_type, prior, draft);
    let Some(customer) = header::customer(context, prior, draft) else { return };
    header::selectors(context, customer, draft);
    header::customer_order(context, order_type, draft);
    parties::apply(context, customer, prior, patch, draft);
    lines::apply(context, order_type, prior, draft);
    totals::freight(context, order_type, draft);
    taxes::apply(context, numbers, prior, draft);
    totals::apply(context, draft);
    payments::apply(context, order_type, prior, draft);
    paid(draft);
    status::apply(context, order_type, customer, draft);
}

/// Gives a new order its number: drawn from the sequence, where a supplied number is replaced (recorded 2023 for customers), or the
/// user's where the sequence is numbered manually. Numbers are drawn only by a save that succeeds: it is one transaction.
fn number(context: &Context<'_>, order_type: &OrderType, numbers: &mut Numbers, patch: &Patch, draft: &mut Record) {
    if order_type.manual_numbering {
        match patch.text("OrderNbr").filter(|number| *number != UNSAVED) {
            Some(number) if context.config.keys_upper_case => draft.set("OrderNbr", number.to_uppercase()),
            Some(number) => draft.set("OrderNbr", number),
            None => {
                let name = draft.text("OrderType").unwrap_or_default().to_owned();
                let text = format!("Cannot generate the next number. Manual Numbering is activated for '{name}'");
                draft.fail("OrderNbr", text);
            }
        }
    } else {
        // An unusable number does not matter where it is replaced anyway.
        draft.errors.remove("OrderNbr");
    }
    if let Some(error) = order_type.numbering_error.filter(|_| !order_type.manual_numbering) {
        // The texts are the product's; the field they stand on, if any, is not established.
        let id = &order_type.numbering_id;
        let text = match error {
            NumberingError::Exhausted => format!("Cannot generate the next number for the {id} sequence."),
            NumberingError::Expired => {
                format!("Cannot generate the next number for the {id} sequence because it is expired.")
            }
            NumberingError::Unassigned => "Numbering ID is null.".to_owned(),
        };
        draft.fail("OrderNbr", text);
    }
    if !order_type.manual_numbering && !draft.has_errors() {
        numbers.order += 1;
        draft.set("OrderNbr", format!("{:06}", numbers.order));
    }
}
