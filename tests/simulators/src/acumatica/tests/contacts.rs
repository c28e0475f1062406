//! Contacts of customers.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Config, Shop, errors};
use crate::acumatica::Change;

fn ids(found: &Value) -> Vec<i64> {
    found.as_array().unwrap().iter().map(|row| row["ContactID"]["value"].as_i64().unwrap()).collect()
}

#[test]
fn a_contact_is_inserted_updated_and_listed() {
    let mut shop = Shop::new();
    let new = r#"{"FirstName":{"value":"Brent"},"LastName":{"value":"Edds"},"BusinessAccount":{"value":"c000001"},"ExtRefNbr":{"value":"M-7"}}"#;
    let (status, contact) = shop.put("Contact", new);
    assert_eq!(status, 200, "{contact}");
    for (field, value) in [
        ("ContactID", json!(100_001)),
        ("BusinessAccount", json!("C000001")),
        ("DisplayName", json!("Brent Edds")),
        ("Status", json!("Active")),
        ("Active", json!(true)),
        ("ExtRefNbr", json!("M-7")),
        ("NoteID", contact["id"].clone()),
        ("LastModifiedDateTime", json!("2026-03-02T10:00:00+00:00")),
    ] {
        assert_eq!(contact[field]["value"], value, "{field}");
    }
    let (_, renamed) = shop.put("Contact", r#"{"ContactID":{"value":100001},"LastName":{"value":"Eddy"}}"#);
    assert_eq!((&renamed["id"], &renamed["DisplayName"]["value"]), (&contact["id"], &json!("Brent Eddy")));
    shop.put("Contact", r#"{"LastName":{"value":"Nobody's"}}"#);
    for (filter, found) in [
        ("BusinessAccount+eq+'C000001'", vec![100_001]),
        ("ContactID+eq+100002", vec![100_002]),
        ("BusinessAccount+eq+null", vec![100_002]),
        ("LastName+eq+'Eddy'", vec![100_001]),
    ] {
        assert_eq!(ids(&shop.get(&format!("Contact?$filter={filter}")).1), found, "{filter}");
    }
    assert_eq!(shop.get("Contact/100001").1["id"], contact["id"]);
    assert_eq!(shop.get("Contact/100009").0, 500);
}

#[test]
fn a_contact_is_refused_field_by_field() {
    let inserting = ": Inserting  'Contact' record raised at least one error. Please review the errors.";
    for (sent, error) in [
        (r#"{"FirstName":{"value":"Brent"}}"#, "LastName: 'Last Name' cannot be empty."),
        (
            r#"{"LastName":{"value":"Edds"},"BusinessAccount":{"value":"NONE"}}"#,
            "BusinessAccount: 'Business Account' cannot be found in the system.",
        ),
        (
            r#"{"LastName":{"value":"Edds"},"Address":{"Country":{"value":"XX"}}}"#,
            "Address/Country: 'Country' cannot be found in the system.",
        ),
    ] {
        let mut shop = Shop::new();
        let (status, refused) = shop.put("Contact", sent);
        assert_eq!((status, errors(&refused)), (422, vec![inserting.to_owned(), error.to_owned()]), "{sent}");
        assert!(shop.erp.contacts().is_empty());
    }
    let attribute = r#"{"LastName":{"value":"Edds"},"Attributes":[{"AttributeID":{"value":"A"}}]}"#;
    assert_eq!(Shop::new().send("PUT", "Contact", &[], attribute).status(), 501);
}

#[test]
fn the_address_is_the_accounts_unless_it_is_overridden() {
    let mut shop = Shop::new();
    shop.erp.edit_customer("C000001", shop.now, &[Change::to("MainContact/Address/City", "Ventura")]).unwrap();
    let contact = |account: &str, flag: &str| {
        format!(r#"{{"LastName":{{"value":"Edds"}},{account}{flag}"Address":{{"City":{{"value":"Ojai"}}}}}}"#)
    };
    let (account, flag) = (r#""BusinessAccount":{"value":"C000001"},"#, r#""OverrideAccountAddress":{"value":true},"#);
    for (sent, city, moved) in [
        (contact("", ""), "Ojai", "Ojai"),
        (contact(account, ""), "Ventura", "Oxnard"),
        (contact(account, flag), "Ojai", "Ojai"),
    ] {
        let (_, new) = shop.put("Contact?$expand=Address", &sent);
        assert_eq!(new["Address"]["City"]["value"], city, "{sent}");
        shop.erp.edit_customer("C000001", shop.now, &[Change::to("MainContact/Address/City", "Oxnard")]).unwrap();
        let (_, read) = shop.get(&format!("Contact/{}?$expand=Address", new["ContactID"]["value"]));
        assert_eq!(read["Address"]["City"]["value"], moved, "{sent}");
        shop.erp.edit_customer("C000001", shop.now, &[Change::to("MainContact/Address/City", "Ventura")]).unwrap();
    }
}

#[test]
fn a_customer_shows_its_contacts_and_its_primary_one() {
    let mut shop = Shop::new();
    shop.erp.add_customer("John", "john@example.com");
    let name = |last: &str| [Change::to("LastName", last)];
    let roe = shop.erp.create_contact(Some("C000001"), shop.now, &name("Roe")).unwrap();
    shop.erp.create_contact(Some("C000001"), shop.now, &name("Poe")).unwrap();
    shop.erp.set_primary_contact(roe, shop.now).unwrap();
    shop.erp.edit_contact(roe, shop.now, &name("Doe")).unwrap();
    let stamp = shop.get("Customer/C000001").1["LastModifiedDateTime"].clone();
    let shown = |shop: &mut Shop, id: &str| {
        let (_, customer) = shop.get(&format!("Customer/{id}?$expand=Contacts,Contacts/Contact,PrimaryContact"));
        let rows = customer["Contacts"].as_array().unwrap().iter();
        let names: Vec<_> = rows.map(|row| row["Contact"]["LastName"]["value"].as_str().unwrap().to_owned()).collect();
        (names, customer["PrimaryContact"]["LastName"].clone(), customer["PrimaryContactID"].clone())
    };
    let expected = (vec!["Doe".to_owned(), "Poe".to_owned()], json!({"value": "Doe"}), json!({"value": 100_001}));
    assert_eq!(shown(&mut shop, "C000001"), expected);
    // A contact that moves to another customer leaves the first one without a primary contact. The stamps of both stay.
    shop.now += std::time::Duration::from_secs(60);
    shop.erp.edit_contact(roe, shop.now, &[Change::to("BusinessAccount", "C000002")]).unwrap();
    assert_eq!(shown(&mut shop, "C000001"), (vec!["Poe".to_owned()], json!({}), json!({})));
    assert_eq!(shown(&mut shop, "C000002"), (vec!["Doe".to_owned()], json!({}), json!({})));
    assert_eq!(shop.get("Customer/C000001").1["LastModifiedDateTime"], stamp);
    assert!(shop.erp.edit_contact(Decimal::ONE, shop.now, &[]).is_err());
}

#[test]
fn members_of_later_endpoints_are_unknown_to_earlier_ones() {
    let contact = r#"{"LastName":{"value":"Edds"},"ExtRefNbr":{"value":"M-7"}}"#;
    for (version, found) in [("24.200.001", Some(json!({"value": "M-7"}))), ("23.200.001", None)] {
        let mut shop = Shop::with(Config { version: version.into(), ..Config::default() });
        let answer = shop.at_version(version, "PUT", "Contact", contact);
        assert_eq!(answer.get("ExtRefNbr").cloned(), found, "{version}");
        assert_eq!(shop.erp.contacts()[0].text("ExtRefNbr").is_some(), found.is_some(), "{version}");
    }
    let mut shop = Shop::with(Config { version: "22.200.001".into(), ..Config::default() });
    let customer = shop.at_version("22.200.001", "GET", "Customer/C000001", "");
    assert_eq!((customer.get("Email"), customer["IsGuestCustomer"]["value"].as_bool()), (None, Some(false)));
}
