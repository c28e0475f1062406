//! What a refusal of the business logic means: by field, by part of the document, and by the texts that are known.

use acumatica::error::Applied::No;
use serde_json::{Value, json};

use super::errors::{refused, thrown, write};
use super::script::answer;

const NOT_FOUND: &str = "Error: 'It' cannot be found in the system.";

/// What a refusal of one field, or of the whole record, means.
const REFUSALS: &[(&str, &str, &str)] = &[
    ("Details[1]/InventoryID", NOT_FOUND, "item_not_found"),
    (
        "Details[1]/InventoryID",
        "The specified inventory ID or alternate ID \"X1\" cannot be found in the system.",
        "item_not_found",
    ),
    ("Details[1]/InventoryID", "The inventory item is Inactive.", "item_inactive"),
    ("Details[1]/InventoryID", "The inventory item is a template item.", "item_not_usable"),
    ("Details[1]/InventoryID", "The inventory item is not a stock item.", "item_not_usable"),
    ("Details[1]/InventoryID", "something new, such as that two items share the alternate ID", "item_not_usable"),
    ("Details[1]/UOM", NOT_FOUND, "uom"),
    ("Details[1]/OrderQty", "Unit conversion BOX is missing.", "uom"),
    ("Details[1]/POSource", "something new", "drop_ship"),
    ("Details[1]/VendorID", NOT_FOUND, "drop_ship"),
    ("Details[1]/TaxCategory", NOT_FOUND, "tax_category_not_found"),
    ("ShippingSettings/FreightTaxCategory", NOT_FOUND, "tax_category_not_found"),
    ("ShippingSettings/ShippingTerms", NOT_FOUND, "shipping_terms_not_found"),
    ("CustomerClass", NOT_FOUND, "customer_class_not_found"),
    ("CustomerClass", "something new, such as that it is inactive", "customer_class_not_usable"),
    ("PriceClassID", NOT_FOUND, "price_class_not_found"),
    ("PriceClass", NOT_FOUND, "price_class_not_found"),
    ("PriceClassID", "something new", "field"),
    ("CustomerName", "'Account Name' cannot be empty.", "name_missing"),
    ("LastName", "Error: 'Last Name' cannot be empty.", "name_missing"),
    ("PrimaryContact/LastName", "'Last Name' cannot be empty.", "name_missing"),
    ("CustomerName", "something new", "field"),
    ("MainContact/Email", "something new", "email"),
    ("BillingContact/Email", "something new", "email"),
    ("LocationContact/Email", "something new", "email"),
    ("Email", "something new", "email"),
    ("Attributes[1]/AttributeID", NOT_FOUND, "attribute_not_found"),
    ("Attributes[1]/AttributeID", "something new", "attribute_value"),
    ("Attributes[1]/Value", NOT_FOUND, "attribute_value"),
    ("Attributes[1]/Value", "'Colour' cannot be empty.", "attribute_value"),
    ("BillingContact/Address/Country", NOT_FOUND, "address"),
    ("ShippingContact/Address/State", NOT_FOUND, "address"),
    ("LocationContact/Address/PostalCode", "something new", "address"),
    ("Terms", NOT_FOUND, "terms_not_found"),
    ("CurrencyID", "something new", "currency"),
    ("Payments[1]/Currency", "something new", "currency"),
    ("ShipToAddress/State", NOT_FOUND, "address"),
    ("BillToAddress/PostalCode", "something new", "address"),
    ("ShipToContact/Email", "something new", "address"),
    ("MainContact/Address/Country", NOT_FOUND, "address"),
    ("Details[1]/OrderQty", "something new", "field"),
    (
        "CustomerID",
        "'Customer' cannot be found in the system. Please verify whether you have proper access rights to this object.",
        "customer_not_found",
    ),
    ("CustomerID", "The customer status is 'Credit Hold'.", "customer_on_hold"),
    ("CustomerID", "The customer status is 'On Hold'.", "customer_on_hold"),
    ("CustomerID", "The customer status is 'Inactive'.", "customer_inactive"),
    ("ShipVia", NOT_FOUND, "ship_via_not_found"),
    ("ShippingSettings/ShipVia", NOT_FOUND, "ship_via_not_found"),
    (
        "ShipVia",
        "The ship via code selected in the sales order is not applicable to the warehouses selected in sales order lines.",
        "ship_via_not_applicable",
    ),
    ("Payments[1]/PaymentMethod", NOT_FOUND, "payment_method_not_found"),
    ("Payments[1]/CashAccount", NOT_FOUND, "cash_account_not_found"),
    ("Payments[1]/ProcessingCenterID", NOT_FOUND, "processing_center_not_found"),
    ("Payments[1]/CashAccount", "something new, such as that the method does not allow it", "payment"),
    ("Payments[1]/PaymentRef", "'Payment Ref.' cannot be empty.", "payment"),
    (
        "Payments[1]/PaymentAmount",
        "The payment amount should be less than or equal to the order unpaid amount (10.00).",
        "payment_exceeds_order",
    ),
    ("Payments[1]/AppliedToOrder", "The applied amount cannot exceed the unbilled balance.", "payment_exceeds_order"),
    ("FinancialSettings/CustomerTaxZone", NOT_FOUND, "tax_zone_not_found"),
    ("TaxZone", NOT_FOUND, "tax_zone_not_found"),
    ("TaxDetails[1]/TaxID", NOT_FOUND, "tax_not_found"),
    ("TaxDetails[1]/TaxID", "something new", "tax_not_applicable"),
    ("TaxDetails[1]/TaxAmount", "something new", "tax_not_applicable"),
    ("FinancialSettings/Terms", NOT_FOUND, "terms_not_found"),
    ("Details[1]/WarehouseID", NOT_FOUND, "warehouse_not_found"),
    ("PreferredWarehouseID", NOT_FOUND, "warehouse_not_found"),
    ("Branch", NOT_FOUND, "branch_not_found"),
    ("OrderType", "Order Type is inactive.", "order_type_inactive"),
    ("OrderType", NOT_FOUND, "order_type_not_found"),
    ("CustomerOrder", "The customer order number cannot be empty.", "customer_order_required"),
    ("OrderNbr", "Cannot generate the next number for the SOORDER sequence.", "numbering"),
    ("OrderNbr", "Numbering ID is null.", "numbering"),
    (
        "CustomerOrder",
        "The same customer order number is used in the SO1 sales order. Specify another customer order number.",
        "duplicate_customer_order",
    ),
    ("ControlTotal", "whatever it says", "control_total"),
    (
        "FinancialSettings/PostPeriod",
        "Error: The 08-2026 financial period is inactive in the X company.",
        "period_closed",
    ),
    ("Date", "Error: The 08-2026 financial period is inactive in the X company.", "period_closed"),
    ("Description", "something new", "field"),
];

