//! Accounts over the API: what is made, saved, kept and refused.

use super::*;

pub(super) const REQUIRED: &str = "\"%fieldName\" is required. Enter and try again.";
pub(super) const TAKEN: &str = "A customer with the same email address already exists in an associated website.";

/// Sends a body, five seconds after the shop was opened.
pub(super) fn write(shop: &mut Magento, method: &str, target: &str, body: &Value) -> (u16, Value) {
    let (parts, _) = request(method, target, "Bearer admin").into_parts();
    let request = Request::from_parts(parts, Bytes::from(body.to_string()));
    let (answer, _) = shop.receive(after(5), &request);
    (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap())
}

pub(super) fn put(shop: &mut Magento, id: u64, customer: &Value) -> (u16, Value) {
    write(shop, "PUT", &format!("/rest/V1/customers/{id}"), &json!({ "customer": customer }))
}

/// Ada with one address, which is her default.
pub(super) fn ada() -> Magento {
    let mut shop = shop();
    let draft = CustomerDraft::new("ada@example.com", "Ada", "Sample").address(Address::us("Ada", "Sample"));
    shop.add_customer(now(), &draft);
    shop.take_occurrences();
    shop
}

/// What a save of Ada needs, with more members.
pub(super) fn whole(more: &Value) -> Value {
    let mut person = json!({"email": "ada@example.com", "firstname": "Ada", "lastname": "Sample", "website_id": 1});
    for (name, value) in more.as_object().unwrap() {
        person[name] = value.clone();
    }
    person
}

/// The documented request and response (Adobe Commerce REST documentation, "Create a customer"), with the times of here.
#[test]
fn a_new_account_is_answered_as_documented() {
    let mut shop = shop();
    shop.add_customer(
        now(),
        &CustomerDraft::new("first@example.com", "First", "Sample").address(Address::us("F", "S")),
    );
    let body = json!({
        "customer": {
            "email": "jdoe@example.com", "firstname": "Jane", "lastname": "Doe",
            "addresses": [{
                // An id says nothing here, and takes nothing from whose it is.
                "id": 1, "defaultShipping": true, "defaultBilling": true, "firstname": "Jane", "lastname": "Doe",
                "region": {"regionCode": "NY", "region": "New York", "regionId": 43},
                "postcode": "10755", "street": ["123 Oak Ave"], "city": "Purchase", "telephone": "512-555-1111",
                "countryId": "US",
            }],
        },
        "password": "Password1",
    });
    let expected = json!({
        "id": 2, "group_id": 1, "default_billing": "2", "default_shipping": "2", "created_at": "2024-03-11 09:14:07",
        "updated_at": "2024-03-11 09:14:07", "created_in": "Default Store View", "email": "jdoe@example.com",
        "firstname": "Jane", "lastname": "Doe", "store_id": 1, "website_id": 1,
        "addresses": [{
            "id": 2, "customer_id": 2, "region": {"region_code": "NY", "region": "New York", "region_id": 43},
            "region_id": 43, "country_id": "US", "street": ["123 Oak Ave"], "telephone": "512-555-1111",
            "postcode": "10755", "city": "Purchase", "firstname": "Jane", "lastname": "Doe",
            "default_shipping": true, "default_billing": true,
        }],
        "disable_auto_group_change": 0, "extension_attributes": {"is_subscribed": false},
    });
    let told = |shop: &mut Magento| {
        let told = shop.take_occurrences().into_iter().map(|told| format!("{} {}", told.name, told.id));
        told.collect::<Vec<_>>()
    };
    assert_eq!(told(&mut shop), ["customer.created 1", "customer.address.created 1"]);
    assert_eq!(write(&mut shop, "POST", "/rest/V1/customers", &body), (200, expected.clone()));
    assert_eq!(told(&mut shop), ["customer.created 2", "customer.address.created 2"]);
    assert_eq!(get(&mut shop, "/rest/V1/customers/2"), (200, expected.clone()));
    assert_eq!(get(&mut shop, "/rest/V1/customers/addresses/2"), (200, expected["addresses"][0].clone()));
    assert_eq!(shop.customer(1).unwrap()["addresses"][0]["id"], 1);
    assert_eq!(write(&mut shop, "POST", "/rest/V1/customers", &body).1["message"], TAKEN);
}

