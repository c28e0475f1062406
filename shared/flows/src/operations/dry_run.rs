//! The dry run of a live order: what would be written for it now. Reads the order in the shop, its record, and in the ERP at most one
//! customer, or how far an unfinished document is; writes nothing on either side and nothing in a table, but for the ERP's access token where the shared one has run out.

use magento::client::OrderHit;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Record, Records};

use super::{Answer, Desk, Refusal, Unusable, body, found, stored};
use crate::customers::guard::{Guard, Unseen};
use crate::customers::shopper;
use crate::link::EmailKey;
use crate::orders::document::HowFar;
use crate::orders::facts::{Customer, Facts, Items};
use crate::orders::gather::is_written;
use crate::orders::plan::parties::Party;
use crate::orders::{self, fingerprint, plan};
use crate::plan::{Finding, Plan};
use crate::settings::Settings;

/// What is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    /// The order's number, as people call it.
    order: String,
}

/// Plans one order of the shop.
///
/// # Errors
/// 404 without such a link, 502 when a platform does not answer or cannot be asked.
pub async fn order(desk: &Desk<'_>, link: &str, request: &Value) -> Result<Answer, Refusal> {
    let Request { order: number } = body(request)?;
    let (version, settings) = stored(desk, link).await?;
    let shop = desk.platforms.magento(link, &settings.magento).await.map_err(unusable)?;
    let hits = shop.orders_by_increment_id(&number).await;
    let hits = hits.map_err(|error| unanswered(&error.attempted, error.code))?;
    let [OrderHit { entity_id, .. }] = hits.as_slice() else {
        let result = if hits.is_empty() { "not_found" } else { "several" };
        return Ok(Answer::with(200, json!({ "number": number, "result": result, "found": found(&hits) })));
    };
    let order = shop.order(*entity_id).await.map_err(|error| unanswered(&error.attempted, error.code))?;
    let emails = desk.platforms.emails().await.map_err(unusable)?;
    let records = Records::new(desk.world.state.clone(), desk.world.clock.clone());
    let record = records.load(&format!("{link}/{}/{entity_id}", orders::ENTITY)).await?;
    let fingerprint = fingerprint::of(&order, &emails);
    let (customer, bound) = (Customer::Missing, record.bound.as_ref());
    let (settings, fingerprint) = (&settings, &fingerprint);
    let (order, customer) = (&order, &customer);
    let facts = Facts { link, settings, order, customer, bound, fingerprint, items: None, written: None };
    let items = items(&shop, &facts).await?;
    let facts = Facts { items: items.as_ref(), ..facts };
    let rejected = |finding| orders::dry_run::print(&Plan::Rejected(finding), order);
    let run = match how_far(desk, &facts).await? {
        Some(HowFar::Foreign(finding)) => rejected(finding),
        Some(HowFar::Written(written)) => orders::dry_run::planned(&Facts { written: Some(&written), ..facts }),
        gone => {
            let facts = Facts { bound: bound.filter(|_| gone.is_none()), ..facts };
            match look(desk, &shop, &facts, &emails, &records).await? {
                Ok(customer) => orders::dry_run::planned(&Facts { customer: &customer, ..facts }),
                Err(finding) => rejected(finding),
            }
        }
    };
    let answer = json!({
        "number": number, "result": "planned", "entity_id": entity_id, "settings_version": version,
        "target": bound.map(|bound| &bound.target), "open_write": open_write(&record), "plan": run,
    });
    Ok(Answer::with(200, answer))
}

/// What of an unfinished document is there.
async fn how_far(desk: &Desk<'_>, facts: &Facts<'_>) -> Result<Option<HowFar>, Refusal> {
    if !facts.bound.is_some_and(|bound| bound.unfinished) {
        return Ok(None);
    }
    let erp = desk.platforms.acumatica(facts.link, &facts.settings.acumatica).await.map_err(unusable)?;
    let read = orders::gather::read_written(&erp, facts).await;
    read.map_err(|error| unanswered(&error.attempted, error.code))
}

/// Whose order it is, asked only where that decides what is written.
async fn look(
    desk: &Desk<'_>,
    shop: &magento::Client,
    facts: &Facts<'_>,
    emails: &EmailKey,
    records: &Records,
) -> Result<Result<Customer, Finding>, Refusal> {
    let Some(Party::ByEmail(email)) = plan::party(facts).filter(|_| facts.bound.is_none() && is_written(facts)) else {
        return Ok(Ok(Customer::Missing));
    };
    let Settings { acumatica, .. } = facts.settings;
    let erp = desk.platforms.acumatica(facts.link, acumatica).await.map_err(unusable)?;
    let shown = format!("order {}", facts.order.increment_id);
    let guard = Guard::of(facts.link, emails, facts.settings.customers.ambiguous_email, email, shown);
    let seen = guard.peek(records, &erp).await.map_err(|unseen| match unseen {
        Unseen::Table(error) => error.into(),
        Unseen::Erp(error) => unanswered(&error.attempted, error.code),
    })?;
    let account = shopper::account_of(facts.order, facts.settings).filter(|_| matches!(seen, Ok(Customer::Missing)));
    let Some(account) = account else { return Ok(seen) };
    match shop.customer(account).await {
        Ok(account) => {
            let put = shopper::customer_of(&account, email, facts.link, facts.settings, emails);
            Ok(Ok(put.map_or(Customer::Missing, Customer::OfAccount)))
        }
        Err(error) if error.is_not_found() => Ok(seen),
        Err(error) => Err(unanswered(&error.attempted, error.code)),
    }
}

/// What the order's products say of their items, asked only where an attribute names them.
async fn items(shop: &magento::Client, facts: &Facts<'_>) -> Result<Option<Items>, Refusal> {
    let Some(asked) = plan::asked(facts).filter(|_| is_written(facts)) else { return Ok(None) };
    let skus: Vec<&str> = asked.skus.into_iter().collect();
    let known = shop.products_attribute(&skus, asked.code).await;
    known.map(Some).map_err(|error| unanswered(&error.attempted, error.code))
}

/// An earlier write whose end is not known is looked up before anything is written: the plan may be another one then.
fn open_write(record: &Record) -> Option<&str> {
    record.intent.as_ref().map(|intent| intent.step.as_str())
}

pub(super) fn unusable(Unusable { code, why }: Unusable) -> Refusal {
    Refusal::with(502, why, json!({ "code": code }))
}

pub(super) fn unanswered(attempted: &str, code: &'static str) -> Refusal {
    Refusal::with(502, format!("Could not {attempted} ({code}). {}", crate::codes::fix(code)), json!({ "code": code }))
}
