//! Every row of the error table, and what errors may and may not say.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::time::Duration;

use acumatica::error::Applied::{self, No, Unknown};
use acumatica::error::table::CODES;
use acumatica::{Error, Put};
use seams::http::{Failure, Response};
use serde_json::{Value, json};

use super::Worker;
use super::script::answer;

type Answer = Result<Response, Failure>;

const PAGE: &str = "<!DOCTYPE html><html><body>The service is unavailable.</body></html>";

fn order() -> Put {
    let body =
        json!({"ExternalRef": {"value": "ab12cd34-12"}, "ShipToContact": {"Email": {"value": "ann@example.com"}}});
    Put { entity: "SalesOrder", query: vec![], headers: vec![], body }
}

async fn write(row: Answer) -> Error {
    let rows = if matches!(&row, Ok(answer) if answer.status() == 401) {
        vec![row.clone(), super::grant("planted-access-2", None), row]
    } else {
        vec![row]
    };
    Worker::signed_in(rows).client.put(&order()).await.unwrap_err()
}

async fn read(row: Answer) -> Option<Error> {
    Worker::signed_in([row]).client.by_key("SalesOrder", &["SO", "12"], &[]).await.err()
}

/// An error object as the business logic returns it.
fn thrown(kind: &str, message: &str) -> Answer {
    let body = json!({"message": "An error has occurred.", "exceptionMessage": message, "exceptionType": kind, "stackTrace": "at PX.planted"});
    answer(500, &body.to_string())
}

/// A refused record with one error at a path such as `Details[1]/InventoryID`.
fn refused(path: &str, message: &str) -> Answer {
    let mut inner = json!({"value": "X1", "error": message});
    for part in path.rsplit('/') {
        let (name, list) = part.split_once('[').map_or((part, false), |(name, _)| (name, true));
        inner = if list { json!({name: [{"id": "1"}, inner]}) } else { json!({name: inner}) };
    }
    inner["error"] = "Inserting  'Sales Order' record raised at least one error. Please review the errors.".into();
    answer(422, &inner.to_string())
}

/// Transport failures and statuses: the answer, and code and certainty for a write and for a read.
#[tokio::test]
async fn statuses_and_failures() {
    let message = |status, text: &str| answer(status, &json!({ "message": text }).to_string());
    let bad = r#"{"message":"The request is invalid.","modelState":{"":["The request body should not be empty."]}}"#;
    let cases: Vec<(Answer, (&str, Applied), &str)> = vec![
        (Err(Failure::Unsent("refused".into())), ("not_ready.unreachable", No), "not_ready.unreachable"),
        (Err(Failure::Interrupted("reset".into())), ("ambiguous.no_answer", Unknown), "not_ready.interrupted"),
        (Err(Failure::TimedOut(Duration::from_secs(60))), ("ambiguous.no_answer", Unknown), "not_ready.time_out"),
        (answer(200, PAGE), ("ambiguous.no_answer", Unknown), "bug.undecodable"),
        (answer(200, "{\"id\":"), ("ambiguous.no_answer", Unknown), "bug.undecodable"),
        (answer(302, ""), ("rejected.endpoint", No), "rejected.endpoint"),
        (answer(400, bad), ("bug.request", No), "bug.request"),
        (answer(402, ""), ("rejected.other", No), "rejected.other"),
        (answer(403, PAGE), ("rejected.permission", No), "rejected.permission"),
        (message(404, "Entity X not found"), ("rejected.endpoint", No), "rejected.endpoint"),
        (answer(406, ""), ("bug.request", No), "bug.request"),
        (answer(408, ""), ("ambiguous.no_answer", Unknown), "not_ready.time_out"),
        (answer(412, ""), ("rejected.precondition", No), "rejected.precondition"),
        (answer(422, ""), ("rejected.other", No), "rejected.other"),
        (
            answer(429, "The custom error module does not recognize this error."),
            ("throttled.licence", No),
            "throttled.licence",
        ),
        (answer(429, "ApiLoginLimitReached"), ("not_ready.login_limit", No), "not_ready.login_limit"),
        (
            answer(500, "<html><title>API Login Limit</title></html>"),
            ("not_ready.login_limit", No),
            "not_ready.login_limit",
        ),
        (
            answer(200, "<html><title>API Login Limit</title></html>"),
            ("not_ready.login_limit", No),
            "not_ready.login_limit",
        ),
        (answer(500, PAGE), ("ambiguous.no_answer", Unknown), "transient.server_error"),
        (message(500, "An error has occurred."), ("ambiguous.no_answer", Unknown), "transient.server_error"),
        (answer(502, PAGE), ("ambiguous.no_answer", Unknown), "not_ready.gateway"),
        (answer(503, PAGE), ("not_ready.maintenance", Unknown), "not_ready.maintenance"),
        (answer(503, ""), ("ambiguous.no_answer", Unknown), "not_ready.maintenance"),
        (answer(504, ""), ("ambiguous.no_answer", Unknown), "not_ready.gateway"),
        (
            thrown("PX.Api.ContractBased.OptimizedExport.CannotOptimizeException", "Optimization cannot be performed."),
            ("bug.request", No),
            "bug.request",
        ),
        (
            thrown(
                "PX.Data.PXException",
                "Another process has updated the 'SOOrder' record. Your changes will be lost.",
            ),
            ("transient.busy", No),
            "transient.busy",
        ),
        // A full disk, as the .NET class library names it: the type decides, whatever the text.
        (
            thrown("System.IO.IOException", "something new"),
            ("not_ready.infrastructure", Unknown),
            "not_ready.infrastructure",
        ),
        (
            thrown("System.OutOfMemoryException", "something new"),
            ("not_ready.infrastructure", Unknown),
            "not_ready.infrastructure",
        ),
    ];
    for (row, (code, applied), read_code) in cases {
        let shown = format!("{row:?}");
        let error = write(row.clone()).await;
        assert_eq!((error.code, error.applied), (format!("acumatica.{code}").as_str(), applied), "{shown}");
        assert_eq!(error.code.split('.').nth(1), Some(error.class.as_str()), "{shown}");
        assert_eq!(error.to_string(), format!("save SalesOrder ab12cd34-12: acumatica.{code}"));
        let error = read(row).await.unwrap();
        assert_eq!((error.code, error.applied), (format!("acumatica.{read_code}").as_str(), No), "{shown}");
        assert_eq!(error.to_string(), format!("read SalesOrder SO/12: acumatica.{read_code}"));
    }
    assert_eq!(write(answer(401, "")).await.code, "acumatica.rejected.credentials");
}

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

