//! Magento's events in. What is answered when stands in the library beside this file.

use std::sync::Arc;

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use magento::webhook::adobe_io::Keys;
use magento_webhook::Door;
use queue::Name;
use runtime::config::{Environment, MagentoWebhook};
use runtime::door::Request;
use runtime::start::Parts;
use runtime::telemetry;
use seams::http::Reqwest;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = MagentoWebhook::read(&Environment::of_process())?;
    telemetry::init(config.log_level);
    let parts = Parts::new(&config.aws, &config.state_table);
    parts.clients.warm(&config.state_table, &config.orders_queue_url).await;
    let door = &Door {
        queue: parts
            .queues(&[(Name::Orders, &config.orders_queue_url), (Name::Customers, &config.customers_queue_url)]),
        secrets: parts.secrets(&config.secret_prefix),
        keys: Keys::new(Arc::new(Reqwest::new()?), parts.clock.clone()),
        state: parts.state,
        clock: parts.clock,
        metrics: parts.metrics,
    };
    run(service_fn(async move |request: LambdaEvent<Request>| Ok::<_, Error>(door.receive(request.payload).await)))
        .await
}