#[tokio::test]
async fn refused_fields_at_any_depth() {
    for (path, message, code) in REFUSALS {
        let error = write(refused(path, message)).await;
        assert_eq!(
            (error.code, error.applied),
            (format!("acumatica.rejected.{code}").as_str(), No),
            "{path} {message}"
        );
        let sentence = message.strip_prefix("Error: ").unwrap_or(message);
        assert_eq!(error.quote, sentence, "{path}");
        assert_eq!(error.fields.len(), 1, "the umbrella sentence is left out: {:?}", error.fields);
        let field = &error.fields[0];
        assert_eq!(
            (field.path.as_str(), field.message.as_str(), field.value.as_deref()),
            (*path, sentence, Some("X1"))
        );
    }
}

/// Error objects: type, message, code after `rejected.`.
const THROWN: &[(&str, &str, &str)] = &[
    ("PX.Data.PXException", "The customer's credit limit has been exceeded.", "credit_limit"),
    ("PX.Data.PXException", "The customer's Days Past Due number of days has been exceeded!", "credit_limit"),
    ("PX.Data.PXException", "Document status is 'On Credit Hold'.", "credit_limit"),
    ("PX.Data.PXSetPropertyException", "Error: 'Customer' cannot be found in the system.", "customer_not_found"),
    ("PX.Data.PXSetPropertyException", "Ship Via 'UPS ' cannot be found in the system.", "ship_via_not_found"),
    ("PX.Data.PXSetPropertyException", "'Payment Method' cannot be found in the system.", "payment_method_not_found"),
    ("PX.Data.PXSetPropertyException", "'Warehouse' cannot be found in the system.", "warehouse_not_found"),
    ("PX.Data.PXSetPropertyException", "'Customer Class' cannot be found in the system.", "other"),
    (
        "PX.Data.PXException",
        "An error occurred during processing of the field Branch value X1 Error: 'Branch' cannot be found in the system.",
        "branch_not_found",
    ),
    ("PX.Data.PXSetupNotEnteredException`1[[X]]", "The setup is missing.", "setup"),
    ("PX.Data.PXException", "The required configuration data is not entered on the X form.", "setup"),
    ("PX.Data.PXException", "something new", "other"),
    (
        "PX.Api.ContractBased.NoEntitySatisfiesTheConditionException",
        "No entity satisfies the condition.",
        "record_not_found",
    ),
];

