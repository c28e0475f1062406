//! Customers.

use super::{Config, Shop, errors};

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
