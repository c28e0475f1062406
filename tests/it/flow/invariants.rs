//! What must hold whatever fails: checked when nothing is left to do. Nobody deletes documents in the ERP, so a duplicate that existed at any
//! moment is still there then.

use std::collections::{BTreeMap, BTreeSet};

use flows::delivery::{Outcome, Report};
use store::record::State;

use super::world::{LINK, Shop};

/// A broken promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Violation {
    /// Two sales orders carry one reference.
    TwoOrders,
    /// A line of the shopper's is there twice.
    LineTwice,
    /// A line or a payment is missing although the record says that all is done.
    PartMissing,
    /// Two payments carry one reference.
    TwoPayments,
    /// An order is open although lines of it are missing.
    PartOpen,
    /// Two customers have one e-mail.
    TwoCustomers,
    /// An order is open and does not add up to what it is worth.
    WrongTotalOpen,
    /// An order does not add up to what it is worth, and no entry of the log says that it is held.
    WrongTotalUntold,
    /// The shopper has cancelled, and the ERP's order is not held with an entry in the log.
    CancelledWithoutTrace,
    /// An order that was to be written is not there.
    Missing,
    /// A binding names a document that is not there, or another order's.
    DanglingBinding,
    /// A record is not final within the window and an hour.
    NotFinal,
    /// A record needed more than five further deliveries.
    TooManyDeliveries,
    /// Magento was to be told and does not show the number, or no outcome.
    NotTold,
    /// Magento was told one outcome twice.
    ToldTwice,
    /// A comment has changed the order's status.
    StatusChanged,
    /// A delivery's outcome is not in the log.
    NotLogged,
    /// The program met a state that it holds to be impossible.
    Bug,
}

/// Everything that is broken.
pub(crate) fn check(shop: &Shop, reports: &[(String, Report)]) -> Vec<Violation> {
    let mut broken = Vec::new();
    let orders = shop.orders();
    let mut by_reference: BTreeMap<&str, u32> = BTreeMap::new();
    orders.iter().for_each(|order| *by_reference.entry(&order.external_ref).or_default() += 1);
    if by_reference.values().any(|count| *count > 1) {
        broken.push(Violation::TwoOrders);
    }
    if has_two_customers(shop) {
        broken.push(Violation::TwoCustomers);
    }
    let payments = shop.erp.with(|erp| erp.payments());
    let mut tenders: Vec<&str> = payments.iter().map(|payment| payment.external_ref.as_str()).collect();
    tenders.sort_unstable();
    if tenders.windows(2).any(|pair| pair[0] == pair[1]) {
        broken.push(Violation::TwoPayments);
    }
    let entries = shop.entries();
    for id in shop.magento.with(|magento| magento.order_ids()) {
        let (document, key) = (shop.document(id), format!("{LINK}/order/{id}"));
        let reference = format!("{LINK}-{}", document["increment_id"].as_str().unwrap_or_default());
        let own = orders.iter().find(|order| order.external_ref == reference);
        let cancelled = document["state"] == "canceled";
        let done = shop.find(id).is_some_and(|record| record.state == State::Done) && !cancelled;
        broken.extend(own.and_then(|own| parts(shop, own, &document, done)));
        if own.is_some_and(|own| !own.hold && own.status == "Open" && own.total != shop.value(id)) {
            broken.push(Violation::WrongTotalOpen);
        }
        let told = |entry: &store::log::Entry| {
            entry.record == key && entry.code.as_deref().is_some_and(|code| code.starts_with("orders.held."))
        };
        if own.is_some_and(|own| own.total != shop.value(id)) && !entries.iter().any(told) {
            broken.push(Violation::WrongTotalUntold);
        }
        let traced = || {
            let code = Some("orders.held.canceled_in_magento");
            entries.iter().any(|entry| entry.record == key && entry.code.as_deref() == code)
        };
        if cancelled && own.is_some_and(|own| !own.hold || !traced()) {
            broken.push(Violation::CancelledWithoutTrace);
        }
        let record = shop.find(id);
        if !cancelled && (own.is_none() || record.as_ref().is_none_or(|record| record.state != State::Done)) {
            broken.push(Violation::Missing);
        }
        let bound = record.and_then(|record| record.bound).map(|bound| bound.target);
        let target = own.map(|own| format!("{}/{}", own.order_type, own.nbr));
        if bound != target {
            broken.push(Violation::DanglingBinding);
        }
        broken.extend(telling(shop, &document, target.as_deref()));
    }
    if reports.iter().any(|(event, report)| is_recorded(report) && !is_logged(&entries, event, report)) {
        broken.push(Violation::NotLogged);
    }
    if entries.iter().any(|entry| entry.code.as_deref().is_some_and(|code| code.contains(".bug."))) {
        broken.push(Violation::Bug);
    }
    broken
}

