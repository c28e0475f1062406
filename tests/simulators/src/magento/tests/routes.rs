//! Paths, scopes, and the answers of the store routes.

use super::*;

#[test]
fn paths_lead_where_magento_leads_them() {
    let none = "Request does not match any route.";
    let table = [
        ("GET", "/rest/V1/orders/1", 200, ""),
        ("GET", "/rest/all/V1/orders/1", 200, ""),
        ("GET", "/rest/default/V1/orders/1", 200, ""),
        ("GET", "/index.php/rest/V1/orders/1", 200, ""),
        ("GET", "/rest/french/V1/orders/1", 404, none),
        ("GET", "/rest/V2/orders/1", 404, none),
        ("GET", "/V1/orders/1", 404, none),
        ("GET", "/rest/V1/order", 404, none),
        ("DELETE", "/rest/V1/orders/1", 404, none),
        ("PATCH", "/rest/V1/orders/1", 400, "Request method is invalid."),
        (
            "GET",
            "/rest/V1/orders/9",
            404,
            "The entity that was requested doesn't exist. Verify the entity and try again.",
        ),
        (
            "GET",
            "/rest/V1/orders/one",
            400,
            "The \"one\" value's type is invalid. The \"int\" type was expected. Verify and try again.",
        ),
        ("GET", "/rest/V1/orders/items", 501, "Not simulated: GET /V1/orders/items"),
        ("POST", "/rest/V1/orders/1/hold", 501, "Not simulated: POST /V1/orders/:id/hold"),
        ("GET", "/rest/V1/orders/1/comments", 501, "Not simulated: GET /V1/orders/:id/comments"),
        ("POST", "/rest/all/async/V1/products", 501, "Not simulated: POST /async/V1/products"),
    ];
    let mut shop = shop();
    shop.place(now(), &OrderDraft::guest("a@example.com").simple("A", 1, 1));
    for (method, target, expected, text) in table {
        let (status, body) = send(&mut shop, &request(method, target, "Bearer admin"));
        assert_eq!((status, body["message"].as_str().unwrap_or_default()), (expected, text), "{method} {target}");
    }
    assert_eq!(shop.calls()["GET /V1/orders/:id"], 6);
    // Five wrong paths and verbs, the unknown method, and the asynchronous API, which has no table.
    assert_eq!(shop.calls()["no route"], 7);
}

#[test]
fn rights_are_checked_before_arguments_and_after_routes() {
    let mut shop = shop();
    for (target, expected) in [("/rest/V1/nothing", 404), ("/rest/V1/orders/one", 401), ("/rest/V1/orders", 401)] {
        assert_eq!(send(&mut shop, &request("GET", target, "")).0, expected, "{target}");
    }
}

#[test]
fn a_missing_customer_is_named() {
    let (status, body) = get(&mut shop(), "/rest/V1/customers/9999");
    let expected = json!({
        "message": "No such entity with %fieldName = %fieldValue",
        "parameters": {"fieldName": "customerId", "fieldValue": 9999},
    });
    assert_eq!((status, body.to_string()), (404, expected.to_string()));
}

#[test]
fn store_data_is_listed_with_the_admin_scope() {
    let mut shop = Magento::new(
        Config::shop().admin_token("admin", [ALL_RESOURCES]).store_view(StoreView::new(2, "french", "French", "USD")),
    );
    let codes = |body: &Value| -> Vec<String> {
        body.as_array()
            .unwrap()
            .iter()
            .map(|entry| format!("{} {}", entry["id"], entry["code"].as_str().unwrap()))
            .collect()
    };
    let table = [
        ("/rest/V1/store/websites", vec!["1 base", "0 admin"]),
        ("/rest/V1/store/storeGroups", vec!["0 default", "1 main_website_store"]),
        ("/rest/V1/store/storeViews", vec!["1 default", "2 french", "0 admin"]),
        ("/rest/V1/store/storeConfigs", vec!["1 default", "2 french"]),
        ("/rest/V1/store/storeConfigs?storeCodes%5B%5D=french", vec!["2 french"]),
    ];
    for (target, expected) in table {
        assert_eq!(codes(&get(&mut shop, target).1), expected, "{target}");
    }
    let (_, configs) = get(&mut shop, "/rest/V1/store/storeConfigs");
    assert_eq!(
        values(&configs[0], &["/timezone", "/base_currency_code", "/weight_unit"]),
        ["\"America/Chicago\"", "\"USD\"", "\"lbs\""]
    );
    assert!(get(&mut shop, "/rest/V1/modules").1.as_array().unwrap().contains(&json!("Magento_Sales")));
}

#[test]
fn countries_tell_their_regions_to_everyone() {
    let mut shop = shop();
    let (status, all) = send(&mut shop, &request("GET", "/rest/V1/directory/countries", ""));
    assert_eq!((status, values(&all, &["/0/id", "/1/id"])), (200, ["\"US\"", "\"AF\""].map(String::from).to_vec()));
    let (_, states) = get(&mut shop, "/rest/V1/directory/countries/US");
    assert_eq!(states, all[0]);
    assert_eq!(states["available_regions"][1], json!({"id": "33", "code": "MI", "name": "Michigan"}));
    assert_eq!(get(&mut shop, "/rest/V1/directory/countries/FR").1.get("available_regions"), None);
    assert_eq!(get(&mut shop, "/rest/V1/directory/countries/XX").0, 501);
}

#[test]
fn the_body_is_written_as_php_writes_it() {
    let mut shop = shop();
    let id = shop.place(now(), &OrderDraft::guest("a@example.com").simple("A/1", 1, "19.90").named("Café"));
    let (answer, _) = shop.receive(now(), &request("GET", &format!("/rest/V1/orders/{id}"), "Bearer admin"));
    let text = String::from_utf8(answer.body().to_vec()).unwrap();
    assert!(text.contains(r#""sku":"A\/1""#) && text.contains(r#""name":"Caf\u00e9""#), "{text}");
    // No trailing zeros; null keys are left out, but for those whose getter is never null.
    assert!(text.contains(r#""price":19.9,"#) && text.contains(r#""cc_last4":null"#), "{text}");
    assert!(!text.contains("coupon_code") && !text.contains("\"company\""), "{text}");
    assert_eq!(answer.headers()["content-type"], "application/json; charset=utf-8");
}
