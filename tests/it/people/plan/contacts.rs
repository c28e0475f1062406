//! Names, company, telephone and VAT number, and what becomes of parcels when the main contact changes.

use flows::merge::Side;
use serde_json::json;

use super::{account, bare, check, customer, edited, erp_address, pair, settings, text, with_address};

const TO_CUSTOMER: &str = "acumatica PUT Customer\n CustomerID = C1\n";
const TO_ACCOUNT: &str = "magento PUT /V1/customers/7\n";

#[test]
fn what_one_side_has_changed_is_written_to_the_other_and_nothing_else() {
    let settings = settings(&[]);
    let before = pair(with_address(), customer());
    check(&settings, Some(&before), &before, "unchanged");
    for (edit, expected) in [
        (
            // Receivers of parcels have names of their own in Magento, and follow the main contact in Acumatica.
            ("/lastname", json!("Lovelace")),
            "CustomerName = Ada Lovelace\n MainContact/Attention = Ada Lovelace\n ShippingContact/Attention = Ada Byron\n \
             ShippingContact/Email = ada@example.com\n ShippingContact/Phone1 = 555-0100\n ShippingContactOverride = true",
        ),
        (("/email", json!("Ada@Lovelace.example.com")), "MainContact/Email = Ada@Lovelace.example.com"),
        (("/taxvat", json!("DE123")), "TaxRegistrationID = DE123"),
        (
            ("/addresses/0/company", json!("Engines Ltd")),
            "CustomerName = Engines Ltd\n MainContact/CompanyName = Engines Ltd",
        ),
        // One address for both: the telephone of both changes, and parcels follow.
        (("/addresses/0/telephone", json!("555-0199")), "MainContact/Phone1 = 555-0199"),
        (
            ("/extension_attributes/is_subscribed", json!(true)),
            "Attributes/0/AttributeID = NEWSLETTER\n Attributes/0/Value = 1",
        ),
    ] {
        let now = pair(edited(with_address(), &[edit]), customer());
        let mut lines: Vec<&str> = expected.lines().map(str::trim).chain(["CustomerID = C1"]).collect();
        lines.sort_unstable();
        check(&settings, Some(&before), &now, &format!("update\nacumatica PUT Customer\n{}", lines.join("\n")));
    }
    for (edit, expected) in [
        (("/MainContact/Email", text("ada@lovelace.example.com")), "email = ada@lovelace.example.com"),
        (("/TaxRegistrationID", text("DE123")), "taxvat = DE123"),
        (("/MainContact/Phone1", text("555-0199")), "addresses/0/telephone = 555-0199"),
    ] {
        let now = pair(with_address(), edited(customer(), &[edit]));
        check(&settings, Some(&before), &now, &format!("update\n{TO_ACCOUNT} {expected}"));
    }
    // The receiver of parcels is the main contact until there is another.
    let king = text("Ada King Lovelace");
    let renamed = edited(customer(), &[("/CustomerName", king.clone()), ("/MainContact/Attention", king)]);
    let expected = "addresses/0/firstname = Ada King\n addresses/0/lastname = Lovelace\n firstname = Ada King\n lastname = Lovelace";
    check(&settings, Some(&before), &pair(with_address(), renamed), &format!("update\n{TO_ACCOUNT} {expected}"));
}

/// The echo of a write is known by the side that it comes from, without a look at the other: nothing is compared that the side does not have.
#[test]
fn an_echo_is_known_by_one_side_alone() {
    let (settings, pair) = (settings(&[]), pair(with_address(), customer()));
    for side in [Side::Magento, Side::Acumatica] {
        let alone = |pair: &super::Pair| match side {
            Side::Magento => (pair.0.clone(), None),
            Side::Acumatica => (None, pair.1.clone()),
        };
        assert!(!super::differs(&settings, &alone(&pair), &pair, side), "{side:?}");
        let taxed = (
            Some(edited(with_address(), &[("/taxvat", json!("DE1"))])),
            Some(edited(customer(), &[("/TaxRegistrationID", text("DE1"))])),
        );
        assert!(super::differs(&settings, &alone(&taxed), &pair, side), "{side:?}");
    }
}

