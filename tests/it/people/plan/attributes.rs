//! Attributes: every kind, both ways, and the fields of a customer that an attribute may be.

use flows::settings::Settings;
use serde_json::{Value, json};

use super::{account, bare, check, customer, edited, pair, settings, text};

/// The settings with one attribute `a` of that kind, which is `A` in Acumatica.
fn row(kind: &str, more: &[(&str, Value)]) -> Settings {
    let row = edited(json!({"code": "a", "acumatica": {"attribute": "A"}, "kind": kind}), more);
    settings(&[("/customers/default/attributes", json!([row])), ("/customers/owners", json!({}))])
}

fn here(value: Value) -> Value {
    edited(account(), &[("/custom_attributes", json!([{"attribute_code": "a", "value": value}]))])
}

fn there(value: &str) -> Value {
    bare(edited(customer(), &[("/Attributes", json!([{"AttributeID": text("A"), "Value": text(value)}]))]))
}

#[test]
fn values_are_converted_by_their_kind() {
    let choices = json!([{"magento": "11", "acumatica": "RED"}, {"magento": "12", "acumatica": "BLUE"}]);
    let values = [("/values", choices)];
    const WRONG: &str = "rejected\ncustomers.rejected.attribute_value: A value of the customer attribute `a`";
    let put = |value: &str| {
        format!(
            "update\nacumatica PUT Customer\n Attributes/0/AttributeID = A\n Attributes/0/Value = {value}\n CustomerID = C1"
        )
    };
    let save = |value: &str| format!("update\nmagento PUT /V1/customers/7\n custom_attributes/0/value = {value}");
    for (kind, more, was, now, to_acumatica) in [
        ("text", &[][..], json!("x"), json!(" y "), put("y")),
        ("text", &values, json!("x"), json!("11"), put("RED")),
        ("text", &values, json!("x"), json!("13"), put("13")),
        ("text", &[], json!("x"), json!(""), put("(empty)")),
        ("text", &[], json!("x"), Value::Null, put("(empty)")),
        ("number", &[], json!("1"), json!("7.5000"), put("7.5")),
        ("number", &[], json!("1"), json!(8), put("8")),
        ("number", &[], json!("1"), json!("many"), format!("{WRONG} is not a number.")),
        ("boolean", &[], json!("0"), json!("1"), put("1")),
        ("boolean", &[], json!("0"), json!(true), put("1")),
        ("boolean", &[], json!("0"), json!("perhaps"), format!("{WRONG} is neither yes nor no.")),
        ("date", &[], json!("2026-01-01 00:00:00"), json!("2026-11-23 00:00:00"), put("2026-11-23")),
        ("date", &[], json!("2026-01-01"), json!("23.11.2026"), format!("{WRONG} is not a day.")),
        ("choice", &values, json!("12"), json!("11"), put("RED")),
        ("choice", &values, json!("12"), json!("13"), format!("{WRONG} has no row in `values`.")),
        ("choices", &values, json!("12"), json!("12,11"), put("BLUE,RED")),
        ("choices", &values, json!("12"), json!(["11", "12"]), put("BLUE,RED")),
        ("choices", &values, json!("12"), json!("11,13"), format!("{WRONG} has no row in `values`.")),
    ] {
        let settings = row(kind, more);
        let was = pair(here(was), there("NONE"));
        check(&settings, Some(&was), &pair(here(now), there("NONE")), &to_acumatica);
    }
    for (kind, more, was, now, to_magento) in [
        ("text", &[][..], "x", "y", save("y")),
        ("text", &values, "x", "blue", save("12")),
        ("text", &[], "x", "", save("(empty)")),
        ("number", &[], "1", "7.50", save("7.5")),
        ("boolean", &[], "0", "True", save("1")),
        ("date", &[], "2026-01-01", "2026-11-23T00:00:00+00:00", save("2026-11-23")),
        ("choice", &values, "RED", "BLUE", save("12")),
        ("choice", &values, "RED", "GREEN", format!("{WRONG} has no row in `values`.")),
        ("choices", &values, "RED", "RED,BLUE", save("11,12")),
    ] {
        let settings = row(kind, more);
        let was = pair(here(json!("0")), there(was));
        check(&settings, Some(&was), &pair(here(json!("0")), there(now)), &to_magento);
    }
}

#[test]
fn values_that_are_written_in_different_ways_are_the_same() {
    let values = [("/values", json!([{"magento": "11", "acumatica": "RED"}, {"magento": "12", "acumatica": "BLUE"}]))];
    for (kind, more, here_is, there_is) in [
        ("number", &[][..], json!("7.5000"), "7.5"),
        ("boolean", &[], json!("1"), "True"),
        ("date", &[], json!("2026-11-23 00:00:00"), "2026-11-23T00:00:00"),
        ("choice", &values, json!("11"), "RED"),
        ("choices", &values, json!("11,12"), "BLUE,RED"),
    ] {
        check(&row(kind, more), None, &pair(here(here_is), there(there_is)), "unchanged");
    }
}

