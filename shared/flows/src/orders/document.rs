//! What the executor must know of an order's documents, its sales order and its payments: how one is judged, amended, put on hold and found.

use std::collections::BTreeSet;

use acumatica::client::Query;
use acumatica::filter::Filter;
use async_trait::async_trait;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::facts::Written;
use super::plan::{check, payments, period, slices, steps};
use crate::failure::Refusal;
use crate::link::Platforms;
use crate::plan::{Finding, Step, StepKey, Work};
use crate::step::{Asked, Found, Judged, Kind, Sought};

/// The documents of one Magento order.
pub struct Documents<'a> {
    /// What people call the order.
    pub shown: &'a str,
    /// The latest day to which what lies in a closed financial period is moved; none: it is not moved.
    pub moved_until: Option<Date>,
}

impl<'a> Documents<'a> {
    /// The documents of the order that people call so, to be looked at.
    #[must_use]
    pub fn of(shown: &'a str) -> Self {
        Self { shown, moved_until: None }
    }
}

/// The same request on hold; none where it is already.
fn on_hold(step: &Step) -> Option<Step> {
    let held = step.body().pointer("/Hold/value").and_then(Value::as_bool) == Some(true);
    (!held).then(|| {
        let mut amended = step.clone();
        amended.body_mut()["Hold"] = json!({ "value": true });
        amended
    })
}

/// How far an unfinished sales order is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HowFar {
    /// So far.
    Written(Written),
    /// It is there no more.
    Gone,
    /// It is not ours any more, or a payment is there twice.
    Foreign(Finding),
}

/// Most hits of a look-up: one more than is right.
const MOST: u32 = 2;
/// Most payments of an order that are looked for at once; each may be there twice.
const MOST_PAYMENTS: u32 = 100;

#[async_trait]
impl Kind for Documents<'_> {
    fn judge(&self, asked: &Asked<'_>, receipt: &Value) -> Result<Judged, &'static str> {
        match asked.step {
            StepKey::PaymentCreate => payments::judge(self.shown, asked, receipt),
            StepKey::OrderBegin | StepKey::OrderLines => slices::judge(self.shown, asked.sent, receipt),
            _ => {
                let checked = check::check(self.shown, asked.total, asked.sent, receipt);
                let checked = checked.map_err(|unreadable| unreadable.0)?;
                Ok(Judged { target: checked.target, finding: checked.finding, must_hold: checked.must_hold })
            }
        }
    }

    /// Acumatica refuses to save an open order whose control total differs: it is saved on hold, and the check names the difference. A
    /// later change of its header names none: it stays refused, and the order as it was. What lies in a closed period is refused too: that is
    /// moved to the next month, where it may be.
    fn amend(&self, step: &Step, refusal: &Refusal) -> Option<Step> {
        match refusal.code() {
            "acumatica.rejected.control_total" if step.key.makes_whole() => on_hold(step),
            "acumatica.rejected.period_closed" => period::next_month(step, self.moved_until?),
            _ => None,
        }
    }

    fn hold(&self, target: &str, total: Option<Decimal>) -> Option<Step> {
        Some(steps::hold(target, total))
    }

    async fn look_up(&self, platforms: Platforms<'_>, sought: &Sought<'_>) -> Result<Found, Refusal> {
        let client = platforms.acumatica;
        let Some(reference) = sought.reference else { return Ok(Found::Missing) };
        match (sought.step, sought.target) {
            (StepKey::PaymentCreate, _) => Ok(self.payment(client, reference).await?),
            (_, Some(target)) => {
                let found = self.by_number(client, target, reference).await?;
                Ok(match (found, sought.part) {
                    // The document without the slice: the write did not happen, or not yet.
                    (Found::Ours(document), Some(part)) if !lines(&document).contains(part) => Found::Missing,
                    (found, _) => found,
                })
            }
            (_, None) => Ok(self.by_reference(client, reference).await?),
        }
    }
}

