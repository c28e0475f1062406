//! The e-mail as the key of a person: guests, changes of the e-mail and of the customer's number, and e-mails that are not unique.

use flows::delivery::Outcome;
use flows::settings::{AmbiguousEmail, SharedEmail};
use serde_json::json;
use simulators::acumatica::Change;
use simulators::magento::{CustomerDraft, OrderDraft, Website};
use store::record::State;

use super::crash::{CUSTOMER, pair};
use super::play::check;
use super::world::{People, ada, text};
use crate::flow::plants::Plant;
use crate::flow::world::shirts;

const OLD: &str = "ada@example.com";
const NEW: &str = "ada@new.example";

/// The customer of a guest's next order.
fn customer_of_order(people: &People, email: &str) -> String {
    let order = people.shop.place(&shirts(email));
    let report = people.shop.deliver(order, queue::Cause::Webhook);
    assert_eq!(report.outcome, Outcome::Applied, "{report:?}");
    let nbr = report.target.unwrap_or_default();
    let orders = people.shop.erp.with(|erp| erp.order_records().to_vec());
    let own = orders.iter().find(|order| nbr.ends_with(order.text("OrderNbr").unwrap_or("?")));
    own.and_then(|order| order.text("CustomerID")).unwrap_or_default().to_owned()
}

#[test]
fn a_guest_who_registers_is_linked_and_not_doubled() {
    let people = People::new();
    let guest = customer_of_order(&people, OLD);
    let skipped: Vec<_> = people.settle().into_iter().map(|report| (report.outcome, report.code)).collect();
    let expected = (Outcome::Skipped, Some("customers.skipped.guest".to_owned()));
    assert!(
        !skipped.is_empty() && skipped.iter().all(|end| *end == expected),
        "nobody makes an account of a guest: {skipped:?}"
    );
    assert_eq!(people.shop.magento.with(|magento| magento.customer(1).cloned()), None);
    let name = text(&people.customer(&guest), "/CustomerName/value").to_owned();
    assert_ne!(name, "Ada Byron", "whoever has ordered has not proven to be her");
    people.register(&ada());
    let reports = people.settle();
    assert!(reports.iter().all(|report| report.code.is_none()), "an order's data are no conflict: {reports:?}");
    assert_eq!(people.numbers(), [guest.as_str()]);
    let customer = people.customer(&guest);
    assert_eq!(text(&customer, "/CustomerName/value"), "Ada Byron");
    assert_eq!(customer["IsGuestCustomer"]["value"], false);
    assert_eq!(text(&people.account(1), "/addresses/0/lastname"), "Byron");
    assert_eq!(check(&people), [""; 0]);
    assert_eq!(customer_of_order(&people, OLD), guest);
}

/// An order's names and addresses may be a present's: its shopper's customer is that of the account, whichever of the two comes first.
#[test]
fn an_order_makes_its_shopper_of_the_account() {
    let people = People::new();
    let account = people.register(&ada());
    people.edit(account, "group_id", json!(2));
    let before = people.account(account);
    let order = people
        .shop
        .place(&OrderDraft::registered(account, OLD).simple("SHIRT", 1, 50).shipping("flatrate_flatrate", 5));
    let report = people.shop.deliver(order, queue::Cause::Webhook);
    assert_eq!((report.outcome, report.calls.magento, report.calls.acumatica), (Outcome::Applied, 2, 3), "{report:?}");
    let [number] = people.numbers().try_into().expect("one customer");
    let customer = people.customer(&number);
    for (pointer, expected) in [
        ("/CustomerName/value", "Ada Byron"),
        ("/PriceClassID/value", "WHOLESALE"),
        ("/MainContact/Address/AddressLine1/value", text(&before, "/addresses/0/street/0")),
    ] {
        assert_eq!(text(&customer, pointer), expected, "{pointer}");
    }
    assert_ne!(customer["IsGuestCustomer"]["value"], true);
    let saves = people.shop.erp.with(|erp| erp.saves());
    let reports = people.settle();
    assert!(reports.iter().all(|report| report.code.is_none()), "{reports:?}");
    assert_eq!(people.shop.erp.with(|erp| erp.saves()), saves, "its own event finds all in step");
    assert_eq!(people.account(account), before, "and nothing comes back");
}

#[test]
fn another_email_keeps_the_pair_and_moves_the_key() {
    let in_shop = |people: &People| people.edit(1, "email", json!(NEW));
    let in_erp = |people: &People| people.change_in_erp(CUSTOMER, &[Change::to("MainContact/Email", NEW)]);
    for (what, moves) in [("the shop", &in_shop as &dyn Fn(&People)), ("the ERP", &in_erp)] {
        for ordered_before in [false, true] {
            let mut people = People::new();
            pair(&mut people);
            if ordered_before {
                assert_eq!(customer_of_order(&people, OLD), CUSTOMER, "{what}");
            }
            moves(&people);
            people.settle();
            assert_eq!(check(&people), [""; 0], "{what}");
            assert_eq!(text(&people.account(1), "/email"), NEW, "{what}");
            assert_eq!(customer_of_order(&people, NEW), CUSTOMER, "{what}: the new e-mail is the pair's");
            assert_ne!(customer_of_order(&people, OLD), CUSTOMER, "{what}: the old one is nobody's");
            people.edit(1, "taxvat", json!("US-1"));
            people.settle();
            assert_eq!(text(&people.customer(CUSTOMER), "/TaxRegistrationID/value"), "US-1", "{what}");
        }
    }
}