#[test]
fn a_name_shown_that_is_not_the_persons_is_a_companys() {
    let settings = settings(&[]);
    let renamed = edited(customer(), &[("/CustomerName", text("Engines Ltd"))]);
    // Only an address could say so in Magento, and there is none.
    check(&settings, None, &pair(account(), bare(renamed.clone())), "unchanged");
    check(
        &settings,
        Some(&pair(with_address(), customer())),
        &pair(with_address(), renamed.clone()),
        &format!("update\n{TO_ACCOUNT} addresses/0/company = Engines Ltd"),
    );
    let both = edited(renamed.clone(), &[("/MainContact/Attention", text("Ada King"))]);
    check(
        &settings,
        Some(&pair(with_address(), customer())),
        &pair(with_address(), both),
        &format!(
            "update\n{TO_ACCOUNT} addresses/0/company = Engines Ltd\n addresses/0/lastname = King\n lastname = King"
        ),
    );
    // In case and blanks names may differ and be one; and an address whose company is its person has none.
    let loud = edited(customer(), &[("/CustomerName", text(" ADA BYRON "))]);
    let own = edited(with_address(), &[("/addresses/0/company", json!("ada byron"))]);
    check(&settings, None, &pair(with_address(), loud), "unchanged");
    check(&settings, None, &pair(own, customer()), "unchanged");
    // The company is gone on one side, then on the other.
    let works = edited(with_address(), &[("/addresses/0/company", json!("Engines Ltd"))]);
    let before = pair(works.clone(), renamed.clone());
    check(&settings, Some(&before), &before, "unchanged");
    check(
        &settings,
        Some(&before),
        &pair(with_address(), renamed),
        &format!("update\n{TO_CUSTOMER} CustomerName = Ada Byron\n MainContact/CompanyName = (empty)"),
    );
    check(
        &settings,
        Some(&before),
        &pair(works, customer()),
        &format!("update\n{TO_ACCOUNT} addresses/0/company = (empty)"),
    );
}

#[test]
fn a_person_who_was_called_by_the_name_shown_is_not_lost_with_it() {
    let settings = settings(&[]);
    let shown = edited(customer(), &[("/MainContact/Attention", json!({}))]);
    let before = pair(with_address(), shown.clone());
    let works = edited(with_address(), &[("/addresses/0/company", json!("Engines Ltd"))]);
    check(
        &settings,
        Some(&before),
        &pair(works, shown),
        &format!(
            "update\n{TO_CUSTOMER} CustomerName = Engines Ltd\n MainContact/Attention = Ada Byron\n \
             MainContact/CompanyName = Engines Ltd"
        ),
    );
}

/// Prefix, first, middle and last name and suffix are one text in Acumatica; on the way back the parts that stand in it stay what they are.
#[test]
fn a_name_goes_there_and_back_in_its_parts() {
    let settings = settings(&[]);
    let here = edited(
        account(),
        &[
            ("/prefix", json!("Dr.")),
            ("/middlename", json!("K.")),
            ("/lastname", json!("van Gogh")),
            ("/suffix", json!("Jr.")),
        ],
    );
    let called =
        |name: &str| bare(edited(customer(), &[("/CustomerName", text(name)), ("/MainContact/Attention", text(name))]));
    let before = pair(here.clone(), called("Dr. Ada K. van Gogh Jr."));
    check(&settings, None, &before, "unchanged");
    check(
        &settings,
        Some(&pair(account(), called("Ada Byron"))),
        &pair(here.clone(), called("Ada Byron")),
        &format!(
            "update\n{TO_CUSTOMER} CustomerName = Dr. Ada K. van Gogh Jr.\n MainContact/Attention = Dr. Ada K. van Gogh Jr."
        ),
    );
    for (name, expected) in [
        ("Dr. Ada K. Byron Jr.", "lastname = Byron"),
        ("Prof. Ada K. van Gogh Jr.", "firstname = Prof. Ada\n prefix = (empty)"),
        ("Ada van Gogh", "middlename = (empty)\n prefix = (empty)\n suffix = (empty)"),
        (
            "Grace Brewster Hopper",
            "firstname = Grace Brewster\n lastname = Hopper\n middlename = (empty)\n prefix = (empty)\n suffix = (empty)",
        ),
    ] {
        let now = pair(here.clone(), called(name));
        check(&settings, Some(&before), &now, &format!("update\n{TO_ACCOUNT} {expected}"));
    }
    check(
        &settings,
        Some(&before),
        &pair(here, called("Ada")),
        "rejected\ncustomers.rejected.name_missing: Customer C1 of Acumatica has no first and last name, and Magento's accounts need both.",
    );
}

