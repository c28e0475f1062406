//! The dry run of a live customer: what a sync would write now. Reads both sides and the record's base; writes nothing on either side and nothing in a
//! table, but for the ERP's access token where the shared one has run out.

use acumatica::model::customer::Customer;
use magento::model::customer::Customer as Account;
use serde::Deserialize;
use serde_json::{Value, json};
use store::Records;

use super::super::dry_run::{unanswered, unusable};
use super::super::{Answer, Desk, body, stored};
use super::{Named, customers_of, note_of};
use crate::customers::dry_run::{DryRun, planned, stopped};
use crate::customers::identity::Id;
use crate::customers::peek::{Peeked, Unseen, peek};
use crate::customers::plan;
use crate::customers::plan::cells::plain;
use crate::failure;
use crate::link::{Activation, Link};
use crate::operations::Refusal;

/// What is asked for: one of the three.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    email: Option<String>,
    magento_id: Option<u64>,
    customer_id: Option<String>,
}

/// Whom a name stands for.
enum Who {
    One(Id),
    Nobody,
    Several(Vec<Value>),
}

/// Plans one customer.
///
/// # Errors
/// 400 unless one customer is named, 404 without such a link, 502 when a platform does not answer or cannot be asked.
pub async fn plan(desk: &Desk<'_>, link: &str, request: &Value) -> Result<Answer, Refusal> {
    let Request { email, magento_id, customer_id } = body(request)?;
    let named = Named::of(email, magento_id, customer_id)?;
    let link = open(desk, link).await?;
    if !link.settings.customers.enabled {
        return Ok(answer(&link, None, stopped(plan::disabled())));
    }
    let id = match who(&link, named).await? {
        Who::One(id) => id,
        Who::Nobody => return Ok(Answer::with(200, json!({ "result": "not_found", "found": [] }))),
        Who::Several(found) => return Ok(Answer::with(200, json!({ "result": "several", "found": found }))),
    };
    let records = Records::new(desk.world.state.clone(), desk.world.clock.clone());
    match peek(&link, &records, &id).await {
        Ok(Peeked { account: None, customer: None, record, .. }) if record.bound.is_none() => {
            Ok(Answer::with(200, json!({ "result": "not_found", "found": [] })))
        }
        Ok(peeked) => {
            let run = planned(&peeked.facts(&link), id.side());
            Ok(answer(&link, Some(&peeked), run))
        }
        Err(Unseen::Found(finding)) => Ok(answer(&link, None, stopped(finding))),
        Err(Unseen::Table(error)) => Err(error.into()),
        Err(Unseen::Platform(failure::Refusal::Magento(error))) => Err(unanswered(&error.attempted, error.code)),
        Err(Unseen::Platform(failure::Refusal::Acumatica(error))) => Err(unanswered(&error.attempted, error.code)),
    }
}

/// The link as a worker has it, whether it is active or not.
async fn open(desk: &Desk<'_>, id: &str) -> Result<Link, Refusal> {
    let (settings_version, settings) = stored(desk, id).await?;
    let magento = desk.platforms.magento(id, &settings.magento).await.map_err(unusable)?;
    let acumatica = desk.platforms.acumatica(id, &settings.acumatica).await.map_err(unusable)?;
    let emails = desk.platforms.emails().await.map_err(unusable)?;
    let (id, activation) = (id.to_owned(), Activation::Active);
    Ok(Link { id, activation, settings, settings_version, magento, acumatica, emails })
}

/// The account of an e-mail, else the customer.
async fn who(link: &Link, named: Named) -> Result<Who, Refusal> {
    match named {
        Named::Account(id) => Ok(Who::One(Id::Account(id))),
        Named::Customer(key) => match Id::parse(&key) {
            Some(id @ Id::Customer(_)) => Ok(Who::One(id)),
            _ => {
                let found = link.acumatica.by_key("Customer", &[&key], &[]).await;
                let found = found.map_err(|error| unanswered(&error.attempted, error.code))?;
                let found = found.and_then(|found| serde_json::from_value::<Customer>(found).ok());
                Ok(found.as_ref().and_then(note_of).map_or(Who::Nobody, |note| Who::One(Id::Customer(note))))
            }
        },
        Named::Email(email) => {
            let found = link.magento.customers_by_email(&email, None).await;
            let found = found.map_err(|error| unanswered(&error.attempted, error.code))?;
            let row = |account: &Account| json!({ "magento_id": account.id.number(), "website_id": account.website_id.map(|id| id.0) });
            match found.as_slice() {
                [] => {}
                [account] => return Ok(Who::One(Id::Account(account.id))),
                several => return Ok(Who::Several(several.iter().map(row).collect())),
            }
            let customers = customers_of(&link.acumatica, &email).await?;
            Ok(match customers.as_slice() {
                [customer] => note_of(customer).map_or(Who::Nobody, |note| Who::One(Id::Customer(note))),
                [] => Who::Nobody,
                several => Who::Several(several.iter().map(|one| json!({ "customer_id": number(one) })).collect()),
            })
        }
    }
}

fn number(customer: &Customer) -> Option<String> {
    plain(customer.customer_id.as_ref())
}

/// `open_write` names a step whose end is not known yet: it is looked for before anything is written, and the plan may be another one then.
fn answer(link: &Link, peeked: Option<&Peeked>, run: DryRun) -> Answer {
    let record = peeked.map(|peeked| &peeked.record);
    let answer = json!({
        "result": "planned",
        "magento_id": peeked.and_then(|peeked| Some(peeked.account.as_ref()?.id.number())),
        "customer_id": peeked.and_then(|peeked| number(peeked.customer.as_ref()?)),
        "record": record.map(|record| &record.key),
        "bound": record.is_some_and(|record| record.bound.is_some()),
        "open_write": record.and_then(|record| Some(&record.intent.as_ref()?.step)),
        "settings_version": link.settings_version,
        "plan": run,
    });
    Answer::with(200, answer)
}
