//! Which item of Acumatica a line is, in which unit, and what stands on the line beside its amounts.

use std::collections::BTreeMap;

use flows::orders::facts::{Customer, Facts, Items};
use flows::orders::plan::{asked, plan};
use flows::plan::Plan;
use flows::settings::Settings;
use serde_json::{Value, json};
use simulators::magento::OrderDraft;
use store::record::Fingerprint;

use super::{
    LINK, at, column, created, document, edited, finding, mugs, number, order, planned, planned_by, put, settings,
};

/// The sample settings with some of the default level's replaced.
fn with(members: Value) -> Settings {
    settings(|document| {
        let Value::Object(members) = members else { panic!("members") };
        for (name, value) in members {
            document["orders"]["default"][name] = value;
        }
    })
}

fn choosing(option: &str, value: &str) -> Value {
    json!({"extension_attributes": {"custom_options": [{"option_id": option, "option_value": value}]}})
}

#[test]
fn a_unit_row_gives_item_unit_and_quantity() {
    let units = with(json!({"units": [
        {"sku": "CUP-*-SIX", "inventory_id": "CUP", "uom": "PACK", "quantity": "1"},
        {"sku": "*-BOX", "uom": "EA", "quantity": "12"},
        {"option_id": "4", "option_value": "9", "inventory_id": "WINE", "uom": "CASE"},
        {"sku": "TEA", "option_id": "5", "uom": "G", "quantity": "0.5"},
    ]}));
    let draft = OrderDraft::guest("jordan@example.com")
        .shipping("flatrate_flatrate", "5.00")
        .simple("CUP-RED-SIX", 2, "12.00")
        .simple("PEN-BOX", 3, "10.00")
        .simple("BOTTLE", 2, "60.00")
        .simple("BOTTLE", 1, "60.00")
        .simple("TEA", "2.5", "4.00");
    let edits = [
        ("/items/2/product_option", choosing("4", "9")),
        ("/items/3/product_option", choosing("4", "8")),
        ("/items/4/product_option", choosing("5", "loose")),
    ];
    let plan = planned_by(&edited(&draft, &edits), &units);
    let body = created(&plan);
    for (field, values) in [
        ("InventoryID", ["CUP", "PEN-BOX", "WINE", "BOTTLE", "TEA"]),
        ("UOM", ["PACK", "EA", "CASE", "", "G"]),
        ("OrderQty", ["2", "36", "2", "1", "1.25"]),
        // 30.00 for 36 pieces is 0.8333…; 10.00 for 1.25 is 8.00.
        ("UnitPrice", ["12.00", "0.8333", "60.00", "60.00", "8.00"]),
        ("ExtendedPrice", ["24.00", "30.00", "120.00", "60.00", "10.00"]),
    ] {
        assert_eq!(column(body, "Details", field), values, "{field}");
    }
    // The order type's own unit where no row fits.
    assert_eq!(column(created(&planned(&document(&mugs()))), "Details", "UOM"), [""]);
}

/// Settings that were stored before a rule are not trusted with a division.
#[test]
fn a_unit_without_a_quantity_is_none() {
    for quantity in ["0", "-1"] {
        let mut document = super::sample();
        document["orders"]["default"]["units"] = json!([{"sku": "MUG", "uom": "BOX", "quantity": quantity}]);
        let settings: Settings = serde_json::from_value(document).expect("settings");
        let plan = planned_by(&super::document(&mugs()), &settings);
        assert_eq!(column(created(&plan), "Details", "OrderQty"), ["2"]);
        assert_eq!(column(created(&plan), "Details", "UOM"), [""]);
    }
}

