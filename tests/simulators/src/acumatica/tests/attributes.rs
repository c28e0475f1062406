//! Attributes of customers, and the lists they come from.

use serde_json::{Value, json};

use super::{Shop, errors};
use crate::acumatica::{Attribute, AttributeChoice, Change, ClassAttribute, Control};

/// A tenant whose web customers have an attribute of each control.
fn shop() -> Shop {
    let mut shop = Shop::new();
    let choice = |id: &str, description: &str| AttributeChoice { id: id.into(), description: description.into() };
    let attribute = |description: &str, control: Control, values: Vec<AttributeChoice>| Attribute {
        description: description.into(),
        control,
        values,
    };
    let colors = vec![choice("RED", "Crimson red"), choice("BLUE", "Sea blue")];
    let interests = vec![choice("Jam", "Jam making"), choice("Maint", "Maintenance")];
    let master = &mut shop.erp.master;
    for (id, attribute) in [
        ("COLOR", attribute("Favourite color", Control::Combo, colors)),
        ("FIRSTBUY", attribute("First purchase", Control::Datetime, vec![])),
        ("INTEREST", attribute("Interested in", Control::MultiSelectCombo, interests)),
        ("NEWS", attribute("Newsletter", Control::CheckBox, vec![])),
        ("NICK", attribute("Nickname", Control::Text, vec![])),
        ("OTHER", attribute("Of another class", Control::Text, vec![])),
    ] {
        master.attributes.insert(id.into(), attribute);
    }
    let class = master.customer_classes.get_mut("WEB").unwrap();
    class.attributes = ["NICK", "NEWS", "COLOR", "INTEREST", "FIRSTBUY"].map(ClassAttribute::optional).to_vec();
    shop
}

fn sent(id: &str, value: &str) -> String {
    format!(
        r#"{{"CustomerID":{{"value":"C000001"}},"Attributes":[{{"AttributeID":{{"value":"{id}"}},"Value":{{"value":{value}}}}}]}}"#
    )
}

/// The attributes of an answer: id, value, shown value.
fn seen(customer: &Value) -> Vec<[String; 3]> {
    let rows = customer["Attributes"].as_array().unwrap().iter();
    let text = |field: &Value| field["value"].as_str().unwrap_or_default().to_owned();
    rows.map(|row| [text(&row["AttributeID"]), text(&row["Value"]), text(&row["ValueDescription"])]).collect()
}

