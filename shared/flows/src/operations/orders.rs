//! Sync an order now: its number is resolved in the shop first.

use magento::model::order::OrderId;
use queue::{Cause, Name};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Desk, Refusal, Unusable, body, enqueue, found, stored};

/// Most orders of one request: each number is a read in the shop.
const MOST: usize = 50;

/// What is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    /// Increment ids.
    #[serde(default)]
    numbers: Vec<String>,
    /// Magento's internal keys, which need no look-up.
    #[serde(default)]
    entity_ids: Vec<u64>,
}

/// Enqueues an operator event for each order found; says of each number what was found.
///
/// # Errors
/// 400 for an empty or too long list, 404 without such a link, 502 when the shop does not answer or cannot be asked.
pub async fn sync_now(desk: &Desk<'_>, link: &str, request: &Value) -> Result<Answer, Refusal> {
    let Request { numbers, entity_ids } = body(request)?;
    let asked = numbers.len() + entity_ids.len();
    if asked == 0 || asked > MOST {
        return Err(Refusal::new(
            400,
            format!("Name 1 to {MOST} orders in `numbers` or `entity_ids`; there are {asked}."),
        ));
    }
    let (_, settings) = stored(desk, link).await?;
    let mut results = Vec::with_capacity(asked);
    for id in entity_ids {
        enqueue(desk, link, Name::Orders, &OrderId::new(id).to_string(), Cause::Operator).await?;
        results.push(json!({ "entity_id": id, "result": "enqueued" }));
    }
    if !numbers.is_empty() {
        let shop = desk.platforms.magento(link, &settings.magento).await;
        let shop = shop.map_err(|Unusable { code, why }| Refusal::with(502, why, json!({ "code": code })))?;
        for number in numbers {
            results.push(by_number(desk, link, &shop, &number).await?);
        }
    }
    Ok(Answer::with(202, json!({ "results": results })))
}

async fn by_number(desk: &Desk<'_>, link: &str, shop: &magento::Client, number: &str) -> Result<Value, Refusal> {
    let hits = shop.orders_by_increment_id(number).await.map_err(|error| {
        let detail = format!("Could not {} ({}). {}", error.attempted, error.code, crate::codes::fix(error.code));
        Refusal::with(502, detail, json!({ "code": error.code }))
    })?;
    Ok(match hits.as_slice() {
        [] => json!({ "number": number, "result": "not_found" }),
        [hit] => {
            enqueue(desk, link, Name::Orders, &hit.entity_id.to_string(), Cause::Operator).await?;
            json!({ "number": number, "entity_id": hit.entity_id.0.0, "result": "enqueued" })
        }
        several => {
            json!({ "number": number, "result": "several", "found": found(several) })
        }
    })
}
