//! The dry run: print what is decided about a pair, stop. Nothing is read but documents and settings.

mod documents;
mod reads;

use acumatica::model::customer::Customer;
use acumatica::model::value::set;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::facts::{Facts, Further};
use super::locations::base_of_new;
use super::plan::{self, Decided, locations};
use crate::merge::{Cell, Field, Side};
use crate::plan::{Finding, Plan, Step, StepKey, Write};

pub use documents::{Document, Documents, Unusable, dry_run};

/// Instead of the number that Acumatica gives a customer who is yet to be made: the first call is the one that makes it.
const TO_BE_NUMBERED: &str = "<CustomerID of call 1>";

/// What would be written.
#[derive(Clone, Debug, Serialize)]
pub struct DryRun {
    /// `create`, `update`, `unchanged`, `skipped` or `rejected`.
    pub outcome: &'static str,
    /// What stands in the way, or what a person would be told: code and message of each.
    pub findings: Vec<Value>,
    /// What the other side is asked for before, with what Magento must be asked for to write an address.
    pub reads: Vec<Value>,
    /// The writes, in order.
    pub calls: Vec<Value>,
    /// Every field of the pair: what both sides have, whose value goes where, and why.
    pub fields: Vec<Value>,
    /// What was taken for granted because no document says it.
    pub assumed: Vec<String>,
    /// The account as it was read: a save sends it back whole.
    #[serde(skip)]
    pub(super) account: Option<Value>,
}

/// What would be written of a pair of which everything is known; `from` is the side that is looked at first.
#[must_use]
pub fn planned(facts: &Facts<'_>, from: Side) -> DryRun {
    let decided = plan::plan(facts);
    let mut run = DryRun { reads: reads::before(facts, from), ..stopped_by(&decided.plan) };
    run.findings.extend(plan::told(facts, &decided).as_ref().map(shown));
    run.fields = fields(facts, &decided);
    run.account = facts.account.map(|account| account.document.clone());
    let mut steps = steps_of(&decided.plan).to_vec();
    if let Some(next) = steps.first().filter(|first| first.key == StepKey::CustomerCreate) {
        let next = after_it_is_made(facts, next);
        steps.extend(next.iter().flat_map(steps_of).cloned());
        run.findings.extend(next.as_ref().and_then(Plan::finding).map(shown));
    }
    run.calls = steps.iter().enumerate().map(|(at, step)| call(at + 1, step)).collect();
    run
}

/// What is known where nothing can be planned.
#[must_use]
pub fn stopped(finding: Finding) -> DryRun {
    let is_skipped = finding.code.split('.').nth(1) == Some("skipped");
    stopped_by(&if is_skipped { Plan::Skipped(finding) } else { Plan::Rejected(finding) })
}

fn stopped_by(plan: &Plan) -> DryRun {
    DryRun {
        outcome: plan.word(),
        findings: plan.finding().map(shown).into_iter().collect(),
        reads: Vec::new(),
        calls: Vec::new(),
        fields: Vec::new(),
        assumed: Vec::new(),
        account: None,
    }
}

fn steps_of(plan: &Plan) -> &[Step] {
    plan.work().map(|work| work.steps.as_slice()).unwrap_or_default()
}

fn shown(finding: &Finding) -> Value {
    json!({ "code": finding.code, "message": finding.message })
}

/// What follows once Acumatica's customer is made as `step` says: its further addresses. It has no location but its own then.
fn after_it_is_made(facts: &Facts<'_>, step: &Step) -> Option<Plan> {
    if !locations::are_synced(facts) {
        return None;
    }
    let made = serde_json::from_value(step.body().clone()).expect("invariant: a body is a customer");
    let made = Customer { customer_id: set(TO_BE_NUMBERED), ..made };
    let facts = Facts { customer: Some(&made), further: None, ..*facts };
    let base = base_of_new(&facts);
    let further = Some(Further { locations: &[], made: &[] });
    Some(plan::plan(&Facts { base: Some(&base), further, ..facts }).plan)
}

fn call(number: usize, step: &Step) -> Value {
    let (system, method) = match &step.write {
        Write::Acumatica(_) => ("acumatica", json!("PUT")),
        Write::Magento(write) => ("magento", json!(write.method)),
    };
    let mut call = Map::new();
    call.insert("number".into(), number.into());
    call.insert("system".into(), system.into());
    call.insert("method".into(), method);
    call.insert("path".into(), step.entity().into());
    for (name, pairs) in [("query", step.query()), ("headers", step.headers())] {
        if !pairs.is_empty() {
            let pairs = pairs.iter().map(|(key, value)| (key.clone(), json!(value)));
            call.insert(name.into(), pairs.collect::<Map<_, _>>().into());
        }
    }
    call.insert("body".into(), step.body().clone());
    Value::Object(call)
}

/// The fields of the pair. Where one side is yet to be made, all that the other one has goes there.
fn fields(facts: &Facts<'_>, decided: &Decided) -> Vec<Value> {
    let Decided { plan, merged, cells } = decided;
    let made = match (plan, facts.account.is_some(), facts.customer.is_some()) {
        (Plan::Create(_), true, false) => Some(Side::Acumatica),
        (Plan::Create(_), false, true) => Some(Side::Magento),
        _ => None,
    };
    let names = if facts.account.is_some() { cells.account.keys() } else { cells.customer.keys() };
    let row = |field: &Field| {
        let (here, there) = (cells.account.get(field), cells.customer.get(field));
        let has_any = [here, there].into_iter().flatten().any(|cell| cell.is.is_some());
        let to = if merged.to_acumatica.contains(field) {
            Some(Side::Acumatica)
        } else if merged.to_magento.contains(field) {
            Some(Side::Magento)
        } else {
            made.filter(|_| has_any)
        };
        let sides = [(Side::Magento, here), (Side::Acumatica, there)].into_iter();
        let changed_by = facts.base.map(|base| {
            // What the base does not know is new on the side that has it.
            let changed = |side, cell: &Cell| {
                if base.knows(field) { base.has_changed(side, field, cell, &facts.hashes) } else { cell.is.is_some() }
            };
            sides
                .filter(|(side, cell)| cell.is_some_and(|cell| changed(*side, cell)))
                .map(|(side, _)| word(side))
                .collect::<Vec<_>>()
        });
        json!({
            "field": field.name(),
            "magento": here.and_then(text),
            "acumatica": there.and_then(text),
            "in_step": here.zip(there).map(|(here, there)| here.says_the_same(there)),
            "from": to.map(|to| word(to.other())),
            "to": to.map(word),
            "owner": plan::rule(facts, cells, field).owner,
            "changed_by": changed_by,
            "conflict": merged.conflicts.iter().any(|conflict| conflict.field == *field),
        })
    };
    names.map(row).collect()
}

fn word(side: Side) -> &'static str {
    match side {
        Side::Magento => "magento",
        Side::Acumatica => "acumatica",
    }
}

/// A value as its side has it, its parts one behind the other.
fn text(cell: &Cell) -> Option<String> {
    let is = cell.is.as_deref()?;
    let parts = is.split(['\u{1e}', '\u{1f}', '\n']).map(str::trim).filter(|part| !part.is_empty());
    Some(parts.collect::<Vec<_>>().join(" | "))
}
