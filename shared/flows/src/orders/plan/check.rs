//! The ERP's receipt judged: pure, before anything is bound.

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
    let lost = || sent.and_then(|sent| first_lost(sent, receipt)).map(|path| not_taken(shown, &target, &path));
    let asked_for = sent.and_then(|sent| sent.pointer("/Hold/value")).and_then(Value::as_bool) == Some(true);
    let not_held = || (asked_for && !on_hold).then(|| not_taken(shown, &target, "Hold"));
    let wrong = differs.or_else(lost).or_else(not_held);
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
    let part = sent.map(|sent| part_that_differs(document, sent)).unwrap_or_default();
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

/// Tax and freight are told by their echoes; what remains is lines and discounts.
fn part_that_differs(document: &SalesOrder, sent: &Value) -> String {
    let number = |value: &Option<Wrapped<Number>>| value.as_ref().map(|value| value.0.0);
    let parsed = |value: Option<&Value>| value.and_then(|value| value.to_string().parse::<Decimal>().ok());
    let of_sent = |pointer: &str| parsed(sent.pointer(pointer)).unwrap_or_default();
    let rows = sent.get("TaxDetails").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let tax: Decimal = rows.iter().filter_map(|row| parsed(row.pointer("/TaxAmount/value"))).sum();
    let text = |amount| in_currency(document, amount);
    let totals = document.totals.as_ref();
    let price = (of_sent("/ShippingSettings/FreightPrice/value"), totals.and_then(|totals| number(&totals.freight)));
    let premium =
        (of_sent("/ShippingSettings/PremiumFreight/value"), totals.and_then(|totals| number(&totals.premium_freight)));
    match (number(&document.tax_total), price, premium) {
        (Some(echoed), ..) if echoed != tax => format!(" Tax was sent as {} and is {}.", text(tax), text(echoed)),
        (_, (sent, Some(echoed)), _) if sent.is_zero() && !echoed.is_zero() => {
            format!(" The ERP calculated freight of {}.", text(echoed))
        }
        (_, (sent, Some(echoed)), _) | (_, _, (sent, Some(echoed))) if sent != echoed => {
            format!(" Freight was sent as {} and is {}.", text(sent), text(echoed))
        }
        _ => " Lines or discounts were changed by the ERP.".to_owned(),
    }
}

fn not_taken(shown: &str, target: &str, path: &str) -> Finding {
    let message = format!("Acumatica did not take over `{path}` of order {shown} ({target}); the order is on hold.");
    Finding::new("orders.held.value_not_taken", message)
}

/// Linked entities and details whose echo is compared: nowhere else is it documented how long their strings may be, or that they exist.
const ECHOED: [&str; 6] =
    ["BillToAddress", "BillToContact", "ShipToAddress", "ShipToContact", "ShippingSettings", "Payments"];

/// The first value that was sent and is not in the answer. Unknown fields are dropped by the ERP with status 200, and so is a currency
/// that the customer may not be sold in.
fn first_lost(sent: &Value, receipt: &Value) -> Option<String> {
    let header = ["ExternalRef", "CustomerOrder", "CurrencyID", "ShipVia"].iter().find_map(|field| {
        let (sent, got) = (sent.get(field)?, receipt.get(field).unwrap_or(&Value::Null));
        (!same(sent, got)).then(|| (*field).to_owned())
    });
    header.or_else(|| {
        ECHOED.iter().find_map(|part| {
            let sent = sent.get(part)?;
            let got = receipt.get(part).unwrap_or(&Value::Null);
            match sent {
                Value::Array(rows) => rows.iter().enumerate().find_map(|(n, row)| {
                    lost_in(row, got.get(n).unwrap_or(&Value::Null)).map(|field| format!("{part}[{n}]/{field}"))
                }),
                entity => lost_in(entity, got).map(|field| format!("{part}/{field}")),
            }
        })
    })
}

fn lost_in(sent: &Value, got: &Value) -> Option<String> {
    sent.as_object()?
        .iter()
        .find(|(field, value)| !same(value, got.get(*field).unwrap_or(&Value::Null)))
        .map(|(field, _)| field.clone())
}

/// Equal values: numbers by amount, texts trimmed and without regard to case (a selector answers in its own spelling), dates by their day.
fn same(sent: &Value, got: &Value) -> bool {
    let (Some(sent), got) = (sent.get("value"), got.get("value").unwrap_or(&Value::Null)) else { return true };
    match (sent, got) {
        (Value::Number(sent), Value::Number(got)) => {
            sent.to_string().parse::<Decimal>().ok() == got.to_string().parse::<Decimal>().ok()
        }
        (Value::String(sent), Value::String(got)) => {
            let (sent, got) = (sent.trim().to_lowercase(), got.trim().to_lowercase());
            sent == got || (is_day(&sent) && got.starts_with(&sent))
        }
        (Value::String(sent), Value::Null) => sent.trim().is_empty(),
        (Value::Null, Value::String(got)) => got.trim().is_empty(),
        (sent, got) => sent == got,
    }
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}
