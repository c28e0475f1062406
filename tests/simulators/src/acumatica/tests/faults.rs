//! Ready-made faults in front of a tenant: planted for the n-th call, lifted again, unseen by the tenant.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use seams::clock::System;
use seams::http::{Failure, Request, Transport as _};

use crate::acumatica::{Acumatica, Config, faults};
use crate::fault::{Fault, InProcess, Planned};

fn front() -> InProcess<Acumatica> {
    InProcess::new(Acumatica::new(Config::default()), Arc::new(System))
}

fn request() -> Request {
    ::http::Request::get("http://erp/Causeway/entity").body(Bytes::new()).unwrap()
}

fn planned(fault: Fault) -> Planned {
    Planned { method: "GET".into(), path_part: "/entity".into(), fault }
}

/// The statuses of this many requests; 0 where the connection fails. Without a token the tenant itself answers 401.
async fn statuses(front: &InProcess<Acumatica>, count: usize) -> Vec<u16> {
    let mut found = Vec::new();
    for _ in 0..count {
        let sent = front.send(request(), Duration::from_secs(1)).await;
        found.push(sent.map_or(0, |answer| answer.status().as_u16()));
    }
    found
}

#[tokio::test]
async fn each_has_its_status_form_and_text() {
    let [object, text, page] = faults::login_limit();
    let another = "Another process has updated the 'SOOrder' record. Your changes will be lost.";
    let busy = "The Hold action is not available in the SO document at the moment. The document is being used by another process.";
    let setup = "The required configuration data is not entered on the Sales Orders Preferences form.";
    let (json, html, plain) = ("application/json", "text/html", "text/plain");
    let table = [
        (faults::maintenance(), 503, html, "Service Unavailable"),
        (faults::server_error(502), 502, html, "<html>"),
        (faults::request_limit(), 429, plain, "The custom error module does not recognize this error."),
        (object, 500, json, "API Login Limit"),
        (text, 429, plain, "The custom error module does not recognize this error."),
        (page, 500, html, "<title>API Login Limit</title>"),
        (faults::another_process("updated", "SOOrder"), 500, json, another),
        (faults::busy_document("Hold", "SO"), 500, json, busy),
        (faults::setup_missing("Sales Orders Preferences"), 500, json, setup),
        (faults::deadlock(), 500, json, "deadlock"),
        (faults::disk_full(), 500, json, "Could not allocate space"),
        (faults::forbidden(), 403, json, ""),
    ];
    for (fault, status, content_type, part) in table {
        let front = front();
        front.plan(planned(fault));
        let answer = front.send(request(), Duration::from_secs(1)).await.unwrap();
        let body = String::from_utf8(answer.body().to_vec()).unwrap();
        assert_eq!(answer.status().as_u16(), status, "{body}");
        assert_eq!(answer.headers()["content-type"], content_type, "{body}");
        assert!(body.contains(part), "{body}");
        if content_type == json && !part.is_empty() {
            let body: serde_json::Value = serde_json::from_str(&body).unwrap();
            assert!(body["exceptionMessage"].as_str().unwrap().contains(part), "{body}");
        }
        assert!(front.with(|erp| erp.calls().is_empty()));
        assert_eq!(statuses(&front, 1).await, [401]);
    }
}

#[tokio::test]
async fn a_fault_is_met_by_the_call_it_was_planned_for() {
    let down = || planned(faults::maintenance());
    let front = front();
    // Once, at the second call; together with an earlier one, each has its own.
    front.plan_nth(2, down());
    assert_eq!(statuses(&front, 3).await, [401, 503, 401]);
    front.plan_nth(3, down());
    front.plan(planned(faults::request_limit()));
    assert_eq!(statuses(&front, 4).await, [429, 401, 503, 401]);
    // Other calls are not counted.
    front.plan_nth(2, Planned { path_part: "/identity".into(), ..down() });
    assert_eq!(statuses(&front, 3).await, [401, 401, 401]);
    front.lift_all();
    // From the second call until it is lifted.
    let trouble = front.plant(2, down());
    assert_eq!(statuses(&front, 4).await, [401, 503, 503, 503]);
    front.lift(trouble);
    front.lift(trouble);
    assert_eq!(statuses(&front, 1).await, [401]);
    let refused = front.plant(1, planned(Fault::Refused));
    let failure = front.send(request(), Duration::from_secs(1)).await.unwrap_err();
    assert!(matches!(failure, Failure::Unsent(_)), "{failure:?}");
    assert_eq!(statuses(&front, 2).await, [0, 0]);
    front.lift(refused);
    front.plant(1, down());
    front.plan_nth(9, down());
    front.lift_all();
    assert_eq!(statuses(&front, 10).await, [401; 10]);
}
