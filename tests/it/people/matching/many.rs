//! Many of one e-mail, and bindings that somebody else has.

use queue::Cause;
use serde_json::json;
use store::memory::mortal::Life;

use super::super::world::People;
use super::{Ask, crowd};

/// More than a page can hold: they are seen in parts, each of them is in the report once, and nobody is chosen among them.
#[test]
fn a_crowd_of_one_email_is_seen_in_parts() {
    let mut people = People::new();
    people.change(|customers| customers.ambiguous_email = flows::settings::AmbiguousEmail::FirstActive);
    let account = people.account_of("info@example.com");
    let other = people.account_of("ada@example.com");
    for _ in 0..230 {
        people.customer_of("info@example.com", "WEB");
    }
    let ada = people.customer_of("ada@example.com", "WEB");
    people.store_settings();
    let counts = people.good(Ask::Advance)["counts"].clone();
    let expected = json!({ "matched": 1, "ambiguous": 231, "only_magento": 0, "only_acumatica": 0, "left_out": 0 });
    assert_eq!(counts, expected);
    let report = people.report();
    assert_eq!(report.len(), 232);
    let code = "customers.rejected.ambiguous_email";
    for number in &people.numbers()[..230] {
        assert!(report.contains(&format!("ambiguous,,{number},{number},,WEB,{code}")), "{number}");
    }
    assert!(report.contains(&format!("ambiguous,{account},,,1,,{code}")));
    assert!(report.contains(&format!("matched,{other},{ada},{ada},1,WEB,one_email")));
    // A person can choose all the same; the others stay without an account.
    let chosen = &people.numbers()[7];
    people.good(Ask::Correct(&format!("{account},{chosen}")));
    let counts = people.good(Ask::Advance)["counts"].clone();
    assert_eq!((&counts["matched"], &counts["ambiguous"]), (&json!(2), &json!(229)));
    assert!(people.report().contains(&format!("matched,{account},{chosen},{chosen},1,,corrected")));
    assert_eq!(people.good(Ask::Bind)["bound"], 2);
}

/// Nothing that stands for somebody else is written over: neither an account's customer nor an e-mail's.
#[test]
fn what_belongs_to_somebody_else_is_said_and_left() {
    let people = crowd();
    // The first account has met its customer; an operator says that another account is that customer, and that the first one is another.
    people.nothing_was_said();
    people.send("1", Cause::Webhook);
    people.settle();
    let before: Vec<_> = people.shop.records().into_iter().map(|record| (record.key, record.rev)).collect();
    people.good(Ask::Advance);
    people.good(Ask::Correct("4,C000001\n1,C000002\n"));
    people.good(Ask::Advance);
    let bound = people.good(Ask::Bind);
    assert_eq!((&bound["bound"], &bound["not_bound"]), (&json!(0), &json!(2)));
    let code = "flows.rejected.reference_taken";
    let refused: Vec<String> = people.report().into_iter().filter(|line| line.starts_with("not_bound")).collect();
    assert_eq!(
        refused,
        [format!("not_bound,1,C000002,C000002,1,,{code}"), format!("not_bound,4,C000001,C000001,1,,{code}")]
    );
    let after: Vec<_> = people.shop.records().into_iter().map(|record| (record.key, record.rev)).collect();
    assert_eq!(after, before);
    // Both e-mails are another customer's by now.
    let people = crowd();
    people.good(Ask::Advance);
    people.good(Ask::Bind);
    let again = crowd();
    for record in people.shop.records().into_iter().filter(|record| record.key.contains("customer-email")) {
        let bound = record.bound.map(|bound| store::record::Bound { target: "C000008".to_owned(), ..bound });
        again.put_record(store::Record { bound, rev: 0, ..record });
    }
    again.good(Ask::Advance);
    let bound = again.good(Ask::Bind);
    assert_eq!((&bound["bound"], &bound["not_bound"]), (&json!(0), &json!(2)));
    assert!(again.report().contains(&"not_bound,1,C000001,C000001,1,WEB,customers.rejected.email_taken".to_owned()));
    assert_eq!(again.records(), []);
}

/// A call begins nothing more once its time is over, and says how far it is; the next one goes on.
#[test]
fn a_call_works_as_long_as_it_has_time() {
    let (people, whole) = (crowd(), crowd());
    let (compared, bound) = (whole.good(Ask::Advance), whole.good(Ask::Bind));
    for (ask, end) in [(Ask::Advance, compared), (Ask::Bind, bound)] {
        let mut phases = Vec::new();
        loop {
            let life = Life::slow(people.shop.time.clone());
            let answer = people.ask_in(ask, &life).expect("nobody dies").expect("a good answer").body;
            phases.push(answer["phase"].clone());
            if answer["done"] == true {
                assert_eq!(answer, end);
                break;
            }
        }
        assert!(phases.len() > 1, "{phases:?}");
    }
    assert_eq!(people.report(), whole.report());
}
