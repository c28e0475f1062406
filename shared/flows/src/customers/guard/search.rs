//! The customer of an e-mail, as the ERP knows it.

use acumatica::client::Query;
use acumatica::filter::Filter;
use acumatica::model::customer::Customer as Document;
use async_trait::async_trait;
use serde_json::Value;

use super::Guard;
use crate::failure::Refusal;
use crate::link::Platforms;
use crate::plan::Finding;
use crate::settings::AmbiguousEmail;
use crate::step::{Asked, Found, Judged, Kind, Sought};

/// What a look-up by e-mail answers: the key, whether it may buy, and the e-mail to compare.
const SELECT: [&str; 3] = ["CustomerID", "MainContact/Email", "Status"];
/// Most hits where a single one is right: one more.
const TWO: u32 = 2;
/// Most hits where one of several is chosen; that many customers of one e-mail are no choice any more.
const MANY: u32 = 20;

#[async_trait]
impl Kind for Guard<'_> {
    fn judge(&self, asked: &Asked<'_>, receipt: &Value) -> Result<Judged, &'static str> {
        let customer: Document = serde_json::from_value(receipt.clone()).map_err(|_| "Customer")?;
        let target = customer.customer_id.as_ref().map(|id| id.0.trim().to_owned()).filter(|id| !id.is_empty());
        let target = target.ok_or("CustomerID")?;
        let lost = asked.sent.is_some() && !has_email(&customer, self.email);
        let finding = lost.then(|| {
            let message =
                format!("Acumatica saved customer {target} of {} without the e-mail that was sent.", self.shown);
            Finding::new("customers.rejected.email_not_taken", message)
        });
        Ok(Judged { target, finding, must_hold: false })
    }

    async fn look_up(&self, platforms: Platforms<'_>, _sought: &Sought<'_>) -> Result<Found, Refusal> {
        Ok(self.search(platforms.acumatica).await?)
    }
}

impl Guard<'_> {
    /// Asks the ERP: one call.
    pub(super) async fn search(&self, client: &acumatica::Client) -> Result<Found, acumatica::Error> {
        let (query, most) = query(self.email, self.ambiguous);
        let mut hits: Vec<Value> = client.list("Customer", &query).await?;
        // The server compares by its database's collation; whose customer it is, is decided here.
        hits.retain(|hit| {
            serde_json::from_value(hit.clone()).is_ok_and(|customer: Document| has_email(&customer, self.email))
        });
        Ok(self.chosen(hits, most))
    }

    /// The only hit, or the one of several that the settings choose.
    fn chosen(&self, mut hits: Vec<Value>, most: u32) -> Found {
        if hits.len() > 1 && hits.len() < most as usize {
            let active: Vec<Value> = hits.iter().filter(|hit| text(hit, "Status") == Some("Active")).cloned().collect();
            match self.ambiguous {
                AmbiguousEmail::OnlyActive if active.len() == 1 => hits = active,
                AmbiguousEmail::FirstActive => {
                    hits = active
                        .into_iter()
                        .min_by_key(|hit| text(hit, "CustomerID").map(str::to_owned))
                        .map_or(hits, |first| vec![first]);
                }
                AmbiguousEmail::OnlyActive | AmbiguousEmail::Park => {}
            }
        }
        match hits.len() {
            0 => Found::Missing,
            1 => Found::Ours(Box::new(hits.remove(0))),
            _ => {
                let mut ids: Vec<&str> = hits.iter().filter_map(|hit| text(hit, "CustomerID")).collect();
                ids.sort_unstable();
                let all = if ids.len() == 2 { "both" } else { "all" };
                let message =
                    format!("Customers {} in Acumatica {all} have the e-mail of {}.", ids.join(" and "), self.shown);
                Found::Several(Finding::new("customers.rejected.ambiguous_email", message))
            }
        }
    }
}

/// The look-up by e-mail, and at how many hits none is chosen any more.
pub(in crate::customers) fn query(email: &str, ambiguous: AmbiguousEmail) -> (Query, u32) {
    let filter = Filter::eq("MainContact/Email", email.trim());
    let select = SELECT.iter().map(|field| (*field).to_owned()).collect();
    let most = if ambiguous == AmbiguousEmail::Park { TWO } else { MANY };
    (Query { select, expand: vec!["MainContact".to_owned()], ..Query::filtered(filter, most) }, most)
}

/// The number of a hit.
pub(super) fn number(hit: &Value) -> Option<&str> {
    text(hit, "CustomerID")
}

fn text<'v>(hit: &'v Value, field: &str) -> Option<&'v str> {
    hit.get(field)?.get("value")?.as_str().map(str::trim)
}

/// Equal as both platforms compare: trimmed, case folded.
fn has_email(customer: &Document, email: &str) -> bool {
    let theirs = customer.main_contact.as_ref().and_then(|contact| contact.email.as_ref());
    theirs.is_some_and(|theirs| theirs.0.trim().to_lowercase() == email.trim().to_lowercase())
}
