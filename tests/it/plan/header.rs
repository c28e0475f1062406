//! The head of the document: numbers, dates, references, freight, and what the scopes of the settings say.

use serde_json::{Value, json};
use simulators::magento::{OrderDraft, Payment, RowTotal};

use super::{at, created, document, edited, finding, mugs, placed, planned, planned_by, settings};

#[test]
fn the_head_names_both_sides() {
    let draft = mugs().coupon(" SPRING ").note("  Leave at the door \n");
    let plan = planned(&document(&draft));
    let body = created(&plan);
    for (field, value) in [
        ("OrderType", "SO"),
        ("OrderNbr", ""),
        ("ExternalRef", "shop0001-000000001"),
        ("CustomerOrder", ""),
        ("Date", "2026-03-02"),
        ("Description", "Magento order 000000001; coupon SPRING"),
        ("CurrencyID", "USD"),
        ("Branch", "MAIN"),
        ("Hold", "false"),
        ("ControlTotal", ""),
        ("ShipVia", "FLATRATE"),
        ("note", "Leave at the door"),
    ] {
        assert_eq!(at(body, &format!("/{field}")), value, "{field}");
    }
    let put = &plan.work().expect("work").steps[1];
    assert_eq!(put.headers(), [("PX-CbApiBusinessDate".to_owned(), "2026-03-02".to_owned())]);
    let expand =
        "BillToAddress,BillToContact,Details,Payments,ShipToAddress,ShipToContact,ShippingSettings,TaxDetails,Totals";
    assert_eq!(put.query(), [("$expand".to_owned(), expand.to_owned())]);
}

#[test]
fn the_day_is_the_stores_own() {
    // Chicago is five or six hours behind UTC, Berlin one or two ahead.
    for (store, placed_at, day) in [
        (1, "2026-01-02T05:59:59Z", "2026-01-01"),
        (1, "2026-01-02T06:00:00Z", "2026-01-02"),
        (1, "2026-07-02T04:59:59Z", "2026-07-01"),
        (1, "2026-07-02T05:00:00Z", "2026-07-02"),
        (2, "2026-01-01T22:59:59Z", "2026-01-01"),
        (2, "2026-01-01T23:00:00Z", "2026-01-02"),
        (2, "2026-12-31T23:00:00Z", "2027-01-01"),
        // The hour that Chicago skips and the one that it has twice.
        (1, "2026-03-08T07:59:59Z", "2026-03-08"),
        (1, "2026-11-01T05:30:00Z", "2026-11-01"),
    ] {
        let captured = Payment::Captured { method: "paypal_express".into(), transaction: "t".into() };
        let plan = planned(&placed(&mugs().store(store).payment(captured), placed_at, RowTotal::Gross));
        let body = created(&plan);
        assert_eq!(at(body, "/Date"), day, "{placed_at}");
        assert_eq!(at(body, "/Payments/0/ApplicationDate"), day, "{placed_at}");
        let header = &plan.work().expect("work").steps[1].headers()[0];
        assert_eq!(header, &("PX-CbApiBusinessDate".to_owned(), day.to_owned()));
    }
}

#[test]
fn a_manual_number_is_inserted_only() {
    let manual = settings(|document| document["orders"]["default"]["numbering"] = json!("manual"));
    let plan = planned_by(&document(&mugs().numbered("WEB-00000000015")), &manual);
    assert_eq!(at(created(&plan), "/OrderNbr"), "WEB-00000000015");
    let headers = &plan.work().expect("work").steps[1].headers();
    assert!(headers.contains(&("If-None-Match".to_owned(), "*".to_owned())), "{headers:?}");
}

#[test]
fn customer_order_is_the_shoppers_number_or_our_reference() {
    let po = || mugs().payment(Payment::PurchaseOrder(" PO 77 ".into()));
    let guarded = |field: Value| {
        settings(move |document| {
            document["orders"]["default"]["duplicate_guard"] = json!("customer_order");
            document["orders"]["default"]["purchase_order_field"] = field;
        })
    };
    let described = guarded(json!("description"));
    let reference = "shop0001-000000001";
    for (settings, draft, customer_order, description) in [
        (&settings(|_| {}), po(), "PO 77", "Magento order 000000001"),
        (&settings(|_| {}), mugs(), "", "Magento order 000000001"),
        (&described, mugs(), reference, "Magento order 000000001"),
        (&described, po().coupon("TEN"), reference, "Magento order 000000001; coupon TEN; PO PO 77"),
    ] {
        let plan = planned_by(&document(&draft), settings);
        assert_eq!(at(created(&plan), "/CustomerOrder"), customer_order);
        assert_eq!(at(created(&plan), "/Description"), description);
        assert_eq!(at(created(&plan), "/ExternalRef"), reference);
    }
}

