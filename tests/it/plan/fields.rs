//! Unknown fields are dropped by Acumatica without a word: every name that a plan sends is one of the endpoint's, and every length that
//! the endpoint states is known to the plan.

use std::collections::{BTreeMap, BTreeSet};

use acumatica::model::limits::{LIMITS, LINKS, limit};
use flows::orders::plan::steps;
use flows::plan::Plan;
use serde_json::{Value, json};
use simulators::magento::{Address, OrderDraft, Payment};

use super::{cases, edited, planned, planned_after, planned_by, settings};

/// The endpoint's contract, as the simulator has it: entities with the types of their members, and lengths.
pub(crate) struct Facts(Value);

impl Facts {
    pub(crate) fn load() -> Self {
        let text = include_str!("../../simulators/facts/acumatica-24.200.001.json");
        Self(serde_json::from_str(text).expect("the facts are JSON"))
    }

    fn kind(&self, entity: &str, member: &str) -> Option<&str> {
        self.0["entities"][entity][member].as_str()
    }

    /// Every member of an entity with its type.
    pub(crate) fn fields(&self, entity: &str) -> Vec<(String, String)> {
        let members = self.0["entities"][entity].as_object().expect("an entity of the endpoint");
        members.iter().map(|(name, kind)| (name.clone(), kind.as_str().expect("a type").to_owned())).collect()
    }

    pub(crate) fn length(&self, entity: &str, member: &str) -> Option<usize> {
        let stated = &self.0["max_lengths"][entity][member];
        stated.as_u64().map(|length| usize::try_from(length).expect("a length"))
    }
}

/// What a body sends: entity and member, with the JSON type of its values.
pub(crate) type Sent = BTreeMap<(String, String), BTreeSet<&'static str>>;

pub(crate) fn walk(facts: &Facts, entity: &str, body: &Value, sent: &mut Sent) {
    for (member, value) in body.as_object().unwrap_or_else(|| panic!("{entity} is no object: {body}")) {
        // A note is a system member of every record, wrapped like a field (Integration Development Guide, "Representation of a Record").
        if member == "note" {
            assert!(value["value"].is_string(), "{value}");
            continue;
        }
        let kind = facts.kind(entity, member).unwrap_or_else(|| panic!("the endpoint has no {entity}.{member}"));
        let types = sent.entry((entity.to_owned(), member.clone())).or_default();
        if let Some(row) = kind.strip_prefix('[').and_then(|kind| kind.strip_suffix(']')) {
            value.as_array().expect("a detail list").iter().for_each(|value| walk(facts, row, value, sent));
        } else if facts.0["entities"].get(kind).is_some() {
            walk(facts, kind, value, sent);
        } else {
            let members = value.as_object().unwrap_or_else(|| panic!("{entity}.{member} is not wrapped"));
            assert_eq!(members.keys().collect::<Vec<_>>(), ["value"], "{entity}.{member}");
            types.insert(match (&members["value"], kind) {
                (Value::Null, _) => "null",
                (Value::String(_), "string") => "text",
                (Value::String(text), "datetime") if text.parse::<jiff::civil::Date>().is_ok() => "day",
                (Value::Number(_), "decimal") => "number",
                (Value::Bool(_), "boolean") => "flag",
                (value, kind) => panic!("{entity}.{member} is {value}, and should be a {kind}"),
            });
        }
    }
}

/// Plans which together send every field that a plan can send.
fn plans() -> Vec<Plan> {
    let captured = || Payment::Captured { method: "braintree".into(), transaction: "t".into() };
    let full = OrderDraft::registered(7, "ann@example.com")
        .simple("MUG", 2, "12.00")
        .configurable("Shirt", "SHIRT-S", 1, "30.00")
        .shipping("flatrate_flatrate", "5.00")
        .tax("US-MI-*-Rate 1", 6)
        .shipping_tax("US-MI-*-Rate 1", 6)
        .discount_percent(10)
        .coupon("TEN")
        .note("Ring twice")
        .billing(Address::us("Ann", "Other").company("Other").street(&["1 A St", "Suite 2"]))
        .payment(captured());
    let chosen = json!({"extension_attributes": {"custom_options": [{"option_id": "1", "option_value": "a"}]}});
    let full = edited(&full, &[("/items/0/product_option", chosen)]);
    let po = full.clone();
    let by_number = settings(|document| {
        let default = &mut document["orders"]["default"];
        default["numbering"] = json!("manual");
        default["duplicate_guard"] = json!("customer_order");
        default["purchase_order_field"] = json!("description");
        default["control_total"] = json!("required");
        default["freight"] = json!({"mode": "override", "tax_category": "TAXABLE"});
        default["payment_methods"][6]["terms"] = json!("30D");
    });
    let mut moved = full.clone();
    super::put(&mut moved, "/billing_address/city", json!("Lyon"));
    let mut canceled = full.clone();
    super::put(&mut canceled, "/state", json!("canceled"));
    let mut wrong = full.clone();
    super::put(&mut wrong, "/base_subtotal", json!(1));
    vec![
        planned(&full),
        planned_by(&po, &by_number),
        planned_after(&full, &moved),
        planned_after(&full, &canceled),
        planned(&wrong),
    ]
}