#[test]
fn an_email_that_was_given_up_may_come_back() {
    let mut people = People::new();
    pair(&mut people);
    for email in [NEW, OLD, NEW] {
        people.edit(1, "email", json!(email));
        people.settle();
        assert_eq!(customer_of_order(&people, email), CUSTOMER);
    }
    assert_eq!((people.numbers().len(), check(&people)), (1, Vec::new()));
}

#[test]
fn another_number_is_followed() {
    for (what, by_erp) in [("told by the ERP", true), ("found from the shop", false)] {
        let mut people = People::new();
        pair(&mut people);
        let now = people.shop.now();
        people.shop.erp.with(|erp| erp.change_customer_id(CUSTOMER, "ADA", now)).expect("a free number");
        if by_erp {
            people.settle();
        } else {
            assert_eq!(people.told().len(), 1, "the push is lost");
        }
        people.edit(1, "taxvat", json!("US-1"));
        people.settle();
        assert_eq!(people.numbers(), ["ADA"], "{what}");
        assert_eq!(text(&people.customer("ADA"), "/TaxRegistrationID/value"), "US-1", "{what}");
        assert_eq!(check(&people), [""; 0], "{what}");
        assert_eq!(customer_of_order(&people, OLD), "ADA", "{what}");
    }
}

#[test]
fn two_accounts_of_two_websites_with_one_email() {
    for (setting, code, state) in [
        (SharedEmail::Park, "customers.rejected.shared_email", State::Parked),
        (SharedEmail::First, "customers.skipped.shared_email", State::Done),
    ] {
        let mut people = People::new();
        people.change(|customers| customers.shared_email = setting);
        people.shop.magento.with(|magento| {
            let first = magento.config().websites[0].clone();
            magento.config().websites.push(Website { id: 2, code: "other".to_owned(), ..first });
        });
        people.register(&ada());
        people.register(&CustomerDraft::new(OLD, "Ada", "Byron").place(2, 1));
        let reports = people.settle();
        let told: Vec<_> = reports.iter().filter_map(|report| report.code.as_deref()).collect();
        assert_eq!(told, [code], "{reports:?}");
        assert_eq!(people.numbers().len(), 1, "{setting:?}");
        let second = people.records().into_iter().find(|record| record.key.ends_with("/customer/2")).expect("a record");
        assert_eq!(second.state, state, "{setting:?}");
        people.edit(1, "taxvat", json!("US-1"));
        people.settle();
        assert_eq!(text(&people.customer(CUSTOMER), "/TaxRegistrationID/value"), "US-1", "the first is synced");
    }
}

#[test]
fn two_customers_of_the_erp_with_one_email_are_named() {
    let people = People::new();
    let numbers = [0, 1].map(|_| people.shop.erp.with(|erp| erp.add_customer("Ada Byron", OLD)));
    people.register(&ada());
    let reports = people.settle();
    let [report] = reports.as_slice() else { panic!("{reports:?}") };
    assert_eq!(report.code.as_deref(), Some("customers.rejected.ambiguous_email"));
    let message = report.message.as_deref().unwrap_or_default();
    assert!(numbers.iter().all(|number| message.contains(number.as_str())), "{message}");
    assert!(!message.contains("ada@"), "{message}");
    // A person gives one of them another e-mail.
    people.change_in_erp(&numbers[1], &[Change::to("MainContact/Email", "other@example.com")]);
    people.send("1", queue::Cause::Operator);
    people.settle();
    let bound = people.records().into_iter().find(|record| record.key.ends_with("/customer/1"));
    assert_eq!(bound.and_then(|record| record.bound).map(|bound| bound.target), Some(numbers[0].clone()));
}

/// By its e-mail a customer is found again: one that was saved without is not used, and a person is asked.
#[test]
fn a_customer_that_is_saved_without_its_email_is_parked() {
    let people = People::with(Plant::EmailNotTaken, |queue| queue);
    people.register(&ada());
    people.settle();
    let park = people.records()[0].park.clone().expect("a person must look");
    let sentence = "Acumatica saved customer C000001 of Customer 1 of Magento without the e-mail that was sent.";
    assert_eq!((park.code.as_str(), park.message.as_str()), ("customers.rejected.email_not_taken", sentence));
    assert_eq!(people.numbers(), [CUSTOMER], "nobody is made a second time");
}

