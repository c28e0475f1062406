//! Causes that pass by themselves: the order is written once they have, nobody does anything, and no attempt is used.

use Outcome::{Adopted, Applied, Returned, Waiting};
use Whose::{Look, Magento, SignIn, Write};
use flows::delivery::Outcome;
use queue::Cause;
use simulators::acumatica::{Acumatica, faults as erp};
use simulators::fault::{Fault, Planned};
use simulators::magento::faults::{deadlock, gateway_timeout, maintenance, php_fatal};
use store::record::State;

use super::super::invariants::check;
use super::super::outcomes::{outcomes, said};
use super::super::world::{Shop, shirts};
use super::{ADA, Promised, dead_letters, documents};

/// Whose trouble it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// Every request to Magento meets it.
    Magento,
    /// Every look-up in Acumatica meets it.
    Look,
    /// Every write to Acumatica meets it.
    Write,
    /// Every sign-in to Acumatica meets it.
    SignIn,
}

/// A trouble and how it is told.
pub(super) struct Case {
    pub(super) promised: Promised,
    whose: Whose,
    fault: fn() -> Fault,
    code: &'static str,
    /// What becomes of the message at first.
    first: Outcome,
    /// How many requests meet it.
    times: usize,
    /// It may be the order's own fault, so that a try counts.
    counted: bool,
}

const fn case(promised: Promised, whose: Whose, fault: fn() -> Fault, code: &'static str, first: Outcome) -> Case {
    Case { promised, whose, fault, code, first, times: 8, counted: false }
}

/// It counts, so it must be over before the operator's number of tries is.
const fn counted(promised: Promised, whose: Whose, fault: fn() -> Fault, code: &'static str) -> Case {
    Case { promised, whose, fault, code, first: Returned, times: 3, counted: true }
}

fn json(status: u16, body: &str) -> Fault {
    Fault::Answer { status, content_type: "application/json", body: body.to_owned() }
}

/// As an error object; the page is a web server's form of the same.
fn login_limit() -> Fault {
    let [object, ..] = erp::login_limit();
    object
}

fn login_limit_page() -> Fault {
    let [.., page] = erp::login_limit();
    page
}

fn late() -> Fault {
    Fault::Late { after: std::time::Duration::from_secs(300) }
}

