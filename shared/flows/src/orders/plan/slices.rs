//! A sales order in requests of at most 500 lines.
//!
//! The first slice begins the order, on hold: its header and lines, but no taxes, payments or control total, which fit only the whole. The last
//! one says everything again but the lines that are there, and makes it whole; it is judged as an order that is written at once. Values that
//! are sent again are equal and skipped by Acumatica; lines have no id and would be added again, so what is there is left out.

use std::collections::BTreeSet;

use acumatica::model::sales_order::{Line, SalesOrder};
use acumatica::model::value::set;
use serde_json::{Value, json};

use super::lines::echo;
use super::steps;
use crate::plan::{Step, StepKey};
use crate::settings::Settings;
use crate::step::Judged;

/// The most lines of one request (Acumatica, Integration Development Guide: documents of many lines are sent in slices of about 500).
const MOST_LINES: usize = 500;

/// The most lines of one request, by the settings.
pub(super) fn most_lines(settings: &Settings) -> usize {
    let set = settings.orders.lines_per_request.and_then(|lines| usize::try_from(lines).ok());
    set.map_or(MOST_LINES, |lines| lines.clamp(1, MOST_LINES))
}

/// A slice: which step it is, what it sends, and the reference of its last line.
pub(super) struct Slice {
    pub(super) key: StepKey,
    pub(super) document: SalesOrder,
    pub(super) part: Option<String>,
}

/// A new order: whole where its lines fit into one request.
pub(super) fn of_new(mut document: SalesOrder, most: usize) -> Vec<Slice> {
    if document.details.len() <= most {
        return vec![Slice { key: StepKey::OrderCreate, document, part: None }];
    }
    let rest = document.details.split_off(most);
    let details = std::mem::take(&mut document.details);
    let begun = SalesOrder {
        hold: set(true),
        details,
        control_total: None,
        is_tax_valid: None,
        tax_details: Vec::new(),
        payments: Vec::new(),
        ..document.clone()
    };
    document.details = rest;
    let mut slices = vec![Slice { key: StepKey::OrderBegin, document: begun, part: None }];
    slices.extend(of_rest(document, most));
    slices
}

/// The rest of an order that was begun; nothing where all its lines `there` are.
pub(super) fn of_begun(mut document: SalesOrder, there: &BTreeSet<String>, most: usize) -> Vec<Slice> {
    let is_there = |line: &Line| line.external_ref.as_ref().is_some_and(|reference| there.contains(&reference.0));
    document.details.retain(|line| !is_there(line));
    if document.details.is_empty() { Vec::new() } else { of_rest(document, most) }
}

/// Slices that go on: their order has a key and a customer.
fn of_rest(mut document: SalesOrder, most: usize) -> Vec<Slice> {
    let mut slices = Vec::new();
    document.customer_id = None;
    while document.details.len() > most {
        let rest = document.details.split_off(most);
        let details = std::mem::replace(&mut document.details, rest);
        let part = last_of(&details);
        let lines = SalesOrder {
            order_type: document.order_type.clone(),
            order_nbr: document.order_nbr.clone(),
            hold: set(true),
            details,
            ..SalesOrder::default()
        };
        slices.push(Slice { key: StepKey::OrderLines, document: lines, part });
    }
    let part = last_of(&document.details);
    slices.push(Slice { key: StepKey::OrderComplete, document, part });
    slices
}

fn last_of(details: &[Line]) -> Option<String> {
    details.last()?.external_ref.as_ref().map(|reference| reference.0.clone())
}

/// Judges the answer to a slice that is not the last: its lines, and that the order is not open. What else it says is judged when it is whole.
///
/// # Errors
/// The name of a field without which it cannot be judged.
pub fn judge(shown: &str, sent: Option<&Value>, receipt: &Value) -> Result<Judged, &'static str> {
    let target = steps::key_in(receipt)?;
    let on_hold = receipt.pointer("/Hold/value").and_then(Value::as_bool).ok_or("Hold")?;
    let finding = sent.and_then(|sent| echo::difference(shown, &target, sent, receipt));
    Ok(Judged { target, finding, must_hold: !on_hold })
}

/// The last slice of an order with whose earlier ones something is wrong: it stays on hold.
#[must_use]
pub fn on_hold(mut step: Step) -> Step {
    if step.key == StepKey::OrderComplete {
        step.body_mut()["Hold"] = json!({ "value": true });
    }
    step
}
