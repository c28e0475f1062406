use serde_json::{Value, json};

use crate::settings::parse::tests::check;

#[test]
fn connections_and_stores_must_make_sense() {
    let store = |id: u64, code: &str, website: &str, zone: &str, currency: &str| json!({"store_id": id, "code": code, "website": website, "time_zone": zone, "currency": currency});
    for (change, expected) in [
        (
            ("/magento/base_url", json!("shop.example.com")),
            ("/magento/base_url", "must be an address like \"https://shop.example.com\""),
        ),
        (("/magento/base_url", json!("http://shop.example.com")), ("/magento/base_url", "must begin with https://")),
        (
            ("/magento/base_url", json!("https://me:pw@shop.example.com")),
            ("/magento/base_url", "must not contain a user name or password; credentials belong in the secret"),
        ),
        (
            ("/magento/base_url", json!("https://shop.example.com?a=1")),
            ("/magento/base_url", "must not contain a query or a fragment"),
        ),
        (
            ("/magento/base_url", json!("https://shop.example.com/rest/")),
            ("/magento/base_url", "must not end with /rest, which is added to it"),
        ),
        (
            ("/acumatica/base_url", json!("https://erp.example.com/entity")),
            ("/acumatica/base_url", "must not end with /entity, which is added to it"),
        ),
        (
            ("/magento/webhook/header", json!("x signature")),
            ("/magento/webhook/header", "\"x signature\" cannot be the name of an HTTP header"),
        ),
        (
            ("/acumatica/endpoint", json!("Def/ault")),
            ("/acumatica/endpoint", "\"Def/ault\" cannot be part of an address; it looks like \"Default\""),
        ),
        (
            ("/acumatica/endpoint_version", json!("")),
            ("/acumatica/endpoint_version", "\"\" cannot be part of an address; it looks like \"24.200.001\""),
        ),
        (
            ("/stores/-", store(0, "admin", "base", "UTC", "USD")),
            ("/stores/3/store_id", "store 0 is Magento's admin, which sells nothing"),
        ),
        (
            ("/stores/-", store(1, "uk", "base", "UTC", "USD")),
            ("/stores/3/store_id", "store 1 is already at /stores/0"),
        ),
        (
            ("/stores/-", store(9, "de", "base", "UTC", "USD")),
            ("/stores/3/code", "store view \"de\" is already at /stores/1"),
        ),
        (("/stores/2/code", json!("")), ("/stores/2/code", "must not be empty")),
        (
            ("/stores/0/time_zone", json!("America/Chigaco")),
            ("/stores/0/time_zone", "\"America/Chigaco\" is no time zone; they look like \"America/Chicago\""),
        ),
        (
            ("/stores/1/currency", json!("eur")),
            ("/stores/1/currency", "\"eur\" is no currency of ISO 4217; they look like \"USD\""),
        ),
        (
            ("/stores/2/currency", json!("CAD")),
            ("/stores/2/currency", "a website has one base currency; \"base\" has USD at /stores/0"),
        ),
    ] {
        check(&[change], &[expected]);
    }
}