#[test]
fn options_are_noted_or_lines_of_their_own() {
    let rows = json!([
        {"option_id": "4", "inventory_id": "ENGRAVING"},
        {"option_id": "7", "option_value": "12", "inventory_id": "RIBBON"},
        {"option_id": "7", "option_value": "13", "inventory_id": "BOW"},
    ]);
    let lines = with(json!({"custom_options": "lines", "option_items": rows.clone()}));
    // The rows of one store view do not concern the others.
    let noted = settings(|document| {
        document["orders"]["default"]["option_items"] = rows;
        document["orders"]["store_views"]["fr"] = json!({"custom_options": "lines"});
    });
    let options = |value: &str| {
        json!({"extension_attributes": {"custom_options": [
            {"option_id": "4", "option_value": "For Ann, with love"},
            {"option_id": "7", "option_value": value},
            {"option_id": "8", "option_value": "3"},
        ]}})
    };
    for (value, settings, items, references, note) in [
        ("12", &noted, vec!["MUG"], vec!["1"], "Option 4: For Ann, with love\nOption 7: 12\nOption 8: 3"),
        ("12", &lines, vec!["MUG", "ENGRAVING", "RIBBON"], vec!["1", "1/option/4", "1/option/7"], "Option 8: 3"),
        ("11", &lines, vec!["MUG", "ENGRAVING"], vec!["1", "1/option/4"], "Option 7: 11\nOption 8: 3"),
        // Check boxes: several values of one option.
        (
            "11,12,13,14",
            &lines,
            vec!["MUG", "ENGRAVING", "RIBBON", "BOW"],
            vec!["1", "1/option/4", "1/option/7/12", "1/option/7/13"],
            "Option 7: 11,14\nOption 8: 3",
        ),
        ("11,12", &noted, vec!["MUG"], vec!["1"], "Option 4: For Ann, with love\nOption 7: 11,12\nOption 8: 3"),
    ] {
        let plan = planned_by(&edited(&mugs(), &[("/items/0/product_option", options(value))]), settings);
        let body = created(&plan);
        assert_eq!(column(body, "Details", "InventoryID"), items, "{value}");
        assert_eq!(column(body, "Details", "ExternalRef"), references, "{value}");
        assert_eq!(column(body, "Details", "note")[0], note, "{value}");
        assert!(column(body, "Details", "OrderQty").iter().all(|quantity| quantity == "2"));
        let free = &column(body, "Details", "ExtendedPrice")[1..];
        assert!(free.iter().all(|price| price == "0.00"), "{free:?}");
    }
    let plan = planned_by(&edited(&mugs(), &[("/items/0/product_option", options("12"))]), &lines);
    let descriptions = ["MUG", "Option 4: For Ann, with love", "Option 7: 12"];
    assert_eq!(column(created(&plan), "Details", "LineDescription"), descriptions);
}

#[test]
fn a_vendors_goods_are_marked() {
    let settings = with(json!({"drop_ship": [
        {"sku": "SOFA-*", "po_source": "Drop-Ship", "vendor": "V0001"},
        {"sku": "MUG", "po_source": "Purchase to Order"},
    ]}));
    let draft = mugs().simple("SOFA-RED", 1, "900.00").simple("PEN", 1, "1.00");
    let plan = planned_by(&document(&draft), &settings);
    for (field, values) in [
        ("MarkForPO", ["true", "true", ""]),
        ("POSource", ["Purchase to Order", "Drop-Ship", ""]),
        ("VendorID", ["", "V0001", ""]),
    ] {
        assert_eq!(column(created(&plan), "Details", field), values, "{field}");
    }
}

#[test]
fn a_gift_message_stands_on_its_line() {
    for (message, expected) in [
        (json!({"sender": " Ann ", "recipient": "Bo", "message": "Enjoy!\nA."}), "From: Ann\nTo: Bo\nEnjoy!\nA."),
        (json!({"sender": "", "recipient": null, "message": "Enjoy!"}), "Enjoy!"),
        (json!({"sender": "", "recipient": "", "message": " "}), ""),
    ] {
        let plan = planned(&edited(&mugs(), &[("/items/0/extension_attributes", json!({"gift_message": message}))]));
        assert_eq!(column(created(&plan), "Details", "GiftMessage"), [expected]);
    }
}

/// Nothing is cut silently: the whole name stands in the note.
#[test]
fn a_long_name_is_cut_at_a_word() {
    let line = |name: &str| {
        let plan = planned(&edited(
            &mugs(),
            &[("/items/0/name", json!(name)), ("/items/0/product_option", choosing("4", "red"))],
        ));
        let body = created(&plan);
        (at(body, "/Details/0/LineDescription"), at(body, "/Details/0/note"))
    };
    let note = |name: &str| format!("{name}\nOption 4: red");
    let words = |count: usize| "mug ".repeat(count).trim_end().to_owned();
    // 256 characters are the field's.
    let whole = words(64) + "s";
    assert_eq!(whole.chars().count(), 256);
    assert_eq!(line(&whole), (whole.clone(), "Option 4: red".into()));
    // 257: the 64th word does not fit any more with the mark behind it.
    let long = words(64) + "s!";
    assert_eq!(line(&long), (words(63) + "…", note(&long)));
    // The 255th character ends a word.
    let ends = words(64) + " and more";
    assert_eq!(line(&ends), (words(64) + "…", note(&ends)));
    // One word, of letters that take two bytes each.
    let word = "é".repeat(300);
    assert_eq!(line(&word), ("é".repeat(255) + "…", note(&word)));
}

fn attribute() -> Settings {
    with(json!({
        "items": {"by": "attribute", "code": "erp_item"},
        "units": [{"sku": "*-BOX", "inventory_id": "BOXED", "uom": "BOX"}],
        "extra_items": {"gift_card": {"inventory_id": "GIFTCARD"}},
        "bundles": "components",
    }))
}

