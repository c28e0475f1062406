//! The requests: a customer where there is none, the document, later changes of its header, and the hold.

use acumatica::Put;
use acumatica::model::limits;
use acumatica::model::sales_order::SalesOrder;
use acumatica::model::value::set;
use rust_decimal::Decimal;
use serde_json::Value;

use super::super::facts::{Customer, Facts};
use super::header::own_reference;
use super::parties::Party;
use super::{Shop, parties, shipping};
use crate::plan::{Fill, Plan, Step, StepKey, Work};

/// What the answer of a write must show so that [`super::check`] can judge it. Expanding costs nothing against the limits.
const EXPAND: &str =
    "BillToAddress,BillToContact,Details,Payments,ShipToAddress,ShipToContact,ShippingSettings,TaxDetails,Totals";

/// The header of a bound order brought up to date: addresses and shipping, never lines.
pub(super) fn update(facts: &Facts<'_>, shop: &Shop<'_>, target: &str) -> Result<Plan, Plan> {
    let mut document = keyed(target);
    parties::set_addresses(shop, &mut document)?;
    if let Some(row) = shipping::shipping_row(shop)? {
        document.ship_via = set(row.ship_via.as_str());
    }
    let put = put(shop, &document, Vec::new())?;
    let reference = Some(own_reference(facts, shop)?);
    let step = Step { key: StepKey::OrderUpdate, put, fill: None, reference, total: None };
    Ok(Plan::Update(Box::new(Work { steps: vec![step], amounts: None })))
}

/// A bound order put on hold. `total` is what the document was to add up to.
#[must_use]
pub fn hold(target: &str, total: Option<Decimal>) -> Step {
    let mut document = keyed(target);
    document.hold = set(true);
    let put = Put { entity: "SalesOrder", query: expand(), headers: Vec::new(), body: body(&document) };
    Step { key: StepKey::OrderHold, put, fill: None, reference: None, total }
}

/// `SO/000123` as the key fields.
fn keyed(target: &str) -> SalesOrder {
    let (order_type, number) = target.split_once('/').unwrap_or(("", target));
    SalesOrder { order_type: set(order_type), order_nbr: set(number), ..SalesOrder::default() }
}

pub(super) fn steps(
    facts: &Facts<'_>,
    shop: &Shop<'_>,
    mut document: SalesOrder,
    reference: &str,
    date: &str,
    total: Decimal,
) -> Result<Vec<Step>, Plan> {
    let mut steps = Vec::new();
    let mut fill = None;
    match (parties::party(shop)?, facts.customer) {
        (Party::Generic(id), _) => document.customer_id = set(id),
        (Party::ByEmail(_), Customer::Known(id)) => document.customer_id = set(id.as_str()),
        (Party::ByEmail(email), Customer::Missing) => {
            let customer = body(&parties::new_customer(shop, email)?);
            within_limits(shop, "Customer", &customer)?;
            let query = vec![("$expand".to_owned(), "MainContact".to_owned())];
            let put = Put { entity: "Customer", query, headers: Vec::new(), body: customer };
            steps.push(Step { key: StepKey::CustomerCreate, put, fill: None, reference: None, total: None });
            document.customer_id = set("");
            fill = Some(Fill { pointer: "/CustomerID/value", from: StepKey::CustomerCreate, field: "CustomerID" });
        }
    }
    let mut headers = vec![("PX-CbApiBusinessDate".to_owned(), date.to_owned())];
    if document.order_nbr.is_some() {
        headers.push(("If-None-Match".to_owned(), "*".to_owned()));
    }
    let put = put(shop, &document, headers)?;
    steps.push(Step {
        key: StepKey::OrderCreate,
        put,
        fill,
        reference: Some(reference.to_owned()),
        total: Some(total),
    });
    Ok(steps)
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

fn body(document: &impl serde::Serialize) -> Value {
    serde_json::to_value(document).expect("wire models have string keys and plain values")
}

fn within_limits(shop: &Shop<'_>, entity: &str, body: &Value) -> Result<(), Plan> {
    limits::too_long(entity, body).map_or(Ok(()), |long| {
        let message = format!(
            "`{}` of order {} has {} characters; Acumatica's field {}.{} holds {}.",
            long.path, shop.order.increment_id, long.length, entity, long.path, long.limit
        );
        Err(shop.reject("orders.rejected.value_too_long", message))
    })
}
