//! Addresses: lists that replace, members that stay, defaults, and what is refused.

use super::customers::{REQUIRED, ada, put, whole, write};
use super::*;

/// Ada with three addresses, 1 to 3; the first is both defaults and has a company and a VAT number.
fn three() -> Magento {
    let mut shop = shop();
    let first = Address { vat_id: Some("DE1".into()), ..Address::us("Ada", "Sample").company("Sample Ltd") };
    let draft = CustomerDraft::new("ada@example.com", "Ada", "Sample").address(first);
    shop.add_customer(now(), &draft.address(Address::fr("Ada", "Sample")).address(Address::us("Ada", "Other")));
    shop.take_occurrences();
    shop
}

/// `id/billing flag/shipping flag` of each address, then the account's own defaults.
fn shown(customer: &Value) -> String {
    let flag = |address: &Value, name: &str| address.get(name).map_or(String::from("-"), Value::to_string);
    let list = customer["addresses"].as_array().unwrap().iter();
    let list: Vec<_> = list
        .map(|it| format!("{}/{}/{}", it["id"], flag(it, "default_billing"), flag(it, "default_shipping")))
        .collect();
    let default = |name: &str| customer.get(name).and_then(Value::as_str).unwrap_or("-");
    format!("{} {} {}", list.join(" "), default("default_billing"), default("default_shipping"))
}

fn names(shop: &mut Magento) -> Vec<String> {
    shop.take_occurrences().into_iter().map(|told| format!("{} {}", told.name, told.id)).collect()
}

/// An address that Magento takes.
fn good() -> Value {
    json!({
        "firstname": "Ada", "lastname": "Sample", "street": ["9 New Street"], "city": "Austin", "telephone": "1",
        "postcode": "73301", "country_id": "US", "region": {"region_id": 57, "region_code": "TX", "region": "Texas"},
    })
}

fn with(address: &Value, more: &Value) -> Value {
    let mut address = address.clone();
    for (name, value) in more.as_object().unwrap() {
        address[name] = value.clone();
    }
    address
}

#[test]
fn a_list_of_addresses_is_the_complete_list() {
    let id = |id: u64| json!({ "id": id });
    for (sent, expected, events) in [
        (None, "1/true/true 2/-/- 3/-/- 1 1", vec!["customer.updated 1"]),
        (Some(json!([])), " - -", vec!["customer.updated 1"]),
        (
            Some(json!([id(1), id(2), id(3)])),
            "1/true/true 2/-/- 3/-/- 1 1",
            vec![
                "customer.address.updated 1",
                "customer.address.updated 2",
                "customer.address.updated 3",
                "customer.updated 1",
            ],
        ),
        // What the list lacks is deleted, a default with it.
        (Some(json!([id(2)])), "2/-/- - -", vec!["customer.address.updated 2", "customer.updated 1"]),
        // Without its id an address is another one.
        (
            Some(json!([id(1), good()])),
            "1/true/true 4/-/- 1 1",
            vec!["customer.address.updated 1", "customer.address.created 4", "customer.updated 1"],
        ),
        // Zero is no id.
        (Some(json!([with(&good(), &id(0))])), "4/-/- - -", vec!["customer.address.created 4", "customer.updated 1"]),
    ] {
        let mut shop = three();
        let person = sent.map_or(json!({}), |list| json!({ "addresses": list }));
        let (status, answer) = put(&mut shop, 1, &whole(&person));
        assert_eq!((status, shown(&answer).as_str()), (200, expected), "{person}");
        assert_eq!(names(&mut shop), events, "{person}");
    }
}

#[test]
fn a_saved_address_keeps_the_members_that_were_not_sent() {
    let michigan = json!({"region_code": "MI", "region": "Michigan", "region_id": 33});
    let texas = json!({"region_code": "TX", "region": "Texas", "region_id": 57});
    for (sent, member, expected) in [
        (json!({"city": "Flint"}), "city", json!("Flint")),
        (json!({"city": "Flint"}), "company", json!("Sample Ltd")),
        (json!({"city": "Flint"}), "region", michigan.clone()),
        (json!({"company": ""}), "company", Value::Null),
        (json!({"company": null}), "company", json!("Sample Ltd")),
        (json!({"vatId": ""}), "vat_id", Value::Null),
        (json!({"street": ["1", "2"]}), "street", json!(["1", "2"])),
        (json!({"region_id": 57}), "region", texas.clone()),
        (json!({"region": {"region_id": 57}}), "region", texas.clone()),
        // The id counts, whatever the rest says.
        (json!({"region": {"region_id": 57, "region_code": "MI", "region": "Michigan"}}), "region", texas.clone()),
        (json!({"region": {"region_id": 33}, "region_id": "57"}), "region", texas),
        (json!({"customer_id": 9}), "customer_id", json!(1)),
    ] {
        let mut shop = three();
        let person = whole(&json!({"addresses": [with(&sent, &json!({"id": 1}))]}));
        let (status, answer) = put(&mut shop, 1, &person);
        assert_eq!((status, &answer["addresses"][0][member]), (200, &expected), "{sent}: {answer}");
        assert_eq!(answer["addresses"][0]["region_id"], answer["addresses"][0]["region"]["region_id"], "{sent}");
    }
}

