//! Customers: what is asked for and sent, to the letter, and what is read.

use std::error::Error as _;

use magento::Write;
use magento::client::Buyer;
use magento::client::write::WRITE_TIMEOUT;
use magento::error::Applied;
use magento::model::customer::{AddressId, Customer, CustomerId, Region};
use magento::model::directory;
use magento::model::wire::{Flag, Id};
use seams::http::{Failure, Response};
use serde_json::{Value, json};

use super::client;
use super::script::{answer, header};

const SHOP: &str = "https://shop.example.com/rest";

/// A query string of the search criteria, as it stands in a URL.
fn criteria(filters: &[(&str, &str, &str)], rest: &[(&str, &str)]) -> String {
    let mut pairs = Vec::new();
    for (n, (field, condition, value)) in filters.iter().enumerate() {
        let filter = format!("searchCriteria%5Bfilter_groups%5D%5B{n}%5D%5Bfilters%5D%5B0%5D");
        pairs.push(format!("{filter}%5Bfield%5D={field}"));
        pairs.push(format!("{filter}%5Bvalue%5D={value}"));
        pairs.push(format!("{filter}%5Bcondition_type%5D={condition}"));
    }
    pairs.extend(rest.iter().map(|(key, value)| format!("searchCriteria{key}={value}")));
    pairs.join("&")
}

const BY_ID: [(&str, &str); 2] =
    [("%5BsortOrders%5D%5B0%5D%5Bfield%5D", "entity_id"), ("%5BsortOrders%5D%5B0%5D%5Bdirection%5D", "ASC")];

fn page(size: &'static str, number: &'static str) -> [(&'static str, &'static str); 2] {
    [("%5BpageSize%5D", size), ("%5BcurrentPage%5D", number)]
}

fn found(ids: &[u64]) -> Result<Response, Failure> {
    let items: Vec<Value> = ids.iter().map(|id| json!({"id": id, "email": "ann@example.com"})).collect();
    answer(200, &json!({"items": items, "total_count": 40}).to_string())
}

fn ids(customers: &[Customer]) -> Vec<u64> {
    customers.iter().map(|customer| customer.id.number()).collect()
}

