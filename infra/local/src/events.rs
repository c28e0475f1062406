//! Events as the shop's async-events module sends them.

use std::time::Duration;

use bytes::Bytes;
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
    let signed = |shop: &mut Magento| shop.event(order, CREATED, WEBHOOK_SECRET, &Scheme::HmacSha256Hex);
    let delivery = stage.platforms.shop.as_ref().and_then(|shop| shop.with(signed));
    let delivery = delivery.ok_or_else(|| Problem::new(format!("the simulated shop has no order {order}")))?;
    let url = stage.webhook(CREATED)?;
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
                return Err(Problem::new(format!("the event of order {order} was not accepted: {reply:?} {said}")));
            }
        }
    }
}

fn reply(answer: &http::Response<Bytes>) -> Reply {
    let retry_after = answer.headers().get("retry-after").and_then(|value| value.to_str().ok()).map(str::to_owned);
    Reply::Answered { status: answer.status().as_u16(), retry_after }
}