/// An e-mail that another customer is known by is nobody else's, whichever side says otherwise.
#[test]
fn an_email_that_is_somebody_elses_is_not_taken_over() {
    let people = People::new();
    people.register(&ada());
    people.settle();
    people.register(&CustomerDraft::new("grace@example.com", "Grace", "Hopper"));
    people.settle();
    people.change_in_erp(CUSTOMER, &[Change::to("MainContact/Email", "grace@example.com")]);
    people.settle();
    let parks: Vec<_> = people.records().into_iter().filter_map(|record| record.park).collect();
    let codes: Vec<&str> = parks.iter().map(|park| park.code.as_str()).collect();
    assert_eq!(codes, ["customers.rejected.email_taken"], "{parks:?}");
    assert_eq!(
        parks[0].message,
        "The e-mail of Customer C000001 of Acumatica is that of customer C000002 in Acumatica already."
    );
    assert_eq!(text(&people.account(1), "/email"), OLD);
}

/// Staff enter a customer with an e-mail that is another customer's already.
fn entered(people: &People, email: &str) -> (String, String) {
    let changes = [("CustomerName", "Ada Byron"), ("CustomerClass", "WEB"), ("MainContact/Email", email)];
    let number = people.enter(&changes.map(|(field, value)| Change::to(field, value)));
    let note = text(&people.customer(&number), "/NoteID/value").to_lowercase();
    (number, note)
}

/// Whether a setting chooses between two customers of the ERP, or a person is asked, nothing is made before that.
#[test]
fn a_customer_with_the_email_of_another_ones_order_is_named_before_an_account_is_made() {
    let [parked, skipped] = ["customers.rejected.ambiguous_email", "customers.skipped.ambiguous_email"];
    for (setting, code, state) in [
        (AmbiguousEmail::Park, parked, State::Parked),
        (AmbiguousEmail::OnlyActive, parked, State::Parked),
        (AmbiguousEmail::FirstActive, skipped, State::Done),
    ] {
        let mut people = People::new();
        people.change(|customers| customers.ambiguous_email = setting);
        let guest = customer_of_order(&people, OLD);
        people.settle();
        let (second, note) = entered(&people, OLD);
        let reports = people.settle();
        let [report] = reports.as_slice() else { panic!("{reports:?}") };
        let message = report.message.clone().unwrap_or_default();
        assert_eq!(report.code.as_deref(), Some(code), "{setting:?}: {message}");
        assert!([&guest, &second].iter().all(|number| message.contains(number.as_str())), "{message}");
        assert_eq!(people.shop.magento.with(|magento| magento.customer_ids()), [0; 0], "{setting:?}: nobody is made");
        let record = people.records().into_iter().find(|record| record.key.ends_with(&note)).expect("a record");
        assert_eq!((&record.state, &record.intent), (&state, &None), "{setting:?}");
        assert_eq!(customer_of_order(&people, OLD), guest, "{setting:?}");
        // A person gives the first one another e-mail, and has the second tried again: account and orders are the second one's.
        people.change_in_erp(&guest, &[Change::to("MainContact/Email", "other@example.com")]);
        people.send(&note, queue::Cause::Operator);
        people.settle();
        assert_eq!(check(&people), [""; 0], "{setting:?}");
        assert_eq!(text(&people.account(1), "/email"), OLD, "{setting:?}");
        assert_eq!(customer_of_order(&people, OLD), second, "{setting:?}");
    }
}

/// The same where the first one has an account: it stays the first one's.
#[test]
fn a_customer_with_the_email_of_a_pair_is_named_and_the_pair_goes_on() {
    let mut people = People::new();
    pair(&mut people);
    let (second, note) = entered(&people, OLD);
    let codes: Vec<_> = people.settle().into_iter().filter_map(|report| report.code).collect();
    assert_eq!(codes, ["customers.rejected.ambiguous_email"]);
    people.edit(1, "taxvat", json!("US-1"));
    people.settle();
    assert_eq!(text(&people.customer(CUSTOMER), "/TaxRegistrationID/value"), "US-1");
    // Whoever may not buy, or is not to be made in the shop, is in nobody's way.
    let now = people.shop.now();
    people.shop.erp.with(|erp| erp.deactivate_customer(&second, now)).expect("saved");
    people.send(&note, queue::Cause::Operator);
    let codes: Vec<_> = people.settle().into_iter().filter_map(|report| report.code).collect();
    assert_eq!(codes, ["customers.skipped.inactive"; 2], "the push, and the operator's");
    assert_eq!(customer_of_order(&people, OLD), CUSTOMER);
}

/// A customer that cannot be an account's pair, because that is another one's, keeps nothing that says it is.
#[test]
fn a_pair_that_does_not_come_about_leaves_no_alias() {
    let mut people = People::new();
    pair(&mut people);
    people.edit(1, "email", json!(NEW));
    assert!(!people.told().is_empty(), "the shop's event is lost");
    let (_, note) = entered(&people, NEW);
    let codes: Vec<_> = people.settle().into_iter().filter_map(|report| report.code).collect();
    assert_eq!(codes, ["flows.rejected.reference_taken"]);
    let aliases: Vec<String> = people.shop.state.items().into_iter().map(|item| item.key.partition).collect();
    assert!(aliases.iter().any(|key| key.ends_with("/target/1")), "{aliases:?}");
    assert!(!aliases.iter().any(|key| key.ends_with(&format!("/target/{note}"))), "{aliases:?}");
}
