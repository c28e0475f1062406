//! Bodies walked against the entity facts: every name exists, and what is longer than its field is named before it is sent.

use acumatica::model::limits::limit;
use flows::merge::Side;
use flows::plan::Write;
use serde_json::{Value, json};

use super::{address, customer, decided, edited, pair, settings, text, with_address};
use crate::plan::fields::{Facts, Sent, walk};

/// An account with a value in every field that is mapped.
fn full() -> Value {
    let parcels =
        edited(address(71, "3 Dock Street"), &[("/firstname", json!("Grace")), ("/telephone", json!("555-0177"))]);
    edited(
        with_address(),
        &[
            ("/prefix", json!("Dr.")),
            ("/middlename", json!("K.")),
            ("/suffix", json!("Jr.")),
            ("/taxvat", json!("DE123")),
            ("/group_id", json!(2)),
            ("/dob", json!("1990-12-10")),
            ("/addresses/0/company", json!("Engines Ltd")),
            ("/addresses/0/telephone", json!("555-0155")),
            ("/addresses/-", parcels),
            ("/default_shipping", json!("71")),
            ("/extension_attributes/is_subscribed", json!(true)),
            (
                "/custom_attributes",
                json!([
                    {"attribute_code": "loyalty_number", "value": "77"}, {"attribute_code": "industry", "value": "11"},
                    {"attribute_code": "tax_exempt_number", "value": "TX1"}, {"attribute_code": "credit_terms", "value": "21"},
                ]),
            ),
        ],
    )
}

fn body_of(now: &super::Pair, before: Option<&super::Pair>) -> Value {
    let (decided, _) = decided(&settings(&[]), now, before, Side::Magento);
    let work = decided.plan.work().unwrap_or_else(|| panic!("{:?}", decided.plan));
    let put = work.steps.iter().find(|step| matches!(step.write, Write::Acumatica(_)));
    put.unwrap_or_else(|| panic!("{:?}", decided.plan)).body().clone()
}

#[test]
fn every_name_that_is_sent_is_one_of_the_endpoints() {
    let (facts, mut sent) = (Facts::load(), Sent::new());
    let made = body_of(&(Some(full()), None), None);
    let updated = body_of(&pair(full(), customer()), Some(&pair(with_address(), customer())));
    let emptied = body_of(&pair(with_address(), erp_of(&made)), Some(&pair(full(), erp_of(&made))));
    for body in [&made, &updated, &emptied] {
        walk(&facts, "Customer", body, &mut sent);
    }
    // Everything that is mapped was there to be walked.
    for pointer in [
        "/CustomerName",
        "/CustomerClass",
        "/PriceClassID",
        "/TaxRegistrationID",
        "/TaxExemptionNumber",
        "/MainContact/Attention",
        "/MainContact/CompanyName",
        "/MainContact/Phone1",
        "/ShippingContactOverride",
        "/ShippingAddressOverride",
        "/ShippingContact/Attention",
        "/ShippingContact/Phone1",
        "/ShippingContact/Address/AddressLine1",
        "/Attributes/3/Value",
    ] {
        for body in [&made, &updated] {
            assert!(body.pointer(pointer).is_some(), "{pointer}: {body}");
        }
    }
    assert_eq!(made["MainContact"]["Attention"]["value"], "Dr. Ada K. Byron Jr.");
    assert_eq!(emptied["TaxRegistrationID"], json!({"value": null}));
    assert!(made.get("Terms").is_none(), "read from Acumatica alone");
    // What the endpoint states of lengths is known before anything is sent.
    for ((entity, member), types) in sent {
        if types.contains("text") {
            let stated = facts.length(&entity, &member);
            assert!(stated.is_none() || limit(&entity, &member) == stated, "{entity}.{member}");
        }
    }
}

/// The customer that a body makes.
fn erp_of(made: &Value) -> Value {
    edited(made.clone(), &[("/CustomerID", text("C1")), ("/NoteID", text("6f1e1d52-0000-4000-8000-000000000001"))])
}

#[test]
fn what_is_too_long_is_named_and_not_sent() {
    let long = |length: usize| json!("X".repeat(length));
    for (pointer, length, field) in [
        ("/email", 256, "MainContact/Email"),
        ("/taxvat", 51, "TaxRegistrationID"),
        ("/addresses/0/telephone", 51, "MainContact/Phone1"),
        ("/addresses/0/company", 256, "CustomerName"),
        ("/custom_attributes/2/value", 31, "TaxExemptionNumber"),
    ] {
        let value =
            if pointer == "/email" { json!(format!("{}@example.com", "x".repeat(length - 12))) } else { long(length) };
        let fits = if pointer == "/email" {
            json!(format!("{}@example.com", "x".repeat(length - 13)))
        } else {
            long(length - 1)
        };
        let (refused, _) =
            decided(&settings(&[]), &(Some(edited(full(), &[(pointer, value)])), None), None, Side::Magento);
        let finding = refused.plan.finding().unwrap_or_else(|| panic!("{pointer}: {:?}", refused.plan));
        let sentence = format!(
            "`{field}` of Customer 7 of Magento has {length} characters; Acumatica's field Customer.{field} holds {}.",
            length - 1
        );
        assert_eq!((finding.code, finding.message.as_str()), ("customers.rejected.value_too_long", sentence.as_str()));
        let (taken, _) =
            decided(&settings(&[]), &(Some(edited(full(), &[(pointer, fits)])), None), None, Side::Magento);
        assert_eq!(taken.plan.word(), "create", "{pointer}");
    }
}
