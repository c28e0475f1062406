//! Causes for which the ERP saves the order on hold: that is no failure, and a person decides there.

use flows::delivery::{Calls, Outcome};
use jiff::SignedDuration;
use queue::{Cause, Name};
use rust_decimal::Decimal;
use simulators::acumatica::TaxZone;
use store::log::Level;
use store::record::State;

use super::super::invariants::check;
use super::super::outcomes::{only, said};
use super::super::world::{LINK, Shop};
use super::{ADA, Promised, dead_letters, documents, plain};

/// A cause and how it is told.
pub(super) struct Case {
    pub(super) promised: Promised,
    plant: fn(&mut Shop, &str),
    code: &'static str,
    sentence: &'static str,
    /// The document's status in the ERP.
    status: &'static str,
    target: &'static str,
    /// Saves in the ERP: none where the document was there, a second one where the connector itself puts the order on hold.
    saves: u64,
}

/// The order is in the ERP from before the cut-over, and has this status there.
fn there_already(shop: &mut Shop, customer: &str, status: &str) {
    let (now, worth) = (shop.now(), Decimal::from(111));
    shop.settings.orders.look_up_before = Some(now + SignedDuration::from_hours(1));
    shop.erp.with(|erp| {
        erp.add_order("SO", "SO000077", customer, &format!("{LINK}-000000001"));
        let edited = erp.edit_order("SO", "SO000077", now, |order| {
            order.set("OrderTotal", worth);
            order.set("Hold", status == "On Hold");
            order.set("Status", status);
        });
        edited.expect("the order");
    });
}

pub(super) const CASES: &[Case] = &[
    Case {
        promised: Promised::CreditOrHold,
        plant: |shop, customer| {
            shop.erp.with(|erp| erp.set_credit_limit(customer, Decimal::TEN)).expect("the customer");
        },
        code: "orders.held.credit_hold",
        sentence: "Order 000000001 is in Acumatica as SO/000001 with status `Credit Hold`: a person decides there.",
        status: "Credit Hold",
        target: "SO/000001",
        saves: 1,
    },
    Case {
        promised: Promised::CreditOrHold,
        plant: |shop, customer| {
            shop.erp.with(|erp| erp.set_customer_status(customer, "Credit Hold")).expect("the customer");
        },
        code: "orders.held.credit_hold",
        sentence: "Order 000000001 is in Acumatica as SO/000001 with status `Credit Hold`: a person decides there.",
        status: "Credit Hold",
        target: "SO/000001",
        saves: 1,
    },
    Case {
        promised: Promised::Approval,
        plant: |shop, _| shop.order_type(|kind| kind.approval = true),
        code: "orders.held.pending_approval",
        sentence: "Order 000000001 is in Acumatica as SO/000001 with status `Pending Approval`: a person decides there.",
        status: "Pending Approval",
        target: "SO/000001",
        saves: 1,
    },
    Case {
        promised: Promised::ControlTotal,
        plant: |shop, _| {
            shop.settings.orders.default.control_total = Some(flows::settings::ControlTotal::Required);
            shop.order_type(|kind| {
                kind.calculate_freight = true;
                kind.require_control_total = true;
            });
        },
        code: "orders.held.total_differs",
        sentence: "Order 000000001 is worth 111.00 in Magento and 118.00 in Acumatica (SO/000001), a difference of -7.00; the order is on hold. The ERP calculated freight of 7.00.",
        status: "On Hold",
        target: "SO/000001",
        saves: 1,
    },
    Case {
        promised: Promised::Tax,
        plant: |shop, _| {
            // An internal zone takes only the taxes that it would calculate itself.
            let zone = TaxZone::Internal { taxes: ["CADIST".to_owned()].into() };
            shop.erp.with(|erp| erp.master.tax_zones.insert("WEBSHOP".to_owned(), zone));
        },
        code: "orders.held.total_differs",
        sentence: "Order 000000001 is worth 111.00 in Magento and 105.00 in Acumatica (SO/000001), a difference of 6.00; the order is on hold. Tax was sent as 6.00 and is 0.00.",
        status: "On Hold",
        target: "SO/000001",
        saves: 2,
    },
    Case {
        promised: Promised::CreditOrHold,
        plant: |shop, customer| there_already(shop, customer, "On Hold"),
        code: "orders.held.on_hold_in_acumatica",
        sentence: "Order 000000001 is in Acumatica as SO/SO000077 with status `On Hold`: a person decides there.",
        status: "On Hold",
        target: "SO/SO000077",
        saves: 0,
    },
    Case {
        promised: Promised::CreditOrHold,
        plant: |shop, customer| there_already(shop, customer, "Risk Hold"),
        code: "orders.held.risk_hold",
        sentence: "Order 000000001 is in Acumatica as SO/SO000077 with status `Risk Hold`: a person decides there.",
        status: "Risk Hold",
        target: "SO/SO000077",
        saves: 0,
    },
];

#[test]
fn what_the_erp_holds_is_applied_and_shown_as_held() {
    for case in CASES {
        let what = format!("{:?}: {}", case.promised, case.code);
        let mut shop = Shop::new();
        let customer = shop.customer(ADA);
        (case.plant)(&mut shop, &customer);
        let order = plain(&shop);
        shop.send(order, Cause::Webhook);
        let report = only(shop.drain());
        assert_eq!(said(&report), (Outcome::Held, case.code, case.sentence), "{what}");
        assert_eq!(report.target.as_deref(), Some(case.target), "{what}");
        assert_eq!(report.calls.magento, 1, "{what}");
        let entry = shop.entries().pop().expect("an entry");
        let told = (entry.outcome.as_str(), entry.level, entry.code.as_deref(), entry.message.as_deref());
        assert_eq!(told, ("held", Level::Warning, Some(case.code), Some(case.sentence)), "{what}");

        // It has not failed: nothing is parked, nothing is in the dead-letter queue, nothing is tried again.
        let record = shop.record(order);
        assert_eq!((record.state, record.attempts, record.park), (State::Done, 0, None), "{what}");
        assert_eq!((shop.sweep().parked, dead_letters(&shop), shop.queue.len(Name::Orders)), (0, 0, 0), "{what}");
        assert!(shop.pass(20).is_empty(), "{what}");
        let documents = documents(&shop);
        assert_eq!(
            (documents.len(), documents[0].status.as_str(), shop.saves()),
            (1, case.status, case.saves),
            "{what}"
        );
        let again = shop.deliver(order, Cause::Webhook);
        assert_eq!((again.outcome, again.calls), (Outcome::Unchanged, Calls { magento: 1, acumatica: 0 }), "{what}");
        assert_eq!(check(&shop, &[]), [], "{what}");
    }
}
