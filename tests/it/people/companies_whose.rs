//! Who is a person of a company and who is not: settings, people who were there before, who leaves, moves or is gone.

use flows::delivery::{Calls, Outcome};
use flows::operations::{Desk, customers};
use flows::settings::Companies;
use queue::{Cause, Name};
use serde_json::json;
use simulators::acumatica::Change;
use simulators::magento::{CompanyDraft, CustomerDraft};

use super::companies::{OFFICE, company_of_two, contacts, edit_contact, order_of, outcome, people, push_contact, told};
use super::matching::Clients;
use super::world::text;
use crate::flow::seams::Gate;
use crate::flow::world::{LINK, ready};

#[test]
fn switched_off_an_account_of_a_company_is_a_customer_like_any_other() {
    let mut people = people();
    people.change(|customers| customers.companies = Companies::default());
    let [ada, _] = company_of_two(&people, 1);
    let reports = people.drain();
    assert_eq!(told(&reports)[..2], [outcome(Outcome::Applied, 1, 2), outcome(Outcome::Applied, 1, 2)], "{reports:?}");
    assert_eq!((people.numbers().len(), contacts(&people).len()), (2, 0));
    // Whoever has a customer of its own keeps it.
    people.change(|customers| customers.companies = Companies { enabled: true });
    people.edit(ada, "lastname", json!("Lovelace"));
    people.settle();
    assert_eq!((people.numbers().len(), contacts(&people).len()), (2, 0));
    let names: Vec<_> =
        people.numbers().iter().map(|id| text(&people.customer(id), "/CustomerName/value").to_owned()).collect();
    assert!(names.contains(&"Ada Lovelace".to_owned()), "{names:?}");
    // So does a guest whose orders have made one.
    let guest = "joan@example.com";
    people.shop.order(&crate::flow::world::shirts(guest));
    while let Some(delivery) = people.shop.queue.take(Name::Orders) {
        ready(people.work(&Gate::default(), Name::Orders, &delivery));
    }
    people.settle();
    let joan = people.register(&CustomerDraft::new(guest, "Joan", "Clarke"));
    let now = people.shop.now();
    people.shop.magento.with(|shop| shop.join_company(now, joan, 1, "Guest"));
    people.settle();
    assert_eq!((people.numbers().len(), contacts(&people).len()), (3, 0));
}

#[test]
fn switched_off_later_contacts_stay_as_they_are() {
    let mut people = people();
    let [ada, _] = company_of_two(&people, 1);
    people.settle();
    people.change(|customers| customers.companies = Companies::default());
    people.edit(ada, "lastname", json!("Lovelace"));
    push_contact(&people, 1);
    let reports = people.drain();
    for report in &reports {
        let (code, calls) = (report.code.as_deref(), report.calls);
        assert_eq!((code, calls), (Some("customers.skipped.companies_off"), Calls::default()), "{report:?}");
    }
    assert_eq!((reports.len(), contacts(&people)[0][2].as_str(), people.numbers().len()), (2, "Byron", 1));
}

#[test]
fn a_contact_that_is_there_is_not_doubled() {
    let office = [
        Change::to("CustomerName", "Analytical Engines"),
        Change::to("CustomerClass", "WEB"),
        Change::to("MainContact/Email", OFFICE),
    ];
    let person = |last: &str, active: bool| {
        [("FirstName", "Ada"), ("LastName", last), ("Email", "ADA@example.com"), ("JobTitle", "Countess")]
            .map(|(field, value)| Change::to(field, value))
            .into_iter()
            .chain([Change::to("Active", active)])
            .collect::<Vec<_>>()
    };
    for (others, code) in [
        (vec![], None),
        (vec![person("Lovelace", false)], None),
        (vec![person("Lovelace", true)], Some("customers.rejected.ambiguous_contact")),
    ] {
        let people = people();
        // No account shall come of it.
        let number = people.enter(&office);
        people.told();
        let now = people.shop.now();
        people.shop.erp.with(|erp| {
            for contact in [person("Byron", true)].iter().chain(&others) {
                erp.create_contact(Some(&number), now, contact).expect("saved");
            }
        });
        company_of_two(&people, 1);
        let reports = people.settle();
        assert_eq!(reports[0].code.as_deref().filter(|code| code.contains("rejected")), code, "{reports:?}");
        let adas = contacts(&people).into_iter().filter(|contact| contact[3].eq_ignore_ascii_case("ada@example.com"));
        assert_eq!(adas.count(), 1 + others.len(), "{reports:?}");
        if code.is_none() {
            let ada = &contacts(&people)[0];
            assert_eq!(ada[1..], ["Ada", "Byron", "ADA@example.com", "", "Countess"].map(str::to_owned), "{reports:?}");
            assert_eq!(people.account(1)["extension_attributes"]["company_attributes"]["job_title"], "Countess");
        }
        assert_eq!((people.numbers(), people.shop.magento.with(|shop| shop.customer_ids().len())), (vec![number], 2));
    }
}