fn sent() -> Sent {
    let (facts, mut sent) = (Facts::load(), Sent::new());
    for plan in plans().into_iter().chain(cases::plans()) {
        let work = plan.work().unwrap_or_else(|| panic!("{:?}", plan.finding()));
        for step in &work.steps {
            walk(&facts, step.entity(), step.body(), &mut sent);
        }
    }
    sent
}

#[test]
fn every_name_that_is_sent_is_one_of_the_endpoints() {
    let sent = sent();
    // The plans above are not a poor choice of what can be sent.
    assert!(sent.len() > 100, "only {} fields", sent.len());
    for (entity, member) in [
        ("Customer", "CustomerClass"),
        ("SalesOrder", "OrderNbr"),
        ("SalesOrder", "ControlTotal"),
        ("SalesOrderDetail", "ExternalRef"),
        ("SalesOrderPayment", "ExternalRef"),
        ("ShippingSettings", "OverrideFreightPrice"),
        ("ShippingSettings", "PremiumFreight"),
        ("Customer", "TaxRegistrationID"),
        ("Payment", "PaymentAmount"),
        ("PaymentOrderDetail", "AppliedToOrder"),
        ("SalesOrderCreditCardTransactionDetail", "TranNbr"),
        ("SalesOrderDetail", "GiftMessage"),
        ("SalesOrderDetail", "POSource"),
        ("SalesOrderDetail", "UOM"),
        ("SalesOrderPayment", "ProcessingCenterID"),
        ("TaxDetail", "TaxableAmount"),
    ] {
        assert!(sent.contains_key(&(entity.to_owned(), member.to_owned())), "{entity}.{member} is not sent");
    }
    let charges = |(entity, member): &(String, String)| {
        entity == "SalesOrderPayment" && ["Authorize", "Capture"].contains(&member.as_str())
    };
    assert!(!sent.keys().any(charges));
}

#[test]
fn names_that_the_endpoint_does_not_have_are_found() {
    for (body, sentence) in [
        (json!({"Totel": {"value": 1}}), "the endpoint has no SalesOrder.Totel"),
        (json!({"Details": [{"Quantity": {"value": 1}}]}), "the endpoint has no SalesOrderDetail.Quantity"),
        (json!({"Hold": {"value": "true"}}), "SalesOrder.Hold is \"true\", and should be a boolean"),
        (json!({"Date": {"value": "02.03.2026"}}), "SalesOrder.Date is \"02.03.2026\", and should be a datetime"),
    ] {
        let walked = std::panic::catch_unwind(|| walk(&Facts::load(), "SalesOrder", &body, &mut Sent::new()));
        let said = walked.expect_err("a problem");
        assert_eq!(said.downcast_ref::<String>().map(String::as_str), Some(sentence));
    }
}

#[test]
fn what_answers_must_show_is_expanded_by_the_endpoints_names() {
    let facts = Facts::load();
    for name in steps::expanded() {
        assert!(facts.kind("SalesOrder", &name).is_some(), "{name}");
    }
}

#[test]
fn stated_lengths_are_known() {
    let facts = Facts::load();
    for (entity, member, length) in LIMITS {
        assert_eq!(facts.length(entity, member), Some(*length), "{entity}.{member}");
    }
    for (entity, member, linked) in LINKS {
        let kind = facts.kind(entity, member).map(|kind| kind.trim_matches(['[', ']']));
        assert_eq!(kind, Some(*linked), "{entity}.{member}");
    }
    for ((entity, member), types) in sent() {
        if !types.contains("text") {
            continue;
        }
        if let Some(stated) = facts.length(&entity, &member) {
            assert_eq!(limit(&entity, &member), Some(stated), "{entity}.{member}");
        }
    }
}