#[test]
fn parcels_go_on_where_they_went() {
    let settings = settings(&[]);
    // In Acumatica parcels follow the main address; in Magento they have an address of their own, the same one.
    let mut two = edited(with_address(), &[("/addresses/-", super::address(71, "1 Mill Lane"))]);
    two = edited(
        two,
        &[
            ("/default_shipping", json!("71")),
            ("/addresses/0/default_shipping", json!(false)),
            ("/addresses/1/default_shipping", json!(true)),
        ],
    );
    let before = pair(two.clone(), customer());
    check(&settings, Some(&before), &before, "unchanged");
    let moved = edited(two.clone(), &[("/addresses/0/street", json!(["2 New Road"]))]);
    check(
        &settings,
        Some(&before),
        &pair(moved, customer()),
        &format!(
            "update\n{TO_CUSTOMER} MainContact/Address/AddressLine1 = 2 New Road\n MainContact/Address/AddressLine2 = (empty)\n \
             MainContact/Address/City = Calder\n MainContact/Address/Country = US\n MainContact/Address/PostalCode = 49628\n \
             MainContact/Address/State = MI\n ShippingAddressOverride = true\n ShippingContact/Address/AddressLine1 = 1 Mill Lane\n \
             ShippingContact/Address/AddressLine2 = (empty)\n ShippingContact/Address/City = Calder\n ShippingContact/Address/Country = US\n \
             ShippingContact/Address/PostalCode = 49628\n ShippingContact/Address/State = MI"
        ),
    );
    // Both move to the same place: nothing is overridden.
    let both = edited(with_address(), &[("/addresses/0/street", json!(["2 New Road"]))]);
    check(
        &settings,
        Some(&pair(with_address(), customer())),
        &pair(both, customer()),
        &format!(
            "update\n{TO_CUSTOMER} MainContact/Address/AddressLine1 = 2 New Road\n MainContact/Address/AddressLine2 = (empty)\n \
             MainContact/Address/City = Calder\n MainContact/Address/Country = US\n MainContact/Address/PostalCode = 49628\n \
             MainContact/Address/State = MI"
        ),
    );
    // Only parcels go elsewhere.
    let parcels = edited(two, &[("/addresses/1/telephone", json!("555-0177"))]);
    check(
        &settings,
        Some(&before),
        &pair(parcels, customer()),
        &format!(
            "update\n{TO_CUSTOMER} ShippingContact/Attention = Ada Byron\n ShippingContact/Email = ada@example.com\n \
             ShippingContact/Phone1 = 555-0177\n ShippingContactOverride = true"
        ),
    );
    // Where Acumatica has an address and a contact of their own for parcels, the main ones change alone.
    let own = edited(
        customer(),
        &[
            ("/ShippingAddressOverride", json!({"value": true})),
            ("/ShippingContactOverride", json!({"value": true})),
            (
                "/ShippingContact",
                json!({"Attention": text("Ada Byron"), "Phone1": text("555-0100"), "Address": erp_address("1 Mill Lane")}),
            ),
        ],
    );
    let phone = edited(with_address(), &[("/addresses/0/telephone", json!("555-0199"))]);
    check(
        &settings,
        Some(&pair(with_address(), own.clone())),
        &pair(phone, own),
        &format!("update\n{TO_CUSTOMER} MainContact/Phone1 = 555-0199\n ShippingContact/Phone1 = 555-0199"),
    );
}