#[test]
fn scopes_must_exist_and_their_values_fit_into_the_erp() {
    let scope = |name: &str| format!("/orders/default/{name}");
    for (path, value, at, message) in [
        (
            "/orders/websites/us",
            json!({}),
            "/orders/websites/us",
            "no store view in /stores belongs to a website \"us\"",
        ),
        (
            "/orders/store_views/base",
            json!({}),
            "/orders/store_views/base",
            "there is no store view \"base\" in /stores",
        ),
        (
            "/orders/store_views/a~1b",
            json!({}),
            "/orders/store_views/a~1b",
            "there is no store view \"a/b\" in /stores",
        ),
        (
            &scope("order_type"),
            json!("ORD"),
            &scope("order_type"),
            "\"ORD\" has 3 characters; Acumatica's SalesOrder.OrderType holds 2",
        ),
        (&scope("order_type"), json!(""), &scope("order_type"), "must not be empty"),
        (&scope("branch"), json!(" MAIN"), &scope("branch"), "\" MAIN\" must not begin or end with a space"),
        (
            &scope("warehouse"),
            json!("W".repeat(31)),
            &scope("warehouse"),
            "\"WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW\" has 31 characters; Acumatica's Warehouse.WarehouseID holds 30",
        ),
        (
            &scope("customer_class"),
            json!("WEBCUSTOMER"),
            &scope("customer_class"),
            "\"WEBCUSTOMER\" has 11 characters; Acumatica's Customer.CustomerClass holds 10",
        ),
        (
            &scope("guests"),
            json!({"policy": "generic", "customer_id": "GUESTGUESTGUESTGUESTGUESTGUESTX"}),
            &scope("guests/customer_id"),
            "\"GUESTGUESTGUESTGUESTGUESTGUESTX\" has 31 characters; Acumatica's Customer.CustomerID holds 30",
        ),
        (
            &scope("freight"),
            json!({"mode": "premium", "tax_category": "ABCDEFGHIJKLMNOP"}),
            &scope("freight/tax_category"),
            "\"ABCDEFGHIJKLMNOP\" has 16 characters; Acumatica's ShippingSettings.FreightTaxCategory holds 15",
        ),
        (
            &scope("taxes/zone"),
            json!("ECOMMERCE-EU"),
            &scope("taxes/zone"),
            "\"ECOMMERCE-EU\" has 12 characters; Acumatica's FinancialSettings.CustomerTaxZone holds 10",
        ),
        (
            &scope("tax_ids/1/tax_id"),
            json!("T".repeat(61)),
            &scope("tax_ids/1/tax_id"),
            &format!("\"{}\" has 61 characters; Acumatica's TaxDetail.TaxID holds 60", "T".repeat(61)),
        ),
        (
            &scope("shipping_methods/3/ship_via"),
            json!("UPSGROUNDUPSGROU"),
            &scope("shipping_methods/3/ship_via"),
            "\"UPSGROUNDUPSGROU\" has 16 characters; Acumatica's SalesOrder.ShipVia holds 15",
        ),
        // Characters are counted, not bytes.
        (
            &scope("shipping_methods/3/terms"),
            json!("ÄÄÄÄÄÄÄÄÄÄÄ"),
            &scope("shipping_methods/3/terms"),
            "\"ÄÄÄÄÄÄÄÄÄÄÄ\" has 11 characters; Acumatica's ShippingSettings.ShippingTerms holds 10",
        ),
        (
            &scope("payment_methods/0/receive/payment_method"),
            json!("CHECKMONEYO"),
            &scope("payment_methods/0/receive/payment_method"),
            "\"CHECKMONEYO\" has 11 characters; Acumatica's SalesOrderPayment.PaymentMethod holds 10",
        ),
        (
            &scope("payment_methods/0/receive/cash_account"),
            json!(""),
            &scope("payment_methods/0/receive/cash_account"),
            "must not be empty",
        ),
        (
            &scope("payment_methods/3/terms"),
            json!("NET30DAYSUS"),
            &scope("payment_methods/3/terms"),
            "\"NET30DAYSUS\" has 11 characters; Acumatica's FinancialSettings.Terms holds 10",
        ),
        (
            "/orders/websites/eu/order_type",
            json!("EUR"),
            "/orders/websites/eu/order_type",
            "\"EUR\" has 3 characters; Acumatica's SalesOrder.OrderType holds 2",
        ),
    ] {
        check(&[(path, value)], &[(at, message)]);
    }
    // Before the connection test has filled in the stores, no code is known to be wrong.
    check(&[("/stores", json!([])), ("/orders/websites/us", json!({}))], &[]);
}