#[test]
fn freight_is_premium_or_overrides() {
    let mode = |freight: Value| settings(move |document| document["orders"]["default"]["freight"] = freight);
    for (settings, premium, flag, price, category) in [
        (mode(json!({"mode": "premium"})), "5.00", "", "", ""),
        (mode(json!({"mode": "premium", "tax_category": "TAXABLE"})), "5.00", "", "", "TAXABLE"),
        (mode(json!({"mode": "override", "tax_category": "TAXABLE"})), "", "true", "5.00", "TAXABLE"),
    ] {
        let plan = planned_by(&document(&mugs()), &settings);
        let shipping = &created(&plan)["ShippingSettings"];
        let fields = ["PremiumFreight", "OverrideFreightPrice", "FreightPrice", "FreightTaxCategory", "ShippingTerms"];
        let sent = fields.map(|field| at(shipping, &format!("/{field}")));
        assert_eq!(sent, [premium, flag, price, category, "ECOMMERCE"]);
    }
}

#[test]
fn a_required_control_total_is_the_order_value() {
    let required = settings(|document| document["orders"]["default"]["control_total"] = json!("required"));
    assert_eq!(at(created(&planned_by(&document(&mugs()), &required)), "/ControlTotal"), "29.00");
    // What does not add up is saved on hold at once, with Magento's value as control total.
    let plan = planned_by(&edited(&mugs(), &[("/base_grand_total", json!(31))]), &required);
    let body = super::body(&plan, flows::plan::StepKey::OrderCreate);
    assert_eq!((at(body, "/ControlTotal"), at(body, "/Hold")), ("31.00".into(), "true".into()));
}

#[test]
fn narrower_scopes_and_earlier_rows_win() {
    let scoped = settings(|document| {
        let orders = &mut document["orders"];
        orders["websites"]["base"] = json!({
            "order_type": "WB", "warehouse": "WEST",
            "shipping_methods": [{"method": "flatrate_*", "ship_via": "WEBSITE"}]
        });
        orders["store_views"]["fr"] = json!({
            "warehouse": "LYON",
            "shipping_methods": [{"method": "ups_03", "ship_via": "FIRST"}, {"method": "ups_0*", "ship_via": "SECOND"}],
            "tax_ids": [{"code": "US-MI-*-Rate 1", "tax_id": "FRENCH"}]
        });
    });
    for (store, method, expected) in [
        // Store view 1: order type, warehouse and the row of its website.
        (1, "flatrate_flatrate", ["WB", "WEST", "WEBSITE", "MISALES", "ECOMMERCE"]),
        // A row of the default where the website has none.
        (1, "ups_03", ["WB", "WEST", "UPSGROUND", "MISALES", "ECOMMERCE"]),
        // Store view 3 of the same website: its own warehouse, its own rows first, and of them the first that fits.
        (3, "ups_03", ["WB", "LYON", "FIRST", "FRENCH", "ECOMMERCE"]),
        (3, "ups_02", ["WB", "LYON", "SECOND", "FRENCH", "ECOMMERCE"]),
        (3, "flatrate_flatrate", ["WB", "LYON", "WEBSITE", "FRENCH", "ECOMMERCE"]),
        // Another website: the default, and its own tax zone.
        (2, "dhl_express", ["SO", "WHOLESALE", "DHLEUROPE", "MISALES", "EU"]),
    ] {
        let draft = OrderDraft::guest("jordan@example.com")
            .store(store)
            .simple("MUG", 1, "10.00")
            .shipping(method, 5)
            .tax("US-MI-*-Rate 1", 6);
        let plan = planned_by(&document(&draft), &scoped);
        let body = created(&plan);
        let sent = [
            "/OrderType",
            "/Details/0/WarehouseID",
            "/ShipVia",
            "/TaxDetails/0/TaxID",
            "/FinancialSettings/CustomerTaxZone",
        ];
        assert_eq!(sent.map(|pointer| at(body, pointer)), expected, "store view {store}, {method}");
    }
}

