//! Where in a document a refusal stands, in the words of people who look at an order: which item, which payment, which tax, of which order.

use acumatica::Put;
use acumatica::error::FieldError;
use serde_json::Value;

/// What was refused, such as ``UOM `BOX` of item `MUG` of order 000000012``. The value of a field is said only where `named` lets it be; where
/// the answer does not repeat it, it is the one that was sent in its place.
pub(super) fn subject(field: &FieldError, put: Option<&Put>, named: impl Fn(&str) -> bool) -> String {
    let name = field.path.rsplit('/').next().unwrap_or_default();
    let sent = || put.and_then(|put| value_at(&put.body, &field.path).or_else(|| only(&put.body, &field.path)));
    // `<NEW>` stands in the place of a number that is yet to be given.
    let value = field.value.clone().or_else(sent).filter(|value| named(name) && !value.starts_with('<'));
    let row = put.and_then(|put| row(put, &field.path, value.as_deref()));
    let of_row = |row: String| {
        // An error of a whole row, or of the field that the row is called by.
        let is_its_name = matches!(name, "AttributeID" | "InventoryID" | "TaxID") || name.ends_with(']');
        if is_its_name { row } else { format!("{}{} of {row}", shown(name), quoted(value.as_deref())) }
    };
    let what = row.map_or_else(|| format!("{}{}", shown(&field.path), quoted(value.as_deref())), of_row);
    match put.and_then(order) {
        Some(number) => format!("{what} of order {number}"),
        None => what,
    }
}

/// A field or a path; the document as a whole has none.
fn shown(path: &str) -> &str {
    if path.is_empty() { "the document" } else { path }
}

fn quoted(value: Option<&str>) -> String {
    value.map(|value| format!(" `{value}`")).unwrap_or_default()
}

/// The row of a list that a path such as `Details[2]/UOM` leads into, by what people call it.
fn row(put: &Put, path: &str, refused: Option<&str>) -> Option<String> {
    let part = path.split('/').find(|part| part.ends_with(']'))?;
    let (list, at) = part.strip_suffix(']')?.split_once('[')?;
    let rows = put.body.get(list)?.as_array()?;
    let (at, field) = (at.parse::<usize>().ok()?, |row: &Value, name: &str| value_at(row, name));
    let row = rows.get(at)?;
    match list {
        "Details" => {
            let item = field(row, "InventoryID").or_else(|| refused.map(str::to_owned))?;
            let repeated = rows.iter().filter(|other| field(other, "InventoryID").as_ref() == Some(&item)).count() > 1;
            let line = if repeated { format!(" in line {}", at + 1) } else { String::new() };
            Some(format!("item `{item}`{line}"))
        }
        "Payments" => {
            let (method, account) = (field(row, "PaymentMethod")?, field(row, "CashAccount"));
            let to = account.map(|account| format!(" to cash account `{account}`")).unwrap_or_default();
            Some(format!("the payment by `{method}`{to}"))
        }
        "TaxDetails" => field(row, "TaxID").map(|tax| format!("tax `{tax}`")),
        "Attributes" => field(row, "AttributeID").map(|attribute| format!("attribute `{attribute}`")),
        _ => None,
    }
}

/// Magento's number of the order that a write is about: behind the link in our reference.
fn order(put: &Put) -> Option<String> {
    let reference = value_at(&put.body, "ExternalRef")?;
    reference.split_once('-').map(|(_, number)| number.to_owned())
}

/// What stands at a path such as `Details[0]/InventoryID`.
fn value_at(body: &Value, path: &str) -> Option<String> {
    let pointer = format!("/{}/value", path.replace('[', "/").replace(']', ""));
    match body.pointer(&pointer)? {
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// The only value that was sent of a field whose place is not told; none where there are several.
fn only(body: &Value, name: &str) -> Option<String> {
    let mut values = Vec::new();
    collect(body, name, &mut values);
    values.dedup();
    if values.len() == 1 { values.pop() } else { None }
}

fn collect(body: &Value, name: &str, values: &mut Vec<String>) {
    match body {
        Value::Object(fields) => {
            values.extend(value_at(body, name).filter(|_| fields.contains_key(name)));
            fields.values().for_each(|inner| collect(inner, name, values));
        }
        Value::Array(rows) => rows.iter().for_each(|row| collect(row, name, values)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn people_are_told_which_item_payment_or_tax_is_meant() {
        let body = json!({
            "ExternalRef": {"value": "abcd2345-000000012"},
            "ShipVia": {"value": "UPS"},
            "Details": [
                {"InventoryID": {"value": "MUG"}, "UOM": {"value": "BOX"}},
                {"InventoryID": {"value": "SHIRT"}},
                {"InventoryID": {"value": "MUG"}},
            ],
            "Payments": [{"PaymentMethod": {"value": "WEBCARD"}, "CashAccount": {"value": "10200"}}],
            "TaxDetails": [{"TaxID": {"value": "CASTATE"}}],
            "Attributes": [{"AttributeID": {"value": "LOYALTY"}, "Value": {"value": "gold"}}],
            "ShipToAddress": {"PostalCode": {"value": "48104"}},
        });
        let put = Put { entity: "SalesOrder", query: Vec::new(), headers: Vec::new(), body };
        for (path, expected) in [
            ("ShipVia", "ShipVia `UPS`"),
            ("Details[1]/InventoryID", "item `SHIRT`"),
            ("Details[1]", "item `SHIRT`"),
            ("Details[2]/InventoryID", "item `MUG` in line 3"),
            ("Details[0]/UOM", "UOM `BOX` of item `MUG` in line 1"),
            ("Details[1]/OrderQty", "OrderQty of item `SHIRT`"),
            ("Payments[0]", "the payment by `WEBCARD` to cash account `10200`"),
            ("Payments[0]/PaymentRef", "PaymentRef of the payment by `WEBCARD` to cash account `10200`"),
            ("TaxDetails[0]/TaxID", "tax `CASTATE`"),
            ("Attributes[0]/AttributeID", "attribute `LOYALTY`"),
            ("Attributes[0]/Value", "Value of attribute `LOYALTY`"),
            ("TaxDetails[0]/TaxAmount", "TaxAmount of tax `CASTATE`"),
            ("ShipToAddress/PostalCode", "ShipToAddress/PostalCode"),
            ("Details[7]/InventoryID", "Details[7]/InventoryID"),
            ("UOM", "UOM `BOX`"),
            ("InventoryID", "InventoryID"),
            ("", "the document"),
        ] {
            let field =
                FieldError { path: path.to_owned(), message: String::new(), value: None, is_field: !path.is_empty() };
            let named = |name: &str| matches!(name, "ShipVia" | "UOM");
            assert_eq!(subject(&field, Some(&put), named), format!("{expected} of order 000000012"), "{path}");
            let alone = if path.is_empty() { "the document" } else { path };
            assert_eq!(subject(&field, None, named), alone, "{path}");
        }
    }
}
