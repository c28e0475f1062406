//! How long the strings we send may be. Source: database column lengths of endpoint Default/24.200.001's entities, where stated;
//! checked against the fixture of entity facts. Where none is stated, the echo of a write is compared instead.

use serde_json::Value;

/// Entity, field, most characters.
pub const LIMITS: &[(&str, &str, usize)] = &[
    ("AttributeDefinition", "AttributeID", 10),
    ("Contact", "CompanyName", 255),
    ("Contact", "Email", 255),
    ("Contact", "ExtRefNbr", 40),
    ("Contact", "Fax", 50),
    ("Contact", "FirstName", 50),
    ("Contact", "JobTitle", 255),
    ("Contact", "LastName", 100),
    ("Contact", "Phone1", 50),
    ("Contact", "Phone2", 50),
    ("Customer", "AccountRef", 50),
    ("Customer", "CurrencyID", 5),
    ("Customer", "CustomerClass", 10),
    ("Customer", "CustomerID", 30),
    ("Customer", "CustomerName", 255),
    ("Customer", "PriceClassID", 10),
    ("Customer", "ShipVia", 15),
    ("Customer", "TaxExemptionNumber", 30),
    ("Customer", "TaxRegistrationID", 50),
    ("Customer", "TaxZone", 10),
    ("Customer", "Terms", 10),
    ("CustomerLocation", "LocationID", 30),
    ("CustomerLocation", "LocationName", 60),
    ("CustomerLocation", "PriceClass", 10),
    ("CustomerLocation", "ShipVia", 15),
    ("CustomerLocation", "TaxExemptionNbr", 30),
    ("CustomerLocation", "TaxRegistrationID", 50),
    ("CustomerLocation", "TaxZone", 10),
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
    ("Contact", "Attributes", "AttributeValue"),
    ("Customer", "Attributes", "AttributeValue"),
    ("Customer", "BillingContact", "Contact"),
    ("Customer", "Contacts", "CustomerContact"),
    ("Customer", "MainContact", "Contact"),
    ("Customer", "PrimaryContact", "Contact"),
    ("Customer", "ShippingContact", "Contact"),
    ("CustomerContact", "Contact", "Contact"),
    ("CustomerLocation", "LocationContact", "Contact"),
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

impl TooLong {
    /// The same string, named from a level above.
    fn below(self, name: &str) -> Self {
        Self { path: format!("{name}/{}", self.path), ..self }
    }
}

/// The first string of `body` that is longer than its field of `entity` holds.
#[must_use]
pub fn too_long(entity: &str, body: &Value) -> Option<TooLong> {
    let members = body.as_object()?;
    let by_alternate = entity == "SalesOrderDetail" && members.contains_key("AlternateID");
    members.iter().find_map(|(field, value)| match value {
        Value::Array(rows) => {
            let linked = linked(entity, field)?;
            rows.iter().enumerate().find_map(|(n, row)| Some(too_long(linked, row)?.below(&format!("{field}[{n}]"))))
        }
        Value::Object(wrapper) => match wrapper.get("value") {
            // It repeats the alternate ID, by which the item is found.
            Some(Value::String(_)) if by_alternate && field == "InventoryID" => None,
            Some(Value::String(text)) => text_too_long(entity, field, text),
            Some(_) => None,
            None => Some(too_long(linked(entity, field)?, value)?.below(field)),
        },
        _ => None,
    })
}

fn text_too_long(entity: &str, field: &str, text: &str) -> Option<TooLong> {
    // A text has at least as many bytes as characters.
    let limit = limit(entity, field).filter(|limit| text.len() > *limit)?;
    let length = text.chars().count();
    (length > limit).then(|| TooLong { path: field.to_owned(), length, limit })
}

/// The entity behind a linked field or a detail list.
fn linked(entity: &str, field: &str) -> Option<&'static str> {
    LINKS.iter().find(|(of, name, _)| *of == entity && *name == field).map(|(_, _, linked)| *linked)
}

/// The limit of a field. A line's item is limited as the item itself is, a document's contact as the contact that it starts
/// as a copy of, and an attribute as it is where it is defined.
#[must_use]
pub fn limit(entity: &str, field: &str) -> Option<usize> {
    let entity = match (entity, field) {
        ("SalesOrderDetail", "InventoryID") => "StockItem",
        ("DocContact", "Email" | "Phone1") => "Contact",
        ("AttributeValue", "AttributeID") => "AttributeDefinition",
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
            (
                "Customer",
                json!({"BillingContact": {"Address": {"City": {"value": "5".repeat(300)}}, "LastName": {"value": "é".repeat(101)}}}),
                Some(("BillingContact/LastName", 101, 100)),
            ),
            (
                "Customer",
                json!({"Contacts": [{"Contact": {"FirstName": {"value": "5".repeat(51)}}}]}),
                Some(("Contacts[0]/Contact/FirstName", 51, 50)),
            ),
            (
                "CustomerLocation",
                json!({"LocationContact": {"Phone1": {"value": "5".repeat(50)}}, "LocationName": {"value": "5".repeat(61)}}),
                Some(("LocationName", 61, 60)),
            ),
            (
                "Customer",
                json!({"Attributes": [{"AttributeID": {"value": "5".repeat(11)}, "Value": {"value": "5".repeat(300)}}]}),
                Some(("Attributes[0]/AttributeID", 11, 10)),
            ),
            ("Customer", json!({"PriceClassID": {"value": "5".repeat(11)}}), Some(("PriceClassID", 11, 10))),
            ("SalesOrder", json!({"ShipVia": {"value": "é".repeat(15)}}), None),
        ] {
            let found = too_long(entity, &body);
            let found = found.as_ref().map(|found| (found.path.as_str(), found.length, found.limit));
            assert_eq!(found, expected, "{body}");
        }
    }
}
