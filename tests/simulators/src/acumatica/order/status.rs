//! The end of a save: control total, credit check, status.

use rust_decimal::Decimal;

use super::super::config::{CreditFailure, OrderType};
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
    if draft.text("Status") == Some("Rejected") && !draft.flag("Hold") {
        // Only by way of hold does a rejected order come back (inferred).
        return;
    }
    let checked = !draft.flag("Hold") && !awaits_approval(order_type, draft);
    let failure = credit_failure(context.orders, customer, draft).filter(|_| checked);
    let credit_hold = failure.is_some() && order_type.hold_on_failed_credit_check;
    if let Some(text) = failure.filter(|_| !credit_hold && context.config.credit_failure == CreditFailure::Refused) {
        draft.fail("CustomerID", text);
    }
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
/// reference SO201000). Neither the form of the REST error nor its text is established; `Config::error_forms` chooses the form.
/// Without the switch the control total follows the order total.
fn control_total(order_type: &OrderType, draft: &mut Record) {
    let total = draft.number("OrderTotal");
    if !order_type.require_control_total {
        draft.set("ControlTotal", total);
    } else if !draft.flag("Hold") && draft.number("ControlTotal") != total {
        draft.fail("ControlTotal", "The document is out of the balance.");
    }
}

/// Why the credit check fails, in the product's words. A customer on credit hold fails always. A limit fails when the unpaid part of the
/// open orders exceeds it, so that a full payment passes (help topic "Credit Hold Processing").
pub(crate) fn credit_failure(orders: &[Record], customer: &Record, draft: &Record) -> Option<&'static str> {
    if customer.text("Status") == Some("Credit Hold") {
        return Some("The customer status is 'Credit Hold'.");
    }
    let Some(Scalar::Number(limit)) = customer.fields.get("CreditLimit").filter(|_| checks_limit(customer)) else {
        return None;
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
    (own > Decimal::ZERO && own + others > *limit).then_some("The customer's credit limit has been exceeded.")
}

fn checks_limit(customer: &Record) -> bool {
    let rules = customer.linked.get("CreditVerificationRules");
    rules.and_then(|rules| rules.text("CreditVerification")).is_some_and(|label| label.contains("Limit"))
}
