//! Payments created with the order, in its transaction: one that fails keeps the whole order from being saved.

use rust_decimal::Decimal;

use super::super::config::{OrderType, PeriodField};
use super::super::context::{Context, drop_down, not_found};
use super::super::merge::Numbers;
use super::super::payment::tender;
use super::super::period;
use super::super::record::Record;
use super::lines::{currency_places, round};
use super::status::awaits_approval;

/// Completes and checks the payments.
pub(super) fn apply(context: &Context<'_>, order_type: &OrderType, prior: Option<&Record>, draft: &mut Record) {
    let terms = draft.linked.get("FinancialSettings").and_then(|settings| settings.text("Terms"));
    let instalments = terms.and_then(|id| context.master.terms.get(id)) == Some(&true);
    let rejected = prior.is_some_and(|prior| prior.text("Status") == Some("Rejected")) && !draft.flag("Hold");
    let approval = rejected || awaits_approval(order_type, draft);
    let places = currency_places(context, draft);
    let total = draft.number("OrderTotal");
    let currency = draft.text("CurrencyID").unwrap_or_default().to_owned();
    let date = draft.fields.get("Date").cloned();
    let order_method = draft.fields.get("PaymentMethod").cloned();
    let mut applied = Decimal::ZERO;
    for payment in draft.rows_mut("Payments") {
        if payment.fresh {
            if approval || instalments {
                // The rule is documented, its text is not.
                payment.error = Some(
                    "A payment cannot be created for the order in its present status or with its terms.".to_owned(),
                );
            }
            payment.default_to("DocType", "Payment");
            payment.default_to("Hold", false);
            for flag in ["Authorize", "Capture", "Refund", "SaveCard"] {
                payment.default_to(flag, false);
            }
            if let Some(date) = date.clone() {
                payment.default_to("ApplicationDate", date);
            }
            if let Some(method) = order_method.clone() {
                payment.default_to("PaymentMethod", method);
            }
            payment.set("Currency", currency.clone());
        }
        if payment.fresh || !payment.changed.is_empty() {
            drop_down(payment, "DocType", &tender::TYPES);
            tender::method(context, Some(&currency), payment);
            period::check(context, payment, "ApplicationDate", PeriodField::ApplicationDate);
            amounts(payment, places);
        }
        if payment.fresh && payment.text("ReferenceNbr").is_some() {
            payment.fail("ReferenceNbr", not_found("Reference Nbr."));
        }
        let open = total - applied;
        applied += payment.number("AppliedToOrder");
        if payment.number("AppliedToOrder") > open {
            payment.fail("AppliedToOrder", more_than_unpaid(open));
        }
    }
}

fn amounts(payment: &mut Record, places: u32) {
    let amount = tender::amount(payment, places);
    payment.default_to("AppliedToOrder", amount);
    let applied = round(payment.number("AppliedToOrder"), places);
    payment.set("AppliedToOrder", applied);
    if applied > amount {
        // The text is not established.
        payment.fail("AppliedToOrder", "The applied amount cannot exceed the payment amount.");
    }
    payment.set("Balance", amount - applied);
    tender::status(payment);
}

/// The product's text; how it prints the amount is inferred.
pub(crate) fn more_than_unpaid(open: Decimal) -> String {
    format!("The payment amount should be less than or equal to the order unpaid amount ({open:.2}).")
}

/// Numbers the new payments, once the order is certain to be saved.
pub(super) fn number(numbers: &mut Numbers, draft: &mut Record) {
    for payment in draft.rows_mut("Payments").iter_mut().filter(|payment| payment.text("ReferenceNbr").is_none()) {
        numbers.payment += 1;
        payment.set("ReferenceNbr", format!("{:06}", numbers.payment));
        payment.set("NoteID", super::super::record::guid(payment.serial, 0));
    }
}
