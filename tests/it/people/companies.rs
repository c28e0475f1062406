//! A company of Adobe Commerce is a customer of the ERP, and its people are that customer's contacts.

use flows::delivery::{Calls, Outcome, Report};
use flows::settings::Companies;
use queue::{Cause, Name};
use serde_json::json;
use simulators::acumatica::Change;
use simulators::magento::{CompanyDraft, CustomerDraft};
use store::record::State;

use super::world::{People, ada, text};
use crate::flow::seams::Gate;
use crate::flow::world::ready;

pub(super) const OFFICE: &str = "office@example.com";

/// A shop of Adobe Commerce and a tenant that sync companies.
pub(super) fn people() -> People {
    let mut people = People::new();
    people.change(|customers| customers.companies = Companies { enabled: true });
    people.shop.magento.with(|shop| shop.config().modules.push("Magento_Company".into()));
    people
}

pub(super) fn grace() -> CustomerDraft {
    CustomerDraft::new("grace@example.com", "Grace", "Hopper")
}

/// Ada, who administers a company with that standing, and Grace, who works there.
pub(super) fn company_of_two(people: &People, status: u8) -> [u64; 2] {
    let (first, second) = (people.register(&ada()), people.register(&grace()));
    let draft = CompanyDraft {
        status,
        vat_tax_id: Some("US-77".into()),
        ..CompanyDraft::new("Analytical Engines", OFFICE, first)
    };
    let now = people.shop.now();
    people.shop.magento.with(|shop| {
        let company = shop.add_company(now, &draft);
        shop.join_company(now, second, company, "Engineer");
    });
    [first, second]
}

/// The contacts of the ERP: whose, first and last name, e-mail, telephone, job title.
pub(super) fn contacts(people: &People) -> Vec<[String; 6]> {
    people.shop.erp.with(|erp| {
        let fields = ["BusinessAccount", "FirstName", "LastName", "Email", "Phone1", "JobTitle"];
        let of = |contact: &simulators::acumatica::Record| {
            fields.map(|field| contact.text(field).unwrap_or_default().to_owned())
        };
        erp.contacts().iter().map(of).collect()
    })
}

pub(super) fn told(reports: &[Report]) -> Vec<(Outcome, Calls)> {
    reports.iter().map(|report| (report.outcome, report.calls)).collect()
}

pub(super) fn outcome(outcome: Outcome, magento: u32, acumatica: u32) -> (Outcome, Calls) {
    (outcome, Calls { magento, acumatica })
}

fn row(whose: &str, rest: [&str; 5]) -> [String; 6] {
    let [first, last, email, phone, job] = rest.map(str::to_owned);
    [whose.to_owned(), first, last, email, phone, job]
}

#[test]
fn a_company_is_one_customer_and_its_people_are_contacts() {
    let people = people();
    company_of_two(&people, 1);
    let reports = people.drain();
    assert_eq!(
        told(&reports),
        [
            // The account, the company, the regions of its country; customer and contact: each looked up and saved.
            outcome(Outcome::Applied, 3, 4),
            // The company's customer is known: its second person costs one look-up and one save.
            outcome(Outcome::Applied, 2, 2),
            // The ERP's push about the customer.
            outcome(Outcome::Skipped, 0, 0),
        ],
        "{reports:?}"
    );
    assert_eq!(reports[2].code.as_deref(), Some("customers.skipped.company"));
    let [number] = people.numbers().try_into().expect("one customer");
    assert_eq!(reports[0].target.as_deref(), Some(format!("{number}/contact/100001").as_str()));
    let customer = people.customer(&number);
    for (pointer, expected) in [
        ("/CustomerName/value", "Analytical Engines"),
        ("/CustomerClass/value", "WEB"),
        ("/TaxRegistrationID/value", "US-77"),
        ("/MainContact/Email/value", OFFICE),
        ("/MainContact/CompanyName/value", "Analytical Engines"),
        ("/MainContact/Phone1/value", "4155551212"),
        ("/MainContact/Address/AddressLine1/value", "100 Big Tree Avenue"),
        ("/MainContact/Address/City/value", "San Francisco"),
        ("/MainContact/Address/State/value", "CA"),
        ("/MainContact/Address/PostalCode/value", "99999"),
    ] {
        assert_eq!(text(&customer, pointer), expected, "{pointer}");
    }
    let expected = [
        row(&number, ["Ada", "Byron", "ada@example.com", "", "Administrator"]),
        row(&number, ["Grace", "Hopper", "grace@example.com", "", "Engineer"]),
    ];
    assert_eq!(contacts(&people), expected);
}

