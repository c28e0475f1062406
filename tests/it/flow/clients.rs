//! Both clients' calls for customers against both simulators, which were written apart from them: each believes the other.

use acumatica::Put;
use acumatica::client::Query;
use acumatica::error::decode;
use acumatica::filter::Filter;
use acumatica::model::contact::Contact;
use acumatica::model::customer::{self, Customer};
use acumatica::model::location::{self, CustomerLocation};
use acumatica::model::sales_order::Address;
use acumatica::model::value::set;
use flows::link::Link;
use jiff::SignedDuration;
use magento::Write;
use magento::model::customer::{Customer as Account, CustomerId};
use serde_json::{Value, json};

use super::seams::Gate;
use super::world::{Shop, ready};

fn link(shop: &Shop) -> Link {
    let gate = Gate::closed();
    gate.open();
    shop.worker(&gate, "clients").1
}

fn account(email: &str) -> Value {
    json!({"email": email, "firstname": "Ann", "lastname": "Lee", "website_id": 1, "store_id": 1, "group_id": 2, "addresses": [{
        "firstname": "Ann", "lastname": "Lee", "street": ["1 A St", "Suite 2"], "city": "Ann Arbor", "postcode": "48104", "country_id": "US",
        "region": {"region_id": 33, "region_code": "MI", "region": "Michigan"}, "telephone": "1", "default_billing": true, "default_shipping": true,
    }]})
}

fn read(document: Value) -> Account {
    Account::read(document).expect("an account")
}

