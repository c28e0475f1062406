//! The mapping tables beyond methods and taxes: what fits, what looks like Magento's own, and which rows can never match.

use serde_json::{Value, json};

use crate::settings::parse::tests::check;

/// One value at `/orders/default/<name>` of the sample, and the problems below it: path within the scope, message.
fn in_default(name: &str, value: Value, expected: &[(&str, &str)]) {
    let scope = "/orders/default";
    let expected: Vec<(String, &str)> =
        expected.iter().map(|(path, message)| (format!("{scope}/{path}"), *message)).collect();
    let expected: Vec<(&str, &str)> = expected.iter().map(|(path, message)| (path.as_str(), *message)).collect();
    check(&[(&format!("{scope}/{name}"), value)], &expected);
}

#[test]
fn values_fit_into_the_fields_of_the_erp() {
    let long = |n: usize| "X".repeat(n);
    for (name, value, path, message) in [
        (
            "tenders",
            json!({"gift_card": {"payment_method": "GIFTCARDSXX", "cash_account": "10600"}}),
            "tenders/gift_card/payment_method",
            "\"GIFTCARDSXX\" has 11 characters; Acumatica's SalesOrderPayment.PaymentMethod holds 10",
        ),
        (
            "tenders",
            json!({"reward_points": {"payment_method": "POINTS", "cash_account": " 1"}}),
            "tenders/reward_points/cash_account",
            "\" 1\" must not begin or end with a space",
        ),
        ("tax_zones", json!([{"zone": ""}]), "tax_zones/0/zone", "must not be empty"),
        (
            "tax_zones",
            json!([{"country": "de", "zone": "EU"}]),
            "tax_zones/0/country",
            "\"de\" is no country of ISO 3166; they are two capital letters like \"DE\"",
        ),
        ("tax_zones", json!([{"region": "", "zone": "EU"}]), "tax_zones/0/region", "must not be empty"),
        (
            "units",
            json!([{"sku": "A", "uom": "CARTONS"}]),
            "units/0/uom",
            "\"CARTONS\" has 7 characters; Acumatica's SalesOrderDetail.UOM holds 6",
        ),
        (
            "units",
            json!([{"sku": "A", "uom": "BOX", "inventory_id": long(31)}]),
            "units/0/inventory_id",
            &format!("\"{}\" has 31 characters; Acumatica's StockItem.InventoryID holds 30", long(31)),
        ),
        ("units", json!([{"sku": "A", "uom": "BOX", "quantity": "0"}]), "units/0/quantity", "must be more than 0"),
        (
            "units",
            json!([{"sku": "A", "uom": "BOX", "quantity": "a dozen"}]),
            "units/0/quantity",
            "must be a number in quotation marks like \"12\" or \"0.5\"",
        ),
        ("units", json!([{"sku": "", "uom": "BOX"}]), "units/0/sku", "must not be empty"),
        ("drop_ship", json!([{"sku": "", "po_source": "Drop-Ship"}]), "drop_ship/0/sku", "must not be empty"),
        ("drop_ship", json!([{"sku": "A", "po_source": ""}]), "drop_ship/0/po_source", "must not be empty"),
        ("drop_ship", json!([{"sku": "A", "po_source": "X", "vendor": ""}]), "drop_ship/0/vendor", "must not be empty"),
        (
            "extra_items",
            json!({"gift_wrap": {"inventory_id": "WRAP", "tax_category": long(16)}}),
            "extra_items/gift_wrap/tax_category",
            &format!("\"{}\" has 16 characters; Acumatica's SalesOrderDetail.TaxCategory holds 15", long(16)),
        ),
        (
            "extra_items",
            json!({"fixed_product_tax": {"inventory_id": ""}}),
            "extra_items/fixed_product_tax/inventory_id",
            "must not be empty",
        ),
        (
            "extra_amounts",
            json!([{"field": "/extension_attributes/base_fee", "inventory_id": ""}]),
            "extra_amounts/0/inventory_id",
            "must not be empty",
        ),
        (
            "countries",
            json!([{"country": "USA"}]),
            "countries/0/country",
            "\"USA\" is no country of ISO 3166; they are two capital letters like \"DE\"",
        ),
        ("countries", json!([{"country": "DE", "acumatica": ""}]), "countries/0/acumatica", "must not be empty"),
        ("regions", json!([{"country": "DE", "region": " ", "state": "BY"}]), "regions/0/region", "must not be empty"),
        ("regions", json!([{"country": "DE", "region": "X", "state": ""}]), "regions/0/state", "must not be empty"),
    ] {
        in_default(name, value, &[(path, message)]);
    }
    let options =
        |rows: Value| [("/orders/default/custom_options", json!("lines")), ("/orders/default/option_items", rows)];
    check(
        &options(
            json!([{"option_id": "", "inventory_id": "A"}, {"option_id": "1", "option_value": "", "inventory_id": ""}]),
        ),
        &[
            ("/orders/default/option_items/0/option_id", "must not be empty"),
            ("/orders/default/option_items/1/inventory_id", "must not be empty"),
            ("/orders/default/option_items/1/option_value", "must not be empty"),
        ],
    );
}

