//! Customers, their locations and contacts: what is asked for and sent, to the letter, and what is read.

use acumatica::client::Query;
use acumatica::error::decode;
use acumatica::filter::Filter;
use acumatica::model::contact::{AttributeValue, Contact};
use acumatica::model::customer::{self, Customer};
use acumatica::model::location::{self, CustomerLocation};
use acumatica::model::sales_order::Address;
use acumatica::model::value::set;
use acumatica::{Client, Put};
use serde_json::{Value, json};

use super::script::{answer, header};
use super::{ENDPOINT, Worker};

/// The id of the customer below.
const NOTE: &str = "13582ef4-5a5c-4b5e-9d1c-0a58a9c3c1d2";
/// `customer::EXPAND`, encoded.
const EXPANDED: &str = "MainContact%2CMainContact%2FAddress%2CBillingContact%2CBillingContact%2FAddress%2CShippingContact\
                        %2CShippingContact%2FAddress%2CAttributes";

fn saved() -> Customer {
    Customer {
        customer_id: set("C000123"),
        customer_name: set("Ada Byron"),
        customer_class: set("WEB"),
        price_class_id: set("RETAIL"),
        tax_registration_id: set("GB123"),
        main_contact: Some(Contact { email: set("ada@example.com"), phone1: set("1"), ..Contact::default() }),
        billing_address_override: set(true),
        billing_contact: Some(Contact {
            address: Some(Address { city: set("London"), country: set("GB"), ..Address::default() }),
            ..Contact::default()
        }),
        attributes: vec![AttributeValue { attribute_id: set("LOYALTY"), value: set("1"), ..AttributeValue::default() }],
        ..Customer::default()
    }
}

fn saved_body() -> Value {
    json!({
        "CustomerID": {"value": "C000123"},
        "CustomerName": {"value": "Ada Byron"},
        "CustomerClass": {"value": "WEB"},
        "PriceClassID": {"value": "RETAIL"},
        "TaxRegistrationID": {"value": "GB123"},
        "MainContact": {"Email": {"value": "ada@example.com"}, "Phone1": {"value": "1"}},
        "BillingAddressOverride": {"value": true},
        "BillingContact": {"Address": {"City": {"value": "London"}, "Country": {"value": "GB"}}},
        "Attributes": [{"AttributeID": {"value": "LOYALTY"}, "Value": {"value": "1"}}],
    })
}

fn location() -> CustomerLocation {
    CustomerLocation {
        customer: set("C000123"),
        location_id: set("M17"),
        location_name: set("Works"),
        address_override: set(true),
        location_contact: Some(Contact {
            address: Some(Address { postal_code: set("W1"), ..Address::default() }),
            ..Contact::default()
        }),
        is_default: set(false),
        ..CustomerLocation::default()
    }
}

