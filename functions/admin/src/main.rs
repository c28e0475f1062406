//! The operations of an operator. What each does stands in `flows::operations`.

use admin::{Linked, Office};
use flows::link::{Timing, World};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use runtime::config::{Admin, Environment};
use runtime::start::Parts;
use runtime::telemetry;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = Admin::read(&Environment::of_process())?;
    telemetry::init(config.log_level);
    let parts = Parts::new(&config.aws, &config.state_table);
    // One connection serves all queues.
    let [(_, address), ..] = &config.queues;
    parts.clients.warm(&config.state_table, &address.queue_url).await;
    let office = &Office {
        platforms: Box::new(Linked {
            platforms: parts.platforms(&config.secret_prefix, config.local_mode)?,
            key: parts.deployment_key(&config.deployment_key_secret),
        }),
        allow_loopback: config.local_mode,
        world: World {
            log: parts.table(&config.log_table),
            queue: parts.queues_and_dead_letters(config.queues),
            timing: Timing::default(),
            state: parts.state,
            clock: parts.clock,
        },
    };
    run(service_fn(async move |event: LambdaEvent<Value>| Ok::<_, Error>(office.answer(event.payload).await))).await
}
