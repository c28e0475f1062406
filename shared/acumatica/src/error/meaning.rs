//! What a refusal means: by the field it stands at, and by a text only where it stands here word for word.
//!
//! Texts are those of `PX.Objects` (Messages of AR, CS, IN, SO) and of recorded answers. What a field's own rules do not explain is told by
//! the part of the document it stands in; everything else stays [`FIELD`](super::table::FIELD) or [`OTHER`](super::table::OTHER).

/// Missing records, by the field that refers to them.
const REFERENCES: &[(&str, &str)] = &[
    ("InventoryID", "acumatica.rejected.item_not_found"),
    ("CustomerID", "acumatica.rejected.customer_not_found"),
    ("CustomerClass", "acumatica.rejected.customer_class_not_found"),
    ("PriceClassID", "acumatica.rejected.price_class_not_found"),
    ("PriceClass", "acumatica.rejected.price_class_not_found"),
    ("AttributeID", "acumatica.rejected.attribute_not_found"),
    ("OrderType", "acumatica.rejected.order_type_not_found"),
    ("ShipVia", "acumatica.rejected.ship_via_not_found"),
    ("ShippingTerms", "acumatica.rejected.shipping_terms_not_found"),
    ("PaymentMethod", "acumatica.rejected.payment_method_not_found"),
    ("CashAccount", "acumatica.rejected.cash_account_not_found"),
    ("ProcessingCenterID", "acumatica.rejected.processing_center_not_found"),
    ("CustomerTaxZone", "acumatica.rejected.tax_zone_not_found"),
    ("TaxZone", "acumatica.rejected.tax_zone_not_found"),
    ("TaxID", "acumatica.rejected.tax_not_found"),
    ("TaxCategory", "acumatica.rejected.tax_category_not_found"),
    ("FreightTaxCategory", "acumatica.rejected.tax_category_not_found"),
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
const BY_FIELD: &[(&str, &str)] = &[
    ("ControlTotal", "acumatica.rejected.control_total"),
    ("Currency", "acumatica.rejected.currency"),
    ("CurrencyID", "acumatica.rejected.currency"),
    ("POSource", "acumatica.rejected.drop_ship"),
    ("PostPeriod", "acumatica.rejected.period_closed"),
    ("UOM", "acumatica.rejected.uom"),
    ("VendorID", "acumatica.rejected.drop_ship"),
];

/// Names without which no customer and no contact is saved.
const NAMES: [&str; 2] = ["CustomerName", "LastName"];

/// Sentences that mean the same wherever they stand.
const BY_TEXT: &[(&str, &str)] = &[
    ("The specified inventory ID or alternate ID", "acumatica.rejected.item_not_found"),
    ("The inventory item is a template item.", "acumatica.rejected.item_not_usable"),
    ("The inventory item is not a stock item.", "acumatica.rejected.item_not_usable"),
    ("The inventory item is", "acumatica.rejected.item_inactive"),
    ("Unit conversion", "acumatica.rejected.uom"),
    ("The customer status is 'Credit Hold'", "acumatica.rejected.customer_on_hold"),
    ("The customer status is 'On Hold'", "acumatica.rejected.customer_on_hold"),
    ("The customer status is 'Inactive'", "acumatica.rejected.customer_inactive"),
    ("The customer's credit limit has been exceeded.", "acumatica.rejected.credit_limit"),
    ("The customer's Days Past Due number of days has been exceeded!", "acumatica.rejected.credit_limit"),
    ("Document status is 'On Credit Hold'.", "acumatica.rejected.credit_limit"),
    ("Cannot generate the next number", "acumatica.rejected.numbering"),
    ("Numbering ID is null.", "acumatica.rejected.numbering"),
    ("The same customer order number is used in the", "acumatica.rejected.duplicate_customer_order"),
    ("The customer order number cannot be empty.", "acumatica.rejected.customer_order_required"),
    ("Order Type is inactive.", "acumatica.rejected.order_type_inactive"),
    (
        "The ship via code selected in the sales order is not applicable to the warehouses",
        "acumatica.rejected.ship_via_not_applicable",
    ),
    (
        "The payment amount should be less than or equal to the order unpaid amount",
        "acumatica.rejected.payment_exceeds_order",
    ),
    ("The applied amount cannot exceed the unbilled balance.", "acumatica.rejected.payment_exceeds_order"),
    ("financial period is inactive", "acumatica.rejected.period_closed"),
    ("The required configuration data is not entered on the", "acumatica.rejected.setup"),
];

/// Whether a segment of a path is the part that is meant.
type Is = fn(&str) -> bool;

/// Parts of a document whose refusals have one address, whatever the sentence: the fix is looked for there.
const BY_PART: &[(Is, &str)] = &[
    (|part| part == "InventoryID", "acumatica.rejected.item_not_usable"),
    (|part| part == "CustomerClass", "acumatica.rejected.customer_class_not_usable"),
    (|part| part.starts_with("Attributes[") || part == "AttributeID", "acumatica.rejected.attribute_value"),
    (|part| part.starts_with("TaxDetails[") || part == "TaxID", "acumatica.rejected.tax_not_applicable"),
    (|part| part.starts_with("Payments["), "acumatica.rejected.payment"),
    (|part| part.ends_with("Address") || part.ends_with("Contact"), "acumatica.rejected.address"),
    // Where an error object lists fields without their place.
    (|part| matches!(part, "Country" | "State" | "PostalCode"), "acumatica.rejected.address"),
    (|part| matches!(part, "AppliedToOrder" | "PaymentAmount" | "PaymentRef"), "acumatica.rejected.payment"),
];

/// The contacts of an order, whose e-mails are the order's own: they are mended where its addresses are.
const OF_AN_ORDER: [&str; 2] = ["ShipToContact", "BillToContact"];

/// What one error means, if it means something particular. `path` is empty where the answer named none.
#[must_use]
pub(super) fn code_of(path: &str, message: &str) -> Option<&'static str> {
    let field = if path.is_empty() { named_field(message) } else { path.rsplit('/').next().unwrap_or_default() };
    if let Some((_, code)) = BY_FIELD.iter().find(|(name, _)| *name == field) {
        return Some(code);
    }
    if NAMES.contains(&field) && message.contains("cannot be empty") {
        return Some("acumatica.rejected.name_missing");
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

/// What an error means by the part of the document that it stands in alone.
#[must_use]
pub(super) fn code_of_part(path: &str) -> Option<&'static str> {
    if path.rsplit('/').next() == Some("Email") && !path.split('/').any(|part| OF_AN_ORDER.contains(&part)) {
        return Some("acumatica.rejected.email");
    }
    let of = |part: &str| BY_PART.iter().find(|(is_it, _)| is_it(part)).map(|(_, code)| *code);
    path.split('/').find_map(of)
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
