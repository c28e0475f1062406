//! Tenders as payment documents of their own, where Acumatica takes none within the order: after the order, one save each.
//!
//! The order is not kept on hold until its last payment is there: the money is Magento's already, so nothing is shipped unpaid, and it would
//! cost one more save. Until then its record is unfinished and says why.

use acumatica::Put;
use acumatica::model::payment::{OrderToApply, Payment};
use acumatica::model::sales_order::Payment as Nested;
use acumatica::model::value::{Number, Value as Wrapped, set};
use rust_decimal::Decimal;
use serde_json::Value;

use super::steps::{body, within_limits};
use super::{Shop, steps};
use crate::plan::{Finding, Plan, Step, StepKey, Work};
use crate::step::{Asked, Judged};

/// What the answer must show: the applications; they can be read in a list, the application history cannot.
const EXPAND: &str = "OrdersToApply";

/// What every answer about a payment must show.
#[must_use]
pub fn expanded() -> Vec<String> {
    vec![EXPAND.to_owned()]
}

/// The request for a payment of `order`, as far as it is known; its amount is the step's total.
pub(super) fn step(shop: &Shop<'_>, tender: &Nested, order: &Target<'_>, date: &str) -> Result<Step, Plan> {
    let payment = Payment {
        doc_type: tender.doc_type.clone(),
        reference_nbr: None,
        customer_id: set(order.customer),
        payment_method: tender.payment_method.clone(),
        cash_account: tender.cash_account.clone(),
        payment_amount: tender.payment_amount.clone(),
        payment_ref: tender.payment_ref.clone(),
        external_ref: tender.external_ref.clone(),
        description: tender.description.clone(),
        application_date: tender.application_date.clone(),
        processing_center_id: tender.processing_center_id.clone(),
        credit_card_transaction_info: tender.credit_card_transaction_info.clone(),
        hold: tender.hold.clone(),
        status: None,
        orders_to_apply: vec![OrderToApply {
            order_type: set(order.order_type),
            order_nbr: set(order.number),
            applied_to_order: tender.applied_to_order.clone(),
        }],
    };
    let body = body(&payment);
    within_limits(shop, "Payment", &body)?;
    let query = vec![("$expand".to_owned(), EXPAND.to_owned())];
    let headers = vec![steps::business_date(date)];
    let total = tender.payment_amount.as_ref().map(|amount| amount.0.0);
    let reference = tender.external_ref.as_ref().map(|reference| reference.0.clone());
    let put = Put { entity: "Payment", query, headers, body };
    Ok(Step { reference, total, ..Step::new(StepKey::PaymentCreate, put) })
}

/// What a payment pays; empty where an earlier answer will say.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) customer: &'a str,
    pub(super) order_type: &'a str,
    pub(super) number: &'a str,
}

/// The references of all payments that `work` makes, by themselves or with the order.
#[must_use]
pub fn references(work: &Work) -> Vec<String> {
    let nested = |step: &Step| -> Vec<String> {
        let rows = step.body().get("Payments").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        rows.iter().filter_map(|row| Some(row.pointer("/ExternalRef/value")?.as_str()?.to_owned())).collect()
    };
    let own = |step: &Step| step.reference.clone().filter(|_| step.key == StepKey::PaymentCreate);
    work.steps.iter().flat_map(|step| nested(step).into_iter().chain(own(step))).collect()
}

/// Judges a payment of `asked.target`: its type, its amount, and that all of it pays the order. Where it does not, the order is put on hold.
///
/// # Errors
/// The name of a field without which it cannot be judged.
pub fn judge(shown: &str, asked: &Asked<'_>, receipt: &Value) -> Result<Judged, &'static str> {
    let payment: Payment = serde_json::from_value(receipt.clone()).map_err(|_| "Payment")?;
    let number = payment.reference_nbr.as_ref().map(|number| number.0.trim().to_owned()).ok_or("ReferenceNbr")?;
    let target = asked.target.ok_or("OrdersToApply")?;
    let kind = payment.doc_type.as_ref().map(|kind| kind.0.trim()).unwrap_or_default();
    let (amount, applied) = (amount(&payment.payment_amount), applied(&payment, target));
    let total = asked.total.unwrap_or_default();
    let difference = if kind != PREPAYMENT {
        Some(format!("is of type `{kind}`"))
    } else if amount != total {
        Some(format!("amounts to {} instead of {}", text(asked, amount), text(asked, total)))
    } else if applied != total {
        Some(format!("pays {} of it instead of {}", text(asked, applied), text(asked, total)))
    } else {
        None
    };
    let finding = difference.map(|difference| {
        let message =
            format!("Payment {number} of order {shown} in Acumatica ({target}) {difference}; the order is on hold.");
        Finding::new("orders.held.payment_differs", message)
    });
    Ok(Judged { target: target.to_owned(), must_hold: finding.is_some(), finding })
}

/// The type of every payment document that is made here.
pub(super) const PREPAYMENT: &str = "Prepayment";

fn amount(value: &Option<Wrapped<Number>>) -> Decimal {
    value.as_ref().map(|value| value.0.0).unwrap_or_default()
}

/// How much of a payment pays the order `SO/000123`.
fn applied(payment: &Payment, target: &str) -> Decimal {
    let part = |value: &Option<Wrapped<String>>| value.as_ref().map(|value| value.0.trim().to_owned());
    let of_order = |row: &&OrderToApply| {
        let key = part(&row.order_type).zip(part(&row.order_nbr));
        key.is_some_and(|(order_type, number)| format!("{order_type}/{number}") == target)
    };
    payment.orders_to_apply.iter().filter(of_order).map(|row| amount(&row.applied_to_order)).sum()
}

/// The ERP answers with more decimals than were sent.
fn text(asked: &Asked<'_>, amount: Decimal) -> String {
    let scale = asked.total.map_or(0, |total| total.scale());
    let mut amount = amount.normalize();
    if amount.scale() < scale {
        amount.rescale(scale);
    }
    amount.to_string()
}
