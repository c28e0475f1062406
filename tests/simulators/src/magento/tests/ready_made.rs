//! Ready-made faults in front of a shop.

use std::sync::Arc;
use std::time::Duration;

use seams::clock::System;
use seams::http::Transport as _;

use super::*;
use crate::fault::{InProcess, Planned};
use crate::magento::faults;

#[tokio::test]
async fn a_ready_made_fault_answers_once_and_the_shop_sees_nothing() {
    let table = [
        (faults::maintenance(), 503, "text/html", "maintenance downtime"),
        (faults::deadlock(), 400, "application/json", "Database deadlock found when trying to get lock"),
        (faults::php_fatal(), 500, "application/json", "Server internal error."),
        (faults::gateway_timeout(), 504, "text/html", "504 Gateway Time-out"),
    ];
    for (fault, status, content_type, part) in table {
        let front = InProcess::new(shop(), Arc::new(System));
        front.plan(Planned { method: "GET".into(), path_part: "/V1/".into(), fault });
        let ask = || request("GET", "/rest/V1/orders?searchCriteria=", "Bearer admin");
        let answer = front.send(ask(), Duration::from_secs(1)).await.unwrap();
        let body = String::from_utf8(answer.body().to_vec()).unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["content-type"]),
            (status, &http::HeaderValue::from_static(content_type))
        );
        assert!(body.contains(part), "{body}");
        assert!(front.with(|shop| shop.calls().is_empty()));
        assert_eq!(front.send(ask(), Duration::from_secs(1)).await.unwrap().status(), 200);
    }
}
