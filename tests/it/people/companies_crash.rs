//! Every outside call of a sync of a company's person fails in every way, or its worker dies there: one customer, one contact, both sides equal, and
//! orders find the company.

use flows::delivery::Outcome;
use jiff::SignedDuration;
use queue::Cause;
use serde_json::json;
use simulators::acumatica::Change;
use simulators::magento::CompanyDraft;
use store::record::State;

use super::companies::{OFFICE, contacts, edit_contact, people, push_contact};
use super::locations_crash::{settle, work};
use super::world::{People, ada, text};
use crate::flow::seams::Fate;

/// What happens before the sync, and what both sides have at the end: e-mail, last name, job title.
struct Way {
    name: &'static str,
    arrange: fn(&People),
    end: [&'static str; 3],
}

const WAYS: [Way; 5] = [
    Way { name: "a new company", arrange: new_company, end: ["ada@example.com", "Byron", "Administrator"] },
    Way { name: "a contact that is there", arrange: met, end: ["ada@example.com", "Byron", "Countess"] },
    Way { name: "an account changed", arrange: shop_edits, end: ["ada@new.example", "Lovelace", "Administrator"] },
    Way { name: "a contact changed", arrange: erp_edits, end: ["ada@new.example", "Byron", "Fellow"] },
    Way { name: "both changed", arrange: both_edit, end: ["ada@example.com", "Lovelace", "Fellow"] },
];

fn new_company(people: &People) {
    let ada = people.register(&ada());
    let now = people.shop.now();
    people.shop.magento.with(|shop| shop.add_company(now, &CompanyDraft::new("Analytical Engines", OFFICE, ada)));
}

fn met(people: &People) {
    let number = people.shop.customer(OFFICE);
    let now = people.shop.now();
    let contact = [("FirstName", "Ada"), ("LastName", "Byron"), ("Email", "ada@example.com"), ("JobTitle", "Countess")];
    let contact = contact.map(|(field, value)| Change::to(field, value));
    people.shop.erp.with(|erp| erp.create_contact(Some(&number), now, &contact)).expect("saved");
    new_company(people);
}

fn pair(people: &People) {
    new_company(people);
    people.settle();
    people.shop.time.advance(SignedDuration::from_mins(1));
}

fn shop_edits(people: &People) {
    pair(people);
    people.edit(1, "lastname", json!("Lovelace"));
    people.edit(1, "email", json!("ada@new.example"));
}

fn erp_edits(people: &People) {
    pair(people);
    edit_contact(people, 0, &[Change::to("JobTitle", "Fellow"), Change::to("Email", "ada@new.example")]);
}

fn both_edit(people: &People) {
    pair(people);
    people.edit(1, "lastname", json!("Lovelace"));
    edit_contact(people, 0, &[Change::to("JobTitle", "Fellow")]);
}

/// What is not as it must be.
fn broken(people: &People, way: &Way) -> Vec<String> {
    let (numbers, contacts_there) = (people.numbers(), contacts(people));
    let ([number], [contact]) = (numbers.as_slice(), contacts_there.as_slice()) else {
        return vec![format!("customers {numbers:?}, {} contacts", contacts_there.len())];
    };
    let account = people.account(1);
    let here = ["/email", "/lastname", "/extension_attributes/company_attributes/job_title"];
    let here = here.map(|pointer| text(&account, pointer).to_owned());
    let there = [3, 2, 5].map(|at: usize| contact[at].clone());
    let mut broken = Vec::new();
    if here != way.end || there != way.end || contact[0] != *number {
        broken.push(format!("account {here:?}, contact {there:?} of {}", contact[0]));
    }
    // The company's e-mail and the person's, each leading to the company.
    let guards: Vec<_> =
        people.shop.records().into_iter().filter(|record| record.key.contains("/customer-email/")).collect();
    let lead = |guard: &&store::Record| guard.bound.as_ref().is_some_and(|bound| bound.target == *number);
    if guards.iter().filter(lead).count() != guards.len() || guards.len() != 2 {
        broken.push(format!("guards {guards:?}"));
    }
    let magentos = people.shop.magento.with(|shop| shop.customer_ids().len());
    if magentos != 1 || people.records().iter().any(|record| record.state != State::Done) {
        broken.push(format!("{magentos} accounts, records {:?}", people.records()));
    }
    push_contact(people, 0);
    people.push(number);
    people.send("1", Cause::Operator);
    let quiet = [Outcome::Unchanged, Outcome::Skipped];
    broken.extend(
        people
            .settle()
            .into_iter()
            .filter(|report| !quiet.contains(&report.outcome))
            .map(|report| format!("not quiet: {report:?}")),
    );
    broken
}

#[test]
fn every_call_may_fail_and_there_is_one_company_and_one_contact() {
    let mut wrong = Vec::new();
    for way in &WAYS {
        let begun = || {
            let people = people();
            (way.arrange)(&people);
            people
        };
        let plain = begun();
        let kinds = work(&plain, usize::MAX, Fate::Done);
        settle(&plain);
        assert_eq!(broken(&plain, way), Vec::<String>::new(), "{}", way.name);
        let fates = kinds
            .iter()
            .enumerate()
            .flat_map(|(at, kind)| Fate::faults(*kind).iter().map(move |fate| (at, kind, fate)));
        let fates: Vec<_> = fates.collect();
        assert!(fates.len() > 50, "{}: {} runs", way.name, fates.len());
        for (at, kind, fate) in fates {
            let people = begun();
            work(&people, at, *fate);
            settle(&people);
            let broken = broken(&people, way);
            if !broken.is_empty() {
                wrong.push(format!("{}, call {at} ({kind:?}), {fate:?}: {}", way.name, broken.join("; ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} runs are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
