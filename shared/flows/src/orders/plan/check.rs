//! The ERP's receipt judged: pure, before anything is bound.

mod echo;
mod part;

use acumatica::model::sales_order::SalesOrder;
use acumatica::model::value::{Number, Value as Wrapped};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::money::Currency;
use crate::plan::Finding;

/// A judged receipt of a sales order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// `SO/000123`.
    pub target: String,
    /// What the ERP has added up, as it wrote it.
    pub total: Decimal,
    /// Why the order must not be worked on; `must_hold` says whether it must still be put on hold.
    pub finding: Option<Finding>,
    /// The order is open although it must not be: it is to be put on hold.
    pub must_hold: bool,
}

/// Why a receipt cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Acumatica's answer has no readable `{0}`")]
pub struct Unreadable(pub &'static str);

/// Statuses in which a saved order waits for a person in the ERP (Acumatica, Sales Orders, SO301000).
const HELD: [(&str, &str); 4] = [
    ("Credit Hold", "orders.held.credit_hold"),
    ("Pending Approval", "orders.held.pending_approval"),
    ("Risk Hold", "orders.held.risk_hold"),
    ("On Hold", "orders.held.on_hold_in_acumatica"),
];

/// Judges the receipt of a sales order that was to add up to `total`. `sent` is the body of the write, where it is at hand: what it says and the
/// answer does not is a difference.
///
/// # Errors
/// [`Unreadable`] when the answer is not a sales order.
pub fn check(
    shown: &str,
    total: Option<Decimal>,
    sent: Option<&Value>,
    receipt: &Value,
) -> Result<Checked, Unreadable> {
    let document: SalesOrder = serde_json::from_value(receipt.clone()).map_err(|_| Unreadable("SalesOrder"))?;
    let text = |value: &Option<Wrapped<String>>| value.as_ref().map(|value| value.0.trim().to_owned());
    let order_type = text(&document.order_type).ok_or(Unreadable("OrderType"))?;
    let number = text(&document.order_nbr).ok_or(Unreadable("OrderNbr"))?;
    let target = format!("{order_type}/{number}");
    let Number(echoed) = document.order_total.as_ref().ok_or(Unreadable("OrderTotal"))?.0;
    let status = text(&document.status).unwrap_or_default();
    let on_hold = document.hold.as_ref().is_some_and(|hold| hold.0);

    let differs =
        total.filter(|total| *total != echoed).map(|total| total_differs(shown, &target, total, &document, sent));
    let lost = || sent.and_then(|sent| echo::first_lost(sent, receipt)).map(|path| not_taken(shown, &target, &path));
    let freight = || sent.and_then(|sent| part::calculated_freight(&document, sent));
    let added = || freight().map(|freight| freight_added(shown, &target, &document, freight));
    let asked_for = sent.and_then(|sent| sent.pointer("/Hold/value")).and_then(Value::as_bool) == Some(true);
    let not_held = || (asked_for && !on_hold).then(|| not_taken(shown, &target, "Hold"));
    let lines = || sent.and_then(|sent| super::lines::echo::difference(shown, &target, sent, receipt));
    let wrong = differs.or_else(lost).or_else(lines).or_else(added).or_else(not_held);
    let must_hold = wrong.is_some() && !on_hold;
    let by_status = || {
        let (_, code) = HELD.iter().find(|(held, _)| *held == status)?;
        (!asked_for).then(|| {
            let message =
                format!("Order {shown} is in Acumatica as {target} with status `{status}`: a person decides there.");
            Finding::new(code, message)
        })
    };
    let finding = wrong.or_else(by_status);
    Ok(Checked { target, total: echoed, finding, must_hold })
}

/// Names the part by which the ERP's sum differs, as far as its totals show it.
fn total_differs(shown: &str, target: &str, total: Decimal, document: &SalesOrder, sent: Option<&Value>) -> Finding {
    let echoed = document.order_total.as_ref().map(|value| value.0.0).unwrap_or_default();
    let text = |amount| in_currency(document, amount);
    let part = sent.map(|sent| part::that_differs(document, total, sent)).unwrap_or_default();
    let message = format!(
        "Order {shown} is worth {} in Magento and {} in Acumatica ({target}), a difference of {}; the order is on hold.{part}",
        text(total),
        text(echoed),
        text(total - echoed)
    );
    Finding::new("orders.held.total_differs", message)
}

/// An amount in the decimals of the document's currency; the ERP answers with more.
fn in_currency(document: &SalesOrder, amount: Decimal) -> String {
    let currency = document.currency_id.as_ref().and_then(|code| Currency::parse(code.0.trim()));
    currency.map_or_else(|| amount.normalize().to_string(), |currency| currency.text(amount))
}

fn not_taken(shown: &str, target: &str, path: &str) -> Finding {
    let message = format!("Acumatica did not take over `{path}` of order {shown} ({target}); the order is on hold.");
    Finding::new("orders.held.value_not_taken", message)
}

/// Premium freight is added to the freight that the ERP calculates, which must be nothing.
fn freight_added(shown: &str, target: &str, document: &SalesOrder, freight: Decimal) -> Finding {
    let freight = in_currency(document, freight);
    let message = format!(
        "Acumatica calculated freight of {freight} for order {shown} ({target}) beside Magento's; the order is on hold."
    );
    Finding::new("orders.held.value_not_taken", message)
}