#[test]
fn an_account_goes_where_its_website_and_store_say() {
    let french = StoreView { website_id: 2, store_group_id: 2, ..StoreView::new(2, "french", "French", "EUR") };
    let mut config = Config::shop().admin_token("admin", [ALL_RESOURCES]).store_view(french);
    config.websites.push(Website { id: 2, code: "europe".into(), name: "Europe".into(), default_group_id: 2 });
    config.store_groups.push(StoreGroup {
        id: 2,
        website_id: 2,
        root_category_id: 2,
        default_store_id: 2,
        name: "Europe".into(),
        code: "europe".into(),
    });
    let wrong = "The store view is not in the associated website.";
    for (place, status, expected) in [
        (json!({}), 200, "1 1 Default Store View"),
        (json!({"website_id": 2}), 200, "2 2 French"),
        (json!({"store_id": 2}), 200, "2 2 French"),
        (json!({"website_id": 1, "store_id": 1}), 200, "1 1 Default Store View"),
        (json!({"website_id": 1, "store_id": 2}), 400, wrong),
        (json!({"website_id": 7}), 501, "Not simulated: a customer of website 7, which is not there"),
    ] {
        let mut shop = Magento::new(config.clone());
        let mut customer = json!({"email": "a@example.com", "firstname": "A", "lastname": "B"});
        customer.as_object_mut().unwrap().extend(place.as_object().cloned().unwrap());
        let (answered, body) = write(&mut shop, "POST", "/rest/V1/customers", &json!({ "customer": customer }));
        let told = match body["message"].as_str() {
            Some(message) => message.to_owned(),
            None => format!("{} {} {}", body["website_id"], body["store_id"], body["created_in"].as_str().unwrap()),
        };
        assert_eq!((answered, told.as_str()), (status, expected), "{place}");
    }
}

#[test]
fn an_email_is_unique_per_website_or_everywhere() {
    for (global, other_website, status) in [(false, 1, 400), (false, 2, 200), (true, 1, 400), (true, 2, 400)] {
        let mut shop = ada();
        shop.config().accounts_are_global = global;
        shop.config().websites.push(Website { id: 2, code: "b".into(), name: "B".into(), default_group_id: 1 });
        let bob =
            shop.add_customer(now(), &CustomerDraft::new("bob@example.com", "Bob", "Sample").place(other_website, 1));
        let person = whole(&json!({"email": "ADA@example.com", "website_id": other_website}));
        let (answered, body) = put(&mut shop, bob, &person);
        assert_eq!(answered, status, "{global} {other_website}: {body}");
        if status == 400 {
            assert_eq!(body, json!({ "message": TAKEN }));
            assert_eq!(shop.customer(bob).unwrap()["email"], "bob@example.com");
        }
    }
}

#[test]
fn a_save_keeps_what_was_not_sent_and_clears_what_is_empty() {
    let rest = |document: &Value| {
        let mut document = document.clone();
        let map = document.as_object_mut().unwrap();
        map.remove("updated_at");
        document
    };
    for (sent, member, expected) in [
        (json!({}), "taxvat", json!("DE1")),
        (json!({"taxvat": null}), "taxvat", json!("DE1")),
        (json!({"taxvat": ""}), "taxvat", Value::Null),
        (json!({"taxvat": 12}), "taxvat", json!("12")),
        (json!({"groupId": "2"}), "group_id", json!(2)),
        (json!({"group_id": 0}), "group_id", json!(0)),
        (json!({"gender": 2}), "gender", json!(2)),
        (json!({"id": 99}), "id", json!(1)),
        (json!({"created_at": "2001-01-01 00:00:00"}), "created_at", json!("2024-03-11 09:14:02")),
        (json!({"updated_at": "2001-01-01 00:00:00"}), "updated_at", json!("2024-03-11 09:14:07")),
        (json!({"disable_auto_group_change": 1}), "disable_auto_group_change", json!(1)),
        (
            json!({"extension_attributes": {"is_subscribed": true}}),
            "extension_attributes",
            json!({"is_subscribed": true}),
        ),
    ] {
        let mut shop = shop();
        let draft = CustomerDraft::new("ada@example.com", "Ada", "Sample").address(Address::us("Ada", "Sample"));
        let id = shop.add_customer(now(), &draft.taxvat("DE1").group(3));
        let mut before = rest(shop.customer(id).unwrap());
        let (status, answer) = put(&mut shop, id, &whole(&sent));
        assert_eq!((status, &answer[member]), (200, &expected), "{sent}");
        assert_eq!(Some(&answer), shop.customer(id), "{sent}");
        assert_eq!(answer["updated_at"], "2024-03-11 09:14:07", "{sent}");
        let mut after = rest(&answer);
        for document in [&mut before, &mut after] {
            document.as_object_mut().unwrap().remove(member);
        }
        assert_eq!(before, after, "{sent}: nothing else has changed");
    }
}

