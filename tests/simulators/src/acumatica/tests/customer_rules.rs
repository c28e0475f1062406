//! What about customers differs between tenants, or is not established.

use serde_json::{Value, json};

use super::{Config, Shop};
use crate::acumatica::{CustomerClass, CustomerRules, CustomerStamp, PrimaryContactRule};

/// A tenant with these rules for customers.
pub(super) fn ruled(customers: CustomerRules) -> Shop {
    Shop::with(Config { customers, ..Config::default() })
}

/// Updates the first customer; the answer shows all contacts.
pub(super) fn update(shop: &mut Shop, fields: &str) -> Value {
    let shown = "MainContact/Address,BillingContact/Address,ShippingContact/Address,PrimaryContact";
    let sent = format!(r#"{{"CustomerID":{{"value":"C000001"}},{fields}}}"#);
    let (status, customer) = shop.put(&format!("Customer?$expand={shown}"), &sent);
    assert_eq!(status, 200, "{fields}: {customer}");
    customer
}

#[test]
fn which_changes_move_the_stamp_is_a_switch() {
    use CustomerStamp::{AnyChange, DefaultLocation, OwnFields};
    let name = r#""CustomerName":{"value":"Jane Roe"}"#;
    let city = r#""MainContact":{"Address":{"City":{"value":"Ventura"}}}"#;
    let zone = r#""TaxZone":{"value":"WEBSHOP"}"#;
    let cases = [
        (AnyChange, name, true),
        (AnyChange, city, true),
        (AnyChange, zone, true),
        (OwnFields, name, true),
        (OwnFields, city, false),
        (OwnFields, zone, true),
        (DefaultLocation, name, false),
        (DefaultLocation, city, false),
        (DefaultLocation, zone, true),
    ];
    for (stamp, change, moves) in cases {
        let mut shop = ruled(CustomerRules { stamp, ..CustomerRules::default() });
        let customer = update(&mut shop, change);
        let moved = customer["LastModifiedDateTime"]["value"] != "2020-01-01T00:00:00+00:00";
        assert_eq!((moved, shop.erp.saves()), (moves, 1), "{stamp:?} {change}");
    }
    let stamp_lag = std::time::Duration::from_secs(3);
    let mut shop = ruled(CustomerRules { stamp_lag, ..CustomerRules::default() });
    assert_eq!(update(&mut shop, name)["LastModifiedDateTime"]["value"], "2026-03-02T09:59:57+00:00");
}

#[test]
fn billing_and_shipping_are_the_main_ones_until_they_are_overridden() {
    let main = r#""MainContact":{"Attention":{"value":"Jane"},"Address":{"AddressLine1":{"value":"Main 1"},"City":{"value":"Ventura"}}}"#;
    let own = r#""BillingContactOverride":{"value":true},"BillingAddressOverride":{"value":true},
        "BillingContact":{"Email":{"value":"bills@example.com"},"Address":{"AddressLine1":{"value":"Bill 2"}}}"#;
    let seen = |customer: &Value, part: &str| {
        let contact = &customer[part];
        let address = &contact["Address"];
        [&contact["Email"], &contact["Attention"], &address["AddressLine1"], &address["City"]]
            .map(|field| field["value"].as_str().unwrap_or("").to_owned())
    };
    let mut shop = Shop::new();
    let customer = update(&mut shop, main);
    assert_eq!(seen(&customer, "BillingContact"), ["jane@example.com", "Jane", "Main 1", "Ventura"]);
    // What is not sent with the override stays the main one's.
    let customer = update(&mut shop, own);
    assert_eq!(seen(&customer, "BillingContact"), ["bills@example.com", "Jane", "Bill 2", "Ventura"]);
    assert_eq!(seen(&customer, "ShippingContact"), ["jane@example.com", "Jane", "Main 1", "Ventura"]);
    // The main one moves on; what is overridden stays, the other one follows.
    let moved = r#""MainContact":{"Attention":{"value":null},"Address":{"City":{"value":"Ojai"}}}"#;
    let customer = update(&mut shop, moved);
    assert_eq!(seen(&customer, "BillingContact"), ["bills@example.com", "Jane", "Bill 2", "Ventura"]);
    assert_eq!(seen(&customer, "ShippingContact"), ["jane@example.com", "", "Main 1", "Ojai"]);
    let customer = update(&mut shop, r#""BillingContactOverride":{"value":false}"#);
    assert_eq!(seen(&customer, "BillingContact"), ["jane@example.com", "", "Bill 2", "Ventura"]);
    // Whether it starts as a copy is a switch, for a new customer and for an old one.
    for (override_copies, expected) in
        [(true, ["bills@example.com", "Jane", "Bill 2", "Ventura"]), (false, ["bills@example.com", "", "Bill 2", ""])]
    {
        let rules = CustomerRules { override_copies, ..CustomerRules::default() };
        let mut shop = ruled(rules.clone());
        let sent = format!(r#"{{"CustomerName":{{"value":"J"}},{main},{own}}}"#);
        let (_, new) = shop.put("Customer?$expand=BillingContact/Address", &sent);
        assert_eq!(seen(&new, "BillingContact"), expected, "new, {override_copies}");
        let mut shop = ruled(rules);
        update(&mut shop, main);
        assert_eq!(seen(&update(&mut shop, own), "BillingContact"), expected, "old, {override_copies}");
    }
}

#[test]
fn what_a_class_change_does_to_its_settings_is_a_switch() {
    for (class_change_resets, terms) in [(false, "30D"), (true, "PREPAY")] {
        for (with, expected) in [("", terms), (r#","Terms":{"value":"3MONTHS"}"#, "3MONTHS")] {
            let mut shop = ruled(CustomerRules { class_change_resets, ..CustomerRules::default() });
            let trade =
                CustomerClass { currency: "USD".into(), terms: Some("PREPAY".into()), ..CustomerClass::default() };
            shop.erp.master.customer_classes.insert("TRADE".into(), trade);
            let customer = update(&mut shop, &format!(r#""CustomerClass":{{"value":"trade"}}{with}"#));
            let fields = [&customer["CustomerClass"]["value"], &customer["Terms"]["value"]];
            assert_eq!(fields, ["TRADE", expected], "{class_change_resets} {with}");
        }
    }
}

#[test]
fn switches_for_what_a_request_may_write() {
    let mut shop = ruled(CustomerRules { status_written: false, ..CustomerRules::default() });
    assert_eq!(update(&mut shop, r#""Status":{"value":"Inactive"}"#)["Status"]["value"], "Active");
    shop.erp.deactivate_customer("C000001", shop.now).unwrap();
    assert_eq!(shop.get("Customer/C000001").1["Status"]["value"], "Inactive", "users change it all the same");

    let primary = r#""PrimaryContact":{"FirstName":{"value":"Jane"},"LastName":{"value":"Roe"}}"#;
    let sent = format!(r#"{{"CustomerID":{{"value":"C000001"}},{primary}}}"#);
    let answer = Shop::new().send("PUT", "Customer", &[], &sent);
    assert_eq!((answer.status().as_u16(), &answer.body()[..]), (501, &b"not simulated: Customer.PrimaryContact"[..]));
    let mut shop = ruled(CustomerRules { primary_contact: PrimaryContactRule::Ignored, ..CustomerRules::default() });
    assert_eq!(update(&mut shop, primary)["PrimaryContactID"], json!({}));
    let mut shop = ruled(CustomerRules { primary_contact: PrimaryContactRule::Written, ..CustomerRules::default() });
    for (last, contacts) in [("Roe", 1), ("Roe", 1), ("Poe", 1)] {
        let customer = update(&mut shop, &primary.replace("Roe", last));
        assert_eq!(customer["PrimaryContactID"]["value"], 100_001);
        assert_eq!(customer["PrimaryContact"]["DisplayName"]["value"], format!("Jane {last}"));
        assert_eq!(shop.erp.contacts().len(), contacts);
    }
    assert_eq!(shop.erp.saves(), 2);

    for (empty_text_is_null, city) in [(false, json!({"value": ""})), (true, json!({}))] {
        let mut shop = ruled(CustomerRules { empty_text_is_null, ..CustomerRules::default() });
        let customer = update(&mut shop, r#""MainContact":{"Address":{"City":{"value":""}}}"#);
        assert_eq!(customer["MainContact"]["Address"]["City"], city);
    }
    let answer = Shop::new().send(
        "PUT",
        "Customer",
        &[],
        r#"{"CustomerName":{"value":"J"},"Contacts":[{"ContactID":{"value":1}}]}"#,
    );
    assert_eq!(answer.status(), 501);
}