fn no_database() -> Fault {
    json(500, r#"{"message":"Database connection error"}"#)
}

pub(super) const CASES: &[Case] = &[
    // One system cannot reach the other.
    case(Promised::Unreachable, Magento, || Fault::Refused, "magento.not_ready.unreachable", Waiting),
    case(Promised::Unreachable, Look, || Fault::Refused, "acumatica.not_ready.unreachable", Waiting),
    case(Promised::Unreachable, Write, || Fault::Refused, "acumatica.not_ready.unreachable", Waiting),
    // The network in between.
    case(Promised::Network, Magento, || Fault::LostRequest, "magento.not_ready.interrupted", Returned),
    case(Promised::Network, Magento, || Fault::LostAnswer, "magento.not_ready.interrupted", Returned),
    case(Promised::Network, Magento, late, "magento.not_ready.time_out", Returned),
    case(Promised::Network, Magento, gateway_timeout, "magento.not_ready.gateway", Returned),
    case(Promised::Network, Look, || Fault::LostAnswer, "acumatica.not_ready.interrupted", Returned),
    case(Promised::Network, Look, late, "acumatica.not_ready.time_out", Returned),
    case(Promised::Network, Look, || erp::server_error(502), "acumatica.not_ready.gateway", Returned),
    Case {
        times: 2,
        ..case(Promised::Network, Write, || Fault::LostRequest, "acumatica.ambiguous.no_answer", Waiting)
    },
    Case { times: 1, ..case(Promised::Network, Write, || Fault::LostAnswer, "acumatica.ambiguous.no_answer", Waiting) },
    Case { times: 1, ..case(Promised::Network, Write, late, "acumatica.ambiguous.no_answer", Waiting) },
    Case {
        times: 2,
        ..case(Promised::Network, Write, || erp::server_error(504), "acumatica.ambiguous.no_answer", Waiting)
    },
    // Infrastructure.
    case(Promised::Infrastructure, Magento, maintenance, "magento.not_ready.maintenance", Waiting),
    case(Promised::Infrastructure, Magento, no_database, "magento.not_ready.database", Waiting),
    case(Promised::Infrastructure, Look, erp::maintenance, "acumatica.not_ready.maintenance", Waiting),
    case(Promised::Infrastructure, Look, erp::disk_full, "acumatica.not_ready.infrastructure", Waiting),
    Case {
        times: 2,
        ..case(Promised::Infrastructure, Write, erp::maintenance, "acumatica.not_ready.maintenance", Waiting)
    },
    Case {
        times: 2,
        ..case(Promised::Infrastructure, Write, erp::disk_full, "acumatica.not_ready.infrastructure", Waiting)
    },
    // These may come from this very order: they count, and pass all the same.
    counted(Promised::Infrastructure, Magento, php_fatal, "magento.transient.server_error"),
    counted(Promised::Infrastructure, Magento, deadlock, "magento.transient.deadlock"),
    counted(Promised::Infrastructure, Look, || erp::server_error(500), "acumatica.transient.server_error"),
    counted(Promised::Infrastructure, Write, || erp::another_process("updated", "SOOrder"), "acumatica.transient.busy"),
    // Licences and limits.
    case(
        Promised::Licence,
        Magento,
        || json(429, r#"{"message":"Too Many Requests"}"#),
        "magento.throttled.too_many_requests",
        Returned,
    ),
    case(Promised::Licence, Look, erp::request_limit, "acumatica.throttled.licence", Returned),
    case(Promised::Licence, Write, erp::request_limit, "acumatica.throttled.licence", Returned),
    case(Promised::Licence, Write, login_limit, "acumatica.not_ready.login_limit", Waiting),
    case(Promised::Licence, Look, login_limit_page, "acumatica.not_ready.login_limit", Waiting),
    Case {
        times: 2,
        ..case(Promised::Infrastructure, Write, erp::deadlock, "acumatica.not_ready.infrastructure", Waiting)
    },
    case(Promised::Licence, SignIn, erp::request_limit, "acumatica.not_ready.login_limit", Waiting),
];

fn plan(shop: &Shop, case: &Case) {
    let planned = |method: &str, path_part: &str| Planned {
        method: method.to_owned(),
        path_part: path_part.to_owned(),
        fault: (case.fault)(),
    };
    for _ in 0..case.times {
        match case.whose {
            Magento => shop.magento.plan(planned("GET", "/V1/orders")),
            Look => shop.erp.plan(planned("GET", "/Customer")),
            Write => shop.erp.plan(planned("PUT", "/SalesOrder")),
            SignIn => shop.erp.plan(planned("POST", "/identity/connect/token")),
        }
    }
    if case.whose == SignIn {
        shop.erp.with(Acumatica::expire_access_tokens);
    }
}

#[test]
fn a_passing_trouble_is_waited_out() {
    for case in CASES {
        let what = format!("{:?}, {:?}: {}", case.promised, case.whose, case.code);
        let shop = Shop::new();
        shop.customer(ADA);
        let order = shop.place(&shirts(ADA));
        plan(&shop, case);
        shop.send(order, Cause::Webhook);
        let reports = shop.settle();
        assert_eq!((reports[0].outcome, said(&reports[0]).1), (case.first, case.code), "{what}");
        let entry = &shop.entries()[0];
        assert_eq!((entry.code.as_deref(), entry.message.is_some()), (Some(case.code), true), "{what}");

        let (last, before) = reports.split_last().expect("reports");
        assert!(matches!(last.outcome, Adopted | Applied), "{what}: {reports:?}");
        let passing = |outcome: &Outcome| matches!(outcome, Waiting | Returned);
        assert!(outcomes(before).iter().all(passing), "{what}: {reports:?}");
        let tries: Vec<u32> = before.iter().map(|report| report.attempt).collect();
        if case.counted {
            assert_eq!(tries, (1..=3).collect::<Vec<u32>>(), "{what}");
        } else {
            assert!(tries.iter().all(|attempt| *attempt == 1), "{what}: no attempt is used: {tries:?}");
        }

        let (record, documents) = (shop.record(order), documents(&shop));
        assert_eq!((record.state, record.attempts, record.park), (State::Done, 0, None), "{what}");
        assert_eq!((documents.len(), dead_letters(&shop), shop.saves()), (1, 0, 1), "{what}");
        assert_eq!((documents[0].total, check(&shop, &[])), (shop.value(order), Vec::new()), "{what}");
    }
}
