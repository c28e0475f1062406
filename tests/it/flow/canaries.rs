//! Canaries: values of a person and of a secret that must turn up in the ERP and nowhere else. Not in what is logged at the most talkative
//! level, not in the metrics, not in either table, not in a message.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use acumatica::auth::TokenStore as _;
use flows::delivery::{Outcome, Report};
use queue::{Cause, Name, Queue};
use runtime::metrics::Metrics;
use serde_json::{Value, json};
use simulators::fault::{Fault, Planned};
use simulators::magento::{Address, Integration, OrderDraft};
use store::table::Item;

use super::world::{EMAIL_KEY, RATE, Shop, ready};

pub(crate) const EMAIL: &str = "zelda.quillfeather@canary.example";
pub(crate) const NAME: &str = "Zelda Quillfeather";
pub(crate) const COMPANY: &str = "Thimblewick & Daughters";
pub(crate) const STREET: &str = "77 Marmalade Lane";
pub(crate) const PHONE: &str = "555-0177-4242";
const NOTE: &str = "Leave it with Ottoline";

/// What is looked for: parts of the values, without regard to case.
const PERSON: [&str; 8] =
    ["zelda", "quillfeather", "canary.example", "thimblewick", "marmalade", "555-0177", "ottoline", "5550177"];

/// Everything that is written by whoever holds a copy.
#[derive(Clone, Default)]
pub(crate) struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn person() -> OrderDraft {
    let address = Address { telephone: Some(PHONE.to_owned()), ..Address::us("Zelda", "Quillfeather") };
    let address = address.company(COMPANY).street(&[STREET, "Apartment Marmalade"]);
    let draft = OrderDraft::guest(EMAIL).simple("SHIRT", 2, 50).shipping("flatrate_flatrate", 5).tax(RATE, 6);
    draft.billing(address.clone()).ship_to(address).note(NOTE)
}

/// Works on everything that is there, as the functions do: what is said goes to `log`, what is counted to `metrics`.
pub(crate) fn told(shop: &Shop, log: &Captured, metrics: &Captured, work: impl FnOnce() -> Vec<Report>) -> Vec<Report> {
    let writer = log.clone();
    let subscriber = runtime::telemetry::subscriber("trace".parse().expect("a level"), move || writer.clone());
    let metrics = Metrics::to(metrics.clone(), shop.time.clone());
    tracing::subscriber::with_default(subscriber, || {
        let reports = work();
        for report in &reports {
            runtime::telemetry::report(&metrics, Name::Orders, report, Duration::from_millis(7));
        }
        reports
    })
}

fn secrets(shop: &Shop) -> Vec<String> {
    let integration = Integration::new::<0>("shop", []);
    let config = simulators::acumatica::Config::default();
    let token = ready(shop.tokens.load()).expect("the store in memory answers").token.expect("signed in");
    let mut secrets = vec![integration.access_token, integration.access_token_secret, integration.consumer_secret];
    secrets.extend([config.client_secret, config.password, EMAIL_KEY.to_owned(), token.access.expose().to_owned()]);
    secrets.extend(token.refresh.map(|refresh| refresh.expose().to_owned()));
    secrets
}

fn dump(items: &[Item]) -> String {
    items.iter().map(|item| format!("{item:?}\n{}\n", item.body)).collect()
}

/// Every message that is left, those of the dead-letter queue included.
fn messages(shop: &Shop) -> String {
    let mut bodies = String::new();
    for name in Name::ALL {
        ready(shop.queue.start_redrive(name)).expect("the queue in memory answers");
        while let Some(message) = shop.queue.take(name) {
            bodies.push_str(&format!("{message:?}\n"));
        }
    }
    bodies
}

/// Where a canary turned up although it must not.
pub(crate) fn leaks(what: &str, shop: &Shop, log: &Captured, metrics: &Captured) -> Vec<String> {
    let places = [
        ("the log", log.text()),
        ("the metrics", metrics.text()),
        ("the state table", dump(&shop.state.items())),
        ("the log table", dump(&shop.log.items())),
        ("the queues", messages(shop)),
    ];
    assert!(places[..4].iter().all(|(_, text)| !text.is_empty()), "{what}: something is looked through everywhere");
    let canaries: Vec<String> = PERSON.iter().map(|text| (*text).to_owned()).chain(secrets(shop)).collect();
    let mut leaks = Vec::new();
    for (place, text) in &places {
        let lower = text.to_lowercase();
        for canary in &canaries {
            if let Some(at) = lower.find(&canary.to_lowercase()) {
                let around: String =
                    lower[..at].chars().rev().take(120).collect::<Vec<_>>().into_iter().rev().collect();
                leaks.push(format!("{what}: `{canary}` is in {place}, after: {around}"));
            }
        }
    }
    leaks
}

/// A refused record: itself, with the error where it belongs.
fn refused(path: &[&str], value: &str) -> Fault {
    let field = json!({"value": value, "error": format!("Error: '{value}' is not accepted for {NAME}, {STREET}.")});
    let mut record = path.iter().rev().fold(field, |inner, name| json!({ *name: inner }));
    record["OrderType"] = json!({"value": "SO"});
    answer(422, &record)
}

/// The error object of an exception that repeats everything that it was sent of a person.
fn exception(status: u16, and_note: &str) -> Fault {
    said(status, &format!("Error: {NAME} of {COMPANY} ({EMAIL}, {PHONE}) at {STREET}{and_note}"))
}