#[tokio::test]
async fn a_customer_is_read_by_its_id() {
    let missing = r#"{"message":"No such entity with %fieldName = %fieldValue","parameters":{"fieldName":"customerId","fieldValue":9999}}"#;
    let (client, script) =
        client([answer(200, r#"{"id":"7","email":"ann@example.com","loyalty":[1]}"#), answer(404, missing)]);
    let customer = client.customer(CustomerId::new(7)).await.unwrap();
    assert_eq!((customer.id, customer.email.as_deref()), (CustomerId::new(7), Some("ann@example.com")));
    assert_eq!(customer.document["loyalty"], json!([1]), "what is not known is kept");
    let error = client.customer(CustomerId::parse("9999").unwrap()).await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.to_string(), "read Magento customer 9999: magento.rejected.not_found");
    assert_eq!(script.lines(), [format!("GET {SHOP}/V1/customers/7"), format!("GET {SHOP}/V1/customers/9999")]);
}

#[tokio::test]
async fn an_email_is_looked_for_in_one_website_or_in_all() {
    let (client, script) = client([found(&[7]), found(&[7, 9]), answer(200, r#"{"items":null,"total_count":0}"#)]);
    assert_eq!(ids(&client.customers_by_email(" Ann+x@example.com\n", Some(2)).await.unwrap()), [7]);
    assert_eq!(ids(&client.customers_by_email("ann@example.com", None).await.unwrap()), [7, 9]);
    assert!(client.customers_by_email("o'hara=%@example.com", None).await.unwrap().is_empty());
    let route = format!("GET {SHOP}/V1/customers/search?");
    let expected = [
        criteria(&[("email", "eq", "Ann%2Bx%40example.com"), ("website_id", "eq", "2")], &page("2", "1")),
        criteria(&[("email", "eq", "ann%40example.com")], &page("20", "1")),
        criteria(&[("email", "eq", "o%27hara%3D%25%40example.com")], &page("20", "1")),
    ];
    assert_eq!(script.lines(), expected.map(|query| format!("{route}{query}")));
}

#[tokio::test]
async fn orders_are_found_by_who_placed_them_to_the_last() {
    let orders = |ids: std::ops::RangeInclusive<u64>| {
        let items: Vec<Value> = ids.map(|id| json!({"entity_id": id})).collect();
        answer(200, &json!({"items": items, "total_count": 302}).to_string())
    };
    let refused = answer(500, r#"{"message":"No orders of ann@example.com."}"#);
    let (client, script) = client([orders(1..=300), orders(301..=302), orders(5..=5), refused]);
    let placed = client.orders_placed(Buyer::Email(" ann@example.com")).await.unwrap();
    assert_eq!(placed.iter().map(|id| id.0.0).collect::<Vec<_>>(), (1..=302).collect::<Vec<_>>());
    assert_eq!(client.orders_placed(Buyer::Account(CustomerId::new(7))).await.unwrap().len(), 1);
    let error = client.orders_placed(Buyer::Email("ann@example.com")).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("ann@"), "{error:?}");
    let of = |last: &str, field: &str, value: &str| {
        let rest = [BY_ID, page("300", "1")].concat();
        let query = criteria(&[("entity_id", "gt", last), (field, "eq", value)], &rest);
        format!("GET {SHOP}/V1/orders?{query}&fields=items%5Bentity_id%5D%2Ctotal_count")
    };
    let email = |last| of(last, "customer_email", "ann%40example.com");
    assert_eq!(script.lines(), [email("0"), email("300"), of("0", "customer_id", "7"), email("0")]);
}

#[tokio::test]
async fn lists_go_on_behind_the_last_id() {
    let (client, script) = client([found(&[41, 44]), found(&[45])]);
    assert_eq!(ids(&client.customers_after(40, 2).await.unwrap()), [41, 44]);
    let from = "2024-03-01T12:00:00.9+02:00".parse().unwrap();
    let before = "2024-03-01T11:00:00Z".parse().unwrap();
    assert_eq!(ids(&client.customers_updated_since(from, before, 44, 100).await.unwrap()), [45]);
    let route = format!("GET {SHOP}/V1/customers/search?");
    let bounds = [
        ("updated_at", "gteq", "2024-03-01%2010%3A00%3A00"),
        ("updated_at", "lt", "2024-03-01%2011%3A00%3A00"),
        ("entity_id", "gt", "44"),
    ];
    let expected = [
        criteria(&[("entity_id", "gt", "40")], &[BY_ID, page("2", "1")].concat()),
        criteria(&bounds, &[BY_ID, page("100", "1")].concat()),
    ];
    assert_eq!(script.lines(), expected.map(|query| format!("{route}{query}")));
}

/// Two pages; a shop that answers page 3 with the last one again; one that does not say how many there are.
#[tokio::test]
async fn groups_and_companies_are_read_to_the_end() {
    let groups = |numbers: std::ops::Range<u64>, total: Option<u64>| {
        let items: Vec<Value> =
            numbers.map(|id| json!({"id": id, "code": format!("G{id}"), "tax_class_id": "3"})).collect();
        answer(200, &json!({"items": items, "total_count": total}).to_string())
    };
    for (answers, expected) in [
        (vec![groups(0..4, Some(4))], 4),
        (vec![groups(0..300, Some(302)), groups(300..302, Some(302))], 302),
        (vec![groups(0..300, Some(700)), groups(300..400, Some(700)), groups(300..400, Some(700))], 400),
        (vec![groups(0..4, None), groups(0..4, None)], 4),
        (vec![answer(200, r#"{"items":null,"total_count":0}"#)], 0),
    ] {
        let calls = answers.len();
        let (client, script) = client(answers);
        let groups = client.customer_groups().await.unwrap();
        assert_eq!((groups.len(), script.lines().len()), (expected, calls));
        assert_eq!(
            script.lines()[0],
            format!("GET {SHOP}/V1/customerGroups/search?{}", criteria(&[], &page("300", "1")))
        );
        assert!(groups.iter().all(|group| group.tax_class_id == Some(Id(3))));
    }
    let company = r#"{"id":2,"company_name":"Works","region_id":"12","customer_group_id":1,"super_user_id":5,"reject_reason":null}"#;
    let (client, script) =
        client([answer(200, company), answer(200, &format!(r#"{{"items":[{company}],"total_count":1}}"#))]);
    assert_eq!(client.company(Id(2)).await.unwrap().region_id, Some(Id(12)));
    assert_eq!(client.companies().await.unwrap()[0].company_name.as_deref(), Some("Works"));
    let list = format!("GET {SHOP}/V1/company/?{}", criteria(&[], &page("300", "1")));
    assert_eq!(script.lines(), [format!("GET {SHOP}/V1/company/2"), list]);
}

#[tokio::test]
async fn whose_email_was_looked_for_is_not_told() {
    let repeated = r#"{"message":"ANN at (ann@example.com) is no ann@example.com","parameters":{}}"#;
    for row in [
        answer(400, repeated),
        answer(500, repeated),
        answer(404, repeated),
        answer(200, r#"{"items":[{"id":"ann@example.com"}]}"#),
    ] {
        let (client, _) = client([row]);
        let error = client.customers_by_email("ann@example.com", Some(1)).await.unwrap_err();
        assert_eq!(error.attempted, "find Magento customers by email");
        let mut text = format!("{error} {error:?}");
        let mut cause = error.source();
        while let Some(below) = cause {
            text.push_str(&below.to_string());
            cause = below.source();
        }
        assert!(!text.contains("ann@"), "{text}");
    }
}

fn person() -> Value {
    json!({
        "id": 7, "email": "ann@example.com", "firstname": "Ann", "lastname": "O'Hara  Smith", "website_id": 1,
        "addresses": [{"street": ["1 Secret Street", "Secret"], "country_id": "GB", "telephone": "+44 20 7946", "city": "Al"}],
        "custom_attributes": [{"attribute_code": "loyalty", "value": "gold"}],
    })
}

#[tokio::test]
async fn customers_are_saved_whole_and_without_a_password() {
    let (client, script) = client([answer(200, r#"{"id":7}"#), answer(200, r#"{"id":7,"group_id":2}"#)]);
    let (create, update) = (Write::create_customer(person()), Write::update_customer(CustomerId::new(7), person()));
    assert_eq!(client.write(&create).await.unwrap(), json!({"id": 7}));
    assert_eq!(client.write(&update).await.unwrap()["group_id"], 2);
    assert_eq!(script.lines(), [format!("POST {SHOP}/V1/customers"), format!("PUT {SHOP}/V1/customers/7")]);
    for (request, timeout) in script.asked() {
        assert_eq!(serde_json::from_slice::<Value>(request.body()).unwrap(), json!({"customer": person()}));
        assert_eq!((header(&request, "content-type"), timeout), ("application/json", WRITE_TIMEOUT));
    }
    assert_eq!(client.calls(), 2);
    let text = serde_json::to_string(&update).unwrap();
    assert!(text.starts_with(r#"{"method":"PUT","route":"/V1/customers/7","body":{"customer":{"#), "{text}");
    assert_eq!(format!("{update:?}"), r#"Write { method: Put, route: "/V1/customers/7", .. }"#);
}

/// The answer, the code, whether the write may have happened, and what is quoted.
#[tokio::test]
async fn refused_saves_say_what_is_wrong_without_the_person() {
    let message = |text: &str| answer(400, &json!({ "message": text }).to_string());
    let (page, taken) =
        ("<html></html>", "A customer with the same email address already exists in an associated website.");
    for (row, code, applied, quote) in [
        (message(taken), "rejected.email_taken", Applied::No, taken),
        (
            message("Invalid value of \"+44 20 7946\" for ann o'hara smith of 1 Secret Street, Secret."),
            "rejected.other",
            Applied::No,
            "Invalid value of \"…\" for … … of …, ….",
        ),
        // Codes and what is too short to hide anything stay.
        (message("No loyalty in GB for Al"), "rejected.other", Applied::No, "No loyalty in GB for Al"),
        (
            message("Database deadlock found when trying to get lock"),
            "transient.deadlock",
            Applied::No,
            "Database deadlock found when trying to get lock",
        ),
        (
            answer(500, r#"{"message":"Internal Error."}"#),
            "transient.server_error",
            Applied::Unknown,
            "Internal Error.",
        ),
        (answer(503, page), "not_ready.maintenance", Applied::Unknown, ""),
        (answer(504, page), "ambiguous.no_answer", Applied::Unknown, ""),
        (
            answer(200, page),
            "ambiguous.no_answer",
            Applied::Unknown,
            "unexpected JSON at .: not JSON (line 1 column 1)",
        ),
        (Err(Failure::Interrupted("reset".into())), "ambiguous.no_answer", Applied::Unknown, ""),
        (Err(Failure::Unsent("refused".into())), "not_ready.unreachable", Applied::No, ""),
    ] {
        let shown = format!("{row:?}");
        let (client, _) = client([row]);
        let error = client.write(&Write::create_customer(person())).await.unwrap_err();
        assert_eq!((error.code, error.applied), (format!("magento.{code}").as_str(), applied), "{shown}");
        assert_eq!(error.quote, quote);
        assert_eq!(error.attempted, "create a Magento customer");
    }
}

/// Null and missing are the same, ids are numbers or strings, and an address is a default only where it says so.
#[test]
fn documents_are_read_in_all_their_spellings() {
    let bare = Customer::read(json!({"id": 7})).unwrap();
    let nulls = Customer::read(json!({
        "id": "7", "group_id": null, "email": null, "default_billing": null, "addresses": null, "extension_attributes": null, "custom_attributes": null,
    }))
    .unwrap();
    for customer in [&bare, &nulls] {
        assert_eq!((customer.id, customer.email.as_ref(), customer.group_id), (CustomerId::new(7), None, None));
        assert!(customer.addresses.is_empty() && customer.custom_attributes.is_empty());
        assert_eq!((customer.default_billing, customer.extension_attributes.is_subscribed), (None, None));
    }
    let document = json!({
        "id": 7, "group_id": "2", "default_billing": "1", "default_shipping": 4, "gender": 0, "disable_auto_group_change": 0,
        "addresses": [
            {"id": 1, "customer_id": 7, "region": {"region_code": "MI", "region": "Michigan", "region_id": 33}, "region_id": 33, "street": ["a", "b"], "default_billing": true},
            {"id": "4", "region": {"region_code": null, "region": null, "region_id": 0}, "region_id": 0, "street": null, "default_billing": null, "default_shipping": 1},
        ],
        "extension_attributes": {"is_subscribed": true, "company_attributes": {"company_id": 2, "status": 0, "job_title": "Sales Rep", "telephone": null}},
        "custom_attributes": [{"attribute_code": "loyalty", "value": "5"}, {"attribute_code": "topics", "value": ["1", "2"]}, {"attribute_code": "empty"}],
    });
    let customer = Customer::read(document.clone()).unwrap();
    assert_eq!((customer.group_id, customer.gender), (Some(Id(2)), Some(Id(0))));
    assert_eq!(
        (customer.default_billing, customer.default_shipping),
        (Some(AddressId::new(1)), Some(AddressId::new(4)))
    );
    let [billing, shipping] = [1, 4].map(|id| customer.address(AddressId::new(id)).unwrap());
    assert_eq!((billing.default_billing, billing.default_shipping), (Flag(true), Flag(false)));
    assert_eq!((shipping.default_billing, shipping.default_shipping), (Flag(false), Flag(true)));
    assert_eq!((billing.street.len(), shipping.street.len()), (2, 0));
    assert_eq!(billing.region.as_ref().and_then(|region| region.region_code.as_deref()), Some("MI"));
    assert_eq!(shipping.region, Some(Region { region_id: Some(Id(0)), ..Region::default() }));
    assert!(customer.address(AddressId::new(7)).is_none());
    let company = customer.extension_attributes.company_attributes.as_ref().unwrap();
    assert_eq!((company.company_id, company.status, company.telephone.as_ref()), (Some(Id(2)), Some(Id(0)), None));
    assert_eq!(customer.extension_attributes.is_subscribed, Some(Flag(true)));
    for (code, value) in
        [("loyalty", Some(json!("5"))), ("topics", Some(json!(["1", "2"]))), ("empty", None), ("none", None)]
    {
        assert_eq!(customer.custom_attribute(code), value.as_ref(), "{code}");
    }
    assert_eq!(customer.document, document);
    let wrong = Customer::read(json!({"id": 7, "addresses": [{"id": 1}, {"id": "ann@example.com"}]})).unwrap_err();
    assert_eq!(wrong.path().to_string(), "addresses[1].id");
}

#[tokio::test]
async fn regions_are_asked_for_once() {
    let us = r#"{"id":"US","available_regions":[{"id":"33","code":"MI","name":"Michigan"}]}"#;
    let gb = r#"{"id":"GB"}"#;
    let missing = r#"{"message":"The country isn't available."}"#;
    let (client, script) = client([answer(200, us), answer(404, missing), answer(200, gb), answer(404, missing)]);
    let michigan = [directory::Region { id: Id(33), code: "MI".to_owned(), name: "Michigan".to_owned() }];
    for (country, regions) in
        [("US", &michigan[..]), ("US", &michigan), ("XX", &[]), ("GB", &[]), ("GB", &[]), ("XX", &[])]
    {
        assert_eq!(client.regions(country).await.unwrap(), regions, "{country}");
    }
    let asked = ["US", "XX", "GB", "XX"].map(|country| format!("GET {SHOP}/V1/directory/countries/{country}"));
    assert_eq!(script.lines(), asked, "a country that the shop does not know may be added");
}
