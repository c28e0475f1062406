//! A platform's failure as the end of a turn: the class decides, the code and the sentence are passed on.

mod person;
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
use person::{NAMED, concealed, everybody, is_about_somebody, people, says_little, without_person};

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
    // Where Magento names fields, people look for those first; what it says of them is often no more than that they are wrong.
    let fields: Vec<String> = error.fields.iter().map(|field| format!("`{field}`")).collect();
    let refused = if fields.is_empty() { String::new() } else { format!(", because of {}", fields.join(", ")) };
    let said = sentence("Magento", &format!("{}{refused}", error.attempted), quote, error.code);
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
    if (says_little(put) || put.is_some_and(|put| people(put).is_empty())) && is_about_somebody(put, &field.path) {
        // About somebody of whom nothing was sent, so that their values could not be found in what the ERP says of them.
        return format!("Acumatica refused {what}. {}", crate::codes::fix(error.code));
    }
    let quoted = without_person(&seams::quote::quote(&field.message), put);
    format!("Acumatica refused {what}: {quoted}")
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
mod tests;
