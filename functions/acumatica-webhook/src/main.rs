//! Acumatica's push notifications in. What is answered when stands in the library beside this file.

use acumatica_webhook::Door;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use queue::Name;
use runtime::config::{AcumaticaWebhook, Environment};
use runtime::door::Request;
use runtime::start::Parts;
use runtime::telemetry;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = AcumaticaWebhook::read(&Environment::of_process())?;
    telemetry::init(config.log_level);
    let parts = Parts::new(&config.aws, &config.state_table);
    parts.clients.warm(&config.state_table, &config.customers_queue_url).await;
    let door = &Door {
        queue: parts.queues(&[(Name::Customers, &config.customers_queue_url)]),
        secrets: parts.secrets(&config.secret_prefix),
        state: parts.state,
        clock: parts.clock,
        metrics: parts.metrics,
    };
    run(service_fn(async move |request: LambdaEvent<Request>| Ok::<_, Error>(door.receive(request.payload).await)))
        .await
}