#[test]
fn values_are_taken_as_their_control_says_and_given_back_internal() {
    let cases = [
        ("NICK", r#""Janey""#, "NICK", "Janey", ""),
        ("NEWS", r#""1""#, "NEWS", "1", ""),
        ("NEWS", r#""0""#, "NEWS", "0", ""),
        ("COLOR", r#""RED""#, "COLOR", "RED", "Crimson red"),
        ("color", r#""red""#, "COLOR", "RED", "Crimson red"),
        ("COLOR", r#""Sea blue""#, "COLOR", "BLUE", "Sea blue"),
        ("Favourite color", r#""BLUE""#, "COLOR", "BLUE", "Sea blue"),
        ("INTEREST", r#""Jam,Maint""#, "INTEREST", "Jam,Maint", ""),
        ("INTEREST", r#""Jam, maint""#, "INTEREST", "Jam,Maint", ""),
        ("INTEREST", r#""Maint""#, "INTEREST", "Maint", "Maintenance"),
        ("FIRSTBUY", r#""2024-11-01""#, "FIRSTBUY", "2024-11-01", ""),
    ];
    for (id, value, shown_id, shown, description) in cases {
        let mut shop = shop();
        let (status, customer) = shop.put("Customer?$expand=Attributes", &sent(id, value));
        assert_eq!(status, 200, "{customer}");
        let found: Vec<_> = seen(&customer).into_iter().filter(|[_, value, _]| !value.is_empty()).collect();
        assert_eq!(found, [[shown_id, shown, description].map(str::to_owned)], "{id} {value}");
        // The same again, however it is written, is no change.
        shop.put("Customer", &sent(id, value));
        assert_eq!(shop.erp.saves(), 1, "{id} {value}");
        // Null and an empty text are no value.
        for empty in ["null", r#""""#] {
            let (_, customer) = shop.put("Customer?$expand=Attributes", &sent(id, empty));
            assert!(seen(&customer).iter().all(|[_, value, _]| value.is_empty()), "{id} {empty}");
        }
        assert_eq!(shop.erp.saves(), 2, "{id} {value}");
    }
}

#[test]
fn a_row_names_its_attribute_and_belongs_to_its_record() {
    let mut shop = shop();
    let (_, customer) = shop.put("Customer?$expand=Attributes", &sent("NEWS", r#""1""#));
    let ids: Vec<_> = seen(&customer).into_iter().map(|[id, ..]| id).collect();
    assert_eq!(ids, ["NICK", "NEWS", "COLOR", "INTEREST", "FIRSTBUY"], "those of the class, in its order");
    let news = &customer["Attributes"][1];
    for (field, value) in [
        ("AttributeDescription", json!({"value": "Newsletter"})),
        ("IsActive", json!({"value": true})),
        ("RefNoteID", json!({"value": customer["id"]})),
        ("Required", json!({"value": false})),
        ("ValueDescription", json!({})),
    ] {
        assert_eq!(news[field], value, "{field}");
    }
    // Rows that are not sent stay.
    let (_, customer) = shop.put("Customer?$expand=Attributes", &sent("NICK", r#""Janey""#));
    assert_eq!(seen(&customer)[1][1], "1");
}

#[test]
fn unusable_attributes_are_refused() {
    let of_class = "The value 'GREEN' is not valid for the Favourite color attribute.";
    let cases = [
        ("NONE", r#""1""#, "Attributes[5]/AttributeID: 'Attribute' cannot be found in the system.".to_owned()),
        ("OTHER", r#""1""#, "Attributes[5]/AttributeID: 'Attribute' cannot be found in the system.".to_owned()),
        ("COLOR", r#""GREEN""#, format!("Attributes[2]/Value: {of_class}")),
        (
            "NEWS",
            r#""true""#,
            "Attributes[1]/Value: The value 'true' is not valid for the Newsletter attribute.".into(),
        ),
        (
            "INTEREST",
            r#""Jam making""#,
            "Attributes[3]/Value: The value 'Jam making' is not valid for the Interested in attribute.".into(),
        ),
        (
            "INTEREST",
            r#""Jam,""#,
            "Attributes[3]/Value: The value 'Jam,' is not valid for the Interested in attribute.".into(),
        ),
        (
            "FIRSTBUY",
            r#""soon""#,
            "Attributes[4]/Value: The value 'soon' is not valid for the First purchase attribute.".into(),
        ),
        ("NICK", "7", "Attributes[0]/Value: The value 7 of the Value field is not valid.".into()),
    ];
    for (id, value, error) in cases {
        let mut shop = shop();
        let (status, refused) = shop.put("Customer", &sent(id, value));
        assert_eq!((status, &errors(&refused)[1..]), (422, &[error][..]), "{id} {value}");
        assert_eq!(shop.erp.saves(), 0);
    }
}

#[test]
fn a_class_may_require_a_value_or_supply_it() {
    let mut shop = shop();
    let class = shop.erp.master.customer_classes.get_mut("WEB").unwrap();
    class.attributes[0].required = true;
    class.attributes[2].default_value = Some("BLUE".into());
    let (status, refused) = shop.put("Customer", r#"{"CustomerName":{"value":"J"}}"#);
    assert_eq!((status, &errors(&refused)[1][..]), (422, "Attributes[0]/Value: 'Nickname' cannot be empty."));
    let named =
        r#"{"CustomerName":{"value":"J"},"Attributes":[{"AttributeID":{"value":"NICK"},"Value":{"value":"Jo"}}]}"#;
    let (status, customer) = shop.put("Customer?$expand=Attributes", named);
    assert_eq!((status, &seen(&customer)[2][1][..]), (200, "BLUE"));
    let user = [Change::to("Attributes/COLOR", "Crimson red"), Change::clear("Attributes/NEWS")];
    shop.erp.edit_customer("C000002", shop.now, &user).unwrap();
    assert_eq!(shop.erp.customers()[1].rows("Attributes")[2].text("Value"), Some("RED"));
}

#[test]
fn classes_price_classes_and_attributes_are_listed() {
    let mut shop = shop();
    let (_, classes) = shop.get("CustomerClass?$expand=Attributes");
    let first = &classes[0];
    assert_eq!((&first["ClassID"]["value"], &first["Terms"]["value"]), (&json!("WEB"), &json!("30D")));
    let news = &first["Attributes"][1];
    assert_eq!([&news["AttributeID"]["value"], &news["Description"]["value"]], ["NEWS", "Newsletter"]);
    assert_eq!(news["SortOrder"]["value"], 2);
    let (_, prices) = shop.get("CustomerPriceClass?$select=PriceClassID,Description");
    let prices: Vec<_> = prices.as_array().unwrap().iter().map(|row| row["PriceClassID"]["value"].clone()).collect();
    assert_eq!(prices, ["RETAIL", "WHOLESALE"]);
    let (_, color) = shop.get("AttributeDefinition/COLOR?$expand=Values");
    assert_eq!(color["ControlType"]["value"], "Combo");
    assert_eq!(color["Values"][1]["ValueID"]["value"], "BLUE");
    let (_, defined) = shop.get("AttributeDefinition");
    let controls: Vec<_> = defined.as_array().unwrap().iter().map(|row| row["ControlType"]["value"].clone()).collect();
    assert_eq!(controls, ["Combo", "Datetime", "Multi Select Combo", "Check Box", "Text", "Text"]);
}