#[test]
fn an_attribute_is_named_by_a_code_of_magentos_form() {
    for (code, good) in
        [("erp_item", true), ("erpItem2", true), ("2erp", false), ("_erp", false), ("erp item", false), ("", false)]
    {
        let message = format!(
            "{code:?} is no attribute code of Magento: a letter, then letters, digits and underscores, like \"erp_item\""
        );
        let expected: &[(&str, &str)] = if good { &[] } else { &[("items/code", &message)] };
        in_default("items", json!({"by": "attribute", "code": code}), expected);
    }
}

#[test]
fn extra_amounts_are_pointers_to_amounts_that_nothing_else_reads() {
    for (field, message) in [
        ("/extension_attributes/base_fee", None),
        ("/base_cod_fee", None),
        ("/extension_attributes/fees/0/base_amount", None),
        ("/extension_attributes/a~1b", None),
        (
            "base_fee",
            Some("\"base_fee\" is no JSON pointer to an amount; they look like \"/extension_attributes/base_fee\""),
        ),
        ("", Some("\"\" is no JSON pointer to an amount; they look like \"/extension_attributes/base_fee\"")),
        (
            "/fees/",
            Some("\"/fees/\" is no JSON pointer to an amount; they look like \"/extension_attributes/base_fee\""),
        ),
        ("/a~2", Some("\"/a~2\" is no JSON pointer to an amount; they look like \"/extension_attributes/base_fee\"")),
        (
            "/base_grand_total",
            Some("\"/base_grand_total\" is an amount of Magento's own, which would be counted twice"),
        ),
        ("/shipping_amount", Some("\"/shipping_amount\" is an amount of Magento's own, which would be counted twice")),
        (
            "/extension_attributes/base_gift_cards_amount",
            Some(
                "\"/extension_attributes/base_gift_cards_amount\" is an amount of Magento's own, which would be counted twice",
            ),
        ),
        (
            "/extension_attributes/gw_base_price",
            Some("\"/extension_attributes/gw_base_price\" is an amount of Magento's own, which would be counted twice"),
        ),
        ("/items/0/base_fee", Some("\"/items/0/base_fee\" lies in the order's lines, which have their own amounts")),
    ] {
        let expected: Vec<(&str, &str)> = message.iter().map(|message| ("extra_amounts/0/field", *message)).collect();
        in_default("extra_amounts", json!([{"field": field, "inventory_id": "FEE"}]), &expected);
    }
    in_default(
        "extra_amounts",
        json!([{"field": "/base_fee", "inventory_id": "A"}, {"field": "/base_fee", "inventory_id": "B"}]),
        &[("extra_amounts/1", "row 0 (\"/base_fee\") has this amount already")],
    );
}