/// Each outcome stands in Magento once. A write that the shop carried out long after it was given up cannot be known of by then.
fn telling(shop: &Shop, document: &serde_json::Value, target: Option<&str>) -> Vec<Violation> {
    let mut broken = Vec::new();
    if !shop.settings.orders.default.write_back.is_some_and(|setting| setting.number && setting.comment) {
        return broken;
    }
    let mut comments = comments(document);
    let told = comments.len();
    if target.is_some_and(|target| document["ext_order_id"] != target) || (target.is_some() && told == 0) {
        broken.push(Violation::NotTold);
    }
    comments.sort_unstable();
    comments.dedup();
    if comments.len() < told && !shop.was_late_in_shop() {
        broken.push(Violation::ToldTwice);
    }
    let expected = if document["state"] == "canceled" { "canceled" } else { "pending" };
    if document["status"] != expected && !shop.was_late_in_shop() {
        broken.push(Violation::StatusChanged);
    }
    broken
}

/// The comments of ours.
pub(super) fn comments(document: &serde_json::Value) -> Vec<&str> {
    let entries = document["status_histories"].as_array().into_iter().flatten();
    entries.filter_map(|entry| entry["comment"].as_str()).filter(|text| text.starts_with("Acumatica: ")).collect()
}

/// Every line of the shopper's once, every payment once, and nothing less on an order that is open.
fn parts(
    shop: &Shop,
    own: &simulators::acumatica::Order,
    document: &serde_json::Value,
    done: bool,
) -> Option<Violation> {
    let all = own.lines.len();
    if references(shop, &own.nbr).len() < all {
        return Some(Violation::LineTwice);
    }
    let items = document["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let asked = items.iter().filter(|item| item["parent_item_id"].is_null()).count();
    // An order that somebody else entered has no line of ours.
    let missing = all > 0 && all < asked;
    if missing && !own.hold {
        return Some(Violation::PartOpen);
    }
    let received = Shop::received(document);
    let paid: rust_decimal::Decimal = own.payments.iter().map(|payment| payment.applied).sum();
    (done && all > 0 && (missing || paid != received)).then_some(Violation::PartMissing)
}

/// The references of an order's lines, each once.
pub(super) fn references(shop: &Shop, nbr: &str) -> BTreeSet<String> {
    shop.erp.with(|erp| {
        let order = erp.order_records().iter().find(|order| order.text("OrderNbr") == Some(nbr));
        let lines = order.map(|order| order.rows("Details")).unwrap_or_default();
        lines.iter().map(|line| line.text("ExternalRef").unwrap_or_default().to_owned()).collect()
    })
}

fn has_two_customers(shop: &Shop) -> bool {
    let mut emails: Vec<String> = shop.erp.with(|erp| {
        let email = |customer: &simulators::acumatica::Record| {
            customer.at("MainContact/Email").map(|email| format!("{email:?}").to_lowercase())
        };
        erp.customers().iter().filter_map(email).collect()
    });
    let all = emails.len();
    emails.sort();
    emails.dedup();
    emails.len() < all
}

/// Failing fast, a claim lost and a table away record nothing.
fn is_recorded(report: &Report) -> bool {
    let unrecorded = report.outcome == Outcome::Returned
        && report.code.as_deref().is_none_or(|code| code == "store.transient.unavailable");
    !report.silent && !unrecorded
}

fn is_logged(entries: &[store::log::Entry], event: &str, report: &Report) -> bool {
    let outcome = format!("{:?}", report.outcome).to_lowercase();
    entries.iter().any(|entry| entry.event == event && entry.outcome == outcome && entry.code == report.code)
}
