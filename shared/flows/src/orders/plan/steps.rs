//! The requests: a customer where there is none, the document, its payments, later changes of its header, and the hold.

use acumatica::Put;
use acumatica::model::limits;
use acumatica::model::sales_order::{Payment, SalesOrder};
use acumatica::model::value::set;
use rust_decimal::Decimal;
use serde_json::Value;

use super::super::facts::{Customer, Facts, Written};
use super::super::fingerprint;
use super::header::own_reference;
use super::parties::Party;
use super::slices::Slice;
use super::{Shop, parties, payments, shipping, slices};
use crate::plan::{Fill, Plan, Step, StepKey, Work};
use crate::settings::PaymentDocuments;

/// What the answer of a write must show so that [`super::check`] can judge it. Expanding costs nothing against the limits.
const EXPAND: &str =
    "BillToAddress,BillToContact,Details,Payments,ShipToAddress,ShipToContact,ShippingSettings,TaxDetails,Totals";

/// The header of a bound order brought up to date: addresses and shipping, never lines.
pub(super) fn update(facts: &Facts<'_>, shop: &Shop<'_>, target: &str) -> Result<Plan, Plan> {
    let steps = vec![header(facts, shop, target)?];
    Ok(Plan::Update(Box::new(Work { steps, amounts: None })))
}

fn header(facts: &Facts<'_>, shop: &Shop<'_>, target: &str) -> Result<Step, Plan> {
    let mut document = keyed(target);
    parties::set_addresses(shop, &mut document)?;
    if let Some(row) = shipping::shipping_row(shop)? {
        document.ship_via = set(row.ship_via.as_str());
    }
    let put = put(shop, &document, Vec::new())?;
    let reference = Some(own_reference(facts, shop)?);
    Ok(Step { reference, ..Step::new(StepKey::OrderUpdate, put) })
}

/// A bound order put on hold. `total` is what the document was to add up to.
#[must_use]
pub fn hold(target: &str, total: Option<Decimal>) -> Step {
    let mut document = keyed(target);
    document.hold = set(true);
    let put = Put { entity: "SalesOrder", query: expand(), headers: Vec::new(), body: body(&document) };
    Step { total, ..Step::new(StepKey::OrderHold, put) }
}

/// `SO/000123` as the key fields.
fn keyed(target: &str) -> SalesOrder {
    let (order_type, number) = target.split_once('/').unwrap_or(("", target));
    SalesOrder { order_type: set(order_type), order_nbr: set(number), ..SalesOrder::default() }
}

/// The requests that make the order: its customer where there is none, the document in one slice or several, and the payments that are documents
/// of their own. Of an order that was begun, what is missing.
pub(super) fn steps(
    facts: &Facts<'_>,
    shop: &Shop<'_>,
    mut document: SalesOrder,
    reference: &str,
    date: &str,
    total: Decimal,
) -> Result<Vec<Step>, Plan> {
    let order_type = document.order_type.as_ref().map(|order_type| order_type.0.clone()).unwrap_or_default();
    let separate = shop.scope.first(|scope| scope.payments) == Some(PaymentDocuments::Separate);
    let mut tenders = if separate { std::mem::take(&mut document.payments) } else { Vec::new() };
    let mut steps = Vec::new();
    let mut slices = Vec::new();
    let most = slices::most_lines(facts.settings);
    let (mut customer, mut number) = (String::new(), String::new());
    let unfinished = facts.bound.filter(|bound| bound.unfinished);
    if let Some(bound) = unfinished {
        let nothing = Written::default();
        let written = facts.written.unwrap_or(&nothing);
        number = bound.target.split_once('/').map(|(_, number)| number.to_owned()).unwrap_or_default();
        customer.clone_from(&written.customer);
        document.order_nbr = set(number.as_str());
        let is_there = |tender: &Payment| {
            tender.external_ref.as_ref().is_some_and(|reference| written.payments.contains(&reference.0))
        };
        let nested = document.payments.clone();
        slices = slices::of_begun(document, &written.lines, most);
        if slices.is_empty() {
            // The order is whole: what it should have had within it can only follow.
            tenders.extend(nested);
        }
        tenders.retain(|tender| !is_there(tender));
        if slices.is_empty() && fingerprint::changed(&bound.fingerprint, facts.fingerprint).parties {
            let unfinished = !tenders.is_empty();
            steps.push(Step { unfinished, ..header(facts, shop, &bound.target)? });
        }
    } else {
        slices.extend(slices::of_new(whose(facts, shop, document, &mut steps)?, most));
    }
    for Slice { key, document, part } in slices {
        let mut step = Step { part, reference: Some(reference.to_owned()), ..step(shop, key, document, date)? };
        step.total = key.makes_whole().then_some(total);
        step.unfinished = !key.makes_whole() || !tenders.is_empty();
        if key.begins() && is_made(&steps) {
            step.fills.push(filled("/CustomerID/value", StepKey::CustomerCreate, "CustomerID"));
        }
        if key.goes_on() && unfinished.is_none() {
            step.fills.push(filled("/OrderNbr/value", StepKey::OrderBegin, "OrderNbr"));
        }
        steps.push(step);
    }
    let first = steps.iter().map(|step| step.key).find(|key| key.begins());
    let last = tenders.len().saturating_sub(1);
    for (n, tender) in tenders.iter().enumerate() {
        let order = payments::Target { customer: &customer, order_type: &order_type, number: &number };
        let mut step = payments::step(shop, tender, &order, date)?;
        step.unfinished = n < last;
        if let Some(first) = first {
            step.fills.push(filled("/CustomerID/value", first, "CustomerID"));
            step.fills.push(filled("/OrdersToApply/0/OrderNbr/value", first, "OrderNbr"));
        }
        steps.push(step);
    }
    Ok(steps)
}

