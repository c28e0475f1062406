//! Groups and attributes of customers, forwards and backwards.

use serde_json::{Value, json};

use crate::settings::parse::tests::check;

/// Rows at `/customers/default/<name>` of the sample, and the problems below it: path within the table, message.
fn rows(name: &str, value: Value, direction: &str, expected: &[(&str, &str)]) {
    let path = format!("/customers/default/{name}");
    let expected: Vec<(String, &str)> =
        expected.iter().map(|(at, message)| (format!("{path}{at}"), *message)).collect();
    let expected: Vec<(&str, &str)> = expected.iter().map(|(at, message)| (at.as_str(), *message)).collect();
    // Nothing else in the sample may depend on the direction or on the attributes.
    check(
        &[
            ("/customers/direction", json!(direction)),
            ("/customers/system_of_record", json!("newest")),
            ("/customers/owners", json!({})),
            ("/customers/default", json!({name: value})),
            ("/customers/websites", json!({})),
        ],
        &expected,
    );
}

#[test]
fn groups_are_unique_in_the_directions_in_which_they_are_read() {
    let row = |group: u64, class: &str| json!({"group_id": group, "customer_class": class});
    let priced = |group: u64, class: &str, price: &str| json!({"group_id": group, "customer_class": class, "price_class": price});
    let one_way = |group: u64, class: &str, direction: &str| json!({"group_id": group, "customer_class": class, "direction": direction});
    let (to_acumatica, to_magento) = ("magento_to_acumatica", "acumatica_to_magento");
    const BACKWARDS: &str = "its customer class and price class are those of row 0 (group 1), so it is not known which group is meant \
                             backwards: give one of them direction \"magento_to_acumatica\"";
    for (direction, value, expected) in [
        ("both", vec![row(1, "WEB"), priced(2, "WEB", "GOLD"), priced(3, "WEB", "SILVER")], vec![]),
        ("both", vec![row(0, "WEB")], vec![("/0/group_id", "group 0 is NOT LOGGED IN, which no account is in")]),
        ("both", vec![row(1, "")], vec![("/0/customer_class", "must not be empty")]),
        ("both", vec![row(1, " WEB")], vec![("/0/customer_class", "\" WEB\" must not begin or end with a space")]),
        (
            "both",
            vec![priced(1, "WEB", "GOLDMEMBERS")],
            vec![("/0/price_class", "\"GOLDMEMBERS\" has 11 characters; Acumatica's Customer.PriceClassID holds 10")],
        ),
        ("both", vec![row(1, "WEB"), row(1, "SHOP")], vec![("/1", "group 1 has a row already: row 0")]),
        ("both", vec![row(1, "WEB"), row(2, "web")], vec![("/1", BACKWARDS)]),
        ("both", vec![priced(1, "WEB", "GOLD"), priced(2, "WEB", "gold")], vec![("/1", BACKWARDS)]),
        // Read one way, the other way round does not count.
        (to_acumatica, vec![row(1, "WEB"), row(2, "WEB")], vec![]),
        (to_acumatica, vec![row(1, "WEB"), row(1, "SHOP")], vec![("/1", "group 1 has a row already: row 0")]),
        (to_magento, vec![row(1, "WEB"), row(1, "SHOP")], vec![]),
        (to_magento, vec![row(1, "WEB"), row(2, "WEB")], vec![("/1", BACKWARDS)]),
        ("both", vec![row(1, "WEB"), one_way(2, "WEB", to_acumatica)], vec![]),
        ("both", vec![row(1, "WEB"), one_way(1, "OLDWEB", to_magento)], vec![]),
        (
            to_magento,
            vec![one_way(1, "WEB", to_acumatica)],
            vec![("/0/direction", "is never used: all customers have direction \"acumatica_to_magento\"")],
        ),
    ] {
        rows("groups", json!(value), direction, &expected);
    }
}

