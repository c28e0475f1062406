//! Magento's events in. What is answered when stands in the library beside this file.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use magento_webhook::{Door, Request};
use runtime::config::{Environment, Webhook};
use runtime::start::Parts;
use runtime::telemetry;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = Webhook::read(&Environment::of_process())?;
    telemetry::init(config.log_level);
    let parts = Parts::new(&config.aws, &config.state_table);
    parts.clients.warm(&config.state_table, &config.orders_queue_url).await;
    let door = &Door {
        queue: parts.orders_queue(&config.orders_queue_url),
        secrets: parts.secrets(&config.secret_prefix),
        state: parts.state,
        clock: parts.clock,
        metrics: parts.metrics,
    };
    run(service_fn(async move |request: LambdaEvent<Request>| Ok::<_, Error>(door.receive(request.payload).await)))
        .await
}