/// The write, the entity with its query, whether it may only update, and what is attempted.
#[tokio::test]
async fn saves_name_what_they_change_and_updates_make_nothing_new() {
    let person = Contact {
        contact_id: set(100_227),
        business_account: set("C000123"),
        last_name: set("Byron"),
        ext_ref_nbr: set("m-7"),
        ..Contact::default()
    };
    let person_body = json!({
        "ContactID": {"value": 100_227}, "BusinessAccount": {"value": "C000123"}, "LastName": {"value": "Byron"}, "ExtRefNbr": {"value": "m-7"},
    });
    let works = json!({
        "Customer": {"value": "C000123"}, "LocationID": {"value": "M17"}, "LocationName": {"value": "Works"},
        "AddressOverride": {"value": true}, "LocationContact": {"Address": {"PostalCode": {"value": "W1"}}}, "Default": {"value": false},
    });
    let by_id = Customer { id: Some(NOTE.to_owned()), customer_name: set("Ada"), ..Customer::default() };
    let by_id_body = json!({"id": NOTE, "CustomerName": {"value": "Ada"}});
    let customers = format!("Customer?$expand={EXPANDED}");
    let locations = "CustomerLocation?$expand=LocationContact%2CLocationContact%2FAddress".to_owned();
    let contacts = "Contact?$expand=Address%2CAttributes".to_owned();
    for (put, path, update, body) in [
        (Put::new_customer(&saved()), &customers, "", saved_body()),
        (Put::customer(&saved()), &customers, "*", saved_body()),
        (Put::customer(&by_id), &customers, "*", by_id_body),
        (Put::new_location(&location()), &locations, "", works.clone()),
        (Put::location(&location()), &locations, "*", works),
        (Put::new_contact(&person), &contacts, "", person_body.clone()),
        (Put::contact(&person), &contacts, "*", person_body),
    ] {
        let worker = Worker::signed_in([answer(200, "{}")]);
        worker.client.put(&put).await.unwrap();
        assert_eq!(worker.script.lines()[1], format!("PUT {ENDPOINT}/{path}"));
        let (request, _) = &worker.script.asked()[1];
        assert_eq!((header(request, "if-match"), header(request, "if-none-match")), (update, ""), "{path}");
        assert_eq!(serde_json::from_slice::<Value>(request.body()).unwrap(), body, "{path}");
    }
}

#[tokio::test]
async fn an_update_of_what_is_gone_says_so_without_the_person() {
    for (put, attempted) in [
        (Put::customer(&saved()), "save Customer C000123"),
        (Put::location(&location()), "save CustomerLocation C000123"),
        (Put::contact(&Contact { email: set("ada@example.com"), ..Contact::default() }), "save Contact"),
    ] {
        let worker = Worker::signed_in([answer(412, "")]);
        let error = worker.client.put(&put).await.unwrap_err();
        assert_eq!((error.code, error.attempted.as_str()), ("acumatica.rejected.precondition", attempted));
        assert!(!format!("{put:?}").contains("ada@"));
    }
}

#[tokio::test]
async fn a_customer_is_read_by_its_key_and_by_its_id() {
    let found = json!({"id": NOTE, "CustomerID": {"value": "C 1"}}).to_string();
    let missing = json!({"message": "An error has occurred.", "exceptionMessage": "No entity satisfies the condition.",
        "exceptionType": "PX.Api.ContractBased.NoEntitySatisfiesTheConditionException"});
    let worker = Worker::signed_in([answer(200, &found), answer(200, &found), answer(500, &missing.to_string())]);
    let client: &Client = &worker.client;
    for key in ["C 1", NOTE] {
        let record = client.by_key("Customer", &[key], &customer::EXPAND).await.unwrap().unwrap();
        let read: Customer = decode(record).unwrap();
        assert_eq!((read.id.as_deref(), read.customer_id), (Some(NOTE), set("C 1")));
    }
    assert_eq!(client.by_key("CustomerLocation", &["C 1", "MAIN"], &location::EXPAND).await.unwrap(), None);
    let expected = [
        format!("GET {ENDPOINT}/Customer/C%201?$expand={EXPANDED}"),
        format!("GET {ENDPOINT}/Customer/{NOTE}?$expand={EXPANDED}"),
        format!("GET {ENDPOINT}/CustomerLocation/C%201/MAIN?$expand=LocationContact%2CLocationContact%2FAddress"),
    ];
    assert_eq!(worker.script.lines()[1..], expected);
}

