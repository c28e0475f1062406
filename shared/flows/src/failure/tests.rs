//! Refusals in words: what was refused is said, and nobody is named.

use acumatica::error::FieldError;
use serde_json::{Value, json};

use super::*;

fn put(entity: &'static str, body: Value) -> Put {
    Put { entity, query: Vec::new(), headers: Vec::new(), body }
}

#[test]
fn nobody_is_named_in_what_is_kept() {
    let body = json!({
        "ShipVia": {"value": "UPS"},
        "ShipToAddress": {"AddressLine1": {"value": "1 Secret Street, Springfield"}, "City": {"value": "Springfield"}, "State": {"value": "MI"}},
        "BillToContact": {"Email": {"value": "ada@example.com"}, "Attention": {"value": "Ada Byron"}},
        "Details": [{"InventoryID": {"value": "SHIRT"}, "note": {"value": "For Ada"}, "GiftMessage": {"value": "From: Grace"}}],
        "TaxRegistrationID": {"value": "FR12345678901"},
    });
    let put = put("SalesOrder", body);
    for (text, expected) in [
        ("'Ship Via' UPS cannot be found.", "'Ship Via' UPS cannot be found."),
        ("1 Secret Street, Springfield is not an address.", "… is not an address."),
        ("Ada Byron (ada@example.com) of Springfield, MI", "… (…) of …, MI"),
        ("ADA BYRON of springfield", "… of …"),
        ("Item SHIRT: For Ada", "Item SHIRT: …"),
        ("The field GiftMessage value From: Grace", "The field GiftMessage value …"),
        ("FR12345678901 is not valid.", "… is not valid."),
    ] {
        assert_eq!(without_person(text, Some(&put)), expected);
    }
}

/// A customer that is about to be made, with what its own fields and attributes say of a person.
#[test]
fn a_customers_own_numbers_and_attributes_are_theirs() {
    let customer = put(
        "Customer",
        json!({
            "AccountRef": {"value": "REF-4711"},
            "Attributes": [{"AttributeID": {"value": "BIRTHDAY"}, "Value": {"value": "1990-12-10"}}],
            "CustomerClass": {"value": "WEB"}, "LocationName": {"value": "Byron Hall"}, "PriceClassID": {"value": "GOLD"},
            "TaxExemptionNumber": {"value": "TX-990"},
        }),
    );
    let contact = put(
        "Contact",
        json!({
            "BusinessAccount": {"value": "C000012"}, "ContactClass": {"value": "BUYER"}, "FirstName": {"value": "Ada"},
            "JobTitle": {"value": "Countess"}, "LastName": {"value": "Byron"}, "Phone1": {"value": "555-0100"},
        }),
    );
    for (put, text, expected) in [
        (&customer, "REF-4711 is used", "… is used"),
        (&customer, "BIRTHDAY: 1990-12-10 is no day", "BIRTHDAY: … is no day"),
        (&customer, "Byron Hall, tx-990", "…, …"),
        (&customer, "GOLD is no price class of WEB", "GOLD is no price class of WEB"),
        (&contact, "Ada Byron, Countess, 555-0100, of C000012", "… …, …, …, of C000012"),
        (&contact, "BUYER is no class", "BUYER is no class"),
    ] {
        assert_eq!(without_person(text, Some(put)), expected);
    }
}