/// A push about a contact, such as a definition over the contacts of companies sends.
pub(super) fn push_contact(people: &People, at: usize) {
    let note = people.shop.erp.with(|erp| erp.contacts()[at].text("NoteID").expect("a contact has one").to_owned());
    people.send(&note, Cause::Push);
}

/// A user of the ERP edits a contact.
pub(super) fn edit_contact(people: &People, at: usize, changes: &[Change]) {
    let now = people.shop.now();
    people.shop.erp.with(|erp| {
        let id = erp.contacts()[at].number("ContactID");
        erp.edit_contact(id, now, changes).expect("the form saves it");
    });
    push_contact(people, at);
}

#[test]
fn a_change_of_a_contact_follows_from_either_side() {
    let people = people();
    let [ada, _] = company_of_two(&people, 1);
    people.settle();
    people.edit(ada, "lastname", json!("Lovelace"));
    // The account and the company; the contact, and its save.
    assert_eq!(told(&people.drain()), [outcome(Outcome::Applied, 2, 2)]);
    assert_eq!(contacts(&people)[0][2], "Lovelace");

    edit_contact(&people, 0, &[Change::to("JobTitle", "Fellow"), Change::to("Phone1", "555-0199")]);
    // The contact; the account, the company, the account again and its save. Then Magento's own event about it.
    let expected = [outcome(Outcome::Applied, 4, 1), outcome(Outcome::Unchanged, 1, 0)];
    assert_eq!(told(&people.drain()), expected);
    let account = people.account(ada);
    let of = |name: &str| account["extension_attributes"]["company_attributes"][name].clone();
    assert_eq!([of("job_title"), of("telephone")], [json!("Fellow"), json!("555-0199")]);
    assert_eq!((of("company_id"), of("status")), (json!(1), json!(1)), "what binds it to the company is kept");

    push_contact(&people, 0);
    people.send(&ada.to_string(), Cause::Webhook);
    people.send(&ada.to_string(), Cause::Operator);
    let reports = people.drain();
    assert!(reports.iter().all(|report| report.outcome == Outcome::Unchanged), "{reports:?}");
    assert_eq!(reports[0].calls, Calls { magento: 0, acumatica: 1 }, "an echo is one read");
    assert_eq!(reports[1].calls, Calls { magento: 1, acumatica: 0 }, "an echo is one read");

    people.edit(ada, "lastname", json!("King"));
    edit_contact(&people, 0, &[Change::to("LastName", "Noel")]);
    let reports = people.drain();
    assert_eq!(reports[0].code.as_deref(), Some("customers.resolved.conflict"), "{reports:?}");
    assert_eq!((text(&people.account(ada), "/lastname"), contacts(&people)[0][2].as_str()), ("Noel", "Noel"));
}

/// An order of an account, worked on until it is there; its customer.
pub(super) fn order_of(people: &People, account: u64) -> String {
    let draft = people.shop.magento.with(|shop| shop.order_of(account));
    let order = people.shop.order(&draft.simple("SHIRT", 2, 50).shipping("flatrate_flatrate", 5));
    let mut reports = Vec::new();
    for _ in 0..3 {
        while let Some(delivery) = people.shop.queue.take(Name::Orders) {
            reports.push(ready(people.work(&Gate::default(), Name::Orders, &delivery)));
        }
        people.settle();
        if people.shop.find(order).is_some_and(|record| record.bound.is_some()) {
            return people.shop.erp.with(|erp| {
                let order = erp.order_records().last().expect("an order").clone();
                order.text("CustomerID").unwrap_or_default().to_owned()
            });
        }
        people.shop.time.advance(jiff::SignedDuration::from_mins(16));
        people.shop.send(order, Cause::Due);
    }
    panic!("{reports:?}");
}