impl Documents<'_> {
    /// The sales order that carries our reference.
    async fn by_reference(&self, client: &acumatica::Client, reference: &str) -> Result<Found, acumatica::Error> {
        let query = Query { expand: steps::expanded(), ..Query::filtered(Filter::eq("ExternalRef", reference), MOST) };
        let mut hits = client.list("SalesOrder", &query).await?;
        // The server compares by its database's collation; whose document it is, is decided here.
        hits.retain(|hit| carries(hit, reference));
        Ok(self.only(hits, "Sales orders", "OrderNbr"))
    }

    /// The payment that carries our reference of its tender.
    async fn payment(&self, client: &acumatica::Client, reference: &str) -> Result<Found, acumatica::Error> {
        let filter = Filter::eq("ExternalRef", reference);
        let mut hits = client.list("Payment", &payments_of(filter, MOST)).await?;
        hits.retain(|hit| carries(hit, reference));
        Ok(self.only(hits, "Payments", "ReferenceNbr"))
    }

    fn only(&self, mut hits: Vec<Value>, what: &str, number: &str) -> Found {
        match hits.len() {
            0 => Found::Missing,
            1 => Found::Ours(Box::new(hits.remove(0))),
            _ => Found::Several(self.duplicates(&hits, what, number)),
        }
    }

    fn duplicates(&self, hits: &[Value], what: &str, number: &str) -> Finding {
        let numbers: Vec<&str> = hits.iter().filter_map(|hit| text(hit, number)).collect();
        let message =
            format!("{what} {} in Acumatica both carry the reference of order {}.", numbers.join(" and "), self.shown);
        Finding::new("orders.rejected.duplicate_documents", message)
    }

    async fn by_number(
        &self,
        client: &acumatica::Client,
        target: &str,
        reference: &str,
    ) -> Result<Found, acumatica::Error> {
        let keys: Vec<&str> = target.splitn(2, '/').collect();
        let expand = steps::expanded();
        let expand: Vec<&str> = expand.iter().map(String::as_str).collect();
        Ok(match client.by_key("SalesOrder", &keys, &expand).await? {
            None => Found::Missing,
            Some(hit) if carries(&hit, reference) => Found::Ours(Box::new(hit)),
            Some(hit) => {
                let whose = text(&hit, "ExternalRef")
                    .map_or_else(|| "has no reference".to_owned(), |theirs| format!("has the reference `{theirs}`"));
                let message = format!(
                    "Number {target} of order {} is taken in Acumatica by a document that {whose}.",
                    self.shown
                );
                Found::Foreign(Finding::new("orders.rejected.number_taken", message))
            }
        })
    }

    /// How far the unfinished sales order `target` is, of which `work` is everything that may be missing.
    ///
    /// # Errors
    /// The client's.
    pub async fn written(
        &self,
        client: &acumatica::Client,
        target: &str,
        reference: &str,
        work: &Work,
    ) -> Result<HowFar, acumatica::Error> {
        let document = match self.by_number(client, target, reference).await? {
            Found::Ours(document) => document,
            Found::Foreign(finding) | Found::Several(finding) => return Ok(HowFar::Foreign(finding)),
            Found::Missing => return Ok(HowFar::Gone),
        };
        let customer = text(&document, "CustomerID").unwrap_or_default().to_owned();
        let mut written = Written { customer, lines: lines(&document), payments: BTreeSet::new() };
        let sought = payments::references(work);
        let filter = sought.iter().map(|reference| Filter::eq("ExternalRef", reference)).reduce(Filter::or);
        if let Some(filter) = filter {
            let hits = client.list("Payment", &payments_of(filter, MOST_PAYMENTS)).await?;
            for reference in sought {
                let of_tender: Vec<Value> = hits.iter().filter(|hit| carries(hit, &reference)).cloned().collect();
                match of_tender.len() {
                    0 => {}
                    1 => drop(written.payments.insert(reference)),
                    _ => return Ok(HowFar::Foreign(self.duplicates(&of_tender, "Payments", "ReferenceNbr"))),
                }
            }
        }
        Ok(HowFar::Written(written))
    }
}

/// A look-up of payments, with what they pay.
fn payments_of(filter: Filter, most: u32) -> Query {
    Query { expand: payments::expanded(), ..Query::filtered(filter, most) }
}

/// The references of a document's lines.
fn lines(document: &Value) -> BTreeSet<String> {
    let lines = document.get("Details").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    lines.iter().filter_map(|line| text(line, "ExternalRef")).map(str::to_owned).collect()
}

/// Whether a document carries exactly our reference.
fn carries(document: &Value, reference: &str) -> bool {
    text(document, "ExternalRef") == Some(reference)
}

fn text<'a>(document: &'a Value, field: &str) -> Option<&'a str> {
    document.get(field)?.get("value")?.as_str().map(str::trim)
}