pub(crate) fn said(status: u16, message: &str) -> Fault {
    let kind = "PX.Data.PXException";
    answer(status, &json!({"message": "An error has occurred.", "exceptionMessage": message, "exceptionType": kind}))
}

pub(crate) fn answer(status: u16, body: &Value) -> Fault {
    Fault::Answer { status, content_type: "application/json", body: body.to_string() }
}

#[test]
fn a_person_is_in_the_erp_and_nowhere_else() {
    let (shop, log, metrics) = (Shop::new(), Captured::default(), Captured::default());
    let order = shop.order(&person());
    let reports = told(&shop, &log, &metrics, || {
        let mut reports = shop.drain();
        // Another one of the same person, a change, and a cancellation.
        reports.push(shop.deliver(shop.place(&person()), Cause::Webhook));
        let which = simulators::magento::AddressKind::Shipping;
        let street = json!(["78 Marmalade Lane"]);
        shop.magento.with(|magento| magento.edit_address(order, which, "street", street));
        reports.push(shop.deliver(order, Cause::Webhook));
        let now = shop.now();
        shop.magento.with(|magento| magento.set_state(now, order, "canceled"));
        reports.push(shop.deliver(order, Cause::Webhook));
        reports
    });
    let outcomes: Vec<Outcome> = reports.iter().map(|report| report.outcome).collect();
    assert_eq!(outcomes, [Outcome::Applied, Outcome::Applied, Outcome::Applied, Outcome::Held]);
    let sent = shop.erp.with(|erp| format!("{:?}{:?}", erp.order_records(), erp.customers()).to_lowercase());
    for canary in &PERSON[..7] {
        assert!(sent.contains(canary), "{canary} reaches the ERP");
    }
    assert_eq!(leaks("success", &shop, &log, &metrics), [""; 0]);
}

#[test]
fn a_refusal_that_repeats_a_person_is_told_without_them() {
    let mut all = Vec::new();
    for (what, method, path_part, fault, code) in [
        ("a street", "PUT", "/SalesOrder", refused(&["ShipToAddress", "AddressLine1"], STREET), "rejected.address"),
        ("an e-mail", "PUT", "/SalesOrder", refused(&["BillToContact", "Email"], EMAIL), "rejected.address"),
        ("a phone", "PUT", "/SalesOrder", refused(&["ShipToContact", "Phone1"], PHONE), "rejected.address"),
        (
            "a note",
            "PUT",
            "/SalesOrder",
            answer(422, &json!({"note": {"value": NOTE, "error": NOTE}})),
            "rejected.field",
        ),
        ("a customer's e-mail", "PUT", "/Customer", refused(&["MainContact", "Email"], EMAIL), "rejected.email"),
        ("a customer's name", "PUT", "/Customer", refused(&["CustomerName"], NAME), "rejected.field"),
        ("an order's exception", "PUT", "/SalesOrder", exception(500, NOTE), "rejected.other"),
        ("a customer's exception", "PUT", "/Customer", exception(500, ""), "rejected.other"),
        ("an exception with another status", "PUT", "/SalesOrder", exception(422, NOTE), "rejected.other"),
    ] {
        let (shop, log, metrics) = (Shop::new(), Captured::default(), Captured::default());
        shop.order(&person());
        shop.erp.plan(Planned { method: method.to_owned(), path_part: path_part.to_owned(), fault });
        let reports = told(&shop, &log, &metrics, || shop.drain());
        let [report] = reports.as_slice() else { panic!("{what}: {reports:?}") };
        let code_of = report.code.as_deref().and_then(|code| code.strip_prefix("acumatica."));
        assert_eq!((report.outcome, code_of), (Outcome::Parked, Some(code)), "{what}");
        all.extend(leaks(what, &shop, &log, &metrics));
    }
    assert_eq!(all, [""; 0]);
}

#[test]
fn a_refused_hold_or_look_up_that_repeats_a_person_is_told_without_them() {
    let mut all = Vec::new();
    for (what, method, path_part, fault) in [
        ("a hold's street", "PUT", "/SalesOrder", refused(&["ShipToAddress", "AddressLine1"], STREET)),
        ("a hold's exception", "PUT", "/SalesOrder", said(500, &format!("No mail to {EMAIL}."))),
        ("a customer that cannot be looked up", "GET", "/Customer", said(500, &format!("'{EMAIL}' is no filter."))),
        ("a customer who is read and broken", "GET", "/Customer", said(500, &format!("{NAME} of {STREET} is broken."))),
    ] {
        let (shop, log, metrics) = (Shop::new(), Captured::default(), Captured::default());
        let order = shop.order(&person());
        let plan = || shop.erp.plan(Planned { method: method.to_owned(), path_part: path_part.to_owned(), fault });
        let reports = told(&shop, &log, &metrics, || {
            if method == "PUT" {
                shop.drain();
                let now = shop.now();
                shop.magento.with(|magento| magento.set_state(now, order, "canceled"));
                shop.send(order, Cause::Webhook);
            }
            plan();
            shop.drain()
        });
        assert_eq!(reports.last().map(|report| report.outcome), Some(Outcome::Parked), "{what}: {reports:?}");
        all.extend(leaks(what, &shop, &log, &metrics));
    }
    assert_eq!(all, [""; 0]);
}
