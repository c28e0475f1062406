//! Groups, attributes and companies.

use super::customers::{ada, put, whole, write};
use super::*;

const EVERYTHING: &str = "searchCriteria=";

#[test]
fn groups_are_listed_and_read() {
    let mut shop = shop();
    let europe = CustomerGroup { excluded_websites: vec![1], ..CustomerGroup::new(4, "Europe only") };
    shop.config().customer_groups.push(europe);
    let general = json!({"id": 1, "code": "General", "tax_class_id": 3, "tax_class_name": "Retail Customer"});
    assert_eq!(get(&mut shop, "/rest/V1/customerGroups/1"), (200, general));
    let (_, four) = get(&mut shop, "/rest/V1/customerGroups/4");
    assert_eq!(four["extension_attributes"], json!({"exclude_website_ids": [1]}));
    let (_, all) = get(&mut shop, &format!("/rest/V1/customerGroups/search?{EVERYTHING}"));
    let codes: Vec<_> = all["items"].as_array().unwrap().iter().map(|group| group["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["NOT LOGGED IN", "General", "Wholesale", "Retailer", "Europe only"]);
    let by_code = "searchCriteria[filter_groups][0][filters][0][field]=code&searchCriteria[filter_groups][0][filters][0][value]=retailer";
    let by_code = by_code.replace('[', "%5B").replace(']', "%5D");
    let (_, found) = get(&mut shop, &format!("/rest/V1/customerGroups/search?{by_code}"));
    assert_eq!(values(&found, &["/total_count", "/items/0/id"]), ["1", "3"]);
    let (status, answer) = get(&mut shop, "/rest/V1/customerGroups/9");
    assert_eq!((status, &answer["parameters"]), (404, &json!({"fieldName": "id", "fieldValue": 9})));
}

/// Ada in a shop with a text, a select and a multiselect, and with two values.
fn with_attributes() -> Magento {
    let mut shop = shop();
    shop.config().customer_attributes = vec![
        CustomerAttribute::text("erp_note"),
        CustomerAttribute::select("tier", &[("7", "Gold"), ("8", "Silver")]),
        CustomerAttribute {
            input: "multiselect".into(),
            ..CustomerAttribute::select("likes", &[("1", "Tea"), ("2", "Coffee")])
        },
    ];
    let draft = CustomerDraft::new("ada@example.com", "Ada", "Sample").attribute("tier", "7");
    shop.add_customer(now(), &draft.attribute("erp_note", "old"));
    shop
}

#[test]
fn attributes_are_written_one_by_one() {
    let not = |what: &str| (501, json!({"message": format!("Not simulated: {what}")}));
    let pair = |code: &str, value: Value| json!({"attribute_code": code, "value": value});
    for (sent, expected) in [
        (json!([]), (200, json!([pair("tier", json!("7")), pair("erp_note", json!("old"))]))),
        (json!([pair("tier", json!("8"))]), (200, json!([pair("erp_note", json!("old")), pair("tier", json!("8"))]))),
        (json!({"erp_note": "new"}), (200, json!([pair("tier", json!("7")), pair("erp_note", json!("new"))]))),
        (json!({"erp_note": ""}), (200, json!([pair("tier", json!("7"))]))),
        (json!({"erp_note": "", "tier": null}), (200, Value::Null)),
        (
            json!([pair("likes", json!("1,2"))]),
            (200, json!([pair("tier", json!("7")), pair("erp_note", json!("old")), pair("likes", json!("1,2"))])),
        ),
        (json!({"tier": "Gold"}), not("a value of \"tier\" that is none of its options")),
        (json!({"likes": "1,9"}), not("a value of \"likes\" that is none of its options")),
        (json!({"shoe_size": "9"}), not("a customer's attribute \"shoe_size\", which the shop does not define")),
    ] {
        let mut shop = with_attributes();
        let (status, answer) = put(&mut shop, 1, &whole(&json!({"custom_attributes": sent})));
        let told = if status == 200 { answer["custom_attributes"].clone() } else { answer };
        assert_eq!((status, told), expected, "{sent}");
    }
}

#[test]
fn metadata_tells_options_and_who_defined_an_attribute() {
    let (status, all) = get(&mut with_attributes(), "/rest/V1/attributeMetadata/customer");
    let of =
        |code: &str| all.as_array().unwrap().iter().find(|entry| entry["attribute_code"] == code).cloned().unwrap();
    assert_eq!(status, 200);
    let gold = json!([{"label": "Gold", "value": "7"}, {"label": "Silver", "value": "8"}]);
    assert_eq!(
        (&of("tier")["options"], &of("tier")["user_defined"], &of("tier")["frontend_input"]),
        (&gold, &json!(true), &json!("select"))
    );
    assert_eq!((&of("email")["required"], &of("email")["system"]), (&json!(true), &json!(true)));
}

#[test]
fn companies_exist_where_their_module_is_on() {
    let mut shop = ada();
    for target in ["/rest/V1/company/1", "/rest/V1/company/?searchCriteria="] {
        assert_eq!(get(&mut shop, target), (404, json!({"message": "Request does not match any route."})), "{target}");
    }
    shop.config().modules.push("Magento_Company".into());
    assert_eq!(shop.add_company(after(1), &CompanyDraft::new("Sample Ltd", "office@example.com", 1)), 1);
    let membership = json!({"customer_id": 1, "company_id": 1, "status": 1, "job_title": "Administrator"});
    assert_eq!(get(&mut shop, "/rest/V1/customers/1").1["extension_attributes"]["company_attributes"], membership);
    let (status, company) = get(&mut shop, "/rest/V1/company/1");
    assert_eq!(
        (status, values(&company, &["/company_name", "/super_user_id", "/region_id", "/reject_reason"])),
        (200, ["\"Sample Ltd\"", "1", "\"12\"", "null"].map(String::from).to_vec())
    );
    assert!(company.as_object().unwrap().contains_key("rejected_at"), "never null by declaration, so it is there");
    let (_, found) = get(&mut shop, "/rest/V1/company/?searchCriteria=");
    assert_eq!((&found["items"][0], &found["total_count"]), (&company, &json!(1)));
    assert_eq!(get(&mut shop, "/rest/V1/company/2").0, 404);
}

#[test]
fn a_customer_is_made_a_member_by_a_save() {
    let mut shop = ada();
    shop.config().modules.push("Magento_Company".into());
    let member = json!({"company_id": 2, "job_title": "Sales Rep", "status": 0, "telephone": "512-555-3322"});
    let person = whole(&json!({"extension_attributes": {"company_attributes": member}}));
    let (status, answer) = put(&mut shop, 1, &person);
    let expected = json!({
        "company_attributes": {
            "customer_id": 1, "company_id": 2, "status": 0, "job_title": "Sales Rep", "telephone": "512-555-3322",
        },
        "is_subscribed": false,
    });
    assert_eq!((status, &answer["extension_attributes"]), (200, &expected));
}

#[test]
fn a_new_company_needs_its_members() {
    let whole = json!({
        "company_name": "Test company", "company_email": "newemail@example.com", "street": ["100 Big Tree Avenue"],
        "city": "San Francisco", "country_id": "US", "region_id": "12", "postcode": "99999", "telephone": "4155551212",
        "super_user_id": 1,
    });
    let changed = |name: &str, value: Value| {
        let mut company = whole.clone();
        company[name] = value;
        company
    };
    for (company, status, message) in [
        (whole.clone(), 200, ""),
        (changed("super_user_id", Value::Null), 501, "Not simulated: a company without super_user_id"),
        (changed("colour", json!("red")), 500, "Internal Error."),
    ] {
        let mut shop = ada();
        shop.config().modules.push("Magento_Company".into());
        let (answered, answer) = write(&mut shop, "POST", "/rest/V1/company/", &json!({ "company": company }));
        let text = answer["message"].as_str().unwrap_or_default();
        assert!(answered == status && text.starts_with(message), "{company}: {answered} {answer}");
        assert_eq!(get(&mut shop, "/rest/V1/company/1").0, if status == 200 { 200 } else { 404 });
    }
}