#[test]
fn attributes_have_codes_and_places_of_their_own() {
    let to = |code: &str, target: Value| json!({"code": code, "acumatica": target});
    let attribute = |id: &str| json!({"attribute": id});
    for (value, expected) in [
        (vec![to("a", attribute("A")), to("b", json!({"field": "Terms"})), to("dob", attribute("B"))], vec![]),
        (
            vec![to("", attribute("A"))],
            vec![(
                "/0/code",
                "\"\" is no attribute code of Magento: a letter, then letters, digits and underscores, like \"erp_item\"",
            )],
        ),
        (
            vec![to("taxvat", attribute("A"))],
            vec![("/0/code", "\"taxvat\" is no attribute to be mapped: it is synced by itself, or kept by Magento")],
        ),
        (
            vec![to("a", attribute("A")), to("a", attribute("B"))],
            vec![("/1", "can never match, because row 0 (\"a\") comes first and matches all of it")],
        ),
        (
            vec![to("a", attribute("ELEVENCHARS"))],
            vec![(
                "/0/acumatica/attribute",
                "\"ELEVENCHARS\" has 11 characters; Acumatica's AttributeDefinition.AttributeID holds 10",
            )],
        ),
        (vec![to("a", attribute(""))], vec![("/0/acumatica/attribute", "must not be empty")]),
        (
            vec![to("a", attribute("LOYALTY")), to("b", attribute("Loyalty"))],
            vec![("/1/acumatica", "is written from /customers/default/attributes/0/acumatica already")],
        ),
        (
            vec![to("a", json!({"field": "AccountRef"})), to("b", json!({"field": "AccountRef"}))],
            vec![("/1/acumatica", "is written from /customers/default/attributes/0/acumatica already")],
        ),
        (
            vec![to("a", json!({"field": "CreditLimit"}))],
            vec![(
                "/0/acumatica/field",
                "must be one of \"Terms\", \"TaxZone\", \"TaxExemptionNumber\", \"AccountRef\"",
            )],
        ),
    ] {
        rows("attributes", json!(value), "both", &expected);
    }
}

#[test]
fn values_lead_to_one_value_of_the_other_side() {
    let row = |kind: &str, values: Value| json!([{"code": "a", "acumatica": {"attribute": "A"}, "kind": kind, "values": values}]);
    let value = |magento: &str, acumatica: &str| json!({"magento": magento, "acumatica": acumatica});
    let (to_acumatica, to_magento) = ("magento_to_acumatica", "acumatica_to_magento");
    const MISSING: &str = "is missing: a choice has no other side without them";
    const UNUSED: &str = "are never used: only texts and choices have rows of values";
    for (direction, value, expected) in [
        ("both", row("text", json!([])), vec![]),
        ("both", row("text", json!([value("yes", "Y")])), vec![]),
        ("both", row("choice", json!([])), vec![("/0/values", MISSING)]),
        ("both", row("choices", json!([])), vec![("/0/values", MISSING)]),
        ("both", row("boolean", json!([value("1", "Y")])), vec![("/0/values", UNUSED)]),
        ("both", row("number", json!([value("1", "Y")])), vec![("/0/values", UNUSED)]),
        ("both", row("date", json!([value("1", "Y")])), vec![("/0/values", UNUSED)]),
        ("both", row("choice", json!([value("", "Y")])), vec![("/0/values/0/magento", "must not be empty")]),
        ("both", row("choice", json!([value("1", " ")])), vec![("/0/values/0/acumatica", "must not be empty")]),
        (
            "both",
            row("choice", json!([value("1", "A"), value("1", "B")])),
            vec![("/0/values/1/magento", "\"1\" has a row already: row 0")],
        ),
        (
            "both",
            row("choice", json!([value("1", "A"), value("2", "A")])),
            vec![("/0/values/1/acumatica", "\"A\" has a row already: row 0")],
        ),
        (to_acumatica, row("choice", json!([value("1", "A"), value("2", "A")])), vec![]),
        (to_magento, row("choice", json!([value("1", "A"), value("1", "B")])), vec![]),
        (
            "both",
            row("choices", json!([value("1,2", "A")])),
            vec![("/0/values/0/magento", "\"1,2\" has a comma, which stands between the values of a list")],
        ),
        (
            "both",
            json!([{"code": "a", "acumatica": {"field": "Terms"}, "kind": "choice", "values": [value("1", "NET30DAYSUS")]}]),
            vec![("/0/values/0/acumatica", "\"NET30DAYSUS\" has 11 characters; Acumatica's Customer.Terms holds 10")],
        ),
        (
            to_magento,
            json!([{"code": "a", "acumatica": {"attribute": "A"}, "direction": to_acumatica}]),
            vec![("/0/direction", "is never used: all customers have direction \"acumatica_to_magento\"")],
        ),
    ] {
        rows("attributes", value, direction, &expected);
    }
}

#[test]
fn the_newsletter_has_an_attribute_of_its_own() {
    rows("newsletter", json!({"attribute": "NEWS"}), "both", &[]);
    rows("newsletter", json!({"attribute": ""}), "both", &[("/attribute", "must not be empty")]);
    rows(
        "newsletter",
        json!({"field": "Terms"}),
        "both",
        &[("", "must be an attribute: none of the fields holds yes or no")],
    );
    check(
        &[("/customers/default/newsletter", json!({"attribute": "industry"}))],
        &[("/customers/default/newsletter", "is written from /customers/default/attributes/2/acumatica already")],
    );
}
