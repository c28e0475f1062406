//! The dry run: print the plan, stop. Nothing is read but the document and the settings, and nothing is assumed to be bound.

use magento::client::write::{comment_request, number_request};
use magento::model::order::Order;
use rust_decimal::Decimal;
use seams::secret::Secret;
use serde::Serialize;
use serde_json::{Map, Value, json};
use thiserror::Error;

use super::facts::{Customer, Facts};
use super::{fingerprint, plan};
use crate::link::EmailKey;
use crate::money::Currency;
use crate::plan::{Amounts, Plan, Step, StepKey};
use crate::settings::Settings;

/// Why a document is not an order.
#[derive(Debug, Error)]
pub enum NotAnOrder {
    /// Not JSON.
    #[error("this is not JSON: {0}")]
    Json(serde_json::Error),
    /// JSON, but not what `GET /V1/orders/:id` returns.
    #[error("this is not an order as `GET /V1/orders/:id` returns it: at `{path}`: {what}")]
    Shape {
        /// Where.
        path: String,
        /// What is wrong there.
        what: String,
    },
}

/// What would be written.
#[derive(Clone, Debug, Serialize)]
pub struct DryRun {
    /// `create`, `update`, `hold`, `unchanged`, `skipped`, `rejected` or `not_ready`.
    pub outcome: &'static str,
    /// The stable code of what stands in the way.
    pub code: Option<&'static str>,
    /// That in words.
    pub message: Option<String>,
    /// The writes, in order.
    pub calls: Vec<Value>,
    /// What it adds up to on both sides; null on Acumatica's where nothing would be written.
    pub totals: Value,
}

/// Plans one order document for `link`.
///
/// # Errors
/// [`NotAnOrder`] for anything that is not such a document.
pub fn dry_run(document: &[u8], settings: &Settings, link: &str) -> Result<DryRun, NotAnOrder> {
    let order = read(document)?;
    // The fingerprint is compared with nothing here, so any key will do.
    let fingerprint = fingerprint::of(&order, &EmailKey::new(Secret::new("dry run")));
    let facts = Facts {
        link,
        settings,
        order: &order,
        customer: &Customer::Missing,
        bound: None,
        fingerprint: &fingerprint,
        items: None,
        written: None,
    };
    Ok(planned(&facts))
}

/// What would be written for an order of which everything is known: to Acumatica, and to Magento by setting.
#[must_use]
pub fn planned(facts: &Facts<'_>) -> DryRun {
    let plan = plan::plan(facts);
    let mut run = print(&plan, facts.order);
    run.calls.extend(told(facts, &plan, run.calls.len()));
    run
}

/// What Magento would be told. A number that Acumatica gives is not known yet.
fn told(facts: &Facts<'_>, plan: &Plan, before: usize) -> Vec<Value> {
    use plan::tell::{self, News, Shown};
    let bound = facts.bound.map(|bound| bound.target.clone());
    let target = bound.or_else(|| plan.work().and_then(|work| to_be_numbered(&work.steps)));
    let news = match (plan, &target) {
        (Plan::Create(_) | Plan::Update(_), Some(target)) => News::Written(target, None),
        (Plan::Hold(_, finding), Some(target)) => News::Written(target, Some(finding)),
        (Plan::Rejected(finding), target) => News::Parked(target.as_deref(), finding),
        (Plan::Unchanged, Some(target)) => News::Nothing(target),
        _ => return Vec::new(),
    };
    let telling = tell::tell(&Shown::of(facts.order), news, tell::setting(facts.settings, facts.order), None);
    let id = facts.order.entity_id;
    let number = telling.number.map(|number| number_request(id, &number));
    let comment = telling.comment.map(|comment| comment_request(id, &comment));
    let call = |(at, (path, body)): (usize, (String, Value))| json!({ "number": before + at + 1, "system": "magento", "method": "POST", "path": path, "body": body });
    number.into_iter().chain(comment).enumerate().map(call).collect()
}