#[tokio::test]
async fn error_objects() {
    for (kind, message, code) in THROWN {
        let error = write(thrown(kind, message)).await;
        assert_eq!((error.code, error.applied), (format!("acumatica.rejected.{code}").as_str(), No), "{message}");
        assert_eq!(error.quote, message.strip_prefix("Error: ").unwrap_or(message));
    }
}

#[tokio::test]
async fn inner_errors_and_records_inside_error_objects_are_found() {
    let nested = json!({
        "message": "An error has occurred.", "exceptionType": "PX.Data.PXOuterException",
        "exceptionMessage": "Inserting  'Sales Order' record raised at least one error. Please review the errors.",
        "innerException": {"exceptionType": "PX.Data.PXException", "exceptionMessage": "Order Type is inactive."},
    });
    let error = write(answer(500, &nested.to_string())).await;
    assert_eq!(
        (error.code, error.quote.as_str()),
        ("acumatica.rejected.order_type_inactive", "Order Type is inactive.")
    );

    let older = json!({
        "message": "An error has occurred.", "exceptionType": "PX.Api.ContractBased.OutcomeEntityHasErrorsException",
        "exceptionMessage": "The outcome entity has errors.", "outcome": {"ShipVia": {"value": "UPS", "error": NOT_FOUND}},
    });
    let error = write(answer(500, &older.to_string())).await;
    assert_eq!(error.code, "acumatica.rejected.ship_via_not_found");
    assert_eq!((error.fields[0].path.as_str(), error.fields[0].value.as_deref()), ("outcome/ShipVia", Some("UPS")));
}

/// The inner exception lists the fields, one a line (recorded 2023).
#[tokio::test]
async fn fields_listed_in_an_error_object_are_found() {
    for (listed, code, path, message) in [
        (
            "ShipVia: 'Ship Via' cannot be found in the system.",
            "ship_via_not_found",
            "ShipVia",
            NOT_FOUND.replace("It", "Ship Via"),
        ),
        (
            "Description: too long\r\nControlTotal: something new",
            "control_total",
            "ControlTotal",
            "something new".to_owned(),
        ),
        ("PostalCode: something new", "address", "PostalCode", "something new".to_owned()),
        ("TaxID: something new", "tax_not_applicable", "TaxID", "something new".to_owned()),
        (
            "PaymentRef: Error: 'Payment Ref.' cannot be empty.",
            "payment",
            "PaymentRef",
            "'Payment Ref.' cannot be empty.".to_owned(),
        ),
        ("Description: too long", "field", "Description", "too long".to_owned()),
    ] {
        let body = json!({
            "message": "An error has occurred.", "exceptionType": "PX.Api.ContractBased.OutcomeEntityHasErrorsException",
            "exceptionMessage": "Inserting  'Sales Order' record raised at least one error. Please review the errors.",
            "innerException": {"exceptionType": "PX.Data.PXOuterException", "exceptionMessage": listed},
        });
        let error = write(answer(500, &body.to_string())).await;
        assert_eq!((error.code, error.applied), (format!("acumatica.rejected.{code}").as_str(), No), "{listed}");
        let expected = message.strip_prefix("Error: ").unwrap_or(&message);
        assert_eq!((error.fields[0].path.as_str(), error.fields[0].message.as_str()), (path, expected), "{listed}");
    }
    // No list of fields: a sentence with a colon, and one of another exception.
    let sentence = thrown("PX.Data.PXOuterException", "Error: The order is wrong: look at it.");
    assert_eq!(write(sentence).await.fields.len(), 0);
    assert_eq!(write(thrown("PX.Data.PXException", "ShipVia: something new")).await.code, "acumatica.rejected.other");
}

