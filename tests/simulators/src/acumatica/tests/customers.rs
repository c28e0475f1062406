//! Customers.

use serde_json::{Value, json};

use super::customer_rules::update;
use super::{Config, Shop, errors};
use crate::acumatica::Change;

#[test]
fn a_new_customer_gets_a_number_and_its_class_defaults() {
    let mut shop = Shop::new();
    let sent = r#"{"CustomerID":{"value":"123"},"CustomerName":{"value":"John Roe"},"CustomerClass":{"value":"web"},"Nonsense":{"value":1},
        "MainContact":{"Email":{"value":"john@example.com"},"Address":{"City":{"value":"Ventura"},"State":{"value":"CA"}}}}"#;
    let (status, customer) = shop.put("Customer?$expand=MainContact,MainContact/Address,BillingContact", sent);
    assert_eq!(status, 200, "{customer}");
    for (field, value) in [
        ("CustomerID", "C000002"),
        ("CustomerClass", "WEB"),
        ("Status", "Active"),
        ("CurrencyID", "USD"),
        ("Terms", "30D"),
        ("TaxZone", "CA"),
        ("Email", "john@example.com"),
    ] {
        assert_eq!(customer[field]["value"], value, "{field}");
    }
    assert_eq!(customer["MainContact"]["Address"]["Country"]["value"], "US");
    assert_eq!(customer["BillingContact"]["Email"]["value"], "john@example.com");
    let (_, found) = shop.get("Customer?$filter=MainContact/Email+eq+'John@Example.com'");
    assert_eq!(found[0]["CustomerID"]["value"], "C000002");
    assert_eq!(shop.erp.saves(), 1);
}

