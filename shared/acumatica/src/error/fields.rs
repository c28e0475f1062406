//! Field errors: finding them in a refused record, at any depth, and what each of them means.
//!
//! Texts are those of `PX.Objects` (Messages of AR, CS, IN, SO) and of recorded answers. A path decides before a text, and a text only
//! where it stands here word for word; everything else stays [`FIELD`](super::table::FIELD) or
//! [`OTHER`](super::table::OTHER) with Acumatica's own words quoted.

use seams::quote::quote;
use serde_json::{Map, Value};

/// One refused field or record inside a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where in the document, such as `Details[0]/InventoryID`; empty for the document itself.
    pub path: String,
    /// Acumatica's sentence without its `Error: `, shortened, addresses hidden.
    pub message: String,
    /// The value at fault, where the answer repeats it.
    pub value: Option<String>,
    /// Whether a single field is at fault, and not a whole record.
    pub is_field: bool,
}

/// More errors than this do not help anybody; a broken import can mark every line of a long order.
const MOST: usize = 100;

/// Walks a refused record. The sentence that only says that there are errors is left out if there are others.
#[must_use]
pub fn walk(record: &Value) -> Vec<FieldError> {
    let mut found = Vec::new();
    visit(record, String::new(), &mut found);
    if found.iter().any(|error| !is_umbrella(&error.message)) {
        found.retain(|error| !is_umbrella(&error.message));
    }
    found.truncate(MOST);
    found
}

fn visit(value: &Value, path: String, found: &mut Vec<FieldError>) {
    match value {
        Value::Object(object) => {
            if let Some(message) = object.get("error").and_then(Value::as_str).filter(|text| !text.trim().is_empty()) {
                found.push(FieldError {
                    path: path.clone(),
                    message: sentence(message),
                    value: object.get("value").and_then(plain),
                    is_field: !path.is_empty() && is_wrapper(object),
                });
            }
            for (name, inner) in object {
                let inner_path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
                visit(inner, inner_path, found);
            }
        }
        Value::Array(list) => {
            for (at, inner) in list.iter().enumerate() {
                visit(inner, format!("{path}[{at}]"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// `{"value", "error"}` around a field, and not a record with fields of its own.
fn is_wrapper(object: &Map<String, Value>) -> bool {
    object.keys().all(|key| matches!(key.as_str(), "value" | "error" | "type" | "translations"))
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(quote(text)),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A message as it is shown: without the prefix that Acumatica puts before field errors.
pub(crate) fn sentence(message: &str) -> String {
    let trimmed = message.trim();
    quote(trimmed.strip_prefix("Error: ").unwrap_or(trimmed))
}

/// `{Inserting|Updating|Deleted}  '{record}' record raised at least one error. …` says nothing by itself.
pub(crate) fn is_umbrella(message: &str) -> bool {
    message.contains("record raised at least one error")
}

/// Missing records, by the field that refers to them.
const REFERENCES: &[(&str, &str)] = &[
    ("InventoryID", "acumatica.rejected.item_not_found"),
    ("CustomerID", "acumatica.rejected.customer_not_found"),
    ("ShipVia", "acumatica.rejected.ship_via_not_found"),
    ("PaymentMethod", "acumatica.rejected.payment_method_not_found"),
    ("CashAccount", "acumatica.rejected.cash_account_not_found"),
    ("CustomerTaxZone", "acumatica.rejected.tax_zone_not_found"),
    ("TaxZone", "acumatica.rejected.tax_zone_not_found"),
    ("TaxID", "acumatica.rejected.tax_not_found"),
    ("Terms", "acumatica.rejected.terms_not_found"),
    ("WarehouseID", "acumatica.rejected.warehouse_not_found"),
    ("PreferredWarehouseID", "acumatica.rejected.warehouse_not_found"),
    ("Branch", "acumatica.rejected.branch_not_found"),
];

/// The same where an error object names no path, by the display name that starts the sentence.
const DISPLAY_NAMES: &[(&str, &str)] = &[
    ("Customer", "acumatica.rejected.customer_not_found"),
    ("Ship Via", "acumatica.rejected.ship_via_not_found"),
    ("Payment Method", "acumatica.rejected.payment_method_not_found"),
    ("Warehouse", "acumatica.rejected.warehouse_not_found"),
];

/// Fields that can be wrong in one way only.
const BY_PATH: &[(&str, &str)] =
    &[("ControlTotal", "acumatica.rejected.control_total"), ("PostPeriod", "acumatica.rejected.period_closed")];

/// Sentences that mean the same wherever they stand.
const BY_TEXT: &[(&str, &str)] = &[
    ("The specified inventory ID or alternate ID", "acumatica.rejected.item_not_found"),
    ("The inventory item is", "acumatica.rejected.item_inactive"),
    ("The customer status is 'Credit Hold'", "acumatica.rejected.customer_on_hold"),
    ("The customer status is 'On Hold'", "acumatica.rejected.customer_on_hold"),
    ("The customer status is 'Inactive'", "acumatica.rejected.customer_inactive"),
    ("The customer's credit limit has been exceeded.", "acumatica.rejected.credit_limit"),
    ("The customer's Days Past Due number of days has been exceeded!", "acumatica.rejected.credit_limit"),
    ("Document status is 'On Credit Hold'.", "acumatica.rejected.credit_limit"),
    ("Cannot generate the next number", "acumatica.rejected.numbering"),
    ("Numbering ID is null.", "acumatica.rejected.numbering"),
    ("The same customer order number is used in the", "acumatica.rejected.duplicate_customer_order"),
    ("Order Type is inactive.", "acumatica.rejected.order_type_inactive"),
    (
        "The payment amount should be less than or equal to the order unpaid amount",
        "acumatica.rejected.payment_exceeds_order",
    ),
    ("The applied amount cannot exceed the unbilled balance.", "acumatica.rejected.payment_exceeds_order"),
    ("financial period is inactive", "acumatica.rejected.period_closed"),
    ("The required configuration data is not entered on the", "acumatica.rejected.setup"),
];

/// What one error means, if it means something particular. `path` is empty where the answer named none.
#[must_use]
pub(crate) fn code_of(path: &str, message: &str) -> Option<&'static str> {
    let field = if path.is_empty() { named_field(message) } else { path.rsplit('/').next().unwrap_or_default() };
    if let Some((_, code)) = BY_PATH.iter().find(|(name, _)| *name == field) {
        return Some(code);
    }
    let missing = message.contains("cannot be found in the system");
    if missing && let Some((_, code)) = REFERENCES.iter().find(|(name, _)| *name == field) {
        return Some(code);
    }
    if let Some((_, code)) = BY_TEXT.iter().find(|(text, _)| message.contains(text)) {
        return Some(code);
    }
    if missing && let Some((_, code)) = DISPLAY_NAMES.iter().find(|(name, _)| names(message, name)) {
        return Some(code);
    }
    None
}

/// `An error occurred during processing of the field {0} value {1} …`: the name, where the sentence gives one.
fn named_field(message: &str) -> &str {
    let named = message.strip_prefix("An error occurred during processing of the field ");
    named.and_then(|rest| rest.split_once(" value ")).map_or("", |(field, _)| field)
}

/// `'Ship Via' cannot be found …` or, with the value, `Ship Via 'UPS' cannot be found …`.
fn names(message: &str, display_name: &str) -> bool {
    let rest = message.strip_prefix('\'').unwrap_or(message);
    rest.strip_prefix(display_name).is_some_and(|rest| rest.starts_with('\'') || rest.starts_with(" '"))
}
