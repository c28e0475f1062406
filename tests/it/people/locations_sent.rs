//! What is sent of a location: names that there are, our reference, and nothing that is too long.

use flows::customers::facts::Further;
use flows::customers::plan;
use flows::delivery::Outcome;
use flows::plan::StepKey;
use serde_json::json;
use simulators::acumatica::Change;
use simulators::magento::{Address, CustomerDraft};

use super::locations::{in_city, people};
use super::world::ada;
use crate::flow::seams::Gate;
use crate::flow::world::LINK;
use crate::plan::fields;

/// Every member that a location is saved with is one of the endpoint's, and of its type.
#[test]
fn a_save_of_a_location_names_only_what_there_is() {
    let people = people();
    let account = people.register(&ada().address(Address { company: Some("Acme".into()), ..in_city("Springfield") }));
    people.drain();
    let (_, link) = people.shop.worker(&Gate::default(), "");
    let account = magento::model::customer::Customer::read(people.account(account)).expect("an account");
    let customer = acumatica::error::decode(people.customer(&people.numbers()[0])).expect("a customer");
    let hashes = flows::merge::Hashes::new(&link.emails, "link/customer/1");
    let regions = flows::customers::facts::Regions::new();
    let facts = flows::customers::facts::Facts {
        link: LINK,
        settings: &link.settings,
        account: Some(&account),
        customer: Some(&customer),
        paired: true,
        base: None,
        newer: flows::merge::Side::Magento,
        hashes,
        regions: &regions,
        further: Some(Further { locations: &[], made: &[] }),
    };
    let decided = plan::plan(&facts);
    let work = decided.plan.work().expect("a location to be made");
    let (known, mut sent) = (fields::Facts::load(), fields::Sent::new());
    for step in work.steps.iter().filter(|step| step.key == StepKey::LocationSave) {
        fields::walk(&known, "CustomerLocation", step.body(), &mut sent);
        assert_eq!(step.reference.as_deref(), Some("abcd2345-2"));
        assert_eq!(step.headers(), [("If-None-Match".to_owned(), "*".to_owned())]);
    }
    let names: Vec<String> = sent.keys().map(|(entity, member)| format!("{entity}.{member}")).collect();
    assert_eq!(names.len(), 17, "{names:?}");
}

/// What ours is called there, and that nothing that is too long is sent.
#[test]
fn our_reference_and_the_limits_of_the_erp() {
    let people = people();
    let long = |length: usize| Some("é".repeat(length));
    for (company, code) in [(long(61), None), (long(256), Some("customers.rejected.value_too_long"))] {
        let email = format!("ada{}@example.com", company.as_deref().map_or(0, str::len));
        let draft = CustomerDraft::new(&email, "Ada", "Byron");
        let draft = draft.address(Address::us("Ada", "Byron")).address(Address { company, ..in_city("Springfield") });
        people.register(&draft);
        let reports = people.drain();
        assert_eq!(reports[0].code.as_deref(), code, "{reports:?}");
    }
    let saved: Vec<(String, usize)> = people.shop.erp.with(|erp| {
        let ours = erp.locations().iter().filter(|location| location.text("LocationID") != Some("MAIN"));
        ours.map(|location| {
            let name = location.text("LocationName").unwrap_or_default().chars().count();
            (location.text("ExtRefNbr").unwrap_or_default().to_owned(), name)
        })
        .collect()
    });
    assert_eq!(saved, [(format!("{LINK}-2"), 60)]);
}

/// Where the ERP has no states, and two lines for a street, an address of the shop keeps its region and its three lines when the city changes there.
#[test]
fn what_a_location_cannot_say_stays_in_the_address() {
    let mut people = people();
    let stateless = serde_json::from_value(json!([{"country": "US", "state": "none"}])).expect("a row");
    people.shop.change_settings(|settings| settings.orders.default.countries = stateless);
    let street = ["3 Third Street", "Rear", "Left"];
    let account = people.register(&ada().address(in_city("Springfield").street(&street)));
    let number = people.drain()[0].target.clone().expect("a customer");
    let now = people.shop.now();
    let change = [Change::to("LocationContact/Address/City", "Ogdenville")];
    people.shop.erp.with(|erp| erp.edit_location(&number, "2", now, &change)).expect("saved");
    people.push(&number);
    let report = &people.drain()[0];
    assert_eq!((report.outcome, report.code.as_deref()), (Outcome::Applied, None), "{report:?}");
    let address = people.account(account)["addresses"][1].clone();
    assert_eq!(address["city"], "Ogdenville");
    assert_eq!(address["street"], json!(street));
    assert_eq!(address["region_id"], 33);
}