/// What was changed of somebody says little of them, so Acumatica's words are left out where they may name them, and the value where it is theirs.
#[test]
fn a_refusal_names_the_field_and_not_the_person() {
    let changed = put(
        "Customer",
        json!({
            "CustomerID": {"value": "C1"}, "CustomerClass": {"value": "WEB"}, "PriceClassID": {"value": "GOLD"},
            "Attributes": [{"AttributeID": {"value": "INDUSTRY"}, "Value": {"value": "FOOD"}}], "AccountRef": {"value": "R-1"},
            "TaxExemptionNumber": {"value": "TX-990"},
        }),
    );
    let location = put(
        "CustomerLocation",
        json!({"Customer": {"value": "C1"}, "LocationID": {"value": "7"}, "LocationName": {"value": "Hall"}, "PriceClass": {"value": "GOLD"}}),
    );
    let contact = put("Contact", json!({"ContactID": {"value": 12}, "LastName": {"value": "Byron"}}));
    let fix = crate::codes::fix("acumatica.rejected.field");
    for (put, path, expected) in [
        (&changed, "PriceClassID", "Acumatica refused PriceClassID `GOLD`: Ada says no.".to_owned()),
        (&changed, "CustomerClass", "Acumatica refused CustomerClass `WEB`: Ada says no.".to_owned()),
        (&changed, "Attributes[0]/AttributeID", "Acumatica refused attribute `INDUSTRY`: Ada says no.".to_owned()),
        (&changed, "Attributes[0]/Value", format!("Acumatica refused Value of attribute `INDUSTRY`. {fix}")),
        (&changed, "AccountRef", format!("Acumatica refused AccountRef. {fix}")),
        (&changed, "TaxExemptionNumber", format!("Acumatica refused TaxExemptionNumber. {fix}")),
        (&changed, "MainContact/Email", format!("Acumatica refused MainContact/Email. {fix}")),
        (&location, "LocationID", "Acumatica refused LocationID `7`: Ada says no.".to_owned()),
        (&location, "PriceClass", "Acumatica refused PriceClass `GOLD`: Ada says no.".to_owned()),
        (&location, "LocationName", format!("Acumatica refused LocationName. {fix}")),
        (&contact, "LastName", format!("Acumatica refused LastName. {fix}")),
        (&contact, "ContactClass", "Acumatica refused ContactClass: Ada says no.".to_owned()),
    ] {
        let error = acumatica::Error {
            class: Class::Rejected,
            code: "acumatica.rejected.field",
            attempted: "save a Customer in Acumatica".to_owned(),
            fields: Box::new([FieldError {
                path: path.to_owned(),
                message: "Ada says no.".to_owned(),
                value: None,
                is_field: true,
            }]),
            quote: String::new(),
            retry_after: None,
            applied: Applied::No,
            source: None,
        };
        assert_eq!(refusal(&error, Some(put)), expected, "{path}");
    }
}

/// Magento names fields in parameters that its sentences need not repeat.
#[test]
fn the_fields_that_magento_refuses_are_named() {
    let sent = json!({"customer": {"firstname": "Ada", "addresses": [{"street": ["1 Mill Lane"]}], "custom_attributes": [
        {"attribute_code": "loyalty_number", "value": "4711-0815"},
    ]}});
    let fix = crate::codes::fix("magento.rejected.field");
    for (fields, quote, expected) in [
        (
            vec!["street", "city"],
            "One or more input exceptions have occurred.",
            "Could not save Magento customer 12, because of `street`, `city`. Magento says: One or more input exceptions have occurred.",
        ),
        (
            vec!["loyalty_number"],
            "The value 4711-0815 of attribute loyalty_number of Ada is wrong.",
            "Could not save Magento customer 12, because of `loyalty_number`. Magento says: The value … of attribute loyalty_number of … is \
             wrong.",
        ),
        (vec!["dob"], "", &format!("Could not save Magento customer 12, because of `dob`. {fix}")),
        (vec![], "No.", "Could not save Magento customer 12. Magento says: No."),
    ] {
        let error = magento::Error {
            class: Class::Rejected,
            code: "magento.rejected.field",
            attempted: "save Magento customer 12".to_owned(),
            fields: fields.into_iter().map(str::to_owned).collect(),
            quote: quote.to_owned(),
            retry_after: None,
            applied: magento::error::Applied::No,
            source: None,
        };
        assert_eq!(magentos(&error, Some(&sent), None).finding.message, expected);
    }
}