#[test]
fn rows_of_the_other_tables_that_can_never_match_are_named() {
    let hidden = |row: &str| format!("can never match, because row 0 ({row}) comes first and matches all of it");
    for (name, rows, by) in [
        ("tax_zones", json!([{"zone": "A"}, {"country": "DE", "zone": "B"}]), Some("any order")),
        ("tax_zones", json!([{"country": "DE", "zone": "B"}, {"zone": "A"}]), None),
        (
            "tax_zones",
            json!([{"country": "AT", "vat_number": true, "zone": "A"}, {"country": "AT", "vat_number": true, "customer_group": 2, "zone": "B"}]),
            Some("country \"AT\", vat_number true"),
        ),
        (
            "tax_zones",
            json!([{"country": "AT", "vat_number": true, "zone": "A"}, {"country": "AT", "zone": "B"}]),
            None,
        ),
        ("units", json!([{"sku": "TEA*", "uom": "A"}, {"sku": "TEA-*", "uom": "B"}]), Some("\"TEA*\"")),
        ("units", json!([{"sku": "TEA-*", "uom": "A"}, {"sku": "TEA*", "uom": "B"}]), None),
        (
            "units",
            json!([{"option_id": "1", "uom": "A"}, {"sku": "TEA", "option_id": "1", "option_value": "2", "uom": "B"}]),
            Some("\"1\""),
        ),
        ("units", json!([{"sku": "TEA", "option_id": "1", "uom": "A"}, {"sku": "TEA", "uom": "B"}]), None),
        (
            "drop_ship",
            json!([{"sku": "SOFA*", "po_source": "X"}, {"sku": "SOFA-1", "po_source": "X"}]),
            Some("\"SOFA*\""),
        ),
        ("countries", json!([{"country": "DE"}, {"country": "DE", "state": "none"}]), Some("\"DE\"")),
        ("countries", json!([{"country": "DE"}, {"country": "AT"}]), None),
        (
            "regions",
            json!([{"country": "DE", "region": "Bayern", "state": "A"}, {"country": "DE", "region": " BAYERN", "state": "B"}]),
            Some("\"Bayern\""),
        ),
        (
            "regions",
            json!([{"country": "DE", "region": "Bayern", "state": "A"}, {"country": "AT", "region": "Bayern", "state": "B"}]),
            None,
        ),
    ] {
        let message = by.map(hidden);
        let path = format!("{name}/1");
        let expected: Vec<(&str, &str)> = message.iter().map(|message| (path.as_str(), message.as_str())).collect();
        in_default(name, rows, &expected);
    }
    let lines = ("/orders/default/custom_options", json!("lines"));
    let rows =
        json!([{"option_id": "1", "inventory_id": "A"}, {"option_id": "1", "option_value": "2", "inventory_id": "B"}]);
    check(&[lines, ("/orders/default/option_items", rows)], &[("/orders/default/option_items/1", &hidden("\"1\""))]);
}

#[test]
fn units_ask_for_something() {
    in_default(
        "units",
        json!([{"uom": "BOX"}, {"sku": "A", "option_value": "2", "uom": "BOX"}]),
        &[
            ("units/0", "asks for nothing, so it would match every line: name a sku or an option_id"),
            ("units/1/option_value", "means nothing without option_id"),
        ],
    );
}

#[test]
fn options_become_lines_somewhere_or_their_rows_are_idle() {
    let rows = || json!([{"option_id": "1", "inventory_id": "A"}]);
    in_default("option_items", rows(), &[("option_items", "are never used: custom_options is \"lines\" nowhere")]);
    let lines = json!({"custom_options": "lines"});
    check(&[("/orders/default/option_items", rows()), ("/orders/store_views/de", lines)], &[]);
}

#[test]
fn a_payment_method_says_nothing_that_can_never_happen() {
    let shared =
        |method: &str| json!({"payment_method": method, "cash_account": "10300", "processing_center": "STRIPE"});
    let row = |import: &str, method: &str| {
        json!([{
            "method": "stripe",
            "import": import,
            "receive": {"payment_method": "CARD", "cash_account": "10300"},
            "authorised": shared(method),
        }])
    };
    const IDLE: &str = "is never used: by import \"when_paid\" an order comes only once the money is there, and then nothing is left to capture";
    const TWICE: &str = "\"Card\" is receive's payment method too: with integrated card processing it would charge the card again for money that is there";
    in_default("payment_methods", row("when_authorised", "STRIPE"), &[]);
    in_default("payment_methods", row("always", "STRIPE"), &[]);
    in_default("payment_methods", row("when_paid", "STRIPE"), &[("payment_methods/0/authorised", IDLE)]);
    in_default("payment_methods", row("always", "Card"), &[("payment_methods/0/authorised/payment_method", TWICE)]);
    let mut long = row("always", "STRIPE");
    long[0]["authorised"]["processing_center"] = json!("STRIPECONNECT");
    long[0]["authorised"]["code_key"] = json!("");
    in_default(
        "payment_methods",
        long,
        &[
            ("payment_methods/0/authorised/code_key", "must not be empty"),
            (
                "payment_methods/0/authorised/processing_center",
                "\"STRIPECONNECT\" has 13 characters; Acumatica's SalesOrderPayment.ProcessingCenterID holds 10",
            ),
        ],
    );
}
