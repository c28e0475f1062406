//! What a customer costs and what becomes of it when nothing fails.

use flows::delivery::{Calls, Outcome};
use serde_json::json;
use simulators::acumatica::Change;

use super::world::{People, ada, text};

#[test]
fn an_account_becomes_a_customer_and_the_echo_ends_at_once() {
    let people = People::new();
    let account = people.register(&ada());
    let reports = people.drain();
    let told: Vec<_> = reports.iter().map(|report| (report.outcome, report.calls)).collect();
    assert_eq!(
        told,
        [
            // The account; a look-up and a save.
            (Outcome::Applied, Calls { magento: 1, acumatica: 2 }),
            // The ERP's push about our own save.
            (Outcome::Unchanged, Calls { magento: 0, acumatica: 1 }),
        ],
        "{reports:?}"
    );
    let number = reports[0].target.clone().expect("a customer");
    let customer = people.customer(&number);
    for (pointer, expected) in [
        ("/CustomerName/value", "Ada Byron"),
        ("/CustomerClass/value", "WEB"),
        ("/MainContact/Email/value", "ada@example.com"),
        ("/MainContact/Attention/value", "Ada Byron"),
    ] {
        assert_eq!(text(&customer, pointer), expected, "{pointer}");
    }
    assert_eq!(people.numbers().len(), 1);
    people.edit(account, "taxvat", json!("DE123456789"));
    let reports = people.drain();
    let told: Vec<_> = reports.iter().map(|report| (report.outcome, report.calls)).collect();
    assert_eq!(
        told,
        [
            (Outcome::Applied, Calls { magento: 1, acumatica: 2 }),
            (Outcome::Unchanged, Calls { magento: 0, acumatica: 1 }),
        ],
        "a known one: one read of the customer and one save: {reports:?}"
    );
    assert_eq!(text(&people.customer(&number), "/TaxRegistrationID/value"), "DE123456789");
}

#[test]
fn a_customer_becomes_an_account_and_changes_follow_both_ways() {
    let people = People::new();
    let number = people.enter(&[
        Change::to("CustomerName", "Grace Hopper"),
        Change::to("CustomerClass", "WEB"),
        Change::to("MainContact/Email", "grace@example.com"),
        Change::to("MainContact/Attention", "Grace Hopper"),
    ]);
    let reports = people.settle();
    let account: u64 =
        reports[0].target.as_deref().and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("{reports:?}"));
    assert_eq!(reports[0].calls, Calls { magento: 2, acumatica: 1 }, "{reports:?}");
    let made = people.account(account);
    assert_eq!(
        (text(&made, "/firstname"), text(&made, "/lastname"), text(&made, "/email")),
        ("Grace", "Hopper", "grace@example.com")
    );
    people.change_in_erp(&number, &[Change::to("TaxRegistrationID", "US-1")]);
    people.edit(account, "lastname", json!("Murray Hopper"));
    let reports = people.settle();
    assert!(reports.iter().all(|report| report.outcome != Outcome::Parked), "{reports:?}");
    assert_eq!(text(&people.account(account), "/taxvat"), "US-1");
    assert_eq!(text(&people.customer(&number), "/MainContact/Attention/value"), "Grace Murray Hopper");
}

/// Whoever is gone on one side is never made there again, nor deleted on the other.
#[test]
fn who_is_gone_stays_gone() {
    use flows::settings::{AccountDeleted, CustomerInactive};
    for (policy, code, status) in [
        (AccountDeleted::Nothing, "customers.skipped.account_deleted", "Active"),
        (AccountDeleted::Log, "customers.resolved.account_deleted", "Active"),
        (AccountDeleted::Deactivate, "", "Inactive"),
    ] {
        let mut people = People::new();
        people.change(|customers| customers.gone.from_magento = policy);
        let account = people.register(&ada());
        let number = people.settle()[0].target.clone().expect("a customer");
        people.shop.magento.with(|magento| magento.delete_customer(account));
        people.send(&account.to_string(), queue::Cause::Webhook);
        let report = people.settle().remove(0);
        assert_eq!(report.code.as_deref().unwrap_or_default(), code, "{policy:?}: {report:?}");
        people.change_in_erp(&number, &[Change::to("TaxRegistrationID", "US-1")]);
        people.settle();
        assert_eq!(text(&people.customer(&number), "/Status/value"), status, "{policy:?}");
        assert!(people.shop.magento.with(|magento| magento.customer_ids()).is_empty(), "{policy:?}");
    }
    let mut people = People::new();
    people.change(|customers| customers.gone.from_acumatica = CustomerInactive::Group { group_id: 3 });
    let account = people.register(&ada());
    let number = people.settle()[0].target.clone().expect("a customer");
    let now = people.shop.now();
    people.shop.erp.with(|erp| erp.deactivate_customer(&number, now)).expect("saved");
    people.settle();
    assert_eq!(people.account(account)["group_id"], 3, "a group that may not buy");
    people.change_in_erp(&number, &[Change::to("Status", "Active")]);
    let reports = people.settle();
    assert_eq!(people.account(account)["group_id"], 1, "{reports:?}");
    assert_eq!(text(&people.customer(&number), "/CustomerClass/value"), "WEB");
}
