//! Items on lines: kinds, alternate ids, units, drop shipment.

use super::{Config, INSERTING, Item, OrderType, Shop, decimal, errors, number};
use crate::acumatica::AlternateId;

fn line(members: &str) -> String {
    format!(r#"{{"CustomerID":{{"value":"C000001"}},"Details":[{{{members}}}]}}"#)
}

fn item(id: &str) -> String {
    line(&format!(r#""InventoryID":{{"value":"{id}"}}"#))
}

/// The shop's items, and a template, a kit, two items with one alternate id, and one that is sold by the box.
fn shop(config: Config) -> Shop {
    let mut shop = Shop::with(config);
    let same = || Item { alternate_ids: ["SAME".to_owned()].into(), ..Item::default() };
    shop.erp.add_item("TWIN-A", same());
    shop.erp.add_item("TWIN-B", same());
    shop.erp.add_item("SHIRT", Item { template: true, ..Item::default() });
    shop.erp.add_item("SET", Item { kit: true, default_price: decimal("40"), ..Item::default() });
    let boxes = [("BOX".to_owned(), decimal("12"))].into();
    shop.erp.add_item("TEA", Item { other_uoms: boxes, default_price: decimal("3.50"), ..Item::default() });
    shop
}

#[test]
fn what_an_identifier_finds() {
    let (first, refused, stock_only) =
        (Config::default, AlternateId::Refused, OrderType { stock_items_only: true, ..OrderType::default() });
    let ambiguous = || Config { ambiguous_alternate_id: refused, ..Config::default() };
    let transfer = || Config { order_types: [("SO".to_owned(), stock_only.clone())].into(), ..Config::default() };
    let not_found = "The specified inventory ID or alternate ID \"GONE\" cannot be found in the system.";
    let cases = [
        (first(), "mug ", Ok(("MUG", "", "Goods for Inventory"))),
        (first(), "4006381333931", Ok(("PEN", "4006381333931", "Goods for Inventory"))),
        (first(), "SAME", Ok(("TWIN-A", "SAME", "Goods for Inventory"))),
        (ambiguous(), "SAME", Err("More than one item has the alternate ID \"SAME\".")),
        (ambiguous(), "4006381333931", Ok(("PEN", "4006381333931", "Goods for Inventory"))),
        (first(), "SET", Ok(("SET", "", "Goods for Inventory"))),
        (first(), "WRAP", Ok(("WRAP", "", "Non-Inventory Item"))),
        (transfer(), "WRAP", Err("The inventory item is not a stock item.")),
        (first(), "SHIRT", Err("The inventory item is a template item.")),
        (first(), "OLD", Err("The inventory item is Inactive.")),
        (first(), "GONE", Err(not_found)),
    ];
    for (config, id, expected) in cases {
        let mut shop = shop(config);
        let (status, answer) = shop.put("SalesOrder?$expand=Details", &item(id));
        match expected {
            Ok((inventory_id, alternate, line_type)) => {
                assert_eq!(status, 200, "{answer}");
                let line = &answer["Details"][0];
                let found = ["InventoryID", "AlternateID", "LineType"]
                    .map(|field| line[field]["value"].as_str().unwrap_or_default().to_owned());
                assert_eq!(found, [inventory_id, alternate, line_type], "{id}");
            }
            Err(error) => {
                let error = format!("Details[0]/InventoryID: {error}");
                assert_eq!((status, errors(&answer)), (422, vec![INSERTING.to_owned(), error]), "{id}");
            }
        }
    }
}

#[test]
fn a_unit_must_be_one_the_item_converts() {
    // (item, unit) → price of two, or the error
    let cases = [
        ("TEA", r#""EA""#, Ok("7")),
        ("TEA", r#""BOX""#, Ok("84")),
        ("TEA", "null", Ok("7")),
        ("MUG", r#""BOX""#, Err("Details[0]/UOM: Unit conversion BOX is missing.")),
        ("MUG", r#""CRATE""#, Err("Details[0]/UOM: 'UOM' cannot be found in the system.")),
    ];
    for (id, unit, expected) in cases {
        let mut shop = shop(Config::default());
        let sent =
            line(&format!(r#""InventoryID":{{"value":"{id}"}},"OrderQty":{{"value":2}},"UOM":{{"value":{unit}}}"#));
        let sent = if unit == "null" { sent.replace(r#","UOM":{"value":null}"#, "") } else { sent };
        let (status, answer) = shop.put("SalesOrder?$expand=Details", &sent);
        match expected {
            Ok(price) => assert_eq!(number(&answer["Details"][0]["ExtendedPrice"]), decimal(price), "{id} {unit}"),
            Err(error) => assert_eq!((status, errors(&answer)[1].as_str()), (422, error)),
        }
    }
}

#[test]
fn drop_shipment_names_its_source_and_vendor() {
    let marked = r#""InventoryID":{"value":"MUG"},"MarkForPO":{"value":true}"#;
    let fields =
        |source: &str, vendor: &str| format!(r#""POSource":{{"value":"{source}"}},"VendorID":{{"value":"{vendor}"}}"#);
    let good = fields("Drop-Ship", "V000001");
    let list = "The list value 'Somewhere' is not allowed for the field POSource.";
    let cases = [
        (format!("{marked},{good}"), Ok(("Drop-Ship", "V000001"))),
        (marked.to_owned(), Ok(("", ""))),
        // Without its mark a line is not bought.
        (format!(r#""InventoryID":{{"value":"MUG"}},{good}"#), Ok(("", ""))),
        (format!("{marked},{}", fields("Somewhere", "V000001")), Err(format!("POSource: {list}"))),
        (
            format!("{marked},{}", fields("Drop-Ship", "NONE")),
            Err("VendorID: 'Vendor' cannot be found in the system.".into()),
        ),
    ];
    for (members, expected) in cases {
        let mut shop = Shop::new();
        let (status, answer) = shop.put("SalesOrder?$expand=Details", &line(&members));
        match expected {
            Ok(expected) => {
                assert_eq!(status, 200, "{answer}");
                let text = |field: &str| answer["Details"][0][field]["value"].as_str().unwrap_or_default();
                assert_eq!((text("POSource"), text("VendorID")), expected, "{members}");
            }
            Err(error) => {
                assert_eq!((status, errors(&answer)[1].as_str()), (422, format!("Details[0]/{error}").as_str()))
            }
        }
    }
}

#[test]
fn texts_of_a_line_are_kept() {
    let mut shop = Shop::new();
    let sent = line(
        r#""InventoryID":{"value":"MUG"},"GiftMessage":{"value":"Für Zoë 🎁"},"ExternalRef":{"value":"17"},"LineDescription":{"value":"Blue"}"#,
    );
    let (_, order) = shop.put("SalesOrder?$expand=Details", &sent);
    let line = &order["Details"][0];
    for (field, value) in [("GiftMessage", "Für Zoë 🎁"), ("ExternalRef", "17"), ("LineDescription", "Blue")] {
        assert_eq!(line[field]["value"], value, "{field}");
    }
}

#[test]
fn each_kind_of_item_has_its_list() {
    let mut shop = shop(Config::default());
    let ids = |shop: &mut Shop, path: &str| {
        let (_, rows) = shop.get(path);
        let ids = rows.as_array().unwrap().iter().map(|row| row["InventoryID"]["value"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(ids(&mut shop, "NonStockItem"), "WRAP");
    assert_eq!(ids(&mut shop, "TemplateItems"), "SHIRT");
    assert_eq!(ids(&mut shop, "StockItem?$filter=ItemStatus%20eq%20'Active'"), "MUG PEN SET SHIRT-S TEA TWIN-A TWIN-B");
    let (_, tea) = shop.get("StockItem/TEA?$expand=UOMConversions");
    assert_eq!(number(&tea["UOMConversions"][1]["ConversionFactor"]), decimal("12"));
    let (_, set) = shop.get("StockItem/SET");
    assert_eq!(set["IsAKit"]["value"], true);
    assert_eq!(shop.get("NonStockItem/MUG").0, 500);
    let (_, category) = shop.get("TaxCategory/TAXABLE?$expand=Details");
    assert_eq!(category["Details"][0]["TaxID"]["value"], "AVALARA");
}