fn planned_with(document: &Value, settings: &Settings, items: Option<&Items>) -> Plan {
    let (order, fingerprint) = (order(document), Fingerprint(String::new()));
    plan(&Facts {
        link: LINK,
        settings,
        order: &order,
        customer: &Customer::Missing,
        bound: None,
        fingerprint: &fingerprint,
        items,
        written: None,
    })
}

#[test]
fn an_attribute_names_the_item() {
    let known: Items = BTreeMap::from([("MUG".to_owned(), "10-2030".to_owned())]);
    let document = document(&mugs());
    let plan = planned_with(&document, &attribute(), Some(&known));
    assert_eq!(column(created(&plan), "Details", "InventoryID"), ["10-2030"]);
    assert_eq!(column(created(&plan), "Details", "AlternateID"), [""]);
    let plan = planned_with(&document, &attribute(), Some(&Items::new()));
    let sentence = "Product `MUG` of order 000000001 has no value of attribute `erp_item` in Magento, which names its item in Acumatica.";
    assert_eq!(finding(&plan), ("orders.rejected.item_not_mapped", sentence));
    // Nobody asked, as in a dry run of a document: what is missing stands there in brackets.
    let plan = planned_with(&document, &attribute(), None);
    assert_eq!(column(created(&plan), "Details", "InventoryID"), ["<erp_item of MUG>"]);
    let long = edited(&mugs(), &[("/items/0/sku", json!("M".repeat(64)))]);
    let plan = planned_with(&long, &attribute(), None);
    assert_eq!(column(created(&plan), "Details", "InventoryID"), [format!("<erp_item of {}…>", "M".repeat(15))]);
}

/// Every product that becomes a line by its SKU, once; nothing in the other modes.
#[test]
fn magento_is_asked_for_what_is_needed() {
    let draft = mugs()
        .simple("MUG", 1, "1.00")
        .simple("PEN-BOX", 1, "1.00")
        .simple("CARD", 1, "1.00")
        .configurable("Shirt", "SHIRT-S", 1, "30.00")
        .bundle_dynamic("SET", 1, &[("A", 1, "10.00")])
        .bundle_fixed("KIT", 1, "50.00", &[("B", 1)]);
    let document = edited(&draft, &[("/items/3/product_type", json!("giftcard"))]);
    let asked_by = |settings: &Settings| {
        let (order, fingerprint) = (order(&document), Fingerprint(String::new()));
        let facts = Facts {
            link: LINK,
            settings,
            order: &order,
            customer: &Customer::Missing,
            bound: None,
            fingerprint: &fingerprint,
            items: None,
            written: None,
        };
        let asked = asked(&facts)?;
        Some((asked.code.to_owned(), asked.skus.into_iter().map(str::to_owned).collect::<Vec<_>>()))
    };
    let skus = ["A", "B", "MUG", "SHIRT-S"].map(str::to_owned).to_vec();
    assert_eq!(asked_by(&attribute()), Some(("erp_item".to_owned(), skus)));
    assert_eq!(asked_by(&settings(|_| {})), None);
    assert_eq!(asked_by(&with(json!({"items": {"by": "inventory_id"}}))), None);
    assert_eq!(asked_by(&with(json!({"items": {"by": "alternate_id"}}))), None);
}

#[test]
fn an_alternate_id_may_be_longer_than_an_inventory_id() {
    let settings = with(json!({"items": {"by": "alternate_id"}}));
    let of_length =
        |length: usize| planned_by(&edited(&mugs(), &[("/items/0/sku", json!("X".repeat(length)))]), &settings);
    let plan = of_length(50);
    assert_eq!(column(created(&plan), "Details", "AlternateID"), ["X".repeat(50)]);
    assert_eq!(column(created(&plan), "Details", "InventoryID"), ["X".repeat(50)]);
    let (code, sentence) =
        ("orders.rejected.value_too_long", "`Details[0]/AlternateID` of order 000000001 has 51 characters;");
    let plan = of_length(51);
    assert!(finding(&plan).0 == code && finding(&plan).1.starts_with(sentence), "{:?}", finding(&plan));
    // By inventory ID there is none to send.
    assert_eq!(column(created(&planned(&document(&mugs()))), "Details", "AlternateID"), [""]);
}

/// A line of a fraction of a piece.
#[test]
fn a_fractional_quantity_is_sent_as_it_is() {
    let mut document = document(&mugs().simple("ROPE", "0.125", "8.00"));
    put(&mut document, "/items/1/qty_ordered", number("0.1250"));
    let plan = planned(&document);
    assert_eq!(column(created(&plan), "Details", "OrderQty"), ["2", "0.125"]);
    assert_eq!(column(created(&plan), "Details", "ExtendedPrice"), ["24.00", "1.00"]);
}
