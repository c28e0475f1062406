use serde_json::{Value, json};
use simulators::fault::{Fault, Planned};
use simulators::magento::StoreView;

use crate::asking::{Via, ask};
use crate::bench::{Bench, erp_secret, settings_with};

/// The checks that failed: name, whether it is needed, what was found, what to do.
fn wanting(body: &Value) -> Vec<(&str, bool, &str, &str)> {
    let checks = body["checks"].as_array().unwrap().iter().filter(|check| check["passed"] == false);
    let text = |check: &'_ Value, name: &str| check[name].as_str().map(str::len).is_some();
    checks
        .inspect(|check| assert!(text(check, "detail") && text(check, "fix"), "{check}"))
        .map(|check| {
            let [name, detail, fix] = ["name", "detail", "fix"].map(|name| check[name].as_str().unwrap());
            (name, check["needed"].as_bool().unwrap(), detail, fix)
        })
        .collect()
}

#[tokio::test]
async fn connections_that_work_fill_in_the_stores() {
    for via in Via::ALL {
        let bench = Bench::new();
        let view = StoreView { timezone: "Europe/Berlin".to_owned(), ..StoreView::new(2, "de", "German", "USD") };
        bench.shop.with(|shop| shop.config().store_views.push(view));
        let link = bench.link().await;
        let request = ask(&format!("POST /admin/links/{link}/test-connections"));
        let tested = bench.via(via, &request).await;
        assert_eq!(tested.headers["etag"], "\"2\"");
        let tested = tested.good(200);
        assert_eq!(
            (&tested["link"], &tested["passed"], &tested["settings_version"], &tested["stores_filled_in"]),
            (&json!(link), &json!(true), &json!(2), &json!(true))
        );
        let names: Vec<&str> =
            tested["checks"].as_array().unwrap().iter().map(|check| check["name"].as_str().unwrap()).collect();
        let expected = "magento.stores magento.orders acumatica.endpoint acumatica.ship_vias acumatica.payment_methods \
                        acumatica.tax_zones acumatica.tax_ids acumatica.warehouses acumatica.customer_classes \
                        mapping.ship_via mapping.payment_method mapping.tax_zone mapping.tax_id mapping.warehouse \
                        mapping.customer_class settings.stores";
        assert_eq!(names.join(" "), expected);
        assert_eq!(
            tested["checks"][0],
            json!({
                "name": "magento.stores", "passed": true, "needed": true, "detail": "Store views: default, de.",
                "fix": null,
            })
        );
        assert_eq!(wanting(&tested), []);
        assert_eq!(
            tested["offers"],
            json!({
                "ship_vias": ["LOCAL", "UPSGROUND"],
                "payment_methods": [
                    { "payment_method": "CHECK", "cash_accounts": ["10100"] },
                    { "payment_method": "GIFTCARD", "cash_accounts": ["24100"] },
                    { "payment_method": "ONLINE", "cash_accounts": ["10200"] },
                    { "payment_method": "WEBCARD", "cash_accounts": ["10200"] },
                ],
                "tax_zones": ["CA", "WEBSHOP"],
                "tax_ids": ["CADIST", "CASTATE"],
                "warehouses": ["MAIN", "RETAIL"],
                "customer_classes": ["WEB"],
            })
        );
        let read = bench.ask(ask(&format!("GET /admin/links/{link}/settings"))).await.good(200);
        assert_eq!(
            (&read["version"], &read["settings"]["stores"]),
            (
                &json!(2),
                &json!([
                    {
                        "store_id": 1, "code": "default", "website": "base", "time_zone": "America/Chicago",
                        "currency": "USD",
                    },
                    {
                        "store_id": 2, "code": "de", "website": "base", "time_zone": "Europe/Berlin",
                        "currency": "USD",
                    },
                ])
            )
        );
        // Nothing is new the second time.
        let again = bench.via(via, &request).await.good(200);
        assert_eq!((&again["settings_version"], &again["stores_filled_in"]), (&json!(2), &json!(false)));
    }
}

