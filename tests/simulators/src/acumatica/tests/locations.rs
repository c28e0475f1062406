//! Locations of customers.

use serde_json::{Value, json};

use super::{Config, Shop, errors};
use crate::acumatica::{Change, CustomerRules};

/// Inserts or updates a location of the first customer.
fn put(shop: &mut Shop, id: &str, fields: &str) -> (u16, Value) {
    let sent = format!(r#"{{"Customer":{{"value":"C000001"}},"LocationID":{{"value":"{id}"}}{fields}}}"#);
    shop.put("CustomerLocation?$expand=LocationContact/Address", &sent)
}

fn ids(found: &Value) -> Vec<&str> {
    found.as_array().unwrap().iter().map(|row| row["LocationID"]["value"].as_str().unwrap()).collect()
}

#[test]
fn every_customer_has_its_default_location() {
    let mut shop = Shop::new();
    shop.put("Customer", r#"{"CustomerName":{"value":"John"},"TaxRegistrationID":{"value":"DE1"}}"#);
    for (customer, vat) in [("C000001", json!({})), ("C000002", json!({"value": "DE1"}))] {
        let (_, found) = shop.get(&format!("CustomerLocation?$filter=Customer+eq+'{customer}'"));
        assert_eq!(ids(&found), ["MAIN"]);
        for (field, value) in [
            ("Default", json!({"value": true})),
            ("Active", json!({"value": true})),
            ("Status", json!({"value": "Active"})),
            ("LocationName", json!({"value": "Primary Location"})),
            ("TaxZone", json!({"value": "CA"})),
            ("TaxRegistrationID", vat.clone()),
            ("NoteID", json!({"value": found[0]["id"]})),
        ] {
            assert_eq!(found[0][field], value, "{customer} {field}");
        }
        assert_eq!(shop.get(&format!("CustomerLocation/{customer}/MAIN")).1["id"], found[0]["id"]);
    }
}

#[test]
fn a_location_is_inserted_updated_and_listed() {
    let mut shop = Shop::new();
    let (status, north) =
        put(&mut shop, "north", r#","LocationName":{"value":"North"},"PriceClass":{"value":"retail"}"#);
    assert_eq!(status, 200, "{north}");
    for (field, value) in [
        ("LocationID", json!("NORTH")),
        ("PriceClass", json!("RETAIL")),
        ("Default", json!(false)),
        ("Active", json!(true)),
        ("LastModifiedDateTime", json!("2026-03-02T10:00:00+00:00")),
    ] {
        assert_eq!(north[field]["value"], value, "{field}");
    }
    assert_eq!(north["LocationContact"]["Email"]["value"], "jane@example.com", "the main contact's");
    // Read-only: another location cannot be made the default one here.
    let (_, same) = put(&mut shop, "NORTH", r#","Default":{"value":true},"LocationName":{"value":"North"}"#);
    assert_eq!((&same["Default"]["value"], shop.erp.saves()), (&json!(false), 1));
    let by_id = format!(r#"{{"id":{},"Active":{{"value":false}}}}"#, north["id"]);
    let (_, north) = shop.put("CustomerLocation", &by_id);
    assert_eq!(north["Status"]["value"], "Inactive");
    shop.erp.add_customer("John", "john@example.com");
    let (_, found) = shop.get("CustomerLocation?$filter=Customer+eq+'C000001'&$top=5");
    assert_eq!(ids(&found), ["MAIN", "NORTH"]);
    // The key has two parts: the same id of another customer is another location.
    let other = r#"{"Customer":{"value":"C000002"},"LocationID":{"value":"NORTH"}}"#;
    let (_, other) = shop.put("CustomerLocation", other);
    assert_ne!(other["id"], north["id"]);
    assert_eq!(shop.erp.locations().len(), 4);
    for (header, id, status) in
        [("if-match", "SOUTH", 412), ("if-none-match", "NORTH", 412), ("if-match", "NORTH", 200)]
    {
        let sent = format!(r#"{{"Customer":{{"value":"C000001"}},"LocationID":{{"value":"{id}"}}}}"#);
        assert_eq!(shop.send("PUT", "CustomerLocation", &[(header, "*")], &sent).status(), status, "{header} {id}");
    }
}

#[test]
fn contact_and_address_need_their_override_flags() {
    let fields = r#","LocationContact":{"Attention":{"value":"Door 2"},"Address":{"City":{"value":"Ojai"}}}"#;
    for (flags, attention, city) in [
        ("", "", "Ventura"),
        (r#","ContactOverride":{"value":true}"#, "Door 2", "Ventura"),
        (r#","AddressOverride":{"value":true}"#, "", "Ojai"),
    ] {
        let mut shop = Shop::new();
        let main =
            [Change::to("MainContact/Address/City", "Ventura"), Change::to("MainContact/Address/PostalCode", "1")];
        shop.erp.edit_customer("C000001", shop.now, &main).unwrap();
        let (_, location) = put(&mut shop, "NORTH", &format!("{flags}{fields}"));
        let contact = &location["LocationContact"];
        let text = |field: &Value| field["value"].as_str().unwrap_or_default().to_owned();
        assert_eq!([text(&contact["Attention"]), text(&contact["Address"]["City"])], [attention, city], "{flags}");
        assert_eq!(text(&contact["Address"]["PostalCode"]), "1", "{flags}");
        // The main address moves on.
        shop.erp.edit_customer("C000001", shop.now, &[Change::to("MainContact/Address/City", "Oxnard")]).unwrap();
        let (_, location) = shop.get("CustomerLocation/C000001/NORTH?$expand=LocationContact/Address");
        let moved = if city == "Ojai" { "Ojai" } else { "Oxnard" };
        assert_eq!(text(&location["LocationContact"]["Address"]["City"]), moved, "{flags}");
    }
}

#[test]
fn the_default_location_and_its_customer_say_the_same() {
    let mut shop = Shop::new();
    let sent = r#"{"CustomerID":{"value":"C000001"},"ShipVia":{"value":"LOCAL"},"ShippingAddressOverride":{"value":true},
        "ShippingContact":{"Address":{"City":{"value":"Ojai"}}}}"#;
    shop.put("Customer", sent);
    let (_, main) = shop.get("CustomerLocation/C000001/MAIN?$expand=LocationContact/Address");
    assert_eq!([&main["ShipVia"]["value"], &main["LocationContact"]["Address"]["City"]["value"]], ["LOCAL", "Ojai"]);
    assert_eq!(main["AddressOverride"]["value"], true);
    assert_eq!(main["LastModifiedDateTime"]["value"], "2026-03-02T10:00:00+00:00", "written with its customer");
    // A copy of the main contact is no field of the location: its stamp stays.
    shop.now += std::time::Duration::from_secs(30);
    shop.erp.edit_customer("C000001", shop.now, &[Change::to("MainContact/Phone1", "555")]).unwrap();
    let (_, main) = shop.get("CustomerLocation/C000001/MAIN?$expand=LocationContact");
    assert_eq!(main["LocationContact"]["Phone1"]["value"], "555");
    assert_eq!(main["LastModifiedDateTime"]["value"], "2026-03-02T10:00:00+00:00");
    shop.now = "2026-03-02T10:00:00Z".parse().unwrap();
    shop.now += std::time::Duration::from_secs(60);
    put(
        &mut shop,
        "MAIN",
        r#","PriceClass":{"value":"WHOLESALE"},"LocationContact":{"Address":{"City":{"value":"Ventura"}}}"#,
    );
    let (_, customer) = shop.get("Customer/C000001?$expand=ShippingContact/Address,MainContact/Address");
    assert_eq!(customer["PriceClassID"]["value"], "WHOLESALE");
    assert_eq!(customer["ShippingContact"]["Address"]["City"]["value"], "Ventura");
    assert_eq!(customer["MainContact"]["Address"]["City"], json!({}));
    assert_eq!(customer["LastModifiedDateTime"]["value"], "2026-03-02T10:01:00+00:00");
    // Another location is none of the customer's own fields.
    shop.now += std::time::Duration::from_secs(60);
    put(&mut shop, "NORTH", r#","PriceClass":{"value":"RETAIL"}"#);
    let (_, customer) = shop.get("Customer/C000001");
    assert_eq!(customer["PriceClassID"]["value"], "WHOLESALE");
    assert_eq!(customer["LastModifiedDateTime"]["value"], "2026-03-02T10:01:00+00:00");
    // Until a user makes it the default one.
    shop.erp.set_default_location("C000001", "NORTH", shop.now).unwrap();
    assert_eq!(shop.get("Customer/C000001").1["PriceClassID"]["value"], "RETAIL");
    let (_, found) = shop.get("CustomerLocation?$filter=Default+eq+true");
    assert_eq!(ids(&found), ["NORTH"]);
}

#[test]
fn a_location_is_refused_field_by_field() {
    let inserting = ": Inserting  'Customer Location' record raised at least one error. Please review the errors.";
    let cases = [
        (r#"{"LocationID":{"value":"A"}}"#, "Customer: 'Customer' cannot be empty."),
        (
            r#"{"Customer":{"value":"NOBODY"},"LocationID":{"value":"A"}}"#,
            "Customer: 'Customer' cannot be found in the system.",
        ),
        (r#"{"Customer":{"value":"C000001"}}"#, "LocationID: 'Location ID' cannot be empty."),
        (
            r#"{"Customer":{"value":"C000001"},"LocationID":{"value":"A"},"AddressOverride":{"value":true},
                "LocationContact":{"Address":{"Country":{"value":"XX"}}}}"#,
            "LocationContact/Address/Country: 'Country' cannot be found in the system.",
        ),
    ];
    for (sent, error) in cases {
        let mut shop = Shop::new();
        let (status, refused) = shop.put("CustomerLocation", sent);
        assert_eq!((status, errors(&refused)), (422, vec![inserting.to_owned(), error.to_owned()]), "{sent}");
        assert_eq!(shop.erp.locations().len(), 1);
    }
    let mut shop = Shop::new();
    let (status, refused) = put(&mut shop, "MAIN", r#","Active":{"value":false}"#);
    assert_eq!((status, &errors(&refused)[1][..]), (422, "Active: The default location cannot be inactive."));
}

#[test]
fn location_ids_are_numbered_where_the_tenant_numbers_them() {
    let customers = CustomerRules { location_auto_numbering: true, ..CustomerRules::default() };
    let mut shop = Shop::with(Config { customers, ..Config::default() });
    let new = r#"{"Customer":{"value":"C000001"},"LocationName":{"value":"North"}}"#;
    assert_eq!(shop.put("CustomerLocation", new).1["LocationID"]["value"], "000001");
    assert_eq!(put(&mut shop, "NORTH", "").1["LocationID"]["value"], "000002", "replaced");
    assert_eq!(put(&mut shop, "MAIN", r#","LocationName":{"value":"M"}"#).1["LocationID"]["value"], "MAIN");
    assert_eq!(shop.erp.locations().len(), 3);
}

#[test]
fn orders_and_payments_name_locations_of_their_customer() {
    let mut shop = Shop::new();
    put(&mut shop, "NORTH", "");
    put(&mut shop, "GONE", r#","Active":{"value":false}"#);
    shop.erp.add_customer("John", "john@example.com");
    for (customer, location, status) in
        [("C000001", "north", 200), ("C000001", "GONE", 422), ("C000002", "NORTH", 422), ("C000002", "MAIN", 200)]
    {
        let sent = format!(r#"{{"CustomerID":{{"value":"{customer}"}},"LocationID":{{"value":"{location}"}}}}"#);
        assert_eq!(shop.put("SalesOrder", &sent).0, status, "{customer} {location}");
    }
}