#[test]
fn a_company_and_its_person_change_apart() {
    let settings = settings(&[]);
    let company = edited(
        customer(),
        &[("/CustomerName", text("Engines Ltd")), ("/MainContact/CompanyName", text("Engines Ltd"))],
    );
    let works = edited(with_address(), &[("/addresses/0/company", json!("Engines Ltd"))]);
    let before = pair(works.clone(), company.clone());
    check(&settings, Some(&before), &before, "unchanged");
    // The shopper changes her name while the ERP renames the company: neither change undoes the other.
    let now = pair(
        edited(works, &[("/lastname", json!("Lovelace")), ("/addresses/0/lastname", json!("Lovelace"))]),
        edited(company, &[("/CustomerName", text("Analytical Engines Ltd"))]),
    );
    check(
        &settings,
        Some(&before),
        &now,
        &format!(
            "update\n{TO_CUSTOMER} CustomerName = Analytical Engines Ltd\n MainContact/Attention = Ada Lovelace\n\
             {TO_ACCOUNT} addresses/0/company = Analytical Engines Ltd"
        ),
    );
}

#[test]
fn who_wins_is_said_without_the_values() {
    let before = pair(account(), customer());
    let now = pair(
        edited(account(), &[("/taxvat", json!("DE1"))]),
        edited(customer(), &[("/TaxRegistrationID", text("DE2"))]),
    );
    const FIELD: &str =
        "told customers.resolved.conflict: Customer C1 of Acumatica was changed on both sides, and differently, in";
    for (owner, newer, expected) in [
        (
            "acumatica",
            Side::Magento,
            "update\n`vat_number` (Acumatica's stays)\nmagento PUT /V1/customers/7\n  taxvat = DE2",
        ),
        (
            "magento",
            Side::Acumatica,
            "update\n`vat_number` (Magento's stays)\nacumatica PUT Customer\n  CustomerID = C1\n  TaxRegistrationID = DE1",
        ),
        (
            "newest",
            Side::Acumatica,
            "update\n`vat_number` (Acumatica's stays)\nmagento PUT /V1/customers/7\n  taxvat = DE2",
        ),
        (
            "newest",
            Side::Magento,
            "update\n`vat_number` (Magento's stays)\nacumatica PUT Customer\n  CustomerID = C1\n  TaxRegistrationID = DE1",
        ),
    ] {
        let settings = settings(&[("/customers/owners", json!({"vat_number": owner}))]);
        let (decided, told) = super::decided(&settings, &now, Some(&before), newer);
        let (word, rest) = expected.split_once('\n').unwrap();
        let (who, calls) = rest.split_once('\n').unwrap();
        let expected = format!("{word}\n{FIELD} {who}.\n{calls}");
        assert_eq!(super::shown(&now, &decided, told.as_deref()), expected, "{owner}");
    }
    let settings = settings(&[("/customers/owners", json!({"vat_number": "never"}))]);
    check(&settings, Some(&before), &now, "unchanged");
}

#[test]
fn somebody_new_gets_no_field_that_is_never_synced() {
    let never =
        ["billing.address", "company", "phone", "shipping.address", "shipping.name", "shipping.phone", "vat_number"];
    let owners: serde_json::Map<String, serde_json::Value> =
        never.iter().map(|field| ((*field).to_owned(), json!("never"))).collect();
    let settings = settings(&[
        ("/customers/owners", json!(owners)),
        ("/customers/default/newsletter", json!({"attribute": "NEWS"})),
    ]);
    let here = edited(with_address(), &[("/taxvat", json!("DE1")), ("/addresses/0/company", json!("Engines Ltd"))]);
    check(
        &settings,
        None,
        &(Some(here), None),
        "create\nacumatica PUT Customer\n Attributes/0/AttributeID = NEWS\n Attributes/0/Value = 0\n CustomerClass = WEB\n \
         CustomerName = Ada Byron\n MainContact/Attention = Ada Byron\n MainContact/Email = ada@example.com",
    );
    let there = edited(
        customer(),
        &[
            ("/TaxRegistrationID", text("DE1")),
            ("/MainContact/CompanyName", text("Engines Ltd")),
            ("/CustomerName", text("Engines Ltd")),
        ],
    );
    check(
        &settings,
        None,
        &(None, Some(there)),
        "create\nmagento POST /V1/customers\n email = ada@example.com\n extension_attributes/is_subscribed = false\n firstname = Ada\n \
         group_id = 1\n lastname = Byron\n store_id = 1\n website_id = 1",
    );
}
