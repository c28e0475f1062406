//! The end of a save: control total, credit check, status.

use rust_decimal::Decimal;

use super::super::config::OrderType;
use super::super::context::Context;
use super::super::record::{Record, Scalar};

/// Whether the order, off hold, waits for approval.
pub(super) fn awaits_approval(order_type: &OrderType, draft: &Record) -> bool {
    order_type.approval && !draft.flag("Hold") && !draft.flag("Approved")
}

/// Sets the status, or refuses an order whose control total differs.
pub(super) fn apply(context: &Context<'_>, order_type: &OrderType, customer: &Record, draft: &mut Record) {
    control_total(order_type, draft);
    if matches!(draft.text("Status"), Some("Canceled" | "Completed")) {
        // What a PUT may change on a closed order is not established; its status stays.
        return;
    }
    let credit_hold = !draft.flag("Hold")
        && !awaits_approval(order_type, draft)
        && order_type.hold_on_failed_credit_check
        && credit_fails(context.orders, customer, draft);
    draft.set("CreditHold", credit_hold);
    let status = if draft.flag("Hold") {
        "On Hold"
    } else if awaits_approval(order_type, draft) {
        "Pending Approval"
    } else if credit_hold {
        "Credit Hold"
    } else {
        "Open"
    };
    draft.set("Status", status);
}

/// With *Require Control Total* an order that is not on hold is not saved unless the control total equals the order total (form
/// reference SO201000). The form of the REST error is not established; the text is the product's for a document out of balance.
/// Without the switch the control total follows the order total.
fn control_total(order_type: &OrderType, draft: &mut Record) {
    let total = draft.number("OrderTotal");
    if !order_type.require_control_total {
        draft.set("ControlTotal", total);
    } else if !draft.flag("Hold") && draft.number("ControlTotal") != total {
        draft.fail("ControlTotal", "The document is out of the balance.");
    }
}

/// A customer on credit hold fails always. A limit fails when the unpaid part of the open orders exceeds it, so that a full payment
/// passes (help topic "Credit Hold Processing").
pub(crate) fn credit_fails(orders: &[Record], customer: &Record, draft: &Record) -> bool {
    if customer.text("Status") == Some("Credit Hold") {
        return true;
    }
    let Some(Scalar::Number(limit)) = customer.fields.get("CreditLimit").filter(|_| checks_limit(customer)) else {
        return false;
    };
    let unpaid =
        |order: &Record| order.linked.get("Totals").map_or(Decimal::ZERO, |totals| totals.number("UnpaidBalance"));
    let own = unpaid(draft);
    let others: Decimal = orders
        .iter()
        .filter(|order| order.serial != draft.serial && order.text("CustomerID") == draft.text("CustomerID"))
        .filter(|order| !matches!(order.text("Status"), Some("Canceled" | "Completed" | "On Hold")))
        .map(unpaid)
        .sum();
    own > Decimal::ZERO && own + others > *limit
}

fn checks_limit(customer: &Record) -> bool {
    let rules = customer.linked.get("CreditVerificationRules");
    rules.and_then(|rules| rules.text("CreditVerification")).is_some_and(|label| label.contains("Limit"))
}