#[tokio::test]
async fn a_shop_that_refuses_is_told_apart() {
    const TOKEN: &str =
        "Renew the integration's token in Magento, correct the secret `<stack>/<link>/magento`, then retry.";
    const RIGHT: &str =
        "Give the integration the permission named in Magento (System → Integrations → API), then retry.";
    const SECRET: &str = "Create or correct the secret, or the address in the settings.";
    const AWAY: &str = "Check that the shop answers at the address in the settings; it is tried again by itself.";

    let dead = Bench::new();
    dead.shop.with(|shop| shop.config().integrations[0].revoked = true);
    let link = dead.link().await;
    let tested = dead.ask(ask(&format!("POST /admin/links/{link}/test-connections"))).await.good(200);
    assert_eq!(
        (&tested["passed"], &tested["settings_version"], &tested["stores_filled_in"]),
        (&json!(false), &json!(1), &json!(false))
    );
    let found = wanting(&tested);
    assert_eq!(
        found.iter().map(|check| (check.0, check.1)).collect::<Vec<_>>(),
        [("magento.stores", true), ("magento.orders", true)]
    );
    for (name, _, detail, fix) in found {
        assert!(detail.starts_with("Could not ") && detail.contains(" (magento.rejected.credentials)."), "{detail}");
        assert_eq!(fix, TOKEN, "{name}");
    }

    let lame = Bench::new();
    lame.shop.with(|shop| shop.remove_resource("Magento_Sales::actions_view"));
    let link = lame.link().await;
    let tested = lame.ask(ask(&format!("POST /admin/links/{link}/test-connections"))).await.good(200);
    assert_eq!(tested["stores_filled_in"], true, "the stores may still be read");
    assert_eq!(tested["passed"], false);
    let [(name, needed, detail, fix)] = wanting(&tested)[..] else { panic!("{tested}") };
    assert_eq!((name, needed, fix), ("magento.orders", true, RIGHT));
    assert!(detail.contains("Magento_Sales::actions_view"), "{detail}");
    assert!(detail.contains(" (magento.rejected.permission)."), "{detail}");

    let away = Bench::new();
    away.shop.plan(Planned { method: String::new(), path_part: String::new(), fault: Fault::Refused });
    let link = away.link().await;
    let tested = away.ask(ask(&format!("POST /admin/links/{link}/test-connections"))).await.good(200);
    assert_eq!((&tested["passed"], &tested["stores_filled_in"]), (&json!(false), &json!(false)));
    let [(name, needed, detail, fix)] = wanting(&tested)[..] else { panic!("{tested}") };
    assert_eq!((name, needed, fix), ("magento.stores", true, AWAY));
    assert!(detail.ends_with("(magento.not_ready.unreachable)."), "{detail}");

    let none = Bench::new();
    none.vault.lose("magento");
    let link = none.link().await;
    let tested = none.ask(ask(&format!("POST /admin/links/{link}/test-connections"))).await.good(200);
    let detail = format!("the secret causeway/{link}/magento does not exist or may not be read");
    assert_eq!(wanting(&tested), [("magento.connection", true, detail.as_str(), SECRET)]);
    assert_eq!(tested["passed"], false);

    let half = Bench::new();
    half.vault.set("magento", json!({ "consumer_key": "k" }).to_string());
    let link = half.link().await;
    let tested = half.ask(ask(&format!("POST /admin/links/{link}/test-connections"))).await.good(200);
    let detail = format!(
        "the secret causeway/{link}/magento has no consumer_secret, which the settings' way of signing in needs"
    );
    assert_eq!(wanting(&tested), [("magento.connection", true, detail.as_str(), SECRET)]);
}

#[tokio::test]
async fn an_erp_that_refuses_is_told_apart() {
    const SIGN_IN: &str = "Correct the secret `<stack>/<link>/acumatica`, run the connection test, then retry.";
    const ENDPOINT: &str = "Correct the endpoint's name and version in the settings.";

    let wrong = Bench::new();
    wrong.vault.set("acumatica", erp_secret("not-the-password"));
    let link = wrong.link().await;
    let tested = wrong.ask(ask(&format!("POST /admin/links/{link}/test-connections"))).await.good(200);
    assert_eq!((&tested["passed"], &tested["offers"]), (&json!(false), &json!({})));
    let [(name, needed, detail, fix)] = wanting(&tested)[..] else { panic!("{tested}") };
    assert_eq!((name, needed, fix), ("acumatica.endpoint", true, SIGN_IN));
    assert!(detail.contains(" (acumatica.rejected.credentials)."), "{detail}");
    assert!(!tested.to_string().contains("not-the-password"));
    let sign_ins = wrong.erp.calls().iter().filter(|call| call.target.ends_with("/connect/token")).count();
    assert_eq!(sign_ins, 1, "a user is locked out after a few wrong passwords");

    let old = Bench::new();
    let settings = settings_with(&[("/acumatica/endpoint_version", json!("23.200.001"))]);
    let made = old.ask(ask("PUT /admin/settings").body(settings)).await.good(201);
    let link = made["link"].as_str().unwrap();
    let tested = old.ask(ask(&format!("POST /admin/links/{link}/test-connections"))).await.good(200);
    assert_eq!(wanting(&tested), [("acumatica.endpoint", true, "Default/23.200.001 is not served.", ENDPOINT)]);
    assert_eq!((&tested["passed"], &tested["stores_filled_in"]), (&json!(false), &json!(true)));

    let away = Bench::new();
    away.erp.plan(Planned { method: String::new(), path_part: "/identity".to_owned(), fault: Fault::Refused });
    let link = away.link().await;
    let tested = away.ask(ask(&format!("POST /admin/links/{link}/test-connections"))).await.good(200);
    assert_eq!((&tested["passed"], &tested["offers"]), (&json!(false), &json!({})));
    let [(name, needed, detail, _)] = wanting(&tested)[..] else { panic!("{tested}") };
    assert_eq!((name, needed), ("acumatica.endpoint", true));
    assert!(detail.ends_with("(acumatica.not_ready.unreachable)."), "{detail}");

    let none = Bench::new();
    none.vault.lose("acumatica");
    let link = none.link().await;
    let tested = none.ask(ask(&format!("POST /admin/links/{link}/test-connections"))).await.good(200);
    let detail = format!("the secret causeway/{link}/acumatica does not exist or may not be read");
    let fix = "Create or correct the secret, or the address in the settings.";
    assert_eq!(wanting(&tested), [("acumatica.connection", true, detail.as_str(), fix)]);

    // A list that the user may not read: its values cannot be compared, and orders may be written all the same.
    let lame = Bench::new();
    let body = r#"{"message":"Access denied."}"#.to_owned();
    let fault = Fault::Answer { status: 403, content_type: "application/json", body };
    lame.erp.plan(Planned { method: "GET".to_owned(), path_part: "/Warehouse".to_owned(), fault });
    let link = lame.link().await;
    let tested = lame.ask(ask(&format!("POST /admin/links/{link}/test-connections"))).await.good(200);
    assert_eq!(tested["passed"], true);
    let [(name, needed, _, fix)] = wanting(&tested)[..] else { panic!("{tested}") };
    assert_eq!((name, needed), ("acumatica.warehouses", false));
    assert_eq!(fix, "Give the integration's user access to the screen in Acumatica, then retry.");
    assert!(tested["offers"].get("warehouses").is_none());
}