#[test]
fn rows_that_can_never_match_are_named() {
    let shipping = |method: &str| json!({"method": method, "ship_via": "X"});
    let payment = |method: &str, card: Option<&str>| json!({"method": method, "card_type": card, "import": "always"});
    let ship = "/orders/default/shipping_methods";
    let pay = "/orders/default/payment_methods";
    for (change, expected) in [
        (
            (format!("{ship}/-"), shipping("ups_12")),
            Some((
                format!("{ship}/12"),
                "can never match, because row 5 (\"ups_*\") comes first and matches all of it",
            )),
        ),
        (
            (format!("{ship}/-"), shipping("ups_*_x")),
            Some((
                format!("{ship}/12"),
                "can never match, because row 5 (\"ups_*\") comes first and matches all of it",
            )),
        ),
        ((format!("{ship}/-"), shipping("*")), None),
        ((format!("{ship}/0/method"), json!("")), Some((format!("{ship}/0/method"), "must not be empty"))),
        // A narrower level comes first anyway, so it may repeat what a wider one has.
        (("/orders/websites/eu/shipping_methods/-".to_owned(), shipping("ups_*")), None),
        (
            (format!("{pay}/-"), payment("braintree", Some("VI"))),
            Some((
                format!("{pay}/16"),
                "can never match, because row 6 (\"braintree\") comes first and matches all of it",
            )),
        ),
        (
            (format!("{pay}/6"), payment("braintree", Some("AE"))),
            Some((
                format!("{pay}/6"),
                "can never match, because row 5 (\"braintree\") comes first and matches all of it",
            )),
        ),
        ((format!("{pay}/6"), payment("braintree", Some("VI"))), None),
        // A tax rate's code is a text; its star stands for itself.
        (
            ("/orders/default/tax_ids/-".to_owned(), json!({"code": "US-MI-*-Rate 1", "tax_id": "X"})),
            Some((
                "/orders/default/tax_ids/5".to_owned(),
                "can never match, because row 0 (\"US-MI-*-Rate 1\") comes first and matches all of it",
            )),
        ),
        (("/orders/default/tax_ids/-".to_owned(), json!({"code": "US-MI-1-Rate 1", "tax_id": "X"})), None),
    ] {
        let expected: Vec<(&str, &str)> = expected.iter().map(|(path, message)| (path.as_str(), *message)).collect();
        check(&[(&change.0, change.1)], &expected);
    }
}

#[test]
fn the_window_and_the_guard_depend_on_the_numbering() {
    const WINDOW: &str =
        "must be at least 1500 unless numbering is \"manual\" everywhere: only then does the ERP refuse duplicates";
    const GUARD: &str =
        "\"customer_order\" needs purchase_order_field, which says where the shopper's purchase order number goes";
    let (window, numbering) = ("/orders/window_seconds", "/orders/default/numbering");
    let eu = "/orders/websites/eu/numbering";
    for (changes, expected) in [
        (vec![(window, json!(1499))], vec![(window, WINDOW)]),
        (vec![(window, json!(1500))], vec![]),
        (vec![(window, json!(60)), (numbering, json!("manual"))], vec![]),
        (vec![(window, json!(60)), (numbering, json!("manual")), (eu, json!("auto"))], vec![(window, WINDOW)]),
        (vec![(window, json!(60)), (numbering, Value::Null), (eu, json!("manual"))], vec![(window, WINDOW)]),
        (
            vec![
                (window, json!(60)),
                (numbering, Value::Null),
                (eu, json!("manual")),
                ("/orders/websites/base", json!({"numbering": "manual"})),
            ],
            vec![],
        ),
        (
            vec![("/orders/default/duplicate_guard", json!("customer_order"))],
            vec![("/orders/default/duplicate_guard", GUARD)],
        ),
        (
            vec![
                ("/orders/default/duplicate_guard", json!("customer_order")),
                ("/orders/default/purchase_order_field", json!("description")),
            ],
            vec![],
        ),
        (
            vec![("/orders/store_views/de", json!({"duplicate_guard": "customer_order"}))],
            vec![("/orders/store_views/de/duplicate_guard", GUARD)],
        ),
        (
            vec![
                ("/orders/store_views/de", json!({"duplicate_guard": "customer_order"})),
                ("/orders/websites/eu/purchase_order_field", json!("description")),
            ],
            vec![],
        ),
    ] {
        check(&changes, &expected);
    }
}
