//! What a side saved against what it was sent: fields that it did not take over are named, and never the values.

use flows::customers::plan::check::not_taken;
use flows::merge::{Field, Side};
use serde_json::{Value, json};

use super::{Pair, customer, edited, pair, settings, text, with_address, with_facts};

/// What is said of a save of `fields` from which the pair comes out as `saved`.
fn said(now: &Pair, side: Side, fields: &[&str], saved: &Pair) -> Option<(&'static str, String)> {
    let settings = settings(&[]);
    let cells = |pair: &Pair| with_facts(&settings, pair, None, side, flows::customers::plan::Both::of);
    let (sent, saved) = (cells(now), cells(saved));
    let asked = fields.iter().map(|name| Field::new(*name)).collect();
    let finding = with_facts(&settings, now, None, side, |facts| not_taken(facts, side, &asked, &sent, &saved));
    finding.map(|finding| (finding.code, finding.message))
}

#[test]
fn what_a_side_did_not_take_over_is_named() {
    let shop = edited(
        with_address(),
        &[
            ("/taxvat", json!("DE 123-45")),
            ("/addresses/0/telephone", json!("(555) 0199")),
            ("/lastname", json!("King")),
        ],
    );
    let now = pair(shop.clone(), customer());
    let saved = |edits: &[(&str, Value)]| pair(shop.clone(), edited(customer(), edits));
    let name = || ("/MainContact/Attention", text("ADA KING"));
    for (fields, edits, lost) in [
        (
            &["vat_number", "phone", "name"][..],
            // In a spelling of its own: case, blanks and marks are not what was asked for.
            vec![("/TaxRegistrationID", text("de12345")), ("/MainContact/Phone1", text("5550199")), name()],
            "",
        ),
        (&["vat_number"], vec![], "`vat_number`"),
        (&["vat_number"], vec![("/TaxRegistrationID", text("DE123"))], "`vat_number`"),
        (&["phone", "vat_number", "name"], vec![name()], "`phone`, `vat_number`"),
        // Nobody has asked for the others.
        (&[], vec![], ""),
        (&["billing.address"], vec![], ""),
        (&["billing.address"], vec![("/MainContact/Address/State", json!({}))], "`billing.address`"),
    ] {
        let sentence = format!("Acumatica saved Customer C1 of Acumatica without what was sent for {lost}.");
        let expected = (!lost.is_empty()).then_some(("customers.resolved.not_taken", sentence));
        assert_eq!(said(&now, Side::Acumatica, fields, &saved(&edits)), expected, "{fields:?} {edits:?}");
    }
    let erp = edited(customer(), &[("/TaxRegistrationID", text("FR9")), ("/PriceClassID", text("WHOLESALE"))]);
    let now = pair(with_address(), erp.clone());
    for (edits, lost) in [
        (vec![("/taxvat", json!("FR9")), ("/group_id", json!(2))], ""),
        (vec![("/taxvat", json!("FR9"))], "`group`"),
        (vec![("/group_id", json!(2))], "`vat_number`"),
    ] {
        let saved = pair(edited(with_address(), &edits), erp.clone());
        let sentence = format!("Magento saved Customer C1 of Acumatica without what was sent for {lost}.");
        let expected = (!lost.is_empty()).then_some(("customers.resolved.not_taken", sentence));
        assert_eq!(said(&now, Side::Magento, &["group", "vat_number"], &saved), expected, "{edits:?}");
    }
}