#[tokio::test]
async fn what_is_mapped_and_missing_is_named_and_not_needed() {
    const FIX: &str = "Correct the mapping in the settings, or create it in Acumatica.";
    let scope = |name: &str| format!("/orders/default/{name}");
    for (name, value, check, missing) in [
        (
            "shipping_methods",
            json!([
                { "method": "a", "ship_via": "UPS" }, { "method": "b", "ship_via": "DHL" },
                // Acumatica's keys are read in any case.
                { "method": "c", "ship_via": "upsground" },
            ]),
            "mapping.ship_via",
            "DHL, UPS",
        ),
        (
            "payment_methods",
            json!([{
                "method": "braintree", "import": "always",
                "receive": { "payment_method": "WEBCARD", "cash_account": "10100" },
            }]),
            "mapping.payment_method",
            "WEBCARD with 10100",
        ),
        (
            "payment_methods",
            json!([{
                "method": "stripe", "import": "always",
                "authorised": { "payment_method": "STRIPE", "cash_account": "10200", "processing_center": "STRIPE" },
            }]),
            "mapping.payment_method",
            "STRIPE with 10200",
        ),
        (
            "tenders",
            json!({ "store_credit": { "payment_method": "CREDIT", "cash_account": "24100" } }),
            "mapping.payment_method",
            "CREDIT with 24100",
        ),
        ("taxes", json!({ "mode": "as_charged", "zone": "EU" }), "mapping.tax_zone", "EU"),
        ("tax_zones", json!([{ "country": "DE", "zone": "EU" }]), "mapping.tax_zone", "EU"),
        ("tax_ids", json!([{ "code": "DE-VAT-19", "tax_id": "DEVAT19" }]), "mapping.tax_id", "DEVAT19"),
        ("warehouse", json!("WEST"), "mapping.warehouse", "WEST"),
        ("customer_class", json!("RETAIL"), "mapping.customer_class", "RETAIL"),
    ] {
        let bench = Bench::new();
        let settings = settings_with(&[(&scope(name), value)]);
        let made = bench.ask(ask("PUT /admin/settings").body(settings)).await.good(201);
        let link = made["link"].as_str().unwrap();
        let tested = bench.ask(ask(&format!("POST /admin/links/{link}/test-connections"))).await.good(200);
        let detail = format!("Not in Acumatica: {missing}.");
        assert_eq!(wanting(&tested), [(check, false, detail.as_str(), FIX)]);
        assert_eq!(tested["passed"], true, "only the orders that need it are parked");
        bench.activation(link, "active").await.good(200);
    }
}

#[tokio::test]
async fn a_scope_that_the_shop_does_not_have_is_named_and_nothing_is_stored() {
    let bench = Bench::new();
    let settings = settings_with(&[("/orders/websites", json!({ "us": { "branch": "HQ" } }))]);
    let made = bench.ask(ask("PUT /admin/settings").body(settings)).await.good(201);
    let link = made["link"].as_str().unwrap();
    let tested = bench.ask(ask(&format!("POST /admin/links/{link}/test-connections"))).await.good(200);
    let detail = "The settings do not fit the shop: /orders/websites/us no store view in /stores belongs to a website \
                  \"us\".";
    let fix = "Correct the scopes in the settings, then test again.";
    assert_eq!(wanting(&tested), [("settings.stores", true, detail, fix)]);
    assert_eq!(
        (&tested["passed"], &tested["stores_filled_in"], &tested["settings_version"]),
        (&json!(false), &json!(false), &json!(1))
    );
    bench.activation(link, "active").await.refused(409);
}