#[test]
fn old_versions_put_a_customer_saved_without_group_back_into_the_default() {
    for (resets, expected) in [(false, 3), (true, 1)] {
        let mut shop = shop();
        shop.config().omitted_group_is_reset = resets;
        let id = shop.add_customer(now(), &CustomerDraft::new("ada@example.com", "Ada", "Sample").group(3));
        assert_eq!(put(&mut shop, id, &whole(&json!({}))).1["group_id"], expected);
    }
}

#[test]
fn what_a_save_refuses_changes_nothing() {
    let named = |name: &str| json!({"message": REQUIRED, "parameters": {"fieldName": name}});
    let both = json!({"message": "One or more input exceptions have occurred.", "errors": [named("firstname"), named("lastname")]});
    let said = |text: &str| json!({ "message": text });
    let int = "Error occurred during \"customer\" processing. The \"one\" value's type is invalid. \
        The \"int\" type was expected. Verify and try again.";
    let missing = json!({"message": "No such entity with %fieldName = %fieldValue", "parameters": {"fieldName": "customerId", "fieldValue": 9}});
    for (id, sent, status, expected) in [
        (1, whole(&json!({"email": null})), 400, said("The customer email is missing. Enter and try again.")),
        (1, whole(&json!({"email": "ada.example.com"})), 400, said("\"Email\" is not a valid email address.")),
        (1, whole(&json!({"email": "ada@example"})), 400, said("\"Email\" is not a valid email address.")),
        (1, whole(&json!({"firstname": null})), 400, named("firstname")),
        (1, whole(&json!({"lastname": "  "})), 400, named("lastname")),
        (1, whole(&json!({"firstname": "", "lastname": ""})), 400, both),
        (1, whole(&json!({"group_id": 9})), 400, said("The specified customer group id does not exist.")),
        (1, whole(&json!({"group_id": "one"})), 400, said(int)),
        (9, whole(&json!({})), 404, missing),
        (1, whole(&json!({"website_id": null})), 501, said("Not simulated: PUT of a customer without website_id")),
    ] {
        let mut shop = ada();
        let before = shop.customer(1).cloned();
        assert_eq!(put(&mut shop, id, &sent), (status, expected), "{sent}");
        assert_eq!(shop.customer(1).cloned(), before, "{sent}");
        assert_eq!(shop.take_occurrences(), [], "{sent}");
    }
}

#[test]
fn members_that_the_interfaces_lack_are_masked_errors() {
    for sent in [
        json!({"colour": "red"}),
        json!({"extension_attributes": {"colour": "red"}}),
        // The attributes of companies come with their module.
        json!({"extension_attributes": {"company_attributes": {"company_id": 1}}}),
        json!({"addresses": [{"colour": "red"}]}),
        json!({"addresses": [{"region": {"colour": "red"}}]}),
        json!({"addresses": [{"region": "Texas"}]}),
        json!({"addresses": [{"state": "TX"}]}),
    ] {
        let mut shop = ada();
        let before = shop.customer(1).cloned();
        let (status, answer) = put(&mut shop, 1, &whole(&sent));
        assert!(
            status == 500 && answer["message"].as_str().unwrap().starts_with("Internal Error."),
            "{sent}: {answer}"
        );
        assert_eq!(shop.customer(1).cloned(), before, "{sent}");
    }
}

