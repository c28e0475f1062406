//! What users do at their screens.

use std::time::Duration;

use serde_json::json;

use super::{Config, Shop};
use crate::acumatica::{Change, Unsaved};

#[test]
fn a_user_enters_and_edits_customers_through_the_form() {
    let mut shop = Shop::new();
    let named = [Change::to("CustomerName", "John Roe"), Change::to("MainContact/Email", "john@example.com")];
    let id = shop.erp.create_customer(shop.now, &named).unwrap();
    assert_eq!(id, "C000002");
    shop.now += Duration::from_secs(60);
    let edits = [
        Change::to("MainContact/Address/City", "Ventura"),
        Change::to("PriceClassID", "retail"),
        Change::clear("Terms"),
        Change::to("IsGuestCustomer", true),
    ];
    shop.erp.edit_customer(&id, shop.now, &edits).unwrap();
    let (_, customer) = shop.get("Customer/C000002?$expand=MainContact/Address,ShippingContact/Address");
    for (field, value) in [
        ("PriceClassID", json!({"value": "RETAIL"})),
        ("Terms", json!({})),
        ("IsGuestCustomer", json!({"value": true})),
        ("CreatedDateTime", json!({"value": "2026-03-02T10:00:00+00:00"})),
        ("LastModifiedDateTime", json!({"value": "2026-03-02T10:01:00+00:00"})),
    ] {
        assert_eq!(customer[field], value, "{field}");
    }
    assert_eq!(customer["ShippingContact"]["Address"]["City"]["value"], "Ventura");
    assert_eq!((shop.erp.saves(), shop.erp.calls().get("PUT Customer")), (0, None), "no request was made");
    let refused =
        shop.erp.edit_customer(&id, shop.now, &[Change::to("TaxZone", "NONE"), Change::clear("CustomerName")]);
    let errors =
        ["CustomerName: 'Customer Name' cannot be empty.", "TaxZone: 'Tax Zone' cannot be found in the system."];
    assert_eq!(refused, Err(Unsaved::Refused(errors.map(str::to_owned).to_vec())));
    assert!(matches!(shop.erp.edit_customer("C000009", shop.now, &[]), Err(Unsaved::NoSuchRecord(_))));
}

#[test]
fn another_id_keeps_the_record_and_its_documents() {
    let mut shop = Shop::new();
    shop.put("SalesOrder", r#"{"CustomerID":{"value":"C000001"}}"#);
    let contact = shop.erp.create_contact(Some("C000001"), shop.now, &[Change::to("LastName", "Roe")]).unwrap();
    let (_, before) = shop.get("Customer/C000001");
    shop.now += Duration::from_secs(60);
    shop.erp.change_customer_id("C000001", "JANE", shop.now).unwrap();
    assert_eq!(shop.get("Customer/C000001").0, 500);
    let (_, after) = shop.get(&format!("Customer/{}", before["id"].as_str().unwrap()));
    assert_eq!((&after["CustomerID"]["value"], &after["NoteID"]), (&json!("JANE"), &before["NoteID"]));
    assert_eq!(after["LastModifiedDateTime"]["value"], "2026-03-02T10:01:00+00:00");
    assert_eq!(shop.get("SalesOrder/SO/000001").1["CustomerID"]["value"], "JANE");
    assert_eq!(shop.get("CustomerLocation/JANE/MAIN").0, 200);
    assert_eq!(shop.get(&format!("Contact/{contact}")).1["BusinessAccount"]["value"], "JANE");
    shop.erp.add_customer("John", "john@example.com");
    let taken = shop.erp.change_customer_id("C000002", "JANE", shop.now);
    assert_eq!(taken, Err(Unsaved::Refused(vec!["CustomerID: JANE is taken.".into()])));
}

#[test]
fn a_customer_is_deleted_with_its_locations_unless_it_has_documents() {
    let mut shop = Shop::with(Config::default());
    let contact = shop.erp.create_contact(Some("C000001"), shop.now, &[Change::to("LastName", "Roe")]).unwrap();
    shop.erp.create_location("C000001", "NORTH", shop.now, &[]).unwrap();
    shop.erp.edit_location("C000001", "NORTH", shop.now, &[Change::to("LocationName", "North")]).unwrap();
    shop.erp.delete_customer("C000001", shop.now).unwrap();
    assert_eq!(shop.get("Customer").1, json!([]));
    assert_eq!(shop.get("CustomerLocation").1, json!([]));
    assert_eq!(shop.get(&format!("Contact/{contact}")).1["BusinessAccount"], json!({}));
    let busy = shop.erp.add_customer("John", "john@example.com");
    shop.put("SalesOrder", &format!(r#"{{"CustomerID":{{"value":"{busy}"}}}}"#));
    let refused = shop.erp.delete_customer(&busy, shop.now);
    assert_eq!(refused, Err(Unsaved::Refused(vec!["The customer has documents and cannot be deleted.".into()])));
    assert_eq!(shop.get("Customer").1.as_array().unwrap().len(), 1);
}