/// Whose order a new one is: a customer who is there, or one that the first step makes.
fn whose(
    facts: &Facts<'_>,
    shop: &Shop<'_>,
    mut document: SalesOrder,
    steps: &mut Vec<Step>,
) -> Result<SalesOrder, Plan> {
    match (parties::party(shop)?, facts.customer) {
        (Party::Generic(id), _) => document.customer_id = set(id),
        (Party::ByEmail(_), Customer::Known(id)) => document.customer_id = set(id.as_str()),
        (Party::ByEmail(email), Customer::Missing) => {
            let customer = body(&parties::new_customer(shop, email)?);
            within_limits(shop, "Customer", &customer)?;
            let query = vec![("$expand".to_owned(), "MainContact".to_owned())];
            let put = Put { entity: "Customer", query, headers: Vec::new(), body: customer };
            steps.push(Step::new(StepKey::CustomerCreate, put));
            document.customer_id = set("");
        }
        (Party::ByEmail(_), Customer::OfAccount(put)) => {
            steps.push(Step::new(StepKey::CustomerCreate, (**put).clone()));
            document.customer_id = set("");
        }
    }
    Ok(document)
}

fn is_made(steps: &[Step]) -> bool {
    steps.iter().any(|step| step.key == StepKey::CustomerCreate)
}

fn filled(pointer: &'static str, from: StepKey, field: &'static str) -> Fill {
    Fill { pointer, from, field }
}

/// The request for a slice of the document. A new number must be free; a slice that goes on must not make a new order of what was deleted.
fn step(shop: &Shop<'_>, key: StepKey, mut document: SalesOrder, date: &str) -> Result<Step, Plan> {
    let mut headers = vec![business_date(date)];
    if key.goes_on() {
        headers.push(("If-Match".to_owned(), "*".to_owned()));
        document.order_nbr = document.order_nbr.or_else(|| set(""));
    } else if document.order_nbr.is_some() {
        headers.push(("If-None-Match".to_owned(), "*".to_owned()));
    }
    Ok(Step::new(key, put(shop, &document, headers)?))
}

/// The day on which the document is entered.
pub(super) fn business_date(date: &str) -> (String, String) {
    ("PX-CbApiBusinessDate".to_owned(), date.to_owned())
}

/// The key of a sales order in an answer: `SO/000123`.
///
/// # Errors
/// The field that is missing.
pub(super) fn key_in(receipt: &Value) -> Result<String, &'static str> {
    let part = |field: &'static str| {
        let value = receipt.pointer(&format!("/{field}/value")).and_then(Value::as_str);
        value.map(str::trim).ok_or(field)
    };
    Ok(format!("{}/{}", part("OrderType")?, part("OrderNbr")?))
}

fn put(shop: &Shop<'_>, document: &SalesOrder, headers: Vec<(String, String)>) -> Result<Put, Plan> {
    let mut body = body(document);
    parties::empty_the_rest(&mut body);
    within_limits(shop, "SalesOrder", &body)?;
    Ok(Put { entity: "SalesOrder", query: expand(), headers, body })
}

/// What every answer about an order must show.
#[must_use]
pub fn expanded() -> Vec<String> {
    EXPAND.split(',').map(str::to_owned).collect()
}

fn expand() -> Vec<(String, String)> {
    vec![("$expand".to_owned(), EXPAND.to_owned())]
}

pub(super) fn body(document: &impl serde::Serialize) -> Value {
    serde_json::to_value(document).expect("wire models have string keys and plain values")
}

pub(super) fn within_limits(shop: &Shop<'_>, entity: &str, body: &Value) -> Result<(), Plan> {
    limits::too_long(entity, body).map_or(Ok(()), |long| {
        let message = format!(
            "`{}` of order {} has {} characters; Acumatica's field {}.{} holds {}.",
            long.path, shop.order.increment_id, long.length, entity, long.path, long.limit
        );
        Err(shop.reject("orders.rejected.value_too_long", message))
    })
}