#[tokio::test]
async fn changed_customers_are_listed_by_pages_until_one_is_short() {
    let record = |n: u32| json!({"CustomerID": {"value": n.to_string()}});
    let page = |numbers: &[u32]| answer(200, &Value::Array(numbers.iter().map(|n| record(*n)).collect()).to_string());
    let worker = Worker::signed_in([page(&[1, 2]), page(&[3]), page(&[])]);
    let since = "2024-08-18T23:59:59.999+04:00".parse().unwrap();
    // What the query itself says of pages does not count.
    let query = Query {
        expand: vec!["MainContact".to_owned()],
        ..Query::filtered(Filter::after("LastModifiedDateTime", since), 7)
    };
    for (skip, found, is_last) in [(0, vec![1, 2], false), (2, vec![3], true), (3, vec![], true)] {
        let page = worker.client.page("Customer", &query, skip, 2).await.unwrap();
        assert_eq!((page.records, page.is_last), (found.into_iter().map(record).collect(), is_last), "{skip}");
    }
    let filter = "LastModifiedDateTime%20gt%20datetimeoffset%272024-08-18T19%3A59%3A59.999%2B00%3A00%27";
    let expected = [0, 2, 3]
        .map(|skip| format!("GET {ENDPOINT}/Customer?$filter={filter}&$top=2&$skip={skip}&$expand=MainContact"));
    assert_eq!(worker.script.lines()[1..], expected);
}

/// Answers have more members than are used, null in all its spellings, and lists only where they were expanded.
#[test]
fn records_are_read_as_they_are_answered() {
    let record = json!({
        "id": NOTE, "rowNumber": 1, "note": {"value": ""}, "AccountRef": {}, "BAccountID": {"value": 7},
        "Attributes": [{"id": "a", "rowNumber": 1, "note": null, "AttributeDescription": {"value": "Loyalty"}, "AttributeID": {"value": "LOYALTY"},
            "RefNoteID": {"value": NOTE}, "Required": {"value": false}, "Value": {"value": "1"}, "ValueDescription": {}, "custom": {}}],
        "BillingAddressOverride": {"value": false}, "BillingContact": {"id": "b", "Address": {"id": "c", "City": {"value": "London"}}, "Email": {}},
        "Contacts": [{"id": "d", "ContactID": {"value": 9}, "Contact": null}],
        "CreditLimit": {"value": 100.0000}, "CustomerCategory": {"value": "Individual"}, "CustomerID": {"value": "C000123"},
        "IsGuestCustomer": {"value": false}, "LastModifiedDateTime": {"value": "2020-02-06T18:03:19.213+00:00"}, "NoteID": {"value": NOTE},
        "PrimaryContactID": {"value": 9}, "PrimaryContact": {"FirstName": {"value": "Ada"}, "LastName": {"value": "Byron"}},
        "Status": {"value": "Active"}, "TaxExemptionNumber": {"value": null}, "custom": {}, "_links": {"self": "/x"},
    });
    let read: Customer = decode(record).unwrap();
    assert_eq!((read.id.as_deref(), read.note_id.clone()), (Some(NOTE), set(NOTE)));
    assert_eq!((read.account_ref, read.tax_exemption_number), (None, None));
    assert_eq!((read.is_guest_customer, read.customer_category), (set(false), set("Individual")));
    assert_eq!(read.last_modified_date_time, set("2020-02-06T18:03:19.213+00:00"));
    let billing = read.billing_contact.unwrap();
    assert_eq!((billing.email, billing.address.unwrap().city), (None, set("London")));
    assert_eq!((read.contacts[0].contact_id.clone(), read.contacts[0].contact.clone()), (set(9), None));
    assert_eq!(read.primary_contact.unwrap().last_name, set("Byron"));
    assert_eq!((read.attributes[0].attribute_id.clone(), read.attributes[0].value.clone()), (set("LOYALTY"), set("1")));
    assert_eq!((read.main_contact, read.shipping_contact), (None, None));

    let record = json!({"id": NOTE, "Active": {"value": true}, "Customer": {"value": "C000123"}, "Default": {"value": true},
        "ExtRefNbr": {}, "LocationID": {"value": "MAIN"}, "TaxExemptionNbr": {"value": "E1"}});
    let read: CustomerLocation = decode(record).unwrap();
    assert_eq!((read.location_id, read.is_default, read.active), (set(location::MAIN), set(true), set(true)));
    assert_eq!((read.tax_exemption_nbr, read.ext_ref_nbr, read.location_contact), (set("E1"), None, None));
}
