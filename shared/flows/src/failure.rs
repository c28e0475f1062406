//! A platform's failure as the end of a turn: the class decides, the code and the sentence are passed on.

mod place;

use std::time::Duration;

use acumatica::Put;
use acumatica::error::Applied;
use acumatica::error::table::OTHER;
use jiff::Timestamp;
use seams::Class;
use serde_json::Value;

use crate::plan::{Finding, Write};
use crate::turn::{End, look_again};

/// How soon to try again when the other side asks for fewer requests and does not say when.
const THROTTLED_SECONDS: u32 = 30;
/// How soon to try again when a read had no answer: most often a connection broke, and the next one is sound.
const BLIP_SECONDS: u32 = 5;
/// Reads without an answer, which are over in a moment or a sign of an outage.
const BLIPS: [&str; 3] = [".not_ready.interrupted", ".not_ready.time_out", ".not_ready.gateway"];

/// What a platform answered instead of doing what it was asked for.
#[derive(Debug)]
pub enum Refusal {
    /// The ERP.
    Acumatica(acumatica::Error),
    /// The shop.
    Magento(magento::Error),
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Acumatica(error) => error.code,
            Refusal::Magento(error) => error.code,
        }
    }
}

impl From<acumatica::Error> for Refusal {
    fn from(error: acumatica::Error) -> Self {
        Refusal::Acumatica(error)
    }
}

impl From<magento::Error> for Refusal {
    fn from(error: magento::Error) -> Self {
        Refusal::Magento(error)
    }
}

/// What both platforms' errors say.
struct Failure {
    class: Class,
    finding: Finding,
    retry_after: Option<Duration>,
    /// The attempt that the failure proves to have changed nothing.
    disprove: Option<String>,
}

/// The end of a turn that could not read from Magento.
#[must_use]
pub fn of_magento(error: &magento::Error, now: Timestamp, since: Option<Timestamp>) -> End {
    end(magentos(error, None, None), now, since)
}

/// The end of a turn that could not read.
#[must_use]
pub fn of_read(error: &Refusal, now: Timestamp, since: Option<Timestamp>) -> End {
    match error {
        Refusal::Acumatica(error) => of_acumatica(error, now, since),
        Refusal::Magento(error) => of_magento(error, now, since),
    }
}

/// The end of a turn that could not read from Acumatica.
#[must_use]
pub fn of_acumatica(error: &acumatica::Error, now: Timestamp, since: Option<Timestamp>) -> End {
    end(acumaticas(error, None, None), now, since)
}

/// The end of a turn whose write failed. Where the failure proves that nothing was written, the attempt is disproved.
#[must_use]
pub fn of_write(error: &Refusal, attempt: &str, write: &Write, now: Timestamp, since: Option<Timestamp>) -> End {
    let failure = match error {
        Refusal::Acumatica(error) => {
            let put = if let Write::Acumatica(put) = write { Some(put) } else { None };
            acumaticas(error, put, Some(attempt))
        }
        Refusal::Magento(error) => {
            let sent = if let Write::Magento(write) = write { Some(&write.body) } else { None };
            magentos(error, sent, Some(attempt))
        }
    };
    end(failure, now, since)
}

fn magentos(error: &magento::Error, sent: Option<&Value>, attempt: Option<&str>) -> Failure {
    // What Magento says of a person in words of its own may be anything that it has of them, not only what was sent.
    let is_unknown = error.class != Class::Rejected || error.code == magento::error::table::OTHER;
    let quote = if is_unknown && error.attempted.contains("customer") { "" } else { &error.quote };
    let said = sentence("Magento", &error.attempted, quote, error.code);
    let message = concealed(&said, sent.map(everybody).unwrap_or_default());
    let disprove = attempt.filter(|_| error.class != Class::Ambiguous).map(str::to_owned);
    let finding = Finding::new(error.code, message);
    Failure { class: error.class, finding, retry_after: error.retry_after, disprove }
}

fn acumaticas(error: &acumatica::Error, put: Option<&Put>, attempt: Option<&str>) -> Failure {
    let finding = Finding::new(error.code, refusal(error, put));
    let disprove = attempt.filter(|_| error.applied == Applied::No).map(str::to_owned);
    Failure { class: error.class, finding, retry_after: error.retry_after, disprove }
}

fn end(failure: Failure, now: Timestamp, since: Option<Timestamp>) -> End {
    let Failure { class, finding, retry_after, disprove } = failure;
    let seconds = retry_after.map(|wait| u32::try_from(wait.as_secs()).unwrap_or(u32::MAX));
    match class {
        Class::Transient => End::Returned { finding, counted: true, after: None, disprove },
        Class::Throttled => End::Throttled { finding, after: seconds.unwrap_or(THROTTLED_SECONDS), disprove },
        Class::NotReady if BLIPS.iter().any(|blip| finding.code.ends_with(blip)) => {
            End::Throttled { finding, after: seconds.unwrap_or(BLIP_SECONDS), disprove }
        }
        Class::NotReady | Class::Ambiguous => End::Waiting { finding, due: look_again(now, since), disprove },
        Class::Rejected | Class::Bug => End::Parked { finding, disprove },
    }
}

