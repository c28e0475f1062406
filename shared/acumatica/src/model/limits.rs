//! How long the strings we send may be. Source: database column lengths of endpoint Default/24.200.001's entities, where stated;
//! checked against the fixture of entity facts. Where none is stated, the echo of a write is compared instead.

use serde_json::Value;

/// Entity, field, most characters.
pub const LIMITS: &[(&str, &str, usize)] = &[
    ("Contact", "CompanyName", 255),
    ("Contact", "Email", 255),
    ("Contact", "Phone1", 50),
    ("Customer", "CurrencyID", 5),
    ("Customer", "CustomerClass", 10),
    ("Customer", "CustomerID", 30),
    ("Customer", "CustomerName", 255),
    ("Customer", "TaxRegistrationID", 50),
    ("FinancialSettings", "CustomerTaxZone", 10),
    ("FinancialSettings", "Terms", 10),
    ("Payment", "Description", 512),
    ("Payment", "PaymentMethod", 10),
    ("Payment", "PaymentRef", 40),
    ("Payment", "ProcessingCenterID", 10),
    ("PaymentOrderDetail", "OrderNbr", 15),
    ("PaymentOrderDetail", "OrderType", 2),
    ("SalesOrder", "CurrencyID", 5),
    ("SalesOrder", "CustomerOrder", 40),
    ("SalesOrder", "Description", 256),
    ("SalesOrder", "ExternalRef", 40),
    ("SalesOrder", "OrderNbr", 15),
    ("SalesOrder", "OrderType", 2),
    ("SalesOrder", "ShipVia", 15),
    ("SalesOrderDetail", "AlternateID", 50),
    ("SalesOrderDetail", "LineDescription", 256),
    ("SalesOrderDetail", "TaxCategory", 15),
    ("SalesOrderDetail", "UOM", 6),
    ("SalesOrderPayment", "Description", 256),
    ("SalesOrderPayment", "PaymentMethod", 10),
    ("SalesOrderPayment", "PaymentRef", 40),
    ("SalesOrderPayment", "ProcessingCenterID", 10),
    ("ShippingSettings", "FreightTaxCategory", 15),
    ("ShippingSettings", "ShipVia", 15),
    ("ShippingSettings", "ShippingTerms", 10),
    ("StockItem", "InventoryID", 30),
    ("TaxDetail", "TaxID", 60),
];

/// Which entity stands behind a linked field or a detail list.
pub const LINKS: &[(&str, &str, &str)] = &[
    ("Contact", "Address", "Address"),
    ("Customer", "MainContact", "Contact"),
    ("Payment", "CreditCardTransactionInfo", "CreditCardTransactionDetail"),
    ("Payment", "OrdersToApply", "PaymentOrderDetail"),
    ("SalesOrder", "BillToAddress", "Address"),
    ("SalesOrder", "BillToContact", "DocContact"),
    ("SalesOrder", "Details", "SalesOrderDetail"),
    ("SalesOrder", "FinancialSettings", "FinancialSettings"),
    ("SalesOrder", "Payments", "SalesOrderPayment"),
    ("SalesOrder", "ShipToAddress", "Address"),
    ("SalesOrder", "ShipToContact", "DocContact"),
    ("SalesOrder", "ShippingSettings", "ShippingSettings"),
    ("SalesOrder", "TaxDetails", "TaxDetail"),
    ("SalesOrder", "Totals", "Totals"),
];

/// A string that is longer than its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// Where: `Details[3]/InventoryID`.
    pub path: String,
    /// How long it is, in characters.
    pub length: usize,
    /// How long it may be.
    pub limit: usize,
}

/// The first string of `body` that is longer than its field of `entity` holds.
#[must_use]
pub fn too_long(entity: &str, body: &Value) -> Option<TooLong> {
    walk(entity, body, "")
}

fn walk(entity: &str, body: &Value, at: &str) -> Option<TooLong> {
    body.as_object()?.iter().find_map(|(field, value)| {
        let path = if at.is_empty() { field.clone() } else { format!("{at}/{field}") };
        if let Some((_, _, linked)) = LINKS.iter().find(|(of, name, _)| *of == entity && name == field) {
            return match value {
                Value::Array(rows) => {
                    rows.iter().enumerate().find_map(|(n, row)| walk(linked, row, &format!("{path}[{n}]")))
                }
                linked_entity => walk(linked, linked_entity, &path),
            };
        }
        if (entity, field.as_str()) == ("SalesOrderDetail", "InventoryID") && body.get("AlternateID").is_some() {
            // It repeats the alternate ID, by which the item is found.
            return None;
        }
        let text = value.get("value")?.as_str()?;
        let limit = limit(entity, field)?;
        let length = text.chars().count();
        (length > limit).then_some(TooLong { path, length, limit })
    })
}

/// The limit of a field. A line's item is limited as the item itself is, and a document's contact as the contact that it starts as a copy of.
#[must_use]
pub fn limit(entity: &str, field: &str) -> Option<usize> {
    let entity = match (entity, field) {
        ("SalesOrderDetail", "InventoryID") => "StockItem",
        ("DocContact", "Email" | "Phone1") => "Contact",
        (entity, _) => entity,
    };
    LIMITS.iter().find(|(of, name, _)| *of == entity && *name == field).map(|(_, _, limit)| *limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_string_beyond_its_field_is_named() {
        let long = "x".repeat(31);
        for (entity, body, expected) in [
            ("SalesOrder", json!({"OrderNbr": {"value": "1".repeat(15)}}), None),
            ("SalesOrder", json!({"OrderNbr": {"value": "1".repeat(16)}}), Some(("OrderNbr", 16, 15))),
            (
                "SalesOrder",
                json!({"Details": [{"InventoryID": {"value": "A"}}, {"InventoryID": {"value": long}}]}),
                Some(("Details[1]/InventoryID", 31, 30)),
            ),
            (
                "SalesOrder",
                json!({"Details": [{"AlternateID": {"value": "5".repeat(50)}, "InventoryID": {"value": long}}]}),
                None,
            ),
            (
                "SalesOrder",
                json!({"Details": [{"AlternateID": {"value": "5".repeat(51)}, "InventoryID": {"value": long}}]}),
                Some(("Details[0]/AlternateID", 51, 50)),
            ),
            (
                "Customer",
                json!({"MainContact": {"Phone1": {"value": "5".repeat(51)}}}),
                Some(("MainContact/Phone1", 51, 50)),
            ),
            (
                "SalesOrder",
                json!({"ShipToContact": {"Attention": {"value": "5".repeat(300)}, "Phone1": {"value": "5".repeat(51)}}}),
                Some(("ShipToContact/Phone1", 51, 50)),
            ),
            ("SalesOrder", json!({"ShipVia": {"value": "é".repeat(15)}}), None),
        ] {
            let found = too_long(entity, &body);
            let found = found.as_ref().map(|found| (found.path.as_str(), found.length, found.limit));
            assert_eq!(found, expected, "{body}");
        }
    }
}