/// Abbreviated from a test of the vendor's C# client; the wrapper without a value and the doubled space are real.
#[tokio::test]
async fn a_recorded_refusal() {
    let body = r#"{"id":"b6410d82","rowNumber":1,"error":"Inserting  'AP Transactions' record raised at least one error. Please review the errors.",
        "Details":[{"id":"b8410d82","rowNumber":1,"InventoryID":{},"Project":{"value":"TES2323T","error":"Project 'TES2323T  ' cannot be found in the system."}}],
        "ReferenceNbr":{"value":"<NEW>"}}"#;
    let error = write(answer(422, body)).await;
    assert_eq!(error.code, "acumatica.rejected.field");
    assert_eq!(error.quote, "Project 'TES2323T ' cannot be found in the system.");
    assert_eq!(
        (error.fields[0].path.as_str(), error.fields[0].value.as_deref()),
        ("Details[0]/Project", Some("TES2323T"))
    );
}

#[tokio::test]
async fn the_field_that_decides_comes_first_and_a_record_of_its_own_counts_less() {
    let body = json!({
        "error": "The document is wrong.",
        "Description": {"value": "x", "error": "too long"},
        "Details": [{"error": "The line is wrong.", "InventoryID": {"value": "SKU-9", "error": NOT_FOUND}}],
    });
    let error = write(answer(422, &body.to_string())).await;
    assert_eq!((error.code, error.fields.len()), ("acumatica.rejected.item_not_found", 4));
    assert_eq!(
        (error.fields[0].path.as_str(), error.fields[0].value.as_deref()),
        ("Details[0]/InventoryID", Some("SKU-9"))
    );
    let error = write(answer(422, &json!({"error": "The document is wrong."}).to_string())).await;
    assert_eq!((error.code, error.quote.as_str()), ("acumatica.rejected.other", "The document is wrong."));
}

/// A payment and its order are saved together or not at all; an error of the payment as a whole names its row alone.
#[tokio::test]
async fn a_part_of_the_document_decides_where_no_field_does() {
    let rows = |name: &str, rest: Value| {
        let mut body =
            json!({"error": "Inserting  'Sales Order' record raised at least one error. Please review the errors."});
        body[name] = json!([{"id": "1"}, {"id": "2", "error": "something new"}]);
        body.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        body
    };
    for (body, code, path) in [
        (rows("Payments", json!({})), "payment", "Payments[1]"),
        (rows("TaxDetails", json!({})), "tax_not_applicable", "TaxDetails[1]"),
        (rows("Details", json!({})), "other", "Details[1]"),
        // What names its cause comes before what only names its place.
        (rows("Payments", json!({"ShipVia": {"value": "UPS", "error": NOT_FOUND}})), "ship_via_not_found", "ShipVia"),
        (rows("Payments", json!({"Note": {"value": "x", "error": "too long"}})), "payment", "Payments[1]"),
    ] {
        let error = write(answer(422, &body.to_string())).await;
        assert_eq!(error.code, format!("acumatica.rejected.{code}"), "{body}");
        assert_eq!(error.fields[0].path, path, "{body}");
    }
}
