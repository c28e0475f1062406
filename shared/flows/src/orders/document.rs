//! What the executor must know of sales orders: how one is judged, amended, put on hold and found.

use acumatica::client::Query;
use acumatica::filter::Filter;
use async_trait::async_trait;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::plan::{check, steps};
use crate::plan::{Finding, Step};
use crate::step::{Found, Judged, Kind, Sought};

/// The sales order of one Magento order.
pub struct SalesOrder<'a> {
    /// What people call the order.
    pub shown: &'a str,
}

/// Most hits of a look-up: one more than is right.
const MOST: u32 = 2;

#[async_trait]
impl Kind for SalesOrder<'_> {
    fn judge(&self, total: Option<Decimal>, sent: Option<&Value>, receipt: &Value) -> Result<Judged, &'static str> {
        let checked = check::check(self.shown, total, sent, receipt).map_err(|unreadable| unreadable.0)?;
        Ok(Judged { target: checked.target, finding: checked.finding, must_hold: checked.must_hold })
    }

    /// Acumatica refuses to save an open order whose control total differs: it is saved on hold, and the check names the difference.
    fn amend(&self, step: &Step, refusal: &acumatica::Error) -> Option<Step> {
        let held = step.put.body.pointer("/Hold/value").and_then(Value::as_bool) == Some(true);
        if refusal.code != "acumatica.rejected.control_total" || held {
            return None;
        }
        let mut amended = step.clone();
        amended.put.body["Hold"] = json!({ "value": true });
        Some(amended)
    }

    fn hold(&self, target: &str, total: Option<Decimal>) -> Option<Step> {
        Some(steps::hold(target, total))
    }

    async fn look_up(&self, client: &acumatica::Client, sought: &Sought<'_>) -> Result<Found, acumatica::Error> {
        let Some(reference) = sought.reference else { return Ok(Found::Missing) };
        if let Some(target) = sought.target {
            return self.by_number(client, target, reference).await;
        }
        let query = Query { expand: steps::expanded(), ..Query::filtered(Filter::eq("ExternalRef", reference), MOST) };
        let mut hits = client.list("SalesOrder", &query).await?;
        // The server compares by its database's collation; whose document it is, is decided here.
        hits.retain(|hit| carries(hit, reference));
        Ok(match hits.len() {
            0 => Found::Missing,
            1 => Found::Ours(Box::new(hits.remove(0))),
            _ => {
                let numbers: Vec<&str> =
                    hits.iter().filter_map(|hit| hit.pointer("/OrderNbr/value")?.as_str()).collect();
                let message = format!(
                    "Sales orders {} in Acumatica both carry the reference of order {}.",
                    numbers.join(" and "),
                    self.shown
                );
                Found::Several(Finding::new("orders.rejected.duplicate_documents", message))
            }
        })
    }
}

impl SalesOrder<'_> {
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
                let theirs = hit.pointer("/ExternalRef/value").and_then(Value::as_str);
                let whose = theirs
                    .map_or_else(|| "has no reference".to_owned(), |theirs| format!("has the reference `{theirs}`"));
                let message = format!(
                    "Number {target} of order {} is taken in Acumatica by a document that {whose}.",
                    self.shown
                );
                Found::Foreign(Finding::new("orders.rejected.number_taken", message))
            }
        })
    }
}

/// Whether a document carries exactly our reference.
fn carries(document: &Value, reference: &str) -> bool {
    document.pointer("/ExternalRef/value").and_then(Value::as_str).map(str::trim) == Some(reference)
}
