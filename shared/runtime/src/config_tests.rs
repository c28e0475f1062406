use super::*;

#[test]
fn every_problem_is_reported_at_once_and_no_value_is_repeated() {
    let environment = Environment::from([
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", "http://key:canary@example.com"),
        ("STATE_TABLE", "  "),
        ("LOG_TABLE", "log"),
        ("SECRET_PREFIX", "stack"),
        ("STEP_RESERVE_SECONDS", "canary"),
        ("WRITE_TIMEOUT_SECONDS", "0"),
        ("DUPLICATE_WINDOW_SECONDS", "1500"),
        ("LOCAL_MODE", "canary"),
        ("RUST_LOG", "runtime=canary"),
    ]);
    let problems = Worker::read(Name::Orders, &environment).expect_err("nearly everything is wrong").to_string();
    assert_eq!(
        problems,
        "the environment of this function is not usable: \
         AWS_ENDPOINT_URL: the base URL must not contain a user name or password; \
         RUST_LOG must be error, warn, info or debug; STATE_TABLE is missing; ORDERS_QUEUE_URL is missing; \
         DEPLOYMENT_KEY_SECRET is missing; STEP_RESERVE_SECONDS must be a whole number of seconds, at least 1; \
         WRITE_TIMEOUT_SECONDS must be a whole number of seconds, at least 1; LOCAL_MODE must be true or false"
    );
}

#[test]
fn a_complete_environment_is_read_as_it_is() {
    let environment = Environment::from([
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566/"),
        ("STATE_TABLE", "state"),
        ("ORDERS_QUEUE_URL", "http://127.0.0.1:4566/000000000000/orders.fifo"),
        ("CUSTOMERS_QUEUE_URL", "http://127.0.0.1:4566/000000000000/customers.fifo"),
        ("SECRET_PREFIX", "stack"),
        ("RUST_LOG", "debug"),
    ]);
    let read = MagentoWebhook::read(&environment).expect("complete");
    assert_eq!(read.aws.endpoint.as_ref().map(BaseUrl::as_str), Some("http://127.0.0.1:4566"));
    assert_eq!((read.state_table.as_str(), read.log_level), ("state", LevelFilter::DEBUG));
    let push = AcumaticaWebhook::read(&environment).expect("pushes need less");
    assert_eq!(push.customers_queue_url, read.customers_queue_url);
    let sweep = Sweep::read(&environment).expect("the sweep needs less");
    assert_eq!(sweep.aws.region, "eu-west-1");
    let url = |name: &str| format!("http://127.0.0.1:4566/000000000000/{name}.fifo");
    assert_eq!(sweep.queue_urls, [(Name::Orders, url("orders")), (Name::Customers, url("customers"))]);
}

#[test]
fn a_reserve_that_does_not_hold_a_write_is_refused() {
    for (reserve, write, usable) in [("130", "120", true), ("120", "120", false), ("10", "120", false)] {
        let environment = Environment::from([
            ("AWS_REGION", "eu-west-1"),
            ("STATE_TABLE", "state"),
            ("LOG_TABLE", "log"),
            ("ORDERS_QUEUE_URL", "queue"),
            ("SECRET_PREFIX", "stack"),
            ("DEPLOYMENT_KEY_SECRET", "key"),
            ("STEP_RESERVE_SECONDS", reserve),
            ("WRITE_TIMEOUT_SECONDS", write),
            ("DUPLICATE_WINDOW_SECONDS", "1500"),
            ("LOCAL_MODE", "false"),
        ]);
        assert_eq!(Worker::read(Name::Orders, &environment).is_ok(), usable, "{reserve} {write}");
    }
}

#[test]
fn the_endpoint_is_https_or_this_machine() {
    for (endpoint, usable) in [
        ("", true),
        ("https://vpce-1.sqs.eu-west-1.vpce.amazonaws.com", true),
        ("http://localhost:4566", true),
        ("http://10.0.0.1:4566", false),
    ] {
        let environment = Environment::from([
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ENDPOINT_URL", endpoint),
            ("STATE_TABLE", "state"),
            ("ORDERS_QUEUE_URL", "queue"),
            ("CUSTOMERS_QUEUE_URL", "queue"),
        ]);
        assert_eq!(Sweep::read(&environment).is_ok(), usable, "{endpoint}");
    }
}

#[test]
fn a_worker_reads_its_own_queue_and_an_operator_all() {
    let missing = |error: ConfigError| {
        let text = error.to_string();
        let names = text.split([' ', ';']).filter(|word| word.contains("_QUEUE_") || word.contains("_DLQ_"));
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    let nothing = Environment::default();
    assert_eq!(missing(Worker::read(Name::Orders, &nothing).expect_err("nothing")), ["ORDERS_QUEUE_URL"]);
    assert_eq!(missing(Worker::read(Name::Customers, &nothing).expect_err("nothing")), ["CUSTOMERS_QUEUE_URL"]);
    let all = ["ORDERS_QUEUE_URL", "ORDERS_DLQ_URL", "ORDERS_DLQ_ARN"];
    let all = all.into_iter().chain(["CUSTOMERS_QUEUE_URL", "CUSTOMERS_DLQ_URL", "CUSTOMERS_DLQ_ARN"]);
    assert_eq!(missing(Admin::read(&nothing).expect_err("nothing")), all.collect::<Vec<_>>());
}