/// A field that is too long is named with its length and its limit; one character less is taken.
#[test]
fn every_text_that_is_too_long_is_named() {
    let shipping = "/extension_attributes/shipping_assignments/0/shipping";
    let in_document: Vec<(&str, String, usize)> = vec![
        ("/items/0/sku", "SalesOrder.Details[0]/InventoryID".into(), 30),
        ("/payment/po_number", "SalesOrder.CustomerOrder".into(), 40),
        ("/billing_address/company", "Customer.CustomerName".into(), 255),
        ("/billing_address/telephone", "Customer.MainContact/Phone1".into(), 50),
        ("/customer_email", "Customer.MainContact/Email".into(), 255),
    ];
    let paid = || mugs().payment(Payment::Captured { method: "braintree".into(), transaction: "t".into() });
    for (pointer, field, limit) in in_document {
        let with = |length: usize| planned(&edited(&paid(), &[(pointer, json!("x".repeat(length)))]));
        too_long(&with(limit + 1), &field, limit);
        assert_eq!(with(limit).word(), "create", "{pointer}");
    }
    let row = "/orders/default";
    for (pointer, field, limit) in [
        ("order_type", "SalesOrder.OrderType", 2),
        ("customer_class", "Customer.CustomerClass", 10),
        ("shipping_methods/0/ship_via", "SalesOrder.ShipVia", 15),
        ("shipping_methods/0/terms", "SalesOrder.ShippingSettings/ShippingTerms", 10),
        ("freight/tax_category", "SalesOrder.ShippingSettings/FreightTaxCategory", 15),
        ("taxes/zone", "SalesOrder.FinancialSettings/CustomerTaxZone", 10),
        ("tax_ids/0/tax_id", "SalesOrder.TaxDetails[0]/TaxID", 60),
        ("payment_methods/6/receive/payment_method", "SalesOrder.Payments[0]/PaymentMethod", 10),
        ("payment_methods/6/terms", "SalesOrder.FinancialSettings/Terms", 10),
    ] {
        let with = |length: usize| {
            let settings = flows_settings_unchecked(&format!("{row}/{pointer}"), &"x".repeat(length));
            planned_by(&document(&paid().tax("US-MI-*-Rate 1", 6)), &settings)
        };
        too_long(&with(limit + 1), field, limit);
        assert_eq!(with(limit).word(), "create", "{pointer}");
    }
    // An address has no stated lengths: it is sent, and the echo is compared.
    let city = edited(&mugs(), &[(&format!("{shipping}/address/city"), json!("x".repeat(999)))]);
    assert_eq!(planned(&city).word(), "create");
}

/// The sample settings with one text replaced, past the rules that would refuse it: stored settings may be older than a rule.
fn flows_settings_unchecked(pointer: &str, text: &str) -> flows::settings::Settings {
    let mut document = super::sample();
    super::put(&mut document, pointer, json!(text));
    serde_json::from_value(document).expect("settings")
}

fn too_long(plan: &flows::plan::Plan, field: &str, limit: usize) {
    let path = field.split_once('.').expect("entity and path").1;
    let expected =
        format!("`{path}` of order 000000001 has {} characters; Acumatica's field {field} holds {limit}.", limit + 1);
    assert_eq!(finding(plan), ("orders.rejected.value_too_long", expected.as_str()));
}

#[test]
fn what_the_description_cannot_hold_is_in_the_note() {
    // "Magento order 000000001; coupon " has 32 characters, and 14 of the 256 are kept free.
    let of = |length: usize| {
        let edits = [
            ("/coupon_code", json!("x".repeat(length))),
            ("/discount_description", json!("Ten off")),
            ("/customer_note", json!("Ring twice")),
        ];
        edited(&mugs(), &edits)
    };
    let fits = format!("Magento order 000000001; coupon {}", "x".repeat(210));
    let rule = "Magento order 000000001; discount Ten off";
    for (length, description, note) in [
        (210, fits.as_str(), "Ring twice\n\ndiscount Ten off".to_owned()),
        (211, rule, format!("Ring twice\n\ncoupon {}", "x".repeat(211))),
        (999, rule, format!("Ring twice\n\ncoupon {}", "x".repeat(999))),
    ] {
        let plan = planned(&of(length));
        assert_eq!(at(created(&plan), "/Description"), description);
        assert_eq!(at(created(&plan), "/note"), note);
    }
}

