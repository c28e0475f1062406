//! What in a request, and in what a platform says of it, is about a person: it is kept nowhere.

use acumatica::Put;
use serde_json::Value;

/// Fields whose values are configuration or numbers of documents, never a person's: only these are repeated to staff and kept in the log.
pub(super) const NAMED: [&str; 34] = [
    "AttributeID",
    "Branch",
    "CashAccount",
    "ControlTotal",
    "Currency",
    "CurrencyID",
    "CustomerClass",
    "CustomerID",
    "CustomerOrder",
    "CustomerTaxZone",
    "DocType",
    "ExternalRef",
    "FreightTaxCategory",
    "InventoryID",
    "LocationID",
    "OrderNbr",
    "OrderType",
    "PaymentMethod",
    "POSource",
    "PostPeriod",
    "PreferredWarehouseID",
    "PriceClass",
    "PriceClassID",
    "ProcessingCenterID",
    "ShipVia",
    "ShippingTerms",
    "ShippingZone",
    "TaxCategory",
    "TaxID",
    "TaxZone",
    "Terms",
    "UOM",
    "VendorID",
    "WarehouseID",
];

/// Magento's name of an attribute: configuration, too.
const ATTRIBUTE: &str = "attribute_code";

fn is_configuration(name: &str) -> bool {
    NAMED.contains(&name) || name == ATTRIBUTE
}

/// Whether a request says nothing of a person, or only what has changed: what the ERP says of them could then not be found in it.
pub(super) fn says_little(put: Option<&Put>) -> bool {
    put.is_none_or(|put| match put.entity {
        "Customer" => put.body.get("CustomerID").is_some(),
        CONTACT => put.body.get("ContactID").is_some(),
        entity => entity == LOCATION,
    })
}

/// An entity below a customer, of which no request says who that is.
const LOCATION: &str = "CustomerLocation";
/// A person of a company, who is all that the document says.
const CONTACT: &str = "Contact";
/// What a contact says that is no person's: numbers and configuration.
const OF_CONTACTS: [&str; 4] = ["Active", "BusinessAccount", "ContactClass", "ContactID"];

/// The parts of a document that say who somebody is or where they live. Attributes may be anything: a birthday, a number of a card.
fn is_personal(name: &str) -> bool {
    name.ends_with("Address")
        || name.ends_with("Contact")
        || matches!(
            name,
            "AccountRef"
                | "Attributes"
                | "CustomerName"
                | "GiftMessage"
                | "LocationName"
                | "TaxExemptionNumber"
                | "TaxRegistrationID"
                | "note"
        )
}

/// Whether a field is of a person, by its path: which attribute it is that was refused is not.
pub(super) fn is_about_somebody(put: Option<&Put>, path: &str) -> bool {
    let mut names = path.split('/').map(|part| part.split('[').next().unwrap_or_default());
    let last = names.clone().next_back().unwrap_or_default();
    let of_contact = put.is_some_and(|put| put.entity == CONTACT) && !OF_CONTACTS.contains(&last);
    !is_configuration(last) && (of_contact && !path.is_empty() || names.any(is_personal))
}

/// The platform's words without what was sent about a person, in whichever case they are repeated: they are kept, and people's data is not.
pub(super) fn without_person(text: &str, put: Option<&Put>) -> String {
    concealed(text, put.map(people).unwrap_or_default())
}

/// The text without any of `texts`.
pub(super) fn concealed(text: &str, mut texts: Vec<&str>) -> String {
    // The longest first, so that a street is hidden before the city within it.
    texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
    texts.into_iter().fold(text.to_owned(), |text, personal| seams::quote::conceal(&text, personal))
}

/// Whatever a request to the shop says: what the executor writes there is about people.
pub(super) fn everybody(sent: &Value) -> Vec<&str> {
    let mut texts = Vec::new();
    personal(sent, true, &mut texts);
    texts
}

/// What a request says about people.
pub(super) fn people(put: &Put) -> Vec<&str> {
    let mut texts = Vec::new();
    let members = put.body.as_object().into_iter().flatten();
    for (name, value) in members.filter(|(name, _)| !is_configuration(name)) {
        let of_contact = put.entity == CONTACT && !OF_CONTACTS.contains(&name.as_str());
        personal(value, of_contact || is_personal(name), &mut texts);
    }
    texts
}

/// Every text of three characters or more in the parts of a body that say who somebody is or where they live.
fn personal<'a>(body: &'a Value, inside: bool, texts: &mut Vec<&'a str>) {
    match body {
        Value::String(text) if inside && text.trim().chars().count() >= 3 => texts.push(text.trim()),
        Value::Array(rows) => rows.iter().for_each(|row| personal(row, inside, texts)),
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(name, _)| !is_configuration(name)) {
                personal(value, inside || is_personal(name), texts);
            }
        }
        _ => {}
    }
}
