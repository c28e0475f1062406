//! Magento's group ↔ class and price class.

use serde_json::{Value, json};

use super::{account, bare, check, customer, edited, pair, settings, text};

fn rows(rows: Value) -> flows::settings::Settings {
    settings(&[
        ("/customers/default/groups", rows),
        ("/customers/default/accounts", json!({"classes": ["WEB"], "store_view": "default", "website_id": 1})),
        ("/customers/owners", json!({})),
    ])
}

#[test]
fn a_group_is_a_class_and_a_price_class() {
    let settings = rows(json!([
        {"group_id": 1, "customer_class": "WEB"},
        {"group_id": 2, "customer_class": "WEB", "price_class": "GOLD"},
        {"group_id": 3, "customer_class": "TRADE", "price_class": "GOLD"},
        {"group_id": 5, "customer_class": "WEB", "direction": "magento_to_acumatica"},
        {"group_id": 6, "customer_class": "SHOP"},
        {"group_id": 2, "customer_class": "OLDWEB", "direction": "acumatica_to_magento"},
    ]));
    let of = |group: u64| edited(account(), &[("/group_id", json!(group))]);
    let there = |class: &str, price: &str| {
        edited(customer(), &[("/CustomerClass", text(class)), ("/PriceClassID", text(price))])
    };
    const PUT: &str = "update\nacumatica PUT Customer\n CustomerClass";
    const SAVE: &str = "update\nmagento PUT /V1/customers/7\n group_id";
    let before = |group: u64, class: &str, price: &str| pair(of(group), bare(there(class, price)));
    for (was, group, class, price, expected) in [
        // The shop changes the group.
        (before(1, "WEB", ""), 2, "WEB", "", format!("{PUT} = WEB\n CustomerID = C1\n PriceClassID = GOLD")),
        (before(1, "WEB", ""), 3, "WEB", "", format!("{PUT} = TRADE\n CustomerID = C1\n PriceClassID = GOLD")),
        // A row without a price class leaves the customer's alone.
        (before(1, "WEB", "SILVER"), 6, "WEB", "SILVER", format!("{PUT} = SHOP\n CustomerID = C1\n PriceClassID = SILVER")),
        // Unless it makes another group of it.
        (before(2, "WEB", "GOLD"), 1, "WEB", "GOLD", format!("{PUT} = WEB\n CustomerID = C1\n PriceClassID = (empty)")),
        // The ERP changes class or price class.
        (before(1, "WEB", ""), 1, "WEB", "GOLD", format!("{SAVE} = 2")),
        (before(1, "WEB", ""), 1, "TRADE", "gold", format!("{SAVE} = 3")),
        (before(1, "WEB", ""), 1, "OLDWEB", "", format!("{SAVE} = 2")),
        (before(2, "WEB", "GOLD"), 2, "WEB", "SILVER", format!("{SAVE} = 1")),
        // Group 5 is read to Acumatica alone, so nothing says that the class is not in step.
        (before(5, "WEB", ""), 5, "WEB", "", "unchanged".to_owned()),
        (
            before(1, "WEB", ""),
            9,
            "WEB",
            "",
            "rejected\ncustomers.rejected.group_not_mapped: Magento's customer group 9 is mapped to no customer class of Acumatica.".to_owned(),
        ),
        (
            before(1, "WEB", ""),
            1,
            "TRADE",
            "SILVER",
            "rejected\ncustomers.rejected.class_not_mapped: Acumatica's customer class `TRADE` with price class `SILVER` is mapped to no \
             customer group of Magento."
                .to_owned(),
        ),
    ] {
        check(&settings, Some(&was), &pair(of(group), bare(there(class, price))), &expected);
    }
    // Without a row nothing is synced.
    check(&rows(json!([])), Some(&before(1, "WEB", "")), &pair(of(9), bare(there("TRADE", "SILVER"))), "unchanged");
}

#[test]
fn a_website_has_groups_of_its_own() {
    let settings = settings(&[]);
    let german = edited(account(), &[("/store_id", json!(2)), ("/website_id", json!(2)), ("/group_id", json!(4))]);
    let (decided, _) = super::decided(&settings, &(Some(german), None), None, flows::merge::Side::Magento);
    let body = decided.plan.work().unwrap().steps[0].body().clone();
    assert_eq!(body["CustomerClass"]["value"], "WEBEU");
    check(
        &settings,
        None,
        &(Some(edited(account(), &[("/group_id", json!(4))])), None),
        "rejected\ncustomers.rejected.group_not_mapped: Magento's customer group 4 is mapped to no customer class of Acumatica.",
    );
}
