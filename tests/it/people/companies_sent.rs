//! What is sent of a company and its people: names that there are, and nothing that is too long.

use flows::customers::facts::{Facts, Regions};
use flows::customers::plan::companies::{self, Person};
use flows::merge::{Hashes, Side};
use simulators::magento::{CompanyDraft, CustomerDraft};

use super::companies::{OFFICE, company_of_two, contacts, people};
use super::world::People;
use crate::flow::seams::Gate;
use crate::flow::world::{LINK, ready};
use crate::plan::fields;

/// Every member that a company and its people are saved with is one of the endpoint's, and of its type.
#[test]
fn saves_of_a_company_name_only_what_there_is() {
    let people = people();
    company_of_two(&people, 1);
    people.drain();
    let (_, link) = people.shop.worker(&Gate::default(), "");
    let company = ready(link.magento.company(magento::model::wire::Id(1))).expect("a company");
    let account = magento::model::customer::Customer::read(people.account(1)).expect("an account");
    let contact = ready(link.acumatica.by_key("Contact", &["100001"], &[])).expect("an answer").expect("a contact");
    let contact = acumatica::error::decode(contact).expect("a contact");
    let (hashes, regions) = (Hashes::new(&link.emails, "link/customer/1"), Regions::new());
    let facts = Facts {
        link: LINK,
        settings: &link.settings,
        account: Some(&account),
        customer: None,
        paired: false,
        base: None,
        newer: Side::Magento,
        hashes,
        regions: &regions,
        further: None,
    };
    let (known, mut sent) = (fields::Facts::load(), fields::Sent::new());
    let step = companies::customer(&facts, &company).expect("a customer to be made");
    fields::walk(&known, "Customer", step.body(), &mut sent);
    let mut changed = magento::model::customer::Customer::read(people.account(1)).expect("an account");
    changed.lastname = Some("Lovelace".into());
    changed.email = Some("ada@new.example".into());
    for (account, contact) in [(&account, None), (&changed, Some(&contact))] {
        let person = Person { facts, account, contact, customer_id: "C000001", newer: Side::Magento };
        let decided = companies::plan(&person);
        let steps = &decided.plan.work().expect("a contact to be saved").steps;
        for step in steps.iter().filter(|step| step.entity() == "Contact") {
            fields::walk(&known, "Contact", step.body(), &mut sent);
        }
    }
    let names: Vec<String> = sent.keys().map(|(entity, member)| format!("{entity}.{member}")).collect();
    assert!(names.contains(&"Contact.JobTitle".to_owned()) && names.contains(&"Customer.CustomerName".to_owned()));
    assert_eq!(names.len(), 18, "{names:?}");
}

/// A company and its administrator, with texts of a length.
fn company(people: &People, name: &str, title: &str, vat: &str) {
    let ada = people.register(&CustomerDraft::new("ada@example.com", "Ada", "Byron"));
    let draft = CompanyDraft { vat_tax_id: Some(vat.into()), ..CompanyDraft::new(name, OFFICE, ada) };
    let now = people.shop.now();
    people.shop.magento.with(|shop| {
        let id = shop.add_company(now, &draft);
        shop.join_company(now, ada, id, title);
    });
}

#[test]
fn what_is_too_long_is_named_and_nothing_is_cut() {
    let long = |length: usize| "é".repeat(length);
    for (name, title, vat, customers, people_there) in [
        (255, 255, 50, 1, 1),
        (256, 255, 50, 0, 0),
        (255, 255, 51, 0, 0),
        // The company is made before any of its people.
        (255, 256, 50, 1, 0),
    ] {
        let people = people();
        company(&people, &long(name), &long(title), &long(vat));
        let reports = people.drain();
        let code = (people_there == 0).then_some("customers.rejected.value_too_long");
        assert_eq!(reports[0].code.as_deref(), code, "{name} {title} {vat}: {reports:?}");
        assert_eq!(
            (people.numbers().len(), contacts(&people).len()),
            (customers, people_there),
            "{name} {title} {vat}"
        );
    }
}