#[test]
fn a_row_is_carried_in_its_direction_alone() {
    let was = pair(here(json!("x")), there("x"));
    for (direction, to_acumatica, to_magento) in
        [("both", true, true), ("magento_to_acumatica", true, false), ("acumatica_to_magento", false, true)]
    {
        let settings = row("text", &[("/direction", json!(direction))]);
        for (now, carried) in
            [(pair(here(json!("y")), there("x")), to_acumatica), (pair(here(json!("x")), there("y")), to_magento)]
        {
            let (decided, _) = super::decided(&settings, &now, Some(&was), flows::merge::Side::Magento);
            assert_eq!(decided.plan.word(), if carried { "update" } else { "unchanged" }, "{direction}");
        }
        // Somebody new gets it in the same directions.
        let (made, _) = super::decided(&settings, &(Some(here(json!("y"))), None), None, flows::merge::Side::Magento);
        let rows = made.plan.work().unwrap().steps[0].body()["Attributes"].as_array().cloned().unwrap_or_default();
        assert_eq!(rows.iter().any(|row| row["AttributeID"] == text("A")), to_acumatica, "{direction}");
        let (made, _) = super::decided(&settings, &(None, Some(there("y"))), None, flows::merge::Side::Magento);
        assert_eq!(
            made.plan.work().unwrap().steps[0].body()["customer"].get("custom_attributes").is_some(),
            to_magento,
            "{direction}"
        );
    }
}

#[test]
fn terms_tax_zone_and_exemption_are_fields_that_an_attribute_may_be() {
    for field in ["Terms", "TaxZone", "TaxExemptionNumber", "AccountRef"] {
        let settings = row("text", &[("/acumatica", json!({"field": field}))]);
        let there = |value: &str| bare(edited(customer(), &[(&format!("/{field}"), text(value))]));
        let was = pair(here(json!("X")), there("X"));
        check(&settings, Some(&was), &was, "unchanged");
        let mut lines = [format!("{field} = Y"), "CustomerID = C1".to_owned()];
        lines.sort();
        let expected = format!("update\nacumatica PUT Customer\n{}", lines.join("\n"));
        check(&settings, Some(&was), &pair(here(json!("Y")), there("X")), &expected);
        check(
            &settings,
            Some(&was),
            &pair(here(json!("X")), there("Y")),
            "update\nmagento PUT /V1/customers/7\n custom_attributes/0/value = Y",
        );
        // Two values: the owner decides.
        let both = pair(here(json!("Y")), there("Z"));
        for (owner, word) in [("magento", "acumatica PUT"), ("acumatica", "magento PUT"), ("newest", "acumatica PUT")] {
            let settings = Settings {
                customers: flows::settings::Customers {
                    owners: serde_json::from_value(json!({"attribute.a": owner})).unwrap(),
                    ..settings.customers.clone()
                },
                ..settings.clone()
            };
            let (decided, told) = super::decided(&settings, &both, Some(&was), flows::merge::Side::Magento);
            let shown = super::shown(&both, &decided, told.as_deref());
            assert!(shown.contains(word) && shown.contains("customers.resolved.conflict"), "{field} {owner}: {shown}");
        }
    }
}

#[test]
fn the_newsletter_follows_both_ways() {
    let settings = settings(&[]);
    let there = |value: &str| {
        bare(edited(customer(), &[("/Attributes", json!([{"AttributeID": text("NEWSLETTER"), "Value": text(value)}]))]))
    };
    let here = |subscribed: bool| edited(account(), &[("/extension_attributes/is_subscribed", json!(subscribed))]);
    // Never said is not subscribed.
    check(&settings, None, &pair(here(false), bare(customer())), "unchanged");
    let without = edited(account(), &[("/extension_attributes", json!({}))]);
    check(&settings, None, &pair(without, there("0")), "unchanged");
    let was = pair(here(false), there("0"));
    check(
        &settings,
        Some(&was),
        &pair(here(true), there("0")),
        "update\nacumatica PUT Customer\n Attributes/0/AttributeID = NEWSLETTER\n Attributes/0/Value = 1\n CustomerID = C1",
    );
    check(
        &settings,
        Some(&was),
        &pair(here(false), there("1")),
        "update\nmagento PUT /V1/customers/7\n extension_attributes/is_subscribed = true",
    );
}
