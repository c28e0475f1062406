//! What is bound is bound once, costs nothing when it is seen next, and loses nothing that came meanwhile.

use flows::delivery::{Calls, Outcome};
use flows::link::Activation;
use jiff::SignedDuration;
use queue::Cause;
use serde_json::json;
use simulators::acumatica::Change;
use simulators::magento::CustomerDraft;

use super::super::world::{People, text};
use super::{Ask, crowd};

#[test]
fn who_is_bound_costs_one_read_and_is_never_made_again() {
    let people = crowd();
    people.good(Ask::Advance);
    let (records, saves) = (people.shop.records().len(), people.shop.saves());
    let bound = people.good(Ask::Bind);
    assert_eq!((&bound["phase"], &bound["bound"], &bound["not_bound"]), (&json!("bound"), &json!(2), &json!(0)));
    assert_eq!((people.shop.records().len(), people.shop.saves()), (records + 4, saves), "two pairs, two guards");
    assert_eq!(people.good(Ask::Bind), bound);
    people.nothing_was_said();
    // Both sides have the same name and e-mail, and Magento alone an address: those are merged by the first event.
    people.send("1", Cause::Webhook);
    let first = people.settle().remove(0);
    assert_eq!((first.outcome, first.record.as_str()), (Outcome::Applied, "abcd2345/customer/1"), "{first:?}");
    for source in ["1".to_owned(), people.notes()[0].0.clone()] {
        people.send(&source, Cause::Webhook);
        let echo = people.settle().remove(0);
        assert_eq!((echo.outcome, echo.calls.magento + echo.calls.acumatica), (Outcome::Unchanged, 1), "{echo:?}");
    }
    assert_eq!(people.numbers().len(), 8, "nobody was made");
}

#[test]
fn two_that_agree_are_in_step_from_the_beginning() {
    let people = People::new();
    let account = people.register(&CustomerDraft::new("ada@example.com", "Ada", "Byron"));
    let number = people.customer_of("ada@example.com", "WEB");
    people.store_settings();
    people.good(Ask::Advance);
    people.good(Ask::Bind);
    let reports = people.settle();
    let told: Vec<_> = reports.iter().map(|report| (report.outcome, report.calls)).collect();
    let read = |magento, acumatica| (Outcome::Unchanged, Calls { magento, acumatica });
    assert_eq!(told, [read(1, 0), read(0, 1)], "{reports:?}");
    // What is changed afterwards is carried over as ever.
    people.edit(account, "taxvat", json!("DE123456789"));
    people.change_in_erp(&number, &[Change::to("CustomerName", "Ada Lovelace")]);
    people.settle();
    assert_eq!(text(&people.customer(&number), "/TaxRegistrationID/value"), "DE123456789");
    assert_eq!(text(&people.account(account), "/lastname"), "Lovelace");
}

#[test]
fn where_both_differ_the_first_event_merges_by_the_owner() {
    let people = People::new();
    let account = people.register(&CustomerDraft::new("ada@example.com", "Ada", "King"));
    people.customer_of("ada@example.com", "WEB");
    people.store_settings();
    people.good(Ask::Advance);
    people.good(Ask::Bind);
    people.hear();
    let conflict = people.settle().into_iter().find(|report| report.code.is_some()).expect("a conflict is told");
    assert_eq!(conflict.code.as_deref(), Some("customers.resolved.conflict"));
    assert!(conflict.message.as_deref().is_some_and(|message| message.contains("`name` (Acumatica's stays)")));
    assert_eq!(text(&people.account(account), "/lastname"), "Byron");
}

#[test]
fn what_is_bound_already_stays_as_it_is() {
    // The first pair met by an event, the second one's e-mail belongs to somebody else by now.
    let people = crowd();
    people.send("1", Cause::Webhook);
    people.nothing_was_said();
    people.settle();
    let met = people.records().into_iter().find(|record| record.key.ends_with("/1")).expect("a record");
    assert!(met.bound.is_some());
    let guard =
        people.shop.records().into_iter().find(|record| record.key.contains("customer-email")).expect("a guard");
    people.good(Ask::Advance);
    assert_eq!(people.good(Ask::Bind)["bound"], 2);
    let now = people.records().into_iter().find(|record| record.key.ends_with("/1"));
    assert_eq!(now.map(|record| record.rev), Some(met.rev), "not written again");
    let guards = people.shop.records().into_iter().find(|record| record.key == guard.key);
    assert_eq!(guards.map(|record| record.rev), Some(guard.rev));
}

#[test]
fn what_came_while_the_link_was_paused_is_not_lost() {
    for side in ["account", "customer"] {
        let mut people = People::new();
        let account = people.register(&CustomerDraft::new("ada@example.com", "Ada", "Byron"));
        let number = people.customer_of("ada@example.com", "WEB");
        people.store_settings();
        people.nothing_was_said();
        people.good(Ask::Advance);
        // Read already; now it changes, and the event waits for the link.
        people.shop.activation = Activation::Paused;
        match side {
            "account" => people.edit(account, "taxvat", json!("DE1")),
            _ => people.change_in_erp(&number, &[Change::to("TaxRegistrationID", "DE1")]),
        }
        people.drain();
        assert_eq!(people.records().len(), 1);
        people.good(Ask::Bind);
        people.shop.activation = Activation::Active;
        people.settle();
        let both = (people.account(account)["taxvat"].clone(), people.customer(&number));
        assert_eq!((&both.0, text(&both.1, "/TaxRegistrationID/value")), (&json!("DE1"), "DE1"), "{side}");
        assert!(people.records().iter().all(|record| record.due.is_none()), "{side}: {:?}", people.records());
    }
}

#[test]
fn pairs_are_bound_while_nobody_is_at_work() {
    let people = crowd();
    assert_eq!(people.refused(Ask::Bind).0, 404);
    people.good(Ask::Advance);
    people.activate(Activation::Active);
    assert_eq!(
        people.refused(Ask::Bind),
        (409, "Link `abcd2345` is active: pause it before pairs are bound.".to_owned())
    );
    people.activate(Activation::Paused);
    let (status, detail) = people.refused(Ask::Bind);
    assert!(status == 409 && detail.contains("ask again in five minutes"), "{detail}");
    people.shop.time.advance(SignedDuration::from_mins(5));
    people.good(Ask::Bind);
}