/// The key of the document that the steps make: `SO/000123`, or with a placeholder where Acumatica numbers it.
fn to_be_numbered(steps: &[Step]) -> Option<String> {
    let step = steps.iter().find(|step| step.key.begins())?;
    let text = |field: &str| step.body().pointer(&format!("/{field}/value")).and_then(Value::as_str);
    let number = text("OrderNbr").map(str::to_owned);
    let number = number.unwrap_or_else(|| format!("<OrderNbr of call {}>", position(step.key, steps)));
    Some(format!("{}/{number}", text("OrderType").unwrap_or_default()))
}

fn read(document: &[u8]) -> Result<Order, NotAnOrder> {
    let value: Value = serde_json::from_slice(document).map_err(NotAnOrder::Json)?;
    if !value.is_object() {
        return Err(NotAnOrder::Shape { path: ".".to_owned(), what: "it is not a JSON object".to_owned() });
    }
    Order::read(value)
        .map_err(|error| NotAnOrder::Shape { path: error.path().to_string(), what: error.inner().to_string() })
}

/// A plan as it is shown.
#[must_use]
pub fn print(plan: &Plan, order: &Order) -> DryRun {
    let steps = plan.work().map(|work| work.steps.as_slice()).unwrap_or_default();
    let calls = steps.iter().enumerate().map(|(at, step)| call(at + 1, step, steps)).collect();
    let totals = match plan.work().and_then(|work| work.amounts.as_ref()) {
        Some(amounts) => totals(amounts),
        None => json!({ "magento": value_of(order), "acumatica": null, "difference": null, "parts": null }),
    };
    DryRun {
        outcome: plan.word(),
        code: plan.finding().map(|finding| finding.code),
        message: plan.finding().map(|finding| finding.message.clone()),
        calls,
        totals,
    }
}

fn call(number: usize, step: &Step, steps: &[Step]) -> Value {
    let mut body = step.body().clone();
    for fill in &step.fills {
        if let Some(place) = body.pointer_mut(fill.pointer) {
            *place = Value::String(format!("<{} of call {}>", fill.field, position(fill.from, steps)));
        }
    }
    let mut call = Map::new();
    call.insert("number".into(), number.into());
    call.insert("system".into(), "acumatica".into());
    call.insert("method".into(), "PUT".into());
    call.insert("path".into(), step.entity().into());
    for (name, pairs) in [("query", step.query()), ("headers", step.headers())] {
        if !pairs.is_empty() {
            call.insert(
                name.into(),
                pairs.iter().map(|(key, value)| (key.clone(), json!(value))).collect::<Map<_, _>>().into(),
            );
        }
    }
    call.insert("body".into(), body);
    Value::Object(call)
}

/// The order value, in its currency's decimals where the currency is one.
fn value_of(order: &Order) -> String {
    let value = plan::amounts::order_value(order);
    Currency::parse(&order.base_currency_code).map_or_else(|| value.to_string(), |currency| currency.text(value))
}

fn position(key: StepKey, steps: &[Step]) -> usize {
    steps.iter().position(|step| step.key == key).map_or(0, |at| at + 1)
}

fn totals(amounts: &Amounts) -> Value {
    let text = |amount: Decimal| {
        let mut amount = amount.normalize();
        if amount.scale() < amounts.decimals {
            amount.rescale(amounts.decimals);
        }
        amount.to_string()
    };
    let parts = &amounts.parts;
    let mut printed = json!({
        "lines": text(parts.lines),
        "discount": text(parts.discount),
        "freight": text(parts.freight),
        "tax": text(parts.tax),
        "extra": text(parts.extra),
        "tenders": text(parts.tenders),
    });
    if !parts.tax_forced.is_zero() {
        printed["tax_forced"] = text(parts.tax_forced).into();
    }
    json!({
        "magento": text(amounts.magento),
        "acumatica": text(amounts.acumatica),
        "difference": text(amounts.magento - amounts.acumatica),
        "parts": printed,
    })
}