/// Fields whose values are configuration or numbers of documents, never a person's: only these are repeated to staff and kept in the log.
const NAMED: [&str; 30] = [
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
    "OrderNbr",
    "OrderType",
    "PaymentMethod",
    "POSource",
    "PostPeriod",
    "PreferredWarehouseID",
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

/// A look-up of this is about a person of whom nothing was sent but the e-mail, so that nothing else could be hidden in what is said of them.
const CUSTOMER: &str = " Customer";
const UNSAID: &str =
    "Acumatica's words are left out, because they may name the shopper: try the same search in Acumatica.";

/// The refusal in words: the offending value first, then what the ERP says. Where the answer does not repeat the value, it is the one
/// that was sent in its place.
fn refusal(error: &acumatica::Error, put: Option<&Put>) -> String {
    let Some(field) = error.fields.first() else {
        if says_little(put) && error.code == OTHER && error.attempted.contains(CUSTOMER) {
            return format!("Could not {}. {UNSAID}", error.attempted);
        }
        return without_person(&sentence("Acumatica", &error.attempted, &error.quote, error.code), put);
    };
    let what = place::subject(field, put, |name| NAMED.contains(&name));
    if (says_little(put) || put.is_some_and(|put| people(put).is_empty())) && field.path.split('/').any(is_personal) {
        // About somebody of whom nothing was sent, so that their values could not be found in what the ERP says of them.
        return format!("Acumatica refused {what}. {}", crate::codes::fix(error.code));
    }
    let quoted = without_person(&seams::quote::quote(&field.message), put);
    format!("Acumatica refused {what}: {quoted}")
}

/// Whether a request says nothing of a person, or only what has changed: what the ERP says of them could then not be found in it.
fn says_little(put: Option<&Put>) -> bool {
    put.is_none_or(|put| put.body.get("CustomerID").is_some() && put.entity == "Customer" || put.entity == LOCATION)
}

/// An entity below a customer, of which no request says who that is.
const LOCATION: &str = "CustomerLocation";

/// The parts of a document that say who somebody is or where they live.
fn is_personal(name: &str) -> bool {
    name.ends_with("Address")
        || name.ends_with("Contact")
        || matches!(name, "CustomerName" | "GiftMessage" | "TaxRegistrationID" | "note")
}

/// The platform's words without what was sent about a person, in whichever case they are repeated: they are kept, and people's data is not.
fn without_person(text: &str, put: Option<&Put>) -> String {
    concealed(text, put.map(people).unwrap_or_default())
}

fn concealed(text: &str, mut texts: Vec<&str>) -> String {
    // The longest first, so that a street is hidden before the city within it.
    texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
    texts.into_iter().fold(text.to_owned(), |text, personal| seams::quote::conceal(&text, personal))
}

/// Whatever a request to the shop says: what the executor writes there is about people.
fn everybody(sent: &Value) -> Vec<&str> {
    let mut texts = Vec::new();
    personal(sent, true, &mut texts);
    texts
}

/// What a request says about people.
fn people(put: &Put) -> Vec<&str> {
    let mut texts = Vec::new();
    personal(&put.body, false, &mut texts);
    texts
}

/// Every text of three characters or more in the parts of a body that say who somebody is or where they live.
fn personal<'a>(body: &'a Value, inside: bool, texts: &mut Vec<&'a str>) {
    match body {
        Value::String(text) if inside && text.trim().chars().count() >= 3 => texts.push(text.trim()),
        Value::Array(rows) => rows.iter().for_each(|row| personal(row, inside, texts)),
        Value::Object(fields) => {
            for (name, value) in fields {
                personal(value, inside || is_personal(name), texts);
            }
        }
        _ => {}
    }
}

fn sentence(platform: &str, attempted: &str, quote: &str, code: &str) -> String {
    let what = crate::codes::fix(code);
    if quote.is_empty() {
        format!("Could not {attempted}. {what}")
    } else {
        format!("Could not {attempted}. {platform} says: {quote}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nobody_is_named_in_what_is_kept() {
        let body = json!({
            "ShipVia": {"value": "UPS"},
            "ShipToAddress": {"AddressLine1": {"value": "1 Secret Street, Springfield"}, "City": {"value": "Springfield"}, "State": {"value": "MI"}},
            "BillToContact": {"Email": {"value": "ada@example.com"}, "Attention": {"value": "Ada Byron"}},
            "Details": [{"InventoryID": {"value": "SHIRT"}, "note": {"value": "For Ada"}, "GiftMessage": {"value": "From: Grace"}}],
            "TaxRegistrationID": {"value": "FR12345678901"},
        });
        let put = Put { entity: "SalesOrder", query: Vec::new(), headers: Vec::new(), body };
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
}