/// Whatever a look-up's refusal repeats of what was looked for is hidden, in whichever case.
#[tokio::test]
async fn what_was_looked_for_is_not_repeated() {
    let filter = acumatica::filter::Filter::eq("CustomerName", "Ada Byron")
        .and(acumatica::filter::Filter::eq("MainContact/Address/AddressLine1", "1 Secret Street"));
    let query = acumatica::client::Query::filtered(filter, 2);
    let text = "Value ADA BYRON of 1 secret street (Ada Byron) is wrong.";
    let refusal = json!({"CustomerName": {"value": "Ada Byron", "error": text}}).to_string();
    for row in [thrown("PX.Data.PXException", text), answer(422, &refusal)] {
        let error = Worker::signed_in([row]).client.list("Customer", &query).await.unwrap_err();
        assert_eq!(error.quote, "Value … of … (…) is wrong.");
        let hidden =
            |field: &acumatica::error::FieldError| field.message == error.quote && field.value.as_deref() == Some("…");
        assert!(error.fields.iter().all(hidden), "{:?}", error.fields);
    }
}

#[tokio::test]
async fn a_missing_key_is_no_error() {
    let missing =
        thrown("PX.Api.ContractBased.NoEntitySatisfiesTheConditionException", "No entity satisfies the condition.");
    assert!(read(missing).await.is_none());
}

#[tokio::test]
async fn a_list_that_is_none_is_a_bug() {
    let worker = Worker::signed_in([answer(200, "{}")]);
    let error = worker.client.list("Customer", &acumatica::client::Query::default()).await.unwrap_err();
    assert_eq!((error.code, error.quote.as_str()), ("acumatica.bug.undecodable", "unexpected JSON at .: not a list"));
}

#[tokio::test]
async fn the_wish_to_wait_is_passed_on_in_seconds() {
    let mut throttled = answer(429, "").unwrap();
    throttled.headers_mut().insert("retry-after", "7".parse().unwrap());
    assert_eq!(write(Ok(throttled)).await.retry_after, Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn errors_tell_neither_secrets_nor_addresses_nor_bodies() {
    let filter = acumatica::filter::Filter::eq("MainContact/Email", "ann@example.com");
    let query = acumatica::client::Query::filtered(filter, 2);
    let refusal = json!({"Email": {"value": "bob@example.com", "error": "'bob@example.com' is taken"}}).to_string();
    for row in [
        answer(422, &refusal),
        thrown("PX.Data.PXException", "bob@example.com is taken"),
        answer(500, "bob@example.com"),
        answer(200, r#"[{"Email":"bob@example.com"},"#),
        Err(Failure::TimedOut(Duration::from_secs(60))),
    ] {
        let worker = Worker::signed_in([row]);
        let error = worker.client.list("Customer", &query).await.unwrap_err();
        assert_eq!(error.attempted, "find Customer by MainContact/Email");
        let mut text = format!("{error} {error:?} {query:?} {:?}", worker.client);
        let mut cause = error.source();
        while let Some(below) = cause {
            text.push_str(&below.to_string());
            cause = below.source();
        }
        for secret in ["planted", "ann@", "bob@"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[test]
fn each_code_is_listed_once_with_its_class_and_has_a_row() {
    let names: BTreeSet<&str> = CODES.iter().map(|(code, _)| *code).collect();
    assert_eq!(names.len(), CODES.len());
    assert!(CODES.iter().all(|(code, class)| code.split('.').nth(1) == Some(class.as_str())));
    // Every code stands in one of this crate's tables of expectations.
    let tests = concat!(include_str!("errors.rs"), include_str!("token.rs"));
    for code in names {
        let name = code.rsplit('.').next().unwrap();
        assert!(tests.contains(&format!(".{name}\"")) || tests.contains(&format!("\"{name}\"")), "{code} has no row");
    }
}

#[test]
fn records_decode_with_the_path_of_what_does_not_fit() {
    #[derive(Debug, serde::Deserialize)]
    struct Record {
        #[expect(dead_code, reason = "only its presence matters")]
        lines: Vec<u8>,
    }
    let decode =
        |record: Value| acumatica::error::decode::<Record>(record).map(|_| ()).map_err(|cause| cause.to_string());
    assert_eq!(decode(json!({"lines": [1]})), Ok(()));
    assert_eq!(
        decode(json!({"lines": [1, "ann"]})),
        Err("unexpected JSON at lines[1]: wrong type or value".to_owned())
    );
    assert_eq!(decode(json!({})), Err("unexpected JSON at .: missing field `lines`".to_owned()));
}