#[test]
fn who_leaves_or_moves_is_named_and_nothing_is_made_anew() {
    let people = people();
    let [ada, grace] = company_of_two(&people, 1);
    people.settle();
    let now = people.shop.now();
    people.shop.magento.with(|shop| {
        let other = shop.add_company(now, &CompanyDraft::new("Difference & Sons", "sons@example.com", grace));
        shop.join_company(now, ada, other, "Engineer");
        shop.join_company(now, grace, 0, "");
    });
    let reports = people.drain();
    let codes: Vec<_> = reports.iter().map(|report| report.code.as_deref().unwrap_or_default()).collect();
    assert_eq!(
        codes,
        ["customers.rejected.company_changed", "customers.skipped.left_company", "customers.skipped.company"],
        "{reports:?}"
    );
    assert_eq!(contacts(&people).len(), 2);
    // Moved by hand in the ERP, too, it is in step again, and its orders are the new company's.
    let number = people.numbers().remove(1);
    edit_contact(&people, 0, &[Change::to("BusinessAccount", number.as_str())]);
    people.send(&ada.to_string(), Cause::Operator);
    let reports = people.settle();
    assert!(reports.iter().all(|report| report.outcome != Outcome::Parked), "{reports:?}");
    assert_eq!(order_of(&people, ada), number);
}

#[test]
fn who_is_gone_stays_gone() {
    let people = people();
    let [ada, grace] = company_of_two(&people, 1);
    people.settle();
    people.shop.magento.with(|shop| shop.delete_customer(ada));
    people.send(&ada.to_string(), Cause::Webhook);
    assert_eq!(people.drain()[0].code.as_deref(), Some("customers.skipped.account_deleted"));
    let now = people.shop.now();
    people.shop.erp.with(|erp| {
        let id = erp.contacts()[1].number("ContactID");
        erp.delete_contact(id, now).expect("it is there");
    });
    people.edit(grace, "lastname", json!("Murray"));
    assert_eq!(people.drain()[0].code.as_deref(), Some("customers.skipped.customer_deleted"));
    assert_eq!((people.numbers().len(), contacts(&people).len()), (1, 1));
}

#[test]
fn erasing_a_person_leaves_its_company_and_the_others_as_they_are() {
    let people = people();
    people.store_settings();
    let [ada, grace] = company_of_two(&people, 1);
    people.settle();
    order_of(&people, ada);
    order_of(&people, grace);
    let others = || -> Vec<_> {
        let own = format!("/customer/{grace}");
        let records = people.shop.records().into_iter().filter(|record| !record.key.ends_with(&own));
        records.filter(|record| !record.key.contains("/order/2") && !record.key.contains("/customer-email/")).collect()
    };
    let (before, guards) = (others(), people.shop.records().len());
    let (world, _) = people.shop.worker(&Gate::default(), "");
    let clients = Clients(&people.shop);
    let desk = Desk { world: &world, platforms: &clients, allow_loopback: false };
    let erased = ready(customers::erase(&desk, LINK, &json!({"email": "grace@example.com"}))).expect("it is done").body;
    let of = |name: &str| erased["erased"][name].as_u64().expect("a count");
    assert_eq!(["records", "guards", "aliases", "orders"].map(of), [1, 1, 2, 1], "{erased}");
    assert_eq!(others(), before, "the company, Ada and her order");
    assert_eq!(people.shop.records().len(), guards - 1, "the guard of her e-mail alone is gone");
    people.edit(ada, "lastname", json!("Lovelace"));
    assert_eq!(told(&people.drain()), [outcome(Outcome::Applied, 2, 2)]);
}