#[test]
fn an_order_of_a_person_is_its_companys() {
    let people = people();
    let [ada, grace] = company_of_two(&people, 1);
    // The order comes before any event of the account: it asks for the person, and waits.
    let number = order_of(&people, ada);
    assert_eq!(people.numbers(), std::slice::from_ref(&number), "no customer is made of the person");
    assert_eq!(contacts(&people).len(), 2);
    people.settle();
    assert_eq!(order_of(&people, grace), number);
    people.edit(ada, "email", json!("ada@new.example"));
    people.settle();
    assert_eq!(order_of(&people, ada), number, "the guard has moved with the e-mail");
    edit_contact(&people, 1, &[Change::to("Email", "hopper@example.com")]);
    people.settle();
    assert_eq!(text(&people.account(grace), "/email"), "hopper@example.com");
    assert_eq!(order_of(&people, grace), number);
    assert_eq!(people.numbers(), [number]);
}

#[test]
fn of_a_company_that_is_not_approved_nothing_is_written() {
    for (status, told, code) in [
        (0, Outcome::Waiting, "customers.not_ready.company_pending"),
        (2, Outcome::Skipped, "customers.skipped.company_blocked"),
        (3, Outcome::Skipped, "customers.skipped.company_blocked"),
    ] {
        let people = people();
        let [ada, grace] = company_of_two(&people, status);
        let reports = people.drain();
        let said: Vec<_> = reports.iter().map(|report| (report.outcome, report.code.as_deref())).collect();
        assert_eq!(said, [(told, Some(code)); 2], "{status}");
        assert_eq!(reports[0].calls, Calls { magento: 2, acumatica: 0 }, "{status}");
        assert_eq!((people.numbers().len(), contacts(&people).len(), people.shop.saves()), (0, 0, 0), "{status}");
        people.shop.magento.with(|shop| shop.edit_company(1, "status", 1));
        if status != 0 {
            [ada, grace].iter().for_each(|account| people.send(&account.to_string(), Cause::Operator));
        }
        people.settle();
        assert_eq!((people.numbers().len(), contacts(&people).len()), (1, 2), "{status}");
        // Blocked later: what its people change stays where it is.
        people.shop.magento.with(|shop| shop.edit_company(1, "status", 3));
        people.edit(ada, "lastname", json!("Lovelace"));
        assert_eq!(people.drain()[0].code.as_deref(), Some("customers.skipped.company_blocked"), "{status}");
        assert_eq!(contacts(&people)[0][2], "Byron", "{status}");
    }
}

#[test]
fn without_the_module_it_is_said_that_it_is_not_there() {
    let mut people = people();
    company_of_two(&people, 1);
    people.shop.magento.with(|shop| shop.config().modules.retain(|module| module != "Magento_Company"));
    let reports = people.drain();
    for report in &reports {
        assert_eq!(report.code.as_deref(), Some("customers.rejected.company_module_missing"), "{report:?}");
        assert_eq!((report.outcome, report.calls), (Outcome::Parked, Calls { magento: 2, acumatica: 0 }));
        let message = report.message.as_deref().unwrap_or_default();
        assert!(message.contains("the module is not there"), "{message}");
    }
    assert_eq!((reports.len(), people.numbers().len()), (2, 0));
    people.change(|customers| customers.companies = Companies::default());
    let (world, _) = people.shop.worker(&Gate::default(), "");
    ready(flows::sweep::sweep(&world, Name::Customers, &people.shop.swept())).expect("the sweep goes through");
    people.settle();
    assert!(people.records().iter().all(|record| record.state == State::Done), "{:?}", people.records());
    assert_eq!((people.numbers().len(), contacts(&people).len()), (2, 0), "customers like any others");
}