#[test]
fn a_customer_is_updated_by_key_and_by_filter() {
    let mut shop = Shop::new();
    let (_, customer) =
        shop.put("Customer", r#"{"CustomerID":{"value":"c000001"},"CustomerName":{"value":"Jane Roe"}}"#);
    assert_eq!(customer["CustomerName"]["value"], "Jane Roe");
    let filter = "Customer?$filter=MainContact/Email%20eq%20'jane@example.com'&$expand=MainContact";
    let (_, customer) = shop.put(filter, r#"{"MainContact":{"Phone1":{"value":"555"}}}"#);
    assert_eq!(customer["CustomerID"]["value"], "C000001");
    assert_eq!(customer["MainContact"]["Email"]["value"], "jane@example.com");
    assert_eq!(shop.erp.customers().len(), 1);
}

#[test]
fn addresses_need_their_override_flag() {
    let mut shop = Shop::new();
    let cases = [("", "Main Street 1"), (r#""BillingAddressOverride":{"value":true},"#, "Bill Street 2")];
    for (flag, line) in cases {
        let sent = format!(
            r#"{{"CustomerName":{{"value":"John"}},{flag}
                "MainContact":{{"Address":{{"AddressLine1":{{"value":"Main Street 1"}}}}}},
                "BillingContact":{{"Address":{{"AddressLine1":{{"value":"Bill Street 2"}}}}}}}}"#
        );
        let (_, customer) = shop.put("Customer?$expand=BillingContact/Address", &sent);
        assert_eq!(customer["BillingContact"]["Address"]["AddressLine1"]["value"], line);
    }
}

#[test]
fn a_customer_is_refused_field_by_field() {
    let umbrella = ": Inserting  'Customer' record raised at least one error. Please review the errors.";
    let address = r#"{"CustomerName":{"value":"J"},"MainContact":{"Address":{"Country":{"value":"XX"}}}}"#;
    let state = r#"{"CustomerName":{"value":"J"},"MainContact":{"Address":{"State":{"value":"Bavaria"}}}}"#;
    let cases = [
        ("{}", "CustomerName: 'Customer Name' cannot be empty."),
        (
            r#"{"CustomerName":{"value":"J"},"CustomerClass":{"value":"NONE"}}"#,
            "CustomerClass: 'Customer Class' cannot be found in the system.",
        ),
        (r#"{"CustomerName":{"value":"J"},"Terms":{"value":"NONE"}}"#, "Terms: 'Terms' cannot be found in the system."),
        (address, "MainContact/Address/Country: 'Country' cannot be found in the system."),
        (state, "MainContact/Address/State: 'State' cannot be found in the system."),
    ];
    for (sent, error) in cases {
        let mut shop = Shop::new();
        let (status, refused) = shop.put("Customer", sent);
        assert_eq!(status, 422, "{sent}");
        assert_eq!(errors(&refused), [umbrella, error], "{sent}");
        assert_eq!(shop.erp.saves(), 0);
    }
}

#[test]
fn a_manually_numbered_customer_needs_an_id() {
    let mut shop = Shop::with(Config { customer_auto_numbering: false, ..Config::default() });
    let (status, refused) = shop.put("Customer", r#"{"CustomerName":{"value":"J"}}"#);
    assert_eq!((status, errors(&refused)[1].as_str()), (422, "CustomerID: 'Customer ID' cannot be empty."));
    let (_, customer) = shop.put("Customer", r#"{"CustomerID":{"value":"web17"},"CustomerName":{"value":"J"}}"#);
    assert_eq!(customer["CustomerID"]["value"], "WEB17");
}

#[test]
fn a_customer_is_read_by_key_by_id_and_in_pages() {
    let mut shop = Shop::new();
    for at in 2..=5 {
        shop.erp.add_customer(&format!("Customer {at}"), &format!("c{at}@example.com"));
    }
    let (_, first) = shop.get("Customer/c000001");
    let id = first["NoteID"]["value"].as_str().unwrap().to_owned();
    assert_eq!(first["id"], first["NoteID"]["value"]);
    assert_eq!(shop.get(&format!("Customer/{id}")).1, first);
    let (status, missing) = shop.get("Customer/C000009");
    assert_eq!((status, &missing["exceptionMessage"]), (500, &json!("No entity satisfies the condition.")));
    for (page, ids) in [
        ("$top=2", vec!["C000001", "C000002"]),
        ("$top=2&$skip=2", vec!["C000003", "C000004"]),
        ("$top=2&$skip=4", vec!["C000005"]),
        ("$top=2&$skip=6", vec![]),
        ("$filter=CustomerClass+eq+'WEB'+and+Status+eq+'Active'&$skip=4", vec!["C000005"]),
        ("$filter=Status+eq+'Inactive'", vec![]),
        ("$filter=substringof('c3@',MainContact/Email)", vec!["C000003"]),
    ] {
        let (status, found) = shop.get(&format!("Customer?{page}"));
        let found: Vec<_> =
            found.as_array().unwrap().iter().map(|found| found["CustomerID"]["value"].clone()).collect();
        assert_eq!((status, found), (200, ids.into_iter().map(Value::from).collect()), "{page}");
    }
}

#[test]
fn the_stamp_moves_with_a_save_only() {
    let mut shop = Shop::new();
    let since = "Customer?$filter=LastModifiedDateTime+gt+datetimeoffset'2026-03-02T10%3A00%3A00%2B00%3A00'";
    assert_eq!(shop.get(since).1, json!([]));
    shop.now = "2026-03-02T10:00:01Z".parse().unwrap();
    // Equal values are skipped, whichever way they are written.
    for equal in [
        r#""CustomerName":{"value":"Jane Doe"}"#,
        r#""CustomerClass":{"value":"web"},"MainContact":{"Email":{"value":"jane@example.com "}}"#,
        r#""BillingContact":{"Email":{"value":"ignored@example.com"}}"#,
    ] {
        let customer = update(&mut shop, equal);
        assert_eq!(customer["LastModifiedDateTime"]["value"], "2020-01-01T00:00:00+00:00", "{equal}");
    }
    assert_eq!(shop.erp.saves(), 0);
    let customer = update(&mut shop, r#""MainContact":{"Phone1":{"value":"555"}}"#);
    assert_eq!(customer["LastModifiedDateTime"]["value"], "2026-03-02T10:00:01+00:00");
    assert_eq!(shop.get(since).1[0]["CustomerID"]["value"], "C000001");
    let exactly = since.replace("10%3A00%3A00%2B", "10%3A00%3A01%2B");
    assert_eq!(shop.get(&exactly).1, json!([]), "gt is not ge");
}

#[test]
fn an_update_is_checked_field_by_field() {
    let long = "x".repeat(256);
    let cases = [
        (r#""CustomerName":{"value":null}"#.to_owned(), "CustomerName: 'Customer Name' cannot be empty."),
        (r#""PriceClassID":{"value":"NONE"}"#.to_owned(), "PriceClassID: 'Price Class' cannot be found in the system."),
        (
            r#""CustomerClass":{"value":"NONE"}"#.to_owned(),
            "CustomerClass: 'Customer Class' cannot be found in the system.",
        ),
        (r#""TaxZone":{"value":"NONE"}"#.to_owned(), "TaxZone: 'Tax Zone' cannot be found in the system."),
        (
            r#""Status":{"value":"Asleep"}"#.to_owned(),
            "Status: The list value 'Asleep' is not allowed for the field Status.",
        ),
        (
            r#""CustomerCategory":{"value":"I"}"#.to_owned(),
            "CustomerCategory: The list value 'I' is not allowed for the field CustomerCategory.",
        ),
        (
            r#""PriceClassID":{"value":"RETAILRETAIL"}"#.to_owned(),
            "PriceClassID: The string is longer than the 10 characters of PriceClassID.",
        ),
        (
            format!(r#""MainContact":{{"Email":{{"value":"{long}"}}}}"#),
            "MainContact/Email: The string is longer than the 255 characters of Email.",
        ),
        (
            r#""ShippingAddressOverride":{"value":true},"ShippingContact":{"Address":{"Country":{"value":"XX"}}}"#
                .to_owned(),
            "ShippingContact/Address/Country: 'Country' cannot be found in the system.",
        ),
    ];
    for (fields, error) in cases {
        let mut shop = Shop::new();
        let before = shop.get("Customer/C000001?$expand=MainContact").1;
        let (status, refused) = shop.put("Customer", &format!(r#"{{"CustomerID":{{"value":"C000001"}},{fields}}}"#));
        let umbrella = ": Updating  'Customer' record raised at least one error. Please review the errors.";
        assert_eq!((status, errors(&refused)), (422, vec![umbrella.to_owned(), error.to_owned()]), "{fields}");
        assert_eq!(shop.get("Customer/C000001?$expand=MainContact").1, before, "{fields}");
    }
}

#[test]
fn every_field_of_the_form_is_written_and_given_back() {
    let mut shop = Shop::new();
    for (field, value) in [
        ("Status", "On Hold"),
        ("Status", "Inactive"),
        ("Status", "Active"),
        ("PriceClassID", "WHOLESALE"),
        ("Terms", "PREPAY"),
        ("TaxZone", "WEBSHOP"),
        ("TaxRegistrationID", "DE123456789"),
        ("TaxExemptionNumber", "EX-1"),
        ("CustomerCategory", "Individual"),
        ("AccountRef", "17"),
    ] {
        let customer = update(&mut shop, &format!(r#""{field}":{{"value":"{value}"}}"#));
        assert_eq!(customer[field]["value"], value);
    }
    assert_eq!(update(&mut shop, r#""IsGuestCustomer":{"value":true}"#)["IsGuestCustomer"]["value"], true);
    assert_eq!(update(&mut shop, r#""TaxRegistrationID":{"value":null}"#)["TaxRegistrationID"], json!({}));
    // What the system keeps itself is ignored.
    let customer =
        update(&mut shop, r#""NoteID":{"value":"13582ef4-0000-0000-0000-000000000000"},"BAccountID":{"value":1}"#);
    assert_eq!(customer["NoteID"]["value"], customer["id"]);
}

#[test]
fn an_email_is_no_key() {
    let mut shop = Shop::new();
    shop.erp.add_customer("Jane Twice", "jane@example.com");
    let (_, found) = shop.get("Customer?$filter=MainContact/Email+eq+'jane@example.com'&$top=2");
    assert_eq!(found.as_array().unwrap().len(), 2);
    let user = [Change::to("MainContact/Email", "roe@example.com")];
    shop.erp.edit_customer("C000002", shop.now, &user).unwrap();
    let (_, customer) = shop.get("Customer/C000002");
    assert_eq!(customer["Email"]["value"], "roe@example.com");
}
