//! Sync customers now: each is looked for first, so that one that nobody knows is named.

use acumatica::model::customer::Customer;
use magento::model::customer::{Customer as Account, CustomerId};
use queue::{Cause, Name};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Records;

use super::super::dry_run::{unanswered, unusable};
use super::super::{Answer, Desk, Refusal, body, enqueue, stored};
use crate::customers::identity::{Id, record_of};
use crate::customers::plan::cells::plain;
use crate::settings::Settings;

/// Most customers of one request: each is a read or two.
const MOST: usize = 50;

/// What is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    /// E-mails of accounts, or of Acumatica's customers where no account has them.
    #[serde(default)]
    emails: Vec<String>,
    /// Magento's ids.
    #[serde(default)]
    magento_ids: Vec<u64>,
    /// Acumatica's `CustomerID`s, or `NoteID`s.
    #[serde(default)]
    customer_ids: Vec<String>,
}

/// Enqueues an operator event for each customer found; says of each name what was found.
///
/// # Errors
/// 400 for an empty or too long list, 404 without such a link, 502 when a platform does not answer or cannot be asked.
pub async fn sync_now(desk: &Desk<'_>, link: &str, request: &Value) -> Result<Answer, Refusal> {
    let Request { emails, magento_ids, customer_ids } = body(request)?;
    let asked = emails.len() + magento_ids.len() + customer_ids.len();
    if asked == 0 || asked > MOST {
        let what = "customers in `emails`, `magento_ids` or `customer_ids`";
        return Err(Refusal::new(400, format!("Name 1 to {MOST} {what}; there are {asked}.")));
    }
    let (_, settings) = stored(desk, link).await?;
    let look = Look { desk, link, settings: &settings };
    let mut results = Vec::with_capacity(asked);
    for email in emails {
        results.push(look.email(&email).await?);
    }
    for id in magento_ids {
        results.push(look.account(id).await?);
    }
    for id in customer_ids {
        results.push(look.customer(&id).await?);
    }
    Ok(Answer::with(202, json!({ "results": results })))
}

struct Look<'a> {
    desk: &'a Desk<'a>,
    link: &'a str,
    settings: &'a Settings,
}

impl Look<'_> {
    async fn shop(&self) -> Result<magento::Client, Refusal> {
        self.desk.platforms.magento(self.link, &self.settings.magento).await.map_err(unusable)
    }

    async fn erp(&self) -> Result<acumatica::Client, Refusal> {
        self.desk.platforms.acumatica(self.link, &self.settings.acumatica).await.map_err(unusable)
    }

    async fn enqueue(&self, source_id: &str) -> Result<(), Refusal> {
        enqueue(self.desk, self.link, Name::Customers, source_id, Cause::Operator).await
    }

    /// The account of an e-mail, else the customer.
    async fn email(&self, email: &str) -> Result<Value, Refusal> {
        let found = self.shop().await?.customers_by_email(email, None).await;
        let found = found.map_err(|error| unanswered(&error.attempted, error.code))?;
        match found.as_slice() {
            [] => {}
            [account] => {
                self.enqueue(&account.id.to_string()).await?;
                return Ok(json!({ "email": email, "magento_id": account.id.number(), "result": "enqueued" }));
            }
            several => {
                let row = |account: &Account| json!({ "magento_id": account.id.number(), "website_id": account.website_id.map(|id| id.0) });
                let found: Vec<Value> = several.iter().map(row).collect();
                return Ok(json!({ "email": email, "result": "several", "found": found }));
            }
        }
        let customers = super::customers_of(&self.erp().await?, email).await?;
        let customers: Vec<(String, String)> = customers.iter().filter_map(number_and_note).collect();
        Ok(match customers.as_slice() {
            [] => json!({ "email": email, "result": "not_found" }),
            [(number, note)] => {
                self.enqueue(note).await?;
                json!({ "email": email, "customer_id": number, "result": "enqueued" })
            }
            several => {
                let found: Vec<Value> = several.iter().map(|(number, _)| json!({ "customer_id": number })).collect();
                json!({ "email": email, "result": "several", "found": found })
            }
        })
    }

    /// An account that is gone is synced all the same where it had a partner: something may have to become of that.
    async fn account(&self, id: u64) -> Result<Value, Refusal> {
        let known = match self.shop().await?.customer(CustomerId::new(id)).await {
            Ok(_) => true,
            Err(error) if error.is_not_found() => self.is_known(&id.to_string()).await?,
            Err(error) => return Err(unanswered(&error.attempted, error.code)),
        };
        if !known {
            return Ok(json!({ "magento_id": id, "result": "not_found" }));
        }
        self.enqueue(&id.to_string()).await?;
        Ok(json!({ "magento_id": id, "result": "enqueued" }))
    }

    async fn customer(&self, key: &str) -> Result<Value, Refusal> {
        if !super::is_key(key) {
            return Ok(json!({ "customer_id": key, "result": "not_found" }));
        }
        let found = self.erp().await?.by_key("Customer", &[key.trim()], &[]).await;
        let found = found.map_err(|error| unanswered(&error.attempted, error.code))?;
        let found = found.and_then(|found| serde_json::from_value::<Customer>(found).ok());
        let note = match found.as_ref().and_then(number_and_note) {
            Some((_, note)) => Some(note),
            None => Id::parse(key.trim()).filter(|id| matches!(id, Id::Customer(_))).map(|id| id.text()),
        };
        match note {
            Some(note) if found.is_some() || self.is_known(&note).await? => {
                self.enqueue(&note).await?;
                Ok(json!({ "customer_id": key, "result": "enqueued" }))
            }
            _ => Ok(json!({ "customer_id": key, "result": "not_found" })),
        }
    }

    /// Whether an id has a partner.
    async fn is_known(&self, id: &str) -> Result<bool, Refusal> {
        let records = Records::new(self.desk.world.state.clone(), self.desk.world.clock.clone());
        let key = record_of(&records, self.link, id).await?;
        Ok(records.load(&key).await?.bound.is_some())
    }
}

fn number_and_note(customer: &Customer) -> Option<(String, String)> {
    Some((plain(customer.customer_id.as_ref())?, super::note_of(customer)?))
}