#[test]
fn bodies_are_read_by_the_names_of_parameters() {
    for (body, status, message) in [
        ("{", 400, "Decoding error."),
        ("{}", 400, REQUIRED),
        (r#"{"customer": null}"#, 400, REQUIRED),
        (r#"{"customer": []}"#, 500, "Internal Error."),
    ] {
        let mut shop = ada();
        let (parts, _) = request("PUT", "/rest/V1/customers/1", "Bearer admin").into_parts();
        let (answered, answer) = send(&mut shop, &Request::from_parts(parts, Bytes::from(body)));
        let text = answer["message"].as_str().unwrap();
        assert!(answered == status && text.starts_with(message), "{body}: {answered} {text}");
    }
}

#[test]
fn only_who_may_manage_customers_chooses_the_group_of_a_new_one() {
    let body = json!({"customer": {"email": "a@example.com", "firstname": "A", "lastname": "B", "group_id": 3}});
    for (token, group) in [("Bearer admin", 3), ("", 1), ("Bearer reader", 1)] {
        let config = Config::shop().admin_token("admin", ["Magento_Customer::manage"]);
        let mut shop = Magento::new(config.admin_token("reader", ["Magento_Customer::customer"]));
        let (parts, _) = request("POST", "/rest/V1/customers", token).into_parts();
        let (status, answer) = send(&mut shop, &Request::from_parts(parts, Bytes::from(body.to_string())));
        assert_eq!((status, &answer["group_id"]), (200, &json!(group)), "{token}");
    }
}

#[test]
fn each_route_needs_its_right_and_is_counted() {
    for (method, target, right, route) in [
        ("GET", "/customers/1", "Magento_Customer::customer", "GET /V1/customers/:customerId"),
        ("GET", "/customers/search?searchCriteria=", "Magento_Customer::customer", "GET /V1/customers/search"),
        ("GET", "/attributeMetadata/customer", "Magento_Customer::customer", "GET /V1/attributeMetadata/customer"),
        ("PUT", "/customers/1", "Magento_Customer::manage", "PUT /V1/customers/:customerId"),
        ("GET", "/customers/addresses/1", "Magento_Customer::manage", "GET /V1/customers/addresses/:addressId"),
        ("DELETE", "/addresses/1", "Magento_Customer::manage", "DELETE /V1/addresses/:addressId"),
        ("DELETE", "/customers/1", "Magento_Customer::delete", "DELETE /V1/customers/:customerId"),
        ("GET", "/customerGroups/1", "Magento_Customer::group", "GET /V1/customerGroups/:id"),
        ("GET", "/customerGroups/search?searchCriteria=", "Magento_Customer::group", "GET /V1/customerGroups/search"),
    ] {
        let body = json!({"customer": whole(&json!({}))});
        let mut shop = ada();
        let before = shop.customer(1).cloned();
        shop.remove_resource(right);
        let (status, answer) = write(&mut shop, method, &format!("/rest/V1{target}"), &body);
        assert_eq!((status, &answer["parameters"]["resources"]), (401, &json!(right)), "{method} {target}");
        assert_eq!(shop.customer(1).cloned(), before, "{method} {target}");
        assert_eq!(shop.calls()[route], 1);
        let mut shop = ada();
        assert_eq!(write(&mut shop, method, &format!("/rest/V1{target}"), &body).0, 200, "{method} {target}");
    }
}

#[test]
fn a_deleted_account_is_gone_with_its_addresses() {
    let mut shop = ada();
    assert_eq!(write(&mut shop, "DELETE", "/rest/V1/customers/1", &json!({})), (200, json!(true)));
    for target in ["/rest/V1/customers/1", "/rest/V1/customers/addresses/1"] {
        assert_eq!(get(&mut shop, target).0, 404, "{target}");
    }
    assert_eq!(write(&mut shop, "DELETE", "/rest/V1/customers/1", &json!({})).0, 404);
    assert_eq!(shop.take_occurrences(), []);
}

#[test]
fn an_email_is_available_while_nobody_has_it() {
    for (body, secret, expected) in [
        (json!({"customerEmail": "ADA@example.com", "websiteId": 1}), false, json!(false)),
        (json!({"customerEmail": "ada@example.com"}), false, json!(false)),
        (json!({"customerEmail": "ada@example.com", "websiteId": 2}), false, json!(true)),
        (json!({"customerEmail": "eve@example.com", "websiteId": 1}), false, json!(true)),
        (json!({"customerEmail": "ada@example.com", "websiteId": 1}), true, json!(true)),
    ] {
        let mut shop = ada();
        shop.config().accounts_are_secret = secret;
        assert_eq!(write(&mut shop, "POST", "/rest/V1/customers/isEmailAvailable", &body), (200, expected), "{body}");
    }
}