/// A region of a country without a list is free text; where there is none at all its members are null, as recorded.
#[test]
fn regions_are_written_by_id_or_as_text() {
    for (region, expected) in [
        (json!({"region": "Bavaria"}), json!({"region_code": "Bavaria", "region": "Bavaria", "region_id": 0})),
        (json!({}), json!({"region_code": null, "region": null, "region_id": 0})),
        (Value::Null, json!({"region_code": null, "region": null, "region_id": 0})),
    ] {
        let mut shop = three();
        let address = with(&good(), &json!({"country_id": "DE", "region": region}));
        let (status, answer) = put(&mut shop, 1, &whole(&json!({"addresses": [address]})));
        assert_eq!((status, &answer["addresses"][0]["region"]), (200, &expected), "{region}");
    }
}

#[test]
fn defaults_follow_flags_and_the_accounts_own_members() {
    let ids = |flags: [Value; 3]| {
        let list = flags.iter().zip(1..).map(|(flags, id)| with(flags, &json!({ "id": id })));
        json!({"addresses": list.collect::<Vec<_>>()})
    };
    let none = || json!({});
    let wrong = "The %fieldName value is invalid. Set the correct value and try again.";
    for (sent, status, expected) in [
        (ids([none(), none(), none()]), 200, "1/true/true 2/-/- 3/-/- 1 1"),
        (ids([none(), json!({"default_billing": true}), none()]), 200, "1/-/true 2/true/- 3/-/- 2 1"),
        (ids([json!({"default_billing": false}), none(), none()]), 200, "1/-/true 2/-/- 3/-/- - 1"),
        // The last one with the flag wins.
        (
            ids([none(), json!({"default_billing": true}), json!({"default_billing": true})]),
            200,
            "1/-/true 2/-/- 3/true/- 3 1",
        ),
        // A flag of what is no default any more takes nothing away.
        (
            ids([json!({"default_shipping": true}), json!({"default_shipping": false}), none()]),
            200,
            "1/true/true 2/-/- 3/-/- 1 1",
        ),
        (json!({"default_billing": "3"}), 200, "1/-/true 2/-/- 3/true/- 3 1"),
        (json!({"default_billing": 3, "default_shipping": "3"}), 200, "1/-/- 2/-/- 3/true/true 3 3"),
        // The addresses are saved after the account.
        (
            with(&ids([json!({"default_billing": true}), none(), none()]), &json!({"default_billing": "3"})),
            200,
            "1/true/true 2/-/- 3/-/- 1 1",
        ),
        (json!({"default_billing": "77"}), 400, wrong),
        (json!({"default_shipping": "1", "addresses": [{"id": 2}]}), 400, wrong),
    ] {
        let mut shop = three();
        let (answered, answer) = put(&mut shop, 1, &whole(&sent));
        let told = answer["message"].as_str().map_or_else(|| shown(&answer), str::to_owned);
        assert_eq!((answered, told.as_str()), (status, expected), "{sent}");
    }
}