#[test]
fn accounts_are_made_found_listed_and_saved() {
    let shop = Shop::new();
    let magento = link(&shop).magento;
    let made: Vec<Account> = ["ann@example.com", "bob@example.com", "cyd@example.com"]
        .map(|email| read(ready(magento.write(&Write::create_customer(account(email)))).expect("an account is made")))
        .into();
    let [ann, bob, cyd] = made.as_slice() else { panic!("three accounts") };
    assert_eq!(ann.default_billing, ann.addresses[0].id);
    let ids = |accounts: &[Account]| accounts.iter().map(|account| account.id).collect::<Vec<_>>();

    let found = |email: &str, website| ids(&ready(magento.customers_by_email(email, website)).expect("a search"));
    assert_eq!((found(" ANN@example.com", Some(1)), found("ann@example.com", None)), (vec![ann.id], vec![ann.id]));
    assert_eq!((found("ann@example.com", Some(2)), found("a%@example.com", None)), (vec![], vec![]));

    let after = |id: CustomerId| ids(&ready(magento.customers_after(id.number(), 2)).expect("a page"));
    assert_eq!((after(CustomerId::new(0)), after(bob.id), after(cyd.id)), (vec![ann.id, bob.id], vec![cyd.id], vec![]));

    shop.time.advance(SignedDuration::from_mins(10));
    let mut document = ready(magento.customer(bob.id)).expect("an account").document;
    document["taxvat"] = json!("GB123");
    let saved = read(ready(magento.write(&Write::update_customer(bob.id, document))).expect("it is saved"));
    assert_eq!((saved.taxvat.as_deref(), &saved.addresses[0].id), (Some("GB123"), &bob.addresses[0].id));
    let since = |minutes: i64| shop.now() - SignedDuration::from_mins(minutes);
    let changed = |from, before| ids(&ready(magento.customers_updated_since(from, before, 0, 100)).expect("a page"));
    assert_eq!(changed(since(5), since(-1)), [bob.id]);
    assert_eq!(changed(since(15), since(5)), [ann.id, cyd.id]);

    let taken =
        ready(magento.write(&Write::create_customer(account("ann@example.com")))).expect_err("the e-mail is taken");
    assert!(taken.is_email_taken(), "{taken:?}");
    let mut stateless = account("dan@example.com");
    stateless["addresses"][0]["region"] = Value::Null;
    let refused = ready(magento.write(&Write::create_customer(stateless))).expect_err("the state is missing");
    assert_eq!((refused.code, &refused.fields[..]), ("magento.rejected.region", &["regionId".to_owned()][..]));
    assert!(ready(magento.customer(CustomerId::new(99))).expect_err("nobody").is_not_found());
    let groups = ready(magento.customer_groups()).expect("groups");
    assert_eq!(groups.iter().map(|group| group.id.0).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert_eq!(ready(magento.companies()).expect_err("no such module").code, "magento.rejected.no_such_route");
}

#[test]
fn customers_are_made_read_listed_and_updated() {
    let shop = Shop::new();
    let erp = link(&shop).acumatica;
    let person = |email: &str| Contact {
        email: set(email),
        address: Some(Address { city: set("Ann Arbor"), country: set("US"), state: set("MI"), ..Address::default() }),
        ..Contact::default()
    };
    let made: Vec<Customer> = ["ann@example.com", "bob@example.com"]
        .map(|email| {
            let new = Customer {
                customer_name: set(email),
                customer_class: set("WEB"),
                main_contact: Some(person(email)),
                ..Customer::default()
            };
            decode(ready(erp.put(&Put::new_customer(&new))).expect("a customer is made")).expect("a customer")
        })
        .into();
    let (ann, bob) = (&made[0], &made[1]);
    assert_eq!(ann.id.clone(), ann.note_id.clone().map(|id| id.0));
    let key = |customer: &Customer| customer.customer_id.clone().expect("a key").0;
    let note = ann.id.clone().expect("an id");
    for name in [key(ann), note.clone()] {
        let record = ready(erp.by_key("Customer", &[&name], &customer::EXPAND)).expect("a read").expect("a customer");
        assert_eq!(decode::<Customer>(record).expect("a customer").customer_id, ann.customer_id);
    }
    let absent = "00000000-0000-0000-0000-000000000000";
    assert_eq!(ready(erp.by_key("Customer", &[absent], &[])).expect("a read"), None);

    shop.time.advance(SignedDuration::from_mins(10));
    let update = Customer {
        id: Some(note),
        price_class_id: set("WHOLESALE"),
        billing_contact_override: set(true),
        billing_contact: Some(person("bills@example.com")),
        ..Customer::default()
    };
    let saved: Customer = decode(ready(erp.put(&Put::customer(&update))).expect("it is saved")).expect("a customer");
    assert_eq!((&saved.customer_id, saved.price_class_id), (&ann.customer_id, set("WHOLESALE")));
    assert_eq!(saved.billing_contact.expect("expanded").email, set("bills@example.com"));
    assert_eq!(saved.main_contact.expect("expanded").email, set("ann@example.com"));

    let since = Filter::since("LastModifiedDateTime", shop.now() - SignedDuration::from_mins(5));
    let query = Query { filter: Some(since), ..Query::default() };
    let page = ready(erp.page("Customer", &query, 0, 2)).expect("a page");
    assert_eq!(
        (page.records[0]["CustomerID"]["value"].as_str(), page.records.len(), page.is_last),
        (Some(key(ann).as_str()), 1, true)
    );
    let all = |skip| ready(erp.page("Customer", &Query::default(), skip, 1)).expect("a page");
    assert_eq!((all(0).is_last, all(1).is_last, all(2).is_last), (false, false, true));

    let mut works = CustomerLocation {
        customer: bob.customer_id.clone(),
        location_id: set("WORKS"),
        location_name: set("Works"),
        address_override: set(true),
        location_contact: Some(person("works@example.com")),
        ..CustomerLocation::default()
    };
    let gone = ready(erp.put(&Put::location(&works))).expect_err("not there yet");
    assert_eq!(gone.code, "acumatica.rejected.precondition");
    ready(erp.put(&Put::new_location(&works))).expect("a location is made");
    works.location_name = set("New works");
    ready(erp.put(&Put::location(&works))).expect("it is saved");
    let record = ready(erp.by_key("CustomerLocation", &[&key(bob), "WORKS"], &location::EXPAND)).expect("a read");
    let record: CustomerLocation = decode(record.expect("a location")).expect("a location");
    assert_eq!(record.location_name, set("New works"));
    assert_eq!(record.location_contact.and_then(|contact| contact.address).expect("expanded").city, set("Ann Arbor"));

    for (change, code) in [
        (Customer { customer_class: set("NONE"), ..Customer::default() }, "customer_class_not_found"),
        (Customer { price_class_id: set("NONE"), ..Customer::default() }, "price_class_not_found"),
        (Customer { customer_name: set(""), ..Customer::default() }, "name_missing"),
        (
            Customer {
                main_contact: Some(Contact {
                    address: Some(Address { country: set("ZZ"), ..Address::default() }),
                    ..Contact::default()
                }),
                ..Customer::default()
            },
            "address",
        ),
    ] {
        let update = Customer { customer_id: bob.customer_id.clone(), ..change };
        let refused = ready(erp.put(&Put::customer(&update))).expect_err("it is refused");
        assert_eq!(refused.code, format!("acumatica.rejected.{code}"), "{refused:?}");
    }
}
