//! The settings that orders are planned with: the sample's with everything mapped, in each position of what changes amounts.

use std::sync::LazyLock;

use flows::settings::Settings;
use serde_json::{Value, json};

use super::super::settings;

/// How a case may be planned.
#[derive(Debug)]
pub(in super::super) struct Planned {
    pub(in super::super) settings: Settings,
    /// A bundle with a price of its own becomes its components.
    pub(in super::super) components: bool,
    /// No unit price is trusted to be multiplied wrongly: lines are split.
    pub(in super::super) split: bool,
    /// Acumatica calculates the tax.
    pub(in super::super) recalculated: bool,
    /// The module's fee has an item.
    pub(in super::super) fee_mapped: bool,
}

/// How many there are.
pub(in super::super) const COUNT: usize = 16;

/// All positions, by the bits of their place.
pub(in super::super) static SETTINGS: LazyLock<Vec<Planned>> = LazyLock::new(|| {
    (0..COUNT)
        .map(|n| {
            let bit = |at: usize| n >> at & 1 == 1;
            let (components, split, override_freight, recalculated) = (bit(0), bit(1), bit(2), bit(3));
            // Few shops forget to map what their module charges.
            let fee_mapped = n != 5;
            let settings = settings(|document| {
                map_everything(document, fee_mapped);
                if n % 7 == 3 {
                    document["orders"]["lines_per_request"] = json!(2);
                }
                if n % 5 == 4 {
                    document["orders"]["default"]["payments"] = json!("separate");
                }
                let scope = &mut document["orders"]["default"];
                if components {
                    scope["bundles"] = json!("components");
                    scope["custom_options"] = json!("lines");
                    scope["option_items"] = json!([{"option_id": "7", "inventory_id": "ENGRAVING"}]);
                }
                if split {
                    scope["line_amounts"] = json!("split");
                    scope["control_total"] = json!("required");
                }
                if override_freight {
                    scope["freight"] = json!({"mode": "override", "tax_category": "TAXABLE"});
                    // Too few where lines are split and the currency has three.
                    scope["unit_price_decimals"] = json!(if split { 4 } else { 2 });
                }
                let mode = if recalculated { "recalculated" } else { "as_charged" };
                scope["taxes"]["mode"] = json!(mode);
                document["orders"]["websites"]["eu"]["taxes"]["mode"] = json!(mode);
            });
            Planned { settings, components, split, recalculated, fee_mapped }
        })
        .collect()
});

/// Items that stand for what is not goods.
pub(in super::super) const BESIDE: [&str; 4] = ["ECOTAX", "WRAPPING", "GIFTNOTE", "FEE"];

/// Payment methods of the tenders that Magento has deducted, and the fields that hold them.
pub(in super::super) const DEDUCTED: [(&str, &str); 3] = [
    ("GIFTCARD", "base_gift_cards_amount"),
    ("CREDIT", "base_customer_balance_amount"),
    ("POINTS", "base_reward_currency_amount"),
];

/// Maps what the sample leaves out, and adds two stores whose currencies have no decimals and three.
pub(in super::super) fn map_everything(document: &mut Value, fee: bool) {
    let scope = &mut document["orders"]["default"];
    scope["tenders"] = tenders("10800");
    scope["extra_items"] = json!({
        "gift_card": {"inventory_id": "GIFTCARD"}, "gift_wrap": {"inventory_id": "WRAPPING"},
        "printed_card": {"inventory_id": "GIFTNOTE"}, "fixed_product_tax": {"inventory_id": "ECOTAX"},
    });
    if fee {
        scope["extra_amounts"] = json!([{"field": "/extension_attributes/base_fee", "inventory_id": "FEE"}]);
    }
    document["orders"]["websites"]["eu"]["tenders"] = tenders("10810");
    for (id, website, currency, account) in [(4, "jp", "JPY", "10600"), (5, "kw", "KWD", "10700")] {
        let store = json!({
            "store_id": id, "code": website, "website": website, "time_zone": "Asia/Tokyo", "currency": currency,
        });
        document["orders"]["websites"][website] = json!({
            "tenders": tenders(account),
            "payment_methods": [
                {"method": "braintree", "import": "always", "receive": {"payment_method": "WEBCARD", "cash_account": account}},
                {"method": "checkmo", "import": "always", "receive": {"payment_method": "CHECK", "cash_account": account}},
            ],
        });
        document["stores"].as_array_mut().expect("stores").push(store);
    }
}

fn tenders(account: &str) -> Value {
    let to = |method: &str| json!({"payment_method": method, "cash_account": account});
    json!({"gift_card": to("GIFTCARD"), "store_credit": to("CREDIT"), "reward_points": to("POINTS")})
}
