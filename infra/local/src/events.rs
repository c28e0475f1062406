//! Events as both sides send them: the shop's async-events module, and the ERP's push notifications.

use std::time::Duration;

use bytes::Bytes;
use seams::clock::{Clock as _, System};
use simulators::Inspect as _;
use simulators::magento::{Magento, Next, Reply, Scheme, Tries};

use crate::Problem;
use crate::platforms::WEBHOOK_SECRET;
use crate::stage::Stage;

/// The event of a new order.
const CREATED: &str = "sales.order.created";
/// As long as the module waits for an answer.
const LIMIT: Duration = Duration::from_secs(30);

/// Sends the event of a new order of the simulated shop, with the module's own retries.
///
/// # Errors
/// When the event is not accepted, or there is no such order or no simulated shop.
pub async fn deliver(stage: &Stage, order: u64) -> Result<(), Problem> {
    send(stage, order, CREATED).await
}

/// Delivers all that both simulated sides have to tell of customers by now, each through its own door; answers how much that was.
///
/// # Errors
/// When a door does not accept it.
pub async fn deliver_customers(stage: &Stage) -> Result<usize, Problem> {
    let occurrences = stage.platforms.shop.as_ref().map(|shop| shop.with(Magento::take_occurrences));
    let occurrences = occurrences.unwrap_or_default();
    for occurrence in &occurrences {
        send(stage, occurrence.id, occurrence.name).await?;
    }
    Ok(occurrences.len() + push(stage).await?)
}

/// Whether a side has something to tell that was not delivered yet.
pub(crate) fn has_news(stage: &Stage) -> bool {
    let shop = stage.platforms.shop.as_ref().is_some_and(|shop| {
        let told = shop.with(|shop| shop.view("occurrences"));
        told.is_some_and(|told| told.as_array().is_some_and(|told| !told.is_empty()))
    });
    shop || stage.platforms.erp.as_ref().is_some_and(|erp| erp.with(|erp| !erp.outbox.waiting.is_empty()))
}

/// Sends what waits in the ERP's outbox, with the ERP's own tries.
async fn push(stage: &Stage) -> Result<usize, Problem> {
    let Some(erp) = &stage.platforms.erp else { return Ok(0) };
    let url = stage.push_url("customer")?;
    let (due, header, retry_after) = erp.with(|erp| {
        let push = &erp.config.push;
        let (header, retry_after) = (push.header.clone(), push.retry_after);
        (erp.outbox.take(System.now()), header, retry_after)
    });
    let delivered = due.len();
    for notification in due {
        let answer = stage.cloud.send(notification.request(&url, &header), LIMIT).await;
        let status = answer.as_ref().ok().map(|answer| answer.status().as_u16());
        let given_up = erp.with(|erp| {
            erp.outbox.answered(System.now(), notification, status, retry_after);
            !erp.outbox.given_up(System.now()).is_empty()
        });
        if given_up {
            let said = answer.map(|answer| String::from_utf8_lossy(answer.body()).into_owned());
            return Err(Problem::new(format!("a push notification was not accepted: {status:?} {said:?}")));
        }
    }
    Ok(delivered)
}

/// Sends one event of the simulated shop, with the module's own retries.
async fn send(stage: &Stage, id: u64, event: &str) -> Result<(), Problem> {
    let signed = |shop: &mut Magento| shop.event(id, event, WEBHOOK_SECRET, &Scheme::HmacSha256Hex);
    let delivery = stage.platforms.shop.as_ref().and_then(|shop| shop.with(signed));
    let delivery = delivery.ok_or_else(|| Problem::new(format!("the simulated shop has no {event} of {id}")))?;
    let url = stage.webhook(event)?;
    let mut tries = Tries::default();
    loop {
        let mut request = http::Request::post(&url);
        for (name, value) in &delivery.headers {
            request = request.header(name, value);
        }
        let request = request.body(delivery.body.clone()).map_err(Problem::of("an event"))?;
        let answer = stage.cloud.send(request, LIMIT).await;
        let (reply, said) = match answer {
            Ok(answer) => (reply(&answer), String::from_utf8_lossy(answer.body()).into_owned()),
            Err(problem) => (Reply::NoAnswer, problem.to_string()),
        };
        match tries.after(&reply) {
            Next::Done => return Ok(()),
            Next::TryAfter(wait) => tokio::time::sleep(wait).await,
            Next::Lost => {
                return Err(Problem::new(format!("the event {event} of {id} was not accepted: {reply:?} {said}")));
            }
        }
    }
}

fn reply(answer: &http::Response<Bytes>) -> Reply {
    let retry_after = answer.headers().get("retry-after").and_then(|value| value.to_str().ok()).map(str::to_owned);
    Reply::Answered { status: answer.status().as_u16(), retry_after }
}
