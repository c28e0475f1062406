//! Order events from SQS into [`flows::orders`]: partial batch answers, one record at a time.

use aws_lambda_events::sqs::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use queue::Name;
use runtime::config::{Environment, Worker};
use runtime::{start, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = Worker::read(Name::Orders, &Environment::of_process())?;
    telemetry::init(config.log_level);
    let worker = &start::worker(&config).await?;
    run(service_fn(async move |invocation: LambdaEvent<SqsEvent>| {
        Ok::<_, Error>(worker.run(invocation, flows::orders::sync, flows::undecodable::park).await)
    }))
    .await
}