#[test]
fn rules_and_messages_are_told() {
    let message = |sender: Value, recipient: Value, text: &str| {
        let message = json!({"sender": sender, "recipient": recipient, "message": text});
        ("/extension_attributes/gift_message", message)
    };
    for (edits, description, note) in [
        (vec![], "Magento order 000000001", ""),
        (vec![("/discount_description", json!("Summer sale"))], "Magento order 000000001; discount Summer sale", ""),
        // Magento names a rule by its coupon.
        (
            vec![("/discount_description", json!("TEN")), ("/coupon_code", json!("TEN"))],
            "Magento order 000000001; coupon TEN",
            "",
        ),
        (
            vec![message(json!("Ann"), json!("Bea"), "Happy birthday"), ("/customer_note", json!("Ring twice"))],
            "Magento order 000000001",
            "Ring twice\n\nGift message from Ann to Bea: Happy birthday",
        ),
        (vec![message(Value::Null, json!(""), "Hello")], "Magento order 000000001", "Gift message: Hello"),
        (vec![message(json!("Ann"), json!("Bea"), "  ")], "Magento order 000000001", ""),
    ] {
        let plan = planned(&edited(&mugs(), &edits));
        assert_eq!(at(created(&plan), "/Description"), description);
        assert_eq!(at(created(&plan), "/note"), note);
    }
}

/// What differs for a sales channel, whichever scope the store view has.
#[test]
fn a_channel_has_its_own_order_type_customer_and_tax() {
    let channels = settings(|document| {
        let orders = &mut document["orders"];
        orders["store_views"]["default"] = json!({"order_type": "WO"});
        orders["channels"] = json!([
            {"name": "Market", "when": {"increment_id": "MP-*"}, "settings": {
                "order_type": "MP", "guests": {"policy": "generic", "customer_id": "MARKET"},
                "taxes": {"mode": "recalculated", "zone": "MARKET"}}},
            {"name": "Retailers", "when": {"customer_group": 3, "shipping_method": "ups_*"}, "settings": {"order_type": "RE"}},
            {"name": "Invoices", "when": {"payment_method": "purchaseorder"}, "settings": {"order_type": "IN"}},
        ]);
    });
    let group = |id: u64| [("/customer_group_id", json!(id))];
    for (order, order_type, customer, zone) in [
        (document(&mugs()), "WO", "", "ECOMMERCE"),
        (document(&mugs().store(3)), "SO", "", "ECOMMERCE"),
        (document(&mugs().numbered("MP-1")), "MP", "MARKET", "MARKET"),
        (document(&mugs().numbered("MP-1").store(3)), "MP", "MARKET", "MARKET"),
        (edited(&mugs().shipping("ups_03", 5), &group(3)), "RE", "", "ECOMMERCE"),
        // Only one of the two that the channel asks for.
        (edited(&mugs(), &group(3)), "WO", "", "ECOMMERCE"),
        (document(&mugs().shipping("ups_03", 5)), "WO", "", "ECOMMERCE"),
        // The first channel that fits.
        (document(&mugs().numbered("MP-2").payment(Payment::PurchaseOrder("7".into()))), "MP", "MARKET", "MARKET"),
        (document(&mugs().payment(Payment::PurchaseOrder("7".into()))), "IN", "", "ECOMMERCE"),
    ] {
        let plan = planned_by(&order, &channels);
        let body = created(&plan);
        assert_eq!(at(body, "/OrderType"), order_type, "{order}");
        assert_eq!(at(body, "/CustomerID"), customer);
        assert_eq!(at(body, "/FinancialSettings/CustomerTaxZone"), zone);
        assert_eq!(body.get("IsTaxValid").is_none(), zone == "MARKET");
    }
}
