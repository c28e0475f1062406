//! The pure plan of an order, held against documents of the simulated shop and against the simulated ERP.

mod addresses;
mod bundles;
mod cases;
mod customer_cases;
mod echo;
mod erp;
mod extras;
pub(crate) mod fields;
mod fingerprints;
mod freight;
mod header;
mod later;
mod lines;
mod outcomes;
mod parties;
mod property;
mod samples;
mod split;
mod taxes;
mod tenders;
mod units;

use flows::link::EmailKey;
use flows::orders::facts::{Customer, Facts};
use flows::orders::fingerprint;
use flows::orders::plan::plan;
use flows::plan::{Plan, StepKey};
use flows::settings::{Settings, parse};
use magento::model::order::Order;
use rust_decimal::Decimal;
use seams::secret::Secret;
use serde_json::{Value, json};
use simulators::magento::{Config, Magento, OrderDraft, RowTotal, StoreView};
use store::record::{Bound, Fingerprint, Revision};

/// The link of every plan here.
const LINK: &str = "shop0001";
/// When every order is placed, unless a test says otherwise: 11:30 in the morning in Chicago.
const PLACED: &str = "2026-03-02T17:30:00Z";

/// The settings of the sample shop, as a document that a test may edit. What becomes of tenders and of amounts beside the products is left
/// out: tests that need it say so.
fn sample() -> Value {
    let mut sample: Value =
        serde_json::from_str(include_str!("../../../infra/local/sample/settings.json")).expect("the sample is JSON");
    for scope in ["/orders/default", "/orders/websites/eu"] {
        let scope = sample.pointer_mut(scope).and_then(Value::as_object_mut).expect(scope);
        scope.retain(|group, _| !["tenders", "extra_items"].contains(&group.as_str()));
    }
    sample
}

/// The settings of the sample shop after an edit.
fn settings(edit: impl FnOnce(&mut Value)) -> Settings {
    let mut document = sample();
    edit(&mut document);
    parse(document.to_string().as_bytes(), true).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// The simulated shop, with the store views of the sample settings.
fn shop(row_total: RowTotal) -> Magento {
    let mut config = Config::shop()
        .store_view(StoreView::new(2, "de", "Deutschland", "EUR"))
        .store_view(StoreView::new(3, "fr", "France", "USD"));
    config.row_total = row_total;
    Magento::new(config)
}

/// The document of an order that the simulated shop places.
fn document(draft: &OrderDraft) -> Value {
    placed(draft, PLACED, RowTotal::Gross)
}

fn placed(draft: &OrderDraft, at: &str, row_total: RowTotal) -> Value {
    let mut shop = shop(row_total);
    let id = shop.place(at.parse().expect(at), draft);
    shop.order(id).cloned().expect("the order was just placed")
}

/// Two mugs at 12.00 and 5.00 of shipping, paid by check: 29.00.
fn mugs() -> OrderDraft {
    OrderDraft::guest("jordan@example.com").simple("MUG", 2, "12.00").shipping("flatrate_flatrate", "5.00")
}

fn order(document: &Value) -> Order {
    Order::read(document.clone()).unwrap_or_else(|error| panic!("{error}: {document}"))
}

fn key() -> EmailKey {
    EmailKey::new(Secret::new("key of the tests"))
}

/// The fingerprint of a document.
fn print_of(document: &Value) -> Fingerprint {
    fingerprint::of(&order(document), &key())
}

/// What is planned with the sample settings for an order whose customer is not known.
fn planned(document: &Value) -> Plan {
    planned_by(document, &settings(|_| {}))
}

fn planned_by(document: &Value, settings: &Settings) -> Plan {
    planned_for(document, settings, &Customer::Missing)
}

fn planned_for(document: &Value, settings: &Settings, customer: &Customer) -> Plan {
    decided(&order(document), settings, customer)
}

fn decided(order: &Order, settings: &Settings, customer: &Customer) -> Plan {
    // Without a document in the ERP the fingerprint is compared with nothing.
    let fingerprint = Fingerprint(String::new());
    plan(&Facts {
        link: LINK,
        settings,
        order,
        customer,
        bound: None,
        fingerprint: &fingerprint,
        items: None,
        written: None,
    })
}

/// What is planned for an order that was written to `SO/000042` from `before` and is `now` in the shop.
fn planned_after(before: &Value, now: &Value) -> Plan {
    let settings = settings(|_| {});
    let (order, fingerprint) = (order(now), print_of(now));
    let bound = Bound {
        target: "SO/000042".into(),
        revision: Revision("1".into()),
        fingerprint: print_of(before),
        unfinished: false,
    };
    let customer = Customer::Known("C000001".into());
    plan(&Facts {
        link: LINK,
        settings: &settings,
        order: &order,
        customer: &customer,
        bound: Some(&bound),
        fingerprint: &fingerprint,
        items: None,
        written: None,
    })
}

/// Code and sentence of a plan that has a finding.
fn finding(plan: &Plan) -> (&'static str, &str) {
    let finding = plan.finding().unwrap_or_else(|| panic!("{} without a finding", plan.word()));
    (finding.code, &finding.message)
}

/// The sales order of a plan that is to be made.
fn created(plan: &Plan) -> &Value {
    assert_eq!(plan.word(), "create", "{:?}", plan.finding());
    body(plan, StepKey::OrderCreate)
}

/// The body of one of the plan's steps.
fn body(plan: &Plan, key: StepKey) -> &Value {
    let steps = &plan.work().unwrap_or_else(|| panic!("{} without work", plan.word())).steps;
    let step = steps.iter().find(|step| step.key == key);
    step.unwrap_or_else(|| panic!("no {} among the steps", key.as_str())).body()
}

/// The unwrapped value at a pointer: an amount in the digits in which it is sent, a text without quotation marks; empty for null and for
/// what is not sent.
fn at(body: &Value, pointer: &str) -> String {
    match body.pointer(pointer).and_then(|wrapper| wrapper.get("value")) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// The values of one field in every row of a detail list.
fn column(body: &Value, list: &str, field: &str) -> Vec<String> {
    let rows = body[list].as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter().map(|row| at(row, &format!("/{field}"))).collect()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap_or_else(|_| panic!("{text:?} is no decimal"))
}

/// `lines discount freight tax tenders = total` of a plan, in its currency's decimals.
fn amounts(plan: &Plan) -> String {
    let amounts = plan.work().and_then(|work| work.amounts.as_ref()).expect("the plan writes amounts");
    let text = |amount: Decimal| {
        let mut amount = amount.normalize();
        amount.rescale(amount.scale().max(amounts.decimals));
        amount.to_string()
    };
    let parts = &amounts.parts;
    let printed = [parts.lines, parts.discount, parts.freight, parts.tax, parts.tenders].map(text).join(" ");
    format!("{printed} = {}", text(amounts.acumatica))
}

/// Sets the value at a JSON pointer whose parent exists.
fn put(document: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer begins with a slash");
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {pointer}"));
    match parent {
        Value::Array(rows) => rows[name.parse::<usize>().expect("a position")] = value,
        other => other[name] = value,
    }
}

/// The document of `draft` with values at JSON pointers replaced.
fn edited(draft: &OrderDraft, edits: &[(&str, Value)]) -> Value {
    let mut document = document(draft);
    edits.iter().for_each(|(pointer, value)| put(&mut document, pointer, value.clone()));
    document
}

/// An amount as Magento prints it: a JSON number.
fn number(text: &str) -> Value {
    json!(serde_json::from_str::<serde_json::Number>(text).expect("a number"))
}
