//! Ready-made faults in front of a tenant: planted for the n-th call, lifted again, unseen by the tenant.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use seams::clock::Virtual;
use seams::clock::{Clock, System};
use seams::http::{Failure, Request, Transport as _};

use super::Shop;
use crate::acumatica::Acumatica;
use crate::acumatica::{Config, Definition, Push, Scalar, faults};
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

#[tokio::test]
async fn a_late_commit_of_a_customer_is_saved_stamped_and_told_when_it_happens() {
    let push = Push { definitions: vec![Definition::customers()], ..Push::default() };
    let config = Config { write_latency: Duration::from_secs(3), push, ..Config::default() };
    let Shop { erp, token, now: start, .. } = Shop::with(config);
    let clock = Arc::new(Virtual::new(start));
    let front = InProcess::new(erp, clock.clone());
    let put = |entity: &str, body: &str| {
        ::http::Request::put(format!("http://erp/Causeway/entity/Default/24.200.001/{entity}"))
            .header("authorization", format!("Bearer {token}"))
            .body(Bytes::from(body.to_owned()))
            .unwrap()
    };
    let limit = Duration::from_secs(10);
    let at = |path_part: &str, fault| Planned { method: "PUT".into(), path_part: path_part.into(), fault };
    let location = r#"{"Customer":{"value":"C000001"},"LocationID":{"value":"NORTH"}}"#;
    let contact = r#"{"LastName":{"value":"Roe"}}"#;
    let renamed = r#"{"CustomerID":{"value":"C000001"},"CustomerName":{"value":"Jane Roe"}}"#;
    // Carried out, but nobody hears of it; not carried out; carried out a minute after it was sent.
    front.plan(at("/CustomerLocation", Fault::LostAnswer));
    front.plan(at("/Contact", Fault::LostRequest));
    front.plan(at("/Customer", Fault::Late { after: Duration::from_secs(60) }));
    assert!(matches!(front.send(put("CustomerLocation", location), limit).await, Err(Failure::Interrupted(_))));
    assert!(matches!(front.send(put("Contact", contact), limit).await, Err(Failure::Interrupted(_))));
    assert!(matches!(front.send(put("Customer", renamed), limit).await, Err(Failure::TimedOut(_))));
    let counts = front.with(|erp| (erp.locations().len(), erp.contacts().len(), erp.saves(), erp.outbox.waiting.len()));
    assert_eq!(counts, (2, 0, 1, 0));
    clock.sleep(Duration::from_secs(120)).await;
    front.with(|erp| {
        let customer = &erp.customers()[0];
        assert_eq!(customer.text("CustomerName"), Some("Jane Roe"));
        // The first request had taken three seconds when it was sent.
        let stamp = Scalar::Moment(start + Duration::from_secs(63));
        assert_eq!(customer.at("LastModifiedDateTime"), Some(&stamp));
        assert_eq!((erp.saves(), erp.outbox.waiting.len()), (2, 1));
        let routes = [("PUT Customer", 1), ("PUT CustomerLocation", 1)].map(|(name, count)| (name.to_owned(), count));
        let puts: Vec<_> = erp.calls().clone().into_iter().filter(|(name, _)| name.starts_with("PUT")).collect();
        assert_eq!(puts, routes);
    });
}
