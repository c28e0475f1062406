//! Sales channels: their names, what they ask for, and their level of the scope.

use serde_json::{Value, json};

use crate::settings::parse::tests::check;

const CHANNELS: &str = "/orders/channels";

fn channel(name: &str, when: Value, settings: Value) -> Value {
    json!({"name": name, "when": when, "settings": settings})
}

#[test]
fn channels_have_names_and_ask_for_something() {
    let pay = |method: &str| json!({"payment_method": method});
    const ALL: &str = "asks for nothing, so every order would come through this channel; what holds for all belongs into /orders/default";
    for (channels, expected) in [
        (vec![channel("A", pay("a*"), json!({})), channel("B", pay("b*"), json!({}))], vec![]),
        (vec![channel("", pay("a*"), json!({}))], vec![("/orders/channels/0/name", "must not be empty")]),
        (
            vec![channel("A", pay("a*"), json!({})), channel("A", pay("b*"), json!({}))],
            vec![("/orders/channels/1/name", "channel \"A\" is already at /orders/channels/0")],
        ),
        // It is named once, and not once more for each channel behind it.
        (
            vec![channel("A", json!({}), json!({})), channel("B", pay("b*"), json!({}))],
            vec![("/orders/channels/0/when", ALL)],
        ),
        (
            vec![channel("A", json!({"increment_id": ""}), json!({}))],
            vec![("/orders/channels/0/when/increment_id", "must not be empty")],
        ),
    ] {
        check(&[(CHANNELS, json!(channels))], &expected);
    }
}

#[test]
fn a_channel_that_no_order_can_come_through_is_named() {
    const HIDDEN: &str = "can never match, because channel 0 (\"A\") comes first and matches all of it";
    for (first, second, hidden) in [
        (json!({"payment_method": "m*"}), json!({"payment_method": "mp"}), true),
        (json!({"payment_method": "mp"}), json!({"payment_method": "m*"}), false),
        (json!({"payment_method": "m*"}), json!({"payment_method": "mp", "customer_group": 4}), true),
        (json!({"payment_method": "mp", "customer_group": 4}), json!({"payment_method": "mp"}), false),
        (json!({"customer_group": 4}), json!({"customer_group": 5}), false),
        (json!({"customer_group": 0}), json!({"customer_group": 0, "increment_id": "A*"}), true),
        (json!({"shipping_method": "a*"}), json!({"increment_id": "A*"}), false),
    ] {
        let channels = json!([channel("A", first, json!({})), channel("B", second, json!({}))]);
        check(&[(CHANNELS, channels)], if hidden { &[("/orders/channels/1", HIDDEN)] } else { &[] });
    }
}

#[test]
fn a_channels_settings_are_a_level_of_the_scope() {
    let of = |settings: Value| [(CHANNELS, json!([channel("A", json!({"customer_group": 4}), settings)]))];
    check(
        &of(json!({"order_type": "MKT", "tax_ids": [{"code": "A", "tax_id": "X"}, {"code": "A", "tax_id": "Y"}]})),
        &[
            (
                "/orders/channels/0/settings/order_type",
                "\"MKT\" has 3 characters; Acumatica's SalesOrder.OrderType holds 2",
            ),
            (
                "/orders/channels/0/settings/tax_ids/1",
                "can never match, because row 0 (\"A\") comes first and matches all of it",
            ),
        ],
    );
    check(&of(json!({"option_items": [{"option_id": "1", "inventory_id": "A"}], "custom_options": "lines"})), &[]);
}

#[test]
fn a_channel_inherits_what_every_store_view_has() {
    let guarded = || json!([channel("A", json!({"customer_group": 4}), json!({"duplicate_guard": "customer_order"}))]);
    let problem = (
        "/orders/channels/0/settings/duplicate_guard",
        "\"customer_order\" needs purchase_order_field, which says where the shopper's purchase order number goes",
    );
    let field = || json!({"purchase_order_field": "description"});
    check(&[(CHANNELS, guarded())], &[problem]);
    check(&[(CHANNELS, guarded()), ("/orders/websites/base", field())], &[problem]);
    check(&[(CHANNELS, guarded()), ("/orders/websites/base", field()), ("/orders/store_views/de", field())], &[]);
    check(&[(CHANNELS, guarded()), ("/orders/default/purchase_order_field", json!("description"))], &[]);
}

#[test]
fn a_channel_that_is_numbered_by_the_erp_keeps_the_window() {
    check(
        &[
            ("/orders/window_seconds", json!(60)),
            ("/orders/default/numbering", json!("manual")),
            (CHANNELS, json!([channel("A", json!({"customer_group": 4}), json!({"numbering": "auto"}))])),
        ],
        &[(
            "/orders/window_seconds",
            "must be at least 1500 unless numbering is \"manual\" everywhere: only then does the ERP refuse duplicates",
        )],
    );
}
