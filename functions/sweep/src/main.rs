//! Every minute: enqueues what is due, wakes what newer settings may mend, and emits the gauges that alarms look at.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use runtime::config::{Environment, Sweep};
use runtime::{start, sweep, telemetry};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = Sweep::read(&Environment::of_process())?;
    telemetry::init(config.log_level);
    let (world, metrics) = &start::sweep(&config).await;
    run(service_fn(async move |_every_minute: LambdaEvent<Value>| sweep::run(world, metrics).await)).await
}