#[test]
fn each_rule_of_an_address_is_named() {
    let named = |field: &str| json!({"message": REQUIRED, "parameters": {"fieldName": field}});
    let invalid = |field: &str, value: &str| {
        json!({
            "message": "Invalid value of \"%value\" provided for the %fieldName field.",
            "parameters": {"fieldName": field, "value": value},
        })
    };
    let two = json!({
        "message": "One or more input exceptions have occurred.", "errors": [named("city"), named("regionId")],
    });
    for (more, expected) in [
        (json!({"firstname": ""}), named("firstname")),
        (json!({"lastname": null}), named("lastname")),
        (json!({"street": []}), named("street")),
        (json!({"street": [""]}), named("street")),
        (json!({"city": null}), named("city")),
        (json!({"telephone": null}), named("telephone")),
        (json!({"postcode": null}), named("postcode")),
        (json!({"country_id": null}), named("countryId")),
        (json!({"country_id": "XX"}), invalid("countryId", "XX")),
        (json!({"region": null}), named("regionId")),
        (json!({"region": {"region": "Texas"}}), named("regionId")),
        (json!({"region": {"region_code": "TX"}}), named("regionId")),
        (json!({"region": {"region_id": 999}}), invalid("regionId", "999")),
        (json!({"city": "", "region": null}), two),
    ] {
        let address = with(&good(), &more);
        // A new account's addresses are looked at before anything is saved.
        let mut shop = three();
        let customer =
            json!({"email": "a@example.com", "firstname": "A", "lastname": "B", "addresses": [good(), address]});
        let answer = write(&mut shop, "POST", "/rest/V1/customers", &json!({ "customer": customer }));
        assert_eq!(answer, (400, expected.clone()), "{more}");
        assert_eq!((shop.customer_ids(), names(&mut shop)), (vec![1], vec![]), "{more}");
        // A save stops in the middle: the account and the addresses before are saved, none is deleted.
        let person = whole(&json!({"middlename": "B", "addresses": [{"id": 2, "city": "Nice"}, address]}));
        assert_eq!(put(&mut shop, 1, &person), (400, expected), "{more}");
        let saved = shop.customer(1).unwrap();
        assert_eq!(shown(saved), "1/true/true 2/-/- 3/-/- 1 1", "{more}");
        assert_eq!((&saved["middlename"], &saved["addresses"][1]["city"]), (&json!("B"), &json!("Nice")), "{more}");
    }
}

#[test]
fn what_an_address_needs_is_configured() {
    let mut shop = ada();
    shop.config().telephone_required = false;
    shop.config().countries.push(Country { postcode_optional: true, ..Country::new("IE") });
    shop.config().countries.push(Country::new("BR").needs_region());
    let address = with(&good(), &json!({"telephone": null, "postcode": null, "country_id": "IE", "region": null}));
    assert_eq!(put(&mut shop, 1, &whole(&json!({"addresses": [address]}))).0, 200);
    let address = with(&good(), &json!({"country_id": "BR", "region": null}));
    let (status, answer) = put(&mut shop, 1, &whole(&json!({"addresses": [address]})));
    assert_eq!((status, &answer["parameters"]["fieldName"]), (400, &json!("region")));
}

/// The owner is a column like any other: whoever sends the id of another's address takes it over.
#[test]
fn an_address_of_another_customer_moves() {
    let mut shop = ada();
    let bob = shop.add_customer(now(), &CustomerDraft::new("bob@example.com", "Bob", "Sample"));
    let person = whole(&json!({"email": "bob@example.com", "addresses": [{"id": 1}]}));
    let (status, answer) = put(&mut shop, bob, &person);
    assert_eq!(
        (status, shown(&answer), &answer["addresses"][0]["customer_id"]),
        (200, "1/-/- - -".into(), &json!(bob))
    );
    assert_eq!(shown(shop.customer(1).unwrap()), " - -");
    let (status, answer) = put(&mut shop, bob, &whole(&json!({"email": "bob@example.com", "addresses": [{"id": 77}]})));
    assert_eq!((status, &answer["parameters"]), (404, &json!({"fieldName": "addressId", "fieldValue": 77})));
}

#[test]
fn deleting_an_address_takes_the_default_away() {
    for (id, expected, updated_at) in [
        (1, "2/-/- 3/-/- - -", "2024-03-11 09:14:07"),
        // The account's own row is not touched.
        (2, "1/true/true 3/-/- 1 1", "2024-03-11 09:14:02"),
    ] {
        let mut shop = three();
        let target = format!("/rest/V1/addresses/{id}");
        assert_eq!(write(&mut shop, "DELETE", &target, &json!({})), (200, json!(true)));
        let saved = shop.customer(1).unwrap();
        assert_eq!((shown(saved).as_str(), &saved["updated_at"]), (expected, &json!(updated_at)), "{id}");
        let (status, answer) = write(&mut shop, "DELETE", &target, &json!({}));
        assert_eq!((status, &answer["parameters"]["fieldName"]), (404, &json!("addressId")));
    }
}
